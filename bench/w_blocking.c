/* w_blocking.c: what does block: W3, W4, W6, W7.
 *
 * A `kind` is one implementation of auto-reset events. In a ping-pong the partner waits for `a` and
 * sets `b`. In W6 and W7 the setter runs at SCHED_IDLE on the waiter's CPU (at the lowest real-time
 * priority, if the benchmark itself runs at a higher one), so it gets to run only when the waiter
 * sleeps: one operation is queueing, going to sleep, the set and the wake-up.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "common.h"
#include "peers.h"
#include "waitobj/waitobj.h"

enum { MANY = 64 };

struct kind {
    const char *who;
    enum bench_role role;
    /* A non-signaled auto-reset event; processes that use the same name get the same. */
    void *(*make)(const char *name);
    void (*set)(void *event);
    void (*wait)(void *event);
    void (*wait_any)(void **events, size_t count);
    void (*wait_all)(void **events, size_t count);
    void (*close)(void *event);
};

static void leave(void *event)
{
    (void)event;
}

/* ---- waitobj -------------------------------------------------------------------------------- */

static void *ours_make(const char *name)
{
    wo_handle h;
    BENCH_CHECK(wo_event_create(&h, name, 0, NULL) == 0);
    return h;
}

static void *ours_private(const char *name)
{
    (void)name;
    return ours_make(NULL);
}

static void ours_set(void *e)
{
    BENCH_CHECK(wo_event_set(e) == 0);
}

static void ours_wait(void *e)
{
    BENCH_CHECK(wo_wait(e, WO_INFINITE) == 0);
}

static void ours_any(void **e, size_t count)
{
    BENCH_CHECK(wo_wait_any(e, count, WO_INFINITE, NULL) == 0);
}

static void ours_all(void **e, size_t count)
{
    BENCH_CHECK(wo_wait_all(e, count, WO_INFINITE) == 0);
}

static void ours_close(void *e)
{
    wo_close(e);
}

/* ---- One futex word: 0 not set, 1 set, 2 somebody waits ------------------------------------- */

static void *word_private(const char *name)
{
    (void)name;
    return calloc(1, 64);
}

static void *word_shared(const char *name)
{
    return bench_shared(name, 4096);
}

static void word_set_in(void *e, bool shared)
{
    if (atomic_exchange((atomic_uint *)e, 1) == 2)
        bench_futex_wake(e, 1, shared);
}

static void word_wait_in(atomic_uint *word, bool shared)
{
    for (;;) {
        unsigned seen = 1;
        if (atomic_compare_exchange_strong(word, &seen, 0))
            return;
        if (seen == 2 || atomic_compare_exchange_strong(word, &seen, 2))
            bench_futex_wait(word, 2, shared);
    }
}

static void word_set(void *e)
{
    word_set_in(e, false);
}

static void word_wait(void *e)
{
    word_wait_in(e, false);
}

static void word_set_shared(void *e)
{
    word_set_in(e, true);
}

static void word_wait_shared(void *e)
{
    word_wait_in(e, true);
}

static void spin_set(void *e)
{
    atomic_store_explicit((atomic_uint *)e, 1, memory_order_release);
}

static void spin_wait(void *e)
{
    while (!atomic_load_explicit((atomic_uint *)e, memory_order_acquire))
        ;
    atomic_store_explicit((atomic_uint *)e, 0, memory_order_relaxed);
}

/* ---- Waiter lists, the least of them: one waiter for each event ----------------------------- */

struct waiter {
    atomic_int missing; /* signals until it may go on; the futex word */
};

struct listed {
    _Alignas(64) _Atomic(struct waiter *) waiter;
    atomic_uint set;
};

static void *listed_make(const char *name)
{
    (void)name;
    void *p = aligned_alloc(64, sizeof(struct listed));
    memset(p, 0, sizeof(struct listed));
    return p;
}

static void listed_set(void *event)
{
    struct listed *e = event;
    struct waiter *w = atomic_load(&e->waiter);
    atomic_store(&e->set, 1);
    if (w && atomic_fetch_sub(&w->missing, 1) == 1)
        bench_futex_wake(&w->missing, 1, false);
}

/* The setter only acts once the waiter sleeps, so nothing is lost between queueing and waiting. */
static void listed_wait(void **events, size_t count, int missing)
{
    struct waiter w = {missing};
    for (size_t i = 0; i < count; i++)
        atomic_exchange(&((struct listed *)events[i])->waiter, &w);
    int left;
    while ((left = atomic_load(&w.missing)) > 0)
        bench_futex_wait(&w.missing, (uint32_t)left, false);
    for (size_t i = 0; i < count; i++) {
        struct listed *e = events[i];
        atomic_exchange(&e->waiter, NULL);
        atomic_store_explicit(&e->set, 0, memory_order_relaxed);
    }
}

