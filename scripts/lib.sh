# Shared by the scripts: packages, configurations, sums. Sourced by bash with `set -euo pipefail`.

say()
{
    printf '\n==> %s\n' "$*"
}

as_root()
{
    if [ "$(id -u)" -eq 0 ]; then
        "$@"
    elif command -v sudo >/dev/null; then
        sudo "$@"
    else
        echo "need root or sudo for: $*" >&2
        return 1
    fi
}

# need THING=PACKAGE...: installs the packages whose THING is missing. A THING is a command, or the
# path of a file below /usr/include.
need()
{
    local pair thing missing=()
    for pair in "$@"; do
        thing=${pair%%=*}
        command -v "$thing" >/dev/null || [ -e "/usr/include/$thing" ] || missing+=("${pair#*=}")
    done
    [ ${#missing[@]} -gt 0 ] || return 0
    if ! command -v apt-get >/dev/null; then
        echo "please install what Debian calls: ${missing[*]}" >&2
        return 1
    fi
    say "installing ${missing[*]}"
    as_root apt-get update -qq </dev/null
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
        "${missing[@]}" </dev/null
}

need_build()
{
    need gcc=build-essential g++=build-essential make=build-essential stdio.h=build-essential \
        cmake=cmake ninja=ninja-build
}

need_tests()
{
    need_build
    need cmocka.h=libcmocka-dev pkg-config=pkg-config clang=clang
}

need_oracle()
{
    need x86_64-w64-mingw32-gcc=gcc-mingw-w64-x86-64 x86_64-w64-mingw32-g++=g++-mingw-w64-x86-64 \
        wine=wine wine=wine64
}

jobs=$(nproc 2>/dev/null || echo 2)
total_passed=0 total_failed=0 total_skipped=0 table=""

# note NAME PASSED FAILED SKIPPED SECONDS
note()
{
    total_passed=$((total_passed + $2))
    total_failed=$((total_failed + $3))
    total_skipped=$((total_skipped + $4))
    table+=$(printf '%-14s %4d passed %4d failed %4d skipped %5d s' "$@")$'\n'
}

# attribute NAME FILE: a number from the first element of ctest's report that has it.
attribute()
{
    local n
    n=$(sed -n "s/^[[:space:]]*$1=\"\([0-9]*\)\".*/\1/p" "$2" | head -n 1)
    echo "${n:-0}"
}

# run_tests NAME BUILD_DIRECTORY CTEST_ARGUMENT...
run_tests()
{
    local name=$1 dir=$2 report=$PWD/$2/report.xml start=$SECONDS all failed skipped
    shift 2
    rm -f "$report"
    ctest --test-dir "$dir" -j "$jobs" --output-on-failure --output-junit "$report" "$@" \
        </dev/null || true
    if [ ! -s "$report" ]; then
        echo "$name: no tests were run"
        note "$name" 0 1 0 $((SECONDS - start))
        return
    fi
    all=$(attribute tests "$report")
    failed=$(attribute failures "$report")
    skipped=$(($(attribute skipped "$report") + $(attribute disabled "$report")))
    [ "$all" -gt 0 ] || failed=1
    note "$name" $((all > failed + skipped ? all - failed - skipped : 0)) "$failed" "$skipped" \
        $((SECONDS - start))
}

# configuration PRESET "CMAKE_ARGUMENT..." CTEST_ARGUMENT...: configures, builds, tests.
configuration()
{
    local preset=$1 cmake_arguments=$2 dir=build/$1
    shift 2
    say "$preset"
    # shellcheck disable=SC2086 # words on purpose
    if ! cmake --preset "$preset" $cmake_arguments >"build/$preset.log" 2>&1 </dev/null ||
        ! cmake --build "$dir" -j "$jobs" -- -k 0 >>"build/$preset.log" 2>&1 </dev/null; then
        cat "build/$preset.log"
        echo "$preset: does not build"
        note "$preset" 0 1 0 0
        return
    fi
    run_tests "$preset" "$dir" "$@"
}

# The closing line; the result tells whether all is well.
closing_line()
{
    say "results"
    printf '%s\n' "$table"
    if [ "$total_skipped" -gt 0 ]; then
        printf '%d passed, %d failed, %d skipped\n' "$total_passed" "$total_failed" "$total_skipped"
    else
        printf '%d passed, %d failed\n' "$total_passed" "$total_failed"
    fi
    [ "$total_failed" -eq 0 ] && [ "$total_passed" -gt 0 ]
}
