/* lock.c: the lock of the Win32 face's tables; see win32.h. */
#include "win32.h"

#include <pthread.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

void win32_lock(void)
{
    pthread_mutex_lock(&lock);
}

void win32_unlock(void)
{
    pthread_mutex_unlock(&lock);
}

__attribute__((constructor)) static void survive_fork(void)
{
    (void)pthread_atfork(win32_lock, win32_unlock, win32_unlock);
}
