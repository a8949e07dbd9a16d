/* fuzz_format.c: the printf engine and what stands on it.
 *
 * Whatever a directive asks for is there: the first arguments are doubles, all others point to a
 * page of zeros, an empty string of either kind, at an address so low that it is a bearable width.
 */
#include "fuzz.h"

#include <stdarg.h>
#include <sys/mman.h>

#include "format.h"
#include "strsafe.h"

const char *const fuzz_words[] = {
    "%",   "%s",   "%S",   "%ls", "%hs",  "%d",   "%5.3d",    "%-8s", "%08x",     "%I64d", "%I32u",
    "%Iu", "%hhd", "%lld", "%*d", "%.*s", "%c",   "%C",       "%p",   "%n",       "%e",    "%.40f",
    "%G",  "%a",   "%%",   "%zu", "%#o",  "% +d", "%-0+ #5.", "text", "\xC3\xA9", NULL};

enum { LONGEST = 100 };

/* No counts of more than four digits, which only cost time, and no long double, which the page
 * cannot feign. */
static void tame(char *format)
{
    size_t digits = 0;
    if (strlen(format) > LONGEST)
        format[LONGEST] = '\0';
    for (char *p = format; *p; p++) {
        digits = *p >= '0' && *p <= '9' ? digits + 1 : 0;
        if (digits > 4 || *p == 'L')
            *p = 'd';
    }
}

static void *zeros(void)
{
    static void *page;
    if (!page)
        page = mmap((void *)0x10000, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (page != (void *)0x10000)
        exit(77); /* not allowed here */
    return page;
}

static void engine(unsigned flags, const void *format, ...)
{
    struct win32_units u;
    va_list a;
    va_start(a, format);
    if (win32_format_units(&u, flags, format, a) == 0) {
        static const char zero[4];
        REQUIRE(memcmp((char *)u.data + u.length * u.size, zero, u.size) == 0);
        free(u.data);
    }
    va_end(a);
}

static void into(size_t size, const char *format, ...)
{
    char *exact = malloc(size + !size);
    va_list a;
    REQUIRE(exact);
    va_start(a, format);
    HRESULT hr = StringCchVPrintfA(exact, size, format, a);
    REQUIRE(size == 0 ? hr == STRSAFE_E_INVALID_PARAMETER : strnlen(exact, size) < size);
    va_end(a);
    free(exact);
}

#define P4 p, p, p, p
#define P32 P4, P4, P4, P4, P4, P4, P4, P4
#define ARGUMENTS 0., -1., 1e300, 1e-300, .5, -1. / 3, 42., 1e15, P32, P32, P32, P32

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz_input in = {data, size};
    unsigned mode = fuzz_byte(&in);
    char *format = fuzz_rest(&in, 1);
    WCHAR wide[LONGEST + 1];
    const void *p = zeros();
    size_t n = 0;
    tame(format);
    for (; format[n]; n++) /* bytes become units, also surrogates */
        wide[n] = (WCHAR)((unsigned char)format[n] < 0xF0 ? format[n] : 0xD700 + format[n]);
    wide[n] = 0;
    engine(mode & WIN32_FORMAT_SMALL, format, ARGUMENTS);
    engine((mode & WIN32_FORMAT_SMALL) | WIN32_FORMAT_WIDE, wide, ARGUMENTS);
    into(mode % 20, format, ARGUMENTS);
    free(format);
    return 0;
}
