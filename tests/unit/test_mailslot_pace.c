/* test_mailslot_pace.c: who looks away, for how long, and who never does. */
#include <sys/stat.h>
#include <fcntl.h>
#include <unistd.h>
#include "mailslot_pace.h"
#include "platform.h"
#include "support.h"

/* A write that takes 20 µs and rings. */
static uint32_t busy_write(void)
{
    uint64_t start = wo__clock_now();
    while (wo__clock_now() - start < 20000)
        ;
    return wo__pace_wrote(start, 1);
}

static void pause_ms(unsigned ms)
{
    uint64_t end = wo__clock_now() + ms * WO_TEST_MS;
    while (wo__clock_now() < end)
        wo_test_pause();
}

static void test_only_streams_are_suggested(void **state)
{
    uint32_t nap = 0;
    (void)state;
    /* A conversation: something happens between the writes. */
    for (int i = 0; i < 30; i++) {
        assert_int_equal(busy_write(), 0);
        pause_ms(1);
    }
    /* Not yet a stream. */
    pause_ms(1);
    for (int i = 0; i < 8; i++)
        assert_int_equal(busy_write(), 0);
    wo_test_eventually((nap = busy_write()) != 0);
    assert_in_range(nap, 50000, 1000000);
    /* Whoever needs no bell needs no suggestion. */
    assert_int_equal(wo__pace_wrote(wo__clock_now(), 0), 0);
}

static struct wo__queue queue;
static int dir = -1;

static void begin(uint64_t quota)
{
    struct wo__queue_options o = {.quota = quota};
    char path[4200];
    snprintf(path, sizeof path, "%s/queue", wo_test_runtime());
    mkdir(path, 0700);
    dir = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    assert_int_equal(wo__queue_create(dir, &o, &queue), 0);
}

static void end(void)
{
    wo__queue_end(dir, &queue, false);
    close(dir);
}

static uint32_t nap_after(struct wo__pace *p, unsigned messages)
{
    for (unsigned i = 0; i < messages; i++)
        wo__pace_took(p);
    return wo__pace_nap(p, &queue);
}

static void test_reader_adapts(void **state)
{
    struct wo__pace p = {0};
    (void)state;
    begin(0);
    assert_int_equal(nap_after(&p, 1000), 0); /* nobody suggested it */
    wo__queue_suggest(&queue, 100000);
    assert_int_equal(nap_after(&p, 1), 100000); /* the first nap is taken on trust */
    assert_int_equal(nap_after(&p, 100), 200000);
    assert_int_equal(nap_after(&p, 300), 200000);
    assert_int_equal(nap_after(&p, 1000), 100000);
    assert_int_equal(nap_after(&p, 1000), 50000);
    assert_int_equal(nap_after(&p, 1000), 50000);
    for (int i = 0; i < 6; i++)
        nap_after(&p, 100);
    assert_int_equal(nap_after(&p, 100), 1000000);
    assert_int_equal(nap_after(&p, 7), 0); /* the stream has ended */
    assert_int_equal(wo__queue_suggested(&queue), 0);
    assert_int_equal(nap_after(&p, 1000), 0);
    wo__queue_suggest(&queue, UINT32_MAX); /* hostile */
    assert_int_equal(nap_after(&p, 0), 1000000);
    end();
}

static void test_small_queues_never(void **state)
{
    struct wo__pace p = {0};
    (void)state;
    begin(1 << 20);
    wo__queue_suggest(&queue, 100000);
    assert_int_equal(nap_after(&p, 100), 0);
    end();
}

static const struct wo_test_role roles[] = {{NULL, NULL}};
static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_only_streams_are_suggested),
    cmocka_unit_test(test_reader_adapts),
    cmocka_unit_test(test_small_queues_never),
};
WO_TEST_MAIN(tests, roles)
