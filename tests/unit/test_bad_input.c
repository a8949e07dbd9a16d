/* test_bad_input.c: every native function with what it must refuse: no handle, garbage, closed
 * handles, handles of another type, missing pointers, unknown flags, hostile names and sizes. The
 * documented error, and no output written. */
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <unistd.h>

#include "support.h"
#include "waitobj/waitobj.h"

/* ---- The handles ----------------------------------------------------------------------------- */

enum kind {
    EVENT,
    SERVER,
    CLIENT,
    PROCESS,
    GOOD,
    CLOSED = GOOD,
    NONE,
    ODD,
    HUGE_VALUE,
    HIGH,
    KINDS
};

static const char *const kind_name[KINDS] = {"event",   "mailslot", "mailslot client",
                                             "process", "closed",   "none",
                                             "garbage", "huge",     "high half"};
static wo_handle handle[KINDS];

#define SLOT "\\\\.\\mailslot\\bad-input"

static int setup(void **state)
{
    static const uintptr_t garbage[] = {0, 0xDEADBEE0, (uintptr_t)-256, (uintptr_t)INTPTR_MAX - 15};
    (void)state;
    assert_int_equal(wo_event_create(&handle[EVENT], NULL, WO_EVENT_MANUAL, NULL), 0);
    assert_int_equal(wo_mailslot_create(&handle[SERVER], SLOT, NULL), 0);
    assert_int_equal(wo_mailslot_open(&handle[CLIENT], SLOT), 0);
    assert_int_equal(wo_process_open(&handle[PROCESS], getpid(), WO_ACCESS_WAIT | WO_ACCESS_QUERY),
                     0);
    assert_int_equal(wo_event_create(&handle[CLOSED], NULL, 0, NULL), 0);
    assert_int_equal(wo_close(handle[CLOSED]), 0);
    for (int i = NONE; i < KINDS; i++)
        handle[i] = (wo_handle)garbage[i - NONE];
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    for (int i = 0; i < GOOD; i++)
        assert_int_equal(wo_close(handle[i]), 0);
    return 0;
}

/* ---- Functions of one handle ----------------------------------------------------------------- */

/* What the calls write to; every byte is POISON before, and after a failure. */
enum { POISON = 0xA5 };
static union {
    unsigned char bytes[256];
    size_t size;
    int number;
    uint32_t code;
    int64_t pid;
    wo_handle handle;
    struct wo_mailslot_info info;
} out;

static int call_wait(wo_handle h)
{
    return wo_wait(h, 0);
}
static int call_wait_any(wo_handle h)
{
    return wo_wait_any(&h, 1, 0, &out.size);
}
static int call_wait_all(wo_handle h)
{
    return wo_wait_all(&h, 1, 0);
}
static int call_duplicate(wo_handle h)
{
    return wo_duplicate(h, 0, &out.handle);
}
static int call_pollfd(wo_handle h)
{
    return wo_pollfd(h, &out.number);
}
static int call_read(wo_handle h)
{
    return wo_mailslot_read(h, out.bytes, sizeof out.bytes, 0, NULL);
}
static int call_read_size(wo_handle h)
{
    return wo_mailslot_read(h, NULL, 0, 0, &out.size);
}
static int call_write(wo_handle h)
{
    return wo_mailslot_write(h, "x", SIZE_MAX);
}
static int call_info(wo_handle h)
{
    return wo_mailslot_info(h, &out.info);
}
static int call_set_timeout(wo_handle h)
{
    return wo_mailslot_set_read_timeout(h, INT64_MIN);
}
static int call_id(wo_handle h)
{
    return wo_process_id(h, &out.pid);
}
static int call_code(wo_handle h)
{
    return wo_process_exit_code(h, &out.code);
}
static int call_terminate(wo_handle h)
{
    return wo_process_terminate(h, 0);
}

#define USUAL 1 /* not to be called: it succeeds there */

/* One line per function: what it says to good handles of each type. What is no open handle is
 * -EBADF to all. */
