/* test_mailslot.c: mailslots through the native face: names, owners, one and many receivers. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include "handle.h"
#include "mailslot.h"
#include "platform.h"
#include "support.h"
#include "testhook.h"
#include "waitobj/waitobj.h"

#define SLOT "\\\\.\\mailslot\\"

static size_t files, fds;

static int setup(void **state)
{
    wo_handle h;
    (void)state;
    wo_mailslot_set_computer("PC1", "Office");
    /* What the first use leaves for good: descriptors of the runtime directory, the counter; and
     * the shared arena, which has nothing to do with mailslots. */
    if (wo_mailslot_create(&h, SLOT "first", NULL) < 0 || wo_close(h) < 0 ||
        wo_event_create(&h, "first", 0, NULL) < 0 || wo_close(h) < 0)
        return -1;
    files = wo_test_runtime_files();
    fds = wo_test_fd_count();
    return 0;
}

static int clean(void **state)
{
    (void)state;
    wo__test_hook = NULL;
    wo_test_kill_all();
    wo_mailslot_set_computer("PC1", "Office");
    if (wo_test_fd_count() != fds || wo_test_runtime_files() != files)
        wo_test_runtime_list();
    assert_int_equal(wo_test_fd_count(), fds);
    assert_int_equal(wo_test_runtime_files(), files);
    return 0;
}

static wo_handle slot(const char *name, unsigned flags)
{
    struct wo_mailslot_options o = {.read_timeout_ns = WO_INFINITE, .flags = flags};
    wo_handle h = NULL;
    assert_int_equal(wo_mailslot_create(&h, name, &o), 0);
    return h;
}

static wo_handle client(const char *address)
{
    wo_handle h = NULL;
    assert_int_equal(wo_mailslot_open(&h, address), 0);
    return h;
}

static void put(wo_handle h, const char *text)
{
    assert_int_equal(wo_mailslot_write(h, text, strlen(text)), 0);
}

static void get(wo_handle h, const char *text)
{
    char buffer[128];
    size_t size = 777;
    assert_int_equal(wo_mailslot_read(h, buffer, sizeof buffer, 0, &size), 0);
    assert_int_equal(size, strlen(text));
    assert_memory_equal(buffer, text, size);
}

static void empty(wo_handle h)
{
    char buffer[8];
    size_t size = 777;
    assert_int_equal(wo_mailslot_read(h, buffer, sizeof buffer, 0, &size), -ETIMEDOUT);
    assert_int_equal(size, 777);
    assert_int_equal(wo_wait(h, 0), -ETIMEDOUT);
}

static void closed(wo_handle h)
{
    assert_int_equal(wo_close(h), 0);
}

static void test_one(void **state)
{
    (void)state;
    wo_handle s = slot(SLOT "one", 0), c = client("//./MailSlot/ONE");
    empty(s);
    put(c, "hello");
    put(c, "");
    assert_int_equal(wo_wait(s, 0), 0);
    get(s, "hello");
    assert_int_equal(wo_wait(s, 0), 0);
    get(s, "");
    empty(s);
    closed(c);
    closed(s);
}

