/* file.c: ordinary files, directories, terminals and pipe ends.
 *
 * Invariants: the descriptor stays open while the object lives; `seekable` never changes.
 * No lock: every call is one system call on the descriptor, and POSIX makes those atomic enough.
 * Reading and writing at an offset moves the position as well, as synchronous files do on Windows.
 */
#include "file.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "platform.h"

struct file {
    struct wo__object object;
    int fd;
    bool owned;
    bool seekable;
    bool stream; /* a pipe or socket: reading nothing means that the writers are gone */
    char *delete_path;
};

static struct file *file_of(struct wo__object *o)
{
    return (struct file *)o;
}

/* Waits until poll(2) finds `events`; 0 or -EAGAIN (deadline 0), -ETIMEDOUT. */
static int wait_ready(int fd, short events, uint64_t deadline)
{
    struct pollfd p = {.fd = fd, .events = events};
    int n = wo__poll(&p, 1, deadline);
    if (n < 0)
        return n;
    if (n == 0)
        return deadline ? -ETIMEDOUT : -EAGAIN;
    return p.revents & POLLNVAL ? -EBADF : 0;
}

/* EBADF from the system means here that the descriptor was not opened for this direction. */
static int direction_error(int e)
{
    return e == EBADF ? -EACCES : -e;
}

static int read_stream(struct file *f, void *buffer, size_t size, uint64_t deadline, size_t *done)
{
    for (;;) {
        int rc = deadline == WO__IO_DEFAULT ? 0 : wait_ready(f->fd, POLLIN, deadline);
        if (rc < 0)
            return rc;
        ssize_t n = read(f->fd, buffer, size);
        if (n == 0 && f->stream && size)
            return -EPIPE;
        if (n >= 0) {
            *done = (size_t)n;
            return 0;
        }
        if (errno == EAGAIN || errno == EWOULDBLOCK) { /* somebody made it non-blocking */
            rc = wait_ready(f->fd, POLLIN, deadline == WO__IO_DEFAULT ? WO__NEVER : deadline);
            if (rc < 0)
                return rc;
        } else if (errno != EINTR) {
            return direction_error(errno);
        }
    }
}

static int read_at(struct file *f, void *buffer, size_t size, uint64_t offset, size_t *done)
{
    ssize_t n;
    if (offset > INT64_MAX)
        return -EINVAL;
    do
        n = pread(f->fd, buffer, size, (off_t)offset);
    while (n < 0 && errno == EINTR);
    if (n < 0)
        return direction_error(errno);
    (void)lseek(f->fd, (off_t)offset + n, SEEK_SET);
    *done = (size_t)n;
    return 0;
}

static int file_read(struct wo__object *o, void *buffer, size_t size, uint64_t offset,
                     uint64_t deadline, size_t *done)
{
    struct file *f = file_of(o);
    if (f->seekable && offset != WO__OFFSET_CURRENT)
        return read_at(f, buffer, size, offset, done);
    return read_stream(f, buffer, size, f->seekable ? WO__IO_DEFAULT : deadline, done);
}

/* One write; 0 and some bytes, or a negative errno other than -EINTR and -EAGAIN. */
static int write_some(struct file *f, const char *data, size_t size, size_t *done)
{
    for (;;) {
        ssize_t n = wo__write_nosignal(f->fd, data, size);
        if (n >= 0) {
            *done = (size_t)n;
            return 0;
        }
        if (n == -EAGAIN) {
            int rc = wait_ready(f->fd, POLLOUT, WO__NEVER);
            if (rc < 0)
                return rc;
        } else if (n != -EINTR) {
            return direction_error((int)-n);
        }
    }
}

/* Moves the position to where a write at `offset` has to start. */
static int seek_for_write(struct file *f, uint64_t offset)
{
    if (!f->seekable || offset == WO__OFFSET_CURRENT)
        return 0;
    if (offset == WO__OFFSET_END)
        return lseek(f->fd, 0, SEEK_END) < 0 ? -errno : 0;
    if (offset > INT64_MAX)
        return -EINVAL;
    return lseek(f->fd, (off_t)offset, SEEK_SET) < 0 ? -errno : 0;
}

