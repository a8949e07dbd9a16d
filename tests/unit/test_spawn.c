/* test_spawn.c: starting programs: what goes wrong is told at once, and the child gets what it was
 * promised: arguments, environment, directory, descriptors, signals, group, priority. */
#include "support.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
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

/* argv for this program in a role, with up to three arguments. */
struct role_line {
    char *argv[9];
};

static struct role_line line_of(const char *role, const char *a, const char *b, const char *c)
{
    return (struct role_line){{(char *)wo_test_program(), (char *)"--role", (char *)"60",
                               (char *)"61", (char *)role, (char *)a, (char *)b, (char *)c, NULL}};
}

static wo_handle start(const struct wo_spawn *how)
{
    wo_handle h = WO_NO_HANDLE;
    int rc = wo_process_spawn(&h, how);
    if (rc != 0)
        fail_msg("spawn: %s", strerror(-rc));
    return h;
}

static uint32_t finish(wo_handle h)
{
    uint32_t code = 0;
    assert_int_equal(wo_wait(h, (int64_t)WO_TEST_PATIENCE_NS), 0);
    assert_int_equal(wo_process_exit_code(h, &code), 0);
    assert_int_equal(wo_close(h), 0);
    return code;
}

static uint32_t run(const struct wo_spawn *how)
{
    return finish(start(how));
}

static uint32_t run_shell(const char *script, struct wo_spawn how)
{
    char *argv[] = {(char *)"sh", (char *)"-c", (char *)script, NULL};
    how.argv = argv;
    return run(&how);
}

/* A file in the runtime directory. */
static const char *scratch(const char *name)
{
    static char path[4096];
    snprintf(path, sizeof path, "%s/%s", wo_test_runtime(), name);
    return path;
}

static void write_file(const char *path, const char *text, mode_t mode)
{
    int fd = open(path, O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0600);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, text, strlen(text)), strlen(text));
    assert_int_equal(fchmod(fd, mode), 0);
    close(fd);
}

static int try_path(const char *path, unsigned flags)
{
    char *argv[] = {(char *)"x", NULL};
    struct wo_spawn how = {.path = path, .argv = argv, .flags = flags};
    wo_handle h = (wo_handle)-7;
    int rc = wo_process_spawn(&h, &how);
    if (rc < 0)
        assert_ptr_equal(h, (wo_handle)-7);
    else
        (void)finish(h);
    return rc;
}

/* ---- Errors --------------------------------------------------------------------------------- */

static void programs_that_cannot_run_are_told_at_once(void **state)
{
    (void)state;
    for (unsigned flags = 0; flags <= WO_SPAWN_SUSPENDED; flags += WO_SPAWN_SUSPENDED) {
        assert_int_equal(try_path("/no/such/program", flags) < 0, 1);
        assert_int_equal(try_path(scratch("missing"), flags), -ENOENT);
        write_file(scratch("data"), "#!/bin/sh\n", 0600);
        assert_int_equal(try_path(scratch("data"), flags), -EACCES);
        assert_int_equal(try_path(wo_test_runtime(), flags), -EACCES);
        unlink(scratch("data"));
    }
    write_file(scratch("text"), "no program\n", 0700);
    assert_int_equal(try_path(scratch("text"), 0), -ENOEXEC);
    unlink(scratch("text"));
}

