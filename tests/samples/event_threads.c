/* One thread prepares a table, four others wait for a manual-reset event before they read it, and
   the main thread waits for all five. */
#include <windows.h>
#include <stdio.h>

#define READERS 4

HANDLE  hTableReady;
int     aTable[10];
LONG    lTotal = 0;

DWORD WINAPI WriterThread(LPVOID lpv)
{
    int n;
    for (n = 0; n < 10; n++)
        aTable[n] = n * (INT)(INT_PTR)lpv;
    return SetEvent(hTableReady) ? NO_ERROR : GetLastError();
}

DWORD WINAPI ReaderThread(LPVOID lpv)
{
    int n;
    if (WaitForSingleObject(hTableReady, INFINITE) != WAIT_OBJECT_0)
        ExitThread(GetLastError());
    for (n = 0; n < 10; n++)
        InterlockedExchangeAdd(&lTotal, aTable[n]);
    UNREFERENCED_PARAMETER(lpv);
    return NO_ERROR;
}

int main(int argc, char **argv)
{
    HANDLE ahThread[READERS + 1];
    DWORD  dwId, dwResult;
    int    n;

    hTableReady = CreateEvent(NULL, TRUE, FALSE, TEXT("samples table"));
    if (!hTableReady) {
        printf("CreateEvent: %d\n", GetLastError());
        return 1;
    }
    for (n = 0; n < READERS; n++)
        ahThread[n] = CreateThread(NULL, 0, ReaderThread, NULL, 0, &dwId);
    ahThread[READERS] = CreateThread(NULL, 0, WriterThread, (LPVOID)3, 0, &dwId);
    dwResult = WaitForMultipleObjects(READERS + 1, ahThread, TRUE, INFINITE);
    switch (dwResult) {
    case WAIT_OBJECT_0:
        printf("%d readers, total %d\n", READERS, lTotal);
        break;
    default:
        printf("unexpected: %d, error %d\n", dwResult, GetLastError());
        return 1;
    }
    for (n = 0; n <= READERS; n++)
        CloseHandle(ahThread[n]);
    CloseHandle(hTableReady);
    return 0;
}
