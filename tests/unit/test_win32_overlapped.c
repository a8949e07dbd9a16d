/* test_win32_overlapped.c: overlapped reads of mailslots and pipes: when they end, how they are
 * driven on without a thread, in which order, and how they are given up. */
#include "win32_check.h"

#include <fcntl.h>
#include <unistd.h>

#include "file.h"
#include "handle.h"
#include "promote.h"
#include "testhook.h"

static HANDLE slot, client;

static int make_slot(DWORD timeout)
{
    slot = CreateMailslotA("\\\\.\\mailslot\\overlapped", 0, timeout, NULL);
    client = CreateFileA("\\\\.\\mailslot\\overlapped", GENERIC_WRITE, FILE_SHARE_READ, NULL,
                         OPEN_EXISTING, 0, NULL);
    return slot != INVALID_HANDLE_VALUE && client != INVALID_HANDLE_VALUE ? 0 : -1;
}

static int setup(void **state)
{
    (void)state;
    return make_slot(MAILSLOT_WAIT_FOREVER);
}

static int teardown(void **state)
{
    (void)state;
    CloseHandle(slot);
    CloseHandle(client);
    return 0;
}

static void send_text(const char *text)
{
    DWORD n;
    assert_true(WriteFile(client, text, (DWORD)strlen(text), &n, NULL));
}

struct read {
    OVERLAPPED ov;
    char buffer[16];
};

/* Starts a read that has to wait. */
static void start(struct read *r, HANDLE from, HANDLE event)
{
    memset(r, 0, sizeof *r);
    r->ov.hEvent = event;
    assert_fails(ReadFile(from, r->buffer, sizeof r->buffer, NULL, &r->ov), ERROR_IO_PENDING);
    /* Another thread may be driving the read already. */
    assert_int_equal(__atomic_load_n(&r->ov.Internal, __ATOMIC_ACQUIRE), 0x103);
}

static void assert_read(struct read *r, const char *text)
{
    DWORD n = 99;
    assert_quiet(GetOverlappedResult(slot, &r->ov, &n, FALSE));
    assert_int_equal(n, strlen(text));
    assert_memory_equal(r->buffer, text, n);
    assert_int_equal(r->ov.Internal, 0);
    assert_int_equal(r->ov.InternalHigh, n);
}

static void assert_failed(struct read *r, DWORD code)
{
    DWORD n = 99;
    assert_fails(GetOverlappedResult(slot, &r->ov, &n, TRUE), code);
    assert_int_equal(n, 0);
}

static HANDLE event(BOOL manual, BOOL set)
{
    HANDLE h = CreateEventA(NULL, manual, set, NULL);
    assert_non_null(h);
    return h;
}

static void test_wait_on_event_completes(void **state)
{
    (void)state;
    struct read r;
    HANDLE e = event(TRUE, TRUE);
    start(&r, slot, e);
    assert_wait(WaitForSingleObject(e, 0), WAIT_TIMEOUT); /* the start has reset it */
    assert_false(HasOverlappedIoCompleted(&r.ov));
    assert_fails(GetOverlappedResult(slot, &r.ov, &(DWORD){0}, FALSE), ERROR_IO_INCOMPLETE);
    send_text("hello");
    assert_wait(WaitForSingleObject(e, INFINITE), WAIT_OBJECT_0);
    assert_read(&r, "hello");
    assert_wait(WaitForSingleObject(e, 0), WAIT_OBJECT_0);
    assert_true(CloseHandle(e));
}

static void test_every_question_completes(void **state)
{
    (void)state;
    struct read r;
    DWORD n;
    for (int way = 0; way < 4; way++) {
        HANDLE e = way % 2 ? event(FALSE, FALSE) : NULL;
        start(&r, slot, e);
        send_text("text");
        if (way < 2)
            assert_true(HasOverlappedIoCompleted(&r.ov));
        else
            assert_quiet(GetOverlappedResult(slot, &r.ov, &n, way == 2));
        assert_read(&r, "text");
        assert_true(!e || CloseHandle(e));
    }
    /* A wait on the mailslot itself. */
    start(&r, slot, NULL);
    assert_wait(WaitForSingleObject(slot, 0), WAIT_TIMEOUT);
    send_text("slot");
    assert_wait(WaitForSingleObject(slot, INFINITE), WAIT_OBJECT_0);
    assert_int_equal(r.ov.Internal, 0);
    assert_read(&r, "slot");
}

