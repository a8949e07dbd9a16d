/* w32crt.h: functions of Microsoft's C library that the C library of this system lacks, or has for
 * 32-bit wide characters only. Internal to these headers: windows.h and tchar.h bring it in.
 *
 * Each function is exported as w32_NAME and gets its usual name here. printf itself stays the C
 * library's; with W32_PRINTF defined it follows Microsoft's rules, too (%ld takes 32 bits; %I64d
 * and %S exist). The wide functions have their usual names in C when UNICODE is defined or wchar_t
 * has 16 bits; in C++ they are overloads. */
#ifndef W32_CRT_H
#define W32_CRT_H

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>
#ifdef __cplusplus
#include <cstdio>
#include <cwchar>
#include <cwctype>
#else
#include <wchar.h>
#include <wctype.h>
#endif

#include "winnt.h"

typedef int errno_t;
typedef size_t rsize_t;

#define _TRUNCATE ((size_t)-1)
#define STRUNCATE 80
#ifndef _countof
#define _countof(a) (sizeof(a) / sizeof((a)[0]))
#endif
#define _MAX_PATH 260
#define _MAX_DRIVE 3
#define _MAX_DIR 256
#define _MAX_FNAME 256
#define _MAX_EXT 256

W32_BEGIN
/* printf, narrow: `old` is the rule of _snprintf, where the terminator may be missing. */
WINBASEAPI int w32_fprintf(FILE *stream, const char *format, ...);
WINBASEAPI int w32_vfprintf(FILE *stream, const char *format, va_list arguments);
WINBASEAPI int w32_printf(const char *format, ...);
WINBASEAPI int w32_vprintf(const char *format, va_list arguments);
WINBASEAPI int w32_sprintf(char *buffer, const char *format, ...);
WINBASEAPI int w32_vsprintf(char *buffer, const char *format, va_list arguments);
WINBASEAPI int w32_snprintf(char *buffer, size_t size, const char *format, ...);
WINBASEAPI int w32_vsnprintf(char *buffer, size_t size, const char *format, va_list arguments);
WINBASEAPI int w32_old_snprintf(char *buffer, size_t count, const char *format, ...);
WINBASEAPI int w32_vold_snprintf(char *buffer, size_t count, const char *format, va_list arguments);
WINBASEAPI int w32_sprintf_s(char *buffer, size_t size, const char *format, ...);
WINBASEAPI int w32_vsprintf_s(char *buffer, size_t size, const char *format, va_list arguments);
WINBASEAPI int w32_snprintf_s(char *buffer, size_t size, size_t count, const char *format, ...);
WINBASEAPI int w32_vsnprintf_s(char *buffer, size_t size, size_t count, const char *format,
                               va_list arguments);
WINBASEAPI int w32_scprintf(const char *format, ...);
WINBASEAPI int w32_vscprintf(const char *format, va_list arguments);

/* printf, wide. Streams receive UTF-8. */
WINBASEAPI int w32_fwprintf(FILE *stream, const WCHAR *format, ...);
WINBASEAPI int w32_vfwprintf(FILE *stream, const WCHAR *format, va_list arguments);
WINBASEAPI int w32_wprintf(const WCHAR *format, ...);
WINBASEAPI int w32_vwprintf(const WCHAR *format, va_list arguments);
WINBASEAPI int w32_swprintf(WCHAR *buffer, const WCHAR *format, ...);
WINBASEAPI int w32_vswprintf(WCHAR *buffer, const WCHAR *format, va_list arguments);
WINBASEAPI int w32_snwprintf(WCHAR *buffer, size_t size, const WCHAR *format, ...);
WINBASEAPI int w32_vsnwprintf(WCHAR *buffer, size_t size, const WCHAR *format, va_list arguments);
WINBASEAPI int w32_old_snwprintf(WCHAR *buffer, size_t count, const WCHAR *format, ...);
WINBASEAPI int w32_vold_snwprintf(WCHAR *buffer, size_t count, const WCHAR *format,
                                  va_list arguments);
