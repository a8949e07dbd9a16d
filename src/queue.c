/* queue.c: how messages pass from writers to a receiver.
 *
 * A receiver is two files in the mailslot's directory, named by a random number that is never used
 * again: ID.queue, mapped by everybody, and ID.fifo, the doorbell and proof of life. The receiver
 * has both ends of the FIFO open, so it never sees end of file; opening it for writing fails
 * (ENXIO) exactly when no receiver lives.
 *
 * THE QUEUE is a header and up to six ring segments of growing size (64 KiB, then 16 times more
 * each, the last at least the quota). A position counts units of 8 bytes, modulo 2^32; `head` and
 * `tail` hold a position and a message count in one word, so one store publishes both and the
 * number of waiting messages is always exact. A message is a frame {length, check} and its bytes,
 * padded to 8; it may wrap round inside its segment, but lies in one segment. It counts with that
 * size toward the quota.
 *
 * Writing starts in segment 0. A message that does not fit goes to the next segment, noting in
 * start[k] at which position that begins. Only when everything has been read does writing return to
 * segment 0. So small traffic touches the same 64 KiB for ever, however far the positions run, and
 * a burst can grow to the quota. A segment's memory is reserved before it is touched (a store to a
 * page that a full tmpfs cannot provide is SIGBUS), and given back by a writer that finds segments
 * above 0 unused for a second.
 *
 * WRITERS hold write_lock, a robust mutex: check the room against `head`, reserve, copy, publish
 * with one store to `tail`, unlock, ring. Whatever a killed writer left before the publishing store
 * is invisible and overwritten by the next. READERS (several threads, or processes that share the
 * receiving end by fork or inheritance) hold read_lock: check the frame, copy, advance `head` with
 * one store. Neither side ever takes the other's lock: a stopped reader does not stall a writer.
 *
 * What lies in [head, tail) belongs to the reader, everything else to the writer who holds the
 * lock. start[] and `segment` matter to a reader only while the queue is not empty, and a writer
 * changes them in ways that could matter to it only when it has seen head == tail.
 *
 * THE BELL. A FIFO write per message would cost a system call each; so a reader that finds the
 * queue empty asks for the bell, and only then a writer rings. `want_bell` is 0 (do not ring), an
 * odd ticket (ring, then set it to 0 if it still is this ticket) or an even one (ring, leave it).
 *
 *   reader, queue empty:  want = even ticket; drain the FIFO; want = next odd ticket; look at tail
 *                         again: if there is a message now, act as a writer would: ring.
 *   writer, published:    w = want; if w: write a byte to the FIFO; if w is odd: CAS(want, w, 0).
 *
 * Invariant: want == 0 implies the FIFO is readable. Want becomes 0 only by a CAS from an odd
 * ticket, after a byte was written by somebody who had read that ticket. The FIFO is drained only
 * while want is even, and each odd ticket is newer than the last drain: so the byte came after the
 * drain and is there. It holds at every instruction, whoever is killed where; a writer that stalls
 * between ringing and its CAS finds another ticket later and does no harm.
 *
 * No message is overlooked: the publishing store and the load of want, and the store of the odd
 * ticket and the second look at tail, are sequentially consistent. Either the writer sees the
 * ticket and rings, or its store comes before the reader's second look, which sees the message.
 *
 * A writer killed between publishing and ringing has not been told that its message was accepted.
 * The message is there and is read with the next one, or earlier by who looks: want is still set,
 * so the next writer rings. (The same holds when one of several readers dies in the middle of
 * arming.)
 *
 * HOSTILE CONTENT. Geometry is copied from the checked header once. Positions, lengths and segment
 * numbers read later are bounds-checked or masked, so nothing leads outside the mapping; a frame
 * whose check word is wrong drops what is queued (-EBADMSG, once) and the mailslot goes on. What
 * cannot be caught: a file that its own user truncates while it is mapped (SIGBUS; files on tmpfs
 * cannot be sealed), and a lock word overwritten by a valid-looking, locked one. The size is asked
 * again where a system call is made anyway.
 */
#include "queue.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "platform.h"
#include "queue_layout.h"
#include "testhook.h"

#define CALM_NS UINT64_C(1000000000)
enum { FIRST_STEP = 64 << 10, PAGE = 4096 };

