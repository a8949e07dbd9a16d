/* test_queue.c: whole messages in order, the bell, the quota, and who dies where. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include "platform.h"
#include "queue_layout.h"
#include "support.h"
#include "testhook.h"

static int dir = -1;
static struct wo__queue in, out;

static void open_dir(void)
{
    char path[4200];
    snprintf(path, sizeof path, "%s/queue", wo_test_runtime());
    mkdir(path, 0700);
    dir = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

static void begin(uint64_t quota, uint32_t max_message)
{
    struct wo__queue_options o = {.quota = quota, .max_message = max_message};
    open_dir();
    assert_true(dir >= 0);
    assert_int_equal(wo__queue_create(dir, &o, &in), 0);
    assert_int_equal(wo__queue_attach(dir, in.id, &out), 0);
}

static void end(void)
{
    wo__queue_detach(&out);
    assert_true(wo__queue_end(dir, &in, false));
    assert_int_equal(close(dir), 0);
    wo__test_hook = NULL;
}

static void put(const char *text)
{
    assert_int_equal(wo__queue_write(&out, text, strlen(text)), 0);
}

static void get(const char *text)
{
    char buffer[256];
    size_t size = 777;
    assert_int_equal(wo__queue_read(&in, buffer, sizeof buffer, &size), 0);
    assert_int_equal(size, strlen(text));
    assert_memory_equal(buffer, text, size);
}

static void empty(void)
{
    char buffer[8];
    size_t size = 777;
    assert_int_equal(wo__queue_read(&in, buffer, sizeof buffer, &size), -EAGAIN);
    assert_int_equal(size, 777);
}

static void holds(uint64_t count, int64_t next)
{
    uint64_t c = 777;
    int64_t n = 777;
    assert_int_equal(wo__queue_peek(&in, &c, &n), 0);
    assert_int_equal(c, count);
    assert_int_equal(n, next);
}

static bool rings(void)
{
    struct pollfd p = {.fd = in.bell_fd, .events = POLLIN};
    return poll(&p, 1, 0) == 1 && p.revents == POLLIN;
}

static void test_in_order(void **state)
{
    (void)state;
    begin(0, 0);
    holds(0, -1);
    put("first");
    put("");
    put("third one");
    holds(3, 5);
    get("first");
    holds(2, 0);
    get("");
    holds(1, 9);
    get("third one");
    holds(0, -1);
    empty();
    end();
}

static void test_short_buffer(void **state)
{
    char buffer[8] = "unread";
    size_t size = 0;
    (void)state;
    begin(0, 0);
    put("longer than that");
    assert_int_equal(wo__queue_read(&in, buffer, sizeof buffer, &size), -EMSGSIZE);
    assert_int_equal(size, 16);
    assert_string_equal(buffer, "unread");
    assert_int_equal(wo__queue_read(&in, NULL, 0, &size), -EMSGSIZE);
    holds(1, 16);
    get("longer than that");
    put("");
    assert_int_equal(wo__queue_read(&in, NULL, 0, &size), 0);
    assert_int_equal(size, 0);
    end();
}

static void test_limits(void **state)
{
    char data[128] = {0}, buffer[128];
    size_t size;
    (void)state;
    begin(64, 0);
    assert_int_equal(wo__queue_write(&out, data, 57), -E2BIG);
    assert_int_equal(wo__queue_write(&out, data, 56), 0);
    assert_int_equal(wo__queue_write(&out, data, 0), -EDQUOT);
    holds(1, 56);
    assert_int_equal(wo__queue_read(&in, buffer, sizeof buffer, &size), 0);
    for (int i = 0; i < 8; i++)
        assert_int_equal(wo__queue_write(&out, data, 0), 0);
    assert_int_equal(wo__queue_write(&out, data, 0), -EDQUOT);
    holds(8, 0);
    end();
    begin(0, 10);
    assert_int_equal(wo__queue_write(&out, data, 11), -E2BIG);
    holds(0, -1);
    assert_int_equal(wo__queue_write(&out, data, 10), 0);
    holds(1, 10);
    end();
    begin(16, 100); /* the quota is raised to one message */
    assert_int_equal(wo__queue_write(&out, data, 100), 0);
    assert_int_equal(wo__queue_write(&out, data, 100), -EDQUOT);
    end();
}

