/* error.c: the last error, and the one table from the core's errnos to Win32 codes.
 *
 * The last error belongs to the thread. Functions that succeed leave it alone, except where
 * Windows is known to set it (creating named objects and files). */
#include "win32.h"

#include <errno.h>

static _Thread_local DWORD last_error;
static _Atomic UINT error_mode;

struct pair {
    int error;
    DWORD code;
};

static const struct pair table[] = {
    {EBADF, ERROR_INVALID_HANDLE},
    {EINVAL, ERROR_INVALID_PARAMETER},
    {EACCES, ERROR_ACCESS_DENIED},
    {EPERM, ERROR_ACCESS_DENIED},
    {EISDIR, ERROR_ACCESS_DENIED},
    {ENOENT, ERROR_FILE_NOT_FOUND},
    {ESRCH, ERROR_INVALID_PARAMETER},
    {ENOTDIR, ERROR_PATH_NOT_FOUND},
    {EEXIST, ERROR_ALREADY_EXISTS},
    {ENOTEMPTY, ERROR_DIR_NOT_EMPTY},
    {ENAMETOOLONG, ERROR_FILENAME_EXCED_RANGE},
    {EILSEQ, ERROR_INVALID_NAME},
    {ENOMEM, ERROR_NOT_ENOUGH_MEMORY},
    {EAGAIN, ERROR_NO_SYSTEM_RESOURCES},
    {EMFILE, ERROR_TOO_MANY_OPEN_FILES},
    {ENFILE, ERROR_TOO_MANY_OPEN_FILES},
    {ENOSPC, ERROR_DISK_FULL},
    {EDQUOT, ERROR_NOT_ENOUGH_QUOTA},
    {ETIMEDOUT, ERROR_SEM_TIMEOUT},
    {EMSGSIZE, ERROR_INSUFFICIENT_BUFFER},
    {ERANGE, ERROR_INSUFFICIENT_BUFFER},
    {E2BIG, ERROR_BAD_LENGTH},
    {EPIPE, ERROR_BROKEN_PIPE},
    {ECANCELED, ERROR_OPERATION_ABORTED},
    {ENOEXEC, ERROR_BAD_EXE_FORMAT},
    {EBADMSG, ERROR_FILE_CORRUPT},
    {EPROTO, ERROR_REVISION_MISMATCH},
    {ENOTSUP, ERROR_NOT_SUPPORTED},
    {ENOSYS, ERROR_CALL_NOT_IMPLEMENTED},
    {ESPIPE, ERROR_INVALID_FUNCTION},
    {EXDEV, ERROR_NOT_SAME_DEVICE},
    {EDOM, ERROR_BAD_PATHNAME},
    {EROFS, ERROR_WRITE_PROTECT},
    {EBUSY, ERROR_BUSY},
    {ETXTBSY, ERROR_SHARING_VIOLATION},
    {EFBIG, ERROR_DISK_FULL},
    {EFAULT, ERROR_NOACCESS},
    {ELOOP, ERROR_CANT_RESOLVE_FILENAME},
    {ENXIO, ERROR_INVALID_HANDLE},
    {EIO, ERROR_IO_DEVICE},
    {ECHILD, ERROR_NOT_FOUND},
};

DWORD win32_error_of(int rc)
{
    if (rc == 0)
        return ERROR_SUCCESS;
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++)
        if (table[i].error == -rc)
            return table[i].code;
    return ERROR_GEN_FAILURE;
}

BOOL win32_fail_code(DWORD code)
{
    last_error = code;
    return FALSE;
}

BOOL win32_fail(int rc)
{
    return win32_fail_code(win32_error_of(rc));
}

BOOL win32_result(int rc)
{
    return rc == 0 ? TRUE : win32_fail(rc);
}

DWORD WINAPI GetLastError(void)
{
    return last_error;
}

void WINAPI SetLastError(DWORD code)
{
    last_error = code;
}

/* There are no message boxes to switch off; the mode is only kept. */
UINT WINAPI SetErrorMode(UINT mode)
{
    return atomic_exchange(&error_mode, mode);
}

UINT WINAPI GetErrorMode(void)
{
    return atomic_load(&error_mode);
}
