/* test_process.c: processes as objects: exit codes of 32 bits by every way to end, whoever asks;
 * other people's children; what is left behind. */
#include "support.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "platform/process.h"
#include "waitobj/waitobj.h"

extern char **environ;

#ifdef WO_TEST_NO_PIDFD
/* The same tests as on a kernel without pidfd; the roles inherit it. */
__attribute__((constructor)) static void forbid_pidfd(void)
{
    setenv("WAITOBJ_TEST_NO_PIDFD", "1", 1);
}
#endif

/* WO_NO_HANDLE: it could not be started. The try_ functions are for roles, too. */
static wo_handle try_start_role(const char *role, const char *a, const char *b)
{
    char *argv[] = {(char *)wo_test_program(), (char *)"--role", (char *)"60", (char *)"61",
                    (char *)role, (char *)a, (char *)b, NULL};
    struct wo_spawn how = {.argv = argv};
    wo_handle h = WO_NO_HANDLE;
    (void)wo_process_spawn(&h, &how);
    return h;
}

/* -1: something went wrong. */
static int64_t try_finish(wo_handle h)
{
    uint32_t code;
    if (wo_wait(h, (int64_t)WO_TEST_PATIENCE_NS) < 0 || wo_process_exit_code(h, &code) < 0)
        return -1;
    return wo_close(h) == 0 ? (int64_t)code : -1;
}

static wo_handle start_role(const char *role, const char *a, const char *b)
{
    wo_handle h = try_start_role(role, a, b);
    assert_ptr_not_equal(h, WO_NO_HANDLE);
    return h;
}

static wo_handle start_sleeper(void)
{
    char *argv[] = {(char *)"sleep", (char *)"100", NULL};
    struct wo_spawn how = {.argv = argv};
    wo_handle h = WO_NO_HANDLE;
    assert_int_equal(wo_process_spawn(&h, &how), 0);
    return h;
}

static wo_handle open_pid(int64_t pid, uint32_t access)
{
    wo_handle h = WO_NO_HANDLE;
    assert_int_equal(wo_process_open(&h, pid, access), 0);
    return h;
}

static int64_t pid_of(wo_handle h)
{
    int64_t pid = 0;
    assert_int_equal(wo_process_id(h, &pid), 0);
    return pid;
}

static void await_end(wo_handle h)
{
    assert_int_equal(wo_wait(h, (int64_t)WO_TEST_PATIENCE_NS), 0);
}

static uint32_t code_of(wo_handle h)
{
    uint32_t code = 0xBAD;
    assert_int_equal(wo_process_exit_code(h, &code), 0);
    return code;
}

static uint32_t finish(wo_handle h)
{
    await_end(h);
    uint32_t code = code_of(h);
    assert_int_equal(wo_close(h), 0);
    return code;
}

/* Whether the system tells everybody the exit status, or only the parent. */
static bool status_is_public(void)
{
    return wo__pid_status_is_public();
}

/* ---- Roles ---------------------------------------------------------------------------------- */

static void *exit_on_thread(void *code)
{
    wo_process_exit(*(uint32_t *)code);
}

static int exit_in_thread(uint32_t code)
{
    pthread_t t;
    pthread_create(&t, NULL, exit_on_thread, &code);
    pthread_join(t, NULL);
    return 1;
}

/* Ends in a way: return, exit, wo, thread, self. */
static int role_ends(int argc, char **argv)
{
    uint32_t code = argc == 3 ? (uint32_t)strtoul(argv[2], NULL, 0) : 1;
    const char *way = argc == 3 ? argv[1] : "";
    if (strcmp(way, "return") == 0)
        return (int)code;
    if (strcmp(way, "exit") == 0)
        exit((int)code);
    if (strcmp(way, "wo") == 0)
        wo_process_exit(code);
    if (strcmp(way, "thread") == 0)
        return exit_in_thread(code);
    if (strcmp(way, "self") == 0)
        (void)wo_process_terminate((wo_handle)(intptr_t)-1, code);
    if (strcmp(way, "open-self") == 0) {
        wo_handle h;
        if (wo_process_open(&h, getpid(), WO_ACCESS_TERMINATE) == 0)
            (void)wo_process_terminate(h, code);
    }
    return 1;
}

