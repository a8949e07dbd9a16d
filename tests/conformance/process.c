/* Processes: command line, exit codes, environment, directory, standard handles, suspension,
 * opening and ending, errors. The program is its own child; the first argument is the role. */
#include "child.h"

static char self[MAX_PATH * 2];

static void file_name(char *out, const char *what)
{
    sprintf(out, "conf-%lu-%s.tmp", (unsigned long)GetCurrentProcessId(), what);
}

static HANDLE inheritable_file(const char *name, DWORD access, DWORD how)
{
    SECURITY_ATTRIBUTES attributes = {sizeof attributes, NULL, TRUE};
    return CreateFileA(name, access, FILE_SHARE_READ | FILE_SHARE_WRITE, &attributes, how,
                       FILE_ATTRIBUTE_NORMAL, NULL);
}

static void read_all(const char *name, char *out, DWORD capacity)
{
    DWORD size = 0, i, to = 0;
    HANDLE h = CreateFileA(name, GENERIC_READ, FILE_SHARE_READ | FILE_SHARE_WRITE, NULL,
                           OPEN_EXISTING, 0, NULL);
    CHECK(h != INVALID_HANDLE_VALUE);
    CHECK(ReadFile(h, out, capacity - 1, &size, NULL));
    CHECK(CloseHandle(h));
    for (i = 0; i < size; i++)
        if (out[i] != '\r')
            out[to++] = out[i];
    out[to] = 0;
}

struct start {
    const char *application, *arguments, *directory, *input;
    void *environment;
    DWORD flags;
};

/* Runs this program and collects what it writes to its standard output. */
static DWORD run_captured(const struct start *how, char *output, DWORD capacity)
{
    STARTUPINFOA startup;
    PROCESS_INFORMATION child;
    char line[4096], out_name[64], in_name[64];
    HANDLE out, in;
    DWORD code, written;
    file_name(out_name, "out");
    file_name(in_name, "in");
    out = inheritable_file(out_name, GENERIC_WRITE, CREATE_ALWAYS);
    in = inheritable_file(in_name, GENERIC_READ | GENERIC_WRITE, CREATE_ALWAYS);
    if (how->input) {
        WriteFile(in, how->input, (DWORD)strlen(how->input), &written, NULL);
        SetFilePointer(in, 0, NULL, FILE_BEGIN);
    }
    ZeroMemory(&startup, sizeof startup);
    startup.cb = sizeof startup;
    startup.dwFlags = STARTF_USESTDHANDLES;
    startup.hStdInput = in;
    startup.hStdOutput = out;
    startup.hStdError = out;
    sprintf(line, "\"%s\" %s", self, how->arguments);
    *output = 0;
    if (!CreateProcessA(how->application, line, NULL, NULL, TRUE, how->flags, how->environment,
                        how->directory, &startup, &child)) {
        code = GetLastError();
        printf("CreateProcess of %s: error %lu\n", line, (unsigned long)code);
        check_failed++;
        CloseHandle(out);
        CloseHandle(in);
        return 0xBAD;
    }
    CHECK(CloseHandle(out));
    CHECK(CloseHandle(in));
    code = finish(&child);
    read_all(out_name, output, capacity);
    DeleteFileA(out_name);
    DeleteFileA(in_name);
    return code;
}

