/* queue_file.c: the files of a queue: making, checking, attaching, removing.
 *
 * Names: ID.queue, ID.fifo; ID.new is a FIFO not yet announced. A receiver makes the queue file,
 * then the FIFO under its hidden name, opens its reading end, and only then renames it: so an
 * announced FIFO without a reader belongs to a dead receiver for certain, and since no ID is used
 * twice its files can be removed without any lock. The FIFO goes last, so that a lone queue file
 * means the same as a hidden FIFO: its maker died, or is at work under the directory's lock
 * (mailslot_dir.c).
 *
 * What is found is checked on the descriptor (type, owner, no rights for others), the header is
 * read before anything is mapped.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "platform.h"
#include "queue_layout.h"
#include "testhook.h"

enum { ID_DIGITS = WO__QUEUE_ID_SIZE - 1, NAME_SIZE = ID_DIGITS + 8, FIRST_SEGMENT = 64 << 10 };

static void file_name(char name[NAME_SIZE], const char *id, const char *suffix)
{
    snprintf(name, NAME_SIZE, "%s%s", id, suffix);
}

/* Works out the segments from the quota; returns the size of the file. */
static uint64_t lay_out(struct wo__queue *q)
{
    uint64_t last = WO__QUEUE_DATA, offset = WO__QUEUE_DATA;
    while (last < q->quota)
        last *= 2;
    uint64_t size = last < FIRST_SEGMENT ? last : FIRST_SEGMENT;
    q->segments = 0;
    for (;;) {
        q->segment[q->segments++] =
            (struct wo__queue_segment){offset, (uint32_t)(size / WO__QUEUE_UNIT)};
        offset += size;
        if (size == last)
            return offset;
        size = size * 16 < last ? size * 16 : last;
    }
}

static int random_id(char id[WO__QUEUE_ID_SIZE])
{
    unsigned char bytes[ID_DIGITS / 2];
    if (getentropy(bytes, sizeof bytes) < 0)
        return -errno;
    for (size_t i = 0; i < sizeof bytes; i++)
        snprintf(id + 2 * i, 3, "%02x", bytes[i]);
    return 0;
}

static int map(struct wo__queue *q)
{
    if (q->mapped > SIZE_MAX)
        return -ENOMEM;
    void *p = mmap(NULL, (size_t)q->mapped, PROT_READ | PROT_WRITE, MAP_SHARED, q->fd, 0);
    if (p == MAP_FAILED)
        return -errno;
    q->head = p;
    return 0;
}

static void close_fd(int *fd)
{
    if (*fd >= 0)
        close(*fd);
    *fd = -1;
}

void wo__queue_unmap(struct wo__queue *q)
{
    if (q->head)
        munmap(q->head, (size_t)q->mapped);
    q->head = NULL;
}

void wo__queue_detach(struct wo__queue *q)
{
    wo__queue_unmap(q);
    close_fd(&q->fd);
    close_fd(&q->bell_fd);
    close_fd(&q->ring_fd);
}

static int init_lock(pthread_mutex_t *mutex)
{
    pthread_mutexattr_t a;
    int rc = pthread_mutexattr_init(&a);
    if (rc)
        return -rc;
    pthread_mutexattr_setpshared(&a, PTHREAD_PROCESS_SHARED);
    pthread_mutexattr_setrobust(&a, PTHREAD_MUTEX_ROBUST);
    rc = pthread_mutex_init(mutex, &a);
    pthread_mutexattr_destroy(&a);
    return -rc;
}

static int fill_head(struct wo__queue *q, int64_t read_timeout_ns)
{
    struct wo__queue_head *h = q->head;
    int rc = init_lock(&h->write_lock);
    if (rc == 0)
        rc = init_lock(&h->read_lock);
    if (rc < 0)
        return rc;
    h->version = WO__QUEUE_VERSION;
    h->layout = sizeof *h;
    h->quota = q->quota;
    h->file_size = q->mapped;
    h->max_message = q->max_message;
    h->flags = q->flags;
    memcpy(h->id, q->id, sizeof h->id);
    atomic_store(&h->read_timeout_ns, read_timeout_ns);
    h->ticket = 1;
    atomic_store(&h->want_bell, 1);
    atomic_store(&h->magic, WO__QUEUE_MAGIC);
    return 0;
}

