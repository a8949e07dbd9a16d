/* string.c: lstrlen and its family, CharUpper and CharLower.
 *
 * The lstr functions take NULL without harm, as on Windows; one that copies from or to NULL returns
 * NULL. lstrcmp orders as a dictionary does, not by code: letters of either case together, the
 * small one first, digits before letters, other characters before digits, and "co-op" next to
 * "coop". */
#include <string.h>

#include "letter.h"
#include "utf.h"
#include "windows.h"

int WINAPI lstrlenA(LPCSTR lpString)
{
    return lpString ? (int)strlen(lpString) : 0;
}

int WINAPI lstrlenW(LPCWSTR lpString)
{
    return lpString ? (int)win32_wide_length(lpString) : 0;
}

LPSTR WINAPI lstrcpyA(LPSTR lpString1, LPCSTR lpString2)
{
    return lpString1 && lpString2 ? memmove(lpString1, lpString2, strlen(lpString2) + 1) : NULL;
}

LPWSTR WINAPI lstrcpyW(LPWSTR lpString1, LPCWSTR lpString2)
{
    return lpString1 && lpString2
               ? memmove(lpString1, lpString2, (win32_wide_length(lpString2) + 1) * sizeof(WCHAR))
               : NULL;
}

LPSTR WINAPI lstrcpynA(LPSTR lpString1, LPCSTR lpString2, int iMaxLength)
{
    if (!lpString1 || !lpString2)
        return NULL;
    if (iMaxLength > 0) {
        size_t n = strnlen(lpString2, (size_t)iMaxLength - 1);
        memmove(lpString1, lpString2, n);
        lpString1[n] = 0;
    }
    return lpString1;
}

LPWSTR WINAPI lstrcpynW(LPWSTR lpString1, LPCWSTR lpString2, int iMaxLength)
{
    if (!lpString1 || !lpString2)
        return NULL;
    int n = 0;
    while (n < iMaxLength - 1 && lpString2[n])
        n++;
    if (iMaxLength > 0) {
        memmove(lpString1, lpString2, (size_t)n * sizeof(WCHAR));
        lpString1[n] = 0;
    }
    return lpString1;
}

LPSTR WINAPI lstrcatA(LPSTR lpString1, LPCSTR lpString2)
{
    if (!lpString1 || !lpString2)
        return NULL;
    lstrcpyA(lpString1 + strlen(lpString1), lpString2);
    return lpString1;
}

LPWSTR WINAPI lstrcatW(LPWSTR lpString1, LPCWSTR lpString2)
{
    if (!lpString1 || !lpString2)
        return NULL;
    lstrcpyW(lpString1 + win32_wide_length(lpString1), lpString2);
    return lpString1;
}

/* A string of either kind, read code point by code point. */
struct reader {
    const void *p, *end;
    BOOL wide;
};

static struct reader read_narrow(LPCSTR s)
{
    return (struct reader){s, s + strlen(s), FALSE};
}

static struct reader read_wide(LPCWSTR s)
{
    return (struct reader){s, s + win32_wide_length(s), TRUE};
}

/* The next code point; 0 at the end. Bytes that are no UTF-8 sort behind all text. */
static uint32_t next(struct reader *r)
{
    uint32_t c;
    if (r->p == r->end)
        return 0;
    if (r->wide) {
        const WCHAR *p = r->p;
        c = win32_wide_next(&p, r->end);
        r->p = p;
    } else {
        const char *p = r->p;
        c = win32_utf8_next(&p, r->end, 1);
        r->p = p;
    }
    return c;
}

/* Where a character stands in the order, case aside. */
static uint32_t rank(uint32_t c)
{
    enum { SYMBOL = 1 << 24, DIGIT = 2 << 24, LETTER = 3 << 24 };
    uint32_t low = win32_lower(c);
    if (c == 0 || c == WIN32_UTF_BAD)
        return c;
    if (low >= '0' && low <= '9')
        return DIGIT + low;
    return (low < 0x80 && !(low >= 'a' && low <= 'z') ? SYMBOL : LETTER) + low;
}

static int sign(uint32_t a, uint32_t b)
{
    return (a > b) - (a < b);
}

