/* test_runtime.c: where the runtime directory is, and what the library says about itself.
 * What is refused as a runtime directory: tests/crash/test_place.c. */
#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include "support.h"
#include "waitobj/waitobj.h"

/* Says where a process with these variables puts it: arguments own, xdg ("-": not set). */
static int role_where(int argc, char **argv)
{
    static const char *const names[] = {"WAITOBJ_RUNTIME_DIR", "XDG_RUNTIME_DIR"};
    char path[4096];
    for (int i = 0; i < 2 && i + 1 < argc; i++)
        if (strcmp(argv[i + 1], "-") == 0)
            unsetenv(names[i]);
        else
            setenv(names[i], argv[i + 1], 1);
    int rc = wo_runtime_directory(path, sizeof path);
    if (rc < 0)
        wo_test_say("%d", rc);
    else
        wo_test_say("%s", path);
    return 0;
}

static void expect_place(const char *own, const char *xdg, const char *place)
{
    struct wo_test_child c;
    struct stat st;
    wo_test_spawn(&c, "where", own, xdg, NULL);
    wo_test_expect(&c, place);
    wo_test_expect_exit(&c, 0);
    assert_int_equal(stat(place, &st), 0);
    assert_true(S_ISDIR(st.st_mode));
    assert_int_equal(st.st_mode & 07777, 0700);
    assert_int_equal(st.st_uid, geteuid());
}

static void test_order_of_places(void **state)
{
    char base[] = "/tmp/waitobj-places-XXXXXX", own[64], xdg[64];
    (void)state;
    assert_non_null(mkdtemp(base));
    snprintf(own, sizeof own, "%s/own", base);
    snprintf(xdg, sizeof xdg, "%s/waitobj", base);
    expect_place(own, base, own);
    expect_place("-", base, xdg);
    expect_place("", base, xdg); /* empty counts as not set */
    wo_test_remove_tree(base);
}

/* A relative XDG_RUNTIME_DIR is invalid by its specification: passed over. */
static void test_relative_xdg_is_passed_over(void **state)
{
    struct wo_test_child c;
    (void)state;
    wo_test_spawn(&c, "where", "-", "relative", NULL);
    assert_int_equal(wo_test_receive(&c)[0], '/');
    wo_test_expect_exit(&c, 0);
    assert_int_not_equal(access("relative", F_OK), 0);
}

static void test_arguments(void **state)
{
    char path[4096] = "untouched", small[4] = "abc";
    (void)state;
    assert_int_equal(wo_runtime_directory(NULL, 100), -EINVAL);
    assert_int_equal(wo_runtime_directory(small, sizeof small), -ERANGE);
    assert_string_equal(small, "abc");
    assert_int_equal(wo_runtime_directory(path, sizeof path), 0);
    assert_string_equal(path, wo_test_runtime());
    assert_int_equal(wo_usage(NULL), -EINVAL);
}

static void test_version(void **state)
{
    char expected[32];
    (void)state;
    snprintf(expected, sizeof expected, "%d.%d.%d", WO_VERSION_MAJOR, WO_VERSION_MINOR,
             WO_VERSION_PATCH);
    assert_string_equal(wo_version(), expected);
}

static const struct wo_test_role roles[] = {{"where", role_where}, {NULL, NULL}};
static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_order_of_places),
    cmocka_unit_test(test_relative_xdg_is_passed_over),
    cmocka_unit_test(test_arguments),
    cmocka_unit_test(test_version),
};
WO_TEST_MAIN(tests, roles)
