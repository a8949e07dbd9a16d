/* test_release.c: who is released by a signal, exactly, over many rounds.
 *
 * Each test runs with threads on unnamed events, threads on named events, and processes. */
#include "crew.h"

#include <errno.h>

enum { N = 8 };

static unsigned rounds(void)
{
    return wo_test_rounds(200, 1000);
}

static void expect_valid(unsigned round)
{
    if (round % 32 == 0)
        assert_int_equal(wo_validate(), 0);
}

static void n_sets_release_n(enum crew_kind kind)
{
    struct crew c;
    crew_open(&c, kind, N, "a");
    for (unsigned r = 0; r < rounds(); r++) {
        crew_wait(&c, 0, N, 0, 1);
        wo_test_eventually(queued_on(c.events[0]) == N);
        expect_valid(r);
        for (size_t i = 0; i < N; i++)
            assert_int_equal(wo_event_set(c.events[0]), 0);
        crew_expect_released(&c, 0, N);
        assert_false(signaled(c.events[0]));
        assert_int_equal(queued_on(c.events[0]), 0);
    }
    crew_close(&c);
}
CREW_TESTS(n_sets_release_n)

/* As many setters as waiters, all at once. */
static void many_setters(enum crew_kind kind)
{
    struct crew c;
    crew_open(&c, kind, 2 * N, "a");
    for (unsigned r = 0; r < rounds(); r++) {
        crew_wait(&c, 0, N, 0, 1);
        wo_test_eventually(queued_on(c.events[0]) == N);
        for (size_t i = N; i < 2 * N; i++)
            crew_order(&c, i, 's', 0, 1, 0);
        crew_expect_released(&c, 0, 2 * N);
        assert_false(signaled(c.events[0]));
        expect_valid(r);
    }
    crew_close(&c);
}
CREW_TESTS(many_setters)

static void set_and_reset_release_all(enum crew_kind kind)
{
    struct crew c;
    crew_open(&c, kind, N, "m");
    for (unsigned r = 0; r < rounds(); r++) {
        crew_wait(&c, 0, N, 0, 1);
        wo_test_eventually(queued_on(c.events[0]) == N);
        assert_int_equal(wo_event_set(c.events[0]), 0);
        assert_int_equal(wo_event_reset(c.events[0]), 0);
        crew_expect_released(&c, 0, N);
        assert_false(signaled(c.events[0]));
        expect_valid(r);
    }
    crew_close(&c);
}
CREW_TESTS(set_and_reset_release_all)

/* A member sets and resets while the others, each blocked on any of three events, watch. */
static void member_sets_and_resets(enum crew_kind kind)
{
    struct crew c;
    crew_open(&c, kind, N, "mmm");
    for (unsigned r = 0; r < rounds(); r++) {
        unsigned event = wo_test_random_below(3);
        crew_wait(&c, 1, N, 0, 3);
        for (unsigned i = 0; i < 3; i++)
            wo_test_eventually(queued_on(c.events[i]) == N - 1);
        crew_order(&c, 0, 'b', event, 1, 0);
        assert_int_equal(crew_result(&c, 0), 0);
        for (size_t i = 1; i < N; i++)
            assert_int_equal(crew_result(&c, i), event);
        for (unsigned i = 0; i < 3; i++)
            assert_int_equal(queued_on(c.events[i]), 0);
        expect_valid(r);
    }
    crew_close(&c);
}
CREW_TESTS(member_sets_and_resets)

static void pulse_releases_all_blocked(enum crew_kind kind)
{
    struct crew c;
    crew_open(&c, kind, N, "m");
    for (unsigned r = 0; r < rounds(); r++) {
        crew_wait(&c, 0, N, 0, 1);
        wo_test_eventually(queued_on(c.events[0]) == N);
        assert_int_equal(wo_event_pulse(c.events[0]), 0);
        assert_int_equal(queued_on(c.events[0]), 0);
        assert_false(signaled(c.events[0]));
        crew_expect_released(&c, 0, N);
        expect_valid(r);
    }
    crew_close(&c);
}
CREW_TESTS(pulse_releases_all_blocked)

