/* format.c: printf with Microsoft's rules.
 *
 * What differs from C: `l` before an integer means 32 bits; I, I32 and I64 are lengths; %s and %c
 * mean the function's own kind of text, %S and %C the other kind, `h` narrow and `l` or `w` wide;
 * %p is 16 upper-case digits; %n does nothing. Numbers are left to the C library.
 *
 * Text is collected as UTF-8. A lone surrogate is kept as three bytes, so that a wide function gets
 * its units back exactly. */
#include "format.h"

#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "utf.h"

enum length { NONE, CHAR_SIZE, SHORT_SIZE, LONG_SIZE, WIDE_SIZE, BITS_64, LONG_DOUBLE };

struct directive {
    char flags[8];
    int width, precision; /* -1: none */
    enum length length;
    char conversion;
};

/* va_list may be an array type: only inside a structure can its address be passed on. */
struct state {
    struct win32_text *text;
    unsigned mode;
    va_list arguments;
};

static int is_small(const struct state *s)
{
    return (s->mode & WIN32_FORMAT_SMALL) != 0;
}

static char *reserve(struct win32_text *t, size_t more)
{
    if (t->failed || more > (size_t)INT_MAX - t->length) {
        t->failed = 1;
        return NULL;
    }
    if (t->length + more + 1 > t->capacity) {
        size_t capacity = (t->length + more + 1) * 2;
        char *bytes = realloc(t->bytes, capacity);
        if (!bytes) {
            t->failed = 1;
            return NULL;
        }
        t->bytes = bytes;
        t->capacity = capacity;
    }
    return t->bytes + t->length;
}

static void append(struct win32_text *t, const char *bytes, size_t n)
{
    char *to = reserve(t, n);
    if (!to)
        return;
    memcpy(to, bytes, n);
    t->length += n;
}

static void pad(struct win32_text *t, char c, size_t n)
{
    char *to = reserve(t, n);
    if (!to)
        return;
    memset(to, c, n);
    t->length += n;
}

static int has_flag(const struct directive *d, char flag)
{
    return strchr(d->flags, flag) != NULL;
}

/* Text of `units` units as the width counts them. */
static void append_padded(struct state *s, const struct directive *d, const char *bytes, size_t n,
                          size_t units)
{
    struct win32_text *t = s->text;
    size_t fill = d->width > 0 && (size_t)d->width > units ? (size_t)d->width - units : 0;
    if (!has_flag(d, '-'))
        pad(t, has_flag(d, '0') && !is_small(s) ? '0' : ' ', fill);
    append(t, bytes, n);
    if (has_flag(d, '-'))
        pad(t, ' ', fill);
}

static size_t narrow_limit(const char *s, int precision)
{
    return precision < 0 ? strlen(s) : strnlen(s, (size_t)precision);
}

static size_t wide_limit(const WCHAR *s, int precision)
{
    size_t n = 0;
    while ((precision < 0 || n < (size_t)precision) && s[n])
        n++;
    return n;
}

/* A wide argument. In a narrow function the precision counts the bytes it becomes, and no character
 * is cut in half. */
static void put_wide(struct state *s, const struct directive *d, const WCHAR *units, size_t n)
{
    char *bytes;
    size_t length;
    if (win32_utf8_from_wide_n(units, n, &bytes, &length) < 0) {
        s->text->failed = 1;
        return;
    }
    if (!(s->mode & WIN32_FORMAT_WIDE) && d->precision >= 0 && length > (size_t)d->precision) {
        length = (size_t)d->precision;
        while (length > 0 && ((unsigned char)bytes[length] & 0xC0) == 0x80)
            length--;
    }
    append_padded(s, d, bytes, length, s->mode & WIN32_FORMAT_WIDE ? n : length);
    free(bytes);
}

/* A narrow argument. In a wide function it counts as the units it becomes. */
static void put_narrow(struct state *s, const struct directive *d, const char *bytes, size_t n)
{
    WCHAR *units;
    size_t length;
    if (!(s->mode & WIN32_FORMAT_WIDE)) {
        append_padded(s, d, bytes, n, n);
        return;
    }
    if (win32_wide_from_utf8_n(bytes, n, &units, &length) < 0) {
        s->text->failed = 1;
        return;
    }
    put_wide(s, d, units, length);
    free(units);
}

static int is_wide_text(const struct state *s, const struct directive *d)
{
    int wide = (s->mode & WIN32_FORMAT_WIDE) != 0;
    if (d->length == SHORT_SIZE || d->length == CHAR_SIZE)
        return 0;
    if (d->length == LONG_SIZE || d->length == WIDE_SIZE)
        return 1;
    return d->conversion == 'S' || d->conversion == 'C' ? !wide : wide;
}

