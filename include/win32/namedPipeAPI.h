/* namedPipeAPI.h: another spelling of namedpipeapi.h. */
#include "namedpipeapi.h"
