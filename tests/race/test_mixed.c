/* test_mixed.c: waits over an event of this process, a named event, a process and a mailslot at
 * once; each of them ends it, from this process or another. */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>

#include "crew.h"

enum { PRIVATE, NAMED, PROCESS, SLOT, KINDS };

static unsigned rounds(void)
{
    return wo_test_rounds(150, 1000);
}

/* ---- The other side -------------------------------------------------------------------------- */

/* Lines: "set", "pulse", "write", "exit". */
static int role_other(int argc, char **argv)
{
    wo_handle event, slot;
    char line[32];
    (void)argc;
    (void)argv;
    if (wo_event_open(&event, "Local\\mixed", WO_ACCESS_ALL) < 0 ||
        wo_mailslot_open(&slot, "\\\\.\\mailslot\\mixed") < 0)
        return 1;
    wo_test_say("ready");
    while (wo_test_hear(line, sizeof line)) {
        int rc = -EINVAL;
        if (strcmp(line, "set") == 0)
            rc = wo_event_set(event);
        else if (strcmp(line, "pulse") == 0)
            rc = wo_event_pulse(event);
        else if (strcmp(line, "write") == 0)
            rc = wo_mailslot_write(slot, "hello", 5);
        else if (strcmp(line, "exit") == 0)
            return 0;
        wo_test_say("%d", rc);
    }
    return 0;
}

struct mix {
    wo_handle handles[KINDS];
    wo_handle client;
    struct wo_test_child other;
    size_t count;
    bool all;
};

static int64_t wait_for_mix(void *arg)
{
    struct mix *m = arg;
    size_t index = 0;
    int rc = m->all ? wo_wait_all(m->handles, m->count, WO_INFINITE)
                    : wo_wait_any(m->handles, m->count, WO_INFINITE, &index);
    return rc < 0 ? rc : (int64_t)index;
}

static void start_other(struct mix *m)
{
    wo_test_spawn(&m->other, "other", NULL);
    wo_test_expect(&m->other, "ready");
    assert_int_equal(wo_process_open(&m->handles[PROCESS], m->other.pid, WO_ACCESS_WAIT), 0);
}

static void mix_open(struct mix *m)
{
    memset(m, 0, sizeof *m);
    m->count = KINDS;
    assert_int_equal(wo_event_create(&m->handles[PRIVATE], NULL, 0, NULL), 0);
    assert_int_equal(wo_event_create(&m->handles[NAMED], "Local\\mixed", 0, NULL), 0);
    assert_int_equal(wo_mailslot_create(&m->handles[SLOT], "\\\\.\\mailslot\\mixed", NULL), 0);
    assert_int_equal(wo_mailslot_open(&m->client, "\\\\.\\mailslot\\mixed"), 0);
    start_other(m);
}

static void mix_close(struct mix *m)
{
    wo_test_kill(&m->other);
    for (int i = 0; i < KINDS; i++)
        assert_int_equal(wo_close(m->handles[i]), 0);
    assert_int_equal(wo_close(m->client), 0);
}

static void tell(struct mix *m, const char *what)
{
    wo_test_send(&m->other, "%s", what);
    wo_test_expect(&m->other, "0");
}

/* Makes one of them signaled; `far`: by the other process. */
static void make_signaled(struct mix *m, int which, bool far)
{
    switch (which) {
    case PRIVATE:
        assert_int_equal(wo_event_set(m->handles[PRIVATE]), 0);
        break;
    case NAMED:
        if (far)
            tell(m, "set");
        else
            assert_int_equal(wo_event_set(m->handles[NAMED]), 0);
        break;
    case SLOT:
        if (far)
            tell(m, "write");
        else
            assert_int_equal(wo_mailslot_write(m->client, "hello", 5), 0);
        break;
    default:
        if (far)
            wo_test_send(&m->other, "exit");
        else
            assert_int_equal(kill(m->other.pid, SIGKILL), 0);
    }
}

/* After the wait has taken it: back to the beginning. */
static void make_quiet(struct mix *m, int which)
{
    char text[16];
    size_t size;
    if (which == SLOT) {
        assert_int_equal(wo_mailslot_read(m->handles[SLOT], text, sizeof text, 0, &size), 0);
        assert_int_equal(size, 5);
        assert_int_equal(wo_wait(m->handles[SLOT], 0), -ETIMEDOUT);
    } else if (which == PROCESS) {
        wo_test_reap(&m->other);
        assert_int_equal(wo_close(m->handles[PROCESS]), 0);
        start_other(m);
    } else {
        assert_int_equal(wo_wait(m->handles[which], 0), -ETIMEDOUT);
    }
}

static bool in_the_queue(struct mix *m)
{
    return queued_on(m->handles[NAMED]) == 1;
}

/* ---- Any ------------------------------------------------------------------------------------- */

static void any_of_the_four(void **state)
{
    struct mix m;
    struct wo_test_thread t;
    (void)state;
    mix_open(&m);
    for (unsigned r = 0; r < rounds(); r++) {
        int which = (int)(r % KINDS);
        wo_test_thread_start(&t, wait_for_mix, &m);
        wo_test_eventually(in_the_queue(&m));
        if (r % 3 == 0)
            assert_true(wo_test_blocked(t.tid));
        make_signaled(&m, which, wo_test_random_below(2));
        assert_int_equal(wo_test_thread_join(&t), which);
        make_quiet(&m, which);
        assert_int_equal(queued_on(m.handles[NAMED]), 0);
        if (r % 16 == 0)
            assert_int_equal(wo_validate(), 0);
    }
    mix_close(&m);
}

