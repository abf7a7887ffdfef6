#!/bin/sh
# Runs every benchmark of a part of the program (the races with others are bench.py's), with programs of a build directory (an optimised one):
#
#   sh tests/bench/run.sh [BUILD_DIRECTORY [TREE]]
#
# BUILD_DIRECTORY: build-test, which tests/run.sh makes, by default; TREE: what is packed.
set -eu
top=$(cd "$(dirname "$0")/../.." && pwd)
build=${1:-$top/build-test}
cmake --build "$build" --target bench_search bench_gate bench_pack
"$(find "$build" -name bench_search -type f)"
# Python's own tree, as the interpreter layer has it: sources, compiled files, extensions.
"$(find "$build" -name bench_gate -type f)" /usr/lib/python3*
# The packers beside each other, on the tests' Python: a few thousand files of every kind.
"$(find "$build" -name bench_pack -type f)" "${2:-/usr/lib/python3}"
