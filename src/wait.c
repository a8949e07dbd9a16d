/* wait.c: the one wait algorithm.
 *
 * A wait, in order:
 *   1. classify: which objects are dispatcher objects (state in an arena), which external (state
 *   with
 *      the operating system). Private and shared ones in one wait: the private ones are promoted,
 *      so a wait uses one arena.
 *   2. look: ask the external objects; lock the arena; if the wait can be satisfied now, change the
 *      objects' states and return.
 *   3. queue: a block per dispatcher object, at the end of its queue; unlock.
 *   4. sleep: in the park, or, with external objects, in poll with the bell among the descriptors.
 *   5. awake: satisfied by a signaller (nothing left to do), or look again, or time out.
 *
 * A signal (wo__signal), under the arena's lock: walk the object's queue in order; whoever's wait
 * is satisfied now gets the states changed on its behalf, is taken off all its queues and marked
 * WO__DONE. So a signal goes to exactly one waiter, and a waiter that times out at the same
 * instant finds out under the lock whether it was it.
 *
 * Who decides a wait: the arena's lock. Status WO__WAITING -> WO__DONE by a signaller, -> WO__IDLE
 * by the waiter itself, both under the lock. WO__WAITING -> WO__KICKED by wo__wait_kick and back by
 * the waiter: it stays queued all the time.
 *
 * Waking: a parked waiter is woken with the commit (arena.c). A bell is rung under the lock: a
 * private one before the waiter is marked done, because afterwards its thread may be gone and the
 * bell closed. So a woken waiter may see a WO__DONE that could still be rolled back; confirmed()
 * tells.
 *
 * A waiter whose process turns out to be dead is rolled back and purged, and the signal goes to the
 * next.
 */
#include "wait.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "alive.h"
#include "arena.h"
#include "handle.h"
#include "object.h"
#include "pending.h"
#include "promote.h"
#include "testhook.h"
#include "thread.h"
#include "waitobj/wait.h"
#include "watch.h"

enum {
    FEW = 64,                     /* objects for which no memory is allocated */
    POLL_INTERVAL_NS = 4 * 1000000 /* how often an object without a descriptor is asked */
};

struct wait {
    struct wo__object *const *objects;
    size_t count;
    bool all;
    uint64_t deadline;
    size_t index; /* result */

    struct wo__arena *arena; /* of the dispatcher objects; NULL: there are none */
    size_t externals;
    bool all_latched;  /* every external object stays signaled once it is */
    bool pending;      /* an object has overlapped operations attached */
    bool in_poll;      /* sleeps in poll */
    bool *ready;       /* externals: as last seen */
    struct pollfd *fds;
    size_t fd_room;

    struct wo__thread *thread;
    uint32_t waiter; /* 0: not queued */

    bool few_ready[FEW];
    struct pollfd few_fds[FEW + 8];
};

uint64_t wo__deadline(int64_t timeout_ns)
{
    if (timeout_ns < 0)
        return WO__NEVER;
    uint64_t now = wo__clock_now();
    uint64_t deadline = now + (uint64_t)timeout_ns;
    return deadline < now || deadline >= WO__NEVER - 1 ? WO__NEVER : deadline;
}

/* ---- Cells and queues; arena locked --------------------------------------------------------- */

bool wo__cell_ready(struct wo__arena *a, struct wo__cell *c)
{
    const struct wo__type *type = wo__type_of(c->type);
    if (!type) {
        a->damaged = true;
        return false;
    }
    uint64_t at = type->ready_at(a, c);
    return at == 0 || (at != WO__NEVER && at <= wo__clock_now());
}

static void cell_acquire(struct wo__arena *a, struct wo__cell *c, uint32_t waiter)
{
    const struct wo__type *type = wo__type_of(c->type);
    if (type && type->acquire)
        type->acquire(a, c, waiter);
}

