/* w_events.c: what does not block: W1, W2, W5, W12. Pinned to one CPU. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "common.h"
#include "peers.h"
#include "waitobj/waitobj.h"

enum { MANY = 64 };

/* Each on a cache line of its own. */
struct cell {
    _Alignas(64) atomic_uint word;
};

static wo_handle ours(const char *name, unsigned flags)
{
    wo_handle h;
    BENCH_CHECK(wo_event_create(&h, name, flags, NULL) == 0);
    return h;
}

static int descriptor(unsigned value)
{
    int fd = eventfd(value, EFD_NONBLOCK | EFD_CLOEXEC);
    BENCH_CHECK(fd >= 0);
    return fd;
}

/* ---- W1: set and take ----------------------------------------------------------------------- */

static __attribute__((noinline)) bool cell_move(struct cell *c, unsigned from, unsigned to)
{
    return atomic_compare_exchange_strong(&c->word, &from, to);
}

static uint64_t w1_raw(void *ctx, uint64_t n)
{
    uint64_t start = bench_now();
    for (; n; n--)
        BENCH_CHECK(cell_move(ctx, 0, 1) && cell_move(ctx, 1, 0));
    return bench_now() - start;
}

static uint64_t w1_eventfd(void *ctx, uint64_t n)
{
    int fd = *(int *)ctx;
    uint64_t one = 1, start = bench_now();
    for (; n; n--)
        BENCH_CHECK(write(fd, &one, 8) == 8 && read(fd, &one, 8) == 8);
    return bench_now() - start;
}

static uint64_t w1_sem(void *ctx, uint64_t n)
{
    uint64_t start = bench_now();
    for (; n; n--)
        BENCH_CHECK(sem_post(ctx) == 0 && sem_trywait(ctx) == 0);
    return bench_now() - start;
}

static uint64_t w1_winpr(void *ctx, uint64_t n)
{
    uint64_t start = bench_now();
    for (; n; n--) {
        winpr_set(ctx);
        BENCH_CHECK(winpr_take(ctx, 0) == 0);
    }
    return bench_now() - start;
}

static uint64_t w1_ours(void *ctx, uint64_t n)
{
    uint64_t start = bench_now();
    for (; n; n--)
        BENCH_CHECK(wo_event_set(ctx) == 0 && wo_wait(ctx, 0) == 0);
    return bench_now() - start;
}

static sem_t *named_semaphore(const char *name)
{
    sem_t *s = sem_open(name, O_CREAT, 0600, 0);
    BENCH_CHECK(s != SEM_FAILED);
    sem_unlink(name);
    return s;
}

static void w1(void)
{
    struct cell cell = {0};
    int fd = descriptor(0);
    sem_t sem, *named = named_semaphore("/waitobj-bench-w1");
    BENCH_CHECK(sem_init(&sem, 0, 0) == 0);
    wo_handle mine = ours(NULL, 0), shared = ours("bench-w1", 0);
    const char *winpr = winpr_load();
    void *theirs = winpr ? winpr_event(false, false) : NULL;
    struct bench_case cases[] = {
        {.who = "two compare-and-swaps", .role = BENCH_RAW, .run = w1_raw, .ctx = &cell},
        {.who = "eventfd write + read", .role = BENCH_ALSO, .run = w1_eventfd, .ctx = &fd},
        {.who = "waitobj, private", .role = BENCH_OURS, .run = w1_ours, .ctx = mine},
        {.who = "waitobj, named", .role = BENCH_OURS, .run = w1_ours, .ctx = shared},
        {.who = "POSIX semaphore, private", .role = BENCH_PEER, .run = w1_sem, .ctx = &sem},
        {.who = "POSIX semaphore, named", .role = BENCH_PEER, .run = w1_sem, .ctx = named},
        {.who = winpr, .role = BENCH_PEER, .run = w1_winpr, .ctx = theirs},
    };
    bench_row("W1 set + wait(0), auto-reset", BENCH_NS, cases, winpr ? 7 : 6);
    close(fd);
    sem_close(named);
    wo_close(mine);
    wo_close(shared);
}

/* ---- W2: look at a set manual event --------------------------------------------------------- */

static __attribute__((noinline)) bool cell_is_set(struct cell *c)
{
    return atomic_load_explicit(&c->word, memory_order_acquire) != 0;
}

static uint64_t w2_raw(void *ctx, uint64_t n)
{
    uint64_t start = bench_now();
    for (; n; n--)
        BENCH_CHECK(cell_is_set(ctx));
    return bench_now() - start;
}

static uint64_t w2_poll(void *ctx, uint64_t n)
{
    struct pollfd fd = {.fd = *(int *)ctx, .events = POLLIN};
    uint64_t start = bench_now();
    for (; n; n--)
        BENCH_CHECK(poll(&fd, 1, 0) == 1);
    return bench_now() - start;
}