static void bad_requests(void **state)
{
    char *none[] = {NULL}, *good[] = {(char *)"true", NULL}, *lost[] = {(char *)"no-such", NULL};
    int bad_fds[] = {-2, 0, 0}, closed_fds[] = {-1, 999, -1};
    wo_handle h;
    (void)state;
    struct wo_spawn how = {.argv = NULL};
    assert_int_equal(wo_process_spawn(&h, NULL), -EINVAL);
    assert_int_equal(wo_process_spawn(&h, &how), -EINVAL);
    how.argv = none;
    assert_int_equal(wo_process_spawn(&h, &how), -EINVAL);
    how.argv = good;
    assert_int_equal(wo_process_spawn(NULL, &how), -EINVAL);
    how.flags = 0x80;
    assert_int_equal(wo_process_spawn(&h, &how), -EINVAL);
    how.flags = 0;
    how.fds = bad_fds;
    assert_int_equal(wo_process_spawn(&h, &how), -EINVAL);
    how.fds = closed_fds;
    assert_int_equal(wo_process_spawn(&h, &how), -EBADF);
    how.fds = NULL;
    how.directory = "/no/such/directory";
    assert_int_equal(wo_process_spawn(&h, &how), -ENOENT);
    how.flags = WO_SPAWN_SUSPENDED;
    assert_int_equal(wo_process_spawn(&h, &how), -ENOENT);
    how.flags = 0;
    how.directory = "/dev/null";
    assert_int_equal(wo_process_spawn(&h, &how), -ENOTDIR);
    how = (struct wo_spawn){.argv = lost};
    assert_int_equal(wo_process_spawn(&h, &how), -ENOENT);
    assert_int_equal(waitpid(-1, NULL, WNOHANG), -1); /* nothing is left of all that */
    assert_int_equal(errno, ECHILD);
}

static void too_many_arguments(void **state)
{
    enum { SIZE = 8 << 20 };
    (void)state;
    char *big = malloc(SIZE);
    assert_non_null(big);
    memset(big, 'x', SIZE - 1);
    big[SIZE - 1] = '\0';
    char *argv[] = {(char *)"true", big, NULL};
    struct wo_spawn how = {.argv = argv};
    wo_handle h;
    assert_int_equal(wo_process_spawn(&h, &how), -E2BIG);
    free(big);
}

/* ---- What the child gets -------------------------------------------------------------------- */

static int role_arguments(int argc, char **argv)
{
    static const char *const expected[] = {"arguments", "", "two words", "\"quoted\" \\"};
    if (argc != 4)
        return 1;
    for (int i = 0; i < argc; i++)
        if (strcmp(argv[i], expected[i]) != 0)
            return 2 + i;
    return 42;
}

static void arguments_arrive_as_they_are(void **state)
{
    (void)state;
    struct role_line line = line_of("arguments", "", "two words", "\"quoted\" \\");
    struct wo_spawn how = {.argv = line.argv};
    assert_int_equal(run(&how), 42);
}

static void environment_and_directory(void **state)
{
    char *env[] = {(char *)"WO_A=one two", (char *)"PATH=/usr/bin:/bin", NULL};
    (void)state;
    assert_int_equal(run_shell("test \"$WO_A\" = 'one two' && test -z \"$HOME\" && exit 5",
                               (struct wo_spawn){.envp = env}), 5);
    assert_int_equal(setenv("WO_TEST_B", "kept", 1), 0);
    assert_int_equal(run_shell("test \"$WO_TEST_B\" = kept && exit 6", (struct wo_spawn){0}), 6);
    unsetenv("WO_TEST_B");
    assert_int_equal(run_shell("test \"$(pwd -P)\" = /usr && exit 7",
                               (struct wo_spawn){.directory = "/usr"}), 7);
}

/* The path is meant from here, not from the child's directory. */
static void a_relative_path_means_this_directory(void **state)
{
    char here[4096];
    (void)state;
    assert_non_null(getcwd(here, sizeof here));
    write_file(scratch("script"), "#!/bin/sh\ntest \"$(pwd -P)\" = / && exit 9\n", 0700);
    assert_int_equal(chdir(wo_test_runtime()), 0);
    char *argv[] = {(char *)"anything", NULL};
    struct wo_spawn how = {.path = "./script", .argv = argv, .directory = "/"};
    assert_int_equal(run(&how), 9);
    argv[0] = (char *)"./script"; /* the same without a path */
    how.path = NULL;
    assert_int_equal(run(&how), 9);
    assert_int_equal(chdir(here), 0);
    unlink(scratch("script"));
}

