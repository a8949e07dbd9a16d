/* test_vandal.c: somebody replaces files in the runtime directory while they are used.
 *
 * Queue files, FIFOs, bells, the generation counter, lock files and directories vanish, or become
 * links, directories, FIFOs, devices' names or files open to all. Nothing is promised for what the
 * vandal touched; but every call returns in time, with 0 or an error, nobody crashes, and once the
 * rubble is removed all goes on. Spared is the arena (test_place.c, test_damage.c) and the size of
 * files that are mapped. */
#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "support.h"
#include "waitobj/waitobj.h"

enum { USERS = 3, TURNS = 1500, FULL_TURNS = 100000 };
#define LONGEST (UINT64_C(15) * 1000000000u) /* a call; sanitizers on a busy machine are slow */

static unsigned turns;

/* ---- The vandal ------------------------------------------------------------------------------ */

static void put_something(const char *path)
{
    int fd;
    switch (wo_test_random_below(7)) {
    case 0:
        if (symlink("/dev/null", path) != 0)
            return;
        break;
    case 1:
        if (symlink("/nowhere/at/all", path) != 0)
            return;
        break;
    case 2:
        mkdir(path, 0700);
        break;
    case 3:
        mkfifo(path, 0600);
        break;
    case 4:
        fd = open(path, O_CREAT | O_WRONLY | O_EXCL | O_CLOEXEC, 0600);
        if (fd >= 0 && write(fd, "rubble", 6) == 6)
            close(fd);
        break;
    case 5:
        mkfifo(path, 0600);
        chmod(path, 0666);
        break;
    default: /* nothing comes in its place */
        break;
    }
}

static void strike(const char *path, bool directory)
{
    if (wo_test_random_below(8) == 0) {
        chmod(path, 0755);
        return;
    }
    if (directory)
        wo_test_remove_tree(path);
    else
        unlink(path);
    put_something(path);
}

/* One walk; now and then something is hit. */
static void walk(const char *place, int depth)
{
    DIR *d = opendir(place);
    char path[4400];
    struct stat st;
    for (struct dirent *e; d && (e = readdir(d));) {
        if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0 ||
            strncmp(e->d_name, "arena", 5) == 0)
            continue;
        if (snprintf(path, sizeof path, "%s/%s", place, e->d_name) >= (int)sizeof path ||
            lstat(path, &st) != 0)
            continue;
        if (S_ISDIR(st.st_mode) && depth < 5)
            walk(path, depth + 1);
        if (wo_test_random_below(depth < 2 ? 24 : 6) == 0)
            strike(path, S_ISDIR(st.st_mode));
    }
    if (d)
        closedir(d);
}

/* ---- The users ------------------------------------------------------------------------------- */

struct user {
    struct wo_test_thread thread;
    int number;
    int wrong; /* a result that no function documents */
    bool slow;
};

static int judge(struct user *u, uint64_t since, int rc)
{
    if (rc > 0 || rc < -200)
        u->wrong = rc ? rc : 1;
    if (wo_test_now() - since > LONGEST)
        u->slow = true;
    return rc;
}

#define CALL(call) judge(u, wo_test_now(), call)

static void turn(struct user *u, wo_handle event)
{
    struct wo_mailslot_options options = {.flags = WO_MAILSLOT_SHARED};
    wo_handle h[2] = {event, NULL}, to = NULL, all = NULL;
    char text[16], name[64];
    size_t size;
    int fd;
    snprintf(name, sizeof name, "\\\\.\\mailslot\\vandal%d", u->number % 2);
    int server = CALL(wo_mailslot_create(&h[1], name, &options));
    int client = CALL(wo_mailslot_open(&to, name));
    int domain = CALL(wo_mailslot_open(&all, "\\\\*\\mailslot\\vandal0"));
    if (client == 0)
        CALL(wo_mailslot_write(to, "one", 3));
    if (domain == 0)
        CALL(wo_mailslot_write(all, "all", 3));
    if (server == 0) {
        CALL(wo_wait_any(h, 2, 200000, &size));
        CALL(wo_mailslot_read(h[1], text, sizeof text, 0, &size));
        CALL(wo_mailslot_read(h[1], text, sizeof text, 200000, &size));
        CALL(wo_wait_all(h, 2, 200000));
        CALL(wo_pollfd(h[1], &fd));
        CALL(wo_close(h[1]));
    }
    if (client == 0)
        CALL(wo_close(to));
    if (domain == 0)
        CALL(wo_close(all));
}

static int64_t use(void *arg)
{
    struct user *u = arg;
    wo_handle event;
    /* Named, so that its waits with a mailslot sleep on this thread's bell. */
    if (wo_event_create(&event, u->number % 2 ? "vandal.odd" : "vandal.even", 0, NULL) != 0)
        return 1;
    for (unsigned i = 0; i < turns; i++) {
        turn(u, event);
        if (i % 4 == 0)
            CALL(wo_event_set(event));
    }
    return wo_close(event);
}

static bool all_finished(struct user *users)
{
    for (int i = 0; i < USERS; i++)
        if (!wo_test_thread_finished(&users[i].thread))
            return false;
    return true;
}

static void test_replaced_while_used(void **state)
{
    static struct user users[USERS];
    char path[4200], text[8];
    wo_handle s, c;
    size_t size;
    (void)state;
    turns = wo_test_rounds(TURNS, FULL_TURNS);
    for (int i = 0; i < USERS; i++) {
        users[i].number = i;
        wo_test_thread_start(&users[i].thread, use, &users[i]);
    }
    while (!all_finished(users))
        walk(wo_test_runtime(), 0);
    for (int i = 0; i < USERS; i++) {
        assert_int_equal(wo_test_thread_join(&users[i].thread), 0);
        assert_int_equal(users[i].wrong, 0);
        assert_false(users[i].slow);
    }
    snprintf(path, sizeof path, "%s/mailslot", wo_test_runtime());
    wo_test_remove_tree(path);
    unlink(path);
    assert_int_equal(wo_mailslot_create(&s, "\\\\.\\mailslot\\after", NULL), 0);
    assert_int_equal(wo_mailslot_open(&c, "\\\\.\\mailslot\\after"), 0);
    assert_int_equal(wo_mailslot_write(c, "peace", 5), 0);
    assert_int_equal(wo_mailslot_read(s, text, sizeof text, 0, &size), 0);
    assert_int_equal(size, 5);
    assert_int_equal(wo_close(c), 0);
    assert_int_equal(wo_close(s), 0);
}

static const struct CMUnitTest tests[] = {cmocka_unit_test(test_replaced_while_used)};
WO_TEST_MAIN(tests, NULL)