static void test_info(void **state)
{
    struct wo_mailslot_options o = {.max_message = 5, .read_timeout_ns = 0};
    struct wo_mailslot_info i;
    wo_handle s, c;
    char buffer[4] = "abc";
    size_t size = 0;
    (void)state;
    assert_int_equal(wo_mailslot_create(&s, SLOT "info", &o), 0);
    c = client(SLOT "info");
    assert_int_equal(wo_mailslot_info(s, &i), 0);
    assert_true(i.max_message == 5 && i.next_size == -1 && i.count == 0 && i.read_timeout_ns == 0);
    assert_int_equal(wo_mailslot_write(c, "123456", 6), -E2BIG);
    put(c, "12345");
    put(c, "1");
    assert_int_equal(wo_mailslot_info(s, &i), 0);
    assert_true(i.next_size == 5 && i.count == 2);
    assert_int_equal(wo_mailslot_read(s, buffer, 4, 0, &size), -EMSGSIZE);
    assert_int_equal(size, 5);
    assert_string_equal(buffer, "abc");
    get(s, "12345");
    get(s, "1");
    assert_int_equal(wo_mailslot_read(s, buffer, 4, WO_MAILSLOT_TIMEOUT, NULL), -ETIMEDOUT);
    assert_int_equal(wo_mailslot_set_read_timeout(s, 20 * (int64_t)WO_TEST_MS), 0);
    uint64_t before = wo_test_now();
    assert_int_equal(wo_mailslot_read(s, buffer, 4, WO_MAILSLOT_TIMEOUT, NULL), -ETIMEDOUT);
    assert_true(wo_test_now() - before >= 20 * WO_TEST_MS);
    assert_int_equal(wo_mailslot_set_read_timeout(s, -7), 0);
    assert_int_equal(wo_mailslot_info(s, &i), 0);
    assert_int_equal(i.read_timeout_ns, WO_INFINITE);
    closed(c);
    closed(s);
}

static void test_arguments(void **state)
{
    struct wo_mailslot_options o = {.flags = 2};
    struct wo_mailslot_info i;
    wo_handle s, h = NULL, event;
    char b[4];
    (void)state;
    assert_int_equal(wo_mailslot_create(NULL, SLOT "x", NULL), -EINVAL);
    assert_int_equal(wo_mailslot_create(&h, NULL, NULL), -ENOTDIR);
    assert_int_equal(wo_mailslot_create(&h, "\\\\*\\mailslot\\x", NULL), -EILSEQ);
    assert_int_equal(wo_mailslot_create(&h, "\\\\pc1\\mailslot\\x", NULL), -EILSEQ);
    assert_int_equal(wo_mailslot_create(&h, "\\\\pc2\\mailslot\\x", NULL), -EILSEQ);
    assert_int_equal(wo_mailslot_create(&h, SLOT "x", &o), -EINVAL);
    o = (struct wo_mailslot_options){.quota = UINT64_MAX};
    assert_int_equal(wo_mailslot_create(&h, SLOT "x", &o), -EINVAL);
    assert_int_equal(wo_mailslot_open(NULL, SLOT "x"), -EINVAL);
    assert_int_equal(wo_mailslot_open(&h, NULL), -ENOTDIR);
    assert_int_equal(wo_mailslot_open(&h, "x"), -EILSEQ);
    assert_int_equal(wo_mailslot_open(&h, SLOT "x"), -ENOENT);
    assert_null(h);
    s = slot(SLOT "x", 0);
    h = client(SLOT "x");
    assert_int_equal(wo_event_create(&event, NULL, 0, NULL), 0);
    assert_int_equal(wo_mailslot_read(h, b, 4, 0, NULL), -EACCES);
    assert_int_equal(wo_mailslot_write(s, b, 4), -EACCES);
    assert_int_equal(wo_mailslot_info(h, &i), -EACCES);
    assert_int_equal(wo_mailslot_set_read_timeout(h, 0), -EACCES);
    assert_int_equal(wo_mailslot_read(event, b, 4, 0, NULL), -EBADF);
    assert_int_equal(wo_mailslot_write(event, b, 4), -EBADF);
    assert_int_equal(wo_mailslot_info(NULL, &i), -EBADF);
    assert_int_equal(wo_mailslot_info(s, NULL), -EINVAL);
    assert_int_equal(wo_mailslot_read(s, NULL, 4, 0, NULL), -EINVAL);
    assert_int_equal(wo_mailslot_write(h, NULL, 4), -EINVAL);
    assert_int_equal(wo_mailslot_write(h, NULL, 0), 0);
    assert_int_equal(wo_mailslot_read(s, NULL, 0, 0, NULL), 0);
    assert_int_equal(wo_wait(h, 0), -ENOTSUP);
    closed(event);
    closed(h);
    closed(s);
}

