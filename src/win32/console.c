/* console.c: the console: a terminal, or whatever the standard streams are.
 *
 * Text is UTF-8 on the terminal. WriteConsole works on any handle that can be written, so that a
 * program's output can be redirected (Windows refuses; programs then lose their text). */
#include "win32.h"

#include <errno.h>
#include <stdlib.h>
#include <termios.h>
#include <unistd.h>

#include "file.h"
#include "handle.h"
#include "utf.h"

/* ---- Text ----------------------------------------------------------------------------------- */

BOOL WINAPI WriteConsoleA(HANDLE console, const VOID *text, DWORD count, LPDWORD done,
                          LPVOID reserved)
{
    (void)reserved;
    return WriteFile(console, text, count, done, NULL);
}

BOOL WINAPI WriteConsoleW(HANDLE console, const VOID *text, DWORD count, LPDWORD done,
                          LPVOID reserved)
{
    char *narrow;
    size_t length;
    DWORD written;
    uint32_t flags;
    (void)reserved;
    int rc = wo__handle_get_flags(console, &flags); /* before the text is touched */
    if (rc < 0)
        return win32_fail(rc);
    if (!text && count)
        return win32_fail_code(ERROR_INVALID_USER_BUFFER);
    rc = win32_utf8_from_wide_n(text ? text : (const WCHAR *)u"", count, &narrow, &length);
    if (rc < 0)
        return win32_fail(rc);
    BOOL ok = WriteFile(console, narrow, (DWORD)length, &written, NULL);
    free(narrow);
    if (done)
        *done = ok ? count : 0;
    return ok;
}

/* A line ends with \r\n there, so one byte is kept back for it. */
BOOL WINAPI ReadConsoleA(HANDLE console, LPVOID buffer, DWORD size, LPDWORD done,
                         PCONSOLE_READCONSOLE_CONTROL control)
{
    DWORD n = 0;
    char *text = buffer;
    (void)control;
    if (done)
        *done = 0;
    if (!ReadFile(console, buffer, size > 1 ? size - 1 : size, &n, NULL)) {
        if (GetLastError() != ERROR_BROKEN_PIPE)
            return FALSE;
        n = 0; /* the end of a redirected input reads as nothing */
    }
    if (n > 0 && n < size && text[n - 1] == '\n' && (n < 2 || text[n - 2] != '\r')) {
        text[n - 1] = '\r';
        text[n++] = '\n';
    }
    if (done)
        *done = n;
    return TRUE;
}

/* UTF-8 never gives more units of UTF-16 than it has bytes. */
BOOL WINAPI ReadConsoleW(HANDLE console, LPVOID buffer, DWORD size, LPDWORD done,
                         PCONSOLE_READCONSOLE_CONTROL control)
{
    DWORD n = 0;
    uint32_t flags;
    int rc = wo__handle_get_flags(console, &flags);
    if (rc < 0)
        return win32_fail(rc);
    if (!buffer && size)
        return win32_fail_code(ERROR_NOACCESS);
    char *narrow = malloc(size ? size : 1);
    if (!narrow)
        return win32_fail(-ENOMEM);
    BOOL ok = ReadConsoleA(console, narrow, size, &n, control);
    if (ok)
        n = (DWORD)win32_wide_convert(narrow, n, buffer, size);
    free(narrow);
    if (done)
        *done = ok ? n : 0;
    return ok;
}

/* ---- Modes ---------------------------------------------------------------------------------- */

/* The terminal behind a handle, with a reference to its object. */
static int get_terminal(HANDLE console, struct wo__object **out)
{
    uint32_t access;
    int rc = wo__handle_get_access(console, &wo__file_type, out, &access);
    if (rc < 0)
        return rc;
    int fd = wo__file_descriptor(*out);
    if (isatty(fd))
        return fd;
    wo__object_release(*out);
    return -EBADF;
}

static DWORD mode_of(const struct termios *t)
{
    return (t->c_lflag & ISIG ? ENABLE_PROCESSED_INPUT : 0u) |
           (t->c_lflag & ICANON ? ENABLE_LINE_INPUT : 0u) |
           (t->c_lflag & ECHO ? ENABLE_ECHO_INPUT : 0u);
}

/* On a terminal that is both input and output the bits of the input count. */
BOOL WINAPI GetConsoleMode(HANDLE console, LPDWORD mode)
{
    struct wo__object *o;
    struct termios t;
    int fd = get_terminal(console, &o);
    if (fd < 0)
        return win32_fail(fd);
    int rc = tcgetattr(fd, &t) < 0 ? -errno : 0;
    wo__object_release(o);
    if (rc < 0)
        return win32_fail(rc);
    if (!mode)
        return win32_fail_code(ERROR_NOACCESS);
    *mode = mode_of(&t);
    return TRUE;
}

static void apply_mode(struct termios *t, DWORD mode)
{
    t->c_lflag &= ~(tcflag_t)(ISIG | ICANON | ECHO);
    t->c_lflag |= (mode & ENABLE_PROCESSED_INPUT ? (tcflag_t)ISIG : 0) |
                  (mode & ENABLE_LINE_INPUT ? (tcflag_t)ICANON : 0) |
                  (mode & ENABLE_ECHO_INPUT ? (tcflag_t)ECHO : 0);
}

/* For input handles; an output handle's mode has no meaning on a terminal. */
BOOL WINAPI SetConsoleMode(HANDLE console, DWORD mode)
{
    struct wo__object *o;
    struct termios t;
    int fd = get_terminal(console, &o);
    if (fd < 0)
        return win32_fail(fd);
    int rc = 0;
    bool is_input = fd == STDIN_FILENO;
    if (is_input && tcgetattr(fd, &t) == 0) {
        apply_mode(&t, mode);
        rc = tcsetattr(fd, TCSANOW, &t) < 0 ? -errno : 0;
    }
    wo__object_release(o);
    return win32_result(rc);
}

UINT WINAPI GetConsoleCP(void)
{
    return CP_UTF8;
}

UINT WINAPI GetConsoleOutputCP(void)
{
    return CP_UTF8;
}

/* Every code page is UTF-8 here. */
BOOL WINAPI SetConsoleCP(UINT page)
{
    (void)page;
    return TRUE;
}

BOOL WINAPI SetConsoleOutputCP(UINT page)
{
    (void)page;
    return TRUE;
}

/* Terminals show what they like. */
BOOL WINAPI SetConsoleTitleA(LPCSTR title)
{
    return title ? TRUE : win32_fail_code(ERROR_INVALID_PARAMETER);
}

BOOL WINAPI SetConsoleTitleW(LPCWSTR title)
{
    return title ? TRUE : win32_fail_code(ERROR_INVALID_PARAMETER);
}