static void pulse_releases_one(enum crew_kind kind)
{
    struct crew c;
    crew_open(&c, kind, N, "a");
    for (unsigned r = 0; r < rounds(); r++) {
        crew_wait(&c, 0, N, 0, 1);
        wo_test_eventually(queued_on(c.events[0]) == N);
        for (size_t left = N; left-- > 0;) {
            assert_int_equal(wo_event_pulse(c.events[0]), 0);
            assert_int_equal(queued_on(c.events[0]), left);
            assert_false(signaled(c.events[0]));
        }
        crew_expect_released(&c, 0, N);
        assert_int_equal(wo_event_pulse(c.events[0]), 0);
        assert_false(signaled(c.events[0]));
        expect_valid(r);
    }
    crew_close(&c);
}
CREW_TESTS(pulse_releases_one)

/* First come, first served. */
static void order_of_arrival(enum crew_kind kind)
{
    struct crew c;
    crew_open(&c, kind, N, "a");
    for (unsigned r = 0; r < rounds(); r++) {
        for (size_t i = 0; i < N; i++) {
            crew_order(&c, (i + r) % N, 'w', 0, 1, CREW_NO_TIMEOUT);
            wo_test_eventually(queued_on(c.events[0]) == i + 1);
        }
        for (size_t i = 0; i < N; i++) {
            assert_int_equal(wo_event_set(c.events[0]), 0);
            assert_int_equal(crew_result(&c, (i + r) % N), 0);
            assert_int_equal(queued_on(c.events[0]), N - 1 - i);
        }
    }
    crew_close(&c);
}
CREW_TESTS(order_of_arrival)

/* Two auto-reset events and a manual-reset one, which is set last and reset at once. */
static void wait_all_at_the_last_set(enum crew_kind kind)
{
    struct crew c;
    crew_open(&c, kind, 1, "aam");
    for (unsigned r = 0; r < rounds(); r++) {
        crew_order(&c, 0, 'a', 0, 3, CREW_NO_TIMEOUT);
        wo_test_eventually(queued_on(c.events[2]) == 1);
        assert_int_equal(wo_event_set(c.events[r % 2]), 0);
        assert_int_equal(wo_event_set(c.events[1 - r % 2]), 0);
        assert_true(signaled(c.events[0]));
        assert_true(signaled(c.events[1]));
        assert_int_equal(queued_on(c.events[0]), 1);
        assert_int_equal(wo_event_set(c.events[2]), 0);
        assert_int_equal(wo_event_reset(c.events[2]), 0);
        assert_false(signaled(c.events[0]));
        assert_false(signaled(c.events[1]));
        assert_int_equal(crew_result(&c, 0), 0);
        expect_valid(r);
    }
    crew_close(&c);
}
CREW_TESTS(wait_all_at_the_last_set)

/* What a wait for all still leaves can be taken by others, who then are served alone. */
static void wait_all_takes_nothing_early(enum crew_kind kind)
{
    struct crew c;
    crew_open(&c, kind, 3, "aa");
    for (unsigned r = 0; r < rounds(); r++) {
        crew_order(&c, 0, 'a', 0, 2, CREW_NO_TIMEOUT);
        wo_test_eventually(queued_on(c.events[0]) == 1);
        assert_int_equal(wo_event_set(c.events[0]), 0);
        crew_order(&c, 1, 'w', 0, 1, CREW_NO_TIMEOUT);
        assert_int_equal(crew_result(&c, 1), 0);
        assert_int_equal(wo_event_set(c.events[1]), 0);
        assert_true(signaled(c.events[1]));
        assert_int_equal(queued_on(c.events[1]), 1);
        assert_int_equal(wo_event_set(c.events[0]), 0);
        assert_int_equal(crew_result(&c, 0), 0);
        assert_false(signaled(c.events[0]));
        assert_false(signaled(c.events[1]));
        expect_valid(r);
    }
    crew_close(&c);
}
CREW_TESTS(wait_all_takes_nothing_early)

/* Several waits for all of the same events, and setters that compete: each pair of signals
 * satisfies one wait. */
