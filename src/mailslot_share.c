/* mailslot_share.c: mailslots in more than one process: fork(), and handing an end over.
 *
 * After fork() parent and child both have the ends they had. Both may read: each message goes to
 * one of them. Both may write. The mailslot ends when both have closed it.
 */
#include "mailslot.h"

#include <errno.h>
#include <string.h>

#include "fork.h"

void wo__mailslot_fork_prepare(void)
{
    wo__mailslot_clients_fork_prepare();
    wo__mailslot_dir_fork_prepare();
    wo__address_fork_prepare();
}

void wo__mailslot_fork_done(void)
{
    wo__address_fork_done();
    wo__mailslot_dir_fork_done();
    wo__mailslot_clients_fork_done();
}

size_t wo__mailslot_export(struct wo__object *o, int fds[WO__MAILSLOT_FDS],
                           char text[WO__MAILSLOT_TEXT])
{
    if (o->type == &wo__mailslot_type)
        return wo__mailslot_server_export(o, fds, text);
    wo__mailslot_client_export(o, text);
    return 0;
}

/* Splits the text in place, every part a component. False: it has not just that many. */
static bool split(char *text, char *parts[], size_t count)
{
    for (size_t i = 0; i < count; i++) {
        parts[i] = text;
        size_t n = strcspn(text, "/");
        if (n >= WO__COMPONENT_SIZE || (text[n] == '/') != (i + 1 < count))
            return false;
        text[n] = '\0';
        text += n + 1;
    }
    return true;
}

int wo__mailslot_import(const char *text, const int *fds, size_t count, struct wo__object **out)
{
    char copy[WO__MAILSLOT_TEXT], *parts[WO__MAILSLOT_PARTS] = {NULL};
    size_t n = strlen(text);
    if (n >= sizeof copy)
        return -EINVAL;
    memcpy(copy, text, n + 1);
    bool server = strncmp(copy, "client/", 7) != 0;
    if (!split(copy, parts, server ? 5 : 6) || count != (server ? WO__MAILSLOT_FDS : 0))
        return -EINVAL;
    return server ? wo__mailslot_server_import(parts, fds, out)
                  : wo__mailslot_client_import(parts, out);
}
