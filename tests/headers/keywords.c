/* keywords.c: Microsoft's words in the places where programs put them. Compiled as C and C++, also
 * with _WIN32 defined and with -fms-extensions. */
#include <windows.h>
#include <intrin.h>

__declspec(thread) static int before;
static __declspec(thread) int behind;
extern __declspec(dllimport) int elsewhere;
__declspec(align(16)) static int aligned[4];
__declspec(deprecated) void old(void);
__declspec(noreturn) void die(void);
unsigned __int64 big = 1;
unsigned __int8 small_one;

struct __declspec(align(32)) padded {
    __int32 a;
};

typedef DWORD(WINAPI *thread_function)(LPVOID);
typedef void(__cdecl *plain_function)(void);

__forceinline int forced(void)
{
    return 1;
}

__declspec(dllexport) int __cdecl exported(void)
{
    return before + behind + aligned[0];
}

static DWORD WINAPI run(_In_ LPVOID parameter)
{
    return parameter != NULL;
}

int CALLBACK use(IN PVOID p, OUT DWORD FAR *index)
{
    thread_function f = run;
    if (!_BitScanReverse(index, 8))
        die();
    return forced() + (int)f(p) + (int)sizeof(struct padded);
}