static void put_string(struct state *s, const struct directive *d)
{
    const void *p = va_arg(s->arguments, const void *);
    if (!p)
        put_narrow(s, d, "(null)", narrow_limit("(null)", d->precision));
    else if (is_wide_text(s, d))
        put_wide(s, d, p, wide_limit(p, s->mode & WIN32_FORMAT_WIDE ? d->precision : -1));
    else
        put_narrow(s, d, p, narrow_limit(p, d->precision));
}

static void put_char(struct state *s, const struct directive *d)
{
    int c = va_arg(s->arguments, int);
    struct directive whole = *d;
    whole.precision = -1;
    if (is_wide_text(s, d)) {
        WCHAR unit = (WCHAR)c;
        put_wide(s, &whole, &unit, 1);
    } else {
        char byte = (char)c;
        put_narrow(s, &whole, &byte, 1);
    }
}

/* A conversion of the C library for this directive, with the given length modifier. */
static void spell(char spec[32], const struct directive *d, const char *length)
{
    int n = snprintf(spec, 32, "%%%s*", d->flags);
    snprintf(spec + n, (size_t)(32 - n), "%s%s%c", d->precision >= 0 ? ".*" : "", length,
             d->conversion);
}

/* The C library's text for one number; it is measured first, then written. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
#define PUT_NUMBER(text, d, spec, value)                                                           \
    do {                                                                                           \
        int width_ = (d)->width < 0 ? 0 : (d)->width;                                              \
        int n_ = (d)->precision >= 0 ? snprintf(NULL, 0, spec, width_, (d)->precision, value)      \
                                     : snprintf(NULL, 0, spec, width_, value);                     \
        char *to_ = n_ < 0 ? NULL : reserve(text, (size_t)n_);                                     \
        if (n_ < 0)                                                                                \
            (text)->failed = 1;                                                                    \
        if (to_) {                                                                                 \
            if ((d)->precision >= 0)                                                               \
                snprintf(to_, (size_t)n_ + 1, spec, width_, (d)->precision, value);                \
            else                                                                                   \
                snprintf(to_, (size_t)n_ + 1, spec, width_, value);                                \
            (text)->length += (size_t)n_;                                                          \
        }                                                                                          \
    } while (0)

static long long signed_argument(struct state *s, enum length length)
{
    if (length == BITS_64)
        return va_arg(s->arguments, long long);
    int v = va_arg(s->arguments, int);
    return length == SHORT_SIZE ? (short)v : length == CHAR_SIZE ? (signed char)v : v;
}

static unsigned long long unsigned_argument(struct state *s, enum length length)
{
    if (length == BITS_64)
        return va_arg(s->arguments, unsigned long long);
    unsigned v = va_arg(s->arguments, unsigned);
    return length == SHORT_SIZE ? (unsigned short)v : length == CHAR_SIZE ? (unsigned char)v : v;
}

static void put_integer(struct state *s, const struct directive *d)
{
    char spec[32];
    spell(spec, d, "ll");
    if (d->conversion == 'd' || d->conversion == 'i') {
        long long v = signed_argument(s, d->length);
        PUT_NUMBER(s->text, d, spec, v);
    } else {
        unsigned long long v = unsigned_argument(s, d->length);
        PUT_NUMBER(s->text, d, spec, v);
    }
}

static void put_float(struct state *s, const struct directive *d)
{
    char spec[32];
    spell(spec, d, d->length == LONG_DOUBLE ? "L" : "");
    if (d->length == LONG_DOUBLE) {
        long double v = va_arg(s->arguments, long double);
        PUT_NUMBER(s->text, d, spec, v);
    } else {
        double v = va_arg(s->arguments, double);
        PUT_NUMBER(s->text, d, spec, v);
    }
}
#pragma GCC diagnostic pop

static void put_pointer(struct state *s, const struct directive *d)
{
    char digits[17];
    int n = snprintf(digits, sizeof digits, "%016llX",
                     (unsigned long long)(uintptr_t)va_arg(s->arguments, void *));
    append_padded(s, d, digits, (size_t)n, (size_t)n);
}

static void put(struct state *s, struct directive *d)
{
    char conversion = d->conversion;
    if (is_small(s) && conversion && strchr("oneEfFgGaA", conversion))
        conversion = 0;
    switch (conversion) {
    case 'd':
    case 'i':
    case 'u':
    case 'o':
    case 'x':
    case 'X':
        put_integer(s, d);
        break;
    case 's':
    case 'S':
        put_string(s, d);
        break;
    case 'c':
    case 'C':
        put_char(s, d);
        break;
    case 'p':
        put_pointer(s, d);
        break;
    case 'n':
        (void)va_arg(s->arguments, void *);
        break;
    case 'e':
    case 'E':
    case 'f':
    case 'F':
    case 'g':
    case 'G':
    case 'a':
    case 'A':
        put_float(s, d);
        break;
    default: /* not a conversion: the character stands for itself */
        append(s->text, &d->conversion, d->conversion != 0);
    }
}