WINBASEAPI int w32_swprintf_s(WCHAR *buffer, size_t size, const WCHAR *format, ...);
WINBASEAPI int w32_vswprintf_s(WCHAR *buffer, size_t size, const WCHAR *format, va_list arguments);
WINBASEAPI int w32_snwprintf_s(WCHAR *buffer, size_t size, size_t count, const WCHAR *format, ...);
WINBASEAPI int w32_vsnwprintf_s(WCHAR *buffer, size_t size, size_t count, const WCHAR *format,
                                va_list arguments);
WINBASEAPI int w32_scwprintf(const WCHAR *format, ...);
WINBASEAPI int w32_vscwprintf(const WCHAR *format, va_list arguments);

/* Strings, narrow. */
WINBASEAPI errno_t w32_strcpy_s(char *to, size_t size, const char *from);
WINBASEAPI errno_t w32_strcat_s(char *to, size_t size, const char *from);
WINBASEAPI errno_t w32_strncpy_s(char *to, size_t size, const char *from, size_t count);
WINBASEAPI errno_t w32_strncat_s(char *to, size_t size, const char *from, size_t count);
WINBASEAPI errno_t w32_strerror_s(char *to, size_t size, int number);
WINBASEAPI char *w32_strdup(const char *s);
WINBASEAPI size_t w32_strnlen(const char *s, size_t count);
WINBASEAPI char *w32_strtok_s(char *s, const char *set, char **context);
WINBASEAPI char *w32_strupr(char *s);
WINBASEAPI char *w32_strlwr(char *s);
WINBASEAPI char *w32_strrev(char *s);
WINBASEAPI char *w32_itoa(int value, char *to, int radix);
WINBASEAPI char *w32_ultoa(unsigned value, char *to, int radix);
WINBASEAPI char *w32_i64toa(long long value, char *to, int radix);
WINBASEAPI char *w32_ui64toa(unsigned long long value, char *to, int radix);
WINBASEAPI errno_t w32_itoa_s(int value, char *to, size_t size, int radix);
WINBASEAPI char *w32_gets_s(char *to, size_t size);
WINBASEAPI errno_t w32_memcpy_s(void *to, size_t size, const void *from, size_t count);
WINBASEAPI errno_t w32_memmove_s(void *to, size_t size, const void *from, size_t count);
WINBASEAPI errno_t w32_fopen_s(FILE **stream, const char *name, const char *mode);
WINBASEAPI errno_t w32_localtime_s(struct tm *to, const time_t *from);
WINBASEAPI errno_t w32_gmtime_s(struct tm *to, const time_t *from);

/* scanf_s and the wide scanf: %s, %c and %[ take a size after the buffer in scanf_s. */
WINBASEAPI int w32_scanf_s(const char *format, ...);
WINBASEAPI int w32_fscanf_s(FILE *stream, const char *format, ...);
WINBASEAPI int w32_sscanf_s(const char *text, const char *format, ...);
WINBASEAPI int w32_wscanf(const WCHAR *format, ...);
WINBASEAPI int w32_fwscanf(FILE *stream, const WCHAR *format, ...);
WINBASEAPI int w32_swscanf(const WCHAR *text, const WCHAR *format, ...);
WINBASEAPI int w32_wscanf_s(const WCHAR *format, ...);
WINBASEAPI int w32_fwscanf_s(FILE *stream, const WCHAR *format, ...);
WINBASEAPI int w32_swscanf_s(const WCHAR *text, const WCHAR *format, ...);

