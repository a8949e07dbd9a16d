/* overlapped.c: ReadFile and WriteFile with an OVERLAPPED.
 *
 * Reads from ordinary files, and all writes, end before the call returns. A read that has to wait
 * (a mailslot, a pipe) becomes a pending operation of the core; it goes on in the calls that wait
 * for its event or ask for its result, so no thread works behind the program's back.
 *
 * OVERLAPPED.Internal is the NTSTATUS; it is stored last, and read first, with release and acquire,
 * because any thread may finish an operation. An operation without an event gets one of its own,
 * which GetOverlappedResult waits for.
 */
#include "win32.h"

#include "event.h"

#include <errno.h>

#include "file.h"
#include "handle.h"
#include "mailslot.h"
#include "pending.h"
#include "platform.h"
#include "wait.h"

struct status {
    NTSTATUS status;
    DWORD code;
};

static const struct status statuses[] = {
    {STATUS_SUCCESS, ERROR_SUCCESS},
    {STATUS_IO_TIMEOUT, ERROR_SEM_TIMEOUT},
    {STATUS_CANCELLED, ERROR_OPERATION_ABORTED},
    {STATUS_BUFFER_TOO_SMALL, ERROR_INSUFFICIENT_BUFFER},
    {STATUS_PIPE_BROKEN, ERROR_BROKEN_PIPE},
    {STATUS_END_OF_FILE, ERROR_HANDLE_EOF},
    {STATUS_ACCESS_DENIED, ERROR_ACCESS_DENIED},
    {STATUS_INVALID_PARAMETER, ERROR_INVALID_PARAMETER},
};
enum { STATUSES = sizeof statuses / sizeof statuses[0] };

/* Other codes travel inside an NTSTATUS of the facility made for that. */
#define CODE_IN_STATUS 0xC0070000u

static ULONG_PTR status_of(DWORD code)
{
    for (size_t i = 0; i < STATUSES; i++)
        if (statuses[i].code == code)
            return (DWORD)statuses[i].status;
    return CODE_IN_STATUS | (code & 0xFFFF);
}

static DWORD code_of(ULONG_PTR status)
{
    for (size_t i = 0; i < STATUSES; i++)
        if ((DWORD)statuses[i].status == (DWORD)status)
            return statuses[i].code;
    return (status & 0xFFFF0000u) == CODE_IN_STATUS ? (DWORD)(status & 0xFFFF) : ERROR_GEN_FAILURE;
}

static ULONG_PTR load_status(const OVERLAPPED *ov)
{
    return __atomic_load_n(&ov->Internal, __ATOMIC_ACQUIRE);
}

static void store_result(OVERLAPPED *ov, DWORD code, size_t done)
{
    ov->InternalHigh = done;
    __atomic_store_n(&ov->Internal, status_of(code), __ATOMIC_RELEASE);
}

static BOOL tell_result(const OVERLAPPED *ov, DWORD *done)
{
    DWORD code = code_of(load_status(ov));
    if (done)
        *done = (DWORD)ov->InternalHigh;
    return code == ERROR_SUCCESS ? TRUE : win32_fail_code(code);
}

/* The event to set, with a reference: the caller's, or a fresh one. */
static int get_event(const OVERLAPPED *ov, struct wo__object **out)
{
    if (ov->hEvent)
        return wo__handle_get(ov->hEvent, &wo__event_type, EVENT_MODIFY_STATE, out);
    bool existed;
    return wo__event_create(NULL, true, false, out, &existed);
}

static void begin(OVERLAPPED *ov, struct wo__object *event)
{
    ov->InternalHigh = 0;
    __atomic_store_n(&ov->Internal, (DWORD)STATUS_PENDING, __ATOMIC_RELEASE);
    (void)wo__event_reset(event);
}

static uint64_t offset_of(const OVERLAPPED *ov)
{
    return (uint64_t)ov->OffsetHigh << 32 | ov->Offset;
}

/* ---- Reading -------------------------------------------------------------------------------- */

static void read_done(void *context, int rc, size_t done)
{
    OVERLAPPED *ov = context;
    store_result(ov, win32_error_of(rc), rc < 0 ? 0 : done);
}

/* When a mailslot's read has to give up; other sources wait for ever. */
static uint64_t read_deadline(struct wo__object *o)
{
    struct wo_mailslot_info info;
    if (o->type != &wo__mailslot_type || wo__mailslot_info(o, &info) < 0)
        return WO__NEVER;
    return wo__deadline(info.read_timeout_ns);
}

static void read_file(struct wo__object *o, struct wo__object *event, void *buffer, DWORD size,
                      OVERLAPPED *ov)
{
    size_t n = 0;
    uint64_t offset = offset_of(ov);
    int rc = offset > INT64_MAX ? -EINVAL
                                : o->type->io->read(o, buffer, size, offset, WO__IO_DEFAULT, &n);
    bool end = rc == 0 && n == 0 && size > 0;
    store_result(ov, end ? ERROR_HANDLE_EOF : win32_error_of(rc), n);
    (void)wo__event_set(event);
}

