/* win32_check.h: assertions about Win32 results and last errors. */
#ifndef WIN32_CHECK_H
#define WIN32_CHECK_H

#include "support.h"

#include <windows.h>

#define UNTOUCHED 0xDEADu

/* The call returns FALSE, 0 or NULL, with this last error. */
#define assert_fails(call, code)                                                                   \
    do {                                                                                           \
        SetLastError(UNTOUCHED);                                                                   \
        assert_false(call);                                                                        \
        assert_int_equal(GetLastError(), code);                                                    \
    } while (0)

/* The call returns this value, with this last error. */
#define assert_result(call, value, code)                                                           \
    do {                                                                                           \
        SetLastError(UNTOUCHED);                                                                   \
        assert_true((call) == (value));                                                            \
        assert_int_equal(GetLastError(), code);                                                    \
    } while (0)

/* The call succeeds and leaves the last error alone. */
#define assert_quiet(call)                                                                         \
    do {                                                                                           \
        SetLastError(UNTOUCHED);                                                                   \
        assert_true(call);                                                                         \
        assert_int_equal(GetLastError(), UNTOUCHED);                                               \
    } while (0)

#define assert_wait(call, value) assert_result(call, (DWORD)(value), UNTOUCHED)
#define assert_no_handle(call, code) assert_result(call, INVALID_HANDLE_VALUE, code)

/* Values that are no handles. */
static const HANDLE win32_bad_handles[] = {NULL,
                                           (HANDLE)(intptr_t)4,
                                           (HANDLE)(intptr_t)0x7FFFFFFC,
                                           (HANDLE)(intptr_t)-7,
                                           (HANDLE)(intptr_t)INT64_MIN,
                                           (HANDLE)(intptr_t)INT64_MAX,
                                           (HANDLE)(intptr_t)0x123456789};

#define for_each_bad_handle(h)                                                                     \
    for (size_t bad_ = 0; bad_ < sizeof win32_bad_handles / sizeof win32_bad_handles[0]; bad_++)   \
        for (HANDLE h = win32_bad_handles[bad_], once_ = (HANDLE)(intptr_t)1; once_; once_ = NULL)

#endif
