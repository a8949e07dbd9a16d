/* Directories and what is done to files by name: create, remove, copy, move, attributes, ends. */
#include "check.h"

static char directory[64], a[100], b[100];

static void make_file(const char *name, const char *text)
{
    DWORD written;
    HANDLE h = CreateFileA(name, GENERIC_WRITE, 0, NULL, CREATE_ALWAYS, 0, NULL);
    CHECK(h != INVALID_HANDLE_VALUE);
    CHECK(WriteFile(h, text, (DWORD)strlen(text), &written, NULL));
    CHECK(CloseHandle(h));
}

static void content_is(const char *name, const char *expected)
{
    char text[64] = "";
    DWORD size;
    HANDLE h = CreateFileA(name, GENERIC_READ, FILE_SHARE_READ, NULL, OPEN_EXISTING, 0, NULL);
    CHECK(h != INVALID_HANDLE_VALUE);
    CHECK(ReadFile(h, text, sizeof text - 1, &size, NULL));
    CHECK_STR(text, expected);
    CHECK(CloseHandle(h));
}

static void making(void)
{
    HANDLE h;
    DWORD size;
    char byte;
    CHECK_OK(CreateDirectoryA(directory, NULL));
    CHECK_ERROR(UNTOUCHED);
    CHECK_FAILS(CreateDirectoryA(directory, NULL), ERROR_ALREADY_EXISTS);
    CHECK_FAILS(CreateDirectoryA("conf-no-dir/x", NULL), ERROR_PATH_NOT_FOUND);
    CHECK(GetFileAttributesA(directory) & FILE_ATTRIBUTE_DIRECTORY);
    CHECK_FAILS(DeleteFileA(directory), ERROR_ACCESS_DENIED);
    CHECK_NO_FILE(CreateFileA(directory, GENERIC_READ, 0, NULL, OPEN_EXISTING, 0, NULL),
                  ERROR_ACCESS_DENIED);
    h = CreateFileA(directory, GENERIC_READ, 0, NULL, OPEN_EXISTING, FILE_FLAG_BACKUP_SEMANTICS,
                    NULL);
    CHECK(h != INVALID_HANDLE_VALUE);
    CHECK_FAILS(ReadFile(h, &byte, 1, &size, NULL), ERROR_INVALID_FUNCTION);
    CHECK(CloseHandle(h));
}

static void copying(void)
{
    make_file(a, "text");
    CHECK_OK(CopyFileA(a, b, TRUE));
    content_is(b, "text");
    CHECK_FAILS(CopyFileA(a, b, TRUE), ERROR_FILE_EXISTS);
    make_file(a, "other");
    CHECK(CopyFileA(a, b, FALSE));
    content_is(b, "other");
    CHECK_FAILS(CopyFileA("conf-missing", b, FALSE), ERROR_FILE_NOT_FOUND);
    CHECK_FAILS(CopyFileA(a, "conf-no-dir/x", FALSE), ERROR_PATH_NOT_FOUND);
}

static void moving(void)
{
    CHECK_FAILS(MoveFileA(a, b), ERROR_ALREADY_EXISTS);
    CHECK(DeleteFileA(b));
    CHECK_OK(MoveFileA(a, b));
    content_is(b, "other");
    CHECK_OK(MoveFileA(b, b));
    content_is(b, "other");
    CHECK_FAILS(MoveFileA(b, "conf-no-dir/x"), ERROR_PATH_NOT_FOUND);
    CHECK_FAILS_WITH(GetFileAttributesA(a), INVALID_FILE_ATTRIBUTES, ERROR_FILE_NOT_FOUND);
    CHECK_FAILS(MoveFileA(a, b), ERROR_FILE_NOT_FOUND);
    CHECK(!(GetFileAttributesA(b) & FILE_ATTRIBUTE_DIRECTORY));
    CHECK(SetFileAttributesA(b, FILE_ATTRIBUTE_READONLY));
    CHECK(GetFileAttributesA(b) & FILE_ATTRIBUTE_READONLY);
    CHECK_FAILS(DeleteFileA(b), ERROR_ACCESS_DENIED);
    CHECK(SetFileAttributesA(b, FILE_ATTRIBUTE_NORMAL));
    CHECK(!(GetFileAttributesA(b) & FILE_ATTRIBUTE_READONLY));
}

static void end_of_file(void)
{
    LARGE_INTEGER size;
    HANDLE h = CreateFileA(b, GENERIC_READ | GENERIC_WRITE, 0, NULL, OPEN_EXISTING, 0, NULL);
    CHECK_EQ(SetFilePointer(h, 2, NULL, FILE_BEGIN), 2);
    CHECK(SetEndOfFile(h));
    CHECK(GetFileSizeEx(h, &size));
    CHECK_EQ(size.QuadPart, 2);
    CHECK(CloseHandle(h));
    content_is(b, "ot");
}

static void current(void)
{
    char before[MAX_PATH], inside[MAX_PATH];
    CHECK(GetCurrentDirectoryA(sizeof before, before) > 0);
    CHECK_OK(SetCurrentDirectoryA(directory));
    CHECK(GetFileAttributesA("b") != INVALID_FILE_ATTRIBUTES);
    CHECK(GetCurrentDirectoryA(sizeof inside, inside) > 0);
    CHECK(strlen(inside) > strlen(before));
    CHECK(SetCurrentDirectoryA(before));
    CHECK_FAILS(SetCurrentDirectoryA("conf-no-dir"), ERROR_FILE_NOT_FOUND);
}

static void removing(void)
{
    CHECK_FAILS(RemoveDirectoryA(directory), ERROR_DIR_NOT_EMPTY);
    CHECK(DeleteFileA(b));
    CHECK_OK(RemoveDirectoryA(directory));
    CHECK_FAILS(RemoveDirectoryA(directory), ERROR_FILE_NOT_FOUND);
}

int main(void)
{
    sprintf(directory, "conf-%lu-dir.tmp", (unsigned long)GetCurrentProcessId());
    sprintf(a, "%s/a", directory);
    sprintf(b, "%s/b", directory);
    RUN(making);
    RUN(copying);
    RUN(moving);
    RUN(end_of_file);
    RUN(current);
    RUN(removing);
    return check_result();
}