/* Arguments as they stand on a command line, and what the child must see, one per line. */
static void quoting(void)
{
    static const struct {
        const char *line, *seen;
    } cases[] = {
        {"a b c", "a\nb\nc\n"},
        {"  a \t b  ", "a\nb\n"},
        {"\"a b\" c", "a b\nc\n"},
        {"\"\" x", "\nx\n"},
        {"a\\b \\\\c\\d", "a\\b\n\\\\c\\d\n"},
        {"\"a\\\\b\" \"c\\\\\" d", "a\\\\b\nc\\\nd\n"},
        {"a\\\"b \\\\\\\"c d", "a\"b\n\\\"c\nd\n"},
        {"\"a\\\"b c\" d", "a\"b c\nd\n"},
        {"a\"b c\"d e", "ab cd\ne\n"},
        {"\\\\\"a b\" c", "\\a b\nc\n"},
        {"\"ab\\\\\\\"c\" d", "ab\\\"c\nd\n"},
        {"'a b'", "'a\nb'\n"},
        {"$HOME %PATH% ;|&<> `x`", "$HOME\n%PATH%\n;|&<>\n`x`\n"},
        {"-- --x=\"y z\"", "--\n--x=y z\n"},
    };
    char line[512], seen[1024];
    int i;
    for (i = 0; i < (int)(sizeof cases / sizeof cases[0]); i++) {
        struct start how = {0};
        sprintf(line, "args %s", cases[i].line);
        how.arguments = line;
        CHECK_EQ(run_captured(&how, seen, sizeof seen), 0);
        CHECK_STR(seen, cases[i].seen);
    }
}

static void command_line_text(void)
{
    char seen[4096], expected[4096];
    struct start how = {0};
    how.arguments = "line one \"two three\" four\\five";
    CHECK_EQ(run_captured(&how, seen, sizeof seen), 0);
    sprintf(expected, "\"%s\" %s", self, how.arguments);
    CHECK_STR(seen, expected);
}

static void exit_codes(void)
{
    static const char *const roles[] = {"return 0", "return 7", "return 255", "return 256",
                                        "return 70000", "exit 0", "exit 1", "exit 259", "exit 300",
                                        "exit 3735928559", "exit 4294967295", "return 2147483648",
                                        "c-exit 3", "thread-exit 70001",
                                        "self-terminate 305419896"};
    static const DWORD codes[] = {0, 7, 255, 256, 70000, 0, 1, 259, 300, 0xDEADBEEF, 0xFFFFFFFF,
                                  0x80000000, 3, 70001, 0x12345678};
    int i;
    for (i = 0; i < (int)(sizeof codes / sizeof codes[0]); i++) {
        DWORD got = run_self(roles[i], FALSE);
        if (got != codes[i])
            printf("role %s:\n", roles[i]);
        CHECK_EQ(got, codes[i]);
    }
}

static void handle_after_the_end(void)
{
    PROCESS_INFORMATION child;
    DWORD code = 1, pid, thread_code = 1;
    char role[CONF_NAME + 100], name[CONF_NAME];
    HANDLE go, opened;
    sprintf(name, "conf-go-%lu", (unsigned long)GetCurrentProcessId());
    go = CreateEventA(NULL, TRUE, FALSE, name);
    sprintf(role, "wait %s 77", name);
    if (!start_self(&child, role, FALSE, 0))
        return;
    pid = child.dwProcessId;
    CHECK(pid != 0 && child.dwThreadId != 0 && child.hThread != NULL);
    CHECK_EQ(GetProcessId(child.hProcess), pid);
    SetLastError(UNTOUCHED);
    CHECK(GetExitCodeProcess(child.hProcess, &code));
    CHECK_EQ(code, STILL_ACTIVE);
    CHECK_EQ(WaitForSingleObject(child.hProcess, 0), WAIT_TIMEOUT);
    CHECK_EQ(WaitForSingleObject(child.hThread, 0), WAIT_TIMEOUT);
    CHECK_ERROR(UNTOUCHED);
    opened = OpenProcess(SYNCHRONIZE | PROCESS_QUERY_INFORMATION, FALSE, pid);
    CHECK(opened != NULL);
    SetEvent(go);
    CHECK_EQ(WaitForSingleObject(child.hProcess, LONG_TIME), WAIT_OBJECT_0);
    CHECK_EQ(WaitForSingleObject(child.hProcess, 0), WAIT_OBJECT_0);
    CHECK_EQ(WaitForSingleObject(opened, LONG_TIME), WAIT_OBJECT_0);
    CHECK_EQ(WaitForSingleObject(child.hThread, LONG_TIME), WAIT_OBJECT_0);
    CHECK(GetExitCodeProcess(child.hProcess, &code));
    CHECK_EQ(code, 77);
    CHECK(GetExitCodeProcess(opened, &code));
    CHECK_EQ(code, 77);
    CHECK(GetExitCodeThread(child.hThread, &thread_code));
    CHECK_EQ(thread_code, 77);
    CHECK_EQ(GetProcessId(child.hProcess), pid);
    if (CHECK_NOT_ON_WINE("terminate-ended"))
        CHECK_FAILS(TerminateProcess(child.hProcess, 1), ERROR_ACCESS_DENIED);
    CHECK(GetExitCodeProcess(child.hProcess, &code));
    CHECK_EQ(code, 77);
    CHECK(CloseHandle(opened));
    CHECK_EQ(finish(&child), 77);
    CHECK(CloseHandle(go));
}

