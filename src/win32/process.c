/* process.c: processes in the Win32 face, but for CreateProcess (spawn.c): opening, asking, ending,
 * priority, and what a process knows of itself.
 *
 * Text that is handed out by pointer is made once and never changes. */
#include "win32.h"

#include <errno.h>
#include <limits.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmdline.h"
#include "handle.h"
#include "platform/process.h"
#include "src/process.h"

/* ---- Opening, asking, ending ---------------------------------------------------------------- */

HANDLE WINAPI OpenProcess(DWORD access, BOOL inherit, DWORD pid)
{
    struct wo__object *o;
    wo_handle h;
    uint32_t rights = wo__process_access(access);
    int rc = wo__process_find(pid, rights, &o);
    if (rc == 0)
        rc = wo__handle_new(o, rights, inherit ? WO__HANDLE_INHERIT : 0, &h);
    if (rc == 0)
        return h;
    win32_fail(rc);
    return NULL;
}

BOOL WINAPI TerminateProcess(HANDLE process, UINT code)
{
    return win32_result(wo_process_terminate(process, code));
}

BOOL WINAPI GetExitCodeProcess(HANDLE process, LPDWORD code)
{
    uint32_t found;
    int rc = wo_process_exit_code(process, &found);
    if (rc < 0)
        return win32_fail(rc);
    if (!code)
        return win32_fail_code(ERROR_NOACCESS);
    *code = found;
    return TRUE;
}

void WINAPI ExitProcess(UINT code)
{
    wo_process_exit(code);
}

HANDLE WINAPI GetCurrentProcess(void)
{
    return WO__CURRENT_PROCESS;
}

DWORD WINAPI GetCurrentProcessId(void)
{
    return (DWORD)getpid();
}

DWORD WINAPI GetProcessId(HANDLE process)
{
    int64_t pid;
    int rc = wo_process_id(process, &pid);
    return rc < 0 ? (DWORD)win32_fail(rc) : (DWORD)pid;
}

/* ---- Priority ------------------------------------------------------------------------------- */

struct priority {
    DWORD priority_class;
    int nice;
};

/* From the lowest to the highest. */
static const struct priority priorities[] = {
    {IDLE_PRIORITY_CLASS, 19},        {BELOW_NORMAL_PRIORITY_CLASS, 10},
    {NORMAL_PRIORITY_CLASS, 0},       {ABOVE_NORMAL_PRIORITY_CLASS, -5},
    {HIGH_PRIORITY_CLASS, -10},       {REALTIME_PRIORITY_CLASS, -20},
};
enum { PRIORITIES = sizeof priorities / sizeof priorities[0] };

int win32_priority_nice(DWORD flags)
{
    for (int i = 0; i < PRIORITIES; i++) {
        if (flags & priorities[i].priority_class)
            return priorities[i].nice;
    }
    return 0;
}

/* A nice value in between counts as the class nearer to normal. */
static DWORD class_of(int nice)
{
    for (int i = 0; i < PRIORITIES; i++) {
        if (nice >= priorities[i].nice && (nice >= 0 || nice == priorities[i].nice))
            return priorities[i].priority_class;
    }
    return REALTIME_PRIORITY_CLASS;
}

/* The object of a process handle with one of these rights, the calling process's own included. */
static int process_object(HANDLE h, uint32_t rights, struct wo__object **out)
{
    uint32_t has;
    if (h == WO__CURRENT_PROCESS)
        return wo__process_find(getpid(), 0, out);
    int rc = wo__handle_get_access(h, &wo__process_type, out, &has);
    if (rc == 0 && !(has & rights)) {
        wo__object_release(*out);
        return -EACCES;
    }
    return rc;
}

DWORD WINAPI GetPriorityClass(HANDLE process)
{
    struct wo__object *o;
    int nice = 0, rc = process_object(process, WO__PROCESS_QUERY_LIMITED, &o);
    if (rc < 0)
        return (DWORD)win32_fail(rc);
    rc = wo__process_get_nice(o, &nice);
    wo__object_release(o);
    /* Windows still tells it after the end; the system here has forgotten. */
    if (rc == -ESRCH)
        return NORMAL_PRIORITY_CLASS;
    return rc < 0 ? (DWORD)win32_fail(rc) : class_of(nice);
}

BOOL WINAPI SetPriorityClass(HANDLE process, DWORD priority_class)
{
    struct wo__object *o;
    int i = 0;
    while (i < PRIORITIES && priorities[i].priority_class != priority_class)
        i++;
    int rc = process_object(process, WO__PROCESS_SET_INFORMATION, &o);
    if (rc < 0)
        return win32_fail(rc);
    rc = i < PRIORITIES ? wo__process_set_nice(o, priorities[i].nice) : -EINVAL;
    wo__object_release(o);
    return win32_result(rc == -ESRCH ? 0 : rc);
}

/* ---- This process --------------------------------------------------------------------------- */

static pthread_once_t self_once = PTHREAD_ONCE_INIT;
static char empty_text[1];
static WCHAR empty_wide[1];
static struct {
    char *line, *title;
    WCHAR *wide_line, *wide_title;
} self = {empty_text, empty_text, empty_wide, empty_wide};

/* The strings of a block, one after the other, as one line. */
static char *line_of(const char *data, size_t size)
{
    size_t count = 0;
    const char **arguments = malloc((size + 1) * sizeof *arguments);
    if (!arguments)
        return NULL;
    for (const char *s = data; s < data + size; s += strlen(s) + 1)
        arguments[count++] = s;
    char *line = wo__cmdline_join(arguments, count);
    free(arguments);
    return line;
}

static char *own_line(const char *program)
{
    char *data;
    size_t size;
    if (wo__self_arguments(&data, &size) < 0)
        return wo__cmdline_join(&program, 1);
    char *line = line_of(data, size);
    free(data);
    return line;
}

static void learn_self(void)
{
    char path[PATH_MAX] = "";
    DWORD before = GetLastError();
    (void)wo__self_program(path, sizeof path);
    char *line = own_line(path), *title = strdup(path);
    if (line && title) {
        WCHAR *wide_line = win32_widen(line), *wide_title = win32_widen(title);
        self.line = line;
        self.title = title;
        self.wide_line = wide_line ? wide_line : empty_wide;
        self.wide_title = wide_title ? wide_title : empty_wide;
    }
    SetLastError(before);
}

LPSTR WINAPI GetCommandLineA(void)
{
    pthread_once(&self_once, learn_self);
    return self.line;
}

LPWSTR WINAPI GetCommandLineW(void)
{
    pthread_once(&self_once, learn_self);
    return self.wide_line;
}

/* What the parent passed in its STARTUPINFO does not reach us; this is what a program started
 * without any sees. */
void WINAPI GetStartupInfoA(LPSTARTUPINFOA info)
{
    pthread_once(&self_once, learn_self);
    *info = (STARTUPINFOA){.cb = sizeof *info,
                           .lpDesktop = empty_text,
                           .lpTitle = self.title,
                           .wShowWindow = SW_SHOWNORMAL};
}

void WINAPI GetStartupInfoW(LPSTARTUPINFOW info)
{
    pthread_once(&self_once, learn_self);
    *info = (STARTUPINFOW){.cb = sizeof *info,
                           .lpDesktop = empty_wide,
                           .lpTitle = self.wide_title,
                           .wShowWindow = SW_SHOWNORMAL};
}
