/* one_wait.c: one WaitForMultipleObjects over a process, an event, a mailslot and standard input.
 *
 * Win32; that a mailslot and standard input can be waited on is waitobj's own.
 *
 * Run: (sleep 1; echo a line) | one_wait        starts itself as the process that does the rest */
#include <windows.h>
#include <stdio.h>
#include <string.h>

#define SLOT "\\\\.\\mailslot\\example\\one-wait"

static int other_process(void)
{
    DWORD written;
    HANDLE slot = CreateFile(SLOT, GENERIC_WRITE, FILE_SHARE_READ, NULL, OPEN_EXISTING, 0, NULL);
    HANDLE event = OpenEvent(EVENT_MODIFY_STATE, FALSE, "one-wait");
    WriteFile(slot, "hello", 5, &written, NULL);
    SetEvent(event);
    return 42;
}

int main(int argc, char *argv[])
{
    STARTUPINFO startup = {.cb = sizeof startup};
    PROCESS_INFORMATION child;
    HANDLE wait[4];
    char text[200], line[MAX_PATH * 2];
    DWORD size, code, count = 4, got;
    if (argc > 1)
        return other_process();
    wait[0] = GetStdHandle(STD_INPUT_HANDLE);
    wait[1] = CreateMailslot(SLOT, 0, 0, NULL);
    wait[2] = CreateEvent(NULL, FALSE, FALSE, "one-wait");
    sprintf(line, "\"%s\" other", argv[0]);
    if (!CreateProcess(NULL, line, NULL, NULL, FALSE, 0, NULL, NULL, &startup, &child))
        return 1;
    wait[3] = child.hProcess;
    while (count == 4) {
        got = WaitForMultipleObjects(count, wait, FALSE, 20000);
        if (got == WAIT_OBJECT_0 && ReadFile(wait[0], text, sizeof text - 1, &size, NULL) && size)
            printf("standard input: %.*s", (int)size, text);
        else if (got == WAIT_OBJECT_0)
            wait[0] = CreateEvent(NULL, TRUE, FALSE, NULL); /* the end: nothing more from there */
        else if (got == WAIT_OBJECT_0 + 1 && ReadFile(wait[1], text, sizeof text, &size, NULL))
            printf("mailslot: %.*s\n", (int)size, text);
        else if (got == WAIT_OBJECT_0 + 2)
            printf("event\n");
        else
            count = got == WAIT_OBJECT_0 + 3 ? 3 : 0;
        fflush(stdout);
    }
    GetExitCodeProcess(child.hProcess, &code);
    printf("the process ended with %u\n", (unsigned)code);
    return count != 3;
}
