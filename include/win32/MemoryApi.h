/* MemoryApi.h: another spelling of memoryapi.h. */
#include "memoryapi.h"
