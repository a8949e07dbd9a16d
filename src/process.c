/* process.c: processes as objects.
 *
 * A process object stands for one process for ever, whatever becomes of its pid. It holds the exit
 * record of its process (exitcode.h) where its handles may ask for the code or write it.
 *
 * Children that we started are reaped when somebody sees their end through an object. One whose
 * last handle was closed before becomes an orphan: it is looked at again, a few at a time, at later
 * starts and closes. Until then its pid leads back to it, so no second object competes for its
 * status. After fork() the new process owns none of the old one's children: they are like any
 * other process to it.
 *
 * Lock: `lock` guards the lists and the fields marked (L). Order: `lock`, then an arena's lock.
 */
#include "process.h"

#include <assert.h>
#include <errno.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "exitcode.h"
#include "fork.h"
#include "handle.h"
#include "program.h"

/* A child that nobody has a handle to. */
struct orphan {
    struct orphan *next;
    struct wo__pid id;
    int gate;
};

struct process {
    struct wo__object base;
    struct wo__pid id;         /* never changes */
    struct wo__object *record; /* (L) NULL: none held; once set it stays */
    struct orphan *spare;      /* children of ours: memory for their time as an orphan */
    struct process *next;      /* (L) in `children` */
    int gate;                  /* (L) keeps a suspended child back; -1: none */
    bool killed;               /* (L) we ended it, with `code`, and there is no record */
    _Atomic bool settled;      /* the end was seen; `code` and `code_error` are final */
    uint32_t code;
    int code_error; /* -ECHILD: nobody can tell the code */
};

struct thread {
    struct wo__object base;
    struct process *process;
};

enum { SWEEP = 16 }; /* orphans looked at in one go */

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int holder_cancel; /* (L) the holder's own cancellation state */
static struct process *children; /* started by us, not settled; those of before a fork, too */
static struct orphan *orphans, **orphans_end = &orphans;

extern char **environ;

/* Not cancelled in between: waitid and close are cancellation points. */
static void enter(void)
{
    int cancel;
    pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &cancel);
    pthread_mutex_lock(&lock);
    holder_cancel = cancel;
}

static void leave(void)
{
    int cancel = holder_cancel;
    pthread_mutex_unlock(&lock);
    pthread_setcancelstate(cancel, NULL);
}

void wo__process_fork_prepare(void)
{
    enter();
}

void wo__process_fork_done(void)
{
    leave();
}

static struct process *process_of(const struct wo__object *o)
{
    assert(o->type == &wo__process_type);
    return (struct process *)o;
}

/* ---- Orphans -------------------------------------------------------------------------------- */

static void push_orphan(struct orphan *o)
{
    o->next = NULL;
    *orphans_end = o;
    orphans_end = &o->next;
}

static struct orphan *pop_orphan(void)
{
    struct orphan *o = orphans;
    if (o && !(orphans = o->next))
        orphans_end = &orphans;
    return o;
}

static void free_orphan(struct orphan *o)
{
    wo__pid_close(&o->id);
    if (o->gate >= 0)
        close(o->gate);
    free(o);
}

/* Reaps those of the first few that have ended; the others go to the end of the queue. `lock`
 * held. */
static void sweep(void)
{
    int status;
    for (int i = 0; i < SWEEP && orphans; i++) {
        struct orphan *o = pop_orphan();
        if (o->id.owner == getpid() && wo__pid_status(&o->id, &status) == -EAGAIN)
            push_orphan(o);
        else
            free_orphan(o);
    }
}

static struct orphan *take_orphan(pid_t pid)
{
    struct orphan **p = &orphans;
    while (*p && (*p)->id.pid != pid)
        p = &(*p)->next;
    struct orphan *o = *p;
    if (!o || o->id.owner != getpid())
        return NULL;
    *p = o->next;
    if (!*p)
        orphans_end = p;
    return o;
}

/* ---- The end of a process ------------------------------------------------------------------- */

/* What whoever ended the process noted. */
static bool noted_code(const struct process *p, uint32_t *code)
{
    if (p->killed) {
        *code = p->code;
        return true;
    }
    return p->record && wo__exit_record_load(p->record, code) == 0;
}

static void unlink_child(struct process *p)
{
    for (struct process **q = &children; *q; q = &(*q)->next) {
        if (*q == p) {
            *q = p->next;
            return;
        }
    }
}

/* The note counts where the system does not contradict it. */
static void settle_as(struct process *p, int rc, int status)
{
    uint32_t code = 0;
    bool noted = noted_code(p, &code);
    if (rc == 0 && !(noted && wo__exit_code_matches(code, status)))
        code = wo__exit_code_of_status(status);
    else if (rc < 0 && !noted)
        p->code_error = -ECHILD;
    p->code = code;
    unlink_child(p);
    atomic_store_explicit(&p->settled, true, memory_order_release);
}

