/* tchar_scanf.c: scanf_s, and scanf for wide text.
 *
 * The format is taken apart: each directive, with the text before it, is given to the C library on
 * its own. Integers follow Microsoft's lengths (l is 32 bits). Text is read into memory of its own
 * first and then copied, so a size is never exceeded and wide targets get UTF-16. */
#include <errno.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "utf.h"
#include "w32crt.h"

enum { LITERAL_MAX = 256, SPEC_MAX = LITERAL_MAX + 320 };

struct scan {
    FILE *stream;
    int wide, secure;
    int consumed; /* bytes so far, for %n */
    va_list arguments;
};

struct directive {
    char literal[LITERAL_MAX]; /* what must stand before it, ready for the C library */
    char set[260];             /* of %[, with its brackets */
    char width[12];
    char length[4];
    int suppress;
    char conversion; /* 0: the format ended */
};

/* White space, %% and plain characters up to a directive. NULL: too long. */
static const char *read_literal(const char *p, struct directive *d)
{
    size_t n = 0;
    while (*p && (*p != '%' || p[1] == '%')) {
        size_t step = *p == '%' ? 2 : 1;
        if (n + step >= LITERAL_MAX)
            return NULL;
        memcpy(d->literal + n, p, step);
        n += step;
        p += step;
    }
    d->literal[n] = 0;
    return p;
}

/* The set of %[; p stands behind the bracket. NULL: not closed, or too long. */
static const char *read_set(const char *p, struct directive *d)
{
    const char *start = p;
    if (*p == '^')
        p++;
    if (*p == ']')
        p++;
    while (*p && *p != ']')
        p++;
    size_t n = (size_t)(p - start);
    if (*p == 0 || n + 3 > sizeof d->set)
        return NULL;
    d->set[0] = '[';
    memcpy(d->set + 1, start, n + 1);
    d->set[n + 2] = 0;
    return p + 1;
}

static const char *read_length(const char *p, struct directive *d)
{
    static const char *const lengths[] = {"I64", "I32", "hh", "ll", "h", "l",
                                          "w",   "L",   "j",  "z",  "t", "I"};
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
        size_t n = strlen(lengths[i]);
        if (strncmp(p, lengths[i], n) == 0) {
            memcpy(d->length, lengths[i], n + 1);
            return p + n;
        }
    }
    return p;
}

/* NULL: not a format. */
static const char *read_directive(const char *p, struct directive *d)
{
    *d = (struct directive){0};
    p = read_literal(p, d);
    if (!p || *p == 0)
        return p;
    p++;
    if (*p == '*') {
        d->suppress = 1;
        p++;
    }
    size_t digits = strspn(p, "0123456789");
    if (digits > 9)
        return NULL;
    memcpy(d->width, p, digits);
    p = read_length(p + digits, d);
    d->conversion = *p;
    if (*p == 0)
        return NULL;
    return *p == '[' ? read_set(p + 1, d) : p + 1;
}

/* The length as the C library spells it. */
static const char *c_length(const struct directive *d)
{
    if (strchr("aAeEfFgG", d->conversion))
        return strcmp(d->length, "l") == 0 ? "l" : strcmp(d->length, "L") == 0 ? "L" : "";
    if (strcmp(d->length, "I64") == 0 || strcmp(d->length, "ll") == 0)
        return "ll";
    if (strcmp(d->length, "I") == 0 || strchr("jzt", d->length[0]))
        return d->length[0] ? "j" : "";
    return d->length[0] == 'h' ? d->length : "";
}

static int is_text(const struct directive *d)
{
    return strchr("sScC[", d->conversion) != NULL;
}

static int is_wide_text(const struct scan *s, const struct directive *d)
{
    if (d->length[0] == 'h')
        return 0;
    if (d->length[0] == 'l' || d->length[0] == 'w')
        return 1;
    return d->conversion == 'S' || d->conversion == 'C' ? !s->wide : s->wide;
}

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
/* Reads one item to `target`: 1, 0 (no match) or EOF. */
static int read_one(struct scan *s, const char *spec, void *target)
{
    int n = -1;
    int r = target ? fscanf(s->stream, spec, target, &n) : fscanf(s->stream, spec, &n);
    if (n >= 0)
        s->consumed += n;
    if (r == EOF)
        return EOF;
    return n >= 0;
}
#pragma GCC diagnostic pop

static int read_number(struct scan *s, const struct directive *d)
{
    char spec[SPEC_MAX];
    void *target = d->suppress ? NULL : va_arg(s->arguments, void *);
    snprintf(spec, sizeof spec, "%s%%%s%s%s%c%%n", d->literal, d->suppress ? "*" : "", d->width,
             d->conversion == 'p' ? "" : c_length(d), d->conversion);
    return read_one(s, spec, target);
}

/* Copies what was read to the caller; 0 when it does not fit. */
static int deliver(struct scan *s, const struct directive *d, const char *text, size_t n)
{
    int terminate = d->conversion != 'c' && d->conversion != 'C', wide = is_wide_text(s, d);
    void *target = va_arg(s->arguments, void *);
    size_t size = s->secure ? va_arg(s->arguments, unsigned) : SIZE_MAX / sizeof(WCHAR);
    size_t need = wide ? win32_wide_convert(text, n, NULL, 0) : n;
    if (need + (size_t)terminate > size) {
        if (size > 0)
            memset(target, 0, wide ? sizeof(WCHAR) : 1);
        errno = ENOMEM;
        return 0;
    }
    if (wide)
        win32_wide_convert(text, n, target, need);
    else
        memcpy(target, text, n);
    if (terminate)
        memset((char *)target + need * (wide ? sizeof(WCHAR) : 1), 0, wide ? sizeof(WCHAR) : 1);
    return 1;
}

