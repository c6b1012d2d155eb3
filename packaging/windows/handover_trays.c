/* The installer's own library: stops running trays in order before files are replaced, and starts them again after.

   A tray holds the mutex Global\SafeSeat.Tray.<session> until its process ends and waits for the event
   Global\SafeSeat.Stop.<session>. Nothing here fails an installation: a tray that does not stop is Windows' own matter
   (a restart completes the installation then). */
#define WIN32_LEAN_AND_MEAN
#include "handover.h"
#include <stdlib.h>
#include <userenv.h>
#include <wchar.h>
#include <wtsapi32.h>

#define MOST_SESSIONS 256
#define FALLBACK_SESSIONS 16
#define PATIENCE_MS 15000
#define SETTLE_MS 300 /* between the end of a process' threads and the release of its files */
#define LONGEST 2048

static DWORD sessions(DWORD *out) {
  WTS_SESSION_INFOW *found = NULL;
  DWORD count = 0, used = 0;
  if (WTSEnumerateSessionsW(WTS_CURRENT_SERVER_HANDLE, 0, 1, &found, &count)) {
    for (DWORD i = 0; i < count && used < MOST_SESSIONS; i++) out[used++] = found[i].SessionId;
    WTSFreeMemory(found);
  }
  if (used == 0)
    while (used < FALLBACK_SESSIONS) out[used] = used, used++;
  return used;
}

static void named(WCHAR *out, const WCHAR *kind, DWORD session) {
  wcscpy(out, L"Global\\SafeSeat.");
  wcscat(out, kind);
  _ultow(session, out + wcslen(out), 10);
}

static BOOL runs(DWORD session) {
  WCHAR name[64];
  named(name, L"Tray.", session);
  HANDLE mutex = OpenMutexW(SYNCHRONIZE, FALSE, name);
  BOOL there = mutex != NULL || GetLastError() == ERROR_ACCESS_DENIED;
  if (mutex != NULL) CloseHandle(mutex);
  return there;
}

static void ask_to_stop(DWORD session) {
  WCHAR name[64];
  named(name, L"Stop.", session);
  HANDLE event = OpenEventW(EVENT_MODIFY_STATE, FALSE, name);
  if (event == NULL) return;
  SetEvent(event);
  CloseHandle(event);
}

/* Wait until the session's tray has ended, until `end` (milliseconds since the start of Windows) at the latest. */
static BOOL has_ended(DWORD session, ULONGLONG end) {
  WCHAR name[64];
  named(name, L"Tray.", session);
  HANDLE mutex = OpenMutexW(SYNCHRONIZE, FALSE, name);
  if (mutex == NULL) return GetLastError() != ERROR_ACCESS_DENIED;
  ULONGLONG now = GetTickCount64();
  DWORD answer = WaitForSingleObject(mutex, end > now ? (DWORD)(end - now) : 0);
  BOOL ended = answer == WAIT_OBJECT_0 || answer == WAIT_ABANDONED;
  if (ended) ReleaseMutex(mutex);
  CloseHandle(mutex);
  return ended;
}

/* Stop every tray. As an immediate action it also remembers the sessions for StartTrays; it runs once more as the system. */
ENTRY StopTrays(MSIHANDLE install) {
  DWORD all[MOST_SESSIONS], count = sessions(all), running = 0;
  WCHAR list[LONGEST] = L"";
  for (DWORD i = 0; i < count; i++)
    if (runs(all[i]) && wcslen(list) + 16 < LONGEST) {
      all[running++] = all[i];
      ask_to_stop(all[i]);
      _ultow(all[i], list + wcslen(list), 10);
      wcscat(list, L",");
    }
  if (running == 0) return ERROR_SUCCESS;
  ULONGLONG end = GetTickCount64() + PATIENCE_MS;
  BOOL well = TRUE;
  for (DWORD i = 0; i < running; i++) well = has_ended(all[i], end) && well;
  Sleep(SETTLE_MS);
  note(install, well ? L"SafeSeat: every tray has ended." : L"SafeSeat: a tray has not ended yet.");
  if (!MsiGetMode(install, MSIRUNMODE_SCHEDULED)) {
    WCHAR folder[LONGEST / 2], data[2 * LONGEST];
    DWORD room = LONGEST / 2;
    if (MsiGetPropertyW(install, L"INSTALLDIR", folder, &room) == ERROR_SUCCESS && room > 0) {
      wcscpy(data, list);
      wcscat(data, L"|");
      wcscat(data, folder);
      MsiSetPropertyW(install, L"StartTrays", data);
    }
  }
  return ERROR_SUCCESS;
}

/* Start the tray in a session as the person who is signed in there, with that person's environment. */
static BOOL start_in(DWORD session, const WCHAR *folder) {
  WCHAR program[LONGEST], line[LONGEST + 2], desktop[] = L"winsta0\\default";
  STARTUPINFOW how = {.cb = sizeof how, .lpDesktop = desktop};
  PROCESS_INFORMATION made;
  HANDLE person;
  void *environment = NULL;
  wcscpy(program, folder);
  wcscat(program, L"SafeSeat.exe");
  wcscpy(line, L"\"");
  wcscat(line, program);
  wcscat(line, L"\"");
  if (!WTSQueryUserToken(session, &person)) return FALSE;
  BOOL well = CreateEnvironmentBlock(&environment, person, FALSE) &&
              CreateProcessAsUserW(person, program, line, NULL, NULL, FALSE, CREATE_UNICODE_ENVIRONMENT, environment, folder, &how, &made);
  if (well) {
    CloseHandle(made.hThread);
    CloseHandle(made.hProcess);
  }
  if (environment != NULL) DestroyEnvironmentBlock(environment);
  CloseHandle(person);
  return well;
}

/* After a successful installation, as the system: the trays that ran before run again. Data: "1,3,|C:\...\SafeSeat\". */
ENTRY StartTrays(MSIHANDLE install) {
  DWORD size;
  BOOL well = TRUE;
  WCHAR *data = value_of(install, L"CustomActionData", LONGEST + LONGEST / 2, &size);
  WCHAR *folder = data == NULL ? NULL : wcschr(data, L'|');
  if (folder != NULL && wcslen(folder) + 32 < LONGEST) {
    *folder++ = 0;
    for (WCHAR *at = data, *end; *at; at = *end ? end + 1 : end) {
      DWORD session = wcstoul(at, &end, 10);
      if (end == at) break;
      if (!runs(session)) well = start_in(session, folder) && well;
    }
    note(install, well ? L"SafeSeat: the trays run again." : L"SafeSeat: a tray starts again at the next sign-in.");
  }
  forget(data, size);
  return ERROR_SUCCESS;
}
