/* validate.h: walking an arena's invariants. */
#ifndef WO_VALIDATE_H
#define WO_VALIDATE_H

struct wo__arena;

/* 0; -EBADMSG, with *fault saying what is wrong; -ENOMEM. Takes the arena's lock. */
int wo__validate_arena(struct wo__arena *a, const char **fault);

#endif
