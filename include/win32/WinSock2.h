/* WinSock2.h: windows.h; sockets are those of the system. */
#include "windows.h"
