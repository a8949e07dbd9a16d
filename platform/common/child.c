/* child.c: what a child does between its birth and the program it runs; see child.h. */
#include "child.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "platform.h"

enum { STD = 3 };

/* Sources among 0 to 2 that are not in their place are first copied out of the way, so that the
 * order of the dup2 calls cannot overwrite one. */
static WO__CHILD_CODE int set_descriptors(const int wanted[STD])
{
    int from[STD];
    for (int i = 0; i < STD; i++) {
        from[i] = wanted[i];
        if (from[i] >= 0 && from[i] < STD && from[i] != i)
            from[i] = fcntl(wanted[i], F_DUPFD_CLOEXEC, STD);
        if (from[i] < 0 && wanted[i] >= 0)
            return -errno;
    }
    for (int i = 0; i < STD; i++) {
        if (from[i] == i ? fcntl(i, F_SETFD, 0) < 0 : from[i] >= 0 && dup2(from[i], i) < 0)
            return -errno;
    }
    return 0;
}

/* A refused priority does not keep the program from running, as on Windows. */
static WO__CHILD_CODE void add_nice(int by)
{
    errno = 0;
    int now = getpriority(PRIO_PROCESS, 0);
    if (by != 0 && errno == 0)
        (void)setpriority(PRIO_PROCESS, 0, now + by);
}

WO__CHILD_CODE int wo__child_setup(const struct wo__spawn_plan *plan)
{
    if (plan->detached && setsid() < 0)
        return -errno;
    if (plan->new_group && !plan->detached && setpgid(0, 0) < 0)
        return -errno;
    if (plan->nice != 0)
        add_nice(plan->nice);
    if (plan->directory && chdir(plan->directory) < 0)
        return -errno;
    return set_descriptors(plan->fds);
}

WO__CHILD_CODE void wo__child_drop_descriptors(int except, void (*drop)(int fd))
{
    enum { MANY = 65536 };
    long limit = sysconf(_SC_OPEN_MAX);
    if (limit < 0 || limit > MANY)
        limit = MANY;
    for (int fd = STD; fd < limit; fd++) {
        int flags = fd == except ? 0 : fcntl(fd, F_GETFD);
        if (flags > 0 && flags & FD_CLOEXEC)
            drop(fd);
    }
}

WO__CHILD_CODE bool wo__child_pass_gate(int gate)
{
    char byte;
    ssize_t n;
    while ((n = read(gate, &byte, 1)) < 0 && errno == EINTR)
        ;
    return n == 1;
}

/* Moves a descriptor out of the way of 0 to 2. */
static int above_std(int fd)
{
    if (fd >= STD)
        return fd;
    int moved = fcntl(fd, F_DUPFD_CLOEXEC, STD), rc = moved < 0 ? -errno : moved;
    close(fd);
    return rc;
}

int wo__gate_adopt(const int raw[2], int ends[2])
{
    int a = above_std(raw[0]), b = above_std(raw[1]);
    if (a >= 0 && b >= 0) {
        ends[0] = a;
        ends[1] = b;
        return 0;
    }
    if (a >= 0)
        close(a);
    if (b >= 0)
        close(b);
    return a < 0 ? a : b;
}

int wo__spawn_open_gate(int gate)
{
    char byte = 1;
    ssize_t n = wo__write_nosignal(gate, &byte, 1);
    close(gate);
    return n == 1 ? 0 : -ESRCH;
}
