/* Ordinary files and standard handles through CreateFile, ReadFile, WriteFile. */
#include "check.h"

static char name[64];

static HANDLE open_file(DWORD access, DWORD how)
{
    return CreateFileA(name, access, FILE_SHARE_READ | FILE_SHARE_WRITE, NULL, how,
                       FILE_ATTRIBUTE_NORMAL, NULL);
}

static void put(HANDLE h, const char *text)
{
    DWORD written = 7;
    CHECK_OK(WriteFile(h, text, (DWORD)strlen(text), &written, NULL));
    CHECK_ERROR(UNTOUCHED);
    CHECK_EQ(written, strlen(text));
}

static void content_is(const char *expected)
{
    char text[128] = "";
    DWORD size = 7;
    HANDLE h = open_file(GENERIC_READ, OPEN_EXISTING);
    CHECK(h != INVALID_HANDLE_VALUE);
    CHECK_OK(ReadFile(h, text, sizeof text - 1, &size, NULL));
    CHECK_ERROR(UNTOUCHED);
    CHECK_EQ(size, strlen(expected));
    CHECK_STR(text, expected);
    /* At the end: success with nothing. */
    size = 7;
    CHECK(ReadFile(h, text, sizeof text, &size, NULL));
    CHECK_EQ(size, 0);
    CHECK(CloseHandle(h));
}

static void dispositions(void)
{
    HANDLE h;
    CHECK_NO_FILE(open_file(GENERIC_READ, OPEN_EXISTING), ERROR_FILE_NOT_FOUND);
    CHECK_NO_FILE(open_file(GENERIC_WRITE, TRUNCATE_EXISTING), ERROR_FILE_NOT_FOUND);
    SetLastError(UNTOUCHED);
    h = open_file(GENERIC_WRITE, CREATE_ALWAYS);
    CHECK_ERROR(0);
    put(h, "first");
    CHECK(CloseHandle(h));
    content_is("first");
    CHECK_NO_FILE(open_file(GENERIC_WRITE, CREATE_NEW), ERROR_FILE_EXISTS);
    content_is("first");
    SetLastError(UNTOUCHED);
    h = open_file(GENERIC_WRITE, OPEN_ALWAYS);
    CHECK_ERROR(ERROR_ALREADY_EXISTS);
    put(h, "F");
    CHECK(CloseHandle(h));
    content_is("First");
    h = open_file(GENERIC_WRITE, TRUNCATE_EXISTING);
    CHECK(h != INVALID_HANDLE_VALUE);
    CHECK(CloseHandle(h));
    content_is("");
    h = open_file(GENERIC_WRITE, CREATE_ALWAYS);
    CHECK_ERROR(ERROR_ALREADY_EXISTS);
    put(h, "again");
    CHECK(CloseHandle(h));
    content_is("again");
    CHECK_OK(DeleteFileA(name));
    CHECK_FAILS(DeleteFileA(name), ERROR_FILE_NOT_FOUND);
    SetLastError(UNTOUCHED);
    h = open_file(GENERIC_WRITE, OPEN_ALWAYS);
    CHECK_ERROR(0);
    CHECK(CloseHandle(h));
    CHECK(DeleteFileA(name));
    h = open_file(GENERIC_WRITE, CREATE_NEW);
    CHECK(h != INVALID_HANDLE_VALUE);
    CHECK(CloseHandle(h));
}

static void access_rights(void)
{
    char text[8];
    DWORD size = 7;
    HANDLE h = open_file(GENERIC_READ, OPEN_EXISTING);
    CHECK_FAILS(WriteFile(h, "x", 1, &size, NULL), ERROR_ACCESS_DENIED);
    CHECK(CloseHandle(h));
    CHECK_FAILS(ReadFile(h, text, 1, &size, NULL), ERROR_INVALID_HANDLE);
    CHECK_FAILS(WriteFile(h, text, 1, &size, NULL), ERROR_INVALID_HANDLE);
    h = open_file(GENERIC_WRITE, OPEN_EXISTING);
    CHECK_FAILS(ReadFile(h, text, 1, &size, NULL), ERROR_ACCESS_DENIED);
    CHECK(CloseHandle(h));
}

static void positions(void)
{
    HANDLE h = open_file(GENERIC_READ | GENERIC_WRITE, CREATE_ALWAYS);
    LARGE_INTEGER to, now;
    char text[16] = "";
    DWORD size = 0;
    put(h, "0123456789");
    CHECK_EQ(GetFileSize(h, NULL), 10);
    CHECK(GetFileSizeEx(h, &now));
    CHECK_EQ(now.QuadPart, 10);
    CHECK_EQ(SetFilePointer(h, 0, NULL, FILE_CURRENT), 10);
    CHECK_EQ(SetFilePointer(h, -4, NULL, FILE_END), 6);
    CHECK(ReadFile(h, text, 2, &size, NULL));
    CHECK_STR(text, "67");
    to.QuadPart = 3;
    CHECK(SetFilePointerEx(h, to, &now, FILE_BEGIN));
    CHECK_EQ(now.QuadPart, 3);
    CHECK(SetFilePointerEx(h, to, NULL, FILE_CURRENT));
    CHECK(ReadFile(h, text, 1, &size, NULL));
    CHECK_EQ(text[0], '6');
    CHECK_FAILS_WITH(SetFilePointer(h, -1, NULL, FILE_BEGIN), INVALID_SET_FILE_POINTER,
                     ERROR_NEGATIVE_SEEK);
    CHECK_EQ(SetFilePointer(h, 0, NULL, FILE_CURRENT), 7);
    CHECK(FlushFileBuffers(h));
    CHECK_EQ(GetFileType(h), FILE_TYPE_DISK);
    CHECK(CloseHandle(h));
}

