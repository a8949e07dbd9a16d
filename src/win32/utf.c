/* utf.c: between UTF-8 and UTF-16, for hostile input. */
#include "utf.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

size_t win32_wide_length(const WCHAR *s)
{
    size_t n = 0;
    while (s[n])
        n++;
    return n;
}

/* How many bytes follow a lead byte, and the range the first of them must lie in. */
static unsigned lead(unsigned char b, int surrogates, unsigned char *low, unsigned char *high)
{
    *low = 0x80;
    *high = 0xBF;
    if (b < 0xC2 || b > 0xF4)
        return 0;
    if (b == 0xE0)
        *low = 0xA0;
    else if (b == 0xED && !surrogates)
        *high = 0x9F;
    else if (b == 0xF0)
        *low = 0x90;
    else if (b == 0xF4)
        *high = 0x8F;
    return b < 0xE0 ? 1 : b < 0xF0 ? 2 : 3;
}

uint32_t win32_utf8_next(const char **p, const char *end, int surrogates)
{
    unsigned char b = (unsigned char)*(*p)++, low, high;
    if (b < 0x80)
        return b;
    unsigned more = lead(b, surrogates, &low, &high);
    if (more == 0)
        return WIN32_UTF_BAD;
    uint32_t c = b & (0x3Fu >> more);
    for (; more > 0; more--) {
        if (*p == end || (unsigned char)**p < low || (unsigned char)**p > high)
            return WIN32_UTF_BAD;
        c = c << 6 | ((unsigned char)*(*p)++ & 0x3F);
        low = 0x80;
        high = 0xBF;
    }
    return c;
}

uint32_t win32_wide_next(const WCHAR **p, const WCHAR *end)
{
    uint32_t c = *(*p)++;
    if (c < 0xD800 || c > 0xDBFF || *p == end || **p < 0xDC00 || **p > 0xDFFF)
        return c;
    return 0x10000 + ((c - 0xD800) << 10) + (uint32_t)(*(*p)++ - 0xDC00);
}

size_t win32_utf8_put(uint32_t c, char out[4])
{
    size_t n = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
    static const unsigned char mark[] = {0, 0, 0xC0, 0xE0, 0xF0};
    for (size_t i = n - 1; i > 0; i--) {
        out[i] = (char)(0x80 | (c & 0x3F));
        c >>= 6;
    }
    out[0] = (char)(mark[n] | c);
    return n;
}

size_t win32_wide_put(uint32_t c, WCHAR out[2])
{
    if (c < 0x10000) {
        out[0] = (WCHAR)c;
        return 1;
    }
    c -= 0x10000;
    out[0] = (WCHAR)(0xD800 + (c >> 10));
    out[1] = (WCHAR)(0xDC00 + (c & 0x3FF));
    return 2;
}

size_t win32_utf8_convert(const WCHAR *s, size_t n, char *out, size_t capacity)
{
    size_t need = 0;
    for (const WCHAR *end = s + n; s != end;) {
        char bytes[4];
        size_t k = win32_utf8_put(win32_wide_next(&s, end), bytes);
        if (need + k <= capacity)
            memcpy(out + need, bytes, k);
        else
            capacity = 0; /* nothing after the first that did not fit */
        need += k;
    }
    return need;
}

size_t win32_wide_convert(const char *s, size_t n, WCHAR *out, size_t capacity)
{
    size_t need = 0;
    for (const char *end = s + n; s != end;) {
        WCHAR units[2];
        uint32_t c = win32_utf8_next(&s, end, 1);
        size_t k = win32_wide_put(c == WIN32_UTF_BAD ? WIN32_UTF_REPLACEMENT : c, units);
        if (need + k <= capacity)
            memcpy(out + need, units, k * sizeof *units);
        else
            capacity = 0;
        need += k;
    }
    return need;
}

int win32_utf8_from_wide_n(const WCHAR *s, size_t n, char **out, size_t *length)
{
    size_t need = win32_utf8_convert(s, n, NULL, 0);
    char *copy = malloc(need + 1);
    if (!copy)
        return -ENOMEM;
    win32_utf8_convert(s, n, copy, need);
    copy[need] = 0;
    *out = copy;
    if (length)
        *length = need;
    return 0;
}

int win32_wide_from_utf8_n(const char *s, size_t n, WCHAR **out, size_t *length)
{
    size_t need = win32_wide_convert(s, n, NULL, 0);
    WCHAR *copy = malloc((need + 1) * sizeof *copy);
    if (!copy)
        return -ENOMEM;
    win32_wide_convert(s, n, copy, need);
    copy[need] = 0;
    *out = copy;
    if (length)
        *length = need;
    return 0;
}

int win32_utf8_from_wide(const WCHAR *s, char **out)
{
    if (s)
        return win32_utf8_from_wide_n(s, win32_wide_length(s), out, NULL);
    *out = NULL;
    return 0;
}

int win32_wide_from_utf8(const char *s, WCHAR **out)
{
    if (s)
        return win32_wide_from_utf8_n(s, strlen(s), out, NULL);
    *out = NULL;
    return 0;
}
