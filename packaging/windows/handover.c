/* The installer's own library: checks the values that were given, and hands the enrolment code over.

   The code (property ENROLL_TOKEN, or the file that it names) is checked and sealed in the first action, which then empties
   the property; only the sealed form goes on to the action that writes it as
   %ProgramData%\SafeSeat\enrol.bin, where the first tray takes it. Sealed means: DPAPI for this machine. Why and how
   far that protects stands in decision 0019. Stopping and starting trays: handover_trays.c. */
#define WIN32_LEAN_AND_MEAN
#include "handover.h"
#include "handover_forms.h"
#include <aclapi.h>
#include <dpapi.h>
#include <sddl.h>
#include <shlobj.h>
#include <stdlib.h>
#include <wchar.h>

#define SEALED_BYTES 4096
#define PATH_CHARS 1024
#define FOLDER_ACCESS L"O:BAG:SYD:P(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)(A;;0x1200a9;;;BU)"
#define FILE_ACCESS L"O:BAG:SYD:P(A;;FA;;;SY)(A;;FA;;;BA)(A;;0x130089;;;IU)"
#define ENTROPY "SafeSeat/1/handover"
#define FILE_MARK L"file:"

static const WCHAR NOT_A_CODE[] =
    L"ENROLL_TOKEN is not an enrolment code: it has 77 letters and digits, as the server printed it. Nothing was installed.";
static const WCHAR NOT_A_FILE[] =
    L"The file that ENROLL_TOKEN names cannot be read as an enrolment code (an ordinary file with its whole path, at most 1 KiB). Nothing was installed.";

/* --- what every action needs ------------------------------------------------------------------------------------ */

void forget(WCHAR *text, DWORD size) {
  if (text != NULL) SecureZeroMemory(text, (size_t)size * sizeof *text);
  free(text);
}

WCHAR *value_of(MSIHANDLE install, const WCHAR *name, DWORD most, DWORD *size) {
  WCHAR nothing[1] = L"";
  DWORD length = 0;
  *size = 0;
  UINT said = MsiGetPropertyW(install, name, nothing, &length);
  if (said != ERROR_MORE_DATA || length == 0 || length > most) return NULL;
  WCHAR *text = calloc((size_t)length + 1, sizeof *text);
  DWORD room = length + 1;
  if (text == NULL) return NULL;
  if (MsiGetPropertyW(install, name, text, &room) != ERROR_SUCCESS) {
    forget(text, length);
    return NULL;
  }
  *size = room;
  return text;
}

static void say(MSIHANDLE install, INSTALLMESSAGE kind, const WCHAR *text) {
  MSIHANDLE record = MsiCreateRecord(1);
  if (record == 0) return;
  MsiRecordSetStringW(record, 0, L"[1]");
  MsiRecordSetStringW(record, 1, text);
  MsiProcessMessage(install, kind, record);
  MsiCloseHandle(record);
}

UINT refuse(MSIHANDLE install, const WCHAR *sentence) {
  say(install, INSTALLMESSAGE_ERROR, sentence);
  return ERROR_INSTALL_FAILURE;
}

void note(MSIHANDLE install, const WCHAR *line) { say(install, INSTALLMESSAGE_INFO, line); }

static BOOL is_given(MSIHANDLE install, const WCHAR *name) {
  WCHAR nothing[1] = L"";
  DWORD length = 0;
  return MsiGetPropertyW(install, name, nothing, &length) == ERROR_MORE_DATA && length > 0;
}

/* --- checking, before anything is changed ------------------------------------------------------------------------ */

/* The first action runs as the person who started the installation, so this asks about that person. */
static BOOL by_administrator(void) {
  SID_IDENTIFIER_AUTHORITY system = {SECURITY_NT_AUTHORITY};
  PSID group = NULL;
  BOOL member = FALSE;
  if (!AllocateAndInitializeSid(&system, 2, SECURITY_BUILTIN_DOMAIN_RID, DOMAIN_ALIAS_RID_ADMINS, 0, 0, 0, 0, 0, 0, &group)) return FALSE;
  if (!CheckTokenMembership(NULL, group, &member)) member = FALSE;
  FreeSid(group);
  return member;
}