static void terminate(void)
{
    static const DWORD codes[] = {0, 1, 259, 0xDEADBEEF, 0xC0000005};
    int i;
    for (i = 0; i < 5; i++) {
        PROCESS_INFORMATION child;
        DWORD code = 1;
        HANDLE opened;
        if (!start_self(&child, "sleep", FALSE, 0))
            return;
        opened = OpenProcess(PROCESS_TERMINATE, FALSE, child.dwProcessId);
        CHECK(opened != NULL);
        CHECK_WAIT_FAILS(WaitForSingleObject(opened, 0), ERROR_ACCESS_DENIED);
        CHECK_FAILS(GetExitCodeProcess(opened, &code), ERROR_ACCESS_DENIED);
        CHECK(TerminateProcess(opened, codes[i]));
        CHECK(CloseHandle(opened));
        CHECK_EQ(finish(&child), codes[i]);
    }
}

static void open_errors(void)
{
    PROCESS_INFORMATION child;
    HANDLE h;
    CHECK_NO_HANDLE(OpenProcess(SYNCHRONIZE, FALSE, 0), ERROR_INVALID_PARAMETER);
    CHECK_NO_HANDLE(OpenProcess(PROCESS_ALL_ACCESS, FALSE, 0x7FFFFFF0), ERROR_INVALID_PARAMETER);
    CHECK_NO_HANDLE(OpenProcess(SYNCHRONIZE, FALSE, 0xFFFFFFFF), ERROR_INVALID_PARAMETER);
    h = OpenProcess(SYNCHRONIZE | PROCESS_QUERY_LIMITED_INFORMATION, FALSE, GetCurrentProcessId());
    CHECK(h != NULL);
    CHECK_EQ(WaitForSingleObject(h, 0), WAIT_TIMEOUT);
    CHECK_EQ(GetProcessId(h), GetCurrentProcessId());
    CHECK_FAILS(TerminateProcess(h, 1), ERROR_ACCESS_DENIED);
    CHECK(CloseHandle(h));
    if (!start_self(&child, "sleep", FALSE, 0))
        return;
    h = OpenProcess(SYNCHRONIZE, FALSE, child.dwProcessId);
    CHECK(h != NULL);
    CHECK_FAILS(TerminateProcess(h, 1), ERROR_ACCESS_DENIED);
    CHECK(TerminateProcess(child.hProcess, 4));
    CHECK_EQ(WaitForSingleObject(h, LONG_TIME), WAIT_OBJECT_0);
    CHECK(CloseHandle(h));
    CHECK_EQ(finish(&child), 4);
}