static int write_at(struct file *f, const char *data, size_t size, uint64_t offset, size_t *done)
{
    ssize_t n;
    do
        n = pwrite(f->fd, data, size, (off_t)offset);
    while (n < 0 && errno == EINTR);
    if (n < 0)
        return direction_error(errno);
    *done = (size_t)n;
    return 0;
}

static int file_write(struct wo__object *o, const void *data, size_t size, uint64_t offset,
                      size_t *done)
{
    struct file *f = file_of(o);
    bool at = f->seekable && offset <= INT64_MAX;
    size_t all = 0;
    int rc = at ? 0 : seek_for_write(f, offset);
    while (rc == 0 && all < size) {
        size_t some = 0;
        const char *rest = (const char *)data + all;
        rc = at ? write_at(f, rest, size - all, offset + all, &some)
                : write_some(f, rest, size - all, &some);
        all += some;
    }
    if (rc < 0)
        return rc;
    if (at)
        (void)lseek(f->fd, (off_t)(offset + all), SEEK_SET);
    *done = all;
    return 0;
}

static int file_check(struct wo__object *o)
{
    int rc = file_of(o)->seekable ? 0 : wait_ready(file_of(o)->fd, POLLIN, 0);
    if (rc == -EAGAIN)
        return 0;
    return rc < 0 ? rc : 1;
}

static int file_pollfd(struct wo__object *o)
{
    return file_of(o)->fd;
}

/* Removes the name if it still leads to this file. */
static void delete_name(const struct file *f)
{
    struct stat ours, theirs;
    if (fstat(f->fd, &ours) < 0 || lstat(f->delete_path, &theirs) < 0)
        return;
    if (ours.st_dev == theirs.st_dev && ours.st_ino == theirs.st_ino)
        (void)unlink(f->delete_path);
}

static void file_destroy(struct wo__object *o)
{
    struct file *f = file_of(o);
    if (f->delete_path)
        delete_name(f);
    free(f->delete_path);
    if (f->owned)
        (void)close(f->fd);
}

static const struct wo__io_ops file_io = {.read = file_read, .write = file_write};

const struct wo__type wo__file_type = {
    .name = "file",
    .id = WO__TYPE_FILE,
    .all_access = 0x001F01FF,
    .read_access = 0x00120089,
    .write_access = 0x00120116,
    .execute_access = 0x001200A0,
    .check = file_check,
    .pollfd = file_pollfd,
    .destroy = file_destroy,
    .io = &file_io,
};

int wo__file_new(int fd, bool owned, struct wo__object **out)
{
    struct stat st;
    int rc = fstat(fd, &st) < 0 ? -errno : 0;
    struct file *f = rc < 0 ? NULL : wo__object_new(&wo__file_type, sizeof *f);
    if (!f) {
        if (owned && rc == 0)
            (void)close(fd);
        return rc < 0 ? rc : -ENOMEM;
    }
    f->fd = fd;
    f->owned = owned;
    f->seekable = S_ISREG(st.st_mode) || S_ISDIR(st.st_mode) || S_ISBLK(st.st_mode);
    f->stream = S_ISFIFO(st.st_mode) || S_ISSOCK(st.st_mode);
    *out = &f->object;
    return 0;
}

int wo__file_delete_on_close(struct wo__object *o, const char *path)
{
    char *full = realpath(path, NULL);
    if (!full)
        return -errno;
    free(file_of(o)->delete_path);
    file_of(o)->delete_path = full;
    return 0;
}

int wo__file_descriptor(const struct wo__object *o)
{
    return o->type == &wo__file_type ? ((const struct file *)o)->fd : -1;
}

bool wo__file_seekable(const struct wo__object *o)
{
    return o->type == &wo__file_type && ((const struct file *)o)->seekable;
}
