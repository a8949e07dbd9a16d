/* tchar.h: names for text that is 8-bit, or 16-bit when _UNICODE (or UNICODE) is defined.
 *
 * The printf functions follow Microsoft's rules in both cases. _tmain becomes wmain in a UNICODE
 * build; the library's wmain archive has a main that calls it. */
#ifndef W32_TCHAR_H
#define W32_TCHAR_H

#include <ctype.h>

#include "w32crt.h"

#define _T(quote) __TEXT(quote)
#define _TEXT(quote) __TEXT(quote)
typedef TCHAR _TCHAR;
typedef TCHAR *_PTCHAR;
#define __T(quote) __TEXT(quote)

#if defined(UNICODE)

typedef wint_t _TINT;
typedef WCHAR _TUCHAR, _TSCHAR, _TXCHAR;
#define _TEOF WEOF
#define _tprintf w32_wprintf
#define _tprintf_s w32_wprintf
#define _ftprintf w32_fwprintf
#define _ftprintf_s w32_fwprintf
#define _vtprintf w32_vwprintf
#define _vtprintf_s w32_vwprintf
#define _vftprintf w32_vfwprintf
#define _vftprintf_s w32_vfwprintf
#define _stprintf w32_swprintf
#define _vstprintf w32_vswprintf
#define _sntprintf w32_old_snwprintf
#define _vsntprintf w32_vold_snwprintf
#define _stprintf_s w32_swprintf_s
#define _vstprintf_s w32_vswprintf_s
#define _sntprintf_s w32_snwprintf_s
#define _vsntprintf_s w32_vsnwprintf_s
#define _sctprintf w32_scwprintf
#define _vsctprintf w32_vscwprintf
#define _tscanf w32_wscanf
#define _ftscanf w32_fwscanf
#define _stscanf w32_swscanf
#define _tscanf_s w32_wscanf_s
#define _ftscanf_s w32_fwscanf_s
#define _stscanf_s w32_swscanf_s
#define _tcslen w32_wcslen
#define _tcscpy w32_wcscpy
#define _tcsncpy w32_wcsncpy
#define _tcscat w32_wcscat
#define _tcsncat w32_wcsncat
#define _tcscmp w32_wcscmp
#define _tcsncmp w32_wcsncmp
#define _tcschr w32_wcschr
#define _tcsrchr w32_wcsrchr
#define _tcsstr w32_wcsstr
#define _tcspbrk w32_wcspbrk
#define _tcsspn w32_wcsspn
#define _tcscspn w32_wcscspn
#define _tcsclen w32_wcslen
#define _tcsnlen w32_wcsnlen
#define _tcsncpy_s w32_wcsncpy_s
#define _tcsncat_s w32_wcsncat_s
#define _tcscpy_s w32_wcscpy_s
#define _tcscat_s w32_wcscat_s
#define _tcsccmp w32_wcscmp
#define _tcsicmp w32_wcsicmp
#define _tcscicmp w32_wcsicmp
#define _tcsnicmp w32_wcsnicmp
#define _tcsncicmp w32_wcsnicmp
#define _tcsnccmp w32_wcsncmp
#define _tcstok w32_wcstok
#define _tcstok_s w32_wcstok_s
#define _tcsdup w32_wcsdup
#define _tcsupr w32_wcsupr
#define _tcslwr w32_wcslwr
#define _tcsrev w32_wcsrev
#define _ttoi w32_wtoi
#define _tstoi w32_wtoi
#define _ttol w32_wtoi
#define _tstol w32_wtoi
#define _ttoi64 w32_wtoi64
#define _tstoi64 w32_wtoi64
#define _ttof w32_wtof
#define _tstof w32_wtof
#define _tcstol w32_wcstol
#define _tcstoul w32_wcstoul
#define _tcstoi64 w32_wcstoll
#define _tcstoui64 w32_wcstoull
#define _tcstod w32_wcstod
#define _itot w32_itow
#define _ltot w32_itow
#define _i64tot w32_i64tow
#define _itot_s w32_itow_s
#define _ltot_s w32_itow_s
#define _fgetts w32_fgetws
#define _fputts w32_fputws
#define _putts w32_putws
#define _getts_s w32_getws_s
#define _fputtc w32_fputwc
#define _puttc w32_fputwc
#define _fgettc w32_fgetwc
#define _gettc w32_fgetwc
#define _puttchar(c) w32_fputwc((c), stdout)
#define _gettchar() w32_fgetwc(stdin)
#define _tfopen w32_wfopen
#define _tfopen_s w32_wfopen_s
#define _tremove w32_wremove
#define _tsystem w32_wsystem
#define _istalpha iswalpha
#define _istalnum iswalnum
#define _istdigit iswdigit
#define _istlower iswlower
#define _istupper iswupper
#define _istspace iswspace
#define _istxdigit iswxdigit
#define _istprint iswprint
#define _istpunct iswpunct
#define _istcntrl iswcntrl
#define _istgraph iswgraph
#define _totupper towupper
#define _totlower towlower
#define _tmain wmain

