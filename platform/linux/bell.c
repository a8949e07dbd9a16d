/* bell.c (Linux): a bell is one eventfd. */
#include "platform.h"

#include <errno.h>
#include <sys/eventfd.h>
#include <unistd.h>

int wo__bell_open(struct wo__bell *bell)
{
    int fd = wo__above_standard(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
    if (fd < 0)
        return -errno;
    bell->rd = bell->wr = fd;
    return 0;
}

void wo__bell_ring(const struct wo__bell *bell)
{
    uint64_t one = 1;
    /* EAGAIN: the counter is full, so the bell has rung already. */
    (void)!write(bell->wr, &one, sizeof one);
}
