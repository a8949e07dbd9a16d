/* pending.h: overlapped reads that wait for data, without a thread of their own.
 *
 * An operation belongs to a source (a mailslot, a pipe end) and to an event. It makes progress when
 * a thread of this process waits on the event (the wait core calls wo__pending_run and adds the
 * source's descriptor to its poll set), or asks for the result. Operations of one source
 * complete in the order in which they were started.
 *
 * Lock: one for the process, inside pending.c. It is taken before the locks of the sources and of
 * the arenas, so none of these may be held when calling anything here.
 */
#ifndef WO_PENDING_H
#define WO_PENDING_H

#include "object.h"

struct pollfd;

/* Reports the end of an operation: 0 and the bytes read, or a negative errno (-ETIMEDOUT,
 * -ECANCELED, …). Called once, under the pending lock, before the event is set. */
typedef void wo__pending_done(void *context, int rc, size_t done);

/* An overlapped read, described. */
struct wo__pending_read {
    struct wo__object *source; /* its type can read; references are taken as needed */
    struct wo__object *event;  /* set at the end; never NULL */
    void *buffer;
    size_t size;
    uint64_t deadline; /* then it ends with -ETIMEDOUT */
    wo__pending_done *done;
    void *context; /* also the operation's name for cancel and find */
};

/* Starts the read. 0: it has ended already, `done` was called and the event set; 1: it is pending;
 * -ENOMEM: nothing was started. */
int wo__pending_start(const struct wo__pending_read *how);

/* Tries to complete what belongs to this event. */
void wo__pending_run(struct wo__object *event);
/* The same by source: for whoever found the source itself signaled. A wait over a source does not
 * complete its reads, as that would take away the message that is to end the wait. */
void wo__pending_run_source(struct wo__object *source);
/* Descriptors whose readability (POLLIN) makes wo__pending_run worth calling; how many there are,
 * of which the first `max` were written. */
size_t wo__pending_collect(struct wo__object *event, struct pollfd *fds, size_t max);
/* When wo__pending_run must be called at the latest; UINT64_MAX: no limit. */
uint64_t wo__pending_deadline(struct wo__object *event);

/* Ends operations of a source with -ECANCELED: the one with this context (NULL: all), and with
 * `own` only those that the calling thread started. Returns how many. */
size_t wo__pending_cancel(struct wo__object *source, const void *context, bool own);
/* The event of the operation with this context, with a reference; NULL: it has ended. */
struct wo__object *wo__pending_event(const void *context);

void wo__pending_fork_prepare(void);
void wo__pending_fork_done(void);

#endif
