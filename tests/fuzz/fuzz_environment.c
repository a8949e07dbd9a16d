/* fuzz_environment.c: environment blocks of CreateProcess, variables, %NAME%.
 *
 * The source is included for its static functions. */
#include "win32/spawn.c"

#include "fuzz.h"

const char *const fuzz_words[] = {"%",   "%%",   "A",     "=",    "A=1",   "%A%",
                                  "%a%", "%ab%", "value", "PATH", "=C:=x", NULL};

/* A block ends with an empty entry; two zero units make one of anything. */
static void block(const struct fuzz_input *in, bool wide)
{
    char *copy = fuzz_rest(in, 2 * sizeof(WCHAR) + in->left % 2);
    char **environment = environment_of(copy, wide);
    REQUIRE(environment);
    for (char **e = environment; *e; e++)
        REQUIRE(**e && **e != '=');
    free_environment(environment);
    free(copy);
}

static void expand_text(const char *text, DWORD room)
{
    char *exact = malloc(room + !room);
    REQUIRE(exact);
    DWORD need = ExpandEnvironmentStringsA(text, exact, room);
    REQUIRE(need > 0 && (need > room || exact[need - 1] == 0));
    free(exact);
}

static void variable(const char *name, const char *value)
{
    char got[64];
    if (!SetEnvironmentVariableA(name, value)) {
        REQUIRE(!*name || strchr(name, '='));
        return;
    }
    DWORD n = GetEnvironmentVariableA(name, got, sizeof got);
    REQUIRE(n == strlen(value) ? strcmp(got, value) == 0 : n == strlen(value) + 1);
    REQUIRE(SetEnvironmentVariableA(name, NULL));
    REQUIRE(GetEnvironmentVariableA(name, got, sizeof got) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const safe[] = {"A", "ab", "%", "a%b", "", "x=y", "\xC3\xA9"};
    struct fuzz_input in = {data, size};
    DWORD room = fuzz_byte(&in);
    block(&in, false);
    block(&in, true);
    char *text = fuzz_rest(&in, 1);
    expand_text(text, room);
    variable(safe[room % 7], text);
    free(text);
    return 0;
}
