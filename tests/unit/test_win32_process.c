/* test_win32_process.c: CreateProcess's names, lines, environments and handles; priority; what a
 * process knows of itself. Exit codes and waits: test_process.c. */
#include "win32_check.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "handle.h"

/* ---- A directory with programs -------------------------------------------------------------- */

static char home[1024], place[1024];

static void put(const char *name, const char *text, mode_t mode)
{
    FILE *f = fopen(name, "w");
    assert_non_null(f);
    assert_true(fputs(text, f) >= 0);
    assert_int_equal(fclose(f), 0);
    assert_int_equal(chmod(name, mode), 0);
}

/* Each program ends with its own number times ten plus the number of its arguments. */
static int enter_place(void **state)
{
    (void)state;
    assert_non_null(getcwd(home, sizeof home));
    snprintf(place, sizeof place, "%s/programs", wo_test_runtime());
    assert_int_equal(mkdir(place, 0700), 0);
    assert_int_equal(chdir(place), 0);
    assert_int_equal(mkdir("sub", 0700), 0);
    assert_int_equal(mkdir("folder.exe", 0700), 0);
    put("one", "#!/bin/sh\nexit $((10 + $#))\n", 0700);
    put("two.exe", "#!/bin/sh\nexit $((20 + $#))\n", 0700);
    put("sub/three four", "#!/bin/sh\nexit $((30 + $#))\n", 0700);
    put("three.EXE", "#!/bin/sh\nexit $((40 + $#))\n", 0700);
    put("both", "#!/bin/sh\nexit $((50 + $#))\n", 0700);
    put("both.exe", "#!/bin/sh\nexit $((60 + $#))\n", 0700);
    put("text.exe", "no program\n", 0700);
    put("closed", "#!/bin/sh\n", 0600);
    return 0;
}

static int leave_place(void **state)
{
    (void)state;
    assert_int_equal(chdir(home), 0);
    wo_test_remove_tree(place);
    return 0;
}

static BOOL create(const char *application, const char *line, DWORD flags, PROCESS_INFORMATION *pi)
{
    STARTUPINFOA startup = {.cb = sizeof startup};
    char buffer[512];
    if (line)
        snprintf(buffer, sizeof buffer, "%s", line);
    return CreateProcessA(application, line ? buffer : NULL, NULL, NULL, FALSE, flags, NULL, NULL,
                          &startup, pi);
}

static DWORD finish(const PROCESS_INFORMATION *pi)
{
    DWORD code = 0xBAD;
    assert_int_equal(WaitForSingleObject(pi->hProcess, 30000), WAIT_OBJECT_0);
    assert_true(GetExitCodeProcess(pi->hProcess, &code));
    assert_true(CloseHandle(pi->hThread));
    assert_true(CloseHandle(pi->hProcess));
    return code;
}

/* The exit code, or 1000 + the last error. */
static DWORD run(const char *application, const char *line)
{
    PROCESS_INFORMATION pi = {0};
    if (create(application, line, 0, &pi))
        return finish(&pi);
    assert_null(pi.hProcess);
    return 1000 + GetLastError();
}

static void names_of_programs(void **state)
{
    static const struct {
        const char *application, *line;
        DWORD result;
    } table[] = {
        {NULL, "one", 10},
        {NULL, "one a \"b c\"", 12},
        {NULL, "one.exe a", 11},
        {NULL, "ONE.EXE", 1000 + ERROR_FILE_NOT_FOUND}, /* file names are case-sensitive */
        {NULL, "one.ExE a", 11},
        {NULL, "two.EXE a", 21}, /* except for the extension */
        {NULL, ".\\two.Exe a", 21},
        {NULL, "three.exe a", 41},
        {NULL, "three a", 41},
        {"two.EXE", "x a", 21},
        {"two.EXE.exe", NULL, 1000 + ERROR_FILE_NOT_FOUND},
        {"both.eXe", NULL, 60}, /* a file with the extension comes before one without */
        {NULL, "two.exe a", 21},
        {NULL, "two a", 21},
        {NULL, ".\\one a", 11},
        {NULL, "\".\\one.exe\" a", 11},
        {NULL, "\"sub\\three four\" a", 31},
        {NULL, "sub\\three four a", 31},
        {NULL, "sub/three four", 30},
        {NULL, "   one a", 11},
        {NULL, "\"one\"a b", 11}, /* the name goes on after the quote, in the arguments */
        {"one", NULL, 10},
        {"one", "other a b", 12},
        {"one.exe", "other", 10},
        {"two", "x a", 21},
        {"sub\\three four", "x a", 31},
        {"sub\\three four.exe", NULL, 30},
        {NULL, "sh -c \"exit 77\"", 77}, /* in the search path */
        {NULL, "sh.exe -c \"exit 77\"", 77},
    };
    (void)state;
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        DWORD got = run(table[i].application, table[i].line);
        if (got != table[i].result)
            fail_msg("%s | %s: %u, not %u", table[i].application ? table[i].application : "-",
                     table[i].line ? table[i].line : "-", got, table[i].result);
    }
}

