/* test_win32_console.c: console text on terminals and elsewhere, modes, Ctrl+C handlers. */
#include "win32_check.h"

#include <fcntl.h>
#include <pty.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "file.h"
#include "handle.h"

static HANDLE handle_over(int fd)
{
    struct wo__object *o;
    wo_handle h;
    assert_int_equal(wo__file_new(fd, true, &o), 0);
    assert_int_equal(wo__handle_new(o, FILE_ALL_ACCESS, 0, &h), 0);
    return h;
}

static void test_write(void **state)
{
    (void)state;
    int fds[2];
    char b[32] = "";
    DWORD n = 99;
    assert_int_equal(pipe2(fds, O_CLOEXEC), 0);
    HANDLE h = handle_over(fds[1]);
    assert_quiet(WriteConsoleA(h, "abc", 3, &n, NULL));
    assert_int_equal(n, 3);
    assert_quiet(WriteConsoleW(h, u"\u00e4\U0001F600", 3, &n, NULL));
    assert_int_equal(n, 3);
    assert_quiet(WriteConsoleW(h, u"", 0, NULL, NULL));
    assert_int_equal(read(fds[0], b, sizeof b), 9);
    assert_string_equal(b, "abc\xc3\xa4\xf0\x9f\x98\x80");
    assert_fails(WriteConsoleW(h, NULL, 3, &n, NULL), ERROR_INVALID_USER_BUFFER);
    assert_true(CloseHandle(h));
    close(fds[0]);
    for_each_bad_handle(bad)
    {
        assert_fails(WriteConsoleA(bad, "abc", 3, &n, NULL), ERROR_INVALID_HANDLE);
        assert_fails(WriteConsoleW(bad, u"abc", 3, &n, NULL), ERROR_INVALID_HANDLE);
        assert_fails(ReadConsoleA(bad, b, 3, &n, NULL), ERROR_INVALID_HANDLE);
        assert_fails(ReadConsoleW(bad, b, 3, &n, NULL), ERROR_INVALID_HANDLE);
        assert_fails(GetConsoleMode(bad, &n), ERROR_INVALID_HANDLE);
        assert_fails(SetConsoleMode(bad, 0), ERROR_INVALID_HANDLE);
    }
}

/* Lines end as on Windows. */
static void test_read(void **state)
{
    (void)state;
    int fds[2];
    char b[32] = "";
    WCHAR w[32];
    DWORD n = 99;
    assert_int_equal(pipe2(fds, O_CLOEXEC), 0);
    HANDLE h = handle_over(fds[0]);
    assert_int_equal(write(fds[1], "line\n", 5), 5);
    assert_quiet(ReadConsoleA(h, b, sizeof b, &n, NULL));
    assert_int_equal(n, 6);
    assert_memory_equal(b, "line\r\n", 6);
    assert_int_equal(write(fds[1], "\xc3\xa4\n", 3), 3);
    assert_quiet(ReadConsoleW(h, w, 32, &n, NULL));
    assert_int_equal(n, 3);
    assert_memory_equal(w, u"\u00e4\r\n", 6);
    assert_int_equal(write(fds[1], "abc", 3), 3);
    assert_quiet(ReadConsoleA(h, b, 2, &n, NULL)); /* a byte is kept for the line end */
    assert_int_equal(n, 1);
    assert_fails(ReadConsoleW(h, NULL, 2, &n, NULL), ERROR_NOACCESS);
    close(fds[1]);
    assert_quiet(ReadConsoleA(h, b, sizeof b, &n, NULL));
    assert_int_equal(n, 2);
    assert_true(ReadConsoleA(h, b, sizeof b, &n, NULL));
    assert_int_equal(n, 0);
    assert_fails(GetConsoleMode(h, &n), ERROR_INVALID_HANDLE);
    assert_true(CloseHandle(h));
}

