/* memoryapi.h: memory by the page. */
#ifndef W32_MEMORYAPI_H
#define W32_MEMORYAPI_H

#include "w32types.h"

W32_BEGIN
WINBASEAPI LPVOID WINAPI VirtualAlloc(LPVOID lpAddress, SIZE_T dwSize, DWORD flAllocationType,
                                      DWORD flProtect);
WINBASEAPI BOOL WINAPI VirtualFree(LPVOID lpAddress, SIZE_T dwSize, DWORD dwFreeType);
W32_END

#endif
