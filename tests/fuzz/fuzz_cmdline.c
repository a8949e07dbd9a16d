/* fuzz_cmdline.c: a command line split, joined and split again gives the same arguments. */
#include "fuzz.h"

#include "cmdline.h"

const char *const fuzz_words[] = {"\"", "\"\"", "\\",    "\\\\", "\\\"", " ",
                                  "\t", "a",    "b.exe", "/",    NULL};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz_input in = {data, size};
    char *line = fuzz_rest(&in, 1);
    size_t count = 0, again = 0;
    char **first = wo__cmdline_split(line, &count);
    REQUIRE(first && count >= 1 && !first[count]);
    char *joined = wo__cmdline_join((const char *const *)first, count);
    REQUIRE(joined);
    char **second = wo__cmdline_split(joined, &again);
    REQUIRE(second && again == count && !second[count]);
    for (size_t i = 0; i < count; i++)
        REQUIRE(strcmp(first[i], second[i]) == 0);
    free(second);
    free(joined);
    free(first);
    free(line);
    return 0;
}