/* Strings of 16-bit units. */
WINBASEAPI size_t w32_wcslen(const WCHAR *s);
WINBASEAPI size_t w32_wcsnlen(const WCHAR *s, size_t count);
WINBASEAPI WCHAR *w32_wcscpy(WCHAR *to, const WCHAR *from);
WINBASEAPI WCHAR *w32_wcsncpy(WCHAR *to, const WCHAR *from, size_t count);
WINBASEAPI WCHAR *w32_wcscat(WCHAR *to, const WCHAR *from);
WINBASEAPI WCHAR *w32_wcsncat(WCHAR *to, const WCHAR *from, size_t count);
WINBASEAPI int w32_wcscmp(const WCHAR *a, const WCHAR *b);
WINBASEAPI int w32_wcsncmp(const WCHAR *a, const WCHAR *b, size_t count);
WINBASEAPI int w32_wcsicmp(const WCHAR *a, const WCHAR *b);
WINBASEAPI int w32_wcsnicmp(const WCHAR *a, const WCHAR *b, size_t count);
WINBASEAPI WCHAR *w32_wcschr(const WCHAR *s, WCHAR c);
WINBASEAPI WCHAR *w32_wcsrchr(const WCHAR *s, WCHAR c);
WINBASEAPI WCHAR *w32_wcsstr(const WCHAR *s, const WCHAR *part);
WINBASEAPI WCHAR *w32_wcspbrk(const WCHAR *s, const WCHAR *set);
WINBASEAPI size_t w32_wcsspn(const WCHAR *s, const WCHAR *set);
WINBASEAPI size_t w32_wcscspn(const WCHAR *s, const WCHAR *set);
WINBASEAPI WCHAR *w32_wcstok(WCHAR *s, const WCHAR *set);
WINBASEAPI WCHAR *w32_wcstok_s(WCHAR *s, const WCHAR *set, WCHAR **context);
WINBASEAPI WCHAR *w32_wcsdup(const WCHAR *s);
WINBASEAPI WCHAR *w32_wcsupr(WCHAR *s);
WINBASEAPI WCHAR *w32_wcslwr(WCHAR *s);
WINBASEAPI WCHAR *w32_wcsrev(WCHAR *s);
WINBASEAPI errno_t w32_wcscpy_s(WCHAR *to, size_t size, const WCHAR *from);
WINBASEAPI errno_t w32_wcscat_s(WCHAR *to, size_t size, const WCHAR *from);
WINBASEAPI errno_t w32_wcsncpy_s(WCHAR *to, size_t size, const WCHAR *from, size_t count);
WINBASEAPI errno_t w32_wcsncat_s(WCHAR *to, size_t size, const WCHAR *from, size_t count);
WINBASEAPI int w32_wtoi(const WCHAR *s);
WINBASEAPI long long w32_wtoi64(const WCHAR *s);
WINBASEAPI double w32_wtof(const WCHAR *s);
WINBASEAPI LONG w32_wcstol(const WCHAR *s, WCHAR **end, int radix);
WINBASEAPI ULONG w32_wcstoul(const WCHAR *s, WCHAR **end, int radix);
WINBASEAPI long long w32_wcstoll(const WCHAR *s, WCHAR **end, int radix);
WINBASEAPI unsigned long long w32_wcstoull(const WCHAR *s, WCHAR **end, int radix);
WINBASEAPI double w32_wcstod(const WCHAR *s, WCHAR **end);
WINBASEAPI WCHAR *w32_itow(int value, WCHAR *to, int radix);
WINBASEAPI WCHAR *w32_i64tow(long long value, WCHAR *to, int radix);
WINBASEAPI errno_t w32_itow_s(int value, WCHAR *to, size_t size, int radix);

/* Wide text on streams. */
WINBASEAPI int w32_write_wide(const WCHAR *s, size_t count, FILE *stream);
WINBASEAPI int w32_fputws(const WCHAR *s, FILE *stream);
WINBASEAPI int w32_putws(const WCHAR *s);
WINBASEAPI WCHAR *w32_fgetws(WCHAR *to, int size, FILE *stream);
WINBASEAPI WCHAR *w32_getws_s(WCHAR *to, size_t size);
WINBASEAPI wint_t w32_fputwc(WCHAR c, FILE *stream);
WINBASEAPI wint_t w32_fgetwc(FILE *stream);
WINBASEAPI FILE *w32_wfopen(const WCHAR *name, const WCHAR *mode);
WINBASEAPI errno_t w32_wfopen_s(FILE **stream, const WCHAR *name, const WCHAR *mode);
WINBASEAPI int w32_wremove(const WCHAR *name);
WINBASEAPI int w32_wsystem(const WCHAR *command);
W32_END

