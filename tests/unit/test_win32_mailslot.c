/* test_win32_mailslot.c: mailslots through CreateMailslot, CreateFile, ReadFile and WriteFile: the
 * codes. (What messages do is tested in test_mailslot.c.) */
#include "win32_check.h"

#include "waitobj/mailslot.h"

#define NAME "\\\\.\\mailslot\\win32\\slot"
static HANDLE slot;

static int setup(void **state)
{
    (void)state;
    slot = CreateMailslotA(NAME, 20, 0, NULL);
    return slot == INVALID_HANDLE_VALUE;
}

static int teardown(void **state)
{
    (void)state;
    CloseHandle(slot);
    return 0;
}

static HANDLE open_slot(const char *name, DWORD access, DWORD disposition)
{
    return CreateFileA(name, access, FILE_SHARE_READ | FILE_SHARE_WRITE, NULL, disposition, 0,
                       NULL);
}

static void test_create(void **state)
{
    (void)state;
    assert_no_handle(CreateMailslotA(NULL, 0, 0, NULL), ERROR_PATH_NOT_FOUND);
    assert_no_handle(CreateMailslotW(NULL, 0, 0, NULL), ERROR_PATH_NOT_FOUND);
    assert_no_handle(CreateMailslotA(NAME, 0, 0, NULL), ERROR_ALREADY_EXISTS);
    assert_no_handle(CreateMailslotW(u"\\\\.\\MAILSLOT\\WIN32\\Slot", 0, 0, NULL),
                     ERROR_ALREADY_EXISTS);
    assert_no_handle(CreateMailslotA("name", 0, 0, NULL), ERROR_INVALID_NAME);
    assert_no_handle(CreateMailslotA("", 0, 0, NULL), ERROR_INVALID_NAME);
    assert_no_handle(CreateMailslotA("\\\\.\\mailslot\\", 0, 0, NULL), ERROR_INVALID_NAME);
    SECURITY_ATTRIBUTES sa = {.bInheritHandle = TRUE};
    DWORD flags = 0;
    HANDLE h = CreateMailslotW(u"\\\\.\\mailslot\\g\u00f6del", 0, 0, &sa);
    assert_true(h != INVALID_HANDLE_VALUE);
    assert_true(GetHandleInformation(h, &flags));
    assert_int_equal(flags, HANDLE_FLAG_INHERIT);
    assert_true(CloseHandle(h));
}

static void test_open(void **state)
{
    (void)state;
    DWORD n;
    assert_no_handle(open_slot("\\\\.\\mailslot\\none", GENERIC_WRITE, OPEN_EXISTING),
                     ERROR_FILE_NOT_FOUND);
    assert_no_handle(open_slot(NAME, GENERIC_WRITE, CREATE_ALWAYS), ERROR_INVALID_PARAMETER);
    assert_no_handle(open_slot(NAME, GENERIC_WRITE, 0), ERROR_INVALID_PARAMETER);
    SetLastError(UNTOUCHED);
    HANDLE h = open_slot("//./MAILSLOT/win32/SLOT", GENERIC_WRITE, OPEN_EXISTING);
    assert_true(h != INVALID_HANDLE_VALUE);
    assert_int_equal(GetLastError(), ERROR_SUCCESS);
    assert_int_equal(GetFileType(h), FILE_TYPE_PIPE);
    assert_quiet(WriteFile(h, "abc", 3, &n, NULL));
    assert_int_equal(n, 3);
    assert_true(CloseHandle(h));
    h = CreateFileW(u"\\\\*\\mailslot\\nobody", GENERIC_WRITE, 0, NULL, OPEN_EXISTING, 0, NULL);
    assert_true(h != INVALID_HANDLE_VALUE);
    assert_quiet(WriteFile(h, "abc", 3, &n, NULL));
    assert_true(CloseHandle(h));
}

static void test_direction(void **state)
{
    (void)state;
    char b[4];
    DWORD n = 9;
    HANDLE w = open_slot(NAME, GENERIC_WRITE, OPEN_EXISTING);
    HANDLE r = open_slot(NAME, GENERIC_READ, OPEN_EXISTING);
    HANDLE rw = open_slot(NAME, GENERIC_READ | GENERIC_WRITE, OPEN_EXISTING);
    HANDLE none = open_slot(NAME, 0, OPEN_EXISTING);
    assert_fails(WriteFile(slot, "x", 1, &n, NULL), ERROR_ACCESS_DENIED);
    assert_int_equal(n, 0);
    assert_fails(ReadFile(w, b, 4, &n, NULL), ERROR_ACCESS_DENIED);
    assert_fails(WriteFile(r, "x", 1, &n, NULL), ERROR_ACCESS_DENIED);
    assert_fails(ReadFile(r, b, 4, &n, NULL), ERROR_ACCESS_DENIED);
    assert_fails(ReadFile(rw, b, 4, &n, NULL), ERROR_ACCESS_DENIED);
    assert_fails(WriteFile(none, "x", 1, &n, NULL), ERROR_ACCESS_DENIED);
    assert_quiet(WriteFile(rw, "x", 1, &n, NULL));
    assert_fails(GetFileSize(slot, NULL) != INVALID_FILE_SIZE, ERROR_INVALID_HANDLE);
    assert_true(CloseHandle(w) && CloseHandle(r) && CloseHandle(rw) && CloseHandle(none));
}

