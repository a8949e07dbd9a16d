/* child.h: what a child does between its birth and the program it runs.
 *
 * On Linux the child shares its parent's memory meanwhile: it writes nothing but its own stack and
 * errno, and calls only plain system call wrappers. The attribute keeps sanitizers from recording
 * its stack, which is left without returning. */
#ifndef WO_CHILD_H
#define WO_CHILD_H

#include "platform/process.h"

#define WO__CHILD_CODE __attribute__((noinline, no_sanitize_address, no_sanitize_thread))
#ifdef __has_attribute
#if __has_attribute(disable_sanitizer_instrumentation)
#undef WO__CHILD_CODE
#define WO__CHILD_CODE __attribute__((noinline, disable_sanitizer_instrumentation))
#endif
#endif

/* Session, group, priority, directory, descriptors 0 to 2. 0 or a negative errno. */
int wo__child_setup(const struct wo__spawn_plan *plan);
/* Closes, with `drop`, every descriptor from 3 up that is marked close-on-exec, except one: for a
 * child that is kept back before exec, so that it keeps no pipe, lock or FIFO of its parent
 * alive. */
void wo__child_drop_descriptors(int except, void (*drop)(int fd));
/* Blocks until the gate opens; false: it was closed instead. */
bool wo__child_pass_gate(int gate);

/* Moves the ends of a fresh close-on-exec pipe out of the way of 0 to 2; closes both on failure. */
int wo__gate_adopt(const int raw[2], int ends[2]);

#endif
