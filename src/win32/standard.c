/* standard.c: the standard handles, over descriptors 0 to 2.
 *
 * A standard handle is made at the first question for it; it does not own its descriptor. The
 * values stay what they are, also when the program closes one, as on Windows.
 *
 * win32_lock guards `standard`. */
#include "win32.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "file.h"
#include "handle.h"

static struct {
    HANDLE value;
    bool known;
} standard[3];

/* 0 to 2 for STD_INPUT_HANDLE and so on, else -1. */
static int index_of(DWORD which)
{
    DWORD i = STD_INPUT_HANDLE - which;
    return i < 3 ? (int)i : -1;
}

static uint32_t access_of(int flags)
{
    switch (flags & O_ACCMODE) {
    case O_RDONLY:
        return FILE_GENERIC_READ;
    case O_WRONLY:
        return FILE_GENERIC_WRITE | FILE_READ_ATTRIBUTES;
    default:
        return FILE_GENERIC_READ | FILE_GENERIC_WRITE;
    }
}

/* NULL when the descriptor is not open: there is no such standard handle. */
static int make(int fd, wo_handle *out)
{
    struct wo__object *o;
    int flags = fcntl(fd, F_GETFL);
    if (flags < 0) {
        *out = NULL;
        return 0;
    }
    int rc = wo__file_new(fd, false, &o);
    return rc < 0 ? rc : wo__handle_new(o, access_of(flags), WO__HANDLE_INHERIT, out);
}

bool win32_standard_known(int i, HANDLE *value)
{
    win32_lock();
    bool known = standard[i].known;
    *value = standard[i].value;
    win32_unlock();
    return known;
}

/* The first one to make it decides; NULL: there was one already, now in *value. */
static HANDLE publish(int i, HANDLE fresh, HANDLE *value)
{
    win32_lock();
    bool first = !standard[i].known;
    if (first) {
        standard[i].value = fresh;
        standard[i].known = true;
    }
    *value = standard[i].value;
    win32_unlock();
    return first ? NULL : fresh;
}

HANDLE WINAPI GetStdHandle(DWORD which)
{
    int i = index_of(which);
    HANDLE value, fresh;
    if (i < 0) {
        win32_fail_code(ERROR_INVALID_HANDLE);
        return INVALID_HANDLE_VALUE;
    }
    if (win32_standard_known(i, &value))
        return value;
    int rc = make(i, &fresh);
    if (rc < 0) {
        win32_fail(rc);
        return INVALID_HANDLE_VALUE;
    }
    HANDLE surplus = publish(i, fresh, &value);
    if (surplus)
        (void)wo__handle_close(surplus);
    return value;
}

/* The value alone is kept, whatever it is. */
BOOL WINAPI SetStdHandle(DWORD which, HANDLE handle)
{
    int i = index_of(which);
    if (i < 0)
        return win32_fail_code(ERROR_INVALID_HANDLE);
    win32_lock();
    standard[i].value = handle;
    standard[i].known = true;
    win32_unlock();
    return TRUE;
}
