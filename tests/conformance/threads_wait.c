/* Threads that wait: what a signal does to those who are blocked.
 *
 * Pure Win32 can't tell whether a thread is blocked already or only about to be. So each test
 * checks after every round what must hold in any order of events, and repeats rounds (giving the
 * threads more and more time to block) until one round shows the full effect; rounds end soon
 * where signals are handed to waiters, and never show it where they are lost.
 */
#include "child.h"

enum { THREADS = 8, ROUNDS = 12 };

static HANDLE target, ready, thread[THREADS];
static volatile LONG released;

static DWORD WINAPI waiter(void *unused)
{
    (void)unused;
    SetEvent(ready);
    if (WaitForSingleObject(target, LONG_TIME) != WAIT_OBJECT_0)
        return 1;
    InterlockedIncrement(&released);
    return 0;
}

static int released_count(void)
{
    return (int)InterlockedCompareExchange(&released, 0, 0);
}

/* Starts `count` threads and gives them time to block. */
static void start_waiters(int count, int round)
{
    int i;
    released = 0;
    for (i = 0; i < count; i++) {
        DWORD id = 0;
        thread[i] = CreateThread(NULL, 0, waiter, NULL, 0, &id);
        CHECK(thread[i] != NULL);
        CHECK(id != 0);
        CHECK_EQ(WaitForSingleObject(ready, LONG_TIME), WAIT_OBJECT_0);
    }
    Sleep((DWORD)(1 << round));
}

/* Whether all threads end by themselves; those that do not are released one by one. */
static int all_end(int count)
{
    int i, all = WaitForMultipleObjects((DWORD)count, thread, TRUE, 200) == WAIT_OBJECT_0;
    if (!all) {
        while (WaitForMultipleObjects((DWORD)count, thread, TRUE, 1) == WAIT_TIMEOUT)
            SetEvent(target);
        ResetEvent(target);
    }
    for (i = 0; i < count; i++) {
        DWORD code = 9;
        CHECK(GetExitCodeThread(thread[i], &code));
        CHECK_EQ(code, 0);
        CHECK(CloseHandle(thread[i]));
    }
    CHECK_EQ(released_count(), count);
    return all;
}

static void n_sets_release_n(void)
{
    int round, i, all = 0;
    target = CreateEventA(NULL, FALSE, FALSE, NULL);
    for (round = 0; round < ROUNDS && !all; round++) {
        start_waiters(THREADS, round);
        for (i = 0; i < THREADS; i++)
            CHECK(SetEvent(target));
        all = all_end(THREADS);
    }
    CHECK(all);
    CHECK_EQ(WaitForSingleObject(target, 0), WAIT_TIMEOUT);
    CHECK(CloseHandle(target));
}

/* One set, one thread, every time. */
static void one_by_one(void)
{
    int i;
    target = CreateEventA(NULL, FALSE, FALSE, NULL);
    start_waiters(THREADS, 0);
    for (i = 0; i < THREADS; i++) {
        DWORD got;
        CHECK(SetEvent(target));
        got = WaitForMultipleObjects((DWORD)(THREADS - i), thread, FALSE, LONG_TIME);
        CHECK(got < (DWORD)(THREADS - i));
        if (got >= (DWORD)(THREADS - i))
            return;
        CHECK_EQ(released_count(), i + 1);
        CHECK(CloseHandle(thread[got]));
        thread[got] = thread[THREADS - i - 1];
    }
    CHECK_EQ(WaitForSingleObject(target, 0), WAIT_TIMEOUT);
    CHECK(CloseHandle(target));
}

static void set_and_reset_release_all(void)
{
    int round, all = 0;
    target = CreateEventA(NULL, TRUE, FALSE, NULL);
    for (round = 0; round < ROUNDS && !all; round++) {
        start_waiters(THREADS, round);
        CHECK(SetEvent(target));
        CHECK(ResetEvent(target));
        CHECK_EQ(WaitForSingleObject(target, 0), WAIT_TIMEOUT);
        all = all_end(THREADS);
    }
    CHECK(all);
    CHECK(CloseHandle(target));
}

