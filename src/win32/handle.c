/* handle.c: closing, duplicating and asking about handles.
 *
 * Pseudo handles: -1 is this process, -2 the calling thread; -3 to -6 are Windows' pseudo tokens,
 * of which only CloseHandle knows. */
#include "win32.h"

#include <errno.h>
#include <unistd.h>

#include "handle.h"
#include "src/process.h"

uint32_t win32_handle_flags(const SECURITY_ATTRIBUTES *sa)
{
    return sa && sa->bInheritHandle ? WO__HANDLE_INHERIT : 0;
}

static bool is_pseudo(HANDLE h)
{
    return (intptr_t)h < 0 && (intptr_t)h >= -6;
}

BOOL WINAPI CloseHandle(HANDLE object)
{
    int rc = is_pseudo(object) ? 0 : wo__handle_close(object);
    /* A protected handle is told from a bad one by a debugger only. */
    return rc == -EPERM ? win32_fail_code(ERROR_INVALID_HANDLE) : win32_result(rc);
}

BOOL WINAPI GetHandleInformation(HANDLE object, LPDWORD flags)
{
    uint32_t has = 0;
    int rc = is_pseudo(object) ? 0 : wo__handle_get_flags(object, &has);
    if (rc < 0)
        return win32_fail(rc);
    if (!flags)
        return win32_fail_code(ERROR_NOACCESS);
    *flags = (has & WO__HANDLE_INHERIT ? HANDLE_FLAG_INHERIT : 0u) |
             (has & WO__HANDLE_PROTECT ? HANDLE_FLAG_PROTECT_FROM_CLOSE : 0u);
    return TRUE;
}

static uint32_t flags_of(DWORD win32)
{
    return (win32 & HANDLE_FLAG_INHERIT ? (uint32_t)WO__HANDLE_INHERIT : 0u) |
           (win32 & HANDLE_FLAG_PROTECT_FROM_CLOSE ? (uint32_t)WO__HANDLE_PROTECT : 0u);
}

BOOL WINAPI SetHandleInformation(HANDLE object, DWORD mask, DWORD flags)
{
    if (is_pseudo(object))
        return win32_fail_code(ERROR_ACCESS_DENIED);
    return win32_result(wo__handle_set_flags(object, flags_of(mask), flags_of(flags)));
}

/* 0 when the handle means this process; -ENOTSUP: another one; -EBADF: no process. */
static int check_this_process(HANDLE h)
{
    struct wo__object *o;
    uint32_t access;
    if (h == WO__CURRENT_PROCESS)
        return 0;
    int rc = wo__handle_get_access(h, &wo__process_type, &o, &access);
    if (rc < 0)
        return rc;
    pid_t pid = wo__process_pid(o);
    wo__object_release(o);
    return pid == getpid() ? 0 : -ENOTSUP;
}

static int duplicate_pseudo(HANDLE source, uint32_t access, uint32_t flags, wo_handle *out)
{
    if (source == WO__CURRENT_THREAD)
        return win32_thread_open_self(access, flags, out);
    int rc = wo_process_open(out, getpid(), access);
    return rc < 0 ? rc : wo__handle_set_flags(*out, flags, flags);
}

static int duplicate(HANDLE source, DWORD access, DWORD options, uint32_t flags, wo_handle *out)
{
    bool same = options & DUPLICATE_SAME_ACCESS;
    if (source == WO__CURRENT_PROCESS || source == WO__CURRENT_THREAD)
        return duplicate_pseudo(source, same ? GENERIC_ALL : access, flags, out);
    return wo__handle_duplicate(source, access, same, flags, out);
}

/* Duplicates into *out; nothing is wanted when the call is only meant to close the source. */
static int duplicate_between(HANDLE source, HANDLE target_process, DWORD access, DWORD options,
                             uint32_t flags, wo_handle *out)
{
    if (!target_process && options & DUPLICATE_CLOSE_SOURCE)
        return 0;
    int rc = check_this_process(target_process);
    return rc < 0 ? rc : duplicate(source, access, options, flags, out);
}

/* Within this process. Handles of other processes: ERROR_NOT_SUPPORTED, see CAVEATS.md. */
BOOL WINAPI DuplicateHandle(HANDLE source_process, HANDLE source, HANDLE target_process,
                            LPHANDLE target, DWORD access, BOOL inherit, DWORD options)
{
    wo_handle h = NULL;
    int rc = check_this_process(source_process);
    if (rc < 0)
        return win32_fail(rc);
    rc = duplicate_between(source, target_process, access, options,
                           inherit ? WO__HANDLE_INHERIT : 0, &h);
    /* The source is closed even when the rest has failed. */
    if (options & DUPLICATE_CLOSE_SOURCE) {
        int closed = is_pseudo(source) ? 0 : wo__handle_close(source);
        rc = rc < 0 || closed == -EPERM ? rc : closed;
    }
    if (rc < 0)
        return win32_fail(rc);
    if (target)
        *target = h;
    return TRUE;
}

/* What a handle leads to, with a reference. */
static int object_of(HANDLE h, struct wo__object **out)
{
    uint32_t access;
    wo_handle real;
    if (h != WO__CURRENT_PROCESS && h != WO__CURRENT_THREAD)
        return wo__handle_get_access(h, NULL, out, &access);
    int rc = duplicate_pseudo(h, GENERIC_ALL, 0, &real);
    if (rc < 0)
        return rc;
    rc = wo__handle_get_access(real, NULL, out, &access);
    (void)wo__handle_close(real);
    return rc;
}

static bool same_object(const struct wo__object *a, const struct wo__object *b)
{
    if (a == b)
        return true;
    if (a->type == &wo__process_type && b->type == &wo__process_type)
        return wo__process_pid(a) == wo__process_pid(b);
    return a->type == b->type && a->type->ready_at && a->arena == b->arena && a->cell == b->cell;
}

BOOL WINAPI CompareObjectHandles(HANDLE first, HANDLE second)
{
    struct wo__object *a, *b;
    int rc = object_of(first, &a);
    if (rc < 0)
        return win32_fail(rc);
    rc = object_of(second, &b);
    if (rc < 0) {
        wo__object_release(a);
        return win32_fail(rc);
    }
    bool same = same_object(a, b);
    wo__object_release(a);
    wo__object_release(b);
    return same ? TRUE : win32_fail_code(ERROR_NOT_SAME_OBJECT);
}
