/* strsafe.c: string functions that always terminate and always tell.
 *
 * A target that is too small gets what fits, terminated; the result is then
 * STRSAFE_E_INSUFFICIENT_BUFFER. A size of 0 or beyond STRSAFE_MAX_CCH is
 * STRSAFE_E_INVALID_PARAMETER and nothing is written. */
#include "strsafe.h"

#include <stdlib.h>
#include <string.h>

#include "format.h"

/* One kind of text: the size of its unit. */
enum { NARROW = 1, WIDE = sizeof(WCHAR) };

/* The length of text of at most `max` units; `max` if it does not end before. */
static size_t length_of(const void *text, size_t max, size_t unit)
{
    static const char zero[sizeof(WCHAR)] = {0};
    size_t n = 0;
    while (n < max && memcmp((const char *)text + n * unit, zero, unit) != 0)
        n++;
    return n;
}

static HRESULT check_target(const void *target, size_t size)
{
    return target && size > 0 && size <= STRSAFE_MAX_CCH ? S_OK : STRSAFE_E_INVALID_PARAMETER;
}

/* Puts n units at index `at`, as many as fit. */
static HRESULT put(void *target, size_t size, size_t at, const void *text, size_t n, size_t unit)
{
    size_t room = size - at - 1, some = n < room ? n : room;
    memmove((char *)target + at * unit, text, some * unit);
    memset((char *)target + (at + some) * unit, 0, unit);
    return n <= room ? S_OK : STRSAFE_E_INSUFFICIENT_BUFFER;
}

static HRESULT copy(void *target, size_t size, const void *text, size_t count, size_t unit)
{
    HRESULT hr = check_target(target, size);
    if (FAILED(hr))
        return hr;
    if (!text || count > STRSAFE_MAX_CCH) {
        memset(target, 0, unit);
        return STRSAFE_E_INVALID_PARAMETER;
    }
    /* One unit more than fits is enough to see that it does not. */
    return put(target, size, 0, text, length_of(text, count < size ? count : size, unit), unit);
}

static HRESULT cat(void *target, size_t size, const void *text, size_t count, size_t unit)
{
    if (FAILED(check_target(target, size)) || !text || count > STRSAFE_MAX_CCH)
        return STRSAFE_E_INVALID_PARAMETER;
    size_t at = length_of(target, size, unit);
    if (at == size)
        return STRSAFE_E_INVALID_PARAMETER;
    return put(target, size, at, text, length_of(text, count < size ? count : size, unit), unit);
}

static HRESULT print(void *target, size_t size, const void *format, va_list arguments, size_t unit)
{
    struct win32_units u;
    HRESULT hr = check_target(target, size);
    if (FAILED(hr))
        return hr;
    if (!format ||
        win32_format_units(&u, unit == WIDE ? WIN32_FORMAT_WIDE : 0, format, arguments) < 0) {
        memset(target, 0, unit);
        return STRSAFE_E_INVALID_PARAMETER;
    }
    hr = put(target, size, 0, u.data, u.length, unit);
    free(u.data);
    return hr;
}

static HRESULT measure(const void *text, size_t max, size_t *length, size_t unit, size_t scale)
{
    size_t n = text && max > 0 && max <= STRSAFE_MAX_CCH ? length_of(text, max, unit) : max;
    HRESULT hr = n < max ? S_OK : STRSAFE_E_INVALID_PARAMETER;
    if (length)
        *length = hr == S_OK ? n * scale : 0;
    return hr;
}

