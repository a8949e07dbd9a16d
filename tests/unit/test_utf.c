/* test_utf.c: UTF-8 and UTF-16, good and hostile. */
#include "support.h"

#include <stdlib.h>

#include <windows.h>

#include "win32/utf.h"

static void every_code_point_survives(void **unused)
{
    (void)unused;
    for (uint32_t c = 0; c <= 0x10FFFF; c++) {
        char bytes[4];
        WCHAR units[2], again[2];
        if (c >= 0xD800 && c <= 0xDFFF)
            continue;
        size_t n = win32_wide_put(c, units), k = win32_utf8_put(c, bytes);
        assert_int_equal(win32_wide_convert(bytes, k, again, 2), n);
        assert_memory_equal(again, units, n * sizeof(WCHAR));
        const char *p = bytes;
        const WCHAR *w = units;
        assert_int_equal(win32_utf8_next(&p, bytes + k, 0), c);
        assert_ptr_equal(p, bytes + k);
        assert_int_equal(win32_wide_next(&w, units + n), c);
    }
}

/* Any UTF-16, lone surrogates included, comes back as it was: names stay distinct. */
static void any_utf16_survives(void **unused)
{
    (void)unused;
    for (unsigned round = 0; round < wo_test_rounds(20000, 2000000); round++) {
        WCHAR units[8], *again;
        char *bytes;
        size_t n = wo_test_random_below(8), length, back;
        for (size_t i = 0; i < n; i++)
            units[i] = (WCHAR)(wo_test_random_below(3) ? 0xD700 + wo_test_random_below(0xA00)
                                                       : wo_test_random_below(0x10000));
        assert_int_equal(win32_utf8_from_wide_n(units, n, &bytes, &length), 0);
        assert_int_equal(win32_wide_from_utf8_n(bytes, length, &again, &back), 0);
        assert_int_equal(back, n);
        assert_memory_equal(again, units, n * sizeof(WCHAR));
        assert_int_equal(again[n], 0);
        free(bytes);
        free(again);
    }
}

/* Random bytes: what is accepted is exactly what encodes back to the same bytes. */
static void any_bytes_are_judged(void **unused)
{
    (void)unused;
    for (unsigned round = 0; round < wo_test_rounds(50000, 5000000); round++) {
        char bytes[6], again[4];
        size_t n = 1 + wo_test_random_below(6);
        wo_test_random_fill(bytes, n);
        bytes[0] = (char)(bytes[0] | (wo_test_random_below(2) ? 0xE0 : 0));
        char *copy = malloc(n); /* so that a sanitizer sees a read past the end */
        assert_non_null(copy);
        memcpy(copy, bytes, n);
        for (const char *p = copy; p != copy + n;) {
            const char *start = p;
            uint32_t c = win32_utf8_next(&p, copy + n, 0);
            assert_true(p > start && p <= copy + n);
            if (c == WIN32_UTF_BAD)
                continue;
            assert_true(c <= 0x10FFFF && (c < 0xD800 || c > 0xDFFF));
            assert_int_equal(win32_utf8_put(c, again), p - start);
            assert_memory_equal(again, start, (size_t)(p - start));
        }
        free(copy);
    }
}

static const struct bad_case {
    const char *bytes;
    size_t n, replacements; /* and then perhaps an A */
} bad_cases[] = {
    {"\x80", 1, 1},
    {"\xC0\x80", 2, 2},
    {"\xC2", 1, 1},
    {"\xE2\x82"
     "A",
     3, 1},
    {"\xF0\x9F\x98", 3, 1},
    {"\xF5\x80\x80\x80", 4, 4},
    {"\xE0\x80\x80", 3, 3},
    {"\xF0\x80\x80\x80", 4, 4},
    {"\xF4\x90\x80\x80", 4, 4},
    {"\xED\xA0\x80", 3, 3},
    {"\xFF\xFE"
     "A",
     3, 2},
};

static void strict_conversion_replaces_or_refuses(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < sizeof bad_cases / sizeof *bad_cases; i++) {
        const struct bad_case *c = &bad_cases[i];
        WCHAR out[8];
        size_t plain = c->bytes[c->n - 1] == 'A';
        int n = MultiByteToWideChar(CP_UTF8, 0, c->bytes, (int)c->n, out, 8);
        assert_int_equal(n, c->replacements + plain);
        for (size_t k = 0; k < c->replacements; k++)
            assert_int_equal(out[k], 0xFFFD);
        SetLastError(0);
        assert_int_equal(
            MultiByteToWideChar(CP_UTF8, MB_ERR_INVALID_CHARS, c->bytes, (int)c->n, out, 8), 0);
        assert_int_equal(GetLastError(), ERROR_NO_UNICODE_TRANSLATION);
    }
}

