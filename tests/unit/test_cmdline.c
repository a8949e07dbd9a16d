/* test_cmdline.c: command lines split and joined by the rules of the Microsoft C runtime. */
#include "support.h"

#include <stdlib.h>

#include "cmdline.h"

struct split_case {
    const char *line;
    const char *seen[6]; /* after the program's name */
};

static const struct split_case cases[] = {
    {"p", {NULL}},
    {"p   ", {NULL}},
    {"p a b c", {"a", "b", "c"}},
    {"p  a \t b  ", {"a", "b"}},
    {"p \"abc\" d e", {"abc", "d", "e"}},
    {"p \"\" x", {"", "x"}},
    {"p a\\\\b d\"e f\"g h", {"a\\\\b", "de fg", "h"}},
    {"p a\\\\\\\"b c d", {"a\\\"b", "c", "d"}},
    {"p a\\\\\\\\\"b c\" d e", {"a\\\\b c", "d", "e"}},
    {"p a\"b\"\" c d", {"ab\" c d"}},
    {"p \"a\"\"b\" c", {"a\"b", "c"}},
    {"p \"\"\"\" x", {"\"", "x"}},
    {"p \"\"\"a b\"\"\" c", {"\"a b\"", "c"}},
    {"p \"open to the end", {"open to the end"}},
    {"p \"c\\\\\" d", {"c\\", "d"}},
    {"p a\\b \\\\c\\d \\", {"a\\b", "\\\\c\\d", "\\"}},
    {"p \\\" \\\\\\\"", {"\"", "\\\""}},
    {"p 'a b' $x *", {"'a", "b'", "$x", "*"}},
    {"p a\nb", {"a\nb"}},
};

static void check_arguments(char **got, size_t count, const char *const *expected)
{
    size_t i = 0;
    for (; expected[i]; i++) {
        assert_true(i + 1 < count);
        assert_string_equal(got[i + 1], expected[i]);
    }
    assert_int_equal(count, i + 1);
    assert_null(got[count]);
}

static void splits_by_the_rules(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        size_t count = 0;
        char **got = wo__cmdline_split(cases[i].line, &count);
        assert_non_null(got);
        assert_string_equal(got[0], "p");
        check_arguments(got, count, cases[i].seen);
        free(got);
    }
}

/* In the program's name backslashes are ordinary and quotes only group. */
static void the_first_argument_has_its_own_rule(void **state)
{
    static const char *const table[][3] = {
        {"\"C:\\a b\\\" x", "C:\\a b\\", "x"},
        {"C:\\\"a b\"\\c x", "C:\\a b\\c", "x"},
        {"a\\\"b x\" y", "a\\b x", "y"},
        {"\"a\"\"b\" x", "ab", "x"},
        {"", "", NULL},
        {" x", "", "x"},
        {"\"\" x", "", "x"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        size_t count = 0;
        char **got = wo__cmdline_split(table[i][0], &count);
        assert_non_null(got);
        assert_string_equal(got[0], table[i][1]);
        assert_int_equal(count, table[i][2] ? 2 : 1);
        if (table[i][2])
            assert_string_equal(got[1], table[i][2]);
        free(got);
    }
}

static void joins_by_the_rules(void **state)
{
    static const char *const table[][2] = {
        {"plain", "p plain"},
        {"", "p \"\""},
        {"two words", "p \"two words\""},
        {"a\tb", "p \"a\tb\""},
        {"C:\\dir\\", "p C:\\dir\\"},
        {"C:\\my dir\\", "p \"C:\\my dir\\\\\""},
        {"say \"hi\"", "p \"say \\\"hi\\\"\""},
        {"\"", "p \"\\\"\""},
        {"\\\"", "p \"\\\\\\\"\""},
        {"a\\\\b c", "p \"a\\\\b c\""},
    };
    (void)state;
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        const char *arguments[] = {"p", table[i][0]};
        char *line = wo__cmdline_join(arguments, 2);
        assert_non_null(line);
        assert_string_equal(line, table[i][1]);
        free(line);
    }
}

static void a_path_in_front_stands_in_quotes(void **state)
{
    static const char *const table[][2] = {
        {"worker", "worker"},
        {"./worker", "\"./worker\""},
        {"C:\\a\\b.exe", "\"C:\\a\\b.exe\""},
        {"my worker", "\"my worker\""},
        {"", "\"\""},
        {"od\"d", "odd"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        char *line = wo__cmdline_join(&table[i][0], 1);
        assert_non_null(line);
        assert_string_equal(line, table[i][1]);
        free(line);
    }
    char *nothing = wo__cmdline_join(NULL, 0);
    assert_string_equal(nothing, "");
    free(nothing);
}

/* Few different characters, so that the hard cases come up often. */
static void random_text(char *out, size_t size, bool first)
{
    static const char letters[] = "a\\\\\" \tb\"/\n";
    size_t n = wo_test_random_below((uint32_t)size);
    for (size_t i = 0; i < n; i++) {
        do
            out[i] = letters[wo_test_random_below(sizeof letters - 1)];
        while (first && out[i] == '"');
    }
    out[n] = '\0';
}

static void what_is_joined_splits_back(void **state)
{
    enum { COUNT = 6, SIZE = 20 };
    (void)state;
    for (unsigned round = wo_test_rounds(20000, 2000000); round; round--) {
        char text[COUNT][SIZE];
        const char *arguments[COUNT];
        size_t given = 1 + wo_test_random_below(COUNT), count = 0;
        for (size_t i = 0; i < given; i++) {
            random_text(text[i], SIZE, i == 0);
            arguments[i] = text[i];
        }
        char *line = wo__cmdline_join(arguments, given);
        assert_non_null(line);
        char **got = wo__cmdline_split(line, &count);
        assert_non_null(got);
        assert_int_equal(count, given);
        for (size_t i = 0; i < given; i++)
            assert_string_equal(got[i], arguments[i]);
        free(got);
        free(line);
    }
}

/* No text, whatever is in it, splits into more than there is room for. */
static void any_text_splits(void **state)
{
    (void)state;
    for (unsigned round = wo_test_rounds(20000, 2000000); round; round--) {
        char text[64];
        size_t count = 0, total = 0;
        random_text(text, sizeof text, false);
        char **got = wo__cmdline_split(text, &count);
        assert_non_null(got);
        for (size_t i = 0; i < count; i++)
            total += strlen(got[i]);
        assert_true(total <= strlen(text));
        assert_null(got[count]);
        free(got);
    }
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(splits_by_the_rules),
    cmocka_unit_test(the_first_argument_has_its_own_rule),
    cmocka_unit_test(joins_by_the_rules),
    cmocka_unit_test(a_path_in_front_stands_in_quotes),
    cmocka_unit_test(what_is_joined_splits_back),
    cmocka_unit_test(any_text_splits),
};

WO_TEST_MAIN(tests, NULL)
