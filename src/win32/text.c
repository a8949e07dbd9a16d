/* text.c: strings that come from and go to callers. */
#include "win32.h"

#include <stdlib.h>
#include <string.h>

#include "utf.h"

bool win32_narrow(const WCHAR *wide, char **narrow)
{
    int rc = win32_utf8_from_wide(wide, narrow);
    return rc == 0 || win32_fail(rc);
}

bool win32_ansi_name_fits(const char *name)
{
    /* MAX_PATH with the end; the W functions take one character more. */
    if (!name || win32_wide_convert(name, strlen(name), NULL, 0) < MAX_PATH)
        return true;
    return win32_fail_code(ERROR_FILENAME_EXCED_RANGE);
}

WCHAR *win32_widen(const char *narrow)
{
    WCHAR *wide;
    int rc = win32_wide_from_utf8(narrow, &wide);
    if (rc == 0)
        return wide;
    win32_fail(rc);
    return NULL;
}

static DWORD too_short(size_t needed, DWORD short_error)
{
    if (short_error)
        win32_fail_code(short_error);
    return (DWORD)needed;
}

DWORD win32_give_narrow(const char *text, char *buffer, DWORD size, DWORD short_error)
{
    size_t length = strlen(text);
    if (!buffer || length >= size)
        return too_short(length + 1, short_error);
    memcpy(buffer, text, length + 1);
    return (DWORD)length;
}

DWORD win32_give_wide(const char *text, WCHAR *buffer, DWORD size, DWORD short_error)
{
    size_t bytes = strlen(text);
    size_t length = win32_wide_convert(text, bytes, NULL, 0);
    if (!buffer || length >= size)
        return too_short(length + 1, short_error);
    (void)win32_wide_convert(text, bytes, buffer, length);
    buffer[length] = 0;
    return (DWORD)length;
}
