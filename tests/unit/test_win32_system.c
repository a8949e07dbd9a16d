/* test_win32_system.c: the last error, the machine's and the user's names, messages to people. */
#include "win32_check.h"

#include <fcntl.h>
#include <pwd.h>
#include <stdlib.h>
#include <unistd.h>

#include "waitobj/mailslot.h"

static int64_t error_of_thread(void *arg)
{
    (void)arg;
    int64_t first = GetLastError();
    SetLastError(5);
    return first;
}

static void test_last_error(void **state)
{
    (void)state;
    struct wo_test_thread t;
    SetLastError(0xFFFFFFFF);
    assert_int_equal(GetLastError(), 0xFFFFFFFF);
    wo_test_thread_start(&t, error_of_thread, NULL);
    assert_int_equal(wo_test_thread_join(&t), 0);
    assert_int_equal(GetLastError(), 0xFFFFFFFF);
    UINT before = SetErrorMode(SEM_FAILCRITICALERRORS);
    assert_int_equal(GetErrorMode(), SEM_FAILCRITICALERRORS);
    assert_int_equal(SetErrorMode(before), SEM_FAILCRITICALERRORS);
}

static void test_system_info(void **state)
{
    (void)state;
    SYSTEM_INFO info;
    memset(&info, 0x55, sizeof info);
    GetSystemInfo(&info);
    assert_int_equal(info.dwPageSize, sysconf(_SC_PAGESIZE));
    assert_int_equal(info.dwNumberOfProcessors, sysconf(_SC_NPROCESSORS_ONLN));
    assert_int_equal(info.dwAllocationGranularity, 65536);
    assert_true(info.dwActiveProcessorMask & 1);
    assert_true(info.lpMinimumApplicationAddress < info.lpMaximumApplicationAddress);
    assert_true((char *)&state < (char *)info.lpMaximumApplicationAddress);
    assert_int_equal(GetVersion() & 0xff, 10);
}

static void test_computer_name(void **state)
{
    (void)state;
    char name[32];
    WCHAR wide[32];
    DWORD size = 5;
    assert_int_equal(wo_mailslot_set_computer("five5", NULL), 0);
    assert_fails(GetComputerNameA(name, &size), ERROR_BUFFER_OVERFLOW);
    assert_int_equal(size, 6);
    assert_quiet(GetComputerNameA(name, &size));
    assert_int_equal(size, 5);
    assert_string_equal(name, "FIVE5");
    size = 32;
    assert_quiet(GetComputerNameW(wide, &size));
    assert_int_equal(size, 5);
    assert_memory_equal(wide, u"FIVE5", 12);
    assert_fails(GetComputerNameA(NULL, &size), ERROR_BUFFER_OVERFLOW);
    assert_fails(GetComputerNameA(name, NULL), ERROR_INVALID_PARAMETER);
}

static void test_user_name(void **state)
{
    (void)state;
    char name[256];
    const struct passwd *me = getpwuid(geteuid());
    DWORD size = 0, needed;
    assert_fails(GetUserNameA(name, &size), ERROR_INSUFFICIENT_BUFFER);
    needed = size;
    assert_quiet(GetUserNameA(name, &size));
    assert_int_equal(size, needed);
    assert_int_equal(strlen(name) + 1, needed);
    if (me)
        assert_string_equal(name, me->pw_name);
    size = needed - 1;
    assert_fails(GetUserNameW((WCHAR *)name, &size), ERROR_INSUFFICIENT_BUFFER);
    assert_fails(GetUserNameA(name, NULL), ERROR_INVALID_PARAMETER);
}

static void test_temp_path(void **state)
{
    (void)state;
    char path[256];
    WCHAR wide[256];
    setenv("TMPDIR", "/some/where", 1);
    assert_result(GetTempPathA(256, path), 12, UNTOUCHED);
    assert_string_equal(path, "/some/where/");
    assert_result(GetTempPathA(12, path), 13, UNTOUCHED);
    assert_result(GetTempPathW(13, wide), 12, UNTOUCHED);
    unsetenv("TMPDIR");
    assert_result(GetTempPathA(256, path), 5, UNTOUCHED);
    assert_string_equal(path, "/tmp/");
}

static void test_messages(void **state)
{
    (void)state;
    int fds[2], saved = dup(2);
    char text[128] = "";
    assert_int_equal(pipe2(fds, O_CLOEXEC), 0);
    dup2(fds[1], 2);
    OutputDebugStringA("debug ");
    OutputDebugStringW(u"\u00e4\n");
    OutputDebugStringA(NULL);
    int ok = MessageBoxA(NULL, "text", "caption", MB_OK | MB_ICONERROR);
    int yes = MessageBoxW(NULL, u"wide", NULL, MB_YESNO);
    fflush(stderr);
    dup2(saved, 2);
    close(saved);
    assert_true(read(fds[0], text, sizeof text - 1) > 0);
    assert_string_equal(text, "debug \xc3\xa4\ncaption: text\nError: wide\n");
    assert_int_equal(ok, IDOK);
    assert_int_equal(yes, IDYES);
    close(fds[0]);
    close(fds[1]);
    assert_quiet(Beep(440, 10));
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_last_error),    cmocka_unit_test(test_system_info),
    cmocka_unit_test(test_computer_name), cmocka_unit_test(test_user_name),
    cmocka_unit_test(test_temp_path),     cmocka_unit_test(test_messages),
};
static const struct wo_test_role roles[] = {{NULL, NULL}};
WO_TEST_MAIN(tests, roles)
