/* test_address.c: mailslot addresses become directory names that cannot lead astray. */
#include <errno.h>
#include <stdlib.h>
#include "address.h"
#include "support.h"
#include "waitobj/mailslot.h"

static void parse(const char *text, struct wo__address *a)
{
    assert_int_equal(wo__address_parse(text, a), 0);
}

static void test_forms(void **state)
{
    struct wo__address a;
    (void)state;
    assert_int_equal(wo_mailslot_set_computer("PC1", "Office"), 0);
    parse("\\\\.\\mailslot\\Name", &a);
    assert_int_equal(a.kind, WO__ADDRESS_HERE);
    assert_string_equal(a.computer, "pc1");
    assert_string_equal(a.domain, "office");
    assert_string_equal(a.name, "name");
    parse("//./MAILSLOT/a/B\\c", &a);
    assert_string_equal(a.name, "a%5Cb%5Cc");
    parse("\\\\?\\mailslot\\x", &a);
    assert_int_equal(a.kind, WO__ADDRESS_HERE);
    parse("\\\\*\\MailSlot\\x", &a);
    assert_int_equal(a.kind, WO__ADDRESS_ALL);
    parse("\\\\pc1\\mailslot\\x", &a);
    assert_int_equal(a.kind, WO__ADDRESS_HERE);
    parse("\\\\Other\\mailslot\\x", &a);
    assert_int_equal(a.kind, WO__ADDRESS_HOST);
    assert_string_equal(a.host, "other");
    assert_true(wo__address_is_mailslot("\\\\x\\mailslot\\"));
    assert_false(wo__address_is_mailslot("\\\\.\\pipe\\x"));
    assert_false(wo__address_is_mailslot(NULL));
    assert_false(wo__address_is_mailslot("file"));
}

static void test_malformed(void **state)
{
    static const char *const bad[] = {
        "", "x", "\\", "\\\\", "\\\\.", "\\\\.\\", "\\\\.\\mailslot", "\\\\.\\mailslot\\",
        "\\\\.\\mailslo\\x", "\\\\.\\mailslotx\\x", "\\\\\\mailslot\\x", "mailslot\\x",
        "\\\\.\\pipe\\x", "\\\\.\\mailslot\\..", "\\\\.\\mailslot\\..\\x",
        "\\\\.\\mailslot\\a\\.\\b",
        "\\\\.\\mailslot\\a\\\\b", "\\\\.\\mailslot\\a\\", "\\\\.\\mailslot\\\\a",
        "\\\\.\\mailslot\\a\nb", "\\\\.\\mailslot\\\x7f", "\\\\.\\mailslot\\\xc2\x80",
        "\\\\.\\mailslot\\\xff", "\\\\.\\mailslot\\\xc0\xaf", "\\\\.\\mailslot\\\xe2\x82",
        "\\\\.\\mailslot\\\xed\xa0\x80", "\\\\.\\mailslot\\\xf4\x90\x80\x80", "\\\\**\\mailslot\\x",
        "\\\\a*\\mailslot\\x", "\\\\a\x01\\mailslot\\x"};
    struct wo__address a;
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        if (wo__address_parse(bad[i], &a) != -EILSEQ)
            fail_msg("accepted: %s", bad[i]);
    assert_int_equal(wo__address_parse(NULL, &a), -ENOTDIR);
}

static void test_long(void **state)
{
    char text[400] = "\\\\.\\mailslot\\", host[200] = "\\\\";
    struct wo__address a;
    (void)state;
    size_t n = strlen(text);
    memset(text + n, 'a', 255);
    parse(text, &a);
    assert_int_equal(strlen(a.name), 255);
    text[n + 255] = 'a';
    assert_int_equal(wo__address_parse(text, &a), -ENAMETOOLONG);
    text[n + 254] = '+';
    text[n + 255] = '\0';
    assert_int_equal(wo__address_parse(text, &a), -ENAMETOOLONG);
    memset(host + 2, 'h', 63);
    strcpy(host + 65, "\\mailslot\\x");
    parse(host, &a);
    memset(host + 2, 'h', 64);
    strcpy(host + 66, "\\mailslot\\x");
    assert_int_equal(wo__address_parse(host, &a), -EILSEQ);
}

