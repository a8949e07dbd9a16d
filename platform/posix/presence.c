/* presence.c (POSIX): record locks, fcntl(2) F_SETLK.
 *
 * They belong to the process: a forked child does not have them, and closing any descriptor of the
 * file drops them all. So the library opens a file with presences on it once in a process and keeps
 * it open. A process does not conflict with itself: callers remember what they hold. */
#include "platform.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

const bool wo__presence_survives_fork = false;
const char wo__platform_name[] = "posix";

static struct flock range(short type, uint64_t byte, uint64_t count)
{
    struct flock l = {.l_type = type, .l_whence = SEEK_SET};
    l.l_start = (off_t)byte;
    l.l_len = (off_t)count;
    return l;
}

int wo__presence_take(int fd, uint64_t byte, bool exclusive, bool wait)
{
    struct flock l = range(exclusive ? F_WRLCK : F_RDLCK, byte, 1);
    int rc;
    do
        rc = fcntl(fd, wait ? F_SETLKW : F_SETLK, &l);
    while (rc < 0 && errno == EINTR);
    if (rc == 0)
        return 0;
    return errno == EACCES ? -EAGAIN : -errno;
}

void wo__presence_drop(int fd, uint64_t byte)
{
    struct flock l = range(F_UNLCK, byte, 1);
    fcntl(fd, F_SETLK, &l);
}

int wo__presence_held(int fd, uint64_t byte, uint64_t count)
{
    struct flock l = range(F_WRLCK, byte, count);
    if (fcntl(fd, F_GETLK, &l) < 0)
        return -errno;
    return l.l_type != F_UNLCK;
}
