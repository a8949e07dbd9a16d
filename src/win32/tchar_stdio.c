/* tchar_stdio.c: wide text on narrow streams, as UTF-8; files with wide names.
 *
 * A character beyond U+FFFF is two units. When they come one by one, the first waits, per thread,
 * for the second, which must go to the same stream; reading gives them out in the same way. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "utf.h"
#include "w32crt.h"

int w32_write_wide(const WCHAR *s, size_t count, FILE *stream)
{
    char *bytes;
    size_t n;
    if (win32_utf8_from_wide_n(s, count, &bytes, &n) < 0)
        return -1;
    int r = fwrite(bytes, 1, n, stream) == n ? 0 : -1;
    free(bytes);
    return r;
}

int w32_fputws(const WCHAR *s, FILE *stream)
{
    return w32_write_wide(s, win32_wide_length(s), stream);
}

int w32_putws(const WCHAR *s)
{
    return w32_fputws(s, stdout) < 0 || putchar('\n') < 0 ? -1 : 0;
}

/* Half a character, on its way. */
static _Thread_local struct half {
    FILE *stream;
    WCHAR unit;
} written, read_ahead;

static int is_high(WCHAR c)
{
    return c >= 0xD800 && c <= 0xDBFF;
}

static int is_low(WCHAR c)
{
    return c >= 0xDC00 && c <= 0xDFFF;
}

wint_t w32_fputwc(WCHAR c, FILE *stream)
{
    WCHAR pair[2] = {written.unit, c};
    int whole = written.stream == stream && is_low(c);
    written.stream = is_high(c) ? stream : NULL;
    written.unit = c;
    if (is_high(c))
        return c;
    int r = whole ? w32_write_wide(pair, 2, stream) : w32_write_wide(&c, 1, stream);
    return r < 0 ? WEOF : c;
}

/* The bytes of one UTF-8 character from a stream; how many, 0 at the end. */
static size_t read_bytes(FILE *stream, char bytes[4])
{
    int c = getc(stream);
    if (c == EOF)
        return 0;
    bytes[0] = (char)c;
    size_t more = c < 0xC2 ? 0 : c < 0xE0 ? 1 : c < 0xF0 ? 2 : c < 0xF5 ? 3 : 0, n = 1;
    while (n <= more && (c = getc(stream)) != EOF) {
        if ((c & 0xC0) != 0x80) {
            ungetc(c, stream);
            break;
        }
        bytes[n++] = (char)c;
    }
    return n;
}

wint_t w32_fgetwc(FILE *stream)
{
    char bytes[4];
    WCHAR units[2];
    if (read_ahead.stream == stream) {
        read_ahead.stream = NULL;
        return read_ahead.unit;
    }
    const char *p = bytes;
    size_t n = read_bytes(stream, bytes);
    if (n == 0)
        return WEOF;
    uint32_t c = win32_utf8_next(&p, bytes + n, 1);
    if (c == WIN32_UTF_BAD)
        c = WIN32_UTF_REPLACEMENT;
    if (win32_wide_put(c, units) == 2) {
        read_ahead.stream = stream;
        read_ahead.unit = units[1];
    }
    return units[0];
}

WCHAR *w32_fgetws(WCHAR *to, int size, FILE *stream)
{
    int n = 0;
    if (size <= 0)
        return NULL;
    while (n < size - 1) {
        wint_t c = w32_fgetwc(stream);
        if (c == WEOF)
            break;
        to[n++] = (WCHAR)c;
        if (c == '\n')
            break;
    }
    to[n] = 0;
    return n > 0 || size == 1 ? to : NULL;
}

/* Drops what is left of a line; for the functions that read a whole one or fail. */
static void skip_line(void)
{
    int c;
    do {
        c = getchar();
    } while (c != EOF && c != '\n');
}

char *w32_gets_s(char *to, size_t size)
{
    if (!to || size == 0)
        return NULL;
    size_t n = 0;
    int c;
    while ((c = getchar()) != EOF && c != '\n') {
        if (n + 1 == size) {
            skip_line();
            to[0] = 0;
            errno = ERANGE;
            return NULL;
        }
        to[n++] = (char)c;
    }
    to[n] = 0;
    return c == EOF && n == 0 ? NULL : to;
}

WCHAR *w32_getws_s(WCHAR *to, size_t size)
{
    if (!to || size == 0)
        return NULL;
    size_t n = 0;
    wint_t c;
    while ((c = w32_fgetwc(stdin)) != WEOF && c != '\n') {
        if (n + 1 == size) {
            skip_line();
            to[0] = 0;
            errno = ERANGE;
            return NULL;
        }
        to[n++] = (WCHAR)c;
    }
    to[n] = 0;
    return c == WEOF && n == 0 ? NULL : to;
}

/* Microsoft's modes t and ccs=… say nothing here. */
static FILE *open_file(const char *name, const char *mode)
{
    char plain[8];
    size_t n = 0;
    for (; *mode && *mode != ',' && n + 1 < sizeof plain; mode++)
        if (strchr("rwab+x", *mode))
            plain[n++] = *mode;
    plain[n] = 0;
    return fopen(name, plain);
}

errno_t w32_fopen_s(FILE **stream, const char *name, const char *mode)
{
    if (!stream)
        return EINVAL;
    *stream = NULL;
    if (!name || !mode)
        return EINVAL;
    *stream = open_file(name, mode);
    return *stream ? 0 : errno;
}

FILE *w32_wfopen(const WCHAR *name, const WCHAR *mode)
{
    FILE *stream;
    errno_t error = w32_wfopen_s(&stream, name, mode);
    if (error)
        errno = error;
    return stream;
}

errno_t w32_wfopen_s(FILE **stream, const WCHAR *name, const WCHAR *mode)
{
    char *narrow_name = NULL, *narrow_mode = NULL;
    errno_t error = ENOMEM;
    if (!stream)
        return EINVAL;
    *stream = NULL;
    if (win32_utf8_from_wide(name, &narrow_name) == 0 &&
        win32_utf8_from_wide(mode, &narrow_mode) == 0)
        error = w32_fopen_s(stream, narrow_name, narrow_mode);
    free(narrow_name);
    free(narrow_mode);
    return error;
}

int w32_wremove(const WCHAR *name)
{
    char *narrow;
    if (win32_utf8_from_wide(name, &narrow) < 0)
        return -1;
    int r = remove(narrow);
    free(narrow);
    return r;
}

int w32_wsystem(const WCHAR *command)
{
    char *narrow;
    if (win32_utf8_from_wide(command, &narrow) < 0)
        return -1;
    int r = system(narrow);
    free(narrow);
    return r;
}
