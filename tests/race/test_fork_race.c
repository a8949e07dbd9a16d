/* test_fork_race.c: fork() without exec, while other threads wait, signal and open handles. Parent
 * and child go on: named events are shared, unnamed ones are the child's own copies.
 *
 * A forked child asserts nothing: it ends with the number of the step that went wrong. */
#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/wait.h>
#include <unistd.h>

#include "crew.h"

#define STEP(number, condition)                                                                    \
    do {                                                                                           \
        if (!(condition))                                                                          \
            _exit(number);                                                                         \
    } while (0)

static const int64_t patience = (int64_t)WO_TEST_PATIENCE_NS;

static unsigned rounds(void)
{
    return wo_test_rounds(300, 1000);
}

static pid_t forked(void)
{
    fflush(NULL);
    pid_t pid = fork();
    assert_true(pid >= 0);
    return pid;
}

static void expect_end(pid_t pid)
{
    int status;
    uint64_t end = wo_test_now() + WO_TEST_PATIENCE_NS;
    pid_t rc;
    while ((rc = waitpid(pid, &status, WNOHANG)) == 0 && wo_test_now() < end)
        wo_test_pause();
    if (rc == 0)
        kill(pid, SIGKILL);
    assert_int_equal(rc, pid);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
}

/* ---- What parent and child share ------------------------------------------------------------- */

struct pair {
    wo_handle to_child, to_parent; /* named, auto-reset */
    wo_handle own, own_manual;     /* unnamed */
    wo_handle watched;             /* unnamed, moved to the shared arena */
};

static void pair_open(struct pair *p)
{
    int fd;
    assert_int_equal(wo_event_create(&p->to_child, "Local\\to-child", 0, NULL), 0);
    assert_int_equal(wo_event_create(&p->to_parent, "Local\\to-parent", 0, NULL), 0);
    assert_int_equal(wo_event_create(&p->own, NULL, 0, NULL), 0);
    assert_int_equal(wo_event_create(&p->own_manual, NULL, WO_EVENT_MANUAL, NULL), 0);
    assert_int_equal(wo_event_create(&p->watched, NULL, 0, NULL), 0);
    assert_int_equal(wo_pollfd(p->watched, &fd), 0);
}

static void pair_close(struct pair *p)
{
    assert_int_equal(wo_close(p->to_child), 0);
    assert_int_equal(wo_close(p->to_parent), 0);
    assert_int_equal(wo_close(p->own), 0);
    assert_int_equal(wo_close(p->own_manual), 0);
    assert_int_equal(wo_close(p->watched), 0);
}

/* Steps of the child. own_manual was signaled at the fork, own was not. */
static void child_uses_its_copies(struct pair *p)
{
    STEP(10, wo_wait(p->own, 0) == -ETIMEDOUT);
    STEP(11, wo_wait(p->own_manual, 0) == 0);
    STEP(12, wo_event_set(p->own) == 0);
    STEP(13, wo_event_reset(p->own_manual) == 0);
    STEP(14, wo_wait(p->own, 0) == 0);
    STEP(15, wo_wait(p->own, 1000000) == -ETIMEDOUT);
}

static void child_uses_shared(struct pair *p)
{
    wo_handle h;
    bool existed = false;
    STEP(20, wo_wait(p->to_child, patience) == 0);
    STEP(21, wo_event_set(p->to_parent) == 0);
    wo_handle both[2] = {p->own, p->to_child}; /* moves its copy */
    size_t index = 9;
    STEP(22, wo_wait_any(both, 2, patience, &index) == 0 && index == 1);
    STEP(23, wo_event_create(&h, "Local\\to-parent", 0, &existed) == 0 && existed);
    STEP(24, wo_event_set(h) == 0);
    STEP(25, wo_close(h) == 0);
    STEP(26, wo_close(p->to_child) == 0);
    STEP(27, wo_validate() == 0);
}

static void child_opens_new_ones(void)
{
    wo_handle h;
    STEP(30, wo_event_create(&h, NULL, WO_EVENT_SIGNALED, NULL) == 0);
    STEP(31, wo_wait(h, 0) == 0);
    STEP(32, wo_close(h) == 0);
    STEP(33, wo_event_create(&h, "Local\\of-the-child", 0, NULL) == 0);
    STEP(34, wo_event_set(h) == 0);
    STEP(35, wo_wait(h, patience) == 0);
    STEP(36, wo_close(h) == 0);
}

static void parent_side(struct pair *p)
{
    assert_int_equal(wo_event_set(p->to_child), 0);
    assert_int_equal(wo_wait(p->to_parent, patience), 0);
    assert_int_equal(wo_event_set(p->to_child), 0);
    assert_int_equal(wo_wait(p->to_parent, patience), 0);
}

