/* mailslot_receiver.c: owns a mailslot and prints every message until "end" arrives.
 *
 * Pure Win32. Run it in one terminal:     mailslot_receiver
 * and in another, as often as you like:   mailslot_sender hello world
 *                                         mailslot_sender end
 * With an event name as argument it sets that event once it listens. */
#include <windows.h>
#include <stdio.h>
#include <string.h>

int main(int argc, char *argv[])
{
    char message[1024];
    DWORD size, count = 0;
    HANDLE slot = CreateMailslot("\\\\.\\mailslot\\example\\inbox", sizeof message - 1,
                                 MAILSLOT_WAIT_FOREVER, NULL);
    if (slot == INVALID_HANDLE_VALUE) {
        fprintf(stderr, "CreateMailslot: error %u\n", (unsigned)GetLastError());
        return 1;
    }
    if (argc > 1) {
        HANDLE ready = OpenEvent(EVENT_MODIFY_STATE, FALSE, argv[1]);
        SetEvent(ready);
        CloseHandle(ready);
    }
    while (ReadFile(slot, message, sizeof message - 1, &size, NULL)) {
        message[size] = '\0';
        if (strcmp(message, "end") == 0)
            break;
        count++;
        printf("received %u bytes: %s\n", (unsigned)size, message);
        fflush(stdout);
    }
    printf("%u messages\n", (unsigned)count);
    CloseHandle(slot);
    return 0;
}