static void escape(const char *text, const char *expected)
{
    char out[WO__COMPONENT_SIZE];
    assert_int_equal(wo__address_escape(text, strlen(text), out), 0);
    assert_string_equal(out, expected);
}

static void test_escape(void **state)
{
    (void)state;
    escape("abc-DEF_0.9", "abc-def_0.9");
    escape(".", "%2E");
    escape("..", "%2E.");
    escape("../x", "%2E.%5Cx");
    escape("a%b c*?:", "a%25b%20c%2A%3F%3A");
    escape("\xc3\x84\xc3\x96\xc3\x97\xc5\xb8", "\xc3\xa4\xc3\xb6\xc3\x97\xc3\xbf"); /* Ä Ö × Ÿ */
    escape("\xce\x91\xce\xa9\xce\x86", "\xce\xb1\xcf\x89\xce\xac");                 /* Α Ω Ά */
    escape("\xd0\x90\xd0\xaf\xd0\x81", "\xd0\xb0\xd1\x8f\xd1\x91");                 /* А Я Ё */
    escape("\xc4\x80\xc4\x81\xc5\xbd", "\xc4\x81\xc4\x81\xc5\xbe");                 /* Ā ā Ž */
    escape("\xe6\xbc\xa2\xf0\x9f\x99\x82", "\xe6\xbc\xa2\xf0\x9f\x99\x82");
}

static void test_computer(void **state)
{
    static const char *const bad[] = {"", ".", "?", "*", "a*", "a/b", "a\\b", "a\tb", "\xff",
                                      ("01234567890123456789012345678901"
                                       "23456789012345678901234567890123")};
    char name[WO__COMPUTER_MAX + 1];
    (void)state;
    assert_int_equal(wo_mailslot_set_computer("Name", "Domain"), 0);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_int_equal(wo_mailslot_set_computer(bad[i], NULL), -EINVAL);
        assert_int_equal(wo_mailslot_set_computer("other", bad[i]), -EINVAL);
    }
    wo__address_computer(name);
    assert_string_equal(name, "Name");
    assert_int_equal(wo_mailslot_set_computer(NULL, NULL), 0);
    wo__address_computer(name);
    assert_string_equal(name, "Name");
    assert_int_equal(wo_mailslot_set_computer(".hidden", "\xd0\x90"), 0);
    struct wo__address a;
    parse("\\\\.\\mailslot\\x", &a);
    assert_string_equal(a.computer, "%2Ehidden");
    assert_string_equal(a.domain, "\xd0\xb0");
}

static int role_tell(int argc, char **argv)
{
    struct wo__address a;
    (void)argc;
    (void)argv;
    int rc = wo__address_parse("\\\\.\\mailslot\\x", &a);
    wo_test_say("%d %s %s", rc, a.computer, a.domain);
    return 0;
}

static void test_environment(void **state)
{
    struct wo_test_child c;
    (void)state;
    setenv("WAITOBJ_COMPUTER", "FromEnv", 1);
    setenv("WAITOBJ_DOMAIN", "Bad\\Domain", 1);
    wo_test_spawn(&c, "tell", NULL);
    wo_test_expect(&c, "0 fromenv workgroup");
    wo_test_expect_exit(&c, 0);
    unsetenv("WAITOBJ_COMPUTER");
    unsetenv("WAITOBJ_DOMAIN");
}

static const struct wo_test_role roles[] = {{"tell", role_tell}, {NULL, NULL}};
static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_forms),  cmocka_unit_test(test_malformed),
    cmocka_unit_test(test_long),   cmocka_unit_test(test_escape),
    cmocka_unit_test(test_computer), cmocka_unit_test(test_environment),
};
WO_TEST_MAIN(tests, roles)
