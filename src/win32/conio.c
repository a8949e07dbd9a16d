/* conio.c: keys and text on the console.
 *
 * On a terminal a key is read as it is pressed, without echo, Ctrl-C included. When standard input
 * is no terminal, a character of it is read. Like on Windows, end of input is EOF. */
#include "conio.h"

#include <poll.h>
#include <stdio.h>
#include <termios.h>
#include <unistd.h>

#include "format.h"
#include "w32crt.h"

/* Lets single keys through; FALSE when standard input is no terminal. */
static BOOL enter_raw(struct termios *saved)
{
    if (tcgetattr(STDIN_FILENO, saved) < 0)
        return FALSE;
    struct termios raw = *saved;
    raw.c_lflag &= ~(tcflag_t)(ICANON | ECHO | ISIG);
    raw.c_iflag &= ~(tcflag_t)(ICRNL | IXON);
    raw.c_cc[VMIN] = 1;
    raw.c_cc[VTIME] = 0;
    return tcsetattr(STDIN_FILENO, TCSANOW, &raw) == 0;
}

static void leave_raw(const struct termios *saved)
{
    tcsetattr(STDIN_FILENO, TCSANOW, saved);
}

int _getch(void)
{
    struct termios saved;
    fflush(stdout);
    if (!enter_raw(&saved))
        return getchar();
    int c = getchar();
    leave_raw(&saved);
    return c;
}

int _getche(void)
{
    int c = _getch();
    if (c != EOF)
        _putch(c);
    return c;
}

int _kbhit(void)
{
    struct termios saved;
    struct pollfd input = {.fd = STDIN_FILENO, .events = POLLIN};
    BOOL raw = enter_raw(&saved);
    BOOL hit = poll(&input, 1, 0) > 0 && (input.revents & POLLIN);
    if (raw)
        leave_raw(&saved);
    return hit;
}

int _ungetch(int c)
{
    return ungetc(c, stdin);
}

int _putch(int c)
{
    int r = putchar(c);
    fflush(stdout);
    return r;
}

int _cputs(const char *s)
{
    int r = !s || fputs(s, stdout) < 0 ? -1 : 0;
    fflush(stdout);
    return r;
}

int _cprintf(const char *format, ...)
{
    va_list a;
    va_start(a, format);
    int r = w32_vprintf(format, a);
    va_end(a);
    fflush(stdout);
    return r;
}