/* False when the operation goes on. */
static bool start_read(struct wo__object *o, struct wo__object *event, void *buffer, DWORD size,
                       OVERLAPPED *ov)
{
    struct wo__pending_read how = {.source = o,
                                   .event = event,
                                   .buffer = buffer,
                                   .size = size,
                                   .deadline = read_deadline(o),
                                   .done = read_done,
                                   .context = ov};
    int rc = wo__pending_start(&how);
    if (rc < 0) {
        read_done(ov, rc, 0);
        (void)wo__event_set(event);
    }
    return rc <= 0;
}

BOOL win32_overlapped_read(struct wo__object *o, void *buffer, DWORD size, DWORD *done,
                           OVERLAPPED *ov)
{
    struct wo__object *event;
    bool ended = true;
    int rc = get_event(ov, &event);
    if (rc < 0)
        return win32_fail(rc);
    begin(ov, event);
    if (wo__file_seekable(o))
        read_file(o, event, buffer, size, ov);
    else
        ended = start_read(o, event, buffer, size, ov);
    wo__object_release(event);
    return ended ? tell_result(ov, done) : win32_fail_code(ERROR_IO_PENDING);
}

/* ---- Writing -------------------------------------------------------------------------------- */

BOOL win32_overlapped_write(struct wo__object *o, const void *data, DWORD size, DWORD *done,
                            OVERLAPPED *ov)
{
    struct wo__object *event;
    size_t n = 0;
    uint64_t offset = offset_of(ov);
    int rc = get_event(ov, &event);
    if (rc < 0)
        return win32_fail(rc);
    begin(ov, event);
    if (offset == UINT64_MAX) /* Windows' way to say: at the end */
        offset = WO__OFFSET_END;
    rc = o->type->io->write(o, data, size, offset, &n);
    store_result(ov, rc < 0 ? win32_write_error(o, rc) : ERROR_SUCCESS, n);
    (void)wo__event_set(event);
    wo__object_release(event);
    return tell_result(ov, done);
}

/* ---- Results -------------------------------------------------------------------------------- */

static bool is_pending(const OVERLAPPED *ov)
{
    return load_status(ov) == (DWORD)STATUS_PENDING;
}

/* Lets a pending operation go on, waiting for its end up to the deadline; WAIT_… code. */
static DWORD drive(OVERLAPPED *ov, uint64_t deadline)
{
    struct wo__object *event = wo__pending_event(ov);
    if (!event)
        return WAIT_OBJECT_0;
    int rc = 0;
    if (deadline)
        rc = wo__wait(&event, 1, false, deadline, NULL);
    else
        wo__pending_run(event);
    wo__object_release(event);
    if (rc == -ETIMEDOUT)
        return WAIT_TIMEOUT;
    if (rc == 0)
        return WAIT_OBJECT_0;
    win32_fail(rc);
    return WAIT_FAILED;
}

static BOOL result_within(OVERLAPPED *ov, DWORD *done, uint64_t deadline, DWORD late)
{
    if (!ov)
        return win32_fail_code(ERROR_INVALID_PARAMETER);
    DWORD waited = is_pending(ov) ? drive(ov, deadline) : WAIT_OBJECT_0;
    if (waited == WAIT_FAILED)
        return FALSE;
    if (is_pending(ov))
        return win32_fail_code(waited == WAIT_TIMEOUT ? late : ERROR_IO_INCOMPLETE);
    return tell_result(ov, done);
}

BOOL WINAPI GetOverlappedResult(HANDLE file, LPOVERLAPPED ov, LPDWORD done, BOOL wait)
{
    (void)file; /* the OVERLAPPED alone names the operation */
    return result_within(ov, done, wait ? WO__NEVER : 0, ERROR_IO_INCOMPLETE);
}

BOOL WINAPI GetOverlappedResultEx(HANDLE file, LPOVERLAPPED ov, LPDWORD done, DWORD ms,
                                  BOOL alertable)
{
    (void)file;
    (void)alertable;
    return result_within(ov, done, win32_deadline(ms), WAIT_TIMEOUT);
}

BOOL WINAPI w32_overlapped_completed(LPOVERLAPPED ov)
{
    if (is_pending(ov))
        (void)drive(ov, 0);
    return !is_pending(ov);
}

/* ---- Cancelling ----------------------------------------------------------------------------- */

static BOOL cancel(HANDLE file, const OVERLAPPED *ov, bool own, size_t *count)
{
    struct wo__object *o;
    uint32_t access;
    int rc = wo__handle_get_access(file, NULL, &o, &access);
    if (rc == 0 && !o->type->io) {
        wo__object_release(o);
        rc = -EBADF;
    }
    if (rc < 0)
        return win32_fail(rc);
    *count = wo__pending_cancel(o, ov, own);
    wo__object_release(o);
    return TRUE;
}

BOOL WINAPI CancelIo(HANDLE file)
{
    size_t count;
    return cancel(file, NULL, true, &count);
}

BOOL WINAPI CancelIoEx(HANDLE file, LPOVERLAPPED ov)
{
    size_t count = 0;
    if (!cancel(file, ov, false, &count))
        return FALSE;
    return count ? TRUE : win32_fail_code(ERROR_NOT_FOUND);
}
