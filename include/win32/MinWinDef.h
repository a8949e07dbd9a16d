/* MinWinDef.h: another spelling of minwindef.h. */
#include "minwindef.h"
