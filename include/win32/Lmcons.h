/* Lmcons.h: another spelling of lmcons.h. */
#include "lmcons.h"
