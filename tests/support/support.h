/* support.h: what every test program leans on.
 *
 * A test file defines its tests and, where it needs them, roles: functions that run in child
 * processes. A child is the test's own program started again with a role's name, so nothing has to
 * be installed and nothing is forked out of a program with threads.
 *
 *     static int role_waiter(int argc, char **argv) { …; wo_test_say("ready"); …; return 0; }
 *     static const struct wo_test_role roles[] = {{"waiter", role_waiter}, {NULL, NULL}};
 *     static const struct CMUnitTest tests[] = {cmocka_unit_test(test_one), …};
 *     WO_TEST_MAIN(tests, roles)
 *
 * Rules: assertions only in the test's own thread, never in helper threads or roles. Nothing sleeps
 * and hopes: a thread says that it is there (say, join), or wo_test_blocked proves that it sleeps.
 * Every wait here ends after WO_TEST_PATIENCE_NS with a failure, so a lost wakeup fails the test
 * and does not hang it. After every test the children still alive are killed and wo_validate() is
 * called.
 *
 * Each program runs in a runtime directory of its own, which it makes and removes. The first
 * argument, if there is one, chooses the tests whose names contain it. Environment:
 *     WAITOBJ_TEST_FULL=1    the long forms (wo_test_rounds)
 *     WAITOBJ_TEST_SEED=n    repeats the random choices of an earlier run (it prints its seed)
 *     WAITOBJ_TEST_RUNTIME   where the runtime directory is made; CTest sets it
 */
#ifndef WO_TEST_SUPPORT_H
#define WO_TEST_SUPPORT_H

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/types.h>
#include <cmocka.h>

#ifdef __cplusplus
extern "C" {
#endif

#define WO_TEST_PATIENCE_NS (UINT64_C(30) * 1000000000u)
#define WO_TEST_MS UINT64_C(1000000) /* nanoseconds in a millisecond */

/* ---- The program (main.c) ------------------------------------------------------------------- */
struct wo_test_role {
    const char *name;
    int (*run)(int argc, char **argv); /* argv[0] is the role's name; the result is the exit code */
};
int wo_test_main(int argc, char **argv, const char *group, const struct CMUnitTest *tests,
                 size_t count, const struct wo_test_role *roles);

#define WO_TEST_MAIN(tests, roles)                                                                 \
    int main(int argc, char **argv)                                                                \
    {                                                                                              \
        return wo_test_main(argc, argv, __FILE__, tests, sizeof(tests) / sizeof((tests)[0]),       \
                            roles);                                                                \
    }

/* How often to repeat: `brief` in every run, `full` under WAITOBJ_TEST_FULL=1. */
unsigned wo_test_rounds(unsigned brief, unsigned full);
/* Path of this test program. */
const char *wo_test_program(void);

/* ---- Time and chance (chance.c) -------------------------------------------------------------- */
uint64_t wo_test_now(void); /* CLOCK_MONOTONIC, ns */
/* A short pause inside a loop that polls for something; not a means of synchronization. */
void wo_test_pause(void);
/* Evaluates the condition until it holds; the test fails when it does not in good time. */
#define wo_test_eventually(condition)                                                              \
    do {                                                                                           \
        uint64_t wo_test_end_ = wo_test_now() + WO_TEST_PATIENCE_NS;                               \
        while (!(condition)) {                                                                     \
            if (wo_test_now() > wo_test_end_)                                                      \
                fail_msg("never came true: %s", #condition);                                       \
            wo_test_pause();                                                                       \
        }                                                                                          \
    } while (0)

void wo_test_seed(uint64_t seed);
uint64_t wo_test_random(void);
uint32_t wo_test_random_below(uint32_t bound); /* 0 to bound - 1 */
void wo_test_random_fill(void *buffer, size_t size);

/* ---- Helper threads (thread.c) --------------------------------------------------------------- */
typedef int64_t wo_test_body(void *arg);
struct wo_test_thread {
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t change;
    wo_test_body *body;
    void *arg;
    int64_t result;
    pid_t tid;
    bool started, finished;
};
/* Starts a thread and returns when it is about to call `body`. */
void wo_test_thread_start(struct wo_test_thread *t, wo_test_body *body, void *arg);
/* What the body returned. A thread that does not end in good time ends the whole program with a
 * message, as the test's variables are not safe from it any more. */
int64_t wo_test_thread_join(struct wo_test_thread *t);
bool wo_test_thread_finished(struct wo_test_thread *t);

/* ---- Who sleeps (blocked.c) ------------------------------------------------------------------ */
/* Waits until all these threads (or processes: their main threads) sleep in the kernel, seen
 * several times in a row at the same place. False: one did not in good time, or is gone. */
bool wo_test_all_blocked(const pid_t *tids, size_t count);
bool wo_test_blocked(pid_t tid);
/* For each of many helper threads. */
bool wo_test_threads_blocked(const struct wo_test_thread *threads, size_t count);
/* The state letter of /proc/PID/stat: R, S, T, Z, …; 0: no such process. */
char wo_test_state(pid_t pid);

/* ---- Child processes (child.c) --------------------------------------------------------------- */
struct wo_test_child {
    pid_t pid; /* 0: none, or reaped */
    int to, from;
    size_t used;
    char buffer[4096];
};
/* Starts this program again in the role, with the arguments up to a NULL. */
void wo_test_spawn(struct wo_test_child *c, const char *role, ...)
#ifdef __GNUC__
    __attribute__((sentinel))
#endif
    ;
/* Lines to and from the child, without their newline. */
void wo_test_send(struct wo_test_child *c, const char *format, ...)
#ifdef __GNUC__
    __attribute__((format(printf, 2, 3)))
#endif
    ;
/* The next line; the test fails when the child ends or says nothing in good time. The text is
 * valid until the next call. */
#define wo_test_receive(c) wo_test_receive_at(c, __FILE__, __LINE__)
#define wo_test_expect(c, text)                                                                    \
    assert_string_equal(wo_test_receive_at(c, __FILE__, __LINE__), text)
const char *wo_test_receive_at(struct wo_test_child *c, const char *file, int line);
/* Waits for the end and reaps: the exit code, or 1000 + signal number. */
int wo_test_reap(struct wo_test_child *c);
/* The child must end by itself, with this code. */
#define wo_test_expect_exit(c, code) assert_int_equal(wo_test_reap(c), code)
/* SIGKILL, then reap. */
void wo_test_kill(struct wo_test_child *c);
void wo_test_kill_all(void); /* every child that is still there */

/* In a role. Hear returns false when the test is gone; say then ends the process. */
void wo_test_say(const char *format, ...)
#ifdef __GNUC__
    __attribute__((format(printf, 1, 2)))
#endif
    ;
bool wo_test_hear(char *line, size_t size);
/* Hears one line; ends the process when the test is gone or says something else. */
void wo_test_await(const char *line);

/* ---- What is left behind (leaks.c) ----------------------------------------------------------- */
size_t wo_test_fd_count(void);      /* open descriptors of this process */
size_t wo_test_thread_count(void);  /* threads of this process */
size_t wo_test_runtime_files(void); /* files and FIFOs below the runtime directory */
void wo_test_runtime_list(void);    /* prints them */
const char *wo_test_runtime(void);  /* the runtime directory */

/* Between main.c and its neighbours. */
void wo_test_runtime_begin(void);
void wo_test_runtime_end(void);
void wo_test_child_begin(int from, int to);
void wo_test_remove_tree(const char *path);

#ifdef __cplusplus
}
#endif
#endif
