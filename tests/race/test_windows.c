/* test_windows.c: the narrow windows of a wait, held open by hooks.
 *
 * A hook runs in the thread that reaches a point of the library. It stops there until the test
 * has proof that the other side is where the window wants it. */
#include "crew.h"

#include <errno.h>
#include <semaphore.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "testhook.h"

/* ---- A thread that stops at a point --------------------------------------------------------- */

static struct stop {
    const char *_Atomic point; /* where; NULL: nowhere */
    pthread_t thread;          /* only this one */
    sem_t there, go_on;
} stop;

static void wait_for(sem_t *s)
{
    struct timespec end;
    clock_gettime(CLOCK_REALTIME, &end);
    end.tv_sec += (time_t)(WO_TEST_PATIENCE_NS / 1000000000u);
    int rc;
    do
        rc = sem_timedwait(s, &end);
    while (rc < 0 && errno == EINTR);
    if (rc < 0) {
        fprintf(stderr, "a thread does not come to its point\n");
        abort();
    }
}

static void stop_hook(const char *point)
{
    const char *at = atomic_load(&stop.point);
    if (!at || !pthread_equal(pthread_self(), stop.thread) || strcmp(at, point) != 0)
        return;
    atomic_store(&stop.point, NULL);
    sem_post(&stop.there);
    wait_for(&stop.go_on);
}

static void stop_setup(void)
{
    atomic_store(&stop.point, NULL);
    sem_init(&stop.there, 0, 0);
    sem_init(&stop.go_on, 0, 0);
    wo__test_hook = stop_hook;
}

/* The thread stops when it gets to the point. It must not be in the library now. */
static void stop_at(pthread_t thread, const char *point)
{
    stop.thread = thread;
    atomic_store(&stop.point, point);
}

/* A member orders something and is held at the point. */
static void hold(struct crew *c, size_t member, const char *point, char op, unsigned first,
                 unsigned count, int64_t timeout_ns)
{
    stop_at(c->members[member].thread.thread, point);
    crew_order(c, member, op, first, count, timeout_ns);
    wait_for(&stop.there);
}

/* The same; false: the order was carried out without coming to the point. */
static bool try_to_hold(struct crew *c, size_t member, const char *point, char op, unsigned event)
{
    bool there;
    stop_at(c->members[member].thread.thread, point);
    crew_order(c, member, op, event, 1, 0);
    wo_test_eventually((there = sem_trywait(&stop.there) == 0) || crew_has_result(c, member));
    atomic_store(&stop.point, NULL);
    return there;
}

static void release_it(void)
{
    sem_post(&stop.go_on);
}

static unsigned rounds(void)
{
    return wo_test_rounds(100, 1000);
}

/* ---- The signaller stops -------------------------------------------------------------------- */

/* The signaller has marked the waiter but not committed. The waiter, woken for no reason or at its
 * limit, must not return before. */
static void waiter_waits_for_commit(enum crew_kind kind, const char *point)
{
    struct crew c;
    stop_setup();
    crew_open(&c, kind, 2, "a");
    for (unsigned r = 0; r < rounds(); r++) {
        crew_order(&c, 0, 'w', 0, 1, CREW_NO_TIMEOUT);
        wo_test_eventually(queued_on(c.events[0]) == 1);
        hold(&c, 1, point, 's', 0, 1, 0);
        assert_true(wo_test_blocked(c.members[0].thread.tid));
        release_it();
        assert_int_equal(crew_result(&c, 1), 0);
        assert_int_equal(crew_result(&c, 0), 0);
        assert_false(signaled(c.events[0]));
    }
    crew_close(&c);
    wo__test_hook = NULL;
}

static void held_before_commit_private(void **state)
{
    (void)state;
    waiter_waits_for_commit(CREW_PRIVATE, "tx.commit");
}

static void held_before_commit_named(void **state)
{
    (void)state;
    waiter_waits_for_commit(CREW_NAMED, "tx.commit");
}

static void held_half_committed(void **state)
{
    (void)state;
    waiter_waits_for_commit(CREW_NAMED, "tx.committed");
}

/* The waiter's limit runs out while the signaller is inside: at `point`, the waiter is then asleep
 * on the arena's lock, or believes its status. Either way it has the signal. */
