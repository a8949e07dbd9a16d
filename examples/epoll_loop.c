/* epoll_loop.c: an event and a process in an epoll loop, through wo_pollfd.
 *
 * Native face. The descriptor is readable when a wait is worth trying; wo_wait(h, 0) then takes the
 * signal and makes the descriptor quiet again.
 *
 * Run: epoll_loop        starts itself; that process sets a named event three times and ends */
#include <waitobj/waitobj.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

static wo_handle named(const char *game, const char *what)
{
    char name[100];
    wo_handle h = WO_NO_HANDLE;
    snprintf(name, sizeof name, "epoll-loop-%s-%s", game, what);
    wo_event_create(&h, name, 0, NULL);
    return h;
}

static int other_process(const char *game)
{
    wo_handle tick = named(game, "tick"), seen = named(game, "seen");
    for (int i = 0; i < 3; i++) {
        wo_event_set(tick);
        wo_wait(seen, 20 * 1000000000LL);
    }
    return 7;
}

static int watch(int loop, wo_handle h, unsigned id)
{
    struct epoll_event interest = {.events = EPOLLIN, .data.u32 = id};
    int fd;
    return wo_pollfd(h, &fd) || epoll_ctl(loop, EPOLL_CTL_ADD, fd, &interest);
}

int main(int argc, char *argv[])
{
    char game[20], *child_argv[] = {argv[0], game, NULL};
    int ticks = 0, loop = epoll_create1(EPOLL_CLOEXEC);
    wo_handle tick, seen, child;
    struct epoll_event ready;
    if (argc > 1)
        return other_process(argv[1]);
    snprintf(game, sizeof game, "%d", (int)getpid());
    tick = named(game, "tick");
    seen = named(game, "seen");
    if (wo_process_spawn(&child, &(struct wo_spawn){.path = "/proc/self/exe", .argv = child_argv}))
        return 1;
    if (watch(loop, tick, 1) || watch(loop, child, 2))
        return 1;
    while (epoll_wait(loop, &ready, 1, 20000) == 1) {
        uint32_t code;
        if (ready.data.u32 == 1 && wo_wait(tick, 0) == 0) {
            printf("tick %d\n", ++ticks);
            wo_event_set(seen);
        } else if (ready.data.u32 == 2 && wo_wait(child, 0) == 0) {
            wo_process_exit_code(child, &code);
            printf("the process ended with %u after %d ticks\n", (unsigned)code, ticks);
            return 0;
        }
    }
    return 1;
}