static void test_exclusive(void **state)
{
    struct wo_mailslot_options shared = {.flags = WO_MAILSLOT_SHARED};
    wo_handle s = slot(SLOT "dir\\name", 0), other = NULL, c;
    (void)state;
    assert_int_equal(wo_mailslot_create(&other, SLOT "dir/NAME", NULL), -EEXIST);
    assert_int_equal(wo_mailslot_create(&other, SLOT "dir/NAME", &shared), -EEXIST);
    assert_null(other);
    c = client(SLOT "dir\\name");
    put(c, "unread");
    closed(s);
    assert_int_equal(wo_mailslot_write(c, "x", 1), -EPIPE);
    s = slot(SLOT "dir\\name", 0);
    empty(s);
    assert_int_equal(wo_mailslot_write(c, "x", 1), -EPIPE); /* bound to the old owner */
    empty(s);
    closed(c);
    closed(s);
    s = slot(SLOT "n", WO_MAILSLOT_SHARED);
    assert_int_equal(wo_mailslot_create(&other, SLOT "n", NULL), -EEXIST);
    closed(s);
}

static void test_shared(void **state)
{
    wo_handle a = slot(SLOT "s", WO_MAILSLOT_SHARED), c = client(SLOT "s"), b;
    (void)state;
    put(c, "one");
    b = slot(SLOT "s", WO_MAILSLOT_SHARED);
    put(c, "two");
    get(a, "one");
    get(a, "two");
    get(b, "two");
    closed(a);
    put(c, "three");
    get(b, "three");
    closed(b);
    assert_int_equal(wo_mailslot_write(c, "x", 1), -EPIPE);
    a = slot(SLOT "s", WO_MAILSLOT_SHARED);
    put(c, "again");
    get(a, "again");
    closed(a);
    closed(c);
}

static wo_handle slot_on(const char *computer, const char *domain, const char *name)
{
    assert_int_equal(wo_mailslot_set_computer(computer, domain), 0);
    wo_handle h = slot(name, 0);
    assert_int_equal(wo_mailslot_set_computer("PC1", "Office"), 0);
    return h;
}

static void test_broadcast(void **state)
{
    wo_handle all, pc2, pc9, office, lab, s1, s2, s3, other, h = NULL;
    (void)state;
    all = client("\\\\*\\mailslot\\news");
    lab = client("\\\\LAB\\mailslot\\news");
    pc9 = client("\\\\pc9\\mailslot\\news");
    put(all, "nobody");
    s1 = slot_on("PC1", "Office", SLOT "news");
    s2 = slot_on("PC2", "Office", SLOT "News");
    s3 = slot_on("PC3", "Lab", SLOT "news");
    other = slot_on("PC2", "Office", SLOT "other");
    pc2 = client("\\\\pc2\\mailslot\\NEWS");
    office = client("\\\\office\\mailslot\\news");
    put(all, "all");
    put(office, "office");
    put(pc2, "pc2");
    put(lab, "lab");
    put(pc9, "nobody");
    get(s1, "all");
    get(s1, "office");
    empty(s1);
    get(s2, "all");
    get(s2, "office");
    get(s2, "pc2");
    empty(s2);
    get(s3, "lab");
    empty(s3);
    empty(other);
    /* A computer that exists, without that mailslot. */
    assert_int_equal(wo_mailslot_open(&h, "\\\\pc2\\mailslot\\none"), -ENOENT);
    closed(s2);
    put(pc2, "gone");
    put(all, "less");
    get(s1, "less");
    s2 = slot_on("PC2", "Office", SLOT "news");
    put(pc2, "new owner");
    get(s2, "new owner");
    wo_handle handles[] = {all, pc2, pc9, office, lab, s1, s2, s3, other};
    for (size_t i = 0; i < sizeof handles / sizeof *handles; i++)
        closed(handles[i]);
}

/* A name that is both: the computer wins. */
static void test_computer_before_domain(void **state)
{
    wo_handle c, as_domain, as_computer;
    (void)state;
    as_domain = slot_on("inside", "Both", SLOT "x");
    c = client("\\\\both\\mailslot\\x");
    put(c, "domain");
    get(as_domain, "domain");
    as_computer = slot_on("Both", "Office", SLOT "x");
    put(c, "computer");
    empty(as_domain);
    get(as_computer, "computer");
    closed(c);
    closed(as_domain);
    closed(as_computer);
}

