/* watch.c: pollable descriptors of dispatcher objects.
 *
 * A watch is a waiter record of its own in the object's queue, flag WO__WATCH, which a signaller
 * rings instead of satisfying it. Its bell is a FIFO that other processes can ring too, so the
 * object is promoted to the shared arena first.
 *
 * Protocol: armed and empty while the object is non-signaled; the signal that finds it armed
 * writes one byte and disarms it; a wait that leaves (or finds) the object non-signaled empties it
 * and arms it again, under the arena's lock, so no signal falls between.
 *
 * For external objects the descriptor is the one the wait core itself polls.
 */
#include "watch.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "alive.h"
#include "arena.h"
#include "handle.h"
#include "object.h"
#include "promote.h"
#include "thread.h"
#include "wait.h"
#include "waitobj/wait.h"

struct wo__watch {
    uint32_t waiter;
    struct wo__bell bell;
};

/* Arena locked. */
static int record_take(struct wo__arena *a, uint32_t *out)
{
    uint32_t i;
    int rc = wo__pool_take(a, WO__POOL_WAITER, &i);
    if (rc < 0)
        return rc;
    struct wo__waiter *w = wo__waiter_at(a, i);
    wo__park_init(&w->park, true);
    w->flags = WO__WATCH | WO__SLEEPS_IN_POLL;
    w->has_fifo = 1;
    w->bell_rd = w->bell_wr = -1;
    wo__waiter_link(a, i, a->proc);
    *out = i;
    return 0;
}

/* Arena locked. The FIFO goes before the record: afterwards its name may be somebody else's. */
static void record_give(struct wo__arena *a, uint32_t waiter)
{
    wo__thread_fifo_remove(waiter);
    wo__waiter_dequeue(a, waiter);
    wo__waiter_unlink(a, waiter);
    wo__pool_give(a, WO__POOL_WAITER, waiter);
}

static bool is_signaled(struct wo__arena *a, const struct wo__object *o)
{
    return wo__cell_ready(a, wo__cell_at(a, o->cell));
}

/* Arena locked: joins the queue, rung already if the object is signaled. */
static int join(struct wo__arena *a, struct wo__object *o, const struct wo__watch *watch)
{
    struct wo__waiter *w = wo__waiter_at(a, watch->waiter);
    wo__tx_set(a, &w->bell_rd, (uint32_t)watch->bell.rd);
    wo__tx_set(a, &w->bell_wr, (uint32_t)watch->bell.wr);
    int rc = wo__waiter_enqueue(a, watch->waiter, o->cell, 0);
    if (rc < 0)
        return rc;
    bool signaled = is_signaled(a, o);
    if (signaled)
        wo__write_nosignal(watch->bell.wr, "", 1);
    wo__tx_set(a, &w->armed, !signaled);
    return 0;
}

static int start(struct wo__object *o, struct wo__watch *watch)
{
    struct wo__arena *a;
    int rc = wo__object_lock(o, &a);
    if (rc < 0)
        return rc;
    rc = record_take(a, &watch->waiter);
    if (rc < 0) {
        wo__arena_abort(a);
        return rc;
    }
    rc = wo__arena_commit(a);
    if (rc < 0)
        return rc;
    rc = wo__thread_fifo_open(watch->waiter, &watch->bell);
    int locked = wo__arena_lock(a);
    if (locked < 0)
        return locked;
    if (rc == 0)
        rc = join(a, o, watch);
    if (rc < 0)
        record_give(a, watch->waiter);
    int committed = wo__arena_commit(a);
    return rc < 0 ? rc : committed;
}

static void let_go(struct wo__watch *watch)
{
    if (watch->bell.rd >= 0)
        close(watch->bell.rd);
    if (watch->bell.wr >= 0)
        close(watch->bell.wr);
    free(watch);
}

static int make(struct wo__object *o)
{
    int rc = wo__promote(&o, 1);
    if (rc < 0)
        return rc;
    struct wo__watch *watch = calloc(1, sizeof *watch), *none = NULL;
    if (!watch)
        return -ENOMEM;
    watch->bell = (struct wo__bell){-1, -1};
    rc = start(o, watch);
    if (rc == 0 && atomic_compare_exchange_strong(&o->watch, &none, watch))
        return 0;
    /* Failed, or another thread was faster. */
    struct wo__arena *a;
    if (rc == 0 && wo__object_lock(o, &a) == 0) {
        record_give(a, watch->waiter);
        wo__arena_commit(a);
    }
    let_go(watch);
    return rc;
}

int wo__watch_fd(struct wo__object *o, int *fd)
{
    if (!o->type->ready_at) {
        int own = o->type->pollfd ? o->type->pollfd(o) : -1;
        if (own < 0)
            return -ENOTSUP;
        *fd = own;
        return 0;
    }
    if (!atomic_load_explicit(&o->watch, memory_order_acquire)) {
        int rc = make(o);
        if (rc < 0)
            return rc;
    }
    *fd = atomic_load_explicit(&o->watch, memory_order_acquire)->bell.rd;
    return 0;
}

void wo__watch_rearm(struct wo__object *o)
{
    struct wo__arena *a;
    struct wo__watch *watch = atomic_load_explicit(&o->watch, memory_order_acquire);
    if (!watch || wo__object_lock(o, &a) < 0)
        return;
    struct wo__waiter *w = wo__waiter_at(a, watch->waiter);
    if (!w->armed && !is_signaled(a, o)) {
        wo__thread_drain(watch->bell.rd);
        wo__tx_set(a, &w->armed, 1);
    }
    wo__arena_commit(a);
}

void wo__watch_destroy(struct wo__object *o)
{
    struct wo__arena *a;
    struct wo__watch *watch = atomic_exchange(&o->watch, NULL);
    if (!watch)
        return;
    if (wo__object_lock(o, &a) == 0) {
        record_give(a, watch->waiter);
        wo__arena_commit(a);
    }
    let_go(watch);
}

void wo__watch_forget(struct wo__object *o)
{
    struct wo__watch *watch = atomic_exchange(&o->watch, NULL);
    if (watch)
        let_go(watch);
}

/* ---- Native face ---------------------------------------------------------------------------- */

int wo_pollfd(wo_handle h, int *fd)
{
    struct wo__object *o;
    if (!fd)
        return -EINVAL;
    int rc = wo__handle_get(h, NULL, WO_ACCESS_WAIT, &o);
    if (rc < 0)
        return rc;
    rc = wo__watch_fd(o, fd);
    wo__object_release(o);
    return rc;
}
