/* tchar_secure.c: the string functions with _s, and the narrow strings that are not in C.
 *
 * A broken contract is told by the result (EINVAL, ERANGE), with an empty target if there is one,
 * where Microsoft's functions would end the program by default. */
#include <errno.h>
#include <string.h>

#include "utf.h"
#include "w32crt.h"

/* Copies `n` units of `unit` bytes and a terminator to index `at` of a target of `size` units. */
static errno_t place(void *to, size_t size, size_t at, const void *from, size_t n, size_t unit)
{
    if (at >= size || n >= size - at) {
        memset(to, 0, unit);
        return ERANGE;
    }
    memmove((char *)to + at * unit, from, n * unit);
    memset((char *)to + (at + n) * unit, 0, unit);
    return 0;
}

/* The rule of strncpy_s and strncat_s; `n` is what there is to copy of at most `count`. */
static errno_t place_some(void *to, size_t size, size_t at, const void *from, size_t n,
                          size_t count, size_t unit)
{
    if (count != _TRUNCATE || at >= size || n < size - at)
        return place(to, size, at, from, n, unit);
    place(to, size, at, from, size - at - 1, unit);
    return STRUNCATE;
}

/* What every one of them checks first. */
#define CHECK(to, size, from)                                                                      \
    do {                                                                                           \
        if (!(to) || (size) == 0)                                                                  \
            return EINVAL;                                                                         \
        if (!(from)) {                                                                             \
            (to)[0] = 0;                                                                           \
            return EINVAL;                                                                         \
        }                                                                                          \
    } while (0)

errno_t w32_strcpy_s(char *to, size_t size, const char *from)
{
    CHECK(to, size, from);
    return place(to, size, 0, from, strlen(from), 1);
}

errno_t w32_strcat_s(char *to, size_t size, const char *from)
{
    CHECK(to, size, from);
    return place(to, size, strnlen(to, size), from, strlen(from), 1);
}

errno_t w32_strncpy_s(char *to, size_t size, const char *from, size_t count)
{
    CHECK(to, size, from);
    return place_some(to, size, 0, from, strnlen(from, count), count, 1);
}

errno_t w32_strncat_s(char *to, size_t size, const char *from, size_t count)
{
    CHECK(to, size, from);
    return place_some(to, size, strnlen(to, size), from, strnlen(from, count), count, 1);
}

errno_t w32_wcscpy_s(WCHAR *to, size_t size, const WCHAR *from)
{
    CHECK(to, size, from);
    return place(to, size, 0, from, win32_wide_length(from), sizeof *to);
}

errno_t w32_wcscat_s(WCHAR *to, size_t size, const WCHAR *from)
{
    CHECK(to, size, from);
    return place(to, size, w32_wcsnlen(to, size), from, win32_wide_length(from), sizeof *to);
}

errno_t w32_wcsncpy_s(WCHAR *to, size_t size, const WCHAR *from, size_t count)
{
    CHECK(to, size, from);
    return place_some(to, size, 0, from, w32_wcsnlen(from, count), count, sizeof *to);
}

errno_t w32_wcsncat_s(WCHAR *to, size_t size, const WCHAR *from, size_t count)
{
    CHECK(to, size, from);
    return place_some(to, size, w32_wcsnlen(to, size), from, w32_wcsnlen(from, count), count,
                      sizeof *to);
}

errno_t w32_strerror_s(char *to, size_t size, int number)
{
    char text[128];
    const char *message = strerror_r(number, text, sizeof text);
    CHECK(to, size, message);
    return place_some(to, size, 0, message, strlen(message), _TRUNCATE, 1) == EINVAL ? EINVAL : 0;
}

errno_t w32_memcpy_s(void *to, size_t size, const void *from, size_t count)
{
    return w32_memmove_s(to, size, from, count);
}

errno_t w32_memmove_s(void *to, size_t size, const void *from, size_t count)
{
    if (count == 0)
        return 0;
    if (!to)
        return EINVAL;
    if (!from || count > size) {
        memset(to, 0, size);
        return from ? ERANGE : EINVAL;
    }
    memmove(to, from, count);
    return 0;
}

errno_t w32_localtime_s(struct tm *to, const time_t *from)
{
    return to && from && localtime_r(from, to) ? 0 : EINVAL;
}

errno_t w32_gmtime_s(struct tm *to, const time_t *from)
{
    return to && from && gmtime_r(from, to) ? 0 : EINVAL;
}

char *w32_strdup(const char *s)
{
    return strdup(s);
}

size_t w32_strnlen(const char *s, size_t count)
{
    return strnlen(s, count);
}

char *w32_strtok_s(char *s, const char *set, char **context)
{
    if (!set || !context || (!s && !*context)) {
        errno = EINVAL;
        return NULL;
    }
    return strtok_r(s, set, context);
}

char *w32_strupr(char *s)
{
    for (char *p = s; *p; p++)
        if (*p >= 'a' && *p <= 'z')
            *p = (char)(*p - ('a' - 'A'));
    return s;
}

char *w32_strlwr(char *s)
{
    for (char *p = s; *p; p++)
        if (*p >= 'A' && *p <= 'Z')
            *p = (char)(*p + ('a' - 'A'));
    return s;
}

char *w32_strrev(char *s)
{
    for (size_t i = 0, n = strlen(s); i < n / 2; i++) {
        char c = s[i];
        s[i] = s[n - 1 - i];
        s[n - 1 - i] = c;
    }
    return s;
}
