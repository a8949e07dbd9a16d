/* park.c (Linux): parking on the word itself, with futex(2).
 *
 * The kernel compares the word and goes to sleep in one step, so the park needs no memory of its
 * own and a killed process leaves nothing behind. FUTEX_WAKE's result says how many sleepers it
 * took off the queue: one means that a living thread was there. */
#include "platform.h"

#include <linux/futex.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

void wo__park_init(struct wo__park *park, bool shared)
{
    (void)park;
    (void)shared;
}

void wo__park_wait(struct wo__park *park, _Atomic uint32_t *word, uint32_t expected,
                   uint64_t deadline, bool shared)
{
    (void)park;
    /* FUTEX_WAIT_BITSET takes an absolute CLOCK_MONOTONIC time. */
    int op = FUTEX_WAIT_BITSET | (shared ? 0 : FUTEX_PRIVATE_FLAG);
    struct timespec until = {(time_t)(deadline / 1000000000u), (long)(deadline % 1000000000u)};
    syscall(SYS_futex, word, op, expected, deadline == WO__NEVER ? NULL : &until, NULL,
            FUTEX_BITSET_MATCH_ANY);
}

bool wo__park_wake(struct wo__park *park, _Atomic uint32_t *word, bool shared)
{
    (void)park;
    int op = FUTEX_WAKE | (shared ? 0 : FUTEX_PRIVATE_FLAG);
    return syscall(SYS_futex, word, op, 1, NULL, NULL, 0) == 1;
}
