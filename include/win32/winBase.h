/* winBase.h: another spelling of winbase.h. */
#include "winbase.h"
