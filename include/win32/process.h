/* process.h: threads of the C runtime, whose handles can be waited for. */
#ifndef W32_PROCESS_H
#define W32_PROCESS_H

#include <stdlib.h>
#include <unistd.h>

#include "w32types.h"

#define _getpid() ((int)getpid())

W32_BEGIN
WINBASEAPI uintptr_t __cdecl _beginthread(void(__cdecl *start_address)(void *), unsigned stack_size,
                                          void *arglist);
WINBASEAPI uintptr_t __cdecl _beginthreadex(void *security, unsigned stack_size,
                                            unsigned(__stdcall *start_address)(void *),
                                            void *arglist, unsigned initflag, unsigned *thrdaddr);
WINBASEAPI DECLSPEC_NORETURN void __cdecl _endthread(void);
WINBASEAPI DECLSPEC_NORETURN void __cdecl _endthreadex(unsigned retval);
W32_END

#endif
