/* WaitForSingleObject and WaitForMultipleObjects: results, errors, what a wait changes. */
#include "child.h"

#define MANY MAXIMUM_WAIT_OBJECTS

static HANDLE new_event(BOOL manual, BOOL set)
{
    return CreateEventA(NULL, manual, set, NULL);
}

static int is_set(HANDLE h)
{
    return WaitForSingleObject(h, 0) == WAIT_OBJECT_0;
}

static void close_all(HANDLE *h, int count)
{
    while (count--)
        CHECK(CloseHandle(h[count]));
}

static void last_error_untouched(void)
{
    HANDLE h[2];
    h[0] = new_event(FALSE, TRUE);
    h[1] = new_event(TRUE, FALSE);
    SetLastError(UNTOUCHED);
    CHECK_EQ(WaitForSingleObject(h[0], 10), WAIT_OBJECT_0);
    CHECK_ERROR(UNTOUCHED);
    CHECK_EQ(WaitForSingleObject(h[0], 0), WAIT_TIMEOUT);
    CHECK_ERROR(UNTOUCHED);
    CHECK_EQ(WaitForSingleObject(h[0], 5), WAIT_TIMEOUT);
    CHECK_ERROR(UNTOUCHED);
    CHECK_EQ(WaitForMultipleObjects(2, h, FALSE, 5), WAIT_TIMEOUT);
    CHECK_ERROR(UNTOUCHED);
    SetEvent(h[1]);
    CHECK_EQ(WaitForMultipleObjects(2, h, FALSE, INFINITE), WAIT_OBJECT_0 + 1);
    CHECK_ERROR(UNTOUCHED);
    close_all(h, 2);
}

static void values(void)
{
    CHECK_EQ(WAIT_OBJECT_0, 0);
    CHECK_EQ(WAIT_ABANDONED_0, 0x80);
    CHECK_EQ(WAIT_IO_COMPLETION, 0xC0);
    CHECK_EQ(WAIT_TIMEOUT, 0x102);
    CHECK_EQ(WAIT_FAILED, 0xFFFFFFFF);
    CHECK_EQ(MAXIMUM_WAIT_OBJECTS, 64);
    CHECK_EQ(INFINITE, 0xFFFFFFFF);
}

static void wrong_counts(void)
{
    HANDLE h[MANY + 1];
    int i;
    for (i = 0; i < MANY + 1; i++)
        h[i] = new_event(TRUE, TRUE);
    CHECK_WAIT_FAILS(WaitForMultipleObjects(0, h, FALSE, 0), ERROR_INVALID_PARAMETER);
    CHECK_WAIT_FAILS(WaitForMultipleObjects(0, h, TRUE, 0), ERROR_INVALID_PARAMETER);
    CHECK_WAIT_FAILS(WaitForMultipleObjects(MANY + 1, h, FALSE, 0), ERROR_INVALID_PARAMETER);
    CHECK_WAIT_FAILS(WaitForMultipleObjects(0xFFFFFFFF, h, FALSE, 0), ERROR_INVALID_PARAMETER);
    CHECK_EQ(WaitForMultipleObjects(MANY, h, TRUE, 0), WAIT_OBJECT_0);
    CHECK_EQ(WaitForMultipleObjects(MANY, h, FALSE, 0), WAIT_OBJECT_0);
    for (i = 0; i < MANY - 1; i++)
        ResetEvent(h[i]);
    CHECK_EQ(WaitForMultipleObjects(MANY, h, FALSE, 0), WAIT_OBJECT_0 + MANY - 1);
    CHECK_EQ(WaitForMultipleObjects(MANY, h, TRUE, 0), WAIT_TIMEOUT);
    close_all(h, MANY + 1);
}

static void bad_handles(void)
{
    HANDLE h[2], closed;
    h[0] = new_event(FALSE, TRUE);
    closed = new_event(FALSE, TRUE);
    CHECK(CloseHandle(closed));
    CHECK_WAIT_FAILS(WaitForSingleObject(NULL, 0), ERROR_INVALID_HANDLE);
    CHECK_WAIT_FAILS(WaitForSingleObject(closed, 0), ERROR_INVALID_HANDLE);
    CHECK_WAIT_FAILS(WaitForSingleObject((HANDLE)(ULONG_PTR)0x7FFFFF0, 0), ERROR_INVALID_HANDLE);
    h[1] = closed;
    CHECK_WAIT_FAILS(WaitForMultipleObjects(2, h, FALSE, 0), ERROR_INVALID_HANDLE);
    CHECK_WAIT_FAILS(WaitForMultipleObjects(2, h, TRUE, 0), ERROR_INVALID_HANDLE);
    h[1] = NULL;
    CHECK_WAIT_FAILS(WaitForMultipleObjects(2, h, FALSE, 0), ERROR_INVALID_HANDLE);
    /* The failed waits took nothing. */
    CHECK(is_set(h[0]));
    CHECK(CloseHandle(h[0]));
}

