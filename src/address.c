/* address.c: mailslot addresses, and which computer and domain this process is.
 *
 * Names are case-insensitive: ASCII, Latin-1, Latin Extended-A, Greek and Cyrillic letters are
 * lower-cased; other scripts are taken as they are. A directory name keeps letters, digits, '.',
 * '_', '-' and what lies beyond ASCII; every other byte, and a '.' in front, becomes %XX. So '/'
 * and '\' cannot occur, nor "." and "..", and names that start with '.' or "%" and a small letter
 * are free for the library's own files. A name longer than 255 bytes in this form is -ENAMETOOLONG.
 *
 * Lock: `lock` guards `self`; a leaf.
 */
#include "address.h"

#include <errno.h>
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "waitobj/mailslot.h"

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct {
    bool known;
    char computer[WO__COMPUTER_MAX + 1], domain[WO__COMPUTER_MAX + 1];
} self;

void wo__address_fork_prepare(void)
{
    pthread_mutex_lock(&lock);
}

void wo__address_fork_done(void)
{
    pthread_mutex_unlock(&lock);
}

/* ---- Characters ------------------------------------------------------------------------------ */

/* Decodes one UTF-8 character: its length, or 0 when it is malformed. */
static size_t decode(const unsigned char *s, size_t size, uint32_t *c)
{
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    size_t n = s[0] < 0x80 ? 1 : s[0] >> 5 == 6 ? 2 : s[0] >> 4 == 14 ? 3 : s[0] >> 3 == 30 ? 4 : 0;
    if (n == 0 || n > size)
        return 0;
    *c = n == 1 ? s[0] : s[0] & (0x7Fu >> n);
    for (size_t i = 1; i < n; i++) {
        if ((s[i] & 0xC0) != 0x80)
            return 0;
        *c = *c << 6 | (s[i] & 0x3F);
    }
    return *c < least[n] || *c > 0x10FFFF || (*c >= 0xD800 && *c < 0xE000) ? 0 : n;
}

static uint32_t lower(uint32_t c)
{
    static const struct {
        uint16_t first, last, add, step;
    } ranges[] = {
        {'A', 'Z', 32, 1},         {0xC0, 0xD6, 32, 1},       {0xD8, 0xDE, 32, 1},
        {0x100, 0x12E, 1, 2},      {0x132, 0x136, 1, 2},      {0x139, 0x147, 1, 2},
        {0x14A, 0x176, 1, 2},      {0x179, 0x17D, 1, 2},      {0x386, 0x386, 38, 1},
        {0x388, 0x38A, 37, 1},     {0x38C, 0x38C, 64, 1},     {0x38E, 0x38F, 63, 1},
        {0x391, 0x3A1, 32, 1},     {0x3A3, 0x3AB, 32, 1},     {0x400, 0x40F, 80, 1},
        {0x410, 0x42F, 32, 1},
    };
    for (size_t i = 0; i < sizeof ranges / sizeof *ranges; i++)
        if (c >= ranges[i].first && c <= ranges[i].last &&
            (c - ranges[i].first) % ranges[i].step == 0)
            return c + ranges[i].add;
    return c == 0x178 ? 0xFF : c; /* the one whose partner lies elsewhere */
}

static bool is_control(uint32_t c)
{
    return c < 0x20 || (c >= 0x7F && c < 0xA0);
}

static bool is_plain(uint32_t c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-';
}

/* Writes a character in lower case, escaped where needed; its length, at most 4. */
static size_t encode(uint32_t c, bool first, char out[4])
{
    static const char digit[] = "0123456789ABCDEF";
    if (c < 0x80 && is_plain(c) && !(first && c == '.')) {
        out[0] = (char)c;
        return 1;
    }
    if (c < 0x80) {
        out[0] = '%';
        out[1] = digit[c >> 4];
        out[2] = digit[c & 15];
        return 3;
    }
    size_t n = c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
    for (size_t i = n - 1; i > 0; i--, c >>= 6)
        out[i] = (char)(0x80 | (c & 0x3F));
    out[0] = (char)((0xF00u >> n & 0xF0) | c);
    return n;
}

int wo__address_escape(const char *text, size_t size, char out[WO__COMPONENT_SIZE])
{
    size_t used = 0;
    char result[WO__COMPONENT_SIZE];
    for (size_t i = 0; i < size;) {
        uint32_t c;
        char bytes[4];
        size_t taken = decode((const unsigned char *)text + i, size - i, &c);
        if (taken == 0 || is_control(c))
            return -EILSEQ;
        size_t n = encode(lower(c == '/' ? '\\' : c), used == 0, bytes);
        if (used + n >= sizeof result)
            return -ENAMETOOLONG;
        memcpy(result + used, bytes, n);
        used += n;
        i += taken;
    }
    result[used] = '\0';
    memcpy(out, result, used + 1);
    return 0;
}

