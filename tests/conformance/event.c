/* Events: creation, set, reset, pulse, open, access rights, between processes. */
#include "child.h"

static TCHAR name[CONF_NAME];

static void is_set(HANDLE h, int expected)
{
    CHECK_EQ(WaitForSingleObject(h, 0), expected ? WAIT_OBJECT_0 : WAIT_TIMEOUT);
}

static void auto_reset(void)
{
    HANDLE h = CreateEvent(NULL, FALSE, FALSE, NULL);
    CHECK(h != NULL);
    is_set(h, 0);
    CHECK_OK(SetEvent(h));
    CHECK_ERROR(UNTOUCHED);
    is_set(h, 1);
    is_set(h, 0);
    /* Sets without a waiter do not add up. */
    CHECK(SetEvent(h));
    CHECK(SetEvent(h));
    is_set(h, 1);
    is_set(h, 0);
    CHECK(SetEvent(h));
    CHECK_OK(ResetEvent(h));
    CHECK_ERROR(UNTOUCHED);
    is_set(h, 0);
    CHECK(CloseHandle(h));
    h = CreateEvent(NULL, FALSE, TRUE, NULL);
    is_set(h, 1);
    is_set(h, 0);
    CHECK(CloseHandle(h));
}

static void manual_reset(void)
{
    HANDLE h = CreateEvent(NULL, TRUE, FALSE, NULL);
    CHECK(h != NULL);
    is_set(h, 0);
    CHECK(SetEvent(h));
    is_set(h, 1);
    is_set(h, 1);
    CHECK(SetEvent(h));
    CHECK(ResetEvent(h));
    is_set(h, 0);
    CHECK(ResetEvent(h));
    is_set(h, 0);
    CHECK(CloseHandle(h));
    h = CreateEvent(NULL, TRUE, TRUE, NULL);
    is_set(h, 1);
    is_set(h, 1);
    CHECK(CloseHandle(h));
}

static void pulse_without_waiters(void)
{
    HANDLE automatic = CreateEvent(NULL, FALSE, TRUE, NULL);
    HANDLE manual = CreateEvent(NULL, TRUE, TRUE, NULL);
    CHECK_OK(PulseEvent(automatic));
    CHECK_ERROR(UNTOUCHED);
    is_set(automatic, 0);
    CHECK(PulseEvent(automatic));
    is_set(automatic, 0);
    CHECK(PulseEvent(manual));
    is_set(manual, 0);
    CHECK(PulseEvent(manual));
    is_set(manual, 0);
    CHECK(CloseHandle(automatic));
    CHECK(CloseHandle(manual));
}

static void existing_name(void)
{
    HANDLE first, second;
    SetLastError(UNTOUCHED);
    first = CreateEvent(NULL, TRUE, TRUE, name);
    CHECK(first != NULL);
    CHECK_ERROR(0);
    SetLastError(UNTOUCHED);
    second = CreateEvent(NULL, FALSE, FALSE, name);
    CHECK(second != NULL && second != first);
    CHECK_ERROR(ERROR_ALREADY_EXISTS);
    /* Still manual-reset and set: the second call's arguments do not count. */
    is_set(second, 1);
    is_set(second, 1);
    CHECK(ResetEvent(second));
    is_set(first, 0);
    CHECK(CloseHandle(first));
    CHECK(SetEvent(second));
    is_set(second, 1);
    CHECK(CloseHandle(second));
    CHECK_NO_HANDLE(OpenEvent(EVENT_ALL_ACCESS, FALSE, name), ERROR_FILE_NOT_FOUND);
}

static void fresh_unnamed_clears_error(void)
{
    HANDLE h;
    SetLastError(UNTOUCHED);
    h = CreateEvent(NULL, FALSE, FALSE, NULL);
    CHECK(h != NULL);
    CHECK_ERROR(0);
    CHECK(CloseHandle(h));
}

static void rights(void)
{
    HANDLE all = CreateEvent(NULL, TRUE, FALSE, name);
    HANDLE wait_only = OpenEvent(SYNCHRONIZE, FALSE, name);
    HANDLE modify_only = OpenEvent(EVENT_MODIFY_STATE, FALSE, name);
    CHECK(wait_only != NULL && modify_only != NULL);
    CHECK_FAILS(SetEvent(wait_only), ERROR_ACCESS_DENIED);
    CHECK_FAILS(ResetEvent(wait_only), ERROR_ACCESS_DENIED);
    CHECK_FAILS(PulseEvent(wait_only), ERROR_ACCESS_DENIED);
    is_set(wait_only, 0);
    CHECK(SetEvent(modify_only));
    is_set(wait_only, 1);
    CHECK_WAIT_FAILS(WaitForSingleObject(modify_only, 0), ERROR_ACCESS_DENIED);
    CHECK(CloseHandle(modify_only));
    CHECK(CloseHandle(wait_only));
    CHECK(CloseHandle(all));
}

