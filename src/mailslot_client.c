/* mailslot_client.c: the writer's end of a mailslot: who receives, and writing to all of them.
 *
 * A client keeps its receivers open: a mapped queue and a FIFO for each. An address on this
 * computer is CONFIRMED: a write tells when the receiver is gone, full, or does not take the
 * message. If the mailslot found at open has one owner, the client is bound to that owner for good.
 * Otherwise (shared mailslots, other computers, domains) the list of receivers is looked up again
 * when the generation counter has changed or a receiver was found dead.
 *
 * \\X\ is looked up at that time: the computer X of our domain if there is one, else the domain X.
 *
 * Delivery to other computers and domains is unconfirmed: a write succeeds however many receive it,
 * and one that is dead, full or damaged does not keep the message from the others. With several
 * receivers on this computer a write succeeds when at least one took it.
 *
 * THE DEAD. A receiver that closed says so in its queue's header. One that was killed is noticed
 * when it is to be rung (EPIPE). One that was killed while it was behind would not be rung: so a
 * confirmed write asks, unless it asked within the last 10 µs per receiver (nobody can learn of a death faster),
 * and an unconfirmed one asks one receiver after the other, one every 100 µs.
 *
 * Locks: `list.lock` guards the list of clients, which only fork() needs; a client's `lock`
 * everything else in it. Order: list, client, then those of mailslot_dir.c and address.c, then a
 * queue's write lock.
 */
#include "mailslot.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fork.h"
#include "handle.h"
#include "mailslot_pace.h"
#include "platform.h"

#define ASK_NS UINT64_C(10000)
#define TURN_NS UINT64_C(100000)

struct receiver {
    struct wo__queue queue;
    uint64_t asked_at; /* when it was last known to live */
    bool found;        /* by the lookup that runs */
};

struct client {
    struct wo__object object;
    struct client *next, **link; /* list.lock */
    pthread_mutex_t lock;
    struct wo__address address;
    bool bound;           /* to one owner: receivers never grow */
    bool stale;           /* look receivers up again */
    bool exists;          /* the lookup found the computer that was asked for */
    int odd;              /* why a receiver that was found could not be used, or 0 */
    uint64_t generation;  /* the counter at the last lookup */
    struct receiver *receivers;
    size_t count, room;
    size_t turn; /* the next one to ask whether it lives */
    uint64_t turned_at;
};

static struct {
    pthread_mutex_t lock;
    struct client *first;
} list = {.lock = PTHREAD_MUTEX_INITIALIZER};

void wo__mailslot_clients_fork_prepare(void)
{
    pthread_mutex_lock(&list.lock);
    for (struct client *c = list.first; c; c = c->next)
        pthread_mutex_lock(&c->lock);
}

void wo__mailslot_clients_fork_done(void)
{
    for (struct client *c = list.first; c; c = c->next)
        pthread_mutex_unlock(&c->lock);
    pthread_mutex_unlock(&list.lock);
}

static void enlist(struct client *c)
{
    pthread_mutex_lock(&list.lock);
    c->next = list.first;
    c->link = &list.first;
    if (c->next)
        c->next->link = &c->next;
    list.first = c;
    pthread_mutex_unlock(&list.lock);
}

static void delist(struct client *c)
{
    pthread_mutex_lock(&list.lock);
    *c->link = c->next;
    if (c->next)
        c->next->link = c->link;
    pthread_mutex_unlock(&list.lock);
}

static struct client *client_of(struct wo__object *o)
{
    return o->type == &wo__mailslot_client_type ? (struct client *)o : NULL;
}

static bool is_confirmed(const struct client *c)
{
    return c->address.kind == WO__ADDRESS_HERE;
}

/* ---- Receivers ------------------------------------------------------------------------------- */

static void drop(struct client *c, size_t i)
{
    wo__queue_detach(&c->receivers[i].queue);
    c->receivers[i] = c->receivers[--c->count];
}

static struct receiver *known(struct client *c, const char *id)
{
    for (size_t i = 0; i < c->count; i++)
        if (strcmp(c->receivers[i].queue.id, id) == 0)
            return &c->receivers[i];
    return NULL;
}

static bool make_room(struct client *c)
{
    if (c->count < c->room)
        return true;
    size_t room = c->room ? 2 * c->room : 1;
    struct receiver *more = realloc(c->receivers, room * sizeof *more);
    if (!more)
        return false;
    c->receivers = more;
    c->room = room;
    return true;
}

/* A receiver was found. Trouble that is its own is noted; lack of memory or descriptors is ours. */
static int found(void *context, int dir, const char *id)
{
    struct client *c = context;
    struct receiver *r = known(c, id);
    if (!r) {
        if (!make_room(c))
            return -ENOMEM;
        r = &c->receivers[c->count];
        r->asked_at = 0;
        int rc = wo__queue_attach(dir, id, &r->queue);
        if (rc == -EBADMSG || rc == -EPROTO)
            c->odd = rc;
        if (rc < 0)
            return rc == -EBADMSG || rc == -EPROTO || rc == -ENOENT ? 0 : rc;
        c->count++;
    }
    r->found = true;
    return 0;
}