static void manual_stays_set(void)
{
    target = CreateEventA(NULL, TRUE, FALSE, NULL);
    start_waiters(THREADS, 0);
    CHECK(SetEvent(target));
    CHECK_EQ(WaitForMultipleObjects(THREADS, thread, TRUE, LONG_TIME), WAIT_OBJECT_0);
    CHECK(all_end(THREADS));
    start_waiters(THREADS, 0);
    CHECK(all_end(THREADS));
    CHECK(CloseHandle(target));
}

static void pulse_manual(void)
{
    int round, all = 0;
    target = CreateEventA(NULL, TRUE, FALSE, NULL);
    for (round = 0; round < ROUNDS && !all; round++) {
        start_waiters(THREADS, round);
        CHECK(PulseEvent(target));
        CHECK_EQ(WaitForSingleObject(target, 0), WAIT_TIMEOUT);
        all = all_end(THREADS);
    }
    CHECK(all);
    CHECK(CloseHandle(target));
}

/* A pulse of an auto-reset event releases one, never two, and leaves nothing. */
static void pulse_auto(void)
{
    int round, one = 0, i;
    target = CreateEventA(NULL, FALSE, FALSE, NULL);
    for (round = 0; round < ROUNDS && !one; round++) {
        start_waiters(2, round);
        CHECK(PulseEvent(target));
        one = WaitForMultipleObjects(2, thread, FALSE, 200) != WAIT_TIMEOUT;
        CHECK(released_count() <= 1);
        for (i = released_count(); i < 2; i++) {
            SetEvent(target);
            while (released_count() <= i)
                Sleep(1);
        }
        CHECK(all_end(2));
    }
    CHECK(one);
    CHECK_EQ(WaitForSingleObject(target, 0), WAIT_TIMEOUT);
    CHECK(CloseHandle(target));
}

static HANDLE pair[2];

static DWORD WINAPI wait_all(void *unused)
{
    (void)unused;
    SetEvent(ready);
    return WaitForMultipleObjects(2, pair, TRUE, LONG_TIME);
}

static DWORD WINAPI wait_any(void *unused)
{
    (void)unused;
    SetEvent(ready);
    return WaitForMultipleObjects(2, pair, FALSE, LONG_TIME);
}

/* A wait for all takes nothing before it can take everything. */
static void all_is_atomic(void)
{
    int i;
    HANDLE t;
    DWORD code = 9;
    pair[0] = CreateEventA(NULL, FALSE, FALSE, NULL);
    pair[1] = CreateEventA(NULL, FALSE, FALSE, NULL);
    t = CreateThread(NULL, 0, wait_all, NULL, 0, NULL);
    CHECK_EQ(WaitForSingleObject(ready, LONG_TIME), WAIT_OBJECT_0);
    for (i = 0; i < 200; i++) {
        CHECK(SetEvent(pair[i & 1]));
        if (i % 20 == 0)
            Sleep(1);
        CHECK_EQ(WaitForSingleObject(pair[i & 1], 0), WAIT_OBJECT_0);
    }
    CHECK_EQ(WaitForSingleObject(t, 0), WAIT_TIMEOUT);
    CHECK(SetEvent(pair[0]));
    CHECK(SetEvent(pair[1]));
    CHECK_EQ(WaitForSingleObject(t, LONG_TIME), WAIT_OBJECT_0);
    CHECK(GetExitCodeThread(t, &code));
    CHECK_EQ(code, WAIT_OBJECT_0);
    CHECK_EQ(WaitForSingleObject(pair[0], 0), WAIT_TIMEOUT);
    CHECK_EQ(WaitForSingleObject(pair[1], 0), WAIT_TIMEOUT);
    CHECK(CloseHandle(t));
    CHECK(CloseHandle(pair[0]));
    CHECK(CloseHandle(pair[1]));
}

