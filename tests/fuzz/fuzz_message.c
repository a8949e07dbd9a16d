/* fuzz_message.c: FormatMessage with text of the caller's. */
#include "fuzz.h"

#include "windows.h"

const char *const fuzz_words[] = {
    "%1",      "%2",       "%99",      "%0",       "%n",         "%r",    "%t",         "%b",
    "%.",      "%!",       "%%",       "%",        "%1!s!",      "%1!S!", "%3!-20.5s!", "%1!*d!",
    "%1!.*s!", "%2!I64x!", "%1!08lX!", "%1!c!",    "%1!p!",      "%1!",   "%1!d",       "\r\n",
    "\n",      " ",        "a word ",  "\xC3\xA9", "%1!#+ -0o!", NULL};

enum { INSERTS = 101 };

static const char text[8] = "A\0\0\0"; /* "A" in both kinds */
static DWORD_PTR inserts[INSERTS];

static void try_narrow(DWORD flags, const char *source, DWORD room)
{
    char *exact = malloc(room + !room), *made = NULL;
    REQUIRE(exact);
    DWORD n = FormatMessageA(flags, source, 0, 0, exact, room, (va_list *)inserts);
    REQUIRE(n == 0 || (n < room && exact[n] == 0));
    n = FormatMessageA(flags | FORMAT_MESSAGE_ALLOCATE_BUFFER, source, 0, 0, (LPSTR)&made, room,
                       (va_list *)inserts);
    REQUIRE(n == 0 || made[n] == 0);
    if (n)
        LocalFree(made);
    free(exact);
}

static void try_wide(DWORD flags, const WCHAR *source, DWORD room)
{
    WCHAR *exact = malloc((room + !room) * sizeof *exact);
    REQUIRE(exact);
    DWORD n = FormatMessageW(flags, source, 0, 0, exact, room, (va_list *)inserts);
    REQUIRE(n == 0 || (n < room && exact[n] == 0));
    free(exact);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz_input in = {data, size};
    DWORD width = fuzz_byte(&in), room = fuzz_byte(&in);
    DWORD flags = FORMAT_MESSAGE_FROM_STRING | FORMAT_MESSAGE_ARGUMENT_ARRAY;
    char *narrow = fuzz_rest(&in, 2);
    WCHAR *wide = malloc((in.left + 1) * sizeof *wide);
    REQUIRE(wide);
    for (size_t i = 0; i <= in.left; i++)
        wide[i] = (WCHAR)((unsigned char)narrow[i] < 0xF0 ? narrow[i] : 0xD700 + narrow[i]);
    for (int i = 0; i < INSERTS; i++)
        inserts[i] = (DWORD_PTR)text;
    if (room & 1)
        flags |= FORMAT_MESSAGE_IGNORE_INSERTS;
    if (room & 2)
        flags |= width;
    try_narrow(flags, narrow, room);
    try_wide(flags, wide, room);
    free(wide);
    free(narrow);
    return 0;
}
