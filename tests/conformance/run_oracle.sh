#!/bin/sh
# run_oracle.sh WINE PREFIX DIRECTORY PROGRAM.exe: runs a conformance program under Wine.
# PROGRAM "init" makes the prefix. The output goes through a file, because Wine's background
# processes would keep a pipe open.
wine=$1 WINEPREFIX=$2 directory=$3 program=$4
WINEDEBUG=-all
WINEDLLOVERRIDES="winedbg.exe=d;mscoree=d;mshtml=d;winemenubuilder.exe=d"
unset DISPLAY WAYLAND_DISPLAY
export WINEPREFIX WINEDEBUG WINEDLLOVERRIDES
mkdir -p "$WINEPREFIX" "$directory" && cd "$directory" || exit 1
if [ "$program" = init ]; then
    "$wine" wineboot -i >oracle-init.out 2>&1 </dev/null
    test -d "$WINEPREFIX/drive_c/windows"
    exit
fi
output=$(basename "$program").out
"$wine" "$program" >"$output" 2>&1 </dev/null
code=$?
tr -d '\r' <"$output"
exit $code
