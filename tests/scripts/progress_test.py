"""scripts/progress.sh: what is shown while something runs, in a log and on a terminal."""

import re
import unittest

from scratch import TOP, Scratch

BEGIN = f"""set -eu
. {TOP}/scripts/progress.sh
trap progress_end EXIT
trap 'exit 130' INT
progress_begin test
progress_every=1
mkdir -p logs
"""


class Log(Scratch):
    def script(self, text, **environment):
        return self.run_script(self.write("script", BEGIN + text), **environment)

    def test_a_step_is_a_line_when_it_begins_lines_in_between_and_one_when_it_is_done(self):
        status, output = self.script("""
progress_plan 2 logs
slow() { echo '[1/2] Building one'; sleep 2.5; printf '  50 %%\\r 100 %%\\n\\n'; sleep 2.5; found=42; }
step "compiling" slow
step "nothing" true
say "found $found"
""")
        self.assertEqual(status, 0, output)
        self.assertRegex(
            output, r"\Atest: \[1 of 2\] compiling\n"
            r"(test: \[1 of 2\] compiling, N s: \[1/2\] Building one\n)+"
            r"(test: \[1 of 2\] compiling, N s: 100 %\n)+"
            r"test: \[1 of 2\] compiling: done in N s\n"
            r"test: \[2 of 2\] nothing\ntest: \[2 of 2\] nothing: done in N s\ntest: found 42\n\Z")

    def test_a_step_that_fails_shows_the_last_lines_of_its_log_and_ends_the_script_with_4(self):
        status, output = self.script("""
progress_plan 1 logs
fails() { seq 60; echo broken >&2; return 7; }
step "trying" fails
say "never said"
""")
        self.assertEqual(status, 4, output)
        numbers = "".join(f"    {number}\n" for number in range(22, 61))
        self.assertEqual(
            output, "test: [1 of 1] trying\n"
            "test: [1 of 1] trying: FAILED after N s, exit status 7\n"
            f"test: the last lines of logs/step-1.log:\n{numbers}    broken\n")
        self.assertIn("\n21\n", (self.scratch / "logs/step-1.log").read_text())

    def test_alongside_a_command_that_shows_itself_what_it_does(self):
        status, output = self.script("alongside compiling sh -c 'echo one; sleep 1.6; exit 3'\n")
        self.assertEqual(status, 3, output)
        self.assertEqual(output, "one\ntest: compiling, N s\n")

    def test_a_step_that_shows_itself_what_it_does(self):
        status, output = self.script("progress_plan 1 ''\nstep_begin all\necho inner\nstep_end\n")
        self.assertEqual((status, output),
                         (0, "test: [1 of 1] all\ninner\ntest: [1 of 1] all: done in N s\n"))


class Terminal(Scratch):
    STEPS = BEGIN + """
progress_plan 1 logs
slow() { printf 'A line that is much longer than the terminal is wide, and more\\n'; sleep 2.2; }
step "compiling" slow
"""

    def test_a_step_is_one_line_that_is_written_over_and_never_wraps(self):
        status, shown = self.run_on_terminal(self.write("script", self.STEPS), columns=50)
        self.assertEqual(status, 0, shown)
        lines = shown.split("\r\n")
        self.assertEqual(lines[1:], [""])
        drawn = [re.sub("\033\\[K", "", line) for line in lines[0].split("\r")]
        self.assertEqual(drawn[:2], ["", "test: [1 of 1] compiling, N s"])
        self.assertEqual(drawn[2], "test: [1 of 1] compiling, N s: A line that is much longer"[:49])
        self.assertRegex(drawn[-1], r"^test: \[1 of 1\] compiling: done in N s$")

    def test_plain_lines_where_they_are_asked_for(self):
        script = self.write("script", self.STEPS)
        for environment in ({"NO_COLOR": "1"}, {"TERM": "dumb"}):
            status, shown = self.run_on_terminal(script, **environment)
            self.assertEqual(status, 0, shown)
            self.assertNotIn("\033", shown)
            self.assertIn("compiling, N s: A line that is", shown)

    def test_an_interrupted_step_leaves_no_line_half_written(self):
        script = self.write("script", self.STEPS.replace("2.2", "60") + "say never\n")
        status, shown = self.run_on_terminal(script, press=b"\x03", when=b": A line")
        self.assertEqual(status, 130, shown)
        self.assertTrue(shown.endswith("\r\n"), shown)
        self.assertNotIn("never", shown)


if __name__ == "__main__":
    unittest.main()