static void listed_any(void **events, size_t count)
{
    listed_wait(events, count, 1);
}

static void listed_all(void **events, size_t count)
{
    listed_wait(events, count, (int)count);
}

/* ---- futex_waitv ---------------------------------------------------------------------------- */

static void waitv_set(void *e)
{
    atomic_store((atomic_uint *)e, 1);
    bench_futex_wake(e, 1, false);
}

static void waitv_any(void **events, size_t count)
{
    struct futex_waitv v[MANY];
    memset(v, 0, sizeof(v));
    for (size_t i = 0; i < count; i++) {
        v[i].uaddr = (uintptr_t)events[i];
        v[i].flags = FUTEX_32 | FUTEX_PRIVATE_FLAG;
    }
    for (;;) {
        for (size_t i = 0; i < count; i++)
            if (atomic_exchange((atomic_uint *)events[i], 0))
                return;
        syscall(SYS_futex_waitv, v, count, 0, NULL, 0);
    }
}

/* ---- eventfd and poll ----------------------------------------------------------------------- */

static void *fd_make(const char *name)
{
    (void)name;
    int *fd = malloc(sizeof(int));
    *fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    BENCH_CHECK(*fd >= 0);
    return fd;
}

static void fd_set_event(void *e)
{
    uint64_t one = 1;
    BENCH_CHECK(write(*(int *)e, &one, 8) == 8);
}

static void fd_any(void **events, size_t count)
{
    struct pollfd fds[MANY];
    uint64_t value;
    for (size_t i = 0; i < count; i++)
        fds[i] = (struct pollfd){.fd = *(int *)events[i], .events = POLLIN};
    for (;;) {
        BENCH_CHECK(poll(fds, count, -1) > 0);
        for (size_t i = 0; i < count; i++)
            if ((fds[i].revents & POLLIN) && read(fds[i].fd, &value, 8) == 8)
                return;
    }
}

static void fd_wait(void *e)
{
    fd_any(&e, 1);
}

static void fd_close(void *e)
{
    close(*(int *)e);
}

/* ---- POSIX semaphores ----------------------------------------------------------------------- */

static void *sem_make(const char *name)
{
    char path[64];
    (void)snprintf(path, sizeof(path), "/waitobj-%s", name);
    sem_t *s = sem_open(path, O_CREAT | O_EXCL, 0600, 0);
    if (s == SEM_FAILED) { /* the partner is the second, so nobody needs the name any more */
        s = sem_open(path, 0);
        sem_unlink(path);
    }
    BENCH_CHECK(s != SEM_FAILED);
    return s;
}

static void *sem_private(const char *name)
{
    (void)name;
    sem_t *s = malloc(sizeof(*s));
    sem_init(s, 0, 0);
    return s;
}

static void sem_set(void *e)
{
    sem_post(e);
}

static void sem_take(void *e)
{
    while (sem_wait(e) != 0)
        ;
}

/* ---- WinPR ---------------------------------------------------------------------------------- */

static void *winpr_make(const char *name)
{
    (void)name;
    return winpr_event(false, false);
}

static void winpr_one(void *e)
{
    BENCH_CHECK(winpr_take(e, WINPR_INFINITE) == 0);
}

static void winpr_any(void **e, size_t count)
{
    BENCH_CHECK(winpr_take_many(e, count, false) < count);
}

static void winpr_all(void **e, size_t count)
{
    BENCH_CHECK(winpr_take_many(e, count, true) < count);
}

#define OURS_OPS \
    .role = BENCH_OURS, .set = ours_set, .wait = ours_wait, .wait_any = ours_any, \
    .wait_all = ours_all, .close = ours_close

static struct kind private_kind = {.who = "waitobj, private", .make = ours_private, OURS_OPS};
static struct kind named_kind = {.who = "waitobj, named", .make = ours_make,
                                OURS_OPS};
static struct kind word_kind = {.who = "futex hand-off", .role = BENCH_RAW, .make = word_private,
                                .set = word_set, .wait = word_wait, .close = leave};
static struct kind word_shared_kind = {.who = "futex hand-off, shared", .role = BENCH_RAW,
                                       .make = word_shared,
                                       .set = word_set_shared, .wait = word_wait_shared,
                                       .close = leave};
static struct kind spin_kind = {.who = "spinning", .role = BENCH_ALSO, .make = word_private,
                                .set = spin_set, .wait = spin_wait, .close = leave};
static struct kind listed_kind = {.who = "waiter lists + futex", .role = BENCH_RAW,
                                  .make = listed_make, .set = listed_set, .wait_any = listed_any,
                                  .wait_all = listed_all, .close = leave};