/* ---- Nobody else about ----------------------------------------------------------------------- */

static void both_go_on(void **state)
{
    struct pair p;
    struct wo_usage before, after;
    (void)state;
    assert_int_equal(wo_usage(&before), 0);
    pair_open(&p);
    assert_int_equal(wo_event_set(p.own_manual), 0);
    for (unsigned r = 0; r < rounds(); r++) {
        pid_t pid = forked();
        if (pid == 0) {
            child_uses_its_copies(&p);
            child_uses_shared(&p);
            child_opens_new_ones();
            _exit(0);
        }
        parent_side(&p);
        expect_end(pid);
        assert_true(signaled(p.own_manual));
        assert_false(signaled(p.own));
        assert_false(signaled(p.to_child));
        assert_false(signaled(p.to_parent));
        if (r % 16 == 0)
            assert_int_equal(wo_validate(), 0);
    }
    pair_close(&p);
    assert_int_equal(wo_usage(&after), 0);
    assert_int_equal(after.shared_objects, before.shared_objects);
    assert_int_equal(after.private_objects, before.private_objects);
    assert_int_equal(after.processes, before.processes);
}

static size_t processes_in_use(void)
{
    struct wo_usage usage;
    assert_int_equal(wo_usage(&usage), 0);
    return usage.processes;
}

/* The child keeps a named event alive after the parent let go, and hands it to its own child. */
static void child_holds_alone(void **state)
{
    wo_handle h, done;
    bool existed;
    (void)state;
    size_t processes = processes_in_use();
    assert_int_equal(wo_event_create(&done, "Local\\done", 0, NULL), 0);
    for (unsigned r = 0; r < rounds(); r++) {
        assert_int_equal(wo_event_create(&h, "Local\\held", 0, &existed), 0);
        assert_false(existed);
        pid_t pid = forked();
        if (pid == 0) {
            pid_t grandchild = fork();
            STEP(40, grandchild >= 0);
            if (grandchild != 0)
                _exit(0);
            STEP(41, wo_wait(h, patience) == 0);
            wo_close(h);
            wo_event_set(done);
            _exit(0);
        }
        assert_int_equal(wo_close(h), 0);
        expect_end(pid);
        assert_int_equal(wo_event_open(&h, "Local\\held", WO_ACCESS_ALL), 0);
        assert_int_equal(wo_event_set(h), 0);
        assert_int_equal(wo_close(h), 0);
        assert_int_equal(wo_wait(done, patience), 0);
    }
    assert_int_equal(wo_close(done), 0);
    wo_test_eventually(processes_in_use() == processes); /* the last grandchild has ended, too */
}

/* Very many named objects: the child holds each of them. */
static void many_held_over_fork(void **state)
{
    enum { MANY = 20000 };
    static wo_handle handles[MANY];
    struct wo_usage before, after;
    wo_handle done;
    char name[32];
    (void)state;
    assert_int_equal(wo_usage(&before), 0);
    assert_int_equal(wo_event_create(&done, "Local\\done", 0, NULL), 0);
    for (unsigned i = 0; i < MANY; i++) {
        snprintf(name, sizeof name, "Local\\held-%u", i);
        assert_int_equal(wo_event_create(&handles[i], name, 0, NULL), 0);
    }
    pid_t pid = forked();
    if (pid == 0) {
        STEP(45, wo_wait(done, patience) == 0);
        for (unsigned i = 0; i < MANY; i++)
            STEP(46, wo_event_set(handles[i]) == 0);
        wo_event_set(done);
        STEP(47, wo_wait(handles[MANY - 1], patience) == 0);
        _exit(0);
    }
    for (unsigned i = 0; i < MANY; i++)
        assert_int_equal(wo_close(handles[i]), 0);
    assert_int_equal(wo_usage(&after), 0);
    assert_int_equal(after.shared_objects, before.shared_objects + MANY + 1);
    assert_int_equal(wo_event_set(done), 0);
    expect_end(pid);
    assert_int_equal(wo_close(done), 0);
    assert_int_equal(wo_usage(&after), 0);
    assert_int_equal(after.shared_objects, before.shared_objects);
    assert_int_equal(after.processes, before.processes);
}

/* ---- Threads that are waiting at the fork ---------------------------------------------------- */

