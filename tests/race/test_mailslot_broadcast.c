/* test_mailslot_broadcast.c: one sender, many receiver processes, random messages: every receiver
 * gets every message once, in order, byte for byte; one receiver is stopped for a while and one is
 * killed half way. */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include "support.h"
#include "waitobj/waitobj.h"

enum { MOST = 4096 };
static const char all[] = "\\\\*\\mailslot\\broadcast", here[] = "\\\\.\\mailslot\\broadcast";

/* What message number i of this seed is; receivers make it again. */
static size_t message(uint64_t seed, unsigned i, unsigned char *data)
{
    wo_test_seed(seed + i);
    size_t size = wo_test_random_below(MOST + 1);
    wo_test_random_fill(data, size);
    return size;
}

/* receiver COMPUTER SEED COUNT: 0 when all was right. */
static int role_receiver(int argc, char **argv)
{
    static unsigned char expected[MOST], got[MOST];
    struct wo_mailslot_options o = {.read_timeout_ns = (int64_t)WO_TEST_PATIENCE_NS};
    wo_handle s;
    if (argc < 4 || wo_mailslot_set_computer(argv[1], "Race") < 0 ||
        wo_mailslot_create(&s, here, &o) < 0)
        return 1;
    uint64_t seed = strtoull(argv[2], NULL, 10);
    unsigned count = (unsigned)atoi(argv[3]);
    wo_test_say("ready");
    for (unsigned i = 0; i < count; i++) {
        size_t size = 0, right = message(seed, i, expected);
        int rc = wo_mailslot_read(s, got, sizeof got, WO_MAILSLOT_TIMEOUT, &size);
        if (rc < 0)
            return 2;
        if (size != right || memcmp(got, expected, size) != 0)
            return 3;
        if (i == count / 4)
            wo_test_say("a quarter");
    }
    if (wo_mailslot_read(s, got, sizeof got, 0, NULL) != -ETIMEDOUT)
        return 4;
    return wo_close(s) < 0 ? 5 : 0;
}

static void start(struct wo_test_child *c, unsigned i, uint64_t seed, unsigned count)
{
    char computer[16], seed_text[32], count_text[16];
    snprintf(computer, sizeof computer, "pc%u", i);
    snprintf(seed_text, sizeof seed_text, "%llu", (unsigned long long)seed);
    snprintf(count_text, sizeof count_text, "%u", count);
    wo_test_spawn(c, "receiver", computer, seed_text, count_text, NULL);
    wo_test_expect(c, "ready");
}

static void send_from_to(wo_handle h, uint64_t seed, unsigned from, unsigned to)
{
    static unsigned char data[MOST];
    for (unsigned i = from; i < to; i++) {
        size_t size = message(seed, i, data);
        assert_int_equal(wo_mailslot_write(h, data, size), 0);
    }
}

static void test_broadcast(void **state)
{
    enum { RECEIVERS = 64, STOPPED = 0, KILLED = 1 };
    static struct wo_test_child r[RECEIVERS];
    unsigned count = wo_test_rounds(1000, 10000);
    uint64_t seed = wo_test_random();
    wo_handle h;
    (void)state;
    wo_mailslot_set_computer("sender", "Race");
    assert_int_equal(wo_event_create(&h, "the arena's file", 0, NULL), 0);
    assert_int_equal(wo_close(h), 0);
    size_t files = wo_test_runtime_files();
    for (unsigned i = 0; i < RECEIVERS; i++)
        start(&r[i], i, seed, count);
    assert_int_equal(wo_mailslot_open(&h, all), 0);
    send_from_to(h, seed, 0, count / 4 + 1);
    wo_test_expect(&r[STOPPED], "a quarter");
    kill(r[STOPPED].pid, SIGSTOP);
    wo_test_eventually(wo_test_state(r[STOPPED].pid) == 'T');
    send_from_to(h, seed, count / 4 + 1, count / 2);
    wo_test_kill(&r[KILLED]);
    send_from_to(h, seed, count / 2, count);
    for (unsigned i = 2; i < RECEIVERS; i++) {
        wo_test_expect(&r[i], "a quarter");
        wo_test_expect_exit(&r[i], 0);
    }
    kill(r[STOPPED].pid, SIGCONT);
    wo_test_expect_exit(&r[STOPPED], 0);
    /* What the killed one left goes with the next look. */
    assert_int_equal(wo_mailslot_write(h, "x", 1), 0);
    assert_int_equal(wo_close(h), 0);
    assert_int_equal(wo_mailslot_open(&h, all), 0);
    assert_int_equal(wo_close(h), 0);
    assert_true(wo_test_runtime_files() <= files + 1); /* the generation counter may be new */
}

