/* mailslot.c: the owner's end of a mailslot: creating, reading, waiting.
 *
 * The messages are in the queue (queue.c), the name is held in mailslot_dir.c; this object ties
 * them together. The mailslot ends when its last handle, in the last process that has it, is closed
 * and no read runs any more. A read that waits when the last handle goes ends within a second with
 * -EBADF.
 *
 * A waiting read looks at the queue once a second even if the bell is silent: that is how it
 * notices that its handle is gone, and how a message is found whose writer was killed before it
 * rang.
 */
#include "mailslot.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "fork.h"
#include "handle.h"
#include "mailslot_pace.h"
#include "platform.h"
#include "wait.h"

#define LOOK_NS UINT64_C(1000000000)

struct server {
    struct wo__object object;
    struct wo__queue queue;
    struct wo__owner *owner;
    _Atomic uint32_t reading; /* reads that wait; each holds a reference */
    struct wo__pace pace;
};

static struct server *server_of(struct wo__object *o)
{
    return o->type == &wo__mailslot_type ? (struct server *)o : NULL;
}

/* ---- Creating -------------------------------------------------------------------------------- */

static int queue_options(const struct wo_mailslot_options *o, struct wo__queue_options *out)
{
    static const struct wo_mailslot_options usual = {.read_timeout_ns = WO_INFINITE};
    if (!o)
        o = &usual;
    if (o->flags & ~(WO_MAILSLOT_SHARED | WO_INHERIT) || o->quota > WO__QUEUE_MAX_QUOTA)
        return -EINVAL;
    *out = (struct wo__queue_options){
        .max_message = o->max_message,
        .flags = o->flags & WO_MAILSLOT_SHARED ? WO__QUEUE_SHARED : 0,
        .quota = o->quota,
        .read_timeout_ns = o->read_timeout_ns < 0 ? WO_INFINITE : o->read_timeout_ns,
    };
    return 0;
}

static int find_place(const char *name, struct wo__slot_path *path)
{
    struct wo__address a;
    int rc = wo__address_parse(name, &a);
    if (rc < 0)
        return rc;
    if (a.kind != WO__ADDRESS_HERE || a.host[0])
        return -EILSEQ; /* only \\.\ can be created */
    memcpy(path->domain, a.domain, sizeof path->domain);
    memcpy(path->computer, a.computer, sizeof path->computer);
    memcpy(path->name, a.name, sizeof path->name);
    return 0;
}

int wo__mailslot_create(const char *name, const struct wo_mailslot_options *options,
                        struct wo__object **out)
{
    struct wo__queue_options how;
    struct wo__slot_path path;
    int rc = find_place(name, &path);
    if (rc == 0)
        rc = queue_options(options, &how);
    if (rc < 0)
        return rc;
    struct server *s = wo__object_new(&wo__mailslot_type, sizeof *s);
    if (!s)
        return -ENOMEM;
    wo__fork_register();
    rc = wo__slot_join(&path, &how, &s->owner, &s->queue);
    if (rc < 0) {
        free(s);
        return rc;
    }
    *out = &s->object;
    return 0;
}

/* ---- Operations ------------------------------------------------------------------------------ */

static int check_op(struct wo__object *o)
{
    return wo__queue_check(&server_of(o)->queue);
}

static int pollfd_op(struct wo__object *o)
{
    return server_of(o)->queue.bell_fd;
}

static void destroy_op(struct wo__object *o)
{
    struct server *s = server_of(o);
    wo__slot_leave(s->owner, &s->queue);
}

/* Nobody can see the result of this read: all references are those of waiting reads. */
static bool is_abandoned(struct server *s)
{
    return atomic_load(&s->object.refs) <= atomic_load(&s->reading);
}

static int take(struct server *s, void *buffer, size_t size, size_t *done)
{
    int rc = wo__queue_read(&s->queue, buffer, size, done);
    if (rc == 0)
        wo__pace_took(&s->pace);
    return rc;
}

