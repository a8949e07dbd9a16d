/* mailslot.c: mailslots in the Win32 face. Reading and writing is ReadFile and WriteFile. */
#include "win32.h"

#include <errno.h>
#include <stdlib.h>

#include "handle.h"
#include "mailslot.h"

static HANDLE none(int rc)
{
    win32_fail(rc);
    return INVALID_HANDLE_VALUE;
}

HANDLE WINAPI CreateMailslotA(LPCSTR name, DWORD max_message, DWORD timeout,
                              LPSECURITY_ATTRIBUTES sa)
{
    wo_handle h;
    struct wo_mailslot_options options = {
        .max_message = max_message,
        .read_timeout_ns = win32_timeout_ns(timeout),
        .flags = win32_handle_flags(sa) & WO__HANDLE_INHERIT ? WO_INHERIT : 0,
    };
    int rc = wo_mailslot_create(&h, name, &options);
    return rc == 0 ? h : none(rc);
}

HANDLE WINAPI CreateMailslotW(LPCWSTR name, DWORD max_message, DWORD timeout,
                              LPSECURITY_ATTRIBUTES sa)
{
    char *narrow;
    if (!win32_narrow(name, &narrow))
        return INVALID_HANDLE_VALUE;
    HANDLE h = CreateMailslotA(narrow, max_message, timeout, sa);
    free(narrow);
    return h;
}

HANDLE win32_mailslot_client(const char *name, DWORD access, DWORD disposition, uint32_t flags)
{
    struct wo__object *o;
    wo_handle h;
    if (disposition != OPEN_EXISTING)
        return none(-EINVAL);
    int rc = wo__mailslot_open(name, &o);
    if (rc == 0)
        rc = wo__handle_new(o, wo__access_map(o->type, access), flags, &h);
    if (rc < 0)
        return none(rc);
    SetLastError(ERROR_SUCCESS);
    return h;
}

/* A timeout of the core as Windows counts it, rounded up. */
static DWORD timeout_ms(int64_t ns)
{
    if (ns < 0)
        return MAILSLOT_WAIT_FOREVER;
    uint64_t ms = ((uint64_t)ns + 999999) / 1000000;
    return ms >= MAILSLOT_WAIT_FOREVER ? MAILSLOT_WAIT_FOREVER - 1 : (DWORD)ms;
}

static void give(DWORD *out, DWORD value)
{
    if (out)
        *out = value;
}

/* A client's handle is none here: it knows nothing about the mailslot. */
BOOL WINAPI GetMailslotInfo(HANDLE mailslot, LPDWORD max_message, LPDWORD next_size, LPDWORD count,
                            LPDWORD timeout)
{
    struct wo__object *o;
    struct wo_mailslot_info info;
    int rc = wo__handle_get(mailslot, &wo__mailslot_type, 0, &o);
    if (rc < 0)
        return win32_fail(rc);
    rc = wo__mailslot_info(o, &info);
    wo__object_release(o);
    if (rc < 0)
        return win32_fail(rc);
    give(max_message, info.max_message);
    give(next_size, info.next_size < 0 ? MAILSLOT_NO_MESSAGE : (DWORD)info.next_size);
    give(count, info.count > MAXDWORD ? MAXDWORD : (DWORD)info.count);
    give(timeout, timeout_ms(info.read_timeout_ns));
    return TRUE;
}

BOOL WINAPI SetMailslotInfo(HANDLE mailslot, DWORD timeout)
{
    struct wo__object *o;
    int rc = wo__handle_get(mailslot, &wo__mailslot_type, 0, &o);
    if (rc < 0)
        return win32_fail(rc);
    rc = wo__mailslot_set_timeout(o, win32_timeout_ns(timeout));
    wo__object_release(o);
    return win32_result(rc);
}
