/* printf.c: the printf families that Windows programs use, narrow and wide.
 *
 * Wide text goes to a stream as UTF-8, so that both kinds can be mixed on one stream. The functions
 * with _s report a broken contract (EINVAL, ERANGE, an empty result) where Microsoft's would end
 * the program. */
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>

#include "format.h"
#include "w32crt.h"
#include "windows.h"

enum { NARROW = 0, WIDE = WIN32_FORMAT_WIDE };

static int to_stream(FILE *stream, unsigned kind, const void *format, va_list arguments)
{
    struct win32_text t;
    struct win32_units u;
    int r = -1;
    if (!stream || !format) {
        errno = EINVAL;
        return -1;
    }
    if (kind == NARROW) {
        if (win32_format(&t, NARROW, format, arguments) == 0 &&
            fwrite(t.bytes, 1, t.length, stream) == t.length)
            r = (int)t.length;
        free(t.bytes);
    } else if (win32_format_units(&u, WIDE, format, arguments) == 0) {
        r = w32_write_wide(u.data, u.length, stream) < 0 ? -1 : (int)u.length;
        free(u.data);
    }
    return r;
}

/* For a buffer whose size nobody told. */
static int to_unbounded(void *buffer, unsigned kind, const void *format, va_list arguments)
{
    struct win32_units u;
    if (!buffer || !format || win32_format_units(&u, kind, format, arguments) < 0)
        return -1;
    win32_copy_units(buffer, &u, u.length);
    free(u.data);
    return (int)u.length;
}

/* C's rule: always terminated; what the whole text needs. */
static int to_truncated(void *buffer, size_t size, unsigned kind, const void *format,
                        va_list arguments)
{
    struct win32_units u;
    if (!format || win32_format_units(&u, kind, format, arguments) < 0)
        return -1;
    if (buffer && size > 0)
        win32_copy_units(buffer, &u, u.length < size ? u.length : size - 1);
    free(u.data);
    return (int)u.length;
}

/* The rule of _snprintf: terminated only if there is room; -1 when the text is cut, but its length
 * when there is no buffer at all. */
static int to_unterminated(void *buffer, size_t count, unsigned kind, const void *format,
                           va_list arguments)
{
    struct win32_units u;
    if (!format || (!buffer && count > 0) || win32_format_units(&u, kind, format, arguments) < 0)
        return -1;
    if (u.length < count)
        win32_copy_units(buffer, &u, u.length);
    else if (count > 0)
        memcpy(buffer, u.data, count * u.size);
    free(u.data);
    return u.length <= count || !buffer ? (int)u.length : -1;
}

/* The rule of _snprintf_s: at most `count` units, or with _TRUNCATE as many as fit. */
static int to_secure(void *buffer, size_t size, size_t count, unsigned kind, const void *format,
                     va_list arguments)
{
    struct win32_units u;
    if (!buffer || !format || size == 0 || win32_format_units(&u, kind, format, arguments) < 0) {
        errno = EINVAL;
        return -1;
    }
    size_t n = count == _TRUNCATE && u.length >= size ? size - 1 : u.length;
    if (count != _TRUNCATE && n > count)
        n = count;
    int r = n == u.length ? (int)n : -1;
    if (n >= size) {
        n = 0;
        r = -1;
        errno = ERANGE;
    }
    win32_copy_units(buffer, &u, n);
    free(u.data);
    return r;
}

/* A variadic function in terms of the one with a va_list. */
#define VARIADIC(name, parameters, call)                                                           \
    int name parameters                                                                            \
    {                                                                                              \
        va_list a;                                                                                 \
        va_start(a, format);                                                                       \
        int r = call;                                                                              \
        va_end(a);                                                                                 \
        return r;                                                                                  \
    }

