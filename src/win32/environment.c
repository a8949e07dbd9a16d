/* environment.c: environment variables and the current directory.
 *
 * The environment is the process's own (environ), so getenv and started programs see the same.
 * As on Windows a name is found in whatever case it is written; an exact match wins.
 *
 * win32_lock makes the functions of this file safe against each other in all threads; a program
 * that calls setenv itself has to look after that. */
#include "win32.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "utf.h"

extern char **environ;

static size_t name_length(const char *entry)
{
    return strcspn(entry, "=");
}

/* The entry with that name, exact or in another case; NULL. Locked. */
static const char *find(const char *name, size_t length)
{
    const char *similar = NULL;
    for (char **e = environ; e && *e && length; e++) {
        if (name_length(*e) != length || strncasecmp(*e, name, length) != 0)
            continue;
        if (strncmp(*e, name, length) == 0)
            return *e;
        similar = *e;
    }
    return similar;
}

/* A copy of the value, to be freed. 0, -ENOENT or -ENOMEM. */
static int get(const char *name, size_t length, char **out)
{
    win32_lock();
    const char *entry = find(name, length);
    char *value = entry ? strdup(entry + length + 1) : NULL;
    win32_unlock();
    if (!entry)
        return -ENOENT;
    *out = value;
    return value ? 0 : -ENOMEM;
}

static bool get_or_fail(const char *name, char **value)
{
    int rc = name ? get(name, strlen(name), value) : -ENOENT;
    if (rc == -ENOENT)
        return win32_fail_code(ERROR_ENVVAR_NOT_FOUND);
    return rc == 0 || win32_fail(rc);
}

DWORD WINAPI GetEnvironmentVariableA(LPCSTR name, LPSTR buffer, DWORD size)
{
    char *value = NULL;
    if (!get_or_fail(name, &value))
        return 0;
    DWORD n = win32_give_narrow(value, buffer, size, 0);
    free(value);
    return n;
}

DWORD WINAPI GetEnvironmentVariableW(LPCWSTR name, LPWSTR buffer, DWORD size)
{
    char *narrow = NULL, *value = NULL;
    if (!win32_narrow(name, &narrow))
        return 0;
    bool found = get_or_fail(narrow, &value);
    free(narrow);
    if (!found)
        return 0;
    DWORD n = win32_give_wide(value, buffer, size, 0);
    free(value);
    return n;
}

/* Under the name it already has, if it has one. Locked. */
static int set_locked(const char *name, const char *value)
{
    size_t length = strlen(name);
    const char *entry = find(name, length);
    char *actual = entry ? strndup(entry, length) : strdup(name);
    if (!actual)
        return -ENOMEM;
    int rc = value ? setenv(actual, value, 1) : unsetenv(actual);
    rc = rc < 0 ? -errno : 0;
    free(actual);
    return rc;
}

/* A NULL value removes the variable, which need not exist. */
BOOL WINAPI SetEnvironmentVariableA(LPCSTR name, LPCSTR value)
{
    if (!name)
        return win32_fail_code(ERROR_ENVVAR_NOT_FOUND);
    if (!*name || strchr(name, '='))
        return win32_fail_code(ERROR_INVALID_PARAMETER);
    win32_lock();
    int rc = set_locked(name, value);
    win32_unlock();
    return win32_result(rc);
}

BOOL WINAPI SetEnvironmentVariableW(LPCWSTR name, LPCWSTR value)
{
    char *narrow_name, *narrow_value;
    if (!win32_narrow(name, &narrow_name))
        return FALSE;
    BOOL ok = win32_narrow(value, &narrow_value);
    if (ok) {
        ok = SetEnvironmentVariableA(narrow_name, narrow_value);
        free(narrow_value);
    }
    free(narrow_name);
    return ok;
}

/* ---- All at once ---------------------------------------------------------------------------- */

/* Strings one after the other, then an empty one; *size counts that, too. */
static char *block_of_environment(size_t *size)
{
    size_t n = 1;
    win32_lock();
    for (char **e = environ; e && *e; e++)
        n += strlen(*e) + 1;
    bool empty = n == 1;
    char *block = calloc(1, n + empty), *to = block;
    for (char **e = environ; block && e && *e; e++) {
        size_t bytes = strlen(*e) + 1;
        memcpy(to, *e, bytes);
        to += bytes;
    }
    win32_unlock();
    *size = n + empty;
    return block;
}

LPCH WINAPI GetEnvironmentStringsA(void)
{
    size_t size;
    char *block = block_of_environment(&size);
    if (!block)
        win32_fail(-ENOMEM);
    return block;
}

