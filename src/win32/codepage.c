/* codepage.c: MultiByteToWideChar and WideCharToMultiByte. Every 8-bit code page is UTF-8.
 *
 * Unlike the conversions in utf.h these are strict: surrogates have no UTF-8 form. */
#include <limits.h>
#include <string.h>

#include "utf.h"
#include "windows.h"

static BOOL is_utf8_page(UINT page)
{
    return page == CP_UTF8 || page <= CP_THREAD_ACP;
}

/* The flags that say nothing in UTF-8 are accepted for the default code page only, as Windows
 * accepts none of them for CP_UTF8. */
static DWORD allowed_flags(UINT page, DWORD utf8, DWORD others)
{
    return page == CP_UTF8 ? utf8 : utf8 | others;
}

static int fail(DWORD code)
{
    SetLastError(code);
    return 0;
}

/* What both directions check about their buffers. */
static BOOL buffers_are_good(const void *source, const void *target, int capacity)
{
    return source && source != target && capacity >= 0 && (capacity == 0 || target);
}

struct target {
    void *out;
    size_t unit, used, capacity;
    DWORD error;
};

static void append(struct target *t, const void *units, size_t n)
{
    if (t->capacity > 0 && t->used + n > t->capacity)
        t->error = ERROR_INSUFFICIENT_BUFFER;
    else if (t->capacity > 0)
        memcpy((char *)t->out + t->used * t->unit, units, n * t->unit);
    t->used += n;
    if (t->used > INT_MAX)
        t->error = ERROR_INVALID_PARAMETER;
}

static int finish(const struct target *t)
{
    return t->error ? fail(t->error) : (int)t->used;
}

WINBASEAPI int WINAPI MultiByteToWideChar(UINT CodePage, DWORD dwFlags, LPCSTR lpMultiByteStr,
                                          int cbMultiByte, LPWSTR lpWideCharStr, int cchWideChar)
{
    if (!is_utf8_page(CodePage) || cbMultiByte == 0 ||
        !buffers_are_good(lpMultiByteStr, lpWideCharStr, cchWideChar))
        return fail(ERROR_INVALID_PARAMETER);
    if (dwFlags & ~allowed_flags(CodePage, MB_ERR_INVALID_CHARS,
                                 MB_PRECOMPOSED | MB_COMPOSITE | MB_USEGLYPHCHARS))
        return fail(ERROR_INVALID_FLAGS);
    struct target t = {lpWideCharStr, sizeof(WCHAR), 0, (size_t)cchWideChar, 0};
    const char *p = lpMultiByteStr;
    const char *end = p + (cbMultiByte < 0 ? strlen(p) + 1 : (size_t)cbMultiByte);
    while (p != end && !t.error) {
        WCHAR units[2];
        uint32_t c = win32_utf8_next(&p, end, 0);
        if (c == WIN32_UTF_BAD && (dwFlags & MB_ERR_INVALID_CHARS))
            return fail(ERROR_NO_UNICODE_TRANSLATION);
        append(&t, units, win32_wide_put(c == WIN32_UTF_BAD ? WIN32_UTF_REPLACEMENT : c, units));
    }
    return finish(&t);
}

static BOOL is_surrogate(uint32_t c)
{
    return c >= 0xD800 && c <= 0xDFFF;
}

/* Writes what stands for a lone surrogate. */
static void append_default(struct target *t, LPCSTR lpDefaultChar, LPBOOL lpUsedDefaultChar)
{
    char bytes[4];
    if (lpUsedDefaultChar)
        *lpUsedDefaultChar = TRUE;
    if (lpDefaultChar)
        append(t, lpDefaultChar, 1);
    else
        append(t, bytes, win32_utf8_put(WIN32_UTF_REPLACEMENT, bytes));
}

WINBASEAPI int WINAPI WideCharToMultiByte(UINT CodePage, DWORD dwFlags, LPCWSTR lpWideCharStr,
                                          int cchWideChar, LPSTR lpMultiByteStr, int cbMultiByte,
                                          LPCSTR lpDefaultChar, LPBOOL lpUsedDefaultChar)
{
    if (!is_utf8_page(CodePage) || cchWideChar == 0 ||
        !buffers_are_good(lpWideCharStr, lpMultiByteStr, cbMultiByte) ||
        (CodePage == CP_UTF8 && (lpDefaultChar || lpUsedDefaultChar)))
        return fail(ERROR_INVALID_PARAMETER);
    if (dwFlags & ~allowed_flags(CodePage, WC_ERR_INVALID_CHARS,
                                 WC_COMPOSITECHECK | WC_DISCARDNS | WC_SEPCHARS | WC_DEFAULTCHAR |
                                     WC_NO_BEST_FIT_CHARS))
        return fail(ERROR_INVALID_FLAGS);
    if (lpUsedDefaultChar)
        *lpUsedDefaultChar = FALSE;
    struct target t = {lpMultiByteStr, 1, 0, (size_t)cbMultiByte, 0};
    const WCHAR *p = lpWideCharStr;
    const WCHAR *end = p + (cchWideChar < 0 ? win32_wide_length(p) + 1 : (size_t)cchWideChar);
    while (p != end && !t.error) {
        char bytes[4];
        uint32_t c = win32_wide_next(&p, end);
        if (is_surrogate(c) && (dwFlags & WC_ERR_INVALID_CHARS))
            return fail(ERROR_NO_UNICODE_TRANSLATION);
        if (is_surrogate(c))
            append_default(&t, lpDefaultChar, lpUsedDefaultChar);
        else
            append(&t, bytes, win32_utf8_put(c, bytes));
    }
    return finish(&t);
}
