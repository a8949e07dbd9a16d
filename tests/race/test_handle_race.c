/* test_handle_race.c: handle values that several threads close, duplicate and use at once; handles
 * closed under a wait; and millions of them, one after the other, without growth. */
#include <errno.h>
#include <sched.h>
#include <stdatomic.h>
#include <unistd.h>

#include "handle.h"
#include "support.h"
#include "waitobj/waitobj.h"

/* ---- Threads that fight over the same values ------------------------------------------------- */

enum { THREADS = 4, PLACES = 8 };

static _Atomic wo_handle places[PLACES];
static bool named_too;

static bool acceptable(int rc)
{
    return rc == 0 || rc == -EBADF || rc == -ETIMEDOUT;
}

/* Puts a handle where others see it, and closes what was there; somebody may have been faster. */
static int put(unsigned place, wo_handle h)
{
    wo_handle old = atomic_exchange(&places[place], h);
    return old ? wo_close(old) : 0;
}

static int create_one(unsigned place)
{
    char name[32];
    wo_handle h;
    snprintf(name, sizeof name, "Local\\fought-%u", place % 3);
    int rc = wo_event_create(&h, named_too && place % 2 ? name : NULL,
                             place % 3 ? WO_EVENT_MANUAL : WO_EVENT_SIGNALED, NULL);
    return rc < 0 ? rc : put(place, h);
}

static int duplicate_one(unsigned place, unsigned to)
{
    wo_handle h;
    int rc = wo_duplicate(atomic_load(&places[place]), 0, &h);
    return rc < 0 ? rc : put(to, h);
}

static int act(unsigned what, unsigned place, unsigned other)
{
    wo_handle two[2] = {atomic_load(&places[place]), atomic_load(&places[other])};
    switch (what) {
    case 0:
    case 1:
        return create_one(place);
    case 2:
        return duplicate_one(place, other);
    case 3:
        return wo_close(two[0]);
    case 4:
        return wo_event_set(two[0]);
    case 5:
        return wo_event_reset(two[0]);
    case 6:
        return wo_wait(two[0], wo_test_random_below(20000));
    default:
        return wo_wait_any(two, 2, wo_test_random_below(20000), NULL);
    }
}

static int64_t fighter(void *arg)
{
    unsigned n = *(unsigned *)arg;
    for (; n > 0; n--) {
        int rc = act(wo_test_random_below(8), wo_test_random_below(PLACES),
                     wo_test_random_below(PLACES));
        if (!acceptable(rc))
            return rc;
    }
    return 0;
}

static void fight(void)
{
    struct wo_test_thread threads[THREADS];
    struct wo_usage before, after;
    unsigned n = wo_test_rounds(5000, 500000);
    assert_int_equal(wo_usage(&before), 0);
    size_t fds = wo_test_fd_count();
    for (unsigned i = 0; i < THREADS; i++)
        wo_test_thread_start(&threads[i], fighter, &n);
    for (unsigned i = 0; i < THREADS; i++)
        assert_int_equal(wo_test_thread_join(&threads[i]), 0);
    for (unsigned i = 0; i < PLACES; i++)
        assert_true(acceptable(put(i, WO_NO_HANDLE)));
    assert_int_equal(wo_usage(&after), 0);
    assert_int_equal(after.handles, before.handles);
    assert_int_equal(after.private_objects, before.private_objects);
    assert_int_equal(after.shared_objects, before.shared_objects);
    assert_int_equal(wo_test_fd_count(), fds);
    assert_int_equal(wo_validate(), 0);
}

static void fight_over_private(void **state)
{
    (void)state;
    named_too = false;
    fight();
}

/* Private and named in one wait: objects are promoted in the middle of it all. */
static void fight_over_all(void **state)
{
    (void)state;
    named_too = true;
    fight();
}

/* ---- One value, closed once ------------------------------------------------------------------ */

static _Atomic wo_handle prey;
static atomic_uint turn;

static int64_t closer(void *arg)
{
    unsigned n = *(unsigned *)arg;
    int64_t closed = 0;
    for (unsigned r = 1; r <= n; r++) {
        while (atomic_load(&turn) < r)
            sched_yield();
        int rc = wo_close(atomic_load(&prey));
        if (!acceptable(rc))
            return rc;
        closed += rc == 0;
    }
    return closed;
}

static void closed_by_exactly_one(void **state)
{
    struct wo_test_thread threads[2];
    unsigned n = wo_test_rounds(2000, 100000);
    (void)state;
    atomic_store(&turn, 0);
    for (unsigned i = 0; i < 2; i++)
        wo_test_thread_start(&threads[i], closer, &n);
    size_t before = wo__handle_count();
    int64_t closed = 0;
    for (unsigned r = 1; r <= n; r++) {
        wo_handle h;
        assert_int_equal(wo_event_create(&h, NULL, 0, NULL), 0);
        atomic_store(&prey, h);
        atomic_store(&turn, r);
        int rc = wo_close(h);
        assert_true(acceptable(rc));
        closed += rc == 0;
        wo_test_eventually(wo__handle_count() == before);
    }
    for (unsigned i = 0; i < 2; i++)
        closed += wo_test_thread_join(&threads[i]);
    assert_int_equal(closed, n);
}

