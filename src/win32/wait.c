/* wait.c: waits in the Win32 face: argument checks and timeouts in ms; the core decides the rest.
 *
 * Waits that succeed or time out leave the last error alone. */
#include "win32.h"

#include "wait.h"

#include <errno.h>

#include "handle.h"
#include "pending.h"
#include "platform.h"

enum { MS = 1000000 };

uint64_t win32_deadline(DWORD ms)
{
    if (ms == 0)
        return 0;
    return ms == INFINITE ? WO__NEVER : wo__clock_now() + (uint64_t)ms * MS;
}

int64_t win32_timeout_ns(DWORD ms)
{
    return ms == INFINITE ? -1 : (int64_t)ms * MS;
}

static DWORD failed(int rc)
{
    /* What cannot be waited on is to Windows no handle at all. */
    win32_fail(rc == -ENOTSUP ? -EBADF : rc);
    return WAIT_FAILED;
}

static void sleep_until(uint64_t deadline)
{
    (void)wo__poll(NULL, 0, deadline);
}

static void release(struct wo__object **objects, DWORD count)
{
    while (count > 0)
        wo__object_release(objects[--count]);
}

static int collect(const HANDLE *handles, DWORD count, struct wo__object **objects)
{
    for (DWORD i = 0; i < count; i++) {
        int rc = wo__handle_get(handles[i], NULL, SYNCHRONIZE, &objects[i]);
        if (rc < 0) {
            release(objects, i);
            return rc;
        }
    }
    return 0;
}

static DWORD wait_objects(struct wo__object **objects, DWORD count, bool all, DWORD ms)
{
    size_t index = 0;
    int rc = wo__wait(objects, count, all, win32_deadline(ms), &index);
    if (rc == -ETIMEDOUT)
        return WAIT_TIMEOUT;
    if (rc < 0)
        return failed(rc);
    /* A mailslot with a read under way: the message that ended the wait belongs to that read. */
    wo__pending_run_source(objects[index]);
    return WAIT_OBJECT_0 + (DWORD)index;
}

DWORD WINAPI WaitForSingleObjectEx(HANDLE handle, DWORD ms, BOOL alertable)
{
    struct wo__object *o;
    (void)
        alertable; /* nothing queues calls to a thread yet, so there is nothing to be alerted by */
    if (handle == WO__CURRENT_PROCESS || handle == WO__CURRENT_THREAD) {
        sleep_until(win32_deadline(ms)); /* neither ends while it waits */
        return WAIT_TIMEOUT;
    }
    int rc = collect(&handle, 1, &o);
    if (rc < 0)
        return failed(rc);
    DWORD result = wait_objects(&o, 1, false, ms);
    wo__object_release(o);
    return result;
}

DWORD WINAPI WaitForSingleObject(HANDLE handle, DWORD ms)
{
    return WaitForSingleObjectEx(handle, ms, FALSE);
}

DWORD WINAPI WaitForMultipleObjectsEx(DWORD count, const HANDLE *handles, BOOL all, DWORD ms,
                                      BOOL alertable)
{
    struct wo__object *objects[MAXIMUM_WAIT_OBJECTS];
    (void)alertable;
    if (count == 0 || count > MAXIMUM_WAIT_OBJECTS || !handles)
        return failed(-EINVAL);
    int rc = collect(handles, count, objects);
    if (rc < 0)
        return failed(rc);
    DWORD result = wait_objects(objects, count, all, ms);
    release(objects, count);
    return result;
}

DWORD WINAPI WaitForMultipleObjects(DWORD count, const HANDLE *handles, BOOL all, DWORD ms)
{
    return WaitForMultipleObjectsEx(count, handles, all, ms, FALSE);
}

DWORD WINAPI SleepEx(DWORD ms, BOOL alertable)
{
    (void)alertable;
    if (ms == 0)
        (void)SwitchToThread();
    else
        sleep_until(win32_deadline(ms));
    return 0;
}

void WINAPI Sleep(DWORD ms)
{
    (void)SleepEx(ms, FALSE);
}
