/* test_kill.c: processes killed at random moments while they use named events that others use,
 * too.
 *
 * Tokens: some auto-reset events are all signaled at the start. Whoever takes one gives it back
 * later, so each is always either signaled or in somebody's hands, and no two signals ever merge.
 * What a process is about to do stands on a board in shared memory. When one was killed, everybody
 * pauses and the tokens are counted: the dead one may have had the one that the board says, or, if
 * it was in a wait, one that it was given just then. Any other token missing is a lost or
 * swallowed signal, any too many a doubled one.
 *
 * Swallowed: the dead one was first in the queue when it was killed; the next signal must release
 * one of the living behind it. */
#include "crash.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

enum { MS = 1000000, TOKENS = 2, LIVING = 2, ROLES = LIVING + 1, NAMES = 3, NOTHING = -1 };
enum phase { QUIET, WAITING, HOLDING, GIVING, PAUSED };

/* What each process does: the killed one is the last. */
struct board {
    _Atomic int phase[ROLES];
    _Atomic int token[ROLES]; /* HOLDING and GIVING: which */
    _Atomic unsigned turns[ROLES];
};
static struct board *board;
static wo_handle pause_all, go_on, token[TOKENS];

static void board_open(const char *path, int flags)
{
    int fd = open(path, O_RDWR | O_CLOEXEC | flags, 0600);
    if (fd < 0 || ftruncate(fd, sizeof *board) < 0)
        abort();
    board = mmap(NULL, sizeof *board, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (board == MAP_FAILED)
        abort();
    close(fd);
}

static void need(bool ok)
{
    if (!ok)
        _exit(96);
}

static void event_name(char name[32], const char *what, unsigned i)
{
    snprintf(name, 32, "kill.%s.%u", what, i);
}

static int event(wo_handle *h, const char *what, unsigned i, unsigned flags)
{
    char name[32];
    event_name(name, what, i);
    return wo_event_create(h, name, flags, NULL);
}

static void open_events(void)
{
    need(event(&pause_all, "pause", 0, WO_EVENT_MANUAL) == 0);
    need(event(&go_on, "go", 0, WO_EVENT_MANUAL | WO_EVENT_SIGNALED) == 0);
    for (unsigned i = 0; i < TOKENS; i++)
        need(event(&token[i], "token", i, WO_EVENT_SIGNALED) == 0);
}

/* ---- Taking and giving ----------------------------------------------------------------------- */

static void give(int who, int which)
{
    board->token[who] = which;
    board->phase[who] = GIVING;
    need(wo_event_set(token[which]) == 0);
    board->phase[who] = QUIET;
}

/* Objects come and go, under names that all processes use, with and without waits on them. */
static void churn(void)
{
    wo_handle h;
    size_t index;
    if (event(&h, "name", wo_test_random_below(NAMES), 0) != 0)
        _exit(95);
    switch (wo_test_random_below(5)) {
    case 0:
        need(wo_event_set(h) == 0);
        break;
    case 1:
        need(wo_event_pulse(h) == 0);
        break;
    case 2:
        wo_wait(h, wo_test_random_below(MS / 10));
        break;
    case 3:
        wo_wait_any((wo_handle[]){h, pause_all}, 2, wo_test_random_below(MS / 10), &index);
        break;
    default:
        wo_wait_all((wo_handle[]){h, go_on}, 2, wo_test_random_below(MS / 10));
    }
    need(wo_close(h) == 0);
}

/* One turn; false: time to pause. */
static bool turn(int who, wo_handle process)
{
    wo_handle set[TOKENS + 2] = {pause_all};
    size_t index = 0, n = 1 + TOKENS;
    unsigned first = wo_test_random_below(TOKENS);
    for (unsigned i = 0; i < TOKENS; i++)
        set[1 + i] = token[(first + i) % TOKENS];
    if (wo_test_random_below(3) == 0)
        set[n++] = process; /* sleeps in poll then */
    board->phase[who] = WAITING;
    int rc = wo_wait_any(set, n, wo_test_random_below(2) ? WO_INFINITE : MS, &index);
    if (rc == 0 && index > 0) {
        int which = (int)((first + index - 1) % TOKENS);
        board->token[who] = which;
        board->phase[who] = HOLDING;
        if (wo_test_random_below(4) == 0)
            churn();
        give(who, which);
    }
    board->phase[who] = QUIET;
    need(rc == 0 || rc == -ETIMEDOUT);
    board->turns[who]++;
    return rc != 0 || index > 0;
}

WO_NORETURN static void work(int who, wo_handle process)
{
    for (;;) {
        while (turn(who, process))
            ;
        board->phase[who] = PAUSED;
        need(wo_wait(go_on, WO_INFINITE) == 0);
        board->phase[who] = QUIET;
    }
}

/* Arguments: board, position on it. Lives on, pauses when it is told to. */
static int role_worker(int argc, char **argv)
{
    wo_handle process;
    int who = argc > 2 ? atoi(argv[2]) : 0;
    board_open(argv[1], 0);
    open_events();
    need(wo_process_open(&process, getppid(), WO_ACCESS_WAIT) == 0);
    wo_test_say("ready");
    work(who, process);
}

/* ---- The account ----------------------------------------------------------------------------- */

static void pause_workers(int count)
{
    assert_int_equal(wo_event_reset(go_on), 0);
    assert_int_equal(wo_event_set(pause_all), 0);
    for (int i = 0; i < count; i++)
        wo_test_eventually(board->phase[i] == PAUSED);
}

static void resume_workers(void)
{
    assert_int_equal(wo_event_reset(pause_all), 0);
    assert_int_equal(wo_event_set(go_on), 0);
}

/* Everybody else pauses. Puts back what the dead one had. */
static void settle(int phase, int had)
{
    int missing = 0, which = NOTHING;
    for (int i = 0; i < TOKENS; i++)
        if (crash_look(token[i]).state == 0) {
            missing++;
            which = i;
        }
    if (phase == HOLDING && (missing != 1 || which != had))
        fail_msg("the dead one held token %d; %d are missing, last %d", had, missing, which);
    if (phase == GIVING && (missing > 1 || (missing == 1 && which != had)))
        fail_msg("the dead one gave token %d; %d are missing, last %d", had, missing, which);
    if (phase == WAITING && missing > 1)
        fail_msg("the dead one waited; %d tokens are missing", missing);
    if (phase == QUIET && missing > 0)
        fail_msg("token %d is missing, nobody had it", which);
    if (missing)
        assert_int_equal(wo_event_set(token[which]), 0);
}

static void must_count(const struct crash_counts *before)
{
    struct crash_counts now = crash_count();
    if (crash_same(before, &now))
        return;
    crash_print("before", before);
    crash_print("now", &now);
    wo_test_runtime_list();
    fail_msg("something was left behind");
}

static char board_path[4096];

static void start_worker(struct wo_test_child *c, int who)
{
    char position[16];
    snprintf(position, sizeof position, "%d", who);
    board->phase[who] = QUIET;
    wo_test_spawn(c, "worker", board_path, position, NULL);
}

static void nap(uint32_t below_ns)
{
    struct timespec t = {0, wo_test_random_below(below_ns)};
    nanosleep(&t, NULL);
}

static void forget_handles(void)
{
    wo_close(pause_all);
    wo_close(go_on);
    for (int i = 0; i < TOKENS; i++)
        wo_close(token[i]);
}

static void test_tokens(void **state)
{
    struct wo_test_child living[LIVING], victim;
    unsigned rounds = wo_test_rounds(300, 10000), phases[PAUSED + 1] = {0};
    (void)state;
    snprintf(board_path, sizeof board_path, "%s/board", wo_test_runtime());
    board_open(board_path, O_CREAT);
    open_events();
    crash_warm_up();
    for (int i = 0; i < LIVING; i++) {
        start_worker(&living[i], i);
        wo_test_expect(&living[i], "ready");
    }
    /* Both have waiter records and bells, and this process has what it keeps. */
    wo_test_eventually(board->turns[0] > 30 && board->turns[1] > 30);
    pause_workers(LIVING);
    struct crash_counts before = crash_count();
    resume_workers();
    for (unsigned round = 0; round < rounds; round++) {
        start_worker(&victim, LIVING);
        if (wo_test_random_below(8)) /* else it may die while it attaches */
            wo_test_expect(&victim, "ready");
        nap(round % 2 ? 100000 : 2 * MS);
        wo_test_kill(&victim);
        int phase = board->phase[LIVING];
        phases[phase]++;
        pause_workers(LIVING);
        assert_int_equal(wo_validate(), 0);
        settle(phase, board->token[LIVING]);
        must_count(&before);
        resume_workers();
    }
    print_message("# %u kills: %u between turns, %u in a wait, %u with a token, %u giving\n",
                  rounds, phases[QUIET], phases[WAITING], phases[HOLDING], phases[GIVING]);
    unsigned turns = board->turns[0];
    wo_test_eventually(board->turns[0] > turns + 10);
    wo_test_kill_all();
    forget_handles();
}

/* ---- Dead in front of the living ------------------------------------------------------------- */

/* Waits on the probe in a way that chance chooses, then says so. */
static int role_prober(int argc, char **argv)
{
    wo_handle probe, never, process;
    bool once = argc > 1 && strcmp(argv[1], "once") == 0;
    need(event(&probe, "probe", 0, 0) == 0);
    need(event(&never, "never", 0, 0) == 0);
    need(wo_process_open(&process, getppid(), WO_ACCESS_WAIT) == 0);
    wo_test_say("ready");
    do {
        wo_handle two[] = {probe, never}, three[] = {never, probe, process};
        uint32_t kind = wo_test_random_below(3);
        int rc = kind == 0   ? wo_wait(probe, WO_INFINITE)
                 : kind == 1 ? wo_wait_any(two, 2, WO_INFINITE, NULL)
                             : wo_wait_any(three, 3, WO_INFINITE, NULL);
        wo_test_say("%d", rc);
        if (!once)
            wo_test_await("again");
    } while (!once);
    return 0;
}

static void test_swallowed(void **state)
{
    struct wo_test_child victim, living;
    unsigned rounds = wo_test_rounds(100, 3000);
    wo_handle probe, never;
    (void)state;
    assert_int_equal(event(&probe, "probe", 0, 0), 0);
    assert_int_equal(event(&never, "never", 0, 0), 0);
    wo_test_spawn(&living, "prober", "on", NULL);
    wo_test_expect(&living, "ready");
    for (unsigned round = 0; round < rounds; round++) {
        wo_test_eventually(crash_look(probe).queue == 1); /* the living one */
        wo_test_spawn(&victim, "prober", "once", NULL);
        wo_test_expect(&victim, "ready");
        if (round % 4 == 0)
            nap(MS / 4); /* killed at any moment */
        else
            wo_test_eventually(crash_look(probe).queue == 2);
        if (round % 4 == 3) {
            /* The living one goes behind the victim. */
            assert_int_equal(wo_event_set(probe), 0);
            wo_test_expect(&living, "0");
            wo_test_send(&living, "again");
            wo_test_eventually(crash_look(probe).queue == 2);
        }
        wo_test_kill(&victim);
        assert_int_equal(wo_event_set(probe), 0);
        wo_test_expect(&living, "0");
        assert_int_equal(crash_look(probe).state, 0);
        wo_test_send(&living, "again");
        assert_int_equal(wo_validate(), 0);
        crash_count(); /* the dead one, if it was last, is swept away */
    }
    wo_test_kill_all();
    wo_close(probe);
    wo_close(never);
}

static const struct wo_test_role roles[] = {
    {"worker", role_worker}, {"prober", role_prober}, {NULL, NULL}};
static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_tokens),
    cmocka_unit_test(test_swallowed),
};
WO_TEST_MAIN(tests, roles)
