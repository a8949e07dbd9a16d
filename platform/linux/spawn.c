/* spawn.c (Linux): starting programs at the speed of vfork, whatever the parent's size.
 *
 * The child shares the parent's memory until it has exec'd (CLONE_VM), but unlike after vfork the
 * parent goes on meanwhile: it announces the child (plan->born) while the child waits at a gate,
 * and then sleeps until the child has left the shared memory, which the kernel reports on `leaving`
 * (CLONE_CHILD_CLEARTID) both for a successful exec and for an end before it.
 *
 * Hazards of the shared memory, and what meets each:
 *   - signal handlers would run in the child on the parent's data: every signal, the C library's
 *     own too, is blocked in the child until its handlers are back to the default;
 *   - errno is one variable for both: while `born` runs in the parent the child only makes calls
 *     that cannot fail; after that the parent makes none that reads errno until the child is gone;
 *   - cancellation of the calling thread: disabled;
 *   - the parent is killed while the child stands at the gate: the child asked to die with it.
 *
 * A suspended child stays before its exec for long, so it gets a copy of the memory (no CLONE_VM)
 * and a pipe as gate, and closes what it would close on exec at once.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/futex.h>
#include <linux/sched.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "platform/common/child.h"
#include "pidfd.h"
#include "platform/process.h"
#include "platform/common/process_number.h"

#ifndef CLONE_PIDFD
#define CLONE_PIDFD 0x1000
#endif

/* ThreadSanitizer takes every clone() for a fork; the C library has a second name for it. */
#ifdef __has_feature
#if __has_feature(thread_sanitizer)
#define __SANITIZE_THREAD__ 1
#endif
#endif
#ifdef __SANITIZE_THREAD__
int __clone(int (*run)(void *), void *stack, int flags, void *arg, ...);
#define clone __clone
#endif

enum {
    STACK_SIZE = 64 * 1024,
    MASK_BYTES = (_NSIG + 6) / 8, /* of the kernel's signal set */
    SPIN = 2000                   /* looks at the gate before sleeping at it: a few microseconds */
};

struct start {
    const struct wo__spawn_plan *plan;
    unsigned char mask[MASK_BYTES]; /* the caller's signal mask */
    pid_t parent;
    uint32_t open;            /* the gate; the parent sets it to 1, once */
    _Atomic uint32_t leaving; /* 1 until the child has left this memory */
    int error;                /* why the program did not start */
    int gate[2], report[2];   /* suspended */
};

static void set_mask(const unsigned char *new_mask, unsigned char *old)
{
    syscall(SYS_rt_sigprocmask, SIG_SETMASK, new_mask, old, (size_t)MASK_BYTES);
}

/* ---- In the child --------------------------------------------------------------------------- */

/* Handlers go to the default, ignored signals stay ignored, as exec does it: only then may the
 * mask be restored. By hand, because sigaction() is replaced in programs built with sanitizers. */
static WO__CHILD_CODE void reset_handlers(void)
{
#ifdef __mips__
    enum { HANDLER = 1 }; /* the flags come first */
#else
    enum { HANDLER = 0 };
#endif
    uintptr_t action[24]; /* at least the kernel's struct sigaction */
    for (int s = 1; s < _NSIG; s++) {
        action[HANDLER] = 0;
        if (syscall(SYS_rt_sigaction, s, NULL, action, (size_t)MASK_BYTES) < 0 ||
            action[HANDLER] == (uintptr_t)SIG_DFL || action[HANDLER] == (uintptr_t)SIG_IGN)
            continue;
        for (size_t i = 0; i < sizeof action / sizeof *action; i++)
            action[i] = 0;
        syscall(SYS_rt_sigaction, s, action, NULL, (size_t)MASK_BYTES);
    }
}

static WO__CHILD_CODE void run_program(struct start *s)
{
    reset_handlers();
    set_mask(s->mask, NULL);
    execve(s->plan->path, s->plan->argv, s->plan->envp);
}

/* False: the parent has died. */
static WO__CHILD_CODE bool wait_for_open(struct start *s)
{
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    pid_t parent = getppid(); /* 0: in another pid namespace */
    if (parent != s->parent && parent != 0)
        return false;
    /* Without atomic operations, which sanitizers would record: there is nothing to order. */
    const volatile uint32_t *open = &s->open;
    for (int i = 0; i < SPIN && !*open; i++)
        ;
    while (!*open)
        syscall(SYS_futex, &s->open, FUTEX_WAIT_PRIVATE, 0, NULL, NULL, 0);
    prctl(PR_SET_PDEATHSIG, 0);
    return true;
}

static WO__CHILD_CODE int child_main(void *arg)
{
    struct start *s = arg;
    if (wait_for_open(s)) {
        s->error = wo__child_setup(s->plan);
        if (s->error == 0) {
            run_program(s);
            s->error = -errno;
        }
    }
    _exit(127);
}

/* close() is replaced in programs built with sanitizers, too. */
static WO__CHILD_CODE void drop(int fd)
{
    syscall(SYS_close, fd);
}

static WO__CHILD_CODE int suspended_main(void *arg)
{
    struct start *s = arg;
    drop(s->gate[1]);
    int rc = wo__child_setup(s->plan);
    bool reported = write(s->report[1], &rc, sizeof rc) == (ssize_t)sizeof rc;
    if (rc == 0 && reported) {
        wo__child_drop_descriptors(s->gate[0], drop);
        if (wo__child_pass_gate(s->gate[0]))
            run_program(s);
    }
    _exit(127);
}

