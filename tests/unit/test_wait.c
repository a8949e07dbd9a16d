/* test_wait.c: waits on one, any, all; arguments; timeouts; kinds of objects mixed. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>
#include "support.h"
#include "file.h"
#include "handle.h"
#include "testhook.h"
#include "waitobj/waitobj.h"

static wo_handle event(const char *name, unsigned flags)
{
    wo_handle h = WO_NO_HANDLE;
    assert_int_equal(wo_event_create(&h, name, flags, NULL), 0);
    return h;
}

static void close_all(wo_handle *h, size_t n)
{
    while (n > 0)
        assert_int_equal(wo_close(h[--n]), 0);
}

static void test_arguments(void **state)
{
    size_t index = 77;
    (void)state;
    wo_handle h[3] = {event(NULL, 0), event(NULL, 0), WO_NO_HANDLE};
    assert_int_equal(wo_wait_any(h, 0, 0, &index), -EINVAL);
    assert_int_equal(wo_wait_any(NULL, 1, 0, &index), -EINVAL);
    assert_int_equal(wo_wait_all(h, 0, 0), -EINVAL);
    assert_int_equal(wo_wait_any(h, 3, 0, &index), -EBADF);
    assert_int_equal(wo_wait_all(h, 3, 0), -EBADF);
    assert_int_equal(wo_wait(WO_NO_HANDLE, 0), -EBADF);
    h[2] = h[0];
    assert_int_equal(wo_wait_all(h, 3, 0), -EINVAL);
    assert_int_equal(wo_wait_any(h, 3, 0, &index), -ETIMEDOUT);
    assert_int_equal(index, 77);
    close_all(h, 2);
}

static void test_any_takes_the_lowest(void **state)
{
    size_t index = 77;
    (void)state;
    wo_handle h[4] = {event(NULL, 0), event(NULL, 0), event(NULL, WO_EVENT_MANUAL), event(NULL, 0)};
    assert_int_equal(wo_event_set(h[3]), 0);
    assert_int_equal(wo_event_set(h[1]), 0);
    assert_int_equal(wo_event_set(h[2]), 0);
    assert_int_equal(wo_wait_any(h, 4, 0, &index), 0);
    assert_int_equal(index, 1);
    assert_int_equal(wo_wait(h[1], 0), -ETIMEDOUT); /* taken; the others are untouched: */
    assert_int_equal(wo_wait_any(h, 4, 0, &index), 0);
    assert_int_equal(index, 2);
    assert_int_equal(wo_event_reset(h[2]), 0);
    assert_int_equal(wo_wait_any(h, 4, WO_INFINITE, NULL), 0);
    assert_int_equal(wo_wait_any(h, 4, 0, &index), -ETIMEDOUT);
    close_all(h, 4);
}

static void test_any_of_one_twice(void **state)
{
    size_t index = 77;
    (void)state;
    wo_handle h[3] = {event(NULL, 0), event(NULL, 0), WO_NO_HANDLE};
    h[2] = h[1];
    assert_int_equal(wo_event_set(h[1]), 0);
    assert_int_equal(wo_wait_any(h, 3, 0, &index), 0);
    assert_int_equal(index, 1);
    assert_int_equal(wo_wait_any(h, 3, 0, &index), -ETIMEDOUT);
    close_all(h, 2);
}

static void test_all_takes_all_or_nothing(void **state)
{
    (void)state;
    wo_handle h[3] = {event(NULL, 0), event("all b", 0), event(NULL, WO_EVENT_MANUAL)};
    assert_int_equal(wo_event_set(h[0]), 0);
    assert_int_equal(wo_event_set(h[1]), 0);
    assert_int_equal(wo_wait_all(h, 3, 0), -ETIMEDOUT);
    assert_int_equal(wo_wait_all(h, 3, 3 * 1000000), -ETIMEDOUT);
    assert_int_equal(wo_event_set(h[2]), 0);
    assert_int_equal(wo_wait_all(h, 3, 0), 0); /* nothing was consumed by the attempts */
    assert_int_equal(wo_wait(h[0], 0), -ETIMEDOUT);
    assert_int_equal(wo_wait(h[1], 0), -ETIMEDOUT);
    assert_int_equal(wo_wait(h[2], 0), 0);
    close_all(h, 3);
}

static void test_a_timeout_is_never_early(void **state)
{
    static const int64_t timeouts[] = {1, 1000, 999999, 1000000, 1500000, 20000000};
    int pipe_fds[2];
    (void)state;
    assert_int_equal(pipe(pipe_fds), 0);
    struct wo__object *o = NULL;
    wo_handle h[3] = {event(NULL, 0), event("never early", 0), WO_NO_HANDLE};
    assert_int_equal(wo__file_new(pipe_fds[0], true, &o), 0);
    assert_int_equal(wo__handle_new(o, WO_ACCESS_ALL, 0, &h[2]), 0);
    for (size_t i = 0; i < sizeof timeouts / sizeof timeouts[0]; i++)
        for (size_t kind = 0; kind < 3; kind++) {
            uint64_t start = wo_test_now();
            assert_int_equal(wo_wait(h[kind], timeouts[i]), -ETIMEDOUT);
            assert_true(wo_test_now() - start >= (uint64_t)timeouts[i]);
        }
    close_all(h, 3);
    close(pipe_fds[1]);
}

/* A timeout that overflows the clock means for ever; the wait must still see the signal. */
static void test_huge_timeouts(void **state)
{
    (void)state;
    wo_handle h = event(NULL, WO_EVENT_SIGNALED | WO_EVENT_MANUAL);
    assert_int_equal(wo_wait(h, INT64_MAX), 0);
    assert_int_equal(wo_wait(h, INT64_MIN), 0);
    assert_int_equal(wo_close(h), 0);
}

