/* mailslot_dir.c: where mailslots lie, who owns them, and what the dead leave behind.
 *
 *   RUNTIME/mailslot/DOMAIN/COMPUTER/NAME/owner           the lock file
 *                                        /ID.queue, .fifo one pair per receiver (queue_file.c)
 *   RUNTIME/mailslot/.generation                          a counter, mapped by everybody
 *
 * The components are escaped (address.c), so none begins with '.', and NAME is one component
 * however many '\' the name has.
 *
 * OWNERSHIP is a lock on byte 0 of `owner` that dies with its process: exclusive for an ordinary
 * mailslot, shared for receivers that share the name. Byte 1 is held, exclusively and briefly, by
 * who creates, removes or tidies in the directory. The last owner removes `owner` and the directory
 * while it holds both; so after getting byte 1 a newcomer checks that the file and the directory it
 * has open are still the ones that the path names, and else starts again. A sender that meets dead
 * receivers tidies in the same way, but never waits for a lock.
 *
 * On the posix platform these locks belong to the process and go with the first close() of any
 * descriptor of the file. So one process opens `owner` once: `owners` lists what this process owns,
 * later shared receivers join the entry, and nobody else in this process touches the file. (Such a
 * lock is not a forked child's, either: the mailslot is the parent's; a child that outlives it
 * reads on until it closes, without keeping the name.)
 *
 * After fork(), or when the receiving end was handed to another process, closing ends the mailslot
 * only in the last process that has it; the FIFO tells who else has it open.
 *
 * The generation counter is bumped after every coming and going; senders to many compare it to know
 * when their list of receivers is old.
 *
 * Lock: `lock` guards the list, all entries, and the making of the counter's mapping. Order: a
 * client's lock, then this one.
 */
#include "mailslot.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "platform.h"
#include "runtime.h"
#include "testhook.h"

enum { OWNER_BYTE = 0, WORK_BYTE = 1, ATTEMPTS = 100 };

