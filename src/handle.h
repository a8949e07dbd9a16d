/* handle.h: the table from handle values to objects.
 *
 * A value is ((generation << 22 | slot) << 2), positive in 32 bits like on Windows; the low two
 * bits are ignored on the way in. Slots are reused first in, first out, with a new generation, so
 * a stale value is refused long before it can mean another object. */
#ifndef WO_HANDLE_H
#define WO_HANDLE_H

#include "object.h"

/* Handle flags. */
enum { WO__HANDLE_INHERIT = 1, WO__HANDLE_PROTECT = 2 };

/* What a native function's flags say about its handle. */
static inline uint32_t wo__handle_flags(unsigned flags)
{
    return flags & WO_INHERIT ? WO__HANDLE_INHERIT : 0;
}

/* Pseudo handles, as on Windows: (HANDLE)-1 and (HANDLE)-2. */
#define WO__CURRENT_PROCESS ((wo_handle)(intptr_t)-1)
#define WO__CURRENT_THREAD ((wo_handle)(intptr_t)-2)

/* Makes a handle for the object and takes over the caller's reference, also on failure (-EMFILE,
 * -ENOMEM). */
int wo__handle_new(struct wo__object *o, uint32_t access, uint32_t flags, wo_handle *out);

/* Looks a handle up and takes a reference: the caller releases. -EBADF: no such handle (pseudo
 * handles too). With `type`, -EBADF when the object is of another type. -EACCES when `access`
 * holds a right the handle does not have. */
int wo__handle_get(wo_handle h, const struct wo__type *type, uint32_t access,
                   struct wo__object **out);
/* The same, and tells what the handle may do. */
int wo__handle_get_access(wo_handle h, const struct wo__type *type, struct wo__object **out,
                          uint32_t *access);

/* -EBADF; -EPERM: protected from close. */
int wo__handle_close(wo_handle h);
int wo__handle_get_flags(wo_handle h, uint32_t *flags);
int wo__handle_set_flags(wo_handle h, uint32_t mask, uint32_t flags);
/* A second handle to the same object; `access` as given, or the same with `same_access`. */
int wo__handle_duplicate(wo_handle h, uint32_t access, bool same_access, uint32_t flags,
                         wo_handle *out);
/* How many handles are open, for tests. */
size_t wo__handle_count(void);

/* Expands generic rights and MAXIMUM_ALLOWED for a type. */
uint32_t wo__access_map(const struct wo__type *type, uint32_t access);

#endif