static int scan_computer(struct client *c, const char *computer)
{
    struct wo__slot_path path;
    memcpy(path.domain, c->address.domain, sizeof path.domain);
    memcpy(path.computer, computer, strlen(computer) + 1);
    memcpy(path.name, c->address.name, sizeof path.name);
    c->exists = true;
    return wo__slot_scan(&path, found, c);
}

static int scan(struct client *c)
{
    const struct wo__address *a = &c->address;
    c->exists = false;
    if (a->kind == WO__ADDRESS_HERE)
        return scan_computer(c, a->computer);
    if (a->kind == WO__ADDRESS_ALL)
        return wo__slot_scan_domain(a->domain, a->name, found, c);
    int rc = wo__slot_has_computer(a->domain, a->host);
    if (rc == 0)
        return wo__slot_scan_domain(a->host, a->name, found, c);
    return rc < 0 ? rc : scan_computer(c, a->host);
}

/* Looks all receivers up; keeps those that are known. */
static int look_up(struct client *c)
{
    for (size_t i = 0; i < c->count; i++)
        c->receivers[i].found = false;
    c->odd = 0;
    int rc = scan(c);
    if (rc < 0 && rc != -ENOENT)
        return rc;
    for (size_t i = c->count; i-- > 0;)
        if (!c->receivers[i].found)
            drop(c, i);
    c->stale = false;
    return 0;
}

static int refresh(struct client *c)
{
    uint64_t now;
    if (c->bound)
        return 0;
    int rc = wo__slot_generation(&now);
    if (rc < 0 || (!c->stale && now == c->generation))
        return rc;
    rc = look_up(c);
    if (rc == 0)
        c->generation = now;
    return rc;
}

/* ---- Writing --------------------------------------------------------------------------------- */

static int bury(void *context, int dir, const char *id)
{
    (void)context;
    return wo__queue_bury(dir, id) ? -ENXIO : 0;
}

/* Receiver i is gone. What it left is removed by the next lookup, or here if there will be none. */
static void lose(struct client *c, size_t i)
{
    struct wo__slot_path path;
    drop(c, i);
    c->stale = true;
    if (!c->bound)
        return;
    memcpy(path.domain, c->address.domain, sizeof path.domain);
    memcpy(path.computer, c->address.computer, sizeof path.computer);
    memcpy(path.name, c->address.name, sizeof path.name);
    wo__slot_scan(&path, bury, NULL);
}

static int ask(struct receiver *r, uint64_t now, uint64_t at_most_every)
{
    if (now - r->asked_at < at_most_every)
        return 0;
    int rc = wo__queue_alive(&r->queue);
    if (rc == 0)
        r->asked_at = now;
    return rc;
}

static void ask_in_turn(struct client *c, uint64_t now)
{
    if (c->count == 0 || now - c->turned_at < TURN_NS)
        return;
    c->turned_at = now;
    c->turn = (c->turn + 1) % c->count;
    if (ask(&c->receivers[c->turn], now, ASK_NS) == -EPIPE)
        lose(c, c->turn);
}

/* In a stream, asks the receivers that had to be rung to read more at a time. */
static void pace(struct client *c, uint64_t start)
{
    size_t rings = 0;
    for (size_t i = 0; i < c->count; i++)
        rings += c->receivers[i].queue.rang;
    uint32_t nap = wo__pace_wrote(start, rings);
    for (size_t i = 0; nap && i < c->count; i++)
        if (c->receivers[i].queue.rang)
            wo__queue_suggest(&c->receivers[i].queue, nap);
}

static int write_to_one(struct client *c, struct receiver *r, const void *data, size_t size,
                        uint64_t now)
{
    /* Asking all of many would cost more than writing to them. */
    int rc = is_confirmed(c) ? ask(r, now, ASK_NS * c->count) : 0;
    return rc < 0 ? rc : wo__queue_write(&r->queue, data, size);
}

/* 0 when all went well enough, see above. */
static int write_to_all(struct client *c, const void *data, size_t size)
{
    uint64_t now = wo__clock_now();
    bool accepted = false;
    int first = 0;
    if (!is_confirmed(c))
        ask_in_turn(c, now);
    for (size_t i = c->count; i-- > 0;) {
        int rc = write_to_one(c, &c->receivers[i], data, size, now);
        accepted |= rc == 0;
        if (rc < 0 && rc != -EPIPE && first == 0)
            first = rc;
        if (rc == -EPIPE)
            lose(c, i);
    }
    pace(c, now);
    if (accepted || !is_confirmed(c))
        return 0;
    return first ? first : -EPIPE;
}

