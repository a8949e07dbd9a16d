/* test_stopped.c: processes that are stopped (SIGSTOP), in a wait or with the arena's lock.
 *
 * A stopped waiter hinders nobody: it is given what it waited for, and takes it when it goes on. A
 * process that is stopped in the few instructions under the arena's lock delays everybody else
 * until it goes on or dies; nothing is lost. */
#include "crash.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "testhook.h"

static const char *const names[] = {"stopped.manual", "stopped.auto"};
static wo_handle manual, automatic;

static int setup(void **state)
{
    (void)state;
    if (wo_event_create(&manual, names[0], WO_EVENT_MANUAL, NULL) != 0)
        return -1;
    return wo_event_create(&automatic, names[1], 0, NULL);
}

static int teardown(void **state)
{
    (void)state;
    wo_test_kill_all();
    wo_close(manual);
    wo_close(automatic);
    return 0;
}

static void start_waiter(struct wo_test_child *c)
{
    wo_test_spawn(c, "waiter", names[0], names[1], NULL);
    wo_test_expect(c, "ready");
}

static void stop(const struct wo_test_child *c)
{
    kill(c->pid, SIGSTOP);
    wo_test_eventually(wo_test_state(c->pid) == 'T');
}

static bool silent(const struct wo_test_child *c)
{
    struct pollfd p = {c->from, POLLIN, 0};
    return c->used == 0 && poll(&p, 1, 20) == 0;
}

/* ---- Stopped waiters ------------------------------------------------------------------------- */

static void with_stopped_waiter(const char *command)
{
    struct wo_test_child stopped, living;
    start_waiter(&stopped);
    start_waiter(&living);
    crash_let_wait(&stopped, command);
    crash_let_wait(&living, "one 1");
    stop(&stopped);
    assert_int_equal(wo_event_set(automatic), 0); /* the stopped one's: it was first */
    assert_int_equal(crash_look(automatic).queue, 1);
    assert_int_equal(wo_event_set(automatic), 0);
    wo_test_expect(&living, "0 0");
    assert_int_equal(wo_wait(automatic, 0), -ETIMEDOUT);
    assert_int_equal(wo_validate(), 0);
    assert_true(silent(&stopped));
    kill(stopped.pid, SIGCONT);
    wo_test_expect(&stopped, "0 0");
    wo_test_kill(&stopped);
    wo_test_kill(&living);
}

static void test_waiter(void **state)
{
    (void)state;
    with_stopped_waiter("one 1");
    with_stopped_waiter("any 1 0");
    with_stopped_waiter("proc 1");
}

static void test_many_waiters(void **state)
{
    enum { COUNT = 8 };
    struct wo_test_child c[COUNT];
    (void)state;
    for (int i = 0; i < COUNT; i++) {
        start_waiter(&c[i]);
        crash_let_wait(&c[i], i % 3 ? "one 0" : "proc 0");
        if (i % 2)
            stop(&c[i]);
    }
    assert_int_equal(wo_event_set(manual), 0);
    assert_int_equal(wo_event_reset(manual), 0);
    for (int i = 0; i < COUNT; i += 2)
        wo_test_expect(&c[i], "0 0");
    for (int i = 1; i < COUNT; i += 2) {
        kill(c[i].pid, SIGCONT);
        wo_test_expect(&c[i], "0 0");
    }
}

/* ---- Stopped with the lock ------------------------------------------------------------------- */

static unsigned left;

static void hook(const char *point)
{
    if (--left == 0) {
        wo_test_say("at %s", point);
        kill(getpid(), SIGSTOP);
    }
}

/* Argument: at which test point to stop. Sets the auto-reset event. */
static int role_setter(int argc, char **argv)
{
    wo_handle h;
    if (argc < 2 || wo_event_open(&h, names[1], WO_ACCESS_ALL) != 0)
        return 1;
    wo_test_say("ready");
    wo_test_await("go");
    left = (unsigned)atoi(argv[1]);
    wo__test_hook = hook;
    int rc = wo_event_set(h);
    wo__test_hook = NULL;
    wo_test_say("done");
    wo_test_await("end");
    return rc ? 2 : 0;
}

static int64_t use(void *arg)
{
    int rc = wo_event_reset(manual);
    (void)arg;
    return rc ? rc : wo_event_set(automatic);
}

/* One setter, stopped at its n-th point; false: it was through before. */
static bool stop_at(unsigned n, bool then_kill)
{
    struct wo_test_child setter, first, second;
    struct wo_test_thread user;
    char when[16];
    start_waiter(&first);
    start_waiter(&second);
    crash_let_wait(&first, "one 1");
    crash_let_wait(&second, "proc 1");
    snprintf(when, sizeof when, "%u", n);
    wo_test_spawn(&setter, "setter", when, NULL);
    wo_test_expect(&setter, "ready");
    wo_test_send(&setter, "go");
    const char *said = wo_test_receive(&setter);
    bool stopped = strncmp(said, "at ", 3) == 0;
    if (stopped)
        wo_test_eventually(wo_test_state(setter.pid) == 'T');
    wo_test_thread_start(&user, use, NULL); /* delayed, or not */
    if (stopped && then_kill) {
        wo_test_kill(&setter);
    } else if (stopped) {
        kill(setter.pid, SIGCONT);
        wo_test_expect(&setter, "done");
    }
    assert_int_equal(wo_test_thread_join(&user), 0);
    wo_test_expect(&first, "0 0");
    /* Two signals released both, unless the setter was killed before its own counted. */
    if (stopped && then_kill && crash_look(automatic).queue)
        assert_int_equal(wo_event_set(automatic), 0);
    wo_test_expect(&second, "0 0");
    assert_int_equal(wo_validate(), 0);
    assert_int_equal(wo_event_reset(automatic), 0);
    wo_test_kill_all();
    crash_count(); /* sweeps */
    return stopped;
}

static void test_lock_holder(void **state)
{
    (void)state;
    for (int kill = 0; kill < 2; kill++)
        for (unsigned n = 1; stop_at(n, kill); n++)
            ;
}

static const struct wo_test_role roles[] = {
    {"waiter", crash_role_waiter}, {"setter", role_setter}, {NULL, NULL}};

#define test(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
static const struct CMUnitTest tests[] = {
    test(test_waiter),
    test(test_many_waiters),
    test(test_lock_holder),
};
WO_TEST_MAIN(tests, roles)
