/* crew.c: members of a crew, and looking into the arena. */
#include "crew.h"

#include <errno.h>
#include <stdlib.h>

#include "arena.h"
#include "handle.h"
#include "object.h"

/* ---- Looking into the arena ----------------------------------------------------------------- */

struct view {
    size_t queued;
    bool signaled;
};

static void look_at(struct wo__arena *a, struct wo__object *o, struct view *v)
{
    struct wo__cell *c = wo__cell_at(a, o->cell);
    v->signaled = o->type->ready_at(a, c) == 0;
    for (uint32_t b = c->queue_head; b; b = wo__block_at(a, b)->next)
        v->queued += !(wo__waiter_at(a, wo__block_at(a, b)->waiter)->flags & WO__WATCH);
}

static struct view view_of(wo_handle h)
{
    struct view v = {0, false};
    struct wo__object *o;
    struct wo__arena *a;
    assert_int_equal(wo__handle_get(h, NULL, 0, &o), 0);
    int rc = wo__object_lock(o, &a);
    if (rc == 0) {
        look_at(a, o, &v);
        wo__arena_abort(a);
    }
    wo__object_release(o);
    assert_int_equal(rc, 0);
    return v;
}

size_t queued_on(wo_handle h)
{
    return view_of(h).queued;
}

bool signaled(wo_handle h)
{
    return view_of(h).signaled;
}

/* ---- What a member does --------------------------------------------------------------------- */

static int wait_for_any(const wo_handle *events, const struct crew_order *o)
{
    size_t index = 0;
    int rc = o->count == 1 ? wo_wait(events[o->first], o->timeout_ns)
                           : wo_wait_any(events + o->first, o->count, o->timeout_ns, &index);
    return rc < 0 ? rc : (int)index;
}

static int perform(const wo_handle *events, const struct crew_order *o)
{
    int rc = 0;
    switch (o->op) {
    case 'w':
        return wait_for_any(events, o);
    case 'a':
        return wo_wait_all(events + o->first, o->count, o->timeout_ns);
    case 's':
        return wo_event_set(events[o->first]);
    case 'r':
        return wo_event_reset(events[o->first]);
    case 'p':
        return wo_event_pulse(events[o->first]);
    case 'b':
        rc = wo_event_set(events[o->first]);
        return rc < 0 ? rc : wo_event_reset(events[o->first]);
    default:
        return -EINVAL;
    }
}

/* ---- Members that are threads --------------------------------------------------------------- */

static int64_t member_thread(void *arg)
{
    struct crew_member *m = arg;
    pthread_mutex_lock(&m->lock);
    while (!m->ends) {
        if (!m->has_order) {
            pthread_cond_wait(&m->change, &m->lock);
            continue;
        }
        struct crew_order order = m->order;
        m->has_order = false;
        pthread_mutex_unlock(&m->lock);
        int result = perform(m->crew->events, &order);
        pthread_mutex_lock(&m->lock);
        m->result = result;
        m->has_result = true;
        pthread_cond_broadcast(&m->change);
    }
    pthread_mutex_unlock(&m->lock);
    return 0;
}

static void thread_open(struct crew_member *m)
{
    pthread_condattr_t attr;
    pthread_condattr_init(&attr);
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    pthread_mutex_init(&m->lock, NULL);
    pthread_cond_init(&m->change, &attr);
    pthread_condattr_destroy(&attr);
    wo_test_thread_start(&m->thread, member_thread, m);
}

static void thread_order(struct crew_member *m, const struct crew_order *order)
{
    pthread_mutex_lock(&m->lock);
    m->order = *order;
    m->has_order = true;
    m->has_result = false;
    pthread_cond_broadcast(&m->change);
    pthread_mutex_unlock(&m->lock);
}

static int thread_result(struct crew_member *m)
{
    uint64_t at = wo_test_now() + WO_TEST_PATIENCE_NS;
    struct timespec end = {(time_t)(at / 1000000000u), (long)(at % 1000000000u)};
    int rc = 0, result;
    pthread_mutex_lock(&m->lock);
    while (!m->has_result && rc == 0)
        rc = pthread_cond_timedwait(&m->change, &m->lock, &end);
    result = m->result;
    m->has_result = false;
    pthread_mutex_unlock(&m->lock);
    if (rc != 0) {
        /* Its thread still uses the test's variables: no test can follow. */
        fprintf(stderr, "a member of the crew does not return: lost wakeup\n");
        fflush(NULL);
        abort();
    }
    return result;
}

