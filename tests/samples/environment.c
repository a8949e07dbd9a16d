/* Sets a variable and starts itself as a child, which prints it; errors as text of the system, in a
   buffer that FormatMessage allocates. */
#include <windows.h>
#include <tchar.h>
#include <stdio.h>
#include <strsafe.h>

#define VARIABLE TEXT("SAMPLES_COLOUR")

static VOID Complain(LPCTSTR pszWhat)
{
    DWORD  dwError = GetLastError();
    LPTSTR pszText = NULL, pszAll;
    size_t cchAll;

    FormatMessage(FORMAT_MESSAGE_ALLOCATE_BUFFER | FORMAT_MESSAGE_FROM_SYSTEM |
                  FORMAT_MESSAGE_IGNORE_INSERTS, NULL, dwError,
                  MAKELANGID(LANG_NEUTRAL, SUBLANG_DEFAULT), (LPTSTR)&pszText, 0, NULL);
    cchAll = (size_t)(lstrlen(pszText) + lstrlen(pszWhat)) + 30;
    pszAll = (LPTSTR)LocalAlloc(LMEM_ZEROINIT, cchAll * sizeof(TCHAR));
    StringCchPrintf(pszAll, cchAll, TEXT("%s: error %d, %s"), pszWhat, dwError, pszText);
    _tprintf(TEXT("%s"), pszAll);
    LocalFree(pszText);
    LocalFree(pszAll);
    ExitProcess(dwError);
}

int _tmain(int argc, TCHAR **argv)
{
    TCHAR szValue[64], szCommand[2 * MAX_PATH];
    STARTUPINFO si = { sizeof(si) };
    PROCESS_INFORMATION pi;
    DWORD cch = GetEnvironmentVariable(VARIABLE, szValue, 64);

    if (argc > 1 && _tcscmp(argv[1], TEXT("error")) == 0) {
        if (!OpenEvent(SYNCHRONIZE, FALSE, TEXT("samples: there is none")))
            Complain(TEXT("OpenEvent"));
    } else if (argc > 1) {
        _tprintf(TEXT("the child sees %s\n"), cch ? szValue : TEXT("nothing"));
        return 0;
    }
    if (!cch && GetLastError() == ERROR_ENVVAR_NOT_FOUND)
        printf("not set yet\n");
    if (!SetEnvironmentVariable(VARIABLE, TEXT("dark green")))
        Complain(TEXT("SetEnvironmentVariable"));
    StringCchCopy(szCommand, 2 * MAX_PATH, TEXT("\""));
    GetModuleFileName(NULL, szCommand + 1, MAX_PATH);
    StringCchCat(szCommand, 2 * MAX_PATH, TEXT("\" child"));
    fflush(stdout);
    if (!CreateProcess(NULL, szCommand, NULL, NULL, TRUE, 0, NULL, NULL, &si, &pi))
        Complain(TEXT("CreateProcess"));
    WaitForSingleObject(pi.hProcess, INFINITE);
    CloseHandle(pi.hProcess);
    CloseHandle(pi.hThread);
    return 0;
}
