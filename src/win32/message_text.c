/* message_text.c: what FormatMessage says about the codes that this library sets, and about others
 * that programs use themselves. The words are ours. */
#include "win32.h"

#include "message_text.h"

struct text {
    DWORD code;
    const char *words;
};

static const struct text texts[] = {
    {ERROR_SUCCESS, "The operation succeeded."},
    {ERROR_INVALID_FUNCTION, "The function does not apply here."},
    {ERROR_FILE_NOT_FOUND, "File not found."},
    {ERROR_PATH_NOT_FOUND, "Path not found."},
    {ERROR_TOO_MANY_OPEN_FILES, "Too many open files or handles."},
    {ERROR_ACCESS_DENIED, "Access denied."},
    {ERROR_INVALID_HANDLE, "Invalid handle."},
    {ERROR_NOT_ENOUGH_MEMORY, "Not enough memory."},
    {ERROR_BAD_ENVIRONMENT, "The environment is malformed."},
    {ERROR_BAD_FORMAT, "The format is wrong."},
    {ERROR_INVALID_ACCESS, "Invalid access code."},
    {ERROR_INVALID_DATA, "Invalid data."},
    {ERROR_OUTOFMEMORY, "Out of memory."},
    {ERROR_INVALID_DRIVE, "No such drive."},
    {ERROR_CURRENT_DIRECTORY, "The current directory cannot be removed."},
    {ERROR_NOT_SAME_DEVICE, "The file cannot be moved to another device."},
    {ERROR_NO_MORE_FILES, "There are no more files."},
    {ERROR_WRITE_PROTECT, "The medium is write-protected."},
    {ERROR_NOT_READY, "The device is not ready."},
    {ERROR_BAD_LENGTH, "The length is not acceptable."},
    {ERROR_SEEK, "The position cannot be reached."},
    {ERROR_WRITE_FAULT, "Writing to the device failed."},
    {ERROR_READ_FAULT, "Reading from the device failed."},
    {ERROR_GEN_FAILURE, "The system reported a failure."},
    {ERROR_SHARING_VIOLATION, "The file is in use by another process."},
    {ERROR_LOCK_VIOLATION, "Part of the file is locked by another process."},
    {ERROR_HANDLE_EOF, "End of file."},
    {ERROR_HANDLE_DISK_FULL, "The disk is full."},
    {ERROR_NOT_SUPPORTED, "The request is not supported."},
    {ERROR_DUP_NAME, "The name is in use already."},
    {ERROR_BAD_NETPATH, "The network path was not found."},
    {ERROR_FILE_EXISTS, "The file exists."},
    {ERROR_INVALID_PARAMETER, "Invalid parameter."},
    {ERROR_BROKEN_PIPE, "The other end of the pipe is closed."},
    {ERROR_OPEN_FAILED, "The file cannot be opened."},
    {ERROR_BUFFER_OVERFLOW, "The name is too long for the buffer."},
    {ERROR_DISK_FULL, "There is not enough space."},
    {ERROR_CALL_NOT_IMPLEMENTED, "The function is not implemented here."},
    {ERROR_SEM_TIMEOUT, "The time limit has passed."},
    {ERROR_INSUFFICIENT_BUFFER, "The buffer is too small."},
    {ERROR_INVALID_NAME, "The name is malformed."},
    {ERROR_MOD_NOT_FOUND, "Module not found."},
    {ERROR_PROC_NOT_FOUND, "Procedure not found."},
    {ERROR_WAIT_NO_CHILDREN, "There are no child processes to wait for."},
    {ERROR_NEGATIVE_SEEK, "The position would lie before the start of the file."},
    {ERROR_DIR_NOT_EMPTY, "The directory is not empty."},
    {ERROR_NOT_LOCKED, "It is not locked."},
    {ERROR_DISCARDED, "The memory has been discarded."},
    {ERROR_BAD_PATHNAME, "The path is malformed."},
    {ERROR_BUSY, "It is in use."},
    {ERROR_ALREADY_EXISTS, "It exists already."},
    {ERROR_BAD_EXE_FORMAT, "The file is not a program this system can run."},
    {ERROR_ENVVAR_NOT_FOUND, "Environment variable not found."},
    {ERROR_NO_SIGNAL_SENT, "No process received the signal."},
    {ERROR_FILENAME_EXCED_RANGE, "The name is too long."},
    {ERROR_BAD_PIPE, "The pipe's state is wrong."},
    {ERROR_PIPE_BUSY, "All instances of the pipe are busy."},
    {ERROR_NO_DATA, "The reader has closed the pipe."},
    {ERROR_PIPE_NOT_CONNECTED, "Nobody is at the other end of the pipe."},
    {ERROR_MORE_DATA, "There is more data."},
    {ERROR_NO_WORK_DONE, "There was nothing to do."},
    {WAIT_TIMEOUT, "The wait timed out."},
    {ERROR_NO_MORE_ITEMS, "There are no more items."},
    {ERROR_DIRECTORY, "The name is not a directory."},
    {ERROR_NOT_OWNER, "The caller does not own the mutex."},
    {ERROR_TOO_MANY_POSTS, "The semaphore's count would exceed its maximum."},
    {ERROR_MR_MID_NOT_FOUND, "There is no text for that message number."},
    {ERROR_INVALID_ADDRESS, "Invalid address."},
    {ERROR_PIPE_CONNECTED, "The pipe is connected."},
    {ERROR_PIPE_LISTENING, "The pipe waits for the other end."},
    {ERROR_OPERATION_ABORTED, "The operation was cancelled."},
    {ERROR_IO_INCOMPLETE, "The overlapped operation has not ended yet."},
    {ERROR_IO_PENDING, "The overlapped operation goes on."},
    {ERROR_NOACCESS, "The memory cannot be accessed."},
    {ERROR_INVALID_FLAGS, "Invalid flags."},
    {ERROR_NO_UNICODE_TRANSLATION, "The text is not valid in its encoding."},
    {ERROR_IO_DEVICE, "The device reported an input or output error."},
    {ERROR_POSSIBLE_DEADLOCK, "A deadlock is possible."},
    {ERROR_NOT_FOUND, "Not found."},
    {ERROR_CANCELLED, "Cancelled by the user."},
    {ERROR_REVISION_MISMATCH, "The versions do not fit each other."},
    {ERROR_FILE_CORRUPT, "The file or shared memory is damaged."},
    {ERROR_NO_SYSTEM_RESOURCES, "The system has run out of resources."},
    {ERROR_TIMEOUT, "The time limit has passed."},
    {ERROR_NOT_SAME_OBJECT, "The handles lead to different objects."},
    {ERROR_INVALID_USER_BUFFER, "The buffer is not valid."},
    {ERROR_RESOURCE_DATA_NOT_FOUND, "The module has no messages."},
    {ERROR_RESOURCE_LANG_NOT_FOUND, "There are no messages in that language."},
    {ERROR_NOT_ENOUGH_QUOTA, "The quota is used up."},
    {ERROR_CANT_RESOLVE_FILENAME, "The name goes round in circles."},
};

/* HRESULTs that only wrap a Win32 code mean that code. */
const char *win32_message_text(DWORD code)
{
    if ((code & 0xFFFF0000u) == 0x80070000u)
        code &= 0xFFFF;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        if (texts[i].code == code)
            return texts[i].words;
    return NULL;
}