/* Has it ended? Then it is reaped, if it is ours, and its code is final. */
static bool settle(struct process *p)
{
    if (atomic_load_explicit(&p->settled, memory_order_acquire))
        return true;
    if (!wo__pid_ended(&p->id))
        return false;
    enter();
    if (!atomic_load_explicit(&p->settled, memory_order_relaxed)) {
        int status = 0, rc = wo__pid_status(&p->id, &status);
        if (rc != -EAGAIN)
            settle_as(p, rc, status);
    }
    bool settled = atomic_load_explicit(&p->settled, memory_order_relaxed);
    leave();
    return settled;
}

/* ---- The types ------------------------------------------------------------------------------ */

static int process_check(struct wo__object *o)
{
    return settle(process_of(o));
}

static int process_pollfd(struct wo__object *o)
{
    return process_of(o)->id.fd;
}

/* Ours, and not reaped: what is left of it goes to the orphans. `lock` held. */
static bool leave_orphan(struct process *p)
{
    if (!p->spare || atomic_load(&p->settled) || p->id.owner != getpid())
        return false;
    p->spare->id = p->id;
    p->spare->gate = p->gate;
    push_orphan(p->spare);
    return true;
}

static void process_destroy(struct wo__object *o)
{
    struct process *p = process_of(o);
    enter();
    unlink_child(p);
    if (!leave_orphan(p)) {
        wo__pid_close(&p->id);
        if (p->gate >= 0)
            close(p->gate);
        free(p->spare);
    }
    sweep();
    leave();
    if (p->record)
        wo__object_release(p->record);
}

const struct wo__type wo__process_type = {
    .name = "process",
    .id = WO__TYPE_PROCESS,
    /* PROCESS_ALL_ACCESS and the generic mapping of Windows. */
    .all_access = WO__PROCESS_ALL_ACCESS,
    .read_access = 0x00020410,
    .write_access = 0x00020BEA,
    .execute_access = 0x00121001,
    .check = process_check,
    .pollfd = process_pollfd,
    .latched = true,
    .destroy = process_destroy,
};

static struct process *process_of_thread(const struct wo__object *o)
{
    assert(o->type == &wo__thread_type);
    return ((const struct thread *)o)->process;
}

static int thread_check(struct wo__object *o)
{
    return settle(process_of_thread(o));
}

static int thread_pollfd(struct wo__object *o)
{
    return process_of_thread(o)->id.fd;
}

static void thread_destroy(struct wo__object *o)
{
    wo__object_release(&process_of_thread(o)->base);
}

const struct wo__type wo__thread_type = {
    .name = "thread",
    .id = WO__TYPE_THREAD,
    /* THREAD_ALL_ACCESS and the generic mapping of Windows. */
    .all_access = WO__THREAD_ALL_ACCESS,
    .read_access = 0x00020048,
    .write_access = 0x00020037,
    .execute_access = 0x00121800,
    .check = thread_check,
    .pollfd = thread_pollfd,
    .latched = true,
    .destroy = thread_destroy,
};

int wo__process_main_thread(struct wo__object *process, struct wo__object **out)
{
    struct thread *t = wo__object_new(&wo__thread_type, sizeof *t);
    if (!t)
        return -ENOMEM;
    t->process = process_of(process);
    wo__object_ref(process);
    *out = &t->base;
    return 0;
}

struct wo__object *wo__thread_process(const struct wo__object *thread)
{
    return &process_of_thread(thread)->base;
}

/* ---- Finding -------------------------------------------------------------------------------- */

static struct process *new_process(void)
{
    struct process *p = wo__object_new(&wo__process_type, sizeof *p);
    if (p) {
        p->id.fd = -1;
        p->gate = -1;
    }
    return p;
}

/* The object a child of ours has already, with a reference. `lock` held. */
static struct process *find_child(pid_t pid)
{
    for (struct process *p = children; p; p = p->next) {
        if (p->id.pid == pid && p->id.owner == getpid() && wo__object_try_ref(&p->base))
            return p;
    }
    return NULL;
}

static void link_child(struct process *p)
{
    p->next = children;
    children = p;
}

/* Turns an orphan into an object again. `lock` held. */
static bool adopt_orphan(struct process *p, pid_t pid)
{
    struct orphan *o = take_orphan(pid);
    if (!o)
        return false;
    p->id = o->id;
    p->gate = o->gate;
    p->spare = o;
    link_child(p);
    return true;
}

/* An object for the process: the one it has, or `fresh` filled in. */
static int look_up(pid_t pid, struct process *fresh, struct process **out)
{
    int rc = 0;
    enter();
    struct process *p = find_child(pid);
    if (!p && !adopt_orphan(fresh, pid))
        rc = wo__pid_open(&fresh->id, pid);
    leave();
    if (rc == 0)
        *out = p ? p : fresh;
    return rc;
}