static void create_ex(void)
{
    HANDLE h, again;
    SetLastError(UNTOUCHED);
    h = CreateEventEx(NULL, name, CREATE_EVENT_MANUAL_RESET | CREATE_EVENT_INITIAL_SET,
                      SYNCHRONIZE);
    CHECK(h != NULL);
    CHECK_ERROR(0);
    is_set(h, 1);
    is_set(h, 1);
    CHECK_FAILS(ResetEvent(h), ERROR_ACCESS_DENIED);
    again = CreateEventEx(NULL, name, 0, EVENT_MODIFY_STATE);
    CHECK(again != NULL);
    CHECK_ERROR(ERROR_ALREADY_EXISTS);
    CHECK(ResetEvent(again));
    is_set(h, 0);
    CHECK_WAIT_FAILS(WaitForSingleObject(again, 0), ERROR_ACCESS_DENIED);
    CHECK(CloseHandle(again));
    CHECK(CloseHandle(h));
    h = CreateEventEx(NULL, NULL, 0, EVENT_ALL_ACCESS);
    CHECK(h != NULL);
    is_set(h, 0);
    CHECK(SetEvent(h));
    is_set(h, 1);
    is_set(h, 0);
    CHECK(CloseHandle(h));
}

static void not_an_event(void)
{
    HANDLE h = CreateEvent(NULL, FALSE, FALSE, NULL);
    CHECK(CloseHandle(h));
    CHECK_FAILS(SetEvent(h), ERROR_INVALID_HANDLE);
    CHECK_FAILS(ResetEvent(h), ERROR_INVALID_HANDLE);
    CHECK_FAILS(PulseEvent(h), ERROR_INVALID_HANDLE);
    CHECK_FAILS(SetEvent(NULL), ERROR_INVALID_HANDLE);
    CHECK_FAILS(SetEvent(GetCurrentProcess()), ERROR_INVALID_HANDLE);
}

/* Parent and child take turns through two named events: nothing is lost, nothing is doubled. */
static void ping_pong(void)
{
    TCHAR ping_name[CONF_NAME], pong_name[CONF_NAME];
    char role[CONF_NAME * 2 + 100], ping_text[CONF_NAME], pong_text[CONF_NAME];
    HANDLE ping = CreateEvent(NULL, FALSE, FALSE, make_name(ping_name, "conf-ping-", "e"));
    HANDLE pong = CreateEvent(NULL, FALSE, FALSE, make_name(pong_name, "conf-pong-", "e"));
    PROCESS_INFORMATION child;
    int i;
    to_char(ping_text, ping_name);
    to_char(pong_text, pong_name);
    sprintf(role, "pong %s %s", ping_text, pong_text);
    if (!start_self(&child, role, FALSE, 0))
        return;
    for (i = 0; i < 200; i++) {
        CHECK(SetEvent(ping));
        CHECK_EQ(WaitForSingleObject(pong, LONG_TIME), WAIT_OBJECT_0);
    }
    is_set(ping, 0);
    is_set(pong, 0);
    CHECK_EQ(finish(&child), 200);
    CHECK(CloseHandle(ping));
    CHECK(CloseHandle(pong));
}

static int pong_child(char **argv)
{
    TCHAR text[CONF_NAME];
    HANDLE ping = OpenEvent(SYNCHRONIZE, FALSE, to_tchar(text, argv[2]));
    HANDLE pong = OpenEvent(EVENT_MODIFY_STATE, FALSE, to_tchar(text, argv[3]));
    int rounds = 0;
    while (rounds < 200 && WaitForSingleObject(ping, LONG_TIME) == WAIT_OBJECT_0) {
        rounds++;
        SetEvent(pong);
    }
    return rounds;
}

int main(int argc, char **argv)
{
    if (argc > 3 && strcmp(argv[1], "pong") == 0)
        return pong_child(argv);
    make_name(name, "conf-event-", "e");
    RUN(auto_reset);
    RUN(manual_reset);
    RUN(pulse_without_waiters);
    RUN(existing_name);
    RUN(fresh_unnamed_clears_error);
    RUN(rights);
    RUN(create_ex);
    RUN(not_an_event);
    RUN(ping_pong);
    return check_result();
}
