/* process.h: the contract between the library and the operating system about processes.
 *
 * Looking at a process never changes it, with one exception: a child that this process started
 * through wo__spawn is reaped by wo__pid_status. No other child is ever reaped, and no signal
 * handler is installed.
 *
 * Two ways to know a process:
 *   - by pidfd (Linux): exact; the descriptor means this process for ever;
 *   - by number (platform/posix, and Linux kernels or sandboxes without pidfd): children of ours by
 *     waitid, exact as long as the program does not reap them itself; others by kill(pid, 0) and
 *     the start time in /proc/PID/stat. Where there is no /proc, a number that was given to a new
 *     process before anybody looked is taken for the old one, and the process counts as running
 *     until its parent has reaped it.
 */
#ifndef WO_PLATFORM_PROCESS_H
#define WO_PLATFORM_PROCESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* One process. Plain data: whoever holds it decides who may use it when. */
struct wo__pid {
    pid_t pid;
    int fd;            /* pidfd, readable once the process has ended; -1: known by number */
    pid_t owner;       /* the process that started and reaps it; 0: none that we know */
    uint64_t identity; /* tells processes that had one pid apart; 0: nothing does */
};

/* Finds a process that runs or is not yet reaped. -ESRCH; -EMFILE, -ENOMEM. */
int wo__pid_open(struct wo__pid *p, pid_t pid);
void wo__pid_close(struct wo__pid *p);
/* 1: it has ended; 0: it runs (also when nobody can tell). Never reaps. */
int wo__pid_ended(const struct wo__pid *p);
/* How it ended, as waitpid tells it. A child of ours is reaped by that, so ask once and keep the
 * answer. -EAGAIN: it runs. -ECHILD: it has ended, and the system does not tell how. */
int wo__pid_status(const struct wo__pid *p, int *status);
/* -ESRCH: it is gone; -EPERM: not allowed. Signal 0: only asks. */
int wo__pid_signal(const struct wo__pid *p, int signal);
/* Does the system tell the status of every ended process to whoever has opened it? */
bool wo__pid_status_is_public(void);

/* ---- Starting programs ---------------------------------------------------------------------- */

struct wo__spawn_plan {
    const char *path; /* as execve takes it */
    char *const *argv;
    char *const *envp;
    const char *directory; /* NULL: unchanged */
    int fds[3];            /* -1: unchanged */
    int nice;              /* added to the nice value, as far as that is allowed */
    bool suspended, new_group, detached;
    /* Called once the process exists and before it can run the program; may be NULL. All signals
     * are blocked meanwhile. */
    void (*born)(void *context, const struct wo__pid *child);
    void *context;
};

/* Starts the program; 0 when it runs, else the error of whatever went wrong on the way to it.
 * Suspended: 0 when the process is ready to start it; *gate is the descriptor that keeps it back
 * (>= 3, close-on-exec; -1 otherwise). When the gate is closed unopened, as it is when this process
 * ends, the child ends without ever running the program. */
int wo__spawn(const struct wo__spawn_plan *plan, struct wo__pid *child, int *gate);
/* Opens and closes a gate. */
int wo__spawn_open_gate(int gate);

/* ---- This process --------------------------------------------------------------------------- */

/* The file of the running program. 0; -ERANGE: `size` is too small; -ENOENT: unknown. */
int wo__self_program(char *path, size_t size);
/* The argument vector this process was started with: *data holds NUL-terminated strings one after
 * the other, to be freed. -ENOENT: unknown. */
int wo__self_arguments(char **data, size_t *size);

/* An arbitrary exit hook that learns the exit status, where the system has one. Returns false where
 * it has none. */
bool wo__self_on_exit(void (*hook)(int status));

/* nice value of a process: 0 or -ESRCH, -EACCES. */
int wo__pid_get_nice(const struct wo__pid *p, int *nice);
int wo__pid_set_nice(const struct wo__pid *p, int nice);

#endif
