/* letter.h: upper and lower case of Unicode letters, whatever locale the program has set. */
#ifndef WIN32_LETTER_H
#define WIN32_LETTER_H

#include <stdint.h>

uint32_t win32_upper(uint32_t c);
uint32_t win32_lower(uint32_t c);

#endif