struct frame {
    uint32_t length, check;
};

static uint32_t position(uint64_t word)
{
    return (uint32_t)word;
}

/* The word after one more message that ends at `end`. */
static uint64_t next_word(uint64_t word, uint32_t end)
{
    return ((word >> 32) + 1) << 32 | end;
}

static uint32_t seal(uint32_t at, uint32_t length)
{
    return (at * UINT32_C(0x9E3779B1)) ^ length ^ UINT32_C(0x5EA1ED00);
}

static uint64_t units_for(size_t size)
{
    return 1 + ((uint64_t)size + WO__QUEUE_UNIT - 1) / WO__QUEUE_UNIT;
}

static bool sane(const struct wo__queue *q)
{
    return atomic_load_explicit(&q->head->magic, memory_order_relaxed) == WO__QUEUE_MAGIC;
}

/* A dead holder leaves nothing half done that matters: see above. */
static int lock(pthread_mutex_t *mutex)
{
    int rc = pthread_mutex_lock(mutex);
    if (rc == EOWNERDEAD)
        rc = pthread_mutex_consistent(mutex);
    return rc ? -EBADMSG : 0;
}

static unsigned char *at(const struct wo__queue *q, unsigned k, uint32_t pos)
{
    uint64_t place = pos & (q->segment[k].units - 1);
    return (unsigned char *)q->head + q->segment[k].offset + place * WO__QUEUE_UNIT;
}

/* How many of `size` bytes lie before the end of the segment. */
static size_t before_wrap(const struct wo__queue *q, unsigned k, uint32_t pos, size_t size)
{
    uint32_t units = q->segment[k].units;
    uint64_t left = (uint64_t)(units - (pos & (units - 1))) * WO__QUEUE_UNIT;
    return size < left ? size : (size_t)left;
}

static void copy_in(struct wo__queue *q, unsigned k, uint32_t pos, const void *data, size_t size)
{
    size_t first = before_wrap(q, k, pos, size);
    if (first)
        memcpy(at(q, k, pos), data, first);
    if (size > first)
        memcpy(at(q, k, 0), (const char *)data + first, size - first);
}

static void copy_out(const struct wo__queue *q, unsigned k, uint32_t pos, void *data, size_t size)
{
    size_t first = before_wrap(q, k, pos, size);
    if (first)
        memcpy(data, at(q, k, pos), first);
    if (size > first)
        memcpy((char *)data + first, at(q, k, 0), size - first);
}

/* Rings when somebody asked for it. 0, or -EPIPE: the receiver is dead. */
static int ring(struct wo__queue *q)
{
    uint32_t w = atomic_load(&q->head->want_bell);
    if (w == 0)
        return 0;
    ssize_t n = wo__write_nosignal(q->ring_fd, "", 1);
    if (n < 0 && n != -EAGAIN) /* a full FIFO is readable as well */
        return -EPIPE;
    q->rang = true;
    WO__TEST_POINT("queue.rung");
    if (w & 1)
        atomic_compare_exchange_strong(&q->head->want_bell, &w, 0);
    return 0;
}

/* ---- Writers --------------------------------------------------------------------------------- */

static bool in_quota(const struct wo__queue *q, uint32_t tail, uint32_t head, uint64_t units)
{
    return (uint32_t)(tail - head) + units <= q->quota / WO__QUEUE_UNIT;
}

static bool fits(const struct wo__queue *q, unsigned k, uint32_t tail, uint32_t head,
                 uint64_t units)
{
    uint32_t start = atomic_load_explicit(&q->head->start[k], memory_order_relaxed);
    uint32_t from = k > 0 && (int32_t)(start - head) > 0 ? start : head;
    return (uint32_t)(tail - from) + units <= q->segment[k].units;
}

/* Moves to segment k. The order matters to readers: first where it starts, then that it is used. */
static void enter(struct wo__queue *q, unsigned k, uint32_t tail)
{
    atomic_store_explicit(&q->head->start[k], tail, memory_order_relaxed);
    atomic_store_explicit(&q->head->segment, k, memory_order_release);
}

/* Segments above 0 after looking at the real head: back to 0 when all was read; else keep start[]
 * near, so that comparisons modulo 2^32 stay right. */
