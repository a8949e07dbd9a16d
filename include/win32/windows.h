/* windows.h: the Win32 face of waitobj.
 *
 * 8-bit strings are UTF-8; the functions that end in W take UTF-16. Define UNICODE and _UNICODE to
 * make W the default. Build with -fshort-wchar to use L"" literals; the library is the same. A
 * function that is not declared here does not exist in the library. _WIN32 is not defined. */
#ifndef W32_WINDOWS_H
#define W32_WINDOWS_H

#include <ctype.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "excpt.h"
#include "w32crt.h"
#include "windef.h"
#include "winbase.h"
#include "wincon.h"
#include "winerror.h"
#include "winnls.h"
#include "winnt.h"
#include "winuser.h"

#endif
