/* test_win32_file.c: CreateFile and what can be done with its handles: files, directories, devices,
 * pipe ends, standard handles. Every test works in a directory of its own. */
#include "win32_check.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "file.h"
#include "handle.h"
#include "waitobj/waitobj.h"

#define RW (GENERIC_READ | GENERIC_WRITE)
static char home[256], directory[280];

static int enter(void **state)
{
    (void)state;
    snprintf(directory, sizeof directory, "%s/files", wo_test_runtime());
    if (!getcwd(home, sizeof home) || mkdir(directory, 0700) < 0)
        return -1;
    return chdir(directory);
}

static int leave(void **state)
{
    (void)state;
    int rc = chdir(home);
    wo_test_remove_tree(directory);
    return rc;
}

static HANDLE open_file(const char *name, DWORD access, DWORD disposition)
{
    return CreateFileA(name, access, FILE_SHARE_READ, NULL, disposition, FILE_ATTRIBUTE_NORMAL,
                       NULL);
}

static void write_file(const char *name, const char *text)
{
    DWORD n;
    HANDLE h = open_file(name, GENERIC_WRITE, CREATE_ALWAYS);
    assert_true(WriteFile(h, text, (DWORD)strlen(text), &n, NULL));
    assert_int_equal(n, strlen(text));
    assert_true(CloseHandle(h));
}

static void assert_content(const char *name, const char *text)
{
    char buffer[64] = "";
    DWORD n = 99;
    HANDLE h = open_file(name, GENERIC_READ, OPEN_EXISTING);
    assert_quiet(ReadFile(h, buffer, sizeof buffer - 1, &n, NULL));
    assert_int_equal(n, strlen(text));
    buffer[n] = '\0';
    assert_string_equal(buffer, text);
    assert_quiet(ReadFile(h, buffer, 1, &n, NULL)); /* the end */
    assert_int_equal(n, 0);
    assert_true(CloseHandle(h));
}