/* How many bytes %c reads: as many characters as its width says, whole ones in a wide function. */
static int read_chars(struct scan *s, const struct directive *d, char **text, size_t *n)
{
    size_t count = d->width[0] ? (size_t)atoi(d->width) : 1;
    *n = 0;
    *text = NULL;
    for (size_t i = 0; i < count; i++) {
        char *more = realloc(*text, *n + 4);
        if (!more)
            return 0;
        *text = more;
        int c = getc(s->stream);
        if (c == EOF)
            return i == 0 ? EOF : 0;
        int rest = !s->wide || c < 0xC2 ? 0 : c < 0xE0 ? 1 : c < 0xF0 ? 2 : 3;
        (*text)[(*n)++] = (char)c;
        for (; rest > 0 && (c = getc(s->stream)) != EOF; rest--)
            (*text)[(*n)++] = (char)c;
    }
    s->consumed += (int)*n;
    return 1;
}

static int read_text(struct scan *s, const struct directive *d)
{
    char spec[SPEC_MAX], *text = NULL;
    size_t n = 0;
    int r;
    if (d->conversion == 'c' || d->conversion == 'C') {
        snprintf(spec, sizeof spec, "%s%%n", d->literal);
        r = read_one(s, spec, NULL);
        if (r == 1 || (r == EOF && d->literal[0] == 0))
            r = read_chars(s, d, &text, &n);
    } else {
        snprintf(spec, sizeof spec, "%s%%%sm%s%%n", d->literal, d->width,
                 d->conversion == '[' ? d->set : "s");
        r = read_one(s, spec, &text);
        n = text ? strlen(text) : 0;
    }
    if (r == 1 && !d->suppress)
        r = deliver(s, d, text, n);
    free(text);
    return r;
}

/* What stands before the end of the format or before %n; 1 when it matched. */
static int skip_literal(struct scan *s, const struct directive *d)
{
    char spec[SPEC_MAX];
    snprintf(spec, sizeof spec, "%s%%n", d->literal);
    return read_one(s, spec, NULL);
}

static int scan(struct scan *s, const char *format)
{
    int count = 0, r = 1;
    while (r == 1) {
        struct directive d;
        format = read_directive(format, &d);
        if (!format)
            break;
        if (d.conversion == 0) {
            skip_literal(s, &d);
            break;
        }
        if (d.conversion == 'n') {
            if ((r = skip_literal(s, &d)) == 1 && !d.suppress)
                *va_arg(s->arguments, int *) = s->consumed;
            continue;
        }
        r = is_text(&d) ? read_text(s, &d) : read_number(s, &d);
        count += r == 1 && !d.suppress;
    }
    return r == EOF && count == 0 ? EOF : count;
}

enum { WIDE = 1, SECURE = 2 };

static int scan_stream(FILE *stream, int kind, const void *format, va_list arguments)
{
    struct scan s = {.stream = stream, .wide = kind & WIDE, .secure = (kind & SECURE) != 0};
    char *narrow = NULL;
    if (!stream || !format || ((kind & WIDE) && win32_utf8_from_wide(format, &narrow) < 0))
        return EOF;
    va_copy(s.arguments, arguments);
    int r = scan(&s, narrow ? narrow : format);
    va_end(s.arguments);
    free(narrow);
    return r;
}

static int scan_text(const void *text, int kind, const void *format, va_list arguments)
{
    char *narrow = NULL;
    if (!text || ((kind & WIDE) && win32_utf8_from_wide(text, &narrow) < 0))
        return EOF;
    const char *bytes = narrow ? narrow : text;
    FILE *stream = fmemopen((void *)(uintptr_t)bytes, strlen(bytes), "r");
    int r = stream ? scan_stream(stream, kind, format, arguments) : EOF;
    if (stream)
        fclose(stream);
    free(narrow);
    return r;
}

#define VARIADIC(name, parameters, call)                                                           \
    int name parameters                                                                            \
    {                                                                                              \
        va_list a;                                                                                 \
        va_start(a, format);                                                                       \
        int r = call;                                                                              \
        va_end(a);                                                                                 \
        return r;                                                                                  \
    }

VARIADIC(w32_scanf_s, (const char *format, ...), scan_stream(stdin, SECURE, format, a))
VARIADIC(w32_fscanf_s, (FILE * stream, const char *format, ...),
         scan_stream(stream, SECURE, format, a))
VARIADIC(w32_sscanf_s, (const char *text, const char *format, ...),
         scan_text(text, SECURE, format, a))
VARIADIC(w32_wscanf, (const WCHAR *format, ...), scan_stream(stdin, WIDE, format, a))
VARIADIC(w32_fwscanf, (FILE * stream, const WCHAR *format, ...),
         scan_stream(stream, WIDE, format, a))
VARIADIC(w32_swscanf, (const WCHAR *text, const WCHAR *format, ...),
         scan_text(text, WIDE, format, a))
VARIADIC(w32_wscanf_s, (const WCHAR *format, ...), scan_stream(stdin, WIDE | SECURE, format, a))
VARIADIC(w32_fwscanf_s, (FILE * stream, const WCHAR *format, ...),
         scan_stream(stream, WIDE | SECURE, format, a))
VARIADIC(w32_swscanf_s, (const WCHAR *text, const WCHAR *format, ...),
         scan_text(text, WIDE | SECURE, format, a))
