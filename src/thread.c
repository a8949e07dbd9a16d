/* thread.c: per-thread waiter records and bells.
 *
 * Invariants: a thread's records are idle while it is not in a wait. The shared record's FIFO has
 * both ends open in its own process, so that it never reports a hang-up, and nobody's write to it
 * fails while that process lives.
 *
 * Lock: `list_lock` guards the list of threads; never held while taking an arena's lock.
 */
#include "thread.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "alive.h"
#include "fork.h"
#include "runtime.h"

static pthread_mutex_t list_lock = PTHREAD_MUTEX_INITIALIZER;
static struct wo__thread *threads;
static pthread_key_t key;
static pthread_once_t key_once = PTHREAD_ONCE_INIT;
static bool key_ready;
static _Thread_local struct wo__thread *self;

/* ---- The FIFO of a shared waiter ------------------------------------------------------------ */

static void fifo_name(uint32_t waiter, char name[32])
{
    snprintf(name, 32, "%s.%u", wo__platform_name, waiter);
}

/* Opened once and kept: a signaller rings with the arena locked. */
static int bell_dir(void)
{
    static _Atomic int kept = -1;
    int none = -1, dir = atomic_load_explicit(&kept, memory_order_acquire);
    if (dir >= 0)
        return dir;
    dir = wo__runtime_subdir("bell");
    if (dir < 0 || atomic_compare_exchange_strong(&kept, &none, dir))
        return dir;
    close(dir);
    return none;
}

/* Opens an end of a FIFO, and nothing else. */
static int open_end(int dir, const char *name, int flags)
{
    struct stat st;
    int fd = wo__open_at(dir, name, flags | O_NONBLOCK, 0);
    if (fd < 0)
        return fd;
    if (fstat(fd, &st) == 0 && S_ISFIFO(st.st_mode) && st.st_uid == geteuid())
        return fd;
    close(fd);
    return -EBADMSG;
}

static int fifo_make(int dir, const char *name, struct wo__bell *bell)
{
    /* The record is ours, so whatever has its name is left over. */
    unlinkat(dir, name, 0);
    if (mkfifoat(dir, name, 0600) < 0 || fchmodat(dir, name, 0600, 0) < 0)
        return -errno;
    int rd = open_end(dir, name, O_RDONLY);
    int wr = rd < 0 ? rd : open_end(dir, name, O_WRONLY);
    if (wr >= 0) {
        *bell = (struct wo__bell){rd, wr};
        return 0;
    }
    if (rd >= 0)
        close(rd);
    unlinkat(dir, name, 0);
    return wr;
}

int wo__thread_fifo_open(uint32_t waiter, struct wo__bell *bell)
{
    char name[32];
    int dir = bell_dir();
    if (dir < 0)
        return dir;
    fifo_name(waiter, name);
    return fifo_make(dir, name, bell);
}

void wo__thread_fifo_remove(uint32_t waiter)
{
    char name[32];
    int dir = bell_dir();
    if (dir < 0)
        return;
    fifo_name(waiter, name);
    unlinkat(dir, name, 0);
}

void wo__thread_fifos_clear(void)
{
    size_t prefix = strlen(wo__platform_name);
    int root = wo__runtime_dir(), dir = root < 0 ? root : wo__dir_open(root, "bell", 0);
    DIR *d = dir < 0 ? NULL : fdopendir(dir);
    if (!d) {
        if (dir >= 0)
            close(dir);
        return;
    }
    for (struct dirent *e; (e = readdir(d));)
        if (strncmp(e->d_name, wo__platform_name, prefix) == 0 && e->d_name[prefix] == '.')
            unlinkat(dir, e->d_name, 0);
    closedir(d);
}

int wo__thread_fifo_ring(uint32_t waiter)
{
    char name[32];
    int dir = bell_dir();
    if (dir < 0)
        return dir;
    fifo_name(waiter, name);
    int fd = open_end(dir, name, O_WRONLY);
    if (fd < 0)
        return fd == -ENXIO ? 0 : fd;
    /* EAGAIN: full of rings that nobody has drained yet, but somebody reads. */
    ssize_t n = wo__write_nosignal(fd, "", 1);
    close(fd);
    return n == 1 || n == -EAGAIN ? 1 : n == -EPIPE ? 0 : (int)n;
}

void wo__thread_drain(int fd)
{
    char rings[256];
    int cancel;
    pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &cancel);
    /* An eventfd is empty after one read; a FIFO when less came than was asked for. */
    while (read(fd, rings, sizeof rings) == (ssize_t)sizeof rings)
        ;
    pthread_setcancelstate(cancel, NULL);
}

/* ---- Records -------------------------------------------------------------------------------- */

static int which(const struct wo__arena *a)
{
    return a->shared ? WO__SHARED : WO__PRIVATE;
}

static void close_bell(struct wo__bell *bell)
{
    if (bell->rd >= 0)
        close(bell->rd);
    if (bell->wr >= 0 && bell->wr != bell->rd)
        close(bell->wr);
    *bell = (struct wo__bell){-1, -1};
}

static void give_back(struct wo__arena *a, uint32_t waiter)
{
    if (!waiter || wo__arena_lock(a) < 0)
        return;
    if (wo__waiter_at(a, waiter)->has_fifo)
        wo__thread_fifo_remove(waiter);
    if (a->shared)
        wo__waiter_unlink(a, waiter);
    wo__pool_give(a, WO__POOL_WAITER, waiter);
    wo__arena_commit(a);
}

