/* test_win32_printf.c: printf and scanf by Microsoft's rules. */
#include "support.h"

#include <stdlib.h>

#include <windows.h>

#define U(text) ((const WCHAR *)u##text)

#define PRINTS(text, ...)                                                                          \
    do {                                                                                           \
        char out_[256];                                                                            \
        assert_int_equal(w32_sprintf_s(out_, sizeof out_, __VA_ARGS__), strlen(text));             \
        assert_string_equal(out_, text);                                                           \
    } while (0)
#define PRINTS_WIDE(text, ...)                                                                     \
    do {                                                                                           \
        WCHAR out_[256];                                                                           \
        assert_int_equal(w32_swprintf_s(out_, 256, __VA_ARGS__), sizeof(u##text) / 2 - 1);         \
        assert_memory_equal(out_, u##text, sizeof(u##text));                                       \
    } while (0)
#define WSPRINTS(text, ...)                                                                        \
    do {                                                                                           \
        char out_[1024];                                                                           \
        assert_int_equal(wsprintfA(out_, __VA_ARGS__), strlen(text));                              \
        assert_string_equal(out_, text);                                                           \
    } while (0)

static void integers_have_microsofts_lengths(void **unused)
{
    (void)unused;
    PRINTS("-1 4294967295 ffffffff", "%ld %lu %lx", (LONG)-1, (ULONG)-1, (ULONG)-1);
    PRINTS("5000000000 12a05f200 7", "%I64d %I64x %I32u", 5000000000LL, 5000000000LL, 7);
    PRINTS("5000000000 5000000000", "%lld %Id", 5000000000LL, 5000000000LL);
    PRINTS("44 4464", "%hhd %hd", 300, 70000);
    PRINTS("   +3|00042|   00042|7    |", "%+5d|%.5d|%8.5d|%-05d|", 3, 42, 42, 7);
    PRINTS("0xff 0XFF 10", "%#x %#X %o", 255, 255, 8);
    PRINTS("    42|42    |", "%*d|%*d|", 6, 42, -6, 42);
    PRINTS("000000001234ABCD|    0000000000000001|", "%p|%20p|", (void *)0x1234abcd, (void *)1);
    PRINTS("1.500000 1e+100", "%f %g", 1.5, 1e100);
    PRINTS("0.5", "%.1Lf", (long double)0.5);
    PRINTS("q|50%", "%q|%d%%", 50);
    PRINTS("ab", "a%nb", NULL);
}

static void text_has_a_kind(void **unused)
{
    (void)unused;
    PRINTS("w|l|w2|h", "%S|%ls|%ws|%hs", U("w"), U("l"), U("w2"), "h");
    PRINTS("(null)|(nu", "%s|%.3s", NULL, NULL);
    PRINTS("000ab|    a|b    |x", "%05s|%5c|%-5c|%C", "ab", 'a', 'b', 'x');
    PRINTS("\xC3\xA4|\xC3\xA4", "%S|%.3S", U("\u00E4"), U("\u00E4\u00E4"));
    PRINTS_WIDE("wide|narrow|h|l", U("%s|%S|%hs|%ls"), U("wide"), "narrow", "h", U("l"));
    PRINTS_WIDE("   \u00E4b|c\u00F6   |ef", U("%5s|%-5s|%.2s"), U("\u00E4b"), U("c\u00F6"),
                U("efg"));
    PRINTS_WIDE("abcd(null)", U("%c%C%hc%lc%s"), 'a', 'b', 'c', 'd', NULL);
    PRINTS_WIDE("\U0001F600", U("%c%c"), 0xD83D, 0xDE00);
    PRINTS_WIDE("\u00E4", U("%S"), "\xC3\xA4");
    PRINTS_WIDE("  \U0001F600", U("%4s"), U("\U0001F600")); /* two units wide */
}

static void lone_surrogates_stay(void **unused)
{
    (void)unused;
    WCHAR out[8], lone[] = {0xDC00, 'x', 0xD800, 0};
    assert_int_equal(w32_swprintf_s(out, 8, U("%s"), lone), 3);
    assert_memory_equal(out, lone, sizeof lone);
}

static void wsprintf_knows_less(void **unused)
{
    (void)unused;
    WSPRINTS("   ab|f x|+d|*d|o|q", "%05s|%f x|%+d|%*d|%o|%q", "ab");
    WSPRINTS("-5 00042 0xff 0000BEEF", "%d %05d %#x %08lX", -5, 42, 255, 0xBEEF);
    WSPRINTS("x y z narrow wide", "%lc %C %hc %hs %S", 'x', 'y', 'z', "narrow", U("wide"));
    char out[1025], big[2000];
    memset(big, 'b', sizeof big - 1);
    big[sizeof big - 1] = 0;
    memset(out, '#', sizeof out);
    assert_int_equal(wsprintfA(out, "%s", big), 1023);
    assert_int_equal(out[1023], 0);
    assert_int_equal(out[1024], '#');
}

static void buffers_end_by_their_rules(void **unused)
{
    (void)unused;
    char a[6];
    WCHAR w[4];
    memset(a, '#', sizeof a);
    assert_int_equal(_snprintf(a, 4, "%s", "abcd"), 4);
    assert_memory_equal(a, "abcd##", 6);
    assert_int_equal(_snprintf(a, 4, "%s", "12345"), -1);
    assert_memory_equal(a, "1234##", 6);
    assert_int_equal(_snprintf(NULL, 0, "%s", "12345"), 5);
    assert_int_equal(w32_snprintf(a, 4, "%s", "12345"), 5);
    assert_string_equal(a, "123");
    assert_int_equal(sprintf_s(a, 4, "%s", "12345"), -1);
    assert_int_equal(a[0], 0);
    assert_int_equal(errno, ERANGE);
    assert_int_equal(_snprintf_s(a, 6, _TRUNCATE, "%s", "1234567"), -1);
    assert_string_equal(a, "12345");
    assert_int_equal(_snprintf_s(a, 6, 3, "%s", "1234567"), -1);
    assert_string_equal(a, "123");
    assert_int_equal(swprintf_s(w, 4, U("%d"), 1234), -1);
    assert_int_equal(_scprintf("%d", 1234), 4);
    assert_int_equal(_scwprintf(U("%s"), U("\u00E4")), 1);
}

/* Formats nobody meant, with arguments they cannot ask for. */
static void hostile_formats_are_harmless(void **unused)
{
    (void)unused;
    static const char *const formats[] = {
        "%",
        "%%%",
        "%5",
        "%.",
        "%-+ #0-+ #0",
        "%I",
        "%I6",
        "%ll",
        "%99999999999d",
        "%.99999999999x",
        "%\xFF",
        "%hhhhhq",
        "%l%",
        "%.*",
        "%2147483647",
    };
    char out[64];
    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++) {
        int n = w32_snprintf(out, sizeof out, formats[i], 1, 2, 3, 4);
        assert_true(n >= -1);
        n = wsprintfA(out, formats[i], 1, 2, 3, 4);
        assert_true(n >= 0 && n < 64);
    }
    assert_int_equal(w32_snprintf(out, sizeof out, NULL), -1);
    assert_int_equal(w32_sprintf_s(NULL, 5, "x"), -1);
    assert_int_equal(w32_sprintf_s(out, 0, "x"), -1);
}

static void streams_get_utf8(void **unused)
{
    (void)unused;
    char text[64] = "";
    FILE *f = tmpfile();
    assert_non_null(f);
    assert_int_equal(w32_fwprintf(f, U("%s "), U("\u00E4\U0001F600")), 4);
    assert_int_equal(fprintf(f, "narrow "), 7);
    assert_int_equal(w32_fputwc(0xD83D, f), 0xD83D);
    assert_int_equal(w32_fputwc(0xDE00, f), 0xDE00);
    w32_fputws(U("\u20AC\n"), f);
    rewind(f);
    assert_non_null(fgets(text, sizeof text, f));
    assert_string_equal(text, "\xC3\xA4\xF0\x9F\x98\x80 narrow \xF0\x9F\x98\x80\xE2\x82\xAC\n");
    rewind(f);
    WCHAR wide[32];
    assert_ptr_equal(w32_fgetws(wide, 32, f), wide);
    assert_int_equal(w32_wcslen(wide), 15);
    assert_int_equal(wide[2], 0xDE00);
    assert_null(w32_fgetws(wide, 32, f));
    fclose(f);
}

static void scanf_s_keeps_to_sizes(void **unused)
{
    (void)unused;
    char a[6] = "#####", c[2] = "";
    WCHAR w[8];
    LONG n = 0;
    LONGLONG big = 0;
    double d = 0;
    assert_int_equal(sscanf_s("17 word 2.5", "%ld %s %lf", &n, a, 6u, &d), 3);
    assert_int_equal(n, 17);
    assert_string_equal(a, "word");
    assert_true(d == 2.5);
    assert_int_equal(sscanf_s("toolong", "%s", a, 6u), 0);
    assert_string_equal(a, "");
    assert_int_equal(sscanf_s("x:abc", "%c:%[a-c]", c, 1u, a, 6u), 2);
    assert_int_equal(c[0], 'x');
    assert_string_equal(a, "abc");
    assert_int_equal(sscanf_s("5000000000,7", "%I64d,%*d%n", &big, &n), 1);
    assert_true(big == 5000000000);
    assert_int_equal(n, 12);
    assert_int_equal(sscanf_s("", "%d", &n), EOF);
    assert_int_equal(sscanf_s("no", "%d", &n), 0);
    assert_int_equal(sscanf_s("a1", "b%d", &n), 0);
    assert_int_equal(w32_swscanf(U("gr\u00FC 3"), U("%s %d"), w, &n), 2);
    assert_memory_equal(w, u"gr\u00FC", 8);
    assert_int_equal(w32_swscanf_s(U("\u00FCx"), U("%c%S"), w, 1u, a, 6u), 2);
    assert_int_equal(w[0], 0xFC);
    assert_string_equal(a, "x");
    assert_int_equal(sscanf_s("1", "%[", a, 6u), 0);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(integers_have_microsofts_lengths),
    cmocka_unit_test(text_has_a_kind),
    cmocka_unit_test(lone_surrogates_stay),
    cmocka_unit_test(wsprintf_knows_less),
    cmocka_unit_test(buffers_end_by_their_rules),
    cmocka_unit_test(hostile_formats_are_harmless),
    cmocka_unit_test(streams_get_utf8),
    cmocka_unit_test(scanf_s_keeps_to_sizes),
};

WO_TEST_MAIN(tests, NULL)
