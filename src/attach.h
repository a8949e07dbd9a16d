/* attach.h: the shared arena's file. */
#ifndef WO_ATTACH_H
#define WO_ATTACH_H

#include "arena.h"

/* Bytes of the arena file that are locked, far beyond its end: one per process record, and one
 * held while attaching. */
#define WO__PRESENCE_BASE ((uint64_t)1 << 40)
#define WO__PRESENCE_ATTACH ((uint64_t)1 << 41)

/* Opens the file, made when missing, checked for type, owner and mode. A descriptor or an error. */
int wo__arena_file_open(void);

/* Is our descriptor still the arena's file? Not in a program that closed all descriptors. */
bool wo__arena_file_kept(const struct wo__arena *a);
/* Does a process hold that byte? An error is no proof of death, and neither is another file. */
bool wo__arena_byte_held(const struct wo__arena *a, uint64_t byte);

/* fork.c: nobody may be attaching while the process forks. */
void wo__attach_fork_prepare(void);
void wo__attach_fork_done(void);

#endif
