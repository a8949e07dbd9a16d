/* common.h: what the workloads share: interleaved measuring, the table, pinning, children.
 *
 * A row is one workload in one variant, with several candidates. They run in turn, round by round,
 * so whatever else the machine does hits all of them. Shown are the median and the minimum.
 */
#ifndef BENCH_COMMON_H
#define BENCH_COMMON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

enum bench_role {
    BENCH_RAW,  /* the primitive that the others are compared with; one per row */
    BENCH_ALSO, /* another raw primitive, for information */
    BENCH_PEER,
    BENCH_OURS
};

struct bench_case {
    const char *who;
    enum bench_role role;
    /* Does n operations, returns the nanoseconds they took. */
    uint64_t (*run)(void *ctx, uint64_t n);
    void *ctx;
    uint64_t n; /* 0: found out, so that a round takes about BENCH_SLICE_NS */
};

enum bench_unit { BENCH_NS, BENCH_US, BENCH_KMSG };

enum {
    BENCH_MAX_CASES = 12,
    BENCH_ROUNDS = 15, /* fewer, but BENCH_MIN_ROUNDS, when a row takes longer than BENCH_ROW_NS */
    BENCH_MIN_ROUNDS = 3,
    BENCH_ROW_NS = 2000 * 1000000,
    BENCH_SLICE_NS = 5 * 1000000 /* short, so that some rounds are undisturbed */
};

void bench_row(const char *title, enum bench_unit unit, struct bench_case *cases, size_t count);

uint64_t bench_now(void);

/* Says what failed, with errno, and ends the program. */
_Noreturn void bench_die(const char *what);
#define BENCH_CHECK(condition) ((condition) ? (void)0 : bench_die(#condition))

/* The calling thread on one CPU; -1: on any. Thread and process are inherited from there. */
void bench_pin(int cpu);

/* The directory of this run, below /dev/shm. The same in the program's own children. */
const char *bench_directory(void);
void bench_make_directory(void);
void bench_remove_directory(void);

/* Starts this program again with these arguments; `out`: its standard output, or -1. */
pid_t bench_spawn_self(char *const argv[], int out);
void bench_end_child(pid_t pid);

/* Zeroed memory that every process of this run maps by that name. */
void *bench_shared(const char *name, size_t size);

long bench_futex_wait(void *word, uint32_t value, bool shared);
long bench_futex_wake(void *word, int count, bool shared);

/* The workloads. */
void bench_events(void);   /* W1 W2 W5 W12 */
void bench_blocking(void); /* W3 W4 W6 W7 */
void bench_process(void);  /* W10 */
void bench_mailslot(void); /* W11 */

/* What children of theirs do. */
int bench_partner_main(char **argv);
int bench_receiver_main(char **argv);

#endif
