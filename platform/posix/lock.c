/* lock.c (POSIX): the shared arena's lock is a robust process-shared mutex.
 *
 * A thread to be woken is woken before the unlock: it may find the lock held and wait for it once
 * more, but a killed process never leaves it asleep. */
#include "platform.h"

#include <assert.h>
#include <errno.h>
#include <pthread.h>

struct robust {
    pthread_mutex_t mutex;
    _Atomic uint32_t begun; /* guarded by the mutex, and by nothing once its holder is dead */
};
static_assert(sizeof(struct robust) <= sizeof(struct wo__lock), "it fits");

static struct robust *inside(struct wo__lock *lock)
{
    return (struct robust *)(void *)lock->bytes;
}

int wo__lock_init(struct wo__lock *lock)
{
    pthread_mutexattr_t attr;
    pthread_mutexattr_init(&attr);
    pthread_mutexattr_setpshared(&attr, PTHREAD_PROCESS_SHARED);
    int rc = pthread_mutexattr_setrobust(&attr, PTHREAD_MUTEX_ROBUST);
    if (rc == 0)
        rc = pthread_mutex_init(&inside(lock)->mutex, &attr);
    pthread_mutexattr_destroy(&attr);
    return -rc;
}

int wo__lock_take(struct wo__lock *lock, uint32_t owner, wo__lock_alive *alive, void *context)
{
    (void)owner;
    (void)alive;
    (void)context;
    struct robust *r = inside(lock);
    int rc = pthread_mutex_lock(&r->mutex);
    if (rc != EOWNERDEAD)
        return -rc;
    /* Consistent at once: `begun` tells that there is something to repair, also to the next one if
     * we die at that. */
    rc = pthread_mutex_consistent(&r->mutex);
    if (rc)
        return -ENOTRECOVERABLE;
    return atomic_load(&r->begun) ? -EOWNERDEAD : 0;
}

void wo__lock_begun(struct wo__lock *lock)
{
    atomic_store(&inside(lock)->begun, 1);
}

bool wo__lock_is_free(struct wo__lock *lock)
{
    (void)lock;
    return false; /* POSIX does not tell */
}

void wo__lock_give(struct wo__lock *lock, struct wo__park *park, _Atomic uint32_t *status)
{
    struct robust *r = inside(lock);
    if (status)
        wo__park_wake(park, status, true);
    atomic_store(&r->begun, 0); /* the commit */
    pthread_mutex_unlock(&r->mutex);
}
