/* test_event.c: events alone: state, kinds, access, names' arguments. */
#include <errno.h>
#include "support.h"
#include "handle.h"
#include "waitobj/waitobj.h"

static wo_handle event(unsigned flags)
{
    wo_handle h = WO_NO_HANDLE;
    assert_int_equal(wo_event_create(&h, NULL, flags, NULL), 0);
    return h;
}

static void test_auto_reset(void **state)
{
    (void)state;
    wo_handle h = event(0);
    assert_int_equal(wo_wait(h, 0), -ETIMEDOUT);
    assert_int_equal(wo_event_set(h), 0);
    assert_int_equal(wo_event_set(h), 0); /* stays one signal */
    assert_int_equal(wo_wait(h, 0), 0);
    assert_int_equal(wo_wait(h, 0), -ETIMEDOUT);
    assert_int_equal(wo_event_set(h), 0);
    assert_int_equal(wo_event_reset(h), 0);
    assert_int_equal(wo_wait(h, 0), -ETIMEDOUT);
    assert_int_equal(wo_close(h), 0);
}

static void test_manual_reset(void **state)
{
    (void)state;
    wo_handle h = event(WO_EVENT_MANUAL | WO_EVENT_SIGNALED);
    assert_int_equal(wo_wait(h, 0), 0);
    assert_int_equal(wo_wait(h, WO_INFINITE), 0);
    assert_int_equal(wo_event_reset(h), 0);
    assert_int_equal(wo_wait(h, 0), -ETIMEDOUT);
    assert_int_equal(wo_close(h), 0);
}

static void test_pulse_without_waiters_leaves_it_reset(void **state)
{
    (void)state;
    for (unsigned flags = 0; flags < 4; flags++) {
        wo_handle h = event(flags);
        assert_int_equal(wo_event_pulse(h), 0);
        assert_int_equal(wo_wait(h, 0), -ETIMEDOUT);
        assert_int_equal(wo_close(h), 0);
    }
}

static void test_access(void **state)
{
    (void)state;
    wo_handle h = WO_NO_HANDLE, weak = WO_NO_HANDLE, modify = WO_NO_HANDLE;
    assert_int_equal(wo_event_create(&h, "access", 0, NULL), 0);
    assert_int_equal(wo_event_open(&weak, "access", WO_ACCESS_WAIT), 0);
    assert_int_equal(wo_event_open(&modify, "access", WO_ACCESS_EVENT_MODIFY), 0);
    assert_int_equal(wo_event_set(weak), -EACCES);
    assert_int_equal(wo_event_reset(weak), -EACCES);
    assert_int_equal(wo_event_pulse(weak), -EACCES);
    assert_int_equal(wo_event_set(modify), 0);
    assert_int_equal(wo_wait(modify, 0), -EACCES);
    assert_int_equal(wo_wait(weak, 0), 0);
    assert_int_equal(wo_close(h) | wo_close(weak) | wo_close(modify), 0);
}

static void test_bad_arguments(void **state)
{
    (void)state;
    wo_handle h = (wo_handle)0x1234;
    bool existed = true;
    assert_int_equal(wo_event_create(NULL, NULL, 0, NULL), -EINVAL);
    assert_int_equal(wo_event_create(&h, NULL, 4, &existed), -EINVAL);
    assert_int_equal(wo_event_open(&h, NULL, WO_ACCESS_ALL), -EINVAL);
    assert_int_equal(wo_event_open(&h, "", WO_ACCESS_ALL), -EINVAL);
    assert_int_equal(wo_event_open(NULL, "x", WO_ACCESS_ALL), -EINVAL);
    assert_int_equal(wo_event_open(&h, "nobody has this", WO_ACCESS_ALL), -ENOENT);
    assert_ptr_equal(h, (wo_handle)0x1234); /* outputs untouched on failure */
    assert_true(existed);
    const wo_handle bad[] = {WO_NO_HANDLE, (wo_handle)-1, (wo_handle)-2, (wo_handle)0x7ffffffc,
                             (wo_handle)UINTPTR_MAX, (wo_handle)8, (wo_handle)0xdeadbeefcafe};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_int_equal(wo_event_set(bad[i]), -EBADF);
        assert_int_equal(wo_event_reset(bad[i]), -EBADF);
        assert_int_equal(wo_event_pulse(bad[i]), -EBADF);
    }
}

static const struct wo_test_role roles[] = {{NULL, NULL}};
static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_auto_reset),
    cmocka_unit_test(test_manual_reset),
    cmocka_unit_test(test_pulse_without_waiters_leaves_it_reset),
    cmocka_unit_test(test_access),
    cmocka_unit_test(test_bad_arguments),
};
WO_TEST_MAIN(tests, roles)