/* ---- Threads --------------------------------------------------------------------------------- */

enum { THREADS = 4 };
static unsigned each;
static wo_handle slot;

struct stamp {
    uint32_t thread, number;
};

static int64_t send_stamps(void *arg)
{
    struct stamp s = {(uint32_t)(uintptr_t)arg, 0};
    wo_handle h;
    if (wo_mailslot_open(&h, here) < 0)
        return -1;
    for (; s.number < each; s.number++) {
        int rc;
        while ((rc = wo_mailslot_write(h, &s, sizeof s)) == -EDQUOT)
            wo_test_pause();
        if (rc < 0)
            return rc;
    }
    return wo_close(h);
}

static int64_t receive_stamps(void *arg)
{
    uint64_t *sum = arg;
    struct stamp s;
    size_t size;
    int rc;
    while ((rc = wo_mailslot_read(slot, &s, sizeof s, WO_INFINITE, &size)) == 0 && size)
        *sum += s.thread * UINT64_C(1000000) + s.number;
    return rc;
}

/* Several writers, several readers of one mailslot, through waits that really block. */
static void test_threads(void **state)
{
    struct wo_test_thread writers[THREADS], readers[THREADS];
    struct wo_mailslot_options o = {.quota = 2000};
    uint64_t sums[THREADS] = {0}, sum = 0, right = 0;
    wo_handle h;
    (void)state;
    each = wo_test_rounds(5000, 200000);
    assert_int_equal(wo_mailslot_create(&slot, here, &o), 0);
    for (size_t i = 0; i < THREADS; i++) {
        wo_test_thread_start(&readers[i], receive_stamps, &sums[i]);
        wo_test_thread_start(&writers[i], send_stamps, (void *)i);
        for (unsigned n = 0; n < each; n++)
            right += i * UINT64_C(1000000) + n;
    }
    for (size_t i = 0; i < THREADS; i++)
        assert_int_equal(wo_test_thread_join(&writers[i]), 0);
    assert_int_equal(wo_mailslot_open(&h, here), 0);
    for (size_t i = 0; i < THREADS; i++)
        wo_test_eventually(wo_mailslot_write(h, NULL, 0) == 0); /* an empty one ends a reader */
    for (size_t i = 0; i < THREADS; i++) {
        assert_int_equal(wo_test_thread_join(&readers[i]), 0);
        sum += sums[i];
    }
    assert_int_equal(sum, right);
    assert_int_equal(wo_close(h), 0);
    assert_int_equal(wo_close(slot), 0);
}

static int64_t wait_stamps(void *arg)
{
    unsigned *got = arg;
    for (;;) {
        struct stamp s;
        size_t size = 1;
        if (wo_wait(slot, WO_INFINITE) < 0)
            return -1;
        int rc = wo_mailslot_read(slot, &s, sizeof s, 0, &size);
        if (rc == 0 && size == 0)
            return 0;
        if (rc == 0)
            ++*got;
        else if (rc != -ETIMEDOUT)
            return rc;
    }
}

/* A reader that waits with wo_wait loses no wake. */
static void test_wait(void **state)
{
    struct wo_test_thread writers[THREADS], reader;
    unsigned got = 0;
    wo_handle h;
    (void)state;
    each = wo_test_rounds(5000, 200000);
    assert_int_equal(wo_mailslot_create(&slot, here, NULL), 0);
    wo_test_thread_start(&reader, wait_stamps, &got);
    for (size_t i = 0; i < THREADS; i++)
        wo_test_thread_start(&writers[i], send_stamps, (void *)i);
    for (size_t i = 0; i < THREADS; i++)
        assert_int_equal(wo_test_thread_join(&writers[i]), 0);
    assert_int_equal(wo_mailslot_open(&h, here), 0);
    assert_int_equal(wo_mailslot_write(h, NULL, 0), 0);
    assert_int_equal(wo_test_thread_join(&reader), 0);
    assert_int_equal(got, THREADS * each);
    assert_int_equal(wo_close(h), 0);
    assert_int_equal(wo_close(slot), 0);
}

static const struct wo_test_role roles[] = {{"receiver", role_receiver}, {NULL, NULL}};
static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_broadcast),
    cmocka_unit_test(test_threads),
    cmocka_unit_test(test_wait),
};
WO_TEST_MAIN(tests, roles)
