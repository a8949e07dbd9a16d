/* test_fork.c: fork() without exec: what holds in parent and child.
 *
 * Forking is what is tested here, so these tests do fork; the children use nothing of cmocka and
 * end with _exit. */
#include <errno.h>
#include <sys/wait.h>
#include <unistd.h>
#include "support.h"
#include "waitobj/waitobj.h"

static wo_handle event(const char *name, unsigned flags)
{
    wo_handle h = WO_NO_HANDLE;
    assert_int_equal(wo_event_create(&h, name, flags, NULL), 0);
    return h;
}

/* Runs `body` in a forked child; its result is the exit code, 0 for good. */
static pid_t fork_child(int (*body)(void *), void *arg)
{
    pid_t pid = fork();
    if (pid == 0)
        _exit(body(arg));
    assert_true(pid > 0);
    return pid;
}

static void expect_good(pid_t pid)
{
    int status = -1;
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
}

#define CHECK(x)                                                                                   \
    do {                                                                                           \
        if (!(x))                                                                                  \
            return __LINE__ % 200 + 1;                                                             \
    } while (0)

static int use_private(void *arg)
{
    wo_handle h = arg;
    CHECK(wo_wait(h, 0) == 0);          /* the state at the fork */
    CHECK(wo_wait(h, 0) == -ETIMEDOUT); /* our own copy from here on */
    CHECK(wo_wait(h, 1000000) == -ETIMEDOUT);
    CHECK(wo_event_set(h) == 0 && wo_wait(h, 0) == 0);
    CHECK(wo_validate() == 0);
    return 0;
}

static void test_private_objects_are_copied(void **state)
{
    (void)state;
    wo_handle h = event(NULL, WO_EVENT_SIGNALED);
    expect_good(fork_child(use_private, h));
    assert_int_equal(wo_wait(h, 0), 0); /* the child's wait did not touch ours */
    assert_int_equal(wo_close(h), 0);
}

static int ping_pong(void *arg)
{
    wo_handle *h = arg;
    for (int i = 0; i < 200; i++) {
        CHECK(wo_wait(h[0], WO_INFINITE) == 0);
        CHECK(wo_event_set(h[1]) == 0);
    }
    CHECK(wo_validate() == 0);
    return 0;
}

static void test_shared_objects_stay_shared(void **state)
{
    (void)state;
    wo_handle h[2] = {event("fork a", 0), event("fork b", 0)};
    pid_t pid = fork_child(ping_pong, h);
    for (int i = 0; i < 200; i++) {
        assert_int_equal(wo_event_set(h[0]), 0);
        assert_int_equal(wo_wait(h[1], WO_INFINITE), 0);
    }
    expect_good(pid);
    assert_int_equal(wo_close(h[0]) | wo_close(h[1]), 0);
}

static int64_t wait_body(void *arg)
{
    return wo_wait(arg, WO_INFINITE);
}

static int use_after_waiters(void *arg)
{
    wo_handle *h = arg;
    for (int i = 0; i < 2; i++) { /* the parent's waiters are not here to take the signal */
        CHECK(wo_event_set(h[i]) == 0);
        if (i == 0)
            CHECK(wo_wait(h[i], 0) == 0);
    }
    CHECK(wo_validate() == 0);
    return 0;
}

/* A private event's waiter stays the parent's; a shared event's waiter is released by the child. */
static void test_other_threads_wait_during_fork(void **state)
{
    (void)state;
    for (unsigned i = wo_test_rounds(50, 500); i; i--) {
        wo_handle h[2] = {event(NULL, 0), event("fork waited", 0)};
        struct wo_test_thread t[2];
        wo_test_thread_start(&t[0], wait_body, h[0]);
        wo_test_thread_start(&t[1], wait_body, h[1]);
        assert_true(wo_test_threads_blocked(t, 2));
        expect_good(fork_child(use_after_waiters, h));
        assert_int_equal(wo_test_thread_join(&t[1]), 0);
        assert_false(wo_test_thread_finished(&t[0]));
        assert_int_equal(wo_event_set(h[0]), 0);
        assert_int_equal(wo_test_thread_join(&t[0]), 0);
        assert_int_equal(wo_close(h[0]) | wo_close(h[1]), 0);
    }
}

static int hold_until_told(void *arg)
{
    int *fds = arg;
    char c;
    return read(fds[0], &c, 1) == 1 ? 0 : 1;
}

/* The child is a holder of its own: a name lives on with it, and dies with it. */
static void test_the_child_holds_names(void **state)
{
    int fds[2];
    struct wo_usage before, after;
    (void)state;
    assert_int_equal(wo_usage(&before), 0);
    assert_int_equal(pipe(fds), 0);
    wo_handle h = event("fork held", WO_EVENT_MANUAL), again = WO_NO_HANDLE;
    pid_t pid = fork_child(hold_until_told, fds);
    assert_int_equal(wo_event_set(h), 0);
    if (wo_test_blocked(pid)) /* it has passed the fork handlers */
        assert_int_equal(wo_close(h), 0);
    assert_int_equal(wo_event_open(&again, "fork held", WO_ACCESS_ALL), 0);
    assert_int_equal(wo_wait(again, 0), 0);
    assert_int_equal(wo_close(again), 0);
    assert_int_equal(write(fds[1], "x", 1), 1);
    expect_good(pid);
    assert_int_equal(wo_event_open(&again, "fork held", WO_ACCESS_ALL), -ENOENT);
    close(fds[0]);
    close(fds[1]);
    assert_int_equal(wo_usage(&after), 0);
    assert_memory_equal(&before, &after, sizeof before);
}

static int fork_again(void *arg)
{
    wo_handle *h = arg;
    pid_t pid = fork();
    if (pid == 0)
        _exit(ping_pong(h));
    int status;
    CHECK(waitpid(pid, &status, 0) == pid && WIFEXITED(status) && WEXITSTATUS(status) == 0);
    return 0;
}

static void test_grandchild(void **state)
{
    (void)state;
    wo_handle h[2] = {event("fork a", 0), event("fork b", 0)};
    pid_t pid = fork_child(fork_again, h);
    for (int i = 0; i < 200; i++) {
        assert_int_equal(wo_event_set(h[0]), 0);
        assert_int_equal(wo_wait(h[1], WO_INFINITE), 0);
    }
    expect_good(pid);
    assert_int_equal(wo_close(h[0]) | wo_close(h[1]), 0);
}

static const struct wo_test_role roles[] = {{NULL, NULL}};
static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_private_objects_are_copied),
    cmocka_unit_test(test_shared_objects_stay_shared),
    cmocka_unit_test(test_other_threads_wait_during_fork),
    cmocka_unit_test(test_the_child_holds_names),
    cmocka_unit_test(test_grandchild),
};
WO_TEST_MAIN(tests, roles)
