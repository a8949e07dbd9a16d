/* test_pollfd.c: descriptors of handles for event loops. */
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <unistd.h>
#include "support.h"
#include "waitobj/waitobj.h"

static int role_setter(int argc, char **argv)
{
    char line[32];
    wo_handle h = WO_NO_HANDLE;
    (void)argc;
    if (wo_event_open(&h, argv[1], WO_ACCESS_ALL) != 0)
        return 1;
    wo_test_say("ready");
    while (wo_test_hear(line, sizeof line) && strcmp(line, "set") == 0) {
        if (wo_event_set(h) != 0)
            return 2;
        wo_test_say("done");
    }
    return 0;
}

static bool readable(int fd)
{
    struct pollfd p = {.fd = fd, .events = POLLIN};
    assert_true(poll(&p, 1, 0) >= 0);
    assert_int_equal(p.revents & ~POLLIN, 0);
    return p.revents != 0;
}

static void follow_event(const char *name)
{
    wo_handle h = WO_NO_HANDLE;
    int fd = -1, again = -1;
    assert_int_equal(wo_event_create(&h, name, 0, NULL), 0);
    assert_int_equal(wo_pollfd(h, &fd), 0);
    assert_int_equal(wo_pollfd(h, &again), 0);
    assert_int_equal(fd, again);
    for (int i = 0; i < 300; i++) {
        assert_false(readable(fd));
        assert_int_equal(wo_event_set(h), 0);
        assert_int_equal(wo_event_set(h), 0);
        assert_true(readable(fd));
        assert_int_equal(wo_wait(h, 0), 0);
        assert_false(readable(fd));
        /* Readable is a hint: after a reset the next wait finds nothing and re-arms. */
        assert_int_equal(wo_event_set(h), 0);
        assert_int_equal(wo_event_reset(h), 0);
        assert_true(readable(fd));
        assert_int_equal(wo_wait(h, 0), -ETIMEDOUT);
    }
    assert_int_equal(wo_close(h), 0);
}

static void test_events(void **state)
{
    (void)state;
    size_t fds = 0, files = 0;
    follow_event("pollfd warm-up");
    fds = wo_test_fd_count();
    files = wo_test_runtime_files();
    follow_event(NULL);
    follow_event("pollfd");
    assert_int_equal(wo_test_fd_count(), fds);
    assert_int_equal(wo_test_runtime_files(), files);
}

static void test_manual_event_stays_readable(void **state)
{
    wo_handle h = WO_NO_HANDLE;
    int fd = -1;
    (void)state;
    assert_int_equal(wo_event_create(&h, NULL, WO_EVENT_MANUAL | WO_EVENT_SIGNALED, NULL), 0);
    assert_int_equal(wo_pollfd(h, &fd), 0);
    assert_true(readable(fd)); /* signaled before the descriptor existed */
    assert_int_equal(wo_wait(h, 0), 0);
    assert_true(readable(fd));
    assert_int_equal(wo_event_reset(h), 0);
    assert_int_equal(wo_wait(h, 0), -ETIMEDOUT);
    assert_false(readable(fd));
    assert_int_equal(wo_close(h), 0);
}

static void test_set_by_another_process(void **state)
{
    wo_handle h = WO_NO_HANDLE;
    struct wo_test_child c;
    int fd = -1;
    (void)state;
    assert_int_equal(wo_event_create(&h, "pollfd foreign", 0, NULL), 0);
    assert_int_equal(wo_pollfd(h, &fd), 0);
    wo_test_spawn(&c, "setter", "pollfd foreign", NULL);
    wo_test_expect(&c, "ready");
    for (int i = 0; i < 50; i++) {
        struct pollfd p = {.fd = fd, .events = POLLIN};
        assert_false(readable(fd));
        wo_test_send(&c, "set");
        assert_int_equal(poll(&p, 1, 30000), 1);
        wo_test_expect(&c, "done");
        assert_int_equal(wo_wait(h, 0), 0);
    }
    wo_test_send(&c, "end");
    wo_test_expect_exit(&c, 0);
    assert_int_equal(wo_close(h), 0);
}

static void test_bad_arguments(void **state)
{
    wo_handle h = WO_NO_HANDLE;
    int fd = 77;
    (void)state;
    assert_int_equal(wo_pollfd(WO_NO_HANDLE, &fd), -EBADF);
    assert_int_equal(wo_event_create(&h, "pollfd access", 0, NULL), 0);
    assert_int_equal(wo_pollfd(h, NULL), -EINVAL);
    wo_handle weak = WO_NO_HANDLE;
    assert_int_equal(wo_event_open(&weak, "pollfd access", WO_ACCESS_EVENT_MODIFY), 0);
    assert_int_equal(wo_pollfd(weak, &fd), -EACCES);
    assert_int_equal(fd, 77);
    assert_int_equal(wo_close(h) | wo_close(weak), 0);
}

static const struct wo_test_role roles[] = {{"setter", role_setter}, {NULL, NULL}};
static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_events),
    cmocka_unit_test(test_manual_event_stays_readable),
    cmocka_unit_test(test_set_by_another_process),
    cmocka_unit_test(test_bad_arguments),
};
WO_TEST_MAIN(tests, roles)