static const struct {
    const char *name;
    int (*call)(wo_handle h);
    int expected[GOOD]; /* event, mailslot, client, process */
} functions[] = {
    {"wo_close", wo_close, {USUAL, USUAL, USUAL, USUAL}},
    {"wo_duplicate", call_duplicate, {USUAL, USUAL, USUAL, USUAL}},
    {"wo_wait", call_wait, {-ETIMEDOUT, -ETIMEDOUT, -ENOTSUP, -ETIMEDOUT}},
    {"wo_wait_any", call_wait_any, {-ETIMEDOUT, -ETIMEDOUT, -ENOTSUP, -ETIMEDOUT}},
    {"wo_wait_all", call_wait_all, {-ETIMEDOUT, -ETIMEDOUT, -ENOTSUP, -ETIMEDOUT}},
    {"wo_pollfd", call_pollfd, {USUAL, USUAL, -ENOTSUP, USUAL}},
    {"wo_event_set", wo_event_set, {USUAL, -EBADF, -EBADF, -EBADF}},
    {"wo_event_reset", wo_event_reset, {USUAL, -EBADF, -EBADF, -EBADF}},
    {"wo_event_pulse", wo_event_pulse, {USUAL, -EBADF, -EBADF, -EBADF}},
    {"wo_mailslot_read", call_read, {-EBADF, -ETIMEDOUT, -EACCES, -EBADF}},
    {"wo_mailslot_read of a size", call_read_size, {-EBADF, -ETIMEDOUT, -EACCES, -EBADF}},
    {"wo_mailslot_write", call_write, {-EBADF, -EACCES, -E2BIG, -EBADF}},
    {"wo_mailslot_info", call_info, {-EBADF, USUAL, -EACCES, -EBADF}},
    {"wo_mailslot_set_read_timeout", call_set_timeout, {-EBADF, USUAL, -EACCES, -EBADF}},
    {"wo_process_id", call_id, {-EBADF, -EBADF, -EBADF, USUAL}},
    {"wo_process_exit_code", call_code, {-EBADF, -EBADF, -EBADF, USUAL}},
    {"wo_process_terminate", call_terminate, {-EBADF, -EBADF, -EBADF, -EACCES}},
    {"wo_process_resume", wo_process_resume, {-EBADF, -EBADF, -EBADF, -EINVAL}},
};
enum { FUNCTIONS = sizeof functions / sizeof *functions };

static bool poisoned(void)
{
    for (size_t i = 0; i < sizeof out; i++)
        if (out.bytes[i] != POISON)
            return false;
    return true;
}

static void try_function(size_t f, int kind)
{
    int expected = kind < GOOD ? functions[f].expected[kind] : -EBADF;
    if (expected == USUAL)
        return;
    memset(&out, POISON, sizeof out);
    int rc = functions[f].call(handle[kind]);
    if (rc != expected)
        fail_msg("%s with %s: %d, not %d", functions[f].name, kind_name[kind], rc, expected);
    if (!poisoned())
        fail_msg("%s with %s wrote an output", functions[f].name, kind_name[kind]);
}

static void test_handles(void **state)
{
    (void)state;
    for (size_t f = 0; f < FUNCTIONS; f++)
        for (int kind = 0; kind < KINDS; kind++)
            try_function(f, kind);
    assert_int_equal(wo_wait(handle[EVENT], 0), -ETIMEDOUT);
}

/* The low two bits of a handle's value do not count. */
static void test_low_bits(void **state)
{
    (void)state;
    for (uintptr_t i = 1; i < 4; i++)
        assert_int_equal(wo_wait((wo_handle)((uintptr_t)handle[EVENT] | i), 0), -ETIMEDOUT);
}

/* ---- Pointers, counts, flags ----------------------------------------------------------------- */

