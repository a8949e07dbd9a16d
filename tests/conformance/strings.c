/* Strings, environment, messages, memory, time: what such programs lean on. */
#include "check.h"
#include <tchar.h>

static int sign(int value)
{
    return value < 0 ? -1 : value > 0;
}

static void lstr(void)
{
    char a[16] = "?";
    WCHAR w[16];
    static const WCHAR abc[] = {'a', 'b', 'c', 0};
    CHECK_EQ(lstrlenA("abc"), 3);
    CHECK_EQ(lstrlenA(""), 0);
    CHECK_EQ(lstrlenA(NULL), 0);
    CHECK_EQ(lstrlenW(abc), 3);
    CHECK_EQ(lstrlenW(NULL), 0);
    CHECK(lstrcpyA(a, "one") == a);
    CHECK(lstrcatA(a, " two") == a);
    CHECK_STR(a, "one two");
    CHECK(lstrcpynA(a, "abcdefgh", 4) == a);
    CHECK_STR(a, "abc");
    CHECK(lstrcpyW(w, abc) == w);
    CHECK(lstrcatW(w, abc) == w);
    CHECK_EQ(lstrlenW(w), 6);
    CHECK_EQ(sign(lstrcmpA("a", "b")), -1);
    CHECK_EQ(sign(lstrcmpA("b", "a")), 1);
    CHECK_EQ(lstrcmpA("abc", "abc"), 0);
    CHECK(lstrcmpA("abc", "ABC") != 0);
    CHECK_EQ(lstrcmpiA("abc", "ABC"), 0);
    CHECK_EQ(lstrcmpW(abc, abc), 0);
    CHECK(lstrcmpW(w, abc) > 0);
}

static void formatting(void)
{
    char a[200];
    TCHAR t[200];
    static const WCHAR wide[] = {'w', 'i', 'd', 'e', 0};
    CHECK_EQ(wsprintfA(a, "%d %u %x %X %c %s %%", -5, 5u, 0xabc, 0xabc, 'c', "str"), 20);
    CHECK_STR(a, "-5 5 abc ABC c str %");
    wsprintfA(a, "[%5d][%-5d][%05d][%8s][%-8s][%.2s]", 42, 42, 42, "ab", "ab", "abc");
    CHECK_STR(a, "[   42][42   ][00042][      ab][ab      ][ab]");
    wsprintfA(a, "%ld %lu %#x %08lX", -7L, 7UL, 255, (ULONG)0xBEEF);
    CHECK_STR(a, "-7 7 0xff 0000BEEF");
    wsprintfA(a, "%S %ls %hs", wide, wide, "narrow");
    CHECK_STR(a, "wide wide narrow");
    wsprintfA(a, "%I64d %I64x", (LONGLONG)-5000000000, (LONGLONG)0x123456789A);
    CHECK_STR(a, "-5000000000 123456789a");
    CHECK_EQ(wsprintf(t, TEXT("%s-%d"), TEXT("text"), 3), 6);
    CHECK_EQ(lstrcmp(t, TEXT("text-3")), 0);
}

static void conversions(void)
{
    static const char utf8[] = "gr\xC3\xBC\xC3\x9F \xF0\x9F\x98\x80";
    WCHAR w[32];
    char back[32];
    int length = MultiByteToWideChar(CP_UTF8, 0, utf8, -1, NULL, 0);
    CHECK_EQ(length, 8);
    CHECK_EQ(MultiByteToWideChar(CP_UTF8, 0, utf8, -1, w, 32), 8);
    CHECK_EQ(w[2], 0xFC);
    CHECK_EQ(w[5], 0xD83D);
    CHECK_EQ(w[6], 0xDE00);
    CHECK_EQ(WideCharToMultiByte(CP_UTF8, 0, w, -1, NULL, 0, NULL, NULL), sizeof utf8);
    CHECK_EQ(WideCharToMultiByte(CP_UTF8, 0, w, -1, back, 32, NULL, NULL), sizeof utf8);
    CHECK_STR(back, utf8);
    CHECK_EQ(MultiByteToWideChar(CP_UTF8, 0, utf8, 2, w, 32), 2);
    CHECK_FAILS(MultiByteToWideChar(CP_UTF8, 0, utf8, -1, w, 3), ERROR_INSUFFICIENT_BUFFER);
    CHECK_FAILS(WideCharToMultiByte(CP_UTF8, 0, w, 2, back, 1, NULL, NULL),
                ERROR_INSUFFICIENT_BUFFER);
    CHECK_FAILS(MultiByteToWideChar(CP_UTF8, MB_ERR_INVALID_CHARS, "\xFF\xFE", -1, w, 32),
                ERROR_NO_UNICODE_TRANSLATION);
}

