/* The last error: per thread; left alone by success; set by creation; the text of the codes. */
#include "check.h"

static void set_and_get(void)
{
    static const DWORD values[] = {0, 1, 5, 259, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF};
    int i;
    for (i = 0; i < 7; i++) {
        SetLastError(values[i]);
        CHECK_EQ(GetLastError(), values[i]);
        CHECK_EQ(GetLastError(), values[i]);
    }
}

static DWORD WINAPI other_thread(void *first)
{
    *(DWORD *)first = GetLastError();
    SetLastError(1234);
    return GetLastError();
}

static void per_thread(void)
{
    DWORD first = 9, code = 0;
    HANDLE t;
    t = CreateThread(NULL, 0, other_thread, &first, 0, NULL);
    SetLastError(UNTOUCHED);
    CHECK_EQ(WaitForSingleObject(t, LONG_TIME), WAIT_OBJECT_0);
    CHECK_ERROR(UNTOUCHED);
    CHECK(GetExitCodeThread(t, &code));
    CHECK_EQ(code, 1234);
    CHECK_EQ(first, 0);
    CHECK(CloseHandle(t));
}

#define LEAVES_ALONE(call)                                                                        \
    do {                                                                                         \
        SetLastError(UNTOUCHED);                                                                 \
        (void)(call);                                                                            \
        check_number(__FILE__, __LINE__, "last error after " #call, GetLastError(), UNTOUCHED);  \
    } while (0)

static void success_leaves_it(void)
{
    HANDLE manual = CreateEventA(NULL, TRUE, FALSE, NULL), twin = NULL, process;
    HANDLE slot = CreateMailslotA("\\\\.\\mailslot\\conf-lasterror", 0, 0, NULL);
    LARGE_INTEGER counter;
    SYSTEMTIME now;
    FILETIME file_now;
    SYSTEM_INFO system;
    DWORD value;
    char text[MAX_PATH];
    LEAVES_ALONE(SetEvent(manual));
    LEAVES_ALONE(WaitForSingleObject(manual, 0));
    LEAVES_ALONE(PulseEvent(manual));
    LEAVES_ALONE(ResetEvent(manual));
    LEAVES_ALONE(WaitForSingleObject(manual, 0));
    LEAVES_ALONE(WaitForSingleObject(manual, 1));
    LEAVES_ALONE(WaitForMultipleObjects(1, &manual, TRUE, 1));
    LEAVES_ALONE(DuplicateHandle(GetCurrentProcess(), manual, GetCurrentProcess(), &twin, 0, FALSE,
                                 DUPLICATE_SAME_ACCESS));
    LEAVES_ALONE(GetHandleInformation(twin, &value));
    LEAVES_ALONE(SetHandleInformation(twin, HANDLE_FLAG_INHERIT, HANDLE_FLAG_INHERIT));
    LEAVES_ALONE(CloseHandle(twin));
    process = OpenProcess(PROCESS_ALL_ACCESS, FALSE, GetCurrentProcessId());
    LEAVES_ALONE(GetExitCodeProcess(process, &value));
    LEAVES_ALONE(GetProcessId(process));
    LEAVES_ALONE(CloseHandle(process));
    LEAVES_ALONE(GetMailslotInfo(slot, &value, NULL, NULL, NULL));
    LEAVES_ALONE(SetMailslotInfo(slot, 5));
    LEAVES_ALONE(GetCurrentProcess());
    LEAVES_ALONE(GetCurrentProcessId());
    LEAVES_ALONE(GetCurrentThreadId());
    LEAVES_ALONE(Sleep(0));
    LEAVES_ALONE(Sleep(1));
    LEAVES_ALONE(GetTickCount());
    LEAVES_ALONE(QueryPerformanceCounter(&counter));
    LEAVES_ALONE(GetLocalTime(&now));
    LEAVES_ALONE(GetSystemTime(&now));
    LEAVES_ALONE(GetSystemTimeAsFileTime(&file_now));
    LEAVES_ALONE(GetSystemInfo(&system));
    LEAVES_ALONE(lstrlenA("abc"));
    LEAVES_ALONE(lstrcpyA(text, "abc"));
    LEAVES_ALONE(CloseHandle(slot));
    LEAVES_ALONE(CloseHandle(manual));
}

/* The same error again and again: it is set on each failure. */
static void each_failure_sets_it(void)
{
    int i;
    for (i = 0; i < 3; i++) {
        CHECK_FAILS(SetEvent(NULL), ERROR_INVALID_HANDLE);
        CHECK_FAILS(ResetEvent(NULL), ERROR_INVALID_HANDLE);
        CHECK_WAIT_FAILS(WaitForSingleObject(NULL, 0), ERROR_INVALID_HANDLE);
    }
}

static void values(void)
{
    CHECK_EQ(ERROR_SUCCESS, 0);
    CHECK_EQ(ERROR_FILE_NOT_FOUND, 2);
    CHECK_EQ(ERROR_PATH_NOT_FOUND, 3);
    CHECK_EQ(ERROR_ACCESS_DENIED, 5);
    CHECK_EQ(ERROR_INVALID_HANDLE, 6);
    CHECK_EQ(ERROR_INVALID_PARAMETER, 87);
    CHECK_EQ(ERROR_SEM_TIMEOUT, 121);
    CHECK_EQ(ERROR_INSUFFICIENT_BUFFER, 122);
    CHECK_EQ(ERROR_INVALID_NAME, 123);
    CHECK_EQ(ERROR_ALREADY_EXISTS, 183);
    CHECK_EQ(ERROR_IO_PENDING, 997);
    CHECK_EQ(STILL_ACTIVE, 259);
}

int main(void)
{
    RUN(values);
    RUN(set_and_get);
    RUN(per_thread);
    RUN(success_leaves_it);
    RUN(each_failure_sets_it);
    return check_result();
}