/* ---- In the parent -------------------------------------------------------------------------- */

static void *stack_top(void *stack)
{
    return (char *)stack + STACK_SIZE;
}

/* Clones with a pidfd where there is such a thing. The pid, or a negative errno. */
static pid_t clone_child(struct start *s, void *stack, struct wo__pid *child)
{
    int (*run)(void *) = s->plan->suspended ? suspended_main : child_main;
    int flags = SIGCHLD | (s->plan->suspended ? 0 : CLONE_VM | CLONE_CHILD_CLEARTID);
    int fd = -1;
    pid_t pid = -1;
    if (wo__pidfd_wanted()) {
        pid = clone(run, stack_top(stack), flags | CLONE_PIDFD, s, &fd, NULL, &s->leaving);
        if (pid < 0 && (errno == EINVAL || errno == EPERM || errno == ENOSYS))
            wo__pidfd_missing();
        else if (pid < 0)
            return -errno;
    }
    if (pid < 0)
        pid = clone(run, stack_top(stack), flags, s, NULL, NULL, &s->leaving);
    if (pid < 0)
        return -errno;
    *child = (struct wo__pid){.pid = pid, .fd = fd, .owner = s->parent};
    return pid;
}

static void name_child(struct wo__pid *child)
{
    struct wo__stat st;
    if (child->fd >= 0) {
        int fd = wo__pidfd_above_std(child->fd);
        child->fd = fd < 0 ? -1 : fd;
    }
    if (child->fd >= 0)
        child->identity = wo__pidfd_identity(child->fd, child->pid);
    else
        child->identity = wo__stat_read(child->pid, &st) == 0 ? st.start : 0;
}

static void announce(const struct wo__spawn_plan *plan, struct wo__pid *child)
{
    name_child(child);
    if (plan->born)
        plan->born(plan->context, child);
}

static void reap_failed(struct wo__pid *child)
{
    while (waitpid(child->pid, NULL, 0) < 0 && errno == EINTR)
        ;
    wo__pid_close(child);
}

static int start_now(struct start *s, void *stack, struct wo__pid *child)
{
    pid_t pid = clone_child(s, stack, child);
    if (pid < 0)
        return pid;
    announce(s->plan, child);
    __atomic_store_n(&s->open, 1, __ATOMIC_SEQ_CST);
    syscall(SYS_futex, &s->open, FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0);
    /* Not the private kind: the kernel wakes the shared one when the child leaves. */
    while (atomic_load(&s->leaving))
        syscall(SYS_futex, &s->leaving, FUTEX_WAIT, 1, NULL, NULL, 0);
    if (s->error < 0)
        reap_failed(child);
    return s->error;
}

static int open_pipe(int ends[2])
{
    int raw[2];
    return pipe2(raw, O_CLOEXEC) < 0 ? -errno : wo__gate_adopt(raw, ends);
}

static void close_pair(const int ends[2])
{
    close(ends[0]);
    close(ends[1]);
}

/* The child's word that it stands ready; also when it died without one. */
static int read_report(int fd)
{
    int rc;
    ssize_t n;
    while ((n = read(fd, &rc, sizeof rc)) < 0 && errno == EINTR)
        ;
    return n == (ssize_t)sizeof rc ? rc : -ECHILD;
}

static int start_gated(struct start *s, void *stack, struct wo__pid *child, int *gate)
{
    pid_t pid = clone_child(s, stack, child);
    close(s->gate[0]);
    close(s->report[1]);
    int rc = pid < 0 ? pid : 0;
    if (rc == 0) {
        announce(s->plan, child);
        rc = read_report(s->report[0]);
        if (rc < 0)
            reap_failed(child);
    }
    close(s->report[0]);
    if (rc < 0)
        close(s->gate[1]);
    else
        *gate = s->gate[1];
    return rc;
}

static int start_suspended(struct start *s, void *stack, struct wo__pid *child, int *gate)
{
    int rc = open_pipe(s->gate);
    if (rc < 0)
        return rc;
    rc = open_pipe(s->report);
    if (rc < 0) {
        close_pair(s->gate);
        return rc;
    }
    return start_gated(s, stack, child, gate);
}

int wo__spawn(const struct wo__spawn_plan *plan, struct wo__pid *child, int *gate)
{
    void *stack = mmap(NULL, STACK_SIZE, PROT_READ | PROT_WRITE,
                       MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK, -1, 0);
    if (stack == MAP_FAILED)
        return -ENOMEM;
    unsigned char all[MASK_BYTES];
    memset(all, 0xff, sizeof all);
    struct start s = {.plan = plan, .parent = getpid(), .leaving = 1};
    struct wo__pid made;
    int cancel, door = -1;
    pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &cancel);
    set_mask(all, s.mask);
    int rc = plan->suspended ? start_suspended(&s, stack, &made, &door)
                             : start_now(&s, stack, &made);
    set_mask(s.mask, NULL);
    pthread_setcancelstate(cancel, NULL);
    munmap(stack, STACK_SIZE);
    if (rc == 0) {
        *child = made;
        *gate = door;
    }
    return rc;
}
