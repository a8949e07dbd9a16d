#!/bin/sh
# The shared library exports exactly the functions and variables that the public headers declare:
# exports.sh LIBRARY INCLUDE_DIR WORK GCC. Needs gcc, which can list what it saw declared.
set -eu
library=$1 include=$2 work=$3 gcc=$4
export LC_ALL=C
"$gcc" -v 2>&1 | grep -q '^gcc version' || exit 77
mkdir -p "$work"
cd "$work"

{
    printf '#include <waitobj/waitobj.h>\n'
    (cd "$include/win32" && ls ./*.h) | sed 's,^\./\(.*\)$,#include <\1>,'
} >all.c
"$gcc" -D_GNU_SOURCE -I"$include" -I"$include/win32" -aux-info declared.txt -fsyntax-only all.c
# Lines look like: /* FILE:LINE:NC */ extern int name (int, char *);
grep -F "/* $include/" declared.txt | grep -v ' static ' |
    sed -n 's,^/\* [^*]*\*/ extern [^(]*[ *]\([A-Za-z_][A-Za-z0-9_]*\) (.*,\1,p' | sort -u >declared
nm -D --defined-only "$library" | sed 's/@.*//' | awk '$2 != "A" {print $3}' | sort -u >exported

status=0
extra=$(comm -13 declared exported)
missing=$(comm -23 declared exported)
if [ -n "$extra" ]; then
    echo "exported, in no public header:" "$extra"
    status=1
fi
if [ -n "$missing" ]; then
    echo "declared in a public header, not exported:" "$missing"
    status=1
fi
if [ ! -s exported ] || grep -q '^wo__\|^win32_' exported; then
    echo "internal names are exported, or nothing is"
    status=1
fi
echo "$(wc -l <exported) names are exported"
exit $status
