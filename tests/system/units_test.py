"""A package with systemd services only, in a root that has no Python at all.

The suite is the first argument.
"""

import sys
import unittest

from rig.container import Container, copy_root
from rig.paths import ADDRESS, OWN, PACKAGES, PREFIX
from rig.run import run

SUITE = sys.argv.pop(1)


class UnitsOnly(unittest.TestCase):
    def pythons(self, root):
        found = run("find", root, "-xdev", "-name", "python3*").stdout.split()
        return [path for path in found if not path.startswith(f"{root}{PREFIX}/")]

    def test_serves_without_any_other_python(self):
        deb = PACKAGES / "units.deb"
        root = copy_root(SUITE, OWN, [deb])
        self.assertEqual(self.pythons(root), [], "the root must have no Python to begin with")
        with Container(root) as container:
            container.install(deb.name)
            self.assertEqual(self.pythons(root), [])
            page = container.get(f"http://{ADDRESS}/").stdout
            self.assertIn("Hello from a Debian package", page)
            self.assertRegex(page, "<time>20.* UTC</time>")
            for unit in "hello-flask-web", "hello-flask-clock":
                self.assertEqual(container.run("systemctl", "is-active", unit).stdout, "active\n")
            container.run("apt-get", "-q", "-y", "purge", "hello-flask")
            self.assertEqual(container.processes(PREFIX + "/"), [])


if __name__ == "__main__":
    unittest.main()