static void low_bits_are_ignored(void)
{
    HANDLE h = new_event(TRUE, TRUE);
    int i;
    for (i = 0; i < 4; i++) {
        HANDLE odd = (HANDLE)((ULONG_PTR)h | (ULONG_PTR)i);
        CHECK_EQ(WaitForSingleObject(odd, 0), WAIT_OBJECT_0);
        CHECK_EQ(WaitForMultipleObjects(1, &odd, FALSE, 0), WAIT_OBJECT_0);
        CHECK(ResetEvent(odd));
        CHECK(SetEvent(odd));
    }
    CHECK(CloseHandle(h));
}

static void pseudo_handles(void)
{
    HANDLE h[2];
    CHECK_EQ(WaitForSingleObject(GetCurrentProcess(), 0), WAIT_TIMEOUT);
    CHECK_EQ(WaitForSingleObject(GetCurrentThread(), 0), WAIT_TIMEOUT);
    h[0] = new_event(FALSE, TRUE);
    if (CHECK_NOT_ON_WINE("pseudo-handle-in-multiple")) {
        h[1] = GetCurrentProcess();
        CHECK_WAIT_FAILS(WaitForMultipleObjects(2, h, FALSE, 0), ERROR_INVALID_HANDLE);
        h[1] = GetCurrentThread();
        CHECK_WAIT_FAILS(WaitForMultipleObjects(2, h, FALSE, 0), ERROR_INVALID_HANDLE);
        CHECK(is_set(h[0]));
    }
    CHECK(CloseHandle(h[0]));
}

static void any_takes_the_lowest_only(void)
{
    HANDLE h[4];
    int i;
    for (i = 0; i < 4; i++)
        h[i] = new_event(FALSE, FALSE);
    CHECK_EQ(WaitForMultipleObjects(4, h, FALSE, 0), WAIT_TIMEOUT);
    SetEvent(h[3]);
    SetEvent(h[1]);
    SetEvent(h[2]);
    CHECK_EQ(WaitForMultipleObjects(4, h, FALSE, 0), WAIT_OBJECT_0 + 1);
    CHECK_EQ(WaitForMultipleObjects(4, h, FALSE, INFINITE), WAIT_OBJECT_0 + 2);
    CHECK_EQ(WaitForMultipleObjects(4, h, FALSE, INFINITE), WAIT_OBJECT_0 + 3);
    CHECK_EQ(WaitForMultipleObjects(4, h, FALSE, 0), WAIT_TIMEOUT);
    close_all(h, 4);
}

static void all_takes_everything_or_nothing(void)
{
    HANDLE h[4];
    int i;
    for (i = 0; i < 4; i++)
        h[i] = new_event(i == 3, i != 2);
    CHECK_EQ(WaitForMultipleObjects(4, h, TRUE, 0), WAIT_TIMEOUT);
    CHECK_EQ(WaitForMultipleObjects(4, h, TRUE, 5), WAIT_TIMEOUT);
    CHECK(is_set(h[0]));
    CHECK(is_set(h[1]));
    CHECK(is_set(h[3]));
    for (i = 0; i < 3; i++)
        SetEvent(h[i]);
    CHECK_EQ(WaitForMultipleObjects(4, h, TRUE, INFINITE), WAIT_OBJECT_0);
    for (i = 0; i < 3; i++)
        CHECK(!is_set(h[i]));
    CHECK(is_set(h[3]));
    close_all(h, 4);
}

static void the_same_twice(void)
{
    HANDLE h[3], twin;
    h[0] = new_event(FALSE, FALSE);
    h[1] = new_event(FALSE, TRUE);
    h[2] = h[1];
    CHECK_EQ(WaitForMultipleObjects(3, h, FALSE, 0), WAIT_OBJECT_0 + 1);
    CHECK_EQ(WaitForMultipleObjects(3, h, FALSE, 0), WAIT_TIMEOUT);
    SetEvent(h[0]);
    SetEvent(h[1]);
    if (CHECK_NOT_ON_WINE("wait-all-duplicate")) {
        CHECK_WAIT_FAILS(WaitForMultipleObjects(3, h, TRUE, 0), ERROR_INVALID_PARAMETER);
        /* Two handles of one object are the same object, too. */
        CHECK(DuplicateHandle(GetCurrentProcess(), h[1], GetCurrentProcess(), &twin, 0, FALSE,
                              DUPLICATE_SAME_ACCESS));
        h[2] = twin;
        CHECK_WAIT_FAILS(WaitForMultipleObjects(3, h, TRUE, 0), ERROR_INVALID_PARAMETER);
        CHECK(CloseHandle(twin));
        CHECK(is_set(h[0]));
        CHECK(is_set(h[1]));
    }
    close_all(h, 2);
}

static void timeouts(void)
{
    HANDLE h = new_event(FALSE, FALSE);
    static const DWORD times[] = {0, 1, 2, 15, 40};
    LARGE_INTEGER frequency, before, after;
    int i;
    CHECK(QueryPerformanceFrequency(&frequency));
    for (i = 0; i < 5; i++) {
        LONGLONG passed_us;
        QueryPerformanceCounter(&before);
        CHECK_EQ(WaitForSingleObject(h, times[i]), WAIT_TIMEOUT);
        QueryPerformanceCounter(&after);
        passed_us = (after.QuadPart - before.QuadPart) * 1000000 / frequency.QuadPart;
        /* Never early. Windows counts in ticks of up to 16 ms, and may end within the first. */
        if (CHECK_EXTENSION("timeout-never-early"))
            CHECK(passed_us >= (LONGLONG)times[i] * 1000);
        CHECK(passed_us < (LONGLONG)LONG_TIME * 1000);
    }
    CHECK(CloseHandle(h));
}