/* The queue is empty; in a stream, looks away for a moment instead of asking for the bell. */
static void look_away(struct server *s, uint64_t deadline)
{
    uint32_t nap = wo__pace_nap(&s->pace, &s->queue);
    struct timespec t = {.tv_nsec = (long)nap};
    if (nap && (deadline == WO__NEVER || wo__clock_now() + nap < deadline))
        nanosleep(&t, NULL);
}

/* Sleeps until the bell rings, at most for a second. 1; 0: it was silent; or a negative errno. */
static int sleep_a_while(struct server *s, uint64_t now, uint64_t deadline)
{
    struct pollfd p = {.fd = s->queue.bell_fd, .events = POLLIN};
    int rc = wo__poll(&p, 1, deadline - now < LOOK_NS ? deadline : now + LOOK_NS);
    return rc < 0 || wo__queue_whole(&s->queue) ? rc : -EBADMSG;
}

static int wait_and_read(struct server *s, void *buffer, size_t size, uint64_t deadline,
                         size_t *done)
{
    for (;;) {
        if (wo__queue_is_empty(&s->queue))
            look_away(s, deadline);
        int rc = take(s, buffer, size, done);
        if (rc != -EAGAIN)
            return rc;
        uint64_t now = wo__clock_now();
        if (now >= deadline)
            return -ETIMEDOUT;
        int rung = sleep_a_while(s, now, deadline);
        if (rung < 0)
            return rung;
        if (rung == 0 && wo__queue_is_empty(&s->queue) && is_abandoned(s))
            return -EBADF;
    }
}

static int read_op(struct wo__object *o, void *buffer, size_t size, uint64_t offset,
                   uint64_t deadline, size_t *done)
{
    struct server *s = server_of(o);
    (void)offset;
    if (deadline == 0 || !wo__queue_is_empty(&s->queue)) {
        int rc = take(s, buffer, size, done);
        if (rc != -EAGAIN || deadline == 0)
            return rc;
    }
    if (deadline == WO__IO_DEFAULT)
        deadline = wo__deadline(wo__queue_timeout(&s->queue));
    atomic_fetch_add(&s->reading, 1);
    int rc = wait_and_read(s, buffer, size, deadline, done);
    atomic_fetch_sub(&s->reading, 1);
    return rc;
}

static const struct wo__io_ops server_io = {.read = read_op};

const struct wo__type wo__mailslot_type = {
    .name = "mailslot",
    .id = WO__TYPE_MAILSLOT,
    .all_access = 0x001F01FF,
    .read_access = 0x00120089,
    .write_access = 0x00120116,
    .execute_access = 0x001200A0,
    .check = check_op,
    .pollfd = pollfd_op,
    .destroy = destroy_op,
    .io = &server_io,
};

int wo__mailslot_info(struct wo__object *o, struct wo_mailslot_info *info)
{
    struct server *s = server_of(o);
    struct wo_mailslot_info i;
    if (!s)
        return -EBADF;
    int rc = wo__queue_peek(&s->queue, &i.count, &i.next_size);
    if (rc < 0)
        return rc;
    i.max_message = s->queue.max_message;
    i.read_timeout_ns = wo__queue_timeout(&s->queue);
    *info = i;
    return 0;
}

int wo__mailslot_set_timeout(struct wo__object *o, int64_t timeout_ns)
{
    struct server *s = server_of(o);
    if (!s)
        return -EBADF;
    wo__queue_set_timeout(&s->queue, timeout_ns < 0 ? WO_INFINITE : timeout_ns);
    return 0;
}

/* ---- Handing over ---------------------------------------------------------------------------- */

