/* test_name.c: names: scopes, form, types, life time. */
#include <errno.h>
#include <stdlib.h>
#include "support.h"
#include "name.h"
#include "waitobj/waitobj.h"

static int role_holder(int argc, char **argv)
{
    wo_handle h = WO_NO_HANDLE;
    (void)argc;
    if (wo_event_create(&h, argv[1], WO_EVENT_MANUAL | WO_EVENT_SIGNALED, NULL) != 0)
        return 1;
    wo_test_say("held");
    wo_test_await("end");
    return 0;
}

static wo_handle create(const char *name, bool expect_existed)
{
    wo_handle h = WO_NO_HANDLE;
    bool existed = !expect_existed;
    assert_int_equal(wo_event_create(&h, name, WO_EVENT_MANUAL, &existed), 0);
    assert_int_equal(existed, expect_existed);
    return h;
}

static void test_same_name_same_object(void **state)
{
    (void)state;
    wo_handle a = create("one", false), b = create("one", true), c = create("Local\\one", true);
    wo_handle other = create("One", false), global = create("Global\\one", false);
    assert_int_equal(wo_event_set(a), 0);
    assert_int_equal(wo_wait(b, 0), 0);
    assert_int_equal(wo_wait(c, 0), 0);
    assert_int_equal(wo_wait(other, 0), -ETIMEDOUT);
    assert_int_equal(wo_wait(global, 0), -ETIMEDOUT);
    assert_int_equal(wo_close(a) | wo_close(b) | wo_close(c), 0);
    assert_int_equal(wo_close(other) | wo_close(global), 0);
    a = create("one", false);
    assert_int_equal(wo_wait(a, 0), -ETIMEDOUT);
    assert_int_equal(wo_close(a), 0);
}

static void test_malformed(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        int rc;
    } bad[] = {
        {"a\\b", -ENOTDIR},       {"Local\\a\\b", -ENOTDIR}, {"local\\a", -ENOTDIR},
        {"\\a", -EDOM},           {"\\", -EDOM},
        {"Local\\", -EILSEQ},      {"Global\\", -EILSEQ},     {"Local", -EBADF},
        {"Global", -EBADF},        {"..\\a", -ENOTDIR},       {"Global\\..\\x", -ENOTDIR},
        {"\xff", -EILSEQ},        {"\xc3", -EILSEQ},         {"a\xc0\x80", -EILSEQ},
        {"\xf8\x88\x80\x80\x80", -EILSEQ}, {"\xe0\x80\x80", -EILSEQ}, {"\xf4\x90\x80\x80", -EILSEQ},
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        wo_handle h = WO_NO_HANDLE;
        assert_int_equal(wo_event_create(&h, bad[i].name, 0, NULL), bad[i].rc);
        assert_int_equal(wo_event_open(&h, bad[i].name, WO_ACCESS_ALL), bad[i].rc);
        assert_ptr_equal(h, WO_NO_HANDLE);
    }
}

/* Everything that is not a backslash is a name. */
static void test_odd_but_good(void **state)
{
    (void)state;
    static const char *const good[] = {"/", "../../etc/passwd", "a/b", " ", ".", "..", "\x01\x02\x7f",
                                       "\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80", "%00", "Global/x", "*?<>|\""};
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        wo_handle a = create(good[i], false), b = create(good[i], true);
        assert_int_equal(wo_close(a) | wo_close(b), 0);
    }
}

static void test_length(void **state)
{
    char name[800];
    wo_handle h = WO_NO_HANDLE;
    (void)state;
    for (size_t n = 1; n <= 260; n += n < 250 ? 13 : 1) {
        memset(name, 'n', n);
        name[n] = 0;
        h = create(name, false);
        name[n - 1] = 'm';
        assert_int_equal(wo_event_open(&h, name, WO_ACCESS_ALL), -ENOENT);
        assert_int_equal(wo_close(h), 0);
    }
    memset(name, 'n', 261);
    name[261] = 0;
    assert_int_equal(wo_event_create(&h, name, 0, NULL), -ENAMETOOLONG);
    /* UTF-16 units count, not bytes: 260 euro signs are fine, 131 emoji are not. */
    for (int i = 0; i < 260; i++)
        memcpy(name + 3 * i, "\xe2\x82\xac", 4);
    h = create(name, false);
    assert_int_equal(wo_close(h), 0);
    for (int i = 0; i < 131; i++)
        memcpy(name + 4 * i, "\xf0\x9f\x98\x80", 5);
    assert_int_equal(wo_event_create(&h, name, 0, NULL), -ENAMETOOLONG);
}

static uint64_t never(struct wo__arena *a, struct wo__cell *c)
{
    (void)a;
    (void)c;
    return UINT64_MAX;
}

static void no_state(struct wo__arena *a, struct wo__cell *c, const void *how)
{
    (void)a;
    (void)c;
    (void)how;
}

static void test_another_type(void **state)
{
    static const struct wo__type other = {.name = "other", .id = WO__TYPE_SECTION, .ready_at = never};
    struct wo__object *o = NULL;
    bool existed;
    (void)state;
    wo_handle h = create("taken", false);
    assert_int_equal(wo__dispatcher_create(&other, "taken", no_state, NULL, &o, &existed), -EBADF);
    assert_int_equal(wo__dispatcher_open(&other, "taken", &o), -EBADF);
    assert_null(o);
    assert_int_equal(wo_close(h), 0);
}

static void test_life_time(void **state)
{
    struct wo_test_child a, b;
    wo_handle h = WO_NO_HANDLE;
    (void)state;
    wo_test_spawn(&a, "holder", "life", NULL);
    wo_test_expect(&a, "held");
    wo_test_spawn(&b, "holder", "life", NULL);
    wo_test_expect(&b, "held");
    wo_test_kill(&a);
    assert_int_equal(wo_event_open(&h, "life", WO_ACCESS_ALL), 0); /* b holds it */
    assert_int_equal(wo_wait(h, 0), 0);
    assert_int_equal(wo_close(h), 0);
    wo_test_kill(&b);
    assert_int_equal(wo_event_open(&h, "life", WO_ACCESS_ALL), -ENOENT);
    h = create("life", false); /* really fresh: not signaled */
    assert_int_equal(wo_wait(h, 0), -ETIMEDOUT);
    assert_int_equal(wo_close(h), 0);
}

static void test_many_names(void **state)
{
    enum { MANY = 3000 };
    static wo_handle h[MANY];
    char name[32];
    struct wo_usage before, after;
    (void)state;
    assert_int_equal(wo_usage(&before), 0);
    for (int i = 0; i < MANY; i++) {
        snprintf(name, sizeof name, "many %d", i);
        h[i] = create(name, false);
    }
    assert_int_equal(wo_usage(&after), 0);
    assert_int_equal(after.shared_objects, before.shared_objects + MANY);
    for (int i = MANY; i-- > 0;) {
        snprintf(name, sizeof name, "many %d", i);
        wo_handle twin = create(name, true);
        assert_int_equal(wo_close(twin) | wo_close(h[i]), 0);
    }
    assert_int_equal(wo_usage(&after), 0);
    assert_memory_equal(&before, &after, sizeof before);
}

static const struct wo_test_role roles[] = {{"holder", role_holder}, {NULL, NULL}};
static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_same_name_same_object),
    cmocka_unit_test(test_malformed),
    cmocka_unit_test(test_odd_but_good),
    cmocka_unit_test(test_length),
    cmocka_unit_test(test_another_type),
    cmocka_unit_test(test_life_time),
    cmocka_unit_test(test_many_names),
};
WO_TEST_MAIN(tests, roles)
