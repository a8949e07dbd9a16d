/* test_surroundings.c: programs that treat their descriptors, limits and threads badly. */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>
#include "support.h"
#include "arena.h"
#include "waitobj/waitobj.h"

/* A wait in poll, for the event and the end of the other process. */
static int wait_in_poll(wo_handle event, pid_t process, int64_t timeout_ns, size_t *index)
{
    wo_handle both[2] = {event, WO_NO_HANDLE};
    int rc = wo_process_open(&both[1], process, WO_ACCESS_WAIT);
    if (rc == 0) {
        rc = wo_wait_any(both, 2, timeout_ns, index);
        wo_close(both[1]);
    }
    return rc;
}

/* ---- Closed standard streams ----------------------------------------------------------------- */

static int role_no_streams(int argc, char **argv)
{
    (void)argc, (void)argv;
    wo_handle private, named;
    size_t index;
    for (int fd = 0; fd < 3; fd++)
        close(fd);
    if (wo_event_create(&private, NULL, 0, NULL) < 0 ||
        wo_event_create(&named, "no streams", 0, NULL) < 0)
        return 2;
    if (wait_in_poll(private, getpid(), 1000, &index) != -ETIMEDOUT ||
        wait_in_poll(named, getpid(), 1000, &index) != -ETIMEDOUT)
        return 3;
    for (int fd = 0; fd < 3; fd++)
        if (fcntl(fd, F_GETFD) >= 0)
            return 10 + fd;
    return 0;
}

static void test_nothing_takes_the_place_of_a_closed_stream(void **state)
{
    (void)state;
    struct wo_test_child c;
    wo_test_spawn(&c, "no_streams", NULL);
    wo_test_expect_exit(&c, 0);
}

/* ---- A limit on the size of files ------------------------------------------------------------ */

static int role_small_files(int argc, char **argv)
{
    (void)argc, (void)argv;
    wo_handle h;
    struct rlimit limit;
    getrlimit(RLIMIT_FSIZE, &limit);
    limit.rlim_cur = 65536;
    setrlimit(RLIMIT_FSIZE, &limit);
    return wo_mailslot_create(&h, "\\\\.\\mailslot\\small files", NULL) == -ENOSPC ? 0 : 2;
}

static void test_file_size_limit_is_an_error_and_no_signal(void **state)
{
    (void)state;
    struct wo_test_child c;
    wo_test_spawn(&c, "small_files", NULL);
    wo_test_expect_exit(&c, 0);
}

/* ---- No descriptor left for ringing ---------------------------------------------------------- */

static int role_poll_waiter(int argc, char **argv)
{
    (void)argc, (void)argv;
    wo_handle h;
    size_t index = 9;
    if (wo_event_create(&h, "rung", 0, NULL) < 0)
        return 2;
    wo_test_say("waiting");
    return wait_in_poll(h, getppid(), WO_INFINITE, &index) == 0 && index == 0 ? 0 : 3;
}

static void test_set_fails_rather_than_lose_its_waiter(void **state)
{
    (void)state;
    wo_handle h;
    struct rlimit before, none;
    struct wo_test_child c;
    assert_int_equal(wo_event_create(&h, "rung", 0, NULL), 0);
    wo_test_spawn(&c, "poll_waiter", NULL);
    wo_test_expect(&c, "waiting");
    assert_true(wo_test_blocked(c.pid));
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
    none = before;
    none.rlim_cur = 3;
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &none), 0);
    int rc = wo_event_set(h);
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
    assert_int_equal(rc, -EMFILE);
    assert_int_equal(wo_wait(h, 0), -ETIMEDOUT); /* nothing has happened */
    assert_int_equal(wo_event_set(h), 0);
    wo_test_expect_exit(&c, 0);
    assert_int_equal(wo_close(h), 0);
}

/* ---- A program that closes and reuses all descriptors ---------------------------------------- */

static int role_holder(int argc, char **argv)
{
    (void)argc, (void)argv;
    wo_handle h;
    if (wo_event_create(&h, "held", 0, NULL) < 0)
        return 2;
    wo_test_say("holding");
    wo_test_await("end");
    return wo_wait(h, 0) == 0 ? 0 : 3;
}

static int role_closer(int argc, char **argv)
{
    (void)argc, (void)argv;
    wo_handle mine, held;
    if (wo_event_create(&mine, NULL, 0, NULL) < 0 ||
        wo_event_open(&held, "nobody's", WO_ACCESS_ALL) != -ENOENT)
        return 2;
    int other = open(wo_test_program(), O_RDONLY);
    if (dup2(other, wo__shared_arena_attached()->fd) < 0)
        return 3;
    struct wo_usage usage; /* sweeps away the dead */
    if (wo_usage(&usage) < 0 || wo_event_open(&held, "held", WO_ACCESS_ALL) < 0)
        return 4;
    return wo_event_set(held) == 0 ? 0 : 5;
}

static void test_a_lost_descriptor_is_no_proof_of_deaths(void **state)
{
    (void)state;
    struct wo_test_child holder, closer;
    if (!wo__presence_survives_fork)
        skip(); /* record locks go with any descriptor of the file */
    wo_test_spawn(&holder, "holder", NULL);
    wo_test_expect(&holder, "holding");
    wo_test_spawn(&closer, "closer", NULL);
    wo_test_expect_exit(&closer, 0);
    wo_test_send(&holder, "end");
    wo_test_expect_exit(&holder, 0);
}