int wo__waiter_enqueue(struct wo__arena *a, uint32_t waiter, uint32_t cell, uint32_t index)
{
    uint32_t i;
    int rc = wo__pool_take(a, WO__POOL_BLOCK, &i);
    if (rc < 0)
        return rc;
    struct wo__block *b = wo__block_at(a, i);
    struct wo__waiter *w = wo__waiter_at(a, waiter);
    struct wo__cell *c = wo__cell_at(a, cell);
    b->waiter = waiter;
    b->cell = cell;
    b->index = index;
    b->prev = c->queue_tail;
    wo__tx_set(a, &b->link, w->blocks);
    wo__tx_set(a, &w->blocks, i);
    wo__tx_set(a, c->queue_tail ? &wo__block_at(a, c->queue_tail)->next : &c->queue_head, i);
    wo__tx_set(a, &c->queue_tail, i);
    return 0;
}

static void block_remove(struct wo__arena *a, const struct wo__block *b)
{
    struct wo__cell *c = wo__cell_at(a, b->cell);
    wo__tx_set(a, b->prev ? &wo__block_at(a, b->prev)->next : &c->queue_head, b->next);
    wo__tx_set(a, b->next ? &wo__block_at(a, b->next)->prev : &c->queue_tail, b->prev);
}

void wo__waiter_dequeue(struct wo__arena *a, uint32_t waiter)
{
    struct wo__waiter *w = wo__waiter_at(a, waiter);
    uint32_t i = w->blocks, steps = 0;
    while (i && wo__step(a, WO__POOL_BLOCK, &steps)) {
        struct wo__block *b = wo__block_at(a, i);
        uint32_t next = b->link;
        block_remove(a, b);
        wo__pool_give(a, WO__POOL_BLOCK, i);
        i = next;
    }
    wo__tx_set(a, &w->blocks, 0);
}

/* ---- Signalling; arena locked --------------------------------------------------------------- */

static void ring_own(struct wo__arena *a, const struct wo__waiter *w)
{
    struct wo__bell bell = {w->bell_rd, w->bell_wr};
    if (a->shared)
        (void)!write(bell.wr, "", 1); /* we have the reading end, too */
    else
        wo__bell_ring(&bell);
}

/* False: nobody is there. One that lives and cannot be rung (no descriptor is left for its FIFO, or
 * it is another user's by now) would sleep on: then the transaction fails. Not cancelled: the arena
 * is locked. */
static bool ring_bell(struct wo__arena *a, uint32_t waiter, bool ours)
{
    struct wo__waiter *w = wo__waiter_at(a, waiter);
    int cancel, rc = 1;
    pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &cancel);
    if (ours)
        ring_own(a, w);
    else
        rc = wo__thread_fifo_ring(waiter);
    pthread_setcancelstate(cancel, NULL);
    if (rc < 0 && wo__proc_alive(a, w->proc)) {
        a->failed = rc;
        return true;
    }
    return rc > 0;
}

/* Wakes the waiter's thread, at the latest with the commit. False: its process is dead. */
static bool ring(struct wo__arena *a, uint32_t waiter)
{
    struct wo__waiter *w = wo__waiter_at(a, waiter);
    bool ours = !a->shared || w->proc == a->proc;
    if (w->flags & WO__SLEEPS_IN_POLL)
        return ring_bell(a, waiter, ours);
    if (!ours && !wo__proc_alive(a, w->proc))
        return false;
    if (a->wake_count < WO__MAX_WAKES)
        a->wakes[a->wake_count++] = waiter;
    else
        wo__park_wake(&w->park, &w->status, a->shared);
    return true;
}

/* Gives the waiter its status and wakes it, in the order that the top of this file explains. */
static bool wake_as(struct wo__arena *a, uint32_t waiter, uint32_t status)
{
    struct wo__waiter *w = wo__waiter_at(a, waiter);
    bool bell_first = !a->shared && w->flags & WO__SLEEPS_IN_POLL;
    if (bell_first)
        ring(a, waiter);
    WO__TEST_POINT("wait.rung");
    wo__tx_set(a, &w->done_seq, wo__tx_seq(a));
    wo__tx_set(a, &w->status, status);
    WO__TEST_POINT("wait.done");
    return bell_first || ring(a, waiter);
}

