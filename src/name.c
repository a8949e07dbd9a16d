/* name.c: dispatcher objects, named or not: create, open, destroy.
 *
 * A name's key is a scope letter and the name: 'L' and 'G' for Local\ and Global\, 'P' for the
 * library's own records. Keys are found through hash buckets in the shared arena's header; a cell's
 * name lies in a chain of chunks.
 *
 * A name that is found is alive only if a living process holds it (wo__cell_alive): what a crash
 * left behind is removed on the way, and the object is really fresh.
 *
 * Each process has one struct wo__object per shared cell, found through arena->local. One whose
 * last reference is just being dropped is left alone; a second one, with its own hold, takes its
 * place.
 *
 * Transactions: a dead cell is removed in its own transaction, before items are taken for the new
 * one (arena.h: never take what the same transaction gave).
 */
#include "name.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "alive.h"
#include "arena.h"
#include "watch.h"

enum { MAX_PATH_UNITS = 260, MAX_KEY = 1 + 4 * MAX_PATH_UNITS };

struct key {
    char text[MAX_KEY + 1];
    uint32_t length, hash;
};

/* ---- Keys ----------------------------------------------------------------------------------- */

/* Length of the UTF-8 sequence at s, 0 if it is malformed; surrogate code points are let through,
 * as
 * UTF-16 names may hold lone ones. */
static size_t sequence(const unsigned char *s)
{
    static const unsigned char lowest[] = {0, 0, 0, 0xA0, 0x90};
    size_t n = s[0] < 0x80 ? 1 : s[0] < 0xC2 ? 0 : s[0] < 0xE0 ? 2 : s[0] < 0xF0 ? 3 : s[0] < 0xF5 ? 4 : 0;
    for (size_t i = 1; i < n; i++)
        if ((s[i] & 0xC0) != 0x80)
            return 0;
    if ((s[0] == 0xE0 || s[0] == 0xF0) && s[1] < lowest[n])
        return 0;
    return s[0] == 0xF4 && s[1] > 0x8F ? 0 : n;
}

/* FNV-1a. */
static uint32_t hash_of(const char *text, size_t length)
{
    uint32_t h = 2166136261u;
    for (size_t i = 0; i < length; i++)
        h = (h ^ (unsigned char)text[i]) * 16777619u;
    return h;
}

static int key_make(struct key *k, char scope, const char *name, size_t length)
{
    if (length > MAX_KEY - 1)
        return -ENAMETOOLONG;
    k->text[0] = scope;
    memcpy(k->text + 1, name, length);
    k->length = (uint32_t)length + 1;
    k->hash = hash_of(k->text, k->length);
    return 0;
}

/* Checks a user's name and finds its scope. */
static int key_parse(struct key *k, const char *name)
{
    static const struct {
        const char *prefix;
        char scope;
    } scopes[] = {{"Local\\", 'L'}, {"Global\\", 'G'}};
    char scope = 'L';
    size_t units = 0, prefix = 0;
    for (size_t i = 0; i < 2; i++)
        if (strncmp(name, scopes[i].prefix, strlen(scopes[i].prefix)) == 0) {
            scope = scopes[i].scope;
            prefix = strlen(scopes[i].prefix);
        }
    const unsigned char *s = (const unsigned char *)name;
    for (size_t n; *s; s += n) {
        n = sequence(s);
        if (n == 0)
            return -EILSEQ;
        units += n == 4 ? 2 : 1;
        if (units > MAX_PATH_UNITS)
            return -ENAMETOOLONG;
    }
    name += prefix;
    if (*name == '\\')
        return -EDOM;
    if (strchr(name, '\\'))
        return -ENOTDIR;
    if (!*name)
        return -EILSEQ;
    /* The directories themselves. */
    if (!prefix && (strcmp(name, "Local") == 0 || strcmp(name, "Global") == 0))
        return -EBADF;
    return key_make(k, scope, name, strlen(name));
}

/* ---- The name table; arena locked ----------------------------------------------------------- */

static bool key_equal(struct wo__arena *a, const struct wo__cell *c, const struct key *k)
{
    if (c->name_hash != k->hash || c->name_length != k->length)
        return false;
    uint32_t chunk = c->name;
    for (uint32_t at = 0; at < k->length; at += sizeof((struct wo__chunk *)0)->text) {
        const struct wo__chunk *p = wo__chunk_at(a, chunk);
        size_t n = k->length - at < sizeof p->text ? k->length - at : sizeof p->text;
        if (memcmp(p->text, k->text + at, n) != 0)
            return false;
        chunk = p->link;
    }
    return true;
}

