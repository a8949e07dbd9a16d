/* process.c (POSIX): processes are known by their number; see common/process_number.c. */
#include "platform/process.h"

#include "platform/common/process_number.h"

int wo__pid_open(struct wo__pid *p, pid_t pid)
{
    return wo__number_open(p, pid);
}

void wo__pid_close(struct wo__pid *p)
{
    p->fd = -1;
}

int wo__pid_ended(const struct wo__pid *p)
{
    return wo__number_ended(p);
}

int wo__pid_status(const struct wo__pid *p, int *status)
{
    return wo__number_status(p, status);
}

int wo__pid_signal(const struct wo__pid *p, int signal)
{
    return wo__number_signal(p, signal);
}

bool wo__pid_status_is_public(void)
{
    return false;
}
