/* consoleapi.h: the console is in wincon.h. */
#include "wincon.h"
