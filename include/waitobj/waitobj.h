/* waitobj/waitobj.h: the whole native face. */
#ifndef WAITOBJ_H
#define WAITOBJ_H

#include "types.h"
#include "wait.h"
#include "event.h"
#include "process.h"
#include "mailslot.h"
#include "runtime.h"

#endif
