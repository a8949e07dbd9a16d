/* arena.c: locking an arena, transactions, pools, and the private arena.
 *
 * The undo log. wo__tx_set first appends (where, old value), then makes the entry count, then
 * stores. Giving the lock is the commit: whoever gets a lock that was given starts with an empty
 * log, and only then says that it has begun; whoever takes it over from an owner that died after
 * that (EOWNERDEAD) first stores the old values back, newest first. Dying during that is harmless:
 * the count is still there, and undoing again changes nothing.
 *
 * Transaction numbers. `seq` grows by one with each transaction, under the lock. A waiter that
 * finds itself WO__DONE knows without the lock that this stands when the transaction that did it is over
 * (wo__tx_over, and confirmed() in wait.c).
 *
 * Waking parked waiters of the shared arena belongs to the commit. One: the lock is given and the
 * waiter woken in one step (platform.h, wo__lock_give). Several: all but the last are woken before;
 * they may have to wait for the lock. Never after: a kill in between would leave a satisfied waiter
 * asleep for ever.
 * The private arena dies with its process, so there all are woken after the unlock.
 *
 * The log never overflows: each transaction touches a bounded number of cells, blocks and waiters,
 * and its space is reserved whenever those pools grow (log_need), so that no store in a transaction
 * can hit a full disk. What could take more is several transactions (wo__arena_checkpoint):
 * purging, promoting.
 */
#include "arena.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "alive.h"
#include "attach.h"
#include "fork.h"
#include "object.h"
#include "testhook.h"
#include "wait.h"

enum { GROW_BYTES = 64 * 1024 };

static const size_t item_size[WO__POOL_COUNT] = {
    [WO__POOL_CELL] = sizeof(struct wo__cell),     [WO__POOL_BLOCK] = sizeof(struct wo__block),
    [WO__POOL_WAITER] = sizeof(struct wo__waiter), [WO__POOL_HOLD] = sizeof(struct wo__hold),
    [WO__POOL_PROC] = sizeof(struct wo__proc),     [WO__POOL_NAME] = sizeof(struct wo__chunk),
};

size_t wo__pool_item_size(enum wo__pool_id pool)
{
    return item_size[pool];
}

void *wo__arena_bad(struct wo__arena *a)
{
    a->damaged = true;
    memset(a->scratch, 0, sizeof a->scratch);
    return a->scratch;
}

/* ---- Transactions --------------------------------------------------------------------------- */

static struct wo__undo *log_at(struct wo__arena *a, uint32_t i)
{
    return (struct wo__undo *)(void *)(a->base + a->log_offset) + i;
}

static void store(void *field, uint32_t value)
{
    atomic_store_explicit((_Atomic uint32_t *)field, value, memory_order_release);
}

/* Notes the old value. False: the field is not in the arena, or the log is impossible. */
static bool note(struct wo__arena *a, void *field)
{
    size_t at = (size_t)((unsigned char *)field - a->base);
    uint32_t n = atomic_load_explicit(&a->header->log_count, memory_order_relaxed);
    if (at >= a->log_offset || n >= a->log_capacity || n >= a->header->log_reserved) {
        a->damaged = true;
        return false;
    }
    *log_at(a, n) = (struct wo__undo){(uint32_t)(at / 4), *(uint32_t *)field};
    /* Whoever rolls back sees the entry before it is counted, and the count before the store, which
     * is a release, too. */
    atomic_store_explicit(&a->header->log_count, n + 1, memory_order_release);
    WO__TEST_POINT("tx.noted");
    return true;
}

void wo__tx_set(struct wo__arena *a, void *field, uint32_t value)
{
    if ((unsigned char *)field >= a->scratch && (unsigned char *)field < a->scratch + sizeof a->scratch)
        return;
    if (a->shared && !note(a, field))
        return;
    store(field, value);
    WO__TEST_POINT("tx.stored");
}

uint32_t wo__tx_mark(struct wo__arena *a)
{
    return atomic_load_explicit(&a->header->log_count, memory_order_relaxed);
}

