/* queue_layout.h: the header of a queue file, as shared between processes (queue.c, queue_file.c).
 *
 * Writers' and readers' fields lie on lines of their own. */
#ifndef WO_QUEUE_LAYOUT_H
#define WO_QUEUE_LAYOUT_H

#include <pthread.h>
#include <stdatomic.h>

#include "queue.h"

#define WO__QUEUE_MAGIC UINT64_C(0x31746f6c736f6177)
enum {
    WO__QUEUE_VERSION = 1,
    WO__QUEUE_DATA = 4096, /* where the first segment begins */
    WO__QUEUE_UNIT = 8
};

struct wo__queue_head {
    /* Written once, before the receiver is announced. The magic number is looked at before every
     * use, so a file that was overwritten as a whole is noticed. */
    _Atomic uint64_t magic;
    uint32_t version;
    uint32_t layout; /* sizeof(struct wo__queue_head): tells 32-bit from 64-bit processes */
    uint64_t quota;
    uint64_t file_size;
    uint32_t max_message;
    uint32_t flags;
    char id[WO__QUEUE_ID_SIZE];
    _Atomic int64_t read_timeout_ns; /* negative: for ever; anybody who has the receiving end */
    _Atomic uint32_t closed;         /* the receiver has said goodbye */

    /* Writers. */
    _Alignas(128) pthread_mutex_t write_lock;
    _Atomic uint64_t tail;                       /* write_lock; the one store that publishes */
    uint64_t seen_head;                          /* write_lock; an old value of head */
    _Atomic uint32_t segment;                    /* write_lock; the one that is written to */
    _Atomic uint32_t start[WO__QUEUE_SEGMENTS];  /* write_lock; first position in a segment > 0 */
    uint64_t backed[WO__QUEUE_SEGMENTS];         /* write_lock; bytes with memory behind them */
    uint64_t spilled_at;                         /* write_lock; when a segment > 0 was last left */

    /* Readers. */
    _Alignas(128) pthread_mutex_t read_lock;
    _Atomic uint64_t head; /* read_lock */
    uint64_t seen_tail;    /* read_lock; an old value of tail */
    uint32_t ticket;       /* read_lock; the last value given to want_bell */

    /* Both. 0: nobody wants the FIFO rung; odd: ring once; even: ring every time. */
    _Alignas(128) _Atomic uint32_t want_bell;
    _Atomic uint32_t nap_ns; /* a suggestion to the reader (mailslot_pace.c), no more */
};

_Static_assert(sizeof(struct wo__queue_head) <= WO__QUEUE_DATA, "the header fits its page");
_Static_assert(ATOMIC_LLONG_LOCK_FREE == 2 && ATOMIC_INT_LOCK_FREE == 2,
               "atomics in shared memory need no lock");

#endif