static void lone_surrogates_have_no_utf8(void **unused)
{
    (void)unused;
    static const WCHAR lone[] = {0xDC00, 'a', 0xD800, 0};
    char out[16];
    BOOL used = FALSE;
    assert_int_equal(WideCharToMultiByte(CP_UTF8, 0, lone, -1, out, 16, NULL, NULL), 8);
    assert_string_equal(out, "\xEF\xBF\xBD"
                             "a\xEF\xBF\xBD");
    assert_int_equal(WideCharToMultiByte(CP_ACP, 0, lone, -1, out, 16, "?", &used), 4);
    assert_string_equal(out, "?a?");
    assert_true(used);
    assert_int_equal(
        WideCharToMultiByte(CP_UTF8, WC_ERR_INVALID_CHARS, lone, -1, out, 16, NULL, NULL), 0);
    assert_int_equal(GetLastError(), ERROR_NO_UNICODE_TRANSLATION);
}

#define REFUSED(call, code)                                                                        \
    do {                                                                                           \
        SetLastError(0);                                                                           \
        assert_int_equal(call, 0);                                                                 \
        assert_int_equal(GetLastError(), code);                                                    \
    } while (0)

static void arguments_are_checked(void **unused)
{
    (void)unused;
    WCHAR w[4] = {'a', 0};
    char a[4] = "a";
    BOOL used;
    REFUSED(MultiByteToWideChar(12345, 0, a, -1, w, 4), ERROR_INVALID_PARAMETER);
    REFUSED(MultiByteToWideChar(CP_UTF8, 0, NULL, -1, w, 4), ERROR_INVALID_PARAMETER);
    REFUSED(MultiByteToWideChar(CP_UTF8, 0, a, 0, w, 4), ERROR_INVALID_PARAMETER);
    REFUSED(MultiByteToWideChar(CP_UTF8, 0, a, -1, NULL, 4), ERROR_INVALID_PARAMETER);
    REFUSED(MultiByteToWideChar(CP_UTF8, 0, a, -1, w, -1), ERROR_INVALID_PARAMETER);
    REFUSED(MultiByteToWideChar(CP_UTF8, 0, a, -1, (LPWSTR)(void *)a, 2), ERROR_INVALID_PARAMETER);
    REFUSED(MultiByteToWideChar(CP_UTF8, MB_PRECOMPOSED, a, -1, w, 4), ERROR_INVALID_FLAGS);
    REFUSED(MultiByteToWideChar(CP_UTF8, 0, "abcd", -1, w, 4), ERROR_INSUFFICIENT_BUFFER);
    w[1] = 0; /* what fits has been written */
    REFUSED(WideCharToMultiByte(CP_UTF8, 0, w, -1, a, 4, "?", &used), ERROR_INVALID_PARAMETER);
    REFUSED(WideCharToMultiByte(CP_UTF8, 0x8000, w, -1, a, 4, NULL, NULL), ERROR_INVALID_FLAGS);
    REFUSED(WideCharToMultiByte(CP_UTF8, 0, w, 0, a, 4, NULL, NULL), ERROR_INVALID_PARAMETER);
    REFUSED(WideCharToMultiByte(CP_UTF8, 0, w, -1, a, 1, NULL, NULL), ERROR_INSUFFICIENT_BUFFER);
    assert_int_equal(MultiByteToWideChar(CP_ACP, MB_PRECOMPOSED, a, -1, w, 4), 2);
    assert_int_equal(MultiByteToWideChar(CP_UTF8, 0, "abcd", -1, NULL, 0), 5);
    assert_int_equal(MultiByteToWideChar(CP_UTF8, 0, "abcd", 4, w, 4), 4);
}

static void a_small_buffer_gets_whole_characters(void **unused)
{
    (void)unused;
    static const WCHAR wide[] = {'a', 0xD83D, 0xDE00, 'b'};
    char out[8] = "???????";
    assert_int_equal(win32_utf8_convert(wide, 4, out, 4), 6);
    assert_string_equal(out, "a??????");
    assert_int_equal(win32_utf8_convert(wide, 4, NULL, 0), 6);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(every_code_point_survives),
    cmocka_unit_test(any_utf16_survives),
    cmocka_unit_test(any_bytes_are_judged),
    cmocka_unit_test(strict_conversion_replaces_or_refuses),
    cmocka_unit_test(lone_surrogates_have_no_utf8),
    cmocka_unit_test(arguments_are_checked),
    cmocka_unit_test(a_small_buffer_gets_whole_characters),
};

WO_TEST_MAIN(tests, NULL)
