/* crash.c: see crash.h. */
#include "crash.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "arena.h"
#include "handle.h"
#include "object.h"
#include "testhook.h"

/* ---- Dying ----------------------------------------------------------------------------------- */

static unsigned left;
static const char *counted;

static void hook(const char *point)
{
    if (counted && strcmp(point, counted) != 0)
        return;
    if (__atomic_sub_fetch(&left, 1, __ATOMIC_SEQ_CST) != 0)
        return;
    wo_test_say("at %s", point);
    kill(getpid(), SIGKILL);
}

void crash_at(unsigned n, const char *only)
{
    left = n;
    counted = only;
    wo__test_hook = n ? hook : NULL;
}

void crash_never(void)
{
    wo__test_hook = NULL;
}

bool crash_go(struct wo_test_child *victim, const char **where)
{
    static char point[64];
    wo_test_send(victim, "go");
    const char *said = wo_test_receive(victim);
    bool died = strncmp(said, "at ", 3) == 0;
    snprintf(point, sizeof point, "%s", died ? said + 3 : said);
    *where = point;
    if (died)
        wo_test_expect_exit(victim, 1000 + SIGKILL);
    else
        assert_string_equal(point, "done");
    return died;
}

/* ---- Looking into the arena ------------------------------------------------------------------ */

struct crash_look crash_look(wo_handle h)
{
    struct crash_look seen = {UINT32_MAX, 0};
    struct wo__object *o;
    struct wo__arena *a;
    if (wo__handle_get(h, NULL, 0, &o) < 0)
        return seen;
    if (wo__object_lock(o, &a) == 0) {
        const struct wo__cell *c = wo__cell_at(a, o->cell);
        seen.state = c->state;
        for (uint32_t i = c->queue_head; i; i = wo__block_at(a, i)->next)
            seen.queue++;
        wo__arena_abort(a);
    }
    wo__object_release(o);
    return seen;
}

/* ---- Counting -------------------------------------------------------------------------------- */

void crash_warm_up(void)
{
    wo_handle pair[2];
    assert_int_equal(wo_process_open(&pair[0], getpid(), WO_ACCESS_WAIT), 0);
    assert_int_equal(wo_event_create(&pair[1], "crash.warm", 0, NULL), 0);
    assert_int_equal(wo_wait_any(pair, 2, 1, NULL), -ETIMEDOUT);
    wo_close(pair[0]);
    wo_close(pair[1]);
}

struct crash_counts crash_count(void)
{
    struct crash_counts c;
    memset(&c, 0, sizeof c);
    if (wo_usage(&c.usage) < 0)
        c.usage.processes = SIZE_MAX;
    c.files = wo_test_runtime_files();
    c.fds = wo_test_fd_count();
    return c;
}

bool crash_same(const struct crash_counts *a, const struct crash_counts *b)
{
    return memcmp(a, b, sizeof *a) == 0;
}

void crash_print(const char *what, const struct crash_counts *c)
{
    print_message("# %s: %zu handles, %zu private and %zu shared objects, %zu waiters, %zu "
                  "processes, %zu files, %zu descriptors\n",
                  what, c->usage.handles, c->usage.private_objects, c->usage.shared_objects,
                  c->usage.shared_waiters, c->usage.processes, c->files, c->fds);
}

/* ---- The waiter role ------------------------------------------------------------------------- */

enum { MAX_NAMES = 16, MAX_HANDLES = 4096 };

static int wait_as_told(char *command, const wo_handle *named, size_t names, size_t *index)
{
    static wo_handle handles[MAX_HANDLES];
    char *rest = command, *kind = strtok_r(rest, " ", &rest), *word;
    size_t n = 0;
    while ((word = strtok_r(rest, " ", &rest)) != NULL) {
        size_t i = (size_t)strtoul(word, &word, 10) % names;
        /* "2*300": three hundred times. */
        size_t times = *word == '*' ? (size_t)strtoul(word + 1, NULL, 10) : 1;
        while (times-- > 0 && n < MAX_HANDLES - 1)
            handles[n++] = named[i];
    }
    if (strcmp(kind, "all") == 0)
        return wo_wait_all(handles, n, WO_INFINITE);
    if (strcmp(kind, "one") == 0)
        return wo_wait(handles[0], WO_INFINITE);
    if (strcmp(kind, "proc") == 0) {
        int rc = wo_process_open(&handles[n], getppid(), WO_ACCESS_WAIT);
        if (rc < 0)
            return rc;
        rc = wo_wait_any(handles, n + 1, WO_INFINITE, index);
        wo_close(handles[n]);
        return rc;
    }
    return wo_wait_any(handles, n, WO_INFINITE, index);
}

int crash_role_waiter(int argc, char **argv)
{
    wo_handle named[MAX_NAMES];
    size_t names = (size_t)argc - 1;
    char line[256];
    for (size_t i = 0; i < names; i++)
        if (wo_event_open(&named[i], argv[i + 1], WO_ACCESS_ALL) != 0)
            return 1;
    wo_test_say("ready");
    while (wo_test_hear(line, sizeof line)) {
        size_t index = 0;
        wo_test_say("in");
        int rc = wait_as_told(line, named, names, &index);
        wo_test_say("%d %zu", rc, index);
    }
    return 0;
}

void crash_let_wait(struct wo_test_child *waiter, const char *command)
{
    wo_test_send(waiter, "%s", command);
    wo_test_expect(waiter, "in");
    assert_true(wo_test_blocked(waiter->pid));
}
