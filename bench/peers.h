/* peers.h: WinPR behind plain types, so that no Windows header meets another.
 *
 * The library is loaded with a name space of its own (RTLD_DEEPBIND): libwaitobj exports the same
 * names. All functions but winpr_load need winpr_load() to have returned a name.
 */
#ifndef BENCH_PEERS_H
#define BENCH_PEERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What it calls itself, or NULL: not there. */
const char *winpr_load(void);

void *winpr_event(bool manual, bool signaled);
void winpr_set(void *event);
uint32_t winpr_wait(void *handle, uint32_t ms);
/* A wait for auto-reset events. Version 2 does not reset them; then this does it by hand, as its
 * users must, and the name says so. */
uint32_t winpr_take(void *event, uint32_t ms);
uint32_t winpr_take_many(void **events, size_t count, bool all);
uint32_t winpr_wait_many(void **handles, size_t count, bool all, uint32_t ms);
void winpr_close(void *handle);
/* Starts a command line; its process handle. */
void *winpr_spawn(const char *command);

#define WINPR_INFINITE UINT32_MAX

#endif