static void names_that_fail(void **state)
{
    static const struct {
        const char *application, *line;
        DWORD error;
    } table[] = {
        {NULL, NULL, ERROR_INVALID_PARAMETER},
        {NULL, "", ERROR_FILE_NOT_FOUND},
        {"", NULL, ERROR_PATH_NOT_FOUND},
        {NULL, "\"\"", ERROR_FILE_NOT_FOUND},
        {NULL, "\"unclosed", ERROR_FILE_NOT_FOUND},
        {NULL, "missing a b", ERROR_FILE_NOT_FOUND},
        {"missing.exe", "one", ERROR_FILE_NOT_FOUND},
        {"sh", NULL, ERROR_FILE_NOT_FOUND}, /* a given name is not searched for */
        {NULL, "C:\\none\\x.exe a", ERROR_PATH_NOT_FOUND},
        {"C:\\none\\x.exe", NULL, ERROR_PATH_NOT_FOUND},
        {NULL, "\"none/x y\" a", ERROR_PATH_NOT_FOUND},
        {NULL, "./folder.exe", ERROR_ACCESS_DENIED},
        {"folder.exe", NULL, ERROR_ACCESS_DENIED},
        {"closed", NULL, ERROR_ACCESS_DENIED},
        {"text.exe", NULL, ERROR_BAD_EXE_FORMAT},
        {NULL, "text.exe a", ERROR_BAD_EXE_FORMAT},
    };
    PROCESS_INFORMATION pi;
    (void)state;
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        DWORD got = run(table[i].application, table[i].line);
        if (got != 1000 + table[i].error)
            fail_msg("%s | %s: %u, not %u", table[i].application ? table[i].application : "-",
                     table[i].line ? table[i].line : "-", got, 1000 + table[i].error);
    }
    assert_fails(create(NULL, "one", DETACHED_PROCESS | CREATE_NEW_CONSOLE, &pi),
                 ERROR_INVALID_PARAMETER);
    assert_fails(create(NULL, "one", 0, NULL), ERROR_INVALID_PARAMETER);
    assert_fails(CreateProcessA("one", NULL, NULL, NULL, FALSE, 0, NULL, NULL, NULL, &pi),
                 ERROR_INVALID_PARAMETER);
}

static void long_lines(void **state)
{
    enum { LENGTH = 100000 };
    STARTUPINFOA startup = {.cb = sizeof startup};
    PROCESS_INFORMATION pi;
    char *line = malloc(LENGTH);
    (void)state;
    assert_non_null(line);
    memset(line, 'x', LENGTH - 1);
    line[LENGTH - 1] = '\0';
    assert_fails(CreateProcessA(NULL, line, NULL, NULL, FALSE, 0, NULL, NULL, &startup, &pi),
                 ERROR_FILENAME_EXCED_RANGE);
    assert_fails(CreateProcessA(line, NULL, NULL, NULL, FALSE, 0, NULL, NULL, &startup, &pi),
                 ERROR_FILENAME_EXCED_RANGE);
    memcpy(line, "one ", 4);
    assert_true(CreateProcessA(NULL, line, NULL, NULL, FALSE, 0, NULL, NULL, &startup, &pi));
    assert_int_equal(finish(&pi), 11);
    free(line);
}

static void the_line_may_be_constant(void **state)
{
    STARTUPINFOA startup = {.cb = sizeof startup};
    STARTUPINFOW wide = {.cb = sizeof wide};
    PROCESS_INFORMATION pi;
    (void)state;
    assert_quiet(CreateProcessA(NULL, (char *)"one a b c", NULL, NULL, FALSE, 0, NULL, NULL,
                                &startup, &pi));
    assert_int_equal(finish(&pi), 13);
    static const WCHAR line[] = {'"', 'o', 'n', 'e', '"', ' ', 0xE9, ' ', 'b', 0};
    assert_quiet(CreateProcessW(NULL, (WCHAR *)(uintptr_t)line, NULL, NULL, FALSE, 0, NULL, NULL,
                                &wide, &pi));
    assert_int_equal(finish(&pi), 12);
}