/* The usual names, narrow. */
#define _stricmp strcasecmp
#define _strcmpi strcasecmp
#define stricmp strcasecmp
#define strcmpi strcasecmp
#define _strnicmp strncasecmp
#define strnicmp strncasecmp
#define _strdup w32_strdup
#define strtok_s w32_strtok_s
#define _strupr w32_strupr
#define strupr w32_strupr
#define _strlwr w32_strlwr
#define strlwr w32_strlwr
#define _strrev w32_strrev
#define strrev w32_strrev
#define _itoa w32_itoa
#define itoa w32_itoa
#define _ltoa w32_itoa
#define ltoa w32_itoa
#define _ultoa w32_ultoa
#define ultoa w32_ultoa
#define _i64toa w32_i64toa
#define _ui64toa w32_ui64toa
#define _itoa_s w32_itoa_s
#define _ltoa_s w32_itoa_s
#define _atoi64 atoll
#define _strtoi64 strtoll
#define _strtoui64 strtoull
#define strcpy_s w32_strcpy_s
#define strcat_s w32_strcat_s
#define strncpy_s w32_strncpy_s
#define strncat_s w32_strncat_s
#define strnlen_s w32_strnlen
#define strerror_s w32_strerror_s
#define memcpy_s w32_memcpy_s
#define memmove_s w32_memmove_s
#define gets_s w32_gets_s
#define fopen_s w32_fopen_s
#define localtime_s w32_localtime_s
#define gmtime_s w32_gmtime_s
#define _snprintf w32_old_snprintf
#define _vsnprintf w32_vold_snprintf
#define _scprintf w32_scprintf
#define _vscprintf w32_vscprintf
#define printf_s w32_printf
#define fprintf_s w32_fprintf
#define vprintf_s w32_vprintf
#define vfprintf_s w32_vfprintf
#define sprintf_s w32_sprintf_s
#define vsprintf_s w32_vsprintf_s
#define _snprintf_s w32_snprintf_s
#define _vsnprintf_s w32_vsnprintf_s
#define scanf_s w32_scanf_s
#define fscanf_s w32_fscanf_s
#define sscanf_s w32_sscanf_s
#define _fileno fileno
#define _popen popen
#define _pclose pclose
#define _flushall() fflush(NULL)
#ifdef W32_PRINTF
#define printf(...) w32_printf(__VA_ARGS__)
#define fprintf(...) w32_fprintf(__VA_ARGS__)
#define sprintf(...) w32_sprintf(__VA_ARGS__)
#define snprintf(...) w32_snprintf(__VA_ARGS__)
#define vprintf(...) w32_vprintf(__VA_ARGS__)
#define vfprintf(...) w32_vfprintf(__VA_ARGS__)
#define vsprintf(...) w32_vsprintf(__VA_ARGS__)
#define vsnprintf(...) w32_vsnprintf(__VA_ARGS__)
#ifdef __cplusplus
namespace std {
using ::w32_fprintf;
using ::w32_printf;
using ::w32_snprintf;
using ::w32_sprintf;
using ::w32_vfprintf;
using ::w32_vprintf;
using ::w32_vsnprintf;
using ::w32_vsprintf;
} // namespace std
#endif
#endif

/* The usual names, wide; these have no other meaning in C. */
#define _wcsicmp w32_wcsicmp
#define _wcsnicmp w32_wcsnicmp
#define wcsicmp w32_wcsicmp
#define _wcsdup w32_wcsdup
#define _wcsupr w32_wcsupr
#define _wcslwr w32_wcslwr
#define _wcsrev w32_wcsrev
#define wcscpy_s w32_wcscpy_s
#define wcscat_s w32_wcscat_s
#define wcsncpy_s w32_wcsncpy_s
#define wcsncat_s w32_wcsncat_s
#define wcstok_s w32_wcstok_s
#define wcsnlen_s w32_wcsnlen
#define _wtoi w32_wtoi
#define _wtol w32_wtoi
#define _wtoi64 w32_wtoi64
#define _wtof w32_wtof
#define _wcstoi64 w32_wcstoll
#define _wcstoui64 w32_wcstoull
#define _itow w32_itow
#define _ltow w32_itow
#define _i64tow w32_i64tow
#define _itow_s w32_itow_s
#define _ltow_s w32_itow_s
#define _swprintf w32_swprintf
#define _vswprintf w32_vswprintf
#define _snwprintf w32_old_snwprintf
#define _vsnwprintf w32_vold_snwprintf
#define _scwprintf w32_scwprintf
#define _vscwprintf w32_vscwprintf
#define wprintf_s w32_wprintf
#define fwprintf_s w32_fwprintf
#define vwprintf_s w32_vwprintf
#define vfwprintf_s w32_vfwprintf
#define swprintf_s w32_swprintf_s
#define vswprintf_s w32_vswprintf_s
#define _snwprintf_s w32_snwprintf_s
#define _vsnwprintf_s w32_vsnwprintf_s
#define wscanf_s w32_wscanf_s
#define fwscanf_s w32_fwscanf_s
#define swscanf_s w32_swscanf_s
#define _putws w32_putws
#define _getws_s w32_getws_s
#define _wfopen w32_wfopen
#define _wfopen_s w32_wfopen_s
#define _wremove w32_wremove
#define _wsystem w32_wsystem