static uint32_t find(struct wo__arena *a, const struct key *k)
{
    uint32_t i = a->header->buckets[k->hash % WO__BUCKETS], steps = 0;
    for (; i && wo__step(a, WO__POOL_CELL, &steps); i = wo__cell_at(a, i)->name_next)
        if (key_equal(a, wo__cell_at(a, i), k))
            return i;
    return 0;
}

/* A cell of that name that a living process holds, or 0. */
static uint32_t find_alive(struct wo__arena *a, const struct key *k)
{
    for (;;) {
        uint32_t i = find(a, k);
        if (!i || wo__cell_alive(a, i))
            return i;
        if (a->damaged)
            return 0;
    }
}

static int name_store(struct wo__arena *a, struct wo__cell *c, const struct key *k)
{
    uint32_t *tail = &c->name;
    for (uint32_t at = 0; at < k->length;) {
        uint32_t i;
        int rc = wo__pool_take(a, WO__POOL_NAME, &i);
        if (rc < 0)
            return rc;
        struct wo__chunk *p = wo__chunk_at(a, i);
        size_t n = k->length - at < sizeof p->text ? k->length - at : sizeof p->text;
        memcpy(p->text, k->text + at, n);
        at += (uint32_t)n;
        /* The link is the free list's until the commit: it is changed like any other field. */
        wo__tx_set(a, &p->link, 0);
        wo__tx_set(a, tail, i);
        tail = &p->link;
    }
    c->name_length = k->length;
    c->name_hash = k->hash;
    return 0;
}

static void name_insert(struct wo__arena *a, uint32_t cell)
{
    struct wo__cell *c = wo__cell_at(a, cell);
    uint32_t *bucket = &a->header->buckets[c->name_hash % WO__BUCKETS];
    c->name_next = *bucket;
    wo__tx_set(a, bucket, cell);
}

static void name_remove(struct wo__arena *a, uint32_t cell)
{
    struct wo__cell *c = wo__cell_at(a, cell);
    uint32_t *at = &a->header->buckets[c->name_hash % WO__BUCKETS], steps = 0;
    while (*at && *at != cell && wo__step(a, WO__POOL_CELL, &steps))
        at = &wo__cell_at(a, *at)->name_next;
    if (*at == cell)
        wo__tx_set(a, at, c->name_next);
    steps = 0;
    for (uint32_t i = c->name; i && wo__step(a, WO__POOL_NAME, &steps);) {
        uint32_t next = wo__chunk_at(a, i)->link;
        wo__pool_give(a, WO__POOL_NAME, i);
        i = next;
    }
}

/* ---- Cells; arena locked -------------------------------------------------------------------- */

void wo__cell_free(struct wo__arena *a, uint32_t cell)
{
    struct wo__cell *c = wo__cell_at(a, cell);
    if (c->name)
        name_remove(a, cell);
    wo__tx_set(a, &c->type, WO__TYPE_FREE);
    wo__tx_set(a, &c->name, 0);
    wo__pool_give(a, WO__POOL_CELL, cell);
}

static int cell_new(struct wo__arena *a, const struct wo__type *type, const struct key *k,
                    wo__init_cell *init, const void *how, uint32_t *out)
{
    uint32_t i;
    int rc = wo__pool_take(a, WO__POOL_CELL, &i);
    if (rc < 0)
        return rc;
    struct wo__cell *c = wo__cell_at(a, i);
    if (k && (rc = name_store(a, c, k)) < 0)
        return rc;
    wo__tx_set(a, &c->type, type->id);
    init(a, c, how);
    if (k)
        name_insert(a, i);
    *out = i;
    return 0;
}

/* The object of this process for the cell: the one there is, or `fresh`, which it then takes. */
static int object_for(struct wo__arena *a, uint32_t cell, struct wo__object **fresh,
                      struct wo__object **out)
{
    struct wo__object *o = a->local[cell];
    if (o && wo__object_try_ref(o)) {
        *out = o;
        return 0;
    }
    o = *fresh;
    int rc = a->shared ? wo__hold_add(a, a->proc, cell, &o->hold) : 0;
    if (rc < 0)
        return rc;
    o->cell = cell;
    atomic_store_explicit(&o->arena, a, memory_order_release);
    a->local[cell] = o;
    *fresh = NULL;
    *out = o;
    return 0;
}

