/* exitcode.h: exit codes of 32 bits on a system that keeps 8.
 *
 * A process that ends through this library leaves its whole code in an exit record, a cell of the
 * shared arena named after the process. Everybody who has a handle to the process holds the record,
 * so it lives until the last of them has gone; without holders nobody can ask, and there is none.
 * Where the shared arena cannot be had, codes have the 8 bits of the system. */
#ifndef WO_EXITCODE_H
#define WO_EXITCODE_H

#include "object.h"
#include "platform/process.h"

/* Opens the record of a process, or makes it. */
int wo__exit_record_hold(const struct wo__pid *p, struct wo__object **out);
/* Stores the code; the first one stays. 0; -EALREADY: one was there; -EBADMSG. */
int wo__exit_record_store(struct wo__object *record, uint32_t code);
/* -ENODATA: no code was stored. */
int wo__exit_record_load(struct wo__object *record, uint32_t *code);

/* Leaves this process's own exit code to whoever holds its record. */
void wo__exit_record_store_own(uint32_t code);

/* The code for a status as waitpid tells it. Signals: the NTSTATUS that Windows would end such a
 * process with, else 0xE0000000 + signal. */
uint32_t wo__exit_code_of_status(int status);
/* May `code` be what a process with that status meant? It was killed by SIGKILL, as terminating
 * does, or exited with the same low 8 bits. */
bool wo__exit_code_matches(uint32_t code, int status);

#endif
