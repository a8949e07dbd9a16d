/* test_win32_message.c: FormatMessage: inserts, escapes, line ends, widths, system texts. */
#include "win32_check.h"

#include <stdarg.h>

#define FROM_STRING FORMAT_MESSAGE_FROM_STRING
#define FROM_SYSTEM FORMAT_MESSAGE_FROM_SYSTEM
static char buffer[512];
static WCHAR wide[512];

static DWORD format(DWORD flags, const char *source, DWORD size, ...)
{
    va_list list;
    va_start(list, size);
    memset(buffer, 0x55, sizeof buffer);
    DWORD n = FormatMessageA(flags, source, 0, 0, buffer, size, &list);
    va_end(list);
    return n;
}

#define assert_formats(expected, flags, source, ...)                                               \
    do {                                                                                           \
        assert_quiet(format((flags) | FROM_STRING, source, sizeof buffer, ##__VA_ARGS__) ==        \
                     strlen(expected));                                                            \
        assert_string_equal(buffer, expected);                                                     \
    } while (0)

static void test_inserts(void **state)
{
    (void)state;
    assert_formats("a one b 42     s|t    |000ff", 0, "a %1 b %2!d! %3!5s!|%4!-5s!|%5!05x!", "one",
                   42, "s", "t", 255);
    assert_formats("two one two", 0, "%2 %1 %2", "one", "two");
    assert_formats("    42", 0, "%1!*d!", 6, 42);
    assert_formats("  Bi Bob   Bill", 0, "%1!*.*s! %4 %5!*s!", 4, 2, "Bill", "Bob", 6, "Bill");
    assert_formats("-1 4294967295 ff FF 17", 0, "%1!d! %1!u! %2!x! %2!X! %3!o!", -1, 255, 15);
    assert_formats("-5000000000 -5000000000", 0, "%1!I64d! %1!lld!", -5000000000ll);
    assert_formats("-1 65535", 0, "%1!hd! %1!hu!", 0xFFFF);
    assert_formats("x \xc3\xa4 text", 0, "%1!c! %2!lc! %3!ls!", 'x', 0xE4, u"text");
    assert_formats("text narrow", 0, "%1!S! %2!hs!", u"text", "narrow");
    assert_formats("(null)", 0, "%1", NULL);
    assert_formats("10th", 0, "%10", 1, 2, 3, 4, 5, 6, 7, 8, 9, "10th");
    assert_formats("+5 -5     |", 0, "%1!+d! %2!-7d!|", 5, -5);
}

static void test_argument_array(void **state)
{
    (void)state;
    DWORD_PTR array[] = {(DWORD_PTR) "A", 7};
    assert_int_equal(FormatMessageA(FROM_STRING | FORMAT_MESSAGE_ARGUMENT_ARRAY, "%1 %2!u!", 0, 0,
                                    buffer, sizeof buffer, (va_list *)(void *)array),
                     3);
    assert_string_equal(buffer, "A 7");
}

static void test_escapes(void **state)
{
    (void)state;
    assert_formats("% ! . x\ty\rz\r\n", 0, "%% %! %. x%ty%rz%n");
    assert_formats("no end", 0, "no end%0 ignored");
    assert_formats("q", 0, "%q");
    assert_formats("a\r\nb\r\nc\r\nd", 0, "a\nb\r\nc\rd");
    assert_formats("%1 %2!d!\r\n%% x", FORMAT_MESSAGE_IGNORE_INSERTS, "%1 %2!d!%n%% x%0y");
}

static void test_width(void **state)
{
    (void)state;
    assert_formats("a b c \r\n d ", FORMAT_MESSAGE_MAX_WIDTH_MASK, "a\nb\r\nc %n d ");
    assert_formats("hello\r\nworld\r\nthis is\r\nlong", 10, "hello world this is long");
    assert_formats("unbreakable", 5, "unbreakable");
}

static void test_bad_arguments(void **state)
{
    (void)state;
    char *none = NULL;
    assert_fails(format(FROM_STRING, "%", 100), ERROR_INVALID_PARAMETER);
    assert_fails(format(FROM_STRING, "%1!q!", 100, 1), ERROR_INVALID_PARAMETER);
    assert_fails(format(FROM_STRING, "%1!5", 100, 1), ERROR_INVALID_PARAMETER);
    assert_fails(format(FROM_STRING, "%1!d", 100, 1), ERROR_INVALID_PARAMETER);
    assert_fails(format(FROM_STRING, "%1!99999999999d!", 100, 1), ERROR_INVALID_PARAMETER);
    assert_fails(format(FROM_STRING, "%1!0000000000000d!", 100, 1), ERROR_INVALID_PARAMETER);
    assert_fails(format(0, "x", 100), ERROR_INVALID_PARAMETER);
    assert_fails(format(FROM_STRING, NULL, 100), ERROR_INVALID_PARAMETER);
    assert_fails(FormatMessageA(FROM_STRING, "%1", 0, 0, buffer, 100, NULL),
                 ERROR_INVALID_PARAMETER);
    assert_fails(FormatMessageA(FROM_STRING, "x", 0, 0, none, 100, NULL), ERROR_INVALID_PARAMETER);
    assert_fails(FormatMessageW(FROM_STRING, u"x", 0, 0, NULL, 100, NULL), ERROR_INVALID_PARAMETER);
    assert_fails(format(FROM_STRING, "abc", 3), ERROR_INSUFFICIENT_BUFFER);
    assert_int_equal(buffer[0], 0x55);
    assert_int_equal(format(FROM_STRING, "abc", 4), 3);
    assert_fails(format(FROM_STRING, "", 4), ERROR_NO_WORK_DONE);
    assert_fails(format(FORMAT_MESSAGE_FROM_HMODULE, NULL, 100), ERROR_RESOURCE_DATA_NOT_FOUND);
}

static DWORD system_message(DWORD flags, DWORD id, DWORD language)
{
    return FormatMessageA(FROM_SYSTEM | flags, NULL, id, language, buffer, sizeof buffer, NULL);
}

static void test_system(void **state)
{
    (void)state;
    const char *text = "File not found.\r\n";
    assert_quiet(system_message(0, ERROR_FILE_NOT_FOUND, 0) == strlen(text));
    assert_string_equal(buffer, text);
    assert_quiet(system_message(0, 0x80070002, MAKELANGID(LANG_ENGLISH, SUBLANG_ENGLISH_US)));
    assert_string_equal(buffer, text);
    assert_quiet(system_message(FORMAT_MESSAGE_FROM_HMODULE, 2, LANG_USER_DEFAULT));
    assert_string_equal(buffer, text);
    assert_quiet(system_message(FORMAT_MESSAGE_MAX_WIDTH_MASK, 2, 0));
    assert_string_equal(buffer, "File not found. ");
    assert_fails(system_message(0, 0x12345, 0), ERROR_MR_MID_NOT_FOUND);
    assert_fails(system_message(0, 2, 0x7777), ERROR_RESOURCE_LANG_NOT_FOUND);
}

static void test_every_errno_has_words(void **state)
{
    (void)state;
    extern DWORD win32_error_of(int rc);
    for (int e = 0; e < 140; e++)
        assert_int_not_equal(system_message(0, win32_error_of(-e), 0), 0);
}

/* All that winerror.h defines, and WAIT_TIMEOUT. */
/* clang-format off */
static const DWORD codes[] = {
    ERROR_SUCCESS, ERROR_INVALID_FUNCTION, ERROR_FILE_NOT_FOUND, ERROR_PATH_NOT_FOUND,
    ERROR_TOO_MANY_OPEN_FILES, ERROR_ACCESS_DENIED, ERROR_INVALID_HANDLE, ERROR_ARENA_TRASHED,
    ERROR_NOT_ENOUGH_MEMORY, ERROR_INVALID_BLOCK, ERROR_BAD_ENVIRONMENT, ERROR_BAD_FORMAT,
    ERROR_INVALID_ACCESS, ERROR_INVALID_DATA, ERROR_OUTOFMEMORY, ERROR_INVALID_DRIVE,
    ERROR_CURRENT_DIRECTORY, ERROR_NOT_SAME_DEVICE, ERROR_NO_MORE_FILES, ERROR_WRITE_PROTECT,
    ERROR_BAD_UNIT, ERROR_NOT_READY, ERROR_BAD_COMMAND, ERROR_CRC, ERROR_BAD_LENGTH, ERROR_SEEK,
    ERROR_NOT_DOS_DISK, ERROR_SECTOR_NOT_FOUND, ERROR_OUT_OF_PAPER, ERROR_WRITE_FAULT,
    ERROR_READ_FAULT, ERROR_GEN_FAILURE, ERROR_SHARING_VIOLATION, ERROR_LOCK_VIOLATION,
    ERROR_WRONG_DISK, ERROR_SHARING_BUFFER_EXCEEDED, ERROR_HANDLE_EOF, ERROR_HANDLE_DISK_FULL,
    ERROR_NOT_SUPPORTED, ERROR_REM_NOT_LIST, ERROR_DUP_NAME, ERROR_BAD_NETPATH, ERROR_NETWORK_BUSY,
    ERROR_DEV_NOT_EXIST, ERROR_TOO_MANY_CMDS, ERROR_ADAP_HDW_ERR, ERROR_BAD_NET_RESP,
    ERROR_UNEXP_NET_ERR, ERROR_BAD_REM_ADAP, ERROR_NO_SPOOL_SPACE, ERROR_NETNAME_DELETED,
    ERROR_NETWORK_ACCESS_DENIED, ERROR_BAD_DEV_TYPE, ERROR_BAD_NET_NAME, ERROR_TOO_MANY_NAMES,
    ERROR_TOO_MANY_SESS, ERROR_SHARING_PAUSED, ERROR_REQ_NOT_ACCEP, ERROR_REDIR_PAUSED,
    ERROR_FILE_EXISTS, ERROR_CANNOT_MAKE, ERROR_FAIL_I24, ERROR_OUT_OF_STRUCTURES,
    ERROR_ALREADY_ASSIGNED, ERROR_INVALID_PASSWORD, ERROR_INVALID_PARAMETER, ERROR_NET_WRITE_FAULT,
    ERROR_NO_PROC_SLOTS, ERROR_TOO_MANY_SEMAPHORES, ERROR_EXCL_SEM_ALREADY_OWNED, ERROR_SEM_IS_SET,
    ERROR_TOO_MANY_SEM_REQUESTS, ERROR_INVALID_AT_INTERRUPT_TIME, ERROR_SEM_OWNER_DIED,
    ERROR_SEM_USER_LIMIT, ERROR_DRIVE_LOCKED, ERROR_BROKEN_PIPE, ERROR_OPEN_FAILED,
    ERROR_BUFFER_OVERFLOW, ERROR_DISK_FULL, ERROR_NO_MORE_SEARCH_HANDLES,
    ERROR_INVALID_TARGET_HANDLE, ERROR_INVALID_CATEGORY, ERROR_INVALID_VERIFY_SWITCH,
    ERROR_BAD_DRIVER_LEVEL, ERROR_CALL_NOT_IMPLEMENTED, ERROR_SEM_TIMEOUT,
    ERROR_INSUFFICIENT_BUFFER, ERROR_INVALID_NAME, ERROR_INVALID_LEVEL, ERROR_MOD_NOT_FOUND,
    ERROR_PROC_NOT_FOUND, ERROR_WAIT_NO_CHILDREN, ERROR_CHILD_NOT_COMPLETE, ERROR_NEGATIVE_SEEK,
    ERROR_SEEK_ON_DEVICE, ERROR_BUSY_DRIVE, ERROR_SAME_DRIVE, ERROR_DIR_NOT_ROOT,
    ERROR_DIR_NOT_EMPTY, ERROR_PATH_BUSY, ERROR_INVALID_EVENT_COUNT, ERROR_TOO_MANY_MUXWAITERS,
    ERROR_INVALID_LIST_FORMAT, ERROR_LABEL_TOO_LONG, ERROR_TOO_MANY_TCBS, ERROR_SIGNAL_REFUSED,
    ERROR_DISCARDED, ERROR_NOT_LOCKED, ERROR_BAD_THREADID_ADDR, ERROR_BAD_ARGUMENTS,
    ERROR_BAD_PATHNAME, ERROR_SIGNAL_PENDING, ERROR_MAX_THRDS_REACHED, ERROR_LOCK_FAILED,
    ERROR_BUSY, ERROR_CANCEL_VIOLATION, ERROR_ATOMIC_LOCKS_NOT_SUPPORTED, ERROR_INVALID_ORDINAL,
    ERROR_ALREADY_EXISTS, ERROR_INVALID_FLAG_NUMBER, ERROR_SEM_NOT_FOUND, ERROR_INVALID_MODULETYPE,
    ERROR_BAD_EXE_FORMAT, ERROR_ITERATED_DATA_EXCEEDS_64k, ERROR_INVALID_SEGDPL,
    ERROR_RELOC_CHAIN_XEEDS_SEGLIM, ERROR_INFLOOP_IN_RELOC_CHAIN, ERROR_ENVVAR_NOT_FOUND,
    ERROR_NO_SIGNAL_SENT, ERROR_FILENAME_EXCED_RANGE, ERROR_META_EXPANSION_TOO_LONG,
    ERROR_INVALID_SIGNAL_NUMBER, ERROR_LOCKED, ERROR_TOO_MANY_MODULES, ERROR_NESTING_NOT_ALLOWED,
    ERROR_FILE_CHECKED_OUT, ERROR_CHECKOUT_REQUIRED, ERROR_BAD_FILE_TYPE, ERROR_FILE_TOO_LARGE,
    ERROR_FORMS_AUTH_REQUIRED, ERROR_PIPE_LOCAL, ERROR_BAD_PIPE, ERROR_PIPE_BUSY, ERROR_NO_DATA,
    ERROR_PIPE_NOT_CONNECTED, ERROR_MORE_DATA, ERROR_NO_WORK_DONE, ERROR_VC_DISCONNECTED,
    WAIT_TIMEOUT, ERROR_NO_MORE_ITEMS, ERROR_CANNOT_COPY, ERROR_DIRECTORY, ERROR_NOT_OWNER,
    ERROR_TOO_MANY_POSTS, ERROR_PARTIAL_COPY, ERROR_MR_MID_NOT_FOUND, ERROR_SCOPE_NOT_FOUND,
    ERROR_INVALID_ADDRESS, ERROR_ARITHMETIC_OVERFLOW, ERROR_PIPE_CONNECTED, ERROR_PIPE_LISTENING,
    ERROR_WAIT_1, ERROR_WAIT_2, ERROR_WAIT_3, ERROR_WAIT_63, ERROR_ABANDONED_WAIT_0,
    ERROR_ABANDONED_WAIT_63, ERROR_USER_APC, ERROR_KERNEL_APC, ERROR_ALERTED,
    ERROR_EA_ACCESS_DENIED, ERROR_OPERATION_ABORTED, ERROR_IO_INCOMPLETE, ERROR_IO_PENDING,
    ERROR_NOACCESS, ERROR_SWAPERROR, ERROR_STACK_OVERFLOW, ERROR_INVALID_MESSAGE,
    ERROR_CAN_NOT_COMPLETE, ERROR_INVALID_FLAGS, ERROR_UNRECOGNIZED_VOLUME, ERROR_FILE_INVALID,
    ERROR_FULLSCREEN_MODE, ERROR_NO_TOKEN, ERROR_BADDB, ERROR_BADKEY, ERROR_CANTOPEN,
    ERROR_CANTREAD, ERROR_CANTWRITE, ERROR_SERVICE_REQUEST_TIMEOUT, ERROR_SERVICE_DOES_NOT_EXIST,
    ERROR_SERVICE_NOT_ACTIVE, ERROR_PROCESS_ABORTED, ERROR_ALREADY_RUNNING_LKG,
    ERROR_NO_UNICODE_TRANSLATION, ERROR_DLL_INIT_FAILED, ERROR_SHUTDOWN_IN_PROGRESS,
    ERROR_NO_SHUTDOWN_IN_PROGRESS, ERROR_IO_DEVICE, ERROR_COUNTER_TIMEOUT,
    ERROR_NOT_ENOUGH_SERVER_MEMORY, ERROR_POSSIBLE_DEADLOCK, ERROR_MAPPED_ALIGNMENT,
    ERROR_TOO_MANY_LINKS, ERROR_OLD_WIN_VERSION, ERROR_APP_WRONG_OS, ERROR_INVALID_DLL,
    ERROR_DDE_FAIL, ERROR_DLL_NOT_FOUND, ERROR_NO_MORE_USER_HANDLES, ERROR_SOURCE_ELEMENT_EMPTY,
    ERROR_NOT_FOUND, ERROR_NO_MATCH, ERROR_BAD_DEVICE, ERROR_CONNECTION_UNAVAIL,
    ERROR_DEVICE_ALREADY_REMEMBERED, ERROR_NO_NET_OR_BAD_PATH, ERROR_BAD_PROVIDER,
    ERROR_SESSION_CREDENTIAL_CONFLICT, ERROR_CANCELLED, ERROR_USER_MAPPED_FILE,
    ERROR_CONNECTION_REFUSED, ERROR_GRACEFUL_DISCONNECT, ERROR_ADDRESS_ALREADY_ASSOCIATED,
    ERROR_ADDRESS_NOT_ASSOCIATED, ERROR_CONNECTION_INVALID, ERROR_CONNECTION_ACTIVE,
    ERROR_NETWORK_UNREACHABLE, ERROR_HOST_UNREACHABLE, ERROR_PROTOCOL_UNREACHABLE,
    ERROR_PORT_UNREACHABLE, ERROR_REQUEST_ABORTED, ERROR_CONNECTION_ABORTED, ERROR_RETRY,
    ERROR_CONNECTION_COUNT_LIMIT, ERROR_INCORRECT_ADDRESS, ERROR_NOT_AUTHENTICATED,
    ERROR_NOT_LOGGED_ON, ERROR_CONTINUE, ERROR_ALREADY_INITIALIZED, ERROR_NO_MORE_DEVICES,
    ERROR_DEBUGGER_INACTIVE, ERROR_NOT_ALL_ASSIGNED, ERROR_SOME_NOT_MAPPED, ERROR_UNKNOWN_REVISION,
    ERROR_REVISION_MISMATCH, ERROR_INVALID_OWNER, ERROR_NO_IMPERSONATION_TOKEN,
    ERROR_NO_SUCH_PRIVILEGE, ERROR_PRIVILEGE_NOT_HELD, ERROR_INVALID_ACCOUNT_NAME,
    ERROR_NO_SUCH_USER, ERROR_NO_SUCH_GROUP, ERROR_LOGON_FAILURE, ERROR_NONE_MAPPED,
    ERROR_INVALID_ACL, ERROR_INVALID_SID, ERROR_INVALID_SECURITY_DESCR, ERROR_INVALID_SERVER_STATE,
    ERROR_NO_SUCH_DOMAIN, ERROR_INTERNAL_ERROR, ERROR_GENERIC_NOT_MAPPED,
    ERROR_BAD_DESCRIPTOR_FORMAT, ERROR_FILE_CORRUPT, ERROR_DISK_CORRUPT,
    ERROR_INVALID_WINDOW_HANDLE, ERROR_INVALID_HOOK_HANDLE, ERROR_CLASS_ALREADY_EXISTS,
    ERROR_CLASS_DOES_NOT_EXIST, ERROR_PRIVATE_DIALOG_INDEX, ERROR_INVALID_THREAD_ID,
    ERROR_NO_SYSTEM_RESOURCES, ERROR_NONPAGED_SYSTEM_RESOURCES, ERROR_PAGED_SYSTEM_RESOURCES,
    ERROR_WORKING_SET_QUOTA, ERROR_PAGEFILE_QUOTA, ERROR_COMMITMENT_LIMIT, ERROR_TIMEOUT,
    ERROR_INCORRECT_SIZE, ERROR_SYMLINK_CLASS_DISABLED, ERROR_RESTART_APPLICATION,
    ERROR_NOT_SAME_OBJECT, ERROR_INVALID_USER_BUFFER, ERROR_RESOURCE_DATA_NOT_FOUND,
    ERROR_RESOURCE_TYPE_NOT_FOUND, ERROR_RESOURCE_NAME_NOT_FOUND, ERROR_RESOURCE_LANG_NOT_FOUND,
    ERROR_NOT_ENOUGH_QUOTA, ERROR_INVALID_TIME, ERROR_ALREADY_WAITING, ERROR_CANT_RESOLVE_FILENAME,
    ERROR_BAD_USERNAME, ERROR_NOT_CONNECTED, ERROR_NOT_A_REPARSE_POINT, ERROR_RESOURCE_NOT_FOUND,
    ERROR_SXS_CANT_GEN_ACTCTX,
};
/* clang-format on */

static void test_every_code_has_words(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++) {
        DWORD n = system_message(0, codes[i], 0);
        if (n < 4 || n != strlen(buffer) || strcmp(buffer + n - 3, ".\r\n") != 0)
            fail_msg("code %u: no text", codes[i]);
    }
}

