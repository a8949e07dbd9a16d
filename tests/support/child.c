/* child.c: child processes in roles, and the lines that tests and roles exchange.
 *
 * Two pipes per child. In the child they have fixed numbers, out of the way of what tests do with
 * descriptors, and are closed on exec. The list of living children belongs to the test's thread;
 * it holds copies, as a failed test's variables are gone when its children are killed. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>
#include "support.h"

extern char **environ;

enum { CHILD_READ = 60, CHILD_WRITE = 61, MAX_ARGS = 32, EXIT_ALONE = 99 };

struct living {
    pid_t pid;
    int to, from;
    struct living *next;
};
static struct living *living;
static struct wo_test_child parent = {.to = -1, .from = -1}; /* in a role: the way to the test */

static void pipe_high(int fds[2])
{
    int low[2];
    assert_int_equal(pipe(low), 0);
    for (int i = 0; i < 2; i++) {
        fds[i] = fcntl(low[i], F_DUPFD_CLOEXEC, CHILD_WRITE + 1);
        assert_true(fds[i] >= 0);
        close(low[i]);
    }
}

static int start(struct wo_test_child *c, char **argv, int rd, int wr)
{
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, rd, CHILD_READ);
    posix_spawn_file_actions_adddup2(&actions, wr, CHILD_WRITE);
    int rc = posix_spawn(&c->pid, wo_test_program(), &actions, NULL, argv, environ);
    posix_spawn_file_actions_destroy(&actions);
    return rc;
}

static void remember(const struct wo_test_child *c)
{
    struct living *l = malloc(sizeof(*l));
    if (!l)
        abort();
    *l = (struct living){c->pid, c->to, c->from, living};
    living = l;
}

/* Takes it off the list and closes its pipes. */
static void forget(pid_t pid)
{
    struct living **p = &living, *l;
    while ((l = *p) != NULL && l->pid != pid)
        p = &l->next;
    if (!l)
        return;
    *p = l->next;
    close(l->to);
    close(l->from);
    free(l);
}

void wo_test_spawn(struct wo_test_child *c, const char *role, ...)
{
    char rd[16], wr[16];
    char *argv[MAX_ARGS + 6] = {(char *)wo_test_program(), (char *)"--role", rd, wr, (char *)role};
    int n = 5, down[2], up[2];
    va_list ap;
    snprintf(rd, sizeof(rd), "%d", CHILD_READ);
    snprintf(wr, sizeof(wr), "%d", CHILD_WRITE);
    va_start(ap, role);
    while ((argv[n] = va_arg(ap, char *)) != NULL)
        assert_true(++n < MAX_ARGS + 5);
    va_end(ap);

    memset(c, 0, sizeof(*c));
    pipe_high(down);
    pipe_high(up);
    int rc = start(c, argv, down[0], up[1]);
    close(down[0]);
    close(up[1]);
    c->to = down[1];
    c->from = up[0];
    if (rc != 0)
        fail_msg("cannot start %s: %s", argv[0], strerror(rc));
    remember(c);
}

/* Writes everything; false when nobody reads. SIGPIPE stays as the test has it set: it is blocked
 * for this thread meanwhile and taken away. */
static bool write_line(int fd, const char *format, va_list ap)
{
    char line[4096];
    sigset_t pipe_signal, before;
    struct timespec now = {0, 0};
    int n = vsnprintf(line, sizeof(line) - 1, format, ap);
    size_t size = n < 0 ? 0 : (size_t)n < sizeof(line) - 1 ? (size_t)n : sizeof(line) - 2;
    line[size++] = '\n';
    sigemptyset(&pipe_signal);
    sigaddset(&pipe_signal, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &pipe_signal, &before);
    ssize_t done;
    do
        done = write(fd, line, size); /* up to PIPE_BUF bytes go as one */
    while (done < 0 && errno == EINTR);
    if (done < 0 && errno == EPIPE)
        sigtimedwait(&pipe_signal, NULL, &now);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return done == (ssize_t)size;
}

void wo_test_send(struct wo_test_child *c, const char *format, ...)
{
    va_list ap;
    va_start(ap, format);
    bool ok = write_line(c->to, format, ap);
    va_end(ap);
    if (!ok)
        fail_msg("child %d does not listen any more", (int)c->pid);
}

/* Takes one line out of the buffer. */
static bool take_line(struct wo_test_child *c, char *line, size_t size)
{
    char *end = memchr(c->buffer, '\n', c->used);
    if (!end)
        return false;
    *end = 0;
    snprintf(line, size, "%s", c->buffer);
    c->used -= (size_t)(end + 1 - c->buffer);
    memmove(c->buffer, end + 1, c->used);
    return true;
}

/* One line; 0, or -EPIPE at the end, -ETIMEDOUT, -EMSGSIZE. timeout_ms < 0: no limit. */
static int read_line(struct wo_test_child *c, char *line, size_t size, int timeout_ms)
{
    while (!take_line(c, line, size)) {
        struct pollfd p = {c->from, POLLIN, 0};
        if (c->used == sizeof(c->buffer))
            return -EMSGSIZE;
        int rc = poll(&p, 1, timeout_ms);
        if (rc == 0)
            return -ETIMEDOUT;
        ssize_t n = read(c->from, c->buffer + c->used, sizeof(c->buffer) - c->used);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return -EPIPE;
        c->used += (size_t)n;
    }
    return 0;
}

const char *wo_test_receive_at(struct wo_test_child *c, const char *file, int line)
{
    static char text[4096];
    int rc = read_line(c, text, sizeof(text), (int)(WO_TEST_PATIENCE_NS / WO_TEST_MS));
    if (rc != 0) {
        print_error("child %d: %s (state %c)\n", (int)c->pid,
                    rc == -ETIMEDOUT ? "says nothing" : "ended", wo_test_state(c->pid));
        _fail(file, line);
    }
    return text;
}

int wo_test_reap(struct wo_test_child *c)
{
    uint64_t end = wo_test_now() + WO_TEST_PATIENCE_NS;
    int status;
    pid_t pid;
    while ((pid = waitpid(c->pid, &status, WNOHANG)) == 0 && wo_test_now() < end)
        wo_test_pause();
    if (pid == 0)
        fail_msg("child %d does not end", (int)c->pid);
    assert_int_equal(pid, c->pid);
    forget(pid);
    c->pid = 0;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status);
}

static void kill_now(pid_t pid)
{
    kill(pid, SIGKILL);
    while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
        ;
    forget(pid);
}

void wo_test_kill(struct wo_test_child *c)
{
    if (c->pid > 0)
        kill_now(c->pid);
    c->pid = 0;
}

void wo_test_kill_all(void)
{
    while (living)
        kill_now(living->pid);
}

void wo_test_child_begin(int from, int to)
{
    parent.from = from;
    parent.to = to;
    fcntl(from, F_SETFD, FD_CLOEXEC);
    fcntl(to, F_SETFD, FD_CLOEXEC);
}

void wo_test_say(const char *format, ...)
{
    va_list ap;
    va_start(ap, format);
    bool ok = write_line(parent.to, format, ap);
    va_end(ap);
    if (!ok)
        _exit(EXIT_ALONE);
}

bool wo_test_hear(char *line, size_t size)
{
    return read_line(&parent, line, size, -1) == 0;
}

void wo_test_await(const char *line)
{
    char heard[4096];
    if (!wo_test_hear(heard, sizeof(heard)))
        _exit(EXIT_ALONE);
    if (strcmp(heard, line) != 0) {
        fprintf(stderr, "role: expected '%s', heard '%s'\n", line, heard);
        _exit(EXIT_ALONE);
    }
}