static const WCHAR *wrong_value(MSIHANDLE install) {
  static const struct {
    const WCHAR *name;
    int (*fits)(const unit *, size_t);
    const WCHAR *sentence;
  } values[] = {
      {L"SERVER_URL", forms_url, L"SERVER_URL must be an address such as https://safeseat.example:8443. Nothing was installed."},
      {L"SERVER_KEY", forms_key, L"SERVER_KEY must be the fingerprint that the server printed: 40 characters of 0-9 and a-f. Nothing was installed."},
      {L"SITE", forms_site, L"SITE must be 1 to 64 printable characters. Nothing was installed."},
  };
  for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
    DWORD size;
    if (!is_given(install, values[i].name)) continue;
    WCHAR *text = value_of(install, values[i].name, URL_CHARS, &size);
    BOOL well = text != NULL && values[i].fits(text, size);
    forget(text, size);
    if (!well) return values[i].sentence;
  }
  return NULL;
}

/* Units of the ordinary file with an enrolment code; 0 if there is none. */
static size_t read_file(const WCHAR *path, unit *out) {
  unsigned char data[TOKEN_FILE_BYTES + 1];
  DWORD size = 0;
  size_t used = 0;
  BY_HANDLE_FILE_INFORMATION facts;
  if (!((path[0] && path[1] == ':' && path[2] == '\\') || (path[0] == '\\' && path[1] == '\\' && path[2] != '.' && path[2] != '?'))) return 0;
  HANDLE file = CreateFileW(path, GENERIC_READ, FILE_SHARE_READ, NULL, OPEN_EXISTING, FILE_FLAG_OPEN_REPARSE_POINT, NULL);
  if (file == INVALID_HANDLE_VALUE) return 0;
  if (GetFileType(file) == FILE_TYPE_DISK && GetFileInformationByHandle(file, &facts) &&
      !(facts.dwFileAttributes & (FILE_ATTRIBUTE_REPARSE_POINT | FILE_ATTRIBUTE_DIRECTORY)) &&
      ReadFile(file, data, sizeof data, &size, NULL) && size <= TOKEN_FILE_BYTES)
    used = forms_file(data, size, out);
  SecureZeroMemory(data, sizeof data);
  CloseHandle(file);
  return used;
}

/* Seal the code for this machine and leave it, in hexadecimal, as the data of the action that writes it. */
static BOOL sealed(MSIHANDLE install, char *token) {
  DATA_BLOB plain = {TOKEN_CHARS, (BYTE *)token}, extra = {sizeof ENTROPY - 1, (BYTE *)ENTROPY}, out = {0, NULL};
  static const WCHAR digits[] = L"0123456789abcdef";
  BOOL done = FALSE;
  if (!CryptProtectData(&plain, NULL, &extra, NULL, NULL, CRYPTPROTECT_LOCAL_MACHINE | CRYPTPROTECT_UI_FORBIDDEN, &out)) return FALSE;
  DWORD size = out.cbData * 2 + 1;
  WCHAR *text = out.cbData <= SEALED_BYTES ? calloc(size, sizeof *text) : NULL;
  if (text != NULL) {
    for (DWORD i = 0; i < out.cbData; i++) text[2 * i] = digits[out.pbData[i] >> 4], text[2 * i + 1] = digits[out.pbData[i] & 15];
    done = MsiSetPropertyW(install, L"StoreEnrolment", text) == ERROR_SUCCESS;
  }
  forget(text, size);
  SecureZeroMemory(out.pbData, out.cbData);
  LocalFree(out.pbData);
  return done;
}

