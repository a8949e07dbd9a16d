/* common.c: measuring, the table, and small helpers. See common.h. */
#include "common.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

uint64_t bench_now(void)
{
    struct timespec ts;
    clock_gettime(CLOCK_MONOTONIC, &ts);
    return (uint64_t)ts.tv_sec * 1000000000u + (uint64_t)ts.tv_nsec;
}

void bench_die(const char *what)
{
    fprintf(stderr, "bench: %s (%s)\n", what, strerror(errno));
    bench_remove_directory();
    exit(1);
}

void bench_pin(int cpu)
{
    cpu_set_t set;
    CPU_ZERO(&set);
    size_t cpus = (size_t)sysconf(_SC_NPROCESSORS_ONLN);
    for (size_t i = 0; i < cpus; i++)
        if (cpu < 0 || i == (size_t)cpu % cpus)
            CPU_SET(i, &set);
    BENCH_CHECK(sched_setaffinity(0, sizeof(set), &set) == 0);
}

/* ---- Measuring ------------------------------------------------------------------------------ */

static void calibrate(struct bench_case *c)
{
    uint64_t n = 1, took = c->run(c->ctx, n);
    while (took < BENCH_SLICE_NS / 4 && n < UINT64_C(1) << 40) {
        n *= 2;
        took = c->run(c->ctx, n);
    }
    n = (uint64_t)((double)n * BENCH_SLICE_NS / (double)(took ? took : 1));
    c->n = n ? n : 1;
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

struct result {
    double median, min; /* nanoseconds for one operation */
};

static void measure(struct bench_case *cases, size_t count, struct result *results)
{
    double sample[BENCH_MAX_CASES][BENCH_ROUNDS];
    for (size_t i = 0; i < count; i++)
        if (cases[i].n == 0)
            calibrate(&cases[i]);
    uint64_t start = bench_now();
    size_t rounds = 0;
    for (; rounds < BENCH_ROUNDS; rounds++) {
        if (rounds >= BENCH_MIN_ROUNDS && bench_now() - start > BENCH_ROW_NS)
            break;
        for (size_t i = 0; i < count; i++)
            sample[i][rounds] =
                (double)cases[i].run(cases[i].ctx, cases[i].n) / (double)cases[i].n;
    }
    for (size_t i = 0; i < count; i++) {
        qsort(sample[i], rounds, sizeof(double), by_value);
        results[i] = (struct result){sample[i][rounds / 2], sample[i][0]};
    }
}

/* ---- The table ------------------------------------------------------------------------------ */

static double in_unit(double ns, enum bench_unit unit)
{
    switch (unit) {
    case BENCH_US:
        return ns / 1e3;
    case BENCH_KMSG:
        return 1e6 / ns;
    default:
        return ns;
    }
}

static const char *best_name[] = {"min", "min", "max"};
static const char *unit_name[] = {"ns", "us", "k/s"};

static void print_ratio(double ours, double theirs)
{
    if (theirs > 0)
        printf(" %8.2f", ours / theirs);
    else
        printf(" %8s", "-");
}

void bench_row(const char *title, enum bench_unit unit, struct bench_case *cases, size_t count)
{
    struct result r[BENCH_MAX_CASES], raw = {0, 0}, peer = {0, 0};
    BENCH_CHECK(count <= BENCH_MAX_CASES);
    alarm(90);
    measure(cases, count, r);
    for (size_t i = 0; i < count; i++) {
        if (cases[i].role == BENCH_RAW)
            raw = r[i];
        if (cases[i].role == BENCH_PEER && (peer.median <= 0 || r[i].median < peer.median))
            peer = r[i];
    }
    printf("\n%-38s %10s %10s %8s %8s %8s\n", title, unit_name[unit], best_name[unit], "x raw",
           "x raw*", "x peer");
    for (size_t i = 0; i < count; i++) {
        printf("%s %-36s %10.1f %10.1f", cases[i].role == BENCH_OURS ? ">" : " ", cases[i].who,
               in_unit(r[i].median, unit), in_unit(r[i].min, unit));
        print_ratio(r[i].median, raw.median);
        print_ratio(r[i].min, raw.min);
        print_ratio(r[i].median, peer.median);
        putchar('\n');
    }
    fflush(stdout);
}

/* ---- Directory, children, shared memory ----------------------------------------------------- */

static char directory[] = "/dev/shm/waitobj-bench-XXXXXX";
static bool made;

const char *bench_directory(void)
{
    const char *inherited = getenv("WAITOBJ_RUNTIME_DIR");
    BENCH_CHECK(inherited != NULL);
    return inherited;
}

void bench_make_directory(void)
{
    BENCH_CHECK(mkdtemp(directory) != NULL);
    made = true;
    setenv("WAITOBJ_RUNTIME_DIR", directory, 1);
}

void bench_remove_directory(void)
{
    if (!made)
        return;
    char *argv[] = {"rm", "-rf", directory, NULL};
    pid_t pid;
    if (posix_spawnp(&pid, "rm", NULL, NULL, argv, environ) == 0)
        waitpid(pid, NULL, 0);
}

pid_t bench_spawn_self(char *const argv[], int out)
{
    pid_t pid;
    posix_spawn_file_actions_t actions;
    BENCH_CHECK(posix_spawn_file_actions_init(&actions) == 0);
    if (out >= 0)
        posix_spawn_file_actions_adddup2(&actions, out, 1);
    BENCH_CHECK(posix_spawn(&pid, "/proc/self/exe", &actions, NULL, argv, environ) == 0);
    posix_spawn_file_actions_destroy(&actions);
    return pid;
}

void bench_end_child(pid_t pid)
{
    kill(pid, SIGKILL);
    waitpid(pid, NULL, 0);
}

void *bench_shared(const char *name, size_t size)
{
    char path[256];
    snprintf(path, sizeof(path), "%s/bench-%s", bench_directory(), name);
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    BENCH_CHECK(fd >= 0);
    BENCH_CHECK(ftruncate(fd, (off_t)size) == 0);
    void *p = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    BENCH_CHECK(p != MAP_FAILED);
    close(fd);
    return p;
}

long bench_futex_wait(void *word, uint32_t value, bool shared)
{
    return syscall(SYS_futex, word, shared ? FUTEX_WAIT : FUTEX_WAIT_PRIVATE, value, NULL, NULL, 0);
}

long bench_futex_wake(void *word, int count, bool shared)
{
    return syscall(SYS_futex, word, shared ? FUTEX_WAKE : FUTEX_WAKE_PRIVATE, count, NULL, NULL, 0);
}
