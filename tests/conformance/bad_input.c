/* Every function with what it must refuse: NULL, garbage, closed and wrong-type handles, bad sizes,
 * over-long, odd and hostile names. The documented error, and nothing else changed. */
#include "child.h"

enum { KINDS = 8 };

static struct {
    const char *what;
    HANDLE h;
} bad[KINDS];

static HANDLE event, slot, client, file, process, thread;
static char slot_name[CONF_NAME], file_name[64];

static DWORD WINAPI idle(void *unused)
{
    (void)unused;
    return WaitForSingleObject(event, 0);
}

static void make_objects(void)
{
    unsigned long pid = GetCurrentProcessId();
    sprintf(slot_name, "\\\\.\\mailslot\\conf-bad-%lu", pid);
    sprintf(file_name, "conf-%lu-bad.tmp", pid);
    event = CreateEventA(NULL, TRUE, TRUE, NULL);
    slot = CreateMailslotA(slot_name, 0, 0, NULL);
    client = CreateFileA(slot_name, GENERIC_WRITE, FILE_SHARE_READ, NULL, OPEN_EXISTING, 0, NULL);
    file = CreateFileA(file_name, GENERIC_READ | GENERIC_WRITE, 0, NULL, CREATE_ALWAYS, 0, NULL);
    process = OpenProcess(PROCESS_ALL_ACCESS, FALSE, GetCurrentProcessId());
    thread = CreateThread(NULL, 0, idle, NULL, 0, NULL);
    CHECK(event && slot != INVALID_HANDLE_VALUE && client != INVALID_HANDLE_VALUE);
    CHECK(file != INVALID_HANDLE_VALUE && process && thread);
}

static void close_objects(void)
{
    CHECK_EQ(WaitForSingleObject(event, 0), WAIT_OBJECT_0);
    CHECK_EQ(WaitForSingleObject(thread, LONG_TIME), WAIT_OBJECT_0);
    CHECK(CloseHandle(event));
    CHECK(CloseHandle(client));
    CHECK(CloseHandle(slot));
    CHECK(CloseHandle(file));
    CHECK(CloseHandle(process));
    CHECK(CloseHandle(thread));
    CHECK(DeleteFileA(file_name));
}

static void make_bad_handles(void)
{
    HANDLE closed = CreateEventA(NULL, TRUE, TRUE, NULL);
    static const ULONG_PTR values[KINDS - 1] = {0, 0xFFFFFFF8, 0xDEADBEE0, 0x7FFFFFFFFFFFFFF0,
                                               0xFFFFFFFF00000000, 0x10000000, 0xFFFFFFFFFFFFFF00};
    static const char *const names[KINDS - 1] = {"NULL", "odd", "garbage", "huge", "high half",
                                                 "far", "negative"};
    int i;
    CloseHandle(closed);
    bad[0].what = "closed";
    bad[0].h = closed;
    for (i = 1; i < KINDS; i++) {
        bad[i].what = names[i - 1];
        bad[i].h = (HANDLE)values[i - 1];
    }
}

