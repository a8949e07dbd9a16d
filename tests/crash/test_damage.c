/* test_damage.c: wrong values appear in the shared arena while processes use it.
 *
 * Nothing can be promised about the objects then. What must hold: every call returns, with a
 * result or an error; nobody crashes; and when all have gone, the next one starts afresh.
 *
 * Spared is what the C library keeps in there: the lock and the semaphores. A wrong value in these
 * is beyond anybody's reach. So is a file that is made shorter while it is mapped: the system ends
 * the process that touches it with SIGBUS. */
#include "crash.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "arena.h"
#include "platform.h"

enum { MS = 1000000, USERS = 2, EVENTS = 6 };

static char place[2048], arena[2048 + 64];

/* ---- The users ------------------------------------------------------------------------------- */

static int64_t wait_a_moment(void *arg)
{
    return wo_wait_any(arg, EVENTS, 2 * MS, NULL);
}

static void use(wo_handle h[EVENTS], unsigned turn)
{
    struct wo_usage u;
    wo_handle fresh;
    size_t index;
    char name[64];
    snprintf(name, sizeof name, "damage.%u", turn % 5);
    int rc = wo_event_create(&fresh, name, turn & 1, NULL);
    wo_event_set(h[turn % EVENTS]);
    wo_wait_any(h, EVENTS, turn % 3 ? 0 : MS / 5, &index);
    wo_wait_all(h, 2 + turn % 3, turn % 4 ? 0 : MS / 5);
    wo_event_pulse(h[(turn + 1) % EVENTS]);
    wo_event_reset(h[(turn + 2) % EVENTS]);
    if (turn % 16 == 0)
        wo_usage(&u);
    if (turn % 16 == 8)
        wo_validate();
    if (rc == 0)
        wo_close(fresh);
}

/* Arguments: runtime directory, turns. */
static int role_user(int argc, char **argv)
{
    wo_handle h[EVENTS];
    struct wo_test_thread waiter;
    unsigned turns = argc > 2 ? (unsigned)atoi(argv[2]) : 0;
    char name[128];
    setenv("WAITOBJ_RUNTIME_DIR", argv[1], 1);
    for (int i = 0; i < EVENTS; i++) {
        snprintf(name, sizeof name, "damage.kept.%d.%070d", i, 0);
        if (wo_event_create(&h[i], name, i % 2 ? WO_EVENT_MANUAL : 0, NULL) != 0)
            return 1;
    }
    wo_test_say("ready");
    wo_test_await("go");
    for (unsigned turn = 0; turn < turns; turn++) {
        if (turn % 8 == 0)
            wo_test_thread_start(&waiter, wait_a_moment, h);
        use(h, turn);
        if (turn % 8 == 7)
            wo_test_thread_join(&waiter);
    }
    for (int i = 0; i < EVENTS; i++)
        wo_close(h[i]);
    return 0;
}

/* Arguments: runtime directory. Comes when there is damage; then when all have gone. */
static int role_newcomer(int argc, char **argv)
{
    struct wo_usage u;
    wo_handle h;
    setenv("WAITOBJ_RUNTIME_DIR", argv[1], 1);
    int rc = wo_event_create(&h, "damage.1", 0, NULL);
    if (rc == 0)
        rc = wo_wait(h, MS / 10);
    if (argc > 2)
        return 0;
    if (rc != -ETIMEDOUT || wo_usage(&u) != 0 || u.shared_objects != 1 || u.processes != 1)
        return 1;
    return wo_validate() == 0 ? 0 : 2;
}

/* ---- The damage ------------------------------------------------------------------------------ */

struct region {
    size_t offset, item;
    struct wo__pool *pool; /* NULL: not a pool's items */
    size_t spare_from;     /* within an item: from here on hands off */
};

/* The layout is a constant, found out the same way as the library does. */
static size_t regions(unsigned char *base, struct region *r)
{
    struct wo__header *h = (struct wo__header *)(void *)base;
    static const uint32_t capacity[WO__POOL_COUNT] = {1u << 18, 1u << 19, 1u << 16,
                                                      1u << 19, 1u << 15, 1u << 18};
    size_t at = (sizeof *h + 4095) & ~(size_t)4095;
    for (int id = 0; id < WO__POOL_COUNT; id++) {
        size_t item = wo__pool_item_size((enum wo__pool_id)id);
        r[id] = (struct region){at, item, &h->pools[id], item};
        if (id == WO__POOL_WAITER)
            r[id].spare_from = offsetof(struct wo__waiter, park);
        at += (capacity[id] * item + 4095) & ~(size_t)4095;
    }
    r[WO__POOL_COUNT] = (struct region){at, sizeof(struct wo__undo), NULL, sizeof(struct wo__undo)};
    return WO__POOL_COUNT + 1;
}

static uint32_t wrong_value(uint32_t limit)
{
    switch (wo_test_random_below(5)) {
    case 0:
        return 0;
    case 1:
        return (uint32_t)wo_test_random();
    case 2:
        return UINT32_MAX;
    default:
        return wo_test_random_below(limit + 2); /* plausible */
    }
}