static void access_rights(void)
{
    char name[CONF_NAME];
    HANDLE h[2], full;
    sprintf(name, "conf-wait-%lu", (unsigned long)GetCurrentProcessId());
    full = CreateEventA(NULL, TRUE, TRUE, name);
    h[0] = new_event(FALSE, TRUE);
    h[1] = OpenEventA(EVENT_MODIFY_STATE, FALSE, name);
    CHECK_WAIT_FAILS(WaitForSingleObject(h[1], 0), ERROR_ACCESS_DENIED);
    CHECK_WAIT_FAILS(WaitForMultipleObjects(2, h, FALSE, 0), ERROR_ACCESS_DENIED);
    CHECK_WAIT_FAILS(WaitForMultipleObjects(2, h, TRUE, 0), ERROR_ACCESS_DENIED);
    CHECK(is_set(h[0]));
    close_all(h, 2);
    CHECK(CloseHandle(full));
}

/* Unnamed, named and process in one wait. */
static void mixed(void)
{
    char role[CONF_NAME + 100], name[CONF_NAME];
    PROCESS_INFORMATION child;
    HANDLE h[3];
    sprintf(name, "conf-mixed-%lu", (unsigned long)GetCurrentProcessId());
    sprintf(role, "wait-for %s", name);
    h[0] = new_event(FALSE, FALSE);
    h[1] = CreateEventA(NULL, FALSE, FALSE, name);
    if (!start_self(&child, role, FALSE, 0))
        return;
    h[2] = child.hProcess;
    CHECK_EQ(WaitForMultipleObjects(3, h, FALSE, 20), WAIT_TIMEOUT);
    SetEvent(h[0]);
    CHECK_EQ(WaitForMultipleObjects(3, h, TRUE, 20), WAIT_TIMEOUT);
    CHECK_EQ(WaitForMultipleObjects(3, h, FALSE, LONG_TIME), WAIT_OBJECT_0);
    SetEvent(h[1]); /* either we or the child take it */
    if (WaitForMultipleObjects(3, h, FALSE, LONG_TIME) == WAIT_OBJECT_0 + 1)
        SetEvent(h[1]);
    while (WaitForSingleObject(h[2], 0) != WAIT_OBJECT_0) {
        DWORD got = WaitForMultipleObjects(2, h + 1, FALSE, LONG_TIME);
        if (got == WAIT_OBJECT_0)
            SetEvent(h[1]), Sleep(1);
        else if (got != WAIT_OBJECT_0 + 1)
            break;
    }
    ResetEvent(h[1]);
    CHECK_EQ(WaitForMultipleObjects(3, h, FALSE, 0), WAIT_OBJECT_0 + 2);
    CHECK_EQ(WaitForMultipleObjects(3, h, FALSE, 0), WAIT_OBJECT_0 + 2);
    SetEvent(h[0]);
    SetEvent(h[1]);
    CHECK_EQ(WaitForMultipleObjects(3, h, TRUE, 0), WAIT_OBJECT_0);
    CHECK(!is_set(h[0]));
    CHECK(!is_set(h[1]));
    CHECK_EQ(finish(&child), 5);
    close_all(h, 2);
}

static void extended_forms(void)
{
    HANDLE h = new_event(FALSE, TRUE);
    SetLastError(UNTOUCHED);
    CHECK_EQ(WaitForSingleObjectEx(h, 0, FALSE), WAIT_OBJECT_0);
    CHECK_EQ(WaitForSingleObjectEx(h, 0, TRUE), WAIT_TIMEOUT);
    SetEvent(h);
    CHECK_EQ(WaitForMultipleObjectsEx(1, &h, TRUE, INFINITE, FALSE), WAIT_OBJECT_0);
    CHECK_EQ(WaitForMultipleObjectsEx(1, &h, TRUE, 1, TRUE), WAIT_TIMEOUT);
    CHECK_ERROR(UNTOUCHED);
    CHECK(CloseHandle(h));
}

int main(int argc, char **argv)
{
    if (argc > 2 && strcmp(argv[1], "wait-for") == 0) {
        HANDLE h = OpenEventA(SYNCHRONIZE, FALSE, argv[2]);
        return WaitForSingleObject(h, LONG_TIME) == WAIT_OBJECT_0 ? 5 : 6;
    }
    RUN(values);
    RUN(last_error_untouched);
    RUN(wrong_counts);
    RUN(bad_handles);
    RUN(low_bits_are_ignored);
    RUN(pseudo_handles);
    RUN(any_takes_the_lowest_only);
    RUN(all_takes_everything_or_nothing);
    RUN(the_same_twice);
    RUN(timeouts);
    RUN(access_rights);
    RUN(mixed);
    RUN(extended_forms);
    return check_result();
}
