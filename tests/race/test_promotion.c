/* test_promotion.c: unnamed events move to the shared arena while threads are blocked on them and
 * others signal them. Nobody is lost, the order stays. */
#include "crew.h"

#include <errno.h>

enum { N = 6 };

static unsigned rounds(void)
{
    return wo_test_rounds(200, 1000);
}

static void expect_valid(void)
{
    assert_int_equal(wo_validate(), 0);
}

/* Two ways to make a private event move: a pollable descriptor, or a wait together with a named
 * one. */
static int64_t promote_by_pollfd(void *arg)
{
    int fd;
    return wo_pollfd(*(wo_handle *)arg, &fd);
}

static int64_t promote_by_wait(void *arg)
{
    wo_handle both[2] = {*(wo_handle *)arg, WO_NO_HANDLE};
    int rc = wo_event_create(&both[1], "Local\\promoter", WO_EVENT_MANUAL, NULL);
    if (rc < 0)
        return rc;
    rc = wo_wait_all(both, 2, 0); /* never satisfied: the named one stays non-signaled */
    wo_close(both[1]);
    return rc == -ETIMEDOUT ? 0 : rc;
}

static wo_test_body *const ways[2] = {promote_by_pollfd, promote_by_wait};

/* The members stay, the events are fresh in each round: each thread is moved again and again. */
static void fresh_events(struct crew *c, const char *kinds)
{
    for (size_t i = 0; i < c->event_count; i++) {
        if (c->events[i])
            assert_int_equal(wo_close(c->events[i]), 0);
        assert_int_equal(wo_event_create(&c->events[i], NULL,
                                         kinds[i] == 'm' ? WO_EVENT_MANUAL : 0, NULL), 0);
    }
}

static void nobody_is_lost(void **state)
{
    struct crew c;
    struct wo_test_thread promoter;
    (void)state;
    crew_open(&c, CREW_PRIVATE, N, "a");
    for (unsigned r = 0; r < rounds(); r++) {
        fresh_events(&c, "a");
        crew_wait(&c, 0, N, 0, 1);
        wo_test_eventually(queued_on(c.events[0]) == N);
        wo_test_thread_start(&promoter, ways[r % 2], &c.events[0]);
        for (size_t i = 0; i < N; i++)
            assert_int_equal(wo_event_set(c.events[0]), 0);
        assert_int_equal(wo_test_thread_join(&promoter), 0);
        expect_valid();
        crew_expect_released(&c, 0, N);
        assert_false(signaled(c.events[0]));
        assert_int_equal(queued_on(c.events[0]), 0);
    }
    crew_close(&c);
}

static void order_is_kept(void **state)
{
    struct crew c;
    (void)state;
    crew_open(&c, CREW_PRIVATE, N, "a");
    for (unsigned r = 0; r < rounds(); r++) {
        fresh_events(&c, "a");
        for (size_t i = 0; i < N; i++) {
            crew_order(&c, (i + r) % N, 'w', 0, 1, CREW_NO_TIMEOUT);
            wo_test_eventually(queued_on(c.events[0]) == i + 1);
        }
        assert_int_equal(ways[r % 2](&c.events[0]), 0);
        expect_valid();
        assert_int_equal(queued_on(c.events[0]), N);
        for (size_t i = 0; i < N; i++) {
            assert_int_equal(wo_event_set(c.events[0]), 0);
            assert_int_equal(crew_result(&c, (i + r) % N), 0);
        }
        assert_false(signaled(c.events[0]));
    }
    crew_close(&c);
}

/* Waits of one, of any over three, of all of two; one of the events moves, and with it all
 * that is tied to it. Members 0 and 1: any of 0-2; 2: event 1; 3: all of 1 and 2; 4: event 3. */
static void block_all_kinds(struct crew *c)
{
    crew_wait(c, 0, 1, 0, 3);
    wo_test_eventually(queued_on(c->events[0]) == 1);
    crew_wait(c, 1, 2, 0, 3);
    wo_test_eventually(queued_on(c->events[0]) == 2);
    crew_wait(c, 2, 3, 1, 1);
    wo_test_eventually(queued_on(c->events[1]) == 3);
    crew_order(c, 3, 'a', 1, 2, CREW_NO_TIMEOUT);
    crew_wait(c, 4, 5, 3, 1);
    wo_test_eventually(queued_on(c->events[1]) == 4);
    wo_test_eventually(queued_on(c->events[3]) == 1);
}