static void test_message_is_there_already(void **state)
{
    (void)state;
    struct read r = {.ov.hEvent = event(FALSE, FALSE)};
    DWORD n = 99;
    send_text("early");
    assert_quiet(ReadFile(slot, r.buffer, sizeof r.buffer, &n, &r.ov));
    assert_int_equal(n, 5);
    assert_read(&r, "early");
    assert_wait(WaitForSingleObject(r.ov.hEvent, 0), WAIT_OBJECT_0);
    assert_wait(WaitForSingleObject(r.ov.hEvent, 0), WAIT_TIMEOUT); /* set once */
    send_text("too long for two");
    assert_fails(ReadFile(slot, r.buffer, 2, &n, &r.ov), ERROR_INSUFFICIENT_BUFFER);
    assert_failed(&r, ERROR_INSUFFICIENT_BUFFER);
    assert_true(CloseHandle(r.ov.hEvent));
}

static void test_order(void **state)
{
    (void)state;
    struct read r[3];
    HANDLE e[3];
    for (int i = 0; i < 3; i++)
        start(&r[i], slot, e[i] = event(TRUE, FALSE));
    send_text("first");
    /* The last one's event is asked; the first one's read gets the message. */
    assert_wait(WaitForSingleObject(e[2], 0), WAIT_TIMEOUT);
    assert_read(&r[0], "first");
    assert_wait(WaitForMultipleObjects(3, e, FALSE, 0), WAIT_OBJECT_0);
    send_text("second");
    send_text("third");
    assert_wait(WaitForMultipleObjects(3, e, TRUE, INFINITE), WAIT_OBJECT_0);
    assert_read(&r[1], "second");
    assert_read(&r[2], "third");
    for (int i = 0; i < 3; i++)
        assert_true(CloseHandle(e[i]));
}

static void test_timeout(void **state)
{
    (void)state;
    struct read r;
    uint64_t before = wo_test_now();
    HANDLE e = event(TRUE, FALSE);
    assert_true(SetMailslotInfo(slot, 30));
    start(&r, slot, e);
    assert_wait(WaitForSingleObject(e, INFINITE), WAIT_OBJECT_0);
    assert_true(wo_test_now() - before >= 30 * WO_TEST_MS);
    assert_failed(&r, ERROR_SEM_TIMEOUT);
    /* Nothing is pending any more: the next message stays. */
    send_text("kept");
    assert_wait(WaitForSingleObject(slot, 0), WAIT_OBJECT_0);
    assert_true(SetMailslotInfo(slot, 0));
    assert_true(ReadFile(slot, r.buffer, sizeof r.buffer, NULL, NULL));
    assert_fails(ReadFile(slot, r.buffer, 1, NULL, &r.ov), ERROR_SEM_TIMEOUT);
    assert_true(CloseHandle(e));
}

static void test_result_with_time_limit(void **state)
{
    (void)state;
    struct read r;
    DWORD n;
    start(&r, slot, NULL);
    assert_fails(GetOverlappedResultEx(slot, &r.ov, &n, 0, FALSE), ERROR_IO_INCOMPLETE);
    uint64_t before = wo_test_now();
    assert_fails(GetOverlappedResultEx(slot, &r.ov, &n, 10, FALSE), WAIT_TIMEOUT);
    assert_true(wo_test_now() - before >= 10 * WO_TEST_MS);
    send_text("x");
    assert_quiet(GetOverlappedResultEx(slot, &r.ov, &n, 1000, TRUE));
    assert_read(&r, "x");
    assert_fails(GetOverlappedResult(slot, NULL, &n, FALSE), ERROR_INVALID_PARAMETER);
}

