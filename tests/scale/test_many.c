/* test_many.c: waits over very many objects, and very many waits on one. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

#include "crew.h"

enum { EVENTS = 10000, PROCESSES = 1000 };

/* ---- Limits --------------------------------------------------------------------------------- */

/* Raises the soft limit if the hard one allows it. */
static bool room_for(unsigned resource, rlim_t need)
{
    struct rlimit l;
    assert_int_equal(getrlimit(resource, &l), 0);
    if (l.rlim_cur >= need)
        return true;
    if (l.rlim_max < need)
        return false;
    l.rlim_cur = need;
    return setrlimit(resource, &l) == 0;
}

static unsigned processes(unsigned brief)
{
    unsigned n = wo_test_rounds(brief, PROCESSES);
    if (!room_for(RLIMIT_NOFILE, 6 * (rlim_t)n + 200) || !room_for(RLIMIT_NPROC, n + 500)) {
        print_message("# the limits of this system do not allow %u processes\n", n);
        skip();
    }
    return n;
}

/* ---- Ten thousand events in one wait --------------------------------------------------------- */

struct many {
    wo_handle *events;
    size_t count;
    bool all;
};

static int64_t wait_for_many(void *arg)
{
    struct many *m = arg;
    size_t index = 0;
    int rc = m->all ? wo_wait_all(m->events, m->count, WO_INFINITE)
                    : wo_wait_any(m->events, m->count, WO_INFINITE, &index);
    return rc < 0 ? rc : (int64_t)index;
}

static void make_events(struct many *m, bool named)
{
    char name[32];
    m->count = EVENTS;
    m->events = calloc(m->count, sizeof(wo_handle));
    assert_non_null(m->events);
    for (size_t i = 0; i < m->count; i++) {
        snprintf(name, sizeof name, "Local\\many-%zu", i);
        assert_int_equal(wo_event_create(&m->events[i], named ? name : NULL, 0, NULL), 0);
    }
}

static void drop_events(struct many *m)
{
    for (size_t i = 0; i < m->count; i++)
        assert_int_equal(wo_close(m->events[i]), 0);
    free(m->events);
}

static void shuffle(size_t *order, size_t count)
{
    for (size_t i = 0; i < count; i++)
        order[i] = i;
    for (size_t i = count; i > 1; i--) {
        size_t j = wo_test_random_below((uint32_t)i), saved = order[j];
        order[j] = order[i - 1];
        order[i - 1] = saved;
    }
}

static void any_of_many(struct many *m)
{
    struct wo_test_thread t;
    m->all = false;
    for (unsigned r = 0; r < wo_test_rounds(3, 30); r++) {
        size_t set = r == 0 ? m->count - 1 : wo_test_random_below((uint32_t)m->count);
        wo_test_thread_start(&t, wait_for_many, m);
        wo_test_eventually(queued_on(m->events[m->count - 1]) == 1);
        assert_int_equal(wo_event_set(m->events[set]), 0);
        assert_int_equal(wo_test_thread_join(&t), set);
        assert_false(signaled(m->events[set]));
        assert_int_equal(queued_on(m->events[m->count - 1]), 0);
    }
}

static void all_of_many(struct many *m)
{
    struct wo_test_thread t;
    size_t *order = calloc(m->count, sizeof *order);
    assert_non_null(order);
    m->all = true;
    for (unsigned r = 0; r < wo_test_rounds(1, 10); r++) {
        shuffle(order, m->count);
        wo_test_thread_start(&t, wait_for_many, m);
        wo_test_eventually(queued_on(m->events[m->count - 1]) == 1);
        for (size_t i = 0; i < m->count; i++) {
            assert_false(wo_test_thread_finished(&t));
            assert_int_equal(wo_event_set(m->events[order[i]]), 0);
        }
        assert_int_equal(wo_test_thread_join(&t), 0);
        for (size_t i = 0; i < m->count; i++)
            assert_false(signaled(m->events[i]));
    }
    free(order);
}

static void ten_thousand_events(bool named)
{
    struct many m;
    struct wo_usage before, after;
    assert_int_equal(wo_usage(&before), 0);
    make_events(&m, named);
    any_of_many(&m);
    all_of_many(&m);
    assert_int_equal(wo_validate(), 0);
    drop_events(&m);
    assert_int_equal(wo_usage(&after), 0);
    assert_int_equal(after.private_objects, before.private_objects);
    assert_int_equal(after.shared_objects, before.shared_objects);
    assert_int_equal(after.handles, before.handles);
}

static void events_private(void **state)
{
    (void)state;
    ten_thousand_events(false);
}

static void events_named(void **state)
{
    (void)state;
    ten_thousand_events(true);
}

/* All private, then all of them moved while a thread is blocked on them. */
static void events_promoted(void **state)
{
    struct many m = {.all = true};
    struct wo_test_thread t;
    int fd;
    (void)state;
    make_events(&m, false);
    m.all = true;
    wo_test_thread_start(&t, wait_for_many, &m);
    wo_test_eventually(queued_on(m.events[0]) == 1);
    assert_int_equal(wo_pollfd(m.events[EVENTS / 2], &fd), 0);
    assert_int_equal(wo_validate(), 0);
    for (size_t i = 0; i < m.count; i++)
        assert_int_equal(wo_event_set(m.events[i]), 0);
    assert_int_equal(wo_test_thread_join(&t), 0);
    assert_false(signaled(m.events[0]));
    drop_events(&m);
}