static void environment(void)
{
    char value[64] = "?";
    WCHAR wide[8];
    static const WCHAR wide_name[] = {'C', 'O', 'N', 'F', '_', 'X', 0};
    TCHAR *block, *p;
    int found = 0;
    CHECK(SetEnvironmentVariableA("CONF_X", NULL) || GetLastError() == ERROR_ENVVAR_NOT_FOUND);
    CHECK_FAILS(GetEnvironmentVariableA("CONF_X", value, sizeof value), ERROR_ENVVAR_NOT_FOUND);
    CHECK_OK(SetEnvironmentVariableA("CONF_X", "12345"));
    CHECK_EQ(GetEnvironmentVariableA("CONF_X", value, sizeof value), 5);
    CHECK_STR(value, "12345");
    CHECK_EQ(GetEnvironmentVariableA("CONF_X", value, 6), 5);
    /* Too small: the size that is needed, with the end. */
    CHECK_EQ(GetEnvironmentVariableA("CONF_X", value, 5), 6);
    CHECK_EQ(GetEnvironmentVariableA("CONF_X", NULL, 0), 6);
    CHECK_EQ(GetEnvironmentVariableW(wide_name, wide, 8), 5);
    CHECK_EQ(wide[4], '5');
    block = GetEnvironmentStrings();
    CHECK(block != NULL);
    for (p = block; *p; p += lstrlen(p) + 1)
        if (lstrcmp(p, TEXT("CONF_X=12345")) == 0)
            found++;
    CHECK_EQ(found, 1);
    CHECK(FreeEnvironmentStrings(block));
    CHECK_EQ(ExpandEnvironmentStringsA("<%CONF_X%> %NO_SUCH_CONF%", value, sizeof value), 23);
    CHECK_STR(value, "<12345> %NO_SUCH_CONF%");
    CHECK(SetEnvironmentVariableA("CONF_X", NULL));
    CHECK_FAILS(GetEnvironmentVariableA("CONF_X", value, sizeof value), ERROR_ENVVAR_NOT_FOUND);
    CHECK(!SetEnvironmentVariableA("CONF=Y", "1"));
}

static DWORD with_arguments(char *out, DWORD size, const char *format, ...)
{
    va_list list;
    DWORD length;
    va_start(list, format);
    length = FormatMessageA(FORMAT_MESSAGE_FROM_STRING, format, 0, 0, out, size, &list);
    va_end(list);
    return length;
}

static void messages(void)
{
    static const DWORD codes[] = {ERROR_FILE_NOT_FOUND, ERROR_ACCESS_DENIED, ERROR_INVALID_HANDLE,
                                  ERROR_INVALID_PARAMETER, ERROR_ALREADY_EXISTS,
                                  ERROR_SEM_TIMEOUT, 0};
    char text[256], *allocated = NULL;
    TCHAR wide_text[256];
    DWORD length;
    int i;
    for (i = 0; i < 7; i++) {
        length = FormatMessageA(FORMAT_MESSAGE_FROM_SYSTEM | FORMAT_MESSAGE_IGNORE_INSERTS, NULL,
                                codes[i], 0, text, sizeof text, NULL);
        CHECK(length > 4);
        CHECK_EQ(length, strlen(text));
        CHECK(length > 2 && strcmp(text + length - 2, "\r\n") == 0);
    }
    length = FormatMessageA(FORMAT_MESSAGE_FROM_SYSTEM | FORMAT_MESSAGE_ALLOCATE_BUFFER |
                                FORMAT_MESSAGE_IGNORE_INSERTS,
                            NULL, ERROR_ACCESS_DENIED, MAKELANGID(LANG_NEUTRAL, SUBLANG_DEFAULT),
                            (LPSTR)&allocated, 0, NULL);
    CHECK(length > 0 && allocated != NULL && strlen(allocated) == length);
    CHECK(LocalFree(allocated) == NULL);
    CHECK(FormatMessage(FORMAT_MESSAGE_FROM_SYSTEM, NULL, 2, 0, wide_text, 256, NULL) > 4);
    CHECK_EQ(with_arguments(text, sizeof text, "%1!d! of %2, %1!04x!%%", 42, "files"), 18);
    CHECK_STR(text, "42 of files, 002a%");
    CHECK_FAILS(FormatMessageA(FORMAT_MESSAGE_FROM_SYSTEM, NULL, 2, 0, text, 3, NULL),
                ERROR_INSUFFICIENT_BUFFER);
    CHECK_FAILS(FormatMessageA(FORMAT_MESSAGE_FROM_SYSTEM, NULL, 0x2FFFFFFF, 0, text, 200, NULL),
                ERROR_MR_MID_NOT_FOUND);
}

