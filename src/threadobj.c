/* threadobj.c: threads of this process as objects.
 *
 * state: 0 runs, 1 has ended. data[CODE]: the exit code, set together with the state; data[ID]: the
 * thread's number, constant. All under the arena's lock. */
#include "threadobj.h"

#include "arena.h"
#include "name.h"
#include "wait.h"

enum { CODE = 0, ID = 1 };

static uint64_t thread_ready_at(struct wo__arena *a, struct wo__cell *c)
{
    (void)a;
    assert(c->type == WO__TYPE_THREAD);
    return c->state ? 0 : UINT64_MAX;
}

static bool thread_valid(const struct wo__cell *c)
{
    return c->state <= 1;
}

const struct wo__type wo__local_thread_type = {
    .name = "thread",
    .id = WO__TYPE_THREAD,
    .all_access = 0x001FFFFF,
    .read_access = 0x00020048,
    .write_access = 0x00020437,
    .execute_access = 0x00121800,
    .ready_at = thread_ready_at,
    .valid = thread_valid,
};

static void thread_init(struct wo__arena *a, struct wo__cell *c, const void *how)
{
    (void)a;
    c->state = 0;
    c->data[CODE] = WO__THREAD_STILL_ACTIVE;
    c->data[ID] = *(const uint32_t *)how;
}

int wo__threadobj_new(uint32_t id, struct wo__object **out)
{
    return wo__dispatcher_create(&wo__local_thread_type, NULL, thread_init, &id, out, NULL);
}

int wo__threadobj_end(struct wo__object *o, uint32_t code)
{
    struct wo__arena *a;
    int rc = wo__object_lock(o, &a);
    if (rc < 0)
        return rc;
    struct wo__cell *c = wo__cell_at(a, o->cell);
    wo__tx_set(a, &c->data[CODE], code);
    wo__tx_set(a, &c->state, 1);
    wo__signal(a, c);
    return wo__arena_commit(a);
}

static int get(struct wo__object *o, int which, uint32_t *value)
{
    struct wo__arena *a;
    int rc = wo__object_lock(o, &a);
    if (rc < 0)
        return rc;
    uint32_t v = wo__cell_at(a, o->cell)->data[which];
    rc = wo__arena_commit(a);
    if (rc == 0)
        *value = v;
    return rc;
}

int wo__threadobj_code(struct wo__object *o, uint32_t *code)
{
    return get(o, CODE, code);
}

int wo__threadobj_id(struct wo__object *o, uint32_t *id)
{
    return get(o, ID, id);
}