static int make_file(int dir, struct wo__queue *q, int64_t read_timeout_ns)
{
    char name[NAME_SIZE];
    file_name(name, q->id, ".queue");
    q->fd = wo__open_at(dir, name, O_RDWR | O_CREAT | O_EXCL, 0600);
    if (q->fd < 0)
        return q->fd;
    int rc = fchmod(q->fd, 0600) < 0 ? -errno : wo__truncate(q->fd, q->mapped);
    if (rc == 0)
        rc = wo__space_reserve(q->fd, 0, WO__QUEUE_DATA);
    if (rc == 0)
        rc = map(q);
    return rc < 0 ? rc : fill_head(q, read_timeout_ns);
}

/* Opens both ends: reading first, or writing would fail. */
static int open_fifo(int dir, const char *name, struct wo__queue *q)
{
    q->bell_fd = wo__open_at(dir, name, O_RDONLY | O_NONBLOCK, 0);
    if (q->bell_fd < 0)
        return q->bell_fd;
    q->ring_fd = wo__open_at(dir, name, O_WRONLY | O_NONBLOCK, 0);
    return q->ring_fd < 0 ? q->ring_fd : 0;
}

static int make_fifo(int dir, struct wo__queue *q)
{
    char hidden[NAME_SIZE], name[NAME_SIZE];
    file_name(hidden, q->id, ".new");
    file_name(name, q->id, ".fifo");
    if (mkfifoat(dir, hidden, 0600) < 0 || fchmodat(dir, hidden, 0600, 0) < 0)
        return -errno;
    WO__TEST_POINT("queue.hidden");
    int rc = open_fifo(dir, hidden, q);
    if (rc < 0)
        return rc;
    return renameat(dir, hidden, dir, name) < 0 ? -errno : 0;
}

static void remove_files(int dir, const char *id)
{
    static const char *const suffix[] = {".queue", ".new", ".fifo"};
    char name[NAME_SIZE];
    for (size_t i = 0; i < sizeof suffix / sizeof *suffix; i++) {
        file_name(name, id, suffix[i]);
        unlinkat(dir, name, 0);
        WO__TEST_POINT("queue.removing");
    }
}

/* A quota in whole units that holds at least one message of the largest size. */
static uint64_t rounded_quota(const struct wo__queue_options *o)
{
    uint64_t least = WO__QUEUE_UNIT + (uint64_t)o->max_message;
    uint64_t quota = o->quota ? o->quota : WO__QUEUE_DEFAULT_QUOTA;
    quota = quota < least ? least : quota;
    return (quota + WO__QUEUE_UNIT - 1) & ~(uint64_t)(WO__QUEUE_UNIT - 1);
}

int wo__queue_create(int dir, const struct wo__queue_options *options, struct wo__queue *out)
{
    struct wo__queue q = {.fd = -1, .ring_fd = -1, .bell_fd = -1, .flags = options->flags,
                          .max_message = options->max_message};
    if (options->quota > WO__QUEUE_MAX_QUOTA)
        return -EINVAL;
    q.quota = rounded_quota(options);
    q.mapped = lay_out(&q);
    int rc = random_id(q.id);
    if (rc == 0)
        rc = make_file(dir, &q, options->read_timeout_ns);
    if (rc == 0)
        rc = make_fifo(dir, &q);
    if (rc < 0) {
        remove_files(dir, q.id);
        wo__queue_detach(&q);
        return rc == -EDQUOT ? -ENOSPC : rc;
    }
    *out = q;
    return 0;
}

/* ---- Attaching ------------------------------------------------------------------------------- */

static bool is_ours(const struct stat *st, mode_t type)
{
    return (st->st_mode & S_IFMT) == type && st->st_uid == geteuid() && (st->st_mode & 077) == 0;
}

static int check_fd(int fd, mode_t type)
{
    struct stat st;
    return fstat(fd, &st) == 0 && is_ours(&st, type) ? 0 : -EBADMSG;
}

/* What it means that one of our files cannot be opened. */
static int open_error(int rc)
{
    return rc == -ELOOP || rc == -EISDIR || rc == -EACCES || rc == -ENXIO || rc == -ENOTDIR ||
                   rc == -EPERM
               ? -EBADMSG
               : rc;
}

