/* waitobj/event.h: events.
 *
 * A manual-reset event stays signaled until it is reset and releases everybody who waits. An
 * auto-reset event releases exactly one waiter per set and becomes non-signaled with that.
 *
 * Names: UTF-8, 1 to 260 UTF-16 units, case-sensitive; "Local\" (the default) or "Global\" in front
 * choose one of two name spaces; no other backslash. All kinds of objects share the name space, per
 * user. The name and the object live as long as a living process has a handle, however the others
 * ended.
 */
#ifndef WAITOBJ_EVENT_H
#define WAITOBJ_EVENT_H

#include "types.h"

#ifdef __cplusplus
extern "C" {
#endif

#define WO_EVENT_MANUAL 1u   /* manual-reset; without it auto-reset */
#define WO_EVENT_SIGNALED 2u /* signaled from the start */

/* Creates an event, or opens the existing one of that name (the flags are then ignored).
 *
 * name     NULL: unnamed, private to this process.
 * flags    WO_EVENT_MANUAL, WO_EVENT_SIGNALED, WO_INHERIT.
 * existed  out: true when the name existed already; may be NULL.
 *
 * Returns 0; -EINVAL: unknown flags, no `out`; -ENAMETOOLONG; -EILSEQ: not UTF-8; -ENOTDIR: a
 * backslash in the name, -EDOM: at its start; -EBADF: the name belongs to an object of another
 * type; -ENOMEM, -EMFILE, -ENOSPC: no room; -EPERM: the runtime directory is not ours alone;
 * -ENOENT: $WAITOBJ_RUNTIME_DIR lies in a directory that does not exist; -EBADMSG: shared memory is
 * damaged; -EPROTO: it is of another version. */
WO_API int wo_event_create(wo_handle *out, const char *name, unsigned flags, bool *existed);

/* Opens the event of that name with the given rights (WO_ACCESS_…). -ENOENT: there is none; else
 * as wo_event_create. */
WO_API int wo_event_open(wo_handle *out, const char *name, uint32_t access);

/* Set makes it signaled: every waiter of a manual-reset event, or the first one of an auto-reset
 * event, is released by this call. Reset makes it non-signaled. Pulse releases those that wait now
 * (one, for auto-reset) and leaves it non-signaled.
 * Return 0; -EBADF; -EACCES: the handle lacks WO_ACCESS_EVENT_MODIFY; -EBADMSG; -EMFILE and other
 * errors of open(2): a waiter of another process could not be woken, and nothing has changed. */
WO_API int wo_event_set(wo_handle h);
WO_API int wo_event_reset(wo_handle h);
WO_API int wo_event_pulse(wo_handle h);

#ifdef __cplusplus
}
#endif
#endif
