/* WinDef.h: another spelling of windef.h. */
#include "windef.h"
