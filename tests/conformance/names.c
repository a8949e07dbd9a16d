/* Named objects: name spaces, case, length, lifetime, opening, rights. */
#include "child.h"

static TCHAR name[CONF_NAME], other[CONF_NAME];

static HANDLE make_event(const TCHAR *text)
{
    return CreateEvent(NULL, TRUE, FALSE, text);
}

static HANDLE open_name(const TCHAR *text)
{
    return OpenEvent(EVENT_ALL_ACCESS, FALSE, text);
}

static void open_missing(void)
{
    CHECK_NO_HANDLE(open_name(name), ERROR_FILE_NOT_FOUND);
    CHECK_NO_HANDLE(open_name(NULL), ERROR_INVALID_PARAMETER);
    CHECK_NO_HANDLE(OpenEventA(EVENT_ALL_ACCESS, FALSE, NULL), ERROR_INVALID_PARAMETER);
    CHECK_NO_HANDLE(OpenEventW(EVENT_ALL_ACCESS, FALSE, NULL), ERROR_INVALID_PARAMETER);
}

static void case_matters(void)
{
    HANDLE upper = make_event(make_name(name, "CONF-CASE-", "N"));
    HANDLE lower;
    CHECK(upper != NULL);
    CHECK_NO_HANDLE(open_name(make_name(other, "conf-case-", "n")), ERROR_FILE_NOT_FOUND);
    SetLastError(UNTOUCHED);
    lower = make_event(other);
    CHECK(lower != NULL);
    CHECK_ERROR(0);
    CHECK(CloseHandle(upper));
    CHECK(CloseHandle(lower));
}

/* Both names reach the same object. */
static void check_same(const TCHAR *a, const TCHAR *b)
{
    HANDLE first = make_event(a), second;
    CHECK(first != NULL);
    second = open_name(b);
    CHECK(second != NULL);
    CHECK(SetEvent(second));
    CHECK_EQ(WaitForSingleObject(first, 0), WAIT_OBJECT_0);
    CHECK(CloseHandle(first));
    CHECK(CloseHandle(second));
}

static void prefixes(void)
{
    HANDLE h;
    make_name(name, "conf-prefix-", "n");
    check_same(name, make_name(other, "Local\\conf-prefix-", "n"));
    check_same(make_name(name, "Global\\conf-prefix-", "n"), name);
    h = make_event(name);
    CHECK(h != NULL);
    if (CHECK_NOT_ON_WINE("global-and-local")) {
        CHECK_NO_HANDLE(open_name(make_name(other, "Local\\conf-prefix-", "n")),
                        ERROR_FILE_NOT_FOUND);
        CHECK_NO_HANDLE(open_name(make_name(other, "conf-prefix-", "n")), ERROR_FILE_NOT_FOUND);
    }
    CHECK(CloseHandle(h));
}

static void backslashes(void)
{
    CHECK_NO_HANDLE(make_event(make_name(name, "conf\\back-", "n")), ERROR_PATH_NOT_FOUND);
    CHECK_NO_HANDLE(open_name(name), ERROR_PATH_NOT_FOUND);
    CHECK_NO_HANDLE(make_event(make_name(name, "Local\\conf\\", "n")), ERROR_PATH_NOT_FOUND);
    CHECK_NO_HANDLE(make_event(make_name(name, "Global\\conf\\", "n")), ERROR_PATH_NOT_FOUND);
    CHECK_NO_HANDLE(make_event(make_name(name, "Lokal\\", "n")), ERROR_PATH_NOT_FOUND);
    CHECK_NO_HANDLE(make_event(TEXT("Local\\")), ERROR_INVALID_NAME);
    CHECK_NO_HANDLE(make_event(TEXT("Global\\")), ERROR_INVALID_NAME);
    CHECK_NO_HANDLE(make_event(TEXT("Local")), ERROR_INVALID_HANDLE);
    CHECK_NO_HANDLE(make_event(TEXT("Global")), ERROR_INVALID_HANDLE);
    CHECK_NO_HANDLE(make_event(TEXT("\\")), ERROR_BAD_PATHNAME);
    CHECK_NO_HANDLE(make_event(TEXT("\\conf")), ERROR_BAD_PATHNAME);
}

