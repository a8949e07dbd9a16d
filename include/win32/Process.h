/* Process.h: another spelling of process.h. */
#include "process.h"
