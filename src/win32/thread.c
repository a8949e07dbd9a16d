/* thread.c: threads in the Win32 face.
 *
 * Every thread that is asked about itself has a `struct self`: number, exit code, and its object
 * once somebody needs one. A thread-specific key's destructor signals the object however the
 * thread ends: by return, ExitThread, pthread_exit or cancellation.
 *
 * A suspended new thread waits for an event of its own; `suspended` lists those, guarded by
 * win32_lock.
 */
#include "win32.h"

#include <errno.h>
#include <limits.h>
#include <process.h>
#include <pthread.h>
#include <sched.h>
#include <stdlib.h>
#include <unistd.h>

#include "event.h"
#include "handle.h"
#include "platform.h"
#include "src/process.h"
#include "threadobj.h"
#include "wait.h"

struct self {
    struct wo__object *object; /* NULL: nobody has asked yet */
    uint32_t id;
    uint32_t code;
    HANDLE close_at_end; /* _beginthread's handle; NULL */
};

/* What a new thread starts with; it frees this itself. */
struct start {
    LPTHREAD_START_ROUTINE routine; /* one of the three */
    unsigned (*routine_ex)(void *);
    void (*routine_plain)(void *);
    void *argument;
    struct self *self;
    struct wo__object *go; /* NULL: start at once; else wait for this event */
};

struct suspended {
    struct suspended *next;
    struct wo__object *thread, *go;
};

static struct suspended *suspended;
static pthread_once_t once = PTHREAD_ONCE_INIT;
static pthread_key_t key;
static bool key_ready;
static _Atomic uint32_t numbers;
static _Thread_local struct self *current;
static pthread_t main_thread;

/* The library is loaded by the main thread; its number is the process's, as dwThreadId says. */
__attribute__((constructor)) static void note_main_thread(void)
{
    main_thread = pthread_self();
}

static bool is_main(void)
{
    return pthread_equal(pthread_self(), main_thread);
}

static uint32_t new_number(void)
{
    return (uint32_t)getpid() + 4 * (atomic_fetch_add(&numbers, 1) + 1);
}

static void self_end(void *p)
{
    struct self *s = p;
    if (s->object) {
        (void)wo__threadobj_end(s->object, s->code);
        wo__object_release(s->object);
    }
    if (s->close_at_end)
        (void)wo__handle_close(s->close_at_end);
    current = NULL;
    free(s);
}

static void make_key(void)
{
    key_ready = pthread_key_create(&key, self_end) == 0;
}

static int adopt(struct self *s)
{
    pthread_once(&once, make_key);
    if (!key_ready || pthread_setspecific(key, s) != 0)
        return -ENOMEM;
    current = s;
    return 0;
}

/* The calling thread's record, made at the first question; NULL: no memory. */
static struct self *get_self(void)
{
    if (current)
        return current;
    struct self *s = calloc(1, sizeof *s);
    if (!s)
        return NULL;
    s->id = is_main() ? (uint32_t)getpid() : new_number();
    if (adopt(s) == 0)
        return s;
    free(s);
    return NULL;
}

int win32_thread_open_self(uint32_t access, uint32_t flags, wo_handle *out)
{
    struct self *s = get_self();
    if (!s)
        return -ENOMEM;
    int rc = s->object ? 0 : wo__threadobj_new(s->id, &s->object);
    if (rc < 0)
        return rc;
    wo__object_ref(s->object);
    return wo__handle_new(s->object, wo__access_map(&wo__local_thread_type, access), flags, out);
}

/* ---- Starting ------------------------------------------------------------------------------- */

static uint32_t run(const struct start *s)
{
    if (s->routine)
        return s->routine(s->argument);
    if (s->routine_ex)
        return s->routine_ex(s->argument);
    s->routine_plain(s->argument);
    return 0;
}

static void *thread_main(void *p)
{
    struct start start = *(struct start *)p;
    free(p);
    if (start.go) {
        (void)wo__wait(&start.go, 1, false, WO__NEVER, NULL);
        wo__object_release(start.go);
    }
    if (adopt(start.self) < 0) {
        self_end(start.self); /* nothing would tell of its end later */
        return NULL;
    }
    uint32_t code = run(&start);
    current->code = code;
    return NULL;
}

/* A stack at least as large as asked for; a small number is the commit size, not a limit. */
static void set_stack(pthread_attr_t *attributes, size_t size, bool exact)
{
    size_t normal;
    if (size == 0 || pthread_attr_getstacksize(attributes, &normal) != 0)
        return;
    size_t page = (size_t)sysconf(_SC_PAGESIZE), least = 65536;
    size = size > SIZE_MAX - page ? size : (size + page - 1) / page * page;
    if (exact && size < least)
        size = least;
    if (exact || size > normal)
        (void)pthread_attr_setstacksize(attributes, size);
}

