/* watch.h: a descriptor that is readable when a dispatcher object is worth a wait. */
#ifndef WO_WATCH_H
#define WO_WATCH_H

struct wo__object;

/* The object's descriptor, made at the first call (the object then lives in the shared arena). */
int wo__watch_fd(struct wo__object *o, int *fd);
/* A wait on the object has ended: if the object is not signaled, empties the descriptor and arms
 * it. */
void wo__watch_rearm(struct wo__object *o);
/* The object is being destroyed. */
void wo__watch_destroy(struct wo__object *o);
/* In a forked child: the watch is the parent's. */
void wo__watch_forget(struct wo__object *o);

#endif
