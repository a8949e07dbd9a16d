/* handle.c: the table from handle values to objects.
 *
 * The table is an array of pages that only grows; free slots queue up, first in, first out, so a
 * slot rests as long as possible before its next use, and each use has a new generation.
 *
 * Lock: `table.lock` guards everything in `table`. It is a leaf: nothing is called under it.
 */
#include "handle.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>

#include "fork.h"
#include "pending.h"

enum {
    SLOT_BITS = 22,
    PAGE_BITS = 10,
    PAGE_SLOTS = 1 << PAGE_BITS,
    MAX_SLOTS = 1 << SLOT_BITS,
    GENERATIONS = 1 << (31 - SLOT_BITS - 2),
    REST = 64 /* free slots kept back before one is reused */
};

struct slot {
    struct wo__object *object; /* NULL: free */
    uint32_t access;
    uint16_t generation;
    uint16_t flags;
    uint32_t next_free;
};

static struct {
    pthread_mutex_t lock;
    struct slot *pages[MAX_SLOTS / PAGE_SLOTS];
    uint32_t used; /* slots ever used; slot 0 never is */
    uint32_t free_head, free_tail, free_count;
    size_t open;
} table = {.lock = PTHREAD_MUTEX_INITIALIZER, .used = 1};

void wo__handle_fork_prepare(void)
{
    pthread_mutex_lock(&table.lock);
}

void wo__handle_fork_done(void)
{
    pthread_mutex_unlock(&table.lock);
}

static struct slot *slot_at(uint32_t i)
{
    return &table.pages[i >> PAGE_BITS][i & (PAGE_SLOTS - 1)];
}

static wo_handle value_of(uint32_t i)
{
    uintptr_t v = ((uintptr_t)slot_at(i)->generation << SLOT_BITS | i) << 2;
    return (wo_handle)v;
}

/* Index of an open handle's slot, or 0. */
static uint32_t find(wo_handle h)
{
    uintptr_t v = (uintptr_t)h >> 2;
    uint32_t i = (uint32_t)(v & (MAX_SLOTS - 1));
    if (v >> SLOT_BITS >= GENERATIONS || i == 0 || i >= table.used)
        return 0;
    const struct slot *s = slot_at(i);
    return s->object && s->generation == v >> SLOT_BITS ? i : 0;
}

static int take_new(uint32_t *out)
{
    if (table.used == MAX_SLOTS)
        return -EMFILE;
    uint32_t i = table.used, page = i >> PAGE_BITS;
    if (!table.pages[page] && !(table.pages[page] = calloc(PAGE_SLOTS, sizeof(struct slot))))
        return -ENOMEM;
    table.used++;
    *out = i;
    return 0;
}

static void take_free(uint32_t *out)
{
    *out = table.free_head;
    table.free_head = slot_at(*out)->next_free;
    table.free_count--;
}

static int take(uint32_t *out)
{
    if (table.free_count > REST) {
        take_free(out);
        return 0;
    }
    int rc = take_new(out);
    if (rc < 0 && table.free_count > 0) {
        take_free(out);
        return 0;
    }
    return rc;
}

static void give_back(uint32_t i)
{
    struct slot *s = slot_at(i);
    s->object = NULL;
    s->generation = (uint16_t)((s->generation + 1) % GENERATIONS);
    s->next_free = 0;
    if (table.free_count++)
        slot_at(table.free_tail)->next_free = i;
    else
        table.free_head = i;
    table.free_tail = i;
}

int wo__handle_new(struct wo__object *o, uint32_t access, uint32_t flags, wo_handle *out)
{
    uint32_t i = 0;
    pthread_mutex_lock(&table.lock);
    int rc = take(&i);
    if (rc == 0) {
        struct slot *s = slot_at(i);
        s->object = o;
        s->access = access;
        s->flags = (uint16_t)flags;
        o->handles++;
        table.open++;
        *out = value_of(i);
    }
    pthread_mutex_unlock(&table.lock);
    if (rc < 0)
        wo__object_release(o);
    return rc;
}

