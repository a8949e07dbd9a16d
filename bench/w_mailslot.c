/* w_mailslot.c: W11: one sender, R receivers, each a process that gets every message.
 *
 * A round is n messages; it ends when the last receiver has said that it has all of them, in order.
 * Receivers tell the sender over a pipe, one byte each: at the start, and for each round.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#ifdef BENCH_ZMQ
#include <zmq.h>
#endif

#include "common.h"
#include "waitobj/waitobj.h"

enum { MAX_RECEIVERS = 64, MAX_SIZE = 4096, RING_BYTES = 64 << 20 };

struct channel {
    const struct way *way;
    size_t receivers, size;
    uint64_t n; /* messages in a round */
    char tag[32];
    pid_t pids[MAX_RECEIVERS];
    int told; /* where receivers tell */
    /* of the sender or the receiver, as the way needs it */
    void *state;
    void *context;
    int fds[MAX_RECEIVERS];
    uint64_t position, waits;
};

struct way {
    const char *who;
    enum bench_role role;
    void (*listen)(struct channel *, size_t receiver);
    void (*receive)(struct channel *, void *message);
    void (*connect)(struct channel *); /* when all receivers listen */
    void (*send)(struct channel *, const void *message);
    void (*close)(struct channel *); /* the sender's side; the receivers have been killed */
};

static void nap(void)
{
    nanosleep(&(struct timespec){.tv_nsec = 50000}, NULL);
}

/* ---- A ring in shared memory ---------------------------------------------------------------- */

/* The least that can be done: as a round never holds more than the ring, nobody waits for room. */
struct ring {
    _Alignas(64) atomic_uint head;     /* messages written */
    _Alignas(64) atomic_uint sleepers; /* somebody may sleep */
    atomic_uint bell;                  /* the futex word */
    _Alignas(64) char data[];
};

static void ring_map(struct channel *c, size_t receiver)
{
    (void)receiver;
    char name[64];
    snprintf(name, sizeof(name), "ring-%s", c->tag);
    c->state = bench_shared(name, sizeof(struct ring) + RING_BYTES);
}

static void ring_connect(struct channel *c)
{
    ring_map(c, 0);
}

static char *ring_slot(struct channel *c)
{
    struct ring *r = c->state;
    size_t slots = RING_BYTES / c->size;
    return r->data + c->position % slots * c->size;
}

static void ring_send(struct channel *c, const void *message)
{
    struct ring *r = c->state;
    memcpy(ring_slot(c), message, c->size);
    atomic_store(&r->head, (unsigned)++c->position);
    if (atomic_load(&r->sleepers)) {
        atomic_store(&r->sleepers, 0);
        atomic_fetch_add(&r->bell, 1);
        bench_futex_wake(&r->bell, INT_MAX, true);
    }
}

static void ring_receive(struct channel *c, void *message)
{
    struct ring *r = c->state;
    unsigned mine = (unsigned)c->position;
    while (atomic_load(&r->head) == mine) {
        unsigned bell = atomic_load(&r->bell);
        atomic_store(&r->sleepers, 1);
        if (atomic_load(&r->head) == mine)
            bench_futex_wait(&r->bell, bell, true);
    }
    memcpy(message, ring_slot(c), c->size);
    c->position++;
}

static void ring_close(struct channel *c)
{
    char path[256];
    snprintf(path, sizeof(path), "%s/bench-ring-%s", bench_directory(), c->tag);
    unlink(path);
}

/* ---- One FIFO for each receiver, one write for each message --------------------------------- */

static void fifo_path(struct channel *c, size_t receiver, char path[256])
{
    snprintf(path, 256, "%s/bench-fifo-%s-%zu", bench_directory(), c->tag, receiver);
}

static void fifo_listen(struct channel *c, size_t receiver)
{
    char path[256];
    fifo_path(c, receiver, path);
    BENCH_CHECK(mkfifo(path, 0600) == 0);
    c->fds[0] = open(path, O_RDWR | O_CLOEXEC);
    BENCH_CHECK(c->fds[0] >= 0);
}

static void fifo_receive(struct channel *c, void *message)
{
    BENCH_CHECK(read(c->fds[0], message, c->size) == (ssize_t)c->size);
}

static void fifo_connect(struct channel *c)
{
    char path[256];
    for (size_t i = 0; i < c->receivers; i++) {
        fifo_path(c, i, path);
        c->fds[i] = open(path, O_WRONLY | O_CLOEXEC);
        BENCH_CHECK(c->fds[i] >= 0);
    }
}

static void fifo_send(struct channel *c, const void *message)
{
    for (size_t i = 0; i < c->receivers; i++)
        BENCH_CHECK(write(c->fds[i], message, c->size) == (ssize_t)c->size);
}

