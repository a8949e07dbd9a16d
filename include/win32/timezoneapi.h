/* timezoneapi.h: between calendar time and file time. */
#ifndef W32_TIMEZONEAPI_H
#define W32_TIMEZONEAPI_H

#include "w32types.h"

W32_BEGIN
WINBASEAPI BOOL WINAPI FileTimeToSystemTime(const FILETIME *lpFileTime, LPSYSTEMTIME lpSystemTime);
WINBASEAPI BOOL WINAPI SystemTimeToFileTime(const SYSTEMTIME *lpSystemTime, LPFILETIME lpFileTime);
W32_END

#endif