static UINT take_code(MSIHANDLE install) {
  static const size_t mark = sizeof FILE_MARK / sizeof(WCHAR) - 1;
  char token[TOKEN_CHARS + 1] = {0};
  unit words[TOKEN_FILE_BYTES] = {0};
  DWORD size;
  WCHAR *given = value_of(install, L"ENROLL_TOKEN", PATH_CHARS, &size);
  if (given == NULL) return refuse(install, NOT_A_CODE);
  BOOL named = size > mark && _wcsnicmp(given, FILE_MARK, mark) == 0, well;
  if (named) {
    size_t used = read_file(given + mark, words);
    well = used > 0 && forms_token(words, used, token);
  } else
    well = forms_token(given, size, token);
  UINT answer = ERROR_SUCCESS;
  if (!well)
    answer = refuse(install, named ? NOT_A_FILE : NOT_A_CODE);
  else if (!sealed(install, token) || (named && MsiSetPropertyW(install, L"EraseTokenFile", given + mark) != ERROR_SUCCESS))
    answer = refuse(install, L"Windows could not seal the enrolment code for this PC. Nothing was installed.");
  SecureZeroMemory(token, sizeof token);
  SecureZeroMemory(words, sizeof words);
  forget(given, size);
  MsiSetPropertyW(install, L"ENROLL_TOKEN", L"");
  return answer;
}

/* Whether a value was given that is not the one which the installation has. With a window the kept values come here as
   well, so being there says nothing. */
static BOOL changes_something(MSIHANDLE install) {
  static const WCHAR *const values[][2] = {
      {L"Given_SERVER_URL", L"ServerUrl"}, {L"Given_SERVER_KEY", L"ServerKey"}, {L"Given_SITE", L"Site"}, {L"Given_AUTOSTART", L"Autostart"}};
  if (is_given(install, L"ENROLL_TOKEN")) return TRUE;
  for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
    WCHAR kept[URL_CHARS + 1];
    DWORD room = sizeof kept, size;
    if (!is_given(install, values[i][0])) continue;
    WCHAR *given = value_of(install, values[i][0], URL_CHARS, &size);
    BOOL same = given != NULL &&
                RegGetValueW(HKEY_LOCAL_MACHINE, L"Software\\SafeSeat\\Setup", values[i][1], RRF_RT_REG_SZ | RRF_SUBKEY_WOW6464KEY, NULL, kept, &room) == ERROR_SUCCESS &&
                wcscmp(kept, given) == 0;
    forget(given, size);
    if (!same) return TRUE;
  }
  return FALSE;
}

/* First action: refuse what cannot be used, in one sentence, before anything is changed. */
ENTRY CheckValues(MSIHANDLE install) {
  const WCHAR *wrong = wrong_value(install);
  if (is_given(install, L"Installed") && changes_something(install) && !by_administrator())
    wrong = L"Only an administrator may change the values of an installed SafeSeat.";
  if (wrong != NULL) {
    MsiSetPropertyW(install, L"ENROLL_TOKEN", L"");
    return refuse(install, wrong);
  }
  return is_given(install, L"ENROLL_TOKEN") ? take_code(install) : ERROR_SUCCESS;
}

/* --- the folder and the file --------------------------------------------------------------------------------------- */

static BOOL folder_path(WCHAR *out) {
  PWSTR base = NULL;
  BOOL well = SHGetKnownFolderPath(&FOLDERID_ProgramData, 0, NULL, &base) == S_OK && wcslen(base) + 48 < PATH_CHARS;
  if (well) {
    wcscpy(out, base);
    wcscat(out, L"\\SafeSeat");
  }
  CoTaskMemFree(base);
  return well;
}

static BOOL file_path(WCHAR *out) {
  if (!folder_path(out)) return FALSE;
  wcscat(out, L"\\enrol.bin");
  return TRUE;
}

/* Whether the system, an administrator or the account of this action owns the folder: then nobody else had it before. */
static BOOL ours(HANDLE folder) {
  PSECURITY_DESCRIPTOR all = NULL;
  PSID owner = NULL;
  BYTE room[256];
  DWORD size;
  HANDLE token;
  if (GetSecurityInfo(folder, SE_FILE_OBJECT, OWNER_SECURITY_INFORMATION, &owner, NULL, NULL, NULL, &all) != ERROR_SUCCESS) return FALSE;
  BOOL well = IsWellKnownSid(owner, WinLocalSystemSid) || IsWellKnownSid(owner, WinBuiltinAdministratorsSid);
  if (!well && OpenProcessToken(GetCurrentProcess(), TOKEN_QUERY, &token)) {
    well = GetTokenInformation(token, TokenUser, room, sizeof room, &size) && EqualSid(owner, ((TOKEN_USER *)room)->User.Sid);
    CloseHandle(token);
  }
  LocalFree(all);
  return well;
}

