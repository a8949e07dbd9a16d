/* wait_pid.c: waits for any processes of the system to end, not only for children.
 *
 * Native face. Run: wait_pid PID...        tells of each as it ends, with its exit code */
#include <waitobj/waitobj.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int main(int argc, char *argv[])
{
    size_t count = 0, index;
    wo_handle *process = calloc((size_t)argc, sizeof *process);
    for (int i = 1; i < argc; i++) {
        int error = wo_process_open(&process[count], atoll(argv[i]),
                                    WO_ACCESS_WAIT | WO_ACCESS_QUERY);
        if (error == 0)
            count++;
        else
            fprintf(stderr, "%s: %s\n", argv[i], strerror(-error));
    }
    printf("waiting for %zu processes\n", count);
    fflush(stdout);
    while (count > 0 && wo_wait_any(process, count, WO_INFINITE, &index) == 0) {
        int64_t pid;
        uint32_t code;
        wo_process_id(process[index], &pid);
        if (wo_process_exit_code(process[index], &code) == 0)
            printf("%lld ended with exit code %u\n", (long long)pid, (unsigned)code);
        else
            printf("%lld ended\n", (long long)pid);
        fflush(stdout);
        wo_close(process[index]);
        process[index] = process[--count];
    }
    free(process);
    return count > 0;
}