/* The child starts a grandchild, tells its id and is killed: the grandchild lives on. */
static void grandchildren_live_on(void)
{
    PROCESS_INFORMATION child;
    char role[CONF_NAME * 2 + 100], name[CONF_NAME], slot_name[CONF_NAME];
    DWORD pid = 0, size = 0, code = 0;
    HANDLE go, slot, grandchild;
    sprintf(name, "conf-orphan-%lu", (unsigned long)GetCurrentProcessId());
    sprintf(slot_name, "\\\\.\\mailslot\\conf-orphan-%lu", (unsigned long)GetCurrentProcessId());
    go = CreateEventA(NULL, TRUE, FALSE, name);
    slot = CreateMailslotA(slot_name, 0, LONG_TIME, NULL);
    sprintf(role, "parent %s %s", name, slot_name);
    if (!start_self(&child, role, FALSE, 0))
        return;
    CHECK(ReadFile(slot, &pid, sizeof pid, &size, NULL));
    grandchild = OpenProcess(SYNCHRONIZE | PROCESS_QUERY_INFORMATION, FALSE, pid);
    CHECK(grandchild != NULL);
    CHECK(TerminateProcess(child.hProcess, 66));
    CHECK_EQ(finish(&child), 66);
    CHECK_EQ(WaitForSingleObject(grandchild, 50), WAIT_TIMEOUT);
    CHECK(GetExitCodeProcess(grandchild, &code));
    CHECK_EQ(code, STILL_ACTIVE);
    SetEvent(go);
    CHECK_EQ(WaitForSingleObject(grandchild, LONG_TIME), WAIT_OBJECT_0);
    CHECK(GetExitCodeProcess(grandchild, &code));
    CHECK_EQ(code, 88);
    CHECK(CloseHandle(grandchild));
    CHECK(CloseHandle(go));
    CHECK(CloseHandle(slot));
}

static int parent_child(char **argv)
{
    PROCESS_INFORMATION child;
    char role[CONF_NAME + 100];
    DWORD size;
    HANDLE slot;
    sprintf(role, "wait %s 88", argv[2]);
    if (!start_self(&child, role, FALSE, 0))
        return 1;
    slot = CreateFileA(argv[3], GENERIC_WRITE, FILE_SHARE_READ, NULL, OPEN_EXISTING, 0, NULL);
    WriteFile(slot, &child.dwProcessId, sizeof child.dwProcessId, &size, NULL);
    Sleep(LONG_TIME);
    return 0;
}

static void standard_handles(void)
{
    char seen[256];
    struct start how = {0};
    how.arguments = "cat";
    how.input = "some text\nof two lines\n";
    CHECK_EQ(run_captured(&how, seen, sizeof seen), 23);
    CHECK_STR(seen, "some text\nof two lines\nend\n");
}

/* Copies standard input to output with the Win32 functions; "end" goes to standard error. */
static int cat_child(void)
{
    char text[256];
    DWORD size = 0, total = 0, written;
    while (ReadFile(GetStdHandle(STD_INPUT_HANDLE), text, sizeof text, &size, NULL) && size) {
        WriteFile(GetStdHandle(STD_OUTPUT_HANDLE), text, size, &written, NULL);
        total += written;
    }
    WriteFile(GetStdHandle(STD_ERROR_HANDLE), "end\n", 4, &written, NULL);
    return (int)total;
}

static void environment(void)
{
    /* A block must keep what the system needs to start programs; here that is nothing. */
    static char block[] = "CONF_A=one\0CONF_B=two words=x\0CONF_EMPTY=\0";
    static const WCHAR wide[] = {'C', 'O', 'N', 'F', '_', 'A', '=', 'w', 0, 0};
    char seen[256];
    struct start how = {0};
    CHECK(SetEnvironmentVariableA("CONF_A", "inherited"));
    CHECK(SetEnvironmentVariableA("CONF_B", NULL));
    how.arguments = "environment CONF_A CONF_B CONF_C";
    CHECK_EQ(run_captured(&how, seen, sizeof seen), 0);
    CHECK_STR(seen, "CONF_A=inherited\nno CONF_B\nno CONF_C\n");
    how.environment = block;
    CHECK_EQ(run_captured(&how, seen, sizeof seen), 0);
    CHECK_STR(seen, "CONF_A=one\nCONF_B=two words=x\nno CONF_C\n");
    how.environment = (void *)wide;
    how.flags = CREATE_UNICODE_ENVIRONMENT;
    CHECK_EQ(run_captured(&how, seen, sizeof seen), 0);
    CHECK_STR(seen, "CONF_A=w\nno CONF_B\nno CONF_C\n");
    CHECK(SetEnvironmentVariableA("CONF_A", NULL));
}