static void assert_info(DWORD next, DWORD count)
{
    DWORD max = 99, next_now = 99, count_now = 99, timeout = 99;
    assert_quiet(GetMailslotInfo(slot, &max, &next_now, &count_now, &timeout));
    assert_int_equal(max, 20);
    assert_int_equal(next_now, next);
    assert_int_equal(count_now, count);
    assert_int_equal(timeout, 0);
}

static void test_read(void **state)
{
    (void)state;
    char b[32];
    DWORD n = 9;
    HANDLE w = open_slot(NAME, GENERIC_WRITE, OPEN_EXISTING);
    assert_info(MAILSLOT_NO_MESSAGE, 0);
    assert_fails(ReadFile(slot, b, sizeof b, &n, NULL), ERROR_SEM_TIMEOUT);
    assert_int_equal(n, 0);
    assert_quiet(WriteFile(w, "message", 7, &n, NULL));
    assert_quiet(WriteFile(w, "", 0, &n, NULL));
    assert_fails(WriteFile(w, b, 21, &n, NULL), ERROR_BAD_LENGTH);
    assert_fails(WriteFile(w, NULL, 5, &n, NULL), ERROR_INVALID_USER_BUFFER);
    assert_info(7, 2);
    assert_fails(ReadFile(slot, b, 6, &n, NULL), ERROR_INSUFFICIENT_BUFFER);
    assert_int_equal(n, 0);
    assert_fails(ReadFile(slot, NULL, 32, &n, NULL), ERROR_NOACCESS);
    assert_info(7, 2);
    assert_quiet(ReadFile(slot, b, sizeof b, &n, NULL));
    assert_int_equal(n, 7);
    assert_memory_equal(b, "message", 7);
    assert_info(0, 1);
    assert_quiet(ReadFile(slot, b, sizeof b, &n, NULL));
    assert_int_equal(n, 0);
    assert_info(MAILSLOT_NO_MESSAGE, 0);
    assert_true(CloseHandle(w));
}

static void test_info(void **state)
{
    (void)state;
    DWORD timeout;
    HANDLE w = open_slot(NAME, GENERIC_WRITE, OPEN_EXISTING), e = CreateEventA(NULL, 0, 0, NULL);
    assert_quiet(GetMailslotInfo(slot, NULL, NULL, NULL, NULL));
    for (int i = 0; i < 4; i++) {
        static const DWORD values[] = {MAILSLOT_WAIT_FOREVER, 1, 0xFFFFFFFE, 0};
        assert_quiet(SetMailslotInfo(slot, values[i]));
        assert_quiet(GetMailslotInfo(slot, NULL, NULL, NULL, &timeout));
        assert_int_equal(timeout, values[i]);
    }
    assert_fails(GetMailslotInfo(e, NULL, NULL, NULL, NULL), ERROR_INVALID_HANDLE);
    assert_fails(SetMailslotInfo(e, 0), ERROR_INVALID_HANDLE);
    assert_fails(GetMailslotInfo(w, NULL, NULL, NULL, NULL), ERROR_INVALID_HANDLE);
    for_each_bad_handle(h)
    {
        assert_fails(GetMailslotInfo(h, NULL, NULL, NULL, NULL), ERROR_INVALID_HANDLE);
        assert_fails(SetMailslotInfo(h, 0), ERROR_INVALID_HANDLE);
        assert_fails(ReadFile(h, &timeout, 4, NULL, NULL), ERROR_INVALID_HANDLE);
        assert_fails(WriteFile(h, &timeout, 4, NULL, NULL), ERROR_INVALID_HANDLE);
    }
    assert_true(CloseHandle(w) && CloseHandle(e));
}

static void test_timeout(void **state)
{
    (void)state;
    char b[4];
    assert_true(SetMailslotInfo(slot, 20));
    uint64_t before = wo_test_now();
    assert_fails(ReadFile(slot, b, 4, NULL, NULL), ERROR_SEM_TIMEOUT);
    assert_true(wo_test_now() - before >= 20 * WO_TEST_MS);
}

static void test_owner_is_gone(void **state)
{
    (void)state;
    DWORD n = 9;
    HANDLE w = open_slot(NAME, GENERIC_WRITE, OPEN_EXISTING);
    assert_true(CloseHandle(slot));
    assert_fails(WriteFile(w, "x", 1, &n, NULL), ERROR_HANDLE_EOF);
    assert_int_equal(n, 0);
    assert_int_equal(setup(NULL), 0);
    assert_true(CloseHandle(w));
}

static void test_wait(void **state)
{
    (void)state;
    char b[4];
    HANDLE w = open_slot(NAME, GENERIC_WRITE, OPEN_EXISTING);
    HANDLE a[2] = {CreateEventA(NULL, TRUE, FALSE, NULL), slot};
    assert_wait(WaitForMultipleObjects(2, a, FALSE, 0), WAIT_TIMEOUT);
    assert_true(WriteFile(w, "x", 1, NULL, NULL));
    assert_wait(WaitForMultipleObjects(2, a, FALSE, INFINITE), WAIT_OBJECT_0 + 1);
    assert_true(ReadFile(slot, b, 4, NULL, NULL));
    assert_wait(WaitForSingleObject(slot, 0), WAIT_TIMEOUT);
    assert_true(CloseHandle(a[0]) && CloseHandle(w));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
static const struct CMUnitTest tests[] = {
    TEST(test_create), TEST(test_open),    TEST(test_direction), TEST(test_read),
    TEST(test_info),   TEST(test_timeout), TEST(test_wait),      TEST(test_owner_is_gone),
};
static const struct wo_test_role roles[] = {{NULL, NULL}};
WO_TEST_MAIN(tests, roles)