static void test_full_receiver_harms_nobody(void **state)
{
    struct wo_mailslot_options o = {.quota = 64};
    wo_handle all, small, big, c;
    (void)state;
    wo_mailslot_set_computer("PC2", NULL);
    assert_int_equal(wo_mailslot_create(&small, SLOT "f", &o), 0);
    wo_mailslot_set_computer("PC1", NULL);
    big = slot(SLOT "f", 0);
    all = client("\\\\*\\mailslot\\f");
    for (int i = 0; i < 100; i++)
        put(all, "0123456789");
    for (int i = 0; i < 100; i++)
        get(big, "0123456789");
    empty(big);
    get(small, "0123456789");
    get(small, "0123456789");
    empty(small);
    wo_mailslot_set_computer("PC2", NULL);
    c = client(SLOT "f");
    wo_mailslot_set_computer("PC1", NULL);
    put(c, "01234567890123456789");
    put(c, "01234567890123456789");
    assert_int_equal(wo_mailslot_write(c, "x", 1), -EDQUOT);
    closed(all);
    closed(small);
    closed(big);
    closed(c);
}

/* ---- Between processes ----------------------------------------------------------------------- */

/* receiver COMPUTER NAME FLAGS: owns a mailslot and prints what it gets. */
static int role_receiver(int argc, char **argv)
{
    struct wo_mailslot_options o = {.read_timeout_ns = WO_INFINITE};
    char buffer[8192];
    size_t size;
    wo_handle s;
    if (argc < 4)
        return 1;
    wo_mailslot_set_computer(argv[1], "Office");
    o.flags = (unsigned)atoi(argv[3]);
    int rc = wo_mailslot_create(&s, argv[2], &o);
    wo_test_say("%d", rc);
    if (rc < 0)
        return 2;
    while ((rc = wo_mailslot_read(s, buffer, sizeof buffer - 1, WO_MAILSLOT_TIMEOUT, &size)) == 0) {
        buffer[size] = '\0';
        if (strcmp(buffer, "stop reading") == 0)
            while (pause() != 0)
                ;
        if (strcmp(buffer, "end") == 0)
            return wo_close(s);
        wo_test_say("%s", buffer);
    }
    return 3;
}

static void receiver(struct wo_test_child *c, const char *computer, const char *name,
                     const char *flags)
{
    wo_test_spawn(c, "receiver", computer, name, flags, NULL);
    wo_test_expect(c, "0");
}

static void test_processes(void **state)
{
    enum { N = 8 };
    struct wo_test_child r[N];
    char computer[16], text[32];
    (void)state;
    for (int i = 0; i < N; i++) {
        snprintf(computer, sizeof computer, "pc%d", i / 2 + 10);
        receiver(&r[i], computer, SLOT "many", "1");
    }
    wo_handle all = client("\\\\*\\mailslot\\many");
    for (int m = 0; m < 100; m++) {
        snprintf(text, sizeof text, "message %d", m);
        put(all, text);
    }
    put(all, "end");
    for (int i = 0; i < N; i++) {
        for (int m = 0; m < 100; m++) {
            snprintf(text, sizeof text, "message %d", m);
            wo_test_expect(&r[i], text);
        }
        wo_test_expect_exit(&r[i], 0);
    }
    closed(all);
}