/* ---- Closed under a wait --------------------------------------------------------------------- */

static int64_t wait_for_it(void *arg)
{
    return wo_wait(*(wo_handle *)arg, WO_INFINITE);
}

/* The wait keeps its object; who has another handle still signals it. */
static void closed_while_waited_for(const char *name)
{
    struct wo_test_thread t;
    struct wo_usage before, after;
    wo_handle waited, other;
    assert_int_equal(wo_usage(&before), 0);
    for (unsigned r = 0; r < wo_test_rounds(200, 2000); r++) {
        assert_int_equal(wo_event_create(&waited, name, 0, NULL), 0);
        assert_int_equal(wo_duplicate(waited, 0, &other), 0);
        wo_test_thread_start(&t, wait_for_it, &waited);
        assert_true(wo_test_blocked(t.tid));
        assert_int_equal(wo_close(waited), 0);
        assert_int_equal(wo_wait(waited, 0), -EBADF);
        assert_int_equal(wo_event_set(other), 0);
        assert_int_equal(wo_test_thread_join(&t), 0);
        assert_int_equal(wo_wait(other, 0), -ETIMEDOUT);
        assert_int_equal(wo_close(other), 0);
    }
    assert_int_equal(wo_usage(&after), 0);
    assert_int_equal(after.handles, before.handles);
    assert_int_equal(after.private_objects, before.private_objects);
    assert_int_equal(after.shared_objects, before.shared_objects);
}

static void closed_while_waited_for_private(void **state)
{
    (void)state;
    closed_while_waited_for(NULL);
}

static void closed_while_waited_for_named(void **state)
{
    (void)state;
    closed_while_waited_for("Local\\closed");
}

/* The last handle goes under a wait with a limit: it ends at its limit, and the object with it. */
static int64_t wait_a_moment(void *arg)
{
    return wo_wait(*(wo_handle *)arg, 5 * (int64_t)WO_TEST_MS);
}

static void last_handle_closed(void **state)
{
    struct wo_test_thread t;
    struct wo_usage before, after;
    wo_handle h;
    (void)state;
    assert_int_equal(wo_usage(&before), 0);
    for (unsigned r = 0; r < wo_test_rounds(100, 1000); r++) {
        assert_int_equal(wo_event_create(&h, r % 2 ? "Local\\last" : NULL, 0, NULL), 0);
        wo_test_thread_start(&t, wait_a_moment, &h);
        assert_int_equal(wo_close(h), 0);
        int64_t rc = wo_test_thread_join(&t);
        assert_true(rc == -ETIMEDOUT || rc == -EBADF);
    }
    assert_int_equal(wo_usage(&after), 0);
    assert_int_equal(after.private_objects, before.private_objects);
    assert_int_equal(after.shared_objects, before.shared_objects);
}

/* ---- Millions -------------------------------------------------------------------------------- */

/* AddressSanitizer puts freed memory aside. */
#if defined(__SANITIZE_ADDRESS__)
#define KEEPS_FREED_MEMORY true
#elif defined(__has_feature)
#define KEEPS_FREED_MEMORY __has_feature(address_sanitizer)
#else
#define KEEPS_FREED_MEMORY false
#endif

static size_t resident_pages(void)
{
    unsigned long size = 0, resident = 0;
    FILE *f = fopen("/proc/self/statm", "r");
    assert_non_null(f);
    assert_int_equal(fscanf(f, "%lu %lu", &size, &resident), 2);
    fclose(f);
    return resident;
}

static void cycle(unsigned r)
{
    wo_handle h, second;
    char name[40];
    snprintf(name, sizeof name, "Local\\cycle-%u", r);
    assert_int_equal(wo_event_create(&h, r % 8 == 0 ? name : NULL, 0, NULL), 0);
    if (r % 4 == 0) {
        assert_int_equal(wo_duplicate(h, 0, &second), 0);
        assert_int_equal(wo_event_set(second), 0);
        assert_int_equal(wo_wait(h, 0), 0);
        assert_int_equal(wo_close(second), 0);
    }
    assert_int_equal(wo_close(h), 0);
}

static void no_growth(void **state)
{
    struct wo_usage before, after;
    unsigned n = wo_test_rounds(200000, 4000000);
    (void)state;
    for (unsigned r = 0; r < n / 10; r++)
        cycle(r);
    assert_int_equal(wo_usage(&before), 0);
    size_t resident = resident_pages(), fds = wo_test_fd_count();
    for (unsigned r = 0; r < n; r++)
        cycle(r);
    assert_int_equal(wo_usage(&after), 0);
    print_message("# %u cycles: from %zu to %zu pages\n", n, resident, resident_pages());
    assert_memory_equal(&before, &after, sizeof before);
    assert_int_equal(wo_test_fd_count(), fds);
    if (!KEEPS_FREED_MEMORY)
        assert_true(resident_pages() < resident + resident / 2 + 256);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(fight_over_private),
    cmocka_unit_test(fight_over_all),
    cmocka_unit_test(closed_by_exactly_one),
    cmocka_unit_test(closed_while_waited_for_private),
    cmocka_unit_test(closed_while_waited_for_named),
    cmocka_unit_test(last_handle_closed),
    cmocka_unit_test(no_growth),
};
WO_TEST_MAIN(tests, NULL)