int wo__handle_get_access(wo_handle h, const struct wo__type *type, struct wo__object **out,
                          uint32_t *access)
{
    int rc = -EBADF;
    pthread_mutex_lock(&table.lock);
    uint32_t i = find(h);
    if (i && (!type || slot_at(i)->object->type == type)) {
        *out = slot_at(i)->object;
        *access = slot_at(i)->access;
        wo__object_ref(*out);
        rc = 0;
    }
    pthread_mutex_unlock(&table.lock);
    return rc;
}

int wo__handle_get(wo_handle h, const struct wo__type *type, uint32_t access,
                   struct wo__object **out)
{
    struct wo__object *o;
    uint32_t has;
    int rc = wo__handle_get_access(h, type, &o, &has);
    if (rc < 0)
        return rc;
    if ((has & access) != access) {
        wo__object_release(o);
        return -EACCES;
    }
    *out = o;
    return 0;
}

int wo__handle_close(wo_handle h)
{
    struct wo__object *o = NULL;
    bool last = false;
    int rc = -EBADF;
    pthread_mutex_lock(&table.lock);
    uint32_t i = find(h);
    if (i && slot_at(i)->flags & WO__HANDLE_PROTECT) {
        rc = -EPERM;
    } else if (i) {
        o = slot_at(i)->object;
        last = --o->handles == 0;
        give_back(i);
        table.open--;
        rc = 0;
    }
    pthread_mutex_unlock(&table.lock);
    if (last && atomic_load(&o->pending))
        wo__pending_cancel(o, NULL, false);
    if (o)
        wo__object_release(o);
    return rc;
}

int wo__handle_get_flags(wo_handle h, uint32_t *flags)
{
    pthread_mutex_lock(&table.lock);
    uint32_t i = find(h);
    if (i)
        *flags = slot_at(i)->flags;
    pthread_mutex_unlock(&table.lock);
    return i ? 0 : -EBADF;
}

int wo__handle_set_flags(wo_handle h, uint32_t mask, uint32_t flags)
{
    pthread_mutex_lock(&table.lock);
    uint32_t i = find(h);
    if (i) {
        struct slot *s = slot_at(i);
        s->flags = (uint16_t)((s->flags & ~mask) | (flags & mask));
    }
    pthread_mutex_unlock(&table.lock);
    return i ? 0 : -EBADF;
}

int wo__handle_duplicate(wo_handle h, uint32_t access, bool same_access, uint32_t flags,
                         wo_handle *out)
{
    struct wo__object *o;
    uint32_t has;
    int rc = wo__handle_get_access(h, NULL, &o, &has);
    if (rc < 0)
        return rc;
    return wo__handle_new(o, same_access ? has : wo__access_map(o->type, access), flags, out);
}

size_t wo__handle_count(void)
{
    pthread_mutex_lock(&table.lock);
    size_t n = table.open;
    pthread_mutex_unlock(&table.lock);
    return n;
}

uint32_t wo__access_map(const struct wo__type *type, uint32_t access)
{
    static const uint32_t generic_all = 0x10000000, generic_execute = 0x20000000,
                          generic_write = 0x40000000, generic_read = 0x80000000,
                          maximum_allowed = 0x02000000;
    uint32_t mapped = access & 0x01FFFFFF;
    if (access & (generic_all | maximum_allowed))
        mapped |= type->all_access;
    if (access & generic_read)
        mapped |= type->read_access;
    if (access & generic_write)
        mapped |= type->write_access;
    if (access & generic_execute)
        mapped |= type->execute_access;
    return mapped;
}

/* ---- Native face ---------------------------------------------------------------------------- */
#include "waitobj/wait.h"

int wo_close(wo_handle h)
{
    return wo__handle_close(h);
}

int wo_duplicate(wo_handle h, unsigned flags, wo_handle *out)
{
    if (!out || flags & ~WO_INHERIT)
        return -EINVAL;
    return wo__handle_duplicate(h, 0, true, wo__handle_flags(flags), out);
}
