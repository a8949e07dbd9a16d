// A student's program: which worker is first? TCHAR, #define'd constants, all in one file.
#include <WINDOWS.H>
#include <iostream>
#include <tchar.h>
#include <cstdlib>

#define N 5
#define FINISH 1000

using std::cout;
using std::endl;

typedef struct _CAR {
    int nNumber;
    HANDLE hStart;
    HANDLE hArrived;
} CAR, *PCAR;

DWORD __stdcall Drive(LPVOID lpParameter)
{
    PCAR pCar = (PCAR)lpParameter;
    WaitForSingleObject(pCar->hStart, INFINITE);
    volatile int nMetres = 0;
    while (nMetres < FINISH)
        nMetres = nMetres + pCar->nNumber;
    SetEvent(pCar->hArrived);
    return (DWORD)pCar->nNumber;
}

int _tmain(int, _TCHAR **)
{
    CAR car[N];
    HANDLE hThread[N], hArrived[N];
    HANDLE hStart = CreateEvent(NULL, TRUE, FALSE, _T("Start"));
    if (hStart == NULL || GetLastError() == ERROR_ALREADY_EXISTS)
        return EXIT_FAILURE;
    for (int i = 0; i < N; i++) {
        car[i].nNumber = i + 1;
        car[i].hStart = hStart;
        car[i].hArrived = hArrived[i] = CreateEvent(NULL, FALSE, FALSE, NULL);
        hThread[i] = CreateThread(NULL, 0, (LPTHREAD_START_ROUTINE)Drive, (LPVOID)&car[i], 0, NULL);
    }
    SetEvent(hStart);
    int nSum = 0;
    for (int i = 0; i < N; i++) {
        DWORD dw = WaitForMultipleObjects(N, hArrived, FALSE, INFINITE);
        nSum += (int)(dw - WAIT_OBJECT_0) + 1;
    }
    WaitForMultipleObjects(N, hThread, TRUE, INFINITE);
    for (int i = 0; i < N; i++) {
        DWORD dwCode;
        GetExitCodeThread(hThread[i], &dwCode);
        nSum += (int)dwCode;
        CloseHandle(hThread[i]);
        CloseHandle(hArrived[i]);
    }
    CloseHandle(hStart);
    cout << "all cars arrived: " << nSum << endl;
    return EXIT_SUCCESS;
}
