/* Mailslots: names, messages, information, timeouts, rights, lifetime, other computers, waits. */
#include "child.h"

static TCHAR name[CONF_NAME];

static HANDLE server(DWORD max, DWORD timeout)
{
    return CreateMailslot(name, max, timeout, NULL);
}

static HANDLE client_of(const TCHAR *address)
{
    return CreateFile(address, GENERIC_WRITE, FILE_SHARE_READ | FILE_SHARE_WRITE, NULL,
                      OPEN_EXISTING, FILE_ATTRIBUTE_NORMAL, NULL);
}

static void post(HANDLE h, const char *text, DWORD size)
{
    DWORD written = 77;
    CHECK_OK(WriteFile(h, text, size, &written, NULL));
    CHECK_ERROR(UNTOUCHED);
    CHECK_EQ(written, size);
}

static void take(HANDLE h, const char *text, DWORD size)
{
    char buffer[512];
    DWORD got = 77777;
    CHECK_OK(ReadFile(h, buffer, sizeof buffer, &got, NULL));
    CHECK_EQ(got, size);
    CHECK(got == size && memcmp(buffer, text, size) == 0);
}

static void info_is(HANDLE h, DWORD max, DWORD next, DWORD count, DWORD timeout)
{
    DWORD a = 7777, b = 7777, c = 7777, d = 7777;
    CHECK_OK(GetMailslotInfo(h, &a, &b, &c, &d));
    CHECK_ERROR(UNTOUCHED);
    CHECK_EQ(a, max);
    CHECK_EQ(b, next);
    if (CHECK_NOT_ON_WINE("mailslot-count"))
        CHECK_EQ(c, count);
    CHECK_EQ(d, timeout);
}

static void messages_in_order(void)
{
    HANDLE slot, to, second;
    slot = server(0, 0);
    CHECK(slot != INVALID_HANDLE_VALUE);
    to = client_of(name);
    second = client_of(name);
    CHECK(to != INVALID_HANDLE_VALUE && second != INVALID_HANDLE_VALUE);
    info_is(slot, 0, MAILSLOT_NO_MESSAGE, 0, 0);
    post(to, "first", 5);
    info_is(slot, 0, 5, 1, 0);
    post(second, "second one", 10);
    post(to, "\0\1\2", 3);
    info_is(slot, 0, 5, 3, 0);
    take(slot, "first", 5);
    info_is(slot, 0, 10, 2, 0);
    take(slot, "second one", 10);
    take(slot, "\0\1\2", 3);
    info_is(slot, 0, MAILSLOT_NO_MESSAGE, 0, 0);
    CHECK(CloseHandle(to));
    CHECK(CloseHandle(second));
    CHECK(CloseHandle(slot));
}

static void zero_length(void)
{
    HANDLE slot = server(0, 0), to = client_of(name);
    DWORD written = 7, got = 7;
    char buffer[8];
    if (CHECK_NOT_ON_WINE("mailslot-zero-length")) {
        CHECK(WriteFile(to, "", 0, &written, NULL));
        CHECK_EQ(written, 0);
        post(to, "x", 1);
        info_is(slot, 0, 0, 2, 0);
        CHECK(ReadFile(slot, buffer, sizeof buffer, &got, NULL));
        CHECK_EQ(got, 0);
        info_is(slot, 0, 1, 1, 0);
        take(slot, "x", 1);
        /* It fits a buffer of no bytes. */
        CHECK(WriteFile(to, NULL, 0, &written, NULL));
        CHECK(ReadFile(slot, buffer, 0, &got, NULL));
        CHECK_EQ(got, 0);
        info_is(slot, 0, MAILSLOT_NO_MESSAGE, 0, 0);
    }
    CHECK(CloseHandle(to));
    CHECK(CloseHandle(slot));
}

static void short_buffer(void)
{
    HANDLE slot = server(0, 0), to = client_of(name);
    char buffer[8] = "unread!";
    DWORD got = 7;
    post(to, "longer than that", 16);
    post(to, "next", 4);
    if (CHECK_NOT_ON_WINE("mailslot-short-buffer")) {
        CHECK_FAILS(ReadFile(slot, buffer, sizeof buffer, &got, NULL), ERROR_INSUFFICIENT_BUFFER);
        CHECK_EQ(got, 0);
        CHECK_FAILS(ReadFile(slot, buffer, 0, &got, NULL), ERROR_INSUFFICIENT_BUFFER);
        CHECK_FAILS(ReadFile(slot, buffer, 8, &got, NULL), ERROR_INSUFFICIENT_BUFFER);
        info_is(slot, 0, 16, 2, 0);
        take(slot, "longer than that", 16);
        take(slot, "next", 4);
    }
    CHECK(CloseHandle(to));
    CHECK(CloseHandle(slot));
}

