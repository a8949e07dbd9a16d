/* blocked.c: proves that a thread sleeps, from what the kernel tells about it.
 *
 * A thread counts as blocked when it was seen asleep in the same system call, without a context
 * switch in between, three times in a row; or, as some waits wake up now and then to look around,
 * asleep in fifteen looks in a row. */
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>
#include "support.h"

enum { LOOKS_SAME = 3, LOOKS_ASLEEP = 15 };

struct look {
    char state;
    unsigned long switches;
    char call[128];
};

static size_t read_file(pid_t tid, const char *name, char *text, size_t size)
{
    char path[64];
    snprintf(path, sizeof(path), "/proc/%d/%s", (int)tid, name);
    text[0] = 0;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return 0;
    ssize_t n = read(fd, text, size - 1);
    close(fd);
    if (n < 0)
        n = 0;
    text[n] = 0;
    return (size_t)n;
}

static const char *field(const char *status, const char *name)
{
    const char *p = strstr(status, name);
    return p ? p + strlen(name) + strspn(p + strlen(name), " \t") : "";
}

char wo_test_state(pid_t pid)
{
    char status[4096];
    read_file(pid, "status", status, sizeof(status));
    return *field(status, "\nState:");
}

static void look_at(pid_t tid, struct look *l)
{
    char status[4096];
    memset(l, 0, sizeof(*l));
    read_file(tid, "status", status, sizeof(status));
    l->state = *field(status, "\nState:");
    l->switches = strtoul(field(status, "\nvoluntary_ctxt_switches:"), NULL, 10);
    read_file(tid, "syscall", l->call, sizeof(l->call));
    if (strncmp(l->call, "running", 7) == 0)
        l->state = 'R';
}

static bool look_same(const struct look *a, const struct look *b)
{
    return a->switches == b->switches && strcmp(a->call, b->call) == 0;
}

/* True: blocked. False: cannot be shown; *gone tells that it never will. */
static bool sleeps_now(pid_t tid, bool *gone)
{
    struct look first = {0}, now;
    int same = 0;
    for (int asleep = 0; asleep < LOOKS_ASLEEP; asleep++) {
        look_at(tid, &now);
        *gone = now.state == 0 || now.state == 'Z' || now.state == 'X';
        if (now.state != 'S')
            return false;
        same = asleep > 0 && look_same(&first, &now) ? same + 1 : 1;
        if (same >= LOOKS_SAME)
            return true;
        first = now;
        wo_test_pause();
    }
    return true;
}

bool wo_test_blocked(pid_t tid)
{
    uint64_t end = wo_test_now() + WO_TEST_PATIENCE_NS;
    bool gone = false;
    while (!gone && wo_test_now() < end) {
        if (sleeps_now(tid, &gone))
            return true;
        wo_test_pause();
    }
    return false;
}

bool wo_test_all_blocked(const pid_t *tids, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (!wo_test_blocked(tids[i]))
            return false;
    return true;
}

bool wo_test_threads_blocked(const struct wo_test_thread *threads, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (!wo_test_blocked(threads[i].tid))
            return false;
    return true;
}
