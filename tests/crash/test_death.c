/* test_death.c: a process dies at every test point of every slow-path operation in turn.
 *
 * For each scenario the victim, a child process, is started again and again: it prepares, is told
 * to go, and dies at the 1st, 2nd, 3rd… point, until the operation completes. After each death the
 * test's process goes on with the same objects: the arena's invariants hold, the operation has
 * happened wholly or not at all, waiters of other processes are released by what was committed and
 * still wait for the rest, and all counts are what they were. */
#include "crash.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "arena.h"
#include "exitcode.h"

enum { MS = 1000000 };

/* The objects everybody meets: the test holds them throughout, victims and waiters open them. */
enum { MANUAL, AUTO, OTHER, SHARED_EVENTS };
static const char *const names[SHARED_EVENTS] = {"death.manual", "death.auto", "death.other"};
static wo_handle shared[SHARED_EVENTS];
static struct wo_test_child first, second; /* waiters */

struct scenario {
    const char *name;
    void (*before)(void);      /* test: the state that the operation meets */
    void (*prepare)(void);     /* victim */
    void (*meet)(pid_t pid);   /* test: the victim is attached and ready */
    void (*act)(void);         /* victim: dies somewhere in here */
    void (*after)(bool died);  /* test */
};

/* For messages. */
static const char *scenario, *point;
static unsigned number;

