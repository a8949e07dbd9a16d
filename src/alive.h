/* alive.h: which processes live, and what the dead leave behind.
 *
 * A process record's owner holds a lock on one byte of the arena file that only the kernel takes
 * away, so no pid is compared and none is mistaken. */
#ifndef WO_ALIVE_H
#define WO_ALIVE_H

#include "arena.h"

/* Arena locked. Takes a record for the process that holds `fd`'s open file description; -1: it will
 * take its presence itself, and counts as dead until then. */
int wo__proc_register(struct wo__arena *a, int fd, uint32_t *out);
/* Arena locked. Does the record's process live? Ours always does. */
bool wo__proc_alive(struct wo__arena *a, uint32_t proc);
/* Arena locked; several transactions. Removes a dead process's waiters, holds and record. */
void wo__proc_purge(struct wo__arena *a, uint32_t proc);
/* Arena locked; several transactions. Purges all dead processes. */
void wo__proc_sweep(struct wo__arena *a);

/* Arena locked. This process, or `proc`, keeps the cell alive. -ENOSPC. */
int wo__hold_add(struct wo__arena *a, uint32_t proc, uint32_t cell, uint32_t *out);
/* Drops a hold; with the last one the cell goes too. */
void wo__hold_drop(struct wo__arena *a, uint32_t hold);
/* Arena locked. Drops the holds of dead processes at the head of the list until a live one is met.
 * False: there was none, and the cell is gone. */
bool wo__cell_alive(struct wo__arena *a, uint32_t cell);

/* Arena locked. Takes one waiter of a dead process away. */
void wo__waiter_purge(struct wo__arena *a, uint32_t waiter);
/* The waiters of a process form a list, for wo__proc_purge. */
void wo__waiter_link(struct wo__arena *a, uint32_t waiter, uint32_t proc);
void wo__waiter_unlink(struct wo__arena *a, uint32_t waiter);

#endif
