/* process.h: processes as objects, and the main threads of those we started.
 *
 * A process object is latched: not signaled while the process runs, signaled for ever after. Its
 * exit code stays with it. */
#ifndef WO_PROCESS_H
#define WO_PROCESS_H

#include <sys/types.h>

#include "object.h"
#include "waitobj/process.h"

/* Access rights, with the values of Windows. */
#define WO__PROCESS_TERMINATE 0x0001u
#define WO__PROCESS_SET_INFORMATION 0x0200u
#define WO__PROCESS_QUERY_INFORMATION 0x0400u /* implies the limited right */
#define WO__PROCESS_QUERY_LIMITED 0x1000u
#define WO__PROCESS_ALL_ACCESS 0x001FFFFFu
#define WO__THREAD_SUSPEND_RESUME 0x0002u
#define WO__THREAD_QUERY_INFORMATION 0x0040u /* implies the limited right */
#define WO__THREAD_QUERY_LIMITED 0x0800u
#define WO__THREAD_ALL_ACCESS 0x001FFFFFu

/* wo__access_map and what process rights imply. */
uint32_t wo__process_access(uint32_t access);

/* Objects with one reference. */
int wo__process_start(const struct wo_spawn *how, struct wo__object **out);
/* For a handle with these rights. -EINVAL: no such process. A child of ours gives the object it
 * already has. */
int wo__process_find(int64_t pid, uint32_t access, struct wo__object **out);
/* The main thread of a process we started: a reference to the process behind a type of its own. */
int wo__process_main_thread(struct wo__object *process, struct wo__object **out);
/* The process a thread object belongs to, without a reference of its own. */
struct wo__object *wo__thread_process(const struct wo__object *thread);

pid_t wo__process_pid(const struct wo__object *o);
/* As wo_process_exit_code, _terminate, _resume. */
int wo__process_code(struct wo__object *o, uint32_t *code);
int wo__process_kill(struct wo__object *o, uint32_t code);
int wo__process_release(struct wo__object *o);
/* nice value; -ESRCH: it has ended. */
int wo__process_get_nice(struct wo__object *o, int *nice);
int wo__process_set_nice(struct wo__object *o, int nice);

/* The whole code, without atexit handlers. */
WO_NORETURN void wo__process_quit(uint32_t code);

#endif
