"""Files that the declaration names: with GIT_TAG they are the commit's, or it is said that not."""

import shutil
import unittest

from rig import package
from rig.paths import OWN
from rig.project import Project, sha256, write
from rig.run import commit, git, run

# One of each kind. What each is, and where a package has it, is KINDS.
CALL = """
add_venv_deb(declared
  GIT_REPOSITORY "@REPOSITORY@" GIT_TAG HEAD GIT_SUBDIR app
  VERSION 1.0 MAINTAINER "Test <test@example.org>" PYTHON SYSTEM
  LICENSE_FILE "${CMAKE_CURRENT_SOURCE_DIR}/LICENSE"
  CHANGELOG host/changelog
  REQUIREMENTS host/requirements.txt
  CONFIG host/declared.conf
  CONFIG "${CMAKE_CURRENT_BINARY_DIR}/generated.conf"
  CONFIG_VARIANTS host/variants
  FILES host/data host/tool.sh DESTINATION /usr/share/declared
  EXCLUDE "*.swp"
  PREINST host/preinst.sh POSTINST host/postinst.sh PRERM host/prerm.sh POSTRM host/postrm.sh
  CONFIGURE_PLAYBOOK host/play/site.yml
  SERVICE work COMMAND python3 ./work.py RUNNER systemd UNIT_OPTIONS host/options.conf)
"""
GENERATED = """
file(WRITE "${CMAKE_CURRENT_BINARY_DIR}/generated.conf" "from = build\\n")
"""
CHANGELOG = """\
declared (1.0-1) unstable; urgency=medium

  * @WORD@.

 -- Test <test@example.org>  Fri, 02 Jan 2026 00:00:00 +0000
"""
ETC, SHARE, DOC = "etc/declared", "usr/share/declared", "usr/share/doc/declared"
# Keyword -> file, text, file of the package that has the word of it ("" = none has it as it is).
KINDS = {
    "LICENSE_FILE": ("LICENSE", "@WORD@\n", f"{DOC}/copyright"),
    "CHANGELOG": ("host/changelog", CHANGELOG, ""),
    "REQUIREMENTS": ("host/requirements.txt", "# @WORD@\n", ""),
    "CONFIG": ("host/declared.conf", "is = @WORD@\n", f"{ETC}/declared.conf"),
    "CONFIG_VARIANTS": ("host/variants/production/site.conf", "is = @WORD@\n",
                        f"{SHARE}/variants/production/site.conf"),
    "FILES directory": ("host/data/one.txt", "@WORD@\n", f"{SHARE}/data/one.txt"),
    "FILES": ("host/tool.sh", "#!/bin/sh\necho @WORD@\n", f"{SHARE}/tool.sh"),
    "PREINST": ("host/preinst.sh", "echo @WORD@\n", "DEBIAN/preinst"),
    "POSTINST": ("host/postinst.sh", "echo @WORD@\n", "DEBIAN/postinst"),
    "PRERM": ("host/prerm.sh", "echo @WORD@\n", "DEBIAN/prerm"),
    "POSTRM": ("host/postrm.sh", "echo @WORD@\n", "DEBIAN/postrm"),
    "CONFIGURE_PLAYBOOK": ("host/play/site.yml", "# @WORD@\n- hosts: all\n  tasks: []\n",
                           "site.yml"),
    "beside the playbook": ("host/play/files/motd", "@WORD@\n", "files/motd"),
    "UNIT_OPTIONS": ("host/options.conf", "[Service]\nEnvironment=IS=@WORD@\n",
                     "declared-work.service.d/10-declared.conf"),
}


