/* park.c (POSIX): parking without a futex.
 *
 * Private parks: a mutex and a condition variable. The waker takes the mutex after the word has
 * changed, so it comes before the sleeper's look at the word or after its going to sleep.
 *
 * Shared parks: a process-shared semaphore, which remembers a post that comes before the sleep. Not
 * a condition variable: pthread_cond_signal holds a lock inside the condition variable for a
 * moment, and a process killed in that moment leaves it locked, so that the waiter hangs for ever
 * (docs/design.md has the measurement). A post is one atomic step and a wake. Posts that nobody
 * needed any more are only wakes for no reason later.
 *
 * A semaphore does not tell whether somebody slept on it, so a wake proves nothing here.
 */
#include "platform.h"

#include <assert.h>
#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <time.h>

union park {
    struct {
        pthread_mutex_t mutex;
        pthread_cond_t changed; /* *word may have changed */
    } private;
    sem_t shared;
};
static_assert(sizeof(union park) <= sizeof(struct wo__park), "a park's room");

static union park *inside(struct wo__park *park)
{
    return (union park *)(void *)park->bytes;
}

void wo__park_init(struct wo__park *park, bool shared)
{
    union park *p = inside(park);
    if (shared) {
        sem_init(&p->shared, 1, 0);
        return;
    }
    pthread_condattr_t attr;
    pthread_condattr_init(&attr);
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    pthread_mutex_init(&p->private.mutex, NULL);
    pthread_cond_init(&p->private.changed, &attr);
    pthread_condattr_destroy(&attr);
}

static struct timespec timespec_of(uint64_t ns)
{
    return (struct timespec){(time_t)(ns / 1000000000u), (long)(ns % 1000000000u)};
}

static void wait_private(union park *p, _Atomic uint32_t *word, uint32_t expected,
                         uint64_t deadline)
{
    struct timespec until = timespec_of(deadline);
    int rc = 0;
    pthread_mutex_lock(&p->private.mutex);
    while (atomic_load(word) == expected && rc == 0)
        rc = deadline == WO__NEVER
                 ? pthread_cond_wait(&p->private.changed, &p->private.mutex)
                 : pthread_cond_timedwait(&p->private.changed, &p->private.mutex, &until);
    pthread_mutex_unlock(&p->private.mutex);
}

/* POSIX.1-2008 has only the realtime clock here. It may be set while we sleep: never longer than
 * this at a time, and the caller looks at the monotonic clock again. */
#define LONGEST_SLEEP_NS 100000000u

static void wait_shared(union park *p, _Atomic uint32_t *word, uint32_t expected,
                        uint64_t deadline)
{
    if (atomic_load(word) != expected)
        return;
    if (deadline == WO__NEVER) {
        sem_wait(&p->shared);
        return;
    }
    uint64_t now = wo__clock_now();
    uint64_t left = deadline > now ? deadline - now : 0;
    struct timespec real;
    clock_gettime(CLOCK_REALTIME, &real);
    uint64_t base = (uint64_t)real.tv_sec * 1000000000u + (uint64_t)real.tv_nsec;
    struct timespec until = timespec_of(base + (left < LONGEST_SLEEP_NS ? left : LONGEST_SLEEP_NS));
    sem_timedwait(&p->shared, &until);
}

void wo__park_wait(struct wo__park *park, _Atomic uint32_t *word, uint32_t expected,
                   uint64_t deadline, bool shared)
{
    int cancel;
    pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &cancel);
    if (shared)
        wait_shared(inside(park), word, expected, deadline);
    else
        wait_private(inside(park), word, expected, deadline);
    pthread_setcancelstate(cancel, NULL);
}

bool wo__park_wake(struct wo__park *park, _Atomic uint32_t *word, bool shared)
{
    union park *p = inside(park);
    (void)word;
    if (shared) {
        sem_post(&p->shared);
    } else {
        pthread_mutex_lock(&p->private.mutex);
        pthread_cond_signal(&p->private.changed);
        pthread_mutex_unlock(&p->private.mutex);
    }
    return false;
}