static void maximum_size(void)
{
    HANDLE slot = server(10, 0), to = client_of(name);
    DWORD written = 7;
    info_is(slot, 10, MAILSLOT_NO_MESSAGE, 0, 0);
    post(to, "0123456789", 10);
    if (CHECK_NOT_ON_WINE("mailslot-maximum-size")) {
        SetLastError(UNTOUCHED);
        CHECK(!WriteFile(to, "0123456789a", 11, &written, NULL));
        CHECK(GetLastError() != UNTOUCHED);
        info_is(slot, 10, 10, 1, 0);
    }
    take(slot, "0123456789", 10);
    info_is(slot, 10, MAILSLOT_NO_MESSAGE, 0, 0);
    CHECK(CloseHandle(to));
    CHECK(CloseHandle(slot));
}

static void empty_and_timeout(void)
{
    HANDLE slot = server(0, 0), to;
    char buffer[8];
    DWORD got = 7;
    CHECK_FAILS(ReadFile(slot, buffer, sizeof buffer, &got, NULL), ERROR_SEM_TIMEOUT);
    CHECK_EQ(got, 0);
    CHECK_OK(SetMailslotInfo(slot, 20));
    CHECK_ERROR(UNTOUCHED);
    info_is(slot, 0, MAILSLOT_NO_MESSAGE, 0, 20);
    CHECK_FAILS(ReadFile(slot, buffer, sizeof buffer, &got, NULL), ERROR_SEM_TIMEOUT);
    CHECK(SetMailslotInfo(slot, MAILSLOT_WAIT_FOREVER));
    info_is(slot, 0, MAILSLOT_NO_MESSAGE, 0, MAILSLOT_WAIT_FOREVER);
    to = client_of(name);
    post(to, "x", 1);
    take(slot, "x", 1);
    CHECK(CloseHandle(to));
    CHECK(CloseHandle(slot));
}

static void optional_outputs(void)
{
    HANDLE slot = server(5, 9);
    DWORD value = 7;
    CHECK(GetMailslotInfo(slot, NULL, NULL, NULL, NULL));
    CHECK(GetMailslotInfo(slot, &value, NULL, NULL, NULL));
    CHECK_EQ(value, 5);
    CHECK(GetMailslotInfo(slot, NULL, &value, NULL, NULL));
    CHECK_EQ(value, MAILSLOT_NO_MESSAGE);
    CHECK(GetMailslotInfo(slot, NULL, NULL, &value, NULL));
    CHECK_EQ(value, 0);
    CHECK(GetMailslotInfo(slot, NULL, NULL, NULL, &value));
    CHECK_EQ(value, 9);
    CHECK(CloseHandle(slot));
}

static void no_access(void)
{
    HANDLE slot = server(0, 0), to = client_of(name);
    char buffer[8];
    DWORD count = 7, value;
    CHECK_FAILS(WriteFile(slot, "x", 1, &count, NULL), ERROR_ACCESS_DENIED);
    CHECK_FAILS(ReadFile(to, buffer, sizeof buffer, &count, NULL), ERROR_ACCESS_DENIED);
    SetLastError(UNTOUCHED);
    CHECK(!GetMailslotInfo(to, &value, NULL, NULL, NULL));
    CHECK(GetLastError() != UNTOUCHED);
    SetLastError(UNTOUCHED);
    CHECK(!SetMailslotInfo(to, 1));
    CHECK(GetLastError() != UNTOUCHED);
    info_is(slot, 0, MAILSLOT_NO_MESSAGE, 0, 0);
    CHECK(CloseHandle(to));
    CHECK(CloseHandle(slot));
}

