/* The ordinary functions that such programs lean on: memory, calendar, environment, FormatMessage. */
#include "check.h"

#include <stdarg.h>

static void global_memory(void)
{
    HGLOBAL fixed = GlobalAlloc(GPTR, 13), moveable = GlobalAlloc(GHND, 10);
    HGLOBAL empty = GlobalAlloc(GMEM_MOVEABLE, 0);
    CHECK(fixed && moveable && empty);
    CHECK_EQ(GlobalSize(fixed), 13);
    CHECK(GlobalLock(fixed) == fixed);
    CHECK_OK(GlobalUnlock(fixed));
    CHECK(GlobalLock(moveable) != NULL);
    CHECK(GlobalLock(moveable) != NULL);
    CHECK_OK(GlobalUnlock(moveable));
    CHECK_FAILS(GlobalUnlock(moveable), NO_ERROR);
    CHECK_FAILS(GlobalUnlock(moveable), ERROR_NOT_LOCKED);
    CHECK_EQ(GlobalSize(empty), 0);
    CHECK_NO_HANDLE(GlobalLock(empty), ERROR_DISCARDED);
    CHECK(GlobalFree(fixed) == NULL);
    CHECK(GlobalFree(moveable) == NULL);
    CHECK(GlobalFree(empty) == NULL);
    CHECK(GlobalFree(NULL) == NULL);
    CHECK_FAILS(GlobalSize(NULL), ERROR_INVALID_HANDLE);
    CHECK_FAILS(GlobalUnlock(NULL), ERROR_INVALID_HANDLE);
    CHECK_NO_HANDLE(GlobalAlloc(GMEM_FIXED, (SIZE_T)-1), ERROR_NOT_ENOUGH_MEMORY);
    CHECK_FAILS(LocalSize(NULL), ERROR_INVALID_HANDLE);
    CHECK(LocalFree(NULL) == NULL);
}

static void heaps(void)
{
    HANDLE process = GetProcessHeap(), heap = HeapCreate(0, 0, 0);
    char *p = HeapAlloc(process, HEAP_ZERO_MEMORY, 7);
    CHECK(p && p[0] == 0 && p[6] == 0);
    CHECK_EQ(HeapSize(process, 0, p), 7);
    memset(p, 'x', 7);
    p = HeapReAlloc(process, HEAP_ZERO_MEMORY, p, 70);
    CHECK(p && memcmp(p, "xxxxxxx", 8) == 0 && p[69] == 0);
    CHECK_EQ(HeapSize(process, 0, p), 70);
    CHECK_OK(HeapFree(process, 0, p));
    CHECK_OK(HeapFree(process, 0, NULL));
    CHECK_NO_HANDLE(HeapAlloc(process, 0, (SIZE_T)-100), ERROR_NOT_ENOUGH_MEMORY);
    CHECK(HeapAlloc(heap, 0, 1000) != NULL);
    CHECK_OK(HeapDestroy(heap));
}

static void pages(void)
{
    char *p = VirtualAlloc(NULL, 1, MEM_COMMIT, PAGE_READWRITE);
    CHECK(p && (ULONG_PTR)p % 65536 == 0 && p[0] == 0 && p[4095] == 0);
    CHECK_FAILS(VirtualFree(p, 4096, MEM_RELEASE), ERROR_INVALID_PARAMETER);
    CHECK_OK(VirtualFree(p, 0, MEM_RELEASE));
    p = VirtualAlloc(NULL, 100000, MEM_RESERVE, PAGE_READWRITE);
    CHECK(VirtualAlloc(p + 5000, 10, MEM_COMMIT, PAGE_READWRITE) == p + 4096);
    p[5000] = 'x';
    CHECK_OK(VirtualFree(p + 4096, 4096, MEM_DECOMMIT));
    CHECK(VirtualAlloc(p + 4096, 4096, MEM_COMMIT, PAGE_READWRITE) == p + 4096);
    CHECK_EQ(p[5000], 0);
    CHECK_FAILS(VirtualFree(p, 0, 0), ERROR_INVALID_PARAMETER);
    CHECK_OK(VirtualFree(p, 0, MEM_RELEASE));
    CHECK_NO_HANDLE(VirtualAlloc(NULL, 0, MEM_COMMIT, PAGE_READWRITE), ERROR_INVALID_PARAMETER);
    CHECK_NO_HANDLE(VirtualAlloc(NULL, 10, 0, PAGE_READWRITE), ERROR_INVALID_PARAMETER);
    CHECK_NO_HANDLE(VirtualAlloc(NULL, 10, MEM_COMMIT, 0), ERROR_INVALID_PARAMETER);
    CHECK_FAILS(VirtualFree(NULL, 0, MEM_RELEASE), ERROR_INVALID_PARAMETER);
}

