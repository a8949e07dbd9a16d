/* platform.h: the contract between the library and the operating system.
 *
 * Two implementations: platform/linux (futex, eventfd, open file description locks, pidfd) and
 * platform/posix (condition variables, semaphores, pipes, record locks, waitid). CMake picks one;
 * nothing outside platform/ tests for an operating system. platform/process.h is the part about
 * processes.
 *
 * Everything here returns 0 or a negative errno unless it says otherwise.
 */
#ifndef WO_PLATFORM_H
#define WO_PLATFORM_H

#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct pollfd;

/* A deadline that never comes. */
#define WO__NEVER UINT64_MAX

/* Nanoseconds of CLOCK_MONOTONIC. */
uint64_t wo__clock_now(void);

/* ---- Parking: a thread sleeps until a word changes ------------------------------------------
 *
 * A park belongs to one waiting thread. Whoever changes the word wakes the park afterwards; a
 * sleeper whose word no longer has the expected value does not go to sleep, so no wake is lost.
 * A private park may be woken long after its wait has ended, so it is initialised once and reused;
 * a shared one is initialised afresh for each owner.
 * With `shared` the park and the word lie in memory mapped by several processes, and a killed
 * process must not damage anybody else's park. */
struct wo__park {
    _Alignas(16) unsigned char bytes[96];
};
void wo__park_init(struct wo__park *park, bool shared);
/* Returns when *word != expected was seen, the deadline has passed, or for no reason. */
void wo__park_wait(struct wo__park *park, _Atomic uint32_t *word, uint32_t expected,
                   uint64_t deadline, bool shared);
/* True when a sleeper was certainly woken: proof that its process lives. False proves nothing. */
bool wo__park_wake(struct wo__park *park, _Atomic uint32_t *word, bool shared);

/* ---- The shared arena's lock ---------------------------------------------------------------- */
struct wo__lock {
    _Alignas(16) unsigned char bytes[64];
};
/* Does the process of that owner live? */
typedef bool wo__lock_alive(void *context, uint32_t owner);
int wo__lock_init(struct wo__lock *lock);
/* `owner`: not 0, below 2^30, this process's number; no other process gets it as long as anybody may still
 * think of this one. 0; -EOWNERDEAD: taken over from a holder that
 * died with it after wo__lock_begun. Not recursive. */
int wo__lock_take(struct wo__lock *lock, uint32_t owner, wo__lock_alive *alive, void *context);
/* The holder starts to change things: from here to the end of wo__lock_give its death is reported
 * to the next one. */
void wo__lock_begun(struct wo__lock *lock);
/* Gives the lock, and wakes a shared park (NULL: none). A process killed meanwhile has given the
 * lock and woken the park, or else not given the lock. */
void wo__lock_give(struct wo__lock *lock, struct wo__park *park, _Atomic uint32_t *word);
/* True: nobody has it at this moment. False: somebody has, or the platform cannot tell. */
bool wo__lock_is_free(struct wo__lock *lock);

/* ---- Bells: a descriptor that another thread of this process makes readable ----------------- */
struct wo__bell {
    int rd; /* poll this for POLLIN; -1: not open */
    int wr;
};
int wo__bell_open(struct wo__bell *bell);
void wo__bell_ring(const struct wo__bell *bell);

/* Poll until a deadline; like poll(2), but no EINTR and a deadline (rounded up to whole
 * milliseconds). Returns the number ready, 0 at the deadline, or a negative errno. Not a
 * cancellation point. */
int wo__poll(struct pollfd *fds, size_t count, uint64_t deadline);

/* ---- Presence: a lock on one byte of a file that dies with its process ---------------------- */
/* Takes the byte, exclusively or shared; with `wait` blocks until it can, else -EAGAIN. */
int wo__presence_take(int fd, uint64_t byte, bool exclusive, bool wait);
void wo__presence_drop(int fd, uint64_t byte);
/* Does anybody else hold any of `count` bytes from `byte`? 1, 0 or a negative errno. */
int wo__presence_held(int fd, uint64_t byte, uint64_t count);
/* True when a presence taken through fd before fork() is the child's too. */
extern const bool wo__presence_survives_fork;

/* ---- Space ---------------------------------------------------------------------------------- */
/* Makes sure [offset, offset + length) of the file has memory behind it: later stores to a mapping
 * of it cannot fail. -ENOSPC when it has not. */
int wo__space_reserve(int fd, uint64_t offset, uint64_t length);
/* Gives the memory behind a range back where the system can; its content is lost. Returns true
 * when it did: the range then needs wo__space_reserve again. */
bool wo__space_discard(int fd, uint64_t offset, uint64_t length);

/* ftruncate; -ENOSPC also where a limit on file sizes says no. */
int wo__truncate(int fd, uint64_t size);

/* ---- Small things --------------------------------------------------------------------------- */
/* Around system calls that raise a signal in the calling thread when they fail (SIGPIPE, SIGXFSZ):
 * takes it back if they raised it. The thread is not cancelled in between. */
struct wo__quiet {
    sigset_t one, before;
    int signal, cancel;
    bool was_pending;
};
void wo__quiet_begin(struct wo__quiet *q, int signal);
void wo__quiet_end(struct wo__quiet *q, bool raised);
/* Moves a new descriptor out of 0 to 2: those are other people's standard streams, even when they
 * are closed just now. A descriptor, or -1 and errno. */
int wo__above_standard(int fd);
/* Opens a path below `dir` with the flags, O_CLOEXEC and O_NOFOLLOW. Returns a descriptor >= 3. */
int wo__open_at(int dir, const char *name, int flags, mode_t mode);
/* Writes to a FIFO or pipe without ever raising SIGPIPE. Bytes written or a negative errno. */
ssize_t wo__write_nosignal(int fd, const void *data, size_t size);
/* Short name of the platform: part of the arena's file name, as the layouts differ. */
extern const char wo__platform_name[];

#endif
