// A Windows program in C++, with its entry in wmain.
#ifndef UNICODE
#define UNICODE
#define _UNICODE
#endif
#include <Windows.h>
#include <tchar.h>
#include <stdio.h>

int _tmain(int argc, TCHAR *argv[])
{
    HANDLE event = CreateEvent(NULL, FALSE, TRUE, argc > 0 ? NULL : argv[0]);
    if (!event || WaitForSingleObject(event, INFINITE) != WAIT_OBJECT_0)
        return 1;
    return CloseHandle(event) ? 0 : 2;
}
