/* test_win32_memory.c: Global, Local, Heap and Virtual memory. */
#include "win32_check.h"

static bool all_zero(const void *p, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (((const char *)p)[i])
            return false;
    return true;
}

static void test_global(void **state)
{
    (void)state;
    HGLOBAL g = GlobalAlloc(GPTR, 13);
    assert_non_null(g);
    assert_int_equal((uintptr_t)g % 16, 0);
    assert_result(GlobalSize(g), 13, UNTOUCHED);
    assert_true(all_zero(g, 13));
    assert_ptr_equal(GlobalLock(g), g);
    assert_quiet(GlobalUnlock(g)); /* fixed memory has no count */
    memset(g, 'x', 13);
    assert_non_null(g = GlobalReAlloc(g, 100, GMEM_ZEROINIT));
    assert_int_equal(GlobalSize(g), 100);
    assert_memory_equal(g, "xxxxxxxxxxxxx", 13);
    assert_true(all_zero((char *)g + 13, 87));
    assert_non_null(g = GlobalReAlloc(g, 5, 0));
    assert_int_equal(GlobalSize(g), 5);
    assert_result(GlobalFree(g), NULL, UNTOUCHED);
}

static void test_moveable(void **state)
{
    (void)state;
    HGLOBAL g = GlobalAlloc(GHND, 10), empty = GlobalAlloc(GMEM_MOVEABLE, 0);
    char *p = GlobalLock(g);
    assert_non_null(p);
    assert_true(all_zero(p, 10));
    assert_ptr_equal(GlobalLock(g), p);
    assert_quiet(GlobalUnlock(g));
    assert_fails(GlobalUnlock(g), ERROR_SUCCESS); /* the last lock */
    assert_fails(GlobalUnlock(g), ERROR_NOT_LOCKED);
    assert_null(GlobalFree(g));
    assert_int_equal(GlobalSize(empty), 0);
    assert_fails(GlobalLock(empty), ERROR_DISCARDED);
    assert_null(GlobalFree(empty));
}

static void test_local_and_bad_arguments(void **state)
{
    (void)state;
    HLOCAL l = LocalAlloc(LMEM_FIXED, 0);
    assert_non_null(l);
    assert_ptr_equal(LocalLock(l), l);
    assert_quiet(LocalUnlock(l));
    assert_non_null(l = LocalReAlloc(l, 4, LMEM_MOVEABLE));
    assert_int_equal(LocalSize(l), 4);
    assert_null(LocalFree(l));
    assert_result(GlobalFree(NULL), NULL, UNTOUCHED);
    assert_result(LocalFree(NULL), NULL, UNTOUCHED);
    assert_fails(GlobalSize(NULL), ERROR_INVALID_HANDLE);
    assert_fails(LocalSize(NULL), ERROR_INVALID_HANDLE);
    assert_fails(GlobalUnlock(NULL), ERROR_INVALID_HANDLE);
    assert_result(GlobalLock(NULL), NULL, UNTOUCHED);
    assert_fails(GlobalReAlloc(NULL, 4, 0), ERROR_INVALID_HANDLE);
    assert_fails(GlobalAlloc(GPTR, SIZE_MAX), ERROR_NOT_ENOUGH_MEMORY);
    assert_fails(LocalAlloc(0, SIZE_MAX / 2), ERROR_NOT_ENOUGH_MEMORY);
}

/* Values that are no blocks are refused, not followed. */
static void test_garbage_blocks(void **state)
{
    (void)state;
    char here[64];
    HGLOBAL freed = GlobalAlloc(GMEM_MOVEABLE, 4);
    assert_null(GlobalFree(freed));
    const HGLOBAL bad[] = {freed,
                           here + 32,
                           (HGLOBAL)(intptr_t)-1,
                           GetProcessHeap(),
                           (HGLOBAL)(intptr_t)8,
                           (HGLOBAL)(intptr_t)0x123456789};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_result(GlobalFree(bad[i]), bad[i], ERROR_INVALID_HANDLE);
        assert_fails(GlobalSize(bad[i]), ERROR_INVALID_HANDLE);
        assert_fails(GlobalLock(bad[i]), ERROR_INVALID_HANDLE);
        assert_fails(GlobalUnlock(bad[i]), ERROR_INVALID_HANDLE);
        assert_fails(LocalReAlloc(bad[i], 5, 0), ERROR_INVALID_HANDLE);
        assert_fails(LocalReAlloc(bad[i], 5, 0x80), ERROR_INVALID_HANDLE);
    }
}

