/* spawn.c: CreateProcess.
 *
 * The command line is split by the rules of the Microsoft C runtime, as the program would do it on
 * Windows, and handed over as arguments. Names of programs may be Windows names: with back slashes,
 * with ".exe" in upper or lower case where the file has none, or without where it has one.
 *
 * Departures from Windows, all in CAVEATS.md: of the inheritable handles only the standard ones
 * reach the child; consoles, windows, desktops and security descriptors mean nothing.
 */
#include "win32.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cmdline.h"
#include "file.h"
#include "handle.h"
#include "platform/platform.h"
#include "platform/process.h"
#include "program.h"
#include "src/process.h"

/* ---- The program's file --------------------------------------------------------------------- */

/* Room for a name in every form it is tried in. */
enum { NAME_SIZE = PATH_MAX + 8 };

/* What a name may end with besides what it says: the case of an extension does not count. */
static const char *const extensions[] = {".exe", ".EXE", ""};
enum { EXTENSIONS = sizeof extensions / sizeof extensions[0] };

/* The name with another extension; one that is not ".exe" is part of the name. */
static void with_extension(const char *name, const char *extension, char out[NAME_SIZE])
{
    size_t n = strlen(name);
    if (n > 4 && strcasecmp(name + n - 4, ".exe") == 0)
        n -= 4;
    memcpy(out, name, n);
    strcpy(out + n, extension);
}

/* Looks for a program under one name. */
typedef int lookup(const char *name, char found[NAME_SIZE]);

/* As it stands, then in its other forms. The first failure is the one that counts. */
static int try_forms_with(lookup *look, const char *name, char found[NAME_SIZE])
{
    char form[NAME_SIZE];
    int rc = look(name, found);
    for (int i = 0; rc < 0 && i < EXTENSIONS; i++) {
        with_extension(name, extensions[i], form);
        if (look(form, found) == 0)
            return 0;
    }
    return rc;
}

static int look_at(const char *path, char found[NAME_SIZE])
{
    int rc = wo__program_check(path);
    if (rc == 0)
        strcpy(found, path);
    return rc;
}

static int try_forms(const char *path, char found[NAME_SIZE])
{
    return try_forms_with(look_at, path, found);
}

/* As it stands, then as a Windows path. */
static int try_path(const char *name, char found[NAME_SIZE])
{
    char *path;
    int rc = try_forms(name, found);
    if (rc == 0 || !strchr(name, '\\'))
        return rc;
    if (!win32_path(name, &path))
        return -ENOMEM;
    rc = try_forms(path, found);
    free(path);
    return rc;
}

static int try_own_directory(const char *name, char found[NAME_SIZE])
{
    char path[PATH_MAX];
    if (wo__self_program(path, sizeof path) < 0)
        return -ENOENT;
    char *end = strrchr(path, '/') + 1;
    if (strlen(name) >= (size_t)(path + sizeof path - end))
        return -ENAMETOOLONG;
    strcpy(end, name);
    return try_forms(path, found);
}

static int look_in_search_path(const char *name, char found[NAME_SIZE])
{
    return wo__program_in_path(name, found, PATH_MAX);
}

static int try_search_path(const char *name, char found[NAME_SIZE])
{
    return try_forms_with(look_in_search_path, name, found);
}

/* The first token of a command line: a plain name is searched for, in Windows' order. What stands
 * in the current directory but is no program tells more than that nothing else was found. */
static int search(const char *name, char found[NAME_SIZE])
{
    if (!*name)
        return -ENOENT;
    if (strlen(name) >= PATH_MAX)
        return -ENAMETOOLONG;
    if (strpbrk(name, "/\\"))
        return try_path(name, found);
    if (try_own_directory(name, found) == 0)
        return 0;
    int here = try_path(name, found);
    if (here == 0)
        return 0;
    int rc = try_search_path(name, found);
    return rc == -ENOENT ? here : rc;
}

/* ---- The command line ----------------------------------------------------------------------- */

struct program {
    char path[NAME_SIZE];
    char **arguments; /* one block */
};

/* The arguments of a line whose first token, `name`, ends at `rest`. */
static int split_line(const char *name, const char *rest, char ***arguments)
{
    size_t count;
    char *line = malloc(strlen(name) + strlen(rest) + 3);
    if (!line)
        return -ENOMEM;
    /* In quotes, as Windows does with a name that turned out to have blanks. */
    *stpcpy(stpcpy(stpcpy(stpcpy(line, "\""), name), "\""), rest) = '\0';
    *arguments = wo__cmdline_split(line, &count);
    free(line);
    return *arguments ? 0 : -ENOMEM;
}

