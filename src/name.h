/* name.h: dispatcher objects by name or without one: create, open, destroy.
 *
 * Named objects live in the shared arena, unnamed ones in the private arena until somebody needs
 * them shared (promote.h). */
#ifndef WO_NAME_H
#define WO_NAME_H

#include "object.h"

/* Writes the first state into a fresh cell, plain stores; arena locked. */
typedef void wo__init_cell(struct wo__arena *a, struct wo__cell *c, const void *how);

/* Creates the object, or opens the existing one of that name and type. NULL or "": unnamed. */
int wo__dispatcher_create(const struct wo__type *type, const char *name, wo__init_cell *init,
                          const void *how, struct wo__object **out, bool *existed);
/* -ENOENT: no such name; -EBADF: of another type. */
int wo__dispatcher_open(const struct wo__type *type, const char *name, struct wo__object **out);

/* The same for the library's own records, which no user's name can reach: `scope` is any letter but
 * 'L' and 'G', the name any bytes up to 1000. */
int wo__named_create(const struct wo__type *type, char scope, const char *name,
                     wo__init_cell *init, const void *how, struct wo__object **out, bool *existed);
int wo__named_open(const struct wo__type *type, char scope, const char *name,
                   struct wo__object **out);

/* The last reference of this process is gone. */
void wo__dispatcher_destroy(struct wo__object *o);
/* Arena locked: nobody holds the cell any more. */
void wo__cell_free(struct wo__arena *a, uint32_t cell);

#endif