static void names(void)
{
    HANDLE slot, again, to;
    TCHAR upper[CONF_NAME];
    make_name(name, "\\\\.\\mailslot\\conf-slot-", "Name");
    slot = server(0, 0);
    CHECK(slot != INVALID_HANDLE_VALUE);
    CHECK_NO_FILE(again = server(0, 0), ERROR_ALREADY_EXISTS);
    make_name(upper, "\\\\.\\MAILSLOT\\CONF-Slot-", "nAME");
    CHECK_NO_FILE(again = CreateMailslot(upper, 0, 0, NULL), ERROR_ALREADY_EXISTS);
    to = client_of(upper);
    CHECK(to != INVALID_HANDLE_VALUE);
    post(to, "x", 1);
    take(slot, "x", 1);
    CHECK(CloseHandle(to));
    CHECK(CloseHandle(slot));
    CHECK_NO_FILE(client_of(name), ERROR_FILE_NOT_FOUND);
    make_name(name, "\\\\.\\mailslot\\conf\\dir\\", "n");
    slot = server(0, 0);
    CHECK(slot != INVALID_HANDLE_VALUE);
    to = client_of(name);
    CHECK(to != INVALID_HANDLE_VALUE);
    CHECK(CloseHandle(to));
    CHECK(CloseHandle(slot));
    (void)again;
}

static void bad_names(void)
{
    static const char *const bad[] = {"", "x", "\\\\.\\mailslot", "\\\\.\\mail\\x", "mailslot\\x",
                                      "\\\\.\\pipe\\x"};
    TCHAR text[CONF_NAME];
    int i;
    SetLastError(UNTOUCHED);
    CHECK(CreateMailslot(NULL, 0, 0, NULL) == INVALID_HANDLE_VALUE);
    CHECK_ERROR(ERROR_PATH_NOT_FOUND);
    if (!CHECK_NOT_ON_WINE("mailslot-bad-names"))
        return;
    for (i = 0; i < (int)(sizeof bad / sizeof bad[0]); i++) {
        HANDLE h;
        SetLastError(UNTOUCHED);
        h = CreateMailslot(to_tchar(text, bad[i]), 0, 0, NULL);
        CHECK(h == INVALID_HANDLE_VALUE);
        if (GetLastError() != ERROR_INVALID_NAME && *bad[i])
            printf("name %s: error %lu\n", bad[i], (unsigned long)GetLastError());
        if (*bad[i])
            CHECK_ERROR(ERROR_INVALID_NAME);
    }
}

static void opening(void)
{
    HANDLE slot, to, second;
    make_name(name, "\\\\.\\mailslot\\conf-slot-", "open");
    CHECK_NO_FILE(client_of(name), ERROR_FILE_NOT_FOUND);
    slot = server(0, 0);
    /* Sharing modes do not matter. */
    if (CHECK_NOT_ON_WINE("mailslot-sharing")) {
        to = CreateFile(name, GENERIC_WRITE, 0, NULL, OPEN_EXISTING, 0, NULL);
        CHECK(to != INVALID_HANDLE_VALUE);
        second = CreateFile(name, GENERIC_WRITE, FILE_SHARE_READ, NULL, OPEN_EXISTING, 0, NULL);
        CHECK(second != INVALID_HANDLE_VALUE);
        CHECK(CloseHandle(second));
        CHECK(CloseHandle(to));
    }
    if (CHECK_NOT_ON_WINE("mailslot-open-existing")) {
        to = CreateFile(name, GENERIC_WRITE, FILE_SHARE_READ, NULL, CREATE_NEW, 0, NULL);
        CHECK(to == INVALID_HANDLE_VALUE);
    }
    to = CreateFile(name, GENERIC_WRITE, FILE_SHARE_READ | FILE_SHARE_WRITE, NULL, OPEN_EXISTING,
                    0, NULL);
    CHECK(to != INVALID_HANDLE_VALUE);
    CHECK(CloseHandle(to));
    CHECK(CloseHandle(slot));
}

/* Later writes fail and the name is free, although a client has it open. */
static void owner_is_gone(HANDLE to)
{
    DWORD written = 7;
    HANDLE slot;
    if (CHECK_NOT_ON_WINE("mailslot-after-owner")) {
        SetLastError(UNTOUCHED);
        CHECK(!WriteFile(to, "x", 1, &written, NULL));
        CHECK(GetLastError() != UNTOUCHED);
        CHECK_NO_FILE(client_of(name), ERROR_FILE_NOT_FOUND);
    } else {
        CHECK(CloseHandle(to));
    }
    slot = server(0, 0);
    CHECK(slot != INVALID_HANDLE_VALUE);
    info_is(slot, 0, MAILSLOT_NO_MESSAGE, 0, 0);
    if (!check_on_wine()) {
        /* The old client does not reach the new owner. */
        CHECK(!WriteFile(to, "x", 1, &written, NULL));
        info_is(slot, 0, MAILSLOT_NO_MESSAGE, 0, 0);
        CHECK(CloseHandle(to));
    }
    CHECK(CloseHandle(slot));
}

