/* chance.c: time, and random numbers that a seed repeats. */
#include <stdatomic.h>
#include <time.h>
#include "support.h"

static _Atomic uint64_t sequence;

uint64_t wo_test_now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

void wo_test_pause(void)
{
    struct timespec t = {0, 200000};
    nanosleep(&t, NULL);
}

void wo_test_seed(uint64_t seed)
{
    atomic_store(&sequence, seed);
}

/* A counter, scrambled: any thread may ask at any time. */
uint64_t wo_test_random(void)
{
    const uint64_t step = UINT64_C(0x9E3779B97F4A7C15);
    uint64_t x = atomic_fetch_add(&sequence, step) + step;
    x = (x ^ (x >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    x = (x ^ (x >> 27)) * UINT64_C(0x94D049BB133111EB);
    return x ^ (x >> 31);
}

uint32_t wo_test_random_below(uint32_t bound)
{
    return bound ? (uint32_t)(wo_test_random() % bound) : 0;
}

void wo_test_random_fill(void *buffer, size_t size)
{
    unsigned char *p = buffer;
    while (size > 0) {
        uint64_t x = wo_test_random();
        size_t n = size < sizeof(x) ? size : sizeof(x);
        memcpy(p, &x, n);
        p += n;
        size -= n;
    }
}