/* The names that C has for wchar_t. Only calls are renamed: the C++ library mentions these
 * functions, too. */
#if defined(W32_SHORT_WCHAR) || (defined(UNICODE) && !defined(__cplusplus))
#define wcslen(...) w32_wcslen(__VA_ARGS__)
#define wcsnlen(...) w32_wcsnlen(__VA_ARGS__)
#define wcscpy(...) w32_wcscpy(__VA_ARGS__)
#define wcsncpy(...) w32_wcsncpy(__VA_ARGS__)
#define wcscat(...) w32_wcscat(__VA_ARGS__)
#define wcsncat(...) w32_wcsncat(__VA_ARGS__)
#define wcscmp(...) w32_wcscmp(__VA_ARGS__)
#define wcsncmp(...) w32_wcsncmp(__VA_ARGS__)
#define wcschr(...) w32_wcschr(__VA_ARGS__)
#define wcsrchr(...) w32_wcsrchr(__VA_ARGS__)
#define wcsstr(...) w32_wcsstr(__VA_ARGS__)
#define wcspbrk(...) w32_wcspbrk(__VA_ARGS__)
#define wcsspn(...) w32_wcsspn(__VA_ARGS__)
#define wcscspn(...) w32_wcscspn(__VA_ARGS__)
#define wcsdup(...) w32_wcsdup(__VA_ARGS__)
#define wcstol(...) w32_wcstol(__VA_ARGS__)
#define wcstoul(...) w32_wcstoul(__VA_ARGS__)
#define wcstoll(...) w32_wcstoll(__VA_ARGS__)
#define wcstoull(...) w32_wcstoull(__VA_ARGS__)
#define wcstod(...) w32_wcstod(__VA_ARGS__)
#define wprintf(...) w32_wprintf(__VA_ARGS__)
#define vwprintf(...) w32_vwprintf(__VA_ARGS__)
#define fwprintf(...) w32_fwprintf(__VA_ARGS__)
#define vfwprintf(...) w32_vfwprintf(__VA_ARGS__)
#define wscanf(...) w32_wscanf(__VA_ARGS__)
#define fwscanf(...) w32_fwscanf(__VA_ARGS__)
#define swscanf(...) w32_swscanf(__VA_ARGS__)
#define fputws(...) w32_fputws(__VA_ARGS__)
#define fgetws(...) w32_fgetws(__VA_ARGS__)
#define fputwc(...) w32_fputwc(__VA_ARGS__)
#define fgetwc(...) w32_fgetwc(__VA_ARGS__)
#define swprintf(...) w32_snwprintf(__VA_ARGS__)
#define vswprintf(...) w32_vsnwprintf(__VA_ARGS__)
#define putwc(...) w32_fputwc(__VA_ARGS__)
#define getwc(...) w32_fgetwc(__VA_ARGS__)
#define putwchar(c) w32_fputwc((c), stdout)
#define getwchar() w32_fgetwc(stdin)
/* Two arguments or three: both forms are in use. */
#define wcstok(...) W32_TOKENS(__VA_ARGS__, w32_wcstok_s, w32_wcstok, )(__VA_ARGS__)
#define W32_TOKENS(s, set, context, function, ...) function
#elif defined(__cplusplus)
inline size_t wcslen(const WCHAR *s)
{
    return w32_wcslen(s);
}
inline size_t wcsnlen(const WCHAR *s, size_t count)
{
    return w32_wcsnlen(s, count);
}
inline WCHAR *wcscpy(WCHAR *to, const WCHAR *from)
{
    return w32_wcscpy(to, from);
}
inline WCHAR *wcsncpy(WCHAR *to, const WCHAR *from, size_t count)
{
    return w32_wcsncpy(to, from, count);
}
inline WCHAR *wcscat(WCHAR *to, const WCHAR *from)
{
    return w32_wcscat(to, from);
}
inline WCHAR *wcsncat(WCHAR *to, const WCHAR *from, size_t count)
{
    return w32_wcsncat(to, from, count);
}
inline int wcscmp(const WCHAR *a, const WCHAR *b)
{
    return w32_wcscmp(a, b);
}
inline int wcsncmp(const WCHAR *a, const WCHAR *b, size_t count)
{
    return w32_wcsncmp(a, b, count);
}
inline WCHAR *wcschr(const WCHAR *s, WCHAR c)
{
    return w32_wcschr(s, c);
}
inline WCHAR *wcsrchr(const WCHAR *s, WCHAR c)
{
    return w32_wcsrchr(s, c);
}
inline WCHAR *wcsstr(const WCHAR *s, const WCHAR *set)
{
    return w32_wcsstr(s, set);
}
inline WCHAR *wcspbrk(const WCHAR *s, const WCHAR *set)
{
    return w32_wcspbrk(s, set);
}
inline size_t wcsspn(const WCHAR *s, const WCHAR *set)
{
    return w32_wcsspn(s, set);
}
inline size_t wcscspn(const WCHAR *s, const WCHAR *set)
{
    return w32_wcscspn(s, set);
}
inline WCHAR *wcstok(WCHAR *s, const WCHAR *set)
{
    return w32_wcstok(s, set);
}
inline WCHAR *wcstok(WCHAR *s, const WCHAR *set, WCHAR **context)
{
    return w32_wcstok_s(s, set, context);
}
inline LONG wcstol(const WCHAR *s, WCHAR **end, int radix)
{
    return w32_wcstol(s, end, radix);
}
inline ULONG wcstoul(const WCHAR *s, WCHAR **end, int radix)
{
    return w32_wcstoul(s, end, radix);
}
inline double wcstod(const WCHAR *s, WCHAR **end)
{
    return w32_wcstod(s, end);
}
inline int fputws(const WCHAR *s, FILE *stream)
{
    return w32_fputws(s, stream);
}
inline WCHAR *fgetws(WCHAR *to, int size, FILE *stream)
{
    return w32_fgetws(to, size, stream);
}
inline int wprintf(const WCHAR *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    int r = w32_vwprintf(format, arguments);
    va_end(arguments);
    return r;
}
inline int fwprintf(FILE *stream, const WCHAR *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    int r = w32_vfwprintf(stream, format, arguments);
    va_end(arguments);
    return r;
}
inline int swprintf(WCHAR *buffer, size_t size, const WCHAR *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    int r = w32_vsnwprintf(buffer, size, format, arguments);
    va_end(arguments);
    return r;
}
inline int vwprintf(const WCHAR *format, va_list arguments)
{
    return w32_vwprintf(format, arguments);
}
inline int vfwprintf(FILE *stream, const WCHAR *format, va_list arguments)
{
    return w32_vfwprintf(stream, format, arguments);
}
inline int vswprintf(WCHAR *buffer, size_t size, const WCHAR *format, va_list arguments)
{
    return w32_vsnwprintf(buffer, size, format, arguments);
}
#endif

