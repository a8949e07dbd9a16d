/* fork.c: fork() without exec.
 *
 * What holds in the child (documented in CAVEATS.md): it has the same handles; unnamed private
 * objects are its own copies, in the state they had; shared objects stay the shared ones, and the
 * child is a holder in its own right, whatever happens to the parent; nobody in the child is in a
 * wait.
 *
 * The child's process record and holds are made by the parent before the fork, on an open file
 * description of its own whose presence lock the child inherits: there is no instant at which the
 * child has handles to objects it does not hold. Where presence locks do not survive fork (the
 * posix platform), the child takes its own as its first act and rings; the parent keeps the arena
 * locked until then, so nobody takes the new record for a dead process's. Should the parent be
 * killed in that moment, the child may find its record gone: then it is lost, and every use of
 * shared objects fails.
 *
 * Order of locks in prepare: handle table, processes, pending operations, mailslots, attaching,
 * private arena, shared arena, runtime directory, list of threads. The shared arena stays locked
 * across the fork, so that the process's own tables fit the holds; in the child the lock is the
 * parent's, and the child waits for it.
 */
#include "fork.h"

#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "alive.h"
#include "arena.h"
#include "attach.h"
#include "object.h"
#include "pending.h"
#include "runtime.h"
#include "thread.h"
#include "watch.h"

/* How long the parent waits for a child that was stopped before its first act. */
#define PATIENCE_NS UINT64_C(10000000000)

static pthread_once_t registered = PTHREAD_ONCE_INIT;

/* Between prepare and the child, guarded by the locks that prepare holds. */
static struct {
    struct wo__arena *private, *shared; /* NULL: not there, or damaged */
    int fd;                             /* the child's description of the arena file, or -1 */
    uint32_t proc;                      /* its record; 0: there is none */
    uint32_t parent;                    /* pid in the record until the child has it */
    struct wo__bell born;               /* rung by the child; posix only */
} child;

/* Arena locked: a record for the process behind `fd`, holding what we hold. One transaction each:
 * what is made before a failure belongs to a dead process. The child's objects do not know their
 * holds yet (rehold tells them). */
static bool prepare_record(struct wo__arena *a, int fd, uint32_t *proc)
{
    uint32_t steps = 0;
    if (wo__proc_register(a, fd, proc) < 0)
        return false;
    for (uint32_t h = wo__proc_at(a, a->proc)->holds; h && wo__step(a, WO__POOL_HOLD, &steps);) {
        uint32_t copy;
        const struct wo__hold *hold = wo__hold_at(a, h);
        if (wo__hold_add(a, *proc, hold->cell, &copy) < 0)
            return false;
        wo__arena_checkpoint(a);
        h = hold->proc_next;
    }
    return !a->damaged;
}

/* False when the directory was cleared below us. */
static bool same_file(int one, int other)
{
    struct stat a, b;
    return fstat(one, &a) == 0 && fstat(other, &b) == 0 && a.st_ino == b.st_ino &&
           a.st_dev == b.st_dev;
}

/* Does the child get its record? */
static bool prepare_child(struct wo__arena *a)
{
    if (!wo__presence_survives_fork)
        return wo__bell_open(&child.born) == 0 && prepare_record(a, -1, &child.proc);
    child.fd = wo__arena_file_open();
    return child.fd >= 0 && same_file(a->fd, child.fd) && prepare_record(a, child.fd, &child.proc);
}

static void close_bell(void)
{
    if (child.born.rd >= 0) {
        close(child.born.rd);
        close(child.born.wr);
    }
}

static void prepare_shared(struct wo__arena *a)
{
    child.fd = -1;
    child.proc = 0;
    child.parent = (uint32_t)getpid();
    child.born = (struct wo__bell){-1, -1};
    if (prepare_child(a)) {
        wo__arena_checkpoint(a);
        return;
    }
    wo__tx_rollback(a, 0);
    if (child.fd >= 0)
        close(child.fd);
    close_bell();
    child.fd = -1;
    child.proc = 0;
    child.born = (struct wo__bell){-1, -1};
}

static void before(void)
{
    wo__handle_fork_prepare();
    wo__process_fork_prepare();
    wo__pending_fork_prepare();
    wo__mailslot_fork_prepare();
    wo__attach_fork_prepare();
    child.private = wo__private_arena();
    child.shared = wo__shared_arena_attached();
    if (child.private && wo__arena_lock(child.private) < 0)
        child.private = NULL;
    if (child.shared && wo__arena_lock(child.shared) < 0)
        child.shared = NULL;
    if (child.shared)
        prepare_shared(child.shared);
    wo__runtime_fork_prepare();
    wo__thread_fork_prepare();
}

static void unlock_rest(void)
{
    wo__runtime_fork_done();
    wo__attach_fork_done();
    wo__mailslot_fork_done();
    wo__pending_fork_done();
    wo__process_fork_done();
    wo__handle_fork_done();
}

