/* Overlapped ReadFile and WriteFile on mailslots: Windows' server handle is an overlapped one. */
#include "child.h"

static char name[CONF_NAME];

static HANDLE client(DWORD flags)
{
    return CreateFileA(name, GENERIC_WRITE, FILE_SHARE_READ, NULL, OPEN_EXISTING, flags, NULL);
}

/* A read that finds a message is complete; the event is set. */
static void message_is_there(void)
{
    HANDLE slot = CreateMailslotA(name, 0, MAILSLOT_WAIT_FOREVER, NULL), to = client(0);
    OVERLAPPED io = {0};
    char buffer[16];
    DWORD size = 0;
    BOOL done;
    io.hEvent = CreateEventA(NULL, TRUE, FALSE, NULL);
    CHECK(WriteFile(to, "hello", 5, &size, NULL));
    done = ReadFile(slot, buffer, sizeof buffer, NULL, &io);
    CHECK(done || GetLastError() == ERROR_IO_PENDING);
    CHECK_EQ(WaitForSingleObject(io.hEvent, LONG_TIME), WAIT_OBJECT_0);
    CHECK_OK(GetOverlappedResult(slot, &io, &size, FALSE));
    CHECK_EQ(size, 5);
    CHECK(memcmp(buffer, "hello", 5) == 0);
    CHECK(CloseHandle(io.hEvent));
    CHECK(CloseHandle(to));
    CHECK(CloseHandle(slot));
}

/* A read of an empty mailslot is pending until a message comes; starting it resets the event. */
static void message_comes_later(void)
{
    HANDLE slot = CreateMailslotA(name, 0, MAILSLOT_WAIT_FOREVER, NULL), to = client(0);
    OVERLAPPED io = {0};
    char buffer[16];
    DWORD size = 0;
    io.hEvent = CreateEventA(NULL, TRUE, TRUE, NULL);
    CHECK_FAILS(ReadFile(slot, buffer, sizeof buffer, NULL, &io), ERROR_IO_PENDING);
    CHECK_EQ(WaitForSingleObject(io.hEvent, 20), WAIT_TIMEOUT);
    CHECK_FAILS(GetOverlappedResult(slot, &io, &size, FALSE), ERROR_IO_INCOMPLETE);
    CHECK(WriteFile(to, "later", 5, &size, NULL));
    CHECK_EQ(WaitForSingleObject(io.hEvent, LONG_TIME), WAIT_OBJECT_0);
    CHECK(GetOverlappedResult(slot, &io, &size, TRUE));
    CHECK_EQ(size, 5);
    CHECK(memcmp(buffer, "later", 5) == 0);
    CHECK(CloseHandle(io.hEvent));
    CHECK(CloseHandle(to));
    CHECK(CloseHandle(slot));
}

/* The same from another process, with the event in a wait for any. */
static void from_another_process(void)
{
    HANDLE slot = CreateMailslotA(name, 0, MAILSLOT_WAIT_FOREVER, NULL), wait_for[2];
    PROCESS_INFORMATION child;
    OVERLAPPED io = {0};
    char buffer[16], role[CONF_NAME + 100];
    DWORD size = 0;
    io.hEvent = CreateEventA(NULL, TRUE, FALSE, NULL);
    CHECK_FAILS(ReadFile(slot, buffer, sizeof buffer, NULL, &io), ERROR_IO_PENDING);
    sprintf(role, "send %s", name);
    if (!start_self(&child, role, FALSE, 0))
        return;
    wait_for[0] = CreateEventA(NULL, TRUE, FALSE, NULL);
    wait_for[1] = io.hEvent;
    CHECK_EQ(WaitForMultipleObjects(2, wait_for, FALSE, LONG_TIME), WAIT_OBJECT_0 + 1);
    CHECK(GetOverlappedResult(slot, &io, &size, FALSE));
    CHECK_EQ(size, 8);
    CHECK(memcmp(buffer, "by child", 8) == 0);
    CHECK_EQ(finish(&child), 0);
    CHECK(CloseHandle(wait_for[0]));
    CHECK(CloseHandle(io.hEvent));
    CHECK(CloseHandle(slot));
}

