/* module.c: the program's own file. It is the only module there is. */
#include "win32.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "platform/process.h"

/* What the program's module handle points to; programs only compare it. */
static char program_module;

static bool own_path(char path[PATH_MAX])
{
    int rc = wo__self_program(path, PATH_MAX);
    return rc == 0 || win32_fail(rc);
}

/* The program by its file's name, with or without directory and ".exe". */
static bool names_program(const char *name)
{
    char path[PATH_MAX];
    if (!own_path(path))
        return false;
    const char *own = strrchr(path, '/') + 1;
    const char *given = name + strlen(name);
    while (given > name && !strchr("/\\", given[-1]))
        given--;
    size_t n = strlen(given);
    if (n > 4 && strcasecmp(given + n - 4, ".exe") == 0 && strlen(own) != n)
        n -= 4;
    return strlen(own) == n && strncasecmp(own, given, n) == 0;
}

HMODULE WINAPI GetModuleHandleA(LPCSTR name)
{
    if (!name || names_program(name))
        return (HMODULE)&program_module;
    win32_fail_code(ERROR_MOD_NOT_FOUND);
    return NULL;
}

HMODULE WINAPI GetModuleHandleW(LPCWSTR name)
{
    char *narrow;
    if (!win32_narrow(name, &narrow))
        return NULL;
    HMODULE module = GetModuleHandleA(narrow);
    free(narrow);
    return module;
}

static bool module_path(HMODULE module, char path[PATH_MAX])
{
    if (module && module != (HMODULE)&program_module)
        return win32_fail_code(ERROR_MOD_NOT_FOUND);
    return own_path(path);
}

/* What does not fit is cut off, which is an error although the answer is not 0. */
static DWORD told(size_t length, DWORD size)
{
    SetLastError(length < size ? ERROR_SUCCESS : ERROR_INSUFFICIENT_BUFFER);
    return length < size ? (DWORD)length : size;
}

static size_t room(size_t length, DWORD size)
{
    return length < size ? length : size - 1;
}

DWORD WINAPI GetModuleFileNameA(HMODULE module, LPSTR name, DWORD size)
{
    char path[PATH_MAX];
    if (!module_path(module, path))
        return 0;
    size_t length = strlen(path);
    if (size > 0) {
        memcpy(name, path, room(length, size));
        name[room(length, size)] = '\0';
    }
    return told(length, size);
}

DWORD WINAPI GetModuleFileNameW(HMODULE module, LPWSTR name, DWORD size)
{
    char path[PATH_MAX];
    size_t length = 0;
    WCHAR *wide = module_path(module, path) ? win32_widen(path) : NULL;
    if (!wide)
        return 0;
    while (wide[length])
        length++;
    if (size > 0) {
        memcpy(name, wide, room(length, size) * sizeof *name);
        name[room(length, size)] = 0;
    }
    free(wide);
    return told(length, size);
}
