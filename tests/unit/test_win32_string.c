/* test_win32_string.c: lstr…, CharUpper/CharLower, the wide C strings, the _s functions, strsafe.
 */
#include "support.h"

#include <stdlib.h>

#include <windows.h>
#include <strsafe.h>

#define U(text) ((const WCHAR *)u##text)

#define assert_wide(got, text)                                                                     \
    do {                                                                                           \
        const WCHAR *got_ = (got);                                                                 \
        assert_int_equal(w32_wcslen(got_), sizeof(u##text) / 2 - 1);                               \
        assert_memory_equal(got_, u##text, sizeof(u##text));                                       \
    } while (0)

static void lstr_takes_null(void **unused)
{
    (void)unused;
    char a[8] = "abc";
    WCHAR w[8] = {'a', 0};
    assert_int_equal(lstrlenA(NULL), 0);
    assert_int_equal(lstrlenW(NULL), 0);
    assert_null(lstrcpyA(a, NULL));
    assert_null(lstrcpyA(NULL, a));
    assert_null(lstrcatA(a, NULL));
    assert_null(lstrcatW(NULL, w));
    assert_null(lstrcpynA(a, NULL, 3));
    assert_null(lstrcpynW(NULL, w, 3));
    assert_string_equal(a, "abc");
    assert_int_equal(lstrcmpA(NULL, "a"), -1);
    assert_int_equal(lstrcmpW(w, NULL), 1);
    assert_int_equal(lstrcmpiA(NULL, NULL), 0);
}

static void lstrcpyn_counts_the_terminator(void **unused)
{
    (void)unused;
    char a[8] = "#######";
    WCHAR w[8];
    assert_ptr_equal(lstrcpynA(a, "abcdef", 4), a);
    assert_string_equal(a, "abc");
    lstrcpynA(a, "xyz", 0);
    assert_string_equal(a, "abc");
    lstrcpynA(a, "xyz", 1);
    assert_string_equal(a, "");
    lstrcpynW(w, U("abcdef"), 3);
    assert_wide(w, "ab");
}

static const struct order_case {
    const char *a, *b;
    int order, order_without_case;
} order_cases[] = {
    {"a", "A", -1, 0},         {"a", "B", -1, -1},     {"A", "b", -1, -1},
    {"a1", "aa", -1, -1},      {"a b", "ab", -1, -1},  {"co-op", "coop", 1, 1},
    {"_a", "1", -1, -1},       {"", "a", -1, -1},      {"-", "a", -1, -1},
    {"a-b", "aa", 1, 1},       {"a'b", "ab", 1, 1},    {"a~", "a0", -1, -1},
    {"same", "same", 0, 0},    {"SAME", "same", 1, 0}, {"\xC3\xA4", "\xC3\x84", -1, 0},
    {"z", "\xCE\xB1", -1, -1},
};

static void lstrcmp_orders_like_a_dictionary(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < sizeof order_cases / sizeof *order_cases; i++) {
        const struct order_case *c = &order_cases[i];
        WCHAR a[16], b[16];
        MultiByteToWideChar(CP_UTF8, 0, c->a, -1, a, 16);
        MultiByteToWideChar(CP_UTF8, 0, c->b, -1, b, 16);
        assert_int_equal(lstrcmpA(c->a, c->b), c->order);
        assert_int_equal(lstrcmpA(c->b, c->a), -c->order);
        assert_int_equal(lstrcmpW(a, b), c->order);
        assert_int_equal(lstrcmpiA(c->a, c->b), c->order_without_case);
        assert_int_equal(lstrcmpiW(b, a), -c->order_without_case);
    }
}

static void char_upper_takes_strings_and_characters(void **unused)
{
    (void)unused;
    char a[] = "gr\xC3\xBC\xC3\x9F \xFF \xC4\xB1"; /* the last one has a shorter capital */
    WCHAR w[] = u"\u00E4\u03B1z";
    assert_ptr_equal(CharUpperA(a), a);
    assert_string_equal(a, "GR\xC3\x9C\xC3\x9F \xFF \xC4\xB1");
    CharLowerA(a);
    assert_string_equal(a, "gr\xC3\xBC\xC3\x9F \xFF \xC4\xB1");
    assert_wide(CharUpperW(w), "\u00C4\u0391Z");
    assert_wide(CharLowerW(w), "\u00E4\u03B1z");
    assert_int_equal((UINT_PTR)CharUpperA((LPSTR)(UINT_PTR)'q'), 'Q');
    assert_int_equal((UINT_PTR)CharLowerW((LPWSTR)(UINT_PTR)0xC4), 0xE4);
}

static void wide_strings(void **unused)
{
    (void)unused;
    WCHAR w[24], *context, *end;
    assert_wide(w32_wcscpy(w, U("one")), "one");
    assert_wide(w32_wcscat(w, U(" two")), "one two");
    assert_wide(w32_wcsncat(w, U("345"), 1), "one two3");
    assert_ptr_equal(w32_wcschr(w, 0), w + 8);
    assert_ptr_equal(w32_wcsrchr(w, 'o'), w + 6);
    assert_ptr_equal(w32_wcsstr(w, U("two")), w + 4);
    assert_ptr_equal(w32_wcsstr(w, U("")), w);
    assert_null(w32_wcsstr(w, U("two4")));
    assert_ptr_equal(w32_wcspbrk(w, U("t ")), w + 3);
    assert_int_equal(w32_wcscspn(w, U("t")), 4);
    assert_int_equal(w32_wcsicmp(U("\u00C4b"), U("\u00E4B")), 0);
    assert_int_equal(w32_wcsnicmp(U("abX"), U("ABy"), 2), 0);
    assert_true(w32_wcscmp(U("a"), U("\uFFFF")) < 0);
    w32_wcscpy(w, U(",a,,b"));
    assert_wide(w32_wcstok_s(w, U(","), &context), "a");
    assert_wide(w32_wcstok_s(NULL, U(","), &context), "b");
    assert_null(w32_wcstok_s(NULL, U(","), &context));
    assert_null(w32_wcstok_s(NULL, NULL, &context));
    assert_null(w32_wcstok_s(w, U(","), NULL));
    context = NULL;
    assert_null(w32_wcstok_s(NULL, U(","), &context));
    for (int radix = -1; radix <= 37; radix += radix == 1 ? 36 : 2) { /* -1, 1, 37 */
        assert_int_equal(w32_wcstol(w, &end, radix), 0);
        assert_ptr_equal(end, w);
    }
    assert_int_equal(w32_wcstol(U(" -0x1Fz"), &end, 16), -31);
    assert_int_equal(*end, 'z');
    assert_int_equal(w32_wcstol(U("99999999999"), NULL, 10), 2147483647);
    assert_int_equal(w32_wcstoul(U("-1"), NULL, 10), 0xFFFFFFFF);
    assert_true(w32_wtof(U("1.5\u00E4")) == 1.5);
    assert_wide(w32_itow(-255, w, 16), "ffffff01");
    assert_wide(w32_i64tow(-9223372036854775807LL - 1, w, 10), "-9223372036854775808");
    assert_wide(w32_wcsrev(w32_wcscpy(w, U("abc"))), "cba");
}

static void secure_copies(void **unused)
{
    (void)unused;
    char a[6] = "#####";
    WCHAR w[4];
    assert_int_equal(strcpy_s(a, 6, "12345"), 0);
    assert_string_equal(a, "12345");
    assert_int_equal(strcpy_s(a, 5, "12345"), ERANGE);
    assert_string_equal(a, "");
    assert_int_equal(strcpy_s(a, 6, NULL), EINVAL);
    assert_int_equal(strcpy_s(NULL, 6, "a"), EINVAL);
    assert_int_equal(strncpy_s(a, 6, "1234567", 3), 0);
    assert_string_equal(a, "123");
    assert_int_equal(strncpy_s(a, 6, "1234567", _TRUNCATE), STRUNCATE);
    assert_string_equal(a, "12345");
    assert_int_equal(strcat_s(a, 6, ""), 0);
    assert_int_equal(strncat_s(a, 6, "6", _TRUNCATE), STRUNCATE);
    assert_int_equal(strcat_s(a, 6, "6"), ERANGE);
    memset(a, '#', sizeof a); /* no terminator at all */
    assert_int_equal(strcat_s(a, 6, "6"), ERANGE);
    assert_int_equal(wcscpy_s(w, 4, U("abc")), 0);
    assert_int_equal(wcscat_s(w, 4, U("d")), ERANGE);
    assert_int_equal(w[0], 0);
    assert_int_equal(_itoa_s(-12, a, 4, 10), 0);
    assert_string_equal(a, "-12");
    assert_int_equal(_itoa_s(-12, a, 3, 10), ERANGE);
    assert_int_equal(memcpy_s(a, 2, "abc", 3), ERANGE);
    assert_int_equal(a[0] | a[1], 0);
}

static void strsafe_cuts_and_tells(void **unused)
{
    (void)unused;
    char a[5];
    WCHAR w[5];
    memset(a, '#', sizeof a);
    assert_int_equal(StringCchCopyA(a, 0, "x"), STRSAFE_E_INVALID_PARAMETER);
    assert_int_equal(StringCchCopyA(a, (size_t)STRSAFE_MAX_CCH + 1, "x"),
                     STRSAFE_E_INVALID_PARAMETER);
    assert_int_equal(a[0], '#');
    assert_int_equal(StringCchCatA(a, 5, "x"), STRSAFE_E_INVALID_PARAMETER); /* no terminator */
    assert_int_equal(StringCchCopyA(a, 5, "abcd"), S_OK);
    assert_int_equal(StringCchCopyA(a, 3, "abcd"), STRSAFE_E_INSUFFICIENT_BUFFER);
    assert_string_equal(a, "ab");
    assert_int_equal(StringCchCatA(a, 5, "xyz"), STRSAFE_E_INSUFFICIENT_BUFFER);
    assert_string_equal(a, "abxy");
    assert_int_equal(StringCchCopyNA(a, 5, "12345678", 2), S_OK);
    assert_int_equal(StringCchCatNA(a, 5, "345", 1), S_OK);
    assert_string_equal(a, "123");
    assert_int_equal(StringCchPrintfA(a, 5, "%d", 123456), STRSAFE_E_INSUFFICIENT_BUFFER);
    assert_string_equal(a, "1234");
    assert_int_equal(StringCbCopyW(w, 7, U("abcd")), STRSAFE_E_INSUFFICIENT_BUFFER);
    assert_wide(w, "ab");
    assert_int_equal(StringCbPrintfW(w, 10, U("%s"), U("1234")), S_OK);
    assert_wide(w, "1234");
}

static void strsafe_measures(void **unused)
{
    (void)unused;
    size_t n = 77;
    assert_int_equal(StringCchLengthA("abc", 4, &n), S_OK);
    assert_int_equal(n, 3);
    assert_int_equal(StringCchLengthA("abc", 3, NULL), STRSAFE_E_INVALID_PARAMETER);
    assert_int_equal(StringCchLengthA(NULL, 3, &n), STRSAFE_E_INVALID_PARAMETER);
    assert_int_equal(StringCchLengthA("", 0, &n), STRSAFE_E_INVALID_PARAMETER);
    assert_int_equal(StringCbLengthW(U("abc"), 8, &n), S_OK);
    assert_int_equal(n, 6);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(lstr_takes_null),
    cmocka_unit_test(lstrcpyn_counts_the_terminator),
    cmocka_unit_test(lstrcmp_orders_like_a_dictionary),
    cmocka_unit_test(char_upper_takes_strings_and_characters),
    cmocka_unit_test(wide_strings),
    cmocka_unit_test(secure_copies),
    cmocka_unit_test(strsafe_cuts_and_tells),
    cmocka_unit_test(strsafe_measures),
};

WO_TEST_MAIN(tests, NULL)
