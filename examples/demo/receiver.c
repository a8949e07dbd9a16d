/* receiver.c: owns the mailslot \\.\mailslot\demo on its computer and prints what arrives until
 * "end" does, or nothing for ten seconds. The exit code is the number of messages.
 *
 * usage: receiver NAME       tells that it listens through the event "demo-ready-NAME" */
#include <windows.h>
#include <stdio.h>

int main(int argc, char *argv[])
{
    const char *name = argc > 1 ? argv[1] : "receiver";
    char ready_name[64], message[256];
    DWORD size;
    int count = 0;

    HANDLE slot = CreateMailslot("\\\\.\\mailslot\\demo", 0, 10000, NULL);
    if (slot == INVALID_HANDLE_VALUE) {
        printf("%s: CreateMailslot failed with error %u\n", name, (unsigned)GetLastError());
        return -1;
    }
    snprintf(ready_name, sizeof(ready_name), "demo-ready-%s", name);
    HANDLE ready = OpenEvent(EVENT_MODIFY_STATE, FALSE, ready_name);
    if (ready == NULL || !SetEvent(ready))
        return -1;

    while (ReadFile(slot, message, sizeof(message) - 1, &size, NULL)) {
        message[size] = '\0';
        printf("  [process %u, computer %s] %s\n", (unsigned)GetCurrentProcessId(), name, message);
        fflush(stdout);
        if (strcmp(message, "end") == 0)
            break;
        count++;
    }
    CloseHandle(ready);
    CloseHandle(slot);
    return count;
}
