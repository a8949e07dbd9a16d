/* space.c (POSIX): posix_fallocate backs a range; nothing gives it back. */
#include "platform.h"

#include <errno.h>
#include <fcntl.h>

int wo__space_reserve(int fd, uint64_t offset, uint64_t length)
{
    struct wo__quiet quiet;
    int rc;
    wo__quiet_begin(&quiet, SIGXFSZ); /* a limit on file sizes counts on tmpfs, too */
    do
        rc = posix_fallocate(fd, (off_t)offset, (off_t)length);
    while (rc == EINTR);
    wo__quiet_end(&quiet, rc == EFBIG);
    return rc == EFBIG || rc == EDQUOT ? -ENOSPC : -rc;
}

bool wo__space_discard(int fd, uint64_t offset, uint64_t length)
{
    (void)fd;
    (void)offset;
    (void)length;
    return false;
}