static int launch(struct start *start, size_t stack, bool exact)
{
    pthread_attr_t attributes;
    pthread_t thread;
    if (pthread_attr_init(&attributes) != 0)
        return -ENOMEM;
    (void)pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    set_stack(&attributes, stack, exact);
    int rc = -pthread_create(&thread, &attributes, thread_main, start);
    (void)pthread_attr_destroy(&attributes);
    return rc == -EAGAIN ? -ENOMEM : rc;
}

/* Makes the thread wait for ResumeThread. */
static int suspend_start(struct start *start)
{
    struct suspended *s = calloc(1, sizeof *s);
    if (!s)
        return -ENOMEM;
    int rc = wo__event_create(NULL, true, false, &start->go, NULL);
    if (rc < 0) {
        free(s);
        return rc;
    }
    s->thread = start->self->object;
    s->go = start->go;
    wo__object_ref(s->thread);
    wo__object_ref(s->go);
    win32_lock();
    s->next = suspended;
    suspended = s;
    win32_unlock();
    return 0;
}

static struct suspended *take_suspended(const struct wo__object *thread)
{
    win32_lock();
    struct suspended **at = &suspended;
    while (*at && (*at)->thread != thread)
        at = &(*at)->next;
    struct suspended *s = *at;
    if (s)
        *at = s->next;
    win32_unlock();
    return s;
}

/* True when the thread was waiting to be started. */
static bool resume(const struct wo__object *thread)
{
    struct suspended *s = take_suspended(thread);
    if (!s)
        return false;
    (void)wo__event_set(s->go);
    wo__object_release(s->go);
    wo__object_release(s->thread);
    free(s);
    return true;
}

static struct start *new_start(void)
{
    struct start *s = calloc(1, sizeof *s);
    struct self *self = s ? calloc(1, sizeof *self) : NULL;
    if (!self) {
        free(s);
        return NULL;
    }
    self->id = new_number();
    s->self = self;
    return s;
}

/* Takes back what a thread that never came to be would have owned. */
static void drop_start(struct start *start)
{
    struct suspended *s = start->go ? take_suspended(start->self->object) : NULL;
    if (s) {
        wo__object_release(s->go);
        wo__object_release(s->thread);
        free(s);
    }
    if (start->go)
        wo__object_release(start->go);
    if (start->self->object)
        wo__object_release(start->self->object);
    free(start->self);
    free(start);
}

struct how {
    const SECURITY_ATTRIBUTES *sa;
    size_t stack;
    DWORD flags;
    bool close_at_end;
};

/* Starts the thread; 0, its handle and number, or a negative errno with everything undone. */
static int create(struct start *start, const struct how *how, wo_handle *out, uint32_t *id)
{
    bool is_suspended = how->flags & CREATE_SUSPENDED;
    *id = start->self->id;
    int rc = wo__threadobj_new(start->self->id, &start->self->object);
    if (rc == 0) {
        wo__object_ref(start->self->object);
        rc = wo__handle_new(start->self->object, THREAD_ALL_ACCESS, win32_handle_flags(how->sa),
                            out);
    }
    if (rc < 0) {
        drop_start(start);
        return rc;
    }
    start->self->close_at_end = how->close_at_end ? *out : NULL;
    if (is_suspended)
        rc = suspend_start(start);
    if (rc == 0)
        rc = launch(start, how->stack, how->flags & STACK_SIZE_PARAM_IS_A_RESERVATION);
    if (rc < 0) {
        (void)wo__handle_close(*out);
        drop_start(start);
    }
    return rc;
}

HANDLE WINAPI CreateThread(LPSECURITY_ATTRIBUTES sa, SIZE_T stack, LPTHREAD_START_ROUTINE routine,
                           LPVOID argument, DWORD flags, LPDWORD id)
{
    wo_handle h = NULL;
    uint32_t number;
    struct how how = {sa, stack, flags, false};
    struct start *start = routine ? new_start() : NULL;
    int rc = !routine ? -EINVAL : -ENOMEM;
    if (start) {
        start->routine = routine;
        start->argument = argument;
        rc = create(start, &how, &h, &number);
    }
    if (rc < 0) {
        win32_fail(rc);
        return NULL;
    }
    if (id)
        *id = number;
    return h;
}

/* ---- The C runtime's way -------------------------------------------------------------------- */

