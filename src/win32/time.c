/* time.c: clocks and calendars.
 *
 * A FILETIME counts 100 ns since the start of 1601, UTC. Its calendar is the Gregorian one without
 * leap seconds, so days and dates convert by arithmetic alone. */
#include "win32.h"

#include <errno.h>
#include <time.h>

#include "platform.h"

#define TICKS_PER_SECOND 10000000
#define TICKS_PER_DAY (86400ll * TICKS_PER_SECOND)
#define UNIX_EPOCH_TICKS (134774ll * TICKS_PER_DAY) /* 1970-01-01 is day 134774 since 1601 */
#define DAYS_IN_400_YEARS 146097
enum { FIRST_YEAR = 1601, LAST_YEAR = 30827 };

static FILETIME filetime_of(uint64_t ticks)
{
    return (FILETIME){.dwLowDateTime = (DWORD)ticks, .dwHighDateTime = (DWORD)(ticks >> 32)};
}

static uint64_t ticks_of(const FILETIME *ft)
{
    return (uint64_t)ft->dwHighDateTime << 32 | ft->dwLowDateTime;
}

static bool is_leap(int year)
{
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static int days_in(int month, int year)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return days[month - 1] + (month == 2 && is_leap(year));
}

/* Days from 1601-01-01 to January 1st of a year from 1601 on. */
static int64_t days_before(int year)
{
    int64_t y = year - FIRST_YEAR;
    return y * 365 + y / 4 - y / 100 + y / 400;
}

static void date_of(int64_t days, SYSTEMTIME *st)
{
    st->wDayOfWeek = (WORD)((days + 1) % 7); /* 1601 began on a Monday */
    int year = FIRST_YEAR + (int)(days / DAYS_IN_400_YEARS * 400);
    year += (int)(days % DAYS_IN_400_YEARS / 366); /* never too far */
    while (days_before(year + 1) <= days)
        year++;
    int rest = (int)(days - days_before(year)), month = 1;
    while (rest >= days_in(month, year))
        rest -= days_in(month++, year);
    st->wYear = (WORD)year;
    st->wMonth = (WORD)month;
    st->wDay = (WORD)(rest + 1);
}

static void systemtime_of(uint64_t ticks, SYSTEMTIME *st)
{
    uint64_t ms = ticks % TICKS_PER_DAY / 10000;
    date_of((int64_t)(ticks / TICKS_PER_DAY), st);
    st->wMilliseconds = (WORD)(ms % 1000);
    st->wSecond = (WORD)(ms / 1000 % 60);
    st->wMinute = (WORD)(ms / 60000 % 60);
    st->wHour = (WORD)(ms / 3600000);
}

static bool is_valid(const SYSTEMTIME *st)
{
    return st->wYear >= FIRST_YEAR && st->wYear <= LAST_YEAR && st->wMonth >= 1 &&
           st->wMonth <= 12 && st->wDay >= 1 && st->wDay <= days_in(st->wMonth, st->wYear) &&
           st->wHour < 24 && st->wMinute < 60 && st->wSecond < 60 && st->wMilliseconds < 1000;
}

BOOL WINAPI SystemTimeToFileTime(const SYSTEMTIME *st, LPFILETIME ft)
{
    if (!st || !ft || !is_valid(st))
        return win32_fail_code(ERROR_INVALID_PARAMETER);
    int64_t days = days_before(st->wYear) + st->wDay - 1;
    for (int month = 1; month < st->wMonth; month++)
        days += days_in(month, st->wYear);
    int64_t ms = ((st->wHour * 60ll + st->wMinute) * 60 + st->wSecond) * 1000 + st->wMilliseconds;
    *ft = filetime_of((uint64_t)(days * TICKS_PER_DAY + ms * 10000));
    return TRUE;
}

BOOL WINAPI FileTimeToSystemTime(const FILETIME *ft, LPSYSTEMTIME st)
{
    if (!ft || !st || ticks_of(ft) > INT64_MAX)
        return win32_fail_code(ERROR_INVALID_PARAMETER);
    systemtime_of(ticks_of(ft), st);
    return TRUE;
}

LONG WINAPI CompareFileTime(const FILETIME *a, const FILETIME *b)
{
    if (!a || !b)
        return -1;
    uint64_t x = ticks_of(a), y = ticks_of(b);
    return x < y ? -1 : x > y;
}

/* How far local time is ahead of UTC now, in ticks. Windows, too, uses today's offset for every
 * date. */
static int64_t local_offset(void)
{
    struct tm tm;
    time_t now = time(NULL);
    if (!localtime_r(&now, &tm))
        return 0;
    int64_t offset = tm.tm_gmtoff;
    return offset * TICKS_PER_SECOND;
}

static BOOL shift(const FILETIME *from, FILETIME *to, int64_t by)
{
    if (!from || !to || ticks_of(from) > INT64_MAX)
        return win32_fail_code(ERROR_INVALID_PARAMETER);
    int64_t shifted;
    if (__builtin_add_overflow((int64_t)ticks_of(from), by, &shifted) || shifted < 0)
        return win32_fail_code(ERROR_INVALID_PARAMETER);
    *to = filetime_of((uint64_t)shifted);
    return TRUE;
}

BOOL WINAPI FileTimeToLocalFileTime(const FILETIME *ft, LPFILETIME local)
{
    return shift(ft, local, local_offset());
}

BOOL WINAPI LocalFileTimeToFileTime(const FILETIME *local, LPFILETIME ft)
{
    return shift(local, ft, -local_offset());
}

/* ---- Now ------------------------------------------------------------------------------------ */

static uint64_t now_ticks(void)
{
    struct timespec t;
    clock_gettime(CLOCK_REALTIME, &t);
    return (uint64_t)(t.tv_sec * (int64_t)TICKS_PER_SECOND + t.tv_nsec / 100 + UNIX_EPOCH_TICKS);
}

VOID WINAPI GetSystemTimeAsFileTime(LPFILETIME ft)
{
    *ft = filetime_of(now_ticks());
}

VOID WINAPI GetSystemTimePreciseAsFileTime(LPFILETIME ft)
{
    *ft = filetime_of(now_ticks());
}

VOID WINAPI GetSystemTime(LPSYSTEMTIME st)
{
    systemtime_of(now_ticks(), st);
}

VOID WINAPI GetLocalTime(LPSYSTEMTIME st)
{
    systemtime_of((uint64_t)((int64_t)now_ticks() + local_offset()), st);
}

ULONGLONG WINAPI GetTickCount64(void)
{
    return wo__clock_now() / 1000000;
}

DWORD WINAPI GetTickCount(void)
{
    return (DWORD)GetTickCount64();
}

/* 10 MHz, like today's Windows. */
BOOL WINAPI QueryPerformanceCounter(LARGE_INTEGER *count)
{
    if (!count)
        return win32_fail_code(ERROR_NOACCESS);
    count->QuadPart = (LONGLONG)(wo__clock_now() / 100);
    return TRUE;
}

BOOL WINAPI QueryPerformanceFrequency(LARGE_INTEGER *frequency)
{
    if (!frequency)
        return win32_fail_code(ERROR_NOACCESS);
    frequency->QuadPart = TICKS_PER_SECOND;
    return TRUE;
}