static struct kind waitv_kind = {.who = "futex_waitv", .role = BENCH_ALSO, .make = word_private,
                                 .set = waitv_set, .wait_any = waitv_any, .close = leave};
static struct kind fd_kind = {.who = "eventfd + poll", .role = BENCH_ALSO, .make = fd_make,
                              .set = fd_set_event, .wait = fd_wait, .wait_any = fd_any,
                              .close = fd_close};
static struct kind sem_kind = {.who = "POSIX semaphore", .role = BENCH_PEER, .make = sem_private,
                               .set = sem_set, .wait = sem_take, .close = leave};
static struct kind sem_named_kind = {.who = "POSIX semaphore, named", .role = BENCH_PEER,
                                     .make = sem_make, .set = sem_set,
                                     .wait = sem_take, .close = leave};
static struct kind winpr_kind = {.role = BENCH_PEER, .make = winpr_make, .set = winpr_set,
                                 .wait = winpr_one, .wait_any = winpr_any, .wait_all = winpr_all,
                                 .close = winpr_close};

/* ---- W3, W4: ping-pong ---------------------------------------------------------------------- */

struct pair {
    const struct kind *kind;
    void *a, *b;
    int cpu; /* of the partner */
    atomic_bool stop;
    sem_t placed; /* the partner is on its CPU */
    pthread_t thread;
    pid_t process;
};

static uint64_t ping_pong(void *ctx, uint64_t n)
{
    struct pair *p = ctx;
    uint64_t start = bench_now();
    for (; n; n--) {
        p->kind->set(p->a);
        p->kind->wait(p->b);
    }
    return bench_now() - start;
}

static void *partner(void *arg)
{
    struct pair *p = arg;
    bench_pin(p->cpu);
    sem_post(&p->placed);
    for (;;) {
        p->kind->wait(p->a);
        if (atomic_load(&p->stop))
            return NULL;
        p->kind->set(p->b);
    }
}

static void pair_open(struct pair *p, const struct kind *kind, const char *tag, int cpu)
{
    char a[64], b[64];
    snprintf(a, sizeof(a), "bench-%s-a", tag);
    snprintf(b, sizeof(b), "bench-%s-b", tag);
    *p = (struct pair){.kind = kind, .cpu = cpu};
    sem_init(&p->placed, 0, 0);
    p->a = kind->make(a);
    p->b = kind->make(b);
}

static void with_threads(const char *title, struct kind *const *kinds, size_t count, int cpu)
{
    struct pair pairs[BENCH_MAX_CASES];
    struct bench_case cases[BENCH_MAX_CASES];
    char tag[32];
    for (size_t i = 0; i < count; i++) {
        snprintf(tag, sizeof(tag), "w3-%zu", i);
        pair_open(&pairs[i], kinds[i], tag, cpu);
        BENCH_CHECK(pthread_create(&pairs[i].thread, NULL, partner, &pairs[i]) == 0);
        sem_take(&pairs[i].placed);
        cases[i] = (struct bench_case){
            .who = kinds[i]->who, .role = kinds[i]->role, .run = ping_pong, .ctx = &pairs[i]};
    }
    bench_row(title, BENCH_US, cases, count);
    for (size_t i = 0; i < count; i++) {
        atomic_store(&pairs[i].stop, true);
        pairs[i].kind->set(pairs[i].a);
        pthread_join(pairs[i].thread, NULL);
        pairs[i].kind->close(pairs[i].a);
        pairs[i].kind->close(pairs[i].b);
    }
}

/* Spinning takes a CPU, so it is measured apart from the others. */
static void spinning(void)
{
    struct kind *kinds[] = {&spin_kind};
    with_threads("W3 ping-pong, two CPUs, spinning", kinds, 1, 1);
}

static void w3(void)
{
    winpr_kind.who = winpr_load();
    struct kind *kinds[] = {&word_kind, &fd_kind, &private_kind, &named_kind, &sem_kind,
                            &winpr_kind};
    size_t count = winpr_kind.who ? 6 : 5;
    with_threads("W3 ping-pong of threads, same CPU", kinds, count, 0);
    with_threads("W3 ping-pong of threads, two CPUs", kinds, count, 1);
    spinning();
}

static struct kind *const between[] = {&word_shared_kind, &named_kind, &sem_named_kind};

/* argv: kind, tag, CPU. Runs until it is killed. */
int bench_partner_main(char **argv)
{
    struct pair p;
    pair_open(&p, between[atoi(argv[0])], argv[1], atoi(argv[2]));
    partner(&p);
    return 0;
}