/* A private event, unmoved, and a process: the bell of this process. */
static void any_of_private_and_process(void **state)
{
    struct mix m;
    struct wo_test_thread t;
    wo_handle process;
    (void)state;
    mix_open(&m);
    process = m.handles[PROCESS];
    struct mix two = {.handles = {WO_NO_HANDLE, process}, .count = 2};
    for (unsigned r = 0; r < 4 * rounds(); r++) {
        assert_int_equal(wo_event_create(&two.handles[0], NULL, 0, NULL), 0);
        wo_test_thread_start(&t, wait_for_mix, &two);
        wo_test_eventually(queued_on(two.handles[0]) == 1);
        if (r % 2)
            assert_int_equal(wo_event_set(two.handles[0]), 0);
        else
            assert_int_equal(wo_event_pulse(two.handles[0]), 0);
        assert_int_equal(wo_test_thread_join(&t), 0);
        assert_false(signaled(two.handles[0]));
        assert_int_equal(wo_close(two.handles[0]), 0);
    }
    mix_close(&m);
}

/* Two at about the same time: the wait takes one, the other stays. */
static void two_at_once(void **state)
{
    struct mix m;
    struct wo_test_thread t;
    (void)state;
    mix_open(&m);
    for (unsigned r = 0; r < 2 * rounds(); r++) {
        int kinds[2] = {r % 2 ? PRIVATE : NAMED, SLOT};
        wo_test_thread_start(&t, wait_for_mix, &m);
        wo_test_eventually(in_the_queue(&m));
        make_signaled(&m, kinds[r / 2 % 2], false);
        make_signaled(&m, kinds[1 - r / 2 % 2], false);
        int64_t first = wo_test_thread_join(&t);
        assert_true(first == kinds[0] || first == kinds[1]);
        /* Waiting takes nothing out of the mailslot. */
        if (first != SLOT)
            assert_int_equal(wo_wait(m.handles[SLOT], 0), 0);
        else
            assert_int_equal(wo_wait(m.handles[kinds[0]], 0), 0);
        make_quiet(&m, SLOT);
        make_quiet(&m, kinds[0]);
    }
    mix_close(&m);
}

/* ---- All ------------------------------------------------------------------------------------- */

static void all_of_the_four(void **state)
{
    struct mix m;
    struct wo_test_thread t;
    (void)state;
    mix_open(&m);
    m.all = true;
    for (unsigned r = 0; r < rounds(); r++) {
        int order[KINDS] = {0, 1, 2, 3};
        wo_test_thread_start(&t, wait_for_mix, &m);
        wo_test_eventually(in_the_queue(&m));
        for (unsigned i = KINDS; i > 1; i--) {
            unsigned j = wo_test_random_below(i);
            int saved = order[j];
            order[j] = order[i - 1];
            order[i - 1] = saved;
        }
        for (unsigned i = 0; i < KINDS; i++) {
            assert_false(wo_test_thread_finished(&t));
            /* The other process cannot do anything any more when it has gone. */
            make_signaled(&m, order[i], order[KINDS - 1] == PROCESS);
            if (i < KINDS - 1 && (order[i] == PRIVATE || order[i] == NAMED))
                assert_true(signaled(m.handles[order[i]]));
        }
        assert_int_equal(wo_test_thread_join(&t), 0);
        for (int i = 0; i < KINDS; i++)
            make_quiet(&m, i);
    }
    mix_close(&m);
}

/* The process has ended; the events decide, set last and reset at once: exact. */
static void all_with_a_process_that_ended(void **state)
{
    struct mix m;
    struct wo_test_thread t;
    (void)state;
    mix_open(&m);
    m.all = true;
    m.count = 3;
    make_signaled(&m, PROCESS, true);
    assert_int_equal(wo_wait(m.handles[PROCESS], (int64_t)WO_TEST_PATIENCE_NS), 0);
    for (unsigned r = 0; r < 4 * rounds(); r++) {
        wo_test_thread_start(&t, wait_for_mix, &m);
        wo_test_eventually(in_the_queue(&m));
        assert_int_equal(wo_event_set(m.handles[r % 2]), 0);
        assert_int_equal(wo_event_pulse(m.handles[1 - r % 2]), 0);
        assert_int_equal(wo_test_thread_join(&t), 0);
        assert_false(signaled(m.handles[0]));
        assert_false(signaled(m.handles[1]));
    }
    mix_close(&m);
}

/* A limit runs out about when something is signaled: it is there afterwards, or was taken. */
static void limits(void **state)
{
    struct mix m;
    (void)state;
    mix_open(&m);
    for (unsigned r = 0; r < 4 * rounds(); r++) {
        size_t index = 99;
        wo_test_send(&m.other, "set");
        int rc = wo_wait_any(m.handles, KINDS, wo_test_random_below(100000), &index);
        wo_test_expect(&m.other, "0");
        assert_true(rc == 0 || rc == -ETIMEDOUT);
        if (rc == 0)
            assert_int_equal(index, NAMED);
        assert_int_equal(signaled(m.handles[NAMED]), rc != 0);
        assert_int_equal(wo_event_reset(m.handles[NAMED]), 0);
        assert_int_equal(queued_on(m.handles[NAMED]), 0);
    }
    mix_close(&m);
}

static const struct wo_test_role roles[] = {
    {"crew", crew_role}, {"other", role_other}, {NULL, NULL}};
static const struct CMUnitTest tests[] = {
    cmocka_unit_test(any_of_the_four),
    cmocka_unit_test(any_of_private_and_process),
    cmocka_unit_test(two_at_once),
    cmocka_unit_test(all_of_the_four),
    cmocka_unit_test(all_with_a_process_that_ended),
    cmocka_unit_test(limits),
};
WO_TEST_MAIN(tests, roles)
