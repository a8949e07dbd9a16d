/* test_place.c: hostile or useless places: the runtime directory, the arena's file, a full disk.
 *
 * A child process meets the place (nothing of it is this process's) and says what every function
 * that needs shared memory answered. All must answer the same, documented error, and what is in the
 * place must still be there. */
#include "crash.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "arena.h"
#include "platform.h"
#include "attach.h"

enum { STRANGER = 65534 };

static char place[2048], arena[2048 + 64];

/* Arguments: runtime directory, user to become or 0. Says what the functions answered. */
static int role_try(int argc, char **argv)
{
    struct wo_usage u;
    wo_handle h;
    int rc[5];
    setenv("WAITOBJ_RUNTIME_DIR", argv[1], 1);
    if (argc > 2 && atoi(argv[2]) && (setgid(STRANGER) < 0 || setuid(STRANGER) < 0))
        return 1;
    rc[0] = wo_event_create(&h, "place.event", 0, NULL);
    rc[1] = wo_event_open(&h, "place.event", WO_ACCESS_ALL);
    rc[2] = wo_usage(&u);
    rc[3] = wo_event_create(&h, "Global\\place.other", WO_EVENT_MANUAL, NULL);
    rc[4] = wo_usage(&u);
    wo_test_say("%d %d %d %d %d", rc[0], rc[1], rc[2], rc[3], rc[4]);
    /* What needs no shared memory works. */
    if (wo_event_create(&h, NULL, WO_EVENT_SIGNALED, NULL) != 0 || wo_wait(h, 0) != 0)
        return 2;
    return wo_validate() == 0 ? 0 : 3;
}

static void must_answer_as(int uid, int rc)
{
    struct wo_test_child c;
    char user[16], expected[96];
    snprintf(user, sizeof user, "%d", uid);
    snprintf(expected, sizeof expected, "%d %d %d %d %d", rc, rc, rc, rc, rc);
    wo_test_spawn(&c, "try", place, user, NULL);
    wo_test_expect(&c, expected);
    wo_test_expect_exit(&c, 0);
}

static void must_answer(int rc)
{
    must_answer_as(0, rc);
}

static bool root(void)
{
    return geteuid() == 0;
}

static int setup(void **state)
{
    (void)state;
    snprintf(place, sizeof place, "%s/place", wo_test_runtime());
    snprintf(arena, sizeof arena, "%s/arena.%s.%u", place, wo__platform_name, WO__ARENA_VERSION);
    wo_test_remove_tree(place);
    return mkdir(place, 0700);
}

static int teardown(void **state)
{
    (void)state;
    wo_test_remove_tree(place);
    return 0;
}

static mode_t mode_of(const char *path)
{
    struct stat st;
    assert_int_equal(lstat(path, &st), 0);
    return st.st_mode;
}

/* ---- The runtime directory ------------------------------------------------------------------- */

static void test_good(void **state)
{
    (void)state;
    must_answer(0);
    assert_int_equal(rmdir(place), -1);
    wo_test_remove_tree(place);
    must_answer(0); /* made */
    assert_int_equal(mode_of(place) & 0777, 0700);
}

static void test_open_to_others(void **state)
{
    static const mode_t modes[] = {0777, 0701, 0710, 0720, 0704};
    (void)state;
    for (size_t i = 0; i < sizeof modes / sizeof modes[0]; i++) {
        chmod(place, modes[i]);
        must_answer(-EPERM);
        assert_int_equal(mode_of(place) & 0777, modes[i]);
    }
}

static void test_link(void **state)
{
    char real[2048 + 8];
    (void)state;
    snprintf(real, sizeof real, "%s.real", place);
    assert_int_equal(rename(place, real), 0);
    assert_int_equal(symlink(real, place), 0);
    must_answer(-EPERM);
    assert_int_equal(rmdir(real), 0); /* still empty */
    must_answer(-EPERM);
    assert_int_equal(unlink(place), 0);
}

static void test_file(void **state)
{
    (void)state;
    rmdir(place);
    close(open(place, O_CREAT | O_WRONLY | O_CLOEXEC, 0600));
    must_answer(-EPERM);
    assert_true(S_ISREG(mode_of(place)));
}

static void test_no_parent(void **state)
{
    (void)state;
    rmdir(place);
    strcat(place, "/not/there");
    must_answer(-ENOENT);
}

static void test_of_somebody_else(void **state)
{
    (void)state;
    if (!root())
        skip();
    assert_int_equal(chown(place, STRANGER, STRANGER), 0);
    must_answer(-EPERM);
    assert_int_equal(chown(place, 0, 0), 0);
}

