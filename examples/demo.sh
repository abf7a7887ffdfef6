#!/bin/sh
# The whole of deb-build-app in one go, on Debian 12 or later:
#
#   sh examples/demo.sh
#
# Installs what it needs, builds the tool, packages examples/flask-hello from this repository's
# current commit, and then, in a throwaway Debian root that is booted as a container: installs the
# package, fetches its page, shows its services, upgrades to a second version while an edited
# configuration file is kept, removes and purges. The container and every temporary file are gone
# when it ends, however it ends.
#
# Without root it builds and verifies the package, and says what it leaves out.
# SUITE (default bookworm) names the Debian release of the throwaway root.
#
# The exit status is 0 when all was as it should be; 1 when something was not, such as the page; 4 when
# a tool or the system failed: then the last lines of that are shown, and the file that has all of them.
set -eu

top=$(cd "$(dirname "$0")/.." && pwd)
build=$top/build-demo
logs=$build/log
# As many compilers as there are processors: ninja would start two more, and each wants its memory.
jobs=${CMAKE_BUILD_PARALLEL_LEVEL:-$(nproc)}
suite=${SUITE:-bookworm}
address=127.0.0.1:8100
started=$(date +%s)
scratch=
container=

# shellcheck source=scripts/progress.sh
. "$top/scripts/progress.sh"
progress_begin demo

# How long all of it has taken.
total() {
    echo "$(($(date +%s) - started)) s"
}

# Ends the container, and removes every temporary file.
take_down() {
    if [ -n "$container" ] && kill "$container" 2>/dev/null; then
        wait "$container" 2>/dev/null || true
    fi
    container=
    [ -z "$scratch" ] || rm -rf --one-file-system "$scratch"
    scratch=
}

