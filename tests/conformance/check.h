/* check.h: the few lines of test framework that pure Win32 sources need.
 *
 * A failed check prints where, what was expected and what was got, and the test goes on. The
 * program ends with "N passed, N failed" and exit code 1 if anything failed. Checks belong in the
 * main thread: the counters are plain.
 */
#ifndef CONFORMANCE_CHECK_H
#define CONFORMANCE_CHECK_H

#include <windows.h>
#include <stdio.h>
#include <string.h>

#if defined(__GNUC__)
#define CHECK_UNUSED __attribute__((unused))
#else
#define CHECK_UNUSED
#endif

/* A last error no function sets: still there afterwards means "untouched". */
#define UNTOUCHED 0x20C0FFEEu
/* Longer than any working step takes, so that a lost wake fails instead of hanging. */
#define LONG_TIME 20000

static int check_passed, check_failed, check_excused;

static CHECK_UNUSED void check_number(const char *file, int line, const char *what,
                                      unsigned long long got, unsigned long long expected)
{
    if (got == expected) {
        check_passed++;
        return;
    }
    check_failed++;
    printf("%s:%d: %s: expected %lu (0x%lx), got %lu (0x%lx)\n", file, line, what,
           (unsigned long)expected, (unsigned long)expected, (unsigned long)got,
           (unsigned long)got);
    fflush(stdout);
}

static CHECK_UNUSED void check_string(const char *file, int line, const char *what,
                                      const char *got, const char *expected)
{
    if (strcmp(got, expected) == 0) {
        check_passed++;
        return;
    }
    check_failed++;
    printf("%s:%d: %s: expected \"%s\", got \"%s\"\n", file, line, what, expected, got);
    fflush(stdout);
}

#define CHECK(condition) check_number(__FILE__, __LINE__, #condition, !!(condition), 1)
/* Numbers up to 32 bits. */
#define CHECK_EQ(got, expected)                                                                  \
    check_number(__FILE__, __LINE__, #got, (unsigned long)(DWORD)(got),                          \
                 (unsigned long)(DWORD)(expected))
#define CHECK_STR(got, expected) check_string(__FILE__, __LINE__, #got, got, expected)
#define CHECK_ERROR(expected)                                                                    \
    check_number(__FILE__, __LINE__, "GetLastError()", GetLastError(), (DWORD)(expected))

/* The call succeeds and leaves the last error alone. */
#define CHECK_OK(call)                                                                           \
    do {                                                                                         \
        SetLastError(UNTOUCHED);                                                                 \
        check_number(__FILE__, __LINE__, #call, !!(call), 1);                                    \
    } while (0)

/* The call returns `value` and sets the last error to `error`. */
#define CHECK_FAILS_WITH(call, value, error)                                                     \
    do {                                                                                         \
        DWORD check_error_;                                                                      \
        int check_same_;                                                                         \
        SetLastError(UNTOUCHED);                                                                 \
        check_same_ = (call) == (value);                                                         \
        check_error_ = GetLastError();                                                           \
        check_number(__FILE__, __LINE__, #call " fails", (unsigned)check_same_, 1);              \
        check_number(__FILE__, __LINE__, "last error of " #call, check_error_, (DWORD)(error));  \
    } while (0)
#define CHECK_FAILS(call, error) CHECK_FAILS_WITH(call, FALSE, error)
#define CHECK_NO_HANDLE(call, error) CHECK_FAILS_WITH(call, NULL, error)
#define CHECK_NO_FILE(call, error) CHECK_FAILS_WITH(call, INVALID_HANDLE_VALUE, error)
#define CHECK_WAIT_FAILS(call, error) CHECK_FAILS_WITH(call, WAIT_FAILED, error)

static CHECK_UNUSED int check_on_wine(void)
{
#ifdef _WIN32
    HMODULE ntdll = GetModuleHandleA("ntdll.dll");
    return ntdll && GetProcAddress(ntdll, "wine_get_version");
#else
    return 0;
#endif
}

static CHECK_UNUSED int check_not_on_wine(void)
{
    if (!check_on_wine())
        return 1;
    check_excused++;
    return 0;
}

static CHECK_UNUSED int check_ours_only(void)
{
#ifdef _WIN32
    check_excused++;
    return 0;
#else
    return 1;
#endif
}

/* True where the following checks hold. Each id is a line of EXCEPTIONS.md.
 * NOT_ON_WINE: the documentation says so, Wine differs. EXTENSION: this library only. */
#define CHECK_NOT_ON_WINE(id) check_not_on_wine()
#define CHECK_EXTENSION(id) check_ours_only()

#define RUN(test)                                                                                \
    do {                                                                                         \
        int check_before_ = check_failed;                                                        \
        test();                                                                                  \
        if (check_failed != check_before_)                                                       \
            printf("  in " #test "\n");                                                          \
        fflush(stdout);                                                                          \
    } while (0)

static CHECK_UNUSED int check_result(void)
{
    printf("%d passed, %d failed", check_passed, check_failed);
    if (check_excused)
        printf(", %d excused (see EXCEPTIONS.md)", check_excused);
    printf("\n");
    fflush(stdout);
    return check_failed != 0;
}

#endif