/* std::wcslen(s) and the like. */
#if defined(__cplusplus) && defined(W32_SHORT_WCHAR)
namespace std {
using ::w32_fgetwc;
using ::w32_fgetws;
using ::w32_fputwc;
using ::w32_fputws;
using ::w32_fwprintf;
using ::w32_fwscanf;
using ::w32_snwprintf;
using ::w32_swscanf;
using ::w32_vfwprintf;
using ::w32_vsnwprintf;
using ::w32_vwprintf;
using ::w32_wcscat;
using ::w32_wcschr;
using ::w32_wcscmp;
using ::w32_wcscpy;
using ::w32_wcscspn;
using ::w32_wcsdup;
using ::w32_wcslen;
using ::w32_wcsncat;
using ::w32_wcsncmp;
using ::w32_wcsncpy;
using ::w32_wcsnlen;
using ::w32_wcspbrk;
using ::w32_wcsrchr;
using ::w32_wcsspn;
using ::w32_wcsstr;
using ::w32_wcstod;
using ::w32_wcstok;
using ::w32_wcstok_s;
using ::w32_wcstol;
using ::w32_wcstoll;
using ::w32_wcstoul;
using ::w32_wcstoull;
using ::w32_wprintf;
using ::w32_wscanf;
} // namespace std
#endif

