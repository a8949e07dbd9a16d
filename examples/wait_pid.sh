#!/bin/sh
# wait_pid.sh WAIT_PID: waits for a process that is not its child, and for one that does not exist.
output=$(mktemp)
trap 'rm -f "$output"; kill $endless 2>/dev/null' EXIT
sleep 60 & endless=$!
"$1" $endless 999999999 >"$output" 2>&1 & waiter=$!
until grep -q 'waiting for 1 processes' "$output"; do
    kill -0 $waiter || exit 1
    sleep 0.05
done
kill -0 $waiter || exit 1
kill $endless
wait $waiter || exit 1
cat "$output"
grep -q '^999999999: ' "$output" && grep -q "^$endless ended" "$output"
