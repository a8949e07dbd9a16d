/* validate.c: walking an arena's invariants, and counting what is in use.
 *
 * Checked: pool counters; every free item is in the free list once; the queue of every cell, in
 * both directions, and that each block in it belongs to a waiting waiter's own list; every hold is
 * in its cell's and its process's list; every named cell can be found through its bucket. The
 * number of steps is bounded by the pools' sizes, so a circle is found, not followed. */
#include "validate.h"

#include <errno.h>
#include <stdlib.h>

#include "alive.h"
#include "arena.h"
#include "handle.h"
#include "object.h"
#include "waitobj/runtime.h"

struct check {
    struct wo__arena *a;
    const char *fault;              /* the first thing found wrong; NULL: nothing */
    unsigned char *seen[WO__POOL_COUNT]; /* by item: how often it was met in use */
};

static bool expect(struct check *k, bool ok, const char *what)
{
    if (!ok && !k->fault)
        k->fault = what;
    return ok;
}

static uint32_t used(const struct check *k, enum wo__pool_id id)
{
    uint32_t n = k->a->header->pools[id].used, most = k->a->capacity[id];
    return n == 0 ? 1 : n > most ? most : n;
}

/* Meets an item in use; false: not for the first time, or out of bounds. */
static bool meet(struct check *k, enum wo__pool_id id, uint32_t i, const char *what)
{
    if (!expect(k, i > 0 && i < used(k, id), what))
        return false;
    return expect(k, k->seen[id][i]++ == 0, what);
}

static void check_pool(struct check *k, enum wo__pool_id id)
{
    const struct wo__pool *p = &k->a->header->pools[id];
    expect(k, p->used <= k->a->capacity[id], "pool: used beyond capacity");
    uint32_t in_use = 0, free_count = 0;
    for (uint32_t i = 1; i < used(k, id); i++)
        in_use += k->seen[id][i] != 0;
    for (uint32_t i = p->free; i && !k->fault; free_count++) {
        if (!meet(k, id, i, "pool: a free item is in use, or free twice"))
            return;
        i = *(uint32_t *)wo__item(k->a, id, i, wo__pool_item_size(id));
    }
    expect(k, in_use == p->live, "pool: wrong number in use");
    expect(k, in_use + free_count == used(k, id) - 1, "pool: items lost");
}

/* ---- Queues --------------------------------------------------------------------------------- */

static bool block_of_waiter(struct check *k, uint32_t block, uint32_t waiter)
{
    uint32_t steps = 0;
    for (uint32_t i = wo__waiter_at(k->a, waiter)->blocks; i; i = wo__block_at(k->a, i)->link) {
        if (i == block)
            return true;
        if (++steps > used(k, WO__POOL_BLOCK))
            break;
    }
    return false;
}

static void check_queue(struct check *k, uint32_t cell)
{
    const struct wo__cell *c = wo__cell_at(k->a, cell);
    uint32_t before = 0;
    for (uint32_t i = c->queue_head; i && !k->fault; i = wo__block_at(k->a, i)->next) {
        if (!meet(k, WO__POOL_BLOCK, i, "queue: a block is in two queues"))
            return;
        const struct wo__block *b = wo__block_at(k->a, i);
        expect(k, b->cell == cell, "queue: a block of another cell");
        expect(k, b->prev == before, "queue: broken back link");
        if (!expect(k, b->waiter > 0 && b->waiter < used(k, WO__POOL_WAITER), "queue: no waiter"))
            return;
        const struct wo__waiter *w = wo__waiter_at(k->a, b->waiter);
        expect(k, w->status == WO__WAITING || w->status == WO__KICKED || w->flags & WO__WATCH,
               "queue: waiter does not wait");
        /* Long lists are checked by count only: each block was met once. */
        if (before == 0)
            expect(k, block_of_waiter(k, i, b->waiter), "queue: not one of the waiter's blocks");
        before = i;
    }
    expect(k, k->fault || c->queue_tail == before, "queue: wrong tail");
}

/* ---- Names and holds ------------------------------------------------------------------------ */

static void check_name(struct check *k, uint32_t cell)
{
    const struct wo__cell *c = wo__cell_at(k->a, cell);
    uint32_t steps = 0, i = k->a->header->buckets[c->name_hash % WO__BUCKETS];
    while (i && i != cell && steps++ < used(k, WO__POOL_CELL))
        i = wo__cell_at(k->a, i)->name_next;
    expect(k, i == cell, "name: not in its bucket");
    uint32_t left = c->name_length;
    for (uint32_t n = c->name; n && !k->fault; n = wo__chunk_at(k->a, n)->link) {
        if (!meet(k, WO__POOL_NAME, n, "name: a chunk is in two names"))
            return;
        left = left > sizeof((struct wo__chunk *)0)->text
                   ? left - (uint32_t)sizeof((struct wo__chunk *)0)->text
                   : 0;
    }
    expect(k, left == 0, "name: too short");
}

