/* file.h: ordinary files, directories, terminals and pipe ends: a descriptor as an object.
 *
 * Such an object can stand in a wait: it is signaled while a read would not block, so an ordinary
 * file always is. */
#ifndef WO_FILE_H
#define WO_FILE_H

#include "object.h"

/* An object over a descriptor. `owned`: the last release closes it; on failure (-ENOMEM) an owned
 * descriptor is closed, too. */
int wo__file_new(int fd, bool owned, struct wo__object **out);
/* The file's name goes with the last release, if it still names this file. -ENOMEM, or realpath's
 * errors; call it before anybody else has the object. */
int wo__file_delete_on_close(struct wo__object *o, const char *path);
/* The descriptor, or -1 when the object is not a file. It belongs to the object. */
int wo__file_descriptor(const struct wo__object *o);
/* Has the file a position (an ordinary file)? False for pipes, terminals, devices. */
bool wo__file_seekable(const struct wo__object *o);

/* Offset for a write at the end of the file, whatever the position. */
#define WO__OFFSET_END (UINT64_MAX - 1)
#define WO__OFFSET_CURRENT UINT64_MAX

#endif