/* ---- A wait over a thousand child processes -------------------------------------------------- */

/* Children that read from a pipe, and end with it: also when this test is killed. */
static void make_children(struct many *m, unsigned count, int pipe_fds[2])
{
    char *argv[] = {(char *)"cat", NULL};
    assert_int_equal(pipe(pipe_fds), 0);
    assert_int_equal(fcntl(pipe_fds[0], F_SETFD, FD_CLOEXEC), 0);
    assert_int_equal(fcntl(pipe_fds[1], F_SETFD, FD_CLOEXEC), 0);
    int fds[3] = {pipe_fds[0], -1, -1};
    struct wo_spawn how = {.argv = argv, .fds = fds};
    m->count = count;
    m->events = calloc(count, sizeof(wo_handle));
    assert_non_null(m->events);
    for (unsigned i = 0; i < count; i++)
        assert_int_equal(wo_process_spawn(&m->events[i], &how), 0);
}

static void kill_one(wo_handle h)
{
    int64_t pid;
    assert_int_equal(wo_process_id(h, &pid), 0);
    assert_int_equal(kill((pid_t)pid, SIGKILL), 0);
}

static void thousand_children(void **state)
{
    struct many m = {.all = false};
    struct wo_test_thread t;
    int pipe_fds[2];
    (void)state;
    unsigned count = processes(100);
    size_t fds = wo_test_fd_count();
    make_children(&m, count, pipe_fds);
    assert_int_equal(wo_wait_any(m.events, count, 0, NULL), -ETIMEDOUT);
    size_t victim = count - 1 - wo_test_random_below(count / 2);
    wo_test_thread_start(&t, wait_for_many, &m);
    assert_true(wo_test_blocked(t.tid));
    kill_one(m.events[victim]);
    assert_int_equal(wo_test_thread_join(&t), victim);
    m.all = true;
    wo_test_thread_start(&t, wait_for_many, &m);
    assert_true(wo_test_blocked(t.tid));
    for (size_t i = 1; i < count; i++)
        if (i != victim)
            kill_one(m.events[i]);
    assert_false(wo_test_thread_finished(&t));
    kill_one(m.events[0]);
    assert_int_equal(wo_test_thread_join(&t), 0);
    assert_int_equal(wo_wait_all(m.events, count, 0), 0);
    drop_events(&m);
    close(pipe_fds[0]);
    close(pipe_fds[1]);
    assert_int_equal(wo_test_fd_count(), fds);
}

/* ---- A thousand processes wait on one event -------------------------------------------------- */

static int role_waiter(int argc, char **argv)
{
    wo_handle h;
    (void)argc;
    (void)argv;
    int rc = wo_event_open(&h, "Local\\start", WO_ACCESS_WAIT);
    if (rc == 0)
        rc = wo_wait(h, (int64_t)(4 * WO_TEST_PATIENCE_NS));
    wo_test_say("%d", rc);
    return 0;
}

static void thousand_waiters(bool manual)
{
    struct wo_usage before, after;
    wo_handle h;
    unsigned count = processes(manual ? 100 : 50);
    assert_int_equal(wo_usage(&before), 0);
    assert_int_equal(wo_event_create(&h, "Local\\start", manual ? WO_EVENT_MANUAL : 0, NULL), 0);
    struct wo_test_child *children = calloc(count, sizeof *children);
    assert_non_null(children);
    for (unsigned i = 0; i < count; i++)
        wo_test_spawn(&children[i], "waiter", NULL);
    wo_test_eventually(queued_on(h) == count);
    assert_int_equal(wo_validate(), 0);
    for (unsigned i = 0; i < (manual ? 1 : count); i++)
        assert_int_equal(wo_event_set(h), 0);
    assert_int_equal(queued_on(h), 0);
    for (unsigned i = 0; i < count; i++) {
        wo_test_expect(&children[i], "0");
        wo_test_expect_exit(&children[i], 0);
    }
    assert_int_equal(signaled(h), manual);
    free(children);
    assert_int_equal(wo_close(h), 0);
    assert_int_equal(wo_usage(&after), 0);
    assert_int_equal(after.shared_objects, before.shared_objects);
    assert_int_equal(after.shared_waiters, before.shared_waiters);
    assert_int_equal(after.processes, before.processes);
}

static void waiters_of_one_set(void **state)
{
    (void)state;
    thousand_waiters(true);
}

static void waiters_of_many_sets(void **state)
{
    (void)state;
    thousand_waiters(false);
}

static const struct wo_test_role roles[] = {{"waiter", role_waiter}, {NULL, NULL}};
static const struct CMUnitTest tests[] = {
    cmocka_unit_test(events_private),
    cmocka_unit_test(events_named),
    cmocka_unit_test(events_promoted),
    cmocka_unit_test(thousand_children),
    cmocka_unit_test(waiters_of_one_set),
    cmocka_unit_test(waiters_of_many_sets),
};
WO_TEST_MAIN(tests, roles)