static void check_holds(struct check *k, uint32_t cell)
{
    const struct wo__cell *c = wo__cell_at(k->a, cell);
    uint32_t before = 0;
    expect(k, c->holds != 0, "cell: nobody holds it");
    for (uint32_t i = c->holds; i && !k->fault; i = wo__hold_at(k->a, i)->cell_next) {
        if (!meet(k, WO__POOL_HOLD, i, "hold: in two cells"))
            return;
        const struct wo__hold *h = wo__hold_at(k->a, i);
        expect(k, h->cell == cell && h->cell_prev == before, "hold: broken links");
        expect(k, h->proc > 0 && h->proc < used(k, WO__POOL_PROC) &&
                      wo__proc_at(k->a, h->proc)->used, "hold: no such process");
        before = i;
    }
}

static void check_cells(struct check *k)
{
    for (uint32_t i = 1; i < used(k, WO__POOL_CELL) && !k->fault; i++) {
        const struct wo__cell *c = wo__cell_at(k->a, i);
        if (c->type == WO__TYPE_FREE)
            continue;
        k->seen[WO__POOL_CELL][i]++;
        const struct wo__type *type = wo__type_of(c->type);
        expect(k, type && (!type->valid || type->valid(c)), "cell: impossible content");
        check_queue(k, i);
        if (c->name)
            check_name(k, i);
        if (k->a->shared)
            check_holds(k, i);
    }
}

/* ---- Processes and waiters ------------------------------------------------------------------ */

static void check_proc(struct check *k, uint32_t proc)
{
    uint32_t before = 0, steps = 0;
    for (uint32_t i = wo__proc_at(k->a, proc)->waiters; i && !k->fault;) {
        if (!meet(k, WO__POOL_WAITER, i, "waiter: in two processes"))
            return;
        const struct wo__waiter *w = wo__waiter_at(k->a, i);
        expect(k, w->proc == proc && w->proc_prev == before, "waiter: broken links");
        before = i;
        i = w->proc_next;
    }
    before = 0;
    for (uint32_t i = wo__proc_at(k->a, proc)->holds; i && !k->fault;) {
        const struct wo__hold *h = wo__hold_at(k->a, i);
        expect(k, h->proc == proc && h->proc_prev == before, "hold: not in its process's list");
        expect(k, steps++ < used(k, WO__POOL_HOLD), "hold: a circle");
        before = i;
        i = h->proc_next;
    }
}

static void check_procs(struct check *k)
{
    for (uint32_t i = 1; i < used(k, WO__POOL_PROC) && !k->fault; i++)
        if (wo__proc_at(k->a, i)->used) {
            k->seen[WO__POOL_PROC][i]++;
            check_proc(k, i);
        }
}

static void check_all(struct check *k)
{
    check_cells(k);
    if (k->a->shared)
        check_procs(k);
    for (int id = 0; id < WO__POOL_COUNT && !k->fault; id++)
        /* Private waiters are known to their threads only. */
        if (k->a->shared || id == WO__POOL_CELL || id == WO__POOL_BLOCK)
            check_pool(k, (enum wo__pool_id)id);
}

int wo__validate_arena(struct wo__arena *a, const char **fault)
{
    struct check k = {.a = a};
    int rc = wo__arena_lock(a);
    if (rc < 0)
        return rc;
    bool room = true;
    for (int id = 0; id < WO__POOL_COUNT; id++)
        room &= (k.seen[id] = calloc(used(&k, (enum wo__pool_id)id), 1)) != NULL;
    if (room)
        check_all(&k);
    if (a->damaged)
        expect(&k, false, "an index is out of bounds");
    wo__arena_abort(a);
    for (int id = 0; id < WO__POOL_COUNT; id++)
        free(k.seen[id]);
    *fault = k.fault;
    return !room ? -ENOMEM : k.fault ? -EBADMSG : 0;
}

/* ---- Native face ---------------------------------------------------------------------------- */

int wo_validate(void)
{
    const char *fault;
    struct wo__arena *a = wo__private_arena();
    int rc = a ? wo__validate_arena(a, &fault) : -ENOMEM;
    a = wo__shared_arena_attached();
    return rc == 0 && a ? wo__validate_arena(a, &fault) : rc;
}

static int usage_of(struct wo__arena *a, struct wo_usage *u)
{
    int rc = wo__arena_lock(a);
    if (rc < 0)
        return rc;
    if (a->shared)
        wo__proc_sweep(a);
    const struct wo__pool *p = a->header->pools;
    if (a->shared) {
        u->shared_objects = p[WO__POOL_CELL].live;
        u->shared_waiters = p[WO__POOL_WAITER].live;
        u->processes = p[WO__POOL_PROC].live;
    } else {
        u->private_objects = p[WO__POOL_CELL].live;
    }
    return wo__arena_commit(a);
}

int wo_usage(struct wo_usage *usage)
{
    struct wo_usage u = {.handles = wo__handle_count()};
    if (!usage)
        return -EINVAL;
    struct wo__arena *a = wo__private_arena();
    int rc = a ? usage_of(a, &u) : -ENOMEM;
    if (rc == 0 && (a = wo__shared_arena(&rc)))
        rc = usage_of(a, &u);
    if (rc == 0)
        *usage = u;
    return rc;
}
