/* format.h: printf with Microsoft's rules, into memory. The base of the printf families, wsprintf
 * and strsafe. */
#ifndef WIN32_FORMAT_H
#define WIN32_FORMAT_H

#include <stdarg.h>
#include <stddef.h>

#include "windef.h"

/* Formatted text as UTF-8, terminated, in allocated memory. */
struct win32_text {
    char *bytes;
    size_t length, capacity;
    int failed; /* out of memory, or too long for a count of type int */
};

enum {
    WIN32_FORMAT_WIDE = 1, /* as in a wide function: %s and %c mean wide, widths count units */
    WIN32_FORMAT_SMALL = 2 /* what wsprintf knows: no *, no + or space, no octal, no float */
};

/* The format is UTF-8 in both cases. 0 or -1; the caller frees t->bytes in either case. */
int win32_format(struct win32_text *t, unsigned flags, const char *format, va_list arguments);

/* Formatted text in the units of the function's kind: char, or WCHAR with WIN32_FORMAT_WIDE. */
struct win32_units {
    void *data;    /* terminated; to be freed */
    size_t length; /* in units, without the terminator */
    size_t size;   /* bytes of one unit */
};

/* The format is of the function's kind, too. 0, or -1 with nothing to free. */
int win32_format_units(struct win32_units *u, unsigned flags, const void *format,
                       va_list arguments);
/* Copies the first n units and a terminator. */
void win32_copy_units(void *to, const struct win32_units *u, size_t n);

#endif
