/* bench.c: waitobj, the raw primitives and its peers, side by side. See README.md.
 *
 *     bench [events] [blocking] [process] [mailslot]
 *
 * Without arguments: everything.
 */
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "common.h"
#include "waitobj/runtime.h"

/* glibc leaves out atomic operations in a process with one thread. */
static void *idle_thread(void *arg)
{
    for (;;)
        pause();
    return arg;
}

static bool wanted(int argc, char **argv, const char *name)
{
    for (int i = 1; i < argc; i++)
        if (strcmp(argv[i], name) == 0)
            return true;
    return argc == 1;
}

static void print_head(void)
{
    double load[3] = {0, 0, 0};
    (void)getloadavg(load, 3);
    printf("waitobj %s, %ld CPUs, load %.2f\n", wo_version(), sysconf(_SC_NPROCESSORS_ONLN),
           load[0]);
    printf("Medians and minima of %d to %d interleaved rounds; lower is better, except k/s:\n"
           "thousand messages per second. x raw: cost relative to the raw primitive (x raw*: of\n"
           "the minima), x peer: relative to the row's best peer.\n",
           BENCH_MIN_ROUNDS, BENCH_ROUNDS);
}

int main(int argc, char **argv)
{
    if (argc > 1 && strncmp(argv[1], "--", 2) == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        if (strcmp(argv[1], "--sleep") == 0)
            idle_thread(NULL);
        return strcmp(argv[1], "--partner") == 0 ? bench_partner_main(argv + 2)
                                                 : bench_receiver_main(argv + 2);
    }
    pthread_t idle;
    bench_make_directory();
    BENCH_CHECK(pthread_create(&idle, NULL, idle_thread, NULL) == 0);
    print_head();
    if (wanted(argc, argv, "events"))
        bench_events();
    if (wanted(argc, argv, "blocking"))
        bench_blocking();
    if (wanted(argc, argv, "process"))
        bench_process();
    if (wanted(argc, argv, "mailslot"))
        bench_mailslot();
    bench_remove_directory();
    return 0;
}