static void bad_handles(void)
{
    HANDLE me = GetCurrentProcess(), out = NULL;
    DWORD value = 7, before = 0;
    LARGE_INTEGER large;
    char text[8];
    int i;
    make_bad_handles();
    for (i = 0; i < KINDS; i++) {
        HANDLE h = bad[i].h;
        before = (DWORD)check_failed;
        CHECK_FAILS(CloseHandle(h), ERROR_INVALID_HANDLE);
        CHECK_FAILS(SetEvent(h), ERROR_INVALID_HANDLE);
        CHECK_FAILS(ResetEvent(h), ERROR_INVALID_HANDLE);
        CHECK_FAILS(PulseEvent(h), ERROR_INVALID_HANDLE);
        CHECK_WAIT_FAILS(WaitForSingleObject(h, 0), ERROR_INVALID_HANDLE);
        CHECK_WAIT_FAILS(WaitForSingleObjectEx(h, 0, TRUE), ERROR_INVALID_HANDLE);
        CHECK_WAIT_FAILS(WaitForMultipleObjects(1, &h, FALSE, 0), ERROR_INVALID_HANDLE);
        CHECK_WAIT_FAILS(WaitForMultipleObjects(1, &h, TRUE, 0), ERROR_INVALID_HANDLE);
        CHECK_FAILS(DuplicateHandle(me, h, me, &out, 0, FALSE, DUPLICATE_SAME_ACCESS),
                    ERROR_INVALID_HANDLE);
        CHECK_FAILS(DuplicateHandle(h, event, me, &out, 0, FALSE, DUPLICATE_SAME_ACCESS),
                    ERROR_INVALID_HANDLE);
        CHECK_FAILS(DuplicateHandle(me, event, h, &out, 0, FALSE, DUPLICATE_SAME_ACCESS),
                    ERROR_INVALID_HANDLE);
        CHECK_FAILS(GetHandleInformation(h, &value), ERROR_INVALID_HANDLE);
        CHECK_FAILS(SetHandleInformation(h, HANDLE_FLAG_INHERIT, 0), ERROR_INVALID_HANDLE);
        CHECK_FAILS(GetExitCodeProcess(h, &value), ERROR_INVALID_HANDLE);
        CHECK_FAILS(TerminateProcess(h, 1), ERROR_INVALID_HANDLE);
        CHECK_FAILS(GetProcessId(h), ERROR_INVALID_HANDLE);
        CHECK_FAILS(GetExitCodeThread(h, &value), ERROR_INVALID_HANDLE);
        CHECK_FAILS_WITH(ResumeThread(h), (DWORD)-1, ERROR_INVALID_HANDLE);
        CHECK_FAILS(GetThreadId(h), ERROR_INVALID_HANDLE);
        CHECK_FAILS(GetMailslotInfo(h, &value, NULL, NULL, NULL), ERROR_INVALID_HANDLE);
        CHECK_FAILS(SetMailslotInfo(h, 1), ERROR_INVALID_HANDLE);
        CHECK_FAILS(ReadFile(h, text, 1, &value, NULL), ERROR_INVALID_HANDLE);
        CHECK_FAILS(WriteFile(h, text, 1, &value, NULL), ERROR_INVALID_HANDLE);
        CHECK_FAILS_WITH(SetFilePointer(h, 0, NULL, FILE_BEGIN), INVALID_SET_FILE_POINTER,
                         ERROR_INVALID_HANDLE);
        CHECK_FAILS_WITH(GetFileSize(h, NULL), INVALID_FILE_SIZE, ERROR_INVALID_HANDLE);
        CHECK_FAILS(GetFileSizeEx(h, &large), ERROR_INVALID_HANDLE);
        CHECK_FAILS(FlushFileBuffers(h), ERROR_INVALID_HANDLE);
        CHECK_FAILS(SetEndOfFile(h), ERROR_INVALID_HANDLE);
        CHECK_FAILS(CancelIo(h), ERROR_INVALID_HANDLE);
        CHECK_FAILS(CancelIoEx(h, NULL), ERROR_INVALID_HANDLE);
        CHECK_FAILS(GetFileType(h), ERROR_INVALID_HANDLE);
        CHECK_FAILS(GetPriorityClass(h), ERROR_INVALID_HANDLE);
        CHECK_FAILS(SetPriorityClass(h, NORMAL_PRIORITY_CLASS), ERROR_INVALID_HANDLE);
        CHECK_FAILS(GetConsoleMode(h, &value), ERROR_INVALID_HANDLE);
        CHECK_FAILS(SetConsoleMode(h, 0), ERROR_INVALID_HANDLE);
        CHECK_FAILS(WriteConsoleA(h, "x", 1, &value, NULL), ERROR_INVALID_HANDLE);
        CHECK_FAILS(ReadConsoleA(h, text, 1, &value, NULL), ERROR_INVALID_HANDLE);
        CHECK_FAILS(WriteConsoleW(h, NULL, 0, &value, NULL), ERROR_INVALID_HANDLE);
        CHECK_FAILS(WriteConsoleW(h, NULL, 5, NULL, NULL), ERROR_INVALID_HANDLE);
        CHECK_FAILS(ReadConsoleW(h, NULL, 5, NULL, NULL), ERROR_INVALID_HANDLE);
        if ((DWORD)check_failed != before)
            printf("  with the handle that is %s\n", bad[i].what);
    }
    CHECK(out == NULL);
}

