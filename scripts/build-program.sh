#!/bin/sh
# Compiles the program where deb-build-app is a subproject; ExternalProject runs it (Program.cmake):
#
#   build-program.sh PROGRAM ninja|make COMMAND...
#
# COMMAND is the build tool's for the program's own build directory. It has the terminal, or the log, to
# itself, and counts what it compiles there. The exit status is the build tool's.
set -eu
program=$1
tool=$2
shift 2

# shellcheck source=scripts/progress.sh
. "$(dirname "$0")/progress.sh"
progress_begin deb-build-app
trap progress_end EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
trap 'exit 129' HUP

jobs=${CMAKE_BUILD_PARALLEL_LEVEL:-$(nproc)}
if [ -e "$program" ]; then
    say "building again for this machine what the changed sources touch"
else
    say "building the program for this machine, about two minutes on two cores, once"
fi

status=0
started=$(date +%s)
if [ "$tool" = ninja ]; then
    # Said outright, because ninja by itself starts two compilers more than there are processors, and
    # each wants its memory.
    NINJA_STATUS=${NINJA_STATUS:-"[%f/%t, %e s] "}
    export NINJA_STATUS
    if [ -n "$progress_live" ]; then
        "$@" "-j$jobs" || status=$?
    else
        # A line when something is done: a batch of sources may take longer than one likes to wait.
        TERM=dumb
        export TERM
        alongside "compiling" "$@" "-j$jobs" || status=$?
    fi
else
    # A make that was told how many jobs to run hands that on. One that was not would compile one file
    # after the other.
    case " ${MAKEFLAGS:-} " in
        *" -j"*) ;;
        *) set -- "$@" "-j$jobs" ;;
    esac
    alongside "compiling" "$@" || status=$?
fi

if [ "$status" -ne 0 ]; then
    say "could not be built, see above; DEB_VENV_HOST_CXX names another compiler, DEB_VENV_PROGRAM a" \
        "deb-build-app that is there already" >&2
    exit "$status"
fi
say "built in $(($(date +%s) - started)) s"
