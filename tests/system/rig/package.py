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