static int role_raises(int argc, char **argv)
{
    signal(argc == 2 ? atoi(argv[1]) : 0, SIG_DFL);
    raise(argc == 2 ? atoi(argv[1]) : 0);
    return 1;
}

/* Opens a pid, says so, waits for its end and says the code. */
static int role_watches(int argc, char **argv)
{
    wo_handle h;
    uint32_t code = 0;
    int rc = wo_process_open(&h, argc > 1 ? atoi(argv[1]) : 0, WO_ACCESS_WAIT | WO_ACCESS_QUERY);
    wo_test_say("%d", rc);
    if (rc < 0)
        return 1;
    rc = wo_wait(h, (int64_t)WO_TEST_PATIENCE_NS);
    if (rc == 0)
        rc = wo_process_exit_code(h, &code);
    wo_test_say("%d %x", rc, code);
    return 0;
}

static int role_terminates(int argc, char **argv)
{
    wo_handle h;
    int rc = wo_process_open(&h, argc > 2 ? atoi(argv[1]) : 0, WO_ACCESS_TERMINATE);
    if (rc == 0)
        rc = wo_process_terminate(h, (uint32_t)strtoul(argv[2], NULL, 0));
    return -rc;
}

/* Says its pid and ends with 0x1234567 when told to. */
static int role_obeys(int argc, char **argv)
{
    (void)argc;
    (void)argv;
    wo_test_say("%ld", (long)getpid());
    wo_test_await("end");
    return 0x1234567;
}

/* Starts a child and forks; the copy sees the child's end and code and takes neither away. */
static int role_forks(int argc, char **argv)
{
    (void)argc;
    (void)argv;
    wo_handle h = try_start_role("ends", "wo", "0xDEADBEEF");
    uint32_t code = 0;
    int status = 0;
    pid_t copy = fork();
    if (copy == 0) {
        int rc = wo_wait(h, (int64_t)WO_TEST_PATIENCE_NS);
        rc = rc < 0 ? rc : wo_process_exit_code(h, &code);
        _exit(rc == 0 && code == 0xDEADBEEF ? 21 : rc < 0 ? -rc : 1);
    }
    if (copy < 0 || waitpid(copy, &status, 0) != copy || !WIFEXITED(status))
        return 2;
    if (WEXITSTATUS(status) != 21)
        return 30 + WEXITSTATUS(status);
    if (wo_wait(h, 0) != 0 || wo_process_exit_code(h, &code) < 0)
        return 3;
    return code == 0xDEADBEEF ? 0 : 4;
}

/* ---- Exit codes ----------------------------------------------------------------------------- */

static void every_way_to_end_tells_the_whole_code(void **state)
{
    static const char *const ways[] = {"return", "exit", "wo", "thread", "self", "open-self"};
    static const char *const codes[] = {"0", "1", "255", "256", "259", "0xDEADBEEF", "0xFFFFFFFF"};
    (void)state;
    for (size_t w = 0; w < sizeof ways / sizeof ways[0]; w++) {
        for (size_t c = 0; c < sizeof codes / sizeof codes[0]; c++) {
            uint32_t got = finish(start_role("ends", ways[w], codes[c]));
            if (got != (uint32_t)strtoul(codes[c], NULL, 0))
                fail_msg("%s with %s gave %x", ways[w], codes[c], got);
        }
    }
}

static void running_is_259(void **state)
{
    (void)state;
    wo_handle h = start_sleeper();
    assert_int_equal(code_of(h), WO_STILL_ACTIVE);
    assert_int_equal(wo_wait(h, 0), -ETIMEDOUT);
    assert_int_equal(wo_process_terminate(h, WO_STILL_ACTIVE), 0);
    assert_int_equal(finish(h), WO_STILL_ACTIVE);
}

static void the_parent_terminates(void **state)
{
    static const uint32_t codes[] = {0, 1, 255, 256, 259, 0xDEADBEEF, 0xC0000005};
    (void)state;
    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++) {
        wo_handle h = start_sleeper();
        int64_t pid = pid_of(h);
        assert_int_equal(wo_process_terminate(h, codes[i]), 0);
        await_end(h);
        assert_int_equal(wo_process_terminate(h, 5), -EACCES);
        assert_int_equal(code_of(h), codes[i]);
        assert_int_equal(pid_of(h), pid);
        assert_int_equal(wo_test_state((pid_t)pid), 0); /* reaped */
        assert_int_equal(wo_close(h), 0);
    }
}

