/* message.c: FormatMessage.
 *
 * Three steps: find the text (a string of the caller's, or message_text.c), expand it into a
 * growing buffer, hand the result over. Everything in between is UTF-8; the W function converts at
 * both ends.
 *
 * Inserts: %1 to %99, with !printf format! behind or as strings. The arguments come from a va_list
 * or an array; those of a va_list are fetched in order, as far as they are needed, and remembered.
 */
#include "win32.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "message_text.h"
#include "utf.h"

enum { MAX_INSERTS = 99 + 2, MAX_WIDTH = 4096 };

struct source {
    DWORD flags;
    bool wide; /* default strings among the arguments are UTF-16 */
    DWORD_PTR values[MAX_INSERTS];
    int known;
    va_list *list; /* one of the two, or neither */
    const DWORD_PTR *array;
};

struct output {
    char *text;
    size_t length, capacity;
    size_t line;  /* where the current line starts */
    size_t space; /* last blank in it, where it may be broken; 0: none */
    DWORD width;  /* 0: lines as they are; 0xff: as one; else broken before this column */
    int error;    /* negative errno of the first failure */
};

/* ---- Output --------------------------------------------------------------------------------- */

static void put_raw(struct output *out, const char *s, size_t n)
{
    if (out->error)
        return;
    if (out->length + n >= out->capacity) {
        size_t capacity = (out->length + n + 1) * 2;
        char *text = realloc(out->text, capacity);
        if (!text) {
            out->error = -ENOMEM;
            return;
        }
        out->text = text;
        out->capacity = capacity;
    }
    memcpy(out->text + out->length, s, n);
    out->length += n;
    out->text[out->length] = '\0';
}

static void put_break(struct output *out)
{
    put_raw(out, "\r\n", 2);
    out->line = out->length;
    out->space = 0;
}

/* The line has become too long: its last blank becomes a line end. */
static void wrap(struct output *out)
{
    char tail[MAX_WIDTH];
    size_t from = out->space + 1, n = out->length - from;
    if (n > sizeof tail)
        return;
    memcpy(tail, out->text + from, n);
    out->length = out->space;
    put_break(out);
    put_raw(out, tail, n);
}

static void put_char(struct output *out, char c)
{
    put_raw(out, &c, 1);
    if (out->error || out->width == 0 || out->width == FORMAT_MESSAGE_MAX_WIDTH_MASK)
        return;
    if (c == ' ')
        out->space = out->length - 1;
    if (out->length - out->line >= out->width && out->space > out->line)
        wrap(out);
}

static void put(struct output *out, const char *s, size_t n)
{
    for (size_t i = 0; i < n; i++)
        put_char(out, s[i]);
}

/* A line end of the text itself. */
static void put_line_end(struct output *out)
{
    if (out->width)
        put_char(out, ' ');
    else
        put_break(out);
}

/* ---- Arguments ------------------------------------------------------------------------------ */

/* Number n, from 0. False: there are no arguments. */
static bool argument(struct source *src, int n, DWORD_PTR *value)
{
    if (n < 0 || n >= MAX_INSERTS)
        return false;
    if (src->array) {
        *value = src->array[n];
        return true;
    }
    while (src->list && src->known <= n)
        src->values[src->known++] = va_arg(*src->list, DWORD_PTR);
    if (!src->list)
        return false;
    *value = src->values[n];
    return true;
}

/* The printf format of one insert. */
struct spec {
    char flags[8];
    int width, precision; /* -1: none */
    int size;             /* bytes of an integer; 0: the default */
    int wide;             /* strings: 1 UTF-16, 0 UTF-8, -1 the default */
    char conversion;
};

static bool parse_number(const char **s, struct source *src, int *next, int *out)
{
    DWORD_PTR value;
    if (**s == '*') {
        ++*s;
        if (!argument(src, (*next)++, &value))
            return false;
        *out = (int)value;
    } else if (**s >= '0' && **s <= '9') {
        for (*out = 0; **s >= '0' && **s <= '9'; ++*s)
            *out = *out <= MAX_WIDTH ? *out * 10 + (**s - '0') : *out;
    }
    return *out <= MAX_WIDTH;
}

static void parse_size(const char **s, struct spec *spec)
{
    if (strncmp(*s, "I64", 3) == 0 || strncmp(*s, "ll", 2) == 0) {
        spec->size = 8;
        *s += **s == 'I' ? 3 : 2;
    } else if (strncmp(*s, "I32", 3) == 0) {
        *s += 3;
    } else if (**s == 'I') {
        spec->size = (int)sizeof(void *);
        ++*s;
    } else if (**s == 'l' || **s == 'w') {
        spec->wide = 1;
        ++*s;
    } else if (**s == 'h') {
        spec->size = 2;
        spec->wide = 0;
        ++*s;
    }
}

