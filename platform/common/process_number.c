/* process_number.c: processes known by their number alone, for systems without pidfd.
 *
 * A number may be reused. Children of ours keep theirs until we reap them; for others the start
 * time in /proc/PID/stat tells the old and the new process apart, where there is such a file. Only
 * between that look and a kill right after it a number can still change hands.
 */
#include "process_number.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

bool wo__pid_is_ours(const struct wo__pid *p)
{
    return p->owner != 0 && p->owner == getpid();
}

int wo__status_of(int code, int status)
{
    if (code == CLD_EXITED)
        return (status & 0xff) << 8;
    return (status & 0x7f) | (code == CLD_DUMPED ? 0x80 : 0);
}

static ssize_t read_small(const char *path, char *buffer, size_t size)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return -errno;
    ssize_t n;
    while ((n = read(fd, buffer, size)) < 0 && errno == EINTR)
        ;
    close(fd);
    return n;
}

/* The 1-based field of a stat line, counted from the state, which is field 3; NULL: none. */
static const char *stat_field(const char *state, int number)
{
    const char *s = state;
    for (int i = 3; s && i < number; i++) {
        s = strchr(s, ' ');
        if (s)
            s++;
    }
    return s;
}

/* The status stands there as 0 for those who may not read it: the process is another user's. */
static bool may_read_status(pid_t pid)
{
    char path[40];
    struct stat st;
    snprintf(path, sizeof path, "/proc/%ld", (long)pid);
    return geteuid() == 0 || (stat(path, &st) == 0 && st.st_uid == geteuid());
}

int wo__stat_read(pid_t pid, struct wo__stat *out)
{
    char path[40], line[1024];
    snprintf(path, sizeof path, "/proc/%ld/stat", (long)pid);
    ssize_t n = read_small(path, line, sizeof line - 1);
    if (n <= 0)
        return -ENOENT;
    line[n] = '\0';
    /* The program's name stands in parentheses and may hold anything, also parentheses. */
    const char *end = strrchr(line, ')');
    if (!end || end[1] != ' ')
        return -ENOENT;
    const char *start = stat_field(end + 2, 22), *status = stat_field(end + 2, 52);
    if (!start)
        return -ENOENT;
    out->state = end[2];
    out->start = strtoull(start, NULL, 10) + 1;
    out->status_readable = status && strchr("ZX", out->state) && may_read_status(pid);
    out->status = status ? (int)strtol(status, NULL, 10) : 0;
    return 0;
}

int wo__number_open(struct wo__pid *p, pid_t pid)
{
    if (kill(pid, 0) < 0 && errno == ESRCH)
        return -ESRCH;
    struct wo__stat st;
    bool known = wo__stat_read(pid, &st) == 0;
    *p = (struct wo__pid){.pid = pid, .fd = -1, .identity = known ? st.start : 0};
    return 0;
}

/* 0: it is still the process we mean (`st` is filled when identity != 0); -ESRCH: it is gone. */
static int look(const struct wo__pid *p, struct wo__stat *st)
{
    if (kill(p->pid, 0) < 0 && errno == ESRCH)
        return -ESRCH;
    if (p->identity == 0)
        return 0;
    /* Unreadable although the process exists: it went away between the two looks, or the number is
     * in use by a process that is hidden from us, which ours was not. */
    if (wo__stat_read(p->pid, st) < 0 || st->start != p->identity)
        return -ESRCH;
    return 0;
}

static bool is_over(const struct wo__pid *p, const struct wo__stat *st)
{
    return p->identity != 0 && (st->state == 'Z' || st->state == 'X');
}

static int ended_other(const struct wo__pid *p)
{
    struct wo__stat st;
    return look(p, &st) < 0 || is_over(p, &st);
}

int wo__number_ended(const struct wo__pid *p)
{
    if (!wo__pid_is_ours(p))
        return ended_other(p);
    siginfo_t info = {0};
    if (waitid(P_PID, (id_t)p->pid, &info, WEXITED | WNOHANG | WNOWAIT) == 0)
        return info.si_pid != 0;
    return 1; /* ECHILD: the program reaped it itself */
}

static int status_other(const struct wo__pid *p, int *status)
{
    struct wo__stat st;
    if (look(p, &st) < 0)
        return -ECHILD;
    if (!is_over(p, &st))
        return -EAGAIN;
    if (!st.status_readable)
        return -ECHILD;
    *status = st.status;
    return 0;
}

int wo__number_status(const struct wo__pid *p, int *status)
{
    if (!wo__pid_is_ours(p))
        return status_other(p, status);
    siginfo_t info = {0};
    if (waitid(P_PID, (id_t)p->pid, &info, WEXITED | WNOHANG) < 0)
        return -ECHILD;
    if (info.si_pid == 0)
        return -EAGAIN;
    *status = wo__status_of(info.si_code, info.si_status);
    return 0;
}

int wo__number_signal(const struct wo__pid *p, int signal)
{
    if (wo__number_ended(p))
        return -ESRCH;
    return kill(p->pid, signal) == 0 ? 0 : -errno;
}
