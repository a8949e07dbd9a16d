/* test_win32_message.c: FormatMessage: inserts, escapes, line ends, widths, system texts. */
#include "win32_check.h"

#include <stdarg.h>

#define FROM_STRING FORMAT_MESSAGE_FROM_STRING
#define FROM_SYSTEM FORMAT_MESSAGE_FROM_SYSTEM
static char buffer[512];
static WCHAR wide[512];

static DWORD format(DWORD flags, const char *source, DWORD size, ...)
{
    va_list list;
    va_start(list, size);
    memset(buffer, 0x55, sizeof buffer);
    DWORD n = FormatMessageA(flags, source, 0, 0, buffer, size, &list);
    va_end(list);
    return n;
}

#define assert_formats(expected, flags, source, ...)                                               \
    do {                                                                                           \
        assert_quiet(format((flags) | FROM_STRING, source, sizeof buffer, ##__VA_ARGS__) ==        \
                     strlen(expected));                                                            \
        assert_string_equal(buffer, expected);                                                     \
    } while (0)

static void test_inserts(void **state)
{
    (void)state;
    assert_formats("a one b 42     s|t    |000ff", 0, "a %1 b %2!d! %3!5s!|%4!-5s!|%5!05x!", "one",
                   42, "s", "t", 255);
    assert_formats("two one two", 0, "%2 %1 %2", "one", "two");
    assert_formats("    42", 0, "%1!*d!", 6, 42);
    assert_formats("  Bi Bob   Bill", 0, "%1!*.*s! %4 %5!*s!", 4, 2, "Bill", "Bob", 6, "Bill");
    assert_formats("-1 4294967295 ff FF 17", 0, "%1!d! %1!u! %2!x! %2!X! %3!o!", -1, 255, 15);
    assert_formats("-5000000000 -5000000000", 0, "%1!I64d! %1!lld!", -5000000000ll);
    assert_formats("-1 65535", 0, "%1!hd! %1!hu!", 0xFFFF);
    assert_formats("x \xc3\xa4 text", 0, "%1!c! %2!lc! %3!ls!", 'x', 0xE4, u"text");
    assert_formats("text narrow", 0, "%1!S! %2!hs!", u"text", "narrow");
    assert_formats("(null)", 0, "%1", NULL);
    assert_formats("10th", 0, "%10", 1, 2, 3, 4, 5, 6, 7, 8, 9, "10th");
    assert_formats("+5 -5     |", 0, "%1!+d! %2!-7d!|", 5, -5);
}

static void test_argument_array(void **state)
{
    (void)state;
    DWORD_PTR array[] = {(DWORD_PTR) "A", 7};
    assert_int_equal(FormatMessageA(FROM_STRING | FORMAT_MESSAGE_ARGUMENT_ARRAY, "%1 %2!u!", 0, 0,
                                    buffer, sizeof buffer, (va_list *)(void *)array),
                     3);
    assert_string_equal(buffer, "A 7");
}

static void test_escapes(void **state)
{
    (void)state;
    assert_formats("% ! . x\ty\rz\r\n", 0, "%% %! %. x%ty%rz%n");
    assert_formats("no end", 0, "no end%0 ignored");
    assert_formats("q", 0, "%q");
    assert_formats("a\r\nb\r\nc\r\nd", 0, "a\nb\r\nc\rd");
    assert_formats("%1 %2!d!\r\n%% x", FORMAT_MESSAGE_IGNORE_INSERTS, "%1 %2!d!%n%% x%0y");
}

static void test_width(void **state)
{
    (void)state;
    assert_formats("a b c \r\n d ", FORMAT_MESSAGE_MAX_WIDTH_MASK, "a\nb\r\nc %n d ");
    assert_formats("hello\r\nworld\r\nthis is\r\nlong", 10, "hello world this is long");
    assert_formats("unbreakable", 5, "unbreakable");
}

static void test_bad_arguments(void **state)
{
    (void)state;
    char *none = NULL;
    assert_fails(format(FROM_STRING, "%", 100), ERROR_INVALID_PARAMETER);
    assert_fails(format(FROM_STRING, "%1!q!", 100, 1), ERROR_INVALID_PARAMETER);
    assert_fails(format(FROM_STRING, "%1!5", 100, 1), ERROR_INVALID_PARAMETER);
    assert_fails(format(FROM_STRING, "%1!d", 100, 1), ERROR_INVALID_PARAMETER);
    assert_fails(format(FROM_STRING, "%1!99999999999d!", 100, 1), ERROR_INVALID_PARAMETER);
    assert_fails(format(FROM_STRING, "%1!0000000000000d!", 100, 1), ERROR_INVALID_PARAMETER);
    assert_fails(format(0, "x", 100), ERROR_INVALID_PARAMETER);
    assert_fails(format(FROM_STRING, NULL, 100), ERROR_INVALID_PARAMETER);
    assert_fails(FormatMessageA(FROM_STRING, "%1", 0, 0, buffer, 100, NULL),
                 ERROR_INVALID_PARAMETER);
    assert_fails(FormatMessageA(FROM_STRING, "x", 0, 0, none, 100, NULL), ERROR_INVALID_PARAMETER);
    assert_fails(FormatMessageW(FROM_STRING, u"x", 0, 0, NULL, 100, NULL), ERROR_INVALID_PARAMETER);
    assert_fails(format(FROM_STRING, "abc", 3), ERROR_INSUFFICIENT_BUFFER);
    assert_int_equal(buffer[0], 0x55);
    assert_int_equal(format(FROM_STRING, "abc", 4), 3);
    assert_fails(format(FROM_STRING, "", 4), ERROR_NO_WORK_DONE);
    assert_fails(format(FORMAT_MESSAGE_FROM_HMODULE, NULL, 100), ERROR_RESOURCE_DATA_NOT_FOUND);
}

static DWORD system_message(DWORD flags, DWORD id, DWORD language)
{
    return FormatMessageA(FROM_SYSTEM | flags, NULL, id, language, buffer, sizeof buffer, NULL);
}

static void test_system(void **state)
{
    (void)state;
    const char *text = "File not found.\r\n";
    assert_quiet(system_message(0, ERROR_FILE_NOT_FOUND, 0) == strlen(text));
    assert_string_equal(buffer, text);
    assert_quiet(system_message(0, 0x80070002, MAKELANGID(LANG_ENGLISH, SUBLANG_ENGLISH_US)));
    assert_string_equal(buffer, text);
    assert_quiet(system_message(FORMAT_MESSAGE_FROM_HMODULE, 2, LANG_USER_DEFAULT));
    assert_string_equal(buffer, text);
    assert_quiet(system_message(FORMAT_MESSAGE_MAX_WIDTH_MASK, 2, 0));
    assert_string_equal(buffer, "File not found. ");
    assert_fails(system_message(0, 0x12345, 0), ERROR_MR_MID_NOT_FOUND);
    assert_fails(system_message(0, 2, 0x7777), ERROR_RESOURCE_LANG_NOT_FOUND);
}

/* Every code the library sets has words. */
static void test_every_errno_has_words(void **state)
{
    (void)state;
    extern DWORD win32_error_of(int rc);
    for (int e = 0; e < 140; e++)
        assert_int_not_equal(system_message(0, win32_error_of(-e), 0), 0);
    static const DWORD others[] = {
        ERROR_IO_PENDING,    ERROR_IO_INCOMPLETE,    ERROR_HANDLE_EOF,
        ERROR_NO_DATA,       ERROR_FILE_EXISTS,      ERROR_DIRECTORY,
        ERROR_NEGATIVE_SEEK, ERROR_ENVVAR_NOT_FOUND, ERROR_NOT_LOCKED,
        ERROR_DISCARDED,     ERROR_INVALID_ADDRESS,  ERROR_BUFFER_OVERFLOW,
        ERROR_NOT_FOUND,     ERROR_NOT_SAME_OBJECT,  ERROR_INVALID_USER_BUFFER,
        ERROR_NOACCESS,      ERROR_NO_WORK_DONE,     ERROR_INVALID_FUNCTION,
        WAIT_TIMEOUT,        ERROR_MR_MID_NOT_FOUND};
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        assert_int_not_equal(system_message(0, others[i], 0), 0);
}

static void test_allocate(void **state)
{
    (void)state;
    char *made = NULL;
    WCHAR *wide_made = NULL;
    const DWORD flags = FROM_STRING | FORMAT_MESSAGE_ALLOCATE_BUFFER;
    assert_int_equal(FormatMessageA(flags, "abc", 0, 0, (LPSTR)(void *)&made, 100, NULL), 3);
    assert_string_equal(made, "abc");
    assert_int_equal(LocalSize(made), 100);
    assert_null(LocalFree(made));
    assert_int_equal(FormatMessageW(flags, u"\u00e4bc", 0, 0, (LPWSTR)(void *)&wide_made, 0, NULL),
                     3);
    assert_memory_equal(wide_made, u"\u00e4bc", 8);
    assert_null(LocalFree(wide_made));
}

static DWORD format_wide(const WCHAR *source, ...)
{
    va_list list;
    va_start(list, source);
    DWORD n = FormatMessageW(FROM_STRING, source, 0, 0, wide, 100, &list);
    va_end(list);
    return n;
}

static void test_wide(void **state)
{
    (void)state;
    assert_int_equal(format_wide(u"%1 %2!d! %3!S!", u"\u20ac", 5, "n"), 5);
    assert_memory_equal(wide, u"\u20ac 5 n", 12);
    assert_fails(FormatMessageW(FROM_STRING, u"\u20ac\u20ac", 0, 0, wide, 2, NULL),
                 ERROR_INSUFFICIENT_BUFFER);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_inserts),
    cmocka_unit_test(test_argument_array),
    cmocka_unit_test(test_escapes),
    cmocka_unit_test(test_width),
    cmocka_unit_test(test_bad_arguments),
    cmocka_unit_test(test_system),
    cmocka_unit_test(test_every_errno_has_words),
    cmocka_unit_test(test_allocate),
    cmocka_unit_test(test_wide),
};
static const struct wo_test_role roles[] = {{NULL, NULL}};
WO_TEST_MAIN(tests, roles)
