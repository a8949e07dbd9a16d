/* wmain.c: the main of a program that has wmain (or _tmain in a UNICODE build).
 *
 * Built into an archive of its own, which a linker opens only for a program without main. C++
 * programs may declare wmain in several ways, each with a name of its own: those that exist are
 * found by weak references. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "windows.h"

typedef int wmain_function(int argc, WCHAR **argv, WCHAR **environment);

extern wmain_function wmain __attribute__((weak));
extern wmain_function wmain_16 __asm__("_Z5wmainiPPDs") __attribute__((weak));
extern wmain_function wmain_16_environment __asm__("_Z5wmainiPPDsS0_") __attribute__((weak));
extern wmain_function wmain_16_const __asm__("_Z5wmainiPPKDs") __attribute__((weak));
extern wmain_function wmain_w __asm__("_Z5wmainiPPw") __attribute__((weak));
extern wmain_function wmain_w_environment __asm__("_Z5wmainiPPwS0_") __attribute__((weak));
extern wmain_function wmain_w_const __asm__("_Z5wmainiPPKw") __attribute__((weak));
extern wmain_function wmain_nothing __asm__("_Z5wmainv") __attribute__((weak));

static wmain_function *find(void)
{
    wmain_function *const all[] = {wmain,          wmain_16,     wmain_16_environment,
                                   wmain_16_const, wmain_w,      wmain_w_environment,
                                   wmain_w_const,  wmain_nothing};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (all[i])
            return all[i];
    return NULL;
}

/* A vector of UTF-16 strings, ended by NULL; lives as long as the program. */
static WCHAR **widen_all(char **strings, size_t count)
{
    WCHAR **wide = calloc(count + 1, sizeof *wide);
    for (size_t i = 0; wide && i < count; i++) {
        int n = (int)strlen(strings[i]) + 1;
        wide[i] = calloc((size_t)n, sizeof **wide);
        if (!wide[i])
            return NULL;
        MultiByteToWideChar(CP_UTF8, 0, strings[i], n, wide[i], n);
    }
    return wide;
}

static size_t count_of(char **strings)
{
    size_t n = 0;
    while (strings[n])
        n++;
    return n;
}

int main(int argc, char **argv, char **environment)
{
    wmain_function *function = find();
    if (!function) {
        fputs("this program has neither main nor wmain\n", stderr);
        return 127;
    }
    /* They live as long as the program, and stay in sight of a leak checker. */
    static __attribute__((used)) WCHAR **wide, **wide_environment;
    wide = widen_all(argv, (size_t)argc);
    wide_environment = widen_all(environment, count_of(environment));
    if (!wide || !wide_environment) {
        fputs("out of memory\n", stderr);
        return 127;
    }
    return function(argc, wide, wide_environment);
}
