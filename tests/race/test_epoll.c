/* test_epoll.c: pollable descriptors in an epoll loop: no signal is missed, whoever sets it. */
#include "crew.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <unistd.h>

static int epoll_of(const wo_handle *handles, size_t count)
{
    int e = epoll_create1(EPOLL_CLOEXEC);
    assert_true(e >= 0);
    for (size_t i = 0; i < count; i++) {
        struct epoll_event event = {.events = EPOLLIN, .data.u64 = i};
        int fd;
        assert_int_equal(wo_pollfd(handles[i], &fd), 0);
        assert_int_equal(epoll_ctl(e, EPOLL_CTL_ADD, fd, &event), 0);
    }
    return e;
}

/* Index of a readable one, or -1 after the limit. */
static int next_of(int e, int timeout_ms)
{
    struct epoll_event event;
    int n;
    do
        n = epoll_wait(e, &event, 1, timeout_ms);
    while (n < 0 && errno == EINTR);
    assert_true(n >= 0);
    return n == 0 ? -1 : (int)event.data.u64;
}

static int patience(void)
{
    return (int)(WO_TEST_PATIENCE_NS / WO_TEST_MS);
}

/* The next signal that a wait confirms; descriptors may be readable for nothing. */
static int next_signal(int e, const wo_handle *handles)
{
    for (;;) {
        int i = next_of(e, patience());
        if (i < 0)
            fail_msg("a signal did not reach the loop");
        int rc = wo_wait(handles[i], 0);
        if (rc == 0)
            return i;
        assert_int_equal(rc, -ETIMEDOUT);
    }
}

static unsigned rounds(void)
{
    return wo_test_rounds(300, 3000);
}

/* ---- One step after the other ---------------------------------------------------------------- */

static void steps(bool manual, const char *name)
{
    wo_handle h, other;
    assert_int_equal(wo_event_create(&h, name, manual ? WO_EVENT_MANUAL : 0, NULL), 0);
    assert_int_equal(wo_duplicate(h, 0, &other), 0);
    int e = epoll_of(&h, 1), fd, again;
    assert_int_equal(wo_pollfd(h, &fd), 0);
    assert_int_equal(wo_pollfd(other, &again), 0);
    assert_int_equal(fd, again);
    for (unsigned r = 0; r < rounds(); r++) {
        assert_int_equal(next_of(e, 0), -1);
        /* Level triggered: readable until a wait has been there. */
        assert_int_equal(wo_event_set(r % 2 ? h : other), 0);
        assert_int_equal(next_of(e, 0), 0);
        assert_int_equal(wo_event_set(h), 0);
        assert_int_equal(next_of(e, 0), 0);
        assert_int_equal(wo_wait(h, 0), 0);
        assert_int_equal(next_of(e, 0), manual ? 0 : -1);
        /* Reset by hand: readable for nothing, then armed again. */
        assert_int_equal(wo_event_set(h), 0);
        assert_int_equal(wo_event_reset(h), 0);
        assert_int_equal(next_of(e, 0), 0);
        assert_int_equal(wo_wait(other, 0), -ETIMEDOUT);
        assert_int_equal(next_of(e, 0), -1);
        /* A pulse that nobody waits for. */
        assert_int_equal(wo_event_pulse(h), 0);
        assert_int_equal(next_of(e, 0), 0);
        assert_int_equal(wo_wait(h, 0), -ETIMEDOUT);
    }
    close(e);
    assert_int_equal(wo_validate(), 0);
    assert_int_equal(wo_close(h), 0);
    assert_int_equal(wo_close(other), 0);
}

static void steps_private(void **state)
{
    (void)state;
    steps(false, NULL);
    steps(true, NULL);
}

static void steps_named(void **state)
{
    (void)state;
    steps(false, "Local\\loop");
    steps(true, "Local\\loop");
}

static void signaled_from_the_start(void **state)
{
    wo_handle h;
    (void)state;
    for (unsigned r = 0; r < rounds(); r++) {
        assert_int_equal(wo_event_create(&h, NULL, WO_EVENT_SIGNALED, NULL), 0);
        int e = epoll_of(&h, 1);
        assert_int_equal(next_of(e, 0), 0);
        assert_int_equal(wo_wait(h, 0), 0);
        assert_int_equal(next_of(e, 0), -1);
        close(e);
        assert_int_equal(wo_close(h), 0);
    }
}

/* ---- Other processes ------------------------------------------------------------------------- */

/* Each set is confirmed before the next, so each must arrive. */
static int role_setter(int argc, char **argv)
{
    wo_handle set, seen;
    char line[64];
    if (argc < 3 || wo_event_open(&set, argv[1], WO_ACCESS_ALL) < 0 ||
        wo_event_open(&seen, argv[2], WO_ACCESS_ALL) < 0)
        return 1;
    wo_test_say("ready");
    while (wo_test_hear(line, sizeof line)) {
        for (unsigned n = (unsigned)atoi(line); n > 0; n--)
            if (wo_event_set(set) < 0 || wo_wait(seen, (int64_t)WO_TEST_PATIENCE_NS) < 0)
                return 2;
        wo_test_say("done");
    }
    return 0;
}

enum { SETTERS = 3 };

struct loop {
    wo_handle set[SETTERS], seen[SETTERS];
    struct wo_test_child setters[SETTERS];
};

