/* bell.c (POSIX): a bell is a pipe. */
#include "platform.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

static int prepare(int *fd)
{
    *fd = wo__above_standard(*fd);
    if (*fd < 0 || fcntl(*fd, F_SETFD, FD_CLOEXEC) < 0 || fcntl(*fd, F_SETFL, O_NONBLOCK) < 0)
        return -errno;
    return 0;
}

int wo__bell_open(struct wo__bell *bell)
{
    int fds[2];
    if (pipe(fds) < 0)
        return -errno;
    int rc = prepare(&fds[0]);
    if (rc == 0)
        rc = prepare(&fds[1]);
    if (rc < 0) {
        for (int i = 0; i < 2; i++)
            if (fds[i] >= 0)
                close(fds[i]);
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
