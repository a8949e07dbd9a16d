/* promote.c: moving objects from the private into the shared arena.
 *
 * Why: a wait over private and shared objects must be decided under one lock, and an object that
 * other processes are to use must be where they can see it. So the private objects move, for good.
 *
 * A blocked waiter's objects must stay together, so everything that waits on a moved object moves
 * too, with all its objects, and so on. The closure is computed first, then built in the shared
 * arena, and only then taken out of the private arena. Cells and records are made in transactions
 * of their own - however many they are, the log does not overflow, and if we die they are a dead
 * process's -; all the queues in one: until its commit nothing has happened.
 *
 * A blocked thread is not released: its private record becomes WO__MOVED and points to the new one,
 * which is complete and queued from the instant of the commit. The thread wakes, follows (wait.c),
 * and sleeps on there. So a signal in between reaches it.
 *
 * Locks: private, then shared; both held throughout.
 */
#include "promote.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "alive.h"
#include "arena.h"
#include "name.h"
#include "object.h"
#include "thread.h"
#include "wait.h"

/* Items of the private arena and what they become. */
struct list {
    uint32_t *from, *to;
    size_t count, room;
};

struct job {
    struct wo__arena *p, *s;
    struct list cells, waiters;
    uint32_t *holds; /* by position in cells */
};

/* ---- The closure ---------------------------------------------------------------------------- */

static int push(struct list *l, uint32_t item, uint32_t *mark)
{
    if (*mark)
        return 0;
    if (l->count == l->room) {
        size_t room = l->room ? 2 * l->room : 64;
        uint32_t *from = realloc(l->from, room * sizeof *from);
        if (from)
            l->from = from;
        uint32_t *to = realloc(l->to, room * sizeof *to);
        if (to)
            l->to = to;
        if (!from || !to)
            return -ENOMEM;
        l->room = room;
    }
    l->from[l->count] = item;
    l->to[l->count] = 0;
    *mark = (uint32_t)++l->count;
    return 0;
}

/* In the private arena, a cell's `name` and a waiter's `moved` are unused: they hold the mark, the
 * position in the list plus one. */
static int push_cell(struct job *j, uint32_t cell)
{
    return push(&j->cells, cell, &wo__cell_at(j->p, cell)->name);
}

static int push_waiter(struct job *j, uint32_t waiter)
{
    struct wo__waiter *w = wo__waiter_at(j->p, waiter);
    bool fresh = !w->moved;
    int rc = push(&j->waiters, waiter, &w->moved);
    for (uint32_t b = w->blocks; fresh && b && rc == 0; b = wo__block_at(j->p, b)->link)
        rc = push_cell(j, wo__block_at(j->p, b)->cell);
    return rc;
}

static int collect(struct job *j, struct wo__object *const *objects, size_t count)
{
    int rc = 0;
    for (size_t i = 0; i < count && rc == 0; i++)
        if (objects[i]->type->ready_at &&
            atomic_load_explicit(&objects[i]->arena, memory_order_relaxed) == j->p)
            rc = push_cell(j, objects[i]->cell);
    for (size_t i = 0; i < j->cells.count && rc == 0; i++) {
        uint32_t b = wo__cell_at(j->p, j->cells.from[i])->queue_head;
        for (; b && rc == 0; b = wo__block_at(j->p, b)->next)
            rc = push_waiter(j, wo__block_at(j->p, b)->waiter);
    }
    return rc;
}

static void clear_marks(struct job *j)
{
    for (size_t i = 0; i < j->cells.count; i++)
        wo__cell_at(j->p, j->cells.from[i])->name = 0;
    for (size_t i = 0; i < j->waiters.count; i++)
        wo__waiter_at(j->p, j->waiters.from[i])->moved = 0;
}

/* ---- Building in the shared arena ----------------------------------------------------------- */

/* Known to nobody else yet, so a transaction of its own. */
static int copy_cell(struct job *j, size_t i)
{
    int rc = wo__pool_take(j->s, WO__POOL_CELL, &j->cells.to[i]);
    if (rc < 0)
        return rc;
    const struct wo__cell *from = wo__cell_at(j->p, j->cells.from[i]);
    struct wo__cell *to = wo__cell_at(j->s, j->cells.to[i]);
    wo__tx_set(j->s, &to->type, from->type);
    to->state = from->state;
    for (size_t k = 0; k < sizeof to->data / sizeof to->data[0]; k++)
        to->data[k] = from->data[k];
    rc = wo__hold_add(j->s, j->s->proc, j->cells.to[i], &j->holds[i]);
    return rc < 0 ? rc : wo__arena_checkpoint(j->s);
}

/* A record, idle for now, with a note whether it gets a FIFO. */
static int take_waiter(struct job *j, size_t i)
{
    uint32_t n;
    int rc = wo__pool_take(j->s, WO__POOL_WAITER, &n);
    if (rc < 0)
        return rc;
    struct wo__waiter *to = wo__waiter_at(j->s, n);
    to->flags = wo__waiter_at(j->p, j->waiters.from[i])->flags;
    to->has_fifo = (to->flags & WO__SLEEPS_IN_POLL) != 0;
    to->bell_rd = to->bell_wr = -1;
    wo__park_init(&to->park, true);
    wo__waiter_link(j->s, n, j->s->proc);
    j->waiters.to[i] = n;
    return 0;
}

/* All of them, in a transaction of its own: FIFOs are no part of a transaction, and the records
 * tell whoever finds us dead which ones to remove. */
