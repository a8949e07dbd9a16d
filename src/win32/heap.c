/* heap.c: heaps over malloc.
 *
 * Every block knows its heap and its exact size; the blocks of a heap form a list, so that
 * HeapDestroy can free them all. A heap's handle is its address, found among the living heaps
 * before it is followed.
 *
 * win32_lock guards the list of heaps and every heap's list of blocks. */
#include "win32.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct heap {
    struct heap *next;
    struct block *blocks;
    size_t used, limit; /* limit 0: none */
};

struct block {
    _Alignas(16) struct heap *heap;
    struct block *next, *prev;
    size_t size;
};

static struct heap process_heap;
static struct heap *heaps = &process_heap;

/* Locked. NULL: no such heap. */
static struct heap *find(HANDLE handle)
{
    struct heap *h = heaps;
    while (h && (HANDLE)h != handle)
        h = h->next;
    return h;
}

static void link_block(struct heap *h, struct block *b)
{
    b->heap = h;
    b->prev = NULL;
    b->next = h->blocks;
    if (b->next)
        b->next->prev = b;
    h->blocks = b;
    h->used += b->size;
}

static void unlink_block(struct heap *h, struct block *b)
{
    if (b->next)
        b->next->prev = b->prev;
    if (b->prev)
        b->prev->next = b->next;
    else
        h->blocks = b->next;
    h->used -= b->size;
}

static bool has_room(const struct heap *h, size_t more)
{
    return !h->limit || (more <= h->limit && h->used <= h->limit - more);
}

HANDLE WINAPI GetProcessHeap(void)
{
    return &process_heap;
}

HANDLE WINAPI HeapCreate(DWORD options, SIZE_T initial, SIZE_T maximum)
{
    (void)options;
    struct heap *h = maximum && initial > maximum ? NULL : calloc(1, sizeof *h);
    if (!h) {
        win32_fail_code(ERROR_NOT_ENOUGH_MEMORY);
        return NULL;
    }
    h->limit = maximum;
    win32_lock();
    h->next = heaps;
    heaps = h;
    win32_unlock();
    return h;
}

static struct heap *take_heap(HANDLE handle)
{
    win32_lock();
    struct heap **at = &heaps;
    while (*at && (HANDLE)*at != handle)
        at = &(*at)->next;
    struct heap *h = *at;
    if (h == &process_heap)
        h = NULL; /* stays */
    if (h)
        *at = h->next;
    win32_unlock();
    return h;
}

BOOL WINAPI HeapDestroy(HANDLE handle)
{
    struct heap *h = take_heap(handle);
    if (!h)
        return win32_fail_code(ERROR_INVALID_HANDLE);
    for (struct block *b = h->blocks, *next; b; b = next) {
        next = b->next;
        free(b);
    }
    free(h);
    return TRUE;
}

static void *no_memory(void)
{
    win32_fail_code(ERROR_NOT_ENOUGH_MEMORY);
    return NULL;
}

static void *bad_heap(void)
{
    win32_fail_code(ERROR_INVALID_HANDLE);
    return NULL;
}

LPVOID WINAPI HeapAlloc(HANDLE handle, DWORD flags, SIZE_T size)
{
    if (size > PTRDIFF_MAX - sizeof(struct block))
        return no_memory();
    struct block *b =
        flags & HEAP_ZERO_MEMORY ? calloc(1, sizeof *b + size) : malloc(sizeof *b + size);
    if (!b)
        return no_memory();
    b->size = size;
    win32_lock();
    struct heap *h = find(handle);
    bool fits = h && has_room(h, size);
    if (fits)
        link_block(h, b);
    win32_unlock();
    if (fits)
        return b + 1;
    free(b);
    return h ? no_memory() : bad_heap();
}

/* Locked: the block, if it is one of that heap's. */
static struct block *block_of(HANDLE handle, const void *memory)
{
    const struct heap *h = find(handle);
    struct block *b = (struct block *)(uintptr_t)memory;
    if (!h || !b || (--b)->heap != h)
        return NULL;
    return b;
}

/* Locked: resizes in place or by moving; NULL leaves all as it was. */
static struct block *resize(struct block *b, size_t size, bool in_place)
{
    struct heap *h = b->heap;
    size_t before = b->size;
    if (in_place && size > before)
        return NULL;
    if (in_place) {
        h->used -= before - size;
        b->size = size;
        return b;
    }
    if (size > before && !has_room(h, size - before))
        return NULL;
    unlink_block(h, b);
    struct block *moved = size > PTRDIFF_MAX - sizeof *b ? NULL : realloc(b, sizeof *b + size);
    if (moved)
        moved->size = size;
    link_block(h, moved ? moved : b);
    return moved;
}

LPVOID WINAPI HeapReAlloc(HANDLE handle, DWORD flags, LPVOID memory, SIZE_T size)
{
    if (!memory)
        return NULL;
    win32_lock();
    struct block *b = block_of(handle, memory), *now = NULL;
    size_t before = b ? b->size : 0;
    if (b)
        now = resize(b, size, flags & HEAP_REALLOC_IN_PLACE_ONLY);
    win32_unlock();
    if (!now)
        return b ? no_memory() : bad_heap();
    if (flags & HEAP_ZERO_MEMORY && size > before)
        memset((char *)(now + 1) + before, 0, size - before);
    return now + 1;
}

BOOL WINAPI HeapFree(HANDLE handle, DWORD flags, LPVOID memory)
{
    (void)flags;
    if (!memory)
        return TRUE;
    win32_lock();
    struct block *b = block_of(handle, memory);
    if (b) {
        unlink_block(b->heap, b);
        b->heap = NULL;
    }
    win32_unlock();
    free(b);
    return b ? TRUE : win32_fail_code(ERROR_INVALID_PARAMETER);
}

SIZE_T WINAPI HeapSize(HANDLE handle, DWORD flags, LPCVOID memory)
{
    (void)flags;
    win32_lock();
    const struct block *b = block_of(handle, memory);
    SIZE_T size = b ? b->size : (SIZE_T)-1;
    win32_unlock();
    if (!b)
        win32_fail_code(ERROR_INVALID_PARAMETER);
    return size;
}