/* Who may ask for the code or write it holds the record. Our own we find when we end. */
static void hold_record(struct process *p, uint32_t access)
{
    struct wo__object *record;
    uint32_t needs = WO__PROCESS_TERMINATE | WO__PROCESS_QUERY_LIMITED;
    if (!(access & needs) || p->id.pid == getpid())
        return;
    enter();
    if (!p->record && wo__exit_record_hold(&p->id, &record) == 0)
        p->record = record;
    leave();
}

int wo__process_find(int64_t pid, uint32_t access, struct wo__object **out)
{
    if (pid <= 0 || pid > INT_MAX)
        return -EINVAL;
    struct process *fresh = new_process(), *p = fresh;
    if (!fresh)
        return -ENOMEM;
    int rc = look_up((pid_t)pid, fresh, &p);
    if (rc < 0 || p != fresh)
        wo__object_release(&fresh->base);
    if (rc < 0)
        return rc == -ESRCH ? -EINVAL : rc;
    hold_record(p, access);
    *out = &p->base;
    return 0;
}

/* ---- Starting ------------------------------------------------------------------------------- */

static void child_born(void *context, const struct wo__pid *child)
{
    struct process *p = context;
    struct wo__object *record;
    /* Without a record the code has 8 bits. */
    if (wo__exit_record_hold(child, &record) == 0)
        p->record = record;
}

static int find_program(const struct wo_spawn *how, char *path, size_t size)
{
    const char *name = how->path ? how->path : how->argv[0];
    if (!how->path && !strchr(name, '/'))
        return wo__program_in_path(name, path, size);
    /* The child resolves the path in its own directory, which is not meant. */
    return wo__program_absolute(name, path, size);
}

static int check_request(const struct wo_spawn *how)
{
    unsigned known = WO_SPAWN_SUSPENDED | WO_SPAWN_NEW_GROUP | WO_SPAWN_DETACHED | WO_INHERIT;
    if (!how || !how->argv || !how->argv[0] || how->flags & ~known)
        return -EINVAL;
    for (int i = 0; how->fds && i < 3; i++) {
        if (how->fds[i] < -1)
            return -EINVAL;
    }
    return 0;
}

static int spawn(struct process *p, const char *path, const struct wo_spawn *how)
{
    struct wo__spawn_plan plan = {
        .path = path,
        .argv = how->argv,
        .envp = how->envp ? how->envp : environ,
        .directory = how->directory,
        .fds = {-1, -1, -1},
        .nice = how->nice,
        .suspended = how->flags & WO_SPAWN_SUSPENDED,
        .new_group = how->flags & WO_SPAWN_NEW_GROUP,
        .detached = how->flags & WO_SPAWN_DETACHED,
        .born = child_born,
        .context = p,
    };
    if (how->fds)
        memcpy(plan.fds, how->fds, sizeof plan.fds);
    return wo__spawn(&plan, &p->id, &p->gate);
}

int wo__process_start(const struct wo_spawn *how, struct wo__object **out)
{
    char path[PATH_MAX];
    int rc = check_request(how);
    if (rc == 0)
        rc = find_program(how, path, sizeof path);
    /* A suspended child could report a program that cannot be run only when it is resumed. */
    if (rc == 0 && how->flags & WO_SPAWN_SUSPENDED)
        rc = wo__program_check(path);
    if (rc < 0)
        return rc;
    wo__fork_register();
    struct process *p = new_process();
    if (!p)
        return -ENOMEM;
    p->spare = malloc(sizeof *p->spare);
    rc = p->spare ? spawn(p, path, how) : -ENOMEM;
    if (rc < 0) {
        wo__object_release(&p->base);
        return rc;
    }
    enter();
    link_child(p);
    sweep();
    leave();
    *out = &p->base;
    return 0;
}

int wo__process_release(struct wo__object *o)
{
    struct process *p = process_of(o);
    int rc = -EINVAL;
    enter();
    if (p->gate >= 0) {
        rc = wo__spawn_open_gate(p->gate) == 0 ? 0 : -EINVAL;
        p->gate = -1;
    }
    leave();
    return rc;
}

/* ---- Asking and ending ---------------------------------------------------------------------- */

pid_t wo__process_pid(const struct wo__object *o)
{
    return process_of(o)->id.pid;
}

int wo__process_code(struct wo__object *o, uint32_t *code)
{
    struct process *p = process_of(o);
    if (!settle(p)) {
        *code = WO_STILL_ACTIVE;
        return 0;
    }
    if (p->code_error < 0)
        return p->code_error;
    *code = p->code;
    return 0;
}

