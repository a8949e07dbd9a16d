#!/bin/sh
# mailslot.sh RECEIVER SENDER: both examples together.
receiver=$1 sender=$2
output=$(mktemp)
trap 'rm -f "$output"' EXIT
"$receiver" >"$output" &
until "$sender" hello 2>/dev/null; do
    kill -0 $! 2>/dev/null || exit 1
    sleep 0.05
done
"$sender" "two words" "" ünïcode end || exit 1
wait $! || exit 1
cat "$output"
diff - "$output" <<'EXPECTED'
received 5 bytes: hello
received 9 bytes: two words
received 0 bytes: 
received 9 bytes: ünïcode
4 messages
EXPECTED