static int environment_child(int argc, char **argv)
{
    char value[256];
    int i;
    for (i = 2; i < argc; i++)
        if (GetEnvironmentVariableA(argv[i], value, sizeof value))
            printf("%s=%s\n", argv[i], value);
        else
            printf("no %s\n", argv[i]);
    return 0;
}

static void current_directory(void)
{
    char directory[MAX_PATH], marker[64], path[MAX_PATH + 64], role[80], seen[64];
    struct start how = {0};
    HANDLE h;
    file_name(marker, "marker");
    CHECK(GetTempPathA(sizeof directory, directory) > 0);
    sprintf(path, "%s%s", directory, marker);
    h = CreateFileA(path, GENERIC_WRITE, 0, NULL, CREATE_ALWAYS, 0, NULL);
    CHECK(h != INVALID_HANDLE_VALUE);
    CHECK(CloseHandle(h));
    sprintf(role, "exists %s", marker);
    how.arguments = role;
    CHECK_EQ(run_captured(&how, seen, sizeof seen), 2);
    how.directory = directory;
    CHECK_EQ(run_captured(&how, seen, sizeof seen), 1);
    CHECK(DeleteFileA(path));
}

static void missing_directory(void)
{
    STARTUPINFOA startup;
    PROCESS_INFORMATION child;
    char line[600];
    ZeroMemory(&startup, sizeof startup);
    startup.cb = sizeof startup;
    sprintf(line, "\"%s\" return 0", self);
    CHECK_FAILS(CreateProcessA(NULL, line, NULL, NULL, FALSE, 0, NULL, "conf-no-such-directory",
                               &startup, &child),
                ERROR_DIRECTORY);
}

static void suspended(void)
{
    PROCESS_INFORMATION child;
    char role[CONF_NAME + 100], name[CONF_NAME];
    HANDLE running;
    DWORD code = 0;
    sprintf(name, "conf-runs-%lu", (unsigned long)GetCurrentProcessId());
    sprintf(role, "set %s 12", name);
    running = CreateEventA(NULL, TRUE, FALSE, name);
    if (!start_self(&child, role, FALSE, CREATE_SUSPENDED))
        return;
    CHECK_EQ(WaitForSingleObject(running, 100), WAIT_TIMEOUT);
    CHECK_EQ(WaitForSingleObject(child.hProcess, 0), WAIT_TIMEOUT);
    CHECK(GetExitCodeProcess(child.hProcess, &code));
    CHECK_EQ(code, STILL_ACTIVE);
    CHECK_EQ(ResumeThread(child.hThread), 1);
    CHECK_EQ(WaitForSingleObject(running, LONG_TIME), WAIT_OBJECT_0);
    CHECK_EQ(finish(&child), 12);
    /* Ended before it ever ran. */
    if (!start_self(&child, role, FALSE, CREATE_SUSPENDED))
        return;
    ResetEvent(running);
    CHECK(TerminateProcess(child.hProcess, 0xABCDEF01));
    CHECK_EQ(finish(&child), 0xABCDEF01);
    CHECK_EQ(WaitForSingleObject(running, 0), WAIT_TIMEOUT);
    CHECK(CloseHandle(running));
}

static BOOL try_start(const char *application, const char *line)
{
    STARTUPINFOA startup;
    PROCESS_INFORMATION child;
    char buffer[1024];
    BOOL ok;
    ZeroMemory(&startup, sizeof startup);
    startup.cb = sizeof startup;
    if (line)
        strcpy(buffer, line);
    ok = CreateProcessA(application, line ? buffer : NULL, NULL, NULL, FALSE, 0, NULL, NULL,
                        &startup, &child);
    if (ok)
        CHECK_EQ(finish(&child), 1);
    return ok;
}

static void missing_programs(void)
{
    CHECK_FAILS(try_start(NULL, "conf-no-such-program a b"), ERROR_FILE_NOT_FOUND);
    CHECK_FAILS(try_start(NULL, "\"conf no such program\" a b"), ERROR_FILE_NOT_FOUND);
    CHECK_FAILS(try_start("conf-no-such-program.exe", NULL), ERROR_FILE_NOT_FOUND);
    CHECK_FAILS(try_start("conf-no-such-program.exe", "x y"), ERROR_FILE_NOT_FOUND);
}