struct wo__owner {
    struct wo__owner *next;
    struct wo__slot_path path;
    int dir, lock;
    unsigned receivers;
    bool exclusive;
    bool handed;    /* the receiving end was handed to or came from another process */
    unsigned forks; /* when it was made */
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct wo__owner *owners;
static unsigned forks; /* of this process and those it descends from, since the program began */
static _Atomic uint64_t *_Atomic generation;

void wo__mailslot_dir_fork_prepare(void)
{
    pthread_mutex_lock(&lock);
    forks++;
}

void wo__mailslot_dir_fork_done(void)
{
    pthread_mutex_unlock(&lock);
}

/* ---- Directories ----------------------------------------------------------------------------- */

/* Opens `name` below `dir` and closes `dir`. */
static int descend(int dir, const char *name, bool make)
{
    if (dir < 0)
        return dir;
    int fd = wo__dir_open(dir, name, make);
    close(dir);
    return fd == -ENOTDIR ? -EPERM : fd;
}

static int open_domain(const char *domain, bool make)
{
    return descend(wo__runtime_subdir("mailslot"), domain, make);
}

static int open_computer(const struct wo__slot_path *p, bool make)
{
    return descend(open_domain(p->domain, make), p->computer, make);
}

static DIR *list(int dir)
{
    int fd = wo__open_at(dir, ".", O_RDONLY | O_DIRECTORY, 0);
    if (fd < 0)
        return NULL;
    DIR *d = fdopendir(fd);
    if (!d)
        close(fd);
    return d;
}

static bool is_dots(const char *entry)
{
    return strcmp(entry, ".") == 0 || strcmp(entry, "..") == 0;
}

/* ---- The generation counter ------------------------------------------------------------------ */

static int map_counter(int fd)
{
    struct stat st;
    if (fstat(fd, &st) < 0)
        return -errno;
    if (!S_ISREG(st.st_mode) || st.st_uid != geteuid() || st.st_mode & 077)
        return -EPERM;
    int rc = st.st_size < (off_t)sizeof(uint64_t) ? wo__truncate(fd, sizeof(uint64_t)) : 0;
    if (rc == 0)
        rc = wo__space_reserve(fd, 0, sizeof(uint64_t));
    if (rc < 0)
        return rc;
    void *p = mmap(NULL, sizeof(uint64_t), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (p == MAP_FAILED)
        return -errno;
    atomic_store_explicit(&generation, p, memory_order_release);
    return 0;
}

/* Maps the counter, once; lock held. */
static int open_counter(void)
{
    if (atomic_load_explicit(&generation, memory_order_relaxed))
        return 0;
    int root = wo__runtime_subdir("mailslot");
    if (root < 0)
        return root;
    int fd = wo__open_at(root, ".generation", O_RDWR | O_CREAT | O_NONBLOCK, 0600);
    close(root);
    if (fd < 0)
        return fd == -EMFILE || fd == -ENFILE || fd == -ENOSPC || fd == -ENOMEM ? fd : -EPERM;
    int rc = map_counter(fd);
    close(fd);
    return rc;
}

static void bump(void)
{
    _Atomic uint64_t *counter = atomic_load_explicit(&generation, memory_order_acquire);
    if (counter)
        atomic_fetch_add(counter, 1);
}

int wo__slot_generation(uint64_t *out)
{
    _Atomic uint64_t *counter = atomic_load_explicit(&generation, memory_order_acquire);
    if (!counter) {
        pthread_mutex_lock(&lock);
        int rc = open_counter();
        counter = atomic_load_explicit(&generation, memory_order_relaxed);
        pthread_mutex_unlock(&lock);
        if (rc < 0)
            return rc;
    }
    *out = atomic_load(counter);
    return 0;
}

/* ---- The lock file --------------------------------------------------------------------------- */

/* The directory and lock file of a mailslot, opened and perhaps not ours yet. */
struct place {
    int computer, dir, lock;
};

static void close_place(struct place *p)
{
    int *fds[] = {&p->computer, &p->dir, &p->lock};
    for (size_t i = 0; i < 3; i++) {
        if (*fds[i] >= 0)
            close(*fds[i]);
        *fds[i] = -1;
    }
}

static int open_lock(int dir, bool make)
{
    struct stat st;
    int fd = wo__open_at(dir, "owner", O_RDWR | O_NONBLOCK | (make ? O_CREAT : 0), 0600);
    if (fd < 0)
        return fd == -ELOOP || fd == -EISDIR || fd == -ENXIO || fd == -EACCES ? -EPERM : fd;
    if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_uid == geteuid() &&
        (st.st_mode & 077) == 0)
        return fd;
    close(fd);
    return -EPERM;
}

static int open_place(const struct wo__slot_path *path, bool make, struct place *out)
{
    struct place p = {-1, -1, -1};
    int rc = p.computer = open_computer(path, make);
    if (rc >= 0)
        rc = p.dir = wo__dir_open(p.computer, path->name, make);
    if (rc >= 0)
        rc = p.lock = open_lock(p.dir, make);
    if (rc < 0) {
        close_place(&p);
        return rc == -ENOTDIR ? -EPERM : rc;
    }
    *out = p;
    return 0;
}

static bool same(int dir, const char *name, int fd)
{
    struct stat a, b;
    return fstatat(dir, name, &a, AT_SYMLINK_NOFOLLOW) == 0 && fstat(fd, &b) == 0 &&
           a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}

/* Does the path still lead to what we have open? Asked with the work byte held. */
static bool still_there(const struct place *p, const char *name)
{
    return same(p->computer, name, p->dir) && same(p->dir, "owner", p->lock);
}

/* ---- Tidying --------------------------------------------------------------------------------- */

/* Is this the remains of a receiver that was never announced, or was half removed? */
static bool is_remains(int dir, const char *entry)
{
    char fifo[WO__QUEUE_ID_SIZE + 8], id[WO__QUEUE_ID_SIZE];
    struct stat st;
    size_t n = strlen(entry);
    if (n < WO__QUEUE_ID_SIZE || n > WO__QUEUE_ID_SIZE + 5)
        return false;
    memcpy(fifo, entry, WO__QUEUE_ID_SIZE - 1);
    memcpy(fifo + WO__QUEUE_ID_SIZE - 1, ".fifo", 6);
    if (!wo__queue_is_receiver(fifo, id))
        return false;
    const char *suffix = entry + WO__QUEUE_ID_SIZE - 1;
    if (strcmp(suffix, ".new") == 0)
        return true;
    return strcmp(suffix, ".queue") == 0 && fstatat(dir, fifo, &st, AT_SYMLINK_NOFOLLOW) < 0;
}

/* Calls `act` for every entry but the lock file; the sum of the results, or -1. */
static int for_entries(int dir, int (*act)(int dir, const char *entry))
{
    int sum = 0;
    DIR *d = list(dir);
    if (!d)
        return -1;
    for (struct dirent *e; (e = readdir(d));)
        if (!is_dots(e->d_name) && strcmp(e->d_name, "owner") != 0)
            sum += act(dir, e->d_name);
    closedir(d);
    return sum;
}

static int remove_if_dead(int dir, const char *entry)
{
    char id[WO__QUEUE_ID_SIZE];
    if (wo__queue_is_receiver(entry, id))
        wo__queue_bury(dir, id);
    else if (is_remains(dir, entry))
        unlinkat(dir, entry, 0);
    return 0;
}

static int count(int dir, const char *entry)
{
    (void)dir;
    (void)entry;
    return 1;
}

/* Removes what the dead left; the work byte is held, so nobody is at work here. */
static void tidy(int dir)
{
    for_entries(dir, remove_if_dead);
}

/* Removes the mailslot's directory; both bytes are held exclusively. The directories above go when
 * they are empty; whoever is about to use one finds that and makes it again. */
static void remove_place(const struct wo__slot_path *path, int dir)
{
    tidy(dir);
    if (for_entries(dir, count) != 0)
        return;
    unlinkat(dir, "owner", 0);
    WO__TEST_POINT("slot.unowned");
    int computer = open_computer(path, false);
    if (computer >= 0) {
        unlinkat(computer, path->name, AT_REMOVEDIR);
        close(computer);
    }
    int domain = open_domain(path->domain, false);
    if (domain >= 0) {
        unlinkat(domain, path->computer, AT_REMOVEDIR);
        close(domain);
    }
    int root = wo__runtime_subdir("mailslot");
    if (root >= 0) {
        unlinkat(root, path->domain, AT_REMOVEDIR);
        close(root);
    }
}

/* Can no other process have what this one has? */
static bool is_alone(const struct wo__owner *o)
{
    return !o->handed && o->forks == forks;
}

static struct wo__owner *find(const struct wo__slot_path *path)
{
    struct wo__owner *o = owners;
    while (o && (strcmp(o->path.name, path->name) != 0 ||
                 strcmp(o->path.computer, path->computer) != 0 ||
                 strcmp(o->path.domain, path->domain) != 0))
        o = o->next;
    return o;
}

static void sweep_locked(const struct wo__slot_path *path)
{
    struct place p;
    if (find(path) || open_place(path, false, &p) < 0)
        return;
    if (wo__presence_take(p.lock, WORK_BYTE, true, false) == 0 &&
        wo__presence_take(p.lock, OWNER_BYTE, true, false) == 0 && still_there(&p, path->name))
        remove_place(path, p.dir);
    close_place(&p);
}

/* Dead receivers were met: removes the mailslot when nobody owns it and nobody is busy with it. */
static void sweep(const struct wo__slot_path *path)
{
    if (pthread_mutex_trylock(&lock) != 0)
        return;
    sweep_locked(path);
    pthread_mutex_unlock(&lock);
    bump();
}

/* Closes `dir` and calls `act` for every name in it, which is put into `part` of the path. */
static void for_names(int dir, void (*act)(struct wo__slot_path *path, int dir), char *part,
                      struct wo__slot_path *path)
{
    DIR *d = dir < 0 ? NULL : list(dir);
    if (dir >= 0)
        close(dir);
    if (!d)
        return;
    for (struct dirent *e; (e = readdir(d));) {
        size_t n = strlen(e->d_name);
        if (e->d_name[0] == '.' || n >= WO__COMPONENT_SIZE)
            continue;
        memcpy(part, e->d_name, n + 1);
        act(path, dirfd(d));
    }
    closedir(d);
}

static void sweep_name(struct wo__slot_path *path, int dir)
{
    (void)dir;
    sweep_locked(path);
}

static void sweep_computer(struct wo__slot_path *path, int dir)
{
    for_names(wo__dir_open(dir, path->computer, 0), sweep_name, path->name, path);
}

static void sweep_domain(struct wo__slot_path *path, int dir)
{
    for_names(wo__dir_open(dir, path->domain, 0), sweep_computer, path->computer, path);
}

/* Mailslots whose processes ended without closing them leave files. Each process that makes
 * mailslots removes, once, what it finds; lock held. */
static void sweep_all(void)
{
    static bool swept;
    struct wo__slot_path path;
    if (swept)
        return;
    swept = true;
    for_names(wo__runtime_subdir("mailslot"), sweep_domain, path.domain, &path);
}

/* ---- Owning ---------------------------------------------------------------------------------- */

/* Opens the mailslot's place and takes both bytes. -EAGAIN: it was removed meanwhile, try again. */
static int try_own(const struct wo__slot_path *path, bool exclusive, struct place *p)
{
    int rc = open_place(path, true, p);
    if (rc < 0)
        return rc == -ENOENT ? -EAGAIN : rc;
    WO__TEST_POINT("slot.opened");
    rc = wo__presence_take(p->lock, WORK_BYTE, true, true);
    if (rc == 0 && !still_there(p, path->name))
        rc = -EAGAIN;
    else if (rc == 0 && wo__presence_take(p->lock, OWNER_BYTE, exclusive, false) == -EAGAIN)
        rc = -EEXIST;
    if (rc < 0)
        close_place(p);
    return rc;
}

static struct wo__owner *add(const struct wo__slot_path *path, bool exclusive, int dir, int lock_fd)
{
    struct wo__owner *o = calloc(1, sizeof *o);
    if (!o)
        return NULL;
    o->path = *path;
    o->exclusive = exclusive;
    o->dir = dir;
    o->lock = lock_fd;
    o->forks = forks;
    o->next = owners;
    owners = o;
    return o;
}

static int own(const struct wo__slot_path *path, bool exclusive, struct wo__owner **out)
{
    struct place p;
    int rc = -EAGAIN;
    for (int i = 0; i < ATTEMPTS && rc == -EAGAIN; i++)
        rc = try_own(path, exclusive, &p);
    if (rc < 0)
        return rc == -EAGAIN ? -EPERM : rc;
    struct wo__owner *o = add(path, exclusive, p.dir, p.lock);
    if (!o) {
        close_place(&p);
        return -ENOMEM;
    }
    close(p.computer);
    tidy(o->dir);
    *out = o;
    return 0;
}

/* The last receiver of this process is gone. What another process still has is not removed: then
 * the owner byte is not ours alone, or a receiver's files are still there. */
static void disown(struct wo__owner *o)
{
    struct wo__owner **link = &owners;
    while (*link != o)
        link = &(*link)->next;
    *link = o->next;
    if (wo__presence_take(o->lock, OWNER_BYTE, true, false) == 0)
        remove_place(&o->path, o->dir);
    if (is_alone(o))
        wo__presence_drop(o->lock, OWNER_BYTE); /* a program being started may have a copy */
    else
        wo__presence_take(o->lock, OWNER_BYTE, o->exclusive, false); /* it may be others', too */
    wo__presence_drop(o->lock, WORK_BYTE);
    close(o->lock);
    close(o->dir);
    free(o);
}

static int join_locked(const struct wo__slot_path *path, const struct wo__queue_options *options,
                       struct wo__owner **owner, struct wo__queue *q)
{
    bool exclusive = !(options->flags & WO__QUEUE_SHARED);
    struct wo__owner *o = find(path);
    int rc = open_counter();
    if (rc < 0)
        return rc;
    sweep_all();
    if (o && (o->exclusive || exclusive))
        return -EEXIST;
    rc = o ? wo__presence_take(o->lock, WORK_BYTE, true, true) : own(path, exclusive, &o);
    if (rc < 0)
        return rc;
    rc = wo__queue_create(o->dir, options, q);
    if (rc == 0)
        o->receivers++;
    if (o->receivers == 0)
        disown(o);
    else
        wo__presence_drop(o->lock, WORK_BYTE);
    *owner = o;
    return rc;
}

int wo__slot_join(const struct wo__slot_path *path, const struct wo__queue_options *options,
                  struct wo__owner **owner, struct wo__queue *q)
{
    pthread_mutex_lock(&lock);
    int rc = join_locked(path, options, owner, q);
    pthread_mutex_unlock(&lock);
    if (rc == 0)
        bump();
    return rc;
}

void wo__slot_leave(struct wo__owner *o, struct wo__queue *q)
{
    pthread_mutex_lock(&lock);
    wo__presence_take(o->lock, WORK_BYTE, true, true);
    WO__TEST_POINT("slot.leaving");
    wo__queue_end(o->dir, q, !is_alone(o));
    if (--o->receivers == 0)
        disown(o);
    else
        wo__presence_drop(o->lock, WORK_BYTE);
    pthread_mutex_unlock(&lock);
    bump();
}

/* ---- Handing over ---------------------------------------------------------------------------- */

static int adopt_locked(const struct wo__slot_path *path, bool exclusive, int lock_fd,
                        struct wo__owner **owner)
{
    struct wo__owner *o = find(path);
    int rc = open_counter();
    if (rc < 0)
        return rc;
    if (o) {
        close(lock_fd); /* the entry has the same open file already */
    } else {
        int dir = descend(open_computer(path, false), path->name, false);
        if (dir < 0)
            return dir;
        o = add(path, exclusive, dir, lock_fd);
        if (!o) {
            close(dir);
            return -ENOMEM;
        }
    }
    o->handed = true;
    o->receivers++;
    *owner = o;
    return 0;
}

int wo__slot_adopt(const struct wo__slot_path *path, bool exclusive, int lock_fd,
                   struct wo__owner **owner)
{
    pthread_mutex_lock(&lock);
    int rc = adopt_locked(path, exclusive, lock_fd, owner);
    pthread_mutex_unlock(&lock);
    return rc;
}

void wo__slot_export(struct wo__owner *o, struct wo__slot_path *path, bool *exclusive, int *lock_fd)
{
    pthread_mutex_lock(&lock);
    o->handed = true;
    *path = o->path;
    *exclusive = o->exclusive;
    *lock_fd = o->lock;
    pthread_mutex_unlock(&lock);
}

/* ---- Looking for receivers ------------------------------------------------------------------- */

int wo__slot_scan(const struct wo__slot_path *path, wo__receiver_fn *each, void *context)
{
    char id[WO__QUEUE_ID_SIZE];
    bool dead = false;
    int rc = 0, dir = descend(open_computer(path, false), path->name, false);
    if (dir < 0)
        return dir;
    DIR *d = list(dir);
    if (!d) {
        close(dir);
        return -EMFILE;
    }
    for (struct dirent *e; rc == 0 && (e = readdir(d));) {
        if (!wo__queue_is_receiver(e->d_name, id))
            continue;
        rc = each(context, dir, id);
        if (rc == -ENXIO) {
            wo__queue_bury(dir, id);
            dead = true;
            rc = 0;
        }
    }
    closedir(d);
    close(dir);
    if (dead)
        sweep(path);
    return rc;
}

/* Is this failure one computer's own trouble, not this process's? */
static bool is_local(int rc)
{
    return rc == -ENOENT || rc == -EPERM || rc == -EACCES || rc == -ENOTDIR || rc == -ENAMETOOLONG;
}

int wo__slot_scan_domain(const char *domain, const char *name, wo__receiver_fn *each, void *context)
{
    struct wo__slot_path path;
    int rc = 0, dir = open_domain(domain, false);
    if (dir < 0)
        return dir;
    DIR *d = list(dir);
    close(dir);
    if (!d)
        return -EMFILE;
    memcpy(path.domain, domain, strlen(domain) + 1);
    memcpy(path.name, name, strlen(name) + 1);
    for (struct dirent *e; rc == 0 && (e = readdir(d));) {
        size_t n = strlen(e->d_name);
        if (e->d_name[0] == '.' || n >= sizeof path.computer)
            continue;
        memcpy(path.computer, e->d_name, n + 1);
        rc = wo__slot_scan(&path, each, context);
        if (is_local(rc))
            rc = 0;
    }
    closedir(d);
    return rc;
}

int wo__slot_has_computer(const char *domain, const char *computer)
{
    int dir = descend(open_domain(domain, false), computer, false);
    if (dir == -ENOENT || dir == -EPERM)
        return 0;
    if (dir >= 0)
        close(dir);
    return dir < 0 ? dir : 1;
}
