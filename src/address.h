/* address.h: mailslot addresses, and which computer and domain this process is.
 *
 * The parts of an address come out as directory names: lower-cased and escaped, so that different
 * spellings of one name are one directory and no name can leave its place. */
#ifndef WO_ADDRESS_H
#define WO_ADDRESS_H

#include <stdbool.h>
#include <stddef.h>

enum { WO__COMPONENT_SIZE = 256, WO__COMPUTER_MAX = 63 };

enum wo__address_kind {
    WO__ADDRESS_HERE, /* \\.\ or this computer's name */
    WO__ADDRESS_HOST, /* \\X\: a computer of our domain, else a domain */
    WO__ADDRESS_ALL   /* \\*\: every computer of our domain */
};

struct wo__address {
    enum wo__address_kind kind;
    char domain[WO__COMPONENT_SIZE];   /* this process's, when the address was resolved */
    char computer[WO__COMPONENT_SIZE]; /* the same */
    char host[WO__COMPONENT_SIZE];     /* X, for WO__ADDRESS_HOST */
    char name[WO__COMPONENT_SIZE];     /* [path\]name as one component */
};

/* -ENOTDIR: NULL; -EILSEQ: not \\HOST\mailslot\NAME, or an odd name; -ENAMETOOLONG. */
int wo__address_parse(const char *text, struct wo__address *out);
/* Does it look like a mailslot's address (\\…\mailslot\…), well-formed or not? */
bool wo__address_is_mailslot(const char *text);

/* One directory name from text: lower case; bytes that could mislead a path become %XX. -EILSEQ:
 * not UTF-8, or control characters; -ENAMETOOLONG. */
int wo__address_escape(const char *text, size_t size, char out[WO__COMPONENT_SIZE]);

/* This computer's name as it was set. */
void wo__address_computer(char name[WO__COMPUTER_MAX + 1]);

void wo__address_fork_prepare(void);
void wo__address_fork_done(void);

#endif
