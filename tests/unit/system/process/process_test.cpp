#include "system/process/process.hpp"

#include <gmock/gmock.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <thread>

#include "support/temporary.hpp"

namespace dba {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::StartsWith;

class Process : public Temporary {
 protected:
    Command shell(const std::string& script) {
        return {{"sh", "-c", script}, {{"PATH", "/usr/bin:/bin"}}, root(), ""};
    }
    RealProcessRunner runner_;
};

TEST_F(Process, KeepsOutputApartAndReportsTheStatus) {
    const auto done = runner_.run(shell("echo out; echo err >&2; exit 3"));
    ASSERT_TRUE(done);
    EXPECT_EQ(done->out, "out\n");
    EXPECT_EQ(done->err, "err\n");
    EXPECT_EQ(done->status, 3);
}

TEST_F(Process, GivesTheChildOnlyWhatWasNamed) {
    ASSERT_EQ(::setenv("UNIT_SYSTEM_LEAK", "1", 1), 0);
    const auto done = runner_.run({{"env"}, {{"PATH", "/usr/bin:/bin"}, {"A", "b=c"}}, "/", ""});
    ::unsetenv("UNIT_SYSTEM_LEAK");
    ASSERT_TRUE(done);
    EXPECT_EQ(done->out, "A=b=c\nPATH=/usr/bin:/bin\n");
}

TEST_F(Process, RunsInTheDirectoryWithAFixedUmask) {
    const mode_t before = ::umask(077);
    const auto done = runner_.run(shell("pwd; umask"));
    ::umask(before);
    ASSERT_TRUE(done);
    EXPECT_EQ(done->out, root().string() + "\n0022\n");
}

TEST_F(Process, MovesMegabytesThroughAllThreeStreamsWithoutDeadlock) {
    std::string input;
    while (input.size() < 5'000'000) input += "some line of text\n";
    Command command = shell("tee /dev/stderr");
    command.input = input;
    const auto done = runner_.run(command);
    ASSERT_TRUE(done);
    EXPECT_TRUE(done->out == input);
    EXPECT_TRUE(done->err == input);
}

TEST_F(Process, ChildThatIgnoresItsInputIsNoError) {
    Command command = shell("exit 0");
    command.input = std::string(1'000'000, 'x');
    EXPECT_EQ(runner_.run(command)->status, 0);
}

TEST_F(Process, StandardInputIsEmptyWhenNoneIsGiven) {
    EXPECT_EQ(runner_.run(shell("wc -c"))->out, "0\n");
}

TEST_F(Process, SignalsAre128PlusTheirNumber) {
    EXPECT_EQ(runner_.run(shell("kill -KILL $$"))->status, 137);
    EXPECT_EQ(runner_.run(shell("kill -TERM $$"))->status, 143);
}

TEST_F(Process, SigpipeIsNotLeftIgnored) {
    const auto before = ::signal(SIGPIPE, SIG_IGN);
    EXPECT_EQ(runner_.run(shell("kill -PIPE $$"))->status, 128 + SIGPIPE);
    ::signal(SIGPIPE, before);
}

TEST_F(Process, DoesNotWaitForADaemonThatKeepsThePipesOpen) {
    const auto start = std::chrono::steady_clock::now();
    const auto done = runner_.run(shell("sleep 30 & echo $!"));
    ASSERT_TRUE(done);
    EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(10));
    ::kill(static_cast<pid_t>(std::stol(done->out)), SIGKILL);
}

TEST_F(Process, InheritsNoOpenFile) {
    // Deliberately without close-on-exec, as a library might open one.
    std::FILE* leak = std::fopen("/dev/null", "r");
    ASSERT_NE(leak, nullptr);
    const auto done = runner_.run(shell("cd /proc/self/fd && echo *"));
    std::fclose(leak);
    ASSERT_TRUE(done);
    EXPECT_THAT(done->out, StartsWith("0 1 2"));
    // sh itself opens the directory to expand the star: one number more, not the leaked file's.
    EXPECT_EQ(std::count(done->out.begin(), done->out.end(), ' '), 3) << done->out;
}