/* Gives a satisfied waiter what it waited for. False: it is dead, and nothing has changed. */
static bool release(struct wo__arena *a, uint32_t waiter, const struct wo__block *b)
{
    struct wo__waiter *w = wo__waiter_at(a, waiter);
    uint32_t mark = wo__tx_mark(a), steps = 0;
    if (w->flags & WO__WAIT_ALL)
        for (uint32_t i = w->blocks; i && wo__step(a, WO__POOL_BLOCK, &steps);
             i = wo__block_at(a, i)->link)
            cell_acquire(a, wo__cell_at(a, wo__block_at(a, i)->cell), waiter);
    else
        cell_acquire(a, wo__cell_at(a, b->cell), waiter);
    wo__tx_set(a, &w->index, b->index);
    wo__waiter_dequeue(a, waiter);
    if (wake_as(a, waiter, WO__DONE))
        return true;
    wo__tx_rollback(a, mark);
    return false;
}

void wo__waiter_wake(struct wo__arena *a, uint32_t waiter, uint32_t status)
{
    wake_as(a, waiter, status);
}

/* Are all of the waiter's cells signaled? */
static bool all_ready(struct wo__arena *a, const struct wo__waiter *w)
{
    uint32_t steps = 0;
    for (uint32_t i = w->blocks; i && wo__step(a, WO__POOL_BLOCK, &steps);
         i = wo__block_at(a, i)->link)
        if (!wo__cell_ready(a, wo__cell_at(a, wo__block_at(a, i)->cell)))
            return false;
    return !a->damaged;
}

static void ring_watch(struct wo__arena *a, uint32_t waiter)
{
    struct wo__waiter *w = wo__waiter_at(a, waiter);
    if (!w->armed)
        return;
    ring(a, waiter);
    wo__tx_set(a, &w->armed, 0);
}

/* One block of the queue of a signaled cell. False: its waiter was dead and is gone. */
static bool offer(struct wo__arena *a, const struct wo__block *b)
{
    uint32_t waiter = b->waiter;
    struct wo__waiter *w = wo__waiter_at(a, waiter);
    bool alive = true;
    if (w->flags & WO__WATCH)
        ring_watch(a, waiter);
    else if (w->flags & WO__WAIT_ALL && !all_ready(a, w))
        ;
    else if (w->flags & WO__SELF_COMMIT)
        alive = ring(a, waiter);
    else
        alive = release(a, waiter, b);
    if (!alive)
        wo__waiter_purge(a, waiter);
    return alive;
}

void wo__signal(struct wo__arena *a, struct wo__cell *c)
{
    uint32_t i = c->queue_head, steps = 0;
    while (i && wo__step(a, WO__POOL_BLOCK, &steps) && wo__cell_ready(a, c)) {
        const struct wo__block *b = wo__block_at(a, i);
        /* The next block of another waiter: this one's may all be gone in a moment. */
        uint32_t next = b->next;
        while (next && wo__block_at(a, next)->waiter == b->waiter &&
               wo__step(a, WO__POOL_BLOCK, &steps))
            next = wo__block_at(a, next)->next;
        i = offer(a, b) ? next : c->queue_head;
    }
}

void wo__wait_kick(struct wo__object *o)
{
    struct wo__arena *a;
    uint32_t steps = 0;
    if (wo__object_lock(o, &a) < 0)
        return;
    uint32_t i = wo__cell_at(a, o->cell)->queue_head;
    for (; i && wo__step(a, WO__POOL_BLOCK, &steps); i = wo__block_at(a, i)->next) {
        uint32_t waiter = wo__block_at(a, i)->waiter;
        struct wo__waiter *w = wo__waiter_at(a, waiter);
        bool ours = !a->shared || w->proc == a->proc;
        if (ours && !(w->flags & WO__WATCH) && w->status == WO__WAITING)
            wake_as(a, waiter, WO__KICKED);
    }
    wo__arena_commit(a);
}

