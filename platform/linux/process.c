/* process.c (Linux): processes by pidfd, or by number where the kernel or a sandbox has none.
 *
 * Identity: the inode number of the pidfd, unique since boot when pidfds live on pidfs (Linux 6.9);
 * else the start time from /proc/PID/stat, which processes known by number use as well.
 */
#include "platform/process.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/ioctl.h>
#include <poll.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>

#include "pidfd.h"
#include "platform/common/process_number.h"

#define PIDFS_MAGIC 0x50494446
#ifndef P_PIDFD
#define P_PIDFD 3
#endif

/* Linux 6.13; the exit code since 6.15. Older headers lack it. */
struct pidfd_info {
    uint64_t mask, cgroup;
    uint32_t pid, tgid, ppid, ruid, rgid, euid, egid, suid, sgid, fsuid, fsgid;
    int32_t exit_code;
};
#define GET_INFO _IOWR(0xFF, 11, struct pidfd_info)
#define INFO_EXIT 8u

/* 0: not tried yet, 1: works, 2: this kernel or sandbox has no pidfd. */
static _Atomic int pidfd_state;

bool wo__pidfd_wanted(void)
{
#ifdef WO_TEST_HOOKS
    if (getenv("WAITOBJ_TEST_NO_PIDFD"))
        return false;
#endif
    return atomic_load_explicit(&pidfd_state, memory_order_relaxed) != 2;
}

void wo__pidfd_missing(void)
{
    int untried = 0;
    atomic_compare_exchange_strong(&pidfd_state, &untried, 2);
}

uint64_t wo__pidfd_identity(int fd, pid_t pid)
{
    struct statfs fs;
    struct stat st;
    if (fstatfs(fd, &fs) == 0 && fs.f_type == PIDFS_MAGIC && fstat(fd, &st) == 0)
        return st.st_ino;
    struct wo__stat s;
    return wo__stat_read(pid, &s) == 0 ? s.start : 0;
}

int wo__pidfd_above_std(int fd)
{
    if (fd < 0 || fd > 2)
        return fd;
    int moved = fcntl(fd, F_DUPFD_CLOEXEC, 3), rc = moved < 0 ? -errno : moved;
    close(fd);
    return rc;
}

/* A pidfd; -ESRCH; -ENOSYS: there is no such thing here; other errors as they are. */
static int pidfd_open_raw(pid_t pid)
{
    if (!wo__pidfd_wanted())
        return -ENOSYS;
    int fd = (int)syscall(SYS_pidfd_open, pid, 0);
    if (fd >= 0) {
        atomic_store_explicit(&pidfd_state, 1, memory_order_relaxed);
        return wo__pidfd_above_std(fd);
    }
    if (errno == ENOSYS || errno == EPERM || errno == EACCES) {
        wo__pidfd_missing();
        return -ENOSYS;
    }
    /* EINVAL, also ENOENT since 6.15: a thread's number, which is no process. */
    return errno == EINVAL || errno == ENOENT ? -ESRCH : -errno;
}

int wo__pid_open(struct wo__pid *p, pid_t pid)
{
    int fd = pidfd_open_raw(pid);
    if (fd == -ENOSYS)
        return wo__number_open(p, pid);
    if (fd < 0)
        return fd;
    *p = (struct wo__pid){.pid = pid, .fd = fd, .identity = wo__pidfd_identity(fd, pid)};
    return 0;
}

void wo__pid_close(struct wo__pid *p)
{
    if (p->fd >= 0)
        close(p->fd);
    p->fd = -1;
}

int wo__pid_ended(const struct wo__pid *p)
{
    if (p->fd < 0)
        return wo__number_ended(p);
    struct pollfd look = {.fd = p->fd, .events = POLLIN};
    int n;
    while ((n = poll(&look, 1, 0)) < 0 && errno == EINTR)
        ;
    return n == 1 && look.revents & (POLLIN | POLLHUP);
}

int wo__pid_signal(const struct wo__pid *p, int signal)
{
    if (p->fd < 0)
        return wo__number_signal(p, signal);
    return syscall(SYS_pidfd_send_signal, p->fd, signal, NULL, 0) == 0 ? 0 : -errno;
}

/* -ECHILD: no child of this process, or somebody reaped it. */
static int wait_status(const struct wo__pid *p, int *status)
{
    siginfo_t info = {0};
    int keep = wo__pid_is_ours(p) ? 0 : WNOWAIT;
    if (waitid(P_PIDFD, (id_t)p->fd, &info, WEXITED | WNOHANG | keep) < 0 || info.si_pid == 0)
        return -ECHILD;
    *status = wo__status_of(info.si_code, info.si_status);
    return 0;
}

/* Somebody else's zombie: the number is still its own as long as the pidfd can be signalled. */
static int zombie_status(const struct wo__pid *p, int *status)
{
    struct wo__stat st;
    if (wo__stat_read(p->pid, &st) < 0 || !st.status_readable ||
        wo__pid_signal(p, 0) == -ESRCH)
        return -ECHILD;
    *status = st.status;
    return 0;
}

/* Kept by pidfs once it was reaped. */
static int kept_status(int fd, int *status)
{
    struct pidfd_info info = {.mask = INFO_EXIT};
    if (ioctl(fd, GET_INFO, &info) < 0 || !(info.mask & INFO_EXIT))
        return -ECHILD;
    *status = info.exit_code;
    return 0;
}

int wo__pid_status(const struct wo__pid *p, int *status)
{
    if (p->fd < 0)
        return wo__number_status(p, status);
    if (!wo__pid_ended(p))
        return -EAGAIN;
    int rc = wait_status(p, status);
    if (rc < 0)
        rc = zombie_status(p, status);
    if (rc < 0)
        rc = kept_status(p->fd, status);
    return rc;
}

/* Linux 6.15 and later, read off the version: kernels before it accept the same question. */
bool wo__pid_status_is_public(void)
{
    struct utsname name;
    if (!wo__pidfd_wanted() || uname(&name) < 0)
        return false;
    char *end;
    unsigned long major = strtoul(name.release, &end, 10);
    unsigned long minor = *end == '.' ? strtoul(end + 1, NULL, 10) : 0;
    return major > 6 || (major == 6 && minor >= 15);
}
