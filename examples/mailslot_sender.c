/* mailslot_sender.c: writes each argument as one message to the mailslot of mailslot_receiver.
 *
 * Pure Win32. Run: mailslot_sender hello "two words" end */
#include <windows.h>
#include <stdio.h>
#include <string.h>

int main(int argc, char *argv[])
{
    int i;
    DWORD written;
    HANDLE slot = CreateFile("\\\\.\\mailslot\\example\\inbox", GENERIC_WRITE, FILE_SHARE_READ,
                             NULL, OPEN_EXISTING, FILE_ATTRIBUTE_NORMAL, NULL);
    if (slot == INVALID_HANDLE_VALUE) {
        fprintf(stderr, "nobody listens: error %u\n", (unsigned)GetLastError());
        return 1;
    }
    for (i = 1; i < argc; i++) {
        if (!WriteFile(slot, argv[i], (DWORD)strlen(argv[i]), &written, NULL)) {
            fprintf(stderr, "WriteFile: error %u\n", (unsigned)GetLastError());
            return 1;
        }
    }
    CloseHandle(slot);
    return 0;
}
