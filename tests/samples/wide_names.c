/* L"" literals and W functions throughout: a program for Windows only, so to speak. */
#include <windows.h>
#include <stdio.h>

static const WCHAR szEventName[] = L"Local\\WideEvent \x00E4\x20AC";

int main(void)
{
    WCHAR szBuffer[100];
    CHAR szNarrow[100];
    HANDLE hEvent = CreateEventW(NULL, FALSE, FALSE, szEventName);
    HANDLE hAgain = OpenEventW(EVENT_ALL_ACCESS, FALSE, L"WideEvent \x00E4\x20AC");

    if (!hEvent || !hAgain) {
        printf("no event: %u\n", (unsigned)GetLastError());
        return 1;
    }
    SetEvent(hAgain);
    wsprintfW(szBuffer, L"%s %d", L"wait returned", (int)WaitForSingleObject(hEvent, 0));
    lstrcatW(szBuffer, L"!");
    WideCharToMultiByte(CP_UTF8, 0, szBuffer, -1, szNarrow, sizeof(szNarrow), NULL, NULL);
    printf("%s (%d characters)\n", szNarrow, lstrlenW(szBuffer));
    CloseHandle(hAgain);
    CloseHandle(hEvent);
    return 0;
}
