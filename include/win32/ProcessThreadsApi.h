/* ProcessThreadsApi.h: another spelling of processthreadsapi.h. */
#include "processthreadsapi.h"