finish() {
    status=$?
    trap - EXIT INT TERM HUP
    trap '' PIPE # who read this may have gone, but the container has not
    progress_end
    [ "$status" -eq 0 ] || [ -z "$scratch" ] || say "removing what was temporary" >&2 || true
    take_down
    [ "$status" -eq 0 ] || say "FAILED after $(total), exit status $status" >&2 || true
    exit "$status"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
trap 'exit 129' HUP
trap 'exit 141' PIPE

fail() {
    say "$*" >&2
    exit 1
}

# inside COMMAND...: in the booted container, in all its namespaces.
inside() {
    nsenter --target "$leader" --all --root --wd -- env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin \
        DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8 "$@"
}

# Boots the root as a container, in the background. Its network is its own, so that its port meets
# nobody else's. A fresh /proc, because nspawn looks its children up there, and the one that is
# mounted may be another PID namespace's (when this runs in a chroot); and control groups, where a
# chroot's /sys has none.
boot() {
    # shellcheck disable=SC2016 # "$@" is the inner shell's
    unshare --mount --propagation private -- \
        sh -c 'mount -t proc proc /proc &&
            { mountpoint -q /sys/fs/cgroup || mount -t cgroup2 cgroup2 /sys/fs/cgroup; } &&
            exec "$@"' boot \
        systemd-nspawn --quiet "--directory=$root" --boot --register=no --keep-unit \
        --link-journal=no --private-network --console=read-only >"$scratch/console" 2>&1 </dev/null &
    container=$!
}

# Whether the container's systemd says that it is up; sets leader (its PID in this /proc) and state.
booted() {
    leader=
    # shellcheck disable=SC2013 # names of files in /proc, a word each
    for nspawn in $(grep -lzx -e "--directory=$root" /proc/[0-9]*/cmdline 2>/dev/null); do
        parent=$(basename "${nspawn%/cmdline}")
        child=$(grep -l "^PPid:[[:space:]]*$parent\$" /proc/[0-9]*/status 2>/dev/null | head -n 1)
        [ -z "$child" ] || leader=$(basename "${child%/status}")
    done
    [ -n "$leader" ] || return 1
    state=$(inside systemctl is-system-running 2>/dev/null) || true
    [ "$state" = running ] || [ "$state" = degraded ]
}

# Until its systemd is up: a minute at most.
boot_and_wait() {
    boot
    tries=0
    until booted; do
        tries=$((tries + 1))
        if [ "$tries" -gt 120 ] || ! kill -0 "$container" 2>/dev/null; then
            echo "the container did not boot; its console:"
            cat "$scratch/console"
            return 1
        fi
        sleep 0.5
    done
}

# What the service answers, asked for by curl in the container's network.
page() {
    nsenter --target "$leader" --net -- curl --noproxy '*' -sS --fail --max-time 10 \
        "http://$address/"
}

# detail TEXT...: a line below a step.
detail() {
    echo "        $*"
}

# expect TEXT in what came on standard input, shown as an indented line.
expect() {
    line=$(grep -F -m 1 "$1") || fail "the page does not show '$1'"
    detail "$line" | sed 's/<\/dt>/: /; s/<[^>]*>//g; s/   */  /g; s/^ */        /'
}

# the_package DIRECTORY: the one hello-flask package that lies there.
the_package() {
    set -- "$1"/hello-flask_*.deb
    if [ $# -ne 1 ] || [ ! -f "$1" ]; then
        fail "expected one package, found: $*"
    fi
    echo "$1"
}

# show_package FILE
show_package() {
    detail "$1"
    detail "$(stat -c %s "$1") bytes ($(du -h "$1" | cut -f1)), version $(dpkg-deb -f "$1" Version)"
}

compile() {
    cmake --preset demo &&
        cmake --build --preset demo --target deb-build-app --parallel "$jobs"
}

# Another page, a higher version.
package_second() {
    app=$scratch/second/examples/flask-hello/app
    git clone -q --no-hardlinks "$top" "$scratch/second" &&
        sed -i 's/^version = .*/version = "2.0.0"/' "$app/pyproject.toml" &&
        sed -i 's/This page comes out of/This second page comes out of/' \
            "$app/hello_flask/templates/page.html" &&
        git -C "$scratch/second" -c user.name=demo -c user.email=demo@localhost commit -q -a \
            -m "Change the page, for version 2.0.0" &&
        cmake --install "$build" --prefix "$scratch/tool" &&
        cmake -G Ninja -S "$scratch/second/examples/flask-hello" -B "$scratch/build" \
            "-DCMAKE_PREFIX_PATH=$scratch/tool" &&
        cmake --build "$scratch/build" --target package --parallel "$jobs"
}

make_root() {
    mmdebstrap --variant=minbase --include=systemd,systemd-sysv,dbus \
        --skip=cleanup/apt/lists "$suite" "$root" &&
        cp "$package" "$root/var/tmp/first.deb" &&
        cp "$second" "$root/var/tmp/second.deb" &&
        rm -f "$root/etc/resolv.conf" &&
        cat /etc/resolv.conf >"$root/etc/resolv.conf"
}

inside_apt() {
    inside apt-get -q -y "$@"
}

what_comes() {
    say "builds the tool, packages a Flask application with it and verifies the package"
    if [ "$(id -u)" -eq 0 ]; then
        say "boots a throwaway $suite in a container: installs, upgrades, removes and purges it there"
    fi
    say "takes about four minutes on two cores, less the second time: 20 s to install what it needs,"
    say "  2 min to compile, 10 s for the packages, 1 min for the clean $suite (as root only)"
    say "leaves $build and what setup.sh installs"
}

how_to_go_on() {
    sudo=
    [ "$(id -u)" -eq 0 ] || sudo="sudo "
    say "all of it took $(total)"
    say "the package: $package"
    say "to go on, in $top:"
    cat <<EOF

    # install the tool: the program, and the module for your CMakeLists.txt
    ${sudo}cmake --install build-demo

    # copy the example, and make its package from the copy of its CMakeLists.txt
    cp -r examples/flask-hello ~/hello && cmake -S ~/hello -B ~/hello/build -DHELLO_REPOSITORY="\$PWD" &&
        cmake --build ~/hello/build --target package

    # read how a project of your own gets there
    more docs/quickstart.md
EOF
}

scratch=$(mktemp -d "${TMPDIR:-/var/tmp}/deb-build-app-demo.XXXXXX")
chmod 755 "$scratch"
rm -rf "$logs"
mkdir -p "$logs"
if [ "$(id -u)" -eq 0 ]; then
    progress_plan 13 "$logs"
else
    progress_plan 4 "$logs"
fi
what_comes

### What it needs
step_begin "installing what it needs"
sh "$top/setup.sh" demo
step_end

### The tool and the package
cd "$top"
step "compiling the tool" compile
commit=$(git -c safe.directory="$top" rev-parse --short HEAD)
step "packaging examples/flask-hello from commit $commit" \
    cmake --build --preset demo --target package --parallel "$jobs"
package=$(the_package "$build")
show_package "$package"
program=$(find "$build" -name deb-build-app -type f -perm -u+x | head -n 1)
step "verifying the package" "$program" verify "$package"
detail "$program verify finds nothing to object to"

if [ "$(id -u)" -ne 0 ]; then
    say "not root: left out the throwaway root, where the package is installed, served, upgraded"
    say "          and purged (mmdebstrap and systemd-nspawn need root). For that: sudo sh $0"
    how_to_go_on
    exit 0
fi

export GIT_CONFIG_GLOBAL="$scratch/gitconfig"
git config --global safe.directory '*'
step "packaging version 2.0.0, from a commit in a clone" package_second
second=$(the_package "$scratch/build")
show_package "$second"

### The throwaway root
root=$scratch/root
step "making a minimal $suite" make_root
# The container has no network but its own: what the package depends on is downloaded before.
step "downloading into it what the package depends on" \
    chroot "$root" apt-get -q -y install --no-install-recommends --download-only /var/tmp/first.deb
step "booting it" boot_and_wait
detail "systemd is $state"

### Install
step "installing the package" inside_apt install --no-install-recommends /var/tmp/first.deb
say "the page, by curl http://$address/:"
page >"$scratch/page"
expect "Hello from a Debian package" <"$scratch/page"
expect "hello-flask 1.0.0" <"$scratch/page"
expect "last tick" <"$scratch/page"
say "service web, kept by supervisord, not daemonised:"
inside supervisorctl status | sed 's/^/        /'
say "service clock, a daemon under systemd:"
inside systemctl show --property=ActiveState,SubState,MainPID,Type hello-flask-clock.service |
    sed 's/^/        /'
inside hello-flask | sed 's/^/        /'

### Upgrade, with an edited configuration file
edited="Edited by the administrator"
sed -i "s/Hello from a Debian package/$edited/" "$root/etc/hello-flask/hello.toml"
step "upgrading it to version 2.0.0" inside_apt install --no-install-recommends /var/tmp/second.deb
say "the page has changed, the edited configuration is kept:"
page >"$scratch/page"
expect "$edited" <"$scratch/page"
expect "hello-flask 2.0.0" <"$scratch/page"
expect "This second page" <"$scratch/page"

### Remove and purge
step "removing it" inside_apt remove hello-flask
if page >/dev/null 2>&1; then
    fail "the page is still served after the package was removed"
fi
[ -f "$root/etc/hello-flask/hello.toml" ] || fail "removing took the configuration along"
detail "nothing answers any more, the configuration is still there"
step "purging it" inside_apt purge hello-flask
left=$(find "$root" -xdev \( -path "$root/proc" -o -path "$root/sys" -o -path "$root/var/log/journal" \) \
    -prune -o -name '*hello-flask*' -print)
[ -z "$left" ] || fail "purging left behind: $left"
detail "no file named after it is left"
step "taking the container down, and removing what was temporary" take_down

how_to_go_on
