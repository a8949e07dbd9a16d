/* Synchapi.h: another spelling of synchapi.h. */
#include "synchapi.h"
