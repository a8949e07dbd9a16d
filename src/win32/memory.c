/* memory.c: GlobalAlloc and LocalAlloc: blocks that know their exact size.
 *
 * A block's handle is its address, also for moveable memory; locking counts and never moves. Every
 * living block is in a hash table by its address, so a value that is no block (any more) is refused
 * and never followed.
 *
 * win32_lock guards the table and the blocks' fields. */
#include "win32.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct block {
    _Alignas(16) struct block *next; /* in its bucket */
    size_t size;
    bool moveable;
    unsigned locks;
};

enum { FIRST_BUCKETS = 64 };

static struct {
    struct block **buckets; /* NULL before the first block */
    size_t size, count;     /* size: a power of two */
} table;

static struct block **bucket_of(struct block **buckets, size_t size, const struct block *b)
{
    return &buckets[((uintptr_t)b >> 4) * 0x9E3779B97F4A7C15u >> 20 & (size - 1)];
}

/* The link that leads to the block in front of that memory, or to NULL. Locked. */
static struct block **find(const void *memory)
{
    static struct block *nothing;
    if (!memory || !table.buckets)
        return &nothing;
    const struct block *b = (const struct block *)((uintptr_t)memory - sizeof *b);
    struct block **at = bucket_of(table.buckets, table.size, b);
    while (*at && *at != b)
        at = &(*at)->next;
    return at;
}

static void insert(struct block **buckets, size_t size, struct block *b)
{
    struct block **bucket = bucket_of(buckets, size, b);
    b->next = *bucket;
    *bucket = b;
}

/* Keeps about one block per bucket. False: there is no table and no memory for one. Locked. */
static bool grow(void)
{
    if (table.count < table.size)
        return true;
    size_t size = table.size ? table.size * 2 : FIRST_BUCKETS;
    struct block **buckets = calloc(size, sizeof(struct block *));
    if (!buckets)
        return table.buckets != NULL;
    for (size_t i = 0; i < table.size; i++)
        for (struct block *b = table.buckets[i], *next; b; b = next) {
            next = b->next;
            insert(buckets, size, b);
        }
    free(table.buckets);
    table.buckets = buckets;
    table.size = size;
    return true;
}

static bool add(struct block *b)
{
    win32_lock();
    bool room = grow();
    if (room) {
        insert(table.buckets, table.size, b);
        table.count++;
    }
    win32_unlock();
    return room;
}

/* Takes the block out of the table; NULL and a last error when it is none. */
static struct block *take(const void *memory)
{
    win32_lock();
    struct block **at = find(memory), *b = *at;
    if (b) {
        *at = b->next;
        table.count--;
    }
    win32_unlock();
    if (!b)
        win32_fail_code(ERROR_INVALID_HANDLE);
    return b;
}

static void *out_of_memory(void)
{
    win32_fail_code(ERROR_NOT_ENOUGH_MEMORY);
    return NULL;
}

static void *block_new(UINT flags, size_t size)
{
    if (size > PTRDIFF_MAX - sizeof(struct block))
        return out_of_memory();
    struct block *b = malloc(sizeof *b + size);
    if (!b)
        return out_of_memory();
    *b = (struct block){.size = size, .moveable = flags & GMEM_MOVEABLE};
    if (flags & GMEM_ZEROINIT)
        memset(b + 1, 0, size);
    if (add(b))
        return b + 1;
    free(b);
    return out_of_memory();
}

/* NULL when it was freed (or was NULL), else the handle as it came. */
static void *block_free(void *memory)
{
    struct block *b = memory ? take(memory) : NULL;
    if (!b)
        return memory;
    free(b);
    return NULL;
}

static size_t block_size(const void *memory)
{
    win32_lock();
    const struct block *b = *find(memory);
    size_t size = b ? b->size : 0;
    win32_unlock();
    if (!b)
        win32_fail_code(ERROR_INVALID_HANDLE);
    return size;
}

#define MODIFY 0x0080 /* GMEM_MODIFY, LMEM_MODIFY: change the flags, not the size */

static void *block_modify(void *memory, UINT flags)
{
    win32_lock();
    struct block *b = *find(memory);
    if (b)
        b->moveable = flags & GMEM_MOVEABLE;
    win32_unlock();
    if (!b)
        win32_fail_code(ERROR_INVALID_HANDLE);
    return b ? memory : NULL;
}

static void *block_resize(void *memory, size_t size, UINT flags)
{
    if (flags & MODIFY)
        return block_modify(memory, flags);
    struct block *b = take(memory);
    if (!b)
        return NULL;
    size_t before = b->size;
    struct block *moved = size > PTRDIFF_MAX - sizeof *b ? NULL : realloc(b, sizeof *b + size);
    if (!moved) {
        (void)add(b); /* into a table that exists */
        return out_of_memory();
    }
    moved->size = size;
    (void)add(moved);
    if (flags & GMEM_ZEROINIT && size > before)
        memset((char *)(moved + 1) + before, 0, size - before);
    return moved + 1;
}

static void *block_lock(void *memory)
{
    if (!memory)
        return NULL;
    win32_lock();
    struct block *b = *find(memory);
    bool discarded = b && b->moveable && b->size == 0;
    if (b && b->moveable && !discarded)
        b->locks++;
    win32_unlock();
    if (b && !discarded)
        return memory;
    win32_fail_code(b ? ERROR_DISCARDED : ERROR_INVALID_HANDLE);
    return NULL;
}

/* TRUE while locks are left; FALSE with no error when that was the last. */
static BOOL block_unlock(void *memory)
{
    win32_lock();
    struct block *b = *find(memory);
    bool fixed = b && !b->moveable;
    unsigned before = b ? b->locks : 0;
    if (before)
        b->locks--;
    win32_unlock();
    if (fixed || before > 1)
        return TRUE;
    return win32_fail_code(!b ? ERROR_INVALID_HANDLE : before ? ERROR_SUCCESS : ERROR_NOT_LOCKED);
}

HGLOBAL WINAPI GlobalAlloc(UINT flags, SIZE_T size)
{
    return block_new(flags, size);
}

HGLOBAL WINAPI GlobalReAlloc(HGLOBAL memory, SIZE_T size, UINT flags)
{
    return block_resize(memory, size, flags);
}

HGLOBAL WINAPI GlobalFree(HGLOBAL memory)
{
    return block_free(memory);
}

SIZE_T WINAPI GlobalSize(HGLOBAL memory)
{
    return block_size(memory);
}

LPVOID WINAPI GlobalLock(HGLOBAL memory)
{
    return block_lock(memory);
}

BOOL WINAPI GlobalUnlock(HGLOBAL memory)
{
    return block_unlock(memory);
}

HLOCAL WINAPI LocalAlloc(UINT flags, SIZE_T size)
{
    return block_new(flags, size);
}

HLOCAL WINAPI LocalReAlloc(HLOCAL memory, SIZE_T size, UINT flags)
{
    return block_resize(memory, size, flags);
}

HLOCAL WINAPI LocalFree(HLOCAL memory)
{
    return block_free(memory);
}

SIZE_T WINAPI LocalSize(HLOCAL memory)
{
    return block_size(memory);
}

LPVOID WINAPI LocalLock(HLOCAL memory)
{
    return block_lock(memory);
}

BOOL WINAPI LocalUnlock(HLOCAL memory)
{
    return block_unlock(memory);
}
