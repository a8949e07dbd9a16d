/* Handles: close, duplicate, flags. */
#include "child.h"

static HANDLE new_event(void)
{
    return CreateEventA(NULL, TRUE, FALSE, NULL);
}

static int is_set(HANDLE h)
{
    return WaitForSingleObject(h, 0) == WAIT_OBJECT_0;
}

static void closing(void)
{
    HANDLE h = new_event(), again;
    CHECK_OK(CloseHandle(h));
    CHECK_ERROR(UNTOUCHED);
    CHECK_FAILS(CloseHandle(h), ERROR_INVALID_HANDLE);
    CHECK_FAILS(CloseHandle(NULL), ERROR_INVALID_HANDLE);
    CHECK_FAILS(CloseHandle((HANDLE)(ULONG_PTR)0xDEADBEE0), ERROR_INVALID_HANDLE);
    CHECK_OK(CloseHandle(GetCurrentProcess()));
    CHECK_OK(CloseHandle(GetCurrentThread()));
    CHECK(GetCurrentProcess() == INVALID_HANDLE_VALUE);
    again = new_event();
    CHECK(again != NULL && again != INVALID_HANDLE_VALUE);
    CHECK(((ULONG_PTR)again & 3) == 0);
    CHECK(CloseHandle(again));
}

static void duplicating(void)
{
    HANDLE me = GetCurrentProcess(), h = new_event(), twin = NULL, weak = NULL, strong = NULL;
    CHECK_OK(DuplicateHandle(me, h, me, &twin, 0, FALSE, DUPLICATE_SAME_ACCESS));
    CHECK_ERROR(UNTOUCHED);
    CHECK(twin != NULL && twin != h);
    CHECK(SetEvent(twin));
    CHECK(is_set(h));
    CHECK(DuplicateHandle(me, h, me, &weak, SYNCHRONIZE, FALSE, 0));
    CHECK(is_set(weak));
    CHECK_FAILS(ResetEvent(weak), ERROR_ACCESS_DENIED);
    /* DUPLICATE_SAME_ACCESS ignores the access argument. */
    CHECK(DuplicateHandle(me, h, me, &strong, SYNCHRONIZE, FALSE, DUPLICATE_SAME_ACCESS));
    CHECK(ResetEvent(strong));
    CHECK(CloseHandle(h));
    CHECK(SetEvent(twin));
    CHECK(is_set(weak));
    CHECK(CloseHandle(twin));
    CHECK(CloseHandle(weak));
    CHECK(CloseHandle(strong));
}

static void duplicate_and_close(void)
{
    HANDLE me = GetCurrentProcess(), h = new_event(), twin = NULL;
    CHECK(DuplicateHandle(me, h, me, &twin, 0, FALSE,
                          DUPLICATE_SAME_ACCESS | DUPLICATE_CLOSE_SOURCE));
    CHECK_EQ(WaitForSingleObject(twin, 0), WAIT_TIMEOUT);
    if (twin != h)
        CHECK_FAILS(CloseHandle(h), ERROR_INVALID_HANDLE);
    CHECK(CloseHandle(twin));
    /* Without a target it just closes. */
    h = new_event();
    if (CHECK_NOT_ON_WINE("duplicate-only-to-close"))
        CHECK(DuplicateHandle(me, h, NULL, NULL, 0, FALSE, DUPLICATE_CLOSE_SOURCE));
    else
        DuplicateHandle(me, h, NULL, NULL, 0, FALSE, DUPLICATE_CLOSE_SOURCE);
    CHECK_FAILS(CloseHandle(h), ERROR_INVALID_HANDLE);
    /* It closes also when the call fails. */
    h = new_event();
    twin = NULL;
    if (CHECK_NOT_ON_WINE("duplicate-closes-on-error")) {
        CHECK_FAILS(DuplicateHandle(me, h, (HANDLE)(ULONG_PTR)0xDEADBEE0, &twin, 0, FALSE,
                                    DUPLICATE_SAME_ACCESS | DUPLICATE_CLOSE_SOURCE),
                    ERROR_INVALID_HANDLE);
        CHECK_FAILS(CloseHandle(h), ERROR_INVALID_HANDLE);
    } else {
        CloseHandle(h);
    }
}

