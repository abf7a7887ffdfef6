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
set -eu

top=$(cd "$(dirname "$0")/.." && pwd)
build=$top/build-demo
suite=${SUITE:-bookworm}
address=127.0.0.1:8100
started=$(date +%s)
scratch=
container=

say() {
    echo "demo: $*"
}

seconds_since() {
    echo "$(($(date +%s) - $1)) s"
}

finish() {
    status=$?
    trap - EXIT INT TERM HUP
    if [ -n "$container" ] && kill "$container" 2>/dev/null; then
        wait "$container" 2>/dev/null || true
    fi
    [ -z "$scratch" ] || rm -rf --one-file-system "$scratch"
    [ "$status" -eq 0 ] || say "FAILED after $(seconds_since "$started") (exit status $status)" >&2
    exit "$status"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
trap 'exit 129' HUP

# quietly COMMAND...: its output goes to a file, and to the terminal only when it fails.
quietly() {
    if ! "$@" >"$scratch/log" 2>&1 </dev/null; then
        tail -n 60 "$scratch/log" >&2
        say "this failed: $*" >&2
        return 4
    fi
}

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

# What the service answers, asked for by curl in the container's network.
page() {
    nsenter --target "$leader" --net -- curl --noproxy '*' -sS --fail --max-time 10 \
        "http://$address/"
}

# expect TEXT in what came on standard input, shown as an indented line.
expect() {
    line=$(grep -F -m 1 "$1") || fail "the page does not show '$1'"
    echo "        $line" | sed 's/<\/dt>/: /; s/<[^>]*>//g; s/   */  /g; s/^ */        /'
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
    say "package  $1"
    say "         $(stat -c %s "$1") bytes ($(du -h "$1" | cut -f1)), version $(dpkg-deb -f "$1" Version)"
}

scratch=$(mktemp -d "${TMPDIR:-/var/tmp}/deb-build-app-demo.XXXXXX")
chmod 755 "$scratch"

### What it needs
before=$(date +%s)
sh "$top/setup.sh" demo
say "ready in $(seconds_since "$before")"

### The tool and the package
cd "$top"
before=$(date +%s)
quietly cmake --preset demo
quietly cmake --build --preset demo --target deb-build-app
say "built the tool in $(seconds_since "$before")"
before=$(date +%s)
quietly cmake --build --preset demo --target package
package=$(the_package "$build")
say "built the package from commit $(git -c safe.directory="$top" rev-parse --short HEAD) in $(seconds_since "$before")"
show_package "$package"
program=$(find "$build" -name deb-build-app -type f -perm -u+x | head -n 1)
quietly "$program" verify "$package"
say "verified: $program verify finds nothing to object to"

if [ "$(id -u)" -ne 0 ]; then
    say "not root: left out the throwaway root, where the package is installed, served, upgraded"
    say "          and purged (mmdebstrap and systemd-nspawn need root). For that: sudo sh $0"
    say "done in $(seconds_since "$started")"
    exit 0
fi

### The second version, from a commit in a clone: another page, a higher version
export GIT_CONFIG_GLOBAL="$scratch/gitconfig"
git config --global safe.directory '*'
git clone -q --no-hardlinks "$top" "$scratch/second"
app=$scratch/second/examples/flask-hello/app
sed -i 's/^version = .*/version = "2.0.0"/' "$app/pyproject.toml"
sed -i 's/This page comes out of/This second page comes out of/' \
    "$app/hello_flask/templates/page.html"
git -C "$scratch/second" -c user.name=demo -c user.email=demo@localhost commit -q -a \
    -m "Change the page, for version 2.0.0"
before=$(date +%s)
quietly cmake --install "$build" --prefix "$scratch/tool"
quietly cmake -G Ninja -S "$scratch/second/examples/flask-hello" -B "$scratch/build" \
    "-DCMAKE_PREFIX_PATH=$scratch/tool"
quietly cmake --build "$scratch/build" --target package
second=$(the_package "$scratch/build")
say "built version 2.0.0 from a commit in a clone in $(seconds_since "$before")"
show_package "$second"

### The throwaway root
before=$(date +%s)
root=$scratch/root
quietly mmdebstrap --variant=minbase --include=systemd,systemd-sysv,dbus \
    --skip=cleanup/apt/lists "$suite" "$root"
cp "$package" "$root/var/tmp/first.deb"
cp "$second" "$root/var/tmp/second.deb"
# The container has no network but its own: what the package depends on is downloaded before.
rm -f "$root/etc/resolv.conf"
cat /etc/resolv.conf >"$root/etc/resolv.conf"
quietly chroot "$root" apt-get -q -y install --no-install-recommends --download-only \
    /var/tmp/first.deb
boot
tries=0
until booted; do
    tries=$((tries + 1))
    if [ "$tries" -gt 120 ] || ! kill -0 "$container" 2>/dev/null; then
        tail -n 40 "$scratch/console" >&2
        fail "the container did not boot"
    fi
    sleep 0.5
done
say "booted a minimal $suite root in $(seconds_since "$before"), systemd is $state"

### Install
before=$(date +%s)
quietly inside apt-get -q -y install --no-install-recommends /var/tmp/first.deb
say "installed in $(seconds_since "$before"); the page, by curl http://$address/:"
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
before=$(date +%s)
quietly inside apt-get -q -y install --no-install-recommends /var/tmp/second.deb
say "upgraded in $(seconds_since "$before"); the page has changed, the edited configuration is kept:"
page >"$scratch/page"
expect "$edited" <"$scratch/page"
expect "hello-flask 2.0.0" <"$scratch/page"
expect "This second page" <"$scratch/page"

### Remove and purge
before=$(date +%s)
quietly inside apt-get -q -y remove hello-flask
if page >/dev/null 2>&1; then
    fail "the page is still served after the package was removed"
fi
[ -f "$root/etc/hello-flask/hello.toml" ] || fail "removing took the configuration along"
say "removed in $(seconds_since "$before"): nothing answers any more, the configuration is still there"
before=$(date +%s)
quietly inside apt-get -q -y purge hello-flask
left=$(find "$root" -xdev \( -path "$root/proc" -o -path "$root/sys" -o -path "$root/var/log/journal" \) \
    -prune -o -name '*hello-flask*' -print)
[ -z "$left" ] || fail "purging left behind: $left"
say "purged in $(seconds_since "$before"): no file named after it is left"

say "package  $package"
say "done in $(seconds_since "$started")"