static BOOL set_access(HANDLE object, const WCHAR *sddl) {
  PSECURITY_DESCRIPTOR wanted = NULL;
  PACL list = NULL;
  BOOL there, by_default;
  if (!ConvertStringSecurityDescriptorToSecurityDescriptorW(sddl, SDDL_REVISION_1, &wanted, NULL)) return FALSE;
  BOOL well = GetSecurityDescriptorDacl(wanted, &there, &list, &by_default) &&
              SetSecurityInfo(object, SE_FILE_OBJECT, DACL_SECURITY_INFORMATION | PROTECTED_DACL_SECURITY_INFORMATION, NULL, NULL, list, NULL) == ERROR_SUCCESS;
  LocalFree(wanted);
  return well;
}

/* A folder that somebody else made first (everybody may, in ProgramData) is put aside: its maker could still change it. */
static BOOL put_aside(const WCHAR *folder, DWORD attributes) {
  WCHAR aside[PATH_CHARS + 64];
  if (attributes & FILE_ATTRIBUTE_REPARSE_POINT) /* only the link goes */
    return attributes & FILE_ATTRIBUTE_DIRECTORY ? RemoveDirectoryW(folder) : DeleteFileW(folder);
  wcscpy(aside, folder);
  wcscat(aside, L".not-ours-");
  _ui64tow(GetTickCount64(), aside + wcslen(aside), 16);
  return MoveFileExW(folder, aside, 0);
}

/* The folder with its access list, made if it is not there. */
static BOOL own_folder(const WCHAR *folder) {
  for (int attempt = 0; attempt < 3; attempt++) {
    SECURITY_ATTRIBUTES access = {sizeof access, NULL, FALSE};
    if (!ConvertStringSecurityDescriptorToSecurityDescriptorW(FOLDER_ACCESS, SDDL_REVISION_1, &access.lpSecurityDescriptor, NULL)) return FALSE;
    BOOL made = CreateDirectoryW(folder, &access);
    DWORD why = GetLastError();
    LocalFree(access.lpSecurityDescriptor);
    if (made) return TRUE;
    if (why != ERROR_ALREADY_EXISTS) return FALSE;
    BY_HANDLE_FILE_INFORMATION facts = {0};
    HANDLE there = CreateFileW(folder, READ_CONTROL | WRITE_DAC | FILE_READ_ATTRIBUTES, FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, NULL,
                               OPEN_EXISTING, FILE_FLAG_BACKUP_SEMANTICS | FILE_FLAG_OPEN_REPARSE_POINT, NULL);
    if (there != INVALID_HANDLE_VALUE) {
      BOOL well = GetFileInformationByHandle(there, &facts) && (facts.dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY) &&
                  !(facts.dwFileAttributes & FILE_ATTRIBUTE_REPARSE_POINT) && ours(there) && set_access(there, FOLDER_ACCESS);
      CloseHandle(there);
      if (well) return TRUE;
    }
    if (!put_aside(folder, GetFileAttributesW(folder))) return FALSE;
  }
  return FALSE;
}

static DWORD from_hex(const WCHAR *text, DWORD size, BYTE *out) {
  for (DWORD i = 0; i < size / 2; i++) {
    WCHAR pair[3] = {text[2 * i], text[2 * i + 1], 0}, *end;
    out[i] = (BYTE)wcstoul(pair, &end, 16);
    if (*end) return 0;
  }
  return size / 2;
}

