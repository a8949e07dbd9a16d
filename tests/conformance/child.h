/* child.h: names of objects, and the test program as its own child process.
 *
 * The first argument of a child is its role. Names carry the process id of the parent, so that
 * tests that run at the same time do not meet.
 */
#ifndef CONFORMANCE_CHILD_H
#define CONFORMANCE_CHILD_H

#include "check.h"
#include <tchar.h>

#ifndef CONF_NAME
#define CONF_NAME 300
#endif

/* PREFIX<pid>-NAME in `out`. */
static CHECK_UNUSED TCHAR *make_name(TCHAR *out, const char *prefix, const char *name)
{
    wsprintf(out, TEXT("%hs%lu-%hs"), prefix, (unsigned long)GetCurrentProcessId(), name);
    return out;
}

/* An argument of the command line as a TCHAR string. */
static CHECK_UNUSED TCHAR *to_tchar(TCHAR *out, const char *text)
{
    wsprintf(out, TEXT("%hs"), text);
    return out;
}

static CHECK_UNUSED void to_char(char *out, const TCHAR *text)
{
    while ((*out++ = (char)*text++) != 0)
        ;
}

/* Starts this program with the arguments `role`; 1 if it worked. */
static CHECK_UNUSED int start_self(PROCESS_INFORMATION *child, const char *role, BOOL inherit,
                                   DWORD flags)
{
    STARTUPINFOA startup;
    char self[MAX_PATH * 2], line[4096];
    ZeroMemory(&startup, sizeof startup);
    startup.cb = sizeof startup;
    GetModuleFileNameA(NULL, self, sizeof self);
    sprintf(line, "\"%s\" %s", self, role);
    if (CreateProcessA(NULL, line, NULL, NULL, inherit, flags, NULL, NULL, &startup, child))
        return 1;
    printf("cannot start %s: error %lu\n", line, (unsigned long)GetLastError());
    check_failed++;
    return 0;
}

/* Waits for the child and gives its exit code; a child that does not end is ended. */
static CHECK_UNUSED DWORD finish(PROCESS_INFORMATION *child)
{
    DWORD code = 0;
    if (WaitForSingleObject(child->hProcess, LONG_TIME) != WAIT_OBJECT_0) {
        printf("the child does not end\n");
        check_failed++;
        TerminateProcess(child->hProcess, 0xBAD);
        WaitForSingleObject(child->hProcess, LONG_TIME);
    }
    GetExitCodeProcess(child->hProcess, &code);
    CloseHandle(child->hThread);
    CloseHandle(child->hProcess);
    return code;
}

static CHECK_UNUSED DWORD run_self(const char *role, BOOL inherit)
{
    PROCESS_INFORMATION child;
    if (!start_self(&child, role, inherit, 0))
        return 0xBAD;
    return finish(&child);
}

#endif