/* Random sizes through a small ring, several in flight: everything wraps everywhere. */
static void wrap(uint64_t quota, uint32_t largest, unsigned rounds)
{
    unsigned char *data = malloc(largest + 1), *got = malloc(largest + 1);
    uint64_t written = 0, read = 0;
    begin(quota, 0);
    while (read < rounds) {
        if (wo_test_random_below(2) == 0) {
            uint32_t size = (uint32_t)(written * 7919 % (largest + 1));
            memset(data, (int)(written & 255), size);
            int rc = wo__queue_write(&out, data, size);
            assert_true(rc == 0 || rc == -EDQUOT);
            written += rc == 0;
        } else if (read < written) {
            size_t size;
            assert_int_equal(wo__queue_read(&in, got, largest, &size), 0);
            assert_int_equal(size, read * 7919 % (largest + 1));
            memset(data, (int)(read & 255), size);
            assert_memory_equal(got, data, size);
            read++;
        } else {
            empty();
        }
        uint64_t count;
        int64_t next;
        assert_int_equal(wo__queue_peek(&in, &count, &next), 0);
        assert_int_equal(count, written - read);
    }
    end();
    free(data);
    free(got);
}

static void test_wrap(void **state)
{
    (void)state;
    wrap(4096, 1000, 20000);
    wrap(1000, 300, 20000);
    wrap(300000, 40000, 5000);
}

/* Positions pass 2^32 and the comparisons hold. */
static void test_positions_wrap(void **state)
{
    static char data[60000];
    (void)state;
    begin(1 << 20, 0);
    uint32_t far = UINT32_MAX - 20000;
    atomic_store(&in.head->tail, far);
    atomic_store(&in.head->head, far);
    in.head->seen_head = in.head->seen_tail = far;
    for (int round = 0; round < 4; round++) {
        for (int i = 0; i < 8; i++) {
            data[0] = (char)i;
            assert_int_equal(wo__queue_write(&out, data, sizeof data), 0);
        }
        assert_int_equal(atomic_load(&in.head->segment), 1);
        holds(8, sizeof data);
        for (int i = 0; i < 8; i++) {
            size_t size;
            assert_int_equal(wo__queue_read(&in, data, sizeof data, &size), 0);
            assert_int_equal(data[0], i);
        }
        holds(0, -1);
    }
    end();
}

static long blocks(void)
{
    struct stat st;
    assert_int_equal(fstat(in.fd, &st), 0);
    return (long)st.st_blocks;
}

static void test_burst(void **state)
{
    static char data[50000], got[50000];
    uint64_t sent = 0;
    size_t size;
    (void)state;
    begin(UINT64_C(8) << 20, 0);
    put("small");
    long little = blocks();
    get("small");
    for (;; sent++) {
        memcpy(data, &sent, sizeof sent);
        int rc = wo__queue_write(&out, data, sizeof data);
        if (rc == -EDQUOT)
            break;
        assert_int_equal(rc, 0);
    }
    assert_int_equal(sent, (UINT64_C(8) << 20) / (sizeof data + 8));
    assert_int_equal(atomic_load(&in.head->segment), 2);
    assert_true(blocks() > little * 10);
    for (uint64_t i = 0; i < sent; i++) {
        assert_int_equal(wo__queue_read(&in, got, sizeof got, &size), 0);
        assert_memory_equal(got, &i, sizeof i);
    }
    empty();
    put("back at the start");
    assert_int_equal(atomic_load(&in.head->segment), 0);
    assert_true(in.head->spilled_at > 0);
    in.head->spilled_at -= UINT64_C(2000000000);
    put("calm");
    assert_int_equal(in.head->spilled_at, 0);
    /* Where the system can give memory back, it has. */
    if (in.head->backed[1] == 0)
        assert_true(blocks() <= little * 2);
    get("back at the start");
    get("calm");
    end();
}

static void test_large(void **state)
{
    enum { SIZE = 16 << 20 };
    char *data = malloc(SIZE), *got = malloc(SIZE);
    size_t size;
    (void)state;
    begin(0, 0);
    wo_test_random_fill(data, SIZE);
    for (int i = 0; i < 3; i++)
        assert_int_equal(wo__queue_write(&out, data, SIZE), 0);
    for (int i = 0; i < 3; i++) {
        memset(got, 0, SIZE);
        assert_int_equal(wo__queue_read(&in, got, SIZE, &size), 0);
        assert_memory_equal(got, data, SIZE);
    }
    end();
    free(data);
    free(got);
}

/* ---- The bell -------------------------------------------------------------------------------- */

