/* io.c: what both platforms do with the same POSIX calls. */
#include "platform.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <time.h>
#include <unistd.h>

uint64_t wo__clock_now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

/* Descriptors 0 to 2 are other people's standard streams, even when they are closed just now. */
static int above_standard(int fd)
{
    if (fd < 0 || fd > 2)
        return fd;
    int moved = fcntl(fd, F_DUPFD_CLOEXEC, 3);
    int saved = errno;
    close(fd);
    errno = saved;
    return moved;
}

int wo__open_at(int dir, const char *name, int flags, mode_t mode)
{
    int fd;
    do
        fd = openat(dir, name, flags | O_CLOEXEC | O_NOFOLLOW | O_NOCTTY, mode);
    while (fd < 0 && errno == EINTR);
    fd = above_standard(fd);
    return fd < 0 ? -errno : fd;
}

/* SIGPIPE is thread-directed when write() raises it: block it, write, take it back. */
ssize_t wo__write_nosignal(int fd, const void *data, size_t size)
{
    sigset_t pipe_only, before, pending;
    sigemptyset(&pipe_only);
    sigaddset(&pipe_only, SIGPIPE);
    sigpending(&pending);
    pthread_sigmask(SIG_BLOCK, &pipe_only, &before);
    ssize_t n;
    do
        n = write(fd, data, size);
    while (n < 0 && errno == EINTR);
    ssize_t result = n < 0 ? -errno : n;
    if (result == -EPIPE && !sigismember(&pending, SIGPIPE)) {
        int taken;
        sigset_t now;
        sigpending(&now);
        if (sigismember(&now, SIGPIPE))
            sigwait(&pipe_only, &taken);
    }
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return result;
}

int wo__poll(struct pollfd *fds, size_t count, uint64_t deadline)
{
    int cancel, n;
    pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &cancel);
    for (;;) {
        int ms = -1;
        if (deadline != WO__NEVER) {
            uint64_t now = wo__clock_now();
            uint64_t left = deadline > now ? (deadline - now + 999999u) / 1000000u : 0;
            ms = left > INT_MAX ? INT_MAX : (int)left;
        }
        n = poll(fds, (nfds_t)count, ms);
        if (n > 0 || (n == 0 && ms >= 0 && wo__clock_now() >= deadline) ||
            (n < 0 && errno != EINTR && errno != EAGAIN))
            break;
    }
    int rc = n < 0 ? -errno : n;
    pthread_setcancelstate(cancel, NULL);
    return rc;
}