static void test_dispositions(void **state)
{
    (void)state;
    static const struct {
        DWORD disposition, access, error, content_left;
        bool exists, opens;
    } cases[] = {
        {CREATE_NEW, RW, ERROR_SUCCESS, 0, false, true},
        {CREATE_NEW, RW, ERROR_FILE_EXISTS, 3, true, false},
        {CREATE_ALWAYS, RW, ERROR_SUCCESS, 0, false, true},
        {CREATE_ALWAYS, RW, ERROR_ALREADY_EXISTS, 0, true, true},
        {CREATE_ALWAYS, GENERIC_READ, ERROR_ALREADY_EXISTS, 0, true, true},
        {OPEN_EXISTING, RW, ERROR_FILE_NOT_FOUND, 0, false, false},
        {OPEN_EXISTING, RW, ERROR_SUCCESS, 3, true, true},
        {OPEN_ALWAYS, RW, ERROR_SUCCESS, 0, false, true},
        {OPEN_ALWAYS, RW, ERROR_ALREADY_EXISTS, 3, true, true},
        {TRUNCATE_EXISTING, RW, ERROR_FILE_NOT_FOUND, 0, false, false},
        {TRUNCATE_EXISTING, RW, ERROR_SUCCESS, 0, true, true},
        {TRUNCATE_EXISTING, GENERIC_READ, ERROR_INVALID_PARAMETER, 3, true, false},
        {0, RW, ERROR_INVALID_PARAMETER, 3, true, false},
        {6, RW, ERROR_INVALID_PARAMETER, 3, true, false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct stat st;
        unlink("f");
        if (cases[i].exists)
            write_file("f", "abc");
        SetLastError(UNTOUCHED);
        HANDLE h = open_file("f", cases[i].access, cases[i].disposition);
        assert_int_equal(GetLastError(), cases[i].error);
        assert_int_equal(h != INVALID_HANDLE_VALUE, cases[i].opens);
        assert_int_equal(stat("f", &st) == 0, cases[i].exists || cases[i].opens);
        if (stat("f", &st) == 0)
            assert_int_equal(st.st_size, cases[i].content_left);
        if (cases[i].opens)
            assert_true(CloseHandle(h));
    }
}

static void test_bad_names(void **state)
{
    (void)state;
    char name[5000];
    memset(name, 'n', sizeof name);
    name[sizeof name - 1] = '\0';
    assert_no_handle(open_file(NULL, RW, OPEN_EXISTING), ERROR_PATH_NOT_FOUND);
    assert_no_handle(open_file("", RW, OPEN_EXISTING), ERROR_PATH_NOT_FOUND);
    assert_no_handle(open_file("no\\such", RW, OPEN_EXISTING), ERROR_PATH_NOT_FOUND);
    assert_no_handle(open_file("no/such/file", RW, CREATE_ALWAYS), ERROR_PATH_NOT_FOUND);
    assert_no_handle(open_file(name, RW, CREATE_ALWAYS), ERROR_FILENAME_EXCED_RANGE);
    assert_no_handle(open_file("\\\\.\\pipe\\x", RW, OPEN_EXISTING), ERROR_FILE_NOT_FOUND);
    assert_no_handle(open_file(".", GENERIC_READ, OPEN_EXISTING), ERROR_ACCESS_DENIED);
    HANDLE h =
        CreateFileW(u".", GENERIC_READ, 0, NULL, OPEN_EXISTING, FILE_FLAG_BACKUP_SEMANTICS, NULL);
    assert_true(h != INVALID_HANDLE_VALUE);
    assert_true(CloseHandle(h));
}

static void test_backslashes(void **state)
{
    (void)state;
    assert_true(CreateDirectoryA("d", NULL));
    write_file("d\\f", "text");
    assert_content("d/f", "text");
    assert_content(".\\d\\..\\d\\f", "text");
}

static void test_access(void **state)
{
    (void)state;
    char b[4];
    DWORD n = 9;
    write_file("f", "abc");
    HANDLE r = open_file("f", GENERIC_READ, OPEN_EXISTING);
    HANDLE w = open_file("f", GENERIC_WRITE, OPEN_EXISTING);
    HANDLE none = open_file("f", 0, OPEN_EXISTING);
    assert_fails(WriteFile(r, "x", 1, &n, NULL), ERROR_ACCESS_DENIED);
    assert_int_equal(n, 0);
    assert_fails(FlushFileBuffers(r), ERROR_ACCESS_DENIED);
    assert_fails(SetEndOfFile(r), ERROR_ACCESS_DENIED);
    assert_fails(ReadFile(w, b, 1, &n, NULL), ERROR_ACCESS_DENIED);
    assert_fails(ReadFile(none, b, 1, &n, NULL), ERROR_ACCESS_DENIED);
    assert_quiet(GetFileSize(none, NULL) == 3);
    assert_quiet(FlushFileBuffers(w));
    assert_fails(WriteFile(w, NULL, 1, &n, NULL), ERROR_INVALID_USER_BUFFER);
    assert_fails(ReadFile(r, NULL, 1, &n, NULL), ERROR_NOACCESS);
    assert_quiet(WriteFile(w, NULL, 0, NULL, NULL));
    assert_true(CloseHandle(r) && CloseHandle(w) && CloseHandle(none));
    HANDLE append = open_file("f", FILE_APPEND_DATA, OPEN_EXISTING);
    assert_quiet(WriteFile(append, "def", 3, &n, NULL));
    assert_true(CloseHandle(append));
    assert_content("f", "abcdef");
}

static void test_position(void **state)
{
    (void)state;
    LONG high = 1;
    LARGE_INTEGER by = {.QuadPart = -1}, at = {.QuadPart = 77};
    write_file("f", "0123456789");
    HANDLE h = open_file("f", RW, OPEN_EXISTING);
    assert_result(SetFilePointer(h, 4, NULL, FILE_BEGIN), 4, UNTOUCHED);
    assert_result(SetFilePointer(h, -1, NULL, FILE_CURRENT), 3, UNTOUCHED);
    assert_result(SetFilePointer(h, 5, NULL, FILE_END), 15, UNTOUCHED);
    assert_result(SetFilePointer(h, 5, &high, FILE_BEGIN), 5, UNTOUCHED);
    assert_int_equal(high, 1);
    high = 0;
    assert_result(SetFilePointer(h, -1, &high, FILE_BEGIN), INVALID_SET_FILE_POINTER,
                  ERROR_SUCCESS);
    assert_result(SetFilePointer(h, -100, NULL, FILE_BEGIN), INVALID_SET_FILE_POINTER,
                  ERROR_NEGATIVE_SEEK);
    assert_fails(SetFilePointerEx(h, by, &at, FILE_BEGIN), ERROR_NEGATIVE_SEEK);
    assert_fails(SetFilePointerEx(h, by, &at, 3), ERROR_INVALID_PARAMETER);
    assert_int_equal(at.QuadPart, 77);
    assert_quiet(SetFilePointerEx(h, by, &at, FILE_END));
    assert_int_equal(at.QuadPart, 9);
    assert_quiet(SetEndOfFile(h));
    assert_quiet(GetFileSizeEx(h, &at));
    assert_int_equal(at.QuadPart, 9);
    assert_fails(GetFileSizeEx(h, NULL), ERROR_INVALID_PARAMETER);
    assert_true(CloseHandle(h));
    assert_content("f", "012345678");
}

static void test_overlapped_on_files(void **state)
{
    (void)state;
    char b[8] = "";
    DWORD n = 9;
    write_file("f", "0123456789");
    HANDLE h = open_file("f", RW, OPEN_EXISTING);
    OVERLAPPED ov = {.Offset = 3, .hEvent = CreateEventA(NULL, TRUE, FALSE, NULL)};
    assert_quiet(ReadFile(h, b, 2, &n, &ov));
    assert_int_equal(n, 2);
    assert_memory_equal(b, "34", 2);
    assert_true(HasOverlappedIoCompleted(&ov));
    assert_wait(WaitForSingleObject(ov.hEvent, 0), WAIT_OBJECT_0);
    assert_result(SetFilePointer(h, 0, NULL, FILE_CURRENT), 5, UNTOUCHED);
    ov.Offset = 100;
    assert_fails(ReadFile(h, b, 2, &n, &ov), ERROR_HANDLE_EOF);
    assert_fails(GetOverlappedResult(h, &ov, &n, TRUE), ERROR_HANDLE_EOF);
    assert_int_equal(n, 0);
    ov.Offset = 1;
    assert_quiet(WriteFile(h, "XY", 2, NULL, &ov));
    assert_quiet(GetOverlappedResult(h, &ov, &n, FALSE));
    assert_int_equal(n, 2);
    ov.Offset = ov.OffsetHigh = 0xFFFFFFFF; /* at the end */
    assert_quiet(WriteFile(h, "Z", 1, &n, &ov));
    assert_true(CloseHandle(ov.hEvent) && CloseHandle(h));
    assert_content("f", "0XY3456789Z");
}

static void test_delete_on_close(void **state)
{
    (void)state;
    HANDLE h = CreateFileA("f", RW, 0, NULL, CREATE_NEW, FILE_FLAG_DELETE_ON_CLOSE, NULL), twin;
    assert_true(DuplicateHandle(GetCurrentProcess(), h, GetCurrentProcess(), &twin, 0, FALSE,
                                DUPLICATE_SAME_ACCESS));
    assert_true(CloseHandle(h));
    assert_int_equal(access("f", F_OK), 0);
    assert_true(CloseHandle(twin));
    assert_int_equal(access("f", F_OK), -1);
    /* A file that took its name over is spared. */
    h = CreateFileA("f", RW, 0, NULL, CREATE_NEW, FILE_FLAG_DELETE_ON_CLOSE, NULL);
    assert_int_equal(unlink("f"), 0);
    write_file("f", "other");
    assert_true(CloseHandle(h));
    assert_content("f", "other");
}

static void test_file_handle_waits(void **state)
{
    (void)state;
    write_file("f", "abc");
    HANDLE h = open_file("f", GENERIC_READ, OPEN_EXISTING);
    assert_wait(WaitForSingleObject(h, INFINITE), WAIT_OBJECT_0);
    assert_fails(SetEvent(h), ERROR_INVALID_HANDLE);
    assert_true(CloseHandle(h));
}

static void test_nul(void **state)
{
    (void)state;
    char b[4];
    DWORD n = 9;
    HANDLE h = open_file("nul", RW, CREATE_ALWAYS);
    assert_true(h != INVALID_HANDLE_VALUE);
    assert_quiet(WriteFile(h, "abc", 3, &n, NULL));
    assert_int_equal(n, 3);
    assert_quiet(ReadFile(h, b, 3, &n, NULL));
    assert_int_equal(n, 0);
    assert_int_equal(GetFileType(h), FILE_TYPE_CHAR);
    assert_true(CloseHandle(h));
    assert_int_equal(access("nul", F_OK), -1);
}

static void test_directories(void **state)
{
    (void)state;
    assert_quiet(CreateDirectoryA("d", NULL));
    assert_fails(CreateDirectoryW(u"d", NULL), ERROR_ALREADY_EXISTS);
    assert_fails(CreateDirectoryA("no\\such", NULL), ERROR_PATH_NOT_FOUND);
    write_file("d\\f", "x");
    assert_fails(RemoveDirectoryA("d"), ERROR_DIR_NOT_EMPTY);
    assert_fails(RemoveDirectoryA("d\\f"), ERROR_DIRECTORY);
    assert_fails(RemoveDirectoryA("none"), ERROR_FILE_NOT_FOUND);
    assert_fails(DeleteFileA("d"), ERROR_ACCESS_DENIED);
    assert_fails(DeleteFileW(u"d\\none"), ERROR_FILE_NOT_FOUND);
    assert_fails(DeleteFileA(NULL), ERROR_PATH_NOT_FOUND);
    assert_result(GetFileAttributesA("d"), FILE_ATTRIBUTE_DIRECTORY, UNTOUCHED);
    assert_result(GetFileAttributesW(u"d\\f"), FILE_ATTRIBUTE_ARCHIVE, UNTOUCHED);
    assert_result(GetFileAttributesA("none"), INVALID_FILE_ATTRIBUTES, ERROR_FILE_NOT_FOUND);
    assert_quiet(SetFileAttributesA("d\\f", FILE_ATTRIBUTE_READONLY));
    assert_int_equal(GetFileAttributesA("d\\f"), FILE_ATTRIBUTE_ARCHIVE | FILE_ATTRIBUTE_READONLY);
    assert_quiet(SetFileAttributesW(u"d\\f", FILE_ATTRIBUTE_NORMAL));
    assert_int_equal(GetFileAttributesA("d\\f"), FILE_ATTRIBUTE_ARCHIVE);
    assert_quiet(DeleteFileW(u"d\\f"));
    assert_quiet(RemoveDirectoryW(u"d"));
}

static void test_move_and_copy(void **state)
{
    (void)state;
    write_file("a", "from a");
    write_file("b", "from b");
    assert_fails(MoveFileA("a", "b"), ERROR_ALREADY_EXISTS);
    assert_fails(MoveFileA("none", "c"), ERROR_FILE_NOT_FOUND);
    assert_fails(MoveFileA("a", "no\\c"), ERROR_PATH_NOT_FOUND);
    assert_fails(MoveFileA(NULL, "c"), ERROR_PATH_NOT_FOUND);
    assert_content("a", "from a");
    assert_quiet(MoveFileW(u"a", u"c"));
    assert_int_equal(access("a", F_OK), -1);
    assert_content("c", "from a");
    assert_fails(CopyFileA("c", "b", TRUE), ERROR_FILE_EXISTS);
    assert_fails(CopyFileA("none", "d", FALSE), ERROR_FILE_NOT_FOUND);
    assert_fails(CopyFileA("c", "c", FALSE), ERROR_SHARING_VIOLATION);
    assert_content("c", "from a");
    assert_quiet(CopyFileW(u"c", u"b", FALSE));
    assert_content("b", "from a");
    assert_quiet(CreateDirectoryA("d", NULL));
    assert_quiet(MoveFileA("d", "e"));
    assert_fails(CopyFileA("e", "f", FALSE), ERROR_ACCESS_DENIED);
}

/* ---- Pipe ends and standard handles --------------------------------------------------------- */

static HANDLE handle_over(int fd)
{
    struct wo__object *o;
    wo_handle h;
    assert_int_equal(wo__file_new(fd, true, &o), 0);
    assert_int_equal(wo__handle_new(o, FILE_ALL_ACCESS, 0, &h), 0);
    return h;
}

static void test_pipe_ends(void **state)
{
    (void)state;
    int fds[2];
    char b[8];
    DWORD n = 9;
    assert_int_equal(pipe(fds), 0);
    HANDLE r = handle_over(fds[0]), w = handle_over(fds[1]);
    assert_int_equal(GetFileType(r), FILE_TYPE_PIPE);
    assert_wait(WaitForSingleObject(r, 0), WAIT_TIMEOUT);
    assert_quiet(WriteFile(w, "abc", 3, &n, NULL));
    assert_wait(WaitForSingleObject(r, 0), WAIT_OBJECT_0);
    assert_fails(WriteFile(r, "abc", 3, &n, NULL), ERROR_ACCESS_DENIED);
    assert_fails(ReadFile(w, b, 3, &n, NULL), ERROR_ACCESS_DENIED);
    assert_fails(GetFileSizeEx(r, &(LARGE_INTEGER){.QuadPart = 0}), ERROR_INVALID_FUNCTION);
    assert_result(SetFilePointer(r, 0, NULL, FILE_BEGIN), INVALID_SET_FILE_POINTER,
                  ERROR_INVALID_FUNCTION);
    assert_quiet(FlushFileBuffers(w));
    assert_quiet(ReadFile(r, b, sizeof b, &n, NULL));
    assert_int_equal(n, 3);
    assert_true(CloseHandle(w));
    assert_fails(ReadFile(r, b, sizeof b, &n, NULL), ERROR_BROKEN_PIPE);
    assert_true(CloseHandle(r));
    assert_int_equal(pipe(fds), 0);
    w = handle_over(fds[1]);
    close(fds[0]);
    assert_fails(WriteFile(w, "abc", 3, &n, NULL), ERROR_NO_DATA);
    assert_true(CloseHandle(w));
}

static int role_standard(int argc, char **argv)
{
    (void)argc;
    (void)argv;
    char b[8];
    DWORD n;
    HANDLE in = GetStdHandle(STD_INPUT_HANDLE), out = GetStdHandle(STD_OUTPUT_HANDLE);
    if (in != GetStdHandle(STD_INPUT_HANDLE) || in == out)
        return 1;
    if (!ReadFile(in, b, 3, &n, NULL) || n != 3 || ReadFile(in, b, 3, &n, NULL) ||
        GetLastError() != ERROR_BROKEN_PIPE)
        return 2;
    printf("printf, ");
    if (!WriteFile(out, "WriteFile, ", 11, &n, NULL) ||
        !WriteConsoleW(out, u"W\u00e4hrung", 7, &n, NULL) || n != 7)
        return 3;
    close(2);
    if (GetStdHandle(STD_ERROR_HANDLE) != NULL)
        return 4;
    return CloseHandle(out) && write(1, "!", 1) == 1 ? 0 : 5;
}

static void test_standard_handles(void **state)
{
    (void)state;
    int in[2], out[2];
    char text[64],
        *argv[] = {(char *)(uintptr_t)wo_test_program(), "--role", "60", "61", "standard", NULL};
    wo_handle child;
    uint32_t code;
    assert_int_equal(pipe2(in, O_CLOEXEC), 0);
    assert_int_equal(pipe2(out, O_CLOEXEC), 0);
    struct wo_spawn how = {.argv = argv, .fds = (int[]){in[0], out[1], -1}};
    assert_int_equal(wo_process_spawn(&child, &how), 0);
    assert_int_equal(write(in[1], "abc", 3), 3);
    close(in[0]);
    close(in[1]);
    close(out[1]);
    size_t used = 0;
    for (ssize_t n; (n = read(out[0], text + used, sizeof text - used)) > 0;)
        used += (size_t)n;
    close(out[0]);
    assert_int_equal(wo_wait(child, WO_INFINITE), 0);
    assert_int_equal(wo_process_exit_code(child, &code), 0);
    assert_int_equal(code, 0);
    const char *expected = "printf, WriteFile, W\xc3\xa4hrung!";
    assert_int_equal(used, strlen(expected));
    assert_memory_equal(text, expected, used);
    assert_int_equal(wo_close(child), 0);
}

static void test_set_std_handle(void **state)
{
    (void)state;
    HANDLE before = GetStdHandle(STD_ERROR_HANDLE), odd = (HANDLE)(intptr_t)0x1234;
    assert_no_handle(GetStdHandle(0), ERROR_INVALID_HANDLE);
    assert_no_handle(GetStdHandle((DWORD)-13), ERROR_INVALID_HANDLE);
    assert_fails(SetStdHandle(3, odd), ERROR_INVALID_HANDLE);
    assert_quiet(SetStdHandle(STD_ERROR_HANDLE, odd));
    assert_ptr_equal(GetStdHandle(STD_ERROR_HANDLE), odd);
    assert_quiet(SetStdHandle(STD_ERROR_HANDLE, before));
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test_setup_teardown(test_dispositions, enter, leave),
    cmocka_unit_test_setup_teardown(test_bad_names, enter, leave),
    cmocka_unit_test_setup_teardown(test_backslashes, enter, leave),
    cmocka_unit_test_setup_teardown(test_access, enter, leave),
    cmocka_unit_test_setup_teardown(test_position, enter, leave),
    cmocka_unit_test_setup_teardown(test_overlapped_on_files, enter, leave),
    cmocka_unit_test_setup_teardown(test_delete_on_close, enter, leave),
    cmocka_unit_test_setup_teardown(test_file_handle_waits, enter, leave),
    cmocka_unit_test_setup_teardown(test_nul, enter, leave),
    cmocka_unit_test_setup_teardown(test_directories, enter, leave),
    cmocka_unit_test_setup_teardown(test_move_and_copy, enter, leave),
    cmocka_unit_test(test_pipe_ends),
    cmocka_unit_test(test_standard_handles),
    cmocka_unit_test(test_set_std_handle),
};
static const struct wo_test_role roles[] = {{"standard", role_standard}, {NULL, NULL}};
WO_TEST_MAIN(tests, roles)