static unsigned settle(struct wo__queue *q, unsigned k, uint32_t tail, uint32_t head)
{
    struct wo__queue_head *h = q->head;
    if (k == 0)
        return 0;
    if (tail == head) {
        h->spilled_at = wo__clock_now();
        atomic_store_explicit(&h->segment, 0, memory_order_release);
        return 0;
    }
    if ((int32_t)(head - atomic_load_explicit(&h->start[k], memory_order_relaxed)) > 0)
        atomic_store_explicit(&h->start[k], head, memory_order_relaxed);
    return k;
}

/* Finds the segment for a message. 0, -EDQUOT, -EBADMSG. */
static int place(struct wo__queue *q, uint32_t tail, uint64_t units, unsigned *out)
{
    struct wo__queue_head *h = q->head;
    uint32_t k = atomic_load_explicit(&h->segment, memory_order_relaxed);
    uint32_t head = position(h->seen_head);
    *out = k;
    if (k == 0 && in_quota(q, tail, head, units) && fits(q, 0, tail, head, units))
        return 0;
    h->seen_head = atomic_load_explicit(&h->head, memory_order_acquire);
    head = position(h->seen_head);
    if (k >= q->segments || (uint32_t)(tail - head) > q->quota / WO__QUEUE_UNIT)
        return -EBADMSG;
    if (!in_quota(q, tail, head, units))
        return -EDQUOT;
    k = settle(q, k, tail, head);
    while (!fits(q, k, tail, head, units)) {
        if (++k == q->segments)
            return -EBADMSG;
        enter(q, k, tail);
        WO__TEST_POINT("queue.entered");
    }
    *out = k;
    return 0;
}

static int reserve(struct wo__queue *q, unsigned k, uint64_t have, uint64_t want)
{
    int rc = wo__space_reserve(q->fd, q->segment[k].offset + have, want - have);
    if (rc == 0)
        q->head->backed[k] = want;
    return rc;
}

/* Makes sure that the message's place has memory behind it; it grows in doubling steps. */
static int back(struct wo__queue *q, unsigned k, uint32_t tail, uint64_t units)
{
    uint64_t size = (uint64_t)q->segment[k].units * WO__QUEUE_UNIT;
    uint64_t need = ((tail & (q->segment[k].units - 1)) + units) * WO__QUEUE_UNIT;
    uint64_t have = q->head->backed[k];
    if (need <= have && have <= size)
        return 0;
    if (have > size)
        have = 0;
    if (need > size)
        need = size;
    if (need <= have)
        return 0;
    need = (need + PAGE - 1) & ~(uint64_t)(PAGE - 1);
    uint64_t want = have + (have > FIRST_STEP ? have : FIRST_STEP);
    want = want < need ? need : want > size ? size : want;
    int rc = reserve(q, k, have, want);
    return rc == -ENOSPC && want > need ? reserve(q, k, have, need) : rc;
}

/* Gives the memory of the segments above 0 back when they have been unused for a while. Nothing can
 * be in them: writing came back to segment 0 when all was read. */
static void give_back(struct wo__queue *q)
{
    struct wo__queue_head *h = q->head;
    if (h->spilled_at == 0 || wo__clock_now() - h->spilled_at < CALM_NS)
        return;
    h->spilled_at = 0;
    for (unsigned k = 1; k < q->segments; k++) {
        uint64_t had = h->backed[k], size = (uint64_t)q->segment[k].units * WO__QUEUE_UNIT;
        if (had == 0)
            continue;
        h->backed[k] = 0;
        WO__TEST_POINT("queue.giving");
        if (!wo__space_discard(q->fd, q->segment[k].offset, had < size ? had : size))
            h->backed[k] = had;
    }
}

/* Puts the message in and publishes it; write_lock held. */
static int append(struct wo__queue *q, const void *data, size_t size)
{
    struct wo__queue_head *h = q->head;
    uint64_t word = atomic_load_explicit(&h->tail, memory_order_relaxed), units = units_for(size);
    uint32_t tail = position(word);
    unsigned k;
    int rc = place(q, tail, units, &k);
    if (rc == 0)
        rc = back(q, k, tail, units);
    if (rc < 0)
        return rc;
    if (k == 0)
        give_back(q);
    WO__TEST_POINT("queue.backed");
    struct frame f = {(uint32_t)size, seal(tail, (uint32_t)size)};
    copy_in(q, k, tail, &f, sizeof f);
    copy_in(q, k, tail + 1, data, size);
    WO__TEST_POINT("queue.copied");
    atomic_store(&h->tail, next_word(word, tail + (uint32_t)units));
    WO__TEST_POINT("queue.published");
    return 0;
}

