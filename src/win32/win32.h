/* win32.h: what the files of the Win32 face share.
 *
 * Every Win32 function is thin: check what only Windows checks, call the core, turn its negative
 * errno into a last error (error.c has the one table). Strings are UTF-8 inside; each W function
 * converts and calls its A twin, or both call one static function.
 *
 * Lock: the face has one, win32_lock, for its few tables (environment, heaps, standard handles, …).
 * It is a leaf: nothing but the C library is called under it. fork() finds it free.
 */
#ifndef WIN32_INTERNAL_H
#define WIN32_INTERNAL_H

#define WIN32_NO_STATUS /* NTSTATUS values come from ntstatus.h */
#include <windows.h>

#include <ntstatus.h>

#include "object.h"

/* ---- error.c -------------------------------------------------------------------------------- */
/* The Win32 code for a negative errno of the core. */
DWORD win32_error_of(int rc);
/* Sets the last error; FALSE, so that `return win32_fail(rc);` reads as it should. */
BOOL win32_fail(int rc);
BOOL win32_fail_code(DWORD code);
/* TRUE for 0, else win32_fail. */
BOOL win32_result(int rc);

/* ---- lock.c --------------------------------------------------------------------------------- */
void win32_lock(void);
void win32_unlock(void);

/* ---- text.c: strings of callers ------------------------------------------------------------- */
/* UTF-8 copy of a UTF-16 string, to be freed; NULL stays NULL. False and a last error when memory
 * is short. */
bool win32_narrow(const WCHAR *wide, char **narrow);
/* False, with the last error set: an object name too long for the A functions. NULL fits. */
bool win32_ansi_name_fits(const char *name);
/* UTF-16 copy of a UTF-8 string, to be freed; NULL and a last error when memory is short. */
WCHAR *win32_widen(const char *narrow);
/* Copies a result of `length` units out the way most Win32 functions do: fits with its NUL: the
 * length without it; else the size needed with it, and the last error `short_error` (0: none). */
DWORD win32_give_narrow(const char *text, char *buffer, DWORD size, DWORD short_error);
DWORD win32_give_wide(const char *text, WCHAR *buffer, DWORD size, DWORD short_error);

/* ---- handles and waits ---------------------------------------------------------------------- */
/* The flags of a handle for these attributes. */
uint32_t win32_handle_flags(const SECURITY_ATTRIBUTES *sa);
/* Absolute deadline of a timeout in ms; 0: do not block. */
uint64_t win32_deadline(DWORD ms);
/* Milliseconds of Windows, where DWORD -1 is for ever, as the core's relative nanoseconds. */
int64_t win32_timeout_ns(DWORD ms);

/* ---- files ---------------------------------------------------------------------------------- */
/* The path as the system takes it, to be freed: slashes turned, \\?\ and \\.\ gone. False and a
 * last error for NULL and "". */
bool win32_path(const char *name, char **path);
/* The last error of a failed call on a path: tells a missing file from a missing directory. */
BOOL win32_fail_path(const char *path, int rc);
/* Opens a mailslot for writing; INVALID_HANDLE_VALUE and a last error. */
HANDLE win32_mailslot_client(const char *name, DWORD access, DWORD disposition, uint32_t flags);
/* Before the program's text goes to a standard stream past stdio: what stdio still holds. */
void win32_flush_stdio(int fd);

/* ---- overlapped.c --------------------------------------------------------------------------- */
BOOL win32_overlapped_read(struct wo__object *o, void *buffer, DWORD size, DWORD *done,
                           OVERLAPPED *ov);
BOOL win32_overlapped_write(struct wo__object *o, const void *data, DWORD size, DWORD *done,
                            OVERLAPPED *ov);
/* How the end of a read or write is told: the last error for the core's result. */
DWORD win32_read_error(const struct wo__object *o, int rc);
DWORD win32_write_error(const struct wo__object *o, int rc);

/* ---- standard.c ----------------------------------------------------------------------------- */
/* The standard handle of descriptor i, if the program has asked for it or set it. */
bool win32_standard_known(int i, HANDLE *value);

/* ---- process.c ------------------------------------------------------------------------------ */
/* The nice value that stands for the priority class in these flags; 0: none. */
int win32_priority_nice(DWORD flags);

/* ---- thread.c ------------------------------------------------------------------------------- */
/* A real handle to the calling thread. */
int win32_thread_open_self(uint32_t access, uint32_t flags, wo_handle *out);

#endif
