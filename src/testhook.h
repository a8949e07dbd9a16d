/* testhook.h: points at which a test can step in.
 *
 * In the library as installed, WO__TEST_POINT is nothing. In the build for tests (WO_TEST_HOOKS),
 * each calls wo__test_hook, if set, with the point's name: the test then acts inside the window
 * that a race needs, or dies there. */
#ifndef WO_TESTHOOK_H
#define WO_TESTHOOK_H

#ifdef WO_TEST_HOOKS
/* Atomic: threads pass points while the test sets it. */
extern void (*_Atomic wo__test_hook)(const char *point);
#define WO__TEST_POINT(name)                                                                       \
    do {                                                                                           \
        void (*wo__hook_)(const char *) = wo__test_hook;                                           \
        if (wo__hook_)                                                                             \
            wo__hook_(name);                                                                       \
    } while (0)
#else
#define WO__TEST_POINT(name) ((void)0)
#endif

#endif