/* Members 0 and 1 wait; the child is in none of their waits and can use the same events. */
static void threads_are_waiting(enum crew_kind kind)
{
    struct crew c;
    struct pair p;
    crew_open(&c, kind, 3, "aam");
    pair_open(&p);
    assert_int_equal(wo_event_set(p.own_manual), 0);
    for (unsigned r = 0; r < rounds(); r++) {
        crew_order(&c, 0, 'w', 0, 1, CREW_NO_TIMEOUT);
        crew_order(&c, 1, 'w', 0, 2, CREW_NO_TIMEOUT);
        crew_order(&c, 2, 'a', 1, 2, CREW_NO_TIMEOUT);
        wo_test_eventually(queued_on(c.events[0]) == 2 && queued_on(c.events[1]) == 2);
        pid_t pid = forked();
        if (pid == 0) {
            child_uses_its_copies(&p);
            if (kind == CREW_PRIVATE) {
                STEP(50, wo_event_set(c.events[0]) == 0);
                STEP(51, wo_wait(c.events[0], 0) == 0);
                STEP(52, wo_event_set(c.events[1]) == 0 && wo_event_set(c.events[2]) == 0);
                STEP(53, wo_wait_all(c.events, 2, 0) == -ETIMEDOUT);
                STEP(54, wo_wait_all(c.events + 1, 2, 0) == 0);
            } else {
                STEP(55, wo_event_set(c.events[0]) == 0 && wo_event_set(c.events[0]) == 0);
                STEP(56, wo_event_set(c.events[1]) == 0 && wo_event_pulse(c.events[2]) == 0);
            }
            child_uses_shared(&p);
            _exit(0);
        }
        parent_side(&p);
        expect_end(pid);
        if (kind == CREW_PRIVATE) {
            assert_int_equal(queued_on(c.events[0]), 2);
            for (int i = 0; i < 2; i++)
                assert_int_equal(wo_event_set(c.events[0]), 0);
            assert_int_equal(wo_event_set(c.events[1]), 0);
            assert_int_equal(wo_event_pulse(c.events[2]), 0);
        }
        crew_expect_released(&c, 0, 3);
        for (int i = 0; i < 3; i++)
            assert_false(signaled(c.events[i]));
        if (r % 16 == 0)
            assert_int_equal(wo_validate(), 0);
    }
    pair_close(&p);
    crew_close(&c);
}

static void threads_wait_private(void **state)
{
    (void)state;
    threads_are_waiting(CREW_PRIVATE);
}

static void threads_wait_named(void **state)
{
    (void)state;
    threads_are_waiting(CREW_NAMED);
}

/* ---- Threads that are busy at the fork ------------------------------------------------------- */

static atomic_bool busy;

static int busy_round(unsigned n, wo_handle shared, wo_handle private)
{
    wo_handle h, two[2];
    int rc = wo_event_create(&h, n % 3 ? NULL : "Local\\busy-too", n % 2 ? WO_EVENT_SIGNALED : 0,
                             NULL);
    if (rc < 0)
        return rc;
    two[0] = h;
    two[1] = n % 5 ? private : shared;
    wo_event_set(n % 2 ? shared : private);
    rc = wo_wait_any(two, 2, (int64_t)wo_test_random_below(50000), NULL);
    wo_event_reset(n % 2 ? shared : private);
    wo_close(h);
    return rc == -ETIMEDOUT ? 0 : rc;
}

static int64_t busy_thread(void *arg)
{
    wo_handle shared, private;
    int rc = wo_event_create(&shared, "Local\\busy", 0, NULL);
    (void)arg;
    for (unsigned n = 0; rc == 0 && atomic_load(&busy); n++) {
        if (n % 50 == 0) /* the last one may have been moved */
            rc = n == 0 || wo_close(private) == 0 ? wo_event_create(&private, NULL, 0, NULL) : -1;
        if (rc == 0)
            rc = busy_round(n, shared, private);
    }
    return rc;
}

static void threads_are_busy(void **state)
{
    struct wo_test_thread threads[2];
    struct pair p;
    (void)state;
    pair_open(&p);
    assert_int_equal(wo_event_set(p.own_manual), 0);
    atomic_store(&busy, true);
    for (int i = 0; i < 2; i++)
        wo_test_thread_start(&threads[i], busy_thread, NULL);
    for (unsigned r = 0; r < rounds(); r++) {
        pid_t pid = forked();
        if (pid == 0) {
            child_uses_its_copies(&p);
            child_uses_shared(&p);
            child_opens_new_ones();
            _exit(0);
        }
        parent_side(&p);
        expect_end(pid);
    }
    atomic_store(&busy, false);
    for (int i = 0; i < 2; i++)
        assert_int_equal(wo_test_thread_join(&threads[i]), 0);
    pair_close(&p);
    assert_int_equal(wo_validate(), 0);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(both_go_on),
    cmocka_unit_test(child_holds_alone),
    cmocka_unit_test(many_held_over_fork),
    cmocka_unit_test(threads_wait_private),
    cmocka_unit_test(threads_wait_named),
    cmocka_unit_test(threads_are_busy),
};
WO_TEST_MAIN(tests, NULL)