static void note_code(struct process *p, uint32_t code)
{
    enter();
    if (p->record) {
        (void)wo__exit_record_store(p->record, code);
    } else if (!atomic_load(&p->settled)) {
        p->killed = true;
        p->code = code;
    }
    leave();
}

int wo__process_kill(struct wo__object *o, uint32_t code)
{
    struct process *p = process_of(o);
    if (p->id.pid == getpid() && !settle(p))
        wo__process_quit(code);
    /* Asked first, so that no code is left with a process that lives on. */
    if (settle(p) || wo__pid_signal(&p->id, 0) < 0)
        return -EACCES;
    note_code(p, code);
    return wo__pid_signal(&p->id, SIGKILL) < 0 ? -EACCES : 0;
}

void wo__process_quit(uint32_t code)
{
    wo__exit_record_store_own(code);
    _exit((int)(code & 0xff));
}

int wo__process_get_nice(struct wo__object *o, int *nice)
{
    struct process *p = process_of(o);
    return settle(p) ? -ESRCH : wo__pid_get_nice(&p->id, nice);
}

int wo__process_set_nice(struct wo__object *o, int nice)
{
    struct process *p = process_of(o);
    return settle(p) ? -ESRCH : wo__pid_set_nice(&p->id, nice);
}

static void leave_code(int status)
{
    wo__exit_record_store_own((uint32_t)status);
}

static bool exit_hooked;

/* For programs that return from main or call exit(): the hook runs after their own handlers. */
__attribute__((constructor)) static void hook_exit(void)
{
    exit_hooked = wo__self_on_exit(leave_code);
}

/* ---- Native face ---------------------------------------------------------------------------- */

uint32_t wo__process_access(uint32_t access)
{
    uint32_t mapped = wo__access_map(&wo__process_type, access);
    return mapped & WO__PROCESS_QUERY_INFORMATION ? mapped | WO__PROCESS_QUERY_LIMITED : mapped;
}

int wo_process_spawn(wo_handle *out, const struct wo_spawn *how)
{
    struct wo__object *o;
    if (!out)
        return -EINVAL;
    int rc = wo__process_start(how, &o);
    if (rc < 0)
        return rc;
    return wo__handle_new(o, WO__PROCESS_ALL_ACCESS, wo__handle_flags(how->flags), out);
}

int wo_process_open(wo_handle *out, int64_t pid, uint32_t access)
{
    struct wo__object *o;
    uint32_t rights = wo__process_access(access);
    if (!out)
        return -EINVAL;
    int rc = wo__process_find(pid, rights, &o);
    return rc < 0 ? rc : wo__handle_new(o, rights, 0, out);
}

int wo_process_resume(wo_handle h)
{
    struct wo__object *o;
    int rc = wo__handle_get(h, &wo__process_type, 0, &o);
    if (rc < 0)
        return rc;
    rc = wo__process_release(o);
    wo__object_release(o);
    return rc;
}

int wo_process_id(wo_handle h, int64_t *pid)
{
    struct wo__object *o;
    if (!pid)
        return -EINVAL;
    if (h == WO__CURRENT_PROCESS) {
        *pid = getpid();
        return 0;
    }
    int rc = wo__handle_get(h, &wo__process_type, WO__PROCESS_QUERY_LIMITED, &o);
    if (rc < 0)
        return rc;
    *pid = wo__process_pid(o);
    wo__object_release(o);
    return 0;
}

int wo_process_exit_code(wo_handle h, uint32_t *code)
{
    struct wo__object *o;
    if (!code)
        return -EINVAL;
    if (h == WO__CURRENT_PROCESS) {
        *code = WO_STILL_ACTIVE;
        return 0;
    }
    int rc = wo__handle_get(h, &wo__process_type, WO__PROCESS_QUERY_LIMITED, &o);
    if (rc < 0)
        return rc;
    rc = wo__process_code(o, code);
    wo__object_release(o);
    return rc;
}

int wo_process_terminate(wo_handle h, uint32_t code)
{
    struct wo__object *o;
    if (h == WO__CURRENT_PROCESS)
        wo__process_quit(code);
    int rc = wo__handle_get(h, &wo__process_type, WO__PROCESS_TERMINATE, &o);
    if (rc < 0)
        return rc;
    rc = wo__process_kill(o, code);
    wo__object_release(o);
    return rc;
}

/* exit() stands no second call: an exit handler that ends the process again ends it at once, and
 * another thread waits for the end that is under way. */
void wo_process_exit(uint32_t code)
{
    static atomic_flag exiting = ATOMIC_FLAG_INIT;
    static _Thread_local bool here;
    if (here)
        wo__process_quit(code);
    while (atomic_flag_test_and_set(&exiting))
        pause();
    here = true;
    if (!exit_hooked)
        wo__exit_record_store_own(code);
    exit((int)code);
}