static void limit_runs_out_inside(enum crew_kind kind, const char *point)
{
    struct crew c;
    stop_setup();
    crew_open(&c, kind, 2, "a");
    for (unsigned r = 0; r < rounds(); r++) {
        crew_order(&c, 0, 'w', 0, 1, 20 * (int64_t)WO_TEST_MS);
        uint64_t over = wo_test_now() + 21 * WO_TEST_MS;
        wo_test_eventually(queued_on(c.events[0]) == 1 || wo_test_now() > over);
        if (try_to_hold(&c, 1, point, 's', 0)) {
            wo_test_eventually(wo_test_now() > over);
            assert_true(wo_test_blocked(c.members[0].thread.tid));
            release_it();
        }
        assert_int_equal(crew_result(&c, 1), 0);
        int rc = crew_result(&c, 0);
        assert_true(rc == 0 || rc == -ETIMEDOUT);
        assert_int_equal(signaled(c.events[0]), rc != 0);
        if (rc != 0)
            assert_int_equal(wo_event_reset(c.events[0]), 0);
    }
    crew_close(&c);
    wo__test_hook = NULL;
}

static void limit_after_lock_private(void **state)
{
    (void)state;
    limit_runs_out_inside(CREW_PRIVATE, "arena.locked");
}

static void limit_after_lock_named(void **state)
{
    (void)state;
    limit_runs_out_inside(CREW_NAMED, "arena.locked");
}

static void limit_after_done_private(void **state)
{
    (void)state;
    limit_runs_out_inside(CREW_PRIVATE, "wait.done");
}

static void limit_after_done_named(void **state)
{
    (void)state;
    limit_runs_out_inside(CREW_NAMED, "wait.done");
}

/* One signaller is held in the middle, the other stands at the lock behind it. */
static void two_signallers(enum crew_kind kind)
{
    struct crew c;
    if (kind == CREW_PROCESSES)
        return;
    stop_setup();
    crew_open(&c, kind, 4, "aa");
    for (unsigned r = 0; r < rounds(); r++) {
        crew_order(&c, 0, 'w', 0, 2, CREW_NO_TIMEOUT);
        wo_test_eventually(queued_on(c.events[1]) == 1);
        crew_order(&c, 1, 'w', 0, 2, CREW_NO_TIMEOUT);
        wo_test_eventually(queued_on(c.events[1]) == 2);
        hold(&c, 2, "wait.done", 's', 0, 1, 0);
        crew_order(&c, 3, 's', 1, 1, 0);
        assert_true(wo_test_blocked(c.members[3].thread.tid));
        release_it();
        crew_expect_released(&c, 2, 4);
        assert_int_equal(crew_result(&c, 0), 0);
        assert_int_equal(crew_result(&c, 1), 1);
        assert_false(signaled(c.events[0]));
        assert_false(signaled(c.events[1]));
    }
    crew_close(&c);
    wo__test_hook = NULL;
}

static void two_signallers_private(void **state)
{
    (void)state;
    two_signallers(CREW_PRIVATE);
}

static void two_signallers_named(void **state)
{
    (void)state;
    two_signallers(CREW_NAMED);
}

/* ---- A wait that sleeps in poll ------------------------------------------------------------- */

/* Any of an event and a process that lives on: the thread sleeps in poll. */
struct polling {
    wo_handle both[2];
};

static int64_t wait_in_poll(void *arg)
{
    struct polling *p = arg;
    size_t index = 99;
    int rc = wo_wait_any(p->both, 2, WO_INFINITE, &index);
    return rc < 0 ? rc : (int64_t)index;
}

static struct {
    atomic_bool on; /* the rest is set */
    pid_t waiter;
    pthread_t thread;
} slow;

/* Each store of the signaller lets the waiter come to rest first, wherever it is. */
static void slow_hook(const char *point)
{
    if (atomic_load(&slow.on) && strcmp(point, "tx.stored") == 0 &&
        pthread_equal(pthread_self(), slow.thread))
        wo_test_blocked(slow.waiter);
}

