/* waitobj/runtime.h: about the library itself.
 *
 * What processes share lies below one directory of the user (mode 0700): $WAITOBJ_RUNTIME_DIR, else
 * $XDG_RUNTIME_DIR/waitobj, else /dev/shm/waitobj-UID, else /tmp/waitobj-UID. It holds memory, not
 * documents: with the last process that uses it, its content means nothing any more.
 */
#ifndef WAITOBJ_RUNTIME_H
#define WAITOBJ_RUNTIME_H

#include "types.h"

#ifdef __cplusplus
extern "C" {
#endif

#define WO_VERSION_MAJOR 0
#define WO_VERSION_MINOR 1
#define WO_VERSION_PATCH 0

/* "0.1.0", of the library that runs. */
WO_API const char *wo_version(void);

/* Where the shared state is; makes the directory when it is missing. -ERANGE: `size` is too small;
 * -EPERM: the directory is not ours alone. */
WO_API int wo_runtime_directory(char *path, size_t size);

/* What is in use, for monitoring and leak tests. Drops what dead processes left behind first. */
struct wo_usage {
    size_t handles;         /* open in this process */
    size_t private_objects; /* dispatcher objects of this process alone */
    size_t shared_objects;  /* in the shared arena, of all processes of this user */
    size_t shared_waiters;  /* threads recorded in the shared arena */
    size_t processes;       /* that use the shared arena */
};
/* Returns 0; -EINVAL: no `usage`; else as wo_event_create of a name. */
WO_API int wo_usage(struct wo_usage *usage);

/* Walks every list of this process's objects and of the shared arena. 0; -EBADMSG: something is
 * damaged. Costs time; for tests and support. */
WO_API int wo_validate(void);

#ifdef __cplusplus
}
#endif
#endif