/* Takes the first `n` characters for the program's name. */
static int find_token(const char *token, size_t n, const char *rest, struct program *p)
{
    char *name = strndup(token, n);
    if (!name)
        return -ENOMEM;
    int rc = search(name, p->path);
    if (rc == 0)
        rc = split_line(name, rest, &p->arguments);
    free(name);
    return rc;
}

/* A token in quotes is the whole name. */
static int find_quoted(const char *line, struct program *p)
{
    size_t n = strcspn(line + 1, "\"");
    const char *end = line + 1 + n;
    return find_token(line + 1, n, *end ? end + 1 : end, p);
}

/* Without quotes the name may go on after a blank: each is tried as its end. The first failure is
 * the one that counts. */
static int find_unquoted(const char *line, struct program *p)
{
    int first = 0;
    for (size_t n = strcspn(line, " \t");; n += 1 + strcspn(line + n + 1, " \t")) {
        int rc = find_token(line, n, line + n, p);
        if (rc == 0)
            return 0;
        first = first ? first : rc;
        if (!line[n])
            return first;
    }
}

static int find_in_line(const char *line, struct program *p)
{
    line += strspn(line, " \t");
    return *line == '"' ? find_quoted(line, p) : find_unquoted(line, p);
}

/* A program that was named is not searched for, and its arguments are the whole line. */
static int find_named(const char *application, const char *line, struct program *p)
{
    size_t count;
    if (!*application)
        return -ENOTDIR;
    if (strlen(application) >= PATH_MAX)
        return -ENAMETOOLONG;
    int rc = try_path(application, p->path);
    if (rc < 0)
        return rc;
    if (!line || !*line)
        return split_line(application, "", &p->arguments);
    p->arguments = wo__cmdline_split(line, &count);
    return p->arguments ? 0 : -ENOMEM;
}

/* ---- The environment ------------------------------------------------------------------------ */

/* What a Windows process has whatever its environment says, and ours only with it: where the shared
 * objects are, and where this library is. */
static const char *const kept_variables[] = {"WAITOBJ_RUNTIME_DIR", "XDG_RUNTIME_DIR",
                                             "LD_LIBRARY_PATH"};
enum { KEPT = sizeof kept_variables / sizeof kept_variables[0] };

static void free_environment(char **environment)
{
    for (char **e = environment; e && *e; e++)
        free(*e);
    free(environment);
}

static size_t wide_length(const WCHAR *s)
{
    size_t n = 0;
    while (s[n])
        n++;
    return n;
}

/* The entry of the block at *at, as UTF-8, to be freed; NULL: no memory or no text. */
static char *next_entry(const void **at, bool wide)
{
    if (!wide) {
        const char *s = *at;
        *at = s + strlen(s) + 1;
        return strdup(s);
    }
    const WCHAR *s = *at;
    char *narrow = NULL;
    *at = s + wide_length(s) + 1;
    return win32_narrow(s, &narrow) ? narrow : NULL;
}

static bool at_end(const void *at, bool wide)
{
    return wide ? !*(const WCHAR *)at : !*(const char *)at;
}

static bool has_variable(char *const *environment, const char *name)
{
    size_t n = strlen(name);
    for (; *environment; environment++) {
        if (strncmp(*environment, name, n) == 0 && (*environment)[n] == '=')
            return true;
    }
    return false;
}

static bool keep_variables(char **environment, size_t count)
{
    for (size_t i = 0; i < KEPT; i++) {
        const char *value = getenv(kept_variables[i]);
        if (!value || has_variable(environment, kept_variables[i]))
            continue;
        size_t size = strlen(kept_variables[i]) + strlen(value) + 2;
        if (!(environment[count] = malloc(size)))
            return false;
        stpcpy(stpcpy(stpcpy(environment[count++], kept_variables[i]), "="), value);
    }
    return true;
}

static size_t count_entries(const void *block, bool wide)
{
    size_t n = 0;
    if (wide) {
        for (const WCHAR *s = block; *s; s += wide_length(s) + 1)
            n++;
    } else {
        for (const char *s = block; *s; s += strlen(s) + 1)
            n++;
    }
    return n;
}

