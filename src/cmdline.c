/* cmdline.c: command lines, both ways; the rules are in cmdline.h. No state, no lock. */
#include "cmdline.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

/* ---- Splitting ------------------------------------------------------------------------------ */

/* Reads the program's name; returns where it ends in the line, and where the copy ends. */
static const char *split_first(const char *s, char **out)
{
    bool quoting = false;
    for (; *s && (quoting || !is_blank(*s)); s++) {
        if (*s == '"')
            quoting = !quoting;
        else
            *(*out)++ = *s;
    }
    return s;
}

/* A run of backslashes, and the quote after it where one follows. */
static const char *split_backslashes(const char *s, char **out, bool *quoting)
{
    size_t n = strspn(s, "\\");
    bool before_quote = s[n] == '"';
    size_t kept = before_quote ? n / 2 : n;
    memset(*out, '\\', kept);
    *out += kept;
    s += n;
    if (!before_quote)
        return s;
    if (n % 2)
        *(*out)++ = '"';
    else if (*quoting && s[1] == '"')
        *(*out)++ = *++s;
    else
        *quoting = !*quoting;
    return s + 1;
}

static const char *split_next(const char *s, char **out)
{
    bool quoting = false;
    while (*s && (quoting || !is_blank(*s))) {
        if (*s == '\\' || *s == '"')
            s = split_backslashes(s, out, &quoting);
        else
            *(*out)++ = *s++;
    }
    return s;
}

char **wo__cmdline_split(const char *line, size_t *count)
{
    /* No more arguments than every second character and one; no more text than the line. */
    size_t length = strlen(line), most = length / 2 + 2;
    char **vector = malloc((most + 1) * sizeof *vector + length + most + 1);
    if (!vector)
        return NULL;
    char *text = (char *)(vector + most + 1);
    size_t n = 0;
    vector[n++] = text;
    const char *s = split_first(line, &text);
    *text++ = '\0';
    while (s += strspn(s, " \t"), *s) {
        vector[n++] = text;
        s = split_next(s, &text);
        *text++ = '\0';
    }
    vector[n] = NULL;
    *count = n;
    return vector;
}

/* ---- Joining -------------------------------------------------------------------------------- */

static char *put_run(char *out, char c, size_t n)
{
    memset(out, c, n);
    return out + n;
}

/* A path stands in quotes, as programs that pick a command line apart by hand expect it. */
static char *join_first(char *out, const char *s)
{
    bool quote = !*s || strpbrk(s, " \t/\\");
    if (quote)
        *out++ = '"';
    for (; *s; s++) {
        if (*s != '"')
            *out++ = *s;
    }
    if (quote)
        *out++ = '"';
    return out;
}

/* Backslashes are doubled where a quote sign follows: one of the argument, or the closing one. */
static char *join_quoted(char *out, const char *s)
{
    *out++ = '"';
    while (*s) {
        size_t n = strspn(s, "\\");
        s += n;
        out = put_run(out, '\\', !*s ? 2 * n : *s == '"' ? 2 * n + 1 : n);
        if (*s)
            *out++ = *s++;
    }
    *out++ = '"';
    return out;
}

static char *join_next(char *out, const char *s)
{
    if (!*s || strpbrk(s, " \t\""))
        return join_quoted(out, s);
    size_t n = strlen(s);
    memcpy(out, s, n);
    return out + n;
}

char *wo__cmdline_join(const char *const *arguments, size_t count)
{
    size_t size = 1;
    for (size_t i = 0; i < count; i++)
        size += 2 * strlen(arguments[i]) + 3; /* all doubled, in quotes, a blank in between */
    char *line = malloc(size), *out = line;
    if (!line)
        return NULL;
    for (size_t i = 0; i < count; i++) {
        if (i)
            *out++ = ' ';
        out = i ? join_next(out, arguments[i]) : join_first(out, arguments[i]);
    }
    *out = '\0';
    return line;
}