static void a_third_process_terminates(void **state)
{
    (void)state;
    wo_handle victim = start_sleeper();
    char pid[24];
    snprintf(pid, sizeof pid, "%lld", (long long)pid_of(victim));
    assert_int_equal(finish(start_role("terminates", pid, "0xDEADBEEF")), 0);
    assert_int_equal(finish(victim), 0xDEADBEEF);
}

/* Watcher and watched are no relatives; the watched one's parent knows nothing of the library. */
static void a_stranger_learns_the_whole_code(void **state)
{
    struct wo_test_child watched, watcher;
    char pid[24];
    (void)state;
    wo_test_spawn(&watched, "obeys", NULL);
    snprintf(pid, sizeof pid, "%s", wo_test_receive(&watched));
    wo_test_spawn(&watcher, "watches", pid, NULL);
    wo_test_expect(&watcher, "0");
    wo_test_send(&watched, "end");
    /* Ended, and not reaped: that is the parent's affair. */
    wo_test_expect(&watcher, "0 1234567");
    wo_test_expect_exit(&watcher, 0);
    wo_test_expect_exit(&watched, 0x67);
}

static void signals_have_codes(void **state)
{
    static const struct {
        int number;
        uint32_t code;
    } table[] = {
        {SIGSEGV, 0xC0000005}, {SIGBUS, 0xC0000006}, {SIGILL, 0xC000001D}, {SIGFPE, 0xC0000094},
        {SIGTRAP, 0x80000003}, {SIGINT, 0xC000013A}, {SIGTERM, 0xC000013A}, {SIGABRT, 3},
        {SIGKILL, 0xE0000000 + SIGKILL},             {SIGUSR1, 0xE0000000 + SIGUSR1},
    };
    (void)state;
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        char number[12];
        snprintf(number, sizeof number, "%d", table[i].number);
        assert_int_equal(finish(start_role("raises", number, NULL)), table[i].code);
    }
}

/* ---- Whose child ---------------------------------------------------------------------------- */

static pid_t spawn_foreign(const char *script)
{
    char *argv[] = {(char *)"sh", (char *)"-c", (char *)script, NULL};
    pid_t pid;
    assert_int_equal(posix_spawn(&pid, "/bin/sh", NULL, NULL, argv, environ), 0);
    return pid;
}

static void other_children_are_not_reaped(void **state)
{
    int status = 0;
    (void)state;
    pid_t pid = spawn_foreign("exit 44");
    wo_handle h = open_pid(pid, WO_ACCESS_WAIT | WO_ACCESS_QUERY);
    await_end(h);
    assert_int_equal(code_of(h), 44);
    assert_int_equal(wo_close(h), 0);
    assert_int_equal(wo_test_state(pid), 'Z');
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_int_equal(WEXITSTATUS(status), 44);
}

/* The program reaps everybody, also what is ours. */
static void the_program_may_reap_our_child(void **state)
{
    uint32_t code = 0;
    int status;
    (void)state;
    wo_handle plain = start_role("ends", "exit", "33");
    assert_int_equal(waitpid(-1, &status, 0), pid_of(plain));
    await_end(plain);
    int rc = wo_process_exit_code(plain, &code);
    if (status_is_public() || rc == 0)
        assert_int_equal(code, 33);
    else
        assert_int_equal(rc, -ECHILD);
    assert_int_equal(wo_close(plain), 0);
    wo_handle wide = start_role("ends", "exit", "0x10021");
    assert_int_equal(waitpid(-1, &status, 0), pid_of(wide));
    assert_int_equal(finish(wide), 0x10021);
}

/* A process that was reaped by its parent before anybody asked for the code. */
static void the_code_survives_reaping(void **state)
{
    uint32_t code = 0;
    (void)state;
    pid_t pid = spawn_foreign("exit 45");
    wo_handle h = open_pid(pid, WO_ACCESS_WAIT | WO_ACCESS_QUERY);
    assert_int_equal(waitpid(pid, NULL, 0), pid);
    await_end(h);
    int rc = wo_process_exit_code(h, &code);
    assert_true(rc == 0 ? code == 45 : rc == -ECHILD && !status_is_public());
    assert_int_equal(wo_close(h), 0);
}

