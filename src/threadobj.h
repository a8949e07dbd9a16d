/* threadobj.h: threads of this process as objects. Not signaled while the thread runs, signaled
 * for ever after. (The main thread of a started process is another type: process.h.) */
#ifndef WO_THREADOBJ_H
#define WO_THREADOBJ_H

#include "object.h"

#define WO__THREAD_STILL_ACTIVE 259u

/* A thread that runs, or will; one reference. */
int wo__threadobj_new(uint32_t id, struct wo__object **out);
/* It has ended, with this code. */
int wo__threadobj_end(struct wo__object *o, uint32_t code);
/* WO__THREAD_STILL_ACTIVE while it runs. */
int wo__threadobj_code(struct wo__object *o, uint32_t *code);
int wo__threadobj_id(struct wo__object *o, uint32_t *id);

#endif
