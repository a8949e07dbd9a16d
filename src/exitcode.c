/* exitcode.c: exit codes of 32 bits; see exitcode.h.
 *
 * The record's cell: state 0, no code; state 1, data[0] is the code. It never changes after that.
 * Its name: the pid and what tells processes with that pid apart (platform/process.h).
 */
#include "exitcode.h"

#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "arena.h"
#include "name.h"

enum { SCOPE = 'P', EMPTY = 0, STORED = 1 };

static uint64_t ready_at(struct wo__arena *a, struct wo__cell *c)
{
    (void)a;
    return c->state == STORED ? 0 : WO__NEVER;
}

static bool valid(const struct wo__cell *c)
{
    return c->state == EMPTY || c->state == STORED;
}

const struct wo__type wo__exit_record_type = {
    .name = "exit record",
    .id = WO__TYPE_EXIT_RECORD,
    .ready_at = ready_at,
    .valid = valid,
};

static void init_record(struct wo__arena *a, struct wo__cell *c, const void *how)
{
    (void)a;
    (void)how;
    c->state = EMPTY;
}

static void name_record(const struct wo__pid *p, char name[48])
{
    snprintf(name, 48, "%ld.%" PRIx64, (long)p->pid, p->identity);
}

int wo__exit_record_hold(const struct wo__pid *p, struct wo__object **out)
{
    char name[48];
    name_record(p, name);
    return wo__named_create(&wo__exit_record_type, SCOPE, name, init_record, NULL, out, NULL);
}

int wo__exit_record_store(struct wo__object *record, uint32_t code)
{
    struct wo__arena *a;
    int rc = wo__object_lock(record, &a);
    if (rc < 0)
        return rc;
    struct wo__cell *c = wo__cell_at(a, record->cell);
    bool empty = c->state == EMPTY;
    if (empty) {
        wo__tx_set(a, &c->data[0], code);
        wo__tx_set(a, &c->state, STORED);
    }
    rc = wo__arena_commit(a);
    return rc < 0 ? rc : empty ? 0 : -EALREADY;
}

int wo__exit_record_load(struct wo__object *record, uint32_t *code)
{
    struct wo__arena *a;
    int rc = wo__object_lock(record, &a);
    if (rc < 0)
        return rc;
    const struct wo__cell *c = wo__cell_at(a, record->cell);
    bool stored = c->state == STORED;
    uint32_t found = c->data[0];
    rc = wo__arena_commit(a);
    if (rc < 0 || !stored)
        return rc < 0 ? rc : -ENODATA;
    *code = found;
    return 0;
}

/* The system tells the 8 bits to everybody who asks, so a code that fits needs no record; looking
 * for one costs the least when the shared arena is mapped anyway. */
static bool worth_storing(uint32_t code)
{
    return code > 255 || wo__shared_arena_attached() || !wo__pid_status_is_public();
}

void wo__exit_record_store_own(uint32_t code)
{
    struct wo__pid self;
    struct wo__object *record;
    char name[48];
    if (!worth_storing(code) || wo__pid_open(&self, getpid()) < 0)
        return;
    name_record(&self, name);
    wo__pid_close(&self);
    if (wo__named_open(&wo__exit_record_type, SCOPE, name, &record) < 0)
        return;
    (void)wo__exit_record_store(record, code);
    wo__object_release(record);
}

/* ---- What the system tells ------------------------------------------------------------------ */

struct signal_code {
    int signal;
    uint32_t code;
};

/* As the same mishap ends a process on Windows. SIGTERM and SIGHUP are what a console window that
 * is closed does to its processes; SIGABRT is the C runtime's abort. */
static const struct signal_code signal_codes[] = {
    {SIGSEGV, 0xC0000005}, /* STATUS_ACCESS_VIOLATION */
    {SIGBUS, 0xC0000006},  /* STATUS_IN_PAGE_ERROR */
    {SIGILL, 0xC000001D},  /* STATUS_ILLEGAL_INSTRUCTION */
    {SIGFPE, 0xC0000094},  /* STATUS_INTEGER_DIVIDE_BY_ZERO */
    {SIGTRAP, 0x80000003}, /* STATUS_BREAKPOINT */
    {SIGINT, 0xC000013A},  /* STATUS_CONTROL_C_EXIT */
    {SIGQUIT, 0xC000013A}, {SIGTERM, 0xC000013A}, {SIGHUP, 0xC000013A},
    {SIGABRT, 3},
};

uint32_t wo__exit_code_of_status(int status)
{
    if (WIFEXITED(status))
        return (uint32_t)WEXITSTATUS(status);
    int number = WTERMSIG(status);
    for (size_t i = 0; i < sizeof signal_codes / sizeof signal_codes[0]; i++) {
        if (signal_codes[i].signal == number)
            return signal_codes[i].code;
    }
    return 0xE0000000u + (uint32_t)number;
}

bool wo__exit_code_matches(uint32_t code, int status)
{
    if (WIFEXITED(status))
        return (code & 0xff) == (uint32_t)WEXITSTATUS(status);
    return WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
}
