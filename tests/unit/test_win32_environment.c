/* test_win32_environment.c: environment variables, %NAME%, the current directory. */
#include "win32_check.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static char buffer[4096];
static WCHAR wide[4096];

static bool wide_is(const WCHAR *a, const WCHAR *b)
{
    size_t i = 0;
    while (a[i] && a[i] == b[i])
        i++;
    return a[i] == b[i];
}

static void test_get_and_set(void **state)
{
    (void)state;
    assert_fails(GetEnvironmentVariableA("WO_NONE", buffer, 10), ERROR_ENVVAR_NOT_FOUND);
    assert_fails(GetEnvironmentVariableW(u"WO_NONE", wide, 10), ERROR_ENVVAR_NOT_FOUND);
    assert_quiet(SetEnvironmentVariableA("WO_ONE", "hello"));
    assert_string_equal(getenv("WO_ONE"), "hello");
    assert_result(GetEnvironmentVariableA("WO_ONE", buffer, 6), 5, UNTOUCHED);
    assert_string_equal(buffer, "hello");
    buffer[0] = 'x';
    assert_result(GetEnvironmentVariableA("WO_ONE", buffer, 5), 6, UNTOUCHED);
    assert_int_equal(buffer[0], 'x');
    assert_result(GetEnvironmentVariableA("WO_ONE", NULL, 0), 6, UNTOUCHED);
    assert_result(GetEnvironmentVariableW(u"wo_one", wide, 6), 5, UNTOUCHED);
    assert_true(wide_is(wide, u"hello"));
    assert_quiet(SetEnvironmentVariableW(u"wo_one", u"\u00e4\U0001F600"));
    assert_string_equal(getenv("WO_ONE"), "\xc3\xa4\xf0\x9f\x98\x80");
    assert_result(GetEnvironmentVariableW(u"WO_ONE", NULL, 0), 4, UNTOUCHED);
    assert_quiet(SetEnvironmentVariableA("WO_ONE", ""));
    assert_result(GetEnvironmentVariableA("WO_ONE", buffer, 5), 0, UNTOUCHED);
    assert_string_equal(buffer, "");
    assert_quiet(SetEnvironmentVariableA("WO_ONE", NULL));
    assert_quiet(SetEnvironmentVariableW(u"WO_ONE", NULL));
    assert_null(getenv("WO_ONE"));
}

static void test_bad_arguments(void **state)
{
    (void)state;
    assert_fails(GetEnvironmentVariableA(NULL, buffer, 10), ERROR_ENVVAR_NOT_FOUND);
    assert_fails(GetEnvironmentVariableA("", buffer, 10), ERROR_ENVVAR_NOT_FOUND);
    assert_fails(GetEnvironmentVariableA("WO=X", buffer, 10), ERROR_ENVVAR_NOT_FOUND);
    assert_false(SetEnvironmentVariableA(NULL, "x"));
    assert_false(SetEnvironmentVariableW(NULL, NULL));
    assert_fails(SetEnvironmentVariableA("", "x"), ERROR_INVALID_PARAMETER);
    assert_fails(SetEnvironmentVariableA("a=b", "x"), ERROR_INVALID_PARAMETER);
}

static void test_block(void **state)
{
    (void)state;
    assert_true(SetEnvironmentVariableA("WO_BLOCK", "value"));
    bool found = false, found_wide = false;
    char *block = GetEnvironmentStringsA();
    WCHAR *wide_block = GetEnvironmentStringsW();
    for (const char *s = block; *s; s += strlen(s) + 1)
        found |= strcmp(s, "WO_BLOCK=value") == 0;
    for (const WCHAR *s = wide_block; *s; s += lstrlenW(s) + 1)
        found_wide |= wide_is(s, u"WO_BLOCK=value");
    assert_true(found && found_wide);
    assert_quiet(FreeEnvironmentStringsA(block));
    assert_quiet(FreeEnvironmentStringsW(wide_block));
    assert_true(SetEnvironmentVariableA("WO_BLOCK", NULL));
}

