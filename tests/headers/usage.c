/* usage.c: the text functions as programs use them, in each kind of build: 8-bit, UNICODE, UNICODE
 * with -fshort-wchar; as C and, included from usage.cpp, as C++. Arguments: two, the first with
 * characters beyond ASCII. */
#include <windows.h>
#include <strsafe.h>
#include <tchar.h>

static int failures;

#define CHECK(condition)                                                                           \
    do {                                                                                           \
        if (!(condition)) {                                                                        \
            printf("%s:%d: %s\n", __FILE__, __LINE__, #condition);                                 \
            failures++;                                                                            \
        }                                                                                          \
    } while (0)

#ifdef UNICODE
enum { GREETING = 8 };
#else
enum { GREETING = 12 };
#endif

static void strings(void)
{
    TCHAR a[40], *context = NULL, *p;
    CHECK(_tcslen(_T("12345")) == 5);
    CHECK(_tcscmp(_tcscpy(a, _T("one")), _T("one")) == 0);
    CHECK(_tcscmp(_tcscat(a, TEXT(" two")), _T("one two")) == 0);
    CHECK(_tcsicmp(a, _T("ONE Two")) == 0);
    CHECK(_tcschr(a, _T('t')) == a + 4 && _tcsrchr(a, 'o') == a + 6 && !_tcschr(a, 'x'));
    CHECK(_tcsstr(a, _T("two")) == a + 4);
    p = _tcstok_s(a, _T(" "), &context);
    CHECK(p == a && _tcscmp(_tcstok_s(NULL, _T(" "), &context), _T("two")) == 0);
    CHECK(_ttoi(_T("-12")) == -12 && _tstoi(_T(" 7x")) == 7 && _tstof(_T("2.5")) == 2.5);
    CHECK(_totupper('a') == 'A' && _istdigit('5') && !_istalpha('5'));
    CHECK(_tcscpy_s(a, 4, _T("abc")) == 0 && _tcscpy_s(a, 3, _T("abc")) == ERANGE && a[0] == 0);
    CHECK(lstrcmp(lstrcpy(a, TEXT("b")), TEXT("a")) > 0 && lstrlen(a) == 1);
}

static void formats(void)
{
    TCHAR a[80];
    DWORD code = 0xFFFFFFFF;
    LONG negative = -1;
    CHECK(_stprintf(a, _T("%s %lu %ld"), _T("text"), code, negative) == 18);
    CHECK(_tcscmp(a, _T("text 4294967295 -1")) == 0);
    CHECK(_stprintf_s(a, 80, _T("%hs|%5s|%I64d"), "narrow", _T("ab"), (__int64)1 << 40) == 26);
    CHECK(_tcscmp(a, _T("narrow|   ab|1099511627776")) == 0);
    CHECK(wsprintf(a, TEXT("%08lX"), code) == 8 && lstrcmp(a, TEXT("FFFFFFFF")) == 0);
    CHECK(StringCchPrintf(a, 80, TEXT("%s-%d"), TEXT("x"), 5) == S_OK);
    CHECK(lstrcmp(a, TEXT("x-5")) == 0);
    CHECK(StringCchCopy(a, 3, TEXT("abc")) == STRSAFE_E_INSUFFICIENT_BUFFER);
    CHECK(lstrcmp(a, TEXT("ab")) == 0);
    CHECK(_sntprintf(a, 3, _T("%d"), 12345) == -1 && a[2] == '3');
#ifdef W32_PRINTF
    char b[40];
    CHECK(sprintf(b, "%ld %I64d %S", negative, (__int64)1 << 40, W32_WIDE("w")) == 18);
    CHECK(strcmp(b, "-1 1099511627776 w") == 0);
#endif
    CHECK(_stscanf_s(_T("12 word"), _T("%d %s"), &negative, a, 80) == 2);
    CHECK(negative == 12 && _tcscmp(a, _T("word")) == 0);
}

static void wide(void)
{
#if defined(__cplusplus) || defined(UNICODE)
    WCHAR w[20];
    CHECK(wcslen(W32_WIDE("four")) == 4 && wcscmp(wcscpy(w, W32_WIDE("a")), W32_WIDE("a")) == 0);
    CHECK(swprintf(w, 20, W32_WIDE("%s%d"), W32_WIDE("n"), 1) == 2 && w[1] == '1');
    CHECK(wprintf(W32_WIDE("wide: %s\n"), W32_WIDE("\u00e4")) == 8);
#endif
}

static void arguments(int argc, TCHAR *argv[])
{
    CHECK(argc == 3 && argv[3] == NULL);
    CHECK(lstrlen(argv[1]) == GREETING);
    CHECK(_tcscmp(argv[1], _T("gr\u00fc\u00dfe \U0001F600")) == 0);
    CHECK(_tcscmp(argv[2], _T("two")) == 0);
    _tprintf(_T("%s and "), argv[1]);
    printf("%s\n", "narrow text on the same stream");
    _fputts(_T("done\n"), stdout);
}

/* A body may be left at any point of it; what follows __finally runs all the same. */
static int guarded(int leave)
{
    int steps = 0;
    __try {
        steps = 1;
        if (leave)
            __leave;
        steps = 2;
    } __finally {
        steps += 10;
    }
    __try {
        steps += 100;
    } __except (GetExceptionCode() ? EXCEPTION_EXECUTE_HANDLER : EXCEPTION_CONTINUE_SEARCH) {
        steps += 1000;
    }
    return steps;
}

static void interlocked(void)
{
    LONG volatile n = 5;
    PVOID volatile p = NULL;
    CHECK(InterlockedIncrement(&n) == 6 && InterlockedExchangeAdd(&n, 4) == 6);
    CHECK(InterlockedCompareExchange(&n, 1, 10) == 10 && n == 1);
    CHECK(InterlockedDecrement(&n) == 0 && InterlockedExchange(&n, 3) == 0);
    CHECK(InterlockedExchangePointer(&p, (PVOID)&n) == NULL && p == (PVOID)&n);
    CHECK(!InterlockedBitTestAndSet(&n, 4) && n == 19 && _InterlockedAnd(&n, 3) == 19 && n == 3);
}

int _tmain(int argc, TCHAR *argv[])
{
    strings();
    formats();
    wide();
    arguments(argc, argv);
    interlocked();
    CHECK(guarded(0) == 112 && guarded(1) == 111);
    return failures;
}
