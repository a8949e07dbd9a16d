/* Writes its arguments into the guest book of mailslot_server, as strings with their end. */
#include <Windows.h>
#include <stdio.h>
#include <tchar.h>

static LPCTSTR pszBook = _T("\\\\.\\mailslot\\samples\\guest_book");

int _tmain(int argc, _TCHAR *argv[])
{
    HANDLE hBook = INVALID_HANDLE_VALUE;
    DWORD cb, dwTry;
    int iArg;

    /* the server may be slow to start */
    for (dwTry = 0; hBook == INVALID_HANDLE_VALUE && dwTry < 1000; dwTry++) {
        hBook = CreateFile(pszBook, GENERIC_WRITE, FILE_SHARE_READ, (LPSECURITY_ATTRIBUTES)NULL,
                           OPEN_EXISTING, FILE_ATTRIBUTE_NORMAL, (HANDLE)NULL);
        if (hBook == INVALID_HANDLE_VALUE)
            Sleep(10);
    }
    for (iArg = 1; iArg < argc; iArg++) {
        cb = (DWORD)((_tcslen(argv[iArg]) + 1) * sizeof(TCHAR));
        if (!WriteFile(hBook, argv[iArg], cb, &cb, (LPOVERLAPPED)NULL)) {
            _ftprintf(stderr, _T("writing \"%s\" failed, error %u\n"), argv[iArg], GetLastError());
            return EXIT_FAILURE;
        }
    }
    CloseHandle(hBook);
    return EXIT_SUCCESS;
}
