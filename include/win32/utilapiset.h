/* utilapiset.h: the speaker. */
#ifndef W32_UTILAPISET_H
#define W32_UTILAPISET_H

#include "w32types.h"

W32_BEGIN
WINBASEAPI BOOL WINAPI Beep(DWORD dwFreq, DWORD dwDuration);
W32_END

#endif
