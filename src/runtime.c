/* runtime.c: finding, making and checking the runtime directory.
 *
 * What others could have prepared is checked on the opened descriptor, never on a path: type,
 * owner, no rights for others. Names below it are opened relative to it with O_NOFOLLOW.
 *
 * Lock: `once` guards the descriptor; it is set once and kept for the life of the process. */
#include "runtime.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "platform.h"
#include "waitobj/runtime.h"

enum { PATH_SIZE = 4096 };

static pthread_mutex_t once = PTHREAD_MUTEX_INITIALIZER;
static _Atomic int root = -1; /* once >= 0 it stays; then read without the lock (fork.c has it) */
static char root_path[PATH_SIZE];

/* Is this descriptor a directory of ours that nobody else can reach into? */
static int check_private(int fd)
{
    struct stat st;
    if (fstat(fd, &st) < 0)
        return -errno;
    if (!S_ISDIR(st.st_mode))
        return -ENOTDIR;
    if (st.st_uid != geteuid() || st.st_mode & 077)
        return -EPERM;
    return 0;
}

int wo__dir_open(int dir, const char *name, int make)
{
    bool made = make && mkdirat(dir, name, 0700) == 0;
    if (make && !made && errno != EEXIST)
        return -errno;
    /* Whatever the umask took away: others of us must get in, too. */
    if (made && fchmodat(dir, name, 0700, 0) < 0)
        return -errno;
    int fd = wo__open_at(dir, name, O_RDONLY | O_DIRECTORY, 0);
    if (fd < 0)
        return fd == -ELOOP ? -EPERM : fd;
    int rc = check_private(fd);
    if (rc == 0)
        return fd;
    close(fd);
    return rc;
}

/* The candidates, in order; false: this one does not apply here. */
static bool candidate(int which, char *path)
{
    const char *own = getenv("WAITOBJ_RUNTIME_DIR"), *xdg = getenv("XDG_RUNTIME_DIR");
    unsigned uid = (unsigned)geteuid();
    int n = -1;
    if (which == 0 && own && *own)
        n = snprintf(path, PATH_SIZE, "%s", own);
    else if (which == 1 && xdg && *xdg == '/')
        n = snprintf(path, PATH_SIZE, "%s/waitobj", xdg);
    else if (which == 2)
        n = snprintf(path, PATH_SIZE, "/dev/shm/waitobj-%u", uid);
    else if (which == 3)
        n = snprintf(path, PATH_SIZE, "/tmp/waitobj-%u", uid);
    return n > 0 && n < PATH_SIZE;
}

/* Moves on to the next candidate only when the place does not exist or cannot be written: never
 * when somebody else owns what is there. Two processes of one user must come to the same place, so
 * an explicit choice is final. */
static int find_root(void)
{
    int rc = -ENOENT;
    for (int which = 0; which < 4; which++) {
        if (!candidate(which, root_path))
            continue;
        rc = wo__dir_open(AT_FDCWD, root_path, 1);
        if (rc >= 0 || which == 0 || rc == -EPERM)
            break;
    }
    return rc == -EACCES || rc == -ENOTDIR ? -EPERM : rc;
}

void wo__runtime_fork_prepare(void)
{
    pthread_mutex_lock(&once);
}

void wo__runtime_fork_done(void)
{
    pthread_mutex_unlock(&once);
}

int wo__runtime_dir(void)
{
    int rc = root;
    if (rc >= 0)
        return rc;
    int cancel;
    pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &cancel);
    pthread_mutex_lock(&once);
    rc = root;
    if (rc < 0 && (rc = find_root()) >= 0)
        root = rc;
    pthread_mutex_unlock(&once);
    pthread_setcancelstate(cancel, NULL);
    return rc;
}

int wo__runtime_subdir(const char *name)
{
    int dir = wo__runtime_dir();
    return dir < 0 ? dir : wo__dir_open(dir, name, 1);
}

int wo__runtime_path(char *path, size_t size)
{
    int dir = wo__runtime_dir();
    if (dir < 0)
        return dir;
    if (strlen(root_path) >= size)
        return -ERANGE;
    memcpy(path, root_path, strlen(root_path) + 1);
    return 0;
}

int wo_runtime_directory(char *path, size_t size)
{
    return path ? wo__runtime_path(path, size) : -EINVAL;
}

#define TEXT(x) #x
#define VERSION(a, b, c) TEXT(a) "." TEXT(b) "." TEXT(c)

const char *wo_version(void)
{
    return VERSION(WO_VERSION_MAJOR, WO_VERSION_MINOR, WO_VERSION_PATCH);
}
