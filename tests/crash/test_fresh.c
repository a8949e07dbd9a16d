/* test_fresh.c: what is gone after a crash: the objects of killed holders, and with the last user
 * all that was.
 *
 * Each test has a place of its own, used by child processes only. */
#include "crash.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MS = 1000000, CROWD = 20 };

static char place[2048];

static void need(bool ok)
{
    if (!ok)
        _exit(96);
}

static int setup(void **state)
{
    (void)state;
    snprintf(place, sizeof place, "%s/place", wo_test_runtime());
    return mkdir(place, 0700);
}

static int teardown(void **state)
{
    (void)state;
    wo_test_kill_all();
    wo_test_remove_tree(place);
    return 0;
}

/* Holds "fresh.held", signaled, and an object of its own; waits for ever. */
static int role_holder(int argc, char **argv)
{
    wo_handle held, own, process;
    bool existed;
    char name[64];
    setenv("WAITOBJ_RUNTIME_DIR", argv[1], 1);
    need(argc > 2);
    snprintf(name, sizeof name, "fresh.own.%s", argv[2]);
    need(wo_event_create(&held, "fresh.held", WO_EVENT_MANUAL | WO_EVENT_SIGNALED, &existed) == 0);
    need(wo_event_create(&own, name, 0, NULL) == 0);
    need(wo_process_open(&process, getppid(), WO_ACCESS_WAIT) == 0);
    wo_test_say("%s", existed ? "opened" : "created");
    wo_wait_any((wo_handle[]){own, process}, 2, WO_INFINITE, NULL);
    return 0;
}

/* Says what it finds: does the held event exist, how many objects, waiters and processes. */
static int role_looker(int argc, char **argv)
{
    struct wo_usage u;
    wo_handle h;
    setenv("WAITOBJ_RUNTIME_DIR", argv[1], 1);
    int rc = wo_event_open(&h, "fresh.held", WO_ACCESS_ALL);
    need(wo_usage(&u) == 0 && wo_validate() == 0 && argc > 1);
    wo_test_say("%d %zu %zu %zu", rc, u.shared_objects, u.shared_waiters, u.processes);
    if (rc != 0) { /* really fresh: non-signaled, auto-reset */
        bool existed = true;
        need(wo_event_create(&h, "fresh.held", 0, &existed) == 0 && !existed);
        need(wo_wait(h, 0) == -ETIMEDOUT && wo_event_set(h) == 0);
        need(wo_wait(h, 0) == 0 && wo_wait(h, 0) == -ETIMEDOUT);
    }
    return 0;
}

static void look(const char *expected)
{
    struct wo_test_child c;
    wo_test_spawn(&c, "looker", place, NULL);
    wo_test_expect(&c, expected);
    wo_test_expect_exit(&c, 0);
}

static void hold(struct wo_test_child *c, int i, const char *expected)
{
    char number[16];
    snprintf(number, sizeof number, "%d", i);
    wo_test_spawn(c, "holder", place, number, NULL);
    wo_test_expect(c, expected);
    assert_true(wo_test_blocked(c->pid));
}

static void test_last_holder(void **state)
{
    struct wo_test_child one, two, three;
    (void)state;
    hold(&one, 1, "created");
    hold(&two, 2, "opened");
    hold(&three, 3, "opened");
    look("0 4 3 4");
    wo_test_kill(&one);
    look("0 3 2 3");
    wo_test_kill(&three);
    look("0 2 1 2");
    hold(&one, 4, "opened");
    wo_test_kill(&two);
    look("0 2 1 2");
    wo_test_kill(&one);
    hold(&one, 5, "created");
    look("0 2 1 2");
}

/* All die at once; nobody could tidy up. */
static void test_all_killed(void **state)
{
    struct wo_test_child crowd[CROWD];
    unsigned rounds = wo_test_rounds(10, 300);
    (void)state;
    for (unsigned round = 0; round < rounds; round++) {
        for (int i = 0; i < CROWD; i++)
            hold(&crowd[i], i, i ? "opened" : "created");
        for (int i = 0; i < CROWD; i++)
            kill(crowd[i].pid, SIGKILL);
        for (int i = 0; i < CROWD; i++)
            wo_test_expect_exit(&crowd[i], 1000 + SIGKILL);
        look("-2 0 0 1");
    }
    assert_int_equal(wo_test_runtime_files(), 1); /* the arena */
}

/* ---- fork() without exec --------------------------------------------------------------------- */

/* The child lives on without what only its parent held; its own it keeps. */
static void forked(void)
{
    wo_handle h, kept;
    need(wo_event_open(&kept, "fresh.kept", WO_ACCESS_ALL) == 0);
    for (int i = 0; i < 30000 && getppid() == atoi(getenv("FRESH_PARENT")); i++)
        usleep(1000);
    need(wo_event_open(&h, "fresh.parents", WO_ACCESS_ALL) == -ENOENT);
    need(wo_event_set(kept) == 0);
    wo_test_say("gone");
    wo_test_await("end");
    need(wo_wait(kept, 0) == 0 && wo_validate() == 0);
    wo_test_say("ended");
    _exit(0);
}

static int role_forker(int argc, char **argv)
{
    wo_handle parents, kept;
    char pid[16];
    setenv("WAITOBJ_RUNTIME_DIR", argv[1], 1);
    snprintf(pid, sizeof pid, "%d", (int)getpid());
    setenv("FRESH_PARENT", pid, 1);
    need(wo_event_create(&parents, "fresh.parents", 0, NULL) == 0 && argc > 1);
    need(wo_event_create(&kept, "fresh.kept", 0, NULL) == 0);
    pid_t child = fork();
    need(child >= 0);
    if (child == 0) {
        need(wo_close(parents) == 0);
        wo_test_say("forked");
        forked();
    }
    wo_wait(kept, WO_INFINITE);
    return 0;
}

static void test_forked(void **state)
{
    struct wo_test_child c;
    (void)state;
    wo_test_spawn(&c, "forker", place, NULL);
    wo_test_expect(&c, "forked");
    assert_true(wo_test_blocked(c.pid));
    kill(c.pid, SIGKILL);
    /* Not reaped yet, so that the lines of the child still come: it has the pipes, too. */
    wo_test_eventually(wo_test_state(c.pid) == 'Z');
    wo_test_expect(&c, "gone");
    look("-2 1 0 2");
    wo_test_send(&c, "end");
    wo_test_expect(&c, "ended");
    wo_test_expect_exit(&c, 1000 + SIGKILL);
}

static const struct wo_test_role roles[] = {{"holder", role_holder},
                                            {"looker", role_looker},
                                            {"forker", role_forker},
                                            {NULL, NULL}};

#define test(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
static const struct CMUnitTest tests[] = {
    test(test_last_holder),
    test(test_all_killed),
    test(test_forked),
};
WO_TEST_MAIN(tests, roles)
