/* interlockedapi.h: the interlocked functions are in winnt.h. */
#include "winnt.h"