static void memory(void)
{
    HANDLE heap = GetProcessHeap();
    char *p = HeapAlloc(heap, HEAP_ZERO_MEMORY, 100), *q;
    HGLOBAL global;
    CHECK(heap != NULL && p != NULL);
    CHECK_EQ(p[0] | p[99], 0);
    CHECK_EQ(HeapSize(heap, 0, p), 100);
    strcpy(p, "kept");
    q = HeapReAlloc(heap, HEAP_ZERO_MEMORY, p, 5000);
    CHECK_STR(q, "kept");
    CHECK_EQ(q[4999], 0);
    CHECK(HeapFree(heap, 0, q));
    CHECK(HeapFree(heap, 0, NULL));
    global = GlobalAlloc(GPTR, 32);
    CHECK(global != NULL && ((char *)global)[31] == 0);
    CHECK(GlobalFree(global) == NULL);
    global = GlobalAlloc(GMEM_MOVEABLE, 32);
    p = GlobalLock(global);
    CHECK(p != NULL);
    p[0] = 'x';
    GlobalUnlock(global);
    CHECK(GlobalFree(global) == NULL);
    p = LocalAlloc(LPTR, 16);
    CHECK(p != NULL && p[15] == 0);
    CHECK(LocalFree(p) == NULL);
    p = HeapAlloc(heap, 0, 8);
    if (!p) {
        CHECK(p != NULL);
        return;
    }
    FillMemory(p, 8, 'a');
    CopyMemory(p + 1, "bc", 2);
    CHECK(memcmp(p, "abcaaaaa", 8) == 0);
    ZeroMemory(p, 8);
    CHECK_EQ(p[7], 0);
    CHECK(HeapFree(heap, 0, p));
}

static void times(void)
{
    ULONGLONG before = GetTickCount64(), after;
    LARGE_INTEGER frequency, a, b;
    SYSTEMTIME now, local;
    FILETIME file, again;
    CHECK(QueryPerformanceFrequency(&frequency));
    CHECK(frequency.QuadPart > 0);
    QueryPerformanceCounter(&a);
    Sleep(20);
    QueryPerformanceCounter(&b);
    after = GetTickCount64();
    CHECK(after >= before + 5);
    CHECK((b.QuadPart - a.QuadPart) * 1000 / frequency.QuadPart >= 5);
    CHECK(GetTickCount() - (DWORD)after < 10000);
    GetSystemTime(&now);
    GetLocalTime(&local);
    CHECK(now.wYear >= 2024 && now.wMonth >= 1 && now.wMonth <= 12 && now.wDayOfWeek < 7);
    CHECK(local.wHour < 24 && local.wMinute < 60 && local.wMilliseconds < 1000);
    CHECK(SystemTimeToFileTime(&now, &file));
    GetSystemTimeAsFileTime(&again);
    CHECK(CompareFileTime(&file, &again) <= 0);
    CHECK(FileTimeToSystemTime(&file, &local));
    CHECK(memcmp(&local, &now, sizeof now) == 0);
}

static void system_names(void)
{
    char text[MAX_PATH] = "";
    DWORD size = sizeof text;
    SYSTEM_INFO info;
    CHECK(GetComputerNameA(text, &size));
    CHECK(size > 0 && size == strlen(text));
    size = 1;
    SetLastError(UNTOUCHED);
    CHECK(!GetComputerNameA(text, &size));
    CHECK_ERROR(ERROR_BUFFER_OVERFLOW);
    GetSystemInfo(&info);
    CHECK(info.dwNumberOfProcessors >= 1 && info.dwPageSize >= 4096);
    size = GetModuleFileNameA(NULL, text, sizeof text);
    CHECK(size > 0 && size == strlen(text));
    CHECK_EQ(GetModuleFileNameA(NULL, text, 5), 5);
    CHECK_ERROR(ERROR_INSUFFICIENT_BUFFER);
    if (CHECK_NOT_ON_WINE("module-file-name-truncated"))
        CHECK_EQ(strlen(text), 4);
    CHECK(GetCommandLineA()[0] != 0);
    CHECK(GetCommandLineW()[0] != 0);
    CHECK(GetCurrentDirectoryA(sizeof text, text) > 0);
    CHECK(GetCurrentDirectoryA(1, text) > 1);
}

int main(void)
{
    RUN(lstr);
    RUN(formatting);
    RUN(conversions);
    RUN(environment);
    RUN(messages);
    RUN(memory);
    RUN(times);
    RUN(system_names);
    return check_result();
}