static void start_setters(struct loop *l)
{
    char set[32], seen[32];
    for (unsigned i = 0; i < SETTERS; i++) {
        snprintf(set, sizeof set, "Local\\set-%u", i);
        snprintf(seen, sizeof seen, "Global\\seen-%u", i);
        assert_int_equal(wo_event_create(&l->set[i], set, 0, NULL), 0);
        assert_int_equal(wo_event_create(&l->seen[i], seen, 0, NULL), 0);
        wo_test_spawn(&l->setters[i], "setter", set, seen, NULL);
    }
    for (unsigned i = 0; i < SETTERS; i++)
        wo_test_expect(&l->setters[i], "ready");
}

static void set_by_other_processes(void **state)
{
    struct loop l;
    (void)state;
    start_setters(&l);
    int e = epoll_of(l.set, SETTERS);
    unsigned counts[SETTERS] = {0};
    for (unsigned i = 0; i < SETTERS; i++)
        wo_test_send(&l.setters[i], "%u", rounds());
    for (unsigned n = 0; n < SETTERS * rounds(); n++) {
        int i = next_signal(e, l.set);
        counts[i]++;
        assert_int_equal(wo_event_set(l.seen[i]), 0);
    }
    for (unsigned i = 0; i < SETTERS; i++) {
        assert_int_equal(counts[i], rounds());
        wo_test_expect(&l.setters[i], "done");
        assert_int_equal(wo_close(l.set[i]), 0);
        assert_int_equal(wo_close(l.seen[i]), 0);
    }
    close(e);
}

/* The loop and threads that block compete for the same signals: each goes to one of them. */
static void loop_against_waiters(void **state)
{
    struct crew c;
    struct wo_test_child setter;
    wo_handle seen;
    unsigned by_loop = 0, by_waiter = 0;
    (void)state;
    crew_open(&c, CREW_NAMED, 1, "a");
    assert_int_equal(wo_event_create(&seen, "Local\\seen", 0, NULL), 0);
    int e = epoll_of(c.events, 1);
    wo_test_spawn(&setter, "setter", "Local\\crew-0", "Local\\seen", NULL);
    wo_test_expect(&setter, "ready");
    wo_test_send(&setter, "%u", rounds());
    for (unsigned n = 0; n < rounds(); n++) {
        if (wo_test_random_below(2)) {
            crew_order(&c, 0, 'w', 0, 1, CREW_NO_TIMEOUT);
            assert_int_equal(crew_result(&c, 0), 0);
            by_waiter++;
        } else {
            assert_int_equal(next_signal(e, c.events), 0);
            by_loop++;
        }
        assert_int_equal(wo_event_set(seen), 0);
    }
    assert_int_equal(by_loop + by_waiter, rounds());
    wo_test_expect(&setter, "done");
    close(e);
    crew_close(&c);
    assert_int_equal(wo_close(seen), 0);
}

/* A loop in another process: reports each signal. */
static int role_loop(int argc, char **argv)
{
    wo_handle h, seen;
    struct epoll_event event = {.events = EPOLLIN};
    int fd, e = epoll_create1(EPOLL_CLOEXEC);
    if (argc < 3 || wo_event_open(&h, argv[1], WO_ACCESS_ALL) < 0 ||
        wo_event_open(&seen, argv[2], WO_ACCESS_ALL) < 0 || wo_pollfd(h, &fd) < 0 ||
        epoll_ctl(e, EPOLL_CTL_ADD, fd, &event) < 0)
        return 1;
    wo_test_say("ready");
    for (;;) {
        if (epoll_wait(e, &event, 1, -1) < 0)
            return 2;
        if (wo_wait(h, 0) == 0)
            wo_event_set(seen);
    }
}

/* Loops in several processes on one auto-reset event: one of them gets each signal. */
static void loops_in_several_processes(void **state)
{
    struct wo_test_child loops[SETTERS];
    wo_handle h, seen;
    (void)state;
    assert_int_equal(wo_event_create(&h, "Local\\many", 0, NULL), 0);
    assert_int_equal(wo_event_create(&seen, "Local\\taken", 0, NULL), 0);
    for (unsigned i = 0; i < SETTERS; i++) {
        wo_test_spawn(&loops[i], "loop", "Local\\many", "Local\\taken", NULL);
        wo_test_expect(&loops[i], "ready");
    }
    for (unsigned r = 0; r < rounds(); r++) {
        if (r == rounds() / 2)
            wo_test_kill(&loops[0]);
        assert_int_equal(wo_event_set(h), 0);
        assert_int_equal(wo_wait(seen, (int64_t)WO_TEST_PATIENCE_NS), 0);
        assert_false(signaled(h));
    }
    assert_int_equal(wo_close(h), 0);
    assert_int_equal(wo_close(seen), 0);
}

static const struct wo_test_role roles[] = {
    {"crew", crew_role}, {"setter", role_setter}, {"loop", role_loop}, {NULL, NULL}};
static const struct CMUnitTest tests[] = {
    cmocka_unit_test(steps_private),
    cmocka_unit_test(steps_named),
    cmocka_unit_test(signaled_from_the_start),
    cmocka_unit_test(set_by_other_processes),
    cmocka_unit_test(loop_against_waiters),
    cmocka_unit_test(loops_in_several_processes),
};
WO_TEST_MAIN(tests, roles)
