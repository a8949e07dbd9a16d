/* test_win32_time.c: clocks, calendars, file times. */
#include "win32_check.h"

#include <stdlib.h>
#include <time.h>

static uint64_t ticks(const FILETIME *ft)
{
    return (uint64_t)ft->dwHighDateTime << 32 | ft->dwLowDateTime;
}

static FILETIME filetime(uint64_t t)
{
    return (FILETIME){(DWORD)t, (DWORD)(t >> 32)};
}

static void test_known_dates(void **state)
{
    (void)state;
    static const struct {
        uint64_t ticks;
        SYSTEMTIME st; /* year, month, weekday, day, h, m, s, ms */
    } dates[] = {
        {0, {1601, 1, 1, 1, 0, 0, 0, 0}},
        {116444736000000000, {1970, 1, 4, 1, 0, 0, 0, 0}},
        {125963423999990000, {2000, 2, 2, 29, 23, 59, 59, 999}},
        {125963424000000000, {2000, 3, 3, 1, 0, 0, 0, 0}},
        {133537247999990000, {2024, 2, 4, 29, 23, 59, 59, 999}},
    };
    for (size_t i = 0; i < sizeof dates / sizeof dates[0]; i++) {
        SYSTEMTIME st;
        FILETIME ft = filetime(dates[i].ticks);
        assert_quiet(FileTimeToSystemTime(&ft, &st));
        assert_memory_equal(&st, &dates[i].st, sizeof st);
        ft = filetime(7);
        assert_quiet(SystemTimeToFileTime(&st, &ft));
        assert_int_equal(ticks(&ft), dates[i].ticks);
    }
}

/* Any time there and back; consecutive days have consecutive weekdays; the C library agrees. */
static void test_round_trips(void **state)
{
    (void)state;
    for (int i = 0; i < 20000; i++) {
        SYSTEMTIME st;
        FILETIME ft = filetime(wo_test_random() % 9223149888000000000u), back;
        assert_true(FileTimeToSystemTime(&ft, &st));
        assert_true(SystemTimeToFileTime(&st, &back));
        assert_int_equal(ticks(&back), ticks(&ft) / 10000 * 10000);
        time_t t = (time_t)((int64_t)(ticks(&ft) / 10000000) - 11644473600);
        struct tm tm;
        assert_non_null(gmtime_r(&t, &tm));
        assert_int_equal(st.wYear, tm.tm_year + 1900);
        assert_int_equal(st.wMonth, tm.tm_mon + 1);
        assert_int_equal(st.wDay, tm.tm_mday);
        assert_int_equal(st.wDayOfWeek, tm.tm_wday);
        assert_int_equal(st.wHour * 3600 + st.wMinute * 60 + st.wSecond,
                         tm.tm_hour * 3600 + tm.tm_min * 60 + tm.tm_sec);
    }
}

static void test_bad_dates(void **state)
{
    (void)state;
    static const SYSTEMTIME bad[] = {
        {1600, 1, 0, 1, 0, 0, 0, 0},  {30828, 1, 0, 1, 0, 0, 0, 0},   {2023, 2, 0, 29, 0, 0, 0, 0},
        {2024, 2, 0, 30, 0, 0, 0, 0}, {2024, 13, 0, 1, 0, 0, 0, 0},   {2024, 0, 0, 1, 0, 0, 0, 0},
        {2024, 1, 0, 0, 0, 0, 0, 0},  {2024, 1, 0, 1, 24, 0, 0, 0},   {2024, 1, 0, 1, 0, 60, 0, 0},
        {2024, 1, 0, 1, 0, 0, 60, 0}, {2024, 1, 0, 1, 0, 0, 0, 1000},
    };
    FILETIME ft = {7, 7}, late = filetime(UINT64_C(1) << 63), early = {0, 0};
    SYSTEMTIME st = {.wYear = 7};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_fails(SystemTimeToFileTime(&bad[i], &ft), ERROR_INVALID_PARAMETER);
    assert_fails(SystemTimeToFileTime(NULL, &ft), ERROR_INVALID_PARAMETER);
    assert_fails(FileTimeToSystemTime(&late, &st), ERROR_INVALID_PARAMETER);
    assert_fails(FileTimeToSystemTime(NULL, &st), ERROR_INVALID_PARAMETER);
    assert_fails(FileTimeToLocalFileTime(&late, &ft), ERROR_INVALID_PARAMETER);
    setenv("TZ", "WEST+5", 1);
    tzset();
    assert_fails(FileTimeToLocalFileTime(&early, &ft), ERROR_INVALID_PARAMETER);
    assert_int_equal(ft.dwLowDateTime, 7);
    assert_int_equal(st.wYear, 7);
}

static void test_local(void **state)
{
    (void)state;
    const uint64_t hours5 = UINT64_C(5) * 3600 * 10000000;
    FILETIME utc = filetime(133537391999990000), local, back;
    setenv("TZ", "EAST-5", 1);
    tzset();
    assert_quiet(FileTimeToLocalFileTime(&utc, &local));
    assert_int_equal(ticks(&local), ticks(&utc) + hours5);
    assert_quiet(LocalFileTimeToFileTime(&local, &back));
    assert_int_equal(ticks(&back), ticks(&utc));
    SYSTEMTIME now, here;
    FILETIME a, b;
    GetSystemTime(&now);
    GetLocalTime(&here);
    assert_true(SystemTimeToFileTime(&now, &a) && SystemTimeToFileTime(&here, &b));
    uint64_t ahead = ticks(&b) - ticks(&a);
    assert_true(ahead >= hours5 && ahead < hours5 + 600000000);
    unsetenv("TZ");
    tzset();
}

static void test_compare(void **state)
{
    (void)state;
    FILETIME a = filetime(1), b = filetime(UINT64_C(1) << 32);
    assert_int_equal(CompareFileTime(&a, &b), -1);
    assert_int_equal(CompareFileTime(&b, &a), 1);
    assert_int_equal(CompareFileTime(&a, &a), 0);
}

static void test_clocks(void **state)
{
    (void)state;
    FILETIME a, b;
    LARGE_INTEGER frequency, c1, c2;
    time_t now = time(NULL);
    GetSystemTimeAsFileTime(&a);
    GetSystemTimePreciseAsFileTime(&b);
    assert_true(CompareFileTime(&a, &b) <= 0);
    int64_t seconds = (int64_t)(ticks(&a) / 10000000) - 11644473600;
    assert_true(seconds >= now && seconds < now + 60);
    assert_quiet(QueryPerformanceFrequency(&frequency));
    assert_int_equal(frequency.QuadPart, 10000000);
    ULONGLONG t1 = GetTickCount64();
    assert_quiet(QueryPerformanceCounter(&c1));
    Sleep(20);
    assert_quiet(QueryPerformanceCounter(&c2));
    assert_true(c2.QuadPart - c1.QuadPart >= 200000);
    assert_true(GetTickCount64() - t1 >= 20);
    assert_true(GetTickCount() - (DWORD)t1 >= 20);
    assert_fails(QueryPerformanceCounter(NULL), ERROR_NOACCESS);
    assert_fails(QueryPerformanceFrequency(NULL), ERROR_NOACCESS);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_known_dates), cmocka_unit_test(test_round_trips),
    cmocka_unit_test(test_bad_dates),   cmocka_unit_test(test_local),
    cmocka_unit_test(test_compare),     cmocka_unit_test(test_clocks),
};
static const struct wo_test_role roles[] = {{NULL, NULL}};
WO_TEST_MAIN(tests, roles)