static void test_many_blocks(void **state)
{
    (void)state;
    enum { MANY = 5000 };
    static HLOCAL blocks[MANY];
    for (size_t i = 0; i < MANY; i++)
        assert_non_null(blocks[i] = LocalAlloc(LMEM_FIXED, i % 97));
    for (size_t i = 0; i < MANY; i++)
        assert_int_equal(LocalSize(blocks[i]), i % 97);
    for (size_t i = 0; i < MANY; i++)
        assert_null(LocalFree(blocks[i * 7 % MANY]));
    assert_fails(LocalSize(blocks[0]), ERROR_INVALID_HANDLE);
}

static void test_heap(void **state)
{
    (void)state;
    HANDLE heap = GetProcessHeap();
    char *p = HeapAlloc(heap, HEAP_ZERO_MEMORY, 7);
    assert_non_null(p);
    assert_int_equal(HeapSize(heap, 0, p), 7);
    assert_true(all_zero(p, 7));
    memset(p, 'x', 7);
    assert_non_null(p = HeapReAlloc(heap, HEAP_ZERO_MEMORY, p, 70));
    assert_int_equal(HeapSize(heap, 0, p), 70);
    assert_memory_equal(p, "xxxxxxx", 7);
    assert_true(all_zero(p + 7, 63));
    assert_fails(HeapReAlloc(heap, HEAP_REALLOC_IN_PLACE_ONLY, p, 700), ERROR_NOT_ENOUGH_MEMORY);
    assert_ptr_equal(HeapReAlloc(heap, HEAP_REALLOC_IN_PLACE_ONLY, p, 3), p);
    assert_int_equal(HeapSize(heap, 0, p), 3);
    assert_quiet(HeapFree(heap, 0, p));
    assert_quiet(HeapFree(heap, 0, NULL));
    assert_fails(HeapAlloc(heap, 0, SIZE_MAX), ERROR_NOT_ENOUGH_MEMORY);
    assert_fails(HeapAlloc(heap, 0, SIZE_MAX / 2), ERROR_NOT_ENOUGH_MEMORY);
    assert_null(HeapReAlloc(heap, 0, NULL, 5));
    assert_result(HeapSize(heap, 0, NULL), (SIZE_T)-1, ERROR_INVALID_PARAMETER);
    assert_non_null(p = HeapAlloc(heap, 0, 0));
    assert_quiet(HeapFree(heap, 0, p));
}

static void test_private_heap(void **state)
{
    (void)state;
    HANDLE heap = HeapCreate(0, 0, 1000), growing = HeapCreate(HEAP_NO_SERIALIZE, 4096, 0);
    char *a = HeapAlloc(heap, 0, 600), *b;
    assert_non_null(a);
    assert_fails(HeapAlloc(heap, 0, 600), ERROR_NOT_ENOUGH_MEMORY);
    assert_fails(HeapReAlloc(heap, 0, a, 1001), ERROR_NOT_ENOUGH_MEMORY);
    assert_non_null(b = HeapAlloc(heap, 0, 400));
    assert_quiet(HeapFree(heap, 0, a));
    assert_non_null(HeapReAlloc(heap, 0, b, 1000));
    for (int i = 0; i < 100; i++)
        assert_non_null(HeapAlloc(growing, 0, 10000));
    assert_quiet(HeapDestroy(growing)); /* frees them all */
    assert_quiet(HeapDestroy(heap));
    assert_fails(HeapDestroy(heap), ERROR_INVALID_HANDLE);
    assert_fails(HeapDestroy(NULL), ERROR_INVALID_HANDLE);
    assert_fails(HeapDestroy(GetProcessHeap()), ERROR_INVALID_HANDLE);
    assert_fails(HeapAlloc(NULL, 0, 4), ERROR_INVALID_HANDLE);
    assert_fails(HeapAlloc(heap, 0, 4), ERROR_INVALID_HANDLE);
    assert_fails(HeapFree((HANDLE)&heap, 0, &heap), ERROR_INVALID_PARAMETER);
    assert_fails(HeapCreate(0, 10, 5), ERROR_NOT_ENOUGH_MEMORY);
}

