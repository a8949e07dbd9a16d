/* readwrite.c: reading, writing and positioning through any handle that can. */
#include "win32.h"

#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "file.h"
#include "handle.h"
#include "platform.h"

void win32_flush_stdio(int fd)
{
    if (fd == 1 || fd == 2)
        fflush(fd == 1 ? stdout : stderr);
    else if (isatty(fd))
        fflush(stdout); /* a prompt is to be seen before its answer is read */
}

/* An object that can be read or written, through a handle that may. */
static int get(HANDLE h, uint32_t access, struct wo__object **out)
{
    uint32_t has;
    int rc = wo__handle_get_access(h, NULL, out, &has);
    if (rc < 0)
        return rc;
    const struct wo__io_ops *io = (*out)->type->io;
    if (!io)
        rc = -EBADF;
    else if (!(has & access) || !(access == FILE_READ_DATA ? (void *)io->read : (void *)io->write))
        rc = -EACCES;
    if (rc < 0)
        wo__object_release(*out);
    return rc;
}

DWORD win32_read_error(const struct wo__object *o, int rc)
{
    (void)o;
    return rc == -EISDIR ? ERROR_INVALID_FUNCTION : win32_error_of(rc);
}

DWORD win32_write_error(const struct wo__object *o, int rc)
{
    if (rc != -EPIPE)
        return win32_error_of(rc);
    return o->type == &wo__mailslot_client_type ? ERROR_HANDLE_EOF : ERROR_NO_DATA;
}

/* Without a buffer nothing can be read, but a mailslot's timeout comes first. */
static BOOL read_nowhere(struct wo__object *o)
{
    size_t n = 0;
    int rc = -EMSGSIZE;
    if (o->type == &wo__mailslot_type)
        rc = o->type->io->read(o, NULL, 0, WO__OFFSET_CURRENT, WO__IO_DEFAULT, &n);
    return rc == -EMSGSIZE ? win32_fail_code(ERROR_NOACCESS) : win32_result(rc);
}

static BOOL read_now(struct wo__object *o, void *buffer, DWORD size, DWORD *done)
{
    size_t n = 0;
    win32_flush_stdio(wo__file_descriptor(o));
    int rc = o->type->io->read(o, buffer, size, WO__OFFSET_CURRENT, WO__IO_DEFAULT, &n);
    if (rc < 0)
        return win32_fail_code(win32_read_error(o, rc));
    if (done)
        *done = (DWORD)n;
    return TRUE;
}

BOOL WINAPI ReadFile(HANDLE file, LPVOID buffer, DWORD size, LPDWORD done, LPOVERLAPPED ov)
{
    struct wo__object *o;
    if (done)
        *done = 0;
    int rc = get(file, FILE_READ_DATA, &o);
    if (rc < 0)
        return win32_fail(rc);
    BOOL ok;
    if (!buffer && size)
        ok = read_nowhere(o);
    else if (ov)
        ok = win32_overlapped_read(o, buffer, size, done, ov);
    else
        ok = read_now(o, buffer, size, done);
    wo__object_release(o);
    return ok;
}

static BOOL write_now(struct wo__object *o, const void *data, DWORD size, DWORD *done)
{
    size_t n = 0;
    win32_flush_stdio(wo__file_descriptor(o));
    int rc = o->type->io->write(o, data, size, WO__OFFSET_CURRENT, &n);
    if (rc < 0)
        return win32_fail_code(win32_write_error(o, rc));
    if (done)
        *done = (DWORD)n;
    return TRUE;
}

BOOL WINAPI WriteFile(HANDLE file, LPCVOID data, DWORD size, LPDWORD done, LPOVERLAPPED ov)
{
    struct wo__object *o;
    if (done)
        *done = 0;
    int rc = get(file, FILE_WRITE_DATA | FILE_APPEND_DATA, &o);
    if (rc < 0)
        return win32_fail(rc);
    BOOL ok;
    if (!data && size)
        ok = win32_fail_code(ERROR_INVALID_USER_BUFFER);
    else if (ov)
        ok = win32_overlapped_write(o, data, size, done, ov);
    else
        ok = write_now(o, data, size, done);
    wo__object_release(o);
    return ok;
}

/* ---- Ordinary files ------------------------------------------------------------------------- */

/* The descriptor of a file handle with any of these rights (0: no matter which). */
static int get_fd(HANDLE h, uint32_t access, struct wo__object **out)
{
    uint32_t has;
    int rc = wo__handle_get_access(h, &wo__file_type, out, &has);
    if (rc < 0)
        return rc;
    if (!access || has & access)
        return wo__file_descriptor(*out);
    wo__object_release(*out);
    return -EACCES;
}

