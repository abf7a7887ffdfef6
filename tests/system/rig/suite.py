"""Roots of other Debian suites to build in, and a root as somebody's machine: nothing is booted.

The program was linked on this machine; in an older or newer root it runs with the libraries it has
here, which it takes along.
"""

import os
import re
import shutil
import subprocess
from pathlib import Path

from rig.container import INSIDE, OLD_LISTS, copy_root, proxies
from rig.paths import ROOTS, TOOL
from rig.run import run

CARRIED = "opt/carried"  # below a root: the program, its libraries, uv
CERTIFICATES = "SSL_CERT_FILE"

# A namespace of its own for mounts, processes and, unless asked otherwise, the network: loopback
# alone, so that nothing is downloaded unnoticed. $1 is the root, $2 "network" or "alone", $3 the
# number of directories that are seen inside at the same path, then these, then the command.
ENTER = """
set -e
root=$1 network=$2 count=$3
shift 3
[ "$network" = network ] || ip link set lo up
mount --bind "$root" "$root"
mount -t proc proc "$root/proc"
mkdir -p "$root/dev/shm"
mount -t tmpfs tmpfs "$root/dev/shm"
while [ "$count" -gt 0 ]; do
    mkdir -p "$root$1"
    mount --bind "$1" "$root$1"
    shift
    count=$((count - 1))
done
# Not chroot: the kernel makes no user namespace in one, and the program makes some.
cd "$root"
pivot_root . mnt
umount -l /mnt
exec "$@"
"""


def run_in(root, *command, network=False, binds=(), cwd="/", check=True, add=None):
    """Runs a command with `root` as its root directory."""
    environment = [f"{key}={value}" for key, value in (INSIDE | {"HOME": "/root"} | (add or {})).items()]
    inside = ["env", "-i", "-C", cwd, *environment]
    spaces = ["--mount", "--pid", "--fork", "--propagation", "private"]
    if not network:
        spaces.append("--net")
    return run("unshare", *spaces, "sh", "-c", ENTER, "enter", root, "network" if network else "alone",
               len(binds), *binds, *inside, *command, check=check)


def apt_install(root, *packages):
    """Installs packages, or .debs by absolute paths inside, with what they depend on."""
    return run("chroot", root, "apt-get", "-q", "-y", "-o", "DPkg::Options::=--force-unsafe-io",
               "install", "--no-install-recommends", *packages, env=INSIDE | proxies())


def make_building_root(suite):
    """A root in which packages for `suite` can be built; made once in a build directory."""
    root = ROOTS / f"{suite}-building"
    if not (root / "etc/complete").exists():
        run("rm", "-rf", "--one-file-system", root)
        ROOTS.mkdir(parents=True, exist_ok=True)
        run("mmdebstrap", "--variant=minbase", "--include=python3,python3-venv,patchelf,ca-certificates",
            *OLD_LISTS, "--skip=cleanup/apt/lists", suite, root)
        (root / "etc/resolv.conf").unlink(missing_ok=True)
        shutil.copyfile("/etc/resolv.conf", root / "etc/resolv.conf")
        (root / "etc/complete").write_text("")
    carry_program(root)
    return root


def uv_program():
    data = os.environ.get("XDG_DATA_HOME") or os.path.expanduser("~/.local/share")
    return Path(data) / "deb-build-app/tools/bin/uv"


def carry_program(root):
    """deb-build-app of the tool under test, and uv, as /usr/local/bin/... in `root`."""
    carried = Path(root) / CARRIED
    shutil.rmtree(carried, ignore_errors=True)
    carried.mkdir(parents=True)
    program = TOOL / "bin/deb-build-app"
    shutil.copy2(program, carried)
    loader = None
    for line in run("ldd", program).stdout.splitlines():
        found = re.search(r"(/\S+) \(0x", line)
        if found:
            shutil.copy2(found.group(1), carried)
            if "=>" not in line:
                loader = Path(found.group(1)).name
    assert loader, f"{program} names no dynamic loader"
    shutil.copy2(uv_program(), Path(root) / "usr/local/bin/uv")
    wrapper = Path(root) / "usr/local/bin/deb-build-app"
    wrapper.write_text(f'#!/bin/sh\nexec /{CARRIED}/{loader} --library-path /{CARRIED} '
                       f'/{CARRIED}/deb-build-app "$@"\n')
    wrapper.chmod(0o755)
    certificates = os.environ.get(CERTIFICATES)
    if certificates:  # the one that this machine was told to trust
        shutil.copyfile(certificates, carried / "certificates.pem")


def build_in(root, declaration, output, binds, cache, work=None):
    """Runs the carried program on a declaration that was written out here, for the suite of `root`;
    `binds` hold what the declaration names."""
    name = declaration.name.removesuffix(".declaration.json")
    settings = proxies() | {"UV_CACHE_DIR": str(cache)}
    if (Path(root) / CARRIED / "certificates.pem").exists():
        settings[CERTIFICATES] = f"/{CARRIED}/certificates.pem"
    return run_in(root, "/usr/local/bin/deb-build-app", "build", "--declaration", declaration,
                  "--work", work or output / f"{name}.work", "--output", output / f"{name}.deb",
                  "--output-dir", output, "--pin", output / f"{name}.pin.json",
                  "--depfile", output / f"{name}.d", network=True, binds=binds, add=settings,
                  check=False)


def machine(suite, destination, debs):
    """A fresh minimal machine of the suite with these packages installed by apt."""
    copy_root(suite, destination)
    names = []
    for deb in debs:
        target = destination / "var/tmp" / deb.name
        shutil.copyfile(deb, target)
        names.append(f"/var/tmp/{deb.name}")
    apt_install(destination, *names)
    for name in names:
        (destination / name.lstrip("/")).unlink()
    return destination
