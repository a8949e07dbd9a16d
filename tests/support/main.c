/* main.c: a test program's main: roles, the choice of tests, and what is checked after each test.
 *
 * cmocka calls setup, test and teardown of one test after the other, in order. Ours stand in the
 * array's copy and call the test's own through `current`. */
#include <limits.h>
#include <stdlib.h>
#include <unistd.h>
#include "support.h"
#include "waitobj/runtime.h"

#define ROLE_OPTION "--role"

static const struct CMUnitTest **originals;
static size_t current;
static char program[PATH_MAX];

const char *wo_test_program(void)
{
    return program;
}

unsigned wo_test_rounds(unsigned brief, unsigned full)
{
    const char *s = getenv("WAITOBJ_TEST_FULL");
    return s && *s && strcmp(s, "0") != 0 ? full : brief;
}

static void find_program(const char *argv0)
{
    ssize_t n = readlink("/proc/self/exe", program, sizeof(program) - 1);
    if (n > 0)
        program[n] = 0;
    else if (!realpath(argv0, program))
        snprintf(program, sizeof(program), "%s", argv0);
}

static int setup(void **state)
{
    const struct CMUnitTest *test = originals[current];
    return test->setup_func ? test->setup_func(state) : 0;
}

static int teardown(void **state)
{
    const struct CMUnitTest *test = originals[current++];
    int rc = test->teardown_func ? test->teardown_func(state) : 0;
    wo_test_kill_all();
    int valid = wo_validate();
    if (valid != 0)
        print_error("%s: wo_validate() afterwards: %d\n", test->name, valid);
    return rc ? rc : valid;
}

/* The chosen tests, with our setup and teardown. */
static struct CMUnitTest *choose(const struct CMUnitTest *tests, size_t count, const char *part,
                                 size_t *chosen)
{
    struct CMUnitTest *copy = calloc(count + 1, sizeof(*copy));
    originals = calloc(count + 1, sizeof(const struct CMUnitTest *));
    if (!copy || !originals)
        abort();
    *chosen = 0;
    for (size_t i = 0; i < count; i++) {
        if (part && !strstr(tests[i].name, part))
            continue;
        originals[*chosen] = &tests[i];
        copy[*chosen] = tests[i];
        copy[*chosen].setup_func = setup;
        copy[*chosen].teardown_func = teardown;
        ++*chosen;
    }
    return copy;
}

static uint64_t first_seed(void)
{
    const char *s = getenv("WAITOBJ_TEST_SEED");
    return s ? strtoull(s, NULL, 0) : wo_test_now() ^ ((uint64_t)getpid() << 32);
}

/* argv: program, --role, descriptor to read, descriptor to write, name, arguments. */
static int run_role(int argc, char **argv, const struct wo_test_role *roles)
{
    if (argc < 5)
        return 98;
    wo_test_child_begin(atoi(argv[2]), atoi(argv[3]));
    for (; roles && roles->name; roles++)
        if (strcmp(roles->name, argv[4]) == 0)
            return roles->run(argc - 4, argv + 4);
    fprintf(stderr, "no role '%s'\n", argv[4]);
    return 97;
}

static int run_chosen(const char *group, const struct CMUnitTest *tests, size_t count,
                      const char *part)
{
    size_t chosen;
    struct CMUnitTest *copy = choose(tests, count, part, &chosen);
    int failed = 1;
    if (chosen == 0)
        fprintf(stderr, "no test is named '%s'\n", part ? part : "");
    else
        failed = _cmocka_run_group_tests(group, copy, chosen, NULL, NULL);
    free(copy);
    free(originals);
    return failed ? 1 : 0;
}

int wo_test_main(int argc, char **argv, const char *group, const struct CMUnitTest *tests,
                 size_t count, const struct wo_test_role *roles)
{
    const char *slash = strrchr(group, '/');
    uint64_t seed = first_seed();
    find_program(argv[0]);
    if (argc > 1 && strcmp(argv[1], ROLE_OPTION) == 0) {
        wo_test_seed(seed ^ (uint64_t)getpid());
        return run_role(argc, argv, roles);
    }
    setvbuf(stdout, NULL, _IOLBF, 0);
    printf("# WAITOBJ_TEST_SEED=%llu\n", (unsigned long long)seed);
    wo_test_seed(seed);
    wo_test_runtime_begin();
    int rc = run_chosen(slash ? slash + 1 : group, tests, count, argc > 1 ? argv[1] : NULL);
    wo_test_runtime_end();
    return rc;
}
