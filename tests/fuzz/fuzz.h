/* fuzz.h: what the fuzz targets share.
 *
 * A target is one file with LLVMFuzzerTestOneInput and the words its inputs are made of. It aborts
 * when a promise is broken; the sanitizers see the rest. random.c drives a target without
 * libFuzzer, in every CTest run; with -DWAITOBJ_FUZZ=ON (clang) each becomes a libFuzzer program as
 * well, fuzz_NAME, to be run by hand: ./fuzz_NAME -max_total_time=300 */
#ifndef WO_FUZZ_H
#define WO_FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
/* What random.c strings together; NULL at the end. */
extern const char *const fuzz_words[];

#define REQUIRE(condition)                                                                         \
    do {                                                                                           \
        if (!(condition)) {                                                                        \
            fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #condition);                        \
            abort();                                                                               \
        }                                                                                          \
    } while (0)

struct fuzz_input {
    const uint8_t *at;
    size_t left;
};

/* Zeros after the end. */
static inline uint8_t fuzz_byte(struct fuzz_input *in)
{
    if (in->left == 0)
        return 0;
    in->left--;
    return *in->at++;
}

static inline uint64_t fuzz_word(struct fuzz_input *in, int bytes)
{
    uint64_t v = 0;
    while (bytes-- > 0)
        v = v << 8 | fuzz_byte(in);
    return v;
}

/* All that is left, in a block of its own with `zeros` zero bytes behind it. */
static inline char *fuzz_rest(const struct fuzz_input *in, size_t zeros)
{
    char *copy = malloc(in->left + zeros + !zeros);
    REQUIRE(copy);
    if (in->left)
        memcpy(copy, in->at, in->left);
    memset(copy + in->left, 0, zeros);
    return copy;
}

#endif
