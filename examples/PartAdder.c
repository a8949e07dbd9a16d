/* PartAdder.c: adds up the numbers FIRST..LAST; the sum is its exit code. Started by adder.
 *
 * Pure Win32. Run: PartAdder 1 5 */
#include <windows.h>
#include <stdlib.h>

int main(int argc, char *argv[])
{
    DWORD sum = 0;
    int number;
    if (argc != 3)
        return -1;
    for (number = atoi(argv[1]); number <= atoi(argv[2]); number++)
        sum += (DWORD)number;
    ExitProcess(sum);
}