/* ---- 1. Classify ---------------------------------------------------------------------------- */

static int compare_pointers(const void *x, const void *y)
{
    uintptr_t a = (uintptr_t) * (void *const *)x, b = (uintptr_t) * (void *const *)y;
    return a < b ? -1 : a > b;
}

/* Is an object named twice? 1, 0 or -ENOMEM. */
static int has_duplicates(const struct wait *w)
{
    struct wo__object *few[FEW], **sorted = few;
    if (w->count > FEW && !(sorted = malloc(w->count * sizeof *sorted)))
        return -ENOMEM;
    memcpy(sorted, w->objects, w->count * sizeof *sorted);
    qsort(sorted, w->count, sizeof *sorted, compare_pointers);
    int found = 0;
    for (size_t i = 1; i < w->count && !found; i++)
        found = sorted[i] == sorted[i - 1];
    if (sorted != few)
        free(sorted);
    return found;
}

static bool is_external(const struct wo__object *o)
{
    return !o->type->ready_at;
}

/* Counts the kinds; *mixed: dispatcher objects of both arenas. */
static int count_kinds(struct wait *w, bool *mixed)
{
    bool seen[2] = {false, false};
    w->arena = NULL;
    w->externals = 0;
    w->pending = false;
    w->all_latched = true;
    for (size_t i = 0; i < w->count; i++) {
        const struct wo__object *o = w->objects[i];
        w->pending |= atomic_load_explicit(&o->pending, memory_order_acquire) != 0;
        if (!is_external(o)) {
            struct wo__arena *a = atomic_load_explicit(&o->arena, memory_order_acquire);
            seen[a->shared] = true;
            w->arena = a;
        } else if (o->type->check) {
            w->externals++;
            w->all_latched &= o->type->latched;
        } else {
            return -ENOTSUP;
        }
    }
    *mixed = seen[0] && seen[1];
    return 0;
}

static int classify(struct wait *w)
{
    bool mixed;
    int rc = count_kinds(w, &mixed);
    if (rc == 0 && mixed && (rc = wo__promote(w->objects, w->count)) == 0)
        rc = count_kinds(w, &mixed);
    w->in_poll = w->externals || w->pending;
    return rc;
}

static int make_room(struct wait *w)
{
    w->ready = w->few_ready;
    w->fds = w->few_fds;
    w->fd_room = sizeof w->few_fds / sizeof w->few_fds[0];
    if (!w->in_poll || w->count <= FEW)
        return 0;
    w->fd_room = w->count + 8;
    w->ready = calloc(w->count, sizeof *w->ready);
    w->fds = calloc(w->fd_room, sizeof *w->fds);
    return w->ready && w->fds ? 0 : -ENOMEM;
}

static void free_room(struct wait *w)
{
    if (w->ready != w->few_ready)
        free(w->ready);
    if (w->fds != w->few_fds)
        free(w->fds);
}

/* ---- 2. Look -------------------------------------------------------------------------------- */

/* Asks the external objects and moves overlapped operations on; no lock held. */
static int look_outside(struct wait *w)
{
    for (size_t i = 0; w->in_poll && i < w->count; i++) {
        struct wo__object *o = w->objects[i];
        if (atomic_load_explicit(&o->pending, memory_order_acquire))
            wo__pending_run(o);
        if (!is_external(o) || (w->ready[i] && o->type->latched))
            continue;
        int rc = o->type->check(o);
        if (rc < 0)
            return rc;
        w->ready[i] = rc > 0;
    }
    return 0;
}

static bool is_ready(struct wait *w, size_t i)
{
    const struct wo__object *o = w->objects[i];
    return is_external(o) ? w->ready[i] : wo__cell_ready(w->arena, wo__cell_at(w->arena, o->cell));
}

static void acquire(struct wait *w, size_t i)
{
    const struct wo__object *o = w->objects[i];
    if (!is_external(o))
        cell_acquire(w->arena, wo__cell_at(w->arena, o->cell), w->waiter);
}

