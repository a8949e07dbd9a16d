/* demo.c: events, mailslots, processes and waits between processes.
 *
 * 1. Starts three receivers, each on a "computer" of its own, and waits for three named events that
 *    tell that they listen. 2. Broadcasts messages to all computers. 3. Waits for all receivers.
 * 4. Starts four workers, takes them as they end, and adds up their exit codes.
 *
 * The receiver and worker programs are looked for beside this one. $WAITOBJ_COMPUTER makes each
 * receiver a computer of its own; on Windows this takes three computers. */
#include <windows.h>
#include <stdio.h>

#define RECEIVERS 3
#define WORKERS 4

static void fail(const char *what)
{
    printf("%s failed with error %u\n", what, (unsigned)GetLastError());
    ExitProcess(1);
}

/* Starts DIRECTORY/program with arguments. */
static HANDLE start(const char *program, const char *arguments)
{
    char path[MAX_PATH], command[MAX_PATH + 64];
    PROCESS_INFORMATION process;
    STARTUPINFO startup;

    ZeroMemory(&startup, sizeof(startup));
    startup.cb = sizeof(startup);
    GetModuleFileName(NULL, path, MAX_PATH);
    for (size_t end = strlen(path); end > 0 && path[end - 1] != '/' && path[end - 1] != '\\'; end--)
        path[end - 1] = '\0';
    snprintf(command, sizeof(command), "\"%s%s\" %s", path, program, arguments);
    if (!CreateProcess(NULL, command, NULL, NULL, FALSE, 0, NULL, NULL, &startup, &process))
        fail("CreateProcess");
    CloseHandle(process.hThread);
    return process.hProcess;
}

static void broadcast(void)
{
    static const char *const messages[] = {"hello, everybody", "one write reaches all", "end"};
    DWORD written;
    HANDLE all = CreateFile("\\\\*\\mailslot\\demo", GENERIC_WRITE, FILE_SHARE_READ, NULL,
                            OPEN_EXISTING, 0, NULL);
    if (all == INVALID_HANDLE_VALUE)
        fail("CreateFile");
    for (int i = 0; i < 3; i++)
        if (!WriteFile(all, messages[i], (DWORD)strlen(messages[i]), &written, NULL))
            fail("WriteFile");
    CloseHandle(all);
}

static void receivers_and_a_sender(void)
{
    static const char *const computers[RECEIVERS] = {"alpha", "beta", "gamma"};
    HANDLE ready[RECEIVERS], process[RECEIVERS];
    char name[64];
    DWORD count;

    printf("Three processes receive, one sends:\n");
    for (int i = 0; i < RECEIVERS; i++) {
        snprintf(name, sizeof(name), "demo-ready-%s", computers[i]);
        ready[i] = CreateEvent(NULL, TRUE, FALSE, name);
        SetEnvironmentVariable("WAITOBJ_COMPUTER", computers[i]);
        process[i] = start("receiver", computers[i]);
    }
    SetEnvironmentVariable("WAITOBJ_COMPUTER", NULL);
    if (WaitForMultipleObjects(RECEIVERS, ready, TRUE, 10000) != WAIT_OBJECT_0)
        fail("waiting for the receivers to listen");
    broadcast();
    if (WaitForMultipleObjects(RECEIVERS, process, TRUE, 10000) != WAIT_OBJECT_0)
        fail("waiting for the receivers to end");
    for (int i = 0; i < RECEIVERS; i++) {
        GetExitCodeProcess(process[i], &count);
        printf("%s received %u messages\n", computers[i], (unsigned)count);
        if (count != 2)
            ExitProcess(1);
        CloseHandle(process[i]);
        CloseHandle(ready[i]);
    }
}

static void workers(void)
{
    HANDLE process[WORKERS];
    char range[32];
    DWORD left = WORKERS, sum = 0, part;

    printf("\nFour processes add up 1 to 40000, one waits for them:\n");
    fflush(stdout);
    for (int i = 0; i < WORKERS; i++) {
        snprintf(range, sizeof(range), "%d %d", i * 10000 + 1, (i + 1) * 10000);
        process[i] = start("worker", range);
    }
    while (left > 0) {
        DWORD first = WaitForMultipleObjects(left, process, FALSE, 10000);
        if (first >= WAIT_OBJECT_0 + left || !GetExitCodeProcess(process[first], &part))
            fail("waiting for a worker");
        printf("  [process %u] %u\n", (unsigned)GetProcessId(process[first]), (unsigned)part);
        sum += part;
        CloseHandle(process[first]);
        process[first] = process[--left];
    }
    printf("the sum is %u\n", (unsigned)sum);
    if (sum != 800020000u)
        ExitProcess(1);
}

int main(void)
{
    setvbuf(stdout, NULL, _IOLBF, BUFSIZ);
    receivers_and_a_sender();
    workers();
    return 0;
}