static void test_cancel(void **state)
{
    (void)state;
    struct read r[2];
    HANDLE e = event(TRUE, FALSE);
    start(&r[0], slot, e);
    start(&r[1], slot, NULL);
    assert_quiet(CancelIoEx(slot, &r[0].ov));
    assert_wait(WaitForSingleObject(e, 0), WAIT_OBJECT_0);
    assert_failed(&r[0], ERROR_OPERATION_ABORTED);
    assert_false(HasOverlappedIoCompleted(&r[1].ov));
    assert_quiet(CancelIo(slot));
    assert_failed(&r[1], ERROR_OPERATION_ABORTED);
    assert_quiet(CancelIo(slot));
    assert_fails(CancelIoEx(slot, NULL), ERROR_NOT_FOUND);
    assert_fails(CancelIoEx(slot, &r[0].ov), ERROR_NOT_FOUND);
    assert_fails(CancelIo(e), ERROR_INVALID_HANDLE);
    for_each_bad_handle(h)
    {
        assert_fails(CancelIo(h), ERROR_INVALID_HANDLE);
        assert_fails(CancelIoEx(h, NULL), ERROR_INVALID_HANDLE);
    }
    assert_true(CloseHandle(e));
}

static int64_t start_elsewhere(void *p)
{
    struct read *r = p;
    return ReadFile(slot, r->buffer, sizeof r->buffer, NULL, &r->ov) ? 0 : GetLastError();
}

/* CancelIo is about the calling thread's operations, CancelIoEx about all. */
static void test_cancel_by_thread(void **state)
{
    (void)state;
    struct read r = {.ov.hEvent = NULL};
    struct wo_test_thread t;
    wo_test_thread_start(&t, start_elsewhere, &r);
    assert_int_equal(wo_test_thread_join(&t), ERROR_IO_PENDING);
    assert_quiet(CancelIo(slot));
    assert_false(HasOverlappedIoCompleted(&r.ov));
    assert_quiet(CancelIoEx(slot, NULL));
    assert_failed(&r, ERROR_OPERATION_ABORTED);
}

static void test_close_cancels(void **state)
{
    (void)state;
    struct read r;
    HANDLE e = event(TRUE, FALSE), twin;
    assert_true(DuplicateHandle(GetCurrentProcess(), slot, GetCurrentProcess(), &twin, 0, FALSE,
                                DUPLICATE_SAME_ACCESS));
    start(&r, twin, e);
    assert_true(CloseHandle(slot));
    assert_wait(WaitForSingleObject(e, 0), WAIT_TIMEOUT);
    assert_true(CloseHandle(twin));
    assert_wait(WaitForSingleObject(e, 0), WAIT_OBJECT_0);
    assert_failed(&r, ERROR_OPERATION_ABORTED);
    assert_true(CloseHandle(e) && CloseHandle(client));
    assert_int_equal(make_slot(0), 0); /* the name is free */
}

/* The event's handle may go first: the operation keeps the event. */
static void test_close_event_while_pending(void **state)
{
    (void)state;
    struct read r;
    HANDLE e = event(TRUE, FALSE);
    start(&r, slot, e);
    assert_true(CloseHandle(e));
    send_text("x");
    assert_true(HasOverlappedIoCompleted(&r.ov));
    assert_read(&r, "x");
}

static int64_t wait_result(void *p)
{
    struct read *r = p;
    DWORD n;
    return GetOverlappedResult(slot, &r->ov, &n, TRUE) ? (int64_t)n : -1;
}

/* A thread that sleeps for the result is woken, whoever completes the operation. */
static void test_blocked_thread(void **state)
{
    (void)state;
    struct read r;
    struct wo_test_thread t;
    for (int by_cancel = 0; by_cancel <= 1; by_cancel++) {
        start(&r, slot, NULL);
        wo_test_thread_start(&t, wait_result, &r);
        assert_true(wo_test_blocked(t.tid));
        if (by_cancel)
            assert_true(CancelIoEx(slot, NULL));
        else
            send_text("woken");
        assert_int_equal(wo_test_thread_join(&t), by_cancel ? -1 : 5);
    }
}