static int make_file(const char *text)
{
    char name[] = "/tmp/waitobj-spawn-XXXXXX";
    int fd = mkstemp(name);
    assert_true(fd > 2);
    unlink(name);
    assert_int_equal(write(fd, text, strlen(text)), strlen(text));
    fcntl(fd, F_SETFD, FD_CLOEXEC);
    return fd;
}

static void expect_text(int fd, const char *text)
{
    char got[256] = "";
    assert_true(pread(fd, got, sizeof got - 1, 0) >= 0);
    assert_string_equal(got, text);
}

static void descriptors_are_put_in_place(void **state)
{
    int in = make_file("input\n"), out = make_file(""), err = make_file("");
    (void)state;
    lseek(in, 0, SEEK_SET);
    int fds[] = {in, out, err};
    assert_int_equal(run_shell("cat; echo problem >&2; exit 3", (struct wo_spawn){.fds = fds}), 3);
    expect_text(out, "input\n");
    expect_text(err, "problem\n");
    close(in);
    close(out);
    close(err);
}

/* Runs with our 0, 1 and 2 being three files, and the child's a permutation of them. */
static void permute(const int order[3], const int files[3])
{
    static const char *const names[] = {"a", "b", "c"};
    int saved[3];
    char expected[3][8];
    for (int i = 0; i < 3; i++) {
        assert_int_equal(ftruncate(files[i], 0), 0);
        lseek(files[i], 0, SEEK_SET);
        saved[i] = fcntl(i, F_DUPFD_CLOEXEC, 3);
        assert_true(saved[i] > 2);
        assert_int_equal(dup2(files[i], i), i);
    }
    uint32_t code = run_shell("printf a >&0; printf b >&1; printf c >&2; exit 4",
                              (struct wo_spawn){.fds = order});
    memset(expected, 0, sizeof expected);
    for (int i = 0; i < 3; i++)
        strcat(expected[order[i]], names[i]);
    for (int i = 0; i < 3; i++) {
        dup2(saved[i], i);
        close(saved[i]);
    }
    assert_int_equal(code, 4);
    for (int i = 0; i < 3; i++)
        expect_text(files[i], expected[i]);
}

static void standard_descriptors_can_be_permuted(void **state)
{
    int files[3] = {make_file(""), make_file(""), make_file("")};
    (void)state;
    for (int a = 0; a < 3; a++)
        for (int b = 0; b < 3; b++)
            for (int c = 0; c < 3; c++)
                permute((int[]){a, b, c}, files);
    for (int i = 0; i < 3; i++)
        close(files[i]);
}

/* Everything from 3 up that the child has. */
static int role_descriptors(int argc, char **argv)
{
    int open = 0;
    (void)argc;
    (void)argv;
    for (int fd = 3; fd < 1024; fd++)
        open += fcntl(fd, F_GETFD) >= 0;
    return open;
}

static void no_descriptor_of_the_library_leaks(void **state)
{
    struct role_line line = line_of("descriptors", NULL, NULL, NULL);
    struct wo_spawn how = {.argv = line.argv};
    wo_handle event, sleeper;
    char *sleep_argv[] = {(char *)"sleep", (char *)"100", NULL};
    struct wo_spawn sleep_how = {.argv = sleep_argv, .flags = WO_SPAWN_SUSPENDED};
    (void)state;
    uint32_t before = run(&how);
    assert_int_equal(wo_event_create(&event, "spawn-leak", 0, NULL), 0);
    sleeper = start(&sleep_how);
    assert_int_equal(run(&how), before);
    assert_int_equal(wo_process_terminate(sleeper, 0), 0);
    (void)finish(sleeper);
    assert_int_equal(wo_close(event), 0);
}

static void on_signal(int number)
{
    (void)number;
}

