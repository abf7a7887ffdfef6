#!/bin/sh
# Installs what deb-build-app needs, on Debian 12 (bookworm) or later.
#
#   sh setup.sh [build|demo|test|all]...      default: build
#
#   build  what compiles the tool and makes packages with it
#   demo   and what examples/demo.sh and `deb-build-app rehearse` need besides: a throwaway root, to
#          be booted
#   test   and what tests/run.sh needs besides: test libraries, linters, other versions of CMake
#   all    everything
#
# Debian packages come by apt-get (through sudo when not root). Tools that Debian does not have
# come from PyPI, pinned, into private environments below ${XDG_DATA_HOME:-~/.local/share}/
# deb-build-app; nothing else in the home directory or in the system's Python is touched.
# With nothing to do it asks dpkg once and ends.
set -eu

# One package a word; a comment line names what the next ones are for.
build_packages="
    cmake ninja-build make g++ pkg-config
    libgit2-dev nlohmann-json3-dev libcxxopts-dev libarchive-dev libexpected-dev libtomlplusplus-dev
    libfmt-dev libelf-dev libzstd-dev liblzma-dev zlib1g-dev libssl-dev
    python3 python3-venv patchelf eatmydata ca-certificates"
demo_packages="
    git node-less curl mmdebstrap debian-archive-keyring systemd-container"
test_packages="
    libgtest-dev libgmock-dev
    clang-format clang-tidy shellcheck lintian piuparts
    faketime dpkg-dev fakeroot file openssh-client openssl python3-paramiko libpython3-dev
    python3-dev iproute2 ansible-core zstd xz-utils"

# The installer of wheels; the program looks for it in tools/bin/uv.
tools_pins="uv==0.13.9"
# The oldest CMake that is supported, and the newest there is.
test_cmakes="3.22.6 4.4.4"

data=${XDG_DATA_HOME:-${HOME:?}/.local/share}/deb-build-app

usage() {
    sed -n '2,/^set -eu/{/^set -eu/d;s/^# \{0,1\}//;p}' "$0"
}

say() {
    echo "setup: $*"
}

as_root() {
    if [ "$(id -u)" -eq 0 ]; then
        "$@"
    elif command -v sudo >/dev/null; then
        sudo "$@"
    else
        say "needs root (or sudo) to run: $*" >&2
        exit 4
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

# install_packages PACKAGE...
install_packages() {
    absent=$(missing "$@")
    [ -n "$absent" ] || return 0
    say "installing Debian packages: $absent"
    as_root apt-get -q update
    # shellcheck disable=SC2086 # a list of package names
    as_root env DEBIAN_FRONTEND=noninteractive \
        apt-get -q -y install --no-install-recommends $absent
}

# environment DIRECTORY PIN...: a private virtual environment with exactly these, stamped with
# their digest. The stamp comes last: what a killed run left is made anew.
environment() {
    directory=$1
    shift
    stamp=$(echo "$@" | sha256sum)
    if [ -f "$directory/stamp" ] && [ "$(cat "$directory/stamp")" = "$stamp" ]; then
        return 0
    fi
    say "installing from PyPI into $directory: $*"
    rm -rf "$directory"
    mkdir -p "$(dirname "$directory")"
    # Debian's own Python: one that someone has put first in PATH may lack ensurepip.
    /usr/bin/python3 -m venv "$directory"
    "$directory/bin/python3" -m pip --quiet --disable-pip-version-check install \
        --only-binary :all: "$@"
    echo "$stamp" >"$directory/stamp"
}

groups=
[ $# -gt 0 ] || set -- build
for argument; do
    case $argument in
        build) groups="$groups build" ;;
        demo) groups="$groups build demo" ;;
        test | all) groups="$groups build demo test" ;;
        -h | --help)
            usage
            exit 0
            ;;
        *)
            say "unknown group '$argument': build, demo, test or all" >&2
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
    *" test "*) packages="$packages $test_packages" ;;
esac
# shellcheck disable=SC2086 # a list of package names
install_packages $packages

# shellcheck disable=SC2086 # a list of pins
environment "$data/tools" $tools_pins
case " $groups " in
    *" test "*)
        for version in $test_cmakes; do
            environment "$data/cmake-$version" "cmake==$version"
        done
        ;;
esac
say "ready:$(echo "$groups" | tr ' ' '\n' | sort -u | tr '\n' ' ')"
