/* file.c: CreateFile: ordinary files, directories, devices of the console, mailslots.
 *
 * Departures from Windows, all in CAVEATS.md: sharing modes are accepted and not enforced, names
 * are case-sensitive, drive letters mean nothing. */
#include "win32.h"

#include "file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "address.h"
#include "handle.h"

enum { WRITES = FILE_WRITE_DATA | FILE_APPEND_DATA, READS = FILE_READ_DATA | FILE_EXECUTE };

static HANDLE no_file(DWORD code)
{
    win32_fail_code(code);
    return INVALID_HANDLE_VALUE;
}

bool win32_path(const char *name, char **path)
{
    if (!name || !*name)
        return win32_fail_code(ERROR_PATH_NOT_FOUND);
    if (strncmp(name, "\\\\?\\", 4) == 0 || strncmp(name, "\\\\.\\", 4) == 0)
        name += 4;
    char *copy = strdup(name);
    if (!copy)
        return win32_fail_code(ERROR_NOT_ENOUGH_MEMORY);
    for (char *p = copy; *p; p++)
        if (*p == '\\')
            *p = '/';
    *path = copy;
    return true;
}

/* Is the directory that would hold the file there? */
static bool parent_exists(const char *path)
{
    struct stat st;
    const char *slash = strrchr(path, '/');
    if (!slash || slash == path)
        return true;
    char *parent = strndup(path, (size_t)(slash - path));
    bool exists = !parent || (stat(parent, &st) == 0 && S_ISDIR(st.st_mode));
    free(parent);
    return exists;
}

BOOL win32_fail_path(const char *path, int rc)
{
    if (rc == -ENOENT && !parent_exists(path))
        return win32_fail_code(ERROR_PATH_NOT_FOUND);
    return win32_fail(rc);
}

/* ---- Opening -------------------------------------------------------------------------------- */

struct opening {
    const char *path;
    DWORD access; /* mapped: no generic rights */
    DWORD disposition;
    DWORD attributes;
    bool existed; /* out */
};

static int open_flags(const struct opening *how)
{
    bool writes = how->access & WRITES;
    bool reads = how->access & READS || !writes;
    int flags = O_CLOEXEC | O_NOCTTY | (writes ? reads ? O_RDWR : O_WRONLY : O_RDONLY);
    if ((how->access & WRITES) == FILE_APPEND_DATA)
        flags |= O_APPEND;
    if (how->attributes & FILE_FLAG_WRITE_THROUGH)
        flags |= O_SYNC;
    return flags;
}

static int open_once(const struct opening *how, int more)
{
    mode_t mode = how->attributes & FILE_ATTRIBUTE_READONLY ? 0444 : 0666;
    int fd;
    do
        fd = open(how->path, open_flags(how) | more, mode);
    while (fd < 0 && errno == EINTR);
    if (fd < 0)
        return -errno;
    if (fd > 2)
        return fd;
    int moved = fcntl(fd, F_DUPFD_CLOEXEC, 3); /* 0 to 2 stay the standard streams' */
    int rc = moved < 0 ? -errno : moved;
    (void)close(fd);
    return rc;
}

static int truncate_open(int fd, const char *path)
{
    if (ftruncate(fd, 0) == 0 || truncate(path, 0) == 0)
        return fd;
    int rc = -errno;
    (void)close(fd);
    return rc;
}

static int open_existing(struct opening *how)
{
    int fd = open_once(how, 0);
    struct stat st;
    how->existed = fd >= 0;
    if (fd < 0 || (how->disposition != CREATE_ALWAYS && how->disposition != TRUNCATE_EXISTING))
        return fd;
    if (fstat(fd, &st) == 0 && !S_ISREG(st.st_mode))
        return fd; /* a device has nothing to be cut off */
    return truncate_open(fd, how->path);
}

/* A new file, or else the old one; the two may take turns when others create and delete it. */
static int open_or_create(struct opening *how)
{
    for (;;) {
        int fd = open_once(how, O_CREAT | O_EXCL);
        if (fd != -EEXIST)
            return fd;
        fd = open_existing(how);
        struct stat st;
        if (fd != -ENOENT || lstat(how->path, &st) == 0)
            return fd;
    }
}

static int open_by_disposition(struct opening *how)
{
    switch (how->disposition) {
    case CREATE_NEW:
        return open_once(how, O_CREAT | O_EXCL);
    case CREATE_ALWAYS:
    case OPEN_ALWAYS:
        return open_or_create(how);
    default:
        return open_existing(how);
    }
}

static bool is_directory(int fd)
{
    struct stat st;
    return fstat(fd, &st) == 0 && S_ISDIR(st.st_mode);
}

