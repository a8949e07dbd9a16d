/* message_text.h: the words for an error code, without a line end; NULL: there are none. */
#ifndef WIN32_MESSAGE_TEXT_H
#define WIN32_MESSAGE_TEXT_H

#include "windef.h"

const char *win32_message_text(DWORD code);

#endif