size_t wo__mailslot_server_export(struct wo__object *o, int fds[WO__MAILSLOT_FDS],
                                  char text[WO__MAILSLOT_TEXT])
{
    struct server *s = server_of(o);
    struct wo__slot_path path;
    bool exclusive;
    wo__slot_export(s->owner, &path, &exclusive, &fds[3]);
    fds[0] = s->queue.fd;
    fds[1] = s->queue.bell_fd;
    fds[2] = s->queue.ring_fd;
    snprintf(text, WO__MAILSLOT_TEXT, "%s/%s/%s/%s/%s", exclusive ? "own" : "share", s->queue.id,
             path.domain, path.computer, path.name);
    return WO__MAILSLOT_FDS;
}

int wo__mailslot_server_import(char *const parts[WO__MAILSLOT_PARTS], const int *fds,
                               struct wo__object **out)
{
    struct wo__slot_path path;
    if (strlen(parts[1]) != WO__QUEUE_ID_SIZE - 1)
        return -EINVAL;
    struct server *s = wo__object_new(&wo__mailslot_type, sizeof *s);
    if (!s)
        return -ENOMEM;
    memcpy(path.domain, parts[2], strlen(parts[2]) + 1);
    memcpy(path.computer, parts[3], strlen(parts[3]) + 1);
    memcpy(path.name, parts[4], strlen(parts[4]) + 1);
    wo__fork_register();
    int rc = wo__queue_adopt(fds[0], fds[1], fds[2], parts[1], &s->queue);
    if (rc == 0) {
        rc = wo__slot_adopt(&path, strcmp(parts[0], "own") == 0, fds[3], &s->owner);
        if (rc < 0)
            wo__queue_unmap(&s->queue);
    }
    if (rc < 0) {
        free(s);
        return rc;
    }
    *out = &s->object;
    return 0;
}

/* ---- Native face ----------------------------------------------------------------------------- */

int wo_mailslot_create(wo_handle *out, const char *name, const struct wo_mailslot_options *options)
{
    struct wo__object *o;
    if (!out)
        return -EINVAL;
    int rc = wo__mailslot_create(name, options, &o);
    if (rc < 0)
        return rc;
    uint32_t flags = options ? wo__handle_flags(options->flags) : 0;
    return wo__handle_new(o, WO__MAILSLOT_SERVER_ACCESS, flags, out);
}

/* The object for reading: a client's handle is a mailslot's, but not for reading. */
static int get_server(wo_handle h, struct wo__object **out)
{
    int rc = wo__handle_get(h, &wo__mailslot_type, WO__MAILSLOT_READ, out);
    if (rc != -EBADF || wo__handle_get(h, &wo__mailslot_client_type, 0, out) < 0)
        return rc;
    wo__object_release(*out);
    return -EACCES;
}

static uint64_t read_deadline(int64_t timeout_ns)
{
    if (timeout_ns == WO_MAILSLOT_TIMEOUT)
        return WO__IO_DEFAULT;
    return timeout_ns == 0 ? 0 : wo__deadline(timeout_ns);
}

int wo_mailslot_read(wo_handle h, void *buffer, size_t capacity, int64_t timeout_ns, size_t *size)
{
    struct wo__object *o;
    size_t done = 0;
    if (!buffer && capacity)
        return -EINVAL;
    int rc = get_server(h, &o);
    if (rc < 0)
        return rc;
    rc = read_op(o, buffer, capacity, 0, read_deadline(timeout_ns), &done);
    wo__object_release(o);
    if (size && (rc == 0 || rc == -EMSGSIZE))
        *size = done;
    return rc == -EAGAIN ? -ETIMEDOUT : rc;
}

int wo_mailslot_info(wo_handle h, struct wo_mailslot_info *info)
{
    struct wo__object *o;
    if (!info)
        return -EINVAL;
    int rc = get_server(h, &o);
    if (rc < 0)
        return rc;
    rc = wo__mailslot_info(o, info);
    wo__object_release(o);
    return rc;
}

int wo_mailslot_set_read_timeout(wo_handle h, int64_t timeout_ns)
{
    struct wo__object *o;
    int rc = get_server(h, &o);
    if (rc < 0)
        return rc;
    rc = wo__mailslot_set_timeout(o, timeout_ns);
    wo__object_release(o);
    return rc;
}