static void test_allocate(void **state)
{
    (void)state;
    char *made = NULL;
    WCHAR *wide_made = NULL;
    const DWORD flags = FROM_STRING | FORMAT_MESSAGE_ALLOCATE_BUFFER;
    assert_int_equal(FormatMessageA(flags, "abc", 0, 0, (LPSTR)(void *)&made, 100, NULL), 3);
    assert_string_equal(made, "abc");
    assert_int_equal(LocalSize(made), 100);
    assert_null(LocalFree(made));
    assert_int_equal(FormatMessageW(flags, u"\u00e4bc", 0, 0, (LPWSTR)(void *)&wide_made, 0, NULL),
                     3);
    assert_memory_equal(wide_made, u"\u00e4bc", 8);
    assert_null(LocalFree(wide_made));
}

static DWORD format_wide(const WCHAR *source, ...)
{
    va_list list;
    va_start(list, source);
    DWORD n = FormatMessageW(FROM_STRING, source, 0, 0, wide, 100, &list);
    va_end(list);
    return n;
}

static void test_wide(void **state)
{
    (void)state;
    assert_int_equal(format_wide(u"%1 %2!d! %3!S!", u"\u20ac", 5, "n"), 5);
    assert_memory_equal(wide, u"\u20ac 5 n", 12);
    assert_fails(FormatMessageW(FROM_STRING, u"\u20ac\u20ac", 0, 0, wide, 2, NULL),
                 ERROR_INSUFFICIENT_BUFFER);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_inserts),
    cmocka_unit_test(test_argument_array),
    cmocka_unit_test(test_escapes),
    cmocka_unit_test(test_width),
    cmocka_unit_test(test_bad_arguments),
    cmocka_unit_test(test_system),
    cmocka_unit_test(test_every_errno_has_words),
    cmocka_unit_test(test_every_code_has_words),
    cmocka_unit_test(test_allocate),
    cmocka_unit_test(test_wide),
};
static const struct wo_test_role roles[] = {{NULL, NULL}};
WO_TEST_MAIN(tests, roles)
