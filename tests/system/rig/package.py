"""Looking into a .deb, by dpkg-deb."""

import shutil

from rig.run import run


def field(deb, name):
    return run("dpkg-deb", "-f", deb, name).stdout.strip()


def extract(deb, directory):
    """The files below `directory`, the control member in `directory`/DEBIAN."""
    shutil.rmtree(directory, ignore_errors=True)
    directory.parent.mkdir(parents=True, exist_ok=True)
    run("dpkg-deb", "-R", deb, directory)
    return directory


def is_elf(path):
    if path.is_symlink() or not path.is_file():
        return False
    with path.open("rb") as file:
        return file.read(4) == b"\x7fELF"


def shlibdeps(deb, scratch):
    """What dpkg-shlibdeps says that the libraries and programs in a package need, as a set. Every
    directory with one in it is searched (-l), for it knows nothing of $ORIGIN."""
    shutil.rmtree(scratch, ignore_errors=True)
    tree = scratch / "debian/tree"
    tree.mkdir(parents=True)
    run("dpkg-deb", "-x", deb, tree)
    (scratch / "debian/control").write_text("Source: x\n\nPackage: x\nArchitecture: any\n")
    binaries = [path for path in tree.rglob("*") if is_elf(path)]
    if not binaries:
        return set()
    said = run("dpkg-shlibdeps", "-O", "--ignore-missing-info", "-xx",
               *(f"-l{directory}" for directory in sorted({path.parent for path in binaries})),
               *(f"-e{path}" for path in binaries), cwd=scratch).stdout
    lines = [line for line in said.splitlines() if line.startswith("shlibs:Depends=")]
    return set(lines[0].split("=", 1)[1].split(", ")) if lines else set()


def contents(deb):
    """Path -> mode string, as `dpkg-deb -c` lists them; directories end in /."""
    listed = {}
    for line in run("dpkg-deb", "-c", deb).stdout.splitlines():
        mode, rest = line.split(None, 1)
        # owner/group size date time ./path [-> target]
        path = rest.split(None, 4)[4].split(" -> ")[0].split(" link to ")[0]
        listed[path.lstrip(".")] = mode
    return listed


def files_below(directory):
    """Relative path -> bytes of every regular file."""
    return {str(path.relative_to(directory)): path.read_bytes()
            for path in sorted(directory.rglob("*")) if path.is_file() and not path.is_symlink()}
