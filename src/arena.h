/* arena.h: the memory in which dispatcher objects and waits live, and changing it safely.
 *
 * One layout and one set of functions for both kinds of arena:
 *   - the private arena: memory of this process, guarded by a plain mutex, no log;
 *   - the shared arena: a file below the runtime directory that every process of this user maps,
 *     guarded by a lock that survives its holder (platform.h), changed only through transactions.
 * Items refer to each other by index into a pool; index 0 means none. There are no pointers, so the
 * mapping's address does not matter.
 *
 * Discipline: between wo__arena_lock and wo__arena_commit the caller owns the arena. A field that
 * matters to others is changed with wo__tx_set (an item taken fresh from its pool may be filled in
 * directly: if the transaction is rolled back, the item was never there). A process that dies
 * inside leaves a taken lock and an undo log; the next locker rolls the log back.
 *
 * Damage: an index out of bounds never leads out of the mapping. It yields a scratch item and marks
 * the arena; wo__arena_commit then rolls back and reports -EBADMSG.
 */
#ifndef WO_ARENA_H
#define WO_ARENA_H

#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "platform.h"

struct wo__object;

enum wo__pool_id {
    WO__POOL_CELL,
    WO__POOL_BLOCK,
    WO__POOL_WAITER,
    WO__POOL_HOLD,
    WO__POOL_PROC,
    WO__POOL_NAME,
    WO__POOL_COUNT
};

/* A pool of equal items: those below `used` have been handed out at least once, those that were
 * given back form a list through their `link`. */
struct wo__pool {
    uint32_t free;     /* first free item */
    uint32_t used;     /* one more than the highest index ever handed out */
    uint32_t reserved; /* items with memory behind them; grows only, not part of a transaction */
    uint32_t live;     /* items in use */
};

/* Every item starts with `link`. */

/* One dispatcher object. */
struct wo__cell {
    uint32_t link;
    uint32_t type;  /* enum wo__type_id; WO__TYPE_FREE in the free list */
    uint32_t state; /* meaning by type; bit 31 is kept for the QUEUED bit of the lock-free path */
    uint32_t queue_head, queue_tail; /* blocks that wait for it, in order of arrival */
    uint32_t holds;       /* shared: who keeps it alive */
    uint32_t name;        /* shared: first chunk of the name; 0: unnamed */
    uint32_t name_length; /* bytes, with the scope letter in front */
    uint32_t name_hash;
    uint32_t name_next; /* next cell in the same hash bucket */
    uint32_t data[6];   /* by type */
};

/* One object in one wait. */
struct wo__block {
    uint32_t link; /* next block of the same wait; free list */
    uint32_t waiter, cell;
    uint32_t next, prev; /* in the cell's queue */
    uint32_t index;      /* position in the caller's array */
    uint32_t spare[2];
};

enum wo__waiter_status {
    WO__IDLE = 0,
    WO__WAITING = 1,
    WO__DONE = 2, /* satisfied, off all queues; believed once its transaction has committed */
    WO__MOVED = 3, /* the wait goes on in the shared arena, as waiter `moved` */
    WO__KICKED = 4 /* still waiting and queued, but to look around again */
};

enum wo__waiter_flags {
    WO__WAIT_ALL = 1,
    WO__SLEEPS_IN_POLL = 2, /* woken through its bell instead of its park */
    WO__SELF_COMMIT = 4,    /* external objects are missing: wake it, it decides itself */
    WO__WATCH = 8           /* a pollable descriptor (watch.c): rung, never satisfied */
};

