/* directory.c: files and directories by name. */
#include "win32.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "platform.h"

/* The W twin of a function of one name. */
#define NARROWED(call)                                                                             \
    char *narrow;                                                                                  \
    if (!win32_narrow(name, &narrow))                                                              \
        return FALSE;                                                                              \
    BOOL ok = call;                                                                                \
    free(narrow);                                                                                  \
    return ok

/* Ends a call on a path, which is freed. */
static BOOL done(char *path, int rc)
{
    BOOL ok = rc == 0 ? TRUE : win32_fail_path(path, rc);
    free(path);
    return ok;
}

BOOL WINAPI DeleteFileA(LPCSTR name)
{
    char *path;
    struct stat st;
    if (!win32_path(name, &path))
        return FALSE;
    int rc = lstat(path, &st) < 0 ? -errno : 0;
    if (rc == 0 && (S_ISDIR(st.st_mode) || !(st.st_mode & 0222)))
        rc = -EACCES; /* what is read only must first lose that attribute */
    if (rc == 0 && unlink(path) < 0)
        rc = -errno;
    return done(path, rc);
}

BOOL WINAPI DeleteFileW(LPCWSTR name)
{
    NARROWED(DeleteFileA(narrow));
}

BOOL WINAPI CreateDirectoryA(LPCSTR name, LPSECURITY_ATTRIBUTES sa)
{
    char *path;
    (void)sa;
    if (!win32_path(name, &path))
        return FALSE;
    return done(path, mkdir(path, 0777) < 0 ? -errno : 0);
}

BOOL WINAPI CreateDirectoryW(LPCWSTR name, LPSECURITY_ATTRIBUTES sa)
{
    NARROWED(CreateDirectoryA(narrow, sa));
}

static BOOL remove_directory(char *path)
{
    struct stat st;
    if (stat(path, &st) == 0 && !S_ISDIR(st.st_mode)) {
        free(path);
        return win32_fail_code(ERROR_DIRECTORY);
    }
    int rc = rmdir(path) < 0 ? -errno : 0;
    return done(path, rc == -EEXIST ? -ENOTEMPTY : rc);
}

BOOL WINAPI RemoveDirectoryA(LPCSTR name)
{
    char *path;
    return win32_path(name, &path) && remove_directory(path);
}

BOOL WINAPI RemoveDirectoryW(LPCWSTR name)
{
    NARROWED(RemoveDirectoryA(narrow));
}

/* ---- Attributes ----------------------------------------------------------------------------- */

static DWORD attributes_of(mode_t mode)
{
    DWORD readonly = mode & 0222 ? 0u : FILE_ATTRIBUTE_READONLY;
    if (S_ISDIR(mode))
        return FILE_ATTRIBUTE_DIRECTORY | readonly;
    return (S_ISREG(mode) ? FILE_ATTRIBUTE_ARCHIVE : FILE_ATTRIBUTE_DEVICE) | readonly;
}

DWORD WINAPI GetFileAttributesA(LPCSTR name)
{
    char *path;
    struct stat st;
    if (!win32_path(name, &path))
        return INVALID_FILE_ATTRIBUTES;
    BOOL ok = done(path, stat(path, &st) < 0 ? -errno : 0);
    return ok ? attributes_of(st.st_mode) : INVALID_FILE_ATTRIBUTES;
}

DWORD WINAPI GetFileAttributesW(LPCWSTR name)
{
    char *narrow;
    if (!win32_narrow(name, &narrow))
        return INVALID_FILE_ATTRIBUTES;
    DWORD attributes = GetFileAttributesA(narrow);
    free(narrow);
    return attributes;
}

/* Of the attributes only "read only" means something here: nobody may write. */
static int set_mode(const char *path, DWORD attributes)
{
    struct stat st;
    if (stat(path, &st) < 0)
        return -errno;
    bool readonly = attributes & FILE_ATTRIBUTE_READONLY;
    if (readonly == !(st.st_mode & 0222))
        return 0;
    mode_t mode = readonly ? st.st_mode & ~(mode_t)0222 : st.st_mode | 0200;
    return chmod(path, mode & 07777) < 0 ? -errno : 0;
}

BOOL WINAPI SetFileAttributesA(LPCSTR name, DWORD attributes)
{
    char *path;
    return win32_path(name, &path) && done(path, set_mode(path, attributes));
}

BOOL WINAPI SetFileAttributesW(LPCWSTR name, DWORD attributes)
{
    NARROWED(SetFileAttributesA(narrow, attributes));
}

