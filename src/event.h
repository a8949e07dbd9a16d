/* event.h: events, for the other files of the library. */
#ifndef WO_EVENT_H
#define WO_EVENT_H

#include "object.h"

/* NULL or empty name: unnamed. */
int wo__event_create(const char *name, bool manual, bool signaled, struct wo__object **out,
                     bool *existed);
/* The object must be an event. */
int wo__event_set(struct wo__object *o);
int wo__event_reset(struct wo__object *o);
int wo__event_pulse(struct wo__object *o);

#endif