static pid_t start_partner(size_t kind, const char *tag, int cpu)
{
    char k[8], c[8];
    snprintf(k, sizeof(k), "%zu", kind);
    snprintf(c, sizeof(c), "%d", cpu);
    char *argv[] = {"bench", "--partner", k, (char *)(uintptr_t)tag, c, NULL};
    return bench_spawn_self(argv, -1);
}

static void w4(const char *title, int cpu)
{
    enum { COUNT = sizeof(between) / sizeof(between[0]) };
    struct pair pairs[COUNT];
    struct bench_case cases[COUNT];
    char tag[32];
    for (size_t i = 0; i < COUNT; i++) {
        snprintf(tag, sizeof(tag), "w4-%d-%zu-%d", (int)getpid(), i, cpu);
        pair_open(&pairs[i], between[i], tag, cpu);
        pairs[i].process = start_partner(i, tag, cpu);
        cases[i] = (struct bench_case){
            .who = between[i]->who, .role = between[i]->role, .run = ping_pong, .ctx = &pairs[i]};
    }
    bench_row(title, BENCH_US, cases, COUNT);
    for (size_t i = 0; i < COUNT; i++) {
        bench_end_child(pairs[i].process);
        pairs[i].kind->close(pairs[i].a);
        pairs[i].kind->close(pairs[i].b);
    }
}

/* ---- W6, W7: a blocking wait for many ------------------------------------------------------- */

struct many {
    const struct kind *kind;
    size_t count;
    bool all;
    void *events[MANY];
    atomic_ulong wanted; /* how many waits have been begun */
    atomic_bool stop;
};

static void set_wanted(struct many *m)
{
    if (m->all)
        for (size_t i = 0; i < m->count; i++)
            m->kind->set(m->events[i]);
    else
        m->kind->set(m->events[m->count - 1]);
}

static void *setter(void *arg)
{
    struct many *m = arg;
    unsigned long done = 0;
    bool real_time = sched_getscheduler(0) == SCHED_FIFO;
    struct sched_param least = {.sched_priority = real_time ? 1 : 0};
    BENCH_CHECK(sched_setscheduler(0, real_time ? SCHED_FIFO : SCHED_IDLE, &least) == 0);
    while (!atomic_load(&m->stop))
        if (atomic_load(&m->wanted) != done) {
            done++;
            set_wanted(m);
        }
    return NULL;
}

static uint64_t wait_many(void *ctx, uint64_t n)
{
    struct many *m = ctx;
    pthread_t thread;
    atomic_store(&m->wanted, 0);
    atomic_store(&m->stop, false);
    BENCH_CHECK(pthread_create(&thread, NULL, setter, m) == 0);
    uint64_t start = bench_now();
    for (uint64_t i = 1; i <= n; i++) {
        atomic_store(&m->wanted, i);
        if (m->all)
            m->kind->wait_all(m->events, m->count);
        else
            m->kind->wait_any(m->events, m->count);
    }
    uint64_t took = bench_now() - start;
    atomic_store(&m->stop, true);
    pthread_join(thread, NULL);
    return took;
}

static void with_setter(const char *title, struct kind *const *kinds, size_t count, size_t objects,
                        bool all)
{
    struct many many[BENCH_MAX_CASES];
    struct bench_case cases[BENCH_MAX_CASES];
    char name[64];
    for (size_t i = 0; i < count; i++) {
        many[i] = (struct many){.kind = kinds[i], .count = objects, .all = all};
        for (size_t k = 0; k < objects; k++) {
            snprintf(name, sizeof(name), "bench-w6-%zu", k);
            many[i].events[k] = kinds[i]->make(name);
        }
        cases[i] = (struct bench_case){
            .who = kinds[i]->who, .role = kinds[i]->role, .run = wait_many, .ctx = &many[i]};
    }
    bench_row(title, BENCH_US, cases, count);
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < objects; k++)
            kinds[i]->close(many[i].events[k]);
}

static void w6_w7(void)
{
    static const size_t counts[] = {1, 2, 8, 64};
    char title[64];
    struct kind *any[] = {&listed_kind, &waitv_kind, &fd_kind, &private_kind, &named_kind,
                          &winpr_kind};
    for (size_t i = 0; i < 4; i++) {
        snprintf(title, sizeof(title), "W6 blocking wait-any of %zu", counts[i]);
        with_setter(title, any, winpr_kind.who ? 6 : 5, counts[i], false);
    }
    struct kind *all[] = {&listed_kind, &private_kind, &named_kind, &winpr_kind};
    with_setter("W7 wait-all of 8, set one by one", all, winpr_kind.who ? 4 : 3, 8, true);
}

void bench_blocking(void)
{
    bench_pin(0);
    w3();
    w4("W4 ping-pong of processes, same CPU", 0);
    w4("W4 ping-pong of processes, two CPUs", 1);
    w6_w7();
    bench_pin(-1);
}