static BOOL write_new(const WCHAR *path, const BYTE *data, DWORD size) {
  SECURITY_ATTRIBUTES access = {sizeof access, NULL, FALSE};
  DWORD written = 0;
  if (!DeleteFileW(path) && GetLastError() != ERROR_FILE_NOT_FOUND) return FALSE;
  if (!ConvertStringSecurityDescriptorToSecurityDescriptorW(FILE_ACCESS, SDDL_REVISION_1, &access.lpSecurityDescriptor, NULL)) return FALSE;
  HANDLE file = CreateFileW(path, GENERIC_WRITE, 0, &access, CREATE_NEW, FILE_ATTRIBUTE_NORMAL | FILE_ATTRIBUTE_NOT_CONTENT_INDEXED, NULL);
  LocalFree(access.lpSecurityDescriptor);
  if (file == INVALID_HANDLE_VALUE) return FALSE;
  BOOL well = WriteFile(file, data, size, &written, NULL) && written == size && FlushFileBuffers(file);
  CloseHandle(file);
  if (!well) DeleteFileW(path);
  return well;
}

/* As the system: own the folder, so that nobody can put a code there for other people; write the code if there is one. */
ENTRY StoreEnrolment(MSIHANDLE install) {
  WCHAR path[PATH_CHARS];
  BYTE data[SEALED_BYTES];
  DWORD size;
  if (!folder_path(path) || !own_folder(path)) return refuse(install, L"The folder SafeSeat in ProgramData could not be made safe.");
  WCHAR *text = value_of(install, L"CustomActionData", 2 * SEALED_BYTES, &size);
  if (text == NULL) return ERROR_SUCCESS;
  MsiSetPropertyW(install, L"CustomActionData", L""); /* Windows forgets it by itself; Wine would list it in the log */
  DWORD bytes = from_hex(text, size, data);
  BOOL well = bytes > 0 && file_path(path) && write_new(path, data, bytes);
  SecureZeroMemory(data, sizeof data);
  forget(text, size);
  if (!well) return refuse(install, L"The enrolment code could not be kept for the first tray.");
  note(install, L"SafeSeat: the enrolment code waits for the first tray.");
  return ERROR_SUCCESS;
}

/* When the installation is undone, and when the program is removed: no code stays behind. */
ENTRY ForgetEnrolment(MSIHANDLE install) {
  WCHAR path[PATH_CHARS];
  if (file_path(path) && !DeleteFileW(path) && GetLastError() != ERROR_FILE_NOT_FOUND && GetLastError() != ERROR_PATH_NOT_FOUND)
    note(install, L"SafeSeat: enrol.bin in ProgramData\\SafeSeat could not be deleted; please delete it.");
  if (folder_path(path)) RemoveDirectoryW(path); /* only when it is empty */
  return ERROR_SUCCESS;
}

/* After a successful installation, as the person who started it: overwrite and delete the file that held the code. */
ENTRY EraseTokenFile(MSIHANDLE install) {
  static const BYTE zeros[TOKEN_FILE_BYTES] = {0};
  LARGE_INTEGER length;
  DWORD size, written;
  WCHAR *path = value_of(install, L"CustomActionData", PATH_CHARS, &size);
  if (path == NULL) return ERROR_SUCCESS;
  BOOL gone = FALSE;
  HANDLE file = CreateFileW(path, GENERIC_WRITE | DELETE, FILE_SHARE_DELETE, NULL, OPEN_EXISTING, FILE_FLAG_OPEN_REPARSE_POINT | FILE_FLAG_WRITE_THROUGH, NULL);
  if (file != INVALID_HANDLE_VALUE) {
    if (GetFileType(file) == FILE_TYPE_DISK && GetFileSizeEx(file, &length) && length.QuadPart <= TOKEN_FILE_BYTES) {
      WriteFile(file, zeros, (DWORD)length.QuadPart, &written, NULL);
      gone = DeleteFileW(path);
    }
    CloseHandle(file);
  }
  if (!gone) note(install, L"SafeSeat: the file with the enrolment code could not be deleted; please delete it.");
  forget(path, size);
  return ERROR_SUCCESS;
}
