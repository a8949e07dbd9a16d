#!/bin/sh
# Every header compiles alone and without a warning: compile.sh INCLUDE_DIR WORK COMPILER c|c++.
#
# Each real header alone; all of them, with their other spellings, in both orders, in every kind of
# build and language standard; and windows.h among the system's headers.
set -eu
include=$1 work=$2 compiler=$3 language=$4
mkdir -p "$work"
source=$(cd "$(dirname "$0")" && pwd)
cd "$work"
case $language in
c) suffix=c standards="c99 gnu99 c11 gnu11 c17 gnu17" first=c11 last=gnu17 ;;
c++) suffix=cpp standards="c++11 gnu++11 c++14 c++17 gnu++17 c++20" first=c++11 last=gnu++17 ;;
esac
failed=0

# check STANDARD FILE OPTION…
check() {
    standard=$1 file=$2
    shift 2
    if ! "$compiler" -std="$standard" -Wall -Wextra -Wshadow -Werror "$@" -fsyntax-only \
        -I"$include" "$file"; then
        echo "failed: $compiler -std=$standard $* $file: $(head -n 3 "$file" | tr '\n' ' ')"
        failed=$((failed + 1))
    fi
}

unicode="-DUNICODE -D_UNICODE"
headers=$(cd "$include" && ls)
for header in $headers; do
    [ "$(wc -l <"$include/$header")" -gt 2 ] || continue # only another spelling
    printf '#include <%s>\nint main(void);\nint main(void) { return 0; }\n' "$header" >one.$suffix
    check $first one.$suffix -pedantic
    check $first one.$suffix $unicode -fshort-wchar
done

for header in $headers; do
    echo "#include <$header>"
done >all.$suffix
sort -r all.$suffix >backwards.$suffix
for file in all.$suffix backwards.$suffix; do
    echo 'int main(void) { return 0; }' >>$file
    check $first $file -DNOMINMAX -DW32_PRINTF
done
for standard in $standards; do
    check "$standard" all.$suffix
    check "$standard" backwards.$suffix -fshort-wchar $unicode
    [ "$standard" = c99 ] || check "$standard" all.$suffix $unicode # c99 has no u"" literals
done

# Next to the system's own headers, before and behind them.
for header in sys/types.h sys/socket.h sys/stat.h netinet/in.h pthread.h unistd.h fcntl.h signal.h \
    poll.h time.h wchar.h errno.h math.h setjmp.h dirent.h semaphore.h memory.h; do
    echo "#include <$header>"
done >system.$suffix
[ $language = c ] || printf '#include <%s>\n' algorithm atomic chrono cstdio filesystem functional \
    iostream locale map random regex sstream string thread vector >>system.$suffix
echo '#include <windows.h>' | cat system.$suffix - >behind.$suffix
echo '#include <windows.h>' | cat - system.$suffix >before.$suffix
for file in behind.$suffix before.$suffix; do
    echo 'int main(void) { return 0; }' >>$file
    for options in "" "$unicode" "$unicode -fshort-wchar" -DW32_PRINTF; do
        check $last $file $options
    done
done

cp "$source/keywords.c" keywords.$suffix
for options in "" "-D_WIN32 -DWIN32" -fms-extensions; do
    check $last keywords.$suffix $options
done

# What must not be there.
printf '#include <windows.h>\n#ifdef _WIN32\n#error _WIN32 is defined\n#endif\n' >none.$suffix
echo 'int main(void) { return 0; }' >>none.$suffix
check $first none.$suffix
exit $((failed > 0))