/* A program that ignores SIGCHLD has its children reaped by the system. */
static void children_that_nobody_reaps(void **state)
{
    (void)state;
    signal(SIGCHLD, SIG_IGN);
    wo_handle h = start_role("ends", "exit", "0xABCDE");
    assert_int_equal(finish(h), 0xABCDE);
    signal(SIGCHLD, SIG_DFL);
}

static void a_copy_of_us_is_no_parent(void **state)
{
    struct wo_test_child child;
    (void)state;
    wo_test_spawn(&child, "forks", NULL);
    wo_test_expect_exit(&child, 0);
}

/* Closed before the end: reaped at a later start or close, and not before. */
static void orphans_are_reaped_later(void **state)
{
    (void)state;
    wo_handle h = start_sleeper();
    pid_t pid = (pid_t)pid_of(h);
    assert_int_equal(wo_close(h), 0);
    h = open_pid(pid, WO_ACCESS_WAIT | WO_ACCESS_TERMINATE | WO_ACCESS_QUERY);
    assert_int_equal(wo_process_terminate(h, 300), 0);
    assert_int_equal(finish(h), 300);
    assert_int_equal(wo_test_state(pid), 0);

    h = start_sleeper();
    pid = (pid_t)pid_of(h);
    assert_int_equal(wo_close(h), 0);
    kill(pid, SIGKILL);
    wo_test_eventually(wo_test_state(pid) == 'Z');
    h = start_sleeper();
    assert_int_equal(wo_test_state(pid), 0);
    assert_int_equal(wo_process_terminate(h, 0), 0);
    (void)finish(h);
}

static void many_orphans(void **state)
{
    enum { COUNT = 40 };
    pid_t pid[COUNT];
    (void)state;
    for (int i = 0; i < COUNT; i++) {
        wo_handle h = start_sleeper();
        pid[i] = (pid_t)pid_of(h);
        assert_int_equal(wo_close(h), 0);
    }
    for (int i = 0; i < COUNT; i++) {
        kill(pid[i], SIGKILL);
        wo_test_eventually(wo_test_state(pid[i]) == 'Z' || wo_test_state(pid[i]) == 0);
    }
    for (int i = 0; i < COUNT; i++)
        (void)finish(start_role("ends", "return", "0"));
    assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
    assert_int_equal(errno, ECHILD);
}

static void opening_our_own_child(void **state)
{
    (void)state;
    wo_handle h = start_role("ends", "wo", "0x54321"), other;
    other = open_pid(pid_of(h), WO_ACCESS_WAIT | WO_ACCESS_QUERY);
    assert_int_equal(finish(h), 0x54321);
    assert_int_equal(wo_wait(other, 0), 0);
    assert_int_equal(finish(other), 0x54321);
}

/* ---- Handles -------------------------------------------------------------------------------- */

static void opening_nobody(void **state)
{
    wo_handle h = (wo_handle)-7;
    (void)state;
    static const int64_t nobody[] = {0, -1, INT64_MIN, INT64_MAX, 0x7FFFFFF0, 0x100000000 + 1};
    for (size_t i = 0; i < sizeof nobody / sizeof nobody[0]; i++)
        assert_int_equal(wo_process_open(&h, nobody[i], WO_ACCESS_WAIT), -EINVAL);
    assert_ptr_equal(h, (wo_handle)-7);
    pid_t pid = spawn_foreign("exit 0");
    assert_int_equal(waitpid(pid, NULL, 0), pid);
    assert_int_equal(wo_process_open(&h, pid, WO_ACCESS_WAIT), -EINVAL);
}