static void wait_all_in_competition(enum crew_kind kind)
{
    struct crew c;
    crew_open(&c, kind, 6, "aa");
    for (unsigned r = 0; r < rounds(); r++) {
        for (size_t i = 0; i < 4; i++)
            crew_order(&c, i, 'a', 0, 2, CREW_NO_TIMEOUT);
        wo_test_eventually(queued_on(c.events[1]) == 4);
        for (size_t left = 4; left-- > 0;) {
            crew_order(&c, 4, 's', 0, 1, 0);
            crew_order(&c, 5, 's', 1, 1, 0);
            crew_expect_released(&c, 4, 6);
            assert_int_equal(queued_on(c.events[0]), left);
            assert_int_equal(queued_on(c.events[1]), left);
        }
        crew_expect_released(&c, 0, 4);
        expect_valid(r);
    }
    crew_close(&c);
}
CREW_TESTS(wait_all_in_competition)

/* A limit that ends about when the event is set: either the waiter has the signal or the event. */
static void spin(uint64_t ns)
{
    uint64_t end = wo_test_now() + ns;
    while (wo_test_now() < end)
        ;
}

static void timeout_races_with_set(enum crew_kind kind)
{
    struct crew c;
    unsigned got = 0;
    crew_open(&c, kind, 1, "a");
    for (unsigned r = 0; r < 5 * rounds(); r++) {
        crew_order(&c, 0, 'w', 0, 1, wo_test_random_below(100000));
        spin(wo_test_random_below(150000));
        assert_int_equal(wo_event_set(c.events[0]), 0);
        int rc = crew_result(&c, 0);
        assert_true(rc == 0 || rc == -ETIMEDOUT);
        got += rc == 0;
        assert_int_equal(signaled(c.events[0]), rc != 0);
        assert_int_equal(wo_wait(c.events[0], 0), rc == 0 ? -ETIMEDOUT : 0);
        assert_int_equal(queued_on(c.events[0]), 0);
        expect_valid(r);
    }
    print_message("# the set came first in %u of %u rounds\n", got, 5 * rounds());
    crew_close(&c);
}
CREW_TESTS(timeout_races_with_set)

/* One with a limit in front, one without behind: who times out swallows nothing. */
static void timed_out_swallows_nothing(enum crew_kind kind)
{
    struct crew c;
    crew_open(&c, kind, 3, "aa");
    for (unsigned r = 0; r < 2 * rounds(); r++) {
        crew_order(&c, 0, r % 2 ? 'w' : 'a', 0, 1 + r / 2 % 2, wo_test_random_below(300000));
        crew_order(&c, 1, 'w', 0, 1, CREW_NO_TIMEOUT);
        crew_order(&c, 2, 's', 0, 1, 0);
        assert_int_equal(crew_result(&c, 2), 0);
        int first = crew_result(&c, 0);
        assert_true(first == 0 || first == -ETIMEDOUT);
        if (first == 0)
            assert_int_equal(wo_event_set(c.events[0]), 0);
        assert_int_equal(crew_result(&c, 1), 0);
        assert_false(signaled(c.events[0]));
        assert_int_equal(queued_on(c.events[0]), 0);
    }
    crew_close(&c);
}
CREW_TESTS(timed_out_swallows_nothing)

static const struct wo_test_role roles[] = {{"crew", crew_role}, {NULL, NULL}};
static const struct CMUnitTest tests[] = {
    CREW_LIST(n_sets_release_n),
    CREW_LIST(many_setters),
    CREW_LIST(set_and_reset_release_all),
    CREW_LIST(member_sets_and_resets),
    CREW_LIST(pulse_releases_all_blocked),
    CREW_LIST(pulse_releases_one),
    CREW_LIST(order_of_arrival),
    CREW_LIST(wait_all_at_the_last_set),
    CREW_LIST(wait_all_takes_nothing_early),
    CREW_LIST(wait_all_in_competition),
    CREW_LIST(timeout_races_with_set),
    CREW_LIST(timed_out_swallows_nothing),
};
WO_TEST_MAIN(tests, roles)