static void connected_waits_move_together(void **state)
{
    struct crew c;
    struct wo_test_thread promoter;
    (void)state;
    crew_open(&c, CREW_PRIVATE, 5, "aama");
    for (unsigned r = 0; r < rounds(); r++) {
        fresh_events(&c, "aama");
        block_all_kinds(&c);
        wo_test_thread_start(&promoter, ways[r % 2], &c.events[r / 2 % 3]);
        assert_int_equal(wo_event_set(c.events[0]), 0);
        assert_int_equal(wo_event_set(c.events[1]), 0);
        assert_int_equal(crew_result(&c, 0), 0);
        assert_int_equal(crew_result(&c, 1), 1);
        assert_int_equal(wo_event_set(c.events[1]), 0);
        assert_int_equal(crew_result(&c, 2), 0);
        assert_int_equal(wo_event_set(c.events[1]), 0);
        assert_true(signaled(c.events[1]));
        assert_int_equal(wo_event_pulse(c.events[2]), 0);
        assert_int_equal(crew_result(&c, 3), 0);
        assert_false(signaled(c.events[1]));
        assert_int_equal(wo_event_set(c.events[3]), 0);
        assert_int_equal(crew_result(&c, 4), 0);
        assert_int_equal(wo_test_thread_join(&promoter), 0);
        expect_valid();
    }
    crew_close(&c);
}

/* Set and reset at once, while it moves. */
static void set_and_reset_meanwhile(void **state)
{
    struct crew c;
    struct wo_test_thread promoter;
    (void)state;
    crew_open(&c, CREW_PRIVATE, N, "mm");
    for (unsigned r = 0; r < rounds(); r++) {
        fresh_events(&c, "mm");
        crew_wait(&c, 0, N / 2, 0, 2);
        crew_wait(&c, N / 2, N, 0, 1);
        wo_test_eventually(queued_on(c.events[0]) == N);
        wo_test_thread_start(&promoter, ways[r % 2], &c.events[r / 2 % 2]);
        assert_int_equal(wo_event_set(c.events[0]), 0);
        assert_int_equal(wo_event_reset(c.events[0]), 0);
        crew_expect_released(&c, 0, N);
        assert_int_equal(wo_test_thread_join(&promoter), 0);
        assert_false(signaled(c.events[0]));
        expect_valid();
    }
    crew_close(&c);
}

/* A limit runs out about when the event moves and is set. */
static void timeout_meanwhile(void **state)
{
    struct crew c;
    struct wo_test_thread promoter;
    (void)state;
    crew_open(&c, CREW_PRIVATE, 1, "a");
    for (unsigned r = 0; r < 2 * rounds(); r++) {
        fresh_events(&c, "a");
        crew_order(&c, 0, 'w', 0, 1, wo_test_random_below(400000));
        wo_test_thread_start(&promoter, ways[r % 2], &c.events[0]);
        assert_int_equal(wo_event_set(c.events[0]), 0);
        int rc = crew_result(&c, 0);
        assert_int_equal(wo_test_thread_join(&promoter), 0);
        assert_true(rc == 0 || rc == -ETIMEDOUT);
        assert_int_equal(signaled(c.events[0]), rc != 0);
        assert_int_equal(queued_on(c.events[0]), 0);
        expect_valid();
    }
    crew_close(&c);
}

/* Nothing is left: the shared arena has what it had. */
static void leaves_nothing(void **state)
{
    struct wo_usage before, after;
    wo_handle h;
    (void)state;
    assert_int_equal(wo_usage(&before), 0);
    size_t fds = wo_test_fd_count(), files = wo_test_runtime_files();
    for (unsigned r = 0; r < rounds(); r++) {
        assert_int_equal(wo_event_create(&h, NULL, r % 3 ? WO_EVENT_SIGNALED : 0, NULL), 0);
        assert_int_equal(ways[r % 2](&h), 0);
        assert_int_equal(wo_wait(h, 0), r % 3 ? 0 : -ETIMEDOUT);
        assert_int_equal(wo_close(h), 0);
    }
    assert_int_equal(wo_usage(&after), 0);
    assert_int_equal(after.shared_objects, before.shared_objects);
    assert_int_equal(after.private_objects, before.private_objects);
    assert_int_equal(after.shared_waiters, before.shared_waiters);
    assert_int_equal(after.handles, before.handles);
    assert_int_equal(wo_test_fd_count(), fds);
    assert_int_equal(wo_test_runtime_files(), files);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(nobody_is_lost),
    cmocka_unit_test(order_is_kept),
    cmocka_unit_test(connected_waits_move_together),
    cmocka_unit_test(set_and_reset_meanwhile),
    cmocka_unit_test(timeout_meanwhile),
    cmocka_unit_test(leaves_nothing),
};
WO_TEST_MAIN(tests, NULL)