static void test_killed_owner(void **state)
{
    struct wo_test_child r;
    wo_handle h = NULL, c, s;
    (void)state;
    for (int behind = 0; behind < 2; behind++) {
        receiver(&r, "PC1", SLOT "k", "0");
        assert_int_equal(wo_mailslot_create(&h, SLOT "k", NULL), -EEXIST);
        c = client(SLOT "k");
        put(c, "hello");
        wo_test_expect(&r, "hello");
        if (behind) {
            put(c, "stop reading");
            assert_true(wo_test_blocked(r.pid));
            put(c, "unread");
        }
        wo_test_kill(&r);
        assert_int_equal(wo_mailslot_write(c, "x", 1), -EPIPE);
        assert_int_equal(wo_mailslot_write(c, "x", 1), -EPIPE);
        /* What it left was removed by who noticed. */
        assert_int_equal(wo_test_runtime_files(), files);
        assert_int_equal(wo_mailslot_open(&h, SLOT "k"), -ENOENT);
        closed(c);
        receiver(&r, "PC1", SLOT "k", "0");
        wo_test_kill(&r);
        if (behind)
            assert_int_equal(wo_mailslot_open(&h, SLOT "k"), -ENOENT);
        s = slot(SLOT "k", 0);
        empty(s);
        closed(s);
    }
}

/* One stopped, one killed while it is behind: the third loses nothing, the sender does not stall. */
static void test_stopped_and_killed(void **state)
{
    struct wo_test_child stopped, killed, good;
    char text[32];
    (void)state;
    receiver(&stopped, "a", SLOT "b", "0");
    receiver(&killed, "b", SLOT "b", "0");
    receiver(&good, "c", SLOT "b", "0");
    wo_handle all = client("\\\\*\\mailslot\\b");
    put(all, "first");
    wo_test_expect(&stopped, "first");
    wo_test_expect(&killed, "first");
    wo_test_expect(&good, "first");
    kill(stopped.pid, SIGSTOP);
    wo_test_eventually(wo_test_state(stopped.pid) == 'T');
    for (int m = 0; m < 1000; m++) {
        if (m == 500)
            wo_test_kill(&killed);
        snprintf(text, sizeof text, "%d", m);
        put(all, text);
        wo_test_expect(&good, text);
    }
    kill(stopped.pid, SIGCONT);
    for (int m = 0; m < 1000; m++) {
        snprintf(text, sizeof text, "%d", m);
        wo_test_expect(&stopped, text);
    }
    put(all, "end");
    wo_test_expect_exit(&good, 0);
    wo_test_expect_exit(&stopped, 0);
    put(all, "nobody");
    closed(all);
}

/* Receivers that were killed while nobody sent are removed by the next look. */
static void test_dead_are_removed(void **state)
{
    struct wo_test_child r[3];
    (void)state;
    for (int i = 0; i < 3; i++)
        receiver(&r[i], i == 2 ? "z" : "y", SLOT "d", "1");
    assert_int_equal(wo_test_runtime_files(), files + 2 * 3 + 2);
    for (int i = 0; i < 3; i++)
        wo_test_kill(&r[i]);
    wo_handle all = client("\\\\*\\mailslot\\d");
    assert_int_equal(wo_test_runtime_files(), files);
    closed(all);
}

static const char *die_at;
static unsigned die_after;

static void die(const char *point)
{
    if (strcmp(point, die_at) == 0 && die_after-- == 0)
        raise(SIGKILL);
}

/* dier NAME POINT AFTER: makes a mailslot and closes it, dying on the way. */
static int role_dier(int argc, char **argv)
{
    wo_handle s;
    if (argc < 4)
        return 1;
    wo_mailslot_set_computer("PC1", "Office");
    die_at = argv[2];
    die_after = (unsigned)atoi(argv[3]);
    wo__test_hook = die;
    if (wo_mailslot_create(&s, argv[1], NULL) < 0)
        return 2;
    return wo_close(s);
}

static void test_killed_creating_and_closing(void **state)
{
    static const struct {
        const char *point, *after;
    } points[] = {{"slot.opened", "0"},    {"queue.hidden", "0"},   {"slot.leaving", "0"},
                  {"queue.removing", "0"}, {"queue.removing", "1"}, {"queue.removing", "2"},
                  {"slot.unowned", "0"}};
    (void)state;
    for (size_t i = 0; i < sizeof points / sizeof *points; i++) {
        struct wo_test_child c;
        wo_test_spawn(&c, "dier", SLOT "die", points[i].point, points[i].after, NULL);
        assert_int_equal(wo_test_reap(&c), 1000 + SIGKILL);
        wo_handle s = slot(SLOT "die", 0), to = client(SLOT "die");
        put(to, "fine");
        get(s, "fine");
        closed(s);
        closed(to);
        assert_int_equal(wo_test_runtime_files(), files);
    }
}

