/* waitobj/wait.h: waiting on one or many objects, and what every handle can do.
 *
 * An object is signaled or non-signaled. A wait returns when its object is signaled, and changes
 * the object the way the object's type says (an auto-reset event becomes non-signaled), for exactly
 * the one waiter that returns. Any mix of objects may stand in one wait: private, named, processes,
 * mailslots.
 */
#ifndef WAITOBJ_WAIT_H
#define WAITOBJ_WAIT_H

#include "types.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Waits until the object is signaled.
 *
 * h           any waitable handle with WO_ACCESS_WAIT.
 * timeout_ns  nanoseconds; 0: look, never block; negative: no limit.
 *
 * Returns 0 when the wait was satisfied (the object was changed for this caller); -ETIMEDOUT;
 * -EBADF: not a handle; -EACCES: the handle lacks WO_ACCESS_WAIT; -ENOTSUP: not waitable (the
 * writing end of a mailslot); -ENOMEM, -ENOSPC, -EMFILE: no room to record the wait; -EBADMSG:
 * shared memory is damaged.
 *
 * Closing the handle in another thread meanwhile does not end the wait. */
WO_API int wo_wait(wo_handle h, int64_t timeout_ns);

/* Waits until any of the objects is signaled; the lowest signaled index is taken and only that
 * object changes. An object may be named twice.
 *
 * handles, count  at least one; no upper limit.
 * index           out: which; may be NULL.
 *
 * Returns as wo_wait; -EINVAL: count is 0 or handles is NULL. */
WO_API int wo_wait_any(const wo_handle *handles, size_t count, int64_t timeout_ns, size_t *index);

/* Waits until all of the objects are signaled at the same time, then changes all at once; until
 * then it changes none. Returns as wo_wait; -EINVAL also when an object is named twice.
 *
 * A mailslot in a wait for all is looked at by the waiter only: a message that came and was taken
 * while an event was still missing does not count. */
WO_API int wo_wait_all(const wo_handle *handles, size_t count, int64_t timeout_ns);

/* Closes a handle. -EBADF: no such handle; -EPERM: the handle is protected from close. */
WO_API int wo_close(wo_handle h);

/* A second handle to the same object with the same rights; WO_INHERIT in flags marks it. Returns 0;
 * -EBADF; -EINVAL: unknown flags, no `out`; -EMFILE, -ENOMEM. */
WO_API int wo_duplicate(wo_handle h, unsigned flags, wo_handle *out);

/* A descriptor for poll, epoll, libuv or GLib that is readable when a wait on `h` is worth trying.
 *
 * The descriptor belongs to the object, stays valid as long as any handle to it is open, and must
 * not be read, written or closed. Level triggered, with this protocol: when it is readable, call
 * wo_wait(h, 0); the descriptor is re-armed by a wo_wait on the object that leaves it non-signaled
 * (or finds it so). It may be readable although another thread has meanwhile taken the signal.
 *
 * Returns 0; -EBADF; -EACCES; -ENOTSUP: not waitable, or a process on a system without pidfd;
 * -EINVAL: no `fd`; -EMFILE, -ENOMEM, -ENOSPC; -EPERM, -EBADMSG, -EPROTO: as wo_event_create of a
 * name, because the event moves to shared memory. Not thread-safe against closing the last
 * handle. */
WO_API int wo_pollfd(wo_handle h, int *fd);

#ifdef __cplusplus
}
#endif
#endif