static void fifo_close(struct channel *c)
{
    for (size_t i = 0; i < c->receivers; i++)
        close(c->fds[i]);
}

/* ---- waitobj -------------------------------------------------------------------------------- */

static void slot_name(struct channel *c, char name[64])
{
    snprintf(name, 64, "\\\\.\\mailslot\\bench-%s", c->tag);
}

static void ours_listen(struct channel *c, size_t receiver)
{
    (void)receiver;
    char name[64];
    struct wo_mailslot_options options = {.read_timeout_ns = -1, .flags = WO_MAILSLOT_SHARED};
    slot_name(c, name);
    BENCH_CHECK(wo_mailslot_create(&c->state, name, &options) == 0);
}

static void ours_receive(struct channel *c, void *message)
{
    size_t size;
    BENCH_CHECK(wo_mailslot_read(c->state, message, MAX_SIZE, WO_INFINITE, &size) == 0);
    BENCH_CHECK(size == c->size);
}

static void ours_connect(struct channel *c)
{
    char name[64];
    slot_name(c, name);
    BENCH_CHECK(wo_mailslot_open(&c->state, name) == 0);
}

static void ours_send(struct channel *c, const void *message)
{
    int rc;
    while ((rc = wo_mailslot_write(c->state, message, c->size)) == -EDQUOT) {
        c->waits++;
        nap();
    }
    BENCH_CHECK(rc == 0);
}

static void ours_close(struct channel *c)
{
    wo_close(c->state);
    if (c->waits)
        fprintf(stderr, "waitobj: %llu writes were put off for lack of room\n",
                (unsigned long long)c->waits);
}

/* ---- ZeroMQ: publish and subscribe over ipc, nothing dropped -------------------------------- */

#ifdef BENCH_ZMQ

/* High enough that the sender hardly waits. */
static const int WATER_MARK = 100000;

static void zmq_address(struct channel *c, char address[256])
{
    snprintf(address, 256, "ipc://%s/bench-zmq-%s", bench_directory(), c->tag);
}

static void zmq_open(struct channel *c, int type)
{
    c->context = zmq_ctx_new();
    c->state = zmq_socket(c->context, type);
    BENCH_CHECK(c->state != NULL);
    BENCH_CHECK(zmq_setsockopt(c->state, ZMQ_SNDHWM, &WATER_MARK, sizeof(int)) == 0);
    BENCH_CHECK(zmq_setsockopt(c->state, ZMQ_RCVHWM, &WATER_MARK, sizeof(int)) == 0);
}

static void zmq_listen(struct channel *c, size_t receiver)
{
    (void)receiver;
    char address[256];
    zmq_address(c, address);
    zmq_open(c, ZMQ_SUB);
    BENCH_CHECK(zmq_setsockopt(c->state, ZMQ_SUBSCRIBE, "", 0) == 0);
    BENCH_CHECK(zmq_connect(c->state, address) == 0);
}

static void zmq_receive(struct channel *c, void *message)
{
    BENCH_CHECK(zmq_recv(c->state, message, MAX_SIZE, 0) == (int)c->size);
}

static void zmq_connect_all(struct channel *c)
{
    char address[256], subscription[16];
    int no_drop = 1;
    zmq_address(c, address);
    zmq_open(c, ZMQ_XPUB);
    BENCH_CHECK(zmq_setsockopt(c->state, ZMQ_XPUB_NODROP, &no_drop, sizeof(no_drop)) == 0);
    /* Identical subscriptions too are to be seen. */
    BENCH_CHECK(zmq_setsockopt(c->state, ZMQ_XPUB_VERBOSE, &no_drop, sizeof(no_drop)) == 0);
    BENCH_CHECK(zmq_bind(c->state, address) == 0);
    for (size_t i = 0; i < c->receivers; i++)
        BENCH_CHECK(zmq_recv(c->state, subscription, sizeof(subscription), 0) == 1);
}

static void zmq_send_one(struct channel *c, const void *message)
{
    while (zmq_send(c->state, message, c->size, 0) < 0) {
        BENCH_CHECK(errno == EAGAIN);
        nap();
    }
}

static void zmq_close_all(struct channel *c)
{
    int none = 0;
    zmq_setsockopt(c->state, ZMQ_LINGER, &none, sizeof(none));
    zmq_close(c->state);
    zmq_ctx_term(c->context);
}

#endif

enum { RING, FIFO };
static const struct way ways[] = {
    [RING] = {"ring in shared memory", BENCH_RAW, ring_map, ring_receive, ring_connect, ring_send,
              ring_close},
    [FIFO] = {"FIFO per receiver", BENCH_ALSO, fifo_listen, fifo_receive, fifo_connect, fifo_send,
              fifo_close},
    {"waitobj mailslot", BENCH_OURS, ours_listen, ours_receive, ours_connect, ours_send,
     ours_close},
#ifdef BENCH_ZMQ
    {BENCH_ZMQ, BENCH_PEER, zmq_listen, zmq_receive, zmq_connect_all, zmq_send_one,
     zmq_close_all},
#endif
};
enum { WAYS = sizeof(ways) / sizeof(ways[0]) };

