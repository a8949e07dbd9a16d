/* lmcons.h: lengths of names. */
#ifndef W32_LMCONS_H
#define W32_LMCONS_H

#define UNLEN 256

#endif
