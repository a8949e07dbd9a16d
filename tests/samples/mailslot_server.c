/* The receiving end of a guest book: a mailslot, overlapped reads with an event, GetMailslotInfo to
   learn the size first, buffers from GlobalAlloc; TCHAR, Hungarian names, void main. Ends when
   somebody writes "quit". */
#include <windows.h>
#include <tchar.h>
#include <strsafe.h>

#define BOOK_SLOT   TEXT("\\\\.\\mailslot\\samples\\guest_book")

static HANDLE g_hBook;
static DWORD  g_dwEntries;

static BOOL OpenBook(VOID)
{
    g_hBook = CreateMailslot(BOOK_SLOT, 0, MAILSLOT_WAIT_FOREVER, (LPSECURITY_ATTRIBUTES)NULL);
    if (INVALID_HANDLE_VALUE == g_hBook) {
        _tprintf(TEXT("no guest book, error %d\n"), GetLastError());
        return FALSE;
    }
    return TRUE;
}

/* One entry of cbEntry bytes; FALSE when it was the last. */
static BOOL PrintEntry(DWORD cbEntry)
{
    OVERLAPPED ov = {0};
    DWORD cbDone = 0;
    BOOL bMore = TRUE;
    TCHAR szLine[200];
    LPTSTR pszEntry = (LPTSTR)GlobalAlloc(GPTR, cbEntry + sizeof(TCHAR));

    ov.hEvent = CreateEvent(NULL, TRUE, FALSE, NULL);
    if (!ReadFile(g_hBook, pszEntry, cbEntry, NULL, &ov) && GetLastError() != ERROR_IO_PENDING) {
        _tprintf(TEXT("cannot read, error %d\n"), GetLastError());
        bMore = FALSE;
    } else {
        WaitForSingleObject(ov.hEvent, INFINITE);
        GetOverlappedResult(g_hBook, &ov, &cbDone, FALSE);
        if (lstrcmpi(pszEntry, TEXT("QUIT")) == 0) {
            bMore = FALSE;
        } else {
            StringCchPrintf(szLine, 200, TEXT("entry %d, %d characters: %s"), ++g_dwEntries,
                            (int)(cbDone / sizeof(TCHAR)) - 1, pszEntry);
            _putts(szLine);
        }
    }
    CloseHandle(ov.hEvent);
    GlobalFree((HGLOBAL)pszEntry);
    return bMore;
}

void main(void)
{
    DWORD cbNext, dwWaiting;
    BOOL bMore = TRUE;

    if (!OpenBook())
        ExitProcess(1);
    while (bMore) {
        if (!GetMailslotInfo(g_hBook, (LPDWORD)NULL, &cbNext, &dwWaiting, (LPDWORD)NULL))
            ExitProcess(2);
        if (cbNext == MAILSLOT_NO_MESSAGE)
            Sleep(10);
        else
            bMore = PrintEntry(cbNext);
    }
    CloseHandle(g_hBook);
    _tprintf(TEXT("the book has %d entries\n"), g_dwEntries);
    exit(0);
}
