/* WinCon.h: another spelling of wincon.h. */
#include "wincon.h"
