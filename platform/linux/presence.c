/* presence.c (Linux): open file description locks, fcntl(2) F_OFD_*, Linux 3.15.
 *
 * They belong to the open file description, so two opens in one process do conflict, and a forked
 * child that keeps the descriptor keeps the lock. */
#include "platform.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

const bool wo__presence_survives_fork = true;
const char wo__platform_name[] = "linux";

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
        rc = fcntl(fd, wait ? F_OFD_SETLKW : F_OFD_SETLK, &l);
    while (rc < 0 && errno == EINTR);
    if (rc == 0)
        return 0;
    return errno == EACCES ? -EAGAIN : -errno;
}

void wo__presence_drop(int fd, uint64_t byte)
{
    struct flock l = range(F_UNLCK, byte, 1);
    fcntl(fd, F_OFD_SETLK, &l);
}

int wo__presence_held(int fd, uint64_t byte, uint64_t count)
{
    struct flock l = range(F_WRLCK, byte, count);
    if (fcntl(fd, F_OFD_GETLK, &l) < 0)
        return -errno;
    return l.l_type != F_UNLCK;
}