/* An environment block: NUL-terminated entries, one after the other, and an empty one. Those that
 * begin with "=" are the current directories of drives. */
static char **environment_of(const void *block, bool wide)
{
    char **environment = calloc(count_entries(block, wide) + KEPT + 1, sizeof *environment);
    size_t n = 0;
    while (environment && !at_end(block, wide)) {
        char *entry = next_entry(&block, wide);
        if (entry && *entry == '=') {
            free(entry);
        } else if (!(environment[n++] = entry)) {
            free_environment(environment);
            return NULL;
        }
    }
    if (environment && !keep_variables(environment, n)) {
        free_environment(environment);
        return NULL;
    }
    return environment;
}

/* ---- The standard handles ------------------------------------------------------------------- */

struct standard {
    struct wo__object *files[3]; /* kept while the child is started */
    int fds[3];
    int null; /* for handles that are none */
};

static void close_standard(struct standard *s)
{
    for (int i = 0; i < 3; i++) {
        if (s->files[i])
            wo__object_release(s->files[i]);
    }
    if (s->null >= 0)
        close(s->null);
}

static int null_device(struct standard *s)
{
    if (s->null < 0)
        s->null = wo__open_at(AT_FDCWD, "/dev/null", O_RDWR, 0);
    return s->null;
}

/* The descriptor behind a handle. What is no file the child cannot have: it gets the null device
 * where the handle was given, and else what it has anyway. */
static int standard_fd(struct standard *s, int i, HANDLE h, bool given)
{
    uint32_t access;
    int fd = -1;
    if (wo__handle_get_access(h, &wo__file_type, &s->files[i], &access) == 0)
        fd = wo__file_descriptor(s->files[i]);
    if (fd >= 0 || !given)
        return fd < 0 || fd == i ? -1 : fd;
    return null_device(s);
}

/* The given handles, or those that the program itself has now. */
static int open_standard(struct standard *s, const HANDLE *given)
{
    *s = (struct standard){.fds = {-1, -1, -1}, .null = -1};
    for (int i = 0; i < 3; i++) {
        HANDLE h = given ? given[i] : NULL;
        if (!given && !win32_standard_known(i, &h))
            continue;
        s->fds[i] = standard_fd(s, i, h, given);
        if (s->fds[i] < -1) {
            int rc = s->fds[i];
            close_standard(s);
            return rc;
        }
    }
    return 0;
}

/* ---- Starting ------------------------------------------------------------------------------- */

struct request {
    const char *application, *line, *directory;
    DWORD flags;
    const void *environment;
    const SECURITY_ATTRIBUTES *process_sa, *thread_sa;
    const HANDLE *standard; /* NULL: none given */
};

static bool check_directory(const char *directory, char **path)
{
    struct stat st;
    *path = NULL;
    if (!directory)
        return true;
    if (!*directory)
        return win32_fail_code(ERROR_DIRECTORY);
    if (stat(directory, &st) == 0 && S_ISDIR(st.st_mode))
        return (*path = strdup(directory)) || win32_fail_code(ERROR_NOT_ENOUGH_MEMORY);
    if (!win32_path(directory, path))
        return false;
    if (stat(*path, &st) == 0 && S_ISDIR(st.st_mode))
        return true;
    free(*path);
    *path = NULL;
    return win32_fail_code(ERROR_DIRECTORY);
}

/* Handles to the process and its main thread, or neither. */
static int give_handles(const struct request *r, struct wo__object *process,
                        PROCESS_INFORMATION *pi)
{
    struct wo__object *thread;
    wo_handle process_handle, thread_handle;
    DWORD pid = (DWORD)wo__process_pid(process);
    int rc = wo__process_main_thread(process, &thread);
    if (rc < 0) {
        wo__object_release(process);
        return rc;
    }
    rc = wo__handle_new(process, WO__PROCESS_ALL_ACCESS, win32_handle_flags(r->process_sa),
                        &process_handle);
    if (rc < 0) {
        wo__object_release(thread);
        return rc;
    }
    rc = wo__handle_new(thread, WO__THREAD_ALL_ACCESS, win32_handle_flags(r->thread_sa),
                        &thread_handle);
    if (rc < 0) {
        (void)wo__handle_close(process_handle);
        return rc;
    }
    *pi = (PROCESS_INFORMATION){process_handle, thread_handle, pid, pid};
    return 0;
}