/* The next character that counts; steps over hyphens and apostrophes, whose number grows. */
static uint32_t next_letter(struct reader *r, int *marks)
{
    uint32_t c;
    while ((c = next(r)) == '-' || c == '\'')
        ++*marks;
    return c;
}

/* Case decides only between strings that are the same without it; marks, where a word is joined
 * or shortened, only between strings that are the same without them. */
static int compare(struct reader a, struct reader b, BOOL ignore_case)
{
    int by_case = 0, by_marks = 0, marks_a = 0, marks_b = 0;
    for (;;) {
        uint32_t ca = next_letter(&a, &marks_a), cb = next_letter(&b, &marks_b);
        int order = sign(rank(ca), rank(cb));
        if (order != 0)
            return order;
        if (by_case == 0 && !ignore_case)
            by_case = sign(cb, ca);
        if (by_marks == 0)
            by_marks = (marks_a > marks_b) - (marks_a < marks_b);
        if (ca == 0)
            return by_case != 0 ? by_case : by_marks;
    }
}

/* NULL is before everything else. */
static int compare_narrow(LPCSTR a, LPCSTR b, BOOL ignore_case)
{
    return a && b ? compare(read_narrow(a), read_narrow(b), ignore_case)
                  : (a != NULL) - (b != NULL);
}

static int compare_wide(LPCWSTR a, LPCWSTR b, BOOL ignore_case)
{
    return a && b ? compare(read_wide(a), read_wide(b), ignore_case) : (a != NULL) - (b != NULL);
}

int WINAPI lstrcmpA(LPCSTR lpString1, LPCSTR lpString2)
{
    return compare_narrow(lpString1, lpString2, FALSE);
}

int WINAPI lstrcmpW(LPCWSTR lpString1, LPCWSTR lpString2)
{
    return compare_wide(lpString1, lpString2, FALSE);
}

int WINAPI lstrcmpiA(LPCSTR lpString1, LPCSTR lpString2)
{
    return compare_narrow(lpString1, lpString2, TRUE);
}

int WINAPI lstrcmpiW(LPCWSTR lpString1, LPCWSTR lpString2)
{
    return compare_wide(lpString1, lpString2, TRUE);
}

/* A "pointer" of at most 16 bits is a character, not a string. */
static BOOL is_char(const void *p)
{
    return (UINT_PTR)p <= 0xFFFF;
}

/* In place: a letter whose other case has another length stays as it is. */
static LPSTR convert_narrow(LPSTR s, uint32_t (*letter)(uint32_t))
{
    char bytes[4];
    if (is_char(s)) {
        uint32_t c = (uint32_t)(UINT_PTR)s;
        return (LPSTR)(UINT_PTR)(c < 0x80 ? letter(c) : c);
    }
    const char *end = s + strlen(s);
    for (const char *p = s; p != end;) {
        size_t at = (size_t)(p - s);
        uint32_t c = win32_utf8_next(&p, end, 1);
        size_t n = (size_t)(p - s) - at;
        if (c != WIN32_UTF_BAD && win32_utf8_put(letter(c), bytes) == n)
            memcpy(s + at, bytes, n);
    }
    return s;
}

static LPWSTR convert_wide(LPWSTR s, uint32_t (*letter)(uint32_t))
{
    if (is_char(s))
        return (LPWSTR)(UINT_PTR)letter((uint32_t)(UINT_PTR)s);
    for (WCHAR *p = s; *p; p++) {
        uint32_t c = letter(*p);
        if (c <= 0xFFFF)
            *p = (WCHAR)c;
    }
    return s;
}

LPSTR WINAPI CharUpperA(LPSTR lpsz)
{
    return convert_narrow(lpsz, win32_upper);
}

LPWSTR WINAPI CharUpperW(LPWSTR lpsz)
{
    return convert_wide(lpsz, win32_upper);
}

LPSTR WINAPI CharLowerA(LPSTR lpsz)
{
    return convert_narrow(lpsz, win32_lower);
}

LPWSTR WINAPI CharLowerW(LPWSTR lpsz)
{
    return convert_wide(lpsz, win32_lower);
}