BOOL WINAPI SetFilePointerEx(HANDLE file, LARGE_INTEGER distance, PLARGE_INTEGER position,
                             DWORD method)
{
    static const int whence[] = {SEEK_SET, SEEK_CUR, SEEK_END};
    struct wo__object *o;
    if (method > FILE_END)
        return win32_fail_code(ERROR_INVALID_PARAMETER);
    int fd = get_fd(file, 0, &o);
    if (fd < 0)
        return win32_fail(fd);
    off_t at = lseek(fd, (off_t)distance.QuadPart, whence[method]);
    int rc = at < 0 ? -errno : 0;
    wo__object_release(o);
    if (rc < 0)
        return rc == -EINVAL ? win32_fail_code(ERROR_NEGATIVE_SEEK) : win32_fail(rc);
    if (position)
        position->QuadPart = at;
    return TRUE;
}

/* INVALID_SET_FILE_POINTER may be the low half of a position: then the last error is 0. */
DWORD WINAPI SetFilePointer(HANDLE file, LONG low, PLONG high, DWORD method)
{
    LARGE_INTEGER distance, position;
    distance.QuadPart = low;
    if (high) {
        distance.LowPart = (DWORD)low;
        distance.HighPart = *high;
    }
    DWORD before = GetLastError();
    if (!SetFilePointerEx(file, distance, &position, method))
        return INVALID_SET_FILE_POINTER;
    if (high)
        *high = position.HighPart;
    SetLastError(position.LowPart == INVALID_SET_FILE_POINTER ? ERROR_SUCCESS : before);
    return position.LowPart;
}

BOOL WINAPI GetFileSizeEx(HANDLE file, PLARGE_INTEGER size)
{
    struct wo__object *o;
    struct stat st;
    int fd = get_fd(file, 0, &o);
    if (fd < 0)
        return win32_fail(fd);
    int rc = fstat(fd, &st) < 0 ? -errno : 0;
    bool has_size = wo__file_seekable(o);
    wo__object_release(o);
    if (rc < 0)
        return win32_fail(rc);
    if (!has_size)
        return win32_fail_code(ERROR_INVALID_FUNCTION);
    if (!size)
        return win32_fail_code(ERROR_INVALID_PARAMETER);
    size->QuadPart = st.st_size;
    return TRUE;
}

DWORD WINAPI GetFileSize(HANDLE file, LPDWORD high)
{
    LARGE_INTEGER size;
    if (!GetFileSizeEx(file, &size))
        return INVALID_FILE_SIZE;
    if (high)
        *high = (DWORD)size.HighPart;
    if (size.LowPart == INVALID_FILE_SIZE)
        SetLastError(ERROR_SUCCESS);
    return size.LowPart;
}

static int truncate_here(int fd)
{
    off_t at = lseek(fd, 0, SEEK_CUR);
    return at < 0 || ftruncate(fd, at) < 0 ? -errno : 0;
}

BOOL WINAPI SetEndOfFile(HANDLE file)
{
    struct wo__object *o;
    int fd = get_fd(file, FILE_WRITE_DATA, &o);
    if (fd < 0)
        return win32_fail(fd);
    int rc = truncate_here(fd);
    wo__object_release(o);
    return win32_result(rc);
}

BOOL WINAPI FlushFileBuffers(HANDLE file)
{
    struct wo__object *o;
    int fd = get_fd(file, FILE_WRITE_DATA | FILE_APPEND_DATA, &o);
    if (fd < 0)
        return win32_fail(fd);
    int rc = fsync(fd) < 0 ? -errno : 0;
    wo__object_release(o);
    /* Pipes and terminals have nothing to write back. */
    return rc == -EINVAL || rc == -EROFS ? TRUE : win32_result(rc);
}

static DWORD type_of_mode(mode_t mode)
{
    if (S_ISCHR(mode))
        return FILE_TYPE_CHAR;
    return S_ISFIFO(mode) || S_ISSOCK(mode) ? FILE_TYPE_PIPE : FILE_TYPE_DISK;
}

DWORD WINAPI GetFileType(HANDLE file)
{
    struct wo__object *o;
    struct stat st;
    uint32_t access;
    DWORD type = FILE_TYPE_UNKNOWN;
    int rc = wo__handle_get_access(file, NULL, &o, &access);
    if (rc < 0) {
        win32_fail(rc);
        return FILE_TYPE_UNKNOWN;
    }
    int fd = wo__file_descriptor(o);
    if (o->type == &wo__mailslot_type || o->type == &wo__mailslot_client_type)
        type = FILE_TYPE_PIPE;
    else if (fd < 0 || fstat(fd, &st) < 0)
        win32_fail_code(ERROR_INVALID_HANDLE);
    else
        type = type_of_mode(st.st_mode);
    wo__object_release(o);
    return type;
}