static DWORD run_in(const char *directory)
{
    STARTUPINFOA startup = {.cb = sizeof startup};
    PROCESS_INFORMATION pi;
    char line[] = "sh -c \"test -e 'three four' && exit 5\"";
    if (!CreateProcessA(NULL, line, NULL, NULL, FALSE, 0, NULL, directory, &startup, &pi))
        return 1000 + GetLastError();
    return finish(&pi);
}

static void directories(void **state)
{
    (void)state;
    assert_int_equal(run_in(NULL), 1);
    assert_int_equal(run_in("sub"), 5);
    assert_int_equal(run_in(".\\sub\\"), 5);
    assert_int_equal(run_in(""), 1000 + ERROR_DIRECTORY);
    assert_int_equal(run_in("one"), 1000 + ERROR_DIRECTORY);
    assert_int_equal(run_in("C:\\none"), 1000 + ERROR_DIRECTORY);
}

/* ---- Environment ---------------------------------------------------------------------------- */

static DWORD run_with(const void *block, DWORD flags, const char *script)
{
    STARTUPINFOA startup = {.cb = sizeof startup};
    PROCESS_INFORMATION pi;
    char line[640];
    snprintf(line, sizeof line, "/bin/sh -c \"%s\"", script);
    if (!CreateProcessA(NULL, line, NULL, NULL, FALSE, flags, (void *)(uintptr_t)block, NULL,
                        &startup, &pi))
        return 1000 + GetLastError();
    return finish(&pi);
}

static void environment_blocks(void **state)
{
    static const WCHAR wide[] = {'W', 'O', '_', 'A', '=', 0xE9, 0, '=', 'C', ':', '=', 'x', 0, 0};
    char here[600];
    (void)state;
    assert_int_equal(run_with("WO_A=1\0WO_B=two words\0=C:=C:\\x\0", 0,
                              "test $WO_A = 1 && test \\\"$WO_B\\\" = 'two words' && exit 6"), 6);
    assert_int_equal(run_with("\0", 0, "test -z $HOME && exit 7"), 7);
    assert_int_equal(run_with(wide, CREATE_UNICODE_ENVIRONMENT, "test $WO_A = \xC3\xA9 && exit 8"),
                     8);
    /* Where the shared objects are does not depend on the block, as on Windows. */
    snprintf(here, sizeof here, "test $WAITOBJ_RUNTIME_DIR = '%s' && exit 9",
             getenv("WAITOBJ_RUNTIME_DIR"));
    assert_int_equal(run_with("WO_A=1\0", 0, here), 9);
    assert_int_equal(run_with("WAITOBJ_RUNTIME_DIR=/x\0", 0,
                              "test $WAITOBJ_RUNTIME_DIR = /x && exit 10"), 10);
}

/* ---- Standard handles ----------------------------------------------------------------------- */

static HANDLE output_file(void)
{
    HANDLE h = CreateFileA("out", GENERIC_READ | GENERIC_WRITE, 0, NULL, CREATE_ALWAYS, 0, NULL);
    assert_ptr_not_equal(h, INVALID_HANDLE_VALUE);
    return h;
}

static void expect_output(HANDLE h, const char *text)
{
    char got[64] = "";
    DWORD size = 0;
    SetFilePointer(h, 0, NULL, FILE_BEGIN);
    assert_true(ReadFile(h, got, sizeof got - 1, &size, NULL));
    assert_string_equal(got, text);
    assert_true(CloseHandle(h));
}

static void given_standard_handles(void **state)
{
    STARTUPINFOA startup = {.cb = sizeof startup, .dwFlags = STARTF_USESTDHANDLES};
    PROCESS_INFORMATION pi;
    HANDLE event = CreateEventA(NULL, TRUE, FALSE, NULL);
    char line[] = "sh -c \"cat; echo out; echo err >&2; exit 4\"";
    (void)state;
    startup.hStdOutput = startup.hStdError = output_file();
    startup.hStdInput = NULL;
    assert_true(CreateProcessA(NULL, line, NULL, NULL, TRUE, 0, NULL, NULL, &startup, &pi));
    assert_int_equal(finish(&pi), 4);
    expect_output(startup.hStdOutput, "out\nerr\n");
    startup.hStdInput = event; /* no file: nothing to read there, either */
    startup.hStdOutput = INVALID_HANDLE_VALUE;
    startup.hStdError = output_file();
    assert_true(CreateProcessA(NULL, line, NULL, NULL, TRUE, 0, NULL, NULL, &startup, &pi));
    assert_int_equal(finish(&pi), 4);
    expect_output(startup.hStdError, "err\n");
    assert_true(CloseHandle(event));
}