static void test_bell(void **state)
{
    (void)state;
    begin(0, 0);
    assert_false(rings());
    assert_int_equal(wo__queue_check(&in), 0);
    put("one");
    assert_true(rings());
    put("two");
    assert_int_equal(wo__queue_check(&in), 1);
    get("one");
    assert_true(rings());
    assert_int_equal(wo__queue_check(&in), 1);
    get("two");
    assert_int_equal(wo__queue_check(&in), 0);
    assert_false(rings());
    put("three");
    assert_true(rings());
    get("three");
    empty();
    assert_false(rings());
    end();
}

static int steps;
static const char *step_at;
static void (*step)(void);

/* Runs `step` once when the point is reached. */
static void step_in(const char *point)
{
    if (strcmp(point, step_at) == 0 && steps++ == 0)
        step();
}

static void with_step(const char *point, void (*f)(void))
{
    steps = 0;
    step_at = point;
    step = f;
    wo__test_hook = step_in;
}

static void step_put(void)
{
    wo__test_hook = NULL;
    put("inside");
}

static void step_read_all(void)
{
    wo__test_hook = NULL;
    get("outer");
    empty();
    assert_false(rings());
}

/* A message arrives at each point of the reader's arming: it is seen, and the FIFO is readable. */
static void test_message_while_arming(void **state)
{
    static const char *const points[] = {"queue.arming", "queue.drained", "queue.armed"};
    (void)state;
    for (size_t i = 0; i < 3; i++) {
        begin(0, 0);
        with_step(points[i], step_put);
        assert_int_equal(wo__queue_check(&in), 1);
        assert_int_equal(steps, 1);
        assert_true(rings());
        get("inside");
        empty();
        assert_false(rings());
        end();
    }
}

/* The writer stalls at each point after publishing, while the reader takes the message and asks for
 * the bell again: the next message must ring. */
static void test_stalled_writer(void **state)
{
    static const char *const points[] = {"queue.unlocked", "queue.rung", "queue.written"};
    (void)state;
    for (size_t i = 0; i < 3; i++) {
        begin(0, 0);
        empty();
        with_step(points[i], step_read_all);
        put("outer");
        assert_int_equal(steps, 1);
        wo__queue_check(&in);
        put("next");
        assert_true(rings());
        get("next");
        end();
    }
}

static int64_t write_many(void *arg)
{
    uint32_t count = *(uint32_t *)arg;
    for (uint32_t i = 0; i < count; i++) {
        int rc;
        while ((rc = wo__queue_write(&out, &i, sizeof i)) == -EDQUOT)
            sched_yield();
        if (rc < 0)
            return rc;
        if (i % 7 == 0)
            sched_yield();
    }
    return 0;
}

static void test_no_lost_wake(void **state)
{
    struct wo_test_thread t;
    uint32_t count = wo_test_rounds(100000, 3000000);
    (void)state;
    begin(4096, 0);
    wo_test_thread_start(&t, write_many, &count);
    for (uint32_t i = 0; i < count;) {
        uint32_t got;
        size_t size;
        int rc = wo__queue_read(&in, &got, sizeof got, &size);
        if (rc == -EAGAIN) {
            struct pollfd p = {.fd = in.bell_fd, .events = POLLIN};
            assert_int_equal(wo__poll(&p, 1, wo_test_now() + WO_TEST_PATIENCE_NS), 1);
            continue;
        }
        assert_int_equal(rc, 0);
        assert_int_equal(got, i);
        i++;
    }
    assert_int_equal(wo_test_thread_join(&t), 0);
    end();
}

/* ---- Death ----------------------------------------------------------------------------------- */

static const char *die_at;

static void die(const char *point)
{
    if (strcmp(point, die_at) == 0)
        raise(SIGKILL);
}

static int attach_here(const char *id)
{
    open_dir();
    return wo__queue_attach(dir, id, &out);
}

/* writer ID POINT: writes one message and dies on the way. */
static int role_writer(int argc, char **argv)
{
    if (argc < 3 || attach_here(argv[1]) < 0)
        return 1;
    die_at = argv[2];
    wo__test_hook = die;
    return wo__queue_write(&out, "from the dead", 13) == 0 ? 0 : 2;
}

static int open_part(const char *id, const char *suffix, int flags)
{
    char name[64];
    snprintf(name, sizeof name, "%s%s", id, suffix);
    return openat(dir, name, flags | O_CLOEXEC);
}