static void test_terminal(void **state)
{
    (void)state;
    int master, terminal;
    DWORD mode = 99;
    assert_int_equal(openpty(&master, &terminal, NULL, NULL, NULL), 0);
    HANDLE h = handle_over(terminal);
    assert_int_equal(GetFileType(h), FILE_TYPE_CHAR);
    assert_quiet(GetConsoleMode(h, &mode));
    assert_int_equal(mode, ENABLE_PROCESSED_INPUT | ENABLE_LINE_INPUT | ENABLE_ECHO_INPUT);
    assert_fails(GetConsoleMode(h, NULL), ERROR_NOACCESS);
    assert_quiet(SetConsoleMode(h, 0)); /* not the standard input: no effect */
    assert_quiet(GetConsoleMode(h, &mode));
    assert_int_equal(mode, 7);
    assert_wait(WaitForSingleObject(h, 0), WAIT_TIMEOUT);
    assert_int_equal(write(master, "x\n", 2), 2);
    assert_wait(WaitForSingleObject(h, INFINITE), WAIT_OBJECT_0);
    assert_true(CloseHandle(h));
    close(master);
}

static void test_code_pages_and_title(void **state)
{
    (void)state;
    assert_int_equal(GetConsoleCP(), CP_UTF8);
    assert_int_equal(GetConsoleOutputCP(), CP_UTF8);
    assert_quiet(SetConsoleCP(437));
    assert_quiet(SetConsoleOutputCP(CP_UTF8));
    assert_quiet(SetConsoleTitleA("title"));
    assert_quiet(SetConsoleTitleW(u"title"));
    assert_fails(SetConsoleTitleA(NULL), ERROR_INVALID_PARAMETER);
}

/* ---- Ctrl+C --------------------------------------------------------------------------------- */

static HANDLE stop;

static BOOL WINAPI sets_event(DWORD event)
{
    if (event == CTRL_C_EVENT)
        SetEvent(stop);
    return event == CTRL_C_EVENT;
}

static BOOL WINAPI declines(DWORD event)
{
    wo_test_say("declined %u", event);
    return FALSE;
}

/* ThreadSanitizer hands no signal to a thread that sleeps in a bare system call, as ours does in
 * its wait: so the handlers' own thread is to get them. */
static void leave_signals_to_others(void)
{
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, NULL);
}

static int role_handlers(int argc, char **argv)
{
    (void)argc;
    (void)argv;
    stop = CreateEventA(NULL, FALSE, FALSE, NULL);
    if (!SetConsoleCtrlHandler(sets_event, TRUE) || !SetConsoleCtrlHandler(declines, TRUE))
        return 1;
    leave_signals_to_others();
    wo_test_say("ready");
    WaitForSingleObject(stop, INFINITE);
    if (!SetConsoleCtrlHandler(declines, FALSE) || SetConsoleCtrlHandler(declines, FALSE) ||
        GetLastError() != ERROR_INVALID_PARAMETER)
        return 2;
    wo_test_say("stopped");
    WaitForSingleObject(stop, INFINITE);
    if (!SetConsoleCtrlHandler(NULL, TRUE) || kill(getpid(), SIGINT) != 0)
        return 3;
    wo_test_say("ignored");
    WaitForSingleObject(stop, INFINITE); /* SIGTERM: nobody takes it, the process ends */
    return 4;
}

static void test_ctrl_handlers(void **state)
{
    (void)state;
    struct wo_test_child c;
    wo_test_spawn(&c, "handlers", NULL);
    wo_test_expect(&c, "ready");
    HANDLE process = OpenProcess(PROCESS_ALL_ACCESS, FALSE, (DWORD)c.pid);
    DWORD code;
    assert_int_equal(kill(c.pid, SIGINT), 0);
    wo_test_expect(&c, "declined 0"); /* the newest first, then the one that takes it */
    wo_test_expect(&c, "stopped");
    assert_int_equal(kill(c.pid, SIGINT), 0);
    wo_test_expect(&c, "ignored");
    assert_int_equal(kill(c.pid, SIGTERM), 0);
    assert_wait(WaitForSingleObject(process, INFINITE), WAIT_OBJECT_0);
    assert_quiet(GetExitCodeProcess(process, &code));
    assert_int_equal(code, 0xC000013A); /* STATUS_CONTROL_C_EXIT */
    wo_test_reap(&c);
    assert_true(CloseHandle(process));
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_write),         cmocka_unit_test(test_read),
    cmocka_unit_test(test_terminal),      cmocka_unit_test(test_code_pages_and_title),
    cmocka_unit_test(test_ctrl_handlers),
};
static const struct wo_test_role roles[] = {{"handlers", role_handlers}, {NULL, NULL}};
WO_TEST_MAIN(tests, roles)
