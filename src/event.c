/* event.c: events.
 *
 * state: 0 non-signaled, 1 signaled. data[MANUAL]: 1 for manual-reset. An auto-reset event becomes
 * non-signaled when a waiter acquires it. All under the arena's lock. */
#include "event.h"

#include <errno.h>

#include "arena.h"
#include "handle.h"
#include "name.h"
#include "wait.h"
#include "waitobj/event.h"

enum { MANUAL = 0 };

static uint64_t event_ready_at(struct wo__arena *a, struct wo__cell *c)
{
    (void)a;
    assert(c->type == WO__TYPE_EVENT);
    return c->state ? 0 : UINT64_MAX;
}

static void event_acquire(struct wo__arena *a, struct wo__cell *c, uint32_t waiter)
{
    (void)waiter;
    assert(c->type == WO__TYPE_EVENT);
    if (!c->data[MANUAL])
        wo__tx_set(a, &c->state, 0);
}

static bool event_valid(const struct wo__cell *c)
{
    return c->state <= 1 && c->data[MANUAL] <= 1;
}

const struct wo__type wo__event_type = {
    .name = "event",
    .id = WO__TYPE_EVENT,
    /* EVENT_ALL_ACCESS and the generic mapping of Windows: SYNCHRONIZE is in execute. */
    .all_access = 0x001F0003,
    .read_access = 0x00020001,
    .write_access = 0x00020002,
    .execute_access = 0x00120000,
    .ready_at = event_ready_at,
    .acquire = event_acquire,
    .valid = event_valid,
};

struct first_state {
    bool manual, signaled;
};

static void event_init(struct wo__arena *a, struct wo__cell *c, const void *how)
{
    const struct first_state *first = how;
    (void)a;
    c->data[MANUAL] = first->manual;
    c->state = first->signaled;
}

int wo__event_create(const char *name, bool manual, bool signaled, struct wo__object **out,
                     bool *existed)
{
    struct first_state first = {manual, signaled};
    return wo__dispatcher_create(&wo__event_type, name, event_init, &first, out, existed);
}

/* One operation: optionally signaled, its waiters served, optionally non-signaled. */
static int change(struct wo__object *o, bool set, bool reset)
{
    struct wo__arena *a;
    int rc = wo__object_lock(o, &a);
    if (rc < 0)
        return rc;
    struct wo__cell *c = wo__cell_at(a, o->cell);
    if (set && !c->state) {
        wo__tx_set(a, &c->state, 1);
        wo__signal(a, c);
    }
    if (reset && c->state)
        wo__tx_set(a, &c->state, 0);
    return wo__arena_commit(a);
}

int wo__event_set(struct wo__object *o)
{
    return change(o, true, false);
}

int wo__event_reset(struct wo__object *o)
{
    return change(o, false, true);
}

int wo__event_pulse(struct wo__object *o)
{
    return change(o, true, true);
}

/* ---- Native face ---------------------------------------------------------------------------- */

int wo_event_create(wo_handle *out, const char *name, unsigned flags, bool *existed)
{
    struct wo__object *o;
    bool there;
    if (!out || flags & ~(WO_EVENT_MANUAL | WO_EVENT_SIGNALED | WO_INHERIT))
        return -EINVAL;
    int rc = wo__event_create(name, flags & WO_EVENT_MANUAL, flags & WO_EVENT_SIGNALED, &o, &there);
    if (rc == 0)
        rc = wo__handle_new(o, WO_ACCESS_ALL, wo__handle_flags(flags), out);
    if (rc == 0 && existed)
        *existed = there;
    return rc;
}

int wo_event_open(wo_handle *out, const char *name, uint32_t access)
{
    struct wo__object *o;
    if (!out || !name || !*name)
        return -EINVAL;
    int rc = wo__dispatcher_open(&wo__event_type, name, &o);
    return rc < 0 ? rc : wo__handle_new(o, wo__access_map(&wo__event_type, access), 0, out);
}

static int change_handle(wo_handle h, int (*operation)(struct wo__object *))
{
    struct wo__object *o;
    int rc = wo__handle_get(h, &wo__event_type, WO_ACCESS_EVENT_MODIFY, &o);
    if (rc < 0)
        return rc;
    rc = operation(o);
    wo__object_release(o);
    return rc;
}

int wo_event_set(wo_handle h)
{
    return change_handle(h, wo__event_set);
}

int wo_event_reset(wo_handle h)
{
    return change_handle(h, wo__event_reset);
}

int wo_event_pulse(wo_handle h)
{
    return change_handle(h, wo__event_pulse);
}
