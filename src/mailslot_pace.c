/* mailslot_pace.c: how readers keep up with a stream without being woken for every message.
 *
 * A receiver that empties its queue faster than messages come asks for the bell after every
 * message, and every message then costs its sender a system call and both a change of threads; a
 * sender to many spends its time waking them. Who can tell that this happens is the sender: it
 * rings in one write after the other and does next to nothing between them. (In a conversation it
 * would wait for the answer.) After eight such writes it puts a suggestion into the queues it
 * rings: do not ask for the bell, look away for a moment and read together what has come meanwhile.
 *
 * The reader adapts the moment, between 50 µs and 1 ms, to bring some hundreds of messages; one
 * that brought fewer than eight ends it, and the bell is used again. So the last message of a
 * stream may be a millisecond late, and a message that is not part of a stream never is.
 */
#include "mailslot_pace.h"

#include <stdatomic.h>

#include "platform.h"

enum {
    STREAK = 8,
    NAP_MIN_NS = 50000,
    NAP_MAX_NS = 1000000,
    FEW = 8,
    MANY = 256,
    QUOTA_MIN = 4 << 20 /* in a smaller queue a moment's messages might not fit */
};

static uint32_t within(uint64_t nap)
{
    return (uint32_t)(nap < NAP_MIN_NS ? NAP_MIN_NS : nap > NAP_MAX_NS ? NAP_MAX_NS : nap);
}

void wo__pace_took(struct wo__pace *p)
{
    uint32_t taken = atomic_load_explicit(&p->taken, memory_order_relaxed);
    atomic_store_explicit(&p->taken, taken + 1, memory_order_relaxed);
}

static uint32_t adapt(uint32_t nap, uint32_t taken)
{
    if (taken < FEW)
        return 0;
    return within(taken < MANY ? 2 * (uint64_t)nap : taken > 2 * MANY ? nap / 2 : nap);
}

uint32_t wo__pace_nap(struct wo__pace *p, struct wo__queue *q)
{
    uint32_t nap = wo__queue_suggested(q);
    uint32_t taken = atomic_exchange_explicit(&p->taken, 0, memory_order_relaxed);
    bool napped = atomic_exchange_explicit(&p->napped, false, memory_order_relaxed);
    if (nap == 0 || q->quota < QUOTA_MIN)
        return 0;
    nap = within(nap);
    if (napped) {
        nap = adapt(nap, taken);
        wo__queue_suggest(q, nap);
    }
    atomic_store_explicit(&p->napped, nap != 0, memory_order_relaxed);
    return nap;
}

uint32_t wo__pace_wrote(uint64_t start, size_t rings)
{
    static _Thread_local struct {
        uint64_t end; /* of the write before, or its beginning if it did not ring */
        uint32_t streak;
    } last;
    uint64_t gap = start - last.end;
    last.end = start;
    if (rings == 0)
        return 0;
    last.end = wo__clock_now();
    uint64_t spent = last.end - start;
    last.streak = gap < spent / 4 ? last.streak + 1 : 0;
    return last.streak < STREAK ? 0 : within(16 * spent);
}
