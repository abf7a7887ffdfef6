"""scripts/build-program.sh: what a subproject's build says, and how many jobs it gives the build tool."""

import unittest

from scratch import TOP, Scratch

SCRIPT = TOP / "scripts/build-program.sh"
ONCE = ("deb-build-app: building the program for this machine, about two minutes on two cores, "
        "once\n")


class BuildProgram(Scratch):
    def setUp(self):
        super().setUp()
        self.program("nproc", "echo 5\n")
        self.program("tool", "echo \"$NINJA_STATUS: $*\"\n")
        self.environment["NINJA_STATUS"] = "their own"

    def build(self, tool, program="none", **environment):
        status, output = self.run_script(SCRIPT, program, tool, "tool", "DIR", **environment)
        self.assertEqual(status, 0, output)
        return output

    def test_ninja_gets_a_job_for_each_processor(self):
        self.assertEqual(self.build("ninja"),
                         f"{ONCE}their own: DIR -j5\ndeb-build-app: built in N s\n")
        self.assertIn(": DIR -j3\n", self.build("ninja", CMAKE_BUILD_PARALLEL_LEVEL="3"))

    def test_ninja_shows_how_many_of_how_many_and_for_how_long(self):
        del self.environment["NINJA_STATUS"]
        self.assertIn("\n[%f/%t, %e s] : DIR", self.build("ninja"))

    def test_a_log_tells_that_time_passes_and_ninjas_line_on_a_terminal_is_left_alone(self):
        self.program("tool", "sleep 2.5; echo \"$TERM\"\n")
        text = SCRIPT.read_text().replace('$(dirname "$0")', str(SCRIPT.parent))
        script = self.write("script", text.replace("\njobs=", "\nprogress_every=1\njobs="))
        for tool in ("ninja", "make"):
            status, output = self.run_script(script, "none", tool, "tool")
            self.assertEqual(status, 0, output)
            self.assertIn("deb-build-app: compiling, N s\n", output)
        self.assertEqual(self.run_on_terminal(script, "none", "ninja", "tool"), (
            0, f"{ONCE}xterm\ndeb-build-app: built in N s\n".replace("\n", "\r\n")))
        status, shown = self.run_on_terminal(script, "none", "ninja", "tool", NO_COLOR="1")
        self.assertEqual(status, 0, shown)
        self.assertIn("compiling, N s\r\n", shown)
        self.assertIn("\r\ndumb\r\n", shown)

    def test_make_keeps_the_jobs_that_it_was_given(self):
        for flags, words in {"w": "DIR -j5", "": "DIR -j5", "w -j1": "DIR", "k -j": "DIR",
                             "w -j4 --jobserver-auth=3,4": "DIR"}.items():
            self.assertIn(f": {words}\n", self.build("make", MAKEFLAGS=flags), flags)

    def test_a_program_that_is_there_is_not_built_from_nothing(self):
        self.write("program", "")
        self.assertEqual(
            self.build("make", program="program"),
            "deb-build-app: building again for this machine what the changed sources touch\n"
            "their own: DIR -j5\ndeb-build-app: built in N s\n")

    def test_a_failure_has_the_build_tools_status_and_a_way_out(self):
        self.program("tool", "echo broken\nexit 9\n")
        for tool in ("ninja", "make"):
            self.assertEqual(self.run_script(SCRIPT, "none", tool, "tool"), (
                9, f"{ONCE}broken\n"
                "deb-build-app: could not be built, see above; DEB_VENV_HOST_CXX names another "
                "compiler, DEB_VENV_PROGRAM a deb-build-app that is there already\n"))


if __name__ == "__main__":
    unittest.main()
