/* fuzz_time.c: FILETIME and SYSTEMTIME, there and back. */
#include "fuzz.h"

#include "windows.h"

const char *const fuzz_words[] = {"\x7F\xFF\xFF\xFF", "\xFF\xFF\xFF\xFF", "\x80", "\x01", NULL};

static void ticks(uint64_t value)
{
    FILETIME ft = {(DWORD)value, (DWORD)(value >> 32)}, back, local;
    SYSTEMTIME st;
    REQUIRE(CompareFileTime(&ft, &ft) == 0);
    FileTimeToLocalFileTime(&ft, &local);
    LocalFileTimeToFileTime(&ft, &local);
    if (!FileTimeToSystemTime(&ft, &st)) {
        REQUIRE(value > INT64_MAX);
        return;
    }
    REQUIRE(st.wMonth >= 1 && st.wMonth <= 12 && st.wDay >= 1 && st.wDay <= 31);
    REQUIRE(st.wHour < 24 && st.wMinute < 60 && st.wSecond < 60 && st.wMilliseconds < 1000);
    if (st.wYear > 30827)
        return;
    REQUIRE(SystemTimeToFileTime(&st, &back));
    REQUIRE(((uint64_t)back.dwHighDateTime << 32 | back.dwLowDateTime) == value - value % 10000);
}

static void fields(struct fuzz_input *in)
{
    SYSTEMTIME st, back;
    FILETIME ft;
    WORD *field[] = {&st.wYear, &st.wMonth,  &st.wDayOfWeek, &st.wDay,
                     &st.wHour, &st.wMinute, &st.wSecond,    &st.wMilliseconds};
    for (size_t i = 0; i < sizeof field / sizeof *field; i++)
        *field[i] = (WORD)fuzz_word(in, 2);
    if (!SystemTimeToFileTime(&st, &ft))
        return;
    REQUIRE(FileTimeToSystemTime(&ft, &back));
    back.wDayOfWeek = st.wDayOfWeek; /* it is ignored on the way there */
    REQUIRE(memcmp(&st, &back, sizeof st) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz_input in = {data, size};
    ticks(fuzz_word(&in, 8));
    fields(&in);
    return 0;
}
