/* ErrHandlingApi.h: another spelling of errhandlingapi.h. */
#include "errhandlingapi.h"