/* "!…!"; *s stands behind the first '!' and comes to stand behind the second. */
static bool parse_spec(const char **s, struct source *src, int *next, struct spec *spec)
{
    size_t flags = strspn(*s, "-+ #0");
    if (flags >= sizeof spec->flags)
        return false;
    memcpy(spec->flags, *s, flags);
    spec->flags[flags] = '\0';
    *s += flags;
    if (!parse_number(s, src, next, &spec->width))
        return false;
    if (**s == '.') {
        ++*s;
        spec->precision = 0;
        if (!parse_number(s, src, next, &spec->precision))
            return false;
    }
    parse_size(s, spec);
    if (!**s || !strchr("diuxXocCsSp", **s))
        return false;
    spec->conversion = *(*s)++;
    if (**s != '!')
        return false;
    ++*s;
    return true;
}

/* ---- Inserts -------------------------------------------------------------------------------- */

static void put_formatted(struct output *out, const char *format, const struct spec *spec,
                          long long number, const char *string)
{
    char *text = NULL;
    int width = spec->width < 0 ? 0 : spec->width, n;
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
    if (string)
        n = asprintf(&text, format, width, spec->precision, string);
    else
        n = asprintf(&text, format, width, spec->precision, number);
#pragma GCC diagnostic pop
    if (n < 0) {
        out->error = -ENOMEM;
        return;
    }
    put(out, text, (size_t)n);
    free(text);
}

static void put_string(struct output *out, const struct spec *spec, const char *string)
{
    char format[24];
    snprintf(format, sizeof format, "%%%s*.*s", strchr(spec->flags, '-') ? "-" : "");
    put_formatted(out, format, spec, 0, string);
}

static void put_text(struct output *out, const struct spec *spec, DWORD_PTR value, bool wide)
{
    char *narrow = NULL;
    const char *string = (const char *)value;
    if (wide && win32_utf8_from_wide((const WCHAR *)value, &narrow) < 0) {
        out->error = -ENOMEM;
        return;
    }
    if (wide)
        string = narrow;
    put_string(out, spec, string ? string : "(null)");
    free(narrow);
}

static void put_character(struct output *out, const struct spec *spec, DWORD_PTR value, bool wide)
{
    char text[8] = {(char)value};
    if (wide)
        text[win32_utf8_put((WCHAR)value, text)] = '\0';
    put_string(out, spec, text);
}

static long long sized(const struct spec *spec, DWORD_PTR value)
{
    bool is_signed = spec->conversion == 'd' || spec->conversion == 'i';
    if (spec->size == 8)
        return (long long)value;
    if (spec->size == 2)
        return is_signed ? (long long)(int16_t)value : (long long)(uint16_t)value;
    return is_signed ? (long long)(int32_t)value : (long long)(uint32_t)value;
}

static void put_value(struct output *out, const struct source *src, const struct spec *spec,
                      DWORD_PTR value)
{
    char format[24];
    bool capital = spec->conversion == 'S' || spec->conversion == 'C';
    bool wide = spec->wide >= 0 ? spec->wide : src->wide != capital;
    switch (spec->conversion) {
    case 's':
    case 'S':
        put_text(out, spec, value, wide);
        break;
    case 'c':
    case 'C':
        put_character(out, spec, value, wide);
        break;
    case 'p':
        put_formatted(out, "%0*.*llX", &(struct spec){.width = 0, .precision = 2 * sizeof(void *)},
                      (long long)value, NULL);
        break;
    default:
        snprintf(format, sizeof format, "%%%s*.*ll%c", spec->flags, spec->conversion);
        put_formatted(out, format, spec, sized(spec, value), NULL);
    }
}

/* %1 to %99; *s stands at the first digit. */
static int insert(struct output *out, struct source *src, const char **s)
{
    struct spec spec = {.width = -1, .precision = -1, .wide = -1, .conversion = 's'};
    DWORD_PTR value;
    int n = *(*s)++ - '0';
    if (**s >= '0' && **s <= '9')
        n = n * 10 + (*(*s)++ - '0');
    int next = n - 1;
    if (**s == '!') {
        ++*s;
        if (!parse_spec(s, src, &next, &spec))
            return -EINVAL;
    }
    if (!argument(src, next, &value))
        return -EINVAL;
    put_value(out, src, &spec, value);
    return 0;
}

/* ---- Expanding ------------------------------------------------------------------------------ */

enum { END = 1 };

/* What follows a '%'; END: %0. */
static int escape(struct output *out, struct source *src, const char **s)
{
    bool ignore = src->flags & FORMAT_MESSAGE_IGNORE_INSERTS;
    char c = **s;
    if (c == '0')
        return END;
    if (c >= '1' && c <= '9' && !ignore)
        return insert(out, src, s);
    if (c == '\0' && !ignore)
        return -EINVAL;
    if (c == 'n') {
        put_break(out);
    } else if (c == 'r' || c == 't') {
        put_char(out, c == 'r' ? '\r' : '\t');
    } else {
        if (ignore)
            put_char(out, '%');
        if (c)
            put_char(out, c);
    }
    *s += c != '\0';
    return 0;
}

