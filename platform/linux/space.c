/* space.c (Linux): fallocate(2) backs a range of a tmpfs file and punches holes into it. */
#include "platform.h"

#include <errno.h>
#include <fcntl.h>

/* A positive errno, as posix_fallocate has it. */
static int allocate(int fd, off_t offset, off_t length)
{
    int rc;
    do
        rc = fallocate(fd, FALLOC_FL_KEEP_SIZE, offset, length) < 0 ? errno : 0;
    while (rc == EINTR);
    if (rc != EOPNOTSUPP)
        return rc;
    do
        rc = posix_fallocate(fd, offset, length);
    while (rc == EINTR);
    return rc;
}

int wo__space_reserve(int fd, uint64_t offset, uint64_t length)
{
    struct wo__quiet quiet;
    wo__quiet_begin(&quiet, SIGXFSZ); /* a limit on file sizes counts on tmpfs, too */
    int rc = allocate(fd, (off_t)offset, (off_t)length);
    wo__quiet_end(&quiet, rc == EFBIG);
    return rc == EFBIG || rc == EDQUOT ? -ENOSPC : -rc;
}

bool wo__space_discard(int fd, uint64_t offset, uint64_t length)
{
    return fallocate(fd, FALLOC_FL_KEEP_SIZE | FALLOC_FL_PUNCH_HOLE, (off_t)offset,
                     (off_t)length) == 0;
}
