/* excpt.h: __try, __except, __finally and __leave, as far as they go without the compiler's help.
 *
 * The body of __try runs; __finally runs when the body came to its end or to __leave; __except
 * never runs, because faults are signals here. Leaving a __try body with return, goto, break or
 * continue skips its __finally. In C, a __leave inside an inner loop goes on with that loop, and
 * break leaves only the __try. In C++ __try is the try that the C++ library makes of it. */
#ifndef W32_EXCPT_H
#define W32_EXCPT_H

#include "minwindef.h"

#define EXCEPTION_EXECUTE_HANDLER 1
#define EXCEPTION_CONTINUE_SEARCH 0
#define EXCEPTION_CONTINUE_EXECUTION (-1)

#ifdef __cplusplus

#include <exception>
#ifndef __try
#define __try try
#endif
#ifdef __cpp_exceptions
struct w32_leave {
};
#define __leave throw w32_leave()
#define __finally \
    catch (const w32_leave &) \
    { \
    }
#define __except(filter) \
    catch (const w32_leave &) \
    { \
    } \
    if (0 && (filter))
#else
#define __finally
#define __except(filter) else if (0 && (filter))
#endif

#else

#ifdef __try
#undef __try
#endif
#define __try for (int w32_try_ = 0; w32_try_ < 2; w32_try_++) if (w32_try_ == 0)
#define __leave continue
#define __finally else
#define __except(filter) else if (0 && (filter))

#endif

#define _try __try
#define _except __except
#define _finally __finally
#define _leave __leave
#define GetExceptionCode() ((DWORD)0)
#define _exception_code() ((DWORD)0)
#define GetExceptionInformation() ((struct _EXCEPTION_POINTERS *)NULL)
#define _exception_info() ((struct _EXCEPTION_POINTERS *)NULL)
#define AbnormalTermination() (0)
#define _abnormal_termination() (0)

#endif