static void application_name(void)
{
    char line[600], seen[64];
    struct start how = {0};
    how.application = self;
    how.arguments = "args x";
    CHECK_EQ(run_captured(&how, seen, sizeof seen), 0);
    CHECK_STR(seen, "x\n");
    /* The first token need not be the program then. */
    sprintf(line, "other-name exists conf-missing-file");
    {
        STARTUPINFOA startup;
        PROCESS_INFORMATION child;
        ZeroMemory(&startup, sizeof startup);
        startup.cb = sizeof startup;
        CHECK(CreateProcessA(self, line, NULL, NULL, FALSE, 0, NULL, NULL, &startup, &child));
        CHECK_EQ(finish(&child), 2);
    }
    /* The same name, with .exe or without: the other form of how this file is called. */
    strcpy(line, self);
    if (strlen(line) > 4 && strcmp(line + strlen(line) - 4, ".exe") == 0)
        line[strlen(line) - 4] = 0;
    else
        strcat(line, ".exe");
    strcat(line, " exists conf-missing-file");
    {
        STARTUPINFOA startup;
        PROCESS_INFORMATION child;
        ZeroMemory(&startup, sizeof startup);
        startup.cb = sizeof startup;
        SetLastError(0);
        CHECK(CreateProcessA(NULL, line, NULL, NULL, FALSE, 0, NULL, NULL, &startup, &child));
        if (GetLastError() == 0)
            CHECK_EQ(finish(&child), 2);
    }
}

/* An empty line counts as none: the program's name is its line. The child would be a second test
 * run if it did not find the variable. */
static void empty_line(void)
{
    STARTUPINFOA startup = {.cb = sizeof startup};
    PROCESS_INFORMATION child;
    char line[4] = "";
    CHECK(SetEnvironmentVariableA("CONF_EMPTY_LINE", "1"));
    if (CreateProcessA(self, line, NULL, NULL, FALSE, 0, NULL, NULL, &startup, &child))
        CHECK_EQ(finish(&child), 21);
    else
        CHECK(!"started");
    CHECK(SetEnvironmentVariableA("CONF_EMPTY_LINE", NULL));
}

/* A directory of that name is found, and is no program. */
static void directory_as_program(void)
{
    STARTUPINFOA startup = {.cb = sizeof startup};
    PROCESS_INFORMATION child;
    char name[64], line[80];
    file_name(name, "dir");
    CHECK(CreateDirectoryA(name, NULL));
    sprintf(line, "\"%s\" x", name);
    CHECK_FAILS(CreateProcessA(NULL, line, NULL, NULL, FALSE, 0, NULL, NULL, &startup, &child),
                ERROR_ACCESS_DENIED);
    CHECK(RemoveDirectoryA(name));
}

static void creation_flags(void)
{
    static const DWORD flags[] = {NORMAL_PRIORITY_CLASS, IDLE_PRIORITY_CLASS,
                                  BELOW_NORMAL_PRIORITY_CLASS, CREATE_NEW_PROCESS_GROUP,
                                  CREATE_NO_WINDOW, DETACHED_PROCESS,
                                  CREATE_UNICODE_ENVIRONMENT | CREATE_DEFAULT_ERROR_MODE};
    PROCESS_INFORMATION child;
    int i;
    for (i = 0; i < (int)(sizeof flags / sizeof flags[0]); i++)
        if (start_self(&child, "exit 31", FALSE, flags[i]))
            CHECK_EQ(finish(&child), 31);
}

