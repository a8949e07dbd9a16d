/* bell.c (POSIX): a bell is a pipe. */
#include "platform.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

static int make_nonblocking(int fd)
{
    if (fcntl(fd, F_SETFD, FD_CLOEXEC) < 0 || fcntl(fd, F_SETFL, O_NONBLOCK) < 0)
        return -errno;
    return 0;
}

int wo__bell_open(struct wo__bell *bell)
{
    int fds[2];
    if (pipe(fds) < 0)
        return -errno;
    int rc = make_nonblocking(fds[0]);
    if (rc == 0)
        rc = make_nonblocking(fds[1]);
    if (rc < 0) {
        close(fds[0]);
        close(fds[1]);
        return rc;
    }
    *bell = (struct wo__bell){fds[0], fds[1]};
    return 0;
}

void wo__bell_ring(const struct wo__bell *bell)
{
    /* EAGAIN: full of rings already. */
    (void)!write(bell->wr, "", 1);
}
