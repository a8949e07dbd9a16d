/* profileapi.h: the fine clock. */
#ifndef W32_PROFILEAPI_H
#define W32_PROFILEAPI_H

#include "w32types.h"

W32_BEGIN
WINBASEAPI BOOL WINAPI QueryPerformanceCounter(LARGE_INTEGER *lpPerformanceCount);
WINBASEAPI BOOL WINAPI QueryPerformanceFrequency(LARGE_INTEGER *lpFrequency);
W32_END

#endif
