/* WinNT.h: another spelling of winnt.h. */
#include "winnt.h"