static void test_missing_pointers(void **state)
{
    wo_handle h = handle[EVENT];
    (void)state;
    assert_int_equal(wo_wait_any(NULL, 1, 0, NULL), -EINVAL);
    assert_int_equal(wo_wait_all(NULL, 1, 0), -EINVAL);
    assert_int_equal(wo_duplicate(h, 0, NULL), -EINVAL);
    assert_int_equal(wo_pollfd(h, NULL), -EINVAL);
    assert_int_equal(wo_event_create(NULL, "x", 0, NULL), -EINVAL);
    assert_int_equal(wo_event_open(NULL, "x", 0), -EINVAL);
    assert_int_equal(wo_event_open(&out.handle, NULL, 0), -EINVAL);
    assert_int_equal(wo_mailslot_create(NULL, SLOT, NULL), -EINVAL);
    assert_int_equal(wo_mailslot_create(&out.handle, NULL, NULL), -ENOTDIR);
    assert_int_equal(wo_mailslot_open(NULL, SLOT), -EINVAL);
    assert_int_equal(wo_mailslot_open(&out.handle, NULL), -ENOTDIR);
    assert_int_equal(wo_mailslot_read(handle[SERVER], NULL, 1, 0, NULL), -EINVAL);
    assert_int_equal(wo_mailslot_write(handle[CLIENT], NULL, 1), -EINVAL);
    assert_int_equal(wo_mailslot_info(handle[SERVER], NULL), -EINVAL);
    assert_int_equal(wo_mailslot_set_computer(NULL, NULL), 0);
    assert_int_equal(wo_process_id(handle[PROCESS], NULL), -EINVAL);
    assert_int_equal(wo_process_exit_code(handle[PROCESS], NULL), -EINVAL);
    assert_int_equal(wo_process_open(NULL, getpid(), WO_ACCESS_WAIT), -EINVAL);
    assert_int_equal(wo_process_spawn(&out.handle, NULL), -EINVAL);
    assert_int_equal(wo_runtime_directory(NULL, 10), -EINVAL);
    assert_int_equal(wo_usage(NULL), -EINVAL);
}

static void test_counts(void **state)
{
    wo_handle some[2] = {handle[EVENT], NULL};
    size_t index = 777;
    (void)state;
    assert_int_equal(wo_wait_any(some, 0, 0, &index), -EINVAL);
    assert_int_equal(wo_wait_all(some, 0, 0), -EINVAL);
    /* Numbers of handles whose size in bytes is none. */
    assert_int_equal(wo_wait_any(some, SIZE_MAX, 0, &index), -EINVAL);
    assert_int_equal(wo_wait_any(some, SIZE_MAX / sizeof(void *) + 1, 0, &index), -EINVAL);
    assert_int_equal(wo_wait_all(some, SIZE_MAX / sizeof(void *) + 2, 0), -EINVAL);
    assert_int_equal(wo_wait_any(some, 2, 0, &index), -EBADF);
    assert_int_equal(index, 777);
}

static void test_flags(void **state)
{
    struct wo_mailslot_options options = {.flags = 2};
    char *argv[] = {(char *)(uintptr_t) "true", NULL};
    struct wo_spawn how = {.argv = argv};
    (void)state;
    memset(&out, POISON, sizeof out);
    for (unsigned bit = 0; bit < 32; bit++) {
        unsigned flag = 1u << bit;
        if (!(flag & (WO_EVENT_MANUAL | WO_EVENT_SIGNALED | WO_INHERIT)))
            assert_int_equal(wo_event_create(&out.handle, NULL, flag, NULL), -EINVAL);
        if (!(flag & WO_INHERIT))
            assert_int_equal(wo_duplicate(handle[EVENT], flag, &out.handle), -EINVAL);
        options.flags = flag;
        if (!(flag & (WO_MAILSLOT_SHARED | WO_INHERIT)))
            assert_int_equal(wo_mailslot_create(&out.handle, SLOT "2", &options), -EINVAL);
        how.flags = flag;
        if (!(flag & (7u | WO_INHERIT)))
            assert_int_equal(wo_process_spawn(&out.handle, &how), -EINVAL);
    }
    options = (struct wo_mailslot_options){.quota = UINT64_MAX};
    assert_int_equal(wo_mailslot_create(&out.handle, SLOT "2", &options), -EINVAL);
    assert_true(poisoned());
}