/* A wait for all is complete at the moment of the last set, also when that is undone at once. */
static void all_completes_at_the_last_set(void)
{
    int round, done = 0;
    pair[0] = CreateEventA(NULL, TRUE, FALSE, NULL);
    pair[1] = CreateEventA(NULL, TRUE, FALSE, NULL);
    for (round = 0; round < ROUNDS && !done; round++) {
        HANDLE t = CreateThread(NULL, 0, wait_all, NULL, 0, NULL);
        CHECK_EQ(WaitForSingleObject(ready, LONG_TIME), WAIT_OBJECT_0);
        Sleep((DWORD)(1 << round));
        CHECK(SetEvent(pair[0]));
        CHECK(SetEvent(pair[1]));
        CHECK(ResetEvent(pair[0]));
        CHECK(ResetEvent(pair[1]));
        done = WaitForSingleObject(t, 200) == WAIT_OBJECT_0;
        SetEvent(pair[0]);
        SetEvent(pair[1]);
        CHECK_EQ(WaitForSingleObject(t, LONG_TIME), WAIT_OBJECT_0);
        ResetEvent(pair[0]);
        ResetEvent(pair[1]);
        CHECK(CloseHandle(t));
    }
    CHECK(done);
    CHECK(CloseHandle(pair[0]));
    CHECK(CloseHandle(pair[1]));
}

/* A process ends, then an event is set: the wait ends, and takes exactly one of the two signals. On Windows
 * it is always the process's; here a waiter sees processes only when it wakes (CAVEATS.md). */
static void process_end_before_set(void)
{
    int i, wrong = 0;
    for (i = 0; i < 30; i++) {
        PROCESS_INFORMATION child;
        HANDLE t;
        DWORD code = 9;
        if (!start_self(&child, "sleep", FALSE, 0))
            return;
        pair[0] = child.hProcess;
        pair[1] = CreateEventA(NULL, FALSE, FALSE, NULL);
        t = CreateThread(NULL, 0, wait_any, NULL, 0, NULL);
        CHECK_EQ(WaitForSingleObject(ready, LONG_TIME), WAIT_OBJECT_0);
        Sleep((DWORD)(i & 3));
        CHECK(TerminateProcess(child.hProcess, 1));
        CHECK_EQ(WaitForSingleObject(child.hProcess, LONG_TIME), WAIT_OBJECT_0);
        CHECK(SetEvent(pair[1]));
        CHECK_EQ(WaitForSingleObject(t, LONG_TIME), WAIT_OBJECT_0);
        CHECK(GetExitCodeThread(t, &code));
        /* Exactly one signal was taken: the process's, which stays, or the event's. */
        if (WaitForSingleObject(pair[1], 0) != (code == WAIT_OBJECT_0 ? WAIT_OBJECT_0 : WAIT_TIMEOUT))
            wrong++;
        CHECK(CloseHandle(t));
        CHECK(CloseHandle(pair[1]));
        CHECK_EQ(finish(&child), 1);
    }
    CHECK_EQ(wrong, 0);
}

/* A timeout that races with a set: the signal is either returned or still there. */
static DWORD WINAPI short_wait(void *unused)
{
    (void)unused;
    SetEvent(ready);
    return WaitForSingleObject(target, 1);
}

static void timeout_races_with_set(void)
{
    int i, lost = 0;
    target = CreateEventA(NULL, FALSE, FALSE, NULL);
    for (i = 0; i < 100; i++) {
        HANDLE t = CreateThread(NULL, 0, short_wait, NULL, 0, NULL);
        DWORD code = 9, left;
        CHECK_EQ(WaitForSingleObject(ready, LONG_TIME), WAIT_OBJECT_0);
        if (i & 1)
            Sleep(1);
        SetEvent(target);
        CHECK_EQ(WaitForSingleObject(t, LONG_TIME), WAIT_OBJECT_0);
        GetExitCodeThread(t, &code);
        left = WaitForSingleObject(target, 0);
        if ((code == WAIT_OBJECT_0) == (left == WAIT_OBJECT_0))
            lost++;
        CloseHandle(t);
    }
    CHECK_EQ(lost, 0);
    CHECK(CloseHandle(target));
}

/* The wait keeps its object alive when its handle is closed. Named, so that it can still be set. */
static void close_while_waited(void)
{
    char name[CONF_NAME];
    HANDLE other, t;
    DWORD code = 9;
    sprintf(name, "conf-close-%lu", (unsigned long)GetCurrentProcessId());
    target = CreateEventA(NULL, FALSE, FALSE, name);
    other = OpenEventA(EVENT_ALL_ACCESS, FALSE, name);
    released = 0;
    t = CreateThread(NULL, 0, waiter, NULL, 0, NULL);
    CHECK_EQ(WaitForSingleObject(ready, LONG_TIME), WAIT_OBJECT_0);
    Sleep(50);
    CHECK(CloseHandle(target));
    CHECK(SetEvent(other));
    CHECK_EQ(WaitForSingleObject(t, LONG_TIME), WAIT_OBJECT_0);
    CHECK(GetExitCodeThread(t, &code));
    CHECK(code == 0 || code == 1); /* 1: it had not begun to wait */
    CHECK(CloseHandle(other));
    CHECK(CloseHandle(t));
}

