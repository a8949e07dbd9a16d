/* mailslot_pace.h: how readers keep up with a stream without being woken for every message. */
#ifndef WO_MAILSLOT_PACE_H
#define WO_MAILSLOT_PACE_H

#include "queue.h"

/* A reader's side, one per receiver, zeroed. Threads that read together share it; a lost update
 * does no harm. */
struct wo__pace {
    _Atomic uint32_t taken; /* messages read since the queue was last found empty */
    _Atomic bool napped;    /* and the reader had looked away before them */
};

/* A message was read. */
void wo__pace_took(struct wo__pace *p);
/* The queue was found empty. How long the reader should look away, without asking for the bell: 0,
 * or at most a millisecond. */
uint32_t wo__pace_nap(struct wo__pace *p, struct wo__queue *q);

/* A writer's side: this thread's write began at `start` and had to ring `rings` bells. What to
 * suggest to the receivers it rang (wo__queue_suggest), or 0. */
uint32_t wo__pace_wrote(uint64_t start, size_t rings);

#endif