/* Handles that are good, but not of the type that is asked for. */
static void wrong_types(void)
{
    HANDLE not_event[5], out = NULL;
    DWORD value = 7;
    char text[8];
    int i;
    not_event[0] = slot;
    not_event[1] = client;
    not_event[2] = file;
    not_event[3] = process;
    not_event[4] = thread;
    for (i = 0; i < 5; i++) {
        CHECK_FAILS(SetEvent(not_event[i]), ERROR_INVALID_HANDLE);
        CHECK_FAILS(ResetEvent(not_event[i]), ERROR_INVALID_HANDLE);
        CHECK_FAILS(PulseEvent(not_event[i]), ERROR_INVALID_HANDLE);
        if (i != 3) {
            CHECK_FAILS(GetExitCodeProcess(not_event[i], &value), ERROR_INVALID_HANDLE);
            CHECK_FAILS(TerminateProcess(not_event[i], 1), ERROR_INVALID_HANDLE);
            CHECK_FAILS(GetProcessId(not_event[i]), ERROR_INVALID_HANDLE);
            CHECK_FAILS(DuplicateHandle(not_event[i], event, GetCurrentProcess(), &out, 0, FALSE,
                                        DUPLICATE_SAME_ACCESS),
                        ERROR_INVALID_HANDLE);
        }
        if (i != 4) {
            CHECK_FAILS(GetExitCodeThread(not_event[i], &value), ERROR_INVALID_HANDLE);
            CHECK_FAILS_WITH(ResumeThread(not_event[i]), (DWORD)-1, ERROR_INVALID_HANDLE);
        }
    }
    for (i = 3; i < 6; i++) {
        HANDLE h = i == 5 ? event : not_event[i];
        CHECK_FAILS(ReadFile(h, text, 1, &value, NULL), ERROR_INVALID_HANDLE);
        CHECK_FAILS(WriteFile(h, text, 1, &value, NULL), ERROR_INVALID_HANDLE);
        CHECK_FAILS(GetMailslotInfo(h, &value, NULL, NULL, NULL), ERROR_INVALID_HANDLE);
        CHECK_FAILS(SetMailslotInfo(h, 1), ERROR_INVALID_HANDLE);
        CHECK_FAILS_WITH(GetFileSize(h, NULL), INVALID_FILE_SIZE, ERROR_INVALID_HANDLE);
    }
    SetLastError(UNTOUCHED);
    CHECK(!GetMailslotInfo(file, &value, NULL, NULL, NULL));
    CHECK(GetLastError() != UNTOUCHED);
    SetLastError(UNTOUCHED);
    CHECK(!SetMailslotInfo(file, 1));
    CHECK(GetLastError() != UNTOUCHED);
    CHECK(out == NULL);
}

static void null_names(void)
{
    DWORD value = 7;
    CHECK_NO_FILE(CreateFileA(NULL, GENERIC_READ, 0, NULL, OPEN_EXISTING, 0, NULL),
                  ERROR_PATH_NOT_FOUND);
    CHECK_NO_FILE(CreateFileW(NULL, GENERIC_READ, 0, NULL, OPEN_EXISTING, 0, NULL),
                  ERROR_PATH_NOT_FOUND);
    CHECK_NO_FILE(CreateMailslotA(NULL, 0, 0, NULL), ERROR_PATH_NOT_FOUND);
    CHECK_NO_FILE(CreateMailslotW(NULL, 0, 0, NULL), ERROR_PATH_NOT_FOUND);
    CHECK_FAILS(DeleteFileA(NULL), ERROR_PATH_NOT_FOUND);
    SetLastError(UNTOUCHED);
    CHECK(!SetEnvironmentVariableA(NULL, "x"));
    CHECK(GetLastError() != UNTOUCHED);
    CHECK_FAILS(GetEnvironmentVariableA(NULL, NULL, 0), ERROR_ENVVAR_NOT_FOUND);
    CHECK_FAILS(GetEnvironmentVariableA("", NULL, 0), ERROR_ENVVAR_NOT_FOUND);
    CHECK_EQ(SetFilePointer(file, 0, NULL, FILE_CURRENT), 0);
    CHECK_FAILS_WITH(SetFilePointer(file, 0, NULL, 9), INVALID_SET_FILE_POINTER,
                     ERROR_INVALID_PARAMETER);
    CHECK(WriteFile(client, "x", 1, &value, NULL));
    SetLastError(UNTOUCHED);
    CHECK(!ReadFile(slot, NULL, 5, &value, NULL));
    CHECK(GetLastError() != UNTOUCHED);
    CHECK(ReadFile(slot, &value, sizeof value, &value, NULL));
}