static void test_virtual(void **state)
{
    (void)state;
    char *p = VirtualAlloc(NULL, 1, MEM_COMMIT | MEM_RESERVE, PAGE_READWRITE);
    assert_non_null(p);
    assert_int_equal((uintptr_t)p % 65536, 0);
    assert_true(all_zero(p, 4096));
    memset(p, 1, 4096);
    assert_fails(VirtualFree(p, 4096, MEM_RELEASE), ERROR_INVALID_PARAMETER);
    assert_quiet(VirtualFree(p, 0, MEM_RELEASE));
    assert_fails(VirtualFree(p, 0, MEM_RELEASE), ERROR_INVALID_PARAMETER);
    /* Reserve, commit a part, decommit it, commit again: it is zero. */
    assert_non_null(p = VirtualAlloc(NULL, 1 << 20, MEM_RESERVE, PAGE_NOACCESS));
    assert_ptr_equal(VirtualAlloc(p + 5000, 10, MEM_COMMIT, PAGE_READWRITE), p + 4096);
    p[5000] = 'x';
    assert_quiet(VirtualFree(p + 4096, 4096, MEM_DECOMMIT));
    assert_ptr_equal(VirtualAlloc(p + 4096, 4096, MEM_COMMIT, PAGE_READWRITE), p + 4096);
    assert_int_equal(p[5000], 0);
    assert_fails(VirtualAlloc(p + (1 << 20), 4096, MEM_COMMIT, PAGE_READWRITE),
                 ERROR_INVALID_ADDRESS);
    assert_fails(VirtualFree(p + 4096, 0, MEM_RELEASE), ERROR_INVALID_PARAMETER);
    assert_quiet(VirtualFree(p, 0, MEM_RELEASE));
}

static void test_virtual_bad_arguments(void **state)
{
    (void)state;
    assert_fails(VirtualAlloc(NULL, 0, MEM_COMMIT, PAGE_READWRITE), ERROR_INVALID_PARAMETER);
    assert_fails(VirtualAlloc(NULL, 10, 0, PAGE_READWRITE), ERROR_INVALID_PARAMETER);
    assert_fails(VirtualAlloc(NULL, 10, MEM_COMMIT, 0), ERROR_INVALID_PARAMETER);
    assert_fails(VirtualAlloc(NULL, SIZE_MAX, MEM_RESERVE, PAGE_READWRITE),
                 ERROR_NOT_ENOUGH_MEMORY);
    assert_fails(VirtualAlloc(NULL, SIZE_MAX / 2, MEM_RESERVE, PAGE_READWRITE),
                 ERROR_NOT_ENOUGH_MEMORY);
    assert_fails(VirtualFree(NULL, 0, MEM_RELEASE), ERROR_INVALID_PARAMETER);
    assert_fails(VirtualFree(NULL, 0, 0), ERROR_INVALID_PARAMETER);
    assert_fails(VirtualFree((void *)(uintptr_t)0x10000, 4096, MEM_DECOMMIT),
                 ERROR_INVALID_ADDRESS);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_global),
    cmocka_unit_test(test_moveable),
    cmocka_unit_test(test_local_and_bad_arguments),
    cmocka_unit_test(test_garbage_blocks),
    cmocka_unit_test(test_many_blocks),
    cmocka_unit_test(test_heap),
    cmocka_unit_test(test_private_heap),
    cmocka_unit_test(test_virtual),
    cmocka_unit_test(test_virtual_bad_arguments),
};
static const struct wo_test_role roles[] = {{NULL, NULL}};
WO_TEST_MAIN(tests, roles)
