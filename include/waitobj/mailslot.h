/* waitobj/mailslot.h: mailslots, one-way messages to one or many local processes.
 *
 * A mailslot has a name on a computer of a domain; a directory is the address. Whoever owns it
 * reads whole messages in order; whoever knows the address writes them. A mailslot is signaled
 * while it holds a message, so it can stand in any wait.
 *
 * Addresses, case-insensitive, UTF-8; "/" may be written for "\":
 *   \\.\mailslot\[path\]name          this computer
 *   \\COMPUTER\mailslot\[path\]name   that computer
 *   \\DOMAIN\mailslot\[path\]name     every computer of the domain
 *   \\*\mailslot\[path\]name          every computer of this computer's domain
 *
 * A "computer" is the host name, unless wo_mailslot_set_computer or $WAITOBJ_COMPUTER says
 * otherwise; the domain is "WORKGROUP", unless set likewise ($WAITOBJ_DOMAIN).
 */
#ifndef WAITOBJ_MAILSLOT_H
#define WAITOBJ_MAILSLOT_H

#include "types.h"

#ifdef __cplusplus
extern "C" {
#endif

struct wo_mailslot_options {
    uint32_t max_message;     /* largest message in bytes; 0: any */
    int64_t read_timeout_ns;  /* how long a read waits; 0: not at all; negative: for ever */
    uint64_t quota;           /* how many bytes may lie unread, a message counting with its size
                                 rounded up to 8 and 8 more; 0: the default, 64 MiB; at most 8 GiB */
    unsigned flags;           /* WO_MAILSLOT_SHARED, WO_INHERIT */
};
/* Any number of processes on this computer may create it shared; each receives every message. */
#define WO_MAILSLOT_SHARED 1u

/* Creates a mailslot on this computer and owns it. `name`: \\.\mailslot\… ; options may be NULL
 * (any size, wait for ever, default quota).
 * Returns 0; -EEXIST: somebody owns it, in a way that excludes ours; -EILSEQ: malformed name;
 * -ENOTDIR: NULL name; -ENAMETOOLONG; -EINVAL; -ENOMEM, -EMFILE, -ENOSPC; -EPERM: see event.h. */
WO_API int wo_mailslot_create(wo_handle *out, const char *name,
                              const struct wo_mailslot_options *options);

/* Opens an address for writing. -ENOENT: nobody owns it (this computer, or one that exists);
 * addresses of domains always open. A name that is both is the computer's. A handle for a mailslot
 * of this computer that one owner has stays with that owner; all others follow who comes and goes.
 * Else as wo_mailslot_create; -EBADMSG, -EPROTO: the owner's files are damaged, or of another
 * version. */
WO_API int wo_mailslot_open(wo_handle *out, const char *address);

/* Reads one whole message. timeout_ns as in wo_wait, or WO_MAILSLOT_TIMEOUT: the mailslot's own.
 * Returns 0 and its size (which may be 0); -ETIMEDOUT; -EMSGSIZE: the buffer is too small, the
 * message stays, *size tells what is needed (the one output written on failure); -EBADF, also when
 * the last handle is closed while the read waits; -EACCES; -EBADMSG: a message was damaged, and
 * what was queued has been dropped. */
#define WO_MAILSLOT_TIMEOUT INT64_MIN
WO_API int wo_mailslot_read(wo_handle h, void *buffer, size_t capacity, int64_t timeout_ns,
                            size_t *size);

/* Writes one message. Never blocks on a slow reader. To a domain: succeeds, whoever receives it.
 * Returns 0; -E2BIG: larger than the slot takes; -EDQUOT: the reader is too far behind, nothing was
 * written; -EPIPE: the owner is gone; -ENOSPC; -EBADF; -EACCES; -EINVAL: no data, but a size;
 * -ENOMEM, -EMFILE: no room to find the receivers; -EBADMSG: the owner's files are damaged. */
WO_API int wo_mailslot_write(wo_handle h, const void *data, size_t size);

struct wo_mailslot_info {
    uint32_t max_message;     /* 0: any */
    int64_t next_size;        /* size of the next message, -1: there is none */
    uint64_t count;           /* messages waiting */
    int64_t read_timeout_ns;  /* negative: for ever */
};
/* For the owner's handle. Return 0; -EBADF; -EACCES: a writer's handle; -EINVAL: no `info`;
 * -EBADMSG. */
WO_API int wo_mailslot_info(wo_handle h, struct wo_mailslot_info *info);
WO_API int wo_mailslot_set_read_timeout(wo_handle h, int64_t timeout_ns);

/* Which computer and domain this process is. NULL: unchanged. Affects later creates and opens.
 * -EINVAL: empty, longer than 63 bytes, or with a control character, '/', '\' or '*'. */
WO_API int wo_mailslot_set_computer(const char *computer, const char *domain);

#ifdef __cplusplus
}
#endif
#endif