static uint32_t *pick(unsigned char *base, uint32_t *limit)
{
    struct wo__header *h = (struct wo__header *)(void *)base;
    struct region r[WO__POOL_COUNT + 1];
    size_t count = regions(base, r), which = wo_test_random_below((uint32_t)count + 2);
    *limit = 64;
    if (which == count) { /* a pool's counters */
        uint32_t *p = (uint32_t *)(void *)h->pools;
        return p + wo_test_random_below(sizeof h->pools / 4);
    }
    if (which > count) /* a name's bucket: one in use, if there is one */
        for (uint32_t i = 0; i < WO__BUCKETS; i++)
            if (h->buckets[i] && wo_test_random_below(3) == 0)
                return &h->buckets[i];
    if (which > count)
        return &h->buckets[wo_test_random_below(WO__BUCKETS)];
    uint32_t items = r[which].pool ? r[which].pool->used : 64;
    if (items > 256)
        items = 256;
    *limit = items;
    size_t at = r[which].offset + wo_test_random_below(items + 1) * r[which].item;
    return (uint32_t *)(void *)(base + at) +
           wo_test_random_below((uint32_t)(r[which].spare_from / 4));
}

static void spoil(unsigned char *base)
{
    uint32_t limit, *word = pick(base, &limit);
    *(volatile uint32_t *)word = wrong_value(limit);
}

static unsigned char *map_arena(size_t *size)
{
    struct stat st;
    int fd = open(arena, O_RDWR | O_CLOEXEC);
    assert_true(fd >= 0 && fstat(fd, &st) == 0);
    void *p = mmap(NULL, (size_t)st.st_size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    assert_ptr_not_equal(p, MAP_FAILED);
    close(fd);
    *size = (size_t)st.st_size;
    return p;
}

static int setup(void **state)
{
    (void)state;
    snprintf(place, sizeof place, "%s/place", wo_test_runtime());
    snprintf(arena, sizeof arena, "%s/arena.%s.%u", place, wo__platform_name, WO__ARENA_VERSION);
    return mkdir(place, 0700);
}

static int teardown(void **state)
{
    (void)state;
    wo_test_kill_all();
    wo_test_remove_tree(place);
    return 0;
}

static void start_users(struct wo_test_child users[USERS], const char *turns)
{
    for (int i = 0; i < USERS; i++) {
        wo_test_spawn(&users[i], "user", place, turns, NULL);
        wo_test_expect(&users[i], "ready");
    }
}

static void finish_users(struct wo_test_child users[USERS])
{
    struct wo_test_child c;
    for (int i = 0; i < USERS; i++)
        wo_test_expect_exit(&users[i], 0);
    wo_test_spawn(&c, "newcomer", place, NULL);
    wo_test_expect_exit(&c, 0);
}

/* Some wrong values before, and some while they run. */
static void round_of_damage(unsigned before, unsigned during)
{
    struct wo_test_child users[USERS], late;
    size_t size;
    start_users(users, "64");
    unsigned char *base = map_arena(&size);
    while (before-- > 0)
        spoil(base);
    for (int i = 0; i < USERS; i++)
        wo_test_send(&users[i], "go");
    while (during-- > 0) {
        spoil(base);
        wo_test_pause();
    }
    wo_test_spawn(&late, "newcomer", place, "in the damage", NULL);
    wo_test_expect_exit(&late, 0);
    munmap(base, size);
    finish_users(users);
}

static void test_one_word(void **state)
{
    unsigned rounds = wo_test_rounds(60, 3000);
    (void)state;
    for (unsigned i = 0; i < rounds; i++)
        round_of_damage(1, 0);
}

static void test_many_words(void **state)
{
    unsigned rounds = wo_test_rounds(30, 1000);
    (void)state;
    for (unsigned i = 0; i < rounds; i++)
        round_of_damage(20, 30);
}

/* The owner of a waiter dies while its lists are wrong: purging must end. */
static void test_dead_and_damaged(void **state)
{
    unsigned rounds = wo_test_rounds(30, 1000);
    (void)state;
    for (unsigned i = 0; i < rounds; i++) {
        struct wo_test_child users[USERS], dead[USERS];
        size_t size;
        start_users(dead, "100000");
        start_users(users, "32");
        for (int k = 0; k < USERS; k++)
            wo_test_send(&dead[k], "go");
        unsigned char *base = map_arena(&size);
        wo_test_pause();
        for (int k = 0; k < USERS; k++)
            wo_test_kill(&dead[k]);
        for (int k = 0; k < 5; k++)
            spoil(base);
        for (int k = 0; k < USERS; k++)
            wo_test_send(&users[k], "go");
        finish_users(users);
        munmap(base, size);
    }
}

/* Everything but the header's first page, which holds the lock, and the waiters is random. */
static void test_overwritten(void **state)
{
    unsigned rounds = wo_test_rounds(10, 300);
    (void)state;
    for (unsigned i = 0; i < rounds; i++) {
        struct wo_test_child users[USERS];
        struct region r[WO__POOL_COUNT + 1];
        size_t size;
        start_users(users, "32");
        unsigned char *base = map_arena(&size);
        size_t count = regions(base, r);
        wo_test_random_fill(base + 4096, r[0].offset - 4096);
        for (size_t k = 0; k < count; k++)
            if (k != WO__POOL_WAITER)
                wo_test_random_fill(base + r[k].offset, 16384);
        for (int k = 0; k < USERS; k++)
            wo_test_send(&users[k], "go");
        finish_users(users);
        munmap(base, size);
    }
}

static const struct wo_test_role roles[] = {
    {"user", role_user}, {"newcomer", role_newcomer}, {NULL, NULL}};

#define test(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
static const struct CMUnitTest tests[] = {
    test(test_one_word),
    test(test_many_words),
    test(test_dead_and_damaged),
    test(test_overwritten),
};
WO_TEST_MAIN(tests, roles)
