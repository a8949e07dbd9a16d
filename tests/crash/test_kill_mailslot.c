/* test_kill_mailslot.c: processes killed at random moments while they write to mailslots, own one,
 * or receive beside others.
 *
 * Every message says who wrote it and its number, and the rest follows from these. A killed
 * writer's messages must have arrived in order and whole: all those whose write had returned (the
 * board in shared memory says how many), and at most the one that was under way. A living writer's
 * messages must all arrive, whoever dies beside it. */
#include "crash.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#define LETTERS "\\\\.\\mailslot\\kill\\letters" /* the test's */
#define COMMON "\\\\.\\mailslot\\kill\\common"   /* shared: the test's and a victim's */
#define OWN "\\\\.\\mailslot\\kill\\own"         /* a victim's */

enum { MS = 1000000, LONGEST = 6000, LIVING = 1, MARKER = 2, FIRST_VICTIM = 10 };

struct message {
    uint32_t writer, number, size;
    unsigned char text[LONGEST];
};
enum { HEADER = offsetof(struct message, text) };

struct board {
    _Atomic uint32_t accepted; /* the victim's writes that have returned */
    _Atomic uint32_t sent;     /* by the living writer */
};
static struct board *board;
static char board_path[4096];

static void need(bool ok)
{
    if (!ok)
        _exit(96);
}