/* ---- Moving and copying --------------------------------------------------------------------- */

static int copy_bytes(int from, int to)
{
    char buffer[65536];
    for (;;) {
        ssize_t n = read(from, buffer, sizeof buffer);
        if (n == 0)
            return 0;
        if (n < 0 && errno != EINTR)
            return -errno;
        for (ssize_t at = 0; at < n;) {
            ssize_t w = wo__write_nosignal(to, buffer + at, (size_t)(n - at));
            if (w < 0)
                return (int)w;
            at += w;
        }
    }
}

static int copy_to(int from, const char *target, bool fail_if_exists)
{
    struct stat st, old;
    if (fstat(from, &st) < 0)
        return -errno;
    if (S_ISDIR(st.st_mode))
        return -EACCES;
    if (stat(target, &old) == 0 && old.st_dev == st.st_dev && old.st_ino == st.st_ino)
        return fail_if_exists ? -EEXIST : -ETXTBSY;
    int flags = O_WRONLY | O_CREAT | O_CLOEXEC | O_NOCTTY | (fail_if_exists ? O_EXCL : O_TRUNC);
    int to = open(target, flags, st.st_mode & 0777);
    if (to < 0)
        return -errno;
    int rc = copy_bytes(from, to);
    return close(to) < 0 && rc == 0 ? -errno : rc;
}

static int copy(const char *source, const char *target, bool fail_if_exists)
{
    int from = open(source, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    if (from < 0)
        return -errno;
    int rc = copy_to(from, target, fail_if_exists);
    (void)close(from);
    return rc;
}

/* Across file systems. */
static int move_by_copy(const char *source, const char *target)
{
    int rc = copy(source, target, true);
    return rc == 0 && unlink(source) < 0 ? -errno : rc;
}

/* rename() would replace an existing target, so a file gets its new name by link() if it can. */
static int move(const char *source, const char *target)
{
    struct stat st, old;
    if (lstat(source, &st) < 0)
        return -errno;
    if (strcmp(source, target) == 0)
        return 0;
    if (lstat(target, &old) == 0)
        return -EEXIST;
    bool is_file = S_ISREG(st.st_mode);
    if (is_file && link(source, target) == 0)
        return unlink(source) < 0 ? -errno : 0;
    if (is_file && errno == EEXIST)
        return -EEXIST;
    if (rename(source, target) == 0)
        return 0;
    return is_file && errno == EXDEV ? move_by_copy(source, target) : -errno;
}

static bool two_paths(const char *from, const char *to, char **source, char **target)
{
    if (!win32_path(from, source))
        return false;
    if (win32_path(to, target))
        return true;
    free(*source);
    return false;
}

/* Ends a call on two paths, which are freed. Which of the two is missing decides between "file" and
 * "path not found". */
static BOOL done_two(char *source, char *target, int rc)
{
    const char *missing = rc == -ENOENT && access(source, F_OK) == 0 ? target : source;
    BOOL ok = rc == 0 ? TRUE : win32_fail_path(missing, rc);
    free(source);
    free(target);
    return ok;
}

BOOL WINAPI MoveFileA(LPCSTR from, LPCSTR to)
{
    char *source, *target;
    if (!two_paths(from, to, &source, &target))
        return FALSE;
    return done_two(source, target, move(source, target));
}

BOOL WINAPI CopyFileA(LPCSTR from, LPCSTR to, BOOL fail_if_exists)
{
    char *source, *target;
    if (!two_paths(from, to, &source, &target))
        return FALSE;
    int rc = copy(source, target, fail_if_exists);
    BOOL ok = done_two(source, target, rc);
    return rc == -EEXIST ? win32_fail_code(ERROR_FILE_EXISTS) : ok;
}

static bool two_narrow(const WCHAR *from, const WCHAR *to, char **source, char **target)
{
    if (!win32_narrow(from, source))
        return false;
    if (win32_narrow(to, target))
        return true;
    free(*source);
    return false;
}

BOOL WINAPI MoveFileW(LPCWSTR from, LPCWSTR to)
{
    char *source, *target;
    if (!two_narrow(from, to, &source, &target))
        return FALSE;
    BOOL ok = MoveFileA(source, target);
    free(source);
    free(target);
    return ok;
}

BOOL WINAPI CopyFileW(LPCWSTR from, LPCWSTR to, BOOL fail_if_exists)
{
    char *source, *target;
    if (!two_narrow(from, to, &source, &target))
        return FALSE;
    BOOL ok = CopyFileA(source, target, fail_if_exists);
    free(source);
    free(target);
    return ok;
}
