/* intrin.h: intrinsic functions of the Microsoft compiler: interlocked ones (winnt.h), barriers,
 * bit scans. */
#ifndef W32_INTRIN_H
#define W32_INTRIN_H

/* With _WIN32 defined, the compiler's own header would ask for more of Windows. */
#if (defined(__x86_64__) || defined(__i386__)) && !defined(_WIN32)
#include <x86intrin.h>
#endif

#include "winnt.h"

#define _ReadWriteBarrier() __asm__ volatile("" ::: "memory")
#define _ReadBarrier() _ReadWriteBarrier()
#define _WriteBarrier() _ReadWriteBarrier()
#define __debugbreak() __builtin_trap()
#define __nop() __asm__ volatile("nop")

static __inline__ unsigned char w32_scan_forward(DWORD *index, DWORD mask)
{
    if (mask == 0)
        return 0;
    *index = (DWORD)__builtin_ctz(mask);
    return 1;
}

static __inline__ unsigned char w32_scan_reverse(DWORD *index, DWORD mask)
{
    if (mask == 0)
        return 0;
    *index = 31 - (DWORD)__builtin_clz(mask);
    return 1;
}

static __inline__ unsigned char w32_scan_forward64(DWORD *index, ULONGLONG mask)
{
    if (mask == 0)
        return 0;
    *index = (DWORD)__builtin_ctzll(mask);
    return 1;
}

static __inline__ unsigned char w32_scan_reverse64(DWORD *index, ULONGLONG mask)
{
    if (mask == 0)
        return 0;
    *index = 63 - (DWORD)__builtin_clzll(mask);
    return 1;
}

#define _BitScanForward w32_scan_forward
#define _BitScanReverse w32_scan_reverse
#define _BitScanForward64 w32_scan_forward64
#define _BitScanReverse64 w32_scan_reverse64

#endif