/* The directory is removed between a creator's opening it and its lock: it starts again. */
static wo_handle step_handle;

static void step_close(const char *point)
{
    if (strcmp(point, "slot.opened") != 0)
        return;
    wo__test_hook = NULL;
    struct wo_test_child c;
    wo_test_spawn(&c, "dier", SLOT "race", "never", "0", NULL);
    if (wo_test_reap(&c) != 0)
        abort();
}

static void test_removed_while_creating(void **state)
{
    (void)state;
    wo__test_hook = step_close;
    step_handle = slot(SLOT "race", 0);
    assert_null(wo__test_hook);
    wo_handle c = client(SLOT "race");
    put(c, "found");
    get(step_handle, "found");
    closed(c);
    closed(step_handle);
}

/* ---- Reading and waiting --------------------------------------------------------------------- */

static int64_t read_blocking(void *arg)
{
    char buffer[32];
    size_t size = 0;
    int rc = wo_mailslot_read((wo_handle)arg, buffer, sizeof buffer, WO_INFINITE, &size);
    return rc < 0 ? rc : (int64_t)size;
}

static int64_t wait_blocking(void *arg)
{
    return wo_wait((wo_handle)arg, WO_INFINITE);
}

static void test_blocked(void **state)
{
    struct wo_test_thread t[4];
    wo_handle s = slot(SLOT "w", 0), c = client(SLOT "w");
    int64_t total = 0;
    (void)state;
    wo_test_thread_start(&t[0], wait_blocking, s);
    assert_true(wo_test_threads_blocked(t, 1));
    put(c, "x");
    assert_int_equal(wo_test_thread_join(&t[0]), 0);
    get(s, "x");
    for (int i = 0; i < 4; i++)
        wo_test_thread_start(&t[i], read_blocking, s);
    assert_true(wo_test_threads_blocked(t, 4));
    put(c, "1");
    put(c, "22");
    put(c, "4444");
    put(c, "88888888");
    for (int i = 0; i < 4; i++)
        total += wo_test_thread_join(&t[i]);
    assert_int_equal(total, 15);
    empty(s);
    closed(c);
    closed(s);
}

static void test_closed_while_read(void **state)
{
    struct wo_test_thread t;
    wo_handle s = slot(SLOT "c", 0);
    (void)state;
    wo_test_thread_start(&t, read_blocking, s);
    assert_true(wo_test_threads_blocked(&t, 1));
    closed(s);
    assert_int_equal(wo_test_thread_join(&t), -EBADF);
}

static void test_pollfd(void **state)
{
    wo_handle s = slot(SLOT "p", 0), c = client(SLOT "p");
    struct pollfd p = {.events = POLLIN};
    (void)state;
    assert_int_equal(wo_pollfd(s, &p.fd), 0);
    assert_int_equal(poll(&p, 1, 0), 0);
    put(c, "x");
    assert_int_equal(poll(&p, 1, 0), 1);
    get(s, "x");
    assert_int_equal(wo_wait(s, 0), -ETIMEDOUT);
    assert_int_equal(poll(&p, 1, 0), 0);
    closed(c);
    closed(s);
}

/* ---- fork() and handing over ----------------------------------------------------------------- */

static void test_fork(void **state)
{
    wo_handle s = slot(SLOT "fork", 0), c = client(SLOT "fork");
    char buffer[8];
    (void)state;
    put(c, "one");
    pid_t pid = fork();
    if (pid == 0) {
        int bad = wo_mailslot_read(s, buffer, sizeof buffer, 0, NULL) != 0 ||
                  wo_mailslot_write(c, "from child", 10) != 0 || wo_close(s) < 0 || wo_close(c) < 0;
        _exit(bad);
    }
    int status = -1;
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_int_equal(status, 0);
    get(s, "from child");
    put(c, "still ours");
    get(s, "still ours");
    closed(s);
    assert_int_equal(wo_mailslot_write(c, "x", 1), -EPIPE);
    closed(c);
}

