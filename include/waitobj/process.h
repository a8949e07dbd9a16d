/* waitobj/process.h: processes.
 *
 * A process handle is non-signaled while the process runs and signaled for ever after. Any process
 * can be opened, not only children. The library installs no SIGCHLD handler and reaps only the
 * children it started itself.
 */
#ifndef WAITOBJ_PROCESS_H
#define WAITOBJ_PROCESS_H

#include "types.h"

#ifdef __cplusplus
extern "C" {
#endif

/* wo_process_exit_code's answer while the process runs (Windows: STILL_ACTIVE). */
#define WO_STILL_ACTIVE 259u

/* How to start a program. Zeroed is a good start; `argv` is required. */
struct wo_spawn {
    const char *path;        /* the program; NULL: argv[0], looked up in PATH */
    char *const *argv;       /* NULL-terminated */
    char *const *envp;       /* NULL: this process's environment */
    const char *directory;   /* NULL: this process's current directory */
    const int *fds;          /* what becomes the child's descriptors 0, 1 and 2: three numbers, -1:
                                unchanged; NULL: all unchanged */
    unsigned flags;          /* WO_SPAWN_… and WO_INHERIT */
    int nice;                /* added to the nice value */
};
#define WO_SPAWN_SUSPENDED 1u /* starts only with wo_process_resume */
#define WO_SPAWN_NEW_GROUP 2u /* leads a new process group */
#define WO_SPAWN_DETACHED 4u  /* starts a new session, without terminal */

/* Starts a program. A program that cannot be started is reported here, by this call.
 * Returns 0; -EINVAL; -ENOENT; -EACCES; -ENOEXEC; -ENOTDIR; -ENAMETOOLONG; -E2BIG; -EBADF: one of
 * `fds` is not open; -EAGAIN; -ENOMEM; -EMFILE. A suspended program is only looked at, and run by
 * resume: what goes wrong then is exit code 127. It ends, without having run, with the process that
 * started it. */
WO_API int wo_process_spawn(wo_handle *out, const struct wo_spawn *how);

/* Lets a program that was started suspended run. -EINVAL: it is not suspended; -EBADF. */
WO_API int wo_process_resume(wo_handle h);

/* Opens a running (or not yet reaped) process. access: WO_ACCESS_WAIT, WO_ACCESS_QUERY,
 * WO_ACCESS_TERMINATE. Returns 0; -EINVAL: no such process, or pid <= 0; -EMFILE; -ENOMEM. */
WO_API int wo_process_open(wo_handle *out, int64_t pid, uint32_t access);

/* The process id; it stays with the handle after the end. -EBADF; -EACCES; -EINVAL: no `pid`. */
WO_API int wo_process_id(wo_handle h, int64_t *pid);

/* The exit code: WO_STILL_ACTIVE while it runs. All 32 bits when the process ended through
 * wo_process_exit, wo_process_terminate or returned from main with this library loaded; otherwise
 * the 8 bits that POSIX keeps. Ended by signal N: the NTSTATUS of the like on Windows (SIGSEGV:
 * 0xC0000005), else 0xE0000000 + N; the table is in CAVEATS.md.
 * Returns 0; -ECHILD: it ended, and nobody can tell how; -EBADF; -EACCES. */
WO_API int wo_process_exit_code(wo_handle h, uint32_t *code);

/* Ends the process with that exit code. -EACCES: the handle lacks WO_ACCESS_TERMINATE, the process
 * has ended already, or may not be killed; -EBADF. */
WO_API int wo_process_terminate(wo_handle h, uint32_t code);

/* Ends this process: atexit handlers run, and whoever asks gets all 32 bits of the code. */
WO_NORETURN WO_API void wo_process_exit(uint32_t code);

#ifdef __cplusplus
}
#endif
#endif