/* One waiting thread. */
struct wo__waiter {
    uint32_t link;
    _Atomic uint32_t status;   /* the word the thread sleeps on */
    _Atomic uint32_t done_seq; /* number of the transaction that set WO__DONE */
    uint32_t index;            /* result: position of the satisfied object */
    uint32_t flags;
    uint32_t blocks; /* first block of the wait */
    uint32_t proc;   /* shared: whose thread */
    uint32_t proc_next, proc_prev;
    int32_t bell_rd, bell_wr; /* the bell's descriptors, meaningful in its own process only */
    uint32_t has_fifo;        /* shared: bell/<index> exists in the runtime directory */
    uint32_t moved;
    uint32_t armed; /* WO__WATCH: ring at the next signal */
    uint32_t spare;
    uint32_t park_made; /* private: the park was initialised, and stays so */
    struct wo__park park;
};

/* One process keeps one cell alive. */
struct wo__hold {
    uint32_t link;
    uint32_t proc, cell;
    uint32_t cell_next, cell_prev;
    uint32_t proc_next, proc_prev;
    uint32_t spare;
};

/* One process that has mapped the arena; alive while its presence byte is locked. */
struct wo__proc {
    uint32_t link;
    uint32_t used;
    uint32_t pid; /* for people; decides nothing */
    uint32_t holds, waiters;
    uint32_t generation; /* tells this user of the record from the ones before */
    uint32_t spare[10];
};

/* 60 bytes of a name; `link` leads to the next chunk. */
struct wo__chunk {
    uint32_t link;
    char text[60];
};

static_assert(sizeof(struct wo__cell) == 64, "layout");
static_assert(sizeof(struct wo__block) == 32, "layout");
static_assert(sizeof(struct wo__waiter) == 160, "layout");
static_assert(sizeof(struct wo__hold) == 32, "layout");
static_assert(sizeof(struct wo__proc) == 64, "layout");
static_assert(sizeof(struct wo__chunk) == 64, "layout");

/* One undone store: where (in 4-byte words from the start) and what was there. */
struct wo__undo {
    uint32_t word, old;
};

#define WO__ARENA_VERSION 1u
enum { WO__BUCKETS = 16384, WO__MAX_PROCS = (1 << 15) - 1 };

struct wo__header {
    char magic[8];
    uint32_t version;
    uint32_t ready; /* initialisation is complete */
    uint64_t size;  /* of the file; tells the capacities */
    union {
        struct wo__lock shared;
        pthread_mutex_t private;
    } lock;
    _Atomic uint32_t log_count; /* stores of the open transaction */
    _Atomic uint32_t seq;       /* number of the open, or else the last, transaction */
    uint32_t log_reserved;      /* entries with memory behind them */
    uint32_t sign_ins;          /* process records ever given out */
    struct wo__pool pools[WO__POOL_COUNT];
    uint32_t buckets[WO__BUCKETS]; /* names by hash: first cell */
};

enum { WO__MAX_WAKES = 64 };

/* This process's view of an arena. */
struct wo__arena {
    struct wo__header *header;
    unsigned char *base;
    bool shared;
    bool lost;    /* a forked child could not sign in: nothing works any more */
    bool damaged; /* an impossible value was met in this transaction; guarded by the lock */
    int failed;   /* why this transaction must not happen, or 0; guarded by the lock */
    uint32_t capacity[WO__POOL_COUNT];
    size_t offset[WO__POOL_COUNT];
    size_t log_offset;
    uint32_t log_capacity;
    size_t size;
    int fd;        /* shared: the file, holding our presence; private: -1 */
    dev_t device;  /* shared: which file that is */
    ino_t inode;
    uint32_t proc; /* shared: our process record */
    struct wo__object **local; /* by cell: this process's object; guarded by the lock */
    uint32_t wakes[WO__MAX_WAKES]; /* waiters to wake with the commit; guarded by the lock */
    uint32_t wake_count;
    /* What a bad index leads to. */
    _Alignas(16) unsigned char scratch[256];
};

/* The private arena; NULL: no memory. */
struct wo__arena *wo__private_arena(void);
/* The shared arena, attached on first use; *rc tells why not. */
struct wo__arena *wo__shared_arena(int *rc);
/* The shared arena if this process is attached, else NULL; never attaches. */
struct wo__arena *wo__shared_arena_attached(void);