LPWCH WINAPI GetEnvironmentStringsW(void)
{
    size_t size;
    WCHAR *wide = NULL;
    char *block = block_of_environment(&size);
    int rc = block ? win32_wide_from_utf8_n(block, size, &wide, NULL) : -ENOMEM;
    free(block);
    if (rc < 0)
        win32_fail(rc);
    return wide;
}

BOOL WINAPI FreeEnvironmentStringsA(LPCH block)
{
    free(block);
    return TRUE;
}

BOOL WINAPI FreeEnvironmentStringsW(LPWCH block)
{
    free(block);
    return TRUE;
}

/* ---- %NAME% --------------------------------------------------------------------------------- */

struct text {
    char *data;
    size_t length, capacity;
};

static bool append(struct text *t, const char *s, size_t n)
{
    if (n >= t->capacity - t->length) {
        size_t capacity = (t->length + n + 1) * 2;
        char *data = realloc(t->data, capacity);
        if (!data)
            return false;
        t->data = data;
        t->capacity = capacity;
    }
    memcpy(t->data + t->length, s, n);
    t->length += n;
    t->data[t->length] = '\0';
    return true;
}

/* One %NAME%, or its text up to the second % when there is no such variable. */
static bool expand_one(struct text *t, const char **s)
{
    char *value;
    size_t length = strcspn(*s + 1, "%");
    if ((*s)[1 + length] == '%' && get(*s + 1, length, &value) == 0) {
        bool ok = append(t, value, strlen(value));
        free(value);
        *s += length + 2;
        return ok;
    }
    bool ok = append(t, *s, length + 1);
    *s += length + 1;
    return ok;
}

/* To be freed; NULL: no memory. */
static char *expand(const char *s)
{
    struct text t = {calloc(1, 64), 0, 64};
    bool ok = t.data != NULL;
    while (ok && *s) {
        size_t plain = strcspn(s, "%");
        ok = append(&t, s, plain);
        s += plain;
        if (ok && *s)
            ok = expand_one(&t, &s);
    }
    if (ok)
        return t.data;
    free(t.data);
    return NULL;
}

static char *expand_or_fail(const char *source)
{
    char *text = source ? expand(source) : NULL;
    if (!text)
        win32_fail(source ? -ENOMEM : -EINVAL);
    return text;
}

/* Unlike most functions, these two count the NUL also when the text fits. */
DWORD WINAPI ExpandEnvironmentStringsA(LPCSTR source, LPSTR target, DWORD size)
{
    char *text = expand_or_fail(source);
    if (!text)
        return 0;
    DWORD needed = (DWORD)strlen(text) + 1;
    (void)win32_give_narrow(text, target, size, ERROR_INSUFFICIENT_BUFFER);
    free(text);
    return needed;
}

DWORD WINAPI ExpandEnvironmentStringsW(LPCWSTR source, LPWSTR target, DWORD size)
{
    char *narrow;
    if (!win32_narrow(source, &narrow))
        return 0;
    char *text = expand_or_fail(narrow);
    free(narrow);
    if (!text)
        return 0;
    DWORD n = win32_give_wide(text, target, size, ERROR_INSUFFICIENT_BUFFER);
    free(text);
    return target && n < size ? n + 1 : n;
}

/* ---- Current directory ---------------------------------------------------------------------- */

static char *current_directory(void)
{
    char *path = getcwd(NULL, 0);
    if (!path)
        win32_fail(-errno);
    return path;
}

DWORD WINAPI GetCurrentDirectoryA(DWORD size, LPSTR buffer)
{
    char *path = current_directory();
    DWORD n = path ? win32_give_narrow(path, buffer, size, 0) : 0;
    free(path);
    return n;
}

DWORD WINAPI GetCurrentDirectoryW(DWORD size, LPWSTR buffer)
{
    char *path = current_directory();
    DWORD n = path ? win32_give_wide(path, buffer, size, 0) : 0;
    free(path);
    return n;
}

BOOL WINAPI SetCurrentDirectoryA(LPCSTR name)
{
    char *path;
    struct stat st;
    if (!name || !*name)
        return win32_fail_code(ERROR_INVALID_NAME);
    if (!win32_path(name, &path))
        return FALSE;
    int rc = chdir(path) < 0 ? -errno : 0;
    bool is_file = rc == -ENOTDIR && stat(path, &st) == 0;
    BOOL ok = is_file ? win32_fail_code(ERROR_DIRECTORY) : rc == 0 || win32_fail_path(path, rc);
    free(path);
    return ok;
}

BOOL WINAPI SetCurrentDirectoryW(LPCWSTR name)
{
    char *narrow;
    if (!win32_narrow(name, &narrow))
        return FALSE;
    BOOL ok = SetCurrentDirectoryA(narrow);
    free(narrow);
    return ok;
}