/* The read timeout ends a pending read. */
static void timeout_ends_it(void)
{
    HANDLE slot = CreateMailslotA(name, 0, 30, NULL);
    OVERLAPPED io = {0};
    char buffer[16];
    DWORD size = 7;
    io.hEvent = CreateEventA(NULL, TRUE, FALSE, NULL);
    CHECK_FAILS(ReadFile(slot, buffer, sizeof buffer, NULL, &io), ERROR_IO_PENDING);
    CHECK_EQ(WaitForSingleObject(io.hEvent, LONG_TIME), WAIT_OBJECT_0);
    CHECK_FAILS(GetOverlappedResult(slot, &io, &size, TRUE), ERROR_SEM_TIMEOUT);
    CHECK(CloseHandle(io.hEvent));
    CHECK(CloseHandle(slot));
}

static void cancelled(void)
{
    HANDLE slot = CreateMailslotA(name, 0, MAILSLOT_WAIT_FOREVER, NULL), to = client(0);
    OVERLAPPED io = {0};
    char buffer[16];
    DWORD size = 7;
    io.hEvent = CreateEventA(NULL, TRUE, FALSE, NULL);
    CHECK_FAILS(ReadFile(slot, buffer, sizeof buffer, NULL, &io), ERROR_IO_PENDING);
    CHECK(CancelIo(slot));
    CHECK_EQ(WaitForSingleObject(io.hEvent, LONG_TIME), WAIT_OBJECT_0);
    CHECK_FAILS(GetOverlappedResult(slot, &io, &size, TRUE), ERROR_OPERATION_ABORTED);
    /* The message goes to the next read. */
    CHECK(WriteFile(to, "kept", 4, &size, NULL));
    CHECK(ReadFile(slot, buffer, sizeof buffer, &size, NULL));
    CHECK_EQ(size, 4);
    CHECK(CloseHandle(io.hEvent));
    CHECK(CloseHandle(to));
    CHECK(CloseHandle(slot));
}

static void overlapped_write(void)
{
    HANDLE slot = CreateMailslotA(name, 0, 0, NULL), to = client(FILE_FLAG_OVERLAPPED);
    OVERLAPPED io = {0};
    char buffer[16];
    DWORD size = 7;
    io.hEvent = CreateEventA(NULL, TRUE, FALSE, NULL);
    CHECK(to != INVALID_HANDLE_VALUE);
    CHECK(WriteFile(to, "sent", 4, NULL, &io) || GetLastError() == ERROR_IO_PENDING);
    CHECK_EQ(WaitForSingleObject(io.hEvent, LONG_TIME), WAIT_OBJECT_0);
    CHECK(GetOverlappedResult(to, &io, &size, TRUE));
    CHECK_EQ(size, 4);
    CHECK(ReadFile(slot, buffer, sizeof buffer, &size, NULL));
    CHECK_EQ(size, 4);
    CHECK(CloseHandle(io.hEvent));
    CHECK(CloseHandle(to));
    CHECK(CloseHandle(slot));
}

static int send_child(const char *address)
{
    DWORD size;
    HANDLE to = CreateFileA(address, GENERIC_WRITE, FILE_SHARE_READ, NULL, OPEN_EXISTING, 0, NULL);
    return !WriteFile(to, "by child", 8, &size, NULL);
}

int main(int argc, char **argv)
{
    if (argc > 2)
        return send_child(argv[2]);
    sprintf(name, "\\\\.\\mailslot\\conf-io-%lu", (unsigned long)GetCurrentProcessId());
    RUN(message_is_there);
    if (CHECK_NOT_ON_WINE("mailslot-overlapped")) {
        RUN(message_comes_later);
        RUN(from_another_process);
        RUN(timeout_ends_it);
        RUN(cancelled);
    }
    RUN(overlapped_write);
    return check_result();
}
