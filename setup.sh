#!/bin/sh
# Installs what deb-build-app needs, on Debian 12 (bookworm) or later.
#
#   sh setup.sh [build|demo|release|test|all]...      default: build
#
#   build  what compiles the tool and makes packages with it
#   demo   and what examples/demo.sh and `deb-build-app rehearse` need besides: a throwaway root, to
#          be booted
#   release  and what the targets of packaging/ need besides: manual pages, a wheel, a Debian package
#   test   and what tests/run.sh needs besides: test libraries, linters, other versions of CMake
#   all    everything
#
# Debian packages come by apt-get (through sudo when not root). Tools that Debian does not have
# come from PyPI, pinned, into private environments below ${XDG_DATA_HOME:-~/.local/share}/
# deb-build-app; nothing else in the home directory or in the system's Python is touched.
# With nothing to do it asks dpkg once and ends. About a minute and a half the first time, for demo.
#
# The exit status is 0 when all is there; 2 for an unknown group; 4 when apt-get or pip failed, or this
# is no Debian: then the last lines of what failed are shown, and the file that has all of them.
set -eu

# One package a word; a comment line names what the next ones are for.
build_packages="
    cmake ninja-build make g++ pkg-config
    libgit2-dev nlohmann-json3-dev libcxxopts-dev libarchive-dev libexpected-dev libtomlplusplus-dev
    libfmt-dev libelf-dev libzstd-dev liblzma-dev zlib1g-dev libssl-dev
    libcurl4-openssl-dev
    python3 python3-venv patchelf eatmydata ca-certificates"
demo_packages="
    git node-less curl mmdebstrap uidmap debian-archive-keyring systemd-container"
release_packages="
    git help2man python3-wheel dpkg-dev file lintian xz-utils"
test_packages="
    libgtest-dev libgmock-dev
    clang clang-format clang-tidy libclang-rt-dev shellcheck piuparts
    faketime fakeroot openssh-client openssl python3-paramiko libpython3-dev
    python3-dev iproute2 ansible-core zstd qemu-user-static zsh fish python3-yaml"

# The installer of wheels; the program looks for it in tools/bin/uv.
tools_pins="uv==0.13.9"
# The oldest CMake that is supported, and the newest there is.
test_cmakes="3.22.6 4.4.4"

top=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=scripts/progress.sh
. "$top/scripts/progress.sh"
progress_begin setup
logs=
# A relative XDG_DATA_HOME is invalid (XDG Base Directory Specification), and the program ignores it too.
case ${XDG_DATA_HOME:-} in
    /*) data=$XDG_DATA_HOME/deb-build-app ;;
    *) data=${HOME:?}/.local/share/deb-build-app ;;
esac

usage() {
    sed -n '2,/^set -eu/{/^set -eu/d;s/^# \{0,1\}//;p}' "$0"
}

# The logs are of use when a step failed, and only then.
finish() {
    status=$?
    trap - EXIT INT TERM HUP
    trap '' PIPE
    progress_end
    [ -z "$logs" ] || [ "$status" -eq 4 ] || rm -rf "$logs"
    exit "$status"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
trap 'exit 129' HUP
trap 'exit 141' PIPE

# A password is asked for now: in a step the question would be lost among what it shows.
become_root() {
    [ "$(id -u)" -ne 0 ] || return 0
    if ! command -v sudo >/dev/null; then
        say "needs root (or sudo) to install Debian packages: $*" >&2
        exit 4
    fi
    sudo -v || true # a sudo that allows apt-get alone objects, and may still do
}

as_root() {
    if [ "$(id -u)" -eq 0 ]; then
        "$@"
    else
        sudo "$@"
    fi
}

# missing PACKAGE...: those of them that are not installed.
missing() {
    # shellcheck disable=SC2016 # the braces are dpkg-query's
    installed=$(dpkg-query -W -f '${Package} ${db:Status-Status}\n' "$@" 2>/dev/null |
        sed -n 's/ installed$//p') || true
    for package; do
        case "
$installed
" in
            *"
$package
"*) ;;
            *) printf '%s ' "$package" ;;
        esac
    done
}

# install_packages PACKAGE... Nobody sees a question in a log, so none is asked: a configuration file
# that an administrator has changed stays as it is.
install_packages() {
    as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -y \
        -o Dpkg::Options::=--force-confdef -o Dpkg::Options::=--force-confold \
        install --no-install-recommends "$@"
}

# each_environment COMMAND...: with the directory and the pins of each that the groups want.
each_environment() {
    # shellcheck disable=SC2086 # a list of pins
    "$@" "$data/tools" $tools_pins
    case " $groups " in
        *" test "*)
            for version in $test_cmakes; do
                "$@" "$data/cmake-$version" "cmake==$version"
            done
            ;;
    esac
}

# An environment is stamped with the digest of its pins. The stamp comes last: what a killed run left
# is made anew.
is_current() {
    directory=$1
    shift
    [ -f "$directory/stamp" ] && [ "$(cat "$directory/stamp")" = "$(echo "$@" | sha256sum)" ]
}

count_stale() {
    is_current "$@" || steps=$((steps + 1))
}

make_stale() {
    is_current "$@" || step "from PyPI: $(shift && echo "$*")" make_environment "$@"
}

# make_environment DIRECTORY PIN...: a private virtual environment with exactly these. With Debian's own
# Python: one that someone has put first in PATH may lack ensurepip.
make_environment() {
    directory=$1
    shift
    rm -rf "$directory" &&
        mkdir -p "$(dirname "$directory")" &&
        /usr/bin/python3 -m venv "$directory" &&
        "$directory/bin/python3" -m pip --disable-pip-version-check install --progress-bar off \
            --only-binary :all: "$@" &&
        echo "$@" | sha256sum >"$directory/stamp"
}

groups=
[ $# -gt 0 ] || set -- build
for argument; do
    case $argument in
        build) groups="$groups build" ;;
        demo) groups="$groups build demo" ;;
        release) groups="$groups build release" ;;
        test | all) groups="$groups build demo release test" ;;
        -h | --help)
            usage
            exit 0
            ;;
        *)
            say "unknown group '$argument': build, demo, release, test or all" >&2
            exit 2
            ;;
    esac
done

if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
    say "this is not a Debian system: dpkg-query and apt-get are needed" >&2
    exit 4
fi

# A CA bundle named for other tools holds for pip too.
if [ -n "${SSL_CERT_FILE:-}" ] && [ -z "${PIP_CERT:-}" ]; then
    export PIP_CERT="$SSL_CERT_FILE"
fi

packages=$build_packages
case " $groups " in
    *" demo "*) packages="$packages $demo_packages" ;;
esac
case " $groups " in
    *" release "*) packages="$packages $release_packages" ;;
esac
case " $groups " in
    *" test "*) packages="$packages $test_packages" ;;
esac
# shellcheck disable=SC2086 # a list of package names
absent=$(missing $packages)

steps=0
[ -z "$absent" ] || steps=2
each_environment count_stale
[ -z "$absent" ] || become_root "$absent"
if [ "$steps" -gt 0 ]; then
    logs=$(mktemp -d "${TMPDIR:-/tmp}/deb-build-app-setup.XXXXXX")
    progress_plan "$steps" "$logs"
fi
if [ -n "$absent" ]; then
    say "these Debian packages are missing: $absent"
    step "apt-get update" as_root apt-get -q update
    # shellcheck disable=SC2086 # a list of package names
    step "apt-get install" install_packages $absent
fi
each_environment make_stale
say "ready:$(echo "$groups" | tr ' ' '\n' | sort -u | tr '\n' ' ')"