/* Locks and opens a transaction, after undoing what a dead process left half done. */
int wo__arena_lock(struct wo__arena *a);
/* Commits, unlocks and wakes who is to be woken. -EBADMSG: damaged; a->failed; rolled back
 * instead. */
int wo__arena_commit(struct wo__arena *a);
/* Rolls back (shared) and unlocks. On the private arena only before the first change. */
void wo__arena_abort(struct wo__arena *a);
/* Commits and stays locked, so that a long job is several transactions. Not with wakes outstanding
 * (after wo__signal): if we die before the unlock, what they belong to is no longer undone, and
 * they are lost. */
int wo__arena_checkpoint(struct wo__arena *a);

/* Changes a field of the arena inside a transaction. */
void wo__tx_set(struct wo__arena *a, void *field, uint32_t value);
uint32_t wo__tx_mark(struct wo__arena *a);
/* Undoes everything since the mark; shared arena only. */
void wo__tx_rollback(struct wo__arena *a, uint32_t mark);
/* The open transaction's number. */
uint32_t wo__tx_seq(struct wo__arena *a);
/* Without the lock: is the transaction of that number over, and not just about to be? */
bool wo__tx_over(struct wo__arena *a, uint32_t seq);

/* Takes an item, its content zeroed except `link` and a waiter's park; *out stays when there is
 * none: -ENOSPC. A transaction does not take from a pool what it has given back to it: the content could
 * not be restored. */
int wo__pool_take(struct wo__arena *a, enum wo__pool_id pool, uint32_t *out);
void wo__pool_give(struct wo__arena *a, enum wo__pool_id pool, uint32_t index);
size_t wo__pool_item_size(enum wo__pool_id pool);

/* Marks the arena damaged and returns the scratch item. */
void *wo__arena_bad(struct wo__arena *a);

/* Counts a step along a list of that pool's items. False, and damage, when there were more steps
 * than items: the list runs in a circle. */
static inline bool wo__step(struct wo__arena *a, enum wo__pool_id pool, uint32_t *steps)
{
    if (a->damaged)
        return false;
    if (++*steps <= a->capacity[pool])
        return true;
    wo__arena_bad(a);
    return false;
}

static inline void *wo__item(struct wo__arena *a, enum wo__pool_id pool, uint32_t i, size_t size)
{
    if (i == 0 || i >= a->capacity[pool])
        return wo__arena_bad(a);
    return a->base + a->offset[pool] + (size_t)i * size;
}

static inline struct wo__cell *wo__cell_at(struct wo__arena *a, uint32_t i)
{
    return wo__item(a, WO__POOL_CELL, i, sizeof(struct wo__cell));
}

static inline struct wo__block *wo__block_at(struct wo__arena *a, uint32_t i)
{
    return wo__item(a, WO__POOL_BLOCK, i, sizeof(struct wo__block));
}

static inline struct wo__waiter *wo__waiter_at(struct wo__arena *a, uint32_t i)
{
    return wo__item(a, WO__POOL_WAITER, i, sizeof(struct wo__waiter));
}

static inline struct wo__hold *wo__hold_at(struct wo__arena *a, uint32_t i)
{
    return wo__item(a, WO__POOL_HOLD, i, sizeof(struct wo__hold));
}

static inline struct wo__proc *wo__proc_at(struct wo__arena *a, uint32_t i)
{
    return wo__item(a, WO__POOL_PROC, i, sizeof(struct wo__proc));
}

static inline struct wo__chunk *wo__chunk_at(struct wo__arena *a, uint32_t i)
{
    return wo__item(a, WO__POOL_NAME, i, sizeof(struct wo__chunk));
}

/* Locks the arena an object lies in, wherever that is by then. */
int wo__object_lock(struct wo__object *o, struct wo__arena **out);

#endif