static void board_open(const char *path, int flags)
{
    int fd = open(path, O_RDWR | O_CLOEXEC | flags, 0600);
    if (fd < 0 || ftruncate(fd, sizeof *board) < 0)
        abort();
    board = mmap(NULL, sizeof *board, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (board == MAP_FAILED)
        abort();
    close(fd);
}

/* ---- Messages -------------------------------------------------------------------------------- */

static unsigned char text_at(const struct message *m, uint32_t i)
{
    return (unsigned char)((m->writer * 31 + m->number * 7 + i * (i >> 5 | 1)) ^ i >> 8);
}

static int send_one(wo_handle h, uint32_t writer, uint32_t number)
{
    struct message m = {.writer = writer, .number = number};
    m.size = wo_test_random_below(3) ? wo_test_random_below(100) : wo_test_random_below(LONGEST);
    for (uint32_t i = 0; i < m.size; i++)
        m.text[i] = text_at(&m, i);
    return wo_mailslot_write(h, &m, HEADER + m.size);
}

static bool is_whole(const struct message *m, size_t size)
{
    if (size < HEADER || m->size != size - HEADER || m->size > LONGEST)
        return false;
    for (uint32_t i = 0; i < m->size; i++)
        if (m->text[i] != text_at(m, i))
            return false;
    return true;
}

/* ---- Roles ----------------------------------------------------------------------------------- */

static void send_patiently(wo_handle h, uint32_t writer, uint32_t number)
{
    int rc;
    while ((rc = send_one(h, writer, number)) == -EDQUOT)
        wo_test_pause();
    need(rc == 0);
}

/* To everything there is, for ever. Every number is accepted once by each. */
WO_NORETURN static void write_everywhere(wo_handle to_letters, wo_handle to_common)
{
    wo_handle own;
    for (uint32_t n = 1;; n++) {
        send_patiently(to_letters, LIVING, n);
        send_patiently(to_common, LIVING, n);
        board->sent = n;
        if (wo_mailslot_open(&own, OWN) == 0) { /* its owner comes and goes */
            int rc = send_one(own, LIVING, n);
            need(rc == 0 || rc == -EPIPE || rc == -ENOENT || rc == -EDQUOT);
            wo_close(own);
        }
        if (n % 8 == 0)
            wo_test_pause();
    }
}

static int role_writer(int argc, char **argv)
{
    wo_handle to_letters, to_common;
    board_open(argv[1], 0);
    need(argc > 1);
    need(wo_mailslot_open(&to_letters, LETTERS) == 0);
    need(wo_mailslot_open(&to_common, COMMON) == 0);
    wo_test_say("ready");
    write_everywhere(to_letters, to_common);
}

WO_NORETURN static void write_letters(wo_handle h, uint32_t writer)
{
    for (uint32_t n = 1;; n++) {
        send_patiently(h, writer, n);
        board->accepted = n;
    }
}

/* Arguments: board, who. Writes numbered messages until it is killed. */
static int role_victim_writer(int argc, char **argv)
{
    wo_handle h;
    uint32_t writer = argc > 2 ? (uint32_t)strtoul(argv[2], NULL, 10) : 0;
    board_open(argv[1], 0);
    wo_test_say("ready");
    need(wo_mailslot_open(&h, LETTERS) == 0);
    write_letters(h, writer);
}

/* Whole messages in order, until it is killed. */
WO_NORETURN static void read_letters_for_ever(wo_handle h)
{
    struct message m;
    size_t size;
    uint32_t last = 0;
    for (;;) {
        int rc = wo_wait(h, MS);
        need(rc == 0 || rc == -ETIMEDOUT);
        rc = wo_mailslot_read(h, &m, sizeof m, wo_test_random_below(2) * MS, &size);
        need(rc == 0 || rc == -ETIMEDOUT);
        if (rc != 0)
            continue;
        need(is_whole(&m, size) && m.number > last);
        last = m.number;
    }
}

/* Arguments: board, address, "shared" or not. */
static int role_victim_reader(int argc, char **argv)
{
    struct wo_mailslot_options how = {.read_timeout_ns = MS};
    wo_handle h;
    how.flags = argc > 3 ? WO_MAILSLOT_SHARED : 0;
    wo_test_say("ready");
    need(wo_mailslot_create(&h, argv[2], &how) == 0);
    read_letters_for_ever(h);
}

static int role_visitor(int argc, char **argv)
{
    struct wo_mailslot_options shared = {.flags = WO_MAILSLOT_SHARED};
    wo_handle h;
    (void)argc;
    (void)argv;
    need(wo_mailslot_create(&h, COMMON, &shared) == 0 && wo_close(h) == 0);
    return 0;
}

/* ---- The test -------------------------------------------------------------------------------- */

static wo_handle letters, common, letters_client;
static uint32_t living_letters, living_common; /* last numbers seen */

static void next_number(uint32_t *last, const struct message *m)
{
    if (m->number != *last + 1)
        fail_msg("writer %u: message %u after %u", m->writer, m->number, *last);
    *last = m->number;
}

static void read_one(wo_handle h, struct message *m)
{
    size_t size;
    int rc = wo_mailslot_read(h, m, sizeof *m, (int64_t)WO_TEST_PATIENCE_NS, &size);
    if (rc != 0)
        fail_msg("reading: %d", rc);
    assert_true(is_whole(m, size));
}

/* Reads up to the marker; the victim's last number. */
static uint32_t read_letters(uint32_t victim, uint32_t marker)
{
    struct message m;
    uint32_t last = 0;
    for (;;) {
        read_one(letters, &m);
        if (m.writer == LIVING)
            next_number(&living_letters, &m);
        else if (m.writer == victim)
            next_number(&last, &m);
        else if (m.writer == MARKER && m.number == marker)
            return last;
        else
            fail_msg("a message of writer %u, number %u", m.writer, m.number);
    }
}

static void read_common(void)
{
    struct message m;
    uint32_t sent = board->sent;
    while (living_common < sent) {
        read_one(common, &m);
        assert_int_equal(m.writer, LIVING);
        next_number(&living_common, &m);
    }
}

/* The name is free at once. */
static void take_over(void)
{
    wo_handle h;
    assert_int_equal(wo_mailslot_create(&h, OWN, NULL), 0);
    assert_int_equal(wo_close(h), 0);
}

static void nap(uint32_t below_ns)
{
    struct timespec t = {0, wo_test_random_below(below_ns)};
    nanosleep(&t, NULL);
}

static void start_victim(struct wo_test_child *c, unsigned round, uint32_t number)
{
    char who[16];
    snprintf(who, sizeof who, "%u", number);
    if (round % 3 == 0)
        wo_test_spawn(c, "victim writer", board_path, who, NULL);
    else if (round % 3 == 1)
        wo_test_spawn(c, "victim reader", board_path, OWN, NULL);
    else
        wo_test_spawn(c, "victim reader", board_path, COMMON, "shared", NULL);
    wo_test_expect(c, "ready");
}

static void one_death(unsigned round)
{
    struct wo_test_child victim;
    uint32_t number = FIRST_VICTIM + round;
    board->accepted = 0;
    start_victim(&victim, round, number);
    nap(round % 2 ? MS / 2 : 3 * MS);
    assert_int_equal(kill(victim.pid, SIGKILL), 0);
    assert_int_equal(wo_test_reap(&victim), 1000 + SIGKILL); /* it did not give up before */
    uint32_t accepted = board->accepted;
    int rc;
    while ((rc = send_one(letters_client, MARKER, round)) == -EDQUOT)
        wo_test_pause();
    assert_int_equal(rc, 0);
    uint32_t seen = read_letters(number, round);
    if (seen != accepted && seen != accepted + 1)
        fail_msg("%u messages accepted, %u seen", accepted, seen);
    read_common();
    if (round % 3 == 1)
        take_over();
}

/* What a receiver that died while it came has left behind is removed by the next one that comes. */
static void visit(void)
{
    struct wo_test_child c;
    wo_test_spawn(&c, "visitor", NULL);
    wo_test_expect_exit(&c, 0);
}

static void must_have_files(size_t files)
{
    if (wo_test_runtime_files() != files)
        visit();
    if (wo_test_runtime_files() != files) {
        wo_test_runtime_list();
        fail_msg("%zu files, not %zu", wo_test_runtime_files(), files);
    }
}

static void open_all(void)
{
    struct wo_mailslot_options shared = {.flags = WO_MAILSLOT_SHARED};
    snprintf(board_path, sizeof board_path, "%s/board", wo_test_runtime());
    board_open(board_path, O_CREAT);
    crash_warm_up();
    assert_int_equal(wo_mailslot_create(&letters, LETTERS, NULL), 0);
    assert_int_equal(wo_mailslot_create(&common, COMMON, &shared), 0);
    assert_int_equal(wo_mailslot_open(&letters_client, LETTERS), 0);
    assert_int_equal(send_one(letters_client, MARKER, 0), 0);
    assert_int_equal(read_letters(0, 0), 0);
}

static void test_deaths(void **state)
{
    struct wo_test_child writer;
    unsigned rounds = wo_test_rounds(300, 10000);
    (void)state;
    open_all();
    wo_test_spawn(&writer, "writer", board_path, NULL);
    wo_test_expect(&writer, "ready");
    for (unsigned round = 1; round <= 6; round++) /* what is kept is there afterwards */
        one_death(round);
    visit();
    size_t files = wo_test_runtime_files(), fds = wo_test_fd_count();
    for (unsigned round = 7; round < 7 + rounds; round++) {
        one_death(round);
        must_have_files(files);
        assert_int_equal(wo_test_fd_count(), fds);
    }
    assert_int_equal(wo_test_state(writer.pid) == 'Z', 0);
    wo_test_kill(&writer);
    wo_close(letters);
    wo_close(common);
    wo_close(letters_client);
}

static const struct wo_test_role roles[] = {{"writer", role_writer},
                                            {"victim writer", role_victim_writer},
                                            {"victim reader", role_victim_reader},
                                            {"visitor", role_visitor},
                                            {NULL, NULL}};
static const struct CMUnitTest tests[] = {cmocka_unit_test(test_deaths)};
WO_TEST_MAIN(tests, roles)