int wo__queue_write(struct wo__queue *q, const void *data, size_t size)
{
    struct wo__queue_head *h = q->head;
    q->rang = false;
    if (!sane(q))
        return -EBADMSG;
    if ((q->max_message && size > q->max_message) || size > UINT32_MAX ||
        units_for(size) > q->quota / WO__QUEUE_UNIT)
        return -E2BIG;
    if (atomic_load_explicit(&h->closed, memory_order_relaxed))
        return -EPIPE;
    int rc = lock(&h->write_lock);
    if (rc < 0)
        return rc;
    WO__TEST_POINT("queue.locked");
    rc = append(q, data, size);
    pthread_mutex_unlock(&h->write_lock);
    WO__TEST_POINT("queue.unlocked");
    /* Also on failure: the last writer may have died before ringing; and a reader that is told of
     * damage repairs it. */
    int rung = ring(q);
    WO__TEST_POINT("queue.written");
    return rc == 0 ? rung : rc;
}

int wo__queue_alive(const struct wo__queue *q)
{
    struct pollfd p = {.fd = q->ring_fd, .events = POLLOUT};
    if (!wo__queue_whole(q) || !sane(q))
        return -EBADMSG;
    if (atomic_load_explicit(&q->head->closed, memory_order_relaxed))
        return -EPIPE;
    return poll(&p, 1, 0) == 1 && p.revents & (POLLERR | POLLHUP) ? -EPIPE : 0;
}

bool wo__queue_whole(const struct wo__queue *q)
{
    struct stat st;
    return fstat(q->fd, &st) == 0 && (uint64_t)st.st_size >= q->mapped;
}

/* ---- Readers --------------------------------------------------------------------------------- */

/* The first unread message; read_lock held. */
struct next {
    uint64_t word;
    uint32_t pos, length;
    unsigned k;
};

static uint32_t ready_units(struct wo__queue_head *h, uint32_t head)
{
    if (position(h->seen_tail) == head)
        h->seen_tail = atomic_load(&h->tail);
    return position(h->seen_tail) - head;
}

/* Which segment position `pos` lies in; q->segments: nonsense. */
static unsigned segment_of(const struct wo__queue *q, uint32_t pos)
{
    struct wo__queue_head *h = q->head;
    uint32_t k = atomic_load_explicit(&h->segment, memory_order_acquire);
    if (k >= q->segments)
        return q->segments;
    while (k > 0 &&
           (int32_t)(pos - atomic_load_explicit(&h->start[k], memory_order_relaxed)) < 0)
        k--;
    return k;
}

static bool look(struct wo__queue *q, uint32_t waiting, struct next *n)
{
    n->k = segment_of(q, n->pos);
    if (n->k == q->segments || waiting > q->quota / WO__QUEUE_UNIT)
        return false;
    struct frame f;
    copy_out(q, n->k, n->pos, &f, sizeof f);
    n->length = f.length;
    uint64_t units = units_for(f.length);
    return f.check == seal(n->pos, f.length) && units <= waiting &&
           units <= q->segment[n->k].units;
}

/* Drops everything, so that the mailslot can go on. */
static void reset(struct wo__queue_head *h)
{
    h->seen_tail = atomic_load(&h->tail);
    atomic_store_explicit(&h->head, h->seen_tail, memory_order_release);
}

/* Finds the next message. 0, -EAGAIN: there is none, -EBADMSG. */
static int find(struct wo__queue *q, struct next *n)
{
    struct wo__queue_head *h = q->head;
    n->word = atomic_load_explicit(&h->head, memory_order_relaxed);
    n->pos = position(n->word);
    uint32_t waiting = ready_units(h, n->pos);
    if (waiting == 0)
        return -EAGAIN;
    if (look(q, waiting, n))
        return 0;
    reset(h);
    return -EBADMSG;
}

