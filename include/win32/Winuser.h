/* Winuser.h: another spelling of winuser.h. */
#include "winuser.h"
