/* event.c: events in the Win32 face. */
#include "win32.h"

#include "event.h"

#include <errno.h>
#include <stdlib.h>

#include "handle.h"
#include "name.h"
#include "waitobj/event.h"

/* Names existing in both meanings: handle + ERROR_ALREADY_EXISTS; fresh ones set the error to 0. */
static HANDLE create(const SECURITY_ATTRIBUTES *sa, const char *name, DWORD flags, DWORD access)
{
    struct wo__object *o;
    wo_handle h;
    bool existed = false;
    int rc = wo__event_create(name, flags & CREATE_EVENT_MANUAL_RESET,
                              flags & CREATE_EVENT_INITIAL_SET, &o, &existed);
    if (rc == 0)
        rc = wo__handle_new(o, wo__access_map(&wo__event_type, access), win32_handle_flags(sa), &h);
    if (rc < 0) {
        win32_fail(rc);
        return NULL;
    }
    SetLastError(existed ? ERROR_ALREADY_EXISTS : ERROR_SUCCESS);
    return h;
}

static HANDLE create_checked(const SECURITY_ATTRIBUTES *sa, const char *name, DWORD flags,
                             DWORD access)
{
    if (flags & ~(DWORD)(CREATE_EVENT_MANUAL_RESET | CREATE_EVENT_INITIAL_SET)) {
        win32_fail_code(ERROR_INVALID_PARAMETER);
        return NULL;
    }
    return create(sa, name, flags, access);
}

HANDLE WINAPI CreateEventExA(LPSECURITY_ATTRIBUTES sa, LPCSTR name, DWORD flags, DWORD access)
{
    return win32_ansi_name_fits(name) ? create_checked(sa, name, flags, access) : NULL;
}

HANDLE WINAPI CreateEventExW(LPSECURITY_ATTRIBUTES sa, LPCWSTR name, DWORD flags, DWORD access)
{
    char *narrow;
    if (!win32_narrow(name, &narrow))
        return NULL;
    HANDLE h = create_checked(sa, narrow, flags, access);
    free(narrow);
    return h;
}

static DWORD flags_of(BOOL manual, BOOL initial)
{
    return (manual ? CREATE_EVENT_MANUAL_RESET : 0u) | (initial ? CREATE_EVENT_INITIAL_SET : 0u);
}

HANDLE WINAPI CreateEventA(LPSECURITY_ATTRIBUTES sa, BOOL manual, BOOL initial, LPCSTR name)
{
    return CreateEventExA(sa, name, flags_of(manual, initial), EVENT_ALL_ACCESS);
}

HANDLE WINAPI CreateEventW(LPSECURITY_ATTRIBUTES sa, BOOL manual, BOOL initial, LPCWSTR name)
{
    return CreateEventExW(sa, name, flags_of(manual, initial), EVENT_ALL_ACCESS);
}

static HANDLE open_named(DWORD access, BOOL inherit, const char *name)
{
    struct wo__object *o;
    wo_handle h;
    /* An empty name is the root of the name space: not an event. */
    int rc = !name ? -EINVAL : !*name ? -EBADF : wo__dispatcher_open(&wo__event_type, name, &o);
    if (rc == 0)
        rc = wo__handle_new(o, wo__access_map(&wo__event_type, access),
                            inherit ? WO__HANDLE_INHERIT : 0, &h);
    if (rc == 0)
        return h;
    win32_fail(rc);
    return NULL;
}

HANDLE WINAPI OpenEventA(DWORD access, BOOL inherit, LPCSTR name)
{
    return win32_ansi_name_fits(name) ? open_named(access, inherit, name) : NULL;
}

HANDLE WINAPI OpenEventW(DWORD access, BOOL inherit, LPCWSTR name)
{
    char *narrow;
    if (!win32_narrow(name, &narrow))
        return NULL;
    HANDLE h = open_named(access, inherit, narrow);
    free(narrow);
    return h;
}

BOOL WINAPI SetEvent(HANDLE event)
{
    return win32_result(wo_event_set(event));
}

BOOL WINAPI ResetEvent(HANDLE event)
{
    return win32_result(wo_event_reset(event));
}

BOOL WINAPI PulseEvent(HANDLE event)
{
    return win32_result(wo_event_pulse(event));
}
