/* sal.h: source annotations, all empty. */
#ifndef W32_SAL_H
#define W32_SAL_H
#include "w32keywords.h"
#endif
