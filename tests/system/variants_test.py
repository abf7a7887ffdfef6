"""CONFIG_VARIANTS: which variant a host gets, and what becomes of its files and of what the
administrator did to them, from the first installation to purge.

The suite is the first argument.
"""

import shutil
import sys
import unittest

from rig.host import Host
from rig.paths import OWN
from rig.project import write
from rig.tiny import Builder

SUITE = sys.argv.pop(1)
DEBS = OWN / "debs"

TREES = {
    "second": {"development/tiny.conf": "development 2\n",
               "development/secret.conf": "development\n",
               "production/tiny.conf": "production 2\n",
               "production/bin/check": "#!/bin/sh\n",
               "production/deep/er/old.conf": "production\n",
               "staging/tiny.conf": "staging 2\n",
               "hosts": "# what runs where\nweb-* production\nci?.example.org staging\n"},
    "third": {"development/tiny.conf": "development 3\n",
              "production/tiny.conf": "production 3\n",
              "production/bin/check": "#!/bin/sh\n"},
    # tiny.conf is a conffile again, beside variants.
    "mixed": {"development/other.conf": "development 4\n",
              "production/other.conf": "production 4\n"},
}


def varied(tree, default="development", configs=()):
    def change(declaration):
        one_service(declaration)
        declaration["configs"] = [one for one in declaration["configs"]
                                  if one["source"].endswith(tuple(configs or "\0"))]
        declaration["config_variants"] = {"directory": tree, "default": default}
    return change


def one_service(declaration):
    del declaration["services"][1:]


def plain(declaration):
    one_service(declaration)
    declaration["configs"] = []


def make_packages():
    """1.0 has conffiles; 2.0, 3.0 and 4.0 variants; 5.0 has neither."""
    builder = Builder(SUITE, DEBS, OWN / "build")
    for tree, files in TREES.items():
        for name, text in files.items():
            write(builder.work / "tiny" / tree / name, text,
                  0o755 if name.endswith("check") else None)
    builder.build("1.0", "1.0", "systemd", one_service)
    builder.build("2.0", "2.0", "systemd", varied("second"))
    builder.build("3.0", "3.0", "systemd", varied("third"))
    builder.build("4.0", "4.0", "systemd", varied("mixed", configs=["tiny.conf"]))
    builder.build("5.0", "5.0", "systemd", plain)
    builder.build("supervised", "2.0", "supervisord", varied("second"))


def tree_of(directory):
    """Relative name -> contents of everything that is a file."""
    return {str(path.relative_to(directory)): path.read_text()
            for path in sorted(directory.rglob("*")) if path.is_file()}


DEVELOPMENT = {"tiny.conf": "development 2\n", "secret.conf": "development\n"}
PRODUCTION = {"tiny.conf": "production 2\n", "bin/check": "#!/bin/sh\n",
              "deep/er/old.conf": "production\n"}
STAGING = {"tiny.conf": "staging 2\n"}