static void assert_expands(const char *source, const char *expected)
{
    DWORD size = (DWORD)strlen(expected) + 1;
    assert_result(ExpandEnvironmentStringsA(source, buffer, sizeof buffer), size, UNTOUCHED);
    assert_string_equal(buffer, expected);
    assert_result(ExpandEnvironmentStringsA(source, buffer, size), size, UNTOUCHED);
    assert_result(ExpandEnvironmentStringsA(source, buffer, size - 1), size,
                  ERROR_INSUFFICIENT_BUFFER);
    assert_result(ExpandEnvironmentStringsA(source, NULL, 0), size, ERROR_INSUFFICIENT_BUFFER);
}

static void test_expand(void **state)
{
    (void)state;
    assert_true(SetEnvironmentVariableA("WO_A", "hello"));
    assert_expands("", "");
    assert_expands("plain", "plain");
    assert_expands("%WO_A%", "hello");
    assert_expands("x%wo_a%y%WO_NONE%z%", "xhelloy%WO_NONE%z%");
    assert_expands("%%a%WO_A%%", "%%ahello%");
    assert_fails(ExpandEnvironmentStringsA(NULL, buffer, 10), ERROR_INVALID_PARAMETER);
    assert_result(ExpandEnvironmentStringsW(u"<%WO_A%>", wide, 8), 8, UNTOUCHED);
    assert_true(wide_is(wide, u"<hello>"));
    assert_result(ExpandEnvironmentStringsW(u"<%WO_A%>", wide, 7), 8, ERROR_INSUFFICIENT_BUFFER);
    assert_true(SetEnvironmentVariableA("WO_A", NULL));
}

static void test_current_directory(void **state)
{
    (void)state;
    char home[4096];
    assert_non_null(getcwd(home, sizeof home));
    DWORD length = (DWORD)strlen(home);
    assert_result(GetCurrentDirectoryA(sizeof buffer, buffer), length, UNTOUCHED);
    assert_string_equal(buffer, home);
    assert_result(GetCurrentDirectoryA(length, buffer), length + 1, UNTOUCHED);
    assert_result(GetCurrentDirectoryW(0, NULL), length + 1, UNTOUCHED);
    assert_quiet(SetCurrentDirectoryW(u"\\"));
    assert_result(GetCurrentDirectoryA(sizeof buffer, buffer), 1, UNTOUCHED);
    assert_quiet(SetCurrentDirectoryA(home));
    assert_fails(SetCurrentDirectoryA("none"), ERROR_FILE_NOT_FOUND);
    assert_fails(SetCurrentDirectoryA("no\\such"), ERROR_PATH_NOT_FOUND);
    assert_fails(SetCurrentDirectoryA(wo_test_program()), ERROR_DIRECTORY);
    assert_fails(SetCurrentDirectoryA(NULL), ERROR_INVALID_NAME);
    assert_fails(SetCurrentDirectoryA(""), ERROR_INVALID_NAME);
    assert_result(GetCurrentDirectoryA(sizeof buffer, buffer), length, UNTOUCHED);
}

/* Readers and writers of one variable: every value read is whole. */
enum { ROUNDS = 2000 };

static int64_t write_values(void *arg)
{
    (void)arg;
    for (int i = 0; i < ROUNDS; i++)
        SetEnvironmentVariableA("WO_RACE", i % 2 ? "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" : "bb");
    return 0;
}

static void test_threads(void **state)
{
    (void)state;
    struct wo_test_thread t;
    assert_true(SetEnvironmentVariableA("WO_RACE", "bb"));
    wo_test_thread_start(&t, write_values, NULL);
    for (int i = 0; i < ROUNDS; i++) {
        DWORD n = GetEnvironmentVariableA("WO_RACE", buffer, sizeof buffer);
        assert_true(n == 2 || n == 36);
        assert_int_equal(strspn(buffer, n == 2 ? "b" : "a"), n);
    }
    wo_test_thread_join(&t);
    assert_true(SetEnvironmentVariableA("WO_RACE", NULL));
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_get_and_set),
    cmocka_unit_test(test_bad_arguments),
    cmocka_unit_test(test_block),
    cmocka_unit_test(test_expand),
    cmocka_unit_test(test_current_directory),
    cmocka_unit_test(test_threads),
};
static const struct wo_test_role roles[] = {{NULL, NULL}};
WO_TEST_MAIN(tests, roles)
