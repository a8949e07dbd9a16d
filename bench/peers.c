/* peers.c: WinPR, loaded at run time. See peers.h. */
#include "peers.h"

#ifdef BENCH_WINPR

#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>
#include <winpr/handle.h>
#include <winpr/synch.h>
#include <winpr/thread.h>

#include "common.h"

extern char **environ;

static struct {
    __typeof__(&CreateEventA) create_event;
    __typeof__(&SetEvent) set_event;
    __typeof__(&ResetEvent) reset_event;
    __typeof__(&WaitForSingleObject) wait;
    __typeof__(&WaitForMultipleObjects) wait_many;
    __typeof__(&CloseHandle) close;
    __typeof__(&CreateProcessA) create_process;
} winpr;

static bool look_up(void *library, void *slot, const char *name)
{
    void *symbol = dlsym(library, name);
    memcpy(slot, &symbol, sizeof(symbol));
    return symbol != NULL;
}

static bool by_hand; /* auto-reset events are not reset by a wait */

static bool stays_set(void)
{
    void *e = winpr_event(false, false);
    winpr_set(e);
    bool stays = winpr_wait(e, 0) == 0 && winpr_wait(e, 0) == 0;
    winpr_close(e);
    return stays;
}

/* With RTLD_DEEPBIND the library sees the C library's own `environ`, not the program's copy. */
static void share_environment(void *library)
{
    char ***theirs;
    if (look_up(library, &theirs, "environ"))
        *theirs = environ;
}

const char *winpr_load(void)
{
    static bool loaded;
    if (loaded)
        return by_hand ? BENCH_WINPR_NAME ", reset by hand" : BENCH_WINPR_NAME;
    setenv("WLOG_LEVEL", "OFF", 1); /* version 2 complains on each auto-reset event */
    void *l = dlopen(BENCH_WINPR, RTLD_NOW | RTLD_LOCAL | RTLD_DEEPBIND);
    if (!l || !look_up(l, &winpr.create_event, "CreateEventA") ||
        !look_up(l, &winpr.set_event, "SetEvent") ||
        !look_up(l, &winpr.reset_event, "ResetEvent") ||
        !look_up(l, &winpr.wait, "WaitForSingleObject") ||
        !look_up(l, &winpr.wait_many, "WaitForMultipleObjects") ||
        !look_up(l, &winpr.close, "CloseHandle") ||
        !look_up(l, &winpr.create_process, "CreateProcessA"))
        return NULL;
    share_environment(l);
    loaded = true;
    by_hand = stays_set();
    return winpr_load();
}

void *winpr_event(bool manual, bool signaled)
{
    void *h = winpr.create_event(NULL, manual, signaled, NULL);
    BENCH_CHECK(h != NULL);
    return h;
}

void winpr_set(void *event)
{
    BENCH_CHECK(winpr.set_event(event));
}

uint32_t winpr_wait(void *handle, uint32_t ms)
{
    return winpr.wait(handle, ms);
}

uint32_t winpr_wait_many(void **handles, size_t count, bool all, uint32_t ms)
{
    return winpr.wait_many((DWORD)count, handles, all, ms);
}

uint32_t winpr_take(void *event, uint32_t ms)
{
    uint32_t rc = winpr.wait(event, ms);
    if (rc == 0 && by_hand)
        winpr.reset_event(event);
    return rc;
}

uint32_t winpr_take_many(void **events, size_t count, bool all)
{
    uint32_t rc = winpr.wait_many((DWORD)count, events, all, INFINITE);
    for (size_t i = 0; by_hand && rc < count && i < count; i++)
        if (all || i == rc)
            winpr.reset_event(events[i]);
    return rc;
}

void winpr_close(void *handle)
{
    winpr.close(handle);
}

void *winpr_spawn(const char *command)
{
    STARTUPINFOA startup = {.cb = sizeof(startup)};
    PROCESS_INFORMATION info;
    char line[256];
    strncpy(line, command, sizeof(line) - 1);
    line[sizeof(line) - 1] = '\0';
    BENCH_CHECK(winpr.create_process(NULL, line, NULL, NULL, FALSE, 0, NULL, NULL, &startup,
                                     &info));
    winpr.close(info.hThread);
    return info.hProcess;
}

#else

const char *winpr_load(void)
{
    return NULL;
}

void *winpr_event(bool manual, bool signaled)
{
    (void)manual;
    (void)signaled;
    return NULL;
}

void winpr_set(void *event)
{
    (void)event;
}

uint32_t winpr_wait(void *handle, uint32_t ms)
{
    (void)handle;
    return ms;
}

uint32_t winpr_wait_many(void **handles, size_t count, bool all, uint32_t ms)
{
    (void)handles;
    (void)count;
    (void)all;
    return ms;
}

uint32_t winpr_take(void *event, uint32_t ms)
{
    return winpr_wait(event, ms);
}

uint32_t winpr_take_many(void **events, size_t count, bool all)
{
    return winpr_wait_many(events, count, all, 0);
}

void winpr_close(void *handle)
{
    (void)handle;
}

void *winpr_spawn(const char *command)
{
    (void)command;
    return NULL;
}

#endif