#ifdef __cplusplus
/* Forms without a size, for arrays. */
template <size_t N> inline errno_t w32_strcpy_s(char (&to)[N], const char *from)
{
    return w32_strcpy_s(to, N, from);
}
template <size_t N> inline errno_t w32_strcat_s(char (&to)[N], const char *from)
{
    return w32_strcat_s(to, N, from);
}
template <size_t N> inline errno_t w32_strncpy_s(char (&to)[N], const char *from, size_t count)
{
    return w32_strncpy_s(to, N, from, count);
}
template <size_t N> inline errno_t w32_strncat_s(char (&to)[N], const char *from, size_t count)
{
    return w32_strncat_s(to, N, from, count);
}
template <size_t N> inline errno_t w32_wcscpy_s(WCHAR (&to)[N], const WCHAR *from)
{
    return w32_wcscpy_s(to, N, from);
}
template <size_t N> inline errno_t w32_wcscat_s(WCHAR (&to)[N], const WCHAR *from)
{
    return w32_wcscat_s(to, N, from);
}
template <size_t N> inline errno_t w32_wcsncpy_s(WCHAR (&to)[N], const WCHAR *from, size_t count)
{
    return w32_wcsncpy_s(to, N, from, count);
}
template <size_t N> inline errno_t w32_wcsncat_s(WCHAR (&to)[N], const WCHAR *from, size_t count)
{
    return w32_wcsncat_s(to, N, from, count);
}
template <size_t N> inline int w32_sprintf_s(char (&buffer)[N], const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    int r = w32_vsprintf_s(buffer, N, format, arguments);
    va_end(arguments);
    return r;
}
template <size_t N>
inline int w32_vsprintf_s(char (&buffer)[N], const char *format, va_list arguments)
{
    return w32_vsprintf_s(buffer, N, format, arguments);
}
template <size_t N>
inline int w32_snprintf_s(char (&buffer)[N], size_t count, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    int r = w32_vsnprintf_s(buffer, N, count, format, arguments);
    va_end(arguments);
    return r;
}
template <size_t N>
inline int w32_vsnprintf_s(char (&buffer)[N], size_t count, const char *format, va_list arguments)
{
    return w32_vsnprintf_s(buffer, N, count, format, arguments);
}
template <size_t N> inline int w32_swprintf_s(WCHAR (&buffer)[N], const WCHAR *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    int r = w32_vswprintf_s(buffer, N, format, arguments);
    va_end(arguments);
    return r;
}
template <size_t N>
inline int w32_vswprintf_s(WCHAR (&buffer)[N], const WCHAR *format, va_list arguments)
{
    return w32_vswprintf_s(buffer, N, format, arguments);
}
template <size_t N>
inline int w32_snwprintf_s(WCHAR (&buffer)[N], size_t count, const WCHAR *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    int r = w32_vsnwprintf_s(buffer, N, count, format, arguments);
    va_end(arguments);
    return r;
}
template <size_t N>
inline int w32_vsnwprintf_s(WCHAR (&buffer)[N], size_t count, const WCHAR *format,
                            va_list arguments)
{
    return w32_vsnwprintf_s(buffer, N, count, format, arguments);
}
template <size_t N> inline char *w32_gets_s(char (&to)[N])
{
    return w32_gets_s(to, N);
}
#endif

#endif
