/* thread.c: helper threads, joined with a time limit. `lock` guards started, finished, tid and
 * result. */
#include <stdlib.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>
#include "support.h"

static void *run(void *arg)
{
    struct wo_test_thread *t = arg;
    pthread_mutex_lock(&t->lock);
    t->tid = (pid_t)syscall(SYS_gettid);
    t->started = true;
    pthread_cond_broadcast(&t->change);
    pthread_mutex_unlock(&t->lock);

    int64_t result = t->body(t->arg);

    pthread_mutex_lock(&t->lock);
    t->result = result;
    t->finished = true;
    pthread_cond_broadcast(&t->change);
    pthread_mutex_unlock(&t->lock);
    return NULL;
}

static struct timespec to_timespec(uint64_t ns)
{
    struct timespec t = {(time_t)(ns / 1000000000u), (long)(ns % 1000000000u)};
    return t;
}

/* Waits for one of the two flags. */
static bool wait_for(struct wo_test_thread *t, const bool *flag)
{
    struct timespec end = to_timespec(wo_test_now() + WO_TEST_PATIENCE_NS);
    int rc = 0;
    pthread_mutex_lock(&t->lock);
    while (!*flag && rc == 0)
        rc = pthread_cond_timedwait(&t->change, &t->lock, &end);
    bool seen = *flag;
    pthread_mutex_unlock(&t->lock);
    return seen;
}

static void give_up(const char *what)
{
    fprintf(stderr, "a helper thread did not %s: lost wakeup or deadlock\n", what);
    fflush(stdout);
    abort();
}

void wo_test_thread_start(struct wo_test_thread *t, wo_test_body *body, void *arg)
{
    pthread_condattr_t attr;
    memset(t, 0, sizeof(*t));
    t->body = body;
    t->arg = arg;
    pthread_mutex_init(&t->lock, NULL);
    pthread_condattr_init(&attr);
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    pthread_cond_init(&t->change, &attr);
    pthread_condattr_destroy(&attr);
    assert_int_equal(pthread_create(&t->thread, NULL, run, t), 0);
    if (!wait_for(t, &t->started))
        give_up("start");
}

int64_t wo_test_thread_join(struct wo_test_thread *t)
{
    if (!wait_for(t, &t->finished))
        give_up("end");
    pthread_join(t->thread, NULL);
    pthread_cond_destroy(&t->change);
    pthread_mutex_destroy(&t->lock);
    return t->result;
}

bool wo_test_thread_finished(struct wo_test_thread *t)
{
    pthread_mutex_lock(&t->lock);
    bool finished = t->finished;
    pthread_mutex_unlock(&t->lock);
    return finished;
}
