/* wait.h: waiting, and completing waits. */
#ifndef WO_WAIT_H
#define WO_WAIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct wo__arena;
struct wo__cell;
struct wo__object;

/* Waits for any or all of the objects, of any kind and mix; the caller holds references.
 *
 * Returns 0 (*index: which, for any), -ETIMEDOUT, -EINVAL (no objects; one twice in a wait for
 * all),
 * -ENOTSUP (an object that cannot be waited on), -ENOMEM, -ENOSPC, -EMFILE, -EBADMSG. */
int wo__wait(struct wo__object *const *objects, size_t count, bool all, uint64_t deadline,
             size_t *index);

/* Arena locked: is it signaled at this moment? */
bool wo__cell_ready(struct wo__arena *a, struct wo__cell *c);

/* Arena locked, after a change that may have made the cell signaled: satisfies the waiters in
 * order, changing states on their behalf, until the cell is not signaled any more. */
void wo__signal(struct wo__arena *a, struct wo__cell *c);

/* Arena locked: takes a waiter off all queues and gives its blocks back. */
void wo__waiter_dequeue(struct wo__arena *a, uint32_t waiter);
/* Arena locked: appends a block for the waiter to the cell's queue. */
int wo__waiter_enqueue(struct wo__arena *a, uint32_t waiter, uint32_t cell, uint32_t index);

/* Arena locked: gives a waiter of this process a new status and wakes its thread. */
void wo__waiter_wake(struct wo__arena *a, uint32_t waiter, uint32_t status);

/* Lets the waits of this process that stand on the object look again at what they wait for: an
 * overlapped operation was attached to it. No lock held. */
void wo__wait_kick(struct wo__object *o);

/* Nanoseconds from now, as a deadline; negative: never. */
uint64_t wo__deadline(int64_t timeout_ns);

#endif