static void drain(int fd)
{
    char bytes[256];
    ssize_t n;
    /* A FIFO holds no more than this many; it is not emptied for ever against a mad writer. */
    for (int i = 0; i < 4096; i++) {
        n = read(fd, bytes, sizeof bytes);
        if (n < (ssize_t)sizeof bytes && !(n < 0 && errno == EINTR))
            return;
    }
}

/* The queue was found empty: the next message shall ring. Returns true when one has come. */
static bool arm(struct wo__queue *q)
{
    struct wo__queue_head *h = q->head;
    uint32_t even = (h->ticket | 1) + 1;
    h->ticket = even + 1;
    atomic_store(&h->want_bell, even ? even : 2);
    WO__TEST_POINT("queue.arming");
    drain(q->bell_fd);
    WO__TEST_POINT("queue.drained");
    atomic_store(&h->want_bell, even + 1);
    WO__TEST_POINT("queue.armed");
    h->seen_tail = atomic_load(&h->tail);
    if (position(h->seen_tail) == position(atomic_load_explicit(&h->head, memory_order_relaxed)))
        return false;
    ring(q);
    return true;
}

static int take(struct wo__queue *q, const struct next *n, void *buffer, size_t capacity,
                size_t *size)
{
    *size = n->length;
    if (n->length > capacity)
        return -EMSGSIZE;
    copy_out(q, n->k, n->pos + 1, buffer, n->length);
    WO__TEST_POINT("queue.taken");
    uint32_t end = n->pos + (uint32_t)units_for(n->length);
    atomic_store_explicit(&q->head->head, next_word(n->word, end), memory_order_release);
    return 0;
}

int wo__queue_read(struct wo__queue *q, void *buffer, size_t capacity, size_t *size)
{
    struct next n;
    int rc = sane(q) ? lock(&q->head->read_lock) : -EBADMSG;
    if (rc < 0)
        return rc;
    do
        rc = find(q, &n);
    while (rc == -EAGAIN && arm(q));
    if (rc == 0)
        rc = take(q, &n, buffer, capacity, size);
    pthread_mutex_unlock(&q->head->read_lock);
    return rc;
}

bool wo__queue_is_empty(const struct wo__queue *q)
{
    uint64_t head = atomic_load_explicit(&q->head->head, memory_order_acquire);
    return position(atomic_load(&q->head->tail)) == position(head);
}

int wo__queue_check(struct wo__queue *q)
{
    struct wo__queue_head *h = q->head;
    if (!sane(q))
        return -EBADMSG;
    if (!wo__queue_is_empty(q))
        return 1;
    int rc = lock(&h->read_lock);
    if (rc < 0)
        return rc;
    uint32_t head = position(atomic_load_explicit(&h->head, memory_order_relaxed));
    bool ready = ready_units(h, head) != 0 || arm(q);
    pthread_mutex_unlock(&h->read_lock);
    return ready;
}

int wo__queue_peek(struct wo__queue *q, uint64_t *count, int64_t *next)
{
    struct next n;
    int rc = sane(q) ? lock(&q->head->read_lock) : -EBADMSG;
    if (rc < 0)
        return rc;
    rc = find(q, &n);
    if (rc == 0) {
        uint64_t tail = atomic_load_explicit(&q->head->tail, memory_order_acquire);
        *count = (uint32_t)((tail >> 32) - (n.word >> 32));
        *next = n.length;
    } else if (rc == -EAGAIN) {
        *count = 0;
        *next = -1;
        rc = 0;
    }
    pthread_mutex_unlock(&q->head->read_lock);
    return rc;
}

uint32_t wo__queue_suggested(const struct wo__queue *q)
{
    return atomic_load_explicit(&q->head->nap_ns, memory_order_relaxed);
}

void wo__queue_suggest(struct wo__queue *q, uint32_t nap_ns)
{
    atomic_store_explicit(&q->head->nap_ns, nap_ns, memory_order_relaxed);
}

int64_t wo__queue_timeout(const struct wo__queue *q)
{
    return atomic_load_explicit(&q->head->read_timeout_ns, memory_order_relaxed);
}

void wo__queue_set_timeout(struct wo__queue *q, int64_t timeout_ns)
{
    atomic_store_explicit(&q->head->read_timeout_ns, timeout_ns, memory_order_relaxed);
}