static void test_processes(void **state)
{
    static const int64_t nobody[] = {0, -1, INT64_MIN, INT64_MAX, INT_MAX, INT64_C(1) << 32};
    (void)state;
    memset(&out, POISON, sizeof out);
    for (size_t i = 0; i < sizeof nobody / sizeof *nobody; i++)
        assert_int_equal(wo_process_open(&out.handle, nobody[i], WO_ACCESS_WAIT), -EINVAL);
    /* Not this process, although its lower half is this process's number. */
    assert_int_equal(wo_process_open(&out.handle, (INT64_C(1) << 32) + getpid(), WO_ACCESS_WAIT),
                     -EINVAL);
    assert_true(poisoned());
}

static void test_spawn(void **state)
{
    static char huge[300000];
    char *none[] = {NULL}, *empty[] = {(char *)(uintptr_t) "", NULL};
    char *big[] = {huge, huge, NULL}, *sh[] = {(char *)(uintptr_t) "true", NULL};
    int bad_fd[3] = {INT_MAX, -1, -1}, negative[3] = {-1, INT_MIN, -1};
    struct {
        struct wo_spawn how;
        int expected;
    } bad[] = {
        {{.argv = NULL}, -EINVAL},
        {{.argv = none}, -EINVAL},
        {{.argv = empty}, -ENOENT},
        {{.argv = sh, .path = ""}, -ENOENT},
        {{.argv = sh, .path = "/"}, -EACCES},
        {{.argv = sh, .path = "/dev/null"}, -EACCES},
        {{.argv = sh, .path = "/dev/null/true"}, -ENOTDIR},
        {{.argv = sh, .directory = "/nowhere/at/all"}, -ENOENT},
        {{.argv = sh, .directory = ""}, -ENOENT},
        {{.argv = sh, .directory = "/dev/null"}, -ENOTDIR},
        {{.argv = sh, .fds = bad_fd}, -EBADF},
        {{.argv = sh, .fds = negative}, -EINVAL},
        {{.argv = big, .path = "/bin/true"}, -E2BIG},
    };
    (void)state;
    memset(huge, 'x', sizeof huge - 1);
    memset(&out, POISON, sizeof out);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        int rc = wo_process_spawn(&out.handle, &bad[i].how);
        if (rc != bad[i].expected)
            fail_msg("spawn %zu: %d, not %d", i, rc, bad[i].expected);
    }
    big[1] = NULL; /* a name no path can hold */
    assert_true(wo_process_spawn(&out.handle, &(struct wo_spawn){.argv = big}) < 0);
    assert_true(poisoned());
}

/* ---- Names ----------------------------------------------------------------------------------- */

static char *repeat(const char *what, size_t times)
{
    size_t n = strlen(what);
    char *text = malloc(n * times + 1);
    assert_non_null(text);
    for (size_t i = 0; i < times; i++)
        memcpy(text + i * n, what, n);
    text[n * times] = '\0';
    return text;
}

static const struct {
    const char *name;
    int expected; /* 0: a good name */
} event_names[] = {
    {"..\\x", -ENOTDIR},
    {"a\\b", -ENOTDIR},
    {"\\", -EDOM},
    {"\\x", -EDOM},
    {"Local\\", -EILSEQ},
    {"Local\\\\x", -EDOM},
    {"Global\\Local\\x", -ENOTDIR},
    {"Local", -EBADF},
    {"\xFF", -EILSEQ},
    {"\xC0\xAF", -EILSEQ},
    {"\xE0\x80\xAF", -EILSEQ},
    {"\xF0\x80\x80\xAF", -EILSEQ},
    {"\xF4\x90\x80\x80", -EILSEQ},
    {"\xF8\x88\x80\x80\x80", -EILSEQ},
    {"cut\xE2\x82", -EILSEQ},
    {"\x80", -EILSEQ},
    {"../../etc/passwd", 0},
    {"/", 0},
    {".", 0},
    {"..", 0},
    {" ", 0},
    {"a\x01\x1F\x7F\n", 0},
    {"%s%n%1!s!", 0},
    {"\xED\xA0\x80", 0}, /* a lone surrogate, as UTF-16 names may hold */
    {"local\\x", -ENOTDIR},
};