void wo__tx_rollback(struct wo__arena *a, uint32_t mark)
{
    assert(a->shared);
    uint32_t n = atomic_load_explicit(&a->header->log_count, memory_order_acquire);
    if (n > a->log_capacity)
        n = a->log_capacity;
    while (n > mark) {
        const struct wo__undo *u = log_at(a, --n);
        if ((size_t)u->word * 4 < a->log_offset)
            store(a->base + (size_t)u->word * 4, u->old);
        WO__TEST_POINT("tx.undone");
    }
    /* Only now: a death in the loop leaves all of it to be undone again. */
    atomic_store_explicit(&a->header->log_count, mark, memory_order_release);
}

uint32_t wo__tx_seq(struct wo__arena *a)
{
    return atomic_load_explicit(&a->header->seq, memory_order_relaxed);
}

bool wo__tx_over(struct wo__arena *a, uint32_t seq)
{
    /* seq is stored under the lock: having read it, a lock that looks free was given since. */
    return atomic_load_explicit(&a->header->seq, memory_order_acquire) != seq ||
           wo__lock_is_free(&a->header->lock.shared);
}

static void begin(struct wo__arena *a)
{
    WO__TEST_POINT("tx.begin");
    atomic_store_explicit(&a->header->log_count, 0, memory_order_release);
    if (a->shared)
        wo__lock_begun(&a->header->lock.shared);
    /* Release: who sees the new number sees what the last transaction, or its undoing, stored.
     * Pairs with the acquire load in wo__tx_over. */
    atomic_store_explicit(&a->header->seq, wo__tx_seq(a) + 1, memory_order_release);
}

/* ---- Locking -------------------------------------------------------------------------------- */

/* The owner's word in the lock: process record and generation, 15 bits each. A word never comes to mean another
 * process while somebody still decides whether its owner is dead: or two could own the lock. While it attaches, a
 * process has no record; it holds the ATTACH byte and goes by its pid. */
enum { RECORD_BITS = 15, RECORD_MASK = (1 << RECORD_BITS) - 1, ATTACHING = RECORD_MASK };
static_assert((int)WO__MAX_PROCS <= (int)ATTACHING, "no record has the number that means attaching");

static uint32_t owner_word(struct wo__arena *a)
{
    uint32_t record = a->proc ? a->proc : ATTACHING;
    uint32_t which = a->proc ? wo__proc_at(a, a->proc)->generation : (uint32_t)getpid();
    return record | (which & RECORD_MASK) << RECORD_BITS;
}

static bool owner_alive(void *context, uint32_t owner)
{
    struct wo__arena *a = context;
    if ((owner & RECORD_MASK) == ATTACHING)
        /* While we attach ourselves, the byte is ours, and its last holder is dead. */
        return a->proc != 0 && wo__arena_byte_held(a, WO__PRESENCE_ATTACH);
    return wo__proc_alive(a, owner & RECORD_MASK);
}

static int lock_shared(struct wo__arena *a)
{
    int rc = wo__lock_take(&a->header->lock.shared, owner_word(a), owner_alive, a);
    if (rc == -EOWNERDEAD) {
        wo__tx_rollback(a, 0);
        rc = 0;
    }
    return rc;
}

int wo__arena_lock(struct wo__arena *a)
{
    if (a->lost)
        return -EBADMSG;
    int rc = a->shared ? lock_shared(a) : -pthread_mutex_lock(&a->header->lock.private);
    if (rc)
        return -EBADMSG;
    begin(a);
    WO__TEST_POINT("arena.locked");
    a->damaged = false;
    a->failed = 0;
    a->wake_count = 0;
    return 0;
}

static void unlock_shared(struct wo__arena *a)
{
    uint32_t count = a->wake_count;
    for (uint32_t i = 0; i + 1 < count; i++) {
        struct wo__waiter *w = wo__waiter_at(a, a->wakes[i]);
        wo__park_wake(&w->park, &w->status, true);
    }
    struct wo__waiter *last = count ? wo__waiter_at(a, a->wakes[count - 1]) : NULL;
    wo__lock_give(&a->header->lock.shared, last ? &last->park : NULL, last ? &last->status : NULL);
}