/* Arena locked, if there is one. Satisfies the wait if that is possible now. */
static bool satisfy(struct wait *w)
{
    for (size_t i = 0; i < w->count; i++) {
        bool ready = is_ready(w, i);
        if (ready && !w->all) {
            acquire(w, i);
            w->index = i;
            return true;
        }
        if (!ready && w->all)
            return false;
    }
    if (!w->all)
        return false;
    for (size_t i = 0; i < w->count; i++)
        acquire(w, i);
    w->index = 0;
    return true;
}

/* ---- 3. Queue ------------------------------------------------------------------------------- */

/* Was it promoted since classify, or given an overlapped operation? The latter's kick comes before
 * our lock, and then we see the operation here, or after it, and then it finds us queued. */
static bool has_changed(const struct wait *w, const struct wo__object *o)
{
    return atomic_load_explicit(&o->arena, memory_order_relaxed) != w->arena ||
           (!w->pending && atomic_load_explicit(&o->pending, memory_order_relaxed));
}

/* Locks the arena of the dispatcher objects; -EAGAIN: classify again. */
static int lock_arena(struct wait *w)
{
    int rc = wo__arena_lock(w->arena);
    if (rc < 0)
        return rc;
    for (size_t i = 0; i < w->count; i++)
        if (!is_external(w->objects[i]) && has_changed(w, w->objects[i])) {
            wo__arena_abort(w->arena);
            return -EAGAIN;
        }
    return 0;
}

/* May a signaller complete this wait alone? Not a wait for all in which external objects are
 * missing, or could be missing again. */
static uint32_t wait_flags(const struct wait *w)
{
    uint32_t flags = w->in_poll ? WO__SLEEPS_IN_POLL : 0;
    if (!w->all)
        return flags;
    bool complete = w->all_latched;
    for (size_t i = 0; i < w->count && complete; i++)
        complete = !is_external(w->objects[i]) || w->ready[i];
    return flags | WO__WAIT_ALL | (complete ? 0 : WO__SELF_COMMIT);
}

/* Arena locked. */
static int enqueue(struct wait *w)
{
    struct wo__arena *a = w->arena;
    uint32_t waiter = w->thread->waiter[a->shared];
    struct wo__waiter *r = wo__waiter_at(a, waiter);
    wo__tx_set(a, &r->flags, wait_flags(w));
    wo__tx_set(a, &r->status, WO__WAITING);
    for (size_t i = 0; i < w->count; i++) {
        if (is_external(w->objects[i]))
            continue;
        int rc = wo__waiter_enqueue(a, waiter, w->objects[i]->cell, (uint32_t)i);
        if (rc < 0) {
            wo__waiter_dequeue(a, waiter);
            return rc;
        }
    }
    w->waiter = waiter;
    return 0;
}

/* What a thread needs before it can queue; made once and kept. */
static int ready_thread(struct wait *w)
{
    w->thread = wo__thread_self();
    if (!w->thread)
        return -ENOMEM;
    if (!w->thread->waiter[w->arena->shared]) {
        int rc = wo__arena_lock(w->arena);
        if (rc < 0)
            return rc;
        rc = wo__thread_waiter(w->arena, w->thread);
        if (rc < 0) {
            wo__arena_abort(w->arena);
            return rc;
        }
        rc = wo__arena_commit(w->arena);
        if (rc < 0) {
            w->thread->waiter[w->arena->shared] = 0;
            return rc;
        }
    }
    return w->in_poll ? wo__thread_bell(w->arena, w->thread) : 0;
}

/* ---- 4. Sleep ------------------------------------------------------------------------------- */