static void try_event_name(const char *name, int expected)
{
    wo_handle h = NULL, again = NULL;
    bool existed = true;
    int rc = wo_event_create(&h, name, 0, &existed);
    if (rc != expected)
        fail_msg("event '%.40s': %d, not %d", name, rc, expected);
    if (rc < 0) {
        assert_null(h);
        assert_true(existed);
        assert_int_equal(wo_event_open(&h, name, 0), expected);
        assert_null(h);
        return;
    }
    assert_false(existed);
    assert_int_equal(wo_event_open(&again, name, WO_ACCESS_ALL), 0);
    assert_int_equal(wo_event_set(again), 0);
    assert_int_equal(wo_wait(h, 0), 0);
    assert_int_equal(wo_close(h), 0);
    assert_int_equal(wo_close(again), 0);
    assert_int_equal(wo_event_open(&h, name, 0), -ENOENT);
}

static void test_event_names(void **state)
{
    static const struct {
        const char *part;
        size_t most;
    } lengths[] = {{"x", 260}, {"\xC3\xA9", 260}, {"\xE2\x82\xAC", 260}, {"\xF0\x9F\x98\x80", 130}};
    size_t files = wo_test_runtime_files();
    (void)state;
    for (size_t i = 0; i < sizeof event_names / sizeof *event_names; i++)
        try_event_name(event_names[i].name, event_names[i].expected);
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
        char *fits = repeat(lengths[i].part, lengths[i].most);
        char *long_name = repeat(lengths[i].part, lengths[i].most + 1);
        char *far_too_long = repeat(lengths[i].part, 100000);
        try_event_name(fits, 0);
        try_event_name(long_name, -ENAMETOOLONG);
        try_event_name(far_too_long, -ENAMETOOLONG);
        free(fits);
        free(long_name);
        free(far_too_long);
    }
    assert_true(wo_test_runtime_files() <= files + 1); /* the arena, and nothing by these names */
}

static const char *const bad_addresses[] = {
    "",
    "\\",
    "\\\\",
    "\\\\.",
    "\\\\.\\",
    "\\\\.\\mailslot",
    "\\\\.\\mailslot\\",
    "\\\\.\\mailslot\\\\",
    "\\\\.\\mailslot\\.",
    "\\\\.\\mailslot\\..",
    "\\\\.\\mailslot\\..\\x",
    "\\\\.\\mailslot\\x\\..\\..\\y",
    "//./mailslot/x/../../y",
    "\\\\.\\mailslot\\x\\",
    "\\\\.\\mailslotx\\x",
    "\\\\.\\pipe\\x",
    "\\\\\\mailslot\\x",
    "\\\\..\\mailslot/../x",
    "\\\\a*\\mailslot\\x",
    "\\\\.\\mailslot\\x\x01",
    "\\\\.\\mailslot\\x\x7F",
    "\\\\.\\mailslot\\\xC2\x80",
    "\\\\.\\mailslot\\\xFF",
    "\\\\.\\mailslot\\\xED\xA0\x80",
    "\\\\.\\mailslot\\\xC0\xAF",
    "\\\\\xFF\\mailslot\\x",
    "mailslot\\x",
    "C:\\mailslot\\x",
};