/* A record that is somebody else's by the time it is woken gets a wake for no reason, which every
 * sleeper expects. */
static void unlock_private(struct wo__arena *a)
{
    uint32_t wakes[WO__MAX_WAKES], count = a->wake_count;
    memcpy(wakes, a->wakes, count * sizeof wakes[0]);
    pthread_mutex_unlock(&a->header->lock.private);
    for (uint32_t i = 0; i < count; i++) {
        struct wo__waiter *w = wo__waiter_at(a, wakes[i]);
        wo__park_wake(&w->park, &w->status, false);
    }
}

static void unlock(struct wo__arena *a)
{
    WO__TEST_POINT("tx.commit");
    if (a->shared)
        unlock_shared(a);
    else
        unlock_private(a);
    WO__TEST_POINT("tx.committed");
}

/* Something impossible was met, or a waiter cannot be woken: nothing of this transaction
 * happens. */
static int refuse(struct wo__arena *a)
{
    if (a->shared) {
        wo__tx_rollback(a, 0);
        a->wake_count = 0;
    }
    return a->damaged || !a->failed ? -EBADMSG : a->failed;
}

int wo__arena_commit(struct wo__arena *a)
{
    int rc = a->damaged || a->failed ? refuse(a) : 0;
    unlock(a);
    return rc;
}

int wo__arena_checkpoint(struct wo__arena *a)
{
    assert(a->wake_count == 0);
    if (a->damaged || a->failed)
        return refuse(a);
    begin(a);
    return 0;
}

void wo__arena_abort(struct wo__arena *a)
{
    if (a->shared)
        refuse(a);
    unlock(a);
}

int wo__object_lock(struct wo__object *o, struct wo__arena **out)
{
    for (;;) {
        struct wo__arena *a = atomic_load_explicit(&o->arena, memory_order_acquire);
        int rc = wo__arena_lock(a);
        if (rc < 0)
            return rc;
        /* It may have been promoted while we waited for the lock. */
        if (atomic_load_explicit(&o->arena, memory_order_relaxed) == a) {
            *out = a;
            return 0;
        }
        wo__arena_abort(a);
    }
}

/* ---- Pools ---------------------------------------------------------------------------------- */

/* Log entries that one transaction may need, by what exists: a signal may release every waiter with
 * all its blocks, and each costs less than 24 stores; a wait for all may acquire every cell at
 * once, without a block, and that is no more than 4 stores for any type. */
static uint64_t log_need(const struct wo__header *h, enum wo__pool_id grown, uint64_t reserved)
{
    static const unsigned stores[WO__POOL_COUNT] = {
        [WO__POOL_CELL] = 4, [WO__POOL_BLOCK] = 24, [WO__POOL_WAITER] = 24};
    uint64_t need = 8192;
    for (int id = 0; id < WO__POOL_COUNT; id++)
        need += stores[id] * (id == (int)grown ? reserved : h->pools[id].reserved);
    return need;
}

static int reserve(struct wo__arena *a, uint64_t offset, uint64_t length)
{
    return wo__arena_file_kept(a) ? wo__space_reserve(a->fd, offset, length) : -ENOSPC;
}

/* For when the pool has that many. */
static int reserve_log(struct wo__arena *a, enum wo__pool_id grown, uint64_t reserved)
{
    uint64_t need = log_need(a->header, grown, reserved);
    if (need > a->log_capacity)
        need = a->log_capacity;
    if (need <= a->header->log_reserved)
        return 0;
    int rc = reserve(a, a->log_offset, need * sizeof(struct wo__undo));
    if (rc == 0)
        a->header->log_reserved = (uint32_t)need;
    return rc;
}

/* Puts memory behind the next items of a pool, so that no later store can fail. */
static int grow(struct wo__arena *a, enum wo__pool_id id)
{
    struct wo__pool *p = &a->header->pools[id];
    uint32_t more = (uint32_t)(GROW_BYTES / item_size[id]);
    uint64_t reserved = (uint64_t)p->reserved + more;
    if (reserved > a->capacity[id])
        reserved = a->capacity[id];
    if (reserved <= p->reserved)
        return -ENOSPC;
    if (a->shared) {
        int rc = reserve(a, a->offset[id] + p->reserved * item_size[id],
                         (reserved - p->reserved) * item_size[id]);
        /* The log first: who dies in between leaves one that is longer than needed. */
        if (rc == 0)
            rc = reserve_log(a, id, reserved);
        if (rc < 0)
            return rc;
    }
    WO__TEST_POINT("pool.growing");
    p->reserved = (uint32_t)reserved;
    WO__TEST_POINT("pool.grown");
    return 0;
}