/* reader ID POINT: has the receiving end as well, reads until it is empty and dies on the way. */
static int role_reader(int argc, char **argv)
{
    size_t size;
    char buffer[64];
    if (argc < 3)
        return 1;
    open_dir();
    int fd = open_part(argv[1], ".queue", O_RDWR);
    int bell = open_part(argv[1], ".fifo", O_RDONLY | O_NONBLOCK);
    int ring = open_part(argv[1], ".fifo", O_WRONLY | O_NONBLOCK);
    if (wo__queue_adopt(fd, bell, ring, argv[1], &in) < 0)
        return 2;
    die_at = argv[2];
    wo__test_hook = die;
    while (wo__queue_read(&in, buffer, sizeof buffer, &size) == 0)
        ;
    return 0;
}

static void child_dies(const char *role, const char *point)
{
    struct wo_test_child c;
    wo_test_spawn(&c, role, in.id, point, NULL);
    assert_int_equal(wo_test_reap(&c), 1000 + SIGKILL);
}

static void test_killed_writer(void **state)
{
    static const struct {
        const char *point;
        bool published;
    } points[] = {{"queue.locked", false}, {"queue.backed", false},  {"queue.copied", false},
                  {"queue.published", true}, {"queue.unlocked", true}, {"queue.rung", true},
                  {"queue.written", true}};
    (void)state;
    for (size_t i = 0; i < sizeof points / sizeof *points; i++) {
        for (int before = 0; before < 2; before++) {
            if (before && strcmp(points[i].point, "queue.rung") == 0)
                continue; /* it has rung already */
            begin(0, 0);
            empty();
            if (before)
                put("before");
            child_dies("writer", points[i].point);
            put("after");
            assert_true(rings());
            holds((uint64_t)before + points[i].published + 1,
                  before ? 6 : points[i].published ? 13 : 5);
            if (before)
                get("before");
            if (points[i].published)
                get("from the dead");
            get("after");
            empty();
            end();
        }
    }
}

/* The writer dies while it goes to another segment, or gives memory back. */
static void test_killed_between_segments(void **state)
{
    static char data[65000];
    size_t size;
    (void)state;
    begin(1 << 20, 0);
    assert_int_equal(wo__queue_write(&out, data, sizeof data), 0);
    assert_int_equal(wo__queue_write(&out, data, 400), 0);
    child_dies("writer", "queue.backed");
    assert_int_equal(wo__queue_write(&out, data, 300), 0);
    child_dies("writer", "queue.unlocked");
    assert_int_equal(wo__queue_read(&in, data, sizeof data, &size), 0);
    assert_int_equal(size, sizeof data);
    assert_int_equal(wo__queue_read(&in, data, sizeof data, &size), 0);
    assert_int_equal(size, 400);
    assert_int_equal(wo__queue_read(&in, data, sizeof data, &size), 0);
    assert_int_equal(size, 300);
    get("from the dead");
    empty();
    end();
    begin(100000, 0);
    for (int i = 0; i < 2; i++)
        assert_int_equal(wo__queue_write(&out, data, 49000), 0);
    assert_int_equal(atomic_load(&in.head->segment), 1);
    for (int i = 0; i < 2; i++)
        assert_int_equal(wo__queue_read(&in, data, sizeof data, &size), 0);
    put("x");
    in.head->spilled_at -= UINT64_C(2000000000);
    child_dies("writer", "queue.giving");
    put("y");
    get("x");
    get("y");
    end();
}

static void test_killed_entering(void **state)
{
    static char data[65520];
    size_t size;
    (void)state;
    begin(1 << 20, 0);
    assert_int_equal(wo__queue_write(&out, data, sizeof data), 0); /* leaves 8 bytes */
    child_dies("writer", "queue.entered");
    put("next");
    holds(2, sizeof data);
    assert_int_equal(wo__queue_read(&in, data, sizeof data, &size), 0);
    get("next");
    empty();
    put("start");
    assert_int_equal(atomic_load(&in.head->segment), 0);
    get("start");
    end();
}

static void test_killed_reader(void **state)
{
    static const struct {
        const char *point;
        int left;
    } points[] = {{"queue.taken", 2}, {"queue.arming", 0}, {"queue.drained", 0},
                  {"queue.armed", 0}};
    (void)state;
    for (size_t i = 0; i < sizeof points / sizeof *points; i++) {
        begin(0, 0);
        put("one");
        put("two");
        child_dies("reader", points[i].point);
        holds((uint64_t)points[i].left, points[i].left ? 3 : -1);
        put("three");
        assert_true(rings());
        if (points[i].left) {
            get("one");
            get("two");
        }
        get("three");
        empty();
        assert_false(rings());
        put("four");
        assert_true(rings());
        end();
    }
}

