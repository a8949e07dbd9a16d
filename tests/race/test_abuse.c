/* test_abuse.c: threads that use the same handles with no regard for each other.
 *
 * Handles are closed, duplicated, waited on, read, written, set, cancelled and moved to shared
 * memory at the same time. Nothing is promised about who gets what; but every call returns one of
 * its documented results, the last error is each thread's own, and nothing is left behind. */
#include <stdatomic.h>

#include <windows.h>

#include "support.h"
#include "waitobj/waitobj.h"

enum { HANDLES = 6, THREADS = 6, TURNS = 400, FULL_TURNS = 40000 };

/* The slots are guarded by nothing, on purpose: what is in there may have been closed by others. */
static _Atomic(HANDLE) slots[HANDLES];
static HANDLE named, server, client;
static unsigned turns;

struct worker {
    struct wo_test_thread thread;
    uint64_t random;
    DWORD wrong; /* an undocumented last error; 0: none */
};

static uint32_t below(struct worker *w, uint32_t bound)
{
    w->random = w->random * UINT64_C(6364136223846793005) + 1442695040888963407u;
    return (uint32_t)(w->random >> 33) % bound;
}

/* A handle that another thread closed is all that may have gone wrong. */
static void judge(struct worker *w, BOOL ok)
{
    DWORD e = GetLastError();
    if (!ok && e != ERROR_INVALID_HANDLE && e != ERROR_OPERATION_ABORTED && e != ERROR_NOT_FOUND &&
        e != ERROR_SEM_TIMEOUT && e != ERROR_IO_INCOMPLETE)
        w->wrong = e ? e : (DWORD)-1;
}

static void renew(struct worker *w)
{
    HANDLE fresh = CreateEventA(NULL, (BOOL)below(w, 2), (BOOL)below(w, 2), NULL);
    HANDLE old = atomic_exchange(&slots[below(w, HANDLES)], fresh);
    if (old)
        judge(w, CloseHandle(old));
}

static void duplicate(struct worker *w)
{
    HANDLE copy, me = GetCurrentProcess(), h = atomic_load(&slots[below(w, HANDLES)]);
    BOOL ok = DuplicateHandle(me, h, me, &copy, 0, FALSE, DUPLICATE_SAME_ACCESS);
    judge(w, ok);
    if (ok)
        judge(w, CloseHandle(copy));
}

/* With the named event in it the wait moves the others to shared memory. */
static void wait_for_some(struct worker *w)
{
    HANDLE h[3] = {atomic_load(&slots[below(w, HANDLES)]), atomic_load(&slots[below(w, HANDLES)]),
                   below(w, 2) ? named : server};
    judge(w, WaitForMultipleObjects(3, h, FALSE, below(w, 2)) != WAIT_FAILED);
}

static void overlapped(struct worker *w)
{
    char text[16];
    DWORD n;
    OVERLAPPED ov = {.hEvent = CreateEventA(NULL, TRUE, FALSE, NULL)};
    if (!ReadFile(server, text, sizeof text, NULL, &ov) && GetLastError() != ERROR_IO_PENDING) {
        judge(w, FALSE);
    } else {
        if (below(w, 2))
            judge(w, below(w, 2) ? CancelIoEx(server, &ov) : CancelIo(server));
        else
            judge(w, WriteFile(client, "x", 1, &n, NULL));
        CancelIoEx(server, &ov);
        judge(w, GetOverlappedResult(server, &ov, &n, TRUE));
    }
    CloseHandle(ov.hEvent);
}

static int64_t work(void *arg)
{
    struct worker *w = arg;
    for (unsigned i = 0; i < turns && !w->wrong; i++) {
        HANDLE h = atomic_load(&slots[below(w, HANDLES)]);
        switch (below(w, 7)) {
        case 0:
            renew(w);
            break;
        case 1:
            duplicate(w);
            break;
        case 2:
            wait_for_some(w);
            break;
        case 3:
            overlapped(w);
            break;
        case 4:
            judge(w, PulseEvent(h));
            break;
        case 5:
            judge(w, ResetEvent(h));
            break;
        default:
            judge(w, SetEvent(h));
        }
        DWORD mine = 1000 + below(w, 1000);
        SetLastError(mine);
        SwitchToThread();
        if (GetLastError() != mine)
            w->wrong = mine;
    }
    return 0;
}

static void test_everything_at_once(void **state)
{
    static struct worker workers[THREADS];
    struct wo_usage before, after;
    (void)state;
    turns = wo_test_rounds(TURNS, FULL_TURNS);
    assert_int_equal(wo_usage(&before), 0);
    named = CreateEventA(NULL, FALSE, FALSE, "abuse");
    server = CreateMailslotA("\\\\.\\mailslot\\abuse", 0, MAILSLOT_WAIT_FOREVER, NULL);
    client = CreateFileA("\\\\.\\mailslot\\abuse", GENERIC_WRITE, FILE_SHARE_READ, NULL,
                         OPEN_EXISTING, 0, NULL);
    assert_true(named && server != INVALID_HANDLE_VALUE && client != INVALID_HANDLE_VALUE);
    for (int i = 0; i < THREADS; i++) {
        workers[i] = (struct worker){.random = wo_test_random()};
        wo_test_thread_start(&workers[i].thread, work, &workers[i]);
    }
    for (int i = 0; i < THREADS; i++) {
        wo_test_thread_join(&workers[i].thread);
        assert_int_equal(workers[i].wrong, 0);
    }
    for (int i = 0; i < HANDLES; i++)
        if (atomic_load(&slots[i]))
            assert_true(CloseHandle(atomic_load(&slots[i])));
    assert_true(CloseHandle(client) && CloseHandle(server) && CloseHandle(named));
    assert_int_equal(wo_usage(&after), 0);
    assert_int_equal(after.handles, before.handles);
    assert_int_equal(after.private_objects, before.private_objects);
    assert_int_equal(after.shared_objects, before.shared_objects);
}

static const struct CMUnitTest tests[] = {cmocka_unit_test(test_everything_at_once)};
WO_TEST_MAIN(tests, NULL)