static void owner_closes(void)
{
    HANDLE slot = server(0, 0), to = client_of(name);
    DWORD written = 7;
    char buffer[8];
    post(to, "unread", 6);
    CHECK(CloseHandle(slot));
    CHECK_FAILS(ReadFile(slot, buffer, sizeof buffer, &written, NULL), ERROR_INVALID_HANDLE);
    owner_is_gone(to);
}

/* A child owns the name and is killed: unread messages are dropped and the name is free. */
static void owner_is_killed(void)
{
    PROCESS_INFORMATION child;
    TCHAR ready_name[CONF_NAME];
    char role[CONF_NAME * 2 + 100], a[CONF_NAME], b[CONF_NAME];
    HANDLE ready, slot, to;
    make_name(ready_name, "conf-slot-ready-", "e");
    ready = CreateEvent(NULL, TRUE, FALSE, ready_name);
    to_char(a, name);
    to_char(b, ready_name);
    sprintf(role, "own %s %s", a, b);
    if (!start_self(&child, role, FALSE, 0))
        return;
    CHECK_EQ(WaitForSingleObject(ready, LONG_TIME), WAIT_OBJECT_0);
    CHECK_NO_FILE(slot = server(0, 0), ERROR_ALREADY_EXISTS);
    to = client_of(name);
    post(to, "lost", 4);
    CHECK(TerminateProcess(child.hProcess, 3));
    CHECK_EQ(finish(&child), 3);
    owner_is_gone(to);
    CHECK(CloseHandle(ready));
}

static int own_child(char **argv)
{
    TCHAR text[CONF_NAME];
    HANDLE slot = CreateMailslot(to_tchar(text, argv[2]), 0, 0, NULL);
    SetEvent(OpenEvent(EVENT_MODIFY_STATE, FALSE, to_tchar(text, argv[3])));
    Sleep(LONG_TIME);
    return slot == INVALID_HANDLE_VALUE;
}

static void between_processes(void)
{
    HANDLE slot = server(0, MAILSLOT_WAIT_FOREVER);
    PROCESS_INFORMATION child;
    char role[CONF_NAME + 100], text[CONF_NAME], expected[32];
    int i;
    to_char(text, name);
    sprintf(role, "send %s 100", text);
    if (!start_self(&child, role, FALSE, 0))
        return;
    for (i = 0; i < 100; i++) {
        sprintf(expected, "message %d", i);
        take(slot, expected, (DWORD)strlen(expected));
    }
    CHECK_EQ(finish(&child), 0);
    info_is(slot, 0, MAILSLOT_NO_MESSAGE, 0, MAILSLOT_WAIT_FOREVER);
    CHECK(CloseHandle(slot));
}

static int send_child(char **argv)
{
    TCHAR address[CONF_NAME];
    char text[32];
    HANDLE to = client_of(to_tchar(address, argv[2]));
    DWORD written;
    int i;
    for (i = 0; i < atoi(argv[3]); i++) {
        sprintf(text, "message %d", i);
        if (!WriteFile(to, text, (DWORD)strlen(text), &written, NULL))
            return 1;
    }
    return 0;
}

static void large_message(void)
{
    enum { SIZE = 60000 };
    static char out[SIZE], in[SIZE];
    HANDLE slot = server(0, 0), to = client_of(name);
    DWORD got = 0, i;
    for (i = 0; i < SIZE; i++)
        out[i] = (char)(i * 7 + i / 251);
    post(to, out, SIZE);
    CHECK(ReadFile(slot, in, SIZE, &got, NULL));
    CHECK_EQ(got, SIZE);
    CHECK(memcmp(out, in, SIZE) == 0);
    CHECK(CloseHandle(to));
    CHECK(CloseHandle(slot));
}

