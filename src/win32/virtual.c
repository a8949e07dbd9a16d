/* virtual.c: VirtualAlloc and VirtualFree over mmap.
 *
 * Regions start at multiples of 64 KiB as on Windows. Reserved pages are mapped without access;
 * committing gives access, decommitting drops the pages.
 *
 * win32_lock guards `regions`. */
#include "win32.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

struct region {
    struct region *next;
    char *base;
    size_t size;
};

enum { GRANULARITY = 65536 };

static struct region *regions;

static size_t page_size(void)
{
    return (size_t)sysconf(_SC_PAGESIZE);
}

/* PROT_ flags, or -1 for no valid protection. Writing always includes reading. */
static int protection(DWORD protect)
{
    switch (protect & 0xff) {
    case PAGE_NOACCESS:
        return PROT_NONE;
    case PAGE_READONLY:
        return PROT_READ;
    case PAGE_READWRITE:
        return PROT_READ | PROT_WRITE;
    case PAGE_EXECUTE:
    case PAGE_EXECUTE_READ:
        return PROT_READ | PROT_EXEC;
    case PAGE_EXECUTE_READWRITE:
        return PROT_READ | PROT_WRITE | PROT_EXEC;
    default:
        return -1;
    }
}

static void *map(void *address, size_t size, int access, int more)
{
    void *p = mmap(address, size, access, MAP_PRIVATE | MAP_ANONYMOUS | more, -1, 0);
    return p == MAP_FAILED ? NULL : p;
}

/* Maps a region that starts at a multiple of the granularity. */
static char *map_aligned(char *hint, size_t size, int access)
{
    size_t room = size + GRANULARITY;
    char *p = map(hint, room, access, MAP_NORESERVE);
    if (!p)
        return NULL;
    size_t before = -(uintptr_t)p & (GRANULARITY - 1);
    if (before)
        (void)munmap(p, before);
    if (room - before > size)
        (void)munmap(p + before + size, room - before - size);
    return p + before;
}

static void *fail(DWORD code)
{
    win32_fail_code(code);
    return NULL;
}

static void *reserve(char *address, size_t size, int access)
{
    struct region *r = calloc(1, sizeof *r);
    char *hint = address ? address - ((uintptr_t)address & (GRANULARITY - 1)) : NULL;
    size += (size_t)(address - hint);
    char *base = r ? map_aligned(hint, size, access) : NULL;
    if (base && hint && base != hint) {
        (void)munmap(base, size);
        free(r);
        return fail(ERROR_INVALID_ADDRESS);
    }
    if (!base) {
        free(r);
        return fail(ERROR_NOT_ENOUGH_MEMORY);
    }
    r->base = base;
    r->size = size;
    win32_lock();
    r->next = regions;
    regions = r;
    win32_unlock();
    return base;
}

/* Locked. The region that holds the range, or NULL. */
static struct region *region_of(const char *address, size_t size)
{
    struct region *r = regions;
    while (r && !(address >= r->base && (size_t)(address - r->base) <= r->size &&
                  size <= r->size - (size_t)(address - r->base)))
        r = r->next;
    return r;
}

/* Widens a range to whole pages; false when it wraps around. */
static bool to_pages(char **address, size_t *size)
{
    size_t page = page_size(), lead = (uintptr_t)*address & (page - 1);
    if (*size > SIZE_MAX - lead - page - GRANULARITY)
        return false;
    if (lead) /* NULL stays NULL */
        *address -= lead;
    *size = (*size + lead + page - 1) / page * page;
    return true;
}

static void *commit(char *address, size_t size, int access)
{
    win32_lock();
    bool known = region_of(address, size) != NULL;
    int rc = known ? mprotect(address, size, access) : 0;
    win32_unlock();
    if (!known)
        return fail(ERROR_INVALID_ADDRESS);
    return rc == 0 ? address : fail(ERROR_NOT_ENOUGH_MEMORY);
}

LPVOID WINAPI VirtualAlloc(LPVOID address, SIZE_T size, DWORD type, DWORD protect)
{
    int access = protection(protect);
    char *at = address;
    if (access < 0 || !(type & (MEM_COMMIT | MEM_RESERVE)) || size == 0)
        return fail(ERROR_INVALID_PARAMETER);
    if (!to_pages(&at, &size))
        return fail(ERROR_NOT_ENOUGH_MEMORY);
    if (type & MEM_RESERVE || !address)
        return reserve(at, size, type & MEM_COMMIT ? access : PROT_NONE);
    return commit(at, size, access);
}

static BOOL release(char *base)
{
    win32_lock();
    struct region **at = &regions;
    while (*at && (*at)->base != base)
        at = &(*at)->next;
    struct region *r = *at;
    if (r)
        *at = r->next;
    win32_unlock();
    if (!r || !base)
        return win32_fail_code(ERROR_INVALID_PARAMETER);
    int rc = munmap(r->base, r->size);
    free(r);
    return rc == 0 ? TRUE : win32_fail_code(ERROR_INVALID_ADDRESS);
}

static BOOL decommit(char *address, size_t size)
{
    if (!to_pages(&address, &size))
        return win32_fail_code(ERROR_INVALID_PARAMETER);
    win32_lock();
    const struct region *r = region_of(address, size);
    if (r && size == 0) /* all of it */
        size = address == r->base ? r->size : 0;
    bool ok = r && size && map(address, size, PROT_NONE, MAP_FIXED | MAP_NORESERVE);
    win32_unlock();
    return ok ? TRUE : win32_fail_code(ERROR_INVALID_ADDRESS);
}

BOOL WINAPI VirtualFree(LPVOID address, SIZE_T size, DWORD type)
{
    if (type == MEM_RELEASE && size == 0)
        return release(address);
    if (type == MEM_DECOMMIT)
        return decommit(address, size);
    return win32_fail_code(ERROR_INVALID_PARAMETER);
}