/* Fills the poll set: external objects not yet signaled, pending operations, the bell. */
static size_t poll_set(struct wait *w, uint64_t *until)
{
    size_t n = 0;
    for (size_t i = 0; i < w->count; i++) {
        struct wo__object *o = w->objects[i];
        if (is_external(o) && !w->ready[i]) {
            int fd = o->type->pollfd ? o->type->pollfd(o) : -1;
            if (fd >= 0)
                w->fds[n++] = (struct pollfd){.fd = fd, .events = POLLIN};
            uint64_t again = wo__clock_now() + POLL_INTERVAL_NS;
            if (fd < 0 && *until > again)
                *until = again;
        }
    }
    for (size_t i = 0; w->pending && i < w->count; i++) {
        if (!atomic_load_explicit(&w->objects[i]->pending, memory_order_acquire))
            continue;
        size_t room = w->fd_room - n - 1;
        size_t found = wo__pending_collect(w->objects[i], w->fds + n, room);
        n += found < room ? found : room;
        uint64_t due = wo__pending_deadline(w->objects[i]);
        if (due < *until)
            *until = due;
    }
    if (w->arena)
        w->fds[n++] = (struct pollfd){.fd = w->thread->bell[w->arena->shared].rd, .events = POLLIN};
    return n;
}

static int sleep_in_poll(struct wait *w)
{
    uint64_t until = w->deadline;
    size_t n = poll_set(w, &until);
    int rc = wo__poll(w->fds, n, until);
    if (rc > 0 && w->arena && w->fds[n - 1].revents)
        wo__thread_drain(w->thread->bell[w->arena->shared].rd);
    return rc < 0 ? rc : 0;
}

static int sleep_once(struct wait *w)
{
    WO__TEST_POINT("wait.sleep");
    struct wo__waiter *r = wo__waiter_at(w->arena, w->waiter);
    /* The bell is rung before the status is stored, so it may be silent again already: emptied by
     * us before reconsider's lock waited for that signaller. */
    if (w->in_poll && atomic_load_explicit(&r->status, memory_order_acquire) != WO__WAITING)
        return 0;
    if (w->in_poll)
        return sleep_in_poll(w);
    wo__park_wait(&r->park, &r->status, WO__WAITING, w->deadline, w->arena->shared);
    return 0;
}

/* ---- 5. Awake ------------------------------------------------------------------------------- */

/* Does WO__DONE stand? It does when the transaction that stored it is over and it is still there:
 * had that one been rolled back, WO__DONE would have gone before the transaction was over. So look
 * again after wo__tx_over's acquire loads. */
static bool confirmed(struct wo__arena *a, struct wo__waiter *r)
{
    if (!a->shared)
        return true;
    uint32_t seq = atomic_load_explicit(&r->done_seq, memory_order_acquire);
    return wo__tx_over(a, seq) &&
           atomic_load_explicit(&r->status, memory_order_acquire) == WO__DONE &&
           atomic_load_explicit(&r->done_seq, memory_order_relaxed) == seq;
}

/* The wait goes on in the shared arena, in the record that the promotion made. That has a bell if
 * we slept in poll then; we may have decided to since (notice_pending). */
static int follow(struct wait *w)
{
    struct wo__waiter *r = wo__waiter_at(w->arena, w->waiter);
    uint32_t moved = r->moved;
    int rc;
    r->moved = 0; /* off all queues, so ours alone; the next promotion marks with it (promote.c) */
    w->arena = wo__shared_arena(&rc); /* attached, or nobody could have moved us */
    w->waiter = moved;
    wo__thread_adopt(w->thread, moved);
    return w->in_poll ? wo__thread_bell(w->arena, w->thread) : 0;
}

/* Can a record have this status while its thread is in a wait? */
static bool is_possible(const struct wait *w, uint32_t status)
{
    return status == WO__WAITING || status == WO__KICKED || status == WO__DONE ||
           (status == WO__MOVED && !w->arena->shared);
}

/* The record's status, believed. */
static int settled_status(struct wait *w, uint32_t *status)
{
    struct wo__waiter *r = wo__waiter_at(w->arena, w->waiter);
    *status = atomic_load_explicit(&r->status, memory_order_acquire);
    if (!is_possible(w, *status))
        return -EBADMSG;
    if (*status != WO__DONE || confirmed(w->arena, r))
        return 0;
    /* The signaller has not committed yet, or died: the lock waits for it, or rolls it back. */
    int rc = wo__arena_lock(w->arena);
    if (rc < 0)
        return rc;
    *status = atomic_load_explicit(&r->status, memory_order_relaxed);
    return wo__arena_commit(w->arena);
}

