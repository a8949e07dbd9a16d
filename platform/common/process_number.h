/* process_number.h: processes known by their number alone, for systems without pidfd. */
#ifndef WO_PROCESS_NUMBER_H
#define WO_PROCESS_NUMBER_H

#include "platform/process.h"

/* The same contracts as wo__pid_…, for p->fd == -1. */
int wo__number_open(struct wo__pid *p, pid_t pid);
int wo__number_ended(const struct wo__pid *p);
int wo__number_status(const struct wo__pid *p, int *status);
int wo__number_signal(const struct wo__pid *p, int signal);

/* What /proc/PID/stat tells. */
struct wo__stat {
    char state;           /* 'Z', 'X': ended */
    uint64_t start;       /* start time, never 0 */
    int status;           /* as waitpid tells it; meaningful once it has ended */
    bool status_readable; /* false: the system hides it from us */
};
/* -ENOENT: no such process, or no /proc. */
int wo__stat_read(pid_t pid, struct wo__stat *out);

/* Is `p` a child that this very process started (not one of its parent, from before a fork)? */
bool wo__pid_is_ours(const struct wo__pid *p);
/* What waitid reported (si_code, si_status) as a status word. */
int wo__status_of(int code, int status);

#endif