TEST_F(Process, MissingProgramIsNamedWithThePathSearched) {
    const auto done = runner_.run({{"no-such-program"}, {{"PATH", "/usr/bin:/bin"}}, "/", ""});
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().code, ExitCode::system);
    EXPECT_EQ(done.error().subject, "no-such-program");
    EXPECT_EQ(done.error().cause, "not found in PATH=/usr/bin:/bin");
    EXPECT_EQ(done.error().hint, "install the package that provides it, or give its full path");
    EXPECT_EQ(runner_.run({{"env"}, {}, "/", ""}).error().cause, "not found: PATH is empty");
}

TEST_F(Process, WhatCannotBeStartedSaysWhy) {
    const auto start = [&](const fs::path& program) {
        return runner_.run({{program.string()}, {}, root(), ""}).error();
    };
    EXPECT_EQ(start(root() / "none").cause, "cannot be started: No such file or directory");
    EXPECT_EQ(start(put("plain", "text")).cause, "cannot be started: Permission denied");
    const Error script = start(put("script", "#!/no/such/shell\n", 0755));
    EXPECT_EQ(script.subject, (root() / "script").string());
    EXPECT_EQ(script.cause,
              "cannot be started: the interpreter its first line names does not exist");
    Command elsewhere = shell("true");
    elsewhere.directory = root() / "gone";
    const auto error = runner_.run(elsewhere).error();
    EXPECT_EQ(error.subject, (root() / "gone").string());
    EXPECT_EQ(error.cause, "cannot be entered to run sh: No such file or directory");
}

TEST_F(Process, CheckQuotesTheCommandAndItsLastLinesWithoutSecrets) {
    Command command = shell(
        "for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14; do echo line $i >&2; done;"
        "echo fetching https://user:token@host/simple >&2; exit 2");
    command.argv.insert(command.argv.end(), {"--index-url", "https://u:p@h/"});
    const auto done = runner_.check(command);
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().code, ExitCode::system);
    EXPECT_THAT(done.error().subject, EndsWith("--index-url 'https://***@h/'"));
    EXPECT_EQ(done.error().cause,
              "exit status 2; its last lines:\n"
              "line 4\nline 5\nline 6\nline 7\nline 8\nline 9\nline 10\nline 11\nline 12\n"
              "line 13\nline 14\nfetching https://***@host/simple");
    EXPECT_EQ(runner_.check(shell("echo only out; exit 1")).error().cause,
              "exit status 1; its last lines:\nonly out");
    EXPECT_EQ(runner_.check(shell("kill -KILL $$")).error().cause, "ended by signal 9 (Killed)");
    EXPECT_EQ(runner_.check(shell("exit 1")).error().cause, "exit status 1");
}

TEST_F(Process, ChildrenEndWithUs) {
    const fs::path pid_file = root() / "pid";
    const pid_t middle = ::fork();
    if (middle == 0) {
        RealProcessRunner runner;
        (void)runner.run(shell("echo $$ > pid.new; mv pid.new pid; exec sleep 60"));
        ::_exit(0);
    }
    ASSERT_GT(middle, 0);
    std::error_code error;
    for (int i = 0; i < 500 && !fs::exists(pid_file, error); ++i)
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
    const auto text = read_file(pid_file);
    ASSERT_TRUE(text);
    const auto child = static_cast<pid_t>(std::stol(*text));
    EXPECT_EQ(::kill(child, 0), 0);
    ::kill(middle, SIGKILL);
    ::waitpid(middle, nullptr, 0);
    const auto alive = [&] {
        // A zombie that nobody has reaped yet is dead as well.
        const auto status = read_file("/proc/" + std::to_string(child) + "/stat");
        return status && status->find(") Z ") == std::string::npos;
    };
    for (int i = 0; i < 500 && alive(); ++i)
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
    EXPECT_FALSE(alive());
}

