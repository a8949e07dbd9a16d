/* lock.c (Linux): the shared arena's lock.
 *
 * The word: 0 free; else the owner's number, with BEGUN when it has begun to change things,
 * and CONTENDED when somebody may sleep on the word.
 *
 *     0 -> owner                      taken, uncontended
 *     0 -> owner|CONTENDED            taken by one who slept: others may still sleep
 *     owner -> owner|CONTENDED        somebody goes to sleep
 *     owner -> owner|BEGUN            from here on the owner's death matters
 *     x -> 0                          given; if x was CONTENDED, one sleeper is woken
 *     x -> me|CONTENDED               taken over from a dead owner; BEGUN stays, so that our own
 *                                     death while we repair is reported, too
 *
 * Why not a robust mutex of the C library: giving the lock is the commit of a transaction
 * (arena.c), and it must be one step with waking the thread that the transaction satisfied.
 * FUTEX_WAKE_OP is that step: the kernel clears the lock word and wakes the thread, or a killed
 * process has done neither. A robust mutex would have to be unlocked before the wake (and then a
 * kill in between loses the wake) or after it (and then the woken thread runs into the held lock).
 *
 * Death of the owner is noticed by those who want the lock: whether its process lives is asked
 * before the first sleep and every few milliseconds in it.
 */
#include "platform.h"

#include <assert.h>
#include <errno.h>
#include <linux/futex.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define CONTENDED 0x80000000u
#define BEGUN     0x40000000u

enum { SPINS = 60, LOOK_AGAIN_NS = 5000000 };

static _Atomic uint32_t *word_of(struct wo__lock *lock)
{
    return (_Atomic uint32_t *)(void *)lock->bytes;
}

static void relax(void)
{
#if defined(__x86_64__) || defined(__i386__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    __asm__ volatile("yield");
#endif
}

int wo__lock_init(struct wo__lock *lock)
{
    atomic_init(word_of(lock), 0);
    return 0;
}

static bool change(_Atomic uint32_t *word, uint32_t from, uint32_t to)
{
    return atomic_compare_exchange_strong_explicit(word, &from, to, memory_order_acquire,
                                                   memory_order_relaxed);
}

/* Sleeps while the word has the value, for a few milliseconds at most. */
static void sleep_on(_Atomic uint32_t *word, uint32_t value)
{
    static const struct timespec a_while = {0, LOOK_AGAIN_NS};
    syscall(SYS_futex, word, FUTEX_WAIT, value, &a_while, NULL, 0);
}

static int take_slowly(_Atomic uint32_t *word, uint32_t owner, wo__lock_alive *alive, void *context)
{
    for (;;) {
        uint32_t v = atomic_load_explicit(word, memory_order_relaxed);
        if (v == 0) {
            if (change(word, 0, owner | CONTENDED))
                return 0;
            continue;
        }
        if (!(v & CONTENDED)) {
            if (!change(word, v, v | CONTENDED))
                continue;
            v |= CONTENDED;
        }
        if (!alive(context, v & ~(CONTENDED | BEGUN))) {
            if (change(word, v, owner | CONTENDED | (v & BEGUN)))
                return v & BEGUN ? -EOWNERDEAD : 0;
            continue;
        }
        sleep_on(word, v);
    }
}

int wo__lock_take(struct wo__lock *lock, uint32_t owner, wo__lock_alive *alive, void *context)
{
    _Atomic uint32_t *word = word_of(lock);
    assert(owner != 0 && owner < BEGUN);
    for (int i = 0; i < SPINS; i++) {
        if (atomic_load_explicit(word, memory_order_relaxed) == 0 && change(word, 0, owner))
            return 0;
        relax();
    }
    return take_slowly(word, owner, alive, context);
}

void wo__lock_begun(struct wo__lock *lock)
{
    /* Release: what was prepared before counts for whoever finds us dead after it. */
    atomic_fetch_or_explicit(word_of(lock), BEGUN, memory_order_release);
}

bool wo__lock_is_free(struct wo__lock *lock)
{
    return atomic_load_explicit(word_of(lock), memory_order_acquire) == 0;
}

static void give(_Atomic uint32_t *word)
{
    if (atomic_exchange_explicit(word, 0, memory_order_release) & CONTENDED)
        syscall(SYS_futex, word, FUTEX_WAKE, 1, NULL, NULL, 0);
}

void wo__lock_give(struct wo__lock *lock, struct wo__park *park, _Atomic uint32_t *status)
{
    _Atomic uint32_t *word = word_of(lock);
    (void)park;
    if (!status) {
        give(word);
        return;
    }
    /* The release that the kernel's store is not known for to compilers and race detectors. */
    atomic_fetch_or_explicit(word, 0, memory_order_release);
    /* The kernel: old = *word; *word = 0; wake one at status; if old < 0 (CONTENDED), one at
     * word. */
    int op = FUTEX_OP(FUTEX_OP_SET, 0, FUTEX_OP_CMP_LT, 0);
    if (syscall(SYS_futex, status, FUTEX_WAKE_OP, 1, (void *)1, word, op) < 0) {
        /* A kernel that lacks the operation: wake, then give; the woken thread finds out. */
        wo__park_wake(park, status, true);
        give(word);
    }
}