static int write_op(struct wo__object *o, const void *data, size_t size, uint64_t offset,
                    size_t *done)
{
    struct client *c = client_of(o);
    (void)offset;
    if (!data && size)
        return -EINVAL;
    pthread_mutex_lock(&c->lock);
    int rc = refresh(c);
    if (rc == 0)
        rc = write_to_all(c, data, size);
    pthread_mutex_unlock(&c->lock);
    if (rc == 0)
        *done = size;
    return rc;
}

/* ---- The object ------------------------------------------------------------------------------ */

static void clear(struct client *c)
{
    while (c->count)
        drop(c, c->count - 1);
    free(c->receivers);
    pthread_mutex_destroy(&c->lock);
}

static void destroy_op(struct wo__object *o)
{
    struct client *c = client_of(o);
    delist(c);
    clear(c);
}

static const struct wo__io_ops client_io = {.write = write_op};

const struct wo__type wo__mailslot_client_type = {
    .name = "mailslot client",
    .id = WO__TYPE_MAILSLOT_CLIENT,
    .all_access = 0x001F01FF,
    .read_access = 0x00120089,
    .write_access = 0x00120116,
    .execute_access = 0x001200A0,
    .destroy = destroy_op,
    .io = &client_io,
};

static struct client *new_client(const struct wo__address *address)
{
    struct client *c = wo__object_new(&wo__mailslot_client_type, sizeof *c);
    if (!c)
        return NULL;
    wo__fork_register();
    pthread_mutex_init(&c->lock, NULL);
    c->address = *address;
    c->stale = true;
    return c;
}

/* The first lookup, by which an open succeeds or fails. */
static int first_look(struct client *c)
{
    int rc = refresh(c);
    if (rc < 0)
        return rc;
    if (c->count == 0 && c->exists)
        return c->odd && is_confirmed(c) ? c->odd : -ENOENT;
    c->bound = is_confirmed(c) && !(c->receivers[0].queue.flags & WO__QUEUE_SHARED);
    return 0;
}

int wo__mailslot_open(const char *address, struct wo__object **out)
{
    struct wo__address a;
    int rc = wo__address_parse(address, &a);
    if (rc < 0)
        return rc;
    struct client *c = new_client(&a);
    if (!c)
        return -ENOMEM;
    rc = first_look(c);
    if (rc < 0) {
        clear(c);
        free(c);
        return rc;
    }
    enlist(c);
    *out = &c->object;
    return 0;
}

/* ---- Handing over ---------------------------------------------------------------------------- */

void wo__mailslot_client_export(struct wo__object *o, char text[WO__MAILSLOT_TEXT])
{
    struct client *c = client_of(o);
    const struct wo__address *a = &c->address;
    pthread_mutex_lock(&c->lock);
    snprintf(text, WO__MAILSLOT_TEXT, "client/%c%s/%s/%s/%s/%s", '0' + (int)a->kind,
             c->bound && c->count ? c->receivers[0].queue.id : c->bound ? "gone" : "", a->domain,
             a->computer, a->host, a->name);
    pthread_mutex_unlock(&c->lock);
}

static void bind_to(struct client *c, const char *id)
{
    refresh(c);
    c->bound = true;
    for (size_t i = c->count; i-- > 0;)
        if (strcmp(c->receivers[i].queue.id, id) != 0)
            drop(c, i);
}

/* Opens also what has no receiver any more: writing tells. */
int wo__mailslot_client_import(char *const parts[WO__MAILSLOT_PARTS], struct wo__object **out)
{
    struct wo__address a;
    if (parts[1][0] < '0' || parts[1][0] > '0' + WO__ADDRESS_ALL)
        return -EINVAL;
    a.kind = (enum wo__address_kind)(parts[1][0] - '0');
    memcpy(a.domain, parts[2], strlen(parts[2]) + 1);
    memcpy(a.computer, parts[3], strlen(parts[3]) + 1);
    memcpy(a.host, parts[4], strlen(parts[4]) + 1);
    memcpy(a.name, parts[5], strlen(parts[5]) + 1);
    struct client *c = new_client(&a);
    if (!c)
        return -ENOMEM;
    if (parts[1][1])
        bind_to(c, parts[1] + 1);
    enlist(c);
    *out = &c->object;
    return 0;
}

/* ---- Native face ----------------------------------------------------------------------------- */

int wo_mailslot_open(wo_handle *out, const char *address)
{
    struct wo__object *o;
    if (!out)
        return -EINVAL;
    int rc = wo__mailslot_open(address, &o);
    return rc < 0 ? rc : wo__handle_new(o, WO__MAILSLOT_CLIENT_ACCESS, 0, out);
}

int wo_mailslot_write(wo_handle h, const void *data, size_t size)
{
    struct wo__object *o;
    size_t done;
    int rc = wo__handle_get(h, &wo__mailslot_client_type, WO__MAILSLOT_WRITE, &o);
    if (rc == -EBADF && wo__handle_get(h, &wo__mailslot_type, 0, &o) == 0) {
        wo__object_release(o);
        return -EACCES;
    }
    if (rc < 0)
        return rc;
    rc = write_op(o, data, size, 0, &done);
    wo__object_release(o);
    return rc;
}