static void duplicate_wrongly(void)
{
    HANDLE me = GetCurrentProcess(), h = new_event(), twin = NULL;
    CHECK_FAILS(DuplicateHandle(me, NULL, me, &twin, 0, FALSE, DUPLICATE_SAME_ACCESS),
                ERROR_INVALID_HANDLE);
    CHECK_FAILS(DuplicateHandle(NULL, h, me, &twin, 0, FALSE, DUPLICATE_SAME_ACCESS),
                ERROR_INVALID_HANDLE);
    CHECK_FAILS(DuplicateHandle(me, h, NULL, &twin, 0, FALSE, DUPLICATE_SAME_ACCESS),
                ERROR_INVALID_HANDLE);
    CHECK_FAILS(DuplicateHandle(h, h, me, &twin, 0, FALSE, DUPLICATE_SAME_ACCESS),
                ERROR_INVALID_HANDLE);
    CHECK(CloseHandle(h));
    CHECK_FAILS(DuplicateHandle(me, h, me, &twin, 0, FALSE, DUPLICATE_SAME_ACCESS),
                ERROR_INVALID_HANDLE);
}

static void pseudo_to_real(void)
{
    HANDLE me = GetCurrentProcess(), process = NULL;
    CHECK(DuplicateHandle(me, me, me, &process, 0, FALSE, DUPLICATE_SAME_ACCESS));
    CHECK(process != NULL && process != me);
    CHECK_EQ(GetProcessId(process), GetCurrentProcessId());
    CHECK_EQ(WaitForMultipleObjects(1, &process, FALSE, 0), WAIT_TIMEOUT);
    CHECK(CloseHandle(process));
}

/* Rights are those of the call that opened the handle, not of the object. */
static void opened_rights(void)
{
    char name[CONF_NAME];
    DWORD value = 7;
    HANDLE me = GetCurrentProcess(), h, none, most, up = NULL;
    sprintf(name, "conf-rights-%lu", (unsigned long)GetCurrentProcessId());
    h = CreateEventA(NULL, TRUE, FALSE, name);
    none = OpenEventA(READ_CONTROL, TRUE, name);
    CHECK(none != NULL);
    CHECK_FAILS(SetEvent(none), ERROR_ACCESS_DENIED);
    CHECK_WAIT_FAILS(WaitForSingleObject(none, 0), ERROR_ACCESS_DENIED);
    CHECK(GetHandleInformation(none, &value));
    CHECK_EQ(value, HANDLE_FLAG_INHERIT);
    most = OpenEventA(MAXIMUM_ALLOWED, FALSE, name);
    CHECK(SetEvent(most));
    CHECK(is_set(most));
    CHECK(DuplicateHandle(me, most, me, &up, EVENT_MODIFY_STATE, FALSE, 0));
    CHECK(ResetEvent(up));
    CHECK_WAIT_FAILS(WaitForSingleObject(up, 0), ERROR_ACCESS_DENIED);
    CHECK(CloseHandle(up));
    CHECK(DuplicateHandle(me, none, me, &up, 0, FALSE, DUPLICATE_SAME_ACCESS));
    CHECK_FAILS(SetEvent(up), ERROR_ACCESS_DENIED);
    CHECK(CloseHandle(up));
    CHECK(CloseHandle(most));
    CHECK(CloseHandle(none));
    CHECK(CloseHandle(h));
}

static void inheritable_results(void)
{
    SECURITY_ATTRIBUTES attributes = {sizeof attributes, NULL, TRUE};
    char line[MAX_PATH * 3];
    STARTUPINFOA startup;
    PROCESS_INFORMATION child;
    DWORD value = 7, code = 7;
    HANDLE h = OpenProcess(SYNCHRONIZE, TRUE, GetCurrentProcessId());
    CHECK(GetHandleInformation(h, &value));
    CHECK_EQ(value, HANDLE_FLAG_INHERIT);
    CHECK(CloseHandle(h));
    ZeroMemory(&startup, sizeof startup);
    startup.cb = sizeof startup;
    line[0] = '"';
    GetModuleFileNameA(NULL, line + 1, MAX_PATH * 2);
    strcat(line, "\" end");
    CHECK(CreateProcessA(NULL, line, &attributes, NULL, FALSE, 0, NULL, NULL, &startup, &child));
    CHECK(GetHandleInformation(child.hProcess, &value));
    if (CHECK_NOT_ON_WINE("process-handle-inheritable"))
        CHECK_EQ(value, HANDLE_FLAG_INHERIT);
    CHECK(GetHandleInformation(child.hThread, &value));
    CHECK_EQ(value, 0);
    finish(&child);
    CHECK(GetExitCodeProcess(GetCurrentProcess(), &code));
    CHECK_EQ(code, STILL_ACTIVE);
    CHECK_EQ(GetProcessId(GetCurrentProcess()), GetCurrentProcessId());
    CHECK_EQ(GetThreadId(GetCurrentThread()), GetCurrentThreadId());
}

