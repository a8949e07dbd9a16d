/* fuzz_queue.c: a mailslot's queue whose file is written by others.
 *
 * The input is a program: writes, reads, looks, and wrong bytes in between, in the header's fields
 * (but not in the locks, which nobody can guard) and in what lies in the queue. Every call must
 * return, and read no more than the file holds. */
#include "fuzz.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "queue_layout.h"
#include "waitobj/runtime.h"

const char *const fuzz_words[] = {
    "w\x05",         "w\xFF", "r",     "r", "p", "c", "h\x01\x02\x03", "h\xFF\xFF\xFF\xFF",
    "d\x01\x02\x03", "m\x08", "w\x20", "t", NULL};

static struct wo__queue in_end, out_end;
static int dir = -1;

static int open_place(void)
{
    char path[4200];
    REQUIRE(wo_runtime_directory(path, sizeof path - 8) == 0);
    strcat(path, "/fuzz");
    mkdir(path, 0700);
    return open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

/* Header bytes that may be wrong: all but the locks. */
static size_t harmless(size_t at)
{
    size_t w = offsetof(struct wo__queue_head, write_lock),
           we = offsetof(struct wo__queue_head, tail);
    size_t r = offsetof(struct wo__queue_head, read_lock),
           re = offsetof(struct wo__queue_head, head);
    if (at >= w && at < we)
        return we + at % 8;
    return at >= r && at < re ? re + at % 8 : at;
}

static void spoil_header(struct fuzz_input *in)
{
    static const size_t parts[] = {
        offsetof(struct wo__queue_head, tail),      offsetof(struct wo__queue_head, seen_head),
        offsetof(struct wo__queue_head, segment),   offsetof(struct wo__queue_head, start),
        offsetof(struct wo__queue_head, backed),    offsetof(struct wo__queue_head, spilled_at),
        offsetof(struct wo__queue_head, head),      offsetof(struct wo__queue_head, seen_tail),
        offsetof(struct wo__queue_head, want_bell), offsetof(struct wo__queue_head, ticket)};
    size_t part = fuzz_byte(in), at;
    if (part < 0xF0)
        at = parts[part % (sizeof parts / sizeof *parts)] + fuzz_byte(in) % 16;
    else
        at = fuzz_word(in, 2) % sizeof(struct wo__queue_head);
    ((unsigned char *)in_end.head)[harmless(at)] = fuzz_byte(in);
}

static void spoil_data(struct fuzz_input *in)
{
    size_t at = WO__QUEUE_DATA + fuzz_word(in, 2) % 2048;
    ((unsigned char *)in_end.head)[at] = fuzz_byte(in);
}

static void read_one(size_t room)
{
    char *exact = malloc(room + !room);
    size_t size = 0;
    REQUIRE(exact);
    int rc = wo__queue_read(&in_end, exact, room, &size);
    REQUIRE(rc == 0 || rc == -EAGAIN || rc == -EMSGSIZE || rc == -EBADMSG);
    REQUIRE(rc != 0 || size <= room);
    free(exact);
}

static void write_one(size_t size)
{
    char *exact = calloc(1, size + !size);
    REQUIRE(exact);
    int rc = wo__queue_write(&out_end, exact, size);
    REQUIRE(rc == 0 || rc == -E2BIG || rc == -EDQUOT || rc == -EPIPE || rc == -EBADMSG ||
            rc == -ENOSPC);
    free(exact);
}

static void step(struct fuzz_input *in)
{
    uint64_t count;
    int64_t next;
    switch (fuzz_byte(in)) {
    case 'w':
        write_one(fuzz_byte(in) * 9u);
        break;
    case 'm':
        write_one(fuzz_byte(in) * 400u);
        break;
    case 'r':
        read_one(4096);
        break;
    case 't':
        read_one(fuzz_byte(in));
        break;
    case 'p':
        wo__queue_peek(&in_end, &count, &next);
        break;
    case 'c':
        wo__queue_check(&in_end);
        wo__queue_alive(&out_end);
        break;
    case 'h':
        spoil_header(in);
        break;
    case 'd':
        spoil_data(in);
        break;
    default:
        break;
    }
}

/* A header that is wrong from the start: refused, or harmless. */
static void attach_again(struct fuzz_input in)
{
    struct wo__queue q;
    size_t at = fuzz_word(&in, 1) % offsetof(struct wo__queue_head, write_lock);
    ((unsigned char *)in_end.head)[at] = fuzz_byte(&in);
    int rc = wo__queue_attach(dir, in_end.id, &q);
    REQUIRE(rc == 0 || rc == -EBADMSG || rc == -EPROTO || rc == -ENXIO || rc == -ENOENT);
    if (rc < 0)
        return;
    REQUIRE(q.mapped == in_end.mapped && q.segments == in_end.segments);
    wo__queue_detach(&q);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz_input in = {data, size};
    struct wo__queue_options how = {.max_message = fuzz_byte(&in) * 400u};
    how.quota = (uint64_t)fuzz_byte(&in) << (fuzz_byte(&in) % 16);
    if (dir < 0)
        dir = open_place();
    REQUIRE(dir >= 0);
    REQUIRE(wo__queue_create(dir, &how, &in_end) == 0);
    REQUIRE(wo__queue_attach(dir, in_end.id, &out_end) == 0);
    for (int i = 0; i < 200 && in.left; i++)
        step(&in);
    attach_again((struct fuzz_input){data, size});
    wo__queue_detach(&out_end);
    wo__queue_end(dir, &in_end, false);
    return 0;
}