/* ---- Receivers ------------------------------------------------------------------------------ */

/* argv: way, tag, receiver's number, size, messages in a round. Runs until it is killed. */
int bench_receiver_main(char **argv)
{
    struct channel c = {.way = &ways[atoi(argv[0])],
                        .size = strtoul(argv[3], NULL, 10),
                        .n = strtoul(argv[4], NULL, 10)};
    char message[MAX_SIZE];
    uint64_t number;
    snprintf(c.tag, sizeof(c.tag), "%s", argv[1]);
    c.way->listen(&c, strtoul(argv[2], NULL, 10));
    for (;;) {
        BENCH_CHECK(write(1, "", 1) == 1);
        for (uint64_t i = 0; i < c.n; i++) {
            c.way->receive(&c, message);
            memcpy(&number, message, sizeof(number));
            BENCH_CHECK(number == i);
        }
    }
}

static void start_receiver(struct channel *c, size_t receiver, int out)
{
    char way[24], number[24], size[24], n[24];
    snprintf(way, sizeof(way), "%d", (int)(c->way - ways));
    snprintf(number, sizeof(number), "%zu", receiver);
    snprintf(size, sizeof(size), "%zu", c->size);
    snprintf(n, sizeof(n), "%llu", (unsigned long long)c->n);
    char *argv[] = {"bench", "--receive", way, c->tag, number, size, n, NULL};
    c->pids[receiver] = bench_spawn_self(argv, out);
}

static void everybody_told(struct channel *c)
{
    char bytes[MAX_RECEIVERS];
    for (size_t told = 0; told < c->receivers;) {
        ssize_t got = read(c->told, bytes, c->receivers - told);
        BENCH_CHECK(got > 0);
        told += (size_t)got;
    }
}

static void channel_open(struct channel *c, const struct way *way, size_t receivers, size_t size,
                         uint64_t n)
{
    int ends[2];
    *c = (struct channel){.way = way, .receivers = receivers, .size = size, .n = n};
    snprintf(c->tag, sizeof(c->tag), "%d-%zu-%zu", (int)(way - ways), receivers, size);
    BENCH_CHECK(pipe2(ends, O_CLOEXEC) == 0);
    for (size_t i = 0; i < receivers; i++)
        start_receiver(c, i, ends[1]);
    close(ends[1]);
    c->told = ends[0];
    everybody_told(c);
    way->connect(c);
}

static void channel_close(struct channel *c)
{
    for (size_t i = 0; i < c->receivers; i++)
        bench_end_child(c->pids[i]);
    c->way->close(c);
    close(c->told);
}

static uint64_t round_of(void *ctx, uint64_t n)
{
    struct channel *c = ctx;
    char message[MAX_SIZE] = {0};
    uint64_t start = bench_now();
    for (uint64_t i = 0; i < n; i++) {
        memcpy(message, &i, sizeof(i));
        c->way->send(c, message);
    }
    everybody_told(c);
    return bench_now() - start;
}

/* ---- Rows ----------------------------------------------------------------------------------- */

/* So that a round takes some tens of milliseconds, and fits in the ring. */
static uint64_t messages(size_t way, size_t receivers, size_t size)
{
    uint64_t n = way == FIFO ? (receivers == 1 ? 20000 : 12000 / receivers)
                             : (receivers == 1 ? 200000 : 480000 / receivers);
    uint64_t room = RING_BYTES / 2 / size;
    return n < room ? n : room;
}

static void w11(size_t receivers, size_t size)
{
    static struct channel channels[WAYS];
    struct bench_case cases[WAYS];
    char title[64];
    for (size_t i = 0; i < WAYS; i++) {
        uint64_t n = messages(i, receivers, size);
        channel_open(&channels[i], &ways[i], receivers, size, n);
        cases[i] = (struct bench_case){ways[i].who, ways[i].role, round_of, &channels[i], n};
    }
    snprintf(title, sizeof(title), "W11 broadcast to %zu, %zu bytes", receivers, size);
    bench_row(title, BENCH_KMSG, cases, WAYS);
    for (size_t i = 0; i < WAYS; i++)
        channel_close(&channels[i]);
}

void bench_mailslot(void)
{
    static const size_t receivers[] = {1, 8, 64}, sizes[] = {64, 400, 4096};
    for (size_t r = 0; r < 3; r++)
        for (size_t s = 0; s < 3; s++)
            w11(receivers[r], sizes[s]);
}
