/* test_arena.c: transactions, pools, damage. */
#include <errno.h>
#include <stdlib.h>
#include "support.h"
#include "arena.h"
#include "object.h"
#include "validate.h"
#include "waitobj/waitobj.h"

static struct wo__arena *shared(void)
{
    int rc;
    struct wo__arena *a = wo__shared_arena(&rc);
    assert_non_null(a);
    return a;
}

static void test_abort_restores(void **state)
{
    struct wo__arena *a = shared();
    uint32_t i = 0;
    (void)state;
    assert_int_equal(wo__arena_lock(a), 0);
    struct wo__pool before = a->header->pools[WO__POOL_CELL];
    assert_int_equal(wo__pool_take(a, WO__POOL_CELL, &i), 0);
    assert_int_not_equal(i, 0);
    assert_int_equal(a->header->pools[WO__POOL_CELL].live, before.live + 1);
    wo__arena_abort(a);
    assert_int_equal(wo__arena_lock(a), 0);
    assert_int_equal(a->header->pools[WO__POOL_CELL].live, before.live);
    assert_int_equal(a->header->pools[WO__POOL_CELL].used, before.used);
    assert_int_equal(a->header->pools[WO__POOL_CELL].free, before.free);
    assert_int_equal(wo__arena_commit(a), 0);
}

static void test_rollback_to_a_mark(void **state)
{
    struct wo__arena *a = shared();
    uint32_t *field = &a->header->buckets[17];
    (void)state;
    assert_int_equal(wo__arena_lock(a), 0);
    uint32_t original = *field;
    wo__tx_set(a, field, 1);
    uint32_t mark = wo__tx_mark(a);
    wo__tx_set(a, field, 2);
    wo__tx_set(a, field, 3);
    assert_int_equal(*field, 3);
    wo__tx_rollback(a, mark);
    assert_int_equal(*field, 1);
    wo__arena_abort(a);
    assert_int_equal(*field, original);
}

static void test_commit_counts(void **state)
{
    struct wo__arena *a = shared();
    (void)state;
    assert_int_equal(wo__arena_lock(a), 0);
    uint32_t seq = wo__tx_seq(a);
    assert_int_equal(wo__arena_checkpoint(a), 0);
    assert_int_equal(wo__tx_seq(a), seq + 1);
    assert_int_equal(wo__arena_commit(a), 0);
}

static void test_a_bad_index_goes_nowhere(void **state)
{
    static const uint32_t bad[] = {0, 1u << 31, UINT32_MAX, 1u << 18};
    struct wo__arena *a = shared();
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_int_equal(wo__arena_lock(a), 0);
        uint32_t bucket = a->header->buckets[3];
        wo__tx_set(a, &a->header->buckets[3], 99);
        struct wo__cell *c = wo__cell_at(a, bad[i]);
        assert_ptr_equal(c, a->scratch);
        wo__tx_set(a, &c->state, 1); /* harmless */
        assert_int_equal(wo__arena_commit(a), -EBADMSG);
        assert_int_equal(a->header->buckets[3], bucket); /* rolled back */
    }
    assert_int_equal(wo_validate(), 0);
}

/* validate() sees what it is there to see. */
static void test_validate_sees_damage(void **state)
{
    struct wo__arena *a = shared();
    const char *fault = NULL;
    wo_handle h = WO_NO_HANDLE;
    (void)state;
    assert_int_equal(wo_event_create(&h, "victim", 0, NULL), 0);
    uint32_t cell = 0;
    for (uint32_t i = 1; i < a->header->pools[WO__POOL_CELL].used; i++)
        if (wo__cell_at(a, i)->type == WO__TYPE_EVENT)
            cell = i;
    struct wo__cell *c = wo__cell_at(a, cell), good = *c;
    uint32_t *fields[] = {&c->type,  &c->state, &c->queue_head, &c->queue_tail,
                          &c->holds, &c->name,  &c->name_hash,  &a->header->pools[WO__POOL_CELL].live,
                          &a->header->pools[WO__POOL_HOLD].free};
    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++) {
        uint32_t saved = *fields[i];
        *fields[i] = saved + 1000003;
        fault = NULL;
        assert_int_equal(wo__validate_arena(a, &fault), -EBADMSG);
        assert_non_null(fault);
        *fields[i] = saved;
        assert_int_equal(wo__validate_arena(a, &fault), 0);
    }
    assert_memory_equal(c, &good, sizeof good);
    assert_int_equal(wo_close(h), 0);
}

static const struct wo_test_role roles[] = {{NULL, NULL}};
static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_abort_restores),
    cmocka_unit_test(test_rollback_to_a_mark),
    cmocka_unit_test(test_commit_counts),
    cmocka_unit_test(test_a_bad_index_goes_nowhere),
    cmocka_unit_test(test_validate_sees_damage),
};
WO_TEST_MAIN(tests, roles)