/* The record goes first: afterwards nobody rings a bell that is about to be closed. */
static void thread_end(void *p)
{
    struct wo__thread *t = p;
    int cancel; /* still possible here, and it would skip the rest */
    pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &cancel);
    give_back(wo__private_arena(), t->waiter[WO__PRIVATE]);
    if (t->waiter[WO__SHARED])
        give_back(wo__shared_arena_attached(), t->waiter[WO__SHARED]);
    close_bell(&t->bell[WO__PRIVATE]);
    close_bell(&t->bell[WO__SHARED]);
    pthread_mutex_lock(&list_lock);
    if (t->prev)
        t->prev->next = t->next;
    else
        threads = t->next;
    if (t->next)
        t->next->prev = t->prev;
    pthread_mutex_unlock(&list_lock);
    self = NULL;
    free(t);
    pthread_setcancelstate(cancel, NULL);
}

static void make_key(void)
{
    key_ready = pthread_key_create(&key, thread_end) == 0;
    wo__fork_register();
}

static struct wo__thread *thread_start(void)
{
    pthread_once(&key_once, make_key);
    struct wo__thread *t = key_ready ? calloc(1, sizeof *t) : NULL;
    if (!t || pthread_setspecific(key, t)) {
        free(t);
        return NULL;
    }
    t->bell[WO__PRIVATE] = t->bell[WO__SHARED] = (struct wo__bell){-1, -1};
    pthread_mutex_lock(&list_lock);
    t->next = threads;
    if (threads)
        threads->prev = t;
    threads = t;
    pthread_mutex_unlock(&list_lock);
    return t;
}

struct wo__thread *wo__thread_self(void)
{
    if (!self)
        self = thread_start();
    return self;
}

int wo__thread_waiter(struct wo__arena *a, struct wo__thread *t)
{
    uint32_t i;
    if (t->waiter[which(a)])
        return 0;
    int rc = wo__pool_take(a, WO__POOL_WAITER, &i);
    if (rc < 0)
        return rc;
    struct wo__waiter *w = wo__waiter_at(a, i);
    w->bell_rd = w->bell_wr = -1;
    /* Shared: afresh for each owner, as the last one may have been killed in its sleep. Private:
     * once, as a late wake for the last owner may still come (arena.c, unlock_private). */
    if (a->shared || !w->park_made)
        wo__park_init(&w->park, a->shared);
    w->park_made = 1;
    if (a->shared)
        wo__waiter_link(a, i, a->proc);
    t->waiter[which(a)] = i;
    return 0;
}

static int note_bell(struct wo__arena *a, uint32_t waiter, const struct wo__bell *bell)
{
    int rc = wo__arena_lock(a);
    if (rc < 0)
        return rc;
    struct wo__waiter *w = wo__waiter_at(a, waiter);
    wo__tx_set(a, &w->bell_rd, (uint32_t)bell->rd);
    wo__tx_set(a, &w->bell_wr, (uint32_t)bell->wr);
    wo__tx_set(a, &w->has_fifo, a->shared);
    return wo__arena_commit(a);
}

int wo__thread_bell(struct wo__arena *a, struct wo__thread *t)
{
    struct wo__bell *bell = &t->bell[which(a)];
    uint32_t waiter = t->waiter[which(a)];
    if (bell->rd >= 0)
        return 0;
    /* A FIFO is noted before it is made, so that it is removed whenever this process dies. */
    int rc = a->shared ? note_bell(a, waiter, bell) : 0;
    if (rc == 0)
        rc = a->shared ? wo__thread_fifo_open(waiter, bell) : wo__bell_open(bell);
    if (rc < 0)
        return rc;
    rc = note_bell(a, waiter, bell);
    if (rc < 0)
        close_bell(bell);
    return rc;
}

void wo__thread_adopt(struct wo__thread *t, uint32_t waiter)
{
    struct wo__arena *a = wo__shared_arena_attached();
    if (t->waiter[WO__SHARED])
        give_back(a, t->waiter[WO__SHARED]);
    close_bell(&t->bell[WO__SHARED]);
    t->waiter[WO__SHARED] = waiter;
    struct wo__waiter *w = wo__waiter_at(a, waiter);
    t->bell[WO__SHARED] = (struct wo__bell){w->bell_rd, w->bell_wr};
}

/* ---- fork() --------------------------------------------------------------------------------- */

void wo__thread_fork_prepare(void)
{
    pthread_mutex_lock(&list_lock);
}

void wo__thread_fork_parent(void)
{
    pthread_mutex_unlock(&list_lock);
}

/* The child has one thread, and none of the parent's waiter records or bells. */
void wo__thread_fork_child(void)
{
    struct wo__thread *next;
    for (struct wo__thread *t = threads; t; t = next) {
        next = t->next;
        close_bell(&t->bell[WO__PRIVATE]);
        close_bell(&t->bell[WO__SHARED]);
        t->waiter[WO__PRIVATE] = t->waiter[WO__SHARED] = 0;
        if (t != self)
            free(t);
    }
    threads = self;
    if (self)
        self->next = self->prev = NULL;
    pthread_mutex_unlock(&list_lock);
}
