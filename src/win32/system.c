/* system.c: facts about the machine, the user and the version; and the little that is left of the
 * desktop in a program without windows. */
#include "win32.h"

#include <errno.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "address.h"

static const struct {
    const char *name;
    WORD architecture;
    DWORD type;
} machines[] = {
    {"x86_64", PROCESSOR_ARCHITECTURE_AMD64, PROCESSOR_AMD_X8664},
    {"aarch64", PROCESSOR_ARCHITECTURE_ARM64, 0},
    {"i686", PROCESSOR_ARCHITECTURE_INTEL, PROCESSOR_INTEL_PENTIUM},
    {"i386", PROCESSOR_ARCHITECTURE_INTEL, PROCESSOR_INTEL_386},
    {"arm", PROCESSOR_ARCHITECTURE_ARM, 0},
};

static void describe_machine(SYSTEM_INFO *info)
{
    struct utsname u;
    info->wProcessorArchitecture = PROCESSOR_ARCHITECTURE_UNKNOWN;
    if (uname(&u) < 0)
        return;
    for (size_t i = 0; i < sizeof machines / sizeof machines[0]; i++)
        if (strncmp(u.machine, machines[i].name, strlen(machines[i].name)) == 0) {
            info->wProcessorArchitecture = machines[i].architecture;
            info->dwProcessorType = machines[i].type;
            return;
        }
}

VOID WINAPI GetSystemInfo(LPSYSTEM_INFO info)
{
    enum { MASK_BITS = 8 * sizeof info->dwActiveProcessorMask };
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    DWORD count = processors < 1 ? 1 : (DWORD)processors;
    memset(info, 0, sizeof *info);
    describe_machine(info);
    info->dwPageSize = (DWORD)sysconf(_SC_PAGESIZE);
    info->dwAllocationGranularity = 65536;
    info->lpMinimumApplicationAddress = (LPVOID)(uintptr_t)0x10000;
    info->lpMaximumApplicationAddress = (LPVOID)(uintptr_t)(UINTPTR_MAX >> 17 << 16 | 0xffff);
    info->dwNumberOfProcessors = count;
    info->dwActiveProcessorMask = ~(DWORD_PTR)0;
    if (count < MASK_BITS)
        info->dwActiveProcessorMask = ((DWORD_PTR)1 << count) - 1;
}

/* Windows 10, as its own compatibility layer tells programs without a manifest otherwise. */
DWORD WINAPI GetVersion(void)
{
    const DWORD major = 10, minor = 0, build = 19045;
    return build << 16 | minor << 8 | major;
}

/* ---- Names ---------------------------------------------------------------------------------- */

typedef DWORD giver(const char *text, void *buffer, DWORD size, DWORD error);

static DWORD narrow_give(const char *text, void *buffer, DWORD size, DWORD error)
{
    return win32_give_narrow(text, buffer, size, error);
}

static DWORD wide_give(const char *text, void *buffer, DWORD size, DWORD error)
{
    return win32_give_wide(text, buffer, size, error);
}

/* The name mailslots are addressed by, in capitals as Windows has it. *size: with the NUL when it
 * is too small, without otherwise. */
static BOOL computer_name(giver *give, void *buffer, DWORD *size)
{
    char name[WO__COMPUTER_MAX + 1];
    if (!size)
        return win32_fail_code(ERROR_INVALID_PARAMETER);
    wo__address_computer(name);
    for (char *c = name; *c; c++)
        if (*c >= 'a' && *c <= 'z')
            *c = (char)(*c - 'a' + 'A');
    DWORD before = *size;
    *size = give(name, buffer, before, ERROR_BUFFER_OVERFLOW);
    return buffer && *size < before;
}

BOOL WINAPI GetComputerNameA(LPSTR buffer, LPDWORD size)
{
    return computer_name(narrow_give, buffer, size);
}

BOOL WINAPI GetComputerNameW(LPWSTR buffer, LPDWORD size)
{
    return computer_name(wide_give, buffer, size);
}

/* *size counts the NUL in both cases. */
static BOOL user_name(giver *give, void *buffer, DWORD *size)
{
    struct passwd entry, *found = NULL;
    char text[4096], number[24];
    if (!size)
        return win32_fail_code(ERROR_INVALID_PARAMETER);
    snprintf(number, sizeof number, "%lu", (unsigned long)geteuid());
    (void)getpwuid_r(geteuid(), &entry, text, sizeof text, &found);
    DWORD before = *size;
    DWORD n = give(found ? entry.pw_name : number, buffer, before, ERROR_INSUFFICIENT_BUFFER);
    bool fits = buffer && n < before;
    *size = fits ? n + 1 : n;
    return fits;
}

BOOL WINAPI GetUserNameA(LPSTR buffer, LPDWORD size)
{
    return user_name(narrow_give, buffer, size);
}

BOOL WINAPI GetUserNameW(LPWSTR buffer, LPDWORD size)
{
    return user_name(wide_give, buffer, size);
}

/* With a slash at the end, as programs append to it. */
static DWORD temp_path(giver *give, void *buffer, DWORD size)
{
    const char *directory = getenv("TMPDIR");
    char path[4096];
    if (!directory || !*directory || strlen(directory) > sizeof path - 2)
        directory = "/tmp";
    size_t n = strlen(directory);
    snprintf(path, sizeof path, "%s%s", directory, directory[n - 1] == '/' ? "" : "/");
    return give(path, buffer, size, 0);
}

DWORD WINAPI GetTempPathA(DWORD size, LPSTR buffer)
{
    return temp_path(narrow_give, buffer, size);
}

DWORD WINAPI GetTempPathW(DWORD size, LPWSTR buffer)
{
    return temp_path(wide_give, buffer, size);
}

/* ---- Messages to people --------------------------------------------------------------------- */

VOID WINAPI OutputDebugStringA(LPCSTR text)
{
    if (text)
        fputs(text, stderr);
}

VOID WINAPI OutputDebugStringW(LPCWSTR text)
{
    char *narrow;
    if (!win32_narrow(text, &narrow))
        return;
    OutputDebugStringA(narrow);
    free(narrow);
}

/* There is nobody to press a button: the text is printed, and the answer is the first button. */
static int first_button(UINT type)
{
    switch (type & 0xf) {
    case MB_ABORTRETRYIGNORE:
        return IDABORT;
    case MB_YESNO:
    case MB_YESNOCANCEL:
        return IDYES;
    case MB_RETRYCANCEL:
        return IDRETRY;
    default:
        return IDOK;
    }
}

int WINAPI MessageBoxA(HWND window, LPCSTR text, LPCSTR caption, UINT type)
{
    (void)window;
    fflush(stdout);
    fprintf(stderr, "%s: %s\n", caption ? caption : "Error", text ? text : "");
    return first_button(type);
}

int WINAPI MessageBoxW(HWND window, LPCWSTR text, LPCWSTR caption, UINT type)
{
    char *narrow_text, *narrow_caption;
    if (!win32_narrow(text, &narrow_text))
        return 0;
    int button = 0;
    if (win32_narrow(caption, &narrow_caption)) {
        button = MessageBoxA(window, narrow_text, narrow_caption, type);
        free(narrow_caption);
    }
    free(narrow_text);
    return button;
}

/* Silent. */
BOOL WINAPI Beep(DWORD frequency, DWORD duration)
{
    (void)duration;
    if (frequency < 37 || frequency > 32767)
        return win32_fail_code(ERROR_INVALID_PARAMETER);
    return TRUE;
}
