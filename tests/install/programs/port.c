/* A Windows program, as it stands. */
#include <windows.h>
#include <stdio.h>

int main(void)
{
    HANDLE handles[2];
    handles[0] = CreateEvent(NULL, FALSE, FALSE, TEXT("install test"));
    handles[1] = CreateEvent(NULL, TRUE, TRUE, NULL);
    if (handles[0] == NULL || handles[1] == NULL)
        return 1;
    if (WaitForMultipleObjects(2, handles, FALSE, 1000) != WAIT_OBJECT_0 + 1)
        return 2;
    if (WaitForMultipleObjects(2, handles, TRUE, 0) != WAIT_TIMEOUT)
        return 3;
    CloseHandle(handles[0]);
    CloseHandle(handles[1]);
    printf("done\n");
    return 0;
}
