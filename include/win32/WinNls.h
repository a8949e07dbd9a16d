/* WinNls.h: another spelling of winnls.h. */
#include "winnls.h"
