/* attach.h: the shared arena's file. */
#ifndef WO_ATTACH_H
#define WO_ATTACH_H

/* Bytes of the arena file that are locked, far beyond its end: one per process record, and one
 * held while attaching. */
#define WO__PRESENCE_BASE ((uint64_t)1 << 40)
#define WO__PRESENCE_ATTACH ((uint64_t)1 << 41)

/* Opens the file, made when missing, checked for type, owner and mode. A descriptor or an error. */
int wo__arena_file_open(void);

/* fork.c: nobody may be attaching while the process forks. */
void wo__attach_fork_prepare(void);
void wo__attach_fork_done(void);

#endif