static uint64_t w2_winpr(void *ctx, uint64_t n)
{
    uint64_t start = bench_now();
    for (; n; n--)
        BENCH_CHECK(winpr_wait(ctx, 0) == 0);
    return bench_now() - start;
}

static uint64_t w2_ours(void *ctx, uint64_t n)
{
    uint64_t start = bench_now();
    for (; n; n--)
        BENCH_CHECK(wo_wait(ctx, 0) == 0);
    return bench_now() - start;
}

static void w2(void)
{
    struct cell cell = {1};
    int fd = descriptor(1);
    wo_handle mine = ours(NULL, WO_EVENT_MANUAL | WO_EVENT_SIGNALED);
    wo_handle shared = ours("bench-w2", WO_EVENT_MANUAL | WO_EVENT_SIGNALED);
    const char *winpr = winpr_load();
    void *theirs = winpr ? winpr_event(true, true) : NULL;
    struct bench_case cases[] = {
        {.who = "atomic load", .role = BENCH_RAW, .run = w2_raw, .ctx = &cell},
        {.who = "eventfd poll", .role = BENCH_ALSO, .run = w2_poll, .ctx = &fd},
        {.who = "waitobj, private", .role = BENCH_OURS, .run = w2_ours, .ctx = mine},
        {.who = "waitobj, named", .role = BENCH_OURS, .run = w2_ours, .ctx = shared},
        {.who = winpr, .role = BENCH_PEER, .run = w2_winpr, .ctx = theirs},
    };
    bench_row("W2 wait on a set manual-reset event", BENCH_NS, cases, winpr ? 5 : 4);
    close(fd);
    wo_close(mine);
    wo_close(shared);
}

/* ---- W5: wait-any that does not block ------------------------------------------------------- */

struct set {
    size_t count;
    bool last; /* the last one is set; else none */
    struct cell *cells[MANY];
    struct pollfd fds[MANY];
    wo_handle handles[MANY];
    void *winpr[MANY];
};

static __attribute__((noinline)) size_t scan(struct cell *const *cells, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (atomic_load_explicit(&cells[i]->word, memory_order_acquire))
            return i;
    return count;
}

static uint64_t w5_raw(void *ctx, uint64_t n)
{
    struct set *s = ctx;
    size_t expected = s->count - s->last;
    uint64_t start = bench_now();
    for (; n; n--)
        BENCH_CHECK(scan(s->cells, s->count) == expected);
    return bench_now() - start;
}

static uint64_t w5_poll(void *ctx, uint64_t n)
{
    struct set *s = ctx;
    uint64_t start = bench_now();
    for (; n; n--)
        BENCH_CHECK(poll(s->fds, s->count, 0) == s->last);
    return bench_now() - start;
}

static uint64_t w5_ours(void *ctx, uint64_t n)
{
    struct set *s = ctx;
    int expected = s->last ? 0 : -ETIMEDOUT;
    size_t index = s->count - 1;
    uint64_t start = bench_now();
    for (; n; n--)
        BENCH_CHECK(wo_wait_any(s->handles, s->count, 0, &index) == expected &&
                    index == s->count - 1);
    return bench_now() - start;
}

static uint64_t w5_winpr(void *ctx, uint64_t n)
{
    struct set *s = ctx;
    uint32_t expected = s->last ? (uint32_t)s->count - 1 : 258;
    uint64_t start = bench_now();
    for (; n; n--)
        BENCH_CHECK(winpr_wait_many(s->winpr, s->count, false, 0) == expected);
    return bench_now() - start;
}

static void fill(struct set *s, struct cell *cells, const char *prefix, bool winpr)
{
    char name[64];
    for (size_t i = 0; i < s->count; i++) {
        bool set = s->last && i == s->count - 1;
        snprintf(name, sizeof(name), "%s-%zu", prefix ? prefix : "", i);
        s->cells[i] = &cells[i];
        atomic_store(&cells[i].word, set);
        s->fds[i] = (struct pollfd){.fd = prefix ? -1 : descriptor(set), .events = POLLIN};
        s->handles[i] =
            ours(prefix ? name : NULL, WO_EVENT_MANUAL | (set ? WO_EVENT_SIGNALED : 0));
        s->winpr[i] = winpr ? winpr_event(true, set) : NULL;
    }
}

static void drain(struct set *s)
{
    for (size_t i = 0; i < s->count; i++) {
        wo_close(s->handles[i]);
        if (s->fds[i].fd >= 0)
            close(s->fds[i].fd);
        if (s->winpr[i])
            winpr_close(s->winpr[i]);
    }
}