static void test_named_event(void **state)
{
    (void)state;
    struct read r;
    HANDLE a[2] = {event(TRUE, FALSE), CreateEventA(NULL, TRUE, FALSE, "overlapped")};
    start(&r, slot, a[1]);
    assert_wait(WaitForMultipleObjects(2, a, FALSE, 0), WAIT_TIMEOUT);
    send_text("named");
    assert_wait(WaitForMultipleObjects(2, a, FALSE, INFINITE), WAIT_OBJECT_0 + 1);
    assert_read(&r, "named");
    assert_true(CloseHandle(a[0]) && CloseHandle(a[1]));
}

static void test_bad_events(void **state)
{
    (void)state;
    char b[4];
    OVERLAPPED ov = {.hEvent = slot};
    HANDLE e = event(TRUE, FALSE), limited;
    assert_fails(ReadFile(slot, b, 4, NULL, &ov), ERROR_INVALID_HANDLE);
    assert_fails(WriteFile(client, b, 4, NULL, &ov), ERROR_INVALID_HANDLE);
    assert_true(DuplicateHandle(GetCurrentProcess(), e, GetCurrentProcess(), &limited, SYNCHRONIZE,
                                FALSE, 0));
    ov.hEvent = limited;
    assert_fails(ReadFile(slot, b, 4, NULL, &ov), ERROR_ACCESS_DENIED);
    assert_wait(WaitForSingleObject(slot, 0), WAIT_TIMEOUT); /* nothing was sent */
    assert_true(CloseHandle(e) && CloseHandle(limited));
}

static void test_write(void **state)
{
    (void)state;
    char b[8];
    DWORD n = 99;
    OVERLAPPED ov = {.hEvent = event(TRUE, FALSE)};
    assert_quiet(WriteFile(client, "sent", 4, NULL, &ov));
    assert_wait(WaitForSingleObject(ov.hEvent, 0), WAIT_OBJECT_0);
    assert_quiet(GetOverlappedResult(client, &ov, &n, TRUE));
    assert_int_equal(n, 4);
    assert_true(ReadFile(slot, b, sizeof b, &n, NULL));
    assert_memory_equal(b, "sent", 4);
    assert_fails(WriteFile(slot, "x", 1, &n, &ov), ERROR_ACCESS_DENIED);
    assert_true(CloseHandle(ov.hEvent));
}

/* Two readers with reads of their own and four writers: every message is read once, whoever drives
 * whose read on. */
enum { READERS = 2, WRITERS = 4, MESSAGES = 500 };

static _Atomic unsigned seen[WRITERS * MESSAGES];
static HANDLE stop;

static int64_t reader(void *arg)
{
    (void)arg;
    struct read r;
    HANDLE wait_for[2] = {CreateEventA(NULL, FALSE, FALSE, NULL), stop};
    int64_t count = 0;
    for (;;) {
        unsigned number = 0;
        DWORD n = 0;
        r.ov = (OVERLAPPED){.hEvent = wait_for[0]};
        if (!ReadFile(slot, &number, sizeof number, NULL, &r.ov) &&
            (GetLastError() != ERROR_IO_PENDING ||
             WaitForMultipleObjects(2, wait_for, FALSE, INFINITE) != WAIT_OBJECT_0))
            break;
        if (!GetOverlappedResult(slot, &r.ov, &n, FALSE) || n != sizeof number)
            break;
        seen[number]++;
        count++;
    }
    CancelIoEx(slot, &r.ov);
    CloseHandle(wait_for[0]);
    return count;
}

static int64_t writer(void *arg)
{
    unsigned first = (unsigned)(uintptr_t)arg * MESSAGES;
    for (unsigned i = first; i < first + MESSAGES; i++)
        if (!WriteFile(client, &i, sizeof i, NULL, NULL))
            return -1;
    return 0;
}

static bool all_seen(void)
{
    for (size_t i = 0; i < WRITERS * MESSAGES; i++)
        if (!seen[i])
            return false;
    return true;
}

