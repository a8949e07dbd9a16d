/* program.h: finding the file of a program. */
#ifndef WO_PROGRAM_H
#define WO_PROGRAM_H

#include <stddef.h>

/* Can this file be run? 0; -ENOENT; -ENOTDIR: the directory is missing; -EACCES: not executable,
 * a directory, or out of reach; -ENAMETOOLONG. */
int wo__program_check(const char *path);
/* Looks a plain name up in the directories of $PATH. -ENOENT: in none; -EACCES: found, but not
 * executable. `path` is written on success only. */
int wo__program_in_path(const char *name, char *path, size_t size);
/* The path made independent of the current directory. -ENOENT: it is empty; -ENAMETOOLONG. */
int wo__program_absolute(const char *path, char *out, size_t size);

#endif