#define must(condition)                                                                            \
    do {                                                                                           \
        if (!(condition))                                                                          \
            fail_msg("%s, death %u (%s): not so: %s", scenario, number, point, #condition);        \
    } while (0)

/* ---- In the victim --------------------------------------------------------------------------- */

static wo_handle mine[SHARED_EVENTS], extra;
static wo_handle pair[2];

static void need(bool ok)
{
    if (!ok)
        _exit(96);
}

static void open_all(void)
{
    for (int i = 0; i < SHARED_EVENTS; i++)
        need(wo_event_open(&mine[i], names[i], WO_ACCESS_ALL) == 0);
}

static void act_create(void)
{
    need(wo_event_create(&extra, "death.new", 0, NULL) == 0);
}

static void act_create_existing(void)
{
    bool existed = false;
    need(wo_event_create(&extra, names[AUTO], 0, &existed) == 0 && existed);
}

static void act_open(void)
{
    need(wo_event_open(&extra, names[AUTO], WO_ACCESS_ALL) == 0);
}

static void act_close_shared(void)
{
    need(wo_close(mine[AUTO]) == 0);
}

static void act_close_extra(void)
{
    need(wo_close(extra) == 0);
}

static void act_set_manual(void)
{
    need(wo_event_set(mine[MANUAL]) == 0);
}

static void act_set_auto(void)
{
    need(wo_event_set(mine[AUTO]) == 0);
}

static void act_reset(void)
{
    need(wo_event_reset(mine[MANUAL]) == 0);
}

static void act_pulse_manual(void)
{
    need(wo_event_pulse(mine[MANUAL]) == 0);
}

static void act_pulse_auto(void)
{
    need(wo_event_pulse(mine[AUTO]) == 0);
}

static void act_wait(void)
{
    need(wo_wait(mine[AUTO], MS) == -ETIMEDOUT);
}

static void act_wait_any(void)
{
    need(wo_wait_any(mine, SHARED_EVENTS, MS, NULL) == -ETIMEDOUT);
}

static void act_wait_all(void)
{
    need(wo_wait_all(mine, SHARED_EVENTS, MS) == -ETIMEDOUT);
}

static void act_take(void)
{
    need(wo_wait(mine[AUTO], 0) == 0);
}

static void act_take_all(void)
{
    need(wo_wait_all(mine, SHARED_EVENTS, 0) == 0);
}

static void prepare_process(void)
{
    open_all();
    need(wo_process_open(&pair[0], getppid(), WO_ACCESS_WAIT) == 0);
    pair[1] = mine[AUTO];
}

static void act_wait_pair(void)
{
    need(wo_wait_any(pair, 2, MS, NULL) == -ETIMEDOUT);
}

static struct wo_test_thread helper;

static int64_t wait_on_extra(void *arg)
{
    (void)arg;
    return wo_wait(extra, WO_INFINITE);
}

/* A private event with a thread that waits for it. */
static void prepare_private(void)
{
    open_all();
    need(wo_event_create(&extra, NULL, 0, NULL) == 0);
    pair[0] = extra;
    pair[1] = mine[AUTO];
    wo_test_thread_start(&helper, wait_on_extra, NULL);
    need(wo_test_blocked(helper.tid));
}

static int64_t wait_on_private_pair(void *arg)
{
    wo_handle both[2] = {pair[0], NULL};
    if (wo_process_open(&both[1], getppid(), WO_ACCESS_WAIT) < 0)
        return -1;
    int rc = wo_wait_any(both, 2, WO_INFINITE, NULL);
    (void)arg;
    wo_close(both[1]);
    return rc;
}

/* The same, and it sleeps in poll. */
static void prepare_private_poll(void)
{
    open_all();
    need(wo_event_create(&extra, NULL, 0, NULL) == 0);
    pair[0] = extra;
    pair[1] = mine[AUTO];
    wo_test_thread_start(&helper, wait_on_private_pair, NULL);
    need(wo_test_blocked(helper.tid));
}

static void act_promote(void)
{
    act_wait_pair();
    need(wo_event_set(extra) == 0);
    need(wo_test_thread_join(&helper) == 0);
}

static int gate[2], told[2];

static int64_t wait_and_stay(void *arg)
{
    char c = 0;
    int64_t rc = wo_wait_any(pair, 2, MS, NULL);
    (void)arg;
    rc += write(told[1], "", 1) != 1;
    return rc + (read(gate[0], &c, 1) != 1);
}

/* A thread that has waiter records, and ends when it is told to. */
static void prepare_thread(void)
{
    char c;
    prepare_process();
    need(pipe(gate) == 0 && pipe(told) == 0);
    wo_test_thread_start(&helper, wait_and_stay, NULL);
    need(read(told[0], &c, 1) == 1);
}

static void act_thread_end(void)
{
    need(write(gate[1], "", 1) == 1);
    need(wo_test_thread_join(&helper) == -ETIMEDOUT);
}

static void act_pollfd(void)
{
    int fd;
    need(wo_pollfd(mine[AUTO], &fd) == 0);
    need(wo_wait(mine[AUTO], 0) == -ETIMEDOUT);
    need(wo_close(mine[AUTO]) == 0);
}

/* The child is a holder too, and uses what it has. If it died, so does its parent. */
static void act_fork(void)
{
    int status;
    pid_t pid = fork();
    need(pid >= 0);
    if (pid == 0) {
        need(wo_event_reset(mine[MANUAL]) == 0);
        _exit(wo_event_create(&extra, "death.new", 0, NULL) == 0 ? 0 : 95);
    }
    need(waitpid(pid, &status, 0) == pid);
    if (WIFSIGNALED(status)) {
        kill(getpid(), SIGKILL);
        pause();
    }
    need(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

static void act_usage(void)
{
    struct wo_usage u;
    need(wo_usage(&u) == 0);
}

enum { CODE = 0x12345678 };

static void act_exit_record(void)
{
    wo__exit_record_store_own(CODE);
}

/* ---- In the test ----------------------------------------------------------------------------- */

static void rest(void)
{
    for (int i = 0; i < SHARED_EVENTS; i++)
        must(wo_event_reset(shared[i]) == 0);
}

static void released(struct wo_test_child *waiter, const char *answer)
{
    const char *said = wo_test_receive(waiter);
    if (strcmp(said, answer) != 0)
        fail_msg("%s, death %u (%s): '%s' instead of '%s'", scenario, number, point, said, answer);
}

/* The shared events work and nobody waits. */
static void after_any(bool died)
{
    (void)died;
    rest();
    for (int i = 0; i < SHARED_EVENTS; i++) {
        must(wo_event_set(shared[i]) == 0);
        must(wo_wait(shared[i], 0) == 0);
        must(wo_wait(shared[i], 0) == (i == MANUAL ? 0 : -ETIMEDOUT));
    }
    act_usage();
    for (int i = 0; i < SHARED_EVENTS; i++)
        must(crash_look(shared[i]).queue == 0);
    rest();
}

/* The victim made an object that nobody else has: it is there as long as the victim lives. */
static void after_create(bool died)
{
    wo_handle h;
    int rc = wo_event_open(&h, "death.new", WO_ACCESS_ALL);
    must(rc == (died ? -ENOENT : 0));
    if (rc == 0)
        wo_close(h);
    after_any(died);
}

static void after_close_extra(bool died)
{
    wo_handle h;
    must(wo_event_open(&h, "death.new", WO_ACCESS_ALL) == -ENOENT);
    after_any(died);
}

static void before_two_on_manual(void)
{
    rest();
    crash_let_wait(&first, "one 0");
    crash_let_wait(&second, "one 0");
}

/* Signaled with everybody released, or as before. */
static void after_set_manual(bool died)
{
    struct crash_look seen = crash_look(shared[MANUAL]);
    must((seen.state == 1 && seen.queue == 0) || (died && seen.state == 0 && seen.queue == 2));
    if (seen.state == 0)
        must(wo_event_set(shared[MANUAL]) == 0);
    released(&first, "0 0");
    released(&second, "0 0");
    after_any(died);
}

static void after_pulse_manual(bool died)
{
    struct crash_look seen = crash_look(shared[MANUAL]);
    must(seen.state == 0 && (seen.queue == 0 || (died && seen.queue == 2)));
    if (seen.queue)
        must(wo_event_pulse(shared[MANUAL]) == 0);
    released(&first, "0 0");
    released(&second, "0 0");
    after_any(died);
}

static void before_two_on_auto(void)
{
    rest();
    crash_let_wait(&first, "one 1");
    crash_let_wait(&second, "one 1");
}

/* The first is released, or as before. Set and pulse look the same here. */
static void after_set_auto(bool died)
{
    struct crash_look seen = crash_look(shared[AUTO]);
    must(seen.state == 0 && (seen.queue == 1 || (died && seen.queue == 2)));
    if (seen.queue == 2)
        must(wo_event_set(shared[AUTO]) == 0);
    released(&first, "0 0");
    must(wo_test_blocked(second.pid));
    must(wo_event_set(shared[AUTO]) == 0);
    released(&second, "0 0");
    after_any(died);
}

static void before_poll(void)
{
    rest();
    crash_let_wait(&first, "proc 1");
    crash_let_wait(&second, "proc 2 1");
}

static void after_poll(bool died)
{
    struct crash_look seen = crash_look(shared[AUTO]);
    must(seen.state == 0 && (seen.queue == 1 || (died && seen.queue == 2)));
    if (seen.queue == 2)
        must(wo_event_set(shared[AUTO]) == 0);
    released(&first, "0 0");
    must(wo_event_set(shared[AUTO]) == 0);
    released(&second, "0 1");
    after_any(died);
}

/* One waits for any of two, one for all three. */
static void before_any_all(void)
{
    rest();
    must(wo_event_set(shared[OTHER]) == 0);
    must(wo_event_set(shared[MANUAL]) == 0);
    crash_let_wait(&first, "all 0 1 2");
    must(wo_event_reset(shared[OTHER]) == 0);
    crash_let_wait(&second, "any 2 1");
    must(wo_event_set(shared[AUTO]) == 0);
    released(&second, "0 1");
    crash_let_wait(&second, "any 2");
    must(wo_event_set(shared[OTHER]) == 0);
    released(&second, "0 0");
    must(wo_event_reset(shared[AUTO]) == 0);
    must(wo_event_set(shared[OTHER]) == 0);
    crash_let_wait(&second, "any 1");
}

/* Setting AUTO completes the first one's wait for all: both auto-reset events are taken. */
static void after_any_all(bool died)
{
    struct crash_look seen = crash_look(shared[AUTO]), other = crash_look(shared[OTHER]);
    must(seen.state == 0);
    must((seen.queue == 1 && other.state == 0 && other.queue == 0) ||
         (died && seen.queue == 2 && other.state == 1 && other.queue == 1));
    if (seen.queue == 2)
        must(wo_event_set(shared[AUTO]) == 0);
    released(&first, "0 0");
    must(crash_look(shared[OTHER]).state == 0);
    must(wo_event_set(shared[AUTO]) == 0);
    released(&second, "0 0");
    after_any(died);
}

/* A waiter that was killed in its sleep is first in the queue; nobody has attached since. */
static void meet_dead_waiter(pid_t pid)
{
    struct wo_test_child dead;
    (void)pid;
    wo_test_spawn(&dead, "waiter", names[MANUAL], names[AUTO], names[OTHER], NULL);
    wo_test_expect(&dead, "ready");
    crash_let_wait(&dead, number % 2 ? "any 1 2" : "proc 2 1");
    wo_test_kill(&dead);
    crash_let_wait(&first, "one 1");
}

static void after_dead_waiter(bool died)
{
    struct crash_look seen = crash_look(shared[AUTO]);
    must(seen.state == 0 && (died || seen.queue == 0));
    if (seen.queue) /* the dead one may be gone already: that is a transaction of its own */
        must(wo_event_set(shared[AUTO]) == 0);
    released(&first, "0 0");
    after_any(died);
}

static void before_signaled(void)
{
    for (int i = 0; i < SHARED_EVENTS; i++)
        must(wo_event_set(shared[i]) == 0);
}

static void after_reset(bool died)
{
    uint32_t state = crash_look(shared[MANUAL]).state;
    must(state == 0 || (died && state == 1));
    after_any(died);
}

static void after_take(bool died)
{
    uint32_t state = crash_look(shared[AUTO]).state;
    must(state == 0 || (died && state == 1));
    must(crash_look(shared[OTHER]).state == 1);
    after_any(died);
}

static void after_take_all(bool died)
{
    uint32_t a = crash_look(shared[AUTO]).state, b = crash_look(shared[OTHER]).state;
    must(a == b && (a == 0 || died));
    must(crash_look(shared[MANUAL]).state == 1);
    after_any(died);
}

/* A signal with a pollable descriptor of this process: never signaled and not readable. */
static int watched = -1;

static void before_watch(void)
{
    rest();
    if (watched < 0)
        must(wo_pollfd(shared[AUTO], &watched) == 0);
    must(wo_wait(shared[AUTO], 0) == -ETIMEDOUT);
    struct pollfd p = {watched, POLLIN, 0};
    must(poll(&p, 1, 0) == 0);
}

static void after_watch(bool died)
{
    struct pollfd p = {watched, POLLIN, 0};
    uint32_t state = crash_look(shared[AUTO]).state;
    must(state == 1 || died);
    must(state == 0 || poll(&p, 1, 0) == 1);
    must(wo_event_set(shared[AUTO]) == 0);
    must(poll(&p, 1, 0) == 1);
    must(wo_wait(shared[AUTO], 0) == 0);
    must(poll(&p, 1, 0) == 1 || wo_wait(shared[AUTO], 0) == -ETIMEDOUT);
    rest();
}

/* Somebody died who had a lot: objects of its own, shared ones, a wait. */
static int role_rich(int argc, char **argv)
{
    wo_handle own;
    char name[32];
    open_all();
    for (int i = 0; i < 3; i++) {
        snprintf(name, sizeof name, "death.rich.%d", i);
        need(wo_event_create(&own, name, 0, NULL) == 0);
    }
    prepare_process();
    wo_test_say("ready");
    wo_wait_any(pair, 2, WO_INFINITE, NULL);
    return argc > 5 ? argv[0][0] : 0;
}

static void before_purge(void)
{
    struct wo_test_child rich;
    rest();
    wo_test_spawn(&rich, "rich", NULL);
    wo_test_expect(&rich, "ready");
    must(wo_test_blocked(rich.pid));
    wo_test_kill(&rich);
}

/* For a victim that must not have purged it when it attached. */
static void meet_purge(pid_t pid)
{
    (void)pid;
    before_purge();
}

static void after_purge(bool died)
{
    wo_handle h;
    must(wo_event_open(&h, "death.rich.1", WO_ACCESS_ALL) == -ENOENT);
    after_any(died);
}

/* The next object, block and name need new memory: all free items are taken, and the pool's limit
 * is put where it is used up. (The memory behind it stays; reserving it again does no harm.) */
static wo_handle filler[8192];
static size_t fillers;

static bool exhaust(struct wo__arena *a, enum wo__pool_id id)
{
    struct wo__pool *p = &a->header->pools[id];
    p->reserved = p->used;
    return p->free == 0;
}

static void before_growth(void)
{
    int rc;
    char name[32];
    struct wo__arena *a = wo__shared_arena(&rc);
    const struct wo__pool *p = a->header->pools;
    rest();
    while (p[WO__POOL_CELL].free || p[WO__POOL_HOLD].free || p[WO__POOL_NAME].free) {
        must(fillers < sizeof filler / sizeof filler[0]);
        snprintf(name, sizeof name, "death.fill.%zu", fillers);
        must(wo_event_create(&filler[fillers++], name, 0, NULL) == 0);
    }
    snprintf(name, sizeof name, "any 2*%u", p[WO__POOL_BLOCK].used - p[WO__POOL_BLOCK].live);
    crash_let_wait(&first, name);
    must(wo__arena_lock(a) == 0);
    bool all = exhaust(a, WO__POOL_CELL);
    all &= exhaust(a, WO__POOL_HOLD);
    all &= exhaust(a, WO__POOL_NAME);
    all &= exhaust(a, WO__POOL_BLOCK);
    a->header->log_reserved = 8192;
    wo__arena_abort(a);
    must(all);
}

static void act_growth(void)
{
    act_create();
    act_wait_any();
}

static void after_growth(bool died)
{
    must(wo_event_set(shared[OTHER]) == 0);
    released(&first, "0 0");
    after_create(died);
    while (fillers > 0)
        must(wo_close(filler[--fillers]) == 0);
}

static wo_handle victim_process;

static void meet_process(pid_t pid)
{
    must(wo_process_open(&victim_process, pid, WO_ACCESS_WAIT | WO_ACCESS_QUERY) == 0);
}

/* The whole code, or what the system tells of a process that was killed (nothing, if it was not
 * ours to reap). */
static void after_exit_record(bool died)
{
    uint32_t code = 0;
    int rc = wo_process_exit_code(victim_process, &code);
    if (died)
        must(rc == -ECHILD || (rc == 0 && (code == CODE || code == 0xE0000000u + SIGKILL)));
    else
        must(rc == 0 && code == WO_STILL_ACTIVE);
    must(wo_close(victim_process) == 0);
    after_any(died);
}

static const struct scenario scenarios[] = {
    {"create", rest, open_all, NULL, act_create, after_create},
    {"create existing", rest, NULL, NULL, act_create_existing, after_any},
    {"attach and open", rest, NULL, NULL, act_open, after_any},
    {"attach and purge", before_purge, NULL, NULL, act_open, after_purge},
    {"close", rest, open_all, NULL, act_close_shared, after_any},
    {"last close", rest, act_create, NULL, act_close_extra, after_close_extra},
    {"set manual", before_two_on_manual, open_all, NULL, act_set_manual, after_set_manual},
    {"set auto", before_two_on_auto, open_all, NULL, act_set_auto, after_set_auto},
    {"set auto, in poll", before_poll, open_all, NULL, act_set_auto, after_poll},
    {"set, wait for all", before_any_all, open_all, NULL, act_set_auto, after_any_all},
    {"set, dead waiter", rest, open_all, meet_dead_waiter, act_set_auto, after_dead_waiter},
    {"set, watched", before_watch, open_all, NULL, act_set_auto, after_watch},
    {"reset", before_signaled, open_all, NULL, act_reset, after_reset},
    {"pulse manual", before_two_on_manual, open_all, NULL, act_pulse_manual, after_pulse_manual},
    {"pulse auto", before_two_on_auto, open_all, NULL, act_pulse_auto, after_set_auto},
    {"wait, timeout", rest, open_all, NULL, act_wait, after_any},
    {"wait any, timeout", rest, open_all, NULL, act_wait_any, after_any},
    {"wait all, timeout", rest, open_all, NULL, act_wait_all, after_any},
    {"wait, in poll", rest, prepare_process, NULL, act_wait_pair, after_any},
    {"take", before_signaled, open_all, NULL, act_take, after_take},
    {"take all", before_signaled, open_all, NULL, act_take_all, after_take_all},
    {"promote", rest, prepare_private, NULL, act_promote, after_any},
    {"promote, in poll", rest, prepare_private_poll, NULL, act_promote, after_any},
    {"end of a thread", rest, prepare_thread, NULL, act_thread_end, after_any},
    {"watch", rest, open_all, NULL, act_pollfd, after_any},
    {"fork", rest, open_all, NULL, act_fork, after_any},
    {"purge", rest, open_all, meet_purge, act_usage, after_purge},
    {"pool growth", before_growth, open_all, NULL, act_growth, after_growth},
    {"exit record", rest, open_all, meet_process, act_exit_record, after_exit_record},
};
enum { SCENARIOS = sizeof scenarios / sizeof scenarios[0] };

/* ---- The runs -------------------------------------------------------------------------------- */

/* Arguments: scenario, n. */
static int role_victim(int argc, char **argv)
{
    const struct scenario *s = &scenarios[argc > 2 ? strtoul(argv[1], NULL, 10) % SCENARIOS : 0];
    if (s->prepare)
        s->prepare();
    wo_test_say("ready");
    wo_test_await("go");
    crash_at((unsigned)strtoul(argv[2], NULL, 10), argc > 3 ? argv[3] : NULL);
    s->act();
    crash_never();
    wo_test_say("done");
    wo_test_await("end");
    return 0;
}

static void spawn_victim(struct wo_test_child *v, size_t s, unsigned n, const char *only)
{
    char which[16], when[16];
    snprintf(which, sizeof which, "%zu", s);
    snprintf(when, sizeof when, "%u", n);
    wo_test_spawn(v, "victim", which, when, only, NULL);
}

static void finish_victim(struct wo_test_child *v)
{
    wo_test_send(v, "end");
    wo_test_expect_exit(v, 0);
}

static void must_be_valid(void)
{
    const char *fault = "";
    int rc = wo_validate();
    if (rc != 0)
        fail_msg("%s, death %u (%s): wo_validate: %d %s", scenario, number, point, rc, fault);
}

/* One life of the victim; true: it died. */
static bool live(size_t i, unsigned n)
{
    const struct scenario *s = &scenarios[i];
    struct wo_test_child v;
    number = n;
    point = "-";
    if (s->before)
        s->before();
    spawn_victim(&v, i, n, NULL);
    wo_test_expect(&v, "ready");
    if (s->meet)
        s->meet(v.pid);
    bool died = crash_go(&v, &point);
    must_be_valid();
    s->after(died);
    if (!died)
        finish_victim(&v);
    must_be_valid();
    return died;
}

static void must_count(const struct crash_counts *before)
{
    struct crash_counts now = crash_count();
    /* A forked child of the victim may still be on its way out. */
    for (int i = 0; i < 2000 && !crash_same(before, &now); i++) {
        wo_test_pause();
        now = crash_count();
    }
    if (crash_same(before, &now))
        return;
    crash_print("before", before);
    crash_print("now", &now);
    wo_test_runtime_list();
    fail_msg("%s, death %u (%s): something was left behind", scenario, number, point);
}

static void run(size_t i)
{
    scenario = scenarios[i].name;
    assert_false(live(i, 0));
    struct crash_counts before = crash_count();
    unsigned n = 1;
    while (live(i, n)) {
        must_count(&before);
        n++;
    }
    must_count(&before);
    print_message("# %s: %u deaths\n", scenario, n - 1);
    assert_true(n > 1);
}

static void start_waiter(struct wo_test_child *c)
{
    wo_test_spawn(c, "waiter", names[MANUAL], names[AUTO], names[OTHER], NULL);
    wo_test_expect(c, "ready");
}

static int setup(void **state)
{
    (void)state;
    for (int i = 0; i < SHARED_EVENTS; i++)
        if (wo_event_create(&shared[i], names[i], i == MANUAL ? WO_EVENT_MANUAL : 0, NULL) != 0)
            return -1;
    crash_warm_up();
    start_waiter(&first);
    start_waiter(&second);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    for (int i = 0; i < SHARED_EVENTS; i++)
        wo_close(shared[i]);
    while (fillers > 0)
        wo_close(filler[--fillers]);
    watched = -1;
    return 0;
}

static void test_each(void **state)
{
    run((size_t)(uintptr_t)*state);
}

/* ---- Dying while undoing what a dead process left -------------------------------------------- */

static size_t scenario_named(const char *name)
{
    size_t i = 0;
    while (strcmp(scenarios[i].name, name) != 0)
        i++;
    return i;
}

/* The first victim dies at its n-th point, the second at the m-th step of undoing that. */
static bool live_twice(size_t i, unsigned n, unsigned m)
{
    const struct scenario *s = &scenarios[i];
    struct wo_test_child v, next;
    number = n;
    point = "-";
    s->before();
    spawn_victim(&next, scenario_named("purge"), m, "tx.undone");
    wo_test_expect(&next, "ready");
    spawn_victim(&v, i, n, NULL);
    wo_test_expect(&v, "ready");
    bool died = crash_go(&v, &point);
    bool again = crash_go(&next, &point);
    must_be_valid();
    s->after(died);
    if (!died)
        finish_victim(&v);
    if (!again)
        finish_victim(&next);
    return again;
}

static void test_recovery(void **state)
{
    static const char *const which[] = {"set, wait for all", "last close", "pulse manual"};
    unsigned step = wo_test_rounds(3, 1);
    (void)state;
    for (size_t k = 0; k < sizeof which / sizeof which[0]; k++) {
        size_t i = scenario_named(which[k]);
        unsigned deaths = 0;
        scenario = which[k];
        assert_false(live(i, 0));
        struct crash_counts before = crash_count();
        for (unsigned n = 1; live(i, n); n += step) {
            for (unsigned m = 1; live_twice(i, n, m); m += step)
                deaths++;
            must_count(&before);
        }
        print_message("# %s: %u deaths while undoing\n", scenario, deaths);
    }
}

/* ---- The next one comes before anybody else has noticed -------------------------------------- */

static bool newcomer_after(size_t i, unsigned n)
{
    struct wo_test_child v, next;
    number = n;
    spawn_victim(&v, i, n, NULL);
    wo_test_expect(&v, "ready");
    bool died = crash_go(&v, &point);
    const char *where;
    spawn_victim(&next, i, 0, NULL);
    wo_test_expect(&next, "ready");
    must(!crash_go(&next, &where));
    finish_victim(&next);
    must_be_valid();
    if (!died)
        finish_victim(&v);
    return died;
}

static void test_newcomer(void **state)
{
    size_t i = scenario_named("attach and open");
    unsigned n = 1;
    (void)state;
    scenario = "newcomer after a death in attaching";
    while (newcomer_after(i, n))
        n++;
    after_any(true);
}

/* ---- Nobody is there yet --------------------------------------------------------------------- */

/* Role: the first one to attach. Says "ready", goes, dies or says "done". */
static int role_pioneer(int argc, char **argv)
{
    setenv("WAITOBJ_RUNTIME_DIR", argv[2], 1);
    wo_test_say("ready");
    wo_test_await("go");
    crash_at((unsigned)strtoul(argv[1], NULL, 10), NULL);
    act_create();
    crash_never();
    wo_test_say("done");
    wo_test_await("end");
    return argc > 9;
}

/* Role: comes after the pioneer; finds the object only if the pioneer lives. */
static int role_settler(int argc, char **argv)
{
    struct wo_usage u;
    setenv("WAITOBJ_RUNTIME_DIR", argv[2], 1);
    int rc = wo_event_open(&extra, "death.new", WO_ACCESS_ALL);
    need(rc == (strcmp(argv[1], "0") == 0 ? 0 : -ENOENT));
    need(wo_usage(&u) == 0 && u.processes == (rc == 0 ? 2 : 1));
    need(u.shared_objects == (rc == 0));
    need(wo_event_create(&extra, "death.next", 0, NULL) == 0);
    need(wo_event_set(extra) == 0 && wo_wait(extra, 0) == 0);
    return wo_validate() == 0 && argc < 9 ? 0 : 94;
}

static bool pioneer_dies(unsigned n, const char *dir)
{
    struct wo_test_child pioneer, settler;
    char when[16];
    snprintf(when, sizeof when, "%u", n);
    number = n;
    wo_test_spawn(&pioneer, "pioneer", when, dir, NULL);
    wo_test_expect(&pioneer, "ready");
    bool died = crash_go(&pioneer, &point);
    wo_test_spawn(&settler, "settler", died ? "1" : "0", dir, NULL);
    must(wo_test_reap(&settler) == 0);
    if (!died)
        finish_victim(&pioneer);
    return died;
}

static void test_first_attach(void **state)
{
    char dir[4096];
    unsigned n = 1;
    (void)state;
    scenario = "first attach";
    snprintf(dir, sizeof dir, "%s/other", wo_test_runtime());
    while (pioneer_dies(n, dir))
        n++;
    print_message("# first attach: %u deaths\n", n - 1);
    wo_test_remove_tree(dir);
}

static const struct wo_test_role roles[] = {
    {"victim", role_victim},   {"waiter", crash_role_waiter}, {"rich", role_rich},
    {"pioneer", role_pioneer}, {"settler", role_settler},     {NULL, NULL}};

/* One test per scenario, then the others. */
int main(int argc, char **argv)
{
    struct CMUnitTest tests[SCENARIOS + 3];
    for (size_t i = 0; i < SCENARIOS; i++)
        tests[i] = (struct CMUnitTest){scenarios[i].name, test_each, setup, teardown,
                                       (void *)(uintptr_t)i};
    tests[SCENARIOS] =
        (struct CMUnitTest)cmocka_unit_test_setup_teardown(test_recovery, setup, teardown);
    tests[SCENARIOS + 1] =
        (struct CMUnitTest)cmocka_unit_test_setup_teardown(test_newcomer, setup, teardown);
    tests[SCENARIOS + 2] = (struct CMUnitTest)cmocka_unit_test(test_first_attach);
    return wo_test_main(argc, argv, __FILE__, tests, SCENARIOS + 3, roles);
}
