/* letter.c: upper and lower case, from the C library's UTF-8 locale. Without such a locale only the
 * letters of ASCII have case. */
#include "letter.h"

#include <locale.h>
#include <pthread.h>
#include <wctype.h>

static pthread_once_t once = PTHREAD_ONCE_INIT;
static locale_t utf8; /* made once, kept for ever */

static void make_locale(void)
{
    utf8 = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
}

uint32_t win32_upper(uint32_t c)
{
    if (c < 0x80)
        return c >= 'a' && c <= 'z' ? c - ('a' - 'A') : c;
    pthread_once(&once, make_locale);
    return utf8 ? (uint32_t)towupper_l((wint_t)c, utf8) : c;
}

uint32_t win32_lower(uint32_t c)
{
    if (c < 0x80)
        return c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c;
    pthread_once(&once, make_locale);
    return utf8 ? (uint32_t)towlower_l((wint_t)c, utf8) : c;
}
