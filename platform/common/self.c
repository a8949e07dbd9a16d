/* self.c: what a process can learn about itself. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "platform/process.h"

/* These C libraries hand the program's arguments to constructors; elsewhere they are garbage. */
#if defined(__GLIBC__) || defined(__APPLE__) || defined(__FreeBSD__)
static char *const *start_argv;

__attribute__((constructor)) static void note_arguments(int argc, char **argv)
{
    if (argc > 0)
        start_argv = argv;
}
#else
static char *const *const start_argv;
#endif

/* A whole file of unknown size. */
static int read_all(int fd, char **data, size_t *size)
{
    size_t have = 0, room = 4096;
    char *buffer = malloc(room);
    ssize_t n = 1;
    while (buffer && n > 0) {
        if (have == room) {
            char *larger = realloc(buffer, room *= 2);
            if (!larger)
                free(buffer);
            buffer = larger;
            continue;
        }
        n = read(fd, buffer + have, room - have);
        if (n < 0 && errno == EINTR)
            n = 1;
        else if (n > 0)
            have += (size_t)n;
    }
    if (!buffer)
        return -ENOMEM;
    *data = buffer;
    *size = have;
    return 0;
}

static int arguments_from_proc(char **data, size_t *size)
{
    int fd = open("/proc/self/cmdline", O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return -ENOENT;
    char *found;
    size_t length;
    int rc = read_all(fd, &found, &length);
    close(fd);
    if (rc < 0)
        return rc;
    if (length == 0 || found[length - 1] != '\0') {
        free(found);
        return -ENOENT;
    }
    *data = found;
    *size = length;
    return 0;
}

int wo__self_arguments(char **data, size_t *size)
{
    if (!start_argv)
        return arguments_from_proc(data, size);
    size_t total = 0;
    for (char *const *a = start_argv; *a; a++)
        total += strlen(*a) + 1;
    char *copy = malloc(total), *p = copy;
    if (!copy)
        return -ENOMEM;
    for (char *const *a = start_argv; *a; a++)
        p = stpcpy(p, *a) + 1;
    *data = copy;
    *size = total;
    return 0;
}

/* Without /proc: the name the program was called by, if it is a path. */
static int program_from_arguments(char *path)
{
    if (!start_argv || !strchr(start_argv[0], '/') || !realpath(start_argv[0], path))
        return -ENOENT;
    return 0;
}

int wo__self_program(char *path, size_t size)
{
    char found[PATH_MAX];
    ssize_t n = readlink("/proc/self/exe", found, sizeof found);
    if (n <= 0 || (size_t)n == sizeof found) {
        int rc = program_from_arguments(found);
        if (rc < 0)
            return rc;
        n = (ssize_t)strlen(found);
    }
    if ((size_t)n >= size)
        return -ERANGE;
    memcpy(path, found, (size_t)n);
    path[n] = '\0';
    return 0;
}

#ifdef WO_HAVE_ON_EXIT
static void (*exit_hook)(int status);

static void call_hook(int status, void *unused)
{
    (void)unused;
    exit_hook(status);
}

bool wo__self_on_exit(void (*hook)(int status))
{
    exit_hook = hook;
    return on_exit(call_hook, NULL) == 0;
}
#else
bool wo__self_on_exit(void (*hook)(int status))
{
    (void)hook;
    return false;
}
#endif

int wo__pid_get_nice(const struct wo__pid *p, int *nice)
{
    errno = 0;
    int value = getpriority(PRIO_PROCESS, (id_t)p->pid);
    if (errno)
        return -errno;
    *nice = value;
    return 0;
}

int wo__pid_set_nice(const struct wo__pid *p, int nice)
{
    return setpriority(PRIO_PROCESS, (id_t)p->pid, nice) == 0 ? 0 : -errno;
}
