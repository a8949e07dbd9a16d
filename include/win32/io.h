/* io.h: file descriptors. Text and binary mode are the same here. */
#ifndef W32_IO_H
#define W32_IO_H

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "minwindef.h"

#define _O_TEXT 0
#define _O_BINARY 0
#ifndef O_TEXT
#define O_TEXT 0
#define O_BINARY 0
#endif
#define _O_RDONLY O_RDONLY
#define _O_WRONLY O_WRONLY
#define _O_RDWR O_RDWR
#define _O_APPEND O_APPEND
#define _O_CREAT O_CREAT
#define _O_TRUNC O_TRUNC
#define _O_EXCL O_EXCL

#define _setmode(fd, mode) ((void)(fd), (void)(mode), 0)
#define _access access
#define _close close
#define _dup dup
#define _dup2 dup2
#define _isatty isatty
#define _lseek lseek
#define _open open
#define _read read
#define _unlink unlink
#define _write write

#endif
