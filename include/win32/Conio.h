/* Conio.h: another spelling of conio.h. */
#include "conio.h"