/* 1: SIGUSR1 not at its default; 2: SIGUSR2 not ignored; 4, 8: mask differs from the parent's. */
static int role_signals(int argc, char **argv)
{
    struct sigaction one, two;
    sigset_t mask;
    (void)argc;
    (void)argv;
    sigaction(SIGUSR1, NULL, &one);
    sigaction(SIGUSR2, NULL, &two);
    sigprocmask(SIG_BLOCK, NULL, &mask);
    return (one.sa_handler != SIG_DFL) | (two.sa_handler != SIG_IGN) << 1 |
           !sigismember(&mask, SIGHUP) << 2 | sigismember(&mask, SIGTERM) << 3;
}

static void check_signals(unsigned flags)
{
    struct role_line line = line_of("signals", NULL, NULL, NULL);
    struct wo_spawn how = {.argv = line.argv, .flags = flags};
    struct sigaction seen;
    sigset_t mask, before;
    signal(SIGUSR1, on_signal);
    signal(SIGUSR2, SIG_IGN);
    sigemptyset(&mask);
    sigaddset(&mask, SIGHUP);
    pthread_sigmask(SIG_SETMASK, &mask, &before);
    wo_handle h = start(&how);
    if (flags & WO_SPAWN_SUSPENDED)
        assert_int_equal(wo_process_resume(h), 0);
    assert_int_equal(finish(h), 0);
    pthread_sigmask(SIG_SETMASK, &before, &mask);
    assert_true(sigismember(&mask, SIGHUP) && !sigismember(&mask, SIGTERM));
    sigaction(SIGUSR1, NULL, &seen);
    assert_true(seen.sa_handler == on_signal);
    signal(SIGUSR1, SIG_DFL);
    signal(SIGUSR2, SIG_DFL);
}

static void handlers_go_and_the_mask_stays(void **state)
{
    (void)state;
    check_signals(0);
    check_signals(WO_SPAWN_SUSPENDED);
}

static int role_group(int argc, char **argv)
{
    (void)argc;
    (void)argv;
    return (getpgrp() == getpid()) | (getsid(0) == getpid()) << 1;
}

static void groups_and_sessions(void **state)
{
    struct role_line line = line_of("group", NULL, NULL, NULL);
    (void)state;
    assert_int_equal(run(&(struct wo_spawn){.argv = line.argv}), 0);
    assert_int_equal(run(&(struct wo_spawn){.argv = line.argv, .flags = WO_SPAWN_NEW_GROUP}), 1);
    assert_int_equal(run(&(struct wo_spawn){.argv = line.argv, .flags = WO_SPAWN_DETACHED}), 3);
    assert_int_equal(run(&(struct wo_spawn){.argv = line.argv,
                                            .flags = WO_SPAWN_DETACHED | WO_SPAWN_NEW_GROUP}), 3);
}

static int role_nice(int argc, char **argv)
{
    (void)argc;
    (void)argv;
    return getpriority(PRIO_PROCESS, 0);
}

static void priority_is_added(void **state)
{
    struct role_line line = line_of("nice", NULL, NULL, NULL);
    int now = getpriority(PRIO_PROCESS, 0);
    (void)state;
    assert_int_equal(run(&(struct wo_spawn){.argv = line.argv, .nice = 3}),
                     now + 3 > 19 ? 19 : now + 3);
}

/* ---- Suspended ------------------------------------------------------------------------------ */

static void suspended_runs_when_resumed(void **state)
{
    char path[4096], *argv[] = {(char *)"touch", path, NULL};
    wo_handle h;
    int64_t pid;
    (void)state;
    snprintf(path, sizeof path, "%s", scratch("ran"));
    struct wo_spawn how = {.argv = argv, .flags = WO_SPAWN_SUSPENDED};
    h = start(&how);
    assert_int_equal(wo_process_id(h, &pid), 0);
    assert_true(wo_test_blocked((pid_t)pid));
    assert_int_equal(access(path, F_OK), -1);
    assert_int_equal(wo_wait(h, 0), -ETIMEDOUT);
    assert_int_equal(wo_process_resume(h), 0);
    assert_int_equal(wo_process_resume(h), -EINVAL);
    assert_int_equal(finish(h), 0);
    assert_int_equal(access(path, F_OK), 0);
    assert_int_equal(unlink(path), 0);
}

