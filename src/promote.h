/* promote.h: moving objects from the private into the shared arena. */
#ifndef WO_PROMOTE_H
#define WO_PROMOTE_H

#include <stddef.h>

struct wo__object;

/* Moves every object of the array that is private, together with the waits it stands in and all
 * objects of those, into the shared arena. States, queue order and blocked waiters stay as they
 * are; a blocked thread goes on sleeping. Shared and external objects are passed over. */
int wo__promote(struct wo__object *const *objects, size_t count);

#endif