class Variants(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        make_packages()
        cls.host = Host(SUITE, OWN / "root", DEBS)
        cls.host.boot()

    @classmethod
    def tearDownClass(cls):
        cls.host.shut_down()

    def setUp(self):
        host = self.host
        host.clear()
        host.run("sh", "-c", "echo PURGE | debconf-communicate tiny")
        for name in "etc/default/tiny", "var/lib/ucf/hashfile", "var/lib/ucf/registry":
            host.path(name).unlink(missing_ok=True)
        host.run("hostname", "somewhere")
        write(host.path("etc/hosts"), "127.0.0.1 localhost\n")

    # What is done.

    def install(self, deb, *options, check=True):
        done = self.host.install(deb, check=check, options=options)
        if check:
            self.assertEqual(self.host.status(), "installed")
        return done.stdout

    def remove(self):
        self.host.dpkg("-r", "tiny")

    def preseed(self, variant):
        self.host.run("sh", "-c",
                      f"echo 'tiny tiny/variant select {variant}' | debconf-set-selections")

    def reconfigure(self, variant=None):
        if variant:
            self.preseed(variant)
        return self.host.run("dpkg-reconfigure", "tiny").stdout

    def edit(self, name, text="edited\n"):
        self.host.path(f"etc/tiny/{name}").write_text(text)

    # What is to be seen.

    def files(self):
        return {name: text for name, text in tree_of(self.host.path("etc/tiny")).items()
                if not name.startswith("supervisor/")}

    def chosen(self):
        return self.host.path("var/lib/deb-build-app/tiny/variant").read_text().strip()

    def answer(self):
        shown = self.host.run("sh", "-c", "echo GET tiny/variant | debconf-communicate tiny",
                              check=False).stdout.split()
        return shown[1] if shown[0] == "0" else None

    def known_to_ucf(self):
        """Files by the registry, and by the digests."""
        found = []
        for name in "registry", "hashfile":
            path = self.host.path(f"var/lib/ucf/{name}")
            lines = path.read_text().splitlines() if path.exists() else []
            found.append(sorted(line.split()[1].removeprefix("/etc/tiny/") for line in lines
                                if "/etc/tiny/" in line))
        return found

    def expect(self, variant, files):
        self.assertEqual(self.chosen(), variant)
        self.assertEqual(self.answer(), variant)
        self.assertEqual(self.files(), files)
        names = sorted(name for name in files if ".ucf-" not in name)
        self.assertEqual(self.known_to_ucf(), [names, names])

    def expect_nothing_after_purge(self):
        self.host.dpkg("-P", "tiny")
        self.assertEqual(self.host.leftovers(), [])
        self.assertEqual(self.known_to_ucf(), [[], []])
        self.assertIsNone(self.answer())
        for name in "config.dat", "templates.dat":
            lines = self.host.path(f"var/cache/debconf/{name}").read_text().splitlines()
            self.assertIn("Name: ucf/title", lines)
            self.assertEqual([line for line in lines if line.startswith(("Name: tiny/", "Owners: tiny"))],
                             [])

    # Which variant.

    def test_nobody_says_anything(self):
        self.assertNotIn("none of its variants", self.install("2.0"))
        self.expect("development", DEVELOPMENT)
        conffiles = self.host.run("dpkg-query", "-W", "-f", "${Conffiles}", "tiny").stdout
        self.assertEqual([line.split()[0] for line in conffiles.splitlines()],
                         ["/etc/default/tiny"])
        self.install("2.0")
        self.expect("development", DEVELOPMENT)
        self.expect_nothing_after_purge()

    def test_an_answer_given_beforehand(self):
        self.preseed("production")
        write(self.host.path("etc/default/tiny"), "DEB_VENV_VARIANT=staging\n")
        self.host.run("hostname", "ci1.example.org")
        self.install("2.0", "--force-confold")
        self.expect("production", PRODUCTION)
        mode = {name: oct(self.host.path(f"etc/tiny/{name}").stat().st_mode & 0o7777)
                for name in ("tiny.conf", "bin/check", "bin")}
        self.assertEqual(mode, {"tiny.conf": "0o644", "bin/check": "0o755", "bin": "0o755"})
        self.expect_nothing_after_purge()

    def test_a_line_in_default_and_the_map_of_hosts(self):
        default = self.host.path("etc/default/tiny")
        write(default, 'DEB_VENV_VARIANT="production"\n')
        self.host.run("hostname", "ci1.example.org")
        self.install("2.0", "--force-confold")
        self.expect("production", PRODUCTION)
        self.host.dpkg("-P", "tiny")

        self.install("2.0")
        self.expect("staging", STAGING)
        self.host.dpkg("-P", "tiny")

        # By its fully qualified name, and by a short one.
        write(self.host.path("etc/hosts"), "127.0.0.1 localhost\n127.0.1.1 ci2.example.org ci2\n")
        self.host.run("hostname", "ci2")
        self.install("2.0")
        self.expect("staging", STAGING)
        self.host.dpkg("-P", "tiny")
        self.host.run("hostname", "web-12")
        self.install("2.0")
        self.expect("production", PRODUCTION)

    def test_words_that_are_no_variant(self):
        self.preseed("prod")
        write(self.host.path("etc/default/tiny"), "DEB_VENV_VARIANT=live\n")
        self.host.run("hostname", "web-1")
        said = self.install("2.0", "--force-confold")
        ending = "which is not one of its variants: development production staging\n"
        self.assertIn(f"tiny: debconf's answer to tiny/variant is 'prod', {ending}", said)
        self.assertIn(f"tiny: DEB_VENV_VARIANT in /etc/default/tiny is 'live', {ending}", said)
        self.expect("production", PRODUCTION)

    def test_an_earlier_choice_outlives_removal_and_what_else_says_otherwise(self):
        self.preseed("production")
        self.install("2.0")
        self.remove()
        self.assertEqual(self.files(), PRODUCTION)
        self.preseed("development")
        self.install("2.0")
        self.expect("production", PRODUCTION)
        # Where debconf's database was lost, the record counts.
        self.host.run("sh", "-c", "echo PURGE | debconf-communicate tiny")
        self.install("2.0")
        self.expect("production", PRODUCTION)

    def test_a_choice_that_a_version_does_not_have(self):
        self.preseed("staging")
        self.install("2.0")
        self.expect("staging", STAGING)
        said = self.install("3.0")
        self.assertIn("tiny: the earlier choice is 'staging', which is not one of its variants: "
                      "development production\n"
                      "tiny: it has 'development' from now on; dpkg-reconfigure tiny changes that",
                      said)
        self.expect("development", {"tiny.conf": "development 3\n"})
        self.assertNotIn("none of its variants", self.install("3.0"))

    def test_dpkg_reconfigure(self):
        self.install("2.0")
        before = self.host.pids()
        self.assertEqual(sorted(before), ["web 2.0"])
        self.edit("secret.conf")
        said = self.reconfigure("production")
        self.assertIn("/etc/tiny/secret.conf is no longer used; it stays, since it was changed",
                      said)
        self.assertEqual(self.chosen(), "production")
        self.assertEqual(self.files(), PRODUCTION | {"secret.conf": "edited\n"})
        after = self.host.pids()
        self.assertEqual(sorted(after), sorted(before))
        self.assertFalse(set(after.values()) & set(before.values()), "restarted")
        # Said once.
        self.assertNotIn("secret.conf", self.reconfigure())
        self.assertEqual(self.chosen(), "production")
        self.reconfigure("staging")
        self.assertEqual(self.files(), STAGING | {"secret.conf": "edited\n"})
        self.assertFalse(self.host.path("etc/tiny/deep").exists())
        # An edited file that both have is kept, with the new one beside it.
        self.edit("tiny.conf")
        self.reconfigure("development")
        self.assertEqual(self.files(), {
            "tiny.conf": "edited\n", "tiny.conf.ucf-dist": "development 2\n",
            "secret.conf": "edited\n", "secret.conf.ucf-dist": "development\n"})
        self.expect_nothing_after_purge()

    def test_a_person_is_asked_once(self):
        def install(answer, *command):
            words = " ".join(command)
            return self.host.run("sh", "-c", f"echo '{answer}' | {words}",
                                 add={"DEBIAN_FRONTEND": "teletype"}).stdout
        question = "Variant of the configuration for this host"
        said = install("3", "dpkg -i /var/tmp/debs/2.0.deb")
        self.assertIn(question, said)
        self.expect("staging", STAGING)
        self.assertNotIn(question, install("1", "dpkg -i /var/tmp/debs/2.0.deb"))
        self.expect("staging", STAGING)
        self.assertIn(question, install("2", "dpkg-reconfigure tiny"))
        self.expect("production", PRODUCTION)

    # What becomes of the files.

    def test_changes_of_the_package_and_of_the_administrator(self):
        self.preseed("production")
        self.install("2.0")
        self.install("3.0")
        self.expect("production", {"tiny.conf": "production 3\n", "bin/check": "#!/bin/sh\n"})
        self.host.dpkg("-P", "tiny")

        self.preseed("production")
        self.install("2.0")
        self.edit("tiny.conf")
        self.edit("deep/er/old.conf")
        self.host.path("etc/tiny/bin/check").unlink()
        said = self.install("3.0")
        self.assertIn("/etc/tiny/deep/er/old.conf is no longer used; it stays", said)
        kept = {"tiny.conf": "edited\n", "deep/er/old.conf": "edited\n",
                "tiny.conf.ucf-dist": "production 3\n"}
        self.assertEqual(self.files(), kept)
        self.install("3.0")
        self.assertEqual(self.files(), kept)
        self.expect_nothing_after_purge()

    def test_conffiles_become_variants_and_conffiles_again(self):
        self.preseed("production")
        self.install("1.0")
        self.assertEqual(self.files(), {"tiny.conf": "version = 1.0\n",
                                        "secret.conf": "secret.conf of 1.0\n"})
        for upgraded in "2.0", "supervised":
            self.install(upgraded)
            self.expect("production", PRODUCTION)
            self.install("1.0")
            self.assertEqual(self.files(), {"tiny.conf": "version = 1.0\n",
                                            "secret.conf": "secret.conf of 1.0\n"})
            self.assertEqual(self.known_to_ucf(), [[], []])
            self.assertIsNone(self.answer())
        self.install("2.0")
        self.expect("production", PRODUCTION)  # which 1.0 did not forget
        self.install("4.0")
        self.expect_mixed("version = 4.0\n")
        self.expect_nothing_after_purge()

    def expect_mixed(self, text):
        self.assertEqual(self.files(), {"tiny.conf": text, "other.conf": "production 4\n"})
        self.assertEqual(self.known_to_ucf(), [["other.conf"], ["other.conf"]])

    def test_edited_conffiles_become_variants_and_conffiles_again(self):
        self.preseed("production")
        self.install("1.0")
        self.edit("tiny.conf")
        self.edit("secret.conf")
        self.install("2.0")
        kept = {"tiny.conf": "edited\n", "secret.conf": "edited\n"}
        added = {name: PRODUCTION[name] for name in ("bin/check", "deep/er/old.conf")}
        self.assertEqual(self.files(), kept | added | {"tiny.conf.ucf-dist": "production 2\n"})
        self.install("1.0", "--force-confold")
        self.assertEqual({name: text for name, text in self.files().items()
                          if not name.endswith("-dist")}, kept)
        self.install("2.0")
        self.assertEqual({name: text for name, text in self.files().items()
                          if not name.endswith("-dist")}, kept | added)
        self.assertIn("tiny.conf.dpkg-dist", self.files())
        self.expect_nothing_after_purge()

    def test_a_version_without_variants_leaves_nothing_behind(self):
        self.preseed("production")
        self.install("2.0")
        self.edit("tiny.conf")
        self.assertIn("/etc/tiny/tiny.conf is no longer used; it stays", self.install("5.0"))
        self.assertEqual(self.files(), {"tiny.conf": "edited\n"})
        self.assertEqual(self.known_to_ucf(), [[], []])
        self.expect_nothing_after_purge()

    def test_a_failed_upgrade_and_a_repeated_configuration(self):
        self.preseed("production")
        self.install("2.0")
        self.host.fail("preinst", "upgrade", "5.0")
        self.install("5.0", check=False)
        self.expect("production", PRODUCTION)
        self.host.mend()
        self.host.fail("postinst", "configure", "3.0")
        self.install("3.0", check=False)
        self.host.mend()
        self.host.dpkg("--configure", "-a")
        self.expect("production", {"tiny.conf": "production 3\n", "bin/check": "#!/bin/sh\n"})
        self.assertEqual(sorted(self.host.pids()), ["web 3.0"])

    def test_without_debconf_and_ucf(self):
        """Below DPKG_ROOT, where both would speak of the wrong machine, and then on the machine itself."""
        target = self.host.path("var/tmp/target")
        shutil.rmtree(target, ignore_errors=True)
        for name in "var/lib/dpkg/info", "var/lib/dpkg/updates", "etc", "var/tmp", "opt":
            (target / name).mkdir(parents=True, exist_ok=True)
        write(target / "var/lib/dpkg/status", "")
        write(target / "etc/passwd", "root:x:0:0:root:/root:/bin/sh\n")
        write(target / "etc/group", "root:x:0:\n")
        write(target / "etc/hostname", "ci7\n")
        write(target / "etc/hosts", "127.0.1.1\tci7.example.org ci7\n")
        self.preseed("development")
        root = ["--root=/var/tmp/target", "--force-script-chrootless", "--force-depends"]
        self.host.dpkg(*root, "-i", "/var/tmp/debs/2.0.deb")
        self.assertEqual(tree_of(target / "etc/tiny"), STAGING)
        (target / "etc/hostname").write_text("web-1\n")
        self.host.dpkg(*root, "-i", "/var/tmp/debs/2.0.deb")
        self.assertEqual(tree_of(target / "etc/tiny"), STAGING)
        self.host.dpkg(*root, "-P", "tiny")
        self.host.dpkg(*root, "-i", "/var/tmp/debs/2.0.deb")
        self.assertEqual(tree_of(target / "etc/tiny"), PRODUCTION)
        self.host.dpkg(*root, "-i", "/var/tmp/debs/3.0.deb")
        self.assertEqual(tree_of(target / "etc/tiny"), {"tiny.conf": "production 3\n",
                                                         "bin/check": "#!/bin/sh\n"})
        self.assertFalse(self.host.path("etc/tiny").exists())
        self.assertEqual(self.known_to_ucf(), [[], []])
        # The machine that the root becomes: ucf takes over what it finds as it was brought.
        self.host.run("cp", "-a", "/var/tmp/target/etc/tiny", "/etc/")
        self.host.run("mkdir", "-p", "/var/lib/deb-build-app")
        self.host.run("cp", "-a", "/var/tmp/target/var/lib/deb-build-app/tiny", "/var/lib/deb-build-app/")
        self.install("2.0")
        self.expect("production", PRODUCTION)
        self.host.dpkg(*root, "-P", "tiny")
        self.assertFalse((target / "etc/tiny").exists())
        self.assertFalse((target / "var/lib/deb-build-app").exists())


if __name__ == "__main__":
    unittest.main()
