/* The launchers of the installed program: they load the Python runtime beside them and run one module of it.

   Built twice: SafeSeat.exe (tray: MODULE L"ui", a window program, in the program folder) and bin\safeseat.exe (console:
   MODULE L"app", FOLDERS_UP 1). Nothing is unpacked, no environment variable and no current folder takes part: the
   runtime's own ._pth file names every import path. DLLs come from the runtime's folder and from Windows only. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>
#include <windows.h>

#ifndef FOLDERS_UP
#define FOLDERS_UP 0
#endif
#define LONGEST 32768

typedef int (*py_main)(int, wchar_t **);

static int fail(const wchar_t *what, const wchar_t *path) {
  fwprintf(stderr, L"%ls: %ls\n", what, path);
#ifdef WINDOW
  MessageBoxW(NULL, path, what, MB_ICONERROR | MB_SETFOREGROUND);
#endif
  return 3;
}

static int start(int count, wchar_t **arguments) {
  static wchar_t program[LONGEST], library[LONGEST + 64];
  DWORD length = GetModuleFileNameW(NULL, program, LONGEST);
  if (length == 0 || length >= LONGEST) return fail(L"SafeSeat cannot find itself", L"");
  wcscpy(library, program);
  for (int up = 0; up <= FOLDERS_UP; up++) {
    wchar_t *end = wcsrchr(library, L'\\');
    if (end == NULL) return fail(L"SafeSeat cannot find its folder", program);
    *end = 0;
  }
  wcscat(library, L"\\runtime");
  SetDllDirectoryW(L"");
  AddDllDirectory(library); /* extension modules look for python3.dll, which is not in this program's own folder */
  wcscat(library, L"\\" PYTHON_DLL);
  HMODULE runtime = LoadLibraryExW(library, NULL, LOAD_LIBRARY_SEARCH_DLL_LOAD_DIR | LOAD_LIBRARY_SEARCH_SYSTEM32);
  if (runtime == NULL) return fail(L"SafeSeat cannot load its runtime", library);
  py_main run = (py_main)(void *)GetProcAddress(runtime, "Py_Main");
  if (run == NULL) return fail(L"SafeSeat's runtime is not Python", library);
  static wchar_t *fixed[] = {program, L"-I", L"-B", L"-X", L"utf8", L"-m", MODULE};
  int n = sizeof fixed / sizeof *fixed;
  wchar_t **all = calloc((size_t)(count + n), sizeof *all);
  if (all == NULL) return 3;
  memcpy(all, fixed, sizeof fixed);
  for (int i = 1; i < count; i++) all[n++] = arguments[i];
  return run(n, all);
}

#ifdef WINDOW
int WINAPI wWinMain(HINSTANCE self, HINSTANCE before, LPWSTR line, int show) {
  (void)self, (void)before, (void)line, (void)show;
  return start(__argc, __wargv);
}
#else
int wmain(int count, wchar_t **arguments) { return start(count, arguments); }
#endif
