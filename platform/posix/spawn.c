/* spawn.c (POSIX): starting programs with fork and two pipes.
 *
 * The child stands at the gate, a pipe, until the parent has announced it; a second pipe, closed by
 * exec, tells the parent why the program did not start, or by its end that it did. A suspended
 * child reports 0 when it is ready, and the parent keeps the gate's end.
 *
 * All signals are blocked in the child until its handlers are back to the default, so that no
 * handler of the program runs in it.
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "platform/common/child.h"
#include "platform/process.h"
#include "platform/common/process_number.h"

struct start {
    const struct wo__spawn_plan *plan;
    sigset_t mask; /* the caller's */
    int gate[2], report[2];
};

/* ---- In the child --------------------------------------------------------------------------- */

static void reset_handlers(void)
{
    struct sigaction action;
    for (int s = 1; s < NSIG; s++) {
        if (sigaction(s, NULL, &action) < 0 || action.sa_handler == SIG_IGN)
            continue;
        action = (struct sigaction){.sa_handler = SIG_DFL};
        sigaction(s, &action, NULL);
    }
}

static void drop(int fd)
{
    close(fd);
}

static void tell(int fd, int rc)
{
    (void)!write(fd, &rc, sizeof rc);
}

static _Noreturn void run_child(struct start *s)
{
    close(s->gate[1]);
    close(s->report[0]);
    int rc = wo__child_setup(s->plan);
    if (rc < 0 || s->plan->suspended)
        tell(s->report[1], rc);
    if (rc == 0 && s->plan->suspended)
        wo__child_drop_descriptors(s->gate[0], drop);
    if (rc == 0 && wo__child_pass_gate(s->gate[0])) {
        reset_handlers();
        sigprocmask(SIG_SETMASK, &s->mask, NULL);
        execve(s->plan->path, s->plan->argv, s->plan->envp);
        if (!s->plan->suspended)
            tell(s->report[1], -errno);
    }
    _exit(127);
}

/* ---- In the parent -------------------------------------------------------------------------- */

static int open_pipe(int ends[2])
{
    int raw[2];
    if (pipe(raw) < 0)
        return -errno;
    fcntl(raw[0], F_SETFD, FD_CLOEXEC);
    fcntl(raw[1], F_SETFD, FD_CLOEXEC);
    return wo__gate_adopt(raw, ends);
}

static void announce(const struct wo__spawn_plan *plan, pid_t pid, struct wo__pid *child)
{
    struct wo__stat st;
    *child = (struct wo__pid){.pid = pid, .fd = -1, .owner = getpid()};
    if (wo__stat_read(pid, &st) == 0)
        child->identity = st.start;
    if (plan->born)
        plan->born(plan->context, child);
}

/* An error, or 0: ready (suspended), or running (the report's end was closed by exec). */
static int read_report(int fd)
{
    int rc = 0;
    ssize_t n;
    while ((n = read(fd, &rc, sizeof rc)) < 0 && errno == EINTR)
        ;
    return n == (ssize_t)sizeof rc ? rc : 0;
}

static int run_parent(struct start *s, pid_t pid, struct wo__pid *child, int *gate)
{
    announce(s->plan, pid, child);
    *gate = s->gate[1];
    if (!s->plan->suspended) {
        wo__spawn_open_gate(s->gate[1]);
        *gate = -1;
    }
    int rc = read_report(s->report[0]);
    if (rc == 0)
        return 0;
    if (*gate >= 0)
        close(*gate);
    while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
        ;
    return rc;
}

/* Without the program's fork handlers where there is such a call: the child only execs. */
static pid_t make_child(void)
{
#ifdef WO_HAVE__FORK
    return _Fork();
#else
    return fork();
#endif
}

static int start(struct start *s, struct wo__pid *child, int *gate)
{
    pid_t pid = make_child();
    if (pid == 0)
        run_child(s);
    int rc = pid < 0 ? -errno : 0;
    close(s->gate[0]);
    close(s->report[1]);
    if (rc < 0)
        close(s->gate[1]);
    else
        rc = run_parent(s, pid, child, gate);
    close(s->report[0]);
    return rc;
}

static int open_pipes(struct start *s)
{
    int rc = open_pipe(s->gate);
    if (rc < 0)
        return rc;
    rc = open_pipe(s->report);
    if (rc < 0) {
        close(s->gate[0]);
        close(s->gate[1]);
    }
    return rc;
}

int wo__spawn(const struct wo__spawn_plan *plan, struct wo__pid *child, int *gate)
{
    struct start s = {.plan = plan};
    int rc = open_pipes(&s);
    if (rc < 0)
        return rc;
    struct wo__pid made;
    int cancel, door = -1;
    sigset_t all;
    sigfillset(&all);
    pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &cancel);
    pthread_sigmask(SIG_SETMASK, &all, &s.mask);
    rc = start(&s, &made, &door);
    pthread_sigmask(SIG_SETMASK, &s.mask, NULL);
    pthread_setcancelstate(cancel, NULL);
    if (rc == 0) {
        *child = made;
        *gate = door;
    }
    return rc;
}