static void test_mailslot_names(void **state)
{
    static const char *const parts[] = {"x",   "%",  "\xC3\xA9",        ".x",
                                        "x\\", "\\", "\xF0\x9F\x98\x80"};
    wo_handle h = NULL;
    (void)state;
    for (size_t i = 0; i < sizeof bad_addresses / sizeof *bad_addresses; i++) {
        int rc = wo_mailslot_create(&h, bad_addresses[i], NULL);
        if (rc != -EILSEQ || wo_mailslot_open(&h, bad_addresses[i]) != -EILSEQ)
            fail_msg("mailslot '%s': %d", bad_addresses[i], rc);
    }
    /* The longest component and the first that is too long, whatever it is escaped to. */
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        for (size_t times = 1; times < 70000; times = times < 300 ? times + 1 : times * 3) {
            char *name = repeat(parts[i], times), *address = malloc(strlen(name) + 40);
            assert_non_null(address);
            sprintf(address, "\\\\.\\mailslot\\%s", name);
            int rc = wo_mailslot_create(&h, address, NULL);
            if (rc == 0)
                assert_int_equal(wo_close(h), 0);
            else
                assert_true(rc == -EILSEQ || rc == -ENAMETOOLONG);
            free(address);
            free(name);
        }
    assert_int_equal(wo_mailslot_create(&h, "\\\\somebody\\mailslot\\x", NULL), -EILSEQ);
    assert_int_equal(wo_mailslot_create(&h, "\\\\*\\mailslot\\x", NULL), -EILSEQ);
}

static void test_computer_names(void **state)
{
    static const char *const bad[] = {"",     ".", "?",   "*",    "a*b",  "a/b",         "a\\b",
                                      "..\\", "/", "a\n", "\x7F", "\xFF", "\xED\xA0\x80"};
    char longest[65];
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_int_equal(wo_mailslot_set_computer(bad[i], NULL), -EINVAL);
        assert_int_equal(wo_mailslot_set_computer(NULL, bad[i]), -EINVAL);
        assert_int_equal(wo_mailslot_set_computer("good", bad[i]), -EINVAL);
    }
    memset(longest, 'x', sizeof longest);
    longest[64] = '\0';
    assert_int_equal(wo_mailslot_set_computer(longest, NULL), -EINVAL);
    /* ".." is a name like any other, and leads nowhere. */
    wo_handle h;
    assert_int_equal(wo_mailslot_set_computer("..", ".."), 0);
    size_t files = wo_test_runtime_files();
    assert_int_equal(wo_mailslot_create(&h, "\\\\.\\mailslot\\dots", NULL), 0);
    assert_true(wo_test_runtime_files() > files);
    assert_int_equal(wo_close(h), 0);
}

static void test_sizes(void **state)
{
    char path[4], text[16] = "unread";
    size_t size = 777;
    (void)state;
    for (size_t n = 0; n < sizeof path; n++) {
        memset(path, POISON, sizeof path);
        assert_int_equal(wo_runtime_directory(path, n), -ERANGE);
        assert_int_equal((unsigned char)path[0], POISON);
    }
    assert_int_equal(wo_mailslot_write(handle[CLIENT], "four", 4), 0);
    assert_int_equal(wo_mailslot_read(handle[SERVER], text, 3, 0, &size), -EMSGSIZE);
    assert_int_equal(size, 4);
    assert_string_equal(text, "unread");
    assert_int_equal(wo_mailslot_write(handle[CLIENT], text, SIZE_MAX), -E2BIG);
    assert_int_equal(wo_mailslot_write(handle[CLIENT], text, (size_t)UINT32_MAX), -E2BIG);
    assert_int_equal(wo_mailslot_read(handle[SERVER], text, SIZE_MAX, 0, &size), 0);
    assert_int_equal(size, 4);
}

#define test(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
static const struct CMUnitTest tests[] = {
    test(test_handles), test(test_low_bits),       test(test_missing_pointers),
    test(test_counts),  test(test_flags),          test(test_processes),
    test(test_spawn),   test(test_event_names),    test(test_mailslot_names),
    test(test_sizes),   test(test_computer_names),
};
WO_TEST_MAIN(tests, NULL)
