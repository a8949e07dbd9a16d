/* error.h: which errno means what inside the library.
 *
 * Each failure has one errno, so that src/win32/error.c maps them to Win32 codes in one table:
 *
 *   EBADF      no such handle, or one of the wrong type; a name taken by another type
 *                                                              INVALID_HANDLE 6
 *   EINVAL     an argument out of range                        INVALID_PARAMETER 87
 *   EACCES     the handle lacks the right; the file may not be opened  ACCESS_DENIED 5
 *   ENOENT     no such name, file or mailslot                  FILE_NOT_FOUND 2
 *   ENOTDIR    no such path; a backslash in an object name     PATH_NOT_FOUND 3
 *   EDOM       an object name that starts with a backslash     BAD_PATHNAME 161
 *   EEXIST     exists already                                  ALREADY_EXISTS 183
 *                                                              (files: FILE_EXISTS 80)
 *   ENAMETOOLONG                                               FILENAME_EXCED_RANGE 206
 *   EILSEQ     a malformed name                                INVALID_NAME 123
 *   ENOMEM     out of memory                                   NOT_ENOUGH_MEMORY 8
 *   EMFILE     out of handles or descriptors                   TOO_MANY_OPEN_FILES 4
 *   ENOSPC     the file system or an arena's pool is full      DISK_FULL 112
 *   EDQUOT     a mailslot's queue is at its quota              NOT_ENOUGH_QUOTA 1816
 *   ETIMEDOUT  a read timed out                                SEM_TIMEOUT 121
 *   EMSGSIZE   the next message is larger than the buffer      INSUFFICIENT_BUFFER 122
 *   E2BIG      the message is larger than the mailslot takes   BAD_LENGTH 24
 *   EPIPE      the reader is gone                              FILE_NOT_FOUND, HANDLE_EOF: as the
 *                                                              call says
 *   EPERM      not the owner; protected from close             as the call says
 *   ECHILD     the process is gone and its exit code cannot be known  as the call says
 *   EBADMSG    shared memory or a queue file is damaged        FILE_CORRUPT 1392
 *   EPROTO     shared memory of another layout version         REVISION_MISMATCH 1306
 *   ENOTSUP    this object or platform cannot do that          NOT_SUPPORTED 50
 */
#ifndef WO_ERROR_H
#define WO_ERROR_H
#include <errno.h>
#endif