static void test_stream(void **state)
{
    (void)state;
    struct wo_test_thread readers[READERS], writers[WRITERS];
    int64_t count = 0;
    stop = event(TRUE, FALSE);
    for (int i = 0; i < READERS; i++)
        wo_test_thread_start(&readers[i], reader, NULL);
    for (uintptr_t i = 0; i < WRITERS; i++)
        wo_test_thread_start(&writers[i], writer, (void *)i);
    for (int i = 0; i < WRITERS; i++)
        assert_int_equal(wo_test_thread_join(&writers[i]), 0);
    wo_test_eventually(all_seen());
    assert_true(SetEvent(stop));
    for (int i = 0; i < READERS; i++)
        count += wo_test_thread_join(&readers[i]);
    assert_int_equal(count, WRITERS * MESSAGES);
    assert_true(CloseHandle(stop));
}

static HANDLE handle_over(int fd)
{
    struct wo__object *o;
    wo_handle h;
    assert_int_equal(wo__file_new(fd, true, &o), 0);
    assert_int_equal(wo__handle_new(o, FILE_ALL_ACCESS, 0, &h), 0);
    return h;
}

static void test_pipe(void **state)
{
    (void)state;
    int fds[2];
    struct read r;
    HANDLE e = event(FALSE, FALSE);
    assert_int_equal(pipe2(fds, O_CLOEXEC), 0);
    HANDLE end = handle_over(fds[0]);
    start(&r, end, e);
    assert_wait(WaitForSingleObject(e, 0), WAIT_TIMEOUT);
    assert_int_equal(write(fds[1], "piped", 5), 5);
    assert_wait(WaitForSingleObject(e, INFINITE), WAIT_OBJECT_0);
    assert_read(&r, "piped");
    start(&r, end, e);
    close(fds[1]);
    assert_wait(WaitForSingleObject(e, INFINITE), WAIT_OBJECT_0);
    assert_failed(&r, ERROR_BROKEN_PIPE);
    assert_true(CloseHandle(e) && CloseHandle(end));
}

struct late {
    HANDLE both[2];
    DWORD count;
};

static int64_t wait_for_late(void *arg)
{
    struct late *w = arg;
    return WaitForMultipleObjects(w->count, w->both, FALSE, INFINITE);
}

/* The wait is there before the read that will end it: it must start to drive that read. */
static void test_read_started_after_the_wait(void **state)
{
    (void)state;
    for (int kind = 0; kind < 4; kind++) {
        struct late w = {.count = kind < 2 ? 1 : 2};
        w.both[0] = CreateEventA(NULL, TRUE, FALSE, kind % 2 ? "late read" : NULL);
        w.both[1] = event(FALSE, FALSE);
        struct wo_test_thread t;
        struct read r;
        wo_test_thread_start(&t, wait_for_late, &w);
        assert_true(wo_test_blocked(t.tid));
        start(&r, slot, w.both[0]);
        assert_true(wo_test_blocked(t.tid));
        assert_false(wo_test_thread_finished(&t));
        send_text("late");
        assert_int_equal(wo_test_thread_join(&t), WAIT_OBJECT_0);
        assert_read(&r, "late");
        assert_true(CloseHandle(w.both[0]) && CloseHandle(w.both[1]));
    }
}

static struct {
    const char *point;
    void (*act)(void);
    _Atomic bool done;
    HANDLE event;
    struct read read;
    _Atomic int result;
} inside;

/* Acts once, in the waiter's thread, as another thread could at that moment. */
static void step_in(const char *point)
{
    if (strcmp(point, inside.point) == 0 && !atomic_exchange(&inside.done, true))
        inside.act();
}

static void arm(const char *point, void (*act)(void), HANDLE event)
{
    memset(&inside.read, 0, sizeof inside.read);
    inside.read.ov.hEvent = event;
    inside.event = event;
    inside.point = point;
    inside.act = act;
    inside.done = false;
    wo__test_hook = step_in;
}

