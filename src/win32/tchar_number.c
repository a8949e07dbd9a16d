/* tchar_number.c: between numbers and text, narrow and wide.
 *
 * Wide text is read by way of a narrow copy of its beginning: characters outside ASCII end a
 * number, so positions in both agree. */
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "utf.h"
#include "w32crt.h"

enum { DIGITS = 66 }; /* 64 binary ones, a sign and a terminator */

/* Writes the text of a number; returns its length. */
static size_t spell(unsigned long long value, int negative, int radix, char text[DIGITS])
{
    char reversed[DIGITS];
    size_t n = 0, length = 0;
    unsigned base = radix >= 2 && radix <= 36 ? (unsigned)radix : 10;
    do {
        reversed[n++] = "0123456789abcdefghijklmnopqrstuvwxyz"[value % base];
    } while ((value /= base) > 0);
    if (negative)
        text[length++] = '-';
    while (n > 0)
        text[length++] = reversed[--n];
    text[length] = 0;
    return length;
}

/* Only decimal numbers have a sign; others show the bits. */
static size_t spell_int(int value, int radix, char text[DIGITS])
{
    int negative = value < 0 && radix == 10;
    return spell(negative ? 0u - (unsigned)value : (unsigned)value, negative, radix, text);
}

static size_t spell_long(long long value, int radix, char text[DIGITS])
{
    int negative = value < 0 && radix == 10;
    unsigned long long u = (unsigned long long)value;
    return spell(negative ? 0 - u : u, negative, radix, text);
}

static WCHAR *widen(const char *text, WCHAR *to)
{
    size_t i = 0;
    do {
        to[i] = (WCHAR)(unsigned char)text[i];
    } while (text[i++]);
    return to;
}

char *w32_itoa(int value, char *to, int radix)
{
    char text[DIGITS];
    spell_int(value, radix, text);
    return strcpy(to, text);
}

char *w32_ultoa(unsigned value, char *to, int radix)
{
    return w32_ui64toa(value, to, radix);
}

char *w32_i64toa(long long value, char *to, int radix)
{
    char text[DIGITS];
    spell_long(value, radix, text);
    return strcpy(to, text);
}

char *w32_ui64toa(unsigned long long value, char *to, int radix)
{
    char text[DIGITS];
    spell(value, 0, radix, text);
    return strcpy(to, text);
}

WCHAR *w32_itow(int value, WCHAR *to, int radix)
{
    char text[DIGITS];
    spell_int(value, radix, text);
    return widen(text, to);
}

WCHAR *w32_i64tow(long long value, WCHAR *to, int radix)
{
    char text[DIGITS];
    spell_long(value, radix, text);
    return widen(text, to);
}

static errno_t check(const void *to, size_t size, int radix)
{
    return to && size > 0 && radix >= 2 && radix <= 36 ? 0 : EINVAL;
}

errno_t w32_itoa_s(int value, char *to, size_t size, int radix)
{
    char text[DIGITS];
    if (check(to, size, radix))
        return EINVAL;
    spell_int(value, radix, text);
    return w32_strcpy_s(to, size, text);
}

errno_t w32_itow_s(int value, WCHAR *to, size_t size, int radix)
{
    char text[DIGITS];
    WCHAR wide[DIGITS];
    if (check(to, size, radix))
        return EINVAL;
    spell_int(value, radix, text);
    return w32_wcscpy_s(to, size, widen(text, wide));
}

/* The ASCII beginning of wide text, to be freed; "" stands for it when memory is short. */
static char *ascii_part(const WCHAR *s)
{
    size_t n = 0;
    while (s[n] > 0 && s[n] < 0x80)
        n++;
    char *copy = malloc(n + 1);
    if (!copy)
        return NULL;
    for (size_t i = 0; i < n; i++)
        copy[i] = (char)s[i];
    copy[n] = 0;
    return copy;
}

/* C leaves open what its functions do with a base there is not. */
static int is_radix(int radix)
{
    if (radix == 0 || (radix >= 2 && radix <= 36))
        return 1;
    errno = EINVAL;
    return 0;
}

/* Runs a narrow conversion over wide text; `expression` sees `text` and `stop`. */
#define READ_NUMBER(type, s, end, expression)                                                      \
    char *text = ascii_part(s), *stop = text;                                                      \
    type value = text ? (expression) : 0;                                                          \
    if (end)                                                                                       \
        *(WCHAR **)(end) = (WCHAR *)(uintptr_t)(s) + (stop - text);                                \
    free(text);                                                                                    \
    return value

long long w32_wcstoll(const WCHAR *s, WCHAR **end, int radix)
{
    READ_NUMBER(long long, s, end, is_radix(radix) ? strtoll(text, &stop, radix) : 0);
}

unsigned long long w32_wcstoull(const WCHAR *s, WCHAR **end, int radix)
{
    READ_NUMBER(unsigned long long, s, end, is_radix(radix) ? strtoull(text, &stop, radix) : 0);
}

double w32_wcstod(const WCHAR *s, WCHAR **end)
{
    READ_NUMBER(double, s, end, strtod(text, &stop));
}

LONG w32_wcstol(const WCHAR *s, WCHAR **end, int radix)
{
    long long value = w32_wcstoll(s, end, radix);
    if (value >= INT_MIN && value <= INT_MAX)
        return (LONG)value;
    errno = ERANGE;
    return value < 0 ? INT_MIN : INT_MAX;
}

ULONG w32_wcstoul(const WCHAR *s, WCHAR **end, int radix)
{
    unsigned long long value = w32_wcstoull(s, end, radix);
    if (value <= UINT_MAX || value >= 0 - (unsigned long long)UINT_MAX)
        return (ULONG)value;
    errno = ERANGE;
    return UINT_MAX;
}

int w32_wtoi(const WCHAR *s)
{
    return w32_wcstol(s, NULL, 10);
}

long long w32_wtoi64(const WCHAR *s)
{
    return w32_wcstoll(s, NULL, 10);
}

double w32_wtof(const WCHAR *s)
{
    return w32_wcstod(s, NULL);
}
