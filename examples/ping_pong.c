/* ping_pong.c: two processes take turns through two named auto-reset events.
 *
 * Pure Win32. Run: ping_pong [ROUNDS]        starts itself as the other player */
#include <windows.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static HANDLE event(const char *what, const char *game)
{
    char name[100];
    sprintf(name, "Local\\ping-pong-%s-%s", game, what);
    return CreateEvent(NULL, FALSE, FALSE, name);
}

static int second_player(const char *game, int rounds)
{
    HANDLE ping = event("ping", game), pong = event("pong", game);
    int i;
    for (i = 0; i < rounds; i++) {
        if (WaitForSingleObject(ping, 20000) != WAIT_OBJECT_0)
            return i;
        SetEvent(pong);
    }
    return rounds;
}

int main(int argc, char *argv[])
{
    int rounds = argc > 1 ? atoi(argv[1]) : 10000, i;
    char line[MAX_PATH * 2], game[20];
    STARTUPINFO startup = {.cb = sizeof startup};
    PROCESS_INFORMATION child;
    HANDLE ping, pong;
    LARGE_INTEGER start, end, frequency;
    DWORD code;
    if (argc > 3 && strcmp(argv[2], "second") == 0)
        return second_player(argv[3], rounds);
    sprintf(game, "%u", (unsigned)GetCurrentProcessId());
    ping = event("ping", game);
    pong = event("pong", game);
    sprintf(line, "\"%s\" %d second %s", argv[0], rounds, game);
    if (!CreateProcess(NULL, line, NULL, NULL, FALSE, 0, NULL, NULL, &startup, &child))
        return 1;
    QueryPerformanceFrequency(&frequency);
    QueryPerformanceCounter(&start);
    for (i = 0; i < rounds; i++) {
        SetEvent(ping);
        if (WaitForSingleObject(pong, 20000) != WAIT_OBJECT_0)
            return 1;
    }
    QueryPerformanceCounter(&end);
    WaitForSingleObject(child.hProcess, INFINITE);
    GetExitCodeProcess(child.hProcess, &code);
    printf("%d pings, %u pongs, %.1f us per round\n", rounds, (unsigned)code,
           (double)(end.QuadPart - start.QuadPart) * 1e6 / (double)frequency.QuadPart / rounds);
    return 0;
}
