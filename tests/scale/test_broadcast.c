/* test_broadcast.c: one sender, many receiver processes: every receiver gets every message once, in
 * order, byte for byte, whatever happens to one of the others.
 *
 * Message n is made from the seed and n alone, so a receiver knows what must come next. */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "support.h"
#include "waitobj/waitobj.h"

enum { LARGEST = 4096, RECEIVERS = 64 };

/* ---- Messages ------------------------------------------------------------------------------- */

static uint64_t mix(uint64_t x)
{
    x += UINT64_C(0x9E3779B97F4A7C15);
    x = (x ^ x >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    x = (x ^ x >> 27) * UINT64_C(0x94D049BB133111EB);
    return x ^ x >> 31;
}

/* The buffer has room for a few bytes more than LARGEST. */
static size_t make_message(uint64_t seed, unsigned n, uint64_t *words)
{
    uint64_t x = mix(seed ^ mix(n));
    size_t size = x % (LARGEST + 1);
    for (size_t i = 0; i * sizeof x < size; i++)
        words[i] = x = mix(x);
    return size;
}

/* ---- The receiver --------------------------------------------------------------------------- */

static uint64_t wanted[LARGEST / 8 + 1], got[LARGEST / 8 + 1];

static void receive(wo_handle h, uint64_t seed, unsigned n)
{
    size_t size = 0, expected = make_message(seed, n, wanted);
    int rc = n % 2 ? wo_wait(h, (int64_t)WO_TEST_PATIENCE_NS) : 0;
    if (rc == 0)
        rc = wo_mailslot_read(h, got, sizeof got, (int64_t)WO_TEST_PATIENCE_NS, &size);
    if (rc == 0 && size == expected && memcmp(got, wanted, size) == 0)
        return;
    wo_test_say("message %u: result %d, size %zu instead of %zu", n, rc, size, expected);
    _exit(1);
}

/* argv: seed, messages, computer ("-": the usual one). Says when it is half way and at the end. */
static int role_receiver(int argc, char **argv)
{
    struct wo_mailslot_options how = {.read_timeout_ns = -1, .flags = WO_MAILSLOT_SHARED};
    wo_handle h;
    if (argc < 4)
        return 1;
    uint64_t seed = strtoull(argv[1], NULL, 10);
    unsigned count = (unsigned)strtoul(argv[2], NULL, 10);
    if (strcmp(argv[3], "-") != 0) {
        wo_mailslot_set_computer(argv[3], NULL);
        how.flags = 0;
    }
    int rc = wo_mailslot_create(&h, "\\\\.\\mailslot\\news", &how);
    wo_test_say("%d", rc);
    for (unsigned n = 0; rc == 0 && n < count; n++) {
        if (n == count / 2)
            wo_test_say("half");
        receive(h, seed, n);
    }
    struct wo_mailslot_info info = {0};
    wo_mailslot_info(h, &info);
    wo_test_say("end %llu", (unsigned long long)info.count);
    wo_test_await("close");
    return wo_close(h) == 0 ? 0 : 2;
}

/* ---- The sender ----------------------------------------------------------------------------- */

struct broadcast {
    struct wo_test_child receivers[RECEIVERS];
    unsigned size, messages;
    uint64_t seed;
    wo_handle slot;
    uint64_t slowest_ns;
};

static void start(struct broadcast *b, bool computers, const char *address)
{
    char seed[32], count[32], computer[32] = "-";
    b->size = wo_test_rounds(8, RECEIVERS);
    b->messages = wo_test_rounds(500, 10000);
    b->seed = wo_test_random();
    b->slowest_ns = 0;
    snprintf(seed, sizeof seed, "%llu", (unsigned long long)b->seed);
    snprintf(count, sizeof count, "%u", b->messages);
    for (unsigned i = 0; i < b->size; i++) {
        if (computers)
            snprintf(computer, sizeof computer, "box-%u", i);
        wo_test_spawn(&b->receivers[i], "receiver", seed, count, computer, NULL);
    }
    for (unsigned i = 0; i < b->size; i++)
        wo_test_expect(&b->receivers[i], "0");
    assert_int_equal(wo_mailslot_open(&b->slot, address), 0);
}

static void send_some(struct broadcast *b, unsigned from, unsigned to)
{
    uint64_t words[LARGEST / 8 + 1];
    for (unsigned n = from; n < to; n++) {
        size_t size = make_message(b->seed, n, words);
        uint64_t before = wo_test_now();
        assert_int_equal(wo_mailslot_write(b->slot, words, size), 0);
        uint64_t took = wo_test_now() - before;
        if (took > b->slowest_ns)
            b->slowest_ns = took;
    }
}

static void expect_all(struct wo_test_child *c)
{
    if (c->pid == 0)
        return;
    wo_test_expect(c, "half");
    wo_test_expect(c, "end 0");
    wo_test_send(c, "close");
    wo_test_expect_exit(c, 0);
}

static void finish(struct broadcast *b)
{
    for (unsigned i = 0; i < b->size; i++)
        expect_all(&b->receivers[i]);
    assert_int_equal(wo_close(b->slot), 0);
    print_message("# %u messages; the slowest write took %.1f ms\n", b->messages,
                  (double)b->slowest_ns / 1e6);
}

static void everybody_gets_everything(bool computers, const char *address)
{
    struct broadcast b;
    start(&b, computers, address);
    send_some(&b, 0, b.messages);
    finish(&b);
}

static void shared_mailslot(void **state)
{
    (void)state;
    everybody_gets_everything(false, "\\\\.\\mailslot\\news");
}

static void computers_of_the_domain(void **state)
{
    (void)state;
    everybody_gets_everything(true, "\\\\*\\mailslot\\news");
}

/* Half way one is stopped and another killed. No write may take long: nobody waits for them. */
static void one_stopped_one_killed(bool computers, const char *address)
{
    struct broadcast b;
    start(&b, computers, address);
    send_some(&b, 0, b.messages / 2);
    assert_int_equal(kill(b.receivers[0].pid, SIGSTOP), 0);
    assert_int_equal(kill(b.receivers[1].pid, SIGKILL), 0);
    send_some(&b, b.messages / 2, b.messages);
    assert_true(b.slowest_ns < WO_TEST_PATIENCE_NS / 6);
    wo_test_expect_exit(&b.receivers[1], 1000 + SIGKILL);
    for (unsigned i = 2; i < b.size; i++)
        expect_all(&b.receivers[i]);
    /* The stopped one goes on, and has lost nothing either. */
    b.size = 1;
    assert_int_equal(kill(b.receivers[0].pid, SIGCONT), 0);
    finish(&b);
}

static void shared_mailslot_with_losses(void **state)
{
    (void)state;
    one_stopped_one_killed(false, "\\\\.\\mailslot\\news");
}

static void computers_with_losses(void **state)
{
    (void)state;
    one_stopped_one_killed(true, "\\\\WORKGROUP\\mailslot\\news");
}

static const struct wo_test_role roles[] = {{"receiver", role_receiver}, {NULL, NULL}};
static const struct CMUnitTest tests[] = {
    cmocka_unit_test(shared_mailslot),
    cmocka_unit_test(computers_of_the_domain),
    cmocka_unit_test(shared_mailslot_with_losses),
    cmocka_unit_test(computers_with_losses),
};
WO_TEST_MAIN(tests, roles)