static int take_fresh(struct wo__arena *a, enum wo__pool_id id, uint32_t *out)
{
    struct wo__pool *p = &a->header->pools[id];
    uint32_t i = p->used;
    if (i == 0)
        i = 1;
    if (i >= p->reserved) {
        int rc = grow(a, id);
        if (rc < 0)
            return rc;
    }
    if (i >= a->capacity[id])
        return -ENOSPC;
    wo__tx_set(a, &p->used, i + 1);
    *out = i;
    return 0;
}

int wo__pool_take(struct wo__arena *a, enum wo__pool_id id, uint32_t *out)
{
    struct wo__pool *p = &a->header->pools[id];
    uint32_t i = p->free;
    if (i) {
        uint32_t *link = wo__item(a, id, i, item_size[id]);
        wo__tx_set(a, &p->free, *link);
    } else {
        int rc = take_fresh(a, id, &i);
        if (rc < 0)
            return rc;
    }
    wo__tx_set(a, &p->live, p->live + 1);
    if (a->damaged)
        return -EBADMSG;
    unsigned char *item = wo__item(a, id, i, item_size[id]);
    size_t end = id == WO__POOL_WAITER ? offsetof(struct wo__waiter, park_made) : item_size[id];
    memset(item + sizeof(uint32_t), 0, end - sizeof(uint32_t));
    *out = i;
    return 0;
}

void wo__pool_give(struct wo__arena *a, enum wo__pool_id id, uint32_t i)
{
    struct wo__pool *p = &a->header->pools[id];
    uint32_t *link = wo__item(a, id, i, item_size[id]);
    wo__tx_set(a, link, p->free);
    wo__tx_set(a, &p->free, i);
    wo__tx_set(a, &p->live, p->live - 1);
}

/* ---- The private arena ---------------------------------------------------------------------- */

static struct wo__arena private_arena = {.fd = -1};
static pthread_once_t private_once = PTHREAD_ONCE_INIT;

static size_t place_pools(struct wo__arena *a, size_t start)
{
    for (int id = 0; id < WO__POOL_COUNT; id++) {
        a->offset[id] = start;
        start += (size_t)a->capacity[id] * item_size[id];
    }
    return start;
}

static void *map_private(size_t size)
{
    void *p = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE,
                   -1, 0);
    return p == MAP_FAILED ? NULL : p;
}

static bool private_map(uint32_t capacity)
{
    struct wo__arena *a = &private_arena;
    a->capacity[WO__POOL_CELL] = capacity;
    a->capacity[WO__POOL_BLOCK] = 2 * capacity;
    a->capacity[WO__POOL_WAITER] = capacity / 8;
    a->size = place_pools(a, (sizeof(struct wo__header) + 63) & ~(size_t)63);
    a->log_offset = a->size;
    a->base = map_private(a->size);
    a->local = map_private(capacity * sizeof a->local[0]);
    if (a->base && a->local)
        return true;
    if (a->base)
        munmap(a->base, a->size);
    if (a->local)
        munmap(a->local, capacity * sizeof a->local[0]);
    return false;
}

/* A million objects, of address space only; less where that is limited. */
static void private_start(void)
{
    uint32_t capacity = 1u << 20;
    while (!private_map(capacity))
        if ((capacity /= 4) < 1024)
            return;
    private_arena.header = (struct wo__header *)(void *)private_arena.base;
    pthread_mutex_init(&private_arena.header->lock.private, NULL);
    wo__fork_register();
}

struct wo__arena *wo__private_arena(void)
{
    pthread_once(&private_once, private_start);
    return private_arena.header ? &private_arena : NULL;
}