class DeclaredFiles(unittest.TestCase):
    """Each test has two repositories: one with the application, which may declare, too."""

    def setUp(self):
        self.top = OWN
        shutil.rmtree(self.top, ignore_errors=True)
        self.application = self.top / "application"
        write(self.application / "app/work.py", "print('works')\n")
        self.start(self.application)

    def start(self, repository):
        self.repository = repository
        self.write_all("committed")
        write(repository / ".gitignore", "build/\n*.log\n")
        self.project = Project(repository)
        run("git", "init", "-q", repository)

    def declare(self, source=".", more=""):
        self.project.declare(GENERATED + more + CALL.replace("@REPOSITORY@", str(source)))
        commit(self.repository, "Declare")
        return self.project

    def write_all(self, word):
        for name, text, _ in KINDS.values():
            write(self.repository / name, text.replace("@WORD@", word))

    def deb(self):
        return self.project.build / "declared.deb"

    def alone(self):
        """The program without a build tool that could take it all for done."""
        done, left = self.project.run_program("declared")
        deb = self.project.build / "alone/out/declared.deb"
        return done.stdout, deb if "declared.deb" in left else None

    def assert_word(self, deb, word, other):
        files = package.files_below(package.extract(deb, self.top / "x"))
        for keyword, (_, _, place) in KINDS.items():
            with self.subTest(keyword):
                found = [data for name, data in files.items() if place and name.endswith(place)]
                self.assertEqual([word.encode() in data for data in found], [True] * bool(place))
                self.assertNotIn(other.encode(), b"".join(found))
        # The build's own files come as they are.
        self.assertEqual(files[f"{ETC}/generated.conf"], b"from = build\n")

    def test_an_uncommitted_edit_of_any_of_them_does_not_reach_the_package(self):
        self.declare().configure()
        self.project.make()
        self.assert_word(self.deb(), "committed", "edited")
        self.assertEqual(package.field(self.deb(), "X-Deb-Build-Dirty"), "")
        before = sha256(self.deb())
        self.write_all("edited")
        self.assertIn("no work to do", self.project.make().stdout)
        said, deb = self.alone()
        self.assertEqual(sha256(deb), before)
        self.assertRegex(said, "as the commit [0-9a-f]{12} has them, and not the work tree: LICENSE, "
                               r"host/changelog, .* and 9 more")
        commit(self.repository, "Edit")
        self.project.make()
        self.assert_word(self.deb(), "edited", "committed")
        self.assertIn("no work to do", self.project.make().stdout)

    def test_a_file_that_the_commit_lacks_is_refused_by_name(self):
        self.declare().configure()
        self.project.make()
        for keyword in "CONFIG", "POSTINST", "UNIT_OPTIONS", "LICENSE_FILE":
            name = KINDS[keyword][0]
            git(self.repository, "rm", "-q", "--cached", name)
            git(self.repository, "commit", "-q", "-m", "Without " + name)
            said, deb = self.alone()
            with self.subTest(keyword):
                if keyword == "LICENSE_FILE":  # named by its whole path
                    self.assertIn(f"LICENSE_FILE {self.repository}/LICENSE: the commit ", said)
                    self.assertIn("the work tree's is taken; the package has X-Deb-Build-Dirty",
                                  said)
                    self.assertEqual(package.field(deb, "X-Deb-Build-Dirty"), "yes")
                else:
                    self.assertIsNone(deb)
                    self.assertRegex(said, f"{keyword} {name}: the commit [0-9a-f]{{12}}, which is "
                                           "packaged, does not have it")
                    self.assertIn(f"{keyword} {self.repository}/{name}", said)
            git(self.repository, "add", "-f", name)
            git(self.repository, "commit", "-q", "-m", "With " + name)

    def test_new_files_in_directories_are_refused_by_name(self):
        self.declare().configure()
        for name, refused in (("host/data/two.txt", True), ("host/data/two.log", True),
                              ("host/data/two.swp", False),
                              ("host/variants/production/new.conf", True),
                              ("host/play/tasks.yml", True), ("host/play/last.log", False)):
            file = write(self.repository / name, "new\n")
            said, deb = self.alone()
            with self.subTest(name):
                self.assertEqual(deb is None, refused, said)
                if refused:
                    self.assertIn("the work tree has files there that are not in the commit", said)
                if not name.endswith("swp"):
                    self.assertIn(f": {name}", said)
                else:
                    self.assertNotIn(name, said)
            file.unlink()

    def test_a_tag_has_the_files_of_its_time(self):
        self.declare().configure()
        git(self.repository, "tag", "1.0")
        self.write_all("edited")
        write(self.repository / "host/data/two.txt", "new\n")
        text = (self.repository / "CMakeLists.txt").read_text()
        (self.repository / "CMakeLists.txt").write_text(text.replace("TAG HEAD", "TAG 1.0"))
        commit(self.repository, "Edit")
        self.project.make()
        self.assert_word(self.deb(), "committed", "edited")
        self.assertNotIn(f"/{SHARE}/data/two.txt", package.contents(self.deb()))

    def test_errors_name_the_authors_own_file(self):
        write(self.repository / "host/postinst.sh", "if true\n")
        self.declare().configure()
        said, deb = self.alone()
        self.assertIsNone(deb)
        self.assertIn(f"POSTINST {self.repository}/host/postinst.sh: ", said)
        self.assertNotIn("alone/work/declared/", said)

    def test_of_another_repository_it_is_said(self):
        commit(self.application, "Application")
        self.start(self.top / "declaration")
        self.declare(self.application).configure()
        self.assertNotIn("arning", self.project.make().stdout)
        self.assert_word(self.deb(), "committed", "edited")
        self.write_all("edited")
        said = self.project.make().stdout
        for keyword in KINDS:
            if keyword.isupper():
                self.assertRegex(said, f"{keyword} .*committed as .* there.*; the package has "
                                       "X-Deb-Build-Dirty for it")
        self.assert_word(self.deb(), "edited", "committed")
        self.assertEqual(package.field(self.deb(), "X-Deb-Build-Dirty"), "yes")
        commit(self.repository, "Edit")
        self.project.make()
        self.assertEqual(package.field(self.deb(), "X-Deb-Build-Dirty"), "")

    def test_a_clone_of_the_remote_that_is_packaged_is_that_repository(self):
        self.declare("file://" + str(self.top / "remote.git"))
        git(self.top, "clone", "-q", "--bare", self.repository, "remote.git")
        self.project.configure()
        self.write_all("edited")
        self.project.make()
        self.assert_word(self.deb(), "committed", "edited")


if __name__ == "__main__":
    unittest.main()
