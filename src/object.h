/* object.h: the process-local side of every object, and the types.
 *
 * A handle leads to a struct wo__object, one per object and process. Two families:
 *
 *   - dispatcher objects whose state lies in an arena (event; later mutex, semaphore, timer, …):
 *     type->ready is set, and object->arena and object->cell tell where the state is;
 *   - external objects whose state the operating system keeps (process, mailslot, file):
 *     type->check is set, or neither, for objects that cannot be waited on.
 *
 * Lifetime: references. A handle holds one, a running wait or I/O call holds one. The last release
 * calls type->destroy, which frees what the type added, and then the object itself is freed.
 */
#ifndef WO_OBJECT_H
#define WO_OBJECT_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "waitobj/types.h"

struct wo__arena;
struct wo__cell;
struct wo__object;
struct wo__pending;
struct wo__watch;

/* Type indices; stored in shared arenas, so the numbers are part of the layout. */
enum wo__type_id {
    WO__TYPE_FREE = 0,
    WO__TYPE_EVENT = 1,
    WO__TYPE_MUTEX = 2,     /* reserved */
    WO__TYPE_SEMAPHORE = 3, /* reserved */
    WO__TYPE_TIMER = 4,     /* reserved */
    WO__TYPE_SECTION = 5,   /* reserved */
    WO__TYPE_PROCESS = 6,
    WO__TYPE_THREAD = 7,
    WO__TYPE_MAILSLOT = 8,        /* the server's side */
    WO__TYPE_MAILSLOT_CLIENT = 9, /* the writer's side */
    WO__TYPE_FILE = 10,           /* an ordinary file, directory, terminal, pipe end */
    WO__TYPE_EXIT_RECORD = 11,    /* a process's exit code; internal */
    WO__TYPE_COUNT
};

/* Reading and writing; NULL members: -EACCES. Offset UINT64_MAX: the current position. */
struct wo__io_ops {
    /* Returns 0 and the number of bytes, or a negative errno. `deadline`: see each type;
     * WO__IO_DEFAULT means the object's own timeout, 0 means never block (-EAGAIN). */
    int (*read)(struct wo__object *o, void *buffer, size_t size, uint64_t offset,
                uint64_t deadline, size_t *done);
    int (*write)(struct wo__object *o, const void *data, size_t size, uint64_t offset,
                 size_t *done);
};
#define WO__IO_DEFAULT (UINT64_MAX - 1)

struct wo__type {
    const char *name;
    enum wo__type_id id;
    uint32_t all_access;     /* what GENERIC_ALL / MAXIMUM_ALLOWED means */
    uint32_t read_access;    /* GENERIC_READ */
    uint32_t write_access;   /* GENERIC_WRITE */
    uint32_t execute_access; /* GENERIC_EXECUTE */

    /* Dispatcher objects; called with the arena locked. */
    /* 0: signaled now; UINT64_MAX: not by the passing of time; else when it will be. */
    uint64_t (*ready_at)(struct wo__arena *a, struct wo__cell *c);
    /* Changes the state for a waiter that is satisfied; NULL: nothing changes. */
    void (*acquire)(struct wo__arena *a, struct wo__cell *c, uint32_t waiter);
    /* Is the cell's content possible? NULL: always. */
    bool (*valid)(const struct wo__cell *c);

    /* External objects; called without any lock. */
    /* 1: signaled, 0: not, negative errno: cannot be told. */
    int (*check)(struct wo__object *o);
    /* A descriptor that becomes readable when check() may answer 1, or -1: there is none, and
     * check() is asked again every few milliseconds. The object keeps it. */
    int (*pollfd)(struct wo__object *o);
    bool latched; /* once signaled, always signaled (process): may complete a wait-all late */

    /* Frees what the type added. Called once, no lock held, errno-free. NULL: nothing. */
    void (*destroy)(struct wo__object *o);
    const struct wo__io_ops *io;
};

/* First member of every type's own struct. */
struct wo__object {
    const struct wo__type *type;
    _Atomic uint32_t refs;
    uint32_t cell;           /* dispatcher objects: index in the arena; guarded by the arena's lock */
    struct wo__arena *_Atomic arena; /* dispatcher objects: where; changes once, private to shared */
    uint32_t hold;           /* shared arena: this process's hold record */
    struct wo__pending *_Atomic pending; /* overlapped operations attached to it (pending.c) */
    struct wo__watch *_Atomic watch; /* a pollable descriptor was asked for (watch.c) */
    uint32_t handles;        /* how many handles lead here; guarded by the handle table's lock */
};

/* Allocates `size` bytes, zeroed, whose first member is the object; one reference. NULL: no
 * memory. */
void *wo__object_new(const struct wo__type *type, size_t size);
void wo__object_ref(struct wo__object *o);
/* False when the last reference is gone already and the object is being destroyed. */
bool wo__object_try_ref(struct wo__object *o);
void wo__object_release(struct wo__object *o);

const struct wo__type *wo__type_of(uint32_t id); /* NULL: no such type, or one without cells */
extern const struct wo__type wo__event_type;
extern const struct wo__type wo__process_type;
extern const struct wo__type wo__thread_type;
extern const struct wo__type wo__local_thread_type;
extern const struct wo__type wo__mailslot_type;
extern const struct wo__type wo__mailslot_client_type;
extern const struct wo__type wo__file_type;
extern const struct wo__type wo__exit_record_type;

#endif
