/* program.c: finding the file of a program; see program.h. No state, no lock. */
#include "program.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* What is missing, the file or its directory? */
static int missing(const char *path)
{
    char directory[PATH_MAX];
    const char *slash = strrchr(path, '/');
    struct stat st;
    size_t length = slash ? (size_t)(slash - path) : 0;
    if (length == 0 || length >= sizeof directory)
        return -ENOENT;
    memcpy(directory, path, length);
    directory[length] = '\0';
    return stat(directory, &st) == 0 && S_ISDIR(st.st_mode) ? -ENOENT : -ENOTDIR;
}

int wo__program_check(const char *path)
{
    struct stat st;
    if (stat(path, &st) < 0)
        return errno == ENOENT ? missing(path) : -errno;
    if (!S_ISREG(st.st_mode) || access(path, X_OK) < 0)
        return -EACCES;
    return 0;
}

/* dir/name, or ./name for an empty directory. */
static int join(const char *dir, size_t length, const char *name, char *out, size_t size)
{
    int n = length ? snprintf(out, size, "%.*s/%s", (int)length, dir, name)
                   : snprintf(out, size, "./%s", name);
    return n < 0 || (size_t)n >= size ? -ENAMETOOLONG : 0;
}

int wo__program_in_path(const char *name, char *path, size_t size)
{
    char candidate[PATH_MAX];
    const char *dir = getenv("PATH");
    int result = -ENOENT;
    if (!*name)
        return -ENOENT;
    if (!dir)
        dir = "/usr/local/bin:/usr/bin:/bin";
    for (size_t length; dir; dir = dir[length] ? dir + length + 1 : NULL) {
        length = strcspn(dir, ":");
        int rc = length < PATH_MAX ? join(dir, length, name, candidate, sizeof candidate) : -ENOENT;
        rc = rc < 0 ? rc : wo__program_check(candidate);
        if (rc == 0)
            return (size_t)snprintf(path, size, "%s", candidate) < size ? 0 : -ENAMETOOLONG;
        if (rc == -EACCES)
            result = rc;
    }
    return result;
}

int wo__program_absolute(const char *path, char *out, size_t size)
{
    char here[PATH_MAX];
    if (!*path)
        return -ENOENT;
    if (*path != '/' && !getcwd(here, sizeof here))
        return -errno;
    int n = *path == '/' ? snprintf(out, size, "%s", path)
                         : snprintf(out, size, "%s/%s", here, path);
    return n < 0 || (size_t)n >= size ? -ENAMETOOLONG : 0;
}
