/* utf.h: between UTF-8 and UTF-16 inside the Win32 face.
 *
 * Names must stay distinct and survive the way there and back, so lone surrogates are carried as
 * three bytes each (the form called WTF-8). Bytes that are no UTF-8 become U+FFFD; each rejected
 * byte sequence is as short as Unicode recommends. Nothing here reads past its end or needs valid
 * input. The functions that Windows programs call, MultiByteToWideChar and its inverse, are strict
 * instead: no surrogates in UTF-8. */
#ifndef WIN32_UTF_H
#define WIN32_UTF_H

#include <stddef.h>
#include <stdint.h>

#include "windef.h"

/* What the decoders return for a malformed sequence. */
#define WIN32_UTF_BAD 0xFFFFFFFFu
#define WIN32_UTF_REPLACEMENT 0xFFFDu

size_t win32_wide_length(const WCHAR *s);

/* One code point from [*p, end), which is not empty; *p moves on. Bad sequences give
 * WIN32_UTF_BAD. Encoded surrogates are bad, too, unless `surrogates`. */
uint32_t win32_utf8_next(const char **p, const char *end, int surrogates);
/* The same from UTF-16; a lone surrogate is returned as it is. */
uint32_t win32_wide_next(const WCHAR **p, const WCHAR *end);
/* Writes one code point, 1 to 4 bytes or 1 to 2 units; returns how many. */
size_t win32_utf8_put(uint32_t c, char out[4]);
size_t win32_wide_put(uint32_t c, WCHAR out[2]);

/* Converts n units. Writes what fits whole into `capacity`, without a terminator; returns what the
 * entire text needs. `out` may be NULL with capacity 0. */
size_t win32_utf8_convert(const WCHAR *s, size_t n, char *out, size_t capacity);
size_t win32_wide_convert(const char *s, size_t n, WCHAR *out, size_t capacity);

/* A converted copy of a terminated string, for free(). NULL gives NULL. 0 or -ENOMEM. */
int win32_utf8_from_wide(const WCHAR *s, char **out);
int win32_wide_from_utf8(const char *s, WCHAR **out);
/* The same for n units, which may hold zeros; the copy is terminated and its length is in *length
 * if that is not NULL. */
int win32_utf8_from_wide_n(const WCHAR *s, size_t n, char **out, size_t *length);
int win32_wide_from_utf8_n(const char *s, size_t n, WCHAR **out, size_t *length);

#endif