static unsigned spawn_flags(DWORD flags)
{
    return (flags & CREATE_SUSPENDED ? WO_SPAWN_SUSPENDED : 0u) |
           (flags & CREATE_NEW_PROCESS_GROUP ? WO_SPAWN_NEW_GROUP : 0u) |
           (flags & DETACHED_PROCESS ? WO_SPAWN_DETACHED : 0u);
}

static int start(const struct request *r, const struct program *p, const char *directory,
                 char *const *environment, PROCESS_INFORMATION *pi)
{
    struct standard s;
    struct wo__object *process;
    int rc = open_standard(&s, r->standard);
    if (rc < 0)
        return rc;
    struct wo_spawn how = {
        .path = p->path,
        .argv = p->arguments,
        .envp = environment,
        .directory = directory,
        .fds = s.fds,
        .flags = spawn_flags(r->flags),
        .nice = win32_priority_nice(r->flags),
    };
    rc = wo__process_start(&how, &process);
    close_standard(&s);
    return rc < 0 ? rc : give_handles(r, process, pi);
}

static int with_environment(const struct request *r, const struct program *p,
                            const char *directory, PROCESS_INFORMATION *pi)
{
    char **environment = NULL;
    bool wide = r->flags & CREATE_UNICODE_ENVIRONMENT;
    if (r->environment && !(environment = environment_of(r->environment, wide)))
        return -ENOMEM;
    int rc = start(r, p, directory, environment, pi);
    free_environment(environment);
    return rc;
}

static BOOL create(const struct request *r, PROCESS_INFORMATION *pi)
{
    struct program p = {.arguments = NULL};
    char *directory;
    DWORD both = DETACHED_PROCESS | CREATE_NEW_CONSOLE;
    if ((!r->application && !r->line) || (r->flags & both) == both || !pi)
        return win32_fail_code(ERROR_INVALID_PARAMETER);
    int rc = r->application ? find_named(r->application, r->line, &p) : find_in_line(r->line, &p);
    if (rc < 0)
        return win32_fail(rc);
    if (!check_directory(r->directory, &directory)) {
        free(p.arguments);
        return FALSE;
    }
    rc = with_environment(r, &p, directory, pi);
    free(directory);
    free(p.arguments);
    return win32_result(rc);
}

BOOL WINAPI CreateProcessA(LPCSTR application, LPSTR line, LPSECURITY_ATTRIBUTES process_sa,
                           LPSECURITY_ATTRIBUTES thread_sa, BOOL inherit, DWORD flags,
                           LPVOID environment, LPCSTR directory, LPSTARTUPINFOA startup,
                           LPPROCESS_INFORMATION pi)
{
    (void)inherit;
    if (!startup)
        return win32_fail_code(ERROR_INVALID_PARAMETER);
    HANDLE standard[3] = {startup->hStdInput, startup->hStdOutput, startup->hStdError};
    struct request r = {
        .application = application,
        .line = line,
        .directory = directory,
        .flags = flags,
        .environment = environment,
        .process_sa = process_sa,
        .thread_sa = thread_sa,
        .standard = startup->dwFlags & STARTF_USESTDHANDLES ? standard : NULL,
    };
    return create(&r, pi);
}

BOOL WINAPI CreateProcessW(LPCWSTR application, LPWSTR line, LPSECURITY_ATTRIBUTES process_sa,
                           LPSECURITY_ATTRIBUTES thread_sa, BOOL inherit, DWORD flags,
                           LPVOID environment, LPCWSTR directory, LPSTARTUPINFOW startup,
                           LPPROCESS_INFORMATION pi)
{
    char *a = NULL, *l = NULL, *d = NULL;
    BOOL ok = FALSE;
    if (!startup)
        return win32_fail_code(ERROR_INVALID_PARAMETER);
    STARTUPINFOA narrow = {.cb = sizeof narrow,
                           .dwFlags = startup->dwFlags,
                           .hStdInput = startup->hStdInput,
                           .hStdOutput = startup->hStdOutput,
                           .hStdError = startup->hStdError};
    if (win32_narrow(application, &a) && win32_narrow(line, &l) && win32_narrow(directory, &d))
        ok = CreateProcessA(a, l, process_sa, thread_sa, inherit, flags, environment, d, &narrow,
                            pi);
    free(a);
    free(l);
    free(d);
    return ok;
}
