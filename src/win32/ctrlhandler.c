/* ctrlhandler.c: SetConsoleCtrlHandler.
 *
 * Windows calls the handlers in a thread made for the purpose, and programs rely on it: a typical
 * handler calls SetEvent, which no signal handler could. So the first handler that a program adds
 * starts such a thread, the only one the library ever starts. A signal handler for SIGINT, SIGQUIT,
 * SIGTERM and SIGHUP writes the signal's number into a pipe, and the thread reads it. Signal masks
 * stay as they are, and started programs begin with the default actions.
 *
 * win32_lock guards `ctrl`; `wake_fd` is written before the first signal handler is installed.
 */
#include "win32.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "platform.h"

enum { MAX_HANDLERS = 32 };

static struct {
    PHANDLER_ROUTINE handlers[MAX_HANDLERS];
    int count;
    bool started;
} ctrl;

static const int signals[] = {SIGINT, SIGQUIT, SIGTERM, SIGHUP};
enum { SIGNALS = sizeof signals / sizeof signals[0] };

static int wake_fd = -1;
static pid_t owner; /* a fork()ed child has no such thread */

static void on_signal(int number)
{
    int saved = errno;
    if (getpid() == owner) {
        unsigned char byte = (unsigned char)number;
        ssize_t n = write(wake_fd, &byte, 1);
        (void)n; /* full: as many signals are waiting already */
    } else {
        (void)signal(number, SIG_DFL);
        (void)raise(number);
    }
    errno = saved;
}

static void install(int number, void (*action)(int))
{
    struct sigaction how = {.sa_handler = action, .sa_flags = SA_RESTART};
    (void)sigemptyset(&how.sa_mask);
    (void)sigaction(number, &how, NULL);
}

static DWORD event_of(int number)
{
    switch (number) {
    case SIGINT:
        return CTRL_C_EVENT;
    case SIGQUIT:
        return CTRL_BREAK_EVENT;
    case SIGHUP:
        return CTRL_CLOSE_EVENT;
    default:
        return CTRL_SHUTDOWN_EVENT;
    }
}

/* The newest handler is asked first; the first that says TRUE ends it. */
static bool call_handlers(DWORD event)
{
    PHANDLER_ROUTINE copy[MAX_HANDLERS];
    win32_lock();
    int n = ctrl.count;
    memcpy(copy, ctrl.handlers, sizeof copy);
    win32_unlock();
    while (n > 0)
        if (copy[--n](event))
            return true;
    return false;
}

/* The next signal's number, 0 when there will be none. */
static int next_signal(int fd)
{
    unsigned char number;
    struct pollfd p = {.fd = fd, .events = POLLIN};
    ssize_t n = -1;
    while (n < 0 && wo__poll(&p, 1, WO__NEVER) > 0) {
        n = read(fd, &number, 1);
        if (n < 0 && errno != EINTR && errno != EAGAIN)
            return 0;
    }
    return n == 1 ? number : 0;
}

static void *ctrl_thread(void *arg)
{
    int number;
    while ((number = next_signal((int)(intptr_t)arg)) != 0)
        if (!call_handlers(event_of(number)))
            ExitProcess((UINT)STATUS_CONTROL_C_EXIT);
    return NULL;
}

static int make_pipe(int fds[2])
{
    if (pipe(fds) < 0)
        return -errno;
    (void)fcntl(fds[0], F_SETFD, FD_CLOEXEC);
    (void)fcntl(fds[1], F_SETFD, FD_CLOEXEC);
    (void)fcntl(fds[1], F_SETFL, O_NONBLOCK);
    return 0;
}

static int start(void)
{
    pthread_t thread;
    int fds[2];
    int rc = make_pipe(fds);
    if (rc < 0)
        return rc;
    rc = -pthread_create(&thread, NULL, ctrl_thread, (void *)(intptr_t)fds[0]);
    if (rc < 0) {
        (void)close(fds[0]);
        (void)close(fds[1]);
        return rc;
    }
    (void)pthread_detach(thread);
    wake_fd = fds[1];
    owner = getpid();
    for (int i = 0; i < SIGNALS; i++)
        install(signals[i], on_signal);
    return 0;
}

static bool first_handler(void)
{
    win32_lock();
    bool first = !ctrl.started;
    ctrl.started = true;
    win32_unlock();
    return first;
}

static BOOL add_handler(PHANDLER_ROUTINE handler)
{
    win32_lock();
    bool room = ctrl.count < MAX_HANDLERS;
    if (room)
        ctrl.handlers[ctrl.count++] = handler;
    win32_unlock();
    if (!room)
        return win32_fail_code(ERROR_NOT_ENOUGH_MEMORY);
    return win32_result(first_handler() ? start() : 0);
}

static BOOL remove_handler(PHANDLER_ROUTINE handler)
{
    win32_lock();
    int i = ctrl.count - 1;
    while (i >= 0 && ctrl.handlers[i] != handler)
        i--;
    if (i >= 0) {
        ctrl.count--;
        memmove(&ctrl.handlers[i], &ctrl.handlers[i + 1],
                (size_t)(ctrl.count - i) * sizeof ctrl.handlers[0]);
    }
    win32_unlock();
    return i >= 0 ? TRUE : win32_fail_code(ERROR_INVALID_PARAMETER);
}

/* Without a handler: Ctrl+C is ignored or not, by this process and those it starts. */
static BOOL ignore_ctrl_c(bool ignore)
{
    win32_lock();
    bool handled = ctrl.started;
    win32_unlock();
    install(SIGINT, ignore ? SIG_IGN : handled ? on_signal : SIG_DFL);
    return TRUE;
}

BOOL WINAPI SetConsoleCtrlHandler(PHANDLER_ROUTINE handler, BOOL add)
{
    if (!handler)
        return ignore_ctrl_c(add);
    return add ? add_handler(handler) : remove_handler(handler);
}
