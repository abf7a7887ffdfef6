"""An ordinary user: "nobody", with ids of its own from an /etc/subuid that only its processes see."""

import os
import shutil

from rig.paths import OWN
from rig.project import write
from rig.run import run
from rig.suite import uv_program

HOME = OWN / "home"
NOBODY = 65534


def hidden_directory():
    """The first directory on the way to OWN that others may not enter, like /root, and the next one on that way."""
    way = [*reversed(OWN.parents), OWN]
    for directory, inner in zip(way, way[1:]):
        if not directory.stat().st_mode & 0o001:
            return directory, inner
    return "", ""


HIDDEN, INNER = hidden_directory()

# Another /etc/subuid and /etc/subgid, a way to the tests' own directories, then the ordinary user.
ENTER = f"""
set -e
if [ -n "{HIDDEN}" ]; then
    mount --bind "{INNER}" /mnt
    mount -t tmpfs -o mode=0755 tmpfs "{HIDDEN}"
    mkdir "{INNER}"
    mount --move /mnt "{INNER}"
    cd "{OWN}"
fi
for file in subuid subgid; do
    mount --bind {OWN}/$1 /etc/$file
done
shift
exec setpriv --reuid {NOBODY} --regid {NOBODY} --clear-groups "$@"
"""


def make_user():
    """Its home, ids and uv; to be called before the rest."""
    HOME.mkdir(parents=True, exist_ok=True)
    write(OWN / "subids", f"nobody:{NOBODY + 1000000}:65536\n")
    write(OWN / "none", "")
    shutil.copy2(uv_program(), OWN / "uv")
    os.chown(HOME, NOBODY, NOBODY)


def as_user(*command, check=True, ids="subids", add=None):
    environment = {key: value for key, value in os.environ.items() if not key.startswith("XDG_")}
    environment |= {"HOME": str(HOME), "DEB_VENV_UV": str(OWN / "uv")} | (add or {})
    return run("unshare", "--mount", "--propagation", "private", "sh", "-c", ENTER, "enter", ids, *command,
               check=check, cwd=OWN, env=environment)