static void test_dead_receiver(void **state)
{
    char id[WO__QUEUE_ID_SIZE];
    (void)state;
    begin(0, 0);
    size_t files = wo_test_runtime_files();
    assert_int_equal(wo__queue_alive(&out), 0);
    assert_false(wo__queue_bury(dir, in.id));
    memcpy(id, in.id, sizeof id);
    put("unread");
    wo__queue_detach(&in); /* as if killed */
    assert_int_equal(wo__queue_alive(&out), -EPIPE);
    struct wo__queue late;
    assert_int_equal(wo__queue_attach(dir, id, &late), -ENXIO);
    assert_true(wo__queue_bury(dir, id));
    assert_int_equal(wo_test_runtime_files(), files - 2);
    assert_int_equal(wo__queue_attach(dir, id, &late), -ENOENT);
    wo__queue_detach(&out);
    close(dir);
    begin(0, 0);
    empty();
    wo__queue_detach(&in);
    assert_int_equal(wo__queue_write(&out, "x", 1), -EPIPE); /* the bell tells */
    assert_true(wo__queue_bury(dir, out.id));
    wo__queue_detach(&out);
    close(dir);
    begin(0, 0);
    assert_true(wo__queue_end(dir, &in, false));
    assert_int_equal(wo__queue_write(&out, "x", 1), -EPIPE);
    assert_int_equal(wo__queue_alive(&out), -EPIPE);
    wo__queue_detach(&out);
    close(dir);
}

/* ---- Hostile files --------------------------------------------------------------------------- */

static void test_damaged_frames(void **state)
{
    (void)state;
    for (int i = 0; i < 16; i++) {
        char buffer[64];
        size_t size;
        begin(4096, 0);
        put("one");
        put("two");
        unsigned char *frame = (unsigned char *)in.head + WO__QUEUE_DATA;
        frame[i / 2] ^= (unsigned char)(i % 2 ? 0x80 : 1);
        assert_int_equal(wo__queue_read(&in, buffer, sizeof buffer, &size), -EBADMSG);
        empty();
        assert_false(rings());
        put("good again");
        assert_true(rings());
        get("good again");
        end();
    }
}

/* Whatever the shared positions say, nothing leaves the mapping and the queue recovers. */
static void test_damaged_head(void **state)
{
    static char data[5000], buffer[70000];
    (void)state;
    for (unsigned round = 0; round < wo_test_rounds(3000, 100000); round++) {
        size_t size = 0;
        begin(200000, 0);
        struct wo__queue_head *h = in.head;
        for (int i = 0; i < 20; i++)
            assert_int_equal(wo__queue_write(&out, data, sizeof data), 0);
        uint64_t r = wo_test_random() >> wo_test_random_below(64);
        switch (wo_test_random_below(8)) {
        case 0: atomic_store(&h->head, r); break;
        case 1: atomic_store(&h->tail, r); break;
        case 2: h->seen_head = r; break;
        case 3: h->seen_tail = r; break;
        case 4: atomic_store(&h->segment, (uint32_t)r); break;
        case 5: atomic_store(&h->start[1], (uint32_t)r); break;
        case 6: h->backed[1] = r; break;
        default: atomic_store(&h->want_bell, (uint32_t)r); break;
        }
        int rc = wo__queue_write(&out, data, sizeof data);
        assert_true(rc == 0 || rc == -EDQUOT || rc == -EBADMSG);
        for (int i = 0; i < 50 && rc != -EAGAIN; i++) {
            rc = wo__queue_read(&in, buffer, sizeof buffer, &size);
            assert_true(rc == 0 || rc == -EAGAIN || rc == -EBADMSG || rc == -EMSGSIZE);
        }
        wo__queue_check(&in);
        end();
    }
}

