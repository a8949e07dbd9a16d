#!/bin/sh
# run_pair.sh SERVER CLIENT: the guest book with two clients.
server=$1 client=$2
output=$(mktemp)
trap 'rm -f "$output"' EXIT
"$server" >"$output" & pid=$!
"$client" "good day" "it was nice here" && "$client" again quit || { kill $pid; exit 1; }
wait $pid
cat "$output"
diff - "$output" <<'EXPECTED'
entry 1, 8 characters: good day
entry 2, 16 characters: it was nice here
entry 3, 5 characters: again
the book has 3 entries
EXPECTED
