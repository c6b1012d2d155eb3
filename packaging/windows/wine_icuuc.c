/* Test only: Windows 10 has icuuc.dll, Wine has not, and Qt imports its converters for rare text codecs. Every converter
   here refuses to open, so Qt falls back to its own codecs. Never shipped. */
#define EXPORT __declspec(dllexport)
enum { UNSUPPORTED = 16 };

EXPORT void *ucnv_open(const char *name, int *error) {
  (void)name;
  if (error) *error = UNSUPPORTED;
  return 0;
}
EXPORT int ucnv_countAvailable(void) { return 0; }
EXPORT const char *ucnv_getAvailableName(int number) {
  (void)number;
  return 0;
}
EXPORT signed char ucnv_getMaxCharSize(void *converter) {
  (void)converter;
  return 4;
}

/* The rest is imported by name and never called, because no converter ever opens. */
#define NEVER(name) EXPORT void *name(void) { return 0; }
NEVER(ucnv_close)
NEVER(ucnv_reset)
NEVER(ucnv_getName)
NEVER(ucnv_getStandardName)
NEVER(ucnv_getToUCallBack)
NEVER(ucnv_getFromUCallBack)
NEVER(ucnv_setToUCallBack)
NEVER(ucnv_setFromUCallBack)
NEVER(ucnv_cbToUWriteUChars)
NEVER(ucnv_cbFromUWriteUChars)
NEVER(ucnv_toUnicode)
NEVER(ucnv_fromUnicode)
NEVER(ucnv_toUCountPending)
NEVER(ucnv_fromUCountPending)
NEVER(UCNV_FROM_U_CALLBACK_SUBSTITUTE)
NEVER(UCNV_TO_U_CALLBACK_SUBSTITUTE)