static void test_overwritten(void **state)
{
    char buffer[8];
    size_t size;
    uint64_t count;
    int64_t next;
    (void)state;
    begin(4096, 0);
    assert_int_equal(pwrite(in.fd, "garbage!", 8, 0), 8);
    assert_int_equal(wo__queue_write(&out, "x", 1), -EBADMSG);
    assert_int_equal(wo__queue_read(&in, buffer, sizeof buffer, &size), -EBADMSG);
    assert_int_equal(wo__queue_check(&in), -EBADMSG);
    assert_int_equal(wo__queue_peek(&in, &count, &next), -EBADMSG);
    assert_int_equal(wo__queue_alive(&out), -EBADMSG);
    end();
}

static void attach_fails(int expected)
{
    struct wo__queue q;
    assert_int_equal(wo__queue_attach(dir, in.id, &q), expected);
}

static void replace(const char *suffix, char name[64])
{
    snprintf(name, 64, "%s%s", in.id, suffix);
    assert_int_equal(unlinkat(dir, name, 0), 0);
}

static void test_replaced_files(void **state)
{
    static const char *const suffix[] = {".fifo", ".queue"};
    char name[64];
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        begin(4096, 0);
        replace(suffix[i], name);
        attach_fails(-ENOENT);
        assert_int_equal(symlinkat("/dev/null", dir, name), 0);
        attach_fails(-EBADMSG);
        assert_int_equal(unlinkat(dir, name, 0), 0);
        assert_int_equal(mkdirat(dir, name, 0700), 0);
        attach_fails(-EBADMSG);
        assert_int_equal(unlinkat(dir, name, AT_REMOVEDIR), 0);
        int fd = openat(dir, name, O_CREAT | O_WRONLY, 0600);
        assert_true(fd >= 0);
        close(fd);
        attach_fails(-EBADMSG);
        assert_false(wo__queue_bury(dir, in.id));
        assert_int_equal(unlinkat(dir, name, 0), 0);
        assert_int_equal(mkfifoat(dir, name, 0644), 0);
        attach_fails(-EBADMSG);
        assert_int_equal(unlinkat(dir, name, 0), 0);
        put("the old connection goes on");
        get("the old connection goes on");
        end();
    }
}

static void test_bad_headers(void **state)
{
    (void)state;
    begin(4096, 0);
    struct wo__queue_head *h = in.head;
    h->version++;
    attach_fails(-EPROTO);
    h->version--;
    h->layout++;
    attach_fails(-EPROTO);
    h->layout--;
    h->quota = 0;
    attach_fails(-EBADMSG);
    h->quota = UINT64_MAX;
    attach_fails(-EBADMSG);
    h->quota = 8192;
    attach_fails(-EBADMSG);
    h->quota = 4096;
    h->id[0] ^= 1;
    attach_fails(-EBADMSG);
    h->id[0] ^= 1;
    assert_int_equal(fchmod(in.fd, 0644), 0);
    attach_fails(-EBADMSG);
    assert_int_equal(fchmod(in.fd, 0600), 0);
    atomic_store(&h->magic, 1);
    attach_fails(-EBADMSG);
    atomic_store(&h->magic, WO__QUEUE_MAGIC);
    assert_int_equal(ftruncate(in.fd, 4096), 0);
    attach_fails(-EBADMSG);
    assert_int_equal(ftruncate(in.fd, 10), 0);
    attach_fails(-EBADMSG);
    assert_false(wo__queue_whole(&in));
    assert_int_equal(wo__queue_alive(&out), -EBADMSG);
    end();
}

static const struct wo_test_role roles[] = {
    {"writer", role_writer}, {"reader", role_reader}, {NULL, NULL}};
static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_in_order),
    cmocka_unit_test(test_short_buffer),
    cmocka_unit_test(test_limits),
    cmocka_unit_test(test_wrap),
    cmocka_unit_test(test_positions_wrap),
    cmocka_unit_test(test_burst),
    cmocka_unit_test(test_large),
    cmocka_unit_test(test_bell),
    cmocka_unit_test(test_message_while_arming),
    cmocka_unit_test(test_stalled_writer),
    cmocka_unit_test(test_no_lost_wake),
    cmocka_unit_test(test_killed_writer),
    cmocka_unit_test(test_killed_between_segments),
    cmocka_unit_test(test_killed_entering),
    cmocka_unit_test(test_killed_reader),
    cmocka_unit_test(test_dead_receiver),
    cmocka_unit_test(test_damaged_frames),
    cmocka_unit_test(test_damaged_head),
    cmocka_unit_test(test_overwritten),
    cmocka_unit_test(test_replaced_files),
    cmocka_unit_test(test_bad_headers),
};
WO_TEST_MAIN(tests, roles)
