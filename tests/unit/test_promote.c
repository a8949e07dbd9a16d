/* test_promote.c: objects that move from the private into the shared arena. */
#include <errno.h>
#include "support.h"
#include "arena.h"
#include "handle.h"
#include "promote.h"
#include "waitobj/waitobj.h"

static wo_handle event(const char *name, unsigned flags)
{
    wo_handle h = WO_NO_HANDLE;
    assert_int_equal(wo_event_create(&h, name, flags, NULL), 0);
    return h;
}

static bool is_shared(wo_handle h)
{
    struct wo__object *o = NULL;
    assert_int_equal(wo__handle_get(h, NULL, 0, &o), 0);
    bool shared = o->arena->shared;
    wo__object_release(o);
    return shared;
}

static void promote(wo_handle h)
{
    struct wo__object *o = NULL;
    assert_int_equal(wo__handle_get(h, NULL, 0, &o), 0);
    assert_int_equal(wo__promote(&o, 1), 0);
    wo__object_release(o);
    assert_int_equal(wo_validate(), 0);
}

static void test_a_mixed_wait_promotes(void **state)
{
    struct wo_usage before, after;
    (void)state;
    assert_int_equal(wo_usage(&before), 0);
    for (unsigned flags = 0; flags < 4; flags++) {
        wo_handle h[2] = {event(NULL, flags), event("promoter", 0)};
        assert_false(is_shared(h[0]));
        assert_int_equal(wo_wait_all(h, 2, 0), -ETIMEDOUT);
        assert_true(is_shared(h[0]));
        /* The state went with it. */
        assert_int_equal(wo_wait(h[0], 0), flags & WO_EVENT_SIGNALED ? 0 : -ETIMEDOUT);
        assert_int_equal(wo_wait(h[0], 0), flags == 3 ? 0 : -ETIMEDOUT);
        assert_int_equal(wo_close(h[0]) | wo_close(h[1]), 0);
    }
    assert_int_equal(wo_usage(&after), 0);
    assert_memory_equal(&before, &after, sizeof before);
}

struct blocked_wait {
    wo_handle h[3];
    size_t count, index;
    bool all;
    int64_t order; /* which one to return was this */
    _Atomic int64_t *next;
};

static int64_t wait_body(void *arg)
{
    struct blocked_wait *w = arg;
    int rc = w->all ? wo_wait_all(w->h, w->count, WO_INFINITE)
                    : wo_wait_any(w->h, w->count, WO_INFINITE, &w->index);
    if (w->next)
        w->order = (*w->next)++;
    return rc;
}

/* a is waited for alone, with b, and (for all) with c: promoting a moves b and c too. */
static void test_the_closure_moves_with_its_waiters(void **state)
{
    (void)state;
    wo_handle a = event(NULL, 0), b = event(NULL, 0), c = event(NULL, 0), far = event(NULL, 0);
    struct blocked_wait w[3] = {
        {.h = {a}, .count = 1}, {.h = {b, a}, .count = 2}, {.h = {c, b}, .count = 2, .all = true}};
    struct wo_test_thread t[3];
    for (int i = 0; i < 3; i++) {
        wo_test_thread_start(&t[i], wait_body, &w[i]);
        assert_true(wo_test_blocked(t[i].tid));
    }
    promote(a);
    assert_true(is_shared(a) && is_shared(b) && is_shared(c));
    assert_false(is_shared(far));
    assert_true(wo_test_threads_blocked(t, 3));
    assert_int_equal(wo_event_set(a), 0); /* the first in a's queue */
    assert_int_equal(wo_test_thread_join(&t[0]), 0);
    assert_int_equal(wo_event_set(b), 0); /* the any-wait was there first */
    assert_int_equal(wo_test_thread_join(&t[1]), 0);
    assert_int_equal(w[1].index, 0);
    assert_int_equal(wo_event_set(b), 0);
    assert_true(wo_test_blocked(t[2].tid));
    assert_int_equal(wo_event_set(c), 0);
    assert_int_equal(wo_test_thread_join(&t[2]), 0);
    assert_int_equal(wo_wait(a, 0) & wo_wait(b, 0) & wo_wait(c, 0), -ETIMEDOUT);
    assert_int_equal(wo_close(a) | wo_close(b) | wo_close(c) | wo_close(far), 0);
}

static void test_queue_order_is_kept(void **state)
{
    enum { N = 12 };
    _Atomic int64_t next = 0;
    struct blocked_wait w[N];
    struct wo_test_thread t[N];
    (void)state;
    wo_handle h = event(NULL, 0);
    for (int i = 0; i < N; i++) {
        w[i] = (struct blocked_wait){.h = {h}, .count = 1, .next = &next};
        wo_test_thread_start(&t[i], wait_body, &w[i]);
        assert_true(wo_test_blocked(t[i].tid));
    }
    promote(h);
    for (int i = 0; i < N; i++) {
        assert_int_equal(wo_event_set(h), 0);
        assert_int_equal(wo_test_thread_join(&t[i]), 0);
        assert_int_equal(w[i].order, i);
    }
    assert_int_equal(wo_close(h), 0);
}

/* Signals between the promotion and the moment the thread notices are not lost: it is queued all
 * the time. */
static void test_set_and_reset_right_after(void **state)
{
    (void)state;
    for (unsigned i = wo_test_rounds(300, 3000); i; i--) {
        wo_handle h = event(NULL, WO_EVENT_MANUAL);
        struct blocked_wait w = {.h = {h}, .count = 1};
        struct wo_test_thread t;
        wo_test_thread_start(&t, wait_body, &w);
        assert_true(wo_test_blocked(t.tid));
        promote(h);
        assert_int_equal(wo_event_set(h), 0);
        assert_int_equal(wo_event_reset(h), 0);
        assert_int_equal(wo_test_thread_join(&t), 0);
        assert_int_equal(wo_close(h), 0);
    }
}

/* More objects than one transaction's log has room for, to promote and to acquire at once. */
static void test_very_many(void **state)
{
    enum { MANY = 12000 };
    static wo_handle h[MANY + 1];
    size_t which = 0;
    (void)state;
    for (size_t i = 0; i < MANY; i++)
        h[i] = event(NULL, WO_EVENT_SIGNALED);
    h[MANY] = event("last of many", 0);
    assert_int_equal(wo_wait_all(h, MANY + 1, 0), -ETIMEDOUT);
    assert_true(is_shared(h[0]) && is_shared(h[MANY - 1]));
    assert_int_equal(wo_event_set(h[MANY]), 0);
    assert_int_equal(wo_wait_all(h, MANY + 1, 0), 0);
    assert_int_equal(wo_wait_any(h, MANY + 1, 0, &which), -ETIMEDOUT);
    assert_int_equal(wo_event_set(h[MANY - 1]), 0);
    assert_int_equal(wo_wait_any(h, MANY + 1, 0, &which), 0);
    assert_int_equal(which, MANY - 1);
    for (size_t i = 0; i <= MANY; i++)
        assert_int_equal(wo_close(h[i]), 0);
    assert_int_equal(wo_validate(), 0);
}

static const struct wo_test_role roles[] = {{NULL, NULL}};
static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_a_mixed_wait_promotes),
    cmocka_unit_test(test_the_closure_moves_with_its_waiters),
    cmocka_unit_test(test_queue_order_is_kept),
    cmocka_unit_test(test_set_and_reset_right_after),
    cmocka_unit_test(test_very_many),
};
WO_TEST_MAIN(tests, roles)
