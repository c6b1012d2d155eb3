/* What the installer's values must look like. Plain C without Windows, so that every system can test it.

   Text is UTF-16 units with their number. Each function returns 1 if the value may be used, else 0. */
#ifndef HANDOVER_FORMS_H
#define HANDOVER_FORMS_H

#include <stddef.h>

#define TOKEN_CHARS 77   /* base32 of id[8], secret[20], fingerprint[20] without padding (protocol: enrolment) */
#define KEY_CHARS 40     /* fingerprint of the server's root: 20 bytes in hexadecimal, as `safeseat server` prints it */
#define SITE_CHARS 64
#define URL_CHARS 500
#define TOKEN_FILE_BYTES 1024

typedef unsigned short unit;

static int forms_blank(unit c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

/* An enrolment code as people paste it: spaces, dashes and line ends are forgiven, letters may be small.
   `out` takes the 77 letters and a zero; it is all zero when the answer is 0. */
static int forms_token(const unit *text, size_t size, char *out) {
  size_t used = 0;
  int well = 1, named = 0;
  for (size_t i = 0; i < size && well; i++) {
    unit c = text[i];
    if (forms_blank(c) || c == '-') continue;
    if (c >= 'a' && c <= 'z') c = (unit)(c - 'a' + 'A');
    int value = c >= 'A' && c <= 'Z' ? c - 'A' : c >= '2' && c <= '7' ? c - '2' + 26 : -1;
    well = value >= 0 && used < TOKEN_CHARS;
    if (!well) break;
    if (used < 12) named |= value;                /* the first 60 bits of the id */
    if (used == 12) named |= value & 0x1E;        /* and its last 4; an id of zero means "no code" */
    if (used == TOKEN_CHARS - 1) well = (value & 1) == 0; /* 77 letters hold one bit more than 48 bytes */
    out[used++] = (char)c;
  }
  well = well && used == TOKEN_CHARS && named;
  if (!well)
    for (size_t i = 0; i <= TOKEN_CHARS; i++) ((volatile char *)out)[i] = 0;
  else
    out[TOKEN_CHARS] = 0;
  return well;
}

/* The fingerprint of the server's root. */
static int forms_key(const unit *text, size_t size) {
  if (size != KEY_CHARS) return 0;
  for (size_t i = 0; i < size; i++) {
    unit c = text[i];
    if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'))) return 0;
  }
  return 1;
}

/* Not a control, a half of a pair, a mark that turns or hides text, or a place that is no character. */
static int forms_printable(unsigned long c) {
  if (c < 0x20 || (c >= 0x7F && c < 0xA0) || c == 0xAD || (c >= 0xD800 && c < 0xE000)) return 0;
  if ((c >= 0x200B && c <= 0x200F) || (c >= 0x2028 && c <= 0x202E) || (c >= 0x2060 && c <= 0x206F)) return 0;
  if (c == 0x61C || c == 0x180E || c == 0xFEFF || (c >= 0xFFF0 && c < 0xFFFC) || (c & 0xFFFE) == 0xFFFE) return 0;
  return !(c >= 0xFDD0 && c <= 0xFDEF) && !(c >= 0xE000 && c < 0xF900) && c < 0xE0000;
}

/* A site's name: 1 to 64 printable characters, none of them blank at an end. */
static int forms_site(const unit *text, size_t size) {
  size_t shown = 0;
  if (size == 0 || text[0] == ' ' || text[size - 1] == ' ') return 0;
  for (size_t i = 0; i < size; i++) {
    unsigned long c = text[i];
    if (c >= 0xD800 && c < 0xDC00 && i + 1 < size && text[i + 1] >= 0xDC00 && text[i + 1] < 0xE000)
      c = 0x10000 + ((c - 0xD800) << 10) + (text[++i] - 0xDC00u);
    if (!forms_printable(c)) return 0;
    shown++;
  }
  return shown <= SITE_CHARS;
}

static size_t forms_after(const unit *text, size_t size, const char *start) {
  size_t i = 0;
  for (; start[i]; i++)
    if (i >= size || text[i] != (unit)start[i]) return 0;
  return i;
}

/* The server's address: https and a host, no path or anything else behind it; plain http only to this PC itself. */
static int forms_url(const unit *text, size_t size) {
  static const char *const starts[] = {"https://", "http://localhost", "http://127.0.0.1", "http://[::1]"};
  size_t at = 0, own = 0;
  for (size_t i = 0; i < 4 && at == 0; i++) at = forms_after(text, size, starts[i]), own = i;
  if (at == 0 || size > URL_CHARS) return 0;
  size_t end = size - (text[size - 1] == '/');
  if (own) { /* nothing but a port of 1 to 5 digits */
    if (at == end) return 1;
    if (at > end || text[at] != ':' || end - at < 2 || end - at > 6) return 0;
    while (++at < end)
      if (text[at] < '0' || text[at] > '9') return 0;
    return 1;
  }
  if (end <= at) return 0;
  for (; at < end; at++) {
    unit c = text[at];
    if (c <= ' ' || c >= 0x7F || c == '/' || c == '?' || c == '#' || c == '@' || c == '\\' || c == '"') return 0;
  }
  return 1;
}

/* The text of a file with an enrolment code, at most 1 KiB: plain, or with the mark that Windows writes in front of UTF-8
   and UTF-16. Returns the number of units in `out` (room for TOKEN_FILE_BYTES), 0 if it is empty or of odd length. */
static size_t forms_file(const unsigned char *data, size_t size, unit *out) {
  size_t used = 0, at = 0;
  if (size >= 2 && data[0] == 0xFF && data[1] == 0xFE) {
    if (size % 2) return 0;
    for (at = 2; at + 1 < size; at += 2) out[used++] = (unit)(data[at] | data[at + 1] << 8);
    return used;
  }
  if (size >= 3 && data[0] == 0xEF && data[1] == 0xBB && data[2] == 0xBF) at = 3;
  for (; at < size; at++) out[used++] = data[at];
  return used;
}

#endif