static void suspended_can_be_ended(void **state)
{
    char *argv[] = {(char *)"true", NULL};
    struct wo_spawn how = {.argv = argv, .flags = WO_SPAWN_SUSPENDED};
    (void)state;
    wo_handle h = start(&how);
    assert_int_equal(wo_process_terminate(h, 0xABCDEF01), 0);
    assert_int_equal(finish(h), 0xABCDEF01);
}

/* Says its suspended child's pid and is killed. */
static int role_leaves_suspended(int argc, char **argv)
{
    char *child_argv[] = {(char *)"sleep", (char *)"100", NULL};
    struct wo_spawn how = {.argv = child_argv, .flags = WO_SPAWN_SUSPENDED};
    wo_handle h;
    int64_t pid;
    (void)argc;
    (void)argv;
    if (wo_process_spawn(&h, &how) < 0 || wo_process_id(h, &pid) < 0)
        return 1;
    wo_test_say("%lld", (long long)pid);
    wo_test_await("never");
    return 0;
}

static void a_suspended_child_ends_with_its_parent(void **state)
{
    struct wo_test_child parent;
    (void)state;
    wo_test_spawn(&parent, "leaves_suspended", NULL);
    pid_t pid = (pid_t)atoi(wo_test_receive(&parent));
    assert_true(pid > 0);
    wo_test_kill(&parent);
    wo_test_eventually(wo_test_state(pid) == 0 || wo_test_state(pid) == 'Z');
}

/* Killed while its new child stands at the gate. */
static void tell_and_die(void *context, const struct wo__pid *child)
{
    (void)context;
    wo_test_say("%ld", (long)child->pid);
    kill(getpid(), SIGKILL);
}

static int role_dies_at_the_gate(int argc, char **argv)
{
    char *child_argv[] = {(char *)"touch", argc > 1 ? argv[1] : NULL, NULL};
    struct wo__spawn_plan plan = {.path = "/usr/bin/touch", .argv = child_argv, .envp = environ,
                                  .fds = {-1, -1, -1}, .born = tell_and_die};
    struct wo__pid child;
    int gate;
    return wo__spawn(&plan, &child, &gate);
}

static void a_child_at_the_gate_ends_with_its_parent(void **state)
{
    struct wo_test_child parent;
    char path[4096];
    (void)state;
    snprintf(path, sizeof path, "%s", scratch("ran"));
    for (unsigned i = wo_test_rounds(20, 1000); i; i--) {
        wo_test_spawn(&parent, "dies_at_the_gate", path, NULL);
        pid_t pid = (pid_t)atoi(wo_test_receive(&parent));
        assert_true(pid > 0);
        wo_test_expect_exit(&parent, 1000 + SIGKILL);
        wo_test_eventually(wo_test_state(pid) == 0 || wo_test_state(pid) == 'Z');
        assert_int_equal(access(path, F_OK), -1);
    }
}

/* ---- Many ----------------------------------------------------------------------------------- */

static void sixty_four_children(void **state)
{
    enum { COUNT = 64 };
    wo_handle h[COUNT];
    char *argv[] = {(char *)"sleep", (char *)"100", NULL};
    struct wo_spawn how = {.argv = argv};
    size_t index;
    (void)state;
    for (int i = 0; i < COUNT; i++)
        h[i] = start(&how);
    assert_int_equal(wo_wait_any(h, COUNT, 0, &index), -ETIMEDOUT);
    assert_int_equal(wo_process_terminate(h[37], 1037), 0);
    assert_int_equal(wo_wait_any(h, COUNT, (int64_t)WO_TEST_PATIENCE_NS, &index), 0);
    assert_int_equal(index, 37);
    for (uint32_t i = 0; i < COUNT; i++)
        if (i != 37)
            assert_int_equal(wo_process_terminate(h[i], 1000 + i), 0);
    assert_int_equal(wo_wait_all(h, COUNT, (int64_t)WO_TEST_PATIENCE_NS), 0);
    for (uint32_t i = 0; i < COUNT; i++)
        assert_int_equal(finish(h[i]), 1000 + i);
    assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
}