static void calendar(void)
{
    SYSTEMTIME st = {2024, 2, 0, 29, 23, 59, 59, 999}, back;
    FILETIME ft, later;
    CHECK_OK(SystemTimeToFileTime(&st, &ft));
    CHECK_EQ(ft.dwHighDateTime, 31091563);
    CHECK_EQ(ft.dwLowDateTime, 1733466352);
    CHECK_OK(FileTimeToSystemTime(&ft, &back));
    CHECK_EQ(back.wYear, 2024);
    CHECK_EQ(back.wMonth, 2);
    CHECK_EQ(back.wDay, 29);
    CHECK_EQ(back.wDayOfWeek, 4);
    CHECK_EQ(back.wMilliseconds, 999);
    later = ft;
    later.dwLowDateTime++;
    CHECK_EQ(CompareFileTime(&ft, &later), -1);
    CHECK_EQ(CompareFileTime(&later, &ft), 1);
    CHECK_EQ(CompareFileTime(&ft, &ft), 0);
    st.wYear = 1600;
    CHECK_FAILS(SystemTimeToFileTime(&st, &ft), ERROR_INVALID_PARAMETER);
    ft.dwHighDateTime = 0x80000000;
    CHECK_FAILS(FileTimeToSystemTime(&ft, &st), ERROR_INVALID_PARAMETER);
}

static void environment(void)
{
    char b[64] = "";
    WCHAR w[16];
    CHECK_FAILS(GetEnvironmentVariableA("CONF_NONE", b, 10), ERROR_ENVVAR_NOT_FOUND);
    CHECK_OK(SetEnvironmentVariableA("CONF_A", "hello"));
    CHECK_EQ(GetEnvironmentVariableA("CONF_A", b, 6), 5);
    CHECK_STR(b, "hello");
    CHECK_EQ(GetEnvironmentVariableA("conf_a", b, 5), 6);
    CHECK_EQ(ExpandEnvironmentStringsA("x%CONF_A%y%CONF_NONE%z%", b, sizeof b), 21);
    CHECK_STR(b, "xhelloy%CONF_NONE%z%");
    CHECK_EQ(ExpandEnvironmentStringsA("%%a%CONF_A%%", b, sizeof b), 10);
    CHECK_STR(b, "%%ahello%");
    CHECK_FAILS_WITH(ExpandEnvironmentStringsA("x%CONF_A%y", b, 3), 8, ERROR_INSUFFICIENT_BUFFER);
    CHECK_EQ(ExpandEnvironmentStringsW((const WCHAR[]){'%', 'C', 'O', 'N', 'F', '_', 'A', '%', 0},
                                       w, 16),
             6);
    CHECK_EQ(w[4], 'o');
    CHECK_OK(SetEnvironmentVariableA("CONF_A", NULL));
    CHECK_FAILS(GetEnvironmentVariableA("CONF_A", b, 10), ERROR_ENVVAR_NOT_FOUND);
    CHECK_FAILS(SetEnvironmentVariableA("", "x"), ERROR_INVALID_PARAMETER);
    CHECK_FAILS(SetEnvironmentVariableA("a=b", "x"), ERROR_INVALID_PARAMETER);
    CHECK_FAILS(SetCurrentDirectoryA("conf-none"), ERROR_FILE_NOT_FOUND);
    CHECK_FAILS(SetCurrentDirectoryA(NULL), ERROR_INVALID_NAME);
}

static char text[256];