TEST(QuoteCommand, CanBePastedIntoAShell) {
    EXPECT_EQ(quote_command({"pip", "install", "a b", "it's", "", "x>=1", "$HOME"}),
              "pip install 'a b' 'it'\\''s' '' 'x>=1' '$HOME'");
}

TEST(LastLines, CountsFromTheEnd) {
    EXPECT_EQ(last_lines("a\nb\nc\n", 2), "b\nc");
    EXPECT_EQ(last_lines("a\nb\nc", 9), "a\nb\nc");
    EXPECT_EQ(last_lines("", 3), "");
    EXPECT_EQ(last_lines("one\n\n", 3), "one");
}

TEST(RedactUrls, RemovesSecretsOfQueries) {
    EXPECT_EQ(redact_urls("x @ https://h/x.whl?token=abc (from y)"),
              "x @ https://h/x.whl?token=*** (from y)");
    EXPECT_EQ(redact_urls("https://h/x?v=1&sig=a%2Fb%3D&se=2#sha256=00"),
              "https://h/x?v=1&sig=***&se=2#sha256=00");
    EXPECT_EQ(redact_urls("'https://h/x?X-Amz-Credential=AK/1&X-Amz-Date=2&X-Amz-Security-Token=t"
                          "&X-Amz-Signature=ff', "),
              "'https://h/x?X-Amz-Credential=***&X-Amz-Date=2&X-Amz-Security-Token=***"
              "&X-Amz-Signature=***', ");
    EXPECT_EQ(redact_urls("https://u:p@h/x?API_KEY=k;Password=q#access_token=z"),
              "https://***@h/x?API_KEY=***;Password=***#access_token=***");
    EXPECT_EQ(redact_urls("https://h/x?next=https://u:p@i/y?auth=1"),
              "https://h/x?next=https://***@i/y?auth=***");
    EXPECT_EQ(redact_urls("https://h/x?token=${TOKEN}"), "https://h/x?token=${TOKEN}");
    EXPECT_EQ(redact_urls("https://h/x?author=a&keyword=b&token="),
              "https://h/x?author=a&keyword=b&token=");
    EXPECT_EQ(redact_urls("https://h/token=a/?tokens"), "https://h/token=a/?tokens");
    EXPECT_EQ(redact_urls("https://h/#egg=x&subdirectory=y"), "https://h/#egg=x&subdirectory=y");
}

TEST(RedactUrls, RemovesEveryFormOfUserInformation) {
    EXPECT_EQ(redact_urls("--index-url https://u:p@h/simple"), "--index-url https://***@h/simple");
    EXPECT_EQ(redact_urls("--index-url=https://token@h"), "--index-url=https://***@h");
    EXPECT_EQ(redact_urls("'https://u:p@h' and git+ssh://git@h/x"),
              "'https://***@h' and git+ssh://***@h/x");
    EXPECT_EQ(redact_urls("https://u:p@ss@h/"), "https://***@h/");
    EXPECT_EQ(redact_urls("https://${USER}:${TOKEN}@h/"), "https://${USER}:${TOKEN}@h/");
    EXPECT_EQ(redact_urls("https://me:${TOKEN}@h/"), "https://me:${TOKEN}@h/");
    EXPECT_EQ(redact_urls("https://${TOKEN}:@h/"), "https://${TOKEN}:@h/");
    for (const char* user : {"me:", "me:x${TOKEN}", "${USER}:x", "me:x:${TOKEN}", "x${TOKEN}", ":"})
        EXPECT_EQ(redact_urls(std::string("https://") + user + "@h/"), "https://***@h/") << user;
    EXPECT_EQ(redact_urls("https://h/a@b?c@d"), "https://h/a@b?c@d");
    EXPECT_EQ(redact_urls("https://h\nmail a@b"), "https://h\nmail a@b");
    EXPECT_EQ(redact_urls("no url, a@b"), "no url, a@b");
}

// Sets variables of this process for one test.

}  // namespace
}  // namespace dba
