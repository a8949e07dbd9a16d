/* w_process.c: W10: start a program and wait for its end; wait for any of 64 children. */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common.h"
#include "peers.h"
#include "waitobj/waitobj.h"

extern char **environ;

enum { CHILDREN = 64 };
static const size_t BALLAST = (size_t)512 << 20;

static char *const true_argv[] = {"/bin/true", NULL};
/* This program; it ends with the one that started it. */
static char *const sleep_argv[] = {"/proc/self/exe", "--sleep", NULL};

/* ---- The raw way: vfork, pidfd -------------------------------------------------------------- */

static pid_t raw_start(char *const argv[])
{
    pid_t pid = vfork();
    if (pid == 0) {
        execve(argv[0], argv, environ);
        _exit(127);
    }
    BENCH_CHECK(pid > 0);
    return pid;
}

static int raw_open(pid_t pid)
{
    int fd = (int)syscall(SYS_pidfd_open, pid, 0);
    BENCH_CHECK(fd >= 0);
    return fd;
}

static uint64_t spawn_raw(void *ctx, uint64_t n)
{
    (void)ctx;
    uint64_t start = bench_now();
    for (; n; n--) {
        pid_t pid = raw_start(true_argv);
        struct pollfd fd = {.fd = raw_open(pid), .events = POLLIN};
        BENCH_CHECK(poll(&fd, 1, -1) == 1);
        BENCH_CHECK(waitpid(pid, NULL, 0) == pid);
        close(fd.fd);
    }
    return bench_now() - start;
}

/* ---- posix_spawn, waitobj, WinPR ------------------------------------------------------------ */

static uint64_t spawn_posix(void *ctx, uint64_t n)
{
    (void)ctx;
    uint64_t start = bench_now();
    for (; n; n--) {
        pid_t pid;
        BENCH_CHECK(posix_spawn(&pid, true_argv[0], NULL, NULL, true_argv, environ) == 0);
        BENCH_CHECK(waitpid(pid, NULL, 0) == pid);
    }
    return bench_now() - start;
}

static wo_handle ours_start(char *const argv[])
{
    wo_handle h;
    struct wo_spawn how = {.argv = argv};
    BENCH_CHECK(wo_process_spawn(&h, &how) == 0);
    return h;
}

static uint64_t spawn_ours(void *ctx, uint64_t n)
{
    (void)ctx;
    uint64_t start = bench_now();
    for (; n; n--) {
        uint32_t code;
        wo_handle h = ours_start(true_argv);
        BENCH_CHECK(wo_wait(h, WO_INFINITE) == 0);
        BENCH_CHECK(wo_process_exit_code(h, &code) == 0 && code == 0);
        wo_close(h);
    }
    return bench_now() - start;
}

static uint64_t spawn_winpr(void *ctx, uint64_t n)
{
    (void)ctx;
    uint64_t start = bench_now();
    for (; n; n--) {
        void *h = winpr_spawn(true_argv[0]);
        BENCH_CHECK(winpr_wait(h, WINPR_INFINITE) == 0);
        winpr_close(h);
    }
    return bench_now() - start;
}

static void spawn_row(const char *title)
{
    const char *winpr = winpr_load();
    struct bench_case cases[] = {
        {.who = "vfork + pidfd + poll", .role = BENCH_RAW, .run = spawn_raw},
        {.who = "waitobj", .role = BENCH_OURS, .run = spawn_ours},
        {.who = "posix_spawn + waitpid", .role = BENCH_PEER, .run = spawn_posix},
        {.who = winpr, .role = BENCH_PEER, .run = spawn_winpr},
    };
    bench_row(title, BENCH_US, cases, winpr ? 4 : 3);
}

static void spawn_from_large_parent(void)
{
    void *ballast =
        mmap(NULL, BALLAST, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    BENCH_CHECK(ballast != MAP_FAILED);
    madvise(ballast, BALLAST, MADV_NOHUGEPAGE);
    memset(ballast, 1, BALLAST);
    spawn_row("W10 spawn + wait, 512 MiB parent");
    munmap(ballast, BALLAST);
}

/* ---- Any of 64 children: one is killed; its replacement is not in the time ---------------------
 *
 * Without WinPR: version 2's wait for 64 processes does not name the one that ended.
 */

struct family {
    pid_t pids[CHILDREN];
    struct pollfd fds[CHILDREN];
    wo_handle handles[CHILDREN];
    unsigned turn;
    void (*bear)(struct family *, size_t child);
    size_t (*await)(struct family *); /* which one ended */
    void (*bury)(struct family *, size_t child);
};

static void raw_bear(struct family *f, size_t i)
{
    f->pids[i] = raw_start(sleep_argv);
    f->fds[i] = (struct pollfd){.fd = raw_open(f->pids[i]), .events = POLLIN};
}

static size_t raw_await(struct family *f)
{
    size_t i = 0;
    BENCH_CHECK(poll(f->fds, CHILDREN, -1) == 1);
    while (!f->fds[i].revents)
        i++;
    return i;
}

static void raw_bury(struct family *f, size_t i)
{
    waitpid(f->pids[i], NULL, 0);
    close(f->fds[i].fd);
}

static void ours_bear(struct family *f, size_t i)
{
    int64_t pid;
    f->handles[i] = ours_start(sleep_argv);
    BENCH_CHECK(wo_process_id(f->handles[i], &pid) == 0);
    f->pids[i] = (pid_t)pid;
}

static size_t ours_await(struct family *f)
{
    size_t i;
    BENCH_CHECK(wo_wait_any(f->handles, CHILDREN, WO_INFINITE, &i) == 0);
    return i;
}

static void ours_bury(struct family *f, size_t i)
{
    wo_close(f->handles[i]);
}

static uint64_t any_child(void *ctx, uint64_t n)
{
    struct family *f = ctx;
    uint64_t took = 0;
    for (; n; n--) {
        size_t victim = (f->turn++ * 37u) % CHILDREN;
        uint64_t start = bench_now();
        kill(f->pids[victim], SIGKILL);
        BENCH_CHECK(f->await(f) == victim);
        took += bench_now() - start;
        f->bury(f, victim);
        f->bear(f, victim);
    }
    return took;
}

static void any_of_children(void)
{
    enum { FAMILIES = 2, KILLS = 60 };
    static struct family f[FAMILIES] = {
        {.bear = raw_bear, .await = raw_await, .bury = raw_bury},
        {.bear = ours_bear, .await = ours_await, .bury = ours_bury},
    };
    struct bench_case cases[FAMILIES] = {
        {"poll of pidfds", BENCH_RAW, any_child, &f[0], KILLS},
        {"waitobj", BENCH_OURS, any_child, &f[1], KILLS},
    };
    for (size_t k = 0; k < FAMILIES; k++)
        for (size_t i = 0; i < CHILDREN; i++)
            f[k].bear(&f[k], i);
    bench_row("W10 any of 64 children, one killed", BENCH_US, cases, FAMILIES);
    for (size_t k = 0; k < FAMILIES; k++)
        for (size_t i = 0; i < CHILDREN; i++) {
            kill(f[k].pids[i], SIGKILL);
            f[k].bury(&f[k], i);
        }
}

void bench_process(void)
{
    spawn_row("W10 spawn /bin/true + wait");
    spawn_from_large_parent();
    any_of_children();
}
