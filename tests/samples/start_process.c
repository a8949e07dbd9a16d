/* Runs the command line that is its only argument and tells how that ended. */
#include <windows.h>
#include <stdio.h>
#include <tchar.h>

DWORD RunAndWait(LPTSTR pszCommand, DWORD dwMilliseconds)
{
    STARTUPINFO         StartupInfo;
    PROCESS_INFORMATION ProcessInfo;
    DWORD               dwCode = (DWORD)-1;

    memset(&StartupInfo, 0, sizeof(StartupInfo));
    StartupInfo.cb = sizeof(StartupInfo);
    StartupInfo.dwFlags = STARTF_USESHOWWINDOW;
    StartupInfo.wShowWindow = SW_HIDE;
    if (!CreateProcess(NULL, pszCommand, NULL, NULL, FALSE, NORMAL_PRIORITY_CLASS, NULL, NULL,
                       &StartupInfo, &ProcessInfo)) {
        _tprintf(TEXT("cannot start it: error %d\n"), GetLastError());
        return dwCode;
    }
    CloseHandle(ProcessInfo.hThread);
    if (WaitForSingleObject(ProcessInfo.hProcess, dwMilliseconds) == WAIT_TIMEOUT)
        TerminateProcess(ProcessInfo.hProcess, 1);
    GetExitCodeProcess(ProcessInfo.hProcess, &dwCode);
    CloseHandle(ProcessInfo.hProcess);
    return dwCode;
}

void _tmain(int argc, TCHAR *argv[])
{
    if (argc == 2)
        _tprintf(TEXT("%s: exit code %u\n"), argv[1] + lstrlen(argv[1]) - 1,
                 RunAndWait(argv[1], 30000));
    else
        _tprintf(TEXT("what shall I start?\n"));
}
