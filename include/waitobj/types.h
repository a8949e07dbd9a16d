/* waitobj/types.h: what every native header shares.
 *
 * Results: a function returns 0, or a negative errno value (-EINVAL, …). Results come back through
 * pointers, which stay untouched when the call fails.
 *
 * Handles: a wo_handle names an open object of this process. The same value works in the native
 * face and, as a HANDLE, in the Win32 face. Handles are values, not pointers: one that was closed
 * is detected (-EBADF), not followed. What a function is given - names, messages, arrays - it
 * copies or only reads during the call; a handle it returns is the caller's to wo_close.
 *
 * Threads and fork(): every function may be called from any thread at any time, also two on one
 * handle. A thread must not be cancelled (pthread_cancel) inside one. fork() is safe in any thread;
 * the child has the same handles: named events, processes and mailslots stay the shared ones, unnamed
 * events become the child's copy (one that stood in a wait together with a named one, or has a
 * wo_pollfd, stays shared).
 *
 * Times: relative timeouts in nanoseconds of CLOCK_MONOTONIC; WO_INFINITE waits for ever, 0 never
 * blocks. A timeout is never early.
 *
 * Signals: no function of this library may be called from a signal handler. No function returns
 * -EINTR. errno is not a result: it may have any value afterwards.
 */
#ifndef WAITOBJ_TYPES_H
#define WAITOBJ_TYPES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#if defined(__GNUC__)
#define WO_API __attribute__((visibility("default")))
#else
#define WO_API
#endif

#if defined(__GNUC__)
#define WO_NORETURN __attribute__((noreturn))
#else
#define WO_NORETURN
#endif

typedef void *wo_handle;

/* No handle: what a failed or not yet made call leaves behind. */
#define WO_NO_HANDLE ((wo_handle)0)

/* A timeout that never ends. Every negative timeout means the same. */
#define WO_INFINITE ((int64_t)-1)

/* Access rights. Opening by name asks for the ones it needs; a call through a handle that lacks
 * its right fails with -EACCES. The values are those of Windows, so both faces mean the same. */
enum {
    WO_ACCESS_WAIT = 0x00100000,      /* SYNCHRONIZE: may stand in a wait */
    WO_ACCESS_EVENT_MODIFY = 0x0002,  /* EVENT_MODIFY_STATE: set, reset, pulse */
    WO_ACCESS_TERMINATE = 0x0001,     /* PROCESS_TERMINATE */
    WO_ACCESS_QUERY = 0x1000,         /* PROCESS_QUERY_LIMITED_INFORMATION: exit code, id */
    WO_ACCESS_ALL = 0x001F0003        /* everything an event or another dispatcher object has */
};

/* Flags of the functions that make a handle. */
#define WO_INHERIT 0x10000u /* the handle is marked inheritable */

#endif