/* Arena locked, still waiting: 0 satisfied, -ETIMEDOUT, -EAGAIN sleep again. */
static int decide(struct wait *w)
{
    struct wo__arena *a = w->arena;
    struct wo__waiter *r = wo__waiter_at(a, w->waiter);
    int rc = satisfy(w) ? 0 : wo__clock_now() >= w->deadline ? -ETIMEDOUT : -EAGAIN;
    if (rc == -EAGAIN) {
        wo__tx_set(a, &r->flags, wait_flags(w));
        wo__tx_set(a, &r->status, WO__WAITING);
    } else {
        wo__waiter_dequeue(a, w->waiter);
        wo__tx_set(a, &r->status, WO__IDLE);
    }
    return rc;
}

/* An overlapped operation may have been attached to one of the objects since the wait began: then
 * it has to be driven on, and the wait goes on in poll. */
static int notice_pending(struct wait *w)
{
    bool was_in_poll = w->in_poll;
    w->pending = false;
    for (size_t i = 0; i < w->count && !w->pending; i++)
        w->pending = atomic_load_explicit(&w->objects[i]->pending, memory_order_acquire) != NULL;
    if (!w->pending || was_in_poll)
        return 0;
    w->in_poll = true;
    int rc = make_room(w);
    return rc < 0 ? rc : wo__thread_bell(w->arena, w->thread);
}

/* Not satisfied by a signaller so far: is there anything to do but sleep on? */
static int reconsider(struct wait *w, uint32_t status)
{
    int rc = notice_pending(w);
    WO__TEST_POINT("wait.noticed");
    if (rc == 0 && status == WO__WAITING && !w->in_poll && wo__clock_now() < w->deadline)
        return -EAGAIN;
    if (rc == 0)
        rc = look_outside(w);
    if (rc == 0)
        rc = wo__arena_lock(w->arena);
    if (rc < 0)
        return rc;
    status = wo__waiter_at(w->arena, w->waiter)->status;
    int result = status == WO__WAITING || status == WO__KICKED ? decide(w) : -EAGAIN;
    rc = wo__arena_commit(w->arena);
    return rc < 0 ? rc : result;
}

/* Something went wrong while queued: leave the queues, and never use the record again if even that
 * fails. */
static void give_up(struct wait *w)
{
    if (wo__arena_lock(w->arena) == 0) {
        wo__waiter_dequeue(w->arena, w->waiter);
        wo__tx_set(w->arena, &wo__waiter_at(w->arena, w->waiter)->status, WO__IDLE);
        if (wo__arena_commit(w->arena) == 0)
            return;
    }
    w->thread->waiter[w->arena->shared] = 0;
}

static int sleep_until_done(struct wait *w)
{
    for (;;) {
        uint32_t status;
        int rc = sleep_once(w);
        if (rc == 0)
            rc = settled_status(w, &status);
        if (rc == 0 && status == WO__DONE) {
            w->index = wo__waiter_at(w->arena, w->waiter)->index;
            return w->index < w->count ? 0 : -EBADMSG;
        }
        if (rc == 0 && status == WO__MOVED)
            rc = follow(w);
        if (rc == 0 && (rc = reconsider(w, status)) == -EAGAIN)
            continue;
        if (rc < 0 && rc != -ETIMEDOUT)
            give_up(w);
        return rc;
    }
}

/* ---- The whole ------------------------------------------------------------------------------ */

/* External objects only: there is nothing to queue on. */
static int wait_outside(struct wait *w)
{
    for (;;) {
        int rc = look_outside(w);
        if (rc < 0)
            return rc;
        if (satisfy(w))
            return 0;
        if (wo__clock_now() >= w->deadline)
            return -ETIMEDOUT;
        rc = sleep_in_poll(w);
        if (rc < 0)
            return rc;
    }
}

