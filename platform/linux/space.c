/* space.c (Linux): fallocate(2) backs a range of a tmpfs file and punches holes into it. */
#include "platform.h"

#include <errno.h>
#include <fcntl.h>

int wo__space_reserve(int fd, uint64_t offset, uint64_t length)
{
    int rc;
    do
        rc = fallocate(fd, FALLOC_FL_KEEP_SIZE, (off_t)offset, (off_t)length);
    while (rc < 0 && errno == EINTR);
    if (rc == 0)
        return 0;
    if (errno == EOPNOTSUPP) {
        do
            rc = posix_fallocate(fd, (off_t)offset, (off_t)length);
        while (rc == EINTR);
        return rc == EFBIG ? -ENOSPC : -rc;
    }
    return errno == EFBIG || errno == EDQUOT ? -ENOSPC : -errno;
}

bool wo__space_discard(int fd, uint64_t offset, uint64_t length)
{
    return fallocate(fd, FALLOC_FL_KEEP_SIZE | FALLOC_FL_PUNCH_HOLE, (off_t)offset,
                     (off_t)length) == 0;
}