static void replaced_standard_handles(void **state)
{
    HANDLE before = GetStdHandle(STD_OUTPUT_HANDLE), h = output_file();
    (void)state;
    assert_true(SetStdHandle(STD_OUTPUT_HANDLE, h));
    assert_int_equal(run(NULL, "sh -c \"echo redirected\""), 0);
    assert_true(SetStdHandle(STD_OUTPUT_HANDLE, before));
    expect_output(h, "redirected\n");
}

/* ---- Handles, priority ---------------------------------------------------------------------- */

static void handles_of_a_new_process(void **state)
{
    PROCESS_INFORMATION pi;
    DWORD code = 0, before = 0;
    (void)state;
    size_t handles = wo__handle_count();
    assert_quiet(create(NULL, "sleep 100", CREATE_SUSPENDED, &pi));
    assert_int_equal(wo__handle_count(), handles + 2);
    assert_true(pi.dwProcessId != 0 && pi.dwThreadId != 0);
    assert_fails(GetExitCodeProcess(pi.hThread, &code), ERROR_INVALID_HANDLE);
    assert_fails(GetExitCodeThread(pi.hProcess, &code), ERROR_INVALID_HANDLE);
    assert_fails(GetExitCodeProcess(pi.hProcess, NULL), ERROR_NOACCESS);
    assert_quiet(GetExitCodeThread(pi.hThread, &code));
    assert_int_equal(code, STILL_ACTIVE);
    before = ResumeThread(pi.hThread);
    assert_int_equal(before, 1);
    assert_int_equal(ResumeThread(pi.hThread), 0);
    assert_quiet(TerminateProcess(pi.hProcess, 0x12345));
    assert_wait(WaitForSingleObject(pi.hThread, 30000), WAIT_OBJECT_0);
    assert_quiet(GetExitCodeThread(pi.hThread, &code));
    assert_int_equal(code, 0x12345);
    assert_fails(TerminateProcess(pi.hProcess, 1), ERROR_ACCESS_DENIED);
    assert_int_equal(finish(&pi), 0x12345);
    assert_int_equal(wo__handle_count(), handles);
}

static void bad_handles(void **state)
{
    DWORD code = 77;
    (void)state;
    for_each_bad_handle(h) {
        assert_fails(GetExitCodeProcess(h, &code), ERROR_INVALID_HANDLE);
        assert_fails(TerminateProcess(h, 1), ERROR_INVALID_HANDLE);
        assert_fails(GetProcessId(h), ERROR_INVALID_HANDLE);
        assert_fails(GetPriorityClass(h), ERROR_INVALID_HANDLE);
        assert_fails(SetPriorityClass(h, NORMAL_PRIORITY_CLASS), ERROR_INVALID_HANDLE);
    }
    assert_int_equal(code, 77);
}

static void priority_classes(void **state)
{
    PROCESS_INFORMATION pi;
    (void)state;
    assert_true(create(NULL, "sleep 100", BELOW_NORMAL_PRIORITY_CLASS, &pi));
    assert_int_equal(GetPriorityClass(pi.hProcess), BELOW_NORMAL_PRIORITY_CLASS);
    assert_quiet(SetPriorityClass(pi.hProcess, IDLE_PRIORITY_CLASS));
    assert_int_equal(GetPriorityClass(pi.hProcess), IDLE_PRIORITY_CLASS);
    assert_fails(SetPriorityClass(pi.hProcess, 3), ERROR_INVALID_PARAMETER);
    assert_fails(SetPriorityClass(pi.hProcess, 0x60), ERROR_INVALID_PARAMETER);
    HANDLE other = OpenProcess(SYNCHRONIZE, FALSE, pi.dwProcessId);
    assert_fails(GetPriorityClass(other), ERROR_ACCESS_DENIED);
    assert_fails(SetPriorityClass(other, IDLE_PRIORITY_CLASS), ERROR_ACCESS_DENIED);
    assert_true(CloseHandle(other));
    assert_true(TerminateProcess(pi.hProcess, 0));
    assert_int_equal(WaitForSingleObject(pi.hProcess, 30000), WAIT_OBJECT_0);
    assert_int_equal(GetPriorityClass(pi.hProcess), NORMAL_PRIORITY_CLASS);
    assert_quiet(SetPriorityClass(pi.hProcess, IDLE_PRIORITY_CLASS));
    (void)finish(&pi);
    assert_int_equal(GetPriorityClass(GetCurrentProcess()), NORMAL_PRIORITY_CLASS);
}

