/* alive.c: process records, holds, and clearing away what dead processes left.
 *
 * A record's process lives while its presence byte is locked. The kernel drops the lock with the
 * last descriptor of that open file description, however the process ends. Nothing here waits for
 * anybody.
 *
 * Lists: cell -> holds (cell_next/prev), process -> holds (proc_next/prev), process -> waiters.
 * All guarded by the arena's lock; all changes by wo__tx_set.
 */
#include "alive.h"

#include <errno.h>
#include <unistd.h>

#include "attach.h"
#include "name.h"
#include "thread.h"
#include "wait.h"

/* ---- Process records ------------------------------------------------------------------------ */

int wo__proc_register(struct wo__arena *a, int fd, uint32_t *out)
{
    uint32_t i;
    int rc = wo__pool_take(a, WO__POOL_PROC, &i);
    if (rc < 0)
        return rc;
    /* Fails only if a stray process still holds the byte, so that the slot was not really free. */
    rc = fd < 0 ? 0 : wo__presence_take(fd, WO__PRESENCE_BASE + i, true, false);
    if (rc < 0)
        return rc;
    struct wo__proc *p = wo__proc_at(a, i);
    wo__tx_set(a, &p->used, 1);
    wo__tx_set(a, &p->pid, (uint32_t)getpid());
    wo__tx_set(a, &a->header->sign_ins, a->header->sign_ins + 1);
    p->generation = a->header->sign_ins;
    *out = i;
    return 0;
}

bool wo__proc_alive(struct wo__arena *a, uint32_t proc)
{
    if (proc == a->proc)
        return true;
    return wo__arena_byte_held(a, WO__PRESENCE_BASE + proc);
}

void wo__waiter_purge(struct wo__arena *a, uint32_t waiter)
{
    wo__waiter_dequeue(a, waiter);
    if (wo__waiter_at(a, waiter)->has_fifo)
        wo__thread_fifo_remove(waiter);
    wo__waiter_unlink(a, waiter);
    wo__pool_give(a, WO__POOL_WAITER, waiter);
}

void wo__proc_purge(struct wo__arena *a, uint32_t proc)
{
    struct wo__proc *p = wo__proc_at(a, proc);
    uint32_t steps = 0;
    if (!p->used) {
        wo__arena_bad(a); /* a hold or a waiter of nobody */
        return;
    }
    while (p->waiters && wo__step(a, WO__POOL_WAITER, &steps)) {
        wo__waiter_purge(a, p->waiters);
        wo__arena_checkpoint(a);
    }
    steps = 0;
    while (p->holds && wo__step(a, WO__POOL_HOLD, &steps)) {
        wo__hold_drop(a, p->holds);
        wo__arena_checkpoint(a);
    }
    if (a->damaged)
        return;
    wo__tx_set(a, &p->used, 0);
    wo__pool_give(a, WO__POOL_PROC, proc);
    wo__arena_checkpoint(a);
}

void wo__proc_sweep(struct wo__arena *a)
{
    uint32_t used = a->header->pools[WO__POOL_PROC].used;
    for (uint32_t i = 1; i < used && i < a->capacity[WO__POOL_PROC]; i++)
        if (wo__proc_at(a, i)->used && !wo__proc_alive(a, i))
            wo__proc_purge(a, i);
}

/* ---- Holds ---------------------------------------------------------------------------------- */

int wo__hold_add(struct wo__arena *a, uint32_t proc, uint32_t cell, uint32_t *out)
{
    uint32_t i;
    int rc = wo__pool_take(a, WO__POOL_HOLD, &i);
    if (rc < 0)
        return rc;
    struct wo__hold *h = wo__hold_at(a, i);
    struct wo__cell *c = wo__cell_at(a, cell);
    struct wo__proc *p = wo__proc_at(a, proc);
    h->proc = proc;
    h->cell = cell;
    h->cell_next = c->holds;
    h->proc_next = p->holds;
    if (c->holds)
        wo__tx_set(a, &wo__hold_at(a, c->holds)->cell_prev, i);
    if (p->holds)
        wo__tx_set(a, &wo__hold_at(a, p->holds)->proc_prev, i);
    wo__tx_set(a, &c->holds, i);
    wo__tx_set(a, &p->holds, i);
    *out = i;
    return 0;
}

void wo__hold_drop(struct wo__arena *a, uint32_t hold)
{
    struct wo__hold *h = wo__hold_at(a, hold);
    struct wo__cell *c = wo__cell_at(a, h->cell);
    struct wo__proc *p = wo__proc_at(a, h->proc);
    uint32_t cell = h->cell;
    wo__tx_set(a, h->cell_prev ? &wo__hold_at(a, h->cell_prev)->cell_next : &c->holds,
               h->cell_next);
    if (h->cell_next)
        wo__tx_set(a, &wo__hold_at(a, h->cell_next)->cell_prev, h->cell_prev);
    wo__tx_set(a, h->proc_prev ? &wo__hold_at(a, h->proc_prev)->proc_next : &p->holds,
               h->proc_next);
    if (h->proc_next)
        wo__tx_set(a, &wo__hold_at(a, h->proc_next)->proc_prev, h->proc_prev);
    wo__pool_give(a, WO__POOL_HOLD, hold);
    if (!c->holds)
        wo__cell_free(a, cell);
}

bool wo__cell_alive(struct wo__arena *a, uint32_t cell)
{
    struct wo__cell *c = wo__cell_at(a, cell);
    uint32_t steps = 0;
    if (!c->holds)
        wo__arena_bad(a); /* it should have gone with its last hold */
    while (c->holds && wo__step(a, WO__POOL_HOLD, &steps)) {
        uint32_t proc = wo__hold_at(a, c->holds)->proc;
        if (wo__proc_alive(a, proc))
            return true;
        /* The cell goes with its last hold; a purge also takes the dead process's waits. */
        wo__proc_purge(a, proc);
    }
    return false;
}

/* ---- Waiters of a process ------------------------------------------------------------------- */

void wo__waiter_link(struct wo__arena *a, uint32_t waiter, uint32_t proc)
{
    struct wo__waiter *w = wo__waiter_at(a, waiter);
    struct wo__proc *p = wo__proc_at(a, proc);
    w->proc = proc;
    w->proc_prev = 0;
    w->proc_next = p->waiters;
    if (p->waiters)
        wo__tx_set(a, &wo__waiter_at(a, p->waiters)->proc_prev, waiter);
    wo__tx_set(a, &p->waiters, waiter);
}

void wo__waiter_unlink(struct wo__arena *a, uint32_t waiter)
{
    struct wo__waiter *w = wo__waiter_at(a, waiter);
    struct wo__proc *p = wo__proc_at(a, w->proc);
    wo__tx_set(a, w->proc_prev ? &wo__waiter_at(a, w->proc_prev)->proc_next : &p->waiters,
               w->proc_next);
    if (w->proc_next)
        wo__tx_set(a, &wo__waiter_at(a, w->proc_next)->proc_prev, w->proc_prev);
}
