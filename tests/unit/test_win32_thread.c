/* test_win32_thread.c: threads: start, suspended start, every way to end, exit codes, handles. */
#include "win32_check.h"

#include <errno.h>
#include <process.h>

#include "handle.h"

static DWORD WINAPI returns(LPVOID code)
{
    return (DWORD)(uintptr_t)code;
}

static DWORD WINAPI exits(LPVOID code)
{
    ExitThread((DWORD)(uintptr_t)code);
}

static DWORD WINAPI pthread_exits(LPVOID code)
{
    (void)code;
    pthread_exit(NULL);
}

static DWORD WINAPI tells_id(LPVOID out)
{
    *(DWORD *)out = GetCurrentThreadId();
    return 0;
}

static DWORD exit_code(HANDLE thread)
{
    DWORD code = 77;
    assert_quiet(GetExitCodeThread(thread, &code));
    return code;
}

static void test_ends(void **state)
{
    (void)state;
    static const struct {
        LPTHREAD_START_ROUTINE routine;
        DWORD code;
    } ways[] = {{returns, 5}, {returns, 259}, {exits, 0xFFFFFFFF}, {pthread_exits, 0}};
    for (size_t i = 0; i < sizeof ways / sizeof ways[0]; i++) {
        HANDLE t;
        assert_quiet(
            t = CreateThread(NULL, 0, ways[i].routine, (LPVOID)(uintptr_t)ways[i].code, 0, NULL));
        assert_wait(WaitForSingleObject(t, INFINITE), WAIT_OBJECT_0);
        assert_wait(WaitForSingleObject(t, 0), WAIT_OBJECT_0);
        assert_int_equal(exit_code(t), ways[i].code);
        assert_result(ResumeThread(t), 0, UNTOUCHED);
        assert_true(CloseHandle(t));
    }
}

static void test_ids(void **state)
{
    (void)state;
    DWORD told = 0, id = 0;
    HANDLE t = CreateThread(NULL, 0, tells_id, &told, 0, &id);
    assert_wait(WaitForSingleObject(t, INFINITE), WAIT_OBJECT_0);
    assert_int_equal(told, id);
    assert_int_equal(GetThreadId(t), id);
    assert_int_not_equal(id, GetCurrentThreadId());
    assert_int_equal(GetCurrentThreadId(), GetCurrentProcessId());
    assert_int_equal(GetThreadId(GetCurrentThread()), GetCurrentThreadId());
    assert_int_equal(exit_code(GetCurrentThread()), STILL_ACTIVE);
    assert_true(CloseHandle(t));
}

static void test_suspended(void **state)
{
    (void)state;
    DWORD told = 0, id = 0;
    HANDLE t = CreateThread(NULL, 0, tells_id, &told, CREATE_SUSPENDED, &id);
    assert_wait(WaitForSingleObject(t, 20), WAIT_TIMEOUT);
    assert_int_equal(told, 0);
    assert_int_equal(exit_code(t), STILL_ACTIVE);
    assert_result(ResumeThread(t), 1, UNTOUCHED);
    assert_wait(WaitForSingleObject(t, INFINITE), WAIT_OBJECT_0);
    assert_int_equal(told, id);
    assert_result(ResumeThread(t), 0, UNTOUCHED);
    assert_true(CloseHandle(t));
}

static void test_bad_arguments(void **state)
{
    (void)state;
    DWORD code = 77;
    HANDLE e = CreateEventA(NULL, TRUE, FALSE, NULL);
    assert_fails(CreateThread(NULL, 0, NULL, NULL, 0, NULL), ERROR_INVALID_PARAMETER);
    for_each_bad_handle(h)
    {
        assert_fails(GetExitCodeThread(h, &code), ERROR_INVALID_HANDLE);
        assert_fails(GetThreadId(h), ERROR_INVALID_HANDLE);
        assert_result(ResumeThread(h), (DWORD)-1, ERROR_INVALID_HANDLE);
    }
    assert_fails(GetExitCodeThread(e, &code), ERROR_INVALID_HANDLE);
    assert_int_equal(code, 77);
    assert_true(CloseHandle(e));
}

static void test_access(void **state)
{
    (void)state;
    DWORD code;
    HANDLE limited, t = CreateThread(NULL, 0, returns, NULL, CREATE_SUSPENDED, NULL);
    assert_true(DuplicateHandle(GetCurrentProcess(), t, GetCurrentProcess(), &limited, SYNCHRONIZE,
                                FALSE, 0));
    assert_fails(GetExitCodeThread(limited, &code), ERROR_ACCESS_DENIED);
    assert_result(ResumeThread(limited), (DWORD)-1, ERROR_ACCESS_DENIED);
    assert_result(ResumeThread(t), 1, UNTOUCHED);
    assert_wait(WaitForSingleObject(limited, INFINITE), WAIT_OBJECT_0);
    assert_true(CloseHandle(limited) && CloseHandle(t));
}