/* ---- Who we are ------------------------------------------------------------------------------ */

static bool is_host(const char *s)
{
    char ignored[WO__COMPONENT_SIZE];
    size_t n = strlen(s);
    return n > 0 && n <= WO__COMPUTER_MAX && !strpbrk(s, "/\\*") && strcmp(s, ".") != 0 &&
           strcmp(s, "?") != 0 && wo__address_escape(s, n, ignored) == 0;
}

static void choose(char out[WO__COMPUTER_MAX + 1], const char *first, const char *second,
                   const char *last)
{
    const char *s = first && is_host(first) ? first : second && is_host(second) ? second : last;
    memmove(out, s, strlen(s) + 1);
}

/* Fills `self` on first use; lock held. */
static void find_self(void)
{
    char host[256] = "";
    if (self.known)
        return;
    if (gethostname(host, sizeof host - 1) < 0)
        host[0] = '\0';
    choose(self.computer, getenv("WAITOBJ_COMPUTER"), host, "LOCALHOST");
    choose(self.domain, getenv("WAITOBJ_DOMAIN"), NULL, "WORKGROUP");
    self.known = true;
}

void wo__address_computer(char name[WO__COMPUTER_MAX + 1])
{
    pthread_mutex_lock(&lock);
    find_self();
    memcpy(name, self.computer, sizeof self.computer);
    pthread_mutex_unlock(&lock);
}

int wo_mailslot_set_computer(const char *computer, const char *domain)
{
    if ((computer && !is_host(computer)) || (domain && !is_host(domain)))
        return -EINVAL;
    pthread_mutex_lock(&lock);
    find_self();
    choose(self.computer, computer, NULL, self.computer);
    choose(self.domain, domain, NULL, self.domain);
    pthread_mutex_unlock(&lock);
    return 0;
}

/* is_host has accepted both: escaping cannot fail. */
static void tell_self(struct wo__address *a)
{
    pthread_mutex_lock(&lock);
    find_self();
    wo__address_escape(self.computer, strlen(self.computer), a->computer);
    wo__address_escape(self.domain, strlen(self.domain), a->domain);
    pthread_mutex_unlock(&lock);
}

/* ---- Addresses ------------------------------------------------------------------------------- */

static bool is_slash(char c)
{
    return c == '\\' || c == '/';
}

/* Does the text begin with "mailslot", in any case and locale? Returns what follows, or NULL. */
static const char *after_word(const char *s)
{
    for (const char *word = "mailslot"; *word; word++, s++)
        if (lower((unsigned char)*s) != (unsigned char)*word)
            return NULL;
    return s;
}

/* Splits \\HOST\mailslot\NAME. False: it is something else. */
static bool split(const char *text, size_t *host_size, const char **name)
{
    if (!is_slash(text[0]) || !is_slash(text[1]))
        return false;
    *host_size = strcspn(text + 2, "\\/");
    const char *s = text + 2 + *host_size;
    if (*host_size == 0 || !*s)
        return false;
    s = after_word(s + 1);
    if (!s || !is_slash(*s))
        return false;
    *name = s + 1;
    return true;
}

/* No empty parts, no "." and no "..". */
static bool well_formed(const char *name)
{
    for (;;) {
        size_t n = strcspn(name, "\\/");
        if (n == 0 || (n <= 2 && strncmp(name, "..", n) == 0))
            return false;
        if (!name[n])
            return true;
        name += n + 1;
    }
}

static int parse_host(const char *host, size_t size, struct wo__address *a)
{
    a->host[0] = '\0';
    a->kind = WO__ADDRESS_HERE;
    if (size == 1 && (*host == '.' || *host == '?')) /* both lead to this computer's devices */
        return 0;
    a->kind = WO__ADDRESS_ALL;
    if (size == 1 && *host == '*')
        return 0;
    if (size > WO__COMPUTER_MAX || memchr(host, '*', size))
        return -EILSEQ;
    int rc = wo__address_escape(host, size, a->host);
    a->kind = strcmp(a->host, a->computer) == 0 ? WO__ADDRESS_HERE : WO__ADDRESS_HOST;
    return rc;
}

int wo__address_parse(const char *text, struct wo__address *out)
{
    struct wo__address a;
    size_t host_size;
    const char *name;
    if (!text)
        return -ENOTDIR;
    if (!split(text, &host_size, &name) || !well_formed(name))
        return -EILSEQ;
    tell_self(&a);
    int rc = parse_host(text + 2, host_size, &a);
    if (rc == 0)
        rc = wo__address_escape(name, strlen(name), a.name);
    if (rc == 0)
        *out = a;
    return rc;
}

bool wo__address_is_mailslot(const char *text)
{
    size_t host_size;
    const char *name;
    return text && split(text, &host_size, &name);
}