/* The writing end: a descriptor; -ENXIO: a FIFO of ours that nobody reads. */
static int open_ring(int dir, const char *id)
{
    char name[NAME_SIZE];
    struct stat st;
    file_name(name, id, ".fifo");
    int fd = wo__open_at(dir, name, O_WRONLY | O_NONBLOCK, 0);
    if (fd == -ENXIO && fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) == 0 && is_ours(&st, S_IFIFO))
        return -ENXIO;
    if (fd < 0)
        return open_error(fd);
    int rc = check_fd(fd, S_IFIFO);
    if (rc == 0)
        return fd;
    close(fd);
    return rc;
}

/* Reads and checks the header of q->fd before it is mapped. */
static int check_head(struct wo__queue *q)
{
    struct wo__queue_head h;
    struct stat st;
    if (pread(q->fd, &h, sizeof h, 0) != (ssize_t)sizeof h || fstat(q->fd, &st) < 0)
        return -EBADMSG;
    if (atomic_load_explicit(&h.magic, memory_order_relaxed) != WO__QUEUE_MAGIC)
        return -EBADMSG;
    if (h.version != WO__QUEUE_VERSION || h.layout != sizeof h)
        return -EPROTO;
    if (h.quota < WO__QUEUE_UNIT || h.quota % WO__QUEUE_UNIT ||
        h.quota > WO__QUEUE_MAX_QUOTA || memcmp(h.id, q->id, sizeof h.id) != 0)
        return -EBADMSG;
    q->quota = h.quota;
    q->max_message = h.max_message;
    q->flags = h.flags;
    q->mapped = lay_out(q);
    return q->mapped == h.file_size && (uint64_t)st.st_size == q->mapped ? 0 : -EBADMSG;
}

int wo__queue_attach(int dir, const char *id, struct wo__queue *out)
{
    struct wo__queue q = {.fd = -1, .ring_fd = -1, .bell_fd = -1};
    char name[NAME_SIZE];
    memcpy(q.id, id, sizeof q.id);
    file_name(name, id, ".queue");
    int rc = q.ring_fd = open_ring(dir, id);
    if (rc >= 0)
        rc = q.fd = wo__open_at(dir, name, O_RDWR | O_NONBLOCK, 0);
    if (rc >= 0)
        rc = check_fd(q.fd, S_IFREG);
    else if (q.ring_fd >= 0)
        rc = open_error(rc);
    if (rc == 0)
        rc = check_head(&q);
    if (rc == 0)
        rc = map(&q);
    if (rc < 0) {
        wo__queue_detach(&q);
        return rc;
    }
    *out = q;
    return 0;
}

int wo__queue_adopt(int fd, int bell_fd, int ring_fd, const char *id, struct wo__queue *out)
{
    struct wo__queue q = {.fd = fd, .ring_fd = ring_fd, .bell_fd = bell_fd};
    memcpy(q.id, id, sizeof q.id);
    int rc = check_fd(fd, S_IFREG);
    if (rc == 0)
        rc = check_fd(bell_fd, S_IFIFO);
    if (rc == 0)
        rc = check_fd(ring_fd, S_IFIFO);
    if (rc == 0)
        rc = check_head(&q);
    if (rc == 0)
        rc = map(&q);
    if (rc == 0)
        *out = q;
    return rc;
}

/* ---- The end --------------------------------------------------------------------------------- */

bool wo__queue_is_receiver(const char *entry, char id[WO__QUEUE_ID_SIZE])
{
    if (strlen(entry) != ID_DIGITS + 5 || strcmp(entry + ID_DIGITS, ".fifo") != 0 ||
        strspn(entry, "0123456789abcdef") != ID_DIGITS)
        return false;
    memcpy(id, entry, ID_DIGITS);
    id[ID_DIGITS] = '\0';
    return true;
}

static bool has_reader(int dir, const char *id)
{
    int fd = open_ring(dir, id);
    if (fd >= 0)
        close(fd);
    return fd >= 0;
}

bool wo__queue_end(int dir, struct wo__queue *q, bool shared)
{
    close_fd(&q->bell_fd);
    close_fd(&q->ring_fd);
    bool last = !shared || !has_reader(dir, q->id);
    if (last && wo__queue_whole(q))
        atomic_store(&q->head->closed, 1);
    if (last)
        remove_files(dir, q->id);
    wo__queue_detach(q);
    return last;
}

bool wo__queue_bury(int dir, const char *id)
{
    int fd = open_ring(dir, id);
    if (fd >= 0)
        close(fd);
    if (fd != -ENXIO)
        return false;
    remove_files(dir, id);
    return true;
}
