/* testhook.c: the hook of the build for tests (testhook.h). */
#include "testhook.h"

#ifdef WO_TEST_HOOKS
void (*_Atomic wo__test_hook)(const char *point);
#else
/* ISO C forbids an empty file. */
extern const char wo__no_test_hooks;
#endif