static void slow_signal_reaches_poll(const char *name)
{
    struct polling p;
    struct wo_test_thread t;
    wo__test_hook = slow_hook;
    assert_int_equal(wo_process_open(&p.both[1], getpid(), WO_ACCESS_WAIT), 0);
    for (unsigned r = 0; r < wo_test_rounds(20, 200); r++) {
        assert_int_equal(wo_event_create(&p.both[0], name, 0, NULL), 0);
        wo_test_thread_start(&t, wait_in_poll, &p);
        wo_test_eventually(queued_on(p.both[0]) == 1);
        assert_true(wo_test_blocked(t.tid));
        slow.waiter = t.tid;
        slow.thread = pthread_self();
        atomic_store(&slow.on, true);
        assert_int_equal(wo_event_set(p.both[0]), 0);
        atomic_store(&slow.on, false);
        assert_int_equal(wo_test_thread_join(&t), 0);
        assert_false(signaled(p.both[0]));
        assert_int_equal(wo_close(p.both[0]), 0);
    }
    wo__test_hook = NULL;
    assert_int_equal(wo_close(p.both[1]), 0);
}

static void slow_signal_reaches_poll_private(void **state)
{
    (void)state;
    slow_signal_reaches_poll(NULL);
}

static void slow_signal_reaches_poll_named(void **state)
{
    (void)state;
    slow_signal_reaches_poll("Local\\slow");
}

/* The same while the event is promoted. */
static void slow_promotion_reaches_poll(void **state)
{
    struct polling p;
    struct wo_test_thread t;
    int fd;
    (void)state;
    wo__test_hook = slow_hook;
    assert_int_equal(wo_process_open(&p.both[1], getpid(), WO_ACCESS_WAIT), 0);
    for (unsigned r = 0; r < wo_test_rounds(10, 100); r++) {
        assert_int_equal(wo_event_create(&p.both[0], NULL, 0, NULL), 0);
        wo_test_thread_start(&t, wait_in_poll, &p);
        wo_test_eventually(queued_on(p.both[0]) == 1);
        assert_true(wo_test_blocked(t.tid));
        slow.waiter = t.tid;
        slow.thread = pthread_self();
        atomic_store(&slow.on, true);
        assert_int_equal(wo_pollfd(p.both[0], &fd), 0);
        atomic_store(&slow.on, false);
        assert_int_equal(wo_event_set(p.both[0]), 0);
        assert_int_equal(wo_test_thread_join(&t), 0);
        assert_false(signaled(p.both[0]));
        assert_int_equal(wo_close(p.both[0]), 0);
    }
    wo__test_hook = NULL;
    assert_int_equal(wo_close(p.both[1]), 0);
}

/* ---- Between queueing and sleeping ---------------------------------------------------------- */

enum { PROMOTE = 1, SET = 2, RESET = 4 };

/* The waiter stands in the queue and does not sleep yet; then all this happens at once. */
static void act_on(wo_handle h, int what)
{
    int fd;
    if (what & PROMOTE)
        assert_int_equal(wo_pollfd(h, &fd), 0);
    if (what & SET)
        assert_int_equal(wo_event_set(h), 0);
    if (what & RESET)
        assert_int_equal(wo_event_reset(h), 0);
}

static void before_sleep(enum crew_kind kind, char op, unsigned count)
{
    struct crew c;
    char name[32];
    stop_setup();
    crew_open(&c, kind, 1, "mm");
    for (unsigned r = 0; r < rounds(); r++) {
        int what = (int)(r % 8);
        for (unsigned i = 0; i < 2; i++) {
            wo_close(c.events[i]);
            snprintf(name, sizeof name, "Local\\window-%u", i);
            assert_int_equal(wo_event_create(&c.events[i], kind == CREW_PRIVATE ? NULL : name,
                                             WO_EVENT_MANUAL, NULL), 0);
        }
        if (op == 'a' && count == 2)
            assert_int_equal(wo_event_set(c.events[1]), 0);
        hold(&c, 0, "wait.sleep", op, 0, count, CREW_NO_TIMEOUT);
        assert_int_equal(queued_on(c.events[0]), 1);
        act_on(c.events[0], what);
        assert_int_equal(queued_on(c.events[0]), what & SET ? 0 : 1);
        assert_int_equal(wo_validate(), 0);
        release_it();
        if (!(what & SET)) {
            assert_true(wo_test_blocked(c.members[0].thread.tid));
            assert_int_equal(wo_event_pulse(c.events[0]), 0);
        }
        assert_int_equal(crew_result(&c, 0), 0);
        assert_int_equal(wo_validate(), 0);
    }
    crew_close(&c);
    wo__test_hook = NULL;
}

static void before_sleep_single(void **state)
{
    (void)state;
    before_sleep(CREW_PRIVATE, 'w', 1);
    before_sleep(CREW_NAMED, 'w', 1);
}