static void wait_for_many(void)
{
    enum { COUNT = 8 };
    PROCESS_INFORMATION child[COUNT];
    HANDLE h[COUNT];
    int i;
    for (i = 0; i < COUNT; i++) {
        if (!start_self(&child[i], i == 5 ? "sleep" : "return 0", FALSE, 0))
            return;
        h[i] = child[i].hProcess;
    }
    CHECK_EQ(WaitForMultipleObjects(COUNT, h, TRUE, 50), WAIT_TIMEOUT);
    CHECK_EQ(WaitForMultipleObjects(1, h + 5, FALSE, 0), WAIT_TIMEOUT);
    CHECK(TerminateProcess(h[5], 55));
    CHECK_EQ(WaitForMultipleObjects(COUNT, h, TRUE, LONG_TIME), WAIT_OBJECT_0);
    CHECK_EQ(WaitForMultipleObjects(COUNT - 3, h + 3, FALSE, 0), WAIT_OBJECT_0);
    for (i = 0; i < COUNT; i++)
        CHECK_EQ(finish(&child[i]), i == 5 ? 55 : 0);
}

static DWORD WINAPI exit_from_thread(void *code)
{
    ExitProcess((DWORD)(ULONG_PTR)code);
    return 0;
}

static int exits(const char *role, const char *text)
{
    DWORD code = (DWORD)strtoul(text, NULL, 10);
    if (strcmp(role, "return") == 0)
        return (int)code;
    if (strcmp(role, "exit") == 0)
        ExitProcess(code);
    if (strcmp(role, "c-exit") == 0)
        exit((int)code);
    if (strcmp(role, "self-terminate") == 0)
        TerminateProcess(GetCurrentProcess(), code);
    CreateThread(NULL, 0, exit_from_thread, (void *)(ULONG_PTR)code, 0, NULL);
    Sleep(LONG_TIME);
    return 0xBAD;
}

static int with_event(char **argv)
{
    HANDLE h = OpenEventA(EVENT_ALL_ACCESS, FALSE, argv[2]);
    if (strcmp(argv[1], "set") == 0)
        return SetEvent(h) ? atoi(argv[3]) : 1;
    return WaitForSingleObject(h, LONG_TIME) == WAIT_OBJECT_0 ? atoi(argv[3]) : 1;
}

static int exists(const char *name)
{
    HANDLE h = CreateFileA(name, GENERIC_READ, FILE_SHARE_READ, NULL, OPEN_EXISTING, 0, NULL);
    return h == INVALID_HANDLE_VALUE ? (int)GetLastError() : 1;
}

static int child_role(int argc, char **argv)
{
    const char *role = argv[1];
    int i;
    if (strcmp(role, "args") == 0)
        for (i = 2; i < argc; i++)
            printf("%s\n", argv[i]);
    else if (strcmp(role, "line") == 0)
        printf("%s", GetCommandLineA());
    else if (strcmp(role, "environment") == 0)
        return environment_child(argc, argv);
    else if (strcmp(role, "cat") == 0)
        return cat_child();
    else if (strcmp(role, "exists") == 0)
        return exists(argv[2]);
    else if (strcmp(role, "sleep") == 0)
        Sleep(LONG_TIME);
    else if (strcmp(role, "parent") == 0)
        return parent_child(argv);
    else if (strcmp(role, "set") == 0 || strcmp(role, "wait") == 0)
        return with_event(argv);
    else
        return exits(role, argv[2]);
    return 0;
}

int main(int argc, char **argv)
{
    if (argc > 1)
        return child_role(argc, argv);
    if (GetEnvironmentVariableA("CONF_EMPTY_LINE", self, sizeof self) > 0)
        return *argv[0] ? 21 : 20;
    CHECK(GetModuleFileNameA(NULL, self, sizeof self) > 0);
    RUN(quoting);
    RUN(command_line_text);
    RUN(exit_codes);
    RUN(handle_after_the_end);
    RUN(terminate);
    RUN(open_errors);
    RUN(grandchildren_live_on);
    RUN(standard_handles);
    RUN(environment);
    RUN(current_directory);
    RUN(missing_directory);
    RUN(suspended);
    RUN(missing_programs);
    RUN(application_name);
    RUN(empty_line);
    RUN(directory_as_program);
    RUN(creation_flags);
    RUN(wait_for_many);
    return check_result();
}