static void many_spawns_leave_nothing(void **state)
{
    char *argv[] = {(char *)"/bin/true", NULL}, *lost[] = {(char *)"/no/such", NULL};
    struct wo_spawn how = {.argv = argv}, fails = {.argv = lost};
    struct wo_usage before, after;
    wo_handle h;
    (void)state;
    assert_int_equal(run(&how), 0);
    size_t descriptors = wo_test_fd_count();
    assert_int_equal(wo_usage(&before), 0);
    for (unsigned i = wo_test_rounds(1000, 20000); i; i--) {
        assert_int_equal(run(&how), 0);
        assert_true(wo_process_spawn(&h, &fails) < 0);
    }
    assert_int_equal(wo_test_fd_count(), descriptors);
    assert_int_equal(wo_usage(&after), 0);
    assert_int_equal(after.handles, before.handles);
    assert_int_equal(after.shared_objects, before.shared_objects);
    assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
    assert_int_equal(errno, ECHILD);
}

static int64_t spawn_often(void *failures)
{
    char *argv[] = {(char *)"/bin/sh", (char *)"-c", (char *)"exit 77", NULL};
    struct wo_spawn how = {.argv = argv};
    int bad = 0;
    (void)failures;
    for (int i = 0; i < 50; i++) {
        wo_handle h;
        uint32_t code = 0;
        how.flags = i % 5 ? 0 : WO_SPAWN_SUSPENDED;
        if (wo_process_spawn(&h, &how) < 0)
            return 1000;
        if (how.flags)
            bad += wo_process_resume(h) != 0;
        bad += wo_wait(h, -1) != 0;
        bad += wo_process_exit_code(h, &code) != 0 || code != 77;
        bad += wo_close(h) != 0;
    }
    return bad;
}

static void threads_spawn_at_the_same_time(void **state)
{
    struct wo_test_thread threads[4];
    (void)state;
    for (int i = 0; i < 4; i++)
        wo_test_thread_start(&threads[i], spawn_often, NULL);
    for (int i = 0; i < 4; i++)
        assert_int_equal(wo_test_thread_join(&threads[i]), 0);
    assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
}

static const struct wo_test_role roles[] = {
    {"arguments", role_arguments}, {"descriptors", role_descriptors},
    {"signals", role_signals},     {"group", role_group},
    {"nice", role_nice},           {"leaves_suspended", role_leaves_suspended},
    {"dies_at_the_gate", role_dies_at_the_gate},
    {NULL, NULL},
};

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(programs_that_cannot_run_are_told_at_once),
    cmocka_unit_test(bad_requests),
    cmocka_unit_test(too_many_arguments),
    cmocka_unit_test(arguments_arrive_as_they_are),
    cmocka_unit_test(environment_and_directory),
    cmocka_unit_test(a_relative_path_means_this_directory),
    cmocka_unit_test(descriptors_are_put_in_place),
    cmocka_unit_test(standard_descriptors_can_be_permuted),
    cmocka_unit_test(no_descriptor_of_the_library_leaks),
    cmocka_unit_test(handlers_go_and_the_mask_stays),
    cmocka_unit_test(groups_and_sessions),
    cmocka_unit_test(priority_is_added),
    cmocka_unit_test(suspended_runs_when_resumed),
    cmocka_unit_test(suspended_can_be_ended),
    cmocka_unit_test(a_suspended_child_ends_with_its_parent),
    cmocka_unit_test(a_child_at_the_gate_ends_with_its_parent),
    cmocka_unit_test(sixty_four_children),
    cmocka_unit_test(many_spawns_leave_nothing),
    cmocka_unit_test(threads_spawn_at_the_same_time),
};

WO_TEST_MAIN(tests, roles)
