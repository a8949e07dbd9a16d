/* attach.c: finding, making and checking the shared arena's file, and around fork().
 *
 * The file's content is transient: it means something only while a living process has it mapped.
 * Every user holds a presence lock on its own byte of the file from before it maps the arena until
 * it dies. So whoever comes first - nobody is present - starts the file afresh, whatever was in
 * it: a crash of all users, an old version, or garbage. Whoever comes later checks the header and
 * refuses what it does not know.
 *
 * Locks: `once` guards attaching in this process; the ATTACH byte lets one process at a time look
 * who is present and start afresh. Order: once, ATTACH byte, arena.
 */
#include "attach.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "alive.h"
#include "arena.h"
#include "fork.h"
#include "runtime.h"
#include "testhook.h"
#include "thread.h"

static struct wo__arena shared_arena = {.fd = -1};
static _Atomic bool attached;
static pthread_mutex_t once = PTHREAD_MUTEX_INITIALIZER;

static const char magic[8] = "waitobj";

/* The layout is a constant of this version: the same capacities for everybody. */
static void lay_out(struct wo__arena *a)
{
    static const uint32_t capacity[WO__POOL_COUNT] = {
        [WO__POOL_CELL] = 1u << 18, [WO__POOL_BLOCK] = 1u << 19, [WO__POOL_WAITER] = 1u << 16,
        [WO__POOL_HOLD] = 1u << 19, [WO__POOL_PROC] = WO__MAX_PROCS,  [WO__POOL_NAME] = 1u << 18,
    };
    size_t at = (sizeof(struct wo__header) + 4095) & ~(size_t)4095;
    for (int id = 0; id < WO__POOL_COUNT; id++) {
        a->capacity[id] = capacity[id];
        a->offset[id] = at;
        at += (capacity[id] * wo__pool_item_size((enum wo__pool_id)id) + 4095) & ~(size_t)4095;
    }
    a->log_offset = at;
    a->log_capacity = 4 * capacity[WO__POOL_CELL] +
                      24 * (capacity[WO__POOL_BLOCK] + capacity[WO__POOL_WAITER]);
    a->size = at + a->log_capacity * sizeof(struct wo__undo);
    a->shared = true;
}

/* Nobody is present: an empty arena, `ready` last. A death on the way leaves ready at 0. */
static int start_afresh(struct wo__arena *a)
{
    enum { FIRST_LOG = 8192 };
    int rc = wo__truncate(a->fd, 0);
    if (rc == 0)
        rc = wo__truncate(a->fd, a->size);
    if (rc == 0)
        rc = wo__space_reserve(a->fd, 0, sizeof(struct wo__header));
    if (rc == 0)
        rc = wo__space_reserve(a->fd, a->log_offset, FIRST_LOG * sizeof(struct wo__undo));
    if (rc < 0) {
        wo__truncate(a->fd, 0);
        return rc;
    }
    struct wo__header *h = mmap(NULL, sizeof *h, PROT_READ | PROT_WRITE, MAP_SHARED, a->fd, 0);
    if (h == MAP_FAILED)
        return -errno;
    memcpy(h->magic, magic, sizeof magic);
    h->version = WO__ARENA_VERSION;
    h->size = a->size;
    h->log_reserved = FIRST_LOG;
    rc = wo__lock_init(&h->lock.shared);
    WO__TEST_POINT("attach.initialised");
    if (rc == 0)
        atomic_store_explicit((_Atomic uint32_t *)&h->ready, 1, memory_order_release);
    munmap(h, sizeof *h);
    return rc;
}

/* Somebody is present: is it an arena as we know it? */
static int check_header(struct wo__arena *a)
{
    struct wo__header h;
    struct stat st;
    if (fstat(a->fd, &st) < 0)
        return -errno;
    if (st.st_size < (off_t)sizeof h || pread(a->fd, &h, sizeof h, 0) != (ssize_t)sizeof h)
        return -EBADMSG;
    if (memcmp(h.magic, magic, sizeof magic) != 0)
        return -EBADMSG;
    if (h.version != WO__ARENA_VERSION)
        return -EPROTO;
    if (h.ready != 1 || h.size != a->size || st.st_size != (off_t)a->size ||
        h.log_reserved > a->log_capacity)
        return -EBADMSG;
    for (int id = 0; id < WO__POOL_COUNT; id++)
        if (h.pools[id].used > a->capacity[id] || h.pools[id].reserved > a->capacity[id])
            return -EBADMSG;
    return 0;
}