static void bad_arguments(void)
{
    DWORD value = 7;
    FILETIME ft = {1, 1};
    HANDLE h;
    if (CHECK_NOT_ON_WINE("create-event-ex-flags")) {
        CHECK_NO_HANDLE(CreateEventExA(NULL, NULL, 0xFFFFFFFF, EVENT_ALL_ACCESS),
                        ERROR_INVALID_PARAMETER);
        CHECK_NO_HANDLE(CreateEventExA(NULL, NULL, 4, EVENT_ALL_ACCESS), ERROR_INVALID_PARAMETER);
    }
    CHECK_NO_HANDLE(OpenEventA(EVENT_ALL_ACCESS, FALSE, NULL), ERROR_INVALID_PARAMETER);
    CHECK_NO_HANDLE(OpenProcess(0, FALSE, 0), ERROR_INVALID_PARAMETER);
    CHECK_WAIT_FAILS(WaitForMultipleObjects(65, &event, FALSE, 0), ERROR_INVALID_PARAMETER);
    CHECK_WAIT_FAILS(WaitForMultipleObjects(0, NULL, FALSE, 0), ERROR_INVALID_PARAMETER);
    CHECK_NO_FILE(CreateFileA(slot_name, GENERIC_WRITE, 0, NULL, 77, 0, NULL),
                  ERROR_INVALID_PARAMETER);
    CHECK_EQ(CompareFileTime(NULL, &ft), -1);
    CHECK_EQ(CompareFileTime(&ft, NULL), -1);
    h = CreateThread(NULL, 0, idle, NULL, 0, &value);
    CHECK(h != NULL && CloseHandle(h));
}

static void bad_process_arguments(void)
{
    STARTUPINFOA startup;
    PROCESS_INFORMATION child;
    char empty[4] = "", spaces[8] = "   ";
    ZeroMemory(&startup, sizeof startup);
    startup.cb = sizeof startup;
    if (CHECK_NOT_ON_WINE("create-process-nothing"))
        CHECK_FAILS(CreateProcessA(NULL, NULL, NULL, NULL, FALSE, 0, NULL, NULL, &startup, &child),
                    ERROR_INVALID_PARAMETER);
    SetLastError(UNTOUCHED);
    CHECK(!CreateProcessA(NULL, empty, NULL, NULL, FALSE, 0, NULL, NULL, &startup, &child));
    CHECK(GetLastError() != UNTOUCHED);
    SetLastError(UNTOUCHED);
    CHECK(!CreateProcessA(NULL, spaces, NULL, NULL, FALSE, 0, NULL, NULL, &startup, &child));
    CHECK(GetLastError() != UNTOUCHED);
    SetLastError(UNTOUCHED);
    CHECK(!CreateProcessA("", NULL, NULL, NULL, FALSE, 0, NULL, NULL, &startup, &child));
    CHECK(GetLastError() != UNTOUCHED);
    SetLastError(UNTOUCHED);
    CHECK(!CreateProcessA(file_name, NULL, NULL, NULL, FALSE, 0, NULL, NULL, &startup, &child));
    CHECK(GetLastError() != UNTOUCHED);
    if (CHECK_NOT_ON_WINE("console-flags-conflict"))
        CHECK_FAILS(CreateProcessA("x", NULL, NULL, NULL, FALSE,
                                   DETACHED_PROCESS | CREATE_NEW_CONSOLE, NULL, NULL, &startup,
                                   &child),
                    ERROR_INVALID_PARAMETER);
}