#else

typedef int _TINT;
typedef unsigned char _TUCHAR;
typedef signed char _TSCHAR;
typedef char _TXCHAR;
#define _TEOF EOF
#define _tprintf w32_printf
#define _tprintf_s w32_printf
#define _ftprintf w32_fprintf
#define _ftprintf_s w32_fprintf
#define _vtprintf w32_vprintf
#define _vtprintf_s w32_vprintf
#define _vftprintf w32_vfprintf
#define _vftprintf_s w32_vfprintf
#define _stprintf w32_sprintf
#define _vstprintf w32_vsprintf
#define _sntprintf w32_old_snprintf
#define _vsntprintf w32_vold_snprintf
#define _stprintf_s w32_sprintf_s
#define _vstprintf_s w32_vsprintf_s
#define _sntprintf_s w32_snprintf_s
#define _vsntprintf_s w32_vsnprintf_s
#define _sctprintf w32_scprintf
#define _vsctprintf w32_vscprintf
#define _tscanf scanf
#define _ftscanf fscanf
#define _stscanf sscanf
#define _tscanf_s w32_scanf_s
#define _ftscanf_s w32_fscanf_s
#define _stscanf_s w32_sscanf_s
#define _tcslen strlen
#define _tcscpy strcpy
#define _tcsncpy strncpy
#define _tcscat strcat
#define _tcsncat strncat
#define _tcscmp strcmp
#define _tcsncmp strncmp
#define _tcschr strchr
#define _tcsrchr strrchr
#define _tcsstr strstr
#define _tcspbrk strpbrk
#define _tcsspn strspn
#define _tcscspn strcspn
#define _tcsclen strlen
#define _tcsnlen w32_strnlen
#define _tcsncpy_s w32_strncpy_s
#define _tcsncat_s w32_strncat_s
#define _tcscpy_s w32_strcpy_s
#define _tcscat_s w32_strcat_s
#define _tcsccmp strcmp
#define _tcsicmp strcasecmp
#define _tcscicmp strcasecmp
#define _tcsnicmp strncasecmp
#define _tcsncicmp strncasecmp
#define _tcsnccmp strncmp
#define _tcstok strtok
#define _tcstok_s w32_strtok_s
#define _tcsdup w32_strdup
#define _tcsupr w32_strupr
#define _tcslwr w32_strlwr
#define _tcsrev w32_strrev
#define _ttoi atoi
#define _tstoi atoi
#define _ttol atol
#define _tstol atol
#define _ttoi64 atoll
#define _tstoi64 atoll
#define _ttof atof
#define _tstof atof
#define _tcstol strtol
#define _tcstoul strtoul
#define _tcstoi64 strtoll
#define _tcstoui64 strtoull
#define _tcstod strtod
#define _itot w32_itoa
#define _ltot w32_itoa
#define _i64tot w32_i64toa
#define _itot_s w32_itoa_s
#define _ltot_s w32_itoa_s
#define _fgetts fgets
#define _fputts fputs
#define _putts puts
#define _getts_s w32_gets_s
#define _fputtc fputc
#define _puttc fputc
#define _fgettc fgetc
#define _gettc fgetc
#define _puttchar(c) putchar(c)
#define _gettchar() getchar()
#define _tfopen fopen
#define _tfopen_s w32_fopen_s
#define _tremove remove
#define _tsystem system
#define _istalpha isalpha
#define _istalnum isalnum
#define _istdigit isdigit
#define _istlower islower
#define _istupper isupper
#define _istspace isspace
#define _istxdigit isxdigit
#define _istprint isprint
#define _istpunct ispunct
#define _istcntrl iscntrl
#define _istgraph isgraph
#define _totupper toupper
#define _totlower tolower
#define _tmain main

#endif

/* Characters one by one; in 8-bit text this steps by bytes. */
#define _tcsinc(p) ((p) + 1)
#define _tcsdec(start, p) ((p) > (start) ? (p)-1 : NULL)
#define _tcsnextc(p) ((_TINT) * (p))

#endif