static void rights_are_checked(void **state)
{
    uint32_t code = 0xBAD;
    int64_t pid;
    (void)state;
    wo_handle all = start_sleeper();
    wo_handle wait = open_pid(pid_of(all), WO_ACCESS_WAIT);
    wo_handle query = open_pid(pid_of(all), 0x400); /* the wider right implies the limited one */
    wo_handle kill_only = open_pid(pid_of(all), WO_ACCESS_TERMINATE);
    assert_int_equal(wo_process_exit_code(wait, &code), -EACCES);
    assert_int_equal(wo_process_id(wait, &pid), -EACCES);
    assert_int_equal(wo_process_terminate(wait, 1), -EACCES);
    assert_int_equal(wo_wait(query, 0), -EACCES);
    assert_int_equal(wo_process_terminate(query, 1), -EACCES);
    assert_int_equal(wo_process_exit_code(query, &code), 0);
    assert_int_equal(code, WO_STILL_ACTIVE);
    assert_int_equal(wo_process_exit_code(kill_only, &code), -EACCES);
    assert_int_equal(wo_process_terminate(kill_only, 66), 0);
    assert_int_equal(wo_close(kill_only), 0);
    assert_int_equal(wo_close(wait), 0);
    assert_int_equal(finish(all), 66);
    assert_int_equal(code_of(query), 66);
    assert_int_equal(wo_close(query), 0);
}

static void ourselves(void **state)
{
    wo_handle current = (wo_handle)(intptr_t)-1, h;
    (void)state;
    assert_int_equal(pid_of(current), getpid());
    assert_int_equal(code_of(current), WO_STILL_ACTIVE);
    h = open_pid(getpid(), WO_ACCESS_WAIT | WO_ACCESS_QUERY);
    assert_int_equal(wo_wait(h, 0), -ETIMEDOUT);
    assert_int_equal(code_of(h), WO_STILL_ACTIVE);
    assert_int_equal(pid_of(h), getpid());
    assert_int_equal(wo_close(h), 0);
}

static void wrong_handles(void **state)
{
    wo_handle event, bad[] = {WO_NO_HANDLE, (wo_handle)4, (wo_handle)(intptr_t)-2, NULL};
    uint32_t code = 7;
    int64_t pid = 7;
    (void)state;
    assert_int_equal(wo_event_create(&event, NULL, 0, NULL), 0);
    bad[3] = event;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_int_equal(wo_process_exit_code(bad[i], &code), -EBADF);
        assert_int_equal(wo_process_id(bad[i], &pid), -EBADF);
        assert_int_equal(wo_process_terminate(bad[i], 0), -EBADF);
        assert_int_equal(wo_process_resume(bad[i]), -EBADF);
    }
    assert_int_equal(wo_process_exit_code(event, NULL), -EINVAL);
    assert_int_equal(wo_process_id(event, NULL), -EINVAL);
    assert_int_equal(wo_process_open(NULL, 1, 0), -EINVAL);
    assert_true(code == 7 && pid == 7);
    assert_int_equal(wo_close(event), 0);
}

static void a_pollable_descriptor(void **state)
{
    int fd = -1;
    (void)state;
    wo_handle h = start_sleeper();
    int rc = wo_pollfd(h, &fd);
    if (rc == 0) {
        struct pollfd look = {.fd = fd, .events = POLLIN};
        assert_int_equal(poll(&look, 1, 0), 0);
        kill((pid_t)pid_of(h), SIGKILL);
        assert_int_equal(poll(&look, 1, (int)(WO_TEST_PATIENCE_NS / WO_TEST_MS)), 1);
        assert_int_equal(wo_wait(h, 0), 0);
    } else {
        assert_int_equal(rc, -ENOTSUP); /* no pidfd here */
        assert_int_equal(wo_process_terminate(h, 0), 0);
    }
    (void)finish(h);
}

/* Without the shared arena codes have 8 bits, and everything else works. */
static void without_the_shared_arena(void **state)
{
    char *argv[] = {(char *)wo_test_program(), (char *)"--role", (char *)"60", (char *)"61",
                    (char *)"no_arena", NULL};
    struct wo_spawn how = {.argv = argv};
    wo_handle h;
    char *saved = strdup(getenv("WAITOBJ_RUNTIME_DIR"));
    (void)state;
    assert_int_equal(setenv("WAITOBJ_RUNTIME_DIR", "/proc/no-such-place", 1), 0);
    assert_int_equal(wo_process_spawn(&h, &how), 0);
    assert_int_equal(setenv("WAITOBJ_RUNTIME_DIR", saved, 1), 0);
    free(saved);
    assert_int_equal(finish(h), 0);
}

