/* test_handle.c: handle values, generations, flags, duplicates, growth. */
#include <errno.h>
#include <stdlib.h>
#include "support.h"
#include "handle.h"
#include "waitobj/waitobj.h"

static wo_handle event(void)
{
    wo_handle h = WO_NO_HANDLE;
    assert_int_equal(wo_event_create(&h, NULL, 0, NULL), 0);
    return h;
}

static void test_values_look_like_windows(void **state)
{
    (void)state;
    wo_handle h = event();
    uintptr_t v = (uintptr_t)h;
    assert_int_equal(v & 3, 0);
    assert_true(v > 0 && v <= INT32_MAX);
    /* The low two bits are the user's. */
    assert_int_equal(wo_event_set((wo_handle)(v | 1)), 0);
    assert_int_equal(wo_wait((wo_handle)(v | 2), 0), 0);
    assert_int_equal(wo_close((wo_handle)(v | 3)), 0);
    assert_int_equal(wo_close(h), -EBADF);
}

static void test_a_stale_value_is_refused(void **state)
{
    (void)state;
    wo_handle stale = event();
    assert_int_equal(wo_close(stale), 0);
    for (int i = 0; i < 1000; i++) {
        wo_handle h = event();
        assert_ptr_not_equal(h, stale);
        assert_int_equal(wo_event_set(stale), -EBADF);
        assert_int_equal(wo_close(h), 0);
    }
}

static void test_flags(void **state)
{
    (void)state;
    uint32_t flags = 77;
    wo_handle h = event();
    assert_int_equal(wo__handle_get_flags(h, &flags), 0);
    assert_int_equal(flags, 0);
    assert_int_equal(wo__handle_set_flags(h, WO__HANDLE_PROTECT, WO__HANDLE_PROTECT), 0);
    assert_int_equal(wo_close(h), -EPERM);
    assert_int_equal(wo_event_set(h), 0);
    assert_int_equal(wo__handle_set_flags(h, WO__HANDLE_PROTECT, 0), 0);
    assert_int_equal(wo_close(h), 0);
    assert_int_equal(wo__handle_get_flags(h, &flags), -EBADF);
    assert_int_equal(wo__handle_set_flags(h, 1, 1), -EBADF);
    assert_int_equal(wo_event_create(&h, NULL, WO_INHERIT, NULL), 0);
    assert_int_equal(wo__handle_get_flags(h, &flags), 0);
    assert_int_equal(flags, WO__HANDLE_INHERIT);
    assert_int_equal(wo_close(h), 0);
}

static void test_duplicate(void **state)
{
    (void)state;
    wo_handle h = event(), twin = WO_NO_HANDLE;
    assert_int_equal(wo_duplicate(h, 0, &twin), 0);
    assert_ptr_not_equal(h, twin);
    assert_int_equal(wo_event_set(h), 0);
    assert_int_equal(wo_close(h), 0);
    assert_int_equal(wo_wait(twin, 0), 0);
    assert_int_equal(wo_duplicate(h, 0, &twin), -EBADF);
    assert_int_equal(wo_duplicate(twin, 8, &h), -EINVAL);
    assert_int_equal(wo_duplicate(twin, 0, NULL), -EINVAL);
    assert_int_equal(wo_close(twin), 0);
}

/* A duplicate never has more rights than it is given. */
static void test_duplicate_access(void **state)
{
    (void)state;
    wo_handle h = event(), weak = WO_NO_HANDLE;
    assert_int_equal(wo__handle_duplicate(h, WO_ACCESS_WAIT, false, 0, &weak), 0);
    assert_int_equal(wo_event_set(weak), -EACCES);
    assert_int_equal(wo_close(weak), 0);
    assert_int_equal(wo_close(h), 0);
}

static void test_generic_access(void **state)
{
    (void)state;
    const uint32_t read = 0x80000000, write = 0x40000000, execute = 0x20000000, all = 0x10000000;
    assert_int_equal(wo__access_map(&wo__event_type, read | write) & WO_ACCESS_WAIT, 0);
    assert_int_equal(wo__access_map(&wo__event_type, write) & WO_ACCESS_EVENT_MODIFY,
                     WO_ACCESS_EVENT_MODIFY);
    assert_int_equal(wo__access_map(&wo__event_type, execute) & WO_ACCESS_WAIT, WO_ACCESS_WAIT);
    assert_int_equal(wo__access_map(&wo__event_type, all), WO_ACCESS_ALL);
    assert_int_equal(wo__access_map(&wo__event_type, 0x02000000), WO_ACCESS_ALL);
}

static void test_many_at_once(void **state)
{
    enum { MANY = 20000 };
    (void)state;
    size_t before = wo__handle_count();
    wo_handle *h = calloc(MANY, sizeof *h);
    assert_non_null(h);
    for (int i = 0; i < MANY; i++)
        h[i] = event();
    assert_int_equal(wo__handle_count(), before + MANY);
    for (int i = 0; i < MANY; i += 7)
        assert_int_equal(wo_event_set(h[i]), 0);
    for (int i = 0; i < MANY; i++)
        assert_int_equal(wo_wait(h[i], 0), i % 7 == 0 ? 0 : -ETIMEDOUT);
    for (int i = 0; i < MANY; i++)
        assert_int_equal(wo_close(h[i]), 0);
    assert_int_equal(wo__handle_count(), before);
    free(h);
}

static void test_cycles_do_not_grow(void **state)
{
    (void)state;
    struct wo_usage before, after;
    uintptr_t highest = 0;
    assert_int_equal(wo_usage(&before), 0);
    for (unsigned i = wo_test_rounds(200000, 3000000); i; i--) {
        wo_handle h = WO_NO_HANDLE;
        if (wo_event_create(&h, NULL, 0, NULL) != 0 || wo_close(h) != 0)
            fail();
        uintptr_t slot = (uintptr_t)h >> 2 & ((1 << 22) - 1);
        highest = slot > highest ? slot : highest;
    }
    assert_int_equal(wo_usage(&after), 0);
    assert_memory_equal(&before, &after, sizeof before);
    assert_true(highest < 30000);
}

static const struct wo_test_role roles[] = {{NULL, NULL}};
static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_values_look_like_windows),
    cmocka_unit_test(test_a_stale_value_is_refused),
    cmocka_unit_test(test_flags),
    cmocka_unit_test(test_duplicate),
    cmocka_unit_test(test_duplicate_access),
    cmocka_unit_test(test_generic_access),
    cmocka_unit_test(test_many_at_once),
    cmocka_unit_test(test_cycles_do_not_grow),
};
WO_TEST_MAIN(tests, roles)
