"""How others make the same package. Each is a command, and what says its version."""
import subprocess
from pathlib import Path

SYSTEM_PYTHON = "/usr/bin/python3"

CONTROL = """Package: %s
Version: 1.0-1
Architecture: amd64
Maintainer: B <b@example.org>
Description: benchmark
"""

# The strongest way by hand that we know: uv installs (hard links from its cache) and compiles,
# shebangs are written anew, dpkg-deb packs.
UV_SCRIPT = r"""#!/bin/sh
# uv_script.sh UV SOURCE PACKAGE STAGE COMPRESSION REQUIREMENTS
set -eu
uv=$1 source=$2 package=$3 stage=$4 compression=$5 requirements=$6
venv=$stage/opt/venvs/$package
rm -rf "$stage"
mkdir -p "$stage/opt/venvs" "$stage/DEBIAN"
"$uv" venv -q --python PYTHON "$venv"
if [ -n "$requirements" ]; then
    "$uv" pip install -q --compile-bytecode --python "$venv/bin/python" -r "$requirements"
    mkdir "$venv/app"
    cp -r "$source/." "$venv/app"
    rm -rf "$venv/app/.git"
else
    "$uv" pip install -q --compile-bytecode --python "$venv/bin/python" "$source"
fi
grep -rlI "^#!$stage" "$venv/bin" | xargs -r sed -i "1s|$stage||"
printf '%s' "$CONTROL" > "$stage/DEBIAN/control"
dpkg-deb --root-owner-group "-Z$compression" --build "$stage" "$stage.deb" > /dev/null
"""

DEBIAN = {
    "control": "Source: %(package)s\nSection: python\nPriority: optional\nMaintainer: B <b@example.org>\n"
               "Build-Depends: debhelper-compat (= 13), dh-virtualenv, python3-dev\nStandards-Version: 4.6.2\n\n"
               "Package: %(package)s\nArchitecture: any\nDepends: ${shlibs:Depends}, ${misc:Depends}\n"
               "Description: benchmark\n a benchmark\n",
    "rules": "#!/usr/bin/make -f\n%%:\n\tdh $@ --with python-virtualenv\n\n"
             "override_dh_virtualenv:\n\tdh_virtualenv --python python3 --builtin-venv\n",
    "changelog": "%(package)s (1.0-1) unstable; urgency=low\n\n  * One.\n\n"
                 " -- B <b@example.org>  Mon, 01 Jan 2024 00:00:00 +0000\n",
}


def version_of(argv):
    try:
        done = subprocess.run(argv, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return None
    return (done.stdout or done.stderr).strip().splitlines()[0]


def uv_script(directory, uv, work, compression="zstd"):
    """The command, and the environment that it needs."""
    script = Path(directory) / "uv_script.sh"
    script.write_text(UV_SCRIPT.replace("PYTHON", SYSTEM_PYTHON, 1))
    requirements = str(work.source / "requirements.txt") if work.folder else ""
    argv = ["sh", str(script), str(uv), str(work.source), work.package,
            str(Path(directory) / ("stage-" + work.name)), compression, requirements]
    return argv, {"CONTROL": CONTROL % work.package}


def dpkg_deb(tree, output, compression, level=None):
    argv = ["dpkg-deb", "--root-owner-group", "-Z" + compression]
    if level:
        argv.append("-z%d" % level)
    return argv + ["--build", str(tree), str(output)]


def dh_virtualenv(work):
    """debian/ beside the source, for dpkg-buildpackage."""
    debian = work.source / "debian"
    debian.mkdir(exist_ok=True)
    for name, text in DEBIAN.items():
        (debian / name).write_text(text % {"package": work.package})
    (debian / "rules").chmod(0o755)
    (work.source / "requirements.txt").write_text("\n".join(work.libraries) + "\n")
    return ["dpkg-buildpackage", "-b", "-us", "-uc", "-d"]


def nfpm(program, directory, tree, package, output, compression):
    """nfpm packs a tree that is there already, as dpkg-deb does."""
    configuration = Path(directory) / (package + ".nfpm.yaml")
    configuration.write_text(
        "name: %s\narch: amd64\nversion: 1.0\nmaintainer: B <b@example.org>\ndescription: benchmark\n"
        "deb:\n  compression: %s\ncontents:\n  - src: %s\n    dst: /opt\n    type: tree\n"
        % (package, compression, Path(tree) / "opt"))
    return [str(program), "package", "-f", str(configuration), "-p", "deb", "-t", str(output)]
