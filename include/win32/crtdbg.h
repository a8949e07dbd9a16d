/* crtdbg.h: assertions; the debug heap's calls do nothing (a sanitizer does that work). */
#ifndef W32_CRTDBG_H
#define W32_CRTDBG_H

#include <assert.h>

#define _ASSERT(e) assert(e)
#define _ASSERTE(e) assert(e)
#define _ASSERT_EXPR(e, message) assert(e)

#define _CRT_WARN 0
#define _CRT_ERROR 1
#define _CRT_ASSERT 2
#define _CRTDBG_MODE_FILE 0x1
#define _CRTDBG_MODE_DEBUG 0x2
#define _CRTDBG_MODE_WNDW 0x4
#define _CRTDBG_REPORT_FLAG (-1)
#define _CRTDBG_ALLOC_MEM_DF 0x01
#define _CRTDBG_DELAY_FREE_MEM_DF 0x02
#define _CRTDBG_CHECK_ALWAYS_DF 0x04
#define _CRTDBG_CHECK_CRT_DF 0x10
#define _CRTDBG_LEAK_CHECK_DF 0x20
#define _CRTDBG_FILE_STDOUT ((void *)-4)
#define _CRTDBG_FILE_STDERR ((void *)-5)

#define _CrtCheckMemory() 1
#define _CrtDumpMemoryLeaks() 0
#define _CrtSetBreakAlloc(n) ((void)(n), 0)
#define _CrtSetDbgFlag(flags) ((void)(flags), 0)
#define _CrtSetReportFile(type, file) ((void)(type), (void)(file), (void *)0)
#define _CrtSetReportMode(type, mode) ((void)(type), (void)(mode), 0)

#endif