static void lengths(void)
{
    TCHAR text[MAX_PATH + 40];
    HANDLE h, again;
    int i;
    make_name(text, "conf-long-", "n");
    for (i = lstrlen(text); i < MAX_PATH + 30; i++)
        text[i] = TEXT('x');
    /* Up to MAX_PATH characters without the end; the ANSI functions include the end. */
    text[MAX_PATH - 1] = 0;
    h = make_event(text);
    CHECK(h != NULL);
    again = open_name(text);
    CHECK(again != NULL);
    CHECK(CloseHandle(h));
    CHECK(CloseHandle(again));
    text[MAX_PATH - 1] = TEXT('x');
    text[MAX_PATH + 20] = 0;
    SetLastError(UNTOUCHED);
    h = make_event(text);
    if (CHECK_NOT_ON_WINE("name-length")) {
        CHECK(h == NULL);
        CHECK_ERROR(ERROR_FILENAME_EXCED_RANGE);
        CHECK_NO_HANDLE(open_name(text), ERROR_FILENAME_EXCED_RANGE);
    }
    if (h)
        CloseHandle(h);
}

static void ansi_and_wide_are_one(void)
{
    static const WCHAR wide[] = {'c', 'o', 'n', 'f', '-', 'w', 'i', 'd', 'e', 0};
    HANDLE a = CreateEventA(NULL, TRUE, FALSE, "conf-wide");
    HANDLE w = CreateEventW(NULL, TRUE, FALSE, wide);
    CHECK(w != NULL);
    CHECK_ERROR(ERROR_ALREADY_EXISTS);
    CHECK(SetEvent(w));
    CHECK_EQ(WaitForSingleObject(a, 0), WAIT_OBJECT_0);
    CHECK(CloseHandle(a));
    a = OpenEventA(SYNCHRONIZE, FALSE, "conf-wide");
    CHECK(a != NULL);
    CHECK(CloseHandle(a));
    CHECK(CloseHandle(w));
}

/* An empty name is no name: two such events are two objects. */
static void empty_name(void)
{
    HANDLE a = make_event(TEXT("")), b;
    SetLastError(UNTOUCHED);
    b = make_event(TEXT(""));
    CHECK(a != NULL && b != NULL);
    CHECK_ERROR(0);
    CHECK(SetEvent(a));
    CHECK_EQ(WaitForSingleObject(b, 0), WAIT_TIMEOUT);
    CHECK(CloseHandle(a));
    CHECK(CloseHandle(b));
}

static void rights_of_generic(void)
{
    HANDLE h = make_event(make_name(name, "conf-generic-", "n"));
    HANDLE execute = OpenEvent(GENERIC_EXECUTE, FALSE, name);
    HANDLE read_write = OpenEvent(GENERIC_READ | GENERIC_WRITE, FALSE, name);
    HANDLE all = OpenEvent(GENERIC_ALL, FALSE, name);
    CHECK_EQ(WaitForSingleObject(execute, 0), WAIT_TIMEOUT);
    CHECK_FAILS(SetEvent(execute), ERROR_ACCESS_DENIED);
    CHECK(SetEvent(read_write));
    CHECK_WAIT_FAILS(WaitForSingleObject(read_write, 0), ERROR_ACCESS_DENIED);
    CHECK_EQ(WaitForSingleObject(all, 0), WAIT_OBJECT_0);
    CHECK(ResetEvent(all));
    CHECK(CloseHandle(execute));
    CHECK(CloseHandle(read_write));
    CHECK(CloseHandle(all));
    CHECK(CloseHandle(h));
}

