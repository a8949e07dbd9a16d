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

int wo__above_standard(int fd)
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
    int cancel, fd;
    pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &cancel);
    do
        fd = openat(dir, name, flags | O_CLOEXEC | O_NOFOLLOW | O_NOCTTY, mode);
    while (fd < 0 && errno == EINTR);
    fd = wo__above_standard(fd);
    int rc = fd < 0 ? -errno : fd;
    pthread_setcancelstate(cancel, NULL);
    return rc;
}

void wo__quiet_begin(struct wo__quiet *q, int signal)
{
    sigset_t pending;
    q->signal = signal;
    sigemptyset(&q->one);
    sigaddset(&q->one, signal);
    sigpending(&pending);
    q->was_pending = sigismember(&pending, signal) == 1;
    pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &q->cancel);
    pthread_sigmask(SIG_BLOCK, &q->one, &q->before);
}

void wo__quiet_end(struct wo__quiet *q, bool raised)
{
    sigset_t now;
    int taken;
    sigpending(&now);
    if (raised && !q->was_pending && sigismember(&now, q->signal) == 1)
        sigwait(&q->one, &taken);
    pthread_sigmask(SIG_SETMASK, &q->before, NULL);
    pthread_setcancelstate(q->cancel, NULL);
}

ssize_t wo__write_nosignal(int fd, const void *data, size_t size)
{
    struct wo__quiet quiet;
    wo__quiet_begin(&quiet, SIGPIPE);
    ssize_t n;
    do
        n = write(fd, data, size);
    while (n < 0 && errno == EINTR);
    ssize_t result = n < 0 ? -errno : n;
    wo__quiet_end(&quiet, result == -EPIPE);
    return result;
}

int wo__truncate(int fd, uint64_t size)
{
    struct wo__quiet quiet;
    wo__quiet_begin(&quiet, SIGXFSZ);
    int rc;
    do
        rc = ftruncate(fd, (off_t)size) < 0 ? -errno : 0;
    while (rc == -EINTR);
    wo__quiet_end(&quiet, rc == -EFBIG);
    return rc == -EFBIG || rc == -EDQUOT ? -ENOSPC : rc;
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