static int map_all(struct wo__arena *a)
{
    void *base = mmap(NULL, a->size, PROT_READ | PROT_WRITE, MAP_SHARED, a->fd, 0);
    if (base == MAP_FAILED)
        return -ENOMEM;
    void *local = mmap(NULL, a->capacity[WO__POOL_CELL] * sizeof a->local[0],
                       PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (local == MAP_FAILED) {
        munmap(base, a->size);
        return -ENOMEM;
    }
    a->base = base;
    a->header = base;
    a->local = local;
    return 0;
}

static void unmap(struct wo__arena *a)
{
    munmap(a->base, a->size);
    munmap(a->local, a->capacity[WO__POOL_CELL] * sizeof a->local[0]);
    a->base = NULL;
}

/* Our record, and a look at what the dead left. */
static int sign_in(struct wo__arena *a)
{
    int rc = wo__arena_lock(a);
    if (rc < 0)
        return rc;
    wo__proc_sweep(a);
    rc = wo__proc_register(a, a->fd, &a->proc);
    if (rc < 0)
        wo__arena_abort(a);
    else
        rc = wo__arena_commit(a);
    if (rc < 0)
        a->proc = 0; /* the next attempt is a stranger again */
    return rc;
}

/* Below the ATTACH byte. */
static int enter(struct wo__arena *a)
{
    int present = wo__presence_held(a->fd, WO__PRESENCE_BASE, a->capacity[WO__POOL_PROC]);
    if (present < 0)
        return present;
    if (!present)
        wo__thread_fifos_clear();
    int rc = present ? check_header(a) : start_afresh(a);
    if (rc == 0)
        rc = map_all(a);
    if (rc < 0)
        return rc;
    rc = sign_in(a);
    if (rc < 0)
        unmap(a);
    return rc;
}

int wo__arena_file_open(void)
{
    char name[64];
    int dir = wo__runtime_dir();
    if (dir < 0)
        return dir;
    snprintf(name, sizeof name, "arena.%s.%u", wo__platform_name, WO__ARENA_VERSION);
    int fd = wo__open_at(dir, name, O_RDWR | O_CREAT | O_NONBLOCK, 0600);
    if (fd < 0)
        return fd == -ELOOP || fd == -EISDIR || fd == -ENXIO ? -EPERM : fd;
    struct stat st;
    int rc = fstat(fd, &st) < 0 ? -errno : 0;
    if (rc == 0 && (!S_ISREG(st.st_mode) || st.st_uid != geteuid() || st.st_mode & 077))
        rc = -EPERM;
    /* A umask may have taken the owner's bits when it was made. */
    if (rc == 0 && (st.st_mode & 0600) != 0600 && fchmod(fd, 0600) < 0)
        rc = -errno;
    if (rc == 0)
        return fd;
    close(fd);
    return rc;
}

bool wo__arena_file_kept(const struct wo__arena *a)
{
    struct stat st;
    return fstat(a->fd, &st) == 0 && st.st_ino == a->inode && st.st_dev == a->device;
}

bool wo__arena_byte_held(const struct wo__arena *a, uint64_t byte)
{
    return wo__presence_held(a->fd, byte, 1) != 0 || !wo__arena_file_kept(a);
}

static int note_file(struct wo__arena *a)
{
    struct stat st;
    if (fstat(a->fd, &st) < 0)
        return -errno;
    a->inode = st.st_ino;
    a->device = st.st_dev;
    return 0;
}

static int attach(struct wo__arena *a)
{
    lay_out(a);
    a->fd = wo__arena_file_open();
    if (a->fd < 0)
        return a->fd;
    int rc = note_file(a);
    if (rc == 0)
        rc = wo__presence_take(a->fd, WO__PRESENCE_ATTACH, true, true);
    if (rc == 0) {
        rc = enter(a);
        wo__presence_drop(a->fd, WO__PRESENCE_ATTACH);
    }
    if (rc < 0) {
        close(a->fd);
        a->fd = -1;
        return rc;
    }
    wo__fork_register();
    return 0;
}

struct wo__arena *wo__shared_arena(int *rc)
{
    *rc = 0;
    if (atomic_load_explicit(&attached, memory_order_acquire))
        return &shared_arena;
    int cancel;
    pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &cancel);
    pthread_mutex_lock(&once);
    if (!atomic_load_explicit(&attached, memory_order_relaxed)) {
        *rc = attach(&shared_arena);
        if (*rc == 0)
            atomic_store_explicit(&attached, true, memory_order_release);
    }
    pthread_mutex_unlock(&once);
    pthread_setcancelstate(cancel, NULL);
    return *rc == 0 ? &shared_arena : NULL;
}

struct wo__arena *wo__shared_arena_attached(void)
{
    return atomic_load_explicit(&attached, memory_order_acquire) ? &shared_arena : NULL;
}

void wo__attach_fork_prepare(void)
{
    pthread_mutex_lock(&once);
}

void wo__attach_fork_done(void)
{
    pthread_mutex_unlock(&once);
}