static void append(void)
{
    HANDLE h = open_file(GENERIC_WRITE, CREATE_ALWAYS);
    put(h, "one ");
    CHECK(CloseHandle(h));
    h = open_file(FILE_APPEND_DATA, OPEN_EXISTING);
    CHECK(h != INVALID_HANDLE_VALUE);
    put(h, "two");
    CHECK(CloseHandle(h));
    content_is("one two");
}

static void overlapped_offset(void)
{
    HANDLE h = open_file(GENERIC_READ | GENERIC_WRITE, CREATE_ALWAYS);
    OVERLAPPED at = {0};
    char text[8] = "";
    DWORD size = 0;
    put(h, "0123456789");
    at.Offset = 4;
    CHECK(ReadFile(h, text, 3, &size, &at));
    CHECK_EQ(size, 3);
    CHECK_STR(text, "456");
    at.Offset = 2;
    CHECK(WriteFile(h, "XY", 2, &size, &at));
    at.Offset = 100;
    CHECK_FAILS(ReadFile(h, text, 3, &size, &at), ERROR_HANDLE_EOF);
    CHECK(CloseHandle(h));
    content_is("01XY456789");
}

static void nothing(void)
{
    HANDLE h = open_file(GENERIC_READ | GENERIC_WRITE, CREATE_ALWAYS);
    DWORD size = 7;
    CHECK(WriteFile(h, NULL, 0, &size, NULL));
    CHECK_EQ(size, 0);
    size = 7;
    CHECK(ReadFile(h, NULL, 0, &size, NULL));
    CHECK_EQ(size, 0);
    CHECK(CloseHandle(h));
    content_is("");
    CHECK(DeleteFileA(name));
}

static void missing_paths(void)
{
    CHECK_NO_FILE(CreateFileA("conf-no-dir/x", GENERIC_READ, 0, NULL, OPEN_EXISTING, 0, NULL),
                  ERROR_PATH_NOT_FOUND);
    CHECK_NO_FILE(CreateFileA("conf-no-dir/x", GENERIC_WRITE, 0, NULL, CREATE_ALWAYS, 0, NULL),
                  ERROR_PATH_NOT_FOUND);
    CHECK_NO_FILE(CreateFileA("", GENERIC_READ, 0, NULL, OPEN_EXISTING, 0, NULL),
                  ERROR_PATH_NOT_FOUND);
    CHECK_NO_FILE(CreateFileA("conf-x", GENERIC_READ, 0, NULL, 0, 0, NULL),
                  ERROR_INVALID_PARAMETER);
    CHECK_NO_FILE(CreateFileA("conf-x", GENERIC_READ, 0, NULL, 6, 0, NULL),
                  ERROR_INVALID_PARAMETER);
}

static void null_device(void)
{
    static const char *const names[] = {"NUL", "nul", "NUL:", "\\\\.\\NUL"};
    char text[8];
    int i;
    for (i = 0; i < 4; i++) {
        DWORD size = 7;
        HANDLE h = CreateFileA(names[i], GENERIC_READ | GENERIC_WRITE, 0, NULL, CREATE_ALWAYS,
                               FILE_ATTRIBUTE_NORMAL, NULL);
        CHECK(h != INVALID_HANDLE_VALUE);
        CHECK_EQ(GetFileType(h), FILE_TYPE_CHAR);
        put(h, "gone");
        CHECK(ReadFile(h, text, sizeof text, &size, NULL));
        CHECK_EQ(size, 0);
        CHECK(CloseHandle(h));
    }
}

static void standard_handles(void)
{
    HANDLE out = GetStdHandle(STD_OUTPUT_HANDLE), err = GetStdHandle(STD_ERROR_HANDLE), file;
    DWORD size = 7;
    CHECK(out != NULL && out != INVALID_HANDLE_VALUE);
    CHECK(err != NULL && err != INVALID_HANDLE_VALUE);
    CHECK(GetStdHandle(STD_OUTPUT_HANDLE) == out);
    CHECK(WriteFile(out, "(written)\n", 10, &size, NULL));
    CHECK_EQ(size, 10);
    CHECK_NO_FILE(GetStdHandle(0), ERROR_INVALID_HANDLE);
    file = open_file(GENERIC_WRITE, CREATE_ALWAYS);
    CHECK(SetStdHandle(STD_OUTPUT_HANDLE, file));
    CHECK(GetStdHandle(STD_OUTPUT_HANDLE) == file);
    put(GetStdHandle(STD_OUTPUT_HANDLE), "to the file");
    CHECK(SetStdHandle(STD_OUTPUT_HANDLE, out));
    CHECK(CloseHandle(file));
    content_is("to the file");
    CHECK(DeleteFileA(name));
}

int main(void)
{
    sprintf(name, "conf-%lu-file.tmp", (unsigned long)GetCurrentProcessId());
    RUN(dispositions);
    RUN(access_rights);
    RUN(positions);
    RUN(append);
    RUN(overlapped_offset);
    RUN(nothing);
    RUN(missing_paths);
    RUN(null_device);
    RUN(standard_handles);
    return check_result();
}
