/* fork.h: who takes part in fork() (fork.c registers the handlers and fixes the order).
 *
 * All locks that guard process-local state are taken before the fork and released after it. */
#ifndef WO_FORK_H
#define WO_FORK_H

/* Registers the handlers, once. Everything that makes state a fork must respect calls it. */
void wo__fork_register(void);

/* handle.c */
void wo__handle_fork_prepare(void);
void wo__handle_fork_done(void);
/* mailslot_share.c */
void wo__mailslot_fork_prepare(void);
void wo__mailslot_fork_done(void);
/* process.c */
void wo__process_fork_prepare(void);
void wo__process_fork_done(void);

#endif