static void lifetime(void)
{
    HANDLE first = make_event(make_name(name, "conf-life-", "n")), second = open_name(name);
    CHECK(SetEvent(first));
    CHECK(CloseHandle(first));
    CHECK_EQ(WaitForSingleObject(second, 0), WAIT_OBJECT_0);
    CHECK(CloseHandle(second));
    CHECK_NO_HANDLE(open_name(name), ERROR_FILE_NOT_FOUND);
    SetLastError(UNTOUCHED);
    first = make_event(name);
    CHECK_ERROR(0);
    CHECK_EQ(WaitForSingleObject(first, 0), WAIT_TIMEOUT);
    CHECK(CloseHandle(first));
}

/* A child holds the name; when it is killed, the name is gone. */
static void killed_holder(void)
{
    PROCESS_INFORMATION child;
    char role[CONF_NAME * 2 + 100], held[CONF_NAME], ready_name[CONF_NAME];
    HANDLE ready = make_event(make_name(other, "conf-ready-", "n")), h;
    to_char(ready_name, other);
    to_char(held, make_name(name, "conf-held-", "n"));
    sprintf(role, "hold %s %s", held, ready_name);
    if (!start_self(&child, role, FALSE, 0))
        return;
    CHECK_EQ(WaitForSingleObject(ready, LONG_TIME), WAIT_OBJECT_0);
    h = open_name(name);
    CHECK(h != NULL);
    CHECK_EQ(WaitForSingleObject(h, 0), WAIT_OBJECT_0);
    CHECK(TerminateProcess(child.hProcess, 9));
    CHECK_EQ(WaitForSingleObject(child.hProcess, LONG_TIME), WAIT_OBJECT_0);
    /* Ours keeps it alive, and only ours. */
    CHECK_EQ(WaitForSingleObject(h, 0), WAIT_OBJECT_0);
    CHECK(CloseHandle(h));
    CHECK_NO_HANDLE(open_name(name), ERROR_FILE_NOT_FOUND);
    SetLastError(UNTOUCHED);
    h = make_event(name);
    CHECK_ERROR(0);
    CHECK_EQ(WaitForSingleObject(h, 0), WAIT_TIMEOUT);
    CHECK(CloseHandle(h));
    CHECK_EQ(finish(&child), 9);
    CHECK(CloseHandle(ready));
}

static int hold_child(char **argv)
{
    TCHAR text[CONF_NAME];
    HANDLE h = CreateEvent(NULL, TRUE, TRUE, to_tchar(text, argv[2]));
    HANDLE ready = OpenEvent(EVENT_MODIFY_STATE, FALSE, to_tchar(text, argv[3]));
    SetEvent(ready);
    Sleep(LONG_TIME);
    return h == NULL;
}

static void odd_but_legal(void)
{
    static const char *const odd[] = {"..", ".", "a/b", "/", "../../x", "%41", "a b", "*", "?",
                                      "con", "x.", "tab\there", "new\nline", "\x01\x7F", "~"};
    int i;
    for (i = 0; i < (int)(sizeof odd / sizeof odd[0]); i++) {
        HANDLE a = CreateEventA(NULL, TRUE, FALSE, odd[i]), b;
        CHECK(a != NULL);
        b = OpenEventA(EVENT_ALL_ACCESS, FALSE, odd[i]);
        CHECK(b != NULL);
        CHECK(SetEvent(b));
        CHECK_EQ(WaitForSingleObject(a, 0), WAIT_OBJECT_0);
        CHECK(CloseHandle(a));
        CHECK(CloseHandle(b));
        CHECK_NO_HANDLE(OpenEventA(EVENT_ALL_ACCESS, FALSE, odd[i]), ERROR_FILE_NOT_FOUND);
    }
}

int main(int argc, char **argv)
{
    if (argc > 3 && strcmp(argv[1], "hold") == 0)
        return hold_child(argv);
    make_name(name, "conf-names-", "n");
    RUN(open_missing);
    RUN(case_matters);
    RUN(prefixes);
    RUN(backslashes);
    RUN(lengths);
    RUN(ansi_and_wide_are_one);
    RUN(empty_name);
    RUN(rights_of_generic);
    RUN(lifetime);
    RUN(killed_holder);
    RUN(odd_but_legal);
    return check_result();
}
