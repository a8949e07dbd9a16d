/* runtime.h: the runtime directory, and what happens around fork().
 *
 * Everything that processes share lies below one directory, mode 0700, owned by the user:
 * $WAITOBJ_RUNTIME_DIR, else $XDG_RUNTIME_DIR/waitobj, else /dev/shm/waitobj-UID, else
 * /tmp/waitobj-UID. It is opened once, checked (type, owner, mode), and everything below is reached
 * relative to its descriptor. */
#ifndef WO_RUNTIME_H
#define WO_RUNTIME_H

#include <stddef.h>

/* The directory's descriptor (kept open by the library), or a negative errno: -EPERM when the
 * directory belongs to somebody else or others may write to it. Made when it is missing. */
int wo__runtime_dir(void);
/* A checked subdirectory, made when missing; the caller closes it. */
int wo__runtime_subdir(const char *name);
/* Opens (and makes, if `make`) the directory `name` below `dir`; checks that it is a directory of
 * this user with no rights for others. A descriptor or a negative errno. */
int wo__dir_open(int dir, const char *name, int make);
/* Path of the directory, for messages and tests. */
int wo__runtime_path(char *path, size_t size);

/* fork.c */
void wo__runtime_fork_prepare(void);
void wo__runtime_fork_done(void);

#endif
