/* test_win32_handle.c: closing, duplicating and asking about handles. */
#include "win32_check.h"

#include <unistd.h>

#include "handle.h"

static HANDLE event(void)
{
    HANDLE h = CreateEventA(NULL, TRUE, FALSE, NULL);
    assert_non_null(h);
    return h;
}

static BOOL duplicate(HANDLE h, HANDLE *out, DWORD access, DWORD options)
{
    return DuplicateHandle(GetCurrentProcess(), h, GetCurrentProcess(), out, access, FALSE,
                           options);
}

static void test_bad_handles(void **state)
{
    (void)state;
    DWORD flags = 77;
    HANDLE out = (HANDLE)(intptr_t)55;
    for_each_bad_handle(h)
    {
        assert_fails(CloseHandle(h), ERROR_INVALID_HANDLE);
        assert_fails(GetHandleInformation(h, &flags), ERROR_INVALID_HANDLE);
        assert_fails(SetHandleInformation(h, 1, 1), ERROR_INVALID_HANDLE);
        assert_fails(duplicate(h, &out, 0, DUPLICATE_SAME_ACCESS), ERROR_INVALID_HANDLE);
        assert_fails(CompareObjectHandles(h, h), ERROR_INVALID_HANDLE);
        assert_fails(GetFileType(h), ERROR_INVALID_HANDLE);
    }
    assert_int_equal(flags, 77);
    assert_ptr_equal(out, (HANDLE)(intptr_t)55);
}

static void test_close(void **state)
{
    (void)state;
    size_t before = wo__handle_count();
    HANDLE h = event();
    assert_quiet(CloseHandle(h));
    assert_int_equal(wo__handle_count(), before);
    assert_fails(CloseHandle(h), ERROR_INVALID_HANDLE);
    assert_quiet(CloseHandle(GetCurrentProcess()));
    assert_quiet(CloseHandle(GetCurrentThread()));
}

static void test_low_bits_are_ignored(void **state)
{
    (void)state;
    HANDLE h = event();
    assert_quiet(SetEvent((HANDLE)((intptr_t)h | 3)));
    assert_wait(WaitForSingleObject((HANDLE)((intptr_t)h | 1), 0), WAIT_OBJECT_0);
    assert_quiet(CloseHandle((HANDLE)((intptr_t)h | 2)));
}

static void test_flags(void **state)
{
    (void)state;
    DWORD flags = 77;
    SECURITY_ATTRIBUTES sa = {.nLength = 3, .bInheritHandle = TRUE};
    HANDLE h = CreateEventA(&sa, FALSE, FALSE, NULL);
    assert_quiet(GetHandleInformation(h, &flags));
    assert_int_equal(flags, HANDLE_FLAG_INHERIT);
    assert_quiet(SetHandleInformation(h, 0xFF, HANDLE_FLAG_PROTECT_FROM_CLOSE));
    assert_quiet(GetHandleInformation(h, &flags));
    assert_int_equal(flags, HANDLE_FLAG_PROTECT_FROM_CLOSE);
    assert_fails(CloseHandle(h), ERROR_INVALID_HANDLE);
    assert_wait(WaitForSingleObject(h, 0), WAIT_TIMEOUT);
    assert_quiet(SetHandleInformation(h, HANDLE_FLAG_PROTECT_FROM_CLOSE, 0));
    assert_fails(GetHandleInformation(h, NULL), ERROR_NOACCESS);
    assert_quiet(CloseHandle(h));
    assert_quiet(GetHandleInformation(GetCurrentProcess(), &flags));
    assert_fails(SetHandleInformation(GetCurrentProcess(), 1, 1), ERROR_ACCESS_DENIED);
}

static void test_duplicate_access(void **state)
{
    (void)state;
    HANDLE h = event(), limited, none;
    assert_quiet(duplicate(h, &limited, SYNCHRONIZE, 0));
    assert_ptr_not_equal(limited, h);
    assert_fails(SetEvent(limited), ERROR_ACCESS_DENIED);
    assert_quiet(SetEvent(h));
    assert_wait(WaitForSingleObject(limited, 0), WAIT_OBJECT_0);
    assert_quiet(duplicate(h, &none, 0, 0));
    assert_result(WaitForSingleObject(none, 0), WAIT_FAILED, ERROR_ACCESS_DENIED);
    assert_quiet(CloseHandle(h));
    assert_wait(WaitForSingleObject(limited, 0), WAIT_OBJECT_0);
    assert_quiet(CloseHandle(limited));
    assert_quiet(CloseHandle(none));
}