static int role_no_arena(int argc, char **argv)
{
    uint32_t code = 0;
    wo_handle h;
    char *sleeper[] = {(char *)"sleep", (char *)"100", NULL};
    struct wo_spawn how = {.argv = sleeper};
    (void)argc;
    (void)argv;
    if (try_finish(try_start_role("ends", "wo", "0x1234")) != 0x34)
        return 1;
    if (wo_process_spawn(&h, &how) != 0 || wo_process_terminate(h, 0x1234) != 0)
        return 2;
    if (wo_wait(h, -1) != 0 || wo_process_exit_code(h, &code) != 0)
        return 3;
    return code == 0x1234 ? 0 : 4;
}

/* ---- What is left --------------------------------------------------------------------------- */

static void nothing_is_left(void **state)
{
    struct wo_usage before, after;
    (void)state;
    assert_int_equal(finish(start_role("ends", "wo", "0x100")), 0x100);
    size_t descriptors = wo_test_fd_count();
    assert_int_equal(wo_usage(&before), 0);
    for (int i = 0; i < 50; i++) {
        wo_handle h = start_role("ends", "wo", "0x100");
        wo_handle again = open_pid(pid_of(h), WO_ACCESS_WAIT | WO_ACCESS_QUERY);
        assert_int_equal(finish(h), 0x100);
        assert_int_equal(finish(again), 0x100);
    }
    assert_int_equal(wo_test_fd_count(), descriptors);
    assert_int_equal(wo_usage(&after), 0);
    assert_int_equal(after.handles, before.handles);
    assert_int_equal(after.shared_objects, before.shared_objects);
    assert_int_equal(after.processes, before.processes);
    assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
}

/* Starts, waits and closes until it is killed. */
static int role_starts(int argc, char **argv)
{
    (void)argc;
    (void)argv;
    wo_test_say("starting");
    for (;;)
        if (try_finish(try_start_role("ends", "wo", "0x100")) != 0x100)
            return 1;
}

static bool usage_is(const struct wo_usage *expected)
{
    struct wo_usage now;
    return wo_usage(&now) == 0 && now.shared_objects == expected->shared_objects &&
           now.processes == expected->processes;
}

/* Killed at any moment, also between the birth of a child and its record. */
static void killed_parents_leave_nothing(void **state)
{
    struct wo_test_child child;
    struct wo_usage before;
    (void)state;
    assert_int_equal(finish(start_role("ends", "wo", "0x100")), 0x100);
    assert_int_equal(wo_usage(&before), 0);
    for (unsigned i = wo_test_rounds(30, 3000); i; i--) {
        wo_test_spawn(&child, "starts", NULL);
        wo_test_expect(&child, "starting");
        for (uint32_t ms = wo_test_random_below(10); ms; ms--)
            wo_test_pause();
        wo_test_kill(&child);
    }
    wo_test_eventually(usage_is(&before));
}

static const struct wo_test_role roles[] = {
    {"starts", role_starts},
    {"ends", role_ends},         {"raises", role_raises}, {"watches", role_watches},
    {"terminates", role_terminates}, {"obeys", role_obeys}, {"forks", role_forks},
    {"no_arena", role_no_arena}, {NULL, NULL},
};

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(every_way_to_end_tells_the_whole_code),
    cmocka_unit_test(running_is_259),
    cmocka_unit_test(the_parent_terminates),
    cmocka_unit_test(a_third_process_terminates),
    cmocka_unit_test(a_stranger_learns_the_whole_code),
    cmocka_unit_test(signals_have_codes),
    cmocka_unit_test(other_children_are_not_reaped),
    cmocka_unit_test(the_program_may_reap_our_child),
    cmocka_unit_test(the_code_survives_reaping),
    cmocka_unit_test(children_that_nobody_reaps),
    cmocka_unit_test(a_copy_of_us_is_no_parent),
    cmocka_unit_test(orphans_are_reaped_later),
    cmocka_unit_test(many_orphans),
    cmocka_unit_test(opening_our_own_child),
    cmocka_unit_test(opening_nobody),
    cmocka_unit_test(rights_are_checked),
    cmocka_unit_test(ourselves),
    cmocka_unit_test(wrong_handles),
    cmocka_unit_test(a_pollable_descriptor),
    cmocka_unit_test(without_the_shared_arena),
    cmocka_unit_test(killed_parents_leave_nothing),
    cmocka_unit_test(nothing_is_left),
};

WO_TEST_MAIN(tests, roles)
