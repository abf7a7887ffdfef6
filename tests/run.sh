#!/bin/sh
# Every test there is, on Debian 12 or later:
#
#   sh tests/run.sh [option of ctest]...
#
# Installs what the tests need, builds with warnings as errors into build-test/ (DEB_VENV_TEST_BUILD
# names another directory), and ends with CTest's summary and its exit code. Needs root for the
# tests that boot containers; without it they fail, so name what you want: sh tests/run.sh -LE system
set -eu

top=$(cd "$(dirname "$0")/.." && pwd)
build=${DEB_VENV_TEST_BUILD:-$top/build-test}

sh "$top/setup.sh" all

# The other versions of CMake that setup.sh has put into environments of their own.
cmakes=
for cmake in "${XDG_DATA_HOME:-$HOME/.local/share}"/deb-build-app/cmake-*/lib/python3*/site-packages/cmake/data/bin/cmake; do
    [ ! -x "$cmake" ] || cmakes="$cmakes;$cmake"
done

# Optimised a little and without debug information: compiling is a good part of the whole run.
cmake -S "$top" -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=None -DCMAKE_CXX_FLAGS=-O1 \
    -DDEB_VENV_WARNINGS_AS_ERRORS=ON "-DDEB_VENV_TEST_CMAKES=${cmakes#;}"
# As many compilers as there are processors: ninja would start two more, and each wants its memory.
cmake --build "$build" --parallel "${CMAKE_BUILD_PARALLEL_LEVEL:-$(nproc)}"
exec ctest --test-dir "$build" --output-on-failure -j2 "$@"