static void computer_and_broadcast(void)
{
    HANDLE slot = server(0, 0), to;
    TCHAR address[CONF_NAME], computer[CONF_NAME], tail[CONF_NAME];
    DWORD size = CONF_NAME, written;
    lstrcpy(tail, name + 3);
    if (CHECK_NOT_ON_WINE("mailslot-broadcast")) {
        CHECK(GetComputerName(computer, &size));
        wsprintf(address, TEXT("\\\\%s%s"), computer, tail);
        to = client_of(address);
        CHECK(to != INVALID_HANDLE_VALUE);
        post(to, "by computer", 11);
        take(slot, "by computer", 11);
        CHECK(CloseHandle(to));
        if (CHECK_EXTENSION("mailslot-default-domain")) {
            wsprintf(address, TEXT("\\\\WORKGROUP%s"), tail);
            to = client_of(address);
            CHECK(to != INVALID_HANDLE_VALUE);
            post(to, "by domain", 9);
            take(slot, "by domain", 9);
            CHECK(CloseHandle(to));
        }
        wsprintf(address, TEXT("\\\\*%s"), tail);
        to = client_of(address);
        CHECK(to != INVALID_HANDLE_VALUE);
        post(to, "to all", 6);
        take(slot, "to all", 6);
        CHECK(CloseHandle(slot));
        /* Nobody there: the write succeeds all the same. */
        CHECK(WriteFile(to, "x", 1, &written, NULL));
        CHECK(CloseHandle(to));
        to = client_of(address);
        CHECK(to != INVALID_HANDLE_VALUE);
        CHECK(WriteFile(to, "x", 1, &written, NULL));
        CHECK(CloseHandle(to));
    } else {
        CHECK(CloseHandle(slot));
    }
}

static void waiting(void)
{
    HANDLE slot = server(0, 0), to = client_of(name), h[2];
    if (CHECK_EXTENSION("mailslot-wait")) {
        h[0] = CreateEvent(NULL, FALSE, FALSE, NULL);
        h[1] = slot;
        CHECK_EQ(WaitForSingleObject(slot, 0), WAIT_TIMEOUT);
        CHECK_EQ(WaitForMultipleObjects(2, h, FALSE, 5), WAIT_TIMEOUT);
        post(to, "x", 1);
        CHECK_EQ(WaitForSingleObject(slot, 0), WAIT_OBJECT_0);
        CHECK_EQ(WaitForSingleObject(slot, 0), WAIT_OBJECT_0);
        CHECK_EQ(WaitForMultipleObjects(2, h, FALSE, LONG_TIME), WAIT_OBJECT_0 + 1);
        CHECK_EQ(WaitForMultipleObjects(2, h, TRUE, 5), WAIT_TIMEOUT);
        SetEvent(h[0]);
        CHECK_EQ(WaitForMultipleObjects(2, h, TRUE, LONG_TIME), WAIT_OBJECT_0);
        CHECK_EQ(WaitForSingleObject(h[0], 0), WAIT_TIMEOUT);
        take(slot, "x", 1);
        CHECK_EQ(WaitForSingleObject(slot, 0), WAIT_TIMEOUT);
        CHECK(CloseHandle(h[0]));
    }
    CHECK(CloseHandle(to));
    CHECK(CloseHandle(slot));
}

static void inherit_flag(void)
{
    SECURITY_ATTRIBUTES attributes = {sizeof attributes, NULL, TRUE};
    HANDLE slot = CreateMailslot(name, 0, LONG_TIME, &attributes);
    DWORD flags = 0;
    if (CHECK_NOT_ON_WINE("mailslot-inheritance")) {
        CHECK(GetHandleInformation(slot, &flags));
        CHECK_EQ(flags, HANDLE_FLAG_INHERIT);
    }
    CHECK(CloseHandle(slot));
}

int main(int argc, char **argv)
{
    if (argc > 3 && strcmp(argv[1], "own") == 0)
        return own_child(argv);
    if (argc > 3 && strcmp(argv[1], "send") == 0)
        return send_child(argv);
    make_name(name, "\\\\.\\mailslot\\conf-slot-", "s");
    RUN(messages_in_order);
    RUN(zero_length);
    RUN(short_buffer);
    RUN(maximum_size);
    RUN(empty_and_timeout);
    RUN(optional_outputs);
    RUN(no_access);
    RUN(names);
    RUN(bad_names);
    make_name(name, "\\\\.\\mailslot\\conf-slot-", "s");
    RUN(opening);
    RUN(owner_closes);
    RUN(owner_is_killed);
    RUN(between_processes);
    RUN(large_message);
    RUN(computer_and_broadcast);
    RUN(waiting);
    RUN(inherit_flag);
    return check_result();
}
