/* test_platform.c: the platform's contract, whichever platform this is. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>
#include "support.h"
#include "platform.h"

struct parked {
    struct wo__park park;
    _Atomic uint32_t word;
    bool shared;
};

static int64_t park_body(void *arg)
{
    struct parked *p = arg;
    while (atomic_load(&p->word) == 0)
        wo__park_wait(&p->park, &p->word, 0, WO__NEVER, p->shared);
    return 0;
}

static void test_park(void **state)
{
    (void)state;
    for (unsigned i = wo_test_rounds(300, 2000); i; i--) {
        struct parked p = {.shared = i % 2};
        struct wo_test_thread t;
        wo__park_init(&p.park, p.shared);
        wo_test_thread_start(&t, park_body, &p);
        if (i % 4 < 2)
            assert_true(wo_test_blocked(t.tid));
        atomic_store(&p.word, 1);
        wo__park_wake(&p.park, &p.word, p.shared);
        assert_int_equal(wo_test_thread_join(&t), 0);
    }
}

static void test_park_deadline(void **state)
{
    (void)state;
    for (int shared = 0; shared < 2; shared++) {
        struct parked p = {.shared = shared};
        wo__park_init(&p.park, shared);
        uint64_t until = wo__clock_now() + 3 * WO_TEST_MS;
        while (wo__clock_now() < until) /* may wake early, never sleeps past it for ever */
            wo__park_wait(&p.park, &p.word, 0, until, shared);
        wo__park_wait(&p.park, &p.word, 1, WO__NEVER, shared); /* the word differs: no sleep */
    }
}

static void test_bell(void **state)
{
    struct wo__bell bell = {-1, -1};
    (void)state;
    assert_int_equal(wo__bell_open(&bell), 0);
    struct pollfd p = {.fd = bell.rd, .events = POLLIN};
    assert_int_equal(wo__poll(&p, 1, 0), 0);
    for (int i = 0; i < 100000; i++) /* more than a pipe holds: must not block */
        wo__bell_ring(&bell);
    assert_int_equal(wo__poll(&p, 1, WO__NEVER), 1);
    close(bell.rd);
    if (bell.wr != bell.rd)
        close(bell.wr);
}

static int role_presence(int argc, char **argv)
{
    int fd = open(argv[1], O_RDWR);
    (void)argc;
    if (fd < 0 || wo__presence_take(fd, 7, true, false) != 0)
        return 1;
    wo_test_say("taken");
    wo_test_await("end");
    return 0;
}

static void test_presence_dies_with_its_process(void **state)
{
    char path[4200];
    struct wo_test_child c;
    (void)state;
    snprintf(path, sizeof path, "%s/presence", wo_test_runtime());
    int fd = open(path, O_RDWR | O_CREAT, 0600);
    assert_true(fd >= 0);
    assert_int_equal(wo__presence_held(fd, 0, 100), 0);
    wo_test_spawn(&c, "presence", path, NULL);
    wo_test_expect(&c, "taken");
    assert_int_equal(wo__presence_held(fd, 7, 1), 1);
    assert_int_equal(wo__presence_held(fd, 0, 100), 1);
    assert_int_equal(wo__presence_held(fd, 8, 92), 0);
    assert_int_equal(wo__presence_take(fd, 7, true, false), -EAGAIN);
    assert_int_equal(wo__presence_take(fd, 7, false, false), -EAGAIN);
    wo_test_kill(&c);
    assert_int_equal(wo__presence_held(fd, 0, 100), 0);
    assert_int_equal(wo__presence_take(fd, 7, true, false), 0);
    wo__presence_drop(fd, 7);
    close(fd);
    unlink(path);
}

static void test_write_without_sigpipe(void **state)
{
    int fds[2];
    sigset_t pending;
    (void)state;
    assert_int_equal(pipe(fds), 0);
    assert_int_equal(wo__write_nosignal(fds[1], "x", 1), 1);
    close(fds[0]);
    assert_int_equal(wo__write_nosignal(fds[1], "x", 1), -EPIPE);
    sigpending(&pending);
    assert_false(sigismember(&pending, SIGPIPE));
    close(fds[1]);
}

static void test_open_at(void **state)
{
    (void)state;
    assert_int_equal(wo__open_at(AT_FDCWD, "/nonexistent/x", O_RDONLY, 0), -ENOENT);
    assert_int_equal(wo__open_at(AT_FDCWD, "/proc/self/exe", O_RDONLY, 0), -ELOOP);
    int fd = wo__open_at(AT_FDCWD, "/dev/null", O_RDONLY, 0);
    assert_true(fd > 2);
    assert_int_equal(fcntl(fd, F_GETFD), FD_CLOEXEC);
    close(fd);
}

static void test_space(void **state)
{
    char path[4200];
    (void)state;
    snprintf(path, sizeof path, "%s/space", wo_test_runtime());
    int fd = open(path, O_RDWR | O_CREAT, 0600);
    assert_true(fd >= 0);
    assert_int_equal(ftruncate(fd, 1 << 20), 0);
    assert_int_equal(wo__space_reserve(fd, 65536, 65536), 0);
    assert_int_equal(pwrite(fd, "data", 4, 65536), 4);
    assert_int_equal(wo__space_reserve(fd, 0, 1 << 20), 0);
    char back[4];
    assert_int_equal(pread(fd, back, 4, 65536), 4);
    assert_memory_equal(back, "data", 4); /* reserving keeps what is there */
    if (wo__space_discard(fd, 65536, 65536)) {
        assert_int_equal(pread(fd, back, 4, 65536), 4);
        assert_memory_equal(back, "\0\0\0\0", 4);
    }
    close(fd);
    unlink(path);
}

static const struct wo_test_role roles[] = {{"presence", role_presence}, {NULL, NULL}};
static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_park),
    cmocka_unit_test(test_park_deadline),
    cmocka_unit_test(test_bell),
    cmocka_unit_test(test_presence_dies_with_its_process),
    cmocka_unit_test(test_write_without_sigpipe),
    cmocka_unit_test(test_open_at),
    cmocka_unit_test(test_space),
};
WO_TEST_MAIN(tests, roles)