static int take_waiters(struct job *j)
{
    int rc = 0;
    for (size_t i = 0; i < j->waiters.count && rc == 0; i++)
        rc = take_waiter(j, i);
    if (rc < 0) {
        wo__tx_rollback(j->s, 0);
        memset(j->waiters.to, 0, j->waiters.count * sizeof *j->waiters.to);
        return rc;
    }
    return wo__arena_checkpoint(j->s);
}

static int start_waiter(struct job *j, size_t i)
{
    struct wo__bell bell = {-1, -1};
    struct wo__waiter *to = wo__waiter_at(j->s, j->waiters.to[i]);
    int rc = to->has_fifo ? wo__thread_fifo_open(j->waiters.to[i], &bell) : 0;
    wo__tx_set(j->s, &to->status, WO__WAITING);
    to->bell_rd = bell.rd;
    to->bell_wr = bell.wr;
    return rc;
}

/* The queue of one cell, in its order. */
static int copy_queue(struct job *j, size_t i)
{
    int rc = 0;
    uint32_t b = wo__cell_at(j->p, j->cells.from[i])->queue_head;
    for (; b && rc == 0; b = wo__block_at(j->p, b)->next) {
        const struct wo__block *block = wo__block_at(j->p, b);
        uint32_t at = wo__waiter_at(j->p, block->waiter)->moved - 1;
        rc = wo__waiter_enqueue(j->s, j->waiters.to[at], j->cells.to[i], block->index);
    }
    return rc;
}

static int build(struct job *j)
{
    int rc = take_waiters(j);
    for (size_t i = 0; i < j->cells.count && rc == 0; i++)
        rc = copy_cell(j, i);
    for (size_t i = 0; i < j->waiters.count && rc == 0; i++)
        rc = start_waiter(j, i);
    for (size_t i = 0; i < j->cells.count && rc == 0; i++)
        rc = copy_queue(j, i);
    return rc;
}

/* Undoes what was built, and gives the cells and the records back. */
static void unbuild(struct job *j)
{
    wo__tx_rollback(j->s, 0);
    for (size_t i = 0; i < j->cells.count; i++) {
        if (!j->holds[i])
            continue;
        wo__hold_drop(j->s, j->holds[i]); /* the only one: the cell goes with it */
        wo__arena_checkpoint(j->s);
    }
    for (size_t i = 0; i < j->waiters.count; i++) {
        uint32_t n = j->waiters.to[i];
        if (!n)
            continue;
        struct wo__waiter *w = wo__waiter_at(j->s, n);
        if (w->bell_rd >= 0) {
            close(w->bell_rd);
            close(w->bell_wr);
        }
        if (w->has_fifo)
            wo__thread_fifo_remove(n);
        wo__waiter_unlink(j->s, n);
        wo__pool_give(j->s, WO__POOL_WAITER, n);
    }
    wo__arena_commit(j->s);
}

/* ---- Leaving the private arena -------------------------------------------------------------- */

static void leave_cell(struct job *j, size_t i)
{
    struct wo__object *o = j->p->local[j->cells.from[i]];
    wo__cell_at(j->p, j->cells.from[i])->name = 0;
    wo__cell_free(j->p, j->cells.from[i]);
    j->p->local[j->cells.from[i]] = NULL;
    o->cell = j->cells.to[i];
    o->hold = j->holds[i];
    j->s->local[o->cell] = o;
    atomic_store_explicit(&o->arena, j->s, memory_order_release);
}

/* The objects first: a waiter that is told goes on in the shared arena at once, and looks at them
 * there. */
static void leave(struct job *j)
{
    for (size_t i = 0; i < j->waiters.count; i++)
        wo__waiter_dequeue(j->p, j->waiters.from[i]);
    for (size_t i = 0; i < j->cells.count; i++)
        leave_cell(j, i);
    for (size_t i = 0; i < j->waiters.count; i++) {
        wo__waiter_at(j->p, j->waiters.from[i])->moved = j->waiters.to[i];
        wo__waiter_wake(j->p, j->waiters.from[i], WO__MOVED);
    }
}

/* Private arena locked. */
static int move(struct job *j)
{
    j->holds = calloc(j->cells.count, sizeof *j->holds);
    int rc = j->holds ? wo__arena_lock(j->s) : -ENOMEM;
    if (rc < 0)
        return rc;
    rc = build(j);
    if (rc < 0) {
        unbuild(j);
        return rc;
    }
    /* Whoever uses one of these objects locks the private arena first and finds it moved
     * (wo__object_lock), so nobody sees the state between this commit and leave(). */
    rc = wo__arena_commit(j->s);
    if (rc < 0)
        return rc;
    leave(j);
    return 0;
}

int wo__promote(struct wo__object *const *objects, size_t count)
{
    int rc;
    struct job j = {.s = wo__shared_arena(&rc)};
    if (!j.s)
        return rc;
    j.p = wo__private_arena();
    if (!j.p)
        return -ENOMEM;
    rc = wo__arena_lock(j.p);
    if (rc < 0)
        return rc;
    rc = collect(&j, objects, count);
    if (rc == 0 && j.cells.count)
        rc = move(&j);
    if (rc < 0)
        clear_marks(&j);
    int committed = wo__arena_commit(j.p);
    free(j.cells.from);
    free(j.cells.to);
    free(j.waiters.from);
    free(j.waiters.to);
    free(j.holds);
    return rc < 0 ? rc : committed;
}