struct blocked_wait {
    wo_handle h[4];
    size_t count, index;
    bool all;
};

static int64_t wait_body(void *arg)
{
    struct blocked_wait *w = arg;
    return w->all ? wo_wait_all(w->h, w->count, WO_INFINITE)
                  : wo_wait_any(w->h, w->count, WO_INFINITE, &w->index);
}

static void test_external_and_dispatcher_objects(void **state)
{
    (void)state;
    for (int which = 0; which < 3; which++) {
        int fds[2];
        struct wo__object *o = NULL;
        struct wo_test_thread t;
        struct blocked_wait w = {.count = 3, .index = 77};
        assert_int_equal(pipe(fds), 0);
        assert_int_equal(wo__file_new(fds[0], true, &o), 0);
        w.h[0] = event(NULL, 0);
        assert_int_equal(wo__handle_new(o, WO_ACCESS_ALL, 0, &w.h[1]), 0);
        w.h[2] = event("mixed", 0);
        wo_test_thread_start(&t, wait_body, &w);
        assert_true(wo_test_blocked(t.tid));
        if (which == 1)
            assert_int_equal(write(fds[1], "x", 1), 1);
        else
            assert_int_equal(wo_event_set(w.h[which]), 0);
        assert_int_equal(wo_test_thread_join(&t), 0);
        assert_int_equal(w.index, which);
        close(fds[1]);
        close_all(w.h, 3);
    }
}

static void test_all_with_an_external_object(void **state)
{
    int fds[2];
    struct wo__object *o = NULL;
    struct wo_test_thread t;
    struct blocked_wait w = {.count = 2, .all = true};
    (void)state;
    for (int order = 0; order < 2; order++) {
        assert_int_equal(pipe(fds), 0);
        assert_int_equal(wo__file_new(fds[0], true, &o), 0);
        assert_int_equal(wo__handle_new(o, WO_ACCESS_ALL, 0, &w.h[0]), 0);
        w.h[1] = event(NULL, 0);
        wo_test_thread_start(&t, wait_body, &w);
        assert_true(wo_test_blocked(t.tid));
        for (int step = 0; step < 2; step++) {
            if (step == order)
                assert_int_equal(write(fds[1], "x", 1), 1);
            else
                assert_int_equal(wo_event_set(w.h[1]), 0);
            if (step == 0) {
                assert_true(wo_test_blocked(t.tid));
                assert_false(wo_test_thread_finished(&t));
            }
        }
        assert_int_equal(wo_test_thread_join(&t), 0);
        assert_int_equal(wo_wait(w.h[1], 0), -ETIMEDOUT);
        close(fds[1]);
        close_all(w.h, 2);
    }
}

static void test_closed_while_waited(void **state)
{
    struct wo_test_thread t;
    struct blocked_wait w = {.count = 2};
    wo_handle twin = WO_NO_HANDLE;
    (void)state;
    w.h[0] = event(NULL, 0);
    w.h[1] = event("closed while waited", 0);
    assert_int_equal(wo_duplicate(w.h[1], 0, &twin), 0);
    wo_test_thread_start(&t, wait_body, &w);
    assert_true(wo_test_blocked(t.tid));
    close_all(w.h, 2);
    assert_int_equal(wo_validate(), 0);
    assert_int_equal(wo_event_set(twin), 0);
    assert_int_equal(wo_test_thread_join(&t), 0);
    assert_int_equal(w.index, 1);
    assert_int_equal(wo_close(twin), 0);
}

static struct wo_test_thread hooked;
static _Atomic bool stepped_in;

/* In the signaller, between the bell and the status: the waiter has heard the bell, found nothing, and
 * come to the arena's lock. */
static void hold_until_the_waiter_looked(const char *point)
{
    if (strcmp(point, "wait.rung") == 0)
        stepped_in = wo_test_blocked(hooked.tid);
}

static void test_a_bell_heard_before_the_status(void **state)
{
    (void)state;
    for (unsigned i = wo_test_rounds(20, 500); i; i--) {
        int fds[2];
        struct wo__object *o = NULL;
        struct blocked_wait w = {.count = 2, .index = 77};
        assert_int_equal(pipe(fds), 0);
        assert_int_equal(wo__file_new(fds[0], true, &o), 0);
        assert_int_equal(wo__handle_new(o, WO_ACCESS_ALL, 0, &w.h[0]), 0);
        w.h[1] = event(NULL, 0);
        wo_test_thread_start(&hooked, wait_body, &w);
        assert_true(wo_test_blocked(hooked.tid));
        stepped_in = false;
        wo__test_hook = hold_until_the_waiter_looked;
        assert_int_equal(wo_event_set(w.h[1]), 0);
        wo__test_hook = NULL;
        assert_true(stepped_in);
        assert_int_equal(wo_test_thread_join(&hooked), 0);
        assert_int_equal(w.index, 1);
        close(fds[1]);
        close_all(w.h, 2);
    }
}

static const struct wo_test_role roles[] = {{NULL, NULL}};
static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_arguments),
    cmocka_unit_test(test_any_takes_the_lowest),
    cmocka_unit_test(test_any_of_one_twice),
    cmocka_unit_test(test_all_takes_all_or_nothing),
    cmocka_unit_test(test_a_timeout_is_never_early),
    cmocka_unit_test(test_huge_timeouts),
    cmocka_unit_test(test_external_and_dispatcher_objects),
    cmocka_unit_test(test_all_with_an_external_object),
    cmocka_unit_test(test_closed_while_waited),
    cmocka_unit_test(test_a_bell_heard_before_the_status),
};
WO_TEST_MAIN(tests, roles)
