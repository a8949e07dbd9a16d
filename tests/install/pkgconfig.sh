#!/bin/sh
# Builds and runs users' programs with pkg-config and a plain compiler: pkgconfig.sh STAGE WORK CC CXX
set -eu
stage=$1 work=$2 cc=$3 cxx=$4
programs=$(dirname "$0")/programs
rm -rf "$work"
mkdir -p "$work"
pc=$(find "$stage" -name waitobj-win32.pc)
lib=$(dirname "$(dirname "$pc")")
export PKG_CONFIG_PATH="${pc%/*}" LD_LIBRARY_PATH="$lib"
command -v pkg-config >/dev/null || exit 77

build() # MODULE PROGRAM COMPILER [FLAG...]
{
    module=$1 program=$2 compiler=$3
    shift 3
    # shellcheck disable=SC2046 # words on purpose
    "$compiler" "$programs/$program" -o "$work/program" $(pkg-config --cflags --libs "$module") "$@"
    "$work/program"
    echo "$module $program $*: ok"
}

build waitobj native.c "$cc"
build waitobj native.cpp "$cxx"
build waitobj-win32 port.c "$cc"
build waitobj-win32 port.c "$cc" -DUNICODE -D_UNICODE
build waitobj-win32 port.cpp "$cxx"
build waitobj-win32 port.cpp "$cxx" -fshort-wchar

# Without the shared library: everything in the program.
# shellcheck disable=SC2046
"$cc" "$programs/native.c" -o "$work/static" -static $(pkg-config --static --cflags --libs waitobj)
LD_LIBRARY_PATH='' "$work/static"

# The library carries its name and version.
case $(LC_ALL=C readelf -d "$lib/libwaitobj.so") in
*"soname: [libwaitobj.so.0]"*) ;;
*) echo "wrong SONAME" && exit 1 ;;
esac
