/* leaks.c: the runtime directory of a test, and counts of what may leak. */
#include <dirent.h>
#include <errno.h>
#include <ftw.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include "support.h"

static char runtime[PATH_MAX - 64];
static size_t files;
static bool list;

const char *wo_test_runtime(void)
{
    const char *s = getenv("WAITOBJ_RUNTIME_DIR");
    return s ? s : "";
}

static int remove_one(const char *path, const struct stat *st, int kind, struct FTW *at)
{
    (void)st;
    (void)kind;
    (void)at;
    remove(path);
    return 0;
}

void wo_test_remove_tree(const char *path)
{
    nftw(path, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

/* CTest names a place per test, so what a killed run left there is cleared by the next one. */
static bool make_named(void)
{
    const char *s = getenv("WAITOBJ_TEST_RUNTIME");
    if (!s || !*s || strlen(s) >= sizeof(runtime))
        return false;
    snprintf(runtime, sizeof(runtime), "%s", s);
    wo_test_remove_tree(runtime);
    return mkdir(runtime, 0700) == 0;
}

static bool make_fresh(const char *parent)
{
    snprintf(runtime, sizeof(runtime), "%s/waitobj-test-XXXXXX", parent);
    return mkdtemp(runtime) != NULL;
}

void wo_test_runtime_begin(void)
{
    if (!make_named() && !make_fresh("/dev/shm") && !make_fresh("/tmp")) {
        perror("runtime directory");
        exit(1);
    }
    setenv("WAITOBJ_RUNTIME_DIR", runtime, 1);
    unsetenv("WAITOBJ_COMPUTER");
    unsetenv("WAITOBJ_DOMAIN");
}

void wo_test_runtime_end(void)
{
    wo_test_remove_tree(runtime);
}

static size_t entries(const char *path)
{
    size_t n = 0;
    DIR *d = opendir(path);
    if (!d)
        return 0;
    for (struct dirent *e; (e = readdir(d)) != NULL;)
        n += e->d_name[0] != '.';
    closedir(d);
    return n;
}

size_t wo_test_fd_count(void)
{
    return entries("/proc/self/fd") - 1; /* one is opendir's own */
}

size_t wo_test_thread_count(void)
{
    return entries("/proc/self/task");
}

static int count_one(const char *path, const struct stat *st, int kind, struct FTW *at)
{
    (void)at;
    if (kind == FTW_D || kind == FTW_DP)
        return 0;
    files++;
    if (list)
        printf("# %s (%lld bytes)\n", path, (long long)st->st_size);
    return 0;
}

size_t wo_test_runtime_files(void)
{
    files = 0;
    list = false;
    nftw(wo_test_runtime(), count_one, 16, FTW_PHYS);
    return files;
}

void wo_test_runtime_list(void)
{
    files = 0;
    list = true;
    nftw(wo_test_runtime(), count_one, 16, FTW_PHYS);
}