static void start_inside(void)
{
    BOOL there = ReadFile(slot, inside.read.buffer, sizeof inside.read.buffer, NULL,
                          &inside.read.ov);
    inside.result = !there && GetLastError() == ERROR_IO_PENDING;
}

/* The wait has looked at its objects, and is not queued yet: nobody can kick it. */
static void test_read_started_before_the_wait_is_queued(void **state)
{
    (void)state;
    struct late w = {.both = {event(TRUE, FALSE)}, .count = 1};
    struct wo_test_thread t;
    arm("wait.looked", start_inside, w.both[0]);
    wo_test_thread_start(&t, wait_for_late, &w);
    assert_true(wo_test_blocked(t.tid));
    wo__test_hook = NULL;
    assert_int_equal(inside.result, 1);
    send_text("early");
    assert_int_equal(wo_test_thread_join(&t), WAIT_OBJECT_0);
    assert_read(&inside.read, "early");
    assert_true(CloseHandle(w.both[0]));
}

static void promote_inside(void)
{
    struct wo__object *o;
    inside.result = wo__handle_get(inside.event, NULL, 0, &o);
    if (inside.result == 0) {
        inside.result = wo__promote(&o, 1);
        wo__object_release(o);
    }
}

/* The wait has been kicked, has turned to poll, and is moved before anybody could be told: it must have
 * a bell in the place where it is then. */
static void test_wait_moved_after_the_kick(void **state)
{
    (void)state;
    struct late w = {.both = {event(TRUE, FALSE)}, .count = 1};
    struct wo_test_thread t;
    struct read r;
    wo_test_thread_start(&t, wait_for_late, &w);
    assert_true(wo_test_blocked(t.tid));
    arm("wait.noticed", promote_inside, w.both[0]);
    start(&r, slot, w.both[0]);
    wo_test_eventually(inside.done);
    assert_true(wo_test_blocked(t.tid));
    wo__test_hook = NULL;
    assert_int_equal(inside.result, 0);
    assert_true(SetEvent(w.both[0]));
    assert_int_equal(wo_test_thread_join(&t), WAIT_OBJECT_0);
    assert_true(CancelIoEx(slot, &r.ov));
    assert_true(CloseHandle(w.both[0]));
}

/* The read is over before the waiter has noticed that there was one: it sleeps on undisturbed. */
static void test_read_cancelled_under_the_wait(void **state)
{
    (void)state;
    struct late w = {.both = {event(FALSE, FALSE)}, .count = 1};
    struct wo_test_thread t;
    struct read r;
    wo_test_thread_start(&t, wait_for_late, &w);
    for (int i = 0; i < 200; i++) {
        start(&r, slot, w.both[0]);
        assert_true(CancelIoEx(slot, &r.ov)); /* sets the event */
        assert_int_equal(wo_test_thread_join(&t), WAIT_OBJECT_0);
        wo_test_thread_start(&t, wait_for_late, &w);
    }
    assert_true(SetEvent(w.both[0]));
    assert_int_equal(wo_test_thread_join(&t), WAIT_OBJECT_0);
    assert_true(CloseHandle(w.both[0]));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
static const struct CMUnitTest tests[] = {
    TEST(test_wait_on_event_completes),
    TEST(test_every_question_completes),
    TEST(test_message_is_there_already),
    TEST(test_order),
    TEST(test_timeout),
    TEST(test_result_with_time_limit),
    TEST(test_cancel),
    TEST(test_cancel_by_thread),
    TEST(test_close_cancels),
    TEST(test_close_event_while_pending),
    TEST(test_blocked_thread),
    TEST(test_read_started_after_the_wait),
    TEST(test_read_started_before_the_wait_is_queued),
    TEST(test_wait_moved_after_the_kick),
    TEST(test_read_cancelled_under_the_wait),
    TEST(test_named_event),
    TEST(test_bad_events),
    TEST(test_write),
    TEST(test_stream),
    TEST(test_pipe),
};
static const struct wo_test_role roles[] = {{NULL, NULL}};
WO_TEST_MAIN(tests, roles)