static void test_duplicate_closes_source(void **state)
{
    (void)state;
    HANDLE h = event(), moved, other = event();
    size_t before = wo__handle_count();
    assert_quiet(duplicate(h, &moved, 0, DUPLICATE_SAME_ACCESS | DUPLICATE_CLOSE_SOURCE));
    assert_fails(SetEvent(h), ERROR_INVALID_HANDLE);
    assert_quiet(SetEvent(moved));
    assert_int_equal(wo__handle_count(), before);
    /* Also on error, and when there is no target at all. */
    assert_fails(
        DuplicateHandle(GetCurrentProcess(), moved, other, &h, 0, FALSE, DUPLICATE_CLOSE_SOURCE),
        ERROR_INVALID_HANDLE);
    assert_fails(SetEvent(moved), ERROR_INVALID_HANDLE);
    assert_quiet(
        DuplicateHandle(GetCurrentProcess(), other, NULL, NULL, 0, FALSE, DUPLICATE_CLOSE_SOURCE));
    assert_fails(SetEvent(other), ERROR_INVALID_HANDLE);
    assert_int_equal(wo__handle_count(), before - 2);
}

static void test_duplicate_processes(void **state)
{
    (void)state;
    HANDLE self = NULL, thread = NULL, h = event(), out = NULL;
    assert_quiet(duplicate(GetCurrentProcess(), &self, 0, DUPLICATE_SAME_ACCESS));
    assert_int_equal(GetProcessId(self), GetCurrentProcessId());
    assert_wait(WaitForSingleObject(self, 0), WAIT_TIMEOUT);
    assert_quiet(DuplicateHandle(self, h, self, &out, 0, FALSE, DUPLICATE_SAME_ACCESS));
    assert_quiet(CompareObjectHandles(h, out));
    assert_quiet(CompareObjectHandles(GetCurrentProcess(), self));
    assert_quiet(duplicate(GetCurrentThread(), &thread, 0, DUPLICATE_SAME_ACCESS));
    assert_int_equal(GetThreadId(thread), GetCurrentThreadId());
    assert_wait(WaitForSingleObject(thread, 0), WAIT_TIMEOUT);
    assert_fails(CompareObjectHandles(h, thread), ERROR_NOT_SAME_OBJECT);
    /* Another process is refused. */
    HANDLE parent = OpenProcess(PROCESS_DUP_HANDLE, FALSE, (DWORD)getppid());
    assert_non_null(parent);
    assert_fails(DuplicateHandle(parent, h, GetCurrentProcess(), &out, 0, FALSE, 0),
                 ERROR_NOT_SUPPORTED);
    assert_true(CloseHandle(parent) && CloseHandle(self) && CloseHandle(thread) && CloseHandle(h) &&
                CloseHandle(out));
}

static void test_duplicate_inherit(void **state)
{
    (void)state;
    HANDLE h = event(), out;
    DWORD flags;
    assert_true(DuplicateHandle(GetCurrentProcess(), h, GetCurrentProcess(), &out, 0, TRUE,
                                DUPLICATE_SAME_ACCESS));
    assert_true(GetHandleInformation(out, &flags));
    assert_int_equal(flags, HANDLE_FLAG_INHERIT);
    assert_true(GetHandleInformation(h, &flags));
    assert_int_equal(flags, 0);
    assert_true(CloseHandle(h) && CloseHandle(out));
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_bad_handles),          cmocka_unit_test(test_close),
    cmocka_unit_test(test_low_bits_are_ignored), cmocka_unit_test(test_flags),
    cmocka_unit_test(test_duplicate_access),     cmocka_unit_test(test_duplicate_closes_source),
    cmocka_unit_test(test_duplicate_processes),  cmocka_unit_test(test_duplicate_inherit),
};
static const struct wo_test_role roles[] = {{NULL, NULL}};
WO_TEST_MAIN(tests, roles)