/* One family; `kind` and the character type are all that differs. */
#define FAMILY(CH, kind, printf_, fprintf_, unbounded, truncated, unterminated, secure, secure_n,  \
               count_)                                                                             \
    int w32_v##fprintf_(FILE *stream, const CH *format, va_list arguments)                         \
    {                                                                                              \
        return to_stream(stream, kind, format, arguments);                                         \
    }                                                                                              \
    int w32_v##printf_(const CH *format, va_list arguments)                                        \
    {                                                                                              \
        return to_stream(stdout, kind, format, arguments);                                         \
    }                                                                                              \
    int w32_v##unbounded(CH *buffer, const CH *format, va_list arguments)                          \
    {                                                                                              \
        return to_unbounded(buffer, kind, format, arguments);                                      \
    }                                                                                              \
    int w32_v##truncated(CH *buffer, size_t size, const CH *format, va_list arguments)             \
    {                                                                                              \
        return to_truncated(buffer, size, kind, format, arguments);                                \
    }                                                                                              \
    int w32_v##unterminated(CH *buffer, size_t count, const CH *format, va_list arguments)         \
    {                                                                                              \
        return to_unterminated(buffer, count, kind, format, arguments);                            \
    }                                                                                              \
    int w32_v##secure(CH *buffer, size_t size, const CH *format, va_list arguments)                \
    {                                                                                              \
        return to_secure(buffer, size, _TRUNCATE - 1, kind, format, arguments);                    \
    }                                                                                              \
    int w32_v##secure_n(CH *buffer, size_t size, size_t count, const CH *format,                   \
                        va_list arguments)                                                         \
    {                                                                                              \
        return to_secure(buffer, size, count, kind, format, arguments);                            \
    }                                                                                              \
    int w32_v##count_(const CH *format, va_list arguments)                                         \
    {                                                                                              \
        return to_truncated(NULL, 0, kind, format, arguments);                                     \
    }                                                                                              \
    VARIADIC(w32_##fprintf_, (FILE * stream, const CH *format, ...),                               \
             w32_v##fprintf_(stream, format, a))                                                   \
    VARIADIC(w32_##printf_, (const CH *format, ...), w32_v##printf_(format, a))                    \
    VARIADIC(w32_##unbounded, (CH * buffer, const CH *format, ...),                                \
             w32_v##unbounded(buffer, format, a))                                                  \
    VARIADIC(w32_##truncated, (CH * buffer, size_t size, const CH *format, ...),                   \
             w32_v##truncated(buffer, size, format, a))                                            \
    VARIADIC(w32_##unterminated, (CH * buffer, size_t count, const CH *format, ...),               \
             w32_v##unterminated(buffer, count, format, a))                                        \
    VARIADIC(w32_##secure, (CH * buffer, size_t size, const CH *format, ...),                      \
             w32_v##secure(buffer, size, format, a))                                               \
    VARIADIC(w32_##secure_n, (CH * buffer, size_t size, size_t count, const CH *format, ...),      \
             w32_v##secure_n(buffer, size, count, format, a))                                      \
    VARIADIC(w32_##count_, (const CH *format, ...), w32_v##count_(format, a))

FAMILY(char, NARROW, printf, fprintf, sprintf, snprintf, old_snprintf, sprintf_s, snprintf_s,
       scprintf)
FAMILY(WCHAR, WIDE, wprintf, fwprintf, swprintf, snwprintf, old_snwprintf, swprintf_s, snwprintf_s,
       scwprintf)

/* wsprintf: never more than 1024 units with the terminator. */
enum { WSPRINTF_MAX = 1024 };

static int wsprintf_to(void *buffer, unsigned kind, const void *format, va_list arguments)
{
    struct win32_units u;
    if (!buffer || !format ||
        win32_format_units(&u, kind | WIN32_FORMAT_SMALL, format, arguments) < 0)
        return 0;
    size_t n = u.length < WSPRINTF_MAX ? u.length : WSPRINTF_MAX - 1;
    win32_copy_units(buffer, &u, n);
    free(u.data);
    return (int)n;
}

int WINAPI wvsprintfA(LPSTR buffer, LPCSTR format, va_list arguments)
{
    return wsprintf_to(buffer, NARROW, format, arguments);
}

int WINAPI wvsprintfW(LPWSTR buffer, LPCWSTR format, va_list arguments)
{
    return wsprintf_to(buffer, WIDE, format, arguments);
}

VARIADIC(WINAPIV wsprintfA, (LPSTR buffer, LPCSTR format, ...), wvsprintfA(buffer, format, a))
VARIADIC(WINAPIV wsprintfW, (LPWSTR buffer, LPCWSTR format, ...), wvsprintfW(buffer, format, a))
