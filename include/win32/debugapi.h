/* debugapi.h: messages for a debugger. */
#ifndef W32_DEBUGAPI_H
#define W32_DEBUGAPI_H

#include "w32types.h"

W32_BEGIN
WINBASEAPI VOID WINAPI OutputDebugStringA(LPCSTR lpOutputString);
WINBASEAPI VOID WINAPI OutputDebugStringW(LPCWSTR lpOutputString);
W32_END

#ifdef UNICODE
#define OutputDebugString OutputDebugStringW
#else
#define OutputDebugString OutputDebugStringA
#endif

#endif