/* The functions of one kind of text. Sizes of the Cb functions are bytes. */
#define FUNCTIONS(X, UNIT, STRING, CSTRING)                                                        \
    HRESULT WINAPI StringCchCopy##X(STRING pszDest, size_t cchDest, CSTRING pszSrc)                \
    {                                                                                              \
        return copy(pszDest, cchDest, pszSrc, STRSAFE_MAX_CCH, UNIT);                              \
    }                                                                                              \
    HRESULT WINAPI StringCbCopy##X(STRING pszDest, size_t cbDest, CSTRING pszSrc)                  \
    {                                                                                              \
        return copy(pszDest, cbDest / UNIT, pszSrc, STRSAFE_MAX_CCH, UNIT);                        \
    }                                                                                              \
    HRESULT WINAPI StringCchCopyN##X(STRING pszDest, size_t cchDest, CSTRING pszSrc,               \
                                     size_t cchToCopy)                                             \
    {                                                                                              \
        return copy(pszDest, cchDest, pszSrc, cchToCopy, UNIT);                                    \
    }                                                                                              \
    HRESULT WINAPI StringCbCopyN##X(STRING pszDest, size_t cbDest, CSTRING pszSrc,                 \
                                    size_t cbToCopy)                                               \
    {                                                                                              \
        return copy(pszDest, cbDest / UNIT, pszSrc, cbToCopy / UNIT, UNIT);                        \
    }                                                                                              \
    HRESULT WINAPI StringCchCat##X(STRING pszDest, size_t cchDest, CSTRING pszSrc)                 \
    {                                                                                              \
        return cat(pszDest, cchDest, pszSrc, STRSAFE_MAX_CCH, UNIT);                               \
    }                                                                                              \
    HRESULT WINAPI StringCbCat##X(STRING pszDest, size_t cbDest, CSTRING pszSrc)                   \
    {                                                                                              \
        return cat(pszDest, cbDest / UNIT, pszSrc, STRSAFE_MAX_CCH, UNIT);                         \
    }                                                                                              \
    HRESULT WINAPI StringCchCatN##X(STRING pszDest, size_t cchDest, CSTRING pszSrc,                \
                                    size_t cchToAppend)                                            \
    {                                                                                              \
        return cat(pszDest, cchDest, pszSrc, cchToAppend, UNIT);                                   \
    }                                                                                              \
    HRESULT WINAPI StringCbCatN##X(STRING pszDest, size_t cbDest, CSTRING pszSrc,                  \
                                   size_t cbToAppend)                                              \
    {                                                                                              \
        return cat(pszDest, cbDest / UNIT, pszSrc, cbToAppend / UNIT, UNIT);                       \
    }                                                                                              \
    HRESULT WINAPI StringCchVPrintf##X(STRING pszDest, size_t cchDest, CSTRING pszFormat,          \
                                       va_list argList)                                            \
    {                                                                                              \
        return print(pszDest, cchDest, pszFormat, argList, UNIT);                                  \
    }                                                                                              \
    HRESULT WINAPI StringCbVPrintf##X(STRING pszDest, size_t cbDest, CSTRING pszFormat,            \
                                      va_list argList)                                             \
    {                                                                                              \
        return print(pszDest, cbDest / UNIT, pszFormat, argList, UNIT);                            \
    }                                                                                              \
    HRESULT WINAPIV StringCchPrintf##X(STRING pszDest, size_t cchDest, CSTRING pszFormat, ...)     \
    {                                                                                              \
        va_list a;                                                                                 \
        va_start(a, pszFormat);                                                                    \
        HRESULT hr = print(pszDest, cchDest, pszFormat, a, UNIT);                                  \
        va_end(a);                                                                                 \
        return hr;                                                                                 \
    }                                                                                              \
    HRESULT WINAPIV StringCbPrintf##X(STRING pszDest, size_t cbDest, CSTRING pszFormat, ...)       \
    {                                                                                              \
        va_list a;                                                                                 \
        va_start(a, pszFormat);                                                                    \
        HRESULT hr = print(pszDest, cbDest / UNIT, pszFormat, a, UNIT);                            \
        va_end(a);                                                                                 \
        return hr;                                                                                 \
    }                                                                                              \
    HRESULT WINAPI StringCchLength##X(CSTRING psz, size_t cchMax, size_t *pcchLength)              \
    {                                                                                              \
        return measure(psz, cchMax, pcchLength, UNIT, 1);                                          \
    }                                                                                              \
    HRESULT WINAPI StringCbLength##X(CSTRING psz, size_t cbMax, size_t *pcbLength)                 \
    {                                                                                              \
        return measure(psz, cbMax / UNIT, pcbLength, UNIT, UNIT);                                  \
    }

FUNCTIONS(A, NARROW, LPSTR, LPCSTR)
FUNCTIONS(W, WIDE, LPWSTR, LPCWSTR)
