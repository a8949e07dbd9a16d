/* space.c (POSIX): posix_fallocate backs a range; nothing gives it back. */
#include "platform.h"

#include <errno.h>
#include <fcntl.h>

int wo__space_reserve(int fd, uint64_t offset, uint64_t length)
{
    int rc;
    do
        rc = posix_fallocate(fd, (off_t)offset, (off_t)length);
    while (rc == EINTR);
    return rc == EFBIG || rc == EDQUOT ? -ENOSPC : -rc;
}

bool wo__space_discard(int fd, uint64_t offset, uint64_t length)
{
    (void)fd;
    (void)offset;
    (void)length;
    return false;
}
