/* queue.h: the message queue of one mailslot receiver: a mapped file and a FIFO beside it.
 *
 * One process owns the receiving end; any number of writers attach to it. The protocol is described
 * at the top of queue.c. */
#ifndef WO_QUEUE_H
#define WO_QUEUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct wo__queue_head;

/* A receiver's name inside its directory: 32 hexadecimal digits, never used twice. */
#define WO__QUEUE_ID_SIZE 33
#define WO__QUEUE_DEFAULT_QUOTA (UINT64_C(64) << 20)
#define WO__QUEUE_MAX_QUOTA (UINT64_C(8) << 30)

enum { WO__QUEUE_SHARED = 1 }; /* header flags */
enum { WO__QUEUE_SEGMENTS = 6 };

struct wo__queue_segment {
    uint64_t offset; /* in the file */
    uint32_t units;  /* size in units of 8 bytes; a power of two */
};

/* One process's view of a queue. The geometry is copied out of the checked header when the queue is
 * attached and never read from shared memory again. */
struct wo__queue {
    struct wo__queue_head *head; /* NULL: not open */
    int fd;                      /* the file */
    int ring_fd;                 /* the FIFO's writing end */
    int bell_fd;                 /* the FIFO's reading end; -1 on a writer's side */
    uint64_t mapped;
    uint64_t quota; /* bytes */
    uint32_t max_message;
    uint32_t flags;
    unsigned segments;
    struct wo__queue_segment segment[WO__QUEUE_SEGMENTS];
    char id[WO__QUEUE_ID_SIZE];
    bool rang; /* the last write had to ring the bell */
};

struct wo__queue_options {
    uint32_t max_message;
    uint32_t flags;
    uint64_t quota;
    int64_t read_timeout_ns;
};

/* ---- Opening and closing (queue_file.c) ------------------------------------------------------ */
/* Makes the two files in `dir` and announces the receiver. -ENOSPC, -ENOMEM, -EMFILE. */
int wo__queue_create(int dir, const struct wo__queue_options *options, struct wo__queue *q);
/* The writer's side. -ENXIO: the receiver is dead; -ENOENT: gone; -EBADMSG: not what it should be;
 * -EPROTO: of another version. */
int wo__queue_attach(int dir, const char *id, struct wo__queue *q);
/* The receiving end from descriptors that another process handed over; takes them on success. */
int wo__queue_adopt(int fd, int bell_fd, int ring_fd, const char *id, struct wo__queue *q);
/* Unmaps and closes, or only unmaps; changes nothing that others see. */
void wo__queue_detach(struct wo__queue *q);
void wo__queue_unmap(struct wo__queue *q);
/* The receiver's last act: writers fail from now on, the files go. With `shared` only when no other
 * process has the receiving end. Detaches. Returns true when the queue ended. */
bool wo__queue_end(int dir, struct wo__queue *q, bool shared);
/* Is this directory entry an announced receiver? Then its id is copied. */
bool wo__queue_is_receiver(const char *entry, char id[WO__QUEUE_ID_SIZE]);
/* Removes the files of a receiver that is dead for certain; true: it was dead. */
bool wo__queue_bury(int dir, const char *id);

/* ---- Messages (queue.c) ---------------------------------------------------------------------- */
/* 0; -E2BIG, -EDQUOT, -ENOSPC: nothing was written; -EPIPE: the receiver is gone; -EBADMSG. */
int wo__queue_write(struct wo__queue *q, const void *data, size_t size);
/* 0 and the size; -EAGAIN: empty, and the FIFO becomes readable with the next message; -EMSGSIZE:
 * and the size needed, the message stays; -EBADMSG: what was there is damaged and was dropped. */
int wo__queue_read(struct wo__queue *q, void *buffer, size_t capacity, size_t *size);
/* Just a look, which asks for nothing. */
bool wo__queue_is_empty(const struct wo__queue *q);
/* 1: it holds a message, and the FIFO is readable; 0: it is empty, and the FIFO becomes readable
 * with the next message; -EBADMSG. */
int wo__queue_check(struct wo__queue *q);
/* How many messages wait, and the next one's size (-1: none). */
int wo__queue_peek(struct wo__queue *q, uint64_t *count, int64_t *next);
/* A writer asks: is the receiver alive and the file whole? 0, -EPIPE, -EBADMSG. One or two system
 * calls. */
int wo__queue_alive(const struct wo__queue *q);
/* The file still has its full size? It is asked before a mapping that lay idle is touched. */
bool wo__queue_whole(const struct wo__queue *q);
/* For mailslot_pace.c: how long the reader should look away when the queue is empty, in ns. */
uint32_t wo__queue_suggested(const struct wo__queue *q);
void wo__queue_suggest(struct wo__queue *q, uint32_t nap_ns);
int64_t wo__queue_timeout(const struct wo__queue *q);
void wo__queue_set_timeout(struct wo__queue *q, int64_t timeout_ns);

#endif
