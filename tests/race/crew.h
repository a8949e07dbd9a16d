/* crew.h: members that wait and signal on command, as threads or as processes.
 *
 * A test over a crew is written once and runs three times: members as threads of the test on
 * unnamed events, as threads on named events, and as processes on named events. Members only do
 * what they are told and report the result; assertions are the test's.
 *
 * "Blocked" is seen in the arena: a wait counts from the instant it stands in the object's queue,
 * whether its thread sleeps yet or not. */
#ifndef WO_TEST_CREW_H
#define WO_TEST_CREW_H

#include "support.h"
#include "waitobj/waitobj.h"

enum crew_kind { CREW_PRIVATE, CREW_NAMED, CREW_PROCESSES };
enum { CREW_MAX = 16, CREW_EVENTS = 8, CREW_NO_TIMEOUT = -1 };

/* op: 'w' wait for any of `count` events from `first`, 'a' for all of them, 's' set, 'r' reset,
 * 'b' set and reset at once, 'p' pulse. */
struct crew_order {
    char op;
    unsigned first, count;
    int64_t timeout_ns;
};

struct crew_member {
    struct wo_test_thread thread;
    struct wo_test_child child;
    struct crew *crew;
    pthread_mutex_t lock; /* guards order, has_order, result, has_result, ends */
    pthread_cond_t change;
    struct crew_order order;
    int result;
    bool has_order, has_result, ends;
};

struct crew {
    enum crew_kind kind;
    size_t size, event_count;
    wo_handle events[CREW_EVENTS];
    struct crew_member members[CREW_MAX];
};

/* kinds: a letter per event, 'a' auto-reset, 'm' manual-reset; all non-signaled. */
void crew_open(struct crew *c, enum crew_kind kind, size_t size, const char *kinds);
void crew_close(struct crew *c);

void crew_order(struct crew *c, size_t member, char op, unsigned first, unsigned count,
                int64_t timeout_ns);
/* Index of the event that satisfied the wait, 0 for everything else, or a negative errno. */
int crew_result(struct crew *c, size_t member);
/* Members that are threads only: is there a result to fetch? */
bool crew_has_result(struct crew *c, size_t member);
/* Every member below `end` from `begin` waits without limit for any of the events. */
void crew_wait(struct crew *c, size_t begin, size_t end, unsigned first, unsigned count);
/* Each of these members must report 0. */
void crew_expect_released(struct crew *c, size_t begin, size_t end);

/* The role of a member that is a process. */
int crew_role(int argc, char **argv);

/* ---- Looking into the arena; any dispatcher object ------------------------------------------ */
/* How many waits stand in the object's queue, pollable descriptors not counted. */
size_t queued_on(wo_handle h);
/* Is it signaled? Changes nothing. */
bool signaled(wo_handle h);

/* Three tests of one body. */
#define CREW_TESTS(body)                                                                           \
    static void body##_private(void **state)                                                       \
    {                                                                                              \
        (void)state;                                                                               \
        body(CREW_PRIVATE);                                                                        \
    }                                                                                              \
    static void body##_named(void **state)                                                         \
    {                                                                                              \
        (void)state;                                                                               \
        body(CREW_NAMED);                                                                          \
    }                                                                                              \
    static void body##_processes(void **state)                                                     \
    {                                                                                              \
        (void)state;                                                                               \
        body(CREW_PROCESSES);                                                                      \
    }
#define CREW_LIST(body)                                                                            \
    cmocka_unit_test(body##_private), cmocka_unit_test(body##_named),                              \
        cmocka_unit_test(body##_processes)

#endif
