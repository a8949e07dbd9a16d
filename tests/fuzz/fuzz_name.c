/* fuzz_name.c: mailslot addresses become directory names that lead nowhere else; event names. */
#include "fuzz.h"

#include <errno.h>

#include "address.h"
#include "waitobj/event.h"
#include "waitobj/wait.h"

const char *const fuzz_words[] = {"\\\\.\\mailslot\\",
                                  "//./MailSlot/",
                                  "\\\\*\\mailslot\\",
                                  "\\\\host\\",
                                  "mailslot",
                                  "\\",
                                  "/",
                                  "..",
                                  ".",
                                  "%5C",
                                  "%",
                                  "Local\\",
                                  "Global\\",
                                  "\xC3\x89",
                                  "\xE2\x82\xAC",
                                  "\xED\xA0\x80",
                                  "\xC5\xB8",
                                  "a",
                                  NULL};

static void is_component(const char *name)
{
    size_t n = strnlen(name, WO__COMPONENT_SIZE);
    char again[WO__COMPONENT_SIZE];
    REQUIRE(n > 0 && n < WO__COMPONENT_SIZE);
    REQUIRE(!strpbrk(name, "/\\*") && name[0] != '.');
    for (size_t i = 0; i < n; i++)
        REQUIRE((unsigned char)name[i] >= 0x20 && name[i] != 0x7F);
    /* Lower-casing and escaping is done: only the escapes themselves change once more. */
    if (!strchr(name, '%')) {
        REQUIRE(wo__address_escape(name, n, again) == 0);
        REQUIRE(strcmp(name, again) == 0);
    }
}

static void address(const char *text)
{
    struct wo__address a;
    memset(&a, 0xA5, sizeof a);
    int rc = wo__address_parse(text, &a);
    REQUIRE(rc == 0 || rc == -EILSEQ || rc == -ENAMETOOLONG);
    if (rc < 0) {
        REQUIRE((unsigned char)a.name[0] == 0xA5);
        return;
    }
    REQUIRE(wo__address_is_mailslot(text));
    is_component(a.name);
    is_component(a.computer);
    is_component(a.domain);
    if (a.host[0])
        is_component(a.host);
}

static void event(const char *name)
{
    wo_handle h = NULL, again = NULL;
    int rc = wo_event_create(&h, name, 0, NULL);
    REQUIRE(rc == 0 || rc == -EILSEQ || rc == -ENAMETOOLONG || rc == -ENOTDIR || rc == -EDOM ||
            rc == -EBADF);
    REQUIRE((rc == 0) == (h != NULL));
    if (rc < 0)
        return;
    if (*name) {
        REQUIRE(wo_event_open(&again, name, WO_ACCESS_ALL) == 0);
        REQUIRE(wo_close(again) == 0);
    }
    REQUIRE(wo_close(h) == 0);
    if (*name)
        REQUIRE(wo_event_open(&h, name, WO_ACCESS_ALL) == -ENOENT);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz_input in = {data, size};
    char *text = fuzz_rest(&in, 1);
    address(text);
    event(text);
    free(text);
    return 0;
}
