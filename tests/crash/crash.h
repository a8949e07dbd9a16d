/* crash.h: what the crash tests share: dying at a chosen point, looking into the arena, counts. */
#ifndef WO_CRASH_H
#define WO_CRASH_H

#include "support.h"
#include "waitobj/waitobj.h"

/* ---- Dying (in a role) ----------------------------------------------------------------------- */

/* From now on this process dies by SIGKILL at its n-th test point; with `only`, at the n-th of that
 * name. It tells the test "at <name>" first. 0: never. */
void crash_at(unsigned n, const char *only);
void crash_never(void);

/* In the test: lets a child that has said "ready" begin, and waits until it has died ("at …") or
 * says "done". The dead one is reaped. True: died; *where (static) is the point's name. */
bool crash_go(struct wo_test_child *victim, const char **where);

/* ---- Looking into the arena ------------------------------------------------------------------ */

struct crash_look {
    uint32_t state; /* of an event: is it signaled? */
    unsigned queue; /* blocks in its queue */
};
/* Changes nothing; {UINT32_MAX} when the arena cannot be locked. */
struct crash_look crash_look(wo_handle h);

/* ---- Counting -------------------------------------------------------------------------------- */

struct crash_counts {
    struct wo_usage usage;
    size_t files, fds;
};
/* Makes this process open what the library opens on first use and keeps. */
void crash_warm_up(void);
struct crash_counts crash_count(void);
bool crash_same(const struct crash_counts *a, const struct crash_counts *b);
void crash_print(const char *what, const struct crash_counts *c);

/* ---- A living process that waits when it is told to ------------------------------------------ */

/* Role "waiter": arguments are names of events, which it opens. Says "ready". Then it does what it
 * hears: "one i", "any i j…", "all i j…": waits without limit on those events; "proc i…": on any
 * of them and on the test's process, so that it sleeps in poll. Says "in" before, "<result>
 * <index>" after. */
int crash_role_waiter(int argc, char **argv);
/* Sends the command and returns when the child sleeps in its wait. */
void crash_let_wait(struct wo_test_child *waiter, const char *command);

#endif