static void before_sleep_any(void **state)
{
    (void)state;
    before_sleep(CREW_PRIVATE, 'w', 2);
    before_sleep(CREW_NAMED, 'w', 2);
}

static void before_sleep_all(void **state)
{
    (void)state;
    before_sleep(CREW_PRIVATE, 'a', 2);
    before_sleep(CREW_NAMED, 'a', 2);
}

/* ---- The signaller dies --------------------------------------------------------------------- */

static char death[32];

static void die_hook(const char *point)
{
    if (strcmp(point, death) == 0)
        raise(SIGKILL);
}

/* argv: point, event to set. Dies on the way. */
static int role_dies(int argc, char **argv)
{
    wo_handle h;
    if (argc < 3 || wo_event_open(&h, argv[2], WO_ACCESS_ALL) < 0)
        return 1;
    snprintf(death, sizeof death, "%s", argv[1]);
    wo_test_say("ready");
    wo_test_await("go");
    wo__test_hook = die_hook;
    wo_event_set(h);
    return 2;
}

/* Before the commit nothing has happened, whether the waiter was woken or not; then all has. */
static void signaller_dies(enum crew_kind kind, const char *point, bool committed, char op)
{
    struct crew c;
    struct wo_test_child child;
    crew_open(&c, kind, 2, "aa");
    for (unsigned r = 0; r < wo_test_rounds(15, 200); r++) {
        if (op == 'a')
            assert_int_equal(wo_event_set(c.events[1]), 0);
        for (size_t i = 0; i < 2; i++) {
            crew_order(&c, i, op, 0, 2, CREW_NO_TIMEOUT);
            wo_test_eventually(queued_on(c.events[0]) == i + 1);
        }
        wo_test_spawn(&child, "dies", point, "Local\\crew-0", NULL);
        wo_test_expect(&child, "ready");
        wo_test_send(&child, "go");
        wo_test_expect_exit(&child, 1000 + SIGKILL);
        if (committed)
            assert_int_equal(crew_result(&c, 0), 0);
        assert_int_equal(queued_on(c.events[0]), committed ? 1 : 2);
        assert_false(signaled(c.events[0]));
        assert_int_equal(signaled(c.events[1]), op == 'a' && !committed);
        assert_int_equal(wo_validate(), 0);
        for (size_t i = committed; i < 2; i++) {
            if (op == 'a')
                assert_int_equal(wo_event_set(c.events[1]), 0);
            assert_int_equal(wo_event_set(c.events[0]), 0);
            assert_int_equal(crew_result(&c, i), 0);
        }
    }
    crew_close(&c);
}

static void signaller_dies_at(const char *point, bool committed)
{
    signaller_dies(CREW_NAMED, point, committed, 'w');
    signaller_dies(CREW_PROCESSES, point, committed, 'w');
    signaller_dies(CREW_PROCESSES, point, committed, 'a');
}

static void signaller_dies_at_done(void **state)
{
    (void)state;
    signaller_dies_at("wait.done", false);
}

static void signaller_dies_before_commit(void **state)
{
    (void)state;
    signaller_dies_at("tx.commit", false);
}

static void signaller_dies_in_commit(void **state)
{
    (void)state;
    signaller_dies_at("tx.committed", true);
}

static const struct wo_test_role roles[] = {
    {"crew", crew_role}, {"dies", role_dies}, {NULL, NULL}};
static const struct CMUnitTest tests[] = {
    cmocka_unit_test(held_before_commit_private),
    cmocka_unit_test(held_before_commit_named),
    cmocka_unit_test(held_half_committed),
    cmocka_unit_test(limit_after_lock_private),
    cmocka_unit_test(limit_after_lock_named),
    cmocka_unit_test(limit_after_done_private),
    cmocka_unit_test(limit_after_done_named),
    cmocka_unit_test(two_signallers_private),
    cmocka_unit_test(two_signallers_named),
    cmocka_unit_test(slow_signal_reaches_poll_private),
    cmocka_unit_test(slow_signal_reaches_poll_named),
    cmocka_unit_test(slow_promotion_reaches_poll),
    cmocka_unit_test(before_sleep_single),
    cmocka_unit_test(before_sleep_any),
    cmocka_unit_test(before_sleep_all),
    cmocka_unit_test(signaller_dies_at_done),
    cmocka_unit_test(signaller_dies_before_commit),
    cmocka_unit_test(signaller_dies_in_commit),
};
WO_TEST_MAIN(tests, roles)