bool crew_has_result(struct crew *c, size_t member)
{
    struct crew_member *m = &c->members[member];
    pthread_mutex_lock(&m->lock);
    bool has = m->has_result;
    pthread_mutex_unlock(&m->lock);
    return has;
}

static void thread_close(struct crew_member *m)
{
    pthread_mutex_lock(&m->lock);
    m->ends = true;
    pthread_cond_broadcast(&m->change);
    pthread_mutex_unlock(&m->lock);
    wo_test_thread_join(&m->thread);
    pthread_cond_destroy(&m->change);
    pthread_mutex_destroy(&m->lock);
}

/* ---- Members that are processes ------------------------------------------------------------- */

static void event_name(char name[32], size_t i)
{
    snprintf(name, 32, "Local\\crew-%zu", i);
}

int crew_role(int argc, char **argv)
{
    wo_handle events[CREW_EVENTS];
    char line[128], name[32];
    size_t count = argc > 1 ? strtoul(argv[1], NULL, 10) : 0;
    for (size_t i = 0; i < count && i < CREW_EVENTS; i++) {
        event_name(name, i);
        int rc = wo_event_open(&events[i], name, WO_ACCESS_ALL);
        if (rc < 0) {
            wo_test_say("open %d", rc);
            return 1;
        }
    }
    wo_test_say("ready");
    while (wo_test_hear(line, sizeof line)) {
        struct crew_order o = {0};
        long long timeout = 0;
        if (sscanf(line, "%c %u %u %lld", &o.op, &o.first, &o.count, &timeout) != 4)
            return 0;
        o.timeout_ns = timeout;
        wo_test_say("%d", perform(events, &o));
    }
    return 0;
}

static void child_open(struct crew_member *m)
{
    char count[16];
    snprintf(count, sizeof count, "%zu", m->crew->event_count);
    wo_test_spawn(&m->child, "crew", count, NULL);
}

/* ---- The crew ------------------------------------------------------------------------------- */

static void open_events(struct crew *c, const char *kinds)
{
    char name[32];
    c->event_count = strlen(kinds);
    assert_true(c->event_count <= CREW_EVENTS);
    for (size_t i = 0; i < c->event_count; i++) {
        event_name(name, i);
        assert_int_equal(wo_event_create(&c->events[i], c->kind == CREW_PRIVATE ? NULL : name,
                                         kinds[i] == 'm' ? WO_EVENT_MANUAL : 0, NULL), 0);
    }
}

void crew_open(struct crew *c, enum crew_kind kind, size_t size, const char *kinds)
{
    memset(c, 0, sizeof *c);
    assert_true(size <= CREW_MAX);
    c->kind = kind;
    c->size = size;
    open_events(c, kinds);
    for (size_t i = 0; i < size; i++) {
        c->members[i].crew = c;
        if (kind == CREW_PROCESSES)
            child_open(&c->members[i]);
        else
            thread_open(&c->members[i]);
    }
    for (size_t i = 0; i < size && kind == CREW_PROCESSES; i++)
        wo_test_expect(&c->members[i].child, "ready");
}

void crew_close(struct crew *c)
{
    for (size_t i = 0; i < c->size; i++) {
        if (c->kind == CREW_PROCESSES) {
            wo_test_send(&c->members[i].child, "end");
            wo_test_expect_exit(&c->members[i].child, 0);
        } else {
            thread_close(&c->members[i]);
        }
    }
    for (size_t i = 0; i < c->event_count; i++)
        assert_int_equal(wo_close(c->events[i]), 0);
}

void crew_order(struct crew *c, size_t member, char op, unsigned first, unsigned count,
                int64_t timeout_ns)
{
    struct crew_member *m = &c->members[member];
    struct crew_order order = {op, first, count, timeout_ns};
    if (c->kind == CREW_PROCESSES)
        wo_test_send(&m->child, "%c %u %u %lld", op, first, count, (long long)timeout_ns);
    else
        thread_order(m, &order);
}

int crew_result(struct crew *c, size_t member)
{
    struct crew_member *m = &c->members[member];
    return c->kind == CREW_PROCESSES ? atoi(wo_test_receive(&m->child)) : thread_result(m);
}

void crew_wait(struct crew *c, size_t begin, size_t end, unsigned first, unsigned count)
{
    for (size_t i = begin; i < end; i++)
        crew_order(c, i, 'w', first, count, CREW_NO_TIMEOUT);
}

void crew_expect_released(struct crew *c, size_t begin, size_t end)
{
    for (size_t i = begin; i < end; i++)
        assert_int_equal(crew_result(c, i), 0);
}