/* The parent may not be written or searched. */
static void test_unwritable(void **state)
{
    char parent[2048];
    (void)state;
    if (!root())
        skip();
    snprintf(parent, sizeof parent, "%s", place);
    strcat(place, "/below");
    chmod(wo_test_runtime(), 0755);
    chmod(parent, 0755);
    must_answer_as(STRANGER, -EPERM);
    chmod(parent, 0700);
    must_answer_as(STRANGER, -EPERM);
    chmod(wo_test_runtime(), 0700);
}

/* ---- Something else where the arena's file belongs ------------------------------------------- */

static void make_socket(const char *path)
{
    struct sockaddr_un a = {.sun_family = AF_UNIX};
    char back[4096];
    int s = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_true(s >= 0 && getcwd(back, sizeof back) && chdir(place) == 0);
    snprintf(a.sun_path, sizeof a.sun_path, "%s", strrchr(path, '/') + 1);
    assert_int_equal(bind(s, (struct sockaddr *)&a, sizeof a), 0);
    assert_int_equal(chdir(back), 0);
    close(s);
}

static void test_other_types(void **state)
{
    (void)state;
    assert_int_equal(mkdir(arena, 0700), 0);
    must_answer(-EPERM);
    assert_int_equal(rmdir(arena), 0);
    assert_int_equal(mkfifo(arena, 0600), 0);
    must_answer(-EPERM);
    assert_int_equal(unlink(arena), 0);
    make_socket(arena);
    must_answer(-EPERM);
    assert_int_equal(unlink(arena), 0);
    assert_int_equal(symlink("target", arena), 0);
    must_answer(-EPERM);
    assert_true(S_ISLNK(mode_of(arena)));
    assert_int_equal(unlink(arena), 0);
    must_answer(0);
}

static void test_open_file(void **state)
{
    (void)state;
    close(open(arena, O_CREAT | O_WRONLY | O_CLOEXEC, 0600));
    chmod(arena, 0644);
    must_answer(-EPERM);
    if (root()) {
        chmod(arena, 0600);
        assert_int_equal(chown(arena, STRANGER, STRANGER), 0);
        must_answer(-EPERM);
        assert_int_equal(chown(arena, 0, 0), 0);
        must_answer(0);
    }
}

/* ---- Its content ----------------------------------------------------------------------------- */

static void fill(off_t size, const void *start, size_t start_size)
{
    char block[4096];
    int fd = open(arena, O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0600);
    assert_true(fd >= 0);
    for (off_t at = 0; at < size; at += (off_t)sizeof block) {
        wo_test_random_fill(block, sizeof block);
        size_t n = size - at < (off_t)sizeof block ? (size_t)(size - at) : sizeof block;
        assert_int_equal(write(fd, block, n), (ssize_t)n);
    }
    assert_int_equal(pwrite(fd, start, start_size, 0), (ssize_t)start_size);
    close(fd);
}

/* Somebody is present without using what is there: it must not be believed, nor replaced. */
static int role_present(int argc, char **argv)
{
    int fd = open(argv[1], O_RDWR | O_CLOEXEC);
    if (argc < 2 || fd < 0 || wo__presence_take(fd, WO__PRESENCE_BASE + 7, true, false) != 0)
        return 1;
    wo_test_say("ready");
    wo_test_await("end");
    return 0;
}

static void must_answer_when_present(int rc)
{
    struct wo_test_child c;
    struct stat before, after;
    assert_int_equal(stat(arena, &before), 0);
    wo_test_spawn(&c, "present", arena, NULL);
    wo_test_expect(&c, "ready");
    must_answer(rc);
    assert_int_equal(stat(arena, &after), 0);
    assert_int_equal(before.st_size, after.st_size);
    wo_test_send(&c, "end");
    wo_test_expect_exit(&c, 0);
}

/* An arena as a crash leaves it: its header. */
static void good_header(struct wo__header *h, off_t *size)
{
    struct stat st;
    must_answer(0);
    int fd = open(arena, O_RDONLY | O_CLOEXEC);
    assert_int_equal(read(fd, h, sizeof *h), (ssize_t)sizeof *h);
    assert_int_equal(fstat(fd, &st), 0);
    *size = st.st_size;
    close(fd);
}

static void put_header(const struct wo__header *h)
{
    int fd = open(arena, O_WRONLY | O_CLOEXEC);
    assert_int_equal(pwrite(fd, h, sizeof *h, 0), (ssize_t)sizeof *h);
    close(fd);
}

