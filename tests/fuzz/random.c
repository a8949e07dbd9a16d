/* random.c: drives a fuzz target without libFuzzer.
 *
 * With file names: runs these inputs. Else random ones, strung together from the target's words and
 * random bytes. The seed of each round is its number: a failure names it, and
 * WAITOBJ_TEST_SEED=number runs that one alone. */
#include "fuzz.h"

#include <signal.h>
#include <unistd.h>

enum { ROUNDS = 1500, FULL_ROUNDS = 300000, MOST = 4096, PIECES = 24 };

static uint64_t state;
static volatile unsigned long current;

static uint64_t next(void) /* splitmix64 */
{
    uint64_t z = (state += UINT64_C(0x9E3779B97F4A7C15));
    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return z ^ (z >> 31);
}

static size_t below(size_t bound)
{
    return (size_t)(next() % bound);
}

static size_t add_word(uint8_t *to, size_t words)
{
    const char *word = fuzz_words[below(words)];
    memcpy(to, word, strlen(word));
    return strlen(word);
}

static size_t add_bytes(uint8_t *to, size_t n)
{
    static const uint8_t special[] = {0, 1, 0x7F, 0x80, 0xFF, 0xD8, 0xDC, 0xED};
    for (size_t i = 0; i < n; i++)
        to[i] = below(3) ? (uint8_t)next() : special[below(sizeof special)];
    return n;
}

static size_t make(uint8_t *data)
{
    size_t words = 0, size = 0, pieces = below(PIECES);
    while (fuzz_words[words])
        words++;
    for (size_t i = 0; i < pieces && size < MOST - 128; i++)
        size +=
            words && below(4) ? add_word(data + size, words) : add_bytes(data + size, below(12));
    return size;
}

static void run_round(unsigned long number)
{
    static uint8_t data[MOST];
    current = number;
    state = number;
    size_t size = make(data);
    /* In a block of its own size: the sanitizer sees what is read beyond it. */
    uint8_t *exact = malloc(size + !size);
    REQUIRE(exact);
    memcpy(exact, data, size);
    LLVMFuzzerTestOneInput(exact, size);
    free(exact);
}

static int run_file(const char *name)
{
    static uint8_t data[1 << 20];
    FILE *f = fopen(name, "rb");
    if (!f)
        return 1;
    size_t size = fread(data, 1, sizeof data, f);
    fclose(f);
    LLVMFuzzerTestOneInput(data, size);
    return 0;
}

static void tell(int signal_number)
{
    char text[64];
    int n = snprintf(text, sizeof text, "WAITOBJ_TEST_SEED=%lu\n", current);
    if (write(2, text, (size_t)n) < 0)
        _exit(2);
    signal(signal_number, SIG_DFL);
    raise(signal_number);
}

int main(int argc, char **argv)
{
    const char *seed = getenv("WAITOBJ_TEST_SEED");
    unsigned long rounds = getenv("WAITOBJ_TEST_FULL") ? FULL_ROUNDS : ROUNDS;
    signal(SIGABRT, tell);
    for (int i = 1; i < argc; i++)
        if (run_file(argv[i]) != 0)
            return 1;
    if (argc > 1)
        return 0;
    if (seed)
        run_round(strtoul(seed, NULL, 10));
    for (unsigned long i = 0; !seed && i < rounds; i++)
        run_round(i);
    return 0;
}
