#!/bin/sh
# Runs every benchmark there is, with programs of a build directory (an optimised one):
#
#   sh tests/bench/run.sh [BUILD_DIRECTORY]      default: build-test, which tests/run.sh makes
set -eu
top=$(cd "$(dirname "$0")/../.." && pwd)
build=${1:-$top/build-test}
cmake --build "$build" --target bench_search
"$(find "$build" -name bench_search -type f)"
