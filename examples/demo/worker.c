/* worker.c: adds up the numbers from FIRST to LAST; the sum is the exit code.
 *
 * usage: worker FIRST LAST */
#include <windows.h>
#include <stdlib.h>

int main(int argc, char *argv[])
{
    unsigned sum = 0;
    if (argc != 3)
        return -1;
    for (unsigned i = (unsigned)atoi(argv[1]); i <= (unsigned)atoi(argv[2]); i++)
        sum += i;
    ExitProcess(sum);
}