static DWORD WINAPI returns(void *value)
{
    return (DWORD)(ULONG_PTR)value;
}

static DWORD WINAPI exits(void *value)
{
    ExitThread((DWORD)(ULONG_PTR)value);
    return 0;
}

static void thread_codes(void)
{
    HANDLE t;
    DWORD code = 9, id = 0;
    t = CreateThread(NULL, 0, returns, (void *)(ULONG_PTR)0xDEADBEEF, 0, &id);
    CHECK_EQ(WaitForSingleObject(t, LONG_TIME), WAIT_OBJECT_0);
    CHECK_EQ(WaitForSingleObject(t, 0), WAIT_OBJECT_0);
    CHECK(GetExitCodeThread(t, &code));
    CHECK_EQ(code, 0xDEADBEEF);
    CHECK_EQ(GetThreadId(t), id);
    CHECK(CloseHandle(t));
    t = CreateThread(NULL, 0, exits, (void *)(ULONG_PTR)77, 0, NULL);
    CHECK_EQ(WaitForSingleObject(t, LONG_TIME), WAIT_OBJECT_0);
    CHECK(GetExitCodeThread(t, &code));
    CHECK_EQ(code, 77);
    CHECK(CloseHandle(t));
}

static void suspended_thread(void)
{
    HANDLE t;
    DWORD code = 9;
    target = CreateEventA(NULL, FALSE, TRUE, NULL);
    t = CreateThread(NULL, 0, waiter, NULL, CREATE_SUSPENDED, NULL);
    CHECK_EQ(WaitForSingleObject(ready, 50), WAIT_TIMEOUT);
    CHECK_EQ(WaitForSingleObject(t, 0), WAIT_TIMEOUT);
    CHECK(GetExitCodeThread(t, &code));
    CHECK_EQ(code, STILL_ACTIVE);
    CHECK_EQ(ResumeThread(t), 1);
    CHECK_EQ(WaitForSingleObject(ready, LONG_TIME), WAIT_OBJECT_0);
    CHECK_EQ(WaitForSingleObject(t, LONG_TIME), WAIT_OBJECT_0);
    CHECK(CloseHandle(t));
    CHECK(CloseHandle(target));
}

static void sixty_four_threads(void)
{
    HANDLE t[MAXIMUM_WAIT_OBJECTS];
    DWORD code;
    int i;
    for (i = 0; i < MAXIMUM_WAIT_OBJECTS; i++)
        t[i] = CreateThread(NULL, 0, returns, (void *)(ULONG_PTR)i, 0, NULL);
    CHECK_EQ(WaitForMultipleObjects(MAXIMUM_WAIT_OBJECTS, t, TRUE, LONG_TIME), WAIT_OBJECT_0);
    for (i = 0; i < MAXIMUM_WAIT_OBJECTS; i++) {
        CHECK(GetExitCodeThread(t[i], &code));
        CHECK_EQ(code, i);
        CHECK(CloseHandle(t[i]));
    }
}

int main(int argc, char **argv)
{
    if (argc > 1 && strcmp(argv[1], "sleep") == 0)
        Sleep(LONG_TIME);
    ready = CreateEventA(NULL, FALSE, FALSE, NULL);
    RUN(n_sets_release_n);
    RUN(one_by_one);
    RUN(set_and_reset_release_all);
    RUN(manual_stays_set);
    RUN(pulse_manual);
    RUN(pulse_auto);
    RUN(all_is_atomic);
    RUN(all_completes_at_the_last_set);
    RUN(process_end_before_set);
    RUN(timeout_races_with_set);
    RUN(close_while_waited);
    RUN(thread_codes);
    RUN(suspended_thread);
    RUN(sixty_four_threads);
    return check_result();
}
