"""wheel.py SOURCE STAGE VERSION PLATFORM OUTPUT: the wheel of the installed tool in STAGE/deb_build_app.

The layout is the wheel format's (PyPA, binary distribution format); `wheel pack` writes RECORD and the
archive, with SOURCE_DATE_EPOCH as every file's time. For release.sh.
"""

import os
import re
import subprocess
import sys
from pathlib import Path

SHIM = '''"""deb-build-app: Debian packages of Python applications, with a complete environment."""

import os
import sys
from pathlib import Path

__version__ = "{version}"
PROGRAM = Path(__file__).resolve().parent / "bin" / "deb-build-app"


def main():
    """The program itself, in this process's place."""
    os.execv(PROGRAM, [str(PROGRAM), *sys.argv[1:]])
'''

MAIN = '''from deb_build_app import main

main()
'''

METADATA = """Metadata-Version: 2.1
Name: deb-build-app
Version: {version}
Summary: Debian packages of Python applications, with a complete environment
License: MIT
Requires-Python: >=3.9
Requires-Dist: {uv}
Classifier: Operating System :: POSIX :: Linux
Classifier: Topic :: Software Development :: Build Tools
Description-Content-Type: text/markdown

{readme}"""

ENTRY_POINTS = """[console_scripts]
deb-build-app = deb_build_app:main

[cmake.root]
DebVenvApp = deb_build_app

[cmake.prefix]
DebVenvApp = deb_build_app
"""


def main():
    source, stage, version, platform, output = sys.argv[1:]
    source, stage = Path(source), Path(stage)
    # The same pin as where setup.sh installs it: the uv that the tests ran with.
    uv = re.search(r'^tools_pins="(uv==[0-9.]+)"$', (source / "setup.sh").read_text(), re.M)[1]
    package = stage / "deb_build_app"
    (package / "__init__.py").write_text(SHIM.format(version=version))
    (package / "__main__.py").write_text(MAIN)
    info = stage / f"deb_build_app-{version}.dist-info"
    info.mkdir()
    readme = (source / "README.md").read_text()
    (info / "METADATA").write_text(METADATA.format(version=version, uv=uv, readme=readme))
    (info / "WHEEL").write_text("Wheel-Version: 1.0\nGenerator: deb-build-app\n"
                                f"Root-Is-Purelib: false\nTag: py3-none-{platform}\n")
    (info / "entry_points.txt").write_text(ENTRY_POINTS)
    for path in sorted(stage.rglob("*")):
        executable = path.parent.name == "bin" and path.name == "deb-build-app"
        path.chmod(0o755 if path.is_dir() or executable else 0o644)
    said = subprocess.run([sys.executable, "-m", "wheel", "pack", "--dest-dir", output, stage],
                          check=False, capture_output=True, text=True)
    if said.returncode != 0:
        sys.exit("release: wheel pack failed (package python3-wheel): " + said.stdout + said.stderr)
    name = f"deb_build_app-{version}-py3-none-{platform}.whl"
    print(f"release: {os.path.join(output, name)}")


main()