/* ---- Create and open ------------------------------------------------------------------------ */

/* Arena locked: finds or makes; *fresh is taken or left. */
static int create_locked(struct wo__arena *a, const struct wo__type *type, const struct key *k,
                         wo__init_cell *init, const void *how, struct wo__object **fresh,
                         struct wo__object **out, bool *existed)
{
    uint32_t cell = k ? find_alive(a, k) : 0;
    if (a->damaged)
        return -EBADMSG;
    *existed = cell != 0;
    if (cell && wo__cell_at(a, cell)->type != (uint32_t)type->id)
        return -EBADF;
    if (!cell) {
        int rc = init ? cell_new(a, type, k, init, how, &cell) : -ENOENT;
        if (rc < 0)
            return rc;
    }
    return object_for(a, cell, fresh, out);
}

static void undo_local(struct wo__arena *a, struct wo__object *o)
{
    if (o && a->local[o->cell] == o)
        a->local[o->cell] = NULL;
}

static int create(struct wo__arena *a, const struct wo__type *type, const struct key *k,
                  wo__init_cell *init, const void *how, struct wo__object **out, bool *existed)
{
    struct wo__object *o = NULL, *fresh = wo__object_new(type, sizeof *fresh), *mine = fresh;
    if (!fresh)
        return -ENOMEM;
    bool there = false;
    int rc = wo__arena_lock(a);
    if (rc == 0) {
        rc = create_locked(a, type, k, init, how, &fresh, &o, &there);
        if (rc < 0) {
            wo__arena_abort(a);
        } else if ((rc = wo__arena_commit(a)) < 0) {
            if (!fresh)
                undo_local(a, mine);
            fresh = mine;
        }
    }
    free(fresh);
    if (rc < 0)
        return rc;
    *out = o;
    if (existed)
        *existed = there;
    return 0;
}

/* Creates with a full disk in between: what the dead still hold is let go first. */
static int create_shared(const struct wo__type *type, const struct key *k, wo__init_cell *init,
                         const void *how, struct wo__object **out, bool *existed)
{
    int rc;
    struct wo__arena *a = wo__shared_arena(&rc);
    if (!a)
        return rc;
    rc = create(a, type, k, init, how, out, existed);
    if (rc != -ENOSPC || wo__arena_lock(a) < 0)
        return rc;
    wo__proc_sweep(a);
    rc = wo__arena_commit(a);
    return rc < 0 ? rc : create(a, type, k, init, how, out, existed);
}

int wo__dispatcher_create(const struct wo__type *type, const char *name, wo__init_cell *init,
                          const void *how, struct wo__object **out, bool *existed)
{
    struct key k;
    if (name && *name) {
        int rc = key_parse(&k, name);
        return rc < 0 ? rc : create_shared(type, &k, init, how, out, existed);
    }
    struct wo__arena *a = wo__private_arena();
    return a ? create(a, type, NULL, init, how, out, existed) : -ENOMEM;
}

int wo__dispatcher_open(const struct wo__type *type, const char *name, struct wo__object **out)
{
    struct key k;
    int rc = key_parse(&k, name);
    return rc < 0 ? rc : create_shared(type, &k, NULL, NULL, out, NULL);
}

int wo__named_create(const struct wo__type *type, char scope, const char *name,
                     wo__init_cell *init, const void *how, struct wo__object **out, bool *existed)
{
    struct key k;
    int rc = key_make(&k, scope, name, strlen(name));
    return rc < 0 ? rc : create_shared(type, &k, init, how, out, existed);
}

int wo__named_open(const struct wo__type *type, char scope, const char *name,
                   struct wo__object **out)
{
    return wo__named_create(type, scope, name, NULL, NULL, out, NULL);
}

void wo__dispatcher_destroy(struct wo__object *o)
{
    struct wo__arena *a;
    wo__watch_destroy(o);
    if (wo__object_lock(o, &a) < 0)
        return;
    if (a->local[o->cell] == o)
        a->local[o->cell] = NULL;
    if (a->shared)
        wo__hold_drop(a, o->hold);
    else
        wo__cell_free(a, o->cell);
    wo__arena_commit(a);
}