/* posix, arena locked: until the child has its presence. */
static void wait_for_birth(void)
{
    if (child.born.rd < 0)
        return;
    struct pollfd p = {.fd = child.born.rd, .events = POLLIN};
    close(child.born.wr); /* the child's end, should it come first, ends the wait, too */
    wo__poll(&p, 1, wo__clock_now() + PATIENCE_NS);
    close(child.born.rd);
}

static void after_in_parent(void)
{
    wo__thread_fork_parent();
    if (child.shared) {
        wait_for_birth();
        wo__arena_commit(child.shared);
    }
    if (child.private)
        wo__arena_commit(child.private);
    /* If fork failed, this was the last descriptor: the record is dead and will be swept. */
    if (child.shared && child.fd >= 0)
        close(child.fd);
    unlock_rest();
}

/* ---- In the child --------------------------------------------------------------------------- */

/* The waits of the parent's other threads are not the child's. */
static void forget_private_waits(struct wo__arena *a)
{
    uint32_t used = a->header->pools[WO__POOL_CELL].used;
    for (uint32_t i = 1; i < used; i++) {
        struct wo__cell *c = wo__cell_at(a, i);
        c->queue_head = c->queue_tail = 0;
    }
    uint32_t waiters = a->header->pools[WO__POOL_WAITER].used;
    for (uint32_t i = 1; i < waiters; i++)
        wo__waiter_at(a, i)->park_made = 0;
    a->header->pools[WO__POOL_BLOCK] = (struct wo__pool){.used = 1};
    a->header->pools[WO__POOL_WAITER] = (struct wo__pool){.used = 1};
    pthread_mutex_unlock(&a->header->lock.private); /* taken in prepare, by this thread */
}

/* Gives this process's objects their holds, from the record's list or new ones. */
static void rehold(struct wo__arena *a)
{
    uint32_t cells = a->header->pools[WO__POOL_CELL].used;
    for (uint32_t i = 1; i < cells && i < a->capacity[WO__POOL_CELL]; i++)
        if (a->local[i])
            a->local[i]->hold = 0;
    uint32_t steps = 0;
    for (uint32_t h = wo__proc_at(a, a->proc)->holds; h && wo__step(a, WO__POOL_HOLD, &steps);) {
        const struct wo__hold *hold = wo__hold_at(a, h);
        uint32_t next = hold->proc_next;
        struct wo__object *o = hold->cell < a->capacity[WO__POOL_CELL] ? a->local[hold->cell] : NULL;
        if (o && !o->hold)
            o->hold = h;
        else
            wo__hold_drop(a, h); /* an object that was just being destroyed */
        h = next;
    }
}

static void forget_watches(struct wo__arena *a)
{
    uint32_t cells = a->header->pools[WO__POOL_CELL].used;
    for (uint32_t i = 1; i < cells && i < a->capacity[WO__POOL_CELL]; i++)
        if (a->local[i])
            wo__watch_forget(a->local[i]);
}

/* Arena locked. False: the record was taken for a dead process's. */
static bool become_somebody(struct wo__arena *a)
{
    struct wo__proc *p = wo__proc_at(a, a->proc);
    if (!p->used || p->pid != child.parent)
        return false;
    wo__tx_set(a, &p->pid, (uint32_t)getpid());
    rehold(a);
    return !a->damaged;
}

/* The inherited descriptor stays: to close it would drop the new lock, too. */
static bool be_born(struct wo__arena *a)
{
    int rc = wo__presence_take(a->fd, WO__PRESENCE_BASE + child.proc, true, false);
    wo__bell_ring(&child.born);
    close_bell();
    return rc == 0;
}

/* While the child has the parent's open file description, as a descriptor or through the mapping,
 * the parent counts as alive, and a lock that it died with as held. So the child lets go of it
 * before anything else. False: it has none of its own. */
static bool leave_parent(struct wo__arena *a)
{
    a->proc = child.proc;
    if (!wo__presence_survives_fork)
        return child.proc != 0 && be_born(a);
    close(a->fd);
    a->fd = child.fd;
    int kind = a->fd >= 0 ? MAP_SHARED : MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE;
    void *base = mmap(a->base, a->size, PROT_READ | PROT_WRITE, kind | MAP_FIXED, a->fd, 0);
    return a->fd >= 0 && base != MAP_FAILED;
}

/* The parent still has the lock, or has died with it. */
static void shared_in_child(struct wo__arena *a)
{
    /* No room to be somebody: from here on every use fails instead of lying. */
    a->lost = !leave_parent(a) || wo__arena_lock(a) < 0;
    if (a->lost)
        return;
    forget_watches(a);
    a->lost = !become_somebody(a);
    if (a->lost)
        wo__arena_abort(a);
    else
        wo__arena_commit(a);
}

static void after_in_child(void)
{
    wo__thread_fork_child();
    if (child.private)
        forget_private_waits(child.private);
    if (child.shared)
        shared_in_child(child.shared);
    unlock_rest();
}

static void enlist(void)
{
    pthread_atfork(before, after_in_parent, after_in_child);
}

void wo__fork_register(void)
{
    pthread_once(&registered, enlist);
}
