/* What the parts of the installer's own library share. */
#ifndef HANDOVER_H
#define HANDOVER_H

#include <windows.h>
#include <msi.h>
#include <msiquery.h>

#define ENTRY __declspec(dllexport) UINT __stdcall

/* A property's value; `size` gets its length in units. NULL if it is not there, empty or longer than `most`. Free with `forget`. */
WCHAR *value_of(MSIHANDLE install, const WCHAR *name, DWORD most, DWORD *size);

/* Overwrite and free. */
void forget(WCHAR *text, DWORD size);

/* One sentence to the person and the log; returns the code with which an action refuses. */
UINT refuse(MSIHANDLE install, const WCHAR *sentence);

/* One line in the log, nothing else. Never give it a value that somebody has typed. */
void note(MSIHANDLE install, const WCHAR *line);

#endif
