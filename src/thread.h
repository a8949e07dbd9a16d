/* thread.h: what the library keeps per thread: its waiter records and bells.
 *
 * A thread, whoever created it, gets a record at its first wait; a thread-exit hook gives it back.
 * A waiter record is in one wait at a time and is kept between waits. */
#ifndef WO_THREAD_H
#define WO_THREAD_H

#include "arena.h"

enum { WO__PRIVATE = 0, WO__SHARED = 1 };

struct wo__thread {
    struct wo__thread *next, *prev; /* all threads; guarded by thread.c's lock */
    uint32_t waiter[2];             /* WO__PRIVATE, WO__SHARED: records in the arenas; 0: none yet */
    struct wo__bell bell[2];        /* an eventfd or pipe; a FIFO others can reach by its path */
};

/* The calling thread's record; NULL: no memory. */
struct wo__thread *wo__thread_self(void);

/* Arena locked. Makes sure the thread has a waiter record there. -ENOSPC. */
int wo__thread_waiter(struct wo__arena *a, struct wo__thread *t);
/* Makes sure the thread has a bell for waits in that arena; the shared one needs the record first.
 * Arena not locked. */
int wo__thread_bell(struct wo__arena *a, struct wo__thread *t);
/* Takes over the shared record a promotion made for this thread (promote.c). Not locked. */
void wo__thread_adopt(struct wo__thread *t, uint32_t waiter);

/* The FIFO by which other processes wake a thread that sleeps in poll: bell/<waiter>. */
int wo__thread_fifo_open(uint32_t waiter, struct wo__bell *bell);
void wo__thread_fifo_remove(uint32_t waiter);
/* Removes all that this platform's processes left; nobody is there (attach.c). */
void wo__thread_fifos_clear(void);
/* Writes into it. 1: somebody has it open for reading, so the waiter's process lives; 0: nobody
 * has; a negative errno: it could not be opened, which proves nothing. */
int wo__thread_fifo_ring(uint32_t waiter);
/* Empties a bell, of either kind. */
void wo__thread_drain(int fd);

/* fork.c */
void wo__thread_fork_prepare(void);
void wo__thread_fork_parent(void);
void wo__thread_fork_child(void);

#endif