/* Digits or `*`. A count beyond int is an error. */
static const char *read_count(struct state *s, const char *p, int *count)
{
    if (*p == '*' && !is_small(s)) {
        *count = va_arg(s->arguments, int);
        return p + 1;
    }
    for (*count = 0; *p >= '0' && *p <= '9'; p++) {
        if (*count > (INT_MAX - 9) / 10) {
            s->text->failed = 1;
            return p;
        }
        *count = *count * 10 + (*p - '0');
    }
    return p;
}

static const char *read_flags(const struct state *s, const char *p, struct directive *d)
{
    size_t n = 0;
    for (; *p && strchr(is_small(s) ? "-#0" : "-+ #0", *p); p++)
        if (!has_flag(d, *p))
            d->flags[n++] = *p;
    return p;
}

static const char *read_length(const char *p, struct directive *d)
{
    static const struct {
        char text[4];
        enum length length;
    } lengths[] = {
        {"I64", BITS_64},  {"I32", NONE},   {"I", BITS_64},   {"hh", CHAR_SIZE},
        {"h", SHORT_SIZE}, {"ll", BITS_64}, {"l", LONG_SIZE}, {"w", WIDE_SIZE},
        {"z", BITS_64},    {"t", BITS_64},  {"j", BITS_64},   {"L", LONG_DOUBLE},
    };
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
        size_t n = strlen(lengths[i].text);
        if (strncmp(p, lengths[i].text, n) == 0) {
            d->length = lengths[i].length;
            if (d->length == BITS_64 && n == 1 && sizeof(void *) == 4)
                d->length = NONE;
            return p + n;
        }
    }
    return p;
}

/* One directive after its %; returns what follows it. */
static const char *read_directive(struct state *s, const char *p, struct directive *d)
{
    *d = (struct directive){.width = -1, .precision = -1};
    p = read_flags(s, p, d);
    p = read_count(s, p, &d->width);
    if (d->width < 0) { /* a negative * means left, whatever the flags said */
        d->width = d->width == INT_MIN ? INT_MAX : -d->width;
        strcpy(d->flags, has_flag(d, '+') ? "-+" : "-");
    }
    if (*p == '.')
        p = read_count(s, p + 1, &d->precision);
    p = read_length(p, d);
    d->conversion = *p;
    return *p ? p + 1 : p;
}

int win32_format(struct win32_text *t, unsigned flags, const char *format, va_list arguments)
{
    struct state s = {.text = t, .mode = flags};
    struct directive d;
    *t = (struct win32_text){0};
    va_copy(s.arguments, arguments);
    while (*format && !t->failed) {
        size_t plain = strcspn(format, "%");
        append(t, format, plain);
        format += plain;
        if (*format == 0)
            break;
        format = read_directive(&s, format + 1, &d);
        if (!t->failed)
            put(&s, &d);
    }
    va_end(s.arguments);
    if (reserve(t, 0))
        t->bytes[t->length] = 0;
    return t->failed ? -1 : 0;
}

static int format_wide(struct win32_units *u, unsigned flags, const WCHAR *format,
                       va_list arguments)
{
    struct win32_text t;
    char *narrow;
    WCHAR *wide = NULL;
    if (win32_utf8_from_wide(format, &narrow) < 0)
        return -1;
    int r = win32_format(&t, flags, narrow, arguments);
    if (r == 0 && win32_wide_from_utf8_n(t.bytes, t.length, &wide, &u->length) < 0)
        r = -1;
    u->data = wide;
    u->size = sizeof *wide;
    free(t.bytes);
    free(narrow);
    return r;
}

int win32_format_units(struct win32_units *u, unsigned flags, const void *format, va_list arguments)
{
    struct win32_text t;
    if (flags & WIN32_FORMAT_WIDE)
        return format_wide(u, flags, format, arguments);
    if (win32_format(&t, flags, format, arguments) < 0) {
        free(t.bytes);
        return -1;
    }
    *u = (struct win32_units){t.bytes, t.length, 1};
    return 0;
}

void win32_copy_units(void *to, const struct win32_units *u, size_t n)
{
    memcpy(to, u->data, n * u->size);
    memset((char *)to + n * u->size, 0, u->size);
}