static void w5(size_t count, bool last)
{
    static struct cell cells[MANY];
    const char *winpr = winpr_load();
    char title[64];
    struct set mine = {.count = count, .last = last}, shared = mine;
    fill(&mine, cells, NULL, winpr != NULL);
    fill(&shared, cells, "bench-w5", false);
    struct bench_case cases[] = {
        {.who = "scan of atomic words", .role = BENCH_RAW, .run = w5_raw, .ctx = &mine},
        {.who = "eventfd poll", .role = BENCH_ALSO, .run = w5_poll, .ctx = &mine},
        {.who = "waitobj, private", .role = BENCH_OURS, .run = w5_ours, .ctx = &mine},
        {.who = "waitobj, named", .role = BENCH_OURS, .run = w5_ours, .ctx = &shared},
        {.who = winpr, .role = BENCH_PEER, .run = w5_winpr, .ctx = &mine},
    };
    snprintf(title, sizeof(title), "W5 wait-any of %zu, %s", count, last ? "last set" : "none set");
    bench_row(title, BENCH_NS, cases, winpr ? 5 : 4);
    drain(&mine);
    drain(&shared);
}

/* ---- W12: create and close ------------------------------------------------------------------ */

/* The least that can be done: a slot of a table, found by a hash for a name. */
static struct {
    atomic_uint used;
    char name[60];
} slots[1024];

static __attribute__((noinline)) uint32_t slot_take(const char *name)
{
    uint32_t h = 2166136261u;
    for (const char *p = name; *p; p++)
        h = (h ^ (unsigned char)*p) * 16777619u;
    for (uint32_t i = h;; i++) {
        unsigned expected = 0;
        if (!atomic_compare_exchange_strong(&slots[i % 1024].used, &expected, 1))
            continue;
        strncpy(slots[i % 1024].name, name, sizeof(slots[0].name) - 1);
        return i % 1024;
    }
}

static uint64_t w12_raw(void *ctx, uint64_t n)
{
    uint64_t start = bench_now();
    for (; n; n--)
        atomic_store(&slots[slot_take(ctx)].used, 0);
    return bench_now() - start;
}

static uint64_t w12_eventfd(void *ctx, uint64_t n)
{
    (void)ctx;
    uint64_t start = bench_now();
    for (; n; n--)
        close(descriptor(0));
    return bench_now() - start;
}

static uint64_t w12_ours(void *ctx, uint64_t n)
{
    uint64_t start = bench_now();
    for (; n; n--)
        BENCH_CHECK(wo_close(ours(ctx, 0)) == 0);
    return bench_now() - start;
}

static uint64_t w12_winpr(void *ctx, uint64_t n)
{
    (void)ctx;
    uint64_t start = bench_now();
    for (; n; n--)
        winpr_close(winpr_event(true, false));
    return bench_now() - start;
}

static uint64_t w12_sem(void *ctx, uint64_t n)
{
    uint64_t start = bench_now();
    for (; n; n--)
        sem_close(named_semaphore(ctx));
    return bench_now() - start;
}

static void w12(void)
{
    const char *winpr = winpr_load();
    wo_handle kept = ours("bench-w12-kept", 0);
    struct bench_case unnamed[] = {
        {.who = "slot of a table", .role = BENCH_RAW, .run = w12_raw, .ctx = ""},
        {.who = "eventfd + close", .role = BENCH_ALSO, .run = w12_eventfd},
        {.who = "waitobj", .role = BENCH_OURS, .run = w12_ours, .ctx = NULL},
        {.who = winpr, .role = BENCH_PEER, .run = w12_winpr},
    };
    bench_row("W12 create + close, unnamed", BENCH_NS, unnamed, winpr ? 4 : 3);
    struct bench_case named[] = {
        {.who = "slot of a table, by name", .role = BENCH_RAW, .run = w12_raw, .ctx = "bench-w12"},
        {.who = "waitobj, new name", .role = BENCH_OURS, .run = w12_ours, .ctx = "bench-w12"},
        {.who = "waitobj, existing name", .role = BENCH_OURS, .run = w12_ours,
         .ctx = "bench-w12-kept"},
        {.who = "sem_open + unlink + close", .role = BENCH_PEER, .run = w12_sem,
         .ctx = "/waitobj-bench-w12"},
    };
    bench_row("W12 create + close, named", BENCH_NS, named, 4);
    wo_close(kept);
}

void bench_events(void)
{
    static const size_t counts[] = {2, 8, 64};
    bench_pin(0);
    w1();
    w2();
    for (size_t i = 0; i < 3; i++) {
        w5(counts[i], true);
        w5(counts[i], false);
    }
    w12();
    bench_pin(-1);
}
