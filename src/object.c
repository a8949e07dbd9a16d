/* object.c: references to objects. Invariant: refs > 0 while anybody may reach the object. */
#include "object.h"

#include <assert.h>
#include <stdlib.h>

#include "name.h"

void *wo__object_new(const struct wo__type *type, size_t size)
{
    assert(size >= sizeof(struct wo__object));
    struct wo__object *o = calloc(1, size);
    if (!o)
        return NULL;
    o->type = type;
    atomic_init(&o->refs, 1);
    atomic_init(&o->watch, NULL);
    return o;
}

void wo__object_ref(struct wo__object *o)
{
    uint32_t before = atomic_fetch_add_explicit(&o->refs, 1, memory_order_relaxed);
    assert(before > 0);
    (void)before;
}

bool wo__object_try_ref(struct wo__object *o)
{
    uint32_t refs = atomic_load_explicit(&o->refs, memory_order_relaxed);
    while (refs && !atomic_compare_exchange_weak_explicit(&o->refs, &refs, refs + 1,
                                                          memory_order_acquire,
                                                          memory_order_relaxed))
        ;
    return refs != 0;
}

void wo__object_release(struct wo__object *o)
{
    /* acq_rel: what other holders did to the object happens before its destruction. */
    if (atomic_fetch_sub_explicit(&o->refs, 1, memory_order_acq_rel) != 1)
        return;
    if (o->type->ready_at)
        wo__dispatcher_destroy(o);
    else if (o->type->destroy)
        o->type->destroy(o);
    free(o);
}

static const struct wo__type *const types[WO__TYPE_COUNT] = {
    [WO__TYPE_EVENT] = &wo__event_type,
    [WO__TYPE_THREAD] = &wo__local_thread_type,
    [WO__TYPE_EXIT_RECORD] = &wo__exit_record_type,
};

const struct wo__type *wo__type_of(uint32_t id)
{
    return id < WO__TYPE_COUNT ? types[id] : NULL;
}
