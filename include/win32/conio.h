/* conio.h: keys and text on the console. _kbhit does not see what stdin's buffer already holds. */
#ifndef W32_CONIO_H
#define W32_CONIO_H

#include "minwindef.h"

W32_BEGIN
WINBASEAPI int _getch(void);
WINBASEAPI int _getche(void);
WINBASEAPI int _kbhit(void);
WINBASEAPI int _ungetch(int c);
WINBASEAPI int _putch(int c);
WINBASEAPI int _cputs(const char *s);
WINBASEAPI int _cprintf(const char *format, ...);
W32_END

#define _gettch _getch
#define _gettche _getche
#define _puttch _putch
#ifndef NO_OLDNAMES
#define getch() _getch()
#define getche() _getche()
#define kbhit() _kbhit()
#define ungetch(c) _ungetch(c)
#define putch(c) _putch(c)
#define cputs(s) _cputs(s)
#define cprintf _cprintf
#endif

#endif
