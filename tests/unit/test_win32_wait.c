/* test_win32_wait.c: events and waits in the Win32 face: codes, arguments, names, timeouts. */
#include "win32_check.h"

static HANDLE event(BOOL manual, BOOL set)
{
    HANDLE h = CreateEventA(NULL, manual, set, NULL);
    assert_non_null(h);
    return h;
}

static void test_event_states(void **state)
{
    (void)state;
    HANDLE manual = event(TRUE, TRUE), automatic = event(FALSE, FALSE);
    assert_wait(WaitForSingleObject(manual, 0), WAIT_OBJECT_0);
    assert_wait(WaitForSingleObject(manual, 0), WAIT_OBJECT_0);
    assert_quiet(ResetEvent(manual));
    assert_wait(WaitForSingleObject(manual, 0), WAIT_TIMEOUT);
    assert_quiet(SetEvent(automatic));
    assert_quiet(SetEvent(automatic));
    assert_wait(WaitForSingleObject(automatic, INFINITE), WAIT_OBJECT_0);
    assert_wait(WaitForSingleObject(automatic, 0), WAIT_TIMEOUT);
    assert_quiet(PulseEvent(manual));
    assert_wait(WaitForSingleObject(manual, 0), WAIT_TIMEOUT);
    assert_true(CloseHandle(manual) && CloseHandle(automatic));
    for_each_bad_handle(h)
    {
        assert_fails(SetEvent(h), ERROR_INVALID_HANDLE);
        assert_fails(ResetEvent(h), ERROR_INVALID_HANDLE);
        assert_fails(PulseEvent(h), ERROR_INVALID_HANDLE);
    }
    assert_fails(SetEvent(GetCurrentProcess()), ERROR_INVALID_HANDLE);
}

static void test_create_last_error(void **state)
{
    (void)state;
    HANDLE fresh, again, wide, opened;
    SetLastError(UNTOUCHED);
    assert_non_null(fresh = CreateEventA(NULL, TRUE, TRUE, "one"));
    assert_int_equal(GetLastError(), ERROR_SUCCESS);
    assert_non_null(again = CreateEventA(NULL, FALSE, FALSE, "Local\\one"));
    assert_int_equal(GetLastError(), ERROR_ALREADY_EXISTS);
    assert_wait(WaitForSingleObject(again, 0), WAIT_OBJECT_0);
    assert_wait(WaitForSingleObject(again, 0), WAIT_OBJECT_0); /* still manual-reset */
    assert_non_null(wide = CreateEventW(NULL, TRUE, TRUE, u"one"));
    assert_int_equal(GetLastError(), ERROR_ALREADY_EXISTS);
    assert_quiet(opened = OpenEventW(EVENT_MODIFY_STATE, TRUE, u"one"));
    assert_result(WaitForSingleObject(opened, 0), WAIT_FAILED, ERROR_ACCESS_DENIED);
    assert_quiet(ResetEvent(opened));
    assert_wait(WaitForSingleObject(fresh, 0), WAIT_TIMEOUT);
    assert_true(CompareObjectHandles(fresh, wide));
    assert_true(CloseHandle(fresh) && CloseHandle(again) && CloseHandle(wide));
    assert_quiet(SetEvent(opened));
    assert_true(CloseHandle(opened));
    assert_fails(OpenEventA(SYNCHRONIZE, FALSE, "one"), ERROR_FILE_NOT_FOUND);
}

static void test_names(void **state)
{
    (void)state;
    char name[400];
    HANDLE h;
    memset(name, 'n', sizeof name);
    name[261] = '\0';
    assert_fails(CreateEventA(NULL, TRUE, FALSE, name), ERROR_FILENAME_EXCED_RANGE);
    assert_fails(OpenEventA(SYNCHRONIZE, FALSE, name), ERROR_FILENAME_EXCED_RANGE);
    name[259] = '\0';
    assert_non_null(h = CreateEventA(NULL, TRUE, FALSE, name));
    assert_true(CloseHandle(h));
    assert_fails(CreateEventA(NULL, TRUE, FALSE, "a\\b"), ERROR_PATH_NOT_FOUND);
    assert_fails(CreateEventA(NULL, TRUE, FALSE, "\xff\xfe"), ERROR_INVALID_NAME);
    assert_fails(OpenEventA(SYNCHRONIZE, FALSE, NULL), ERROR_INVALID_PARAMETER);
    assert_fails(OpenEventA(SYNCHRONIZE, FALSE, ""), ERROR_INVALID_HANDLE);
    assert_fails(OpenEventW(SYNCHRONIZE, FALSE, NULL), ERROR_INVALID_PARAMETER);
    assert_non_null(h = CreateEventA(NULL, TRUE, FALSE, ""));
    assert_true(CloseHandle(h));
}

static void test_create_ex(void **state)
{
    (void)state;
    HANDLE h;
    assert_fails(CreateEventExA(NULL, NULL, 4, EVENT_ALL_ACCESS), ERROR_INVALID_PARAMETER);
    assert_fails(CreateEventExW(NULL, NULL, 0xFFFFFFFF, 0), ERROR_INVALID_PARAMETER);
    assert_non_null(h = CreateEventExA(NULL, NULL, CREATE_EVENT_INITIAL_SET, 0));
    assert_fails(SetEvent(h), ERROR_ACCESS_DENIED);
    assert_result(WaitForSingleObject(h, 0), WAIT_FAILED, ERROR_ACCESS_DENIED);
    assert_true(CloseHandle(h));
    assert_non_null(h = CreateEventExW(NULL, NULL, 3, GENERIC_EXECUTE));
    assert_wait(WaitForSingleObject(h, 0), WAIT_OBJECT_0);
    assert_wait(WaitForSingleObject(h, 0), WAIT_OBJECT_0);
    assert_fails(ResetEvent(h), ERROR_ACCESS_DENIED);
    assert_true(CloseHandle(h));
}