/* 0, -ETIMEDOUT, an error, -EAGAIN: start again, or 1: queued. */
static int look_and_queue(struct wait *w)
{
    int rc = look_outside(w);
    bool may_block = w->deadline != 0;
    /* Without room for a record, a wait that need not block still works. */
    int room = rc == 0 && may_block ? ready_thread(w) : 0;
    WO__TEST_POINT("wait.looked");
    if (rc == 0)
        rc = lock_arena(w);
    if (rc < 0)
        return rc;
    bool satisfied = satisfy(w);
    if (!satisfied && may_block)
        rc = room < 0 ? room : enqueue(w);
    int committed = wo__arena_commit(w->arena);
    if (rc < 0 || committed < 0)
        return rc < 0 ? rc : committed;
    return satisfied ? 0 : may_block ? 1 : -ETIMEDOUT;
}

static int wait_classified(struct wait *w)
{
    if (!w->arena)
        return wait_outside(w);
    int rc = look_and_queue(w);
    return rc == 1 ? sleep_until_done(w) : rc;
}

/* A thread that is cancelled in a wait would leave the queues with its record, and take a signal
 * with it. Parks are no cancellation points. */
static int wait_uncancelled(struct wait *w)
{
    int cancel;
    if (!w->in_poll)
        return wait_classified(w);
    pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &cancel);
    int rc = wait_classified(w);
    pthread_setcancelstate(cancel, NULL);
    return rc;
}

int wo__wait(struct wo__object *const *objects, size_t count, bool all, uint64_t deadline,
             size_t *index)
{
    struct wait w;
    w.objects = objects;
    w.count = count;
    w.all = all;
    w.deadline = deadline;
    w.index = 0;
    int rc = count == 0 || count > UINT32_MAX ? -EINVAL : 0;
    if (rc == 0 && all && count > 1 && (rc = has_duplicates(&w)) > 0)
        rc = -EINVAL;
    if (rc < 0)
        return rc;
    do {
        w.waiter = 0;
        memset(w.few_ready, 0, sizeof w.few_ready);
        rc = classify(&w);
        if (rc < 0)
            return rc;
        rc = make_room(&w);
        if (rc == 0)
            rc = wait_uncancelled(&w);
        free_room(&w);
    } while (rc == -EAGAIN);
    for (size_t i = 0; i < count; i++)
        wo__watch_rearm(objects[i]);
    if (rc == 0 && index)
        *index = all ? 0 : w.index;
    return rc;
}

/* ---- Native face ---------------------------------------------------------------------------- */

static void release_all(struct wo__object **objects, size_t count)
{
    while (count > 0)
        wo__object_release(objects[--count]);
}

static int wait_handles(const wo_handle *handles, size_t count, bool all, int64_t timeout_ns,
                        size_t *index)
{
    struct wo__object *few[FEW], **objects = few;
    uint64_t deadline = timeout_ns == 0 ? 0 : wo__deadline(timeout_ns);
    if (!handles || count == 0 || count > SIZE_MAX / sizeof *objects)
        return -EINVAL;
    if (count > FEW && !(objects = malloc(count * sizeof *objects)))
        return -ENOMEM;
    int rc = 0;
    size_t got = 0;
    while (got < count && rc == 0) {
        rc = wo__handle_get(handles[got], NULL, WO_ACCESS_WAIT, &objects[got]);
        got += rc == 0;
    }
    if (rc == 0)
        rc = wo__wait(objects, count, all, deadline, index);
    release_all(objects, got);
    if (objects != few)
        free(objects);
    return rc;
}

int wo_wait(wo_handle h, int64_t timeout_ns)
{
    return wait_handles(&h, 1, false, timeout_ns, NULL);
}

int wo_wait_any(const wo_handle *handles, size_t count, int64_t timeout_ns, size_t *index)
{
    return wait_handles(handles, count, false, timeout_ns, index);
}

int wo_wait_all(const wo_handle *handles, size_t count, int64_t timeout_ns)
{
    return wait_handles(handles, count, true, timeout_ns, NULL);
}