static int expand(struct output *out, struct source *src, const char *s)
{
    int rc = 0;
    put_raw(out, "", 0);
    while (*s && rc == 0 && !out->error) {
        char c = *s++;
        if (c == '%') {
            rc = escape(out, src, &s);
        } else if (c == '\n' || c == '\r') {
            s += c == '\r' && *s == '\n';
            put_line_end(out);
        } else {
            put_char(out, c);
        }
    }
    return out->error ? out->error : rc == END ? 0 : rc;
}

/* ---- Finding the text ----------------------------------------------------------------------- */

static bool has_language(DWORD language)
{
    WORD primary = PRIMARYLANGID(language);
    return primary == LANG_NEUTRAL || primary == LANG_ENGLISH;
}

/* A system message with its line end, to be freed; NULL and a last error. */
static char *system_text(DWORD id, DWORD language)
{
    const char *words = win32_message_text(id);
    char *text = NULL;
    if (!words)
        win32_fail_code(ERROR_MR_MID_NOT_FOUND);
    else if (!has_language(language))
        win32_fail_code(ERROR_RESOURCE_LANG_NOT_FOUND);
    else if (asprintf(&text, "%s\r\n", words) < 0)
        win32_fail(-ENOMEM);
    else
        return text;
    return NULL;
}

static char *find_text(DWORD flags, const void *source, bool wide, DWORD id, DWORD language)
{
    char *text = NULL;
    if (flags & FORMAT_MESSAGE_FROM_STRING) {
        if (!source)
            win32_fail_code(ERROR_INVALID_PARAMETER);
        else if (wide)
            (void)win32_narrow(source, &text);
        else if (!(text = strdup(source)))
            win32_fail(-ENOMEM);
        return text;
    }
    if (flags & FORMAT_MESSAGE_FROM_SYSTEM)
        return system_text(id, language);
    win32_fail_code(flags & FORMAT_MESSAGE_FROM_HMODULE ? ERROR_RESOURCE_DATA_NOT_FOUND
                                                        : ERROR_INVALID_PARAMETER);
    return NULL;
}

/* The finished text, to be freed; NULL and a last error. */
static char *format(DWORD flags, const void *source, bool wide, DWORD id, DWORD language,
                    va_list *arguments)
{
    struct source src = {.flags = flags, .wide = wide};
    struct output out = {.width = flags & FORMAT_MESSAGE_MAX_WIDTH_MASK};
    if (flags & FORMAT_MESSAGE_ARGUMENT_ARRAY)
        src.array = (const DWORD_PTR *)arguments;
    else
        src.list = arguments;
    char *text = find_text(flags, source, wide, id, language);
    if (!text)
        return NULL;
    int rc = expand(&out, &src, text);
    free(text);
    if (rc == 0 && out.length > 0)
        return out.text;
    free(out.text);
    if (rc < 0)
        win32_fail(rc);
    else
        win32_fail_code(ERROR_NO_WORK_DONE);
    return NULL;
}

/* ---- Handing over --------------------------------------------------------------------------- */

/* Room for `length` units and a NUL: the caller's buffer, or one from LocalAlloc. */
static void *room(DWORD flags, void *buffer, DWORD size, size_t length, size_t unit)
{
    if (!(flags & FORMAT_MESSAGE_ALLOCATE_BUFFER)) {
        if (length < size)
            return buffer;
        win32_fail_code(ERROR_INSUFFICIENT_BUFFER);
        return NULL;
    }
    size_t units = length + 1 > size ? length + 1 : size;
    void *made = LocalAlloc(LMEM_ZEROINIT, units * unit);
    if (made)
        memcpy(buffer, &made, sizeof made);
    return made;
}

/* Callers free what they find there, failure or not. False and a last error without a buffer. */
static bool start_output(DWORD flags, void *buffer)
{
    if (!buffer)
        return win32_fail_code(ERROR_INVALID_PARAMETER);
    if (flags & FORMAT_MESSAGE_ALLOCATE_BUFFER)
        memset(buffer, 0, sizeof(void *));
    return true;
}

DWORD WINAPI FormatMessageA(DWORD flags, LPCVOID source, DWORD id, DWORD language, LPSTR buffer,
                            DWORD size, va_list *arguments)
{
    if (!start_output(flags, buffer))
        return 0;
    char *text = format(flags, source, false, id, language, arguments);
    if (!text)
        return 0;
    size_t length = strlen(text);
    char *to = room(flags, buffer, size, length, 1);
    if (to)
        memcpy(to, text, length + 1);
    free(text);
    return to ? (DWORD)length : 0;
}

DWORD WINAPI FormatMessageW(DWORD flags, LPCVOID source, DWORD id, DWORD language, LPWSTR buffer,
                            DWORD size, va_list *arguments)
{
    if (!start_output(flags, buffer))
        return 0;
    char *text = format(flags, source, true, id, language, arguments);
    if (!text)
        return 0;
    size_t bytes = strlen(text), length = win32_wide_convert(text, bytes, NULL, 0);
    WCHAR *to = room(flags, buffer, size, length, sizeof *to);
    if (to) {
        (void)win32_wide_convert(text, bytes, to, length);
        to[length] = 0;
    }
    free(text);
    return to ? (DWORD)length : 0;
}
