/* test_mailslot_crash.c: processes are killed at random moments while they create, close, read and
 * write mailslots that living processes also use. Nothing hangs, no accepted message is lost or
 * torn, nothing is left behind. */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <time.h>
#include "support.h"
#include "waitobj/waitobj.h"

static const char slot_name[] = "\\\\.\\mailslot\\crash", all[] = "\\\\*\\mailslot\\crash",
                  side_name[] = "\\\\.\\mailslot\\side", side_all[] = "\\\\*\\mailslot\\side";
enum { MOST = 3000 };

struct message {
    uint32_t sender, number, size;
    unsigned char fill[MOST];
};

static size_t make(struct message *m, uint32_t sender, uint32_t number)
{
    m->sender = sender;
    m->number = number;
    m->size = (number * 2654435761u) % MOST;
    memset(m->fill, (int)((sender ^ number) & 255), m->size);
    return offsetof(struct message, fill) + m->size;
}

static bool is_right(const struct message *m, size_t size)
{
    if (size < offsetof(struct message, fill) || m->size > MOST ||
        size != offsetof(struct message, fill) + m->size)
        return false;
    for (uint32_t i = 0; i < m->size; i++)
        if (m->fill[i] != ((m->sender ^ m->number) & 255))
            return false;
    return true;
}

/* sender ID COUNT: writes to everybody; COUNT 0: until killed. Says how many were accepted. */
static int role_sender(int argc, char **argv)
{
    static struct message m;
    wo_handle h;
    if (argc < 3 || wo_mailslot_set_computer("sender", "Crash") < 0 ||
        wo_mailslot_open(&h, all) < 0)
        return 1;
    uint32_t id = (uint32_t)atoi(argv[1]), count = (uint32_t)atoi(argv[2]);
    wo_test_say("ready");
    for (uint32_t i = 0; count == 0 || i < count; i++) {
        int rc = wo_mailslot_write(h, &m, make(&m, id, i));
        if (rc < 0)
            return 2;
        if (count == 0 && i % 64 == 0)
            wo_test_pause(); /* not to fill the memory of slow machines */
    }
    return wo_close(h) < 0 ? 3 : 0;
}

/* churner COMPUTER: creates, reads, closes until it is killed. */
static int role_churner(int argc, char **argv)
{
    static struct message m;
    wo_handle s, h;
    size_t size;
    if (argc < 2 || wo_mailslot_set_computer(argv[1], "Crash") < 0 ||
        wo_mailslot_open(&h, side_all) < 0)
        return 1;
    wo_test_say("ready");
    for (uint32_t i = 0;; i++) {
        struct wo_mailslot_options o = {.flags = i & 1 ? WO_MAILSLOT_SHARED : 0};
        int rc = wo_mailslot_create(&s, i & 2 ? side_name : slot_name, &o);
        if (rc == -EEXIST)
            continue;
        if (rc < 0)
            return 2;
        if (wo_mailslot_write(h, &m, make(&m, 77, i)) < 0)
            return 3;
        while ((rc = wo_mailslot_read(s, &m, sizeof m, 0, &size)) == 0)
            if (!is_right(&m, size))
                return 4;
        if (rc != -ETIMEDOUT || wo_close(s) < 0)
            return 5;
    }
}

static void random_pause(void)
{
    struct timespec t = {.tv_nsec = (long)wo_test_random_below(2000000)};
    nanosleep(&t, NULL);
}

/* Reads everything that is there. Messages of the steady sender must come complete and in order; of
 * the killed ones, whole and in order up to their end. */
struct progress {
    uint32_t steady, other, other_sender;
    uint64_t read;
};

static void read_all(wo_handle s, struct progress *p)
{
    static struct message m;
    size_t size;
    int rc;
    while ((rc = wo_mailslot_read(s, &m, sizeof m, 0, &size)) == 0) {
        assert_true(is_right(&m, size));
        p->read++;
        if (m.sender == 0) {
            assert_int_equal(m.number, p->steady);
            p->steady++;
        } else if (m.sender != 77) {
            if (m.sender != p->other_sender)
                p->other = 0;
            assert_int_equal(m.number, p->other);
            p->other_sender = m.sender;
            p->other++;
        }
    }
    assert_int_equal(rc, -ETIMEDOUT);
}

static void start(struct wo_test_child *c, const char *role, const char *a, const char *b)
{
    wo_test_spawn(c, role, a, b, NULL);
    wo_test_expect(c, "ready");
}

static void test_killed_senders(void **state)
{
    struct wo_test_child steady, victim;
    struct progress p = {0};
    unsigned rounds = wo_test_rounds(150, 10000);
    char id[16];
    wo_handle s;
    (void)state;
    wo_mailslot_set_computer("living", "Crash");
    assert_int_equal(wo_mailslot_create(&s, slot_name, NULL), 0);
    start(&steady, "sender", "0", "20000");
    for (unsigned i = 1; i <= rounds; i++) {
        snprintf(id, sizeof id, "%u", 100 + i);
        start(&victim, "sender", id, "0");
        random_pause();
        wo_test_kill(&victim);
        read_all(s, &p);
    }
    wo_test_expect_exit(&steady, 0);
    read_all(s, &p);
    assert_int_equal(p.steady, 20000);
    assert_int_equal(wo_close(s), 0);
}

static void test_killed_receivers(void **state)
{
    struct wo_test_child victim[2], steady;
    struct progress p = {0};
    unsigned rounds = wo_test_rounds(150, 10000);
    wo_handle s, h;
    (void)state;
    wo_mailslot_set_computer("living", "Crash");
    assert_int_equal(wo_mailslot_create(&s, slot_name, NULL), 0);
    assert_int_equal(wo_mailslot_open(&h, all), 0);
    size_t files = wo_test_runtime_files(), fds = wo_test_fd_count();
    for (unsigned i = 0; i < rounds; i++) {
        static struct message m;
        for (int k = 0; k < 2; k++)
            start(&victim[k], "churner", "churn", NULL);
        for (uint32_t n = 0; n < 50; n++)
            assert_int_equal(wo_mailslot_write(h, &m, make(&m, 200 + i, n)), 0);
        random_pause();
        wo_test_kill(&victim[0]);
        wo_test_kill(&victim[1]);
        read_all(s, &p);
        assert_int_equal(p.other, 50);
    }
    /* Whoever comes next finds and removes the remains. */
    start(&steady, "sender", "0", "1");
    wo_test_expect_exit(&steady, 0);
    wo_handle again, side;
    wo_mailslot_set_computer("churn", NULL);
    assert_int_equal(wo_mailslot_create(&again, slot_name, NULL), 0);
    assert_int_equal(wo_mailslot_create(&side, side_name, NULL), 0);
    assert_int_equal(wo_close(side), 0);
    assert_int_equal(wo_close(again), 0);
    static struct message m;
    assert_int_equal(wo_mailslot_write(h, &m, make(&m, 77, 0)), 0);
    assert_int_equal(wo_test_runtime_files(), files);
    assert_int_equal(wo_test_fd_count(), fds);
    assert_int_equal(wo_close(s), 0);
    assert_int_equal(wo_close(h), 0);
}

static const struct wo_test_role roles[] = {
    {"sender", role_sender}, {"churner", role_churner}, {NULL, NULL}};
static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_killed_senders),
    cmocka_unit_test(test_killed_receivers),
};
WO_TEST_MAIN(tests, roles)
