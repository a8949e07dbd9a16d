/* tchar_wide.c: the C library's functions on strings of 16-bit units. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "letter.h"
#include "utf.h"
#include "w32crt.h"

size_t w32_wcslen(const WCHAR *s)
{
    return win32_wide_length(s);
}

size_t w32_wcsnlen(const WCHAR *s, size_t count)
{
    size_t n = 0;
    while (n < count && s[n])
        n++;
    return n;
}

WCHAR *w32_wcscpy(WCHAR *to, const WCHAR *from)
{
    return memcpy(to, from, (win32_wide_length(from) + 1) * sizeof *to);
}

WCHAR *w32_wcsncpy(WCHAR *to, const WCHAR *from, size_t count)
{
    size_t n = w32_wcsnlen(from, count);
    memcpy(to, from, n * sizeof *to);
    memset(to + n, 0, (count - n) * sizeof *to);
    return to;
}

WCHAR *w32_wcscat(WCHAR *to, const WCHAR *from)
{
    w32_wcscpy(to + win32_wide_length(to), from);
    return to;
}

WCHAR *w32_wcsncat(WCHAR *to, const WCHAR *from, size_t count)
{
    WCHAR *end = to + win32_wide_length(to);
    size_t n = w32_wcsnlen(from, count);
    memcpy(end, from, n * sizeof *to);
    end[n] = 0;
    return to;
}

static int compare(const WCHAR *a, const WCHAR *b, size_t count, int fold)
{
    for (size_t i = 0; i < count; i++) {
        uint32_t ca = fold ? win32_lower(a[i]) : a[i], cb = fold ? win32_lower(b[i]) : b[i];
        if (ca != cb)
            return ca < cb ? -1 : 1;
        if (ca == 0)
            return 0;
    }
    return 0;
}

int w32_wcscmp(const WCHAR *a, const WCHAR *b)
{
    return compare(a, b, SIZE_MAX, 0);
}

int w32_wcsncmp(const WCHAR *a, const WCHAR *b, size_t count)
{
    return compare(a, b, count, 0);
}

int w32_wcsicmp(const WCHAR *a, const WCHAR *b)
{
    return compare(a, b, SIZE_MAX, 1);
}

int w32_wcsnicmp(const WCHAR *a, const WCHAR *b, size_t count)
{
    return compare(a, b, count, 1);
}

/* The C library gives a pointer to constant text back without the const; so do these. */
static WCHAR *variable(const WCHAR *s)
{
    return (WCHAR *)(uintptr_t)s;
}

WCHAR *w32_wcschr(const WCHAR *s, WCHAR c)
{
    while (*s && *s != c)
        s++;
    return *s == c ? variable(s) : NULL;
}

WCHAR *w32_wcsrchr(const WCHAR *s, WCHAR c)
{
    const WCHAR *found = NULL;
    for (;; s++) {
        if (*s == c)
            found = s;
        if (*s == 0)
            return variable(found);
    }
}

WCHAR *w32_wcsstr(const WCHAR *s, const WCHAR *part)
{
    size_t n = win32_wide_length(part);
    for (;; s++) {
        if (compare(s, part, n, 0) == 0)
            return variable(s);
        if (*s == 0)
            return NULL;
    }
}

/* How many units at the start are in the set (or are not). */
static size_t span(const WCHAR *s, const WCHAR *set, int in)
{
    size_t n = 0;
    while (s[n] && (w32_wcschr(set, s[n]) != NULL) == in)
        n++;
    return n;
}

size_t w32_wcsspn(const WCHAR *s, const WCHAR *set)
{
    return span(s, set, 1);
}

size_t w32_wcscspn(const WCHAR *s, const WCHAR *set)
{
    return span(s, set, 0);
}

WCHAR *w32_wcspbrk(const WCHAR *s, const WCHAR *set)
{
    s += span(s, set, 0);
    return *s ? variable(s) : NULL;
}

WCHAR *w32_wcstok_s(WCHAR *s, const WCHAR *set, WCHAR **context)
{
    if (!set || !context || (!s && !*context)) {
        errno = EINVAL;
        return NULL;
    }
    if (!s)
        s = *context;
    s += span(s, set, 1);
    WCHAR *end = s + span(s, set, 0);
    *context = *end ? end + 1 : end;
    if (s == end)
        return NULL;
    *end = 0;
    return s;
}

WCHAR *w32_wcstok(WCHAR *s, const WCHAR *set)
{
    static _Thread_local WCHAR *context;
    return s || context ? w32_wcstok_s(s, set, &context) : NULL;
}

WCHAR *w32_wcsdup(const WCHAR *s)
{
    size_t size = (win32_wide_length(s) + 1) * sizeof *s;
    WCHAR *copy = malloc(size);
    return copy ? memcpy(copy, s, size) : NULL;
}

WCHAR *w32_wcsupr(WCHAR *s)
{
    for (WCHAR *p = s; *p; p++)
        *p = (WCHAR)win32_upper(*p);
    return s;
}

WCHAR *w32_wcslwr(WCHAR *s)
{
    for (WCHAR *p = s; *p; p++)
        *p = (WCHAR)win32_lower(*p);
    return s;
}

WCHAR *w32_wcsrev(WCHAR *s)
{
    for (size_t i = 0, n = win32_wide_length(s); i < n / 2; i++) {
        WCHAR c = s[i];
        s[i] = s[n - 1 - i];
        s[n - 1 - i] = c;
    }
    return s;
}