static void flags(void)
{
    HANDLE h = new_event();
    SECURITY_ATTRIBUTES inherit = {sizeof inherit, NULL, TRUE};
    DWORD value = 0xFFFF;
    CHECK_OK(GetHandleInformation(h, &value));
    CHECK_ERROR(UNTOUCHED);
    CHECK_EQ(value, 0);
    CHECK(SetHandleInformation(h, HANDLE_FLAG_INHERIT, HANDLE_FLAG_INHERIT));
    CHECK(GetHandleInformation(h, &value));
    CHECK_EQ(value, HANDLE_FLAG_INHERIT);
    CHECK(SetHandleInformation(h, HANDLE_FLAG_INHERIT | HANDLE_FLAG_PROTECT_FROM_CLOSE,
                               HANDLE_FLAG_PROTECT_FROM_CLOSE));
    CHECK(GetHandleInformation(h, &value));
    CHECK_EQ(value, HANDLE_FLAG_PROTECT_FROM_CLOSE);
    SetLastError(UNTOUCHED);
    CHECK(!CloseHandle(h));
    CHECK_ERROR(ERROR_INVALID_HANDLE);
    CHECK(SetEvent(h));
    CHECK(SetHandleInformation(h, HANDLE_FLAG_PROTECT_FROM_CLOSE, 0));
    CHECK(CloseHandle(h));
    CHECK_FAILS(GetHandleInformation(h, &value), ERROR_INVALID_HANDLE);
    CHECK_FAILS(SetHandleInformation(h, HANDLE_FLAG_INHERIT, 0), ERROR_INVALID_HANDLE);
    h = CreateEventA(&inherit, FALSE, FALSE, NULL);
    CHECK(GetHandleInformation(h, &value));
    CHECK_EQ(value, HANDLE_FLAG_INHERIT);
    CHECK(CloseHandle(h));
}

static void duplicate_makes_inheritable(void)
{
    HANDLE me = GetCurrentProcess(), h = new_event(), twin = NULL;
    DWORD value = 0;
    CHECK(DuplicateHandle(me, h, me, &twin, 0, TRUE, DUPLICATE_SAME_ACCESS));
    CHECK(GetHandleInformation(twin, &value));
    CHECK_EQ(value, HANDLE_FLAG_INHERIT);
    CHECK(GetHandleInformation(h, &value));
    CHECK_EQ(value, 0);
    CHECK(CloseHandle(h));
    CHECK(CloseHandle(twin));
}

static void many(void)
{
    enum { COUNT = 2000 };
    static HANDLE h[COUNT];
    int i, round;
    for (round = 0; round < 5; round++) {
        for (i = 0; i < COUNT; i++)
            h[i] = new_event();
        CHECK(h[0] != NULL && h[COUNT - 1] != NULL);
        SetEvent(h[COUNT / 2]);
        CHECK(is_set(h[COUNT / 2]));
        CHECK(!is_set(h[COUNT / 2 + 1]));
        for (i = 0; i < COUNT; i++)
            CloseHandle(h[i]);
        CHECK_FAILS(CloseHandle(h[COUNT / 2]), ERROR_INVALID_HANDLE);
    }
}

int main(int argc, char **argv)
{
    if (argc > 1 && strcmp(argv[1], "end") == 0)
        return 0;
    RUN(closing);
    RUN(duplicating);
    RUN(duplicate_and_close);
    RUN(duplicate_wrongly);
    RUN(pseudo_to_real);
    RUN(opened_rights);
    RUN(inheritable_results);
    RUN(flags);
    RUN(duplicate_makes_inheritable);
    RUN(many);
    return check_result();
}
