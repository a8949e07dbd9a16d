/* broadcast.c: one write reaches any number of processes.
 *
 * Pure Win32, and one thing more: every receiver gets a "computer" name of its own through the
 * environment variable WAITOBJ_COMPUTER, because Windows allows one owner per computer and name.
 *
 * Run: broadcast [N]      starts N receivers (default 5) and sends them three messages */
#include <windows.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST = MAXIMUM_WAIT_OBJECTS };

static int receive(const char *ready_name)
{
    char message[64];
    DWORD size;
    int count = 0;
    HANDLE slot = CreateMailslot("\\\\.\\mailslot\\example\\news", 0, 20000, NULL);
    SetEvent(OpenEvent(EVENT_MODIFY_STATE, FALSE, ready_name));
    while (count < 3 && ReadFile(slot, message, sizeof message, &size, NULL))
        count++;
    return count;
}

static HANDLE start_receiver(const char *program, int number)
{
    char line[MAX_PATH * 2], computer[32], ready_name[64];
    STARTUPINFO startup = {.cb = sizeof startup};
    PROCESS_INFORMATION child;
    HANDLE ready;
    sprintf(computer, "computer-%d", number);
    SetEnvironmentVariable("WAITOBJ_COMPUTER", computer);
    sprintf(ready_name, "broadcast-%u-%d", (unsigned)GetCurrentProcessId(), number);
    ready = CreateEvent(NULL, FALSE, FALSE, ready_name);
    sprintf(line, "\"%s\" receive %s", program, ready_name);
    if (!CreateProcess(NULL, line, NULL, NULL, FALSE, 0, NULL, NULL, &startup, &child))
        ExitProcess(1);
    WaitForSingleObject(ready, INFINITE);
    CloseHandle(ready);
    CloseHandle(child.hThread);
    return child.hProcess;
}

int main(int argc, char *argv[])
{
    int i, n = argc > 1 ? atoi(argv[1]) : 5;
    HANDLE child[MOST], everybody;
    DWORD written, code, total = 0;
    if (argc > 2 && strcmp(argv[1], "receive") == 0)
        return receive(argv[2]);
    if (n < 1 || n > MOST)
        return 1;
    for (i = 0; i < n; i++)
        child[i] = start_receiver(argv[0], i);
    everybody = CreateFile("\\\\*\\mailslot\\example\\news", GENERIC_WRITE, FILE_SHARE_READ, NULL,
                           OPEN_EXISTING, 0, NULL);
    for (i = 0; i < 3; i++)
        WriteFile(everybody, "news for everybody", 18, &written, NULL);
    WaitForMultipleObjects((DWORD)n, child, TRUE, INFINITE);
    for (i = 0; i < n; i++) {
        GetExitCodeProcess(child[i], &code);
        total += code;
    }
    printf("3 writes, %d receivers, %u messages received\n", n, (unsigned)total);
    return 0;
}
