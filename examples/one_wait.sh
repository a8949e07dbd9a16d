#!/bin/sh
# one_wait.sh ONE_WAIT: with a line of standard input that is there from the start.
directory=$(mktemp -d)
trap 'rm -rf "$directory"' EXIT
mkfifo "$directory/input" && exec 3<>"$directory/input" && echo "a line" >&3 || exit 1
"$1" <&3 >"$directory/output" || exit 1
cat "$directory/output"
sort "$directory/output" | diff - /dev/fd/4 4<<'EXPECTED'
event
mailslot: hello
standard input: a line
the process ended with 42
EXPECTED
