/* test_support.c: the tests' own tools tell the truth. */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>
#include "support.h"

static int role_echo(int argc, char **argv)
{
    char line[256];
    wo_test_say("%d %s", argc, argc > 1 ? argv[1] : "");
    while (wo_test_hear(line, sizeof(line)) && strcmp(line, "end") != 0)
        wo_test_say("<%s>", line);
    return 7;
}

static int role_sleeper(int argc, char **argv)
{
    (void)argc;
    (void)argv;
    wo_test_say("ready");
    while (pause() != 0)
        ;
    return 0;
}

static const struct wo_test_role roles[] = {
    {"echo", role_echo}, {"sleeper", role_sleeper}, {NULL, NULL}};

static void test_lines(void **state)
{
    struct wo_test_child c;
    (void)state;
    size_t fds = wo_test_fd_count();
    wo_test_spawn(&c, "echo", "an argument", NULL);
    wo_test_expect(&c, "2 an argument");
    wo_test_send(&c, "%d", 42);
    wo_test_send(&c, "%s", "");
    wo_test_expect(&c, "<42>");
    wo_test_expect(&c, "<>");
    wo_test_send(&c, "end");
    wo_test_expect_exit(&c, 7);
    assert_int_equal(wo_test_fd_count(), fds);
}

static void test_killed(void **state)
{
    struct wo_test_child c;
    (void)state;
    wo_test_spawn(&c, "sleeper", NULL);
    wo_test_expect(&c, "ready");
    assert_true(wo_test_blocked(c.pid));
    pid_t pid = c.pid;
    kill(pid, SIGKILL);
    assert_int_equal(wo_test_reap(&c), 1000 + SIGKILL);
    assert_false(wo_test_blocked(pid));
    assert_int_equal(wo_test_state(pid), 0);
}

static void test_left_over(void **state)
{
    struct wo_test_child c;
    (void)state;
    wo_test_spawn(&c, "sleeper", NULL);
    pid_t pid = c.pid;
    wo_test_kill_all();
    assert_int_equal(kill(pid, 0), -1);
    assert_int_equal(errno, ESRCH);
}

static int64_t read_byte(void *arg)
{
    char b = 0;
    ssize_t n = read(*(int *)arg, &b, 1);
    return n == 1 ? b : -1;
}

static void test_threads(void **state)
{
    struct wo_test_thread t;
    int fds[2];
    (void)state;
    assert_int_equal(pipe(fds), 0);
    size_t threads = wo_test_thread_count();
    wo_test_thread_start(&t, read_byte, &fds[0]);
    assert_true(wo_test_threads_blocked(&t, 1));
    assert_false(wo_test_thread_finished(&t));
    assert_true(wo_test_thread_count() > threads);
    assert_int_equal(write(fds[1], "x", 1), 1);
    assert_int_equal(wo_test_thread_join(&t), 'x');
    close(fds[0]);
    close(fds[1]);
}

static void test_chance(void **state)
{
    unsigned char a[13], b[13];
    (void)state;
    uint64_t next = wo_test_random();
    wo_test_seed(5);
    wo_test_random_fill(a, sizeof(a));
    wo_test_seed(5);
    wo_test_random_fill(b, sizeof(b));
    assert_memory_equal(a, b, sizeof(a));
    for (int i = 0; i < 100; i++)
        assert_true(wo_test_random_below(3) < 3);
    wo_test_seed(next);
}

static void test_runtime(void **state)
{
    char path[512];
    (void)state;
    assert_string_equal(wo_test_runtime(), getenv("WAITOBJ_RUNTIME_DIR"));
    size_t before = wo_test_runtime_files();
    snprintf(path, sizeof(path), "%s/a-file", wo_test_runtime());
    FILE *f = fopen(path, "w");
    assert_non_null(f);
    fclose(f);
    assert_int_equal(wo_test_runtime_files(), before + 1);
    unlink(path);
    assert_int_equal(wo_test_runtime_files(), before);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_lines),   cmocka_unit_test(test_killed), cmocka_unit_test(test_left_over),
    cmocka_unit_test(test_threads), cmocka_unit_test(test_chance), cmocka_unit_test(test_runtime),
};
WO_TEST_MAIN(tests, roles)