/* Names that try to leave their directory, to break a path or a log line, or to be too long. */
static const char *const hostile[] = {
    "../../../../tmp/conf-hostile", "/etc/passwd", "//", "/", "..", "%s%s%n", "a\x01\x1F\x7F",
    "\xFF\xFE\xFD", "\xC0\xAF", "\xED\xA0\x80", "\xF5\x80\x80\x80", "x\xE2\x82", "a:b", "a|b\"<>",
    " ", ".", "con", "a\tb\nc",
};
enum { HOSTILE = sizeof hostile / sizeof hostile[0] };

/* Either refused with an error or a real object of that name: never anything else. */
static void hostile_event_names(void)
{
    int i;
    for (i = 0; i < HOSTILE; i++) {
        HANDLE a, b;
        SetLastError(UNTOUCHED);
        a = CreateEventA(NULL, TRUE, FALSE, hostile[i]);
        if (!a) {
            CHECK(GetLastError() != UNTOUCHED && GetLastError() != 0);
            continue;
        }
        b = OpenEventA(EVENT_ALL_ACCESS, FALSE, hostile[i]);
        CHECK(b != NULL);
        CHECK(SetEvent(b));
        CHECK_EQ(WaitForSingleObject(a, 0), WAIT_OBJECT_0);
        CHECK(CloseHandle(a));
        CHECK(CloseHandle(b));
    }
    CHECK_NO_HANDLE(CreateEventA(NULL, TRUE, FALSE, "..\\..\\x"), ERROR_PATH_NOT_FOUND);
    CHECK(CreateEventA(NULL, TRUE, FALSE, "\\") == NULL);
    CHECK(CreateEventA(NULL, TRUE, FALSE, "Local\\\\x") == NULL);
}

static void hostile_mailslot_names(void)
{
    char name[CONF_NAME * 2];
    int i;
    for (i = 0; i < HOSTILE; i++) {
        HANDLE h, to;
        sprintf(name, "\\\\.\\mailslot\\conf-bad-%lu\\%s", (unsigned long)GetCurrentProcessId(),
                hostile[i]);
        SetLastError(UNTOUCHED);
        h = CreateMailslotA(name, 0, 0, NULL);
        if (h == INVALID_HANDLE_VALUE) {
            CHECK(GetLastError() != UNTOUCHED && GetLastError() != 0);
            continue;
        }
        to = CreateFileA(name, GENERIC_WRITE, FILE_SHARE_READ, NULL, OPEN_EXISTING, 0, NULL);
        if (to != INVALID_HANDLE_VALUE)
            CHECK(CloseHandle(to));
        CHECK(CloseHandle(h));
    }
}

static void over_long_names(void)
{
    enum { LONG = 70000 };
    static char name[LONG + 1];
    static const char prefix[] = "\\\\.\\mailslot\\";
    HANDLE h;
    memset(name, 'x', LONG);
    if (CHECK_NOT_ON_WINE("name-length"))
        CHECK_NO_HANDLE(CreateEventA(NULL, TRUE, FALSE, name), ERROR_FILENAME_EXCED_RANGE);
    memcpy(name, prefix, sizeof prefix - 1);
    SetLastError(UNTOUCHED);
    h = CreateMailslotA(name, 0, 0, NULL);
    CHECK(h == INVALID_HANDLE_VALUE);
    CHECK(GetLastError() != UNTOUCHED);
    SetLastError(UNTOUCHED);
    h = CreateFileA(name, GENERIC_WRITE, 0, NULL, OPEN_EXISTING, 0, NULL);
    CHECK(h == INVALID_HANDLE_VALUE);
    CHECK(GetLastError() != UNTOUCHED);
    memset(name, 'y', LONG);
    SetLastError(UNTOUCHED);
    h = CreateFileA(name, GENERIC_WRITE, 0, NULL, CREATE_ALWAYS, 0, NULL);
    CHECK(h == INVALID_HANDLE_VALUE);
    CHECK(GetLastError() != UNTOUCHED);
}

int main(void)
{
    make_objects();
    RUN(bad_handles);
    RUN(wrong_types);
    RUN(null_names);
    RUN(bad_arguments);
    RUN(bad_process_arguments);
    RUN(hostile_event_names);
    RUN(hostile_mailslot_names);
    RUN(over_long_names);
    close_objects();
    return check_result();
}
