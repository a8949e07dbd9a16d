/* HandleApi.h: another spelling of handleapi.h. */
#include "handleapi.h"