static DWORD format(DWORD flags, const char *source, DWORD size, ...)
{
    va_list list;
    DWORD n;
    va_start(list, size);
    n = FormatMessageA(flags | FORMAT_MESSAGE_FROM_STRING, source, 0, 0, text, size, &list);
    va_end(list);
    return n;
}

#define CHECK_FORMAT(expected, call)                                                             \
    do {                                                                                         \
        CHECK_EQ(call, strlen(expected));                                                        \
        CHECK_STR(text, expected);                                                               \
    } while (0)

static void messages(void)
{
    DWORD_PTR array[2] = {(DWORD_PTR) "A", 7};
    char *made = NULL;
    CHECK_FORMAT("a one b 42     s|t    |000ff",
                 format(0, "a %1 b %2!d! %3!5s!|%4!-5s!|%5!05x!", 256, "one", 42, "s", "t", 255));
    CHECK_FORMAT("two one", format(0, "%2 %1", 256, "one", "two"));
    CHECK_FORMAT("    42", format(0, "%1!*d!", 256, 6, 42));
    CHECK_FORMAT("% ! . \r\n x", format(0, "%% %! %. %n x%0yyy", 256));
    CHECK_FORMAT("a\r\nb\r\nc\r\nd", format(0, "a\nb\r\nc\rd", 256));
    CHECK_FORMAT("%1 %2!d!\r\n%% x",
                 format(FORMAT_MESSAGE_IGNORE_INSERTS, "%1 %2!d!%n%% x%0y", 256));
    CHECK_FORMAT("a b c \r\n d ", format(FORMAT_MESSAGE_MAX_WIDTH_MASK, "a\nb\r\nc %n d ", 256));
    CHECK_FORMAT("hello\r\nworld\r\nthis is\r\nlong", format(10, "hello world this is long", 256));
    CHECK_EQ(FormatMessageA(FORMAT_MESSAGE_FROM_STRING | FORMAT_MESSAGE_ARGUMENT_ARRAY, "%1 %2!u!",
                            0, 0, text, sizeof text, (va_list *)array),
             3);
    CHECK_STR(text, "A 7");
    CHECK_FAILS(format(0, "abc", 3), ERROR_INSUFFICIENT_BUFFER);
    CHECK_FAILS(format(0, "", 4), 235); /* ERROR_NO_WORK_DONE, new in Windows 8 */
    CHECK_FAILS(format(0, "%", 100), ERROR_INVALID_PARAMETER);
    CHECK_FAILS(FormatMessageA(FORMAT_MESSAGE_FROM_STRING, "%1", 0, 0, text, 100, NULL),
                ERROR_INVALID_PARAMETER);
    CHECK_FAILS(FormatMessageA(0, NULL, 0, 0, text, 100, NULL), ERROR_INVALID_PARAMETER);
    CHECK_FAILS(FormatMessageA(FORMAT_MESSAGE_FROM_SYSTEM, NULL, 0x12345, 0, text, 100, NULL),
                ERROR_MR_MID_NOT_FOUND);
    CHECK(FormatMessageA(FORMAT_MESSAGE_FROM_SYSTEM, NULL, ERROR_ACCESS_DENIED, 0, text, 256, NULL));
    CHECK_STR(text + strlen(text) - 2, "\r\n");
    CHECK_EQ(FormatMessageA(FORMAT_MESSAGE_FROM_STRING | FORMAT_MESSAGE_ALLOCATE_BUFFER, "abc", 0, 0,
                            (LPSTR)(void *)&made, 0, NULL),
             3);
    CHECK_STR(made, "abc");
    CHECK(LocalFree(made) == NULL);
    made = text;
    CHECK_FAILS(FormatMessageA(FORMAT_MESSAGE_FROM_SYSTEM | FORMAT_MESSAGE_ALLOCATE_BUFFER, NULL,
                               0x12345, 0, (LPSTR)(void *)&made, 0, NULL),
                ERROR_MR_MID_NOT_FOUND);
    CHECK(made == NULL);
}

int main(void)
{
    RUN(global_memory);
    RUN(heaps);
    RUN(pages);
    RUN(calendar);
    RUN(environment);
    RUN(messages);
    return check_result();
}