/* ---- This process --------------------------------------------------------------------------- */

static void module_names(void **state)
{
    char full[1024], part[1024];
    WCHAR wide[1024];
    (void)state;
    DWORD n = GetModuleFileNameA(NULL, full, sizeof full);
    assert_string_equal(full, wo_test_program());
    assert_int_equal(n, strlen(full));
    assert_result(GetModuleFileNameA(NULL, part, n + 1), n, ERROR_SUCCESS);
    assert_string_equal(part, full);
    assert_result(GetModuleFileNameA(NULL, part, n), n, ERROR_INSUFFICIENT_BUFFER);
    assert_int_equal(strlen(part), n - 1);
    assert_result(GetModuleFileNameA(NULL, part, 0), 0, ERROR_INSUFFICIENT_BUFFER);
    assert_result(GetModuleFileNameW(NULL, wide, 1024), n, ERROR_SUCCESS);
    assert_true(wide[n] == 0 && wide[0] == '/');
    assert_result(GetModuleFileNameW(NULL, wide, 5), 5, ERROR_INSUFFICIENT_BUFFER);
    assert_true(wide[4] == 0);
    assert_result(GetModuleFileNameA((HMODULE)(intptr_t)4, part, 9), 0, ERROR_MOD_NOT_FOUND);
    HMODULE own = GetModuleHandleA(NULL);
    assert_non_null(own);
    assert_int_equal(GetModuleFileNameA(own, part, sizeof part), n);
    assert_ptr_equal(GetModuleHandleA("test_win32_process.exe"), own);
    assert_ptr_equal(GetModuleHandleA(full), own);
    assert_fails(GetModuleHandleA("kernel32.dll"), ERROR_MOD_NOT_FOUND);
}

static int role_line(int argc, char **argv)
{
    const WCHAR *wide = GetCommandLineW();
    const char *line = GetCommandLineA(), *tail = strstr(line, "line");
    STARTUPINFOA startup;
    (void)argc;
    (void)argv;
    if (line != GetCommandLineA() || wide != GetCommandLineW() || wide[0] != '"')
        return 1;
    GetStartupInfoA(&startup);
    if (startup.cb != sizeof startup || strcmp(startup.lpTitle, wo_test_program()) != 0)
        return 2;
    return tail && strcmp(tail, "line \"two words\" \"\" \"a\\\"b\" C:\\x\\") == 0 ? 42 : 3;
}

static void command_lines(void **state)
{
    struct wo_test_child child;
    (void)state;
    wo_test_spawn(&child, "line", "two words", "", "a\"b", "C:\\x\\", NULL);
    wo_test_expect_exit(&child, 42);
}

static void exit_again(void)
{
    ExitProcess(0x4E);
}

/* An exit handler that exits, too, is the last one. */
static int role_exits_twice(int argc, char **argv)
{
    (void)argc;
    (void)argv;
    atexit(exit_again);
    ExitProcess(0x4D);
}

static void exit_process(void **state)
{
    struct wo_test_child child;
    (void)state;
    wo_test_spawn(&child, "exits", NULL);
    wo_test_expect_exit(&child, 0x4E);
}

static const struct wo_test_role roles[] = {
    {"line", role_line}, {"exits", role_exits_twice}, {NULL, NULL}};

#define IN_PLACE(test) cmocka_unit_test_setup_teardown(test, enter_place, leave_place)
static const struct CMUnitTest tests[] = {
    IN_PLACE(names_of_programs),
    IN_PLACE(names_that_fail),
    IN_PLACE(long_lines),
    IN_PLACE(the_line_may_be_constant),
    IN_PLACE(directories),
    cmocka_unit_test(environment_blocks),
    IN_PLACE(given_standard_handles),
    IN_PLACE(replaced_standard_handles),
    cmocka_unit_test(handles_of_a_new_process),
    cmocka_unit_test(bad_handles),
    cmocka_unit_test(priority_classes),
    cmocka_unit_test(module_names),
    cmocka_unit_test(command_lines),
    cmocka_unit_test(exit_process),
};

WO_TEST_MAIN(tests, roles)