static void test_wait_arguments(void **state)
{
    (void)state;
    HANDLE a[MAXIMUM_WAIT_OBJECTS + 1], e = event(TRUE, FALSE);
    for (size_t i = 0; i <= MAXIMUM_WAIT_OBJECTS; i++)
        a[i] = e;
    assert_result(WaitForMultipleObjects(0, a, FALSE, 0), WAIT_FAILED, ERROR_INVALID_PARAMETER);
    assert_result(WaitForMultipleObjects(65, a, FALSE, 0), WAIT_FAILED, ERROR_INVALID_PARAMETER);
    assert_result(WaitForMultipleObjects(2, NULL, FALSE, 0), WAIT_FAILED, ERROR_INVALID_PARAMETER);
    assert_result(WaitForMultipleObjects(2, a, TRUE, 0), WAIT_FAILED, ERROR_INVALID_PARAMETER);
    assert_wait(WaitForMultipleObjects(64, a, FALSE, 0), WAIT_TIMEOUT);
    for_each_bad_handle(h)
    {
        assert_result(WaitForSingleObject(h, 0), WAIT_FAILED, ERROR_INVALID_HANDLE);
        a[1] = h;
        assert_result(WaitForMultipleObjects(2, a, FALSE, 0), WAIT_FAILED, ERROR_INVALID_HANDLE);
    }
    a[1] = GetCurrentProcess();
    assert_result(WaitForMultipleObjects(2, a, FALSE, 0), WAIT_FAILED, ERROR_INVALID_HANDLE);
    assert_wait(WaitForSingleObject(GetCurrentProcess(), 0), WAIT_TIMEOUT);
    assert_wait(WaitForSingleObjectEx(GetCurrentThread(), 5, TRUE), WAIT_TIMEOUT);
    assert_true(CloseHandle(e));
}

static void test_wait_any_and_all(void **state)
{
    (void)state;
    HANDLE a[4];
    for (size_t i = 0; i < 4; i++)
        a[i] = event(FALSE, i >= 2);
    assert_wait(WaitForMultipleObjects(4, a, TRUE, 0), WAIT_TIMEOUT);
    assert_wait(WaitForMultipleObjects(4, a, FALSE, 0), WAIT_OBJECT_0 + 2);
    assert_wait(WaitForMultipleObjectsEx(4, a, FALSE, 0, TRUE), WAIT_OBJECT_0 + 3);
    assert_wait(WaitForMultipleObjects(4, a, FALSE, 0), WAIT_TIMEOUT);
    for (size_t i = 0; i < 4; i++)
        assert_true(SetEvent(a[i]));
    assert_wait(WaitForMultipleObjects(4, a, TRUE, INFINITE), WAIT_OBJECT_0);
    for (size_t i = 0; i < 4; i++) {
        assert_wait(WaitForSingleObject(a[i], 0), WAIT_TIMEOUT);
        assert_true(CloseHandle(a[i]));
    }
}

static void test_timeouts_are_not_early(void **state)
{
    (void)state;
    HANDLE e = event(TRUE, FALSE);
    for (DWORD ms = 1; ms < 30; ms += 7) {
        uint64_t start = wo_test_now();
        assert_wait(WaitForSingleObject(e, ms), WAIT_TIMEOUT);
        assert_true(wo_test_now() - start >= ms * WO_TEST_MS);
        start = wo_test_now();
        Sleep(ms);
        assert_true(wo_test_now() - start >= ms * WO_TEST_MS);
    }
    assert_int_equal(SleepEx(0, TRUE), 0);
    assert_true(CloseHandle(e));
}

static int64_t wait_for(void *arg)
{
    return WaitForSingleObject(arg, INFINITE);
}

static void test_set_releases_a_blocked_thread(void **state)
{
    (void)state;
    struct wo_test_thread t;
    HANDLE e = event(FALSE, FALSE);
    wo_test_thread_start(&t, wait_for, e);
    assert_true(wo_test_blocked(t.tid));
    assert_quiet(SetEvent(e));
    assert_int_equal(wo_test_thread_join(&t), WAIT_OBJECT_0);
    assert_wait(WaitForSingleObject(e, 0), WAIT_TIMEOUT);
    assert_true(CloseHandle(e));
}

/* The handle goes while somebody waits; the wait keeps the object. */
static void test_close_while_waiting(void **state)
{
    (void)state;
    struct wo_test_thread t;
    HANDLE e = CreateEventA(NULL, FALSE, FALSE, "closed"), again;
    wo_test_thread_start(&t, wait_for, e);
    assert_true(wo_test_blocked(t.tid));
    assert_true(CloseHandle(e));
    assert_non_null(again = OpenEventA(EVENT_ALL_ACCESS, FALSE, "closed"));
    assert_true(SetEvent(again));
    assert_int_equal(wo_test_thread_join(&t), WAIT_OBJECT_0);
    assert_true(CloseHandle(again));
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_event_states),
    cmocka_unit_test(test_create_last_error),
    cmocka_unit_test(test_names),
    cmocka_unit_test(test_create_ex),
    cmocka_unit_test(test_wait_arguments),
    cmocka_unit_test(test_wait_any_and_all),
    cmocka_unit_test(test_timeouts_are_not_early),
    cmocka_unit_test(test_set_releases_a_blocked_thread),
    cmocka_unit_test(test_close_while_waiting),
};
static const struct wo_test_role roles[] = {{NULL, NULL}};
WO_TEST_MAIN(tests, roles)