/* ---- Cancelled threads ----------------------------------------------------------------------- */

static int64_t wait_both(void *event)
{
    size_t index = 9;
    int rc = wait_in_poll(event, getpid(), WO_INFINITE, &index);
    return rc < 0 ? rc : (int64_t)index;
}

static int64_t set_cancelled(void *event)
{
    int cancel;
    pthread_cancel(pthread_self());
    int rc = wo_event_set(event);
    pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &cancel);
    return rc;
}

static void test_a_cancelled_signaller_finishes_its_signal(void **state)
{
    (void)state;
    wo_handle h;
    struct wo_test_thread waiter, setter;
    assert_int_equal(wo_event_create(&h, NULL, 0, NULL), 0);
    wo_test_thread_start(&waiter, wait_both, h);
    assert_true(wo_test_blocked(waiter.tid));
    wo_test_thread_start(&setter, set_cancelled, h);
    assert_int_equal(wo_test_thread_join(&setter), 0);
    assert_int_equal(wo_test_thread_join(&waiter), 0);
    assert_int_equal(wo_close(h), 0);
}

/* ---- dlclose --------------------------------------------------------------------------------- */

static void *load_and_unload(void *unused)
{
    wo_handle h;
    void *library = dlopen(WO_TEST_LIBRARY, RTLD_NOW | RTLD_LOCAL);
    if (!library)
        return "dlopen";
    int (*create)(wo_handle *, const char *, unsigned, bool *) = NULL;
    int (*wait)(wo_handle, int64_t) = NULL;
    *(void **)&create = dlsym(library, "wo_event_create");
    *(void **)&wait = dlsym(library, "wo_wait");
    if (!create || !wait || create(&h, "loaded", 0, NULL) < 0 || wait(h, 1000) != -ETIMEDOUT)
        return "use";
    dlclose(library);
    return unused;
}

static int role_loader(int argc, char **argv)
{
    (void)argc, (void)argv;
    for (int i = 0; i < 20; i++) {
        pthread_t t;
        void *wrong = NULL;
        if (pthread_create(&t, NULL, load_and_unload, NULL) || pthread_join(t, &wrong) || wrong)
            return 2;
    }
    return wo_test_fd_count() < 20 ? 0 : 3;
}

static void test_a_thread_may_outlive_dlclose(void **state)
{
    (void)state;
    struct wo_test_child c;
    wo_test_spawn(&c, "loader", NULL);
    wo_test_expect_exit(&c, 0);
}

/* ---- A umask that takes the owner's rights --------------------------------------------------- */

/* Everything is made under that umask, by a user whom permissions bind. */
static int role_umask(int argc, char **argv)
{
    (void)argc;
    wo_handle h;
    if (geteuid() == 0 && (setresgid(65534, 65534, 65534) < 0 || setresuid(65534, 65534, 65534) < 0))
        return 2;
    if (setenv("WAITOBJ_RUNTIME_DIR", argv[1], 1) < 0)
        return 3;
    umask(0377);
    int rc = wo_event_create(&h, "umask", WO_EVENT_MANUAL | WO_EVENT_SIGNALED, NULL);
    size_t index;
    if (rc == 0)
        rc = wait_in_poll(h, getpid(), 0, &index);
    wo_test_say("%d", rc);
    wo_test_await("end");
    return 0;
}

static void test_umask_does_not_lock_us_out(void **state)
{
    (void)state;
    struct wo_test_child c[2];
    char base[] = "/tmp/waitobj-umask-XXXXXX", dir[64];
    assert_non_null(mkdtemp(base));
    assert_int_equal(chmod(base, 0777), 0);
    snprintf(dir, sizeof dir, "%s/run", base);
    for (int i = 0; i < 2; i++) {
        wo_test_spawn(&c[i], "umask", dir, NULL);
        wo_test_expect(&c[i], "0");
    }
    for (int i = 0; i < 2; i++) {
        wo_test_send(&c[i], "end");
        wo_test_expect_exit(&c[i], 0);
    }
    wo_test_remove_tree(base);
}

static const struct wo_test_role roles[] = {
    {"umask", role_umask},
    {"no_streams", role_no_streams},   {"small_files", role_small_files},
    {"poll_waiter", role_poll_waiter}, {"holder", role_holder},
    {"closer", role_closer},           {"loader", role_loader},
    {NULL, NULL},
};
static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_nothing_takes_the_place_of_a_closed_stream),
    cmocka_unit_test(test_file_size_limit_is_an_error_and_no_signal),
    cmocka_unit_test(test_set_fails_rather_than_lose_its_waiter),
    cmocka_unit_test(test_a_lost_descriptor_is_no_proof_of_deaths),
    cmocka_unit_test(test_a_cancelled_signaller_finishes_its_signal),
    cmocka_unit_test(test_a_thread_may_outlive_dlclose),
    cmocka_unit_test(test_umask_does_not_lock_us_out),
};
WO_TEST_MAIN(tests, roles)