/* The mailslot lives as long as one of the two has it. */
static void test_fork_survivor(void **state)
{
    wo_handle s = slot(SLOT "fork", 0), c = client(SLOT "fork"), h = NULL;
    int go[2];
    (void)state;
    assert_int_equal(pipe(go), 0);
    pid_t pid = fork();
    if (pid == 0) {
        char buffer[16];
        size_t size = 0;
        close(go[1]);
        int bad = read(go[0], buffer, 1) != 0 || wo_close(c) < 0 ||
                  wo_mailslot_read(s, buffer, sizeof buffer, WO_INFINITE, &size) != 0 ||
                  size != 9 || wo_close(s) < 0;
        _exit(bad);
    }
    close(go[0]);
    closed(s);
    put(c, "for child");
    if (wo__presence_survives_fork)
        assert_int_equal(wo_mailslot_create(&h, SLOT "fork", NULL), -EEXIST);
    close(go[1]);
    int status = -1;
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_int_equal(status, 0);
    assert_int_equal(wo_mailslot_write(c, "x", 1), -EPIPE);
    closed(c);
}

static struct wo__object *object_of(wo_handle h)
{
    struct wo__object *o = NULL;
    assert_int_equal(wo__handle_get(h, NULL, 0, &o), 0);
    return o;
}

static void test_hand_over(void **state)
{
    char text[WO__MAILSLOT_TEXT];
    int from[WO__MAILSLOT_FDS], to[WO__MAILSLOT_FDS];
    wo_handle s = slot(SLOT "h", 0), c = client(SLOT "h"), s2, c2;
    struct wo__object *o = object_of(s), *copy;
    (void)state;
    size_t n = wo__mailslot_export(o, from, text);
    assert_int_equal(n, WO__MAILSLOT_FDS);
    for (size_t i = 0; i < n; i++)
        to[i] = fcntl(from[i], F_DUPFD_CLOEXEC, 3);
    assert_int_equal(wo__mailslot_import(text, to, n, &copy), 0);
    wo__object_release(o);
    assert_int_equal(wo__handle_new(copy, WO__MAILSLOT_SERVER_ACCESS, 0, &s2), 0);
    o = object_of(c);
    assert_int_equal(wo__mailslot_export(o, from, text), 0);
    assert_int_equal(wo__mailslot_import(text, NULL, 0, &copy), 0);
    wo__object_release(o);
    assert_int_equal(wo__handle_new(copy, WO__MAILSLOT_CLIENT_ACCESS, 0, &c2), 0);
    closed(s);
    put(c2, "two");
    put(c, "one");
    get(s2, "two");
    get(s2, "one");
    closed(s2);
    assert_int_equal(wo_mailslot_write(c2, "x", 1), -EPIPE);
    assert_int_equal(wo__mailslot_import("client/9/a/b/c/d", NULL, 0, &copy), -EINVAL);
    assert_int_equal(wo__mailslot_import("nonsense", NULL, 0, &copy), -EINVAL);
    assert_int_equal(wo__mailslot_import("own/a/b/c/d/e/f", to, 4, &copy), -EINVAL);
    closed(c);
    closed(c2);
}

/* ---- Hostile surroundings -------------------------------------------------------------------- */

static void path_of(char path[4200], const char *rest)
{
    snprintf(path, 4200, "%s/mailslot/office/%s", wo_test_runtime(), rest);
}