static void test_garbage(void **state)
{
    static const off_t sizes[] = {0, 1, 100, 4096, 70000, 3000000};
    struct wo__header h;
    off_t size;
    (void)state;
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        fill(sizes[i], "", 0);
        must_answer_when_present(-EBADMSG);
        must_answer(0); /* nobody is there: afresh */
    }
    good_header(&h, &size);
    /* A good header in front of too little, then of garbage. */
    for (size_t i = 3; i < sizeof sizes / sizeof sizes[0]; i++) {
        fill(sizes[i], &h, sizeof h);
        must_answer_when_present(-EBADMSG);
    }
    must_answer(0);
}

static void test_header(void **state)
{
    struct wo__header good, h;
    off_t size;
    (void)state;
    good_header(&good, &size);
    put_header(&good);
    must_answer_when_present(0);
    good_header(&good, &size);
#define with(change, rc)                                                                           \
    do {                                                                                           \
        h = good;                                                                                  \
        change;                                                                                    \
        put_header(&h);                                                                            \
        must_answer_when_present(rc);                                                              \
    } while (0)
    with(h.version++, -EPROTO);
    with(h.version = 0, -EPROTO);
    with(h.magic[0] ^= 1, -EBADMSG);
    with(h.ready = 0, -EBADMSG);
    with(h.ready = 7, -EBADMSG);
    with(h.size--, -EBADMSG);
    with(h.size = UINT64_MAX, -EBADMSG);
    with(h.log_reserved = UINT32_MAX, -EBADMSG);
    for (int id = 0; id < WO__POOL_COUNT; id++) {
        with(h.pools[id].used = UINT32_MAX, -EBADMSG);
        with(h.pools[id].reserved = UINT32_MAX, -EBADMSG);
    }
    put_header(&good);
    assert_int_equal(truncate(arena, size - 1), 0);
    must_answer_when_present(-EBADMSG);
    must_answer(0);
}

/* ---- A full disk ----------------------------------------------------------------------------- */

/* Creates until there is no room, then everything that was made must still work. */
static int role_fill(int argc, char **argv)
{
    enum { MOST = 20000 };
    static wo_handle made[MOST];
    char name[64];
    int n = 0, rc = 0;
    setenv("WAITOBJ_RUNTIME_DIR", argv[1], 1);
    for (; n < MOST && rc == 0; n += rc == 0) {
        snprintf(name, sizeof name, "place.full.%d", n);
        rc = wo_event_create(&made[n], name, 0, NULL);
    }
    wo_test_say("%d", rc);
    for (int i = 0; i < n; i++)
        if (wo_event_set(made[i]) != 0 || wo_wait(made[i], 1000000) != 0)
            return 1;
    if (n > 0) {
        int late = wo_wait_all(made, (size_t)n, 1000000);
        if (late != -ETIMEDOUT && late != -ENOSPC)
            return 2;
        if (wo_close(made[0]) != 0 || wo_event_create(&made[0], "place.again", 0, NULL) != 0)
            return 3;
    }
    return wo_validate() == 0 && argc < 9 ? 0 : 4;
}

static void test_full_disk(void **state)
{
    static const unsigned kilobytes[] = {4, 60, 80, 140, 200, 300, 600, 1200};
    char command[2200];
    (void)state;
    for (size_t i = 0; i < sizeof kilobytes / sizeof kilobytes[0]; i++) {
        struct wo_test_child c;
        snprintf(command, sizeof command,
                 "mount -t tmpfs -o mode=700,size=%uk waitobj '%s' 2>/dev/null", kilobytes[i],
                 place);
        if (!root() || system(command) != 0)
            skip();
        wo_test_spawn(&c, "fill", place, NULL);
        char *rc = strdup(wo_test_receive(&c));
        int code = wo_test_reap(&c);
        snprintf(command, sizeof command, "umount '%s'", place);
        assert_int_equal(system(command), 0);
        assert_int_equal(atoi(rc), -ENOSPC);
        free(rc);
        assert_int_equal(code, 0);
    }
}

static const struct wo_test_role roles[] = {
    {"try", role_try}, {"present", role_present}, {"fill", role_fill}, {NULL, NULL}};

#define test(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
static const struct CMUnitTest tests[] = {
    test(test_good),
    test(test_open_to_others),
    test(test_link),
    test(test_file),
    test(test_no_parent),
    test(test_of_somebody_else),
    test(test_unwritable),
    test(test_other_types),
    test(test_open_file),
    test(test_garbage),
    test(test_header),
    test(test_full_disk),
};
WO_TEST_MAIN(tests, roles)