/* A handle over the opened descriptor. */
static int finish(const struct opening *how, int fd, uint32_t flags, wo_handle *out)
{
    struct wo__object *o;
    if (is_directory(fd) && !(how->attributes & FILE_FLAG_BACKUP_SEMANTICS)) {
        (void)close(fd);
        return -EACCES;
    }
    int rc = wo__file_new(fd, true, &o);
    if (rc < 0)
        return rc;
    if (how->attributes & FILE_FLAG_DELETE_ON_CLOSE)
        rc = wo__file_delete_on_close(o, how->path);
    if (rc < 0) {
        wo__object_release(o);
        return rc;
    }
    return wo__handle_new(o, how->access | SYNCHRONIZE | FILE_READ_ATTRIBUTES, flags, out);
}

static HANDLE open_path(struct opening *how, uint32_t flags)
{
    wo_handle h;
    int rc = open_by_disposition(how);
    if (rc == -EEXIST)
        return no_file(ERROR_FILE_EXISTS);
    if (rc >= 0)
        rc = finish(how, rc, flags, &h);
    if (rc < 0) {
        win32_fail_path(how->path, rc);
        return INVALID_HANDLE_VALUE;
    }
    bool tells = how->disposition == CREATE_ALWAYS || how->disposition == OPEN_ALWAYS;
    SetLastError(tells && how->existed ? ERROR_ALREADY_EXISTS : ERROR_SUCCESS);
    return h;
}

/* ---- Names that are no files ---------------------------------------------------------------- */

/* The terminal, or without one the standard stream, so that programs can be run from scripts. */
static HANDLE open_console(struct opening *how, int standard, uint32_t flags)
{
    wo_handle h;
    how->path = "/dev/tty";
    how->disposition = OPEN_EXISTING;
    int fd = open_existing(how);
    if (fd < 0) {
        fd = fcntl(standard, F_DUPFD_CLOEXEC, 3);
        fd = fd < 0 ? -ENXIO : fd;
    }
    int rc = fd < 0 ? fd : finish(how, fd, flags, &h);
    if (rc == 0) {
        SetLastError(ERROR_SUCCESS);
        return h;
    }
    win32_fail(rc);
    return INVALID_HANDLE_VALUE;
}

/* The device's name, with or without a colon. */
static bool is_device(const char *path, const char *name)
{
    size_t n = strlen(name);
    return strncasecmp(path, name, n) == 0 && (!path[n] || strcmp(path + n, ":") == 0);
}

static HANDLE open_name(struct opening *how, uint32_t flags)
{
    if (strcasecmp(how->path, "CONIN$") == 0)
        return open_console(how, 0, flags);
    if (strcasecmp(how->path, "CONOUT$") == 0)
        return open_console(how, 1, flags);
    if (is_device(how->path, "CON"))
        return open_console(how, how->access & WRITES ? 1 : 0, flags);
    if (is_device(how->path, "NUL")) {
        how->path = "/dev/null";
        how->disposition = OPEN_EXISTING;
    }
    return open_path(how, flags);
}

/* \\.\pipe\NAME and \\SERVER\pipe\NAME: nobody can have created one. */
static bool is_pipe(const char *name)
{
    if (strncmp(name, "\\\\", 2) != 0)
        return false;
    const char *rest = strchr(name + 2, '\\');
    return rest && strncasecmp(rest, "\\pipe\\", 6) == 0;
}

static bool valid_disposition(DWORD disposition, DWORD access)
{
    if (disposition < CREATE_NEW || disposition > TRUNCATE_EXISTING)
        return false;
    return disposition != TRUNCATE_EXISTING || access & FILE_WRITE_DATA;
}

HANDLE WINAPI CreateFileA(LPCSTR name, DWORD access, DWORD share, LPSECURITY_ATTRIBUTES sa,
                          DWORD disposition, DWORD attributes, HANDLE template)
{
    char *path;
    uint32_t flags = win32_handle_flags(sa);
    struct opening how = {.access = wo__access_map(&wo__file_type, access),
                          .disposition = disposition,
                          .attributes = attributes};
    (void)share;
    (void)template;
    if (!name || !*name)
        return no_file(ERROR_PATH_NOT_FOUND);
    if (!valid_disposition(disposition, how.access))
        return no_file(ERROR_INVALID_PARAMETER);
    if (wo__address_is_mailslot(name))
        return win32_mailslot_client(name, access, disposition, flags);
    if (is_pipe(name))
        return no_file(ERROR_FILE_NOT_FOUND);
    if (!win32_path(name, &path))
        return INVALID_HANDLE_VALUE;
    how.path = path;
    HANDLE h = open_name(&how, flags);
    free(path);
    return h;
}

HANDLE WINAPI CreateFileW(LPCWSTR name, DWORD access, DWORD share, LPSECURITY_ATTRIBUTES sa,
                          DWORD disposition, DWORD attributes, HANDLE template)
{
    char *narrow;
    if (!win32_narrow(name, &narrow))
        return INVALID_HANDLE_VALUE;
    HANDLE h = CreateFileA(narrow, access, share, sa, disposition, attributes, template);
    free(narrow);
    return h;
}