static void test_replaced_directories(void **state)
{
    char path[4200];
    wo_handle h = NULL;
    (void)state;
    wo_handle keep = slot(SLOT "keep", 0);
    path_of(path, "pc1/evil");
    assert_int_equal(symlink("/tmp", path), 0);
    assert_int_equal(wo_mailslot_create(&h, SLOT "evil", NULL), -EPERM);
    assert_int_equal(wo_mailslot_open(&h, SLOT "evil"), -EPERM);
    unlink(path);
    close(open(path, O_CREAT | O_WRONLY, 0600));
    assert_int_equal(wo_mailslot_create(&h, SLOT "evil", NULL), -EPERM);
    unlink(path);
    assert_int_equal(mkdir(path, 0755), 0);
    assert_int_equal(chmod(path, 0755), 0);
    assert_int_equal(wo_mailslot_create(&h, SLOT "evil", NULL), -EPERM);
    assert_int_equal(chmod(path, 0700), 0);
    path_of(path, "pc1/evil/owner");
    assert_int_equal(mkdir(path, 0700), 0);
    assert_int_equal(wo_mailslot_create(&h, SLOT "evil", NULL), -EPERM);
    rmdir(path);
    assert_int_equal(mkfifo(path, 0600), 0);
    assert_int_equal(wo_mailslot_create(&h, SLOT "evil", NULL), -EPERM);
    unlink(path);
    path_of(path, "pc1/evil/0123456789abcdef0123456789abcdef.fifo");
    assert_int_equal(symlink("/dev/null", path), 0);
    assert_int_equal(wo_mailslot_open(&h, SLOT "evil"), -EBADMSG);
    wo_handle all = client("\\\\*\\mailslot\\evil");
    put(all, "x");
    wo_handle s = slot(SLOT "evil", 0);
    put(all, "fine");
    get(s, "fine");
    closed(s);
    closed(all);
    unlink(path);
    path_of(path, "pc1/evil/owner"); /* the directory held something foreign, so it stayed */
    assert_int_equal(unlink(path), 0);
    path_of(path, "pc1/evil");
    assert_int_equal(rmdir(path), 0);
    closed(keep);
}

static void test_damaged_queue(void **state)
{
    char path[4200], name[64];
    struct wo_mailslot_info i;
    (void)state;
    wo_handle s = slot(SLOT "q", 0), c = client(SLOT "q"), h = NULL;
    struct wo__object *o = object_of(s);
    int from[WO__MAILSLOT_FDS];
    char text[WO__MAILSLOT_TEXT];
    wo__mailslot_export(o, from, text);
    snprintf(name, sizeof name, "pc1/q/%.32s.queue", strchr(text, '/') + 1);
    path_of(path, name);
    put(c, "x");
    assert_int_equal(pwrite(from[0], "garbage!", 8, 0), 8);
    assert_int_equal(wo_mailslot_write(c, "x", 1), -EBADMSG);
    assert_int_equal(wo_mailslot_read(s, name, 8, 0, NULL), -EBADMSG);
    assert_int_equal(wo_mailslot_info(s, &i), -EBADMSG);
    assert_int_equal(wo_mailslot_open(&h, SLOT "q"), -EBADMSG);
    assert_int_equal(truncate(path, 100), 0);
    assert_int_equal(wo_mailslot_open(&h, SLOT "q"), -EBADMSG);
    wo__object_release(o);
    closed(s);
    closed(c);
}

static const struct wo_test_role roles[] = {
    {"receiver", role_receiver}, {"dier", role_dier}, {NULL, NULL}};
#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, clean)
static const struct CMUnitTest tests[] = {
    TEST(test_one),
    TEST(test_info),
    TEST(test_arguments),
    TEST(test_exclusive),
    TEST(test_shared),
    TEST(test_broadcast),
    TEST(test_computer_before_domain),
    TEST(test_full_receiver_harms_nobody),
    TEST(test_processes),
    TEST(test_killed_owner),
    TEST(test_stopped_and_killed),
    TEST(test_dead_are_removed),
    TEST(test_killed_creating_and_closing),
    TEST(test_removed_while_creating),
    TEST(test_blocked),
    TEST(test_closed_while_read),
    TEST(test_pollfd),
    TEST(test_fork),
    TEST(test_fork_survivor),
    TEST(test_hand_over),
    TEST(test_replaced_directories),
    TEST(test_damaged_queue),
};
WO_TEST_MAIN(tests, roles)
