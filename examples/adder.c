/* adder.c: worker processes do parts of a sum, their exit codes are the results.
 *
 * Pure Win32. The workers are named as on Windows, PartAdder.exe; the program is found without the
 * ".exe" too. Exit codes have all 32 bits.
 *
 * Run in the directory of PartAdder: adder [LAST] [WORKERS]      adds 1..LAST */
#include <windows.h>
#include <stdio.h>
#include <stdlib.h>

enum { MOST = MAXIMUM_WAIT_OBJECTS };

int main(int argc, char *argv[])
{
    int last = argc > 1 ? atoi(argv[1]) : 20, workers = argc > 2 ? atoi(argv[2]) : 4, i;
    HANDLE process[MOST];
    DWORD code, sum = 0;
    if (workers < 1 || workers > MOST)
        return 1;
    for (i = 0; i < workers; i++) {
        STARTUPINFO startup = {.cb = sizeof startup};
        PROCESS_INFORMATION child;
        char line[100];
        sprintf(line, "PartAdder.exe %d %d", last * i / workers + 1, last * (i + 1) / workers);
        if (!CreateProcess(NULL, line, NULL, NULL, FALSE, 0, NULL, NULL, &startup, &child)) {
            fprintf(stderr, "cannot start %s: error %u\n", line, (unsigned)GetLastError());
            return 1;
        }
        CloseHandle(child.hThread);
        process[i] = child.hProcess;
    }
    WaitForMultipleObjects((DWORD)workers, process, TRUE, INFINITE);
    for (i = 0; i < workers; i++) {
        GetExitCodeProcess(process[i], &code);
        CloseHandle(process[i]);
        printf("worker %d: %u\n", i, (unsigned)code);
        sum += code;
    }
    printf("the sum of 1..%d is %u\n", last, (unsigned)sum);
    return 0;
}
