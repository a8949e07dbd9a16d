/* pending.c: overlapped reads that wait for data, without a thread of their own.
 *
 * Invariants: an operation is in the list from its start to its end, exactly one thread ends it
 * (under the lock), and it holds references to its source and its event meanwhile. For each object
 * that an operation in the list names, object->pending is not NULL.
 *
 * Lock: `lock` guards the list and every operation in it. Order: see pending.h.
 */
#include "pending.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>

#include "event.h"
#include "platform.h"
#include "wait.h"

#define NO_DESCRIPTOR_STEP 5000000u /* how often a source without a descriptor is asked, in ns */

struct wo__pending {
    struct wo__pending *next;
    struct wo__pending_read how;
    pthread_t thread;
    uint64_t round; /* the last run that tried it */
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct wo__pending *list; /* in the order of starting */
static uint64_t round_now;

void wo__pending_fork_prepare(void)
{
    pthread_mutex_lock(&lock);
}

void wo__pending_fork_done(void)
{
    pthread_mutex_unlock(&lock);
}

static bool concerns(const struct wo__pending *op, const struct wo__object *o)
{
    return op->how.event == o || op->how.source == o;
}

static struct wo__pending *first_of(const struct wo__object *o)
{
    struct wo__pending *op = list;
    while (op && !concerns(op, o))
        op = op->next;
    return op;
}

static void mark(struct wo__object *o)
{
    atomic_store(&o->pending, first_of(o));
}

static void append(struct wo__pending *op)
{
    struct wo__pending **end = &list;
    while (*end)
        end = &(*end)->next;
    *end = op;
    mark(op->how.source);
    mark(op->how.event);
}

/* Ends the operation at *at: out of the list, reported, event set, onto the list of the ended. */
static void finish(struct wo__pending **at, int rc, size_t done, struct wo__pending **ended)
{
    struct wo__pending *op = *at;
    *at = op->next;
    mark(op->how.source);
    mark(op->how.event);
    op->how.done(op->how.context, rc, done);
    (void)wo__event_set(op->how.event);
    op->next = *ended;
    *ended = op;
}

/* Outside the lock: a last reference may run a type's destroy. */
static void dispose(struct wo__pending *ended)
{
    while (ended) {
        struct wo__pending *next = ended->next;
        wo__object_release(ended->how.source);
        wo__object_release(ended->how.event);
        free(ended);
        ended = next;
    }
}

static int read_now(const struct wo__pending_read *how, size_t *done)
{
    int rc = how->source->type->io->read(how->source, how->buffer, how->size, UINT64_MAX, 0, done);
    return rc == -ETIMEDOUT ? -EAGAIN : rc;
}

/* Tries the operations of one source in their order; after the first that finds nothing the others
 * cannot find anything either, but their time may be over. */
static void run_source(const struct wo__object *source, struct wo__pending **ended)
{
    bool empty = false;
    struct wo__pending **at = &list;
    while (*at) {
        struct wo__pending *op = *at;
        size_t done = 0;
        if (op->how.source != source) {
            at = &op->next;
            continue;
        }
        op->round = round_now;
        int rc = empty ? -EAGAIN : read_now(&op->how, &done);
        empty = rc == -EAGAIN;
        if (!empty)
            finish(at, rc, done, ended);
        else if (wo__clock_now() >= op->how.deadline)
            finish(at, -ETIMEDOUT, 0, ended);
        else
            at = &op->next;
    }
}

static struct wo__pending *untried(const struct wo__object *event)
{
    struct wo__pending *op = list;
    while (op && !(op->how.event == event && op->round != round_now))
        op = op->next;
    return op;
}

void wo__pending_run(struct wo__object *event)
{
    struct wo__pending *op, *ended = NULL;
    if (!atomic_load(&event->pending))
        return;
    pthread_mutex_lock(&lock);
    round_now++;
    while ((op = untried(event)))
        run_source(op->how.source, &ended);
    pthread_mutex_unlock(&lock);
    dispose(ended);
}

void wo__pending_run_source(struct wo__object *source)
{
    struct wo__pending *ended = NULL;
    if (!atomic_load(&source->pending))
        return;
    pthread_mutex_lock(&lock);
    round_now++;
    run_source(source, &ended);
    pthread_mutex_unlock(&lock);
    dispose(ended);
}

static bool source_busy(const struct wo__object *source)
{
    struct wo__pending *op = list;
    while (op && op->how.source != source)
        op = op->next;
    return op != NULL;
}

/* Reads at once when nothing stands before it. 0: ended. */
static int start_now(const struct wo__pending_read *how, struct wo__pending **ended)
{
    size_t done = 0;
    round_now++;
    run_source(how->source, ended);
    int rc = source_busy(how->source) ? -EAGAIN : read_now(how, &done);
    if (rc == -EAGAIN && how->deadline > wo__clock_now())
        return 1;
    how->done(how->context, rc == -EAGAIN ? -ETIMEDOUT : rc, done);
    (void)wo__event_set(how->event);
    return 0;
}

int wo__pending_start(const struct wo__pending_read *how)
{
    struct wo__pending *ended = NULL, *op = calloc(1, sizeof *op);
    if (!op)
        return -ENOMEM;
    pthread_mutex_lock(&lock);
    int rc = start_now(how, &ended);
    if (rc == 1) {
        op->how = *how;
        op->thread = pthread_self();
        wo__object_ref(how->source);
        wo__object_ref(how->event);
        append(op);
    }
    pthread_mutex_unlock(&lock);
    dispose(ended);
    /* Who waits on the event already must drive the operation from now on. */
    if (rc == 1)
        wo__wait_kick(how->event);
    else
        free(op);
    return rc;
}

size_t wo__pending_collect(struct wo__object *event, struct pollfd *fds, size_t max)
{
    size_t n = 0;
    if (!atomic_load(&event->pending))
        return 0;
    pthread_mutex_lock(&lock);
    for (struct wo__pending *op = list; op; op = op->next) {
        struct wo__object *source = op->how.source;
        int fd = op->how.event == event && source->type->pollfd ? source->type->pollfd(source) : -1;
        if (fd < 0)
            continue;
        if (n < max)
            fds[n] = (struct pollfd){.fd = fd, .events = POLLIN};
        n++;
    }
    pthread_mutex_unlock(&lock);
    return n;
}

static uint64_t deadline_of(const struct wo__pending *op)
{
    struct wo__object *source = op->how.source;
    uint64_t step = UINT64_MAX;
    if (!source->type->pollfd || source->type->pollfd(source) < 0)
        step = wo__clock_now() + NO_DESCRIPTOR_STEP;
    return step < op->how.deadline ? step : op->how.deadline;
}

uint64_t wo__pending_deadline(struct wo__object *event)
{
    uint64_t first = UINT64_MAX;
    if (!atomic_load(&event->pending))
        return first;
    pthread_mutex_lock(&lock);
    for (struct wo__pending *op = list; op; op = op->next) {
        uint64_t due = op->how.event == event ? deadline_of(op) : UINT64_MAX;
        first = due < first ? due : first;
    }
    pthread_mutex_unlock(&lock);
    return first;
}

size_t wo__pending_cancel(struct wo__object *source, const void *context, bool own)
{
    size_t n = 0;
    struct wo__pending *ended = NULL, **at = &list;
    pthread_mutex_lock(&lock);
    while (*at) {
        struct wo__pending *op = *at;
        bool ours = op->how.source == source && (!context || op->how.context == context) &&
                    (!own || pthread_equal(op->thread, pthread_self()));
        if (ours) {
            finish(at, -ECANCELED, 0, &ended);
            n++;
        } else {
            at = &op->next;
        }
    }
    pthread_mutex_unlock(&lock);
    dispose(ended);
    return n;
}

struct wo__object *wo__pending_event(const void *context)
{
    struct wo__object *event = NULL;
    pthread_mutex_lock(&lock);
    struct wo__pending *op = list;
    while (op && op->how.context != context)
        op = op->next;
    if (op) {
        event = op->how.event;
        wo__object_ref(event);
    }
    pthread_mutex_unlock(&lock);
    return event;
}
