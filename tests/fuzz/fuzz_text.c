/* fuzz_text.c: between UTF-8 and UTF-16, the code page functions, strsafe. */
#include "fuzz.h"

#include "strsafe.h"
#include "utf.h"
#include "windows.h"

const char *const fuzz_words[] = {"a",
                                  "\xC3\xA9",
                                  "\xE2\x82\xAC",
                                  "\xF0\x9F\x98\x80",
                                  "\xED\xA0\x80",
                                  "\xED\xB0\x80",
                                  "\xC0\x80",
                                  "\xF4\x90\x80\x80",
                                  "\xE2\x82",
                                  "\xFF",
                                  "\x3D\xD8",
                                  "\xD8\x3D",
                                  "\xDE\x0A",
                                  NULL};

/* Any units survive the way there and back. */
static void wide_round_trip(const WCHAR *units, size_t n)
{
    char *bytes;
    WCHAR *back;
    size_t length, again;
    REQUIRE(win32_utf8_from_wide_n(units, n, &bytes, &length) == 0);
    REQUIRE(win32_wide_from_utf8_n(bytes, length, &back, &again) == 0);
    REQUIRE(again == n && (n == 0 || memcmp(units, back, n * sizeof *units) == 0));
    free(back);
    free(bytes);
}

/* What is measured is what is written, and a unit less does not do. */
static void to_wide(const char *bytes, size_t n, DWORD flags)
{
    int need = MultiByteToWideChar(CP_UTF8, flags, bytes, (int)n, NULL, 0);
    REQUIRE(need > 0 || n == 0 || (flags & MB_ERR_INVALID_CHARS));
    if (need == 0)
        return;
    WCHAR *exact = malloc((size_t)need * sizeof *exact);
    REQUIRE(exact);
    REQUIRE(MultiByteToWideChar(CP_UTF8, flags, bytes, (int)n, exact, need) == need);
    REQUIRE(WideCharToMultiByte(CP_UTF8, WC_ERR_INVALID_CHARS, exact, need, NULL, 0, NULL, NULL) >
            0);
    REQUIRE(need == 1 || MultiByteToWideChar(CP_UTF8, flags, bytes, (int)n, exact, need - 1) == 0);
    free(exact);
}

static void to_bytes(const WCHAR *units, size_t n, DWORD flags)
{
    int need = WideCharToMultiByte(CP_UTF8, flags, units, (int)n, NULL, 0, NULL, NULL);
    REQUIRE(need > 0 || n == 0 || (flags & WC_ERR_INVALID_CHARS));
    if (need == 0)
        return;
    char *exact = malloc((size_t)need);
    REQUIRE(exact);
    REQUIRE(WideCharToMultiByte(CP_UTF8, flags, units, (int)n, exact, need, NULL, NULL) == need);
    REQUIRE(MultiByteToWideChar(CP_UTF8, MB_ERR_INVALID_CHARS, exact, need, NULL, 0) > 0);
    free(exact);
}

/* The text need not end; the target must. */
static void safe_strings(const char *bytes, size_t n, size_t size, size_t count)
{
    char *exact = malloc(size + !size);
    size_t length = 777;
    REQUIRE(exact);
    exact[0] = 0;
    count = count < n ? count : n;
    HRESULT hr = StringCchCopyNA(exact, size, bytes, count);
    REQUIRE(size ? strnlen(exact, size) < size : hr == STRSAFE_E_INVALID_PARAMETER);
    hr = StringCchCatNA(exact, size, bytes, count);
    REQUIRE(size ? strnlen(exact, size) < size : hr == STRSAFE_E_INVALID_PARAMETER);
    hr = StringCchLengthA(bytes, n, &length);
    REQUIRE(hr == S_OK ? length < n && bytes[length] == 0 : length == 0);
    free(exact);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz_input in = {data, size};
    unsigned mode = fuzz_byte(&in);
    size_t room = fuzz_byte(&in), count = fuzz_byte(&in), n = in.left / sizeof(WCHAR);
    char *bytes = fuzz_rest(&in, 0);
    WCHAR *units = malloc(n * sizeof *units + 1);
    REQUIRE(units);
    memcpy(units, bytes, n * sizeof *units);
    wide_round_trip(units, n);
    to_wide(bytes, in.left, mode & 1 ? MB_ERR_INVALID_CHARS : 0);
    to_bytes(units, n, mode & 1 ? WC_ERR_INVALID_CHARS : 0);
    safe_strings(bytes, in.left, room, count);
    free(units);
    free(bytes);
    return 0;
}
