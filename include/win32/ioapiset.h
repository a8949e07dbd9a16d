/* ioapiset.h: overlapped operations. */
#ifndef W32_IOAPISET_H
#define W32_IOAPISET_H

#include "w32types.h"

#define HasOverlappedIoCompleted(lpOverlapped) w32_overlapped_completed(lpOverlapped)

W32_BEGIN
WINBASEAPI BOOL WINAPI GetOverlappedResult(HANDLE hFile, LPOVERLAPPED lpOverlapped,
                                           LPDWORD lpNumberOfBytesTransferred, BOOL bWait);
WINBASEAPI BOOL WINAPI GetOverlappedResultEx(HANDLE hFile, LPOVERLAPPED lpOverlapped,
                                             LPDWORD lpNumberOfBytesTransferred,
                                             DWORD dwMilliseconds, BOOL bAlertable);
/* Also moves the operation on: operations make progress in the calls that ask about them. */
WINBASEAPI BOOL WINAPI w32_overlapped_completed(LPOVERLAPPED lpOverlapped);
WINBASEAPI BOOL WINAPI CancelIo(HANDLE hFile);
WINBASEAPI BOOL WINAPI CancelIoEx(HANDLE hFile, LPOVERLAPPED lpOverlapped);
W32_END

#endif
