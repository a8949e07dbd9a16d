/* cmdline.h: command lines of Windows, one string, and argument vectors of POSIX.
 *
 * The rules are those of the Microsoft C runtime. Blanks (space, tab) separate arguments. The
 * first one, the program, is taken as it is up to the first blank outside quotes; quotes group and
 * vanish, backslashes are ordinary. In the others:
 *   2n backslashes and a quote      n backslashes; the quote opens or closes
 *   2n+1 backslashes and a quote    n backslashes and a quote sign
 *   backslashes before anything else are themselves
 *   two quotes while quoting        one quote sign; quoting goes on */
#ifndef WO_CMDLINE_H
#define WO_CMDLINE_H

#include <stddef.h>

/* Splits a line. The vector, NULL-terminated, and its strings are one block, to be freed; NULL: no
 * memory. An empty line gives one empty argument. */
char **wo__cmdline_split(const char *line, size_t *count);

/* Writes the line that splits into these arguments, to be freed; NULL: no memory. Quote signs in
 * the first argument, which the rules cannot express, are left out; a path there stands in
 * quotes. */
char *wo__cmdline_join(const char *const *arguments, size_t count);

#endif
