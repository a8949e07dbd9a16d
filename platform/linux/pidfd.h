/* pidfd.h (Linux): what spawn.c and process.c share about pidfds. */
#ifndef WO_PIDFD_H
#define WO_PIDFD_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* False once a try has shown that this kernel or sandbox has no pidfd. */
bool wo__pidfd_wanted(void);
void wo__pidfd_missing(void);
uint64_t wo__pidfd_identity(int fd, pid_t pid);
/* Moves a descriptor out of the way of 0 to 2; passes negative errnos through. */
int wo__pidfd_above_std(int fd);

#endif
