/* mailslot.h: mailslots inside the library.
 *
 * A mailslot object is of one of two types: wo__mailslot_type, the owner's end, which reads, and
 * wo__mailslot_client_type, which writes. Reading and writing go through their io operations:
 *
 *   read   deadline 0: -EAGAIN when empty, and the pollable descriptor becomes readable with the
 *          next message; WO__IO_DEFAULT: the mailslot's own timeout; else until then: -ETIMEDOUT.
 *          -EMSGSIZE: *done tells the size that is needed, the message stays.
 *   write  never blocks on a reader.
 *
 * Files: mailslot.c (the owner's end), mailslot_client.c (the writer's end: who receives),
 * mailslot_dir.c (directories, ownership, what dead receivers leave), mailslot_share.c (fork, other
 * processes), queue.c (messages). */
#ifndef WO_MAILSLOT_H
#define WO_MAILSLOT_H

#include "address.h"
#include "object.h"
#include "queue.h"
#include "waitobj/mailslot.h"

/* ---- For both faces (mailslot.c, mailslot_client.c) ------------------------------------------ */
/* Handle rights: what the system gives with CreateMailslot, and GENERIC_WRITE. */
enum {
    WO__MAILSLOT_READ = 0x0001,
    WO__MAILSLOT_WRITE = 0x0002,
    WO__MAILSLOT_SERVER_ACCESS = 0x00160089,
    WO__MAILSLOT_CLIENT_ACCESS = 0x00120116
};

int wo__mailslot_create(const char *name, const struct wo_mailslot_options *options,
                        struct wo__object **out);
int wo__mailslot_open(const char *address, struct wo__object **out);
/* For the owner's end; -EBADF for another object. */
int wo__mailslot_info(struct wo__object *o, struct wo_mailslot_info *info);
int wo__mailslot_set_timeout(struct wo__object *o, int64_t timeout_ns);

/* ---- Handing an end over to another process (mailslot_share.c) ------------------------------- */
/* What another process needs to have the same mailslot: how many descriptors it must get (written
 * to `fds`; they belong to the object, the caller passes copies on) and a text without spaces. A
 * client's end needs no descriptors. */
enum { WO__MAILSLOT_FDS = 4, WO__MAILSLOT_PARTS = 6, WO__MAILSLOT_TEXT = 5 * WO__COMPONENT_SIZE };
size_t wo__mailslot_export(struct wo__object *o, int fds[WO__MAILSLOT_FDS],
                           char text[WO__MAILSLOT_TEXT]);
/* The other side; takes the descriptors on success. -EINVAL: not such a text. */
int wo__mailslot_import(const char *text, const int *fds, size_t count, struct wo__object **out);

/* The parts of the text are separated by '/', which no component contains. */
size_t wo__mailslot_server_export(struct wo__object *o, int fds[WO__MAILSLOT_FDS],
                                  char text[WO__MAILSLOT_TEXT]);
int wo__mailslot_server_import(char *const parts[WO__MAILSLOT_PARTS], const int *fds,
                               struct wo__object **out);
void wo__mailslot_client_export(struct wo__object *o, char text[WO__MAILSLOT_TEXT]);
int wo__mailslot_client_import(char *const parts[WO__MAILSLOT_PARTS], struct wo__object **out);

/* ---- Around fork() (mailslot_share.c) -------------------------------------------------------- */
/* For wo__mailslot_fork_prepare (fork.h), which takes in this order: the list of clients, every
 * client, the owners, the address. */
void wo__mailslot_clients_fork_prepare(void);
void wo__mailslot_clients_fork_done(void);
void wo__mailslot_dir_fork_prepare(void);
void wo__mailslot_dir_fork_done(void);

/* ---- Directories (mailslot_dir.c) ------------------------------------------------------------ */
/* Where a mailslot lies; components as in address.h. */
struct wo__slot_path {
    char domain[WO__COMPONENT_SIZE];
    char computer[WO__COMPONENT_SIZE];
    char name[WO__COMPONENT_SIZE];
};

/* This process's ownership of a mailslot; shared receivers of one process have it together. */
struct wo__owner;

/* Becomes an owner and makes a receiver's queue. -EEXIST: owned in a way that excludes this. */
int wo__slot_join(const struct wo__slot_path *path, const struct wo__queue_options *options,
                  struct wo__owner **owner, struct wo__queue *q);
/* Ends the receiver, and with the last one the mailslot. */
void wo__slot_leave(struct wo__owner *owner, struct wo__queue *q);
/* What another process needs to become an owner as well; from now on the end of the receiver in
 * this process need not be the end of the mailslot. */
void wo__slot_export(struct wo__owner *owner, struct wo__slot_path *path, bool *exclusive,
                     int *lock_fd);
/* The other side: takes lock_fd on success. */
int wo__slot_adopt(const struct wo__slot_path *path, bool exclusive, int lock_fd,
                   struct wo__owner **owner);

/* Calls `each` for every receiver in the mailslot's directory; those for which it says -ENXIO
 * (dead) are buried. 0; what else `each` returned when negative; -ENOENT: no such mailslot. */
typedef int wo__receiver_fn(void *context, int dir, const char *id);
int wo__slot_scan(const struct wo__slot_path *path, wo__receiver_fn *each, void *context);
/* The same in every computer of the domain. -ENOENT: no such domain. */
int wo__slot_scan_domain(const char *domain, const char *name, wo__receiver_fn *each,
                         void *context);
/* 1: the domain has such a computer; 0; negative errno. */
int wo__slot_has_computer(const char *domain, const char *computer);

/* A number that changes whenever a receiver came or went; negative errno. */
int wo__slot_generation(uint64_t *generation);

#endif