static uintptr_t begin(struct start *start, const struct how *how, uint32_t *id)
{
    wo_handle h;
    int rc = start ? create(start, how, &h, id) : -ENOMEM;
    if (rc == 0)
        return (uintptr_t)h;
    win32_fail(rc);
    errno = -rc;
    return 0;
}

uintptr_t _beginthreadex(void *sa, unsigned stack, unsigned (*routine)(void *), void *argument,
                         unsigned flags, unsigned *id)
{
    struct how how = {sa, stack, flags, false};
    uint32_t number;
    if (!routine) {
        errno = EINVAL;
        return 0;
    }
    struct start *start = new_start();
    if (start) {
        start->routine_ex = routine;
        start->argument = argument;
    }
    uintptr_t h = begin(start, &how, &number);
    if (h && id)
        *id = number;
    return h;
}

/* Its handle closes itself when the thread ends. */
uintptr_t _beginthread(void (*routine)(void *), unsigned stack, void *argument)
{
    struct how how = {NULL, stack, 0, true};
    uint32_t number;
    if (!routine) {
        errno = EINVAL;
        return (uintptr_t)-1;
    }
    struct start *start = new_start();
    if (start) {
        start->routine_plain = routine;
        start->argument = argument;
    }
    uintptr_t h = begin(start, &how, &number);
    return h ? h : (uintptr_t)-1;
}

/* ---- Ending --------------------------------------------------------------------------------- */

/* In the main thread: the process goes on until its other threads have ended. */
VOID WINAPI ExitThread(DWORD code)
{
    struct self *s = get_self();
    if (s)
        s->code = code;
    pthread_exit(NULL);
}

void _endthreadex(unsigned code)
{
    ExitThread(code);
}

void _endthread(void)
{
    ExitThread(0);
}

/* ---- Asking --------------------------------------------------------------------------------- */

HANDLE WINAPI GetCurrentThread(void)
{
    return WO__CURRENT_THREAD;
}

DWORD WINAPI GetCurrentThreadId(void)
{
    if (is_main())
        return (DWORD)getpid();
    const struct self *s = get_self();
    return s ? s->id : 0;
}

BOOL WINAPI SwitchToThread(void)
{
    return sched_yield() == 0;
}

/* The object of a thread handle with any of these rights. */
static int get_thread(HANDLE h, uint32_t rights, struct wo__object **out)
{
    uint32_t access;
    int rc = wo__handle_get_access(h, NULL, out, &access);
    if (rc < 0)
        return rc;
    if ((*out)->type != &wo__local_thread_type && (*out)->type != &wo__thread_type)
        rc = -EBADF;
    else if (!(access & rights))
        rc = -EACCES;
    if (rc < 0)
        wo__object_release(*out);
    return rc;
}

enum { QUERY = THREAD_QUERY_INFORMATION | THREAD_QUERY_LIMITED_INFORMATION };

BOOL WINAPI GetExitCodeThread(HANDLE thread, LPDWORD code)
{
    struct wo__object *o;
    uint32_t value = STILL_ACTIVE;
    int rc = 0;
    if (thread != WO__CURRENT_THREAD) {
        rc = get_thread(thread, QUERY, &o);
        if (rc < 0)
            return win32_fail(rc);
        if (o->type == &wo__thread_type)
            rc = wo__process_code(wo__thread_process(o), &value);
        else
            rc = wo__threadobj_code(o, &value);
        wo__object_release(o);
    }
    if (rc == 0 && code)
        *code = value;
    return win32_result(rc);
}

DWORD WINAPI GetThreadId(HANDLE thread)
{
    struct wo__object *o;
    uint32_t id = 0;
    if (thread == WO__CURRENT_THREAD)
        return GetCurrentThreadId();
    int rc = get_thread(thread, QUERY, &o);
    if (rc == 0) {
        if (o->type == &wo__thread_type)
            id = (uint32_t)wo__process_pid(wo__thread_process(o));
        else
            rc = wo__threadobj_id(o, &id);
        wo__object_release(o);
    }
    if (rc < 0)
        win32_fail(rc);
    return id;
}

/* The suspend count before: 1 for a thread that was created suspended, else 0. */
DWORD WINAPI ResumeThread(HANDLE thread)
{
    struct wo__object *o;
    DWORD before = 0;
    if (thread == WO__CURRENT_THREAD)
        return 0;
    int rc = get_thread(thread, THREAD_SUSPEND_RESUME, &o);
    if (rc < 0) {
        win32_fail(rc);
        return (DWORD)-1;
    }
    if (o->type == &wo__local_thread_type) {
        before = resume(o);
    } else {
        rc = wo__process_release(wo__thread_process(o));
        before = rc == 0;
    }
    wo__object_release(o);
    return before;
}