static unsigned __stdcall crt_thread(void *arg)
{
    if (arg)
        _endthreadex(8);
    return 7;
}

static void __cdecl plain_thread(void *arg)
{
    SetEvent(arg);
    _endthread();
}

static void test_crt(void **state)
{
    (void)state;
    unsigned id = 0;
    for (intptr_t end = 0; end <= 1; end++) {
        HANDLE t = (HANDLE)_beginthreadex(NULL, 0, crt_thread, (void *)end, CREATE_SUSPENDED, &id);
        assert_non_null(t);
        assert_int_equal(GetThreadId(t), id);
        assert_int_equal(ResumeThread(t), 1);
        assert_wait(WaitForSingleObject(t, INFINITE), WAIT_OBJECT_0);
        assert_int_equal(exit_code(t), 7 + end);
        assert_true(CloseHandle(t));
    }
    errno = 0;
    assert_int_equal(_beginthreadex(NULL, 0, NULL, NULL, 0, NULL), 0);
    assert_int_equal(errno, EINVAL);
    assert_true(_beginthread(NULL, 0, NULL) == (uintptr_t)-1);
}

/* _beginthread's handle closes itself. */
static void test_plain_crt_thread_closes_its_handle(void **state)
{
    (void)state;
    HANDLE e = CreateEventA(NULL, TRUE, FALSE, NULL);
    size_t before = wo__handle_count();
    assert_true(_beginthread(plain_thread, 0, e) != (uintptr_t)-1);
    assert_wait(WaitForSingleObject(e, INFINITE), WAIT_OBJECT_0);
    wo_test_eventually(wo__handle_count() == before);
    assert_true(CloseHandle(e));
}

/* 64 threads in one wait for all, and nothing is left of them. */
static void test_many(void **state)
{
    (void)state;
    HANDLE threads[MAXIMUM_WAIT_OBJECTS];
    size_t before = wo__handle_count(), running = wo_test_thread_count();
    for (uintptr_t i = 0; i < MAXIMUM_WAIT_OBJECTS; i++) {
        threads[i] = CreateThread(NULL, 1 << (i % 24), returns, (LPVOID)i,
                                  i % 2 ? CREATE_SUSPENDED : 0, NULL);
        assert_non_null(threads[i]);
    }
    for (size_t i = 1; i < MAXIMUM_WAIT_OBJECTS; i += 2)
        assert_int_equal(ResumeThread(threads[i]), 1);
    assert_wait(WaitForMultipleObjects(MAXIMUM_WAIT_OBJECTS, threads, TRUE, INFINITE),
                WAIT_OBJECT_0);
    for (size_t i = 0; i < MAXIMUM_WAIT_OBJECTS; i++) {
        assert_int_equal(exit_code(threads[i]), i);
        assert_true(CloseHandle(threads[i]));
    }
    assert_int_equal(wo__handle_count(), before);
    /* Less, when a thread of the test before was still on its way out. */
    wo_test_eventually(wo_test_thread_count() <= running);
}

/* A handle to a thread that the library did not start is signaled at its end, too. */
static int64_t opens_itself(void *out)
{
    DuplicateHandle(GetCurrentProcess(), GetCurrentThread(), GetCurrentProcess(), out, 0, FALSE,
                    DUPLICATE_SAME_ACCESS);
    return WaitForSingleObject(*(HANDLE *)out, 0);
}

static void test_foreign_thread(void **state)
{
    (void)state;
    HANDLE self = NULL;
    struct wo_test_thread t;
    wo_test_thread_start(&t, opens_itself, &self);
    assert_int_equal(wo_test_thread_join(&t), WAIT_TIMEOUT);
    assert_wait(WaitForSingleObject(self, INFINITE), WAIT_OBJECT_0);
    assert_int_equal(exit_code(self), 0);
    assert_true(CloseHandle(self));
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_ends),
    cmocka_unit_test(test_ids),
    cmocka_unit_test(test_suspended),
    cmocka_unit_test(test_bad_arguments),
    cmocka_unit_test(test_access),
    cmocka_unit_test(test_crt),
    cmocka_unit_test(test_plain_crt_thread_closes_its_handle),
    cmocka_unit_test(test_many),
    cmocka_unit_test(test_foreign_thread),
};
static const struct wo_test_role roles[] = {{NULL, NULL}};
WO_TEST_MAIN(tests, roles)
