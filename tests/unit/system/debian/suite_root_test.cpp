#include "system/debian/suite_root.hpp"

#include <gmock/gmock.h>

#include "support/temporary.hpp"
#include "system/process/container.hpp"

namespace dba {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::StartsWith;

class NoLog final : public Log {
 public:
    std::vector<std::string> lines;
    void step(const std::string& /*step*/, const std::string& message) override {
        lines.push_back(message);
    }
    void warning(const std::string& /*step*/, const std::string& message) override {
        lines.push_back(message);
    }
};

// mmdebstrap, cp and apt-get as far as they are asked.
class Tools final : public ProcessRunner {
 public:
    std::vector<std::string> calls;
    int status = 0;  // of mmdebstrap
    int failing_downloads = 0;
    Result<Completed> run(const Command& command) override {
        calls.push_back(quote_command(command.argv));
        if (command.argv[0] == "setsid") {
            if (status == 0) {
                EXPECT_TRUE(write_file(command.argv.back(), "archive"));
            }
            return Completed{status, "", "E: no mirror\n"};
        }
        if (command.argv[0] == "tar") {
            const fs::path tree = command.argv[5];
            EXPECT_TRUE(make_directories(tree / "etc"));
            EXPECT_TRUE(make_directories(tree / "var/lib/dpkg"));
            EXPECT_TRUE(write_file(tree / "etc/hostname", "fresh\n"));
            return write_file(tree / "var/lib/dpkg/status", "").map([] { return Completed{}; });
        }
        if (command.argv[0] == "cp") return RealProcessRunner().run(command);
        // chroot ROOT apt-get
        if (command.argv.back() == "update") return Completed{};
        if (failing_downloads-- > 0) return Completed{100, "Reading lists\n", "E: 404\n"};
        const fs::path archives = fs::path(command.argv[1]) / "var/cache/apt/archives";
        EXPECT_TRUE(write_file(archives / "new_1_all.deb", "new"));
        return Completed{};
    }
};

class SuiteRootTest : public Temporary {
 protected:
    Result<SuiteRoot> open(const std::string& suite = "bookworm",
                           const std::vector<std::string>& mirrors = {}) {
        return open_suite_root(suite, mirrors, root() / "roots", environment_, tools_, log_);
    }
    Environment environment_{{"PATH", "/usr/bin:/bin"}};
    Tools tools_;
    NoLog log_;
};

TEST_F(SuiteRootTest, IsMadeOnceAndKept) {
    {
        const auto first = open();
        ASSERT_TRUE(first) << first.error().cause;
        EXPECT_TRUE(first->made);
    }
    const auto again = open();
    ASSERT_TRUE(again);
    EXPECT_FALSE(again->made);
    EXPECT_LT(again->age, 60);
    EXPECT_EQ(again->root.filename(), "tree");
    EXPECT_THAT(again->root.parent_path().filename().string(), StartsWith("bookworm-"));
    ASSERT_EQ(tools_.calls.size(), 2U);
    EXPECT_THAT(tools_.calls[0],
                ::testing::AllOf(StartsWith("setsid --wait mmdebstrap "),
                                 HasSubstr("--include=dbus,systemd,systemd-sysv bookworm ")));
    EXPECT_THAT(tools_.calls[1], StartsWith("tar --extract --file "));
}

TEST_F(SuiteRootTest, ComesFromItsMirrors) {
    const std::string line = "deb http://127.0.0.1:8000/debian bookworm main";
    tools_.status = 25;
    ASSERT_FALSE(open("bookworm", {line}));
    EXPECT_THAT(tools_.calls[0], ::testing::EndsWith("/archive.tar '" + line + "'"));
}

TEST_F(SuiteRootTest, ANameIsNoPath) {
    for (const std::string name : {"", "../x", "-x", "book worm"}) {
        const auto refused = open(name);
        ASSERT_FALSE(refused) << name;
        EXPECT_EQ(refused.error().code, ExitCode::bad_input);
        EXPECT_EQ(refused.error().cause, "cannot be the name of a Debian suite");
    }
    EXPECT_FALSE(fs::exists(root() / "roots"));
}

TEST_F(SuiteRootTest, ACopyIsItsOwn) {
    const auto made = open();
    ASSERT_TRUE(made);
    const fs::path copy = root() / "copy";
    const auto copied = copy_suite_root(*made, copy, environment_, tools_);
    ASSERT_TRUE(copied) << copied.error().cause;
    EXPECT_EQ(read_file(copy / "etc/hostname").value_or(""), "fresh\n");
    EXPECT_EQ(read_file(copy / "etc/dpkg/dpkg.cfg.d/rehearsal").value_or(""), "force-unsafe-io\n");
    EXPECT_TRUE(fs::is_directory(copy / "var/log/journal"));
    EXPECT_FALSE(fs::exists(made->root / "etc/dpkg"));
}

TEST_F(SuiteRootTest, DownloadsAreKeptAndListsAreRenewed) {
    const auto made = open();
    ASSERT_TRUE(made);
    ASSERT_TRUE(write_file(made->archives / "old_1_all.deb", "old"));
    const fs::path copy = root() / "copy";
    ASSERT_TRUE(make_directories(copy / "var/cache/apt/archives"));
    tools_.calls.clear();
    tools_.failing_downloads = 1;
    const auto done = download_depends(*made, copy, "python3, adduser", environment_, tools_, log_);
    ASSERT_TRUE(done) << done.error().cause;
    ASSERT_EQ(tools_.calls.size(), 3U);
    EXPECT_THAT(tools_.calls[0], HasSubstr(" apt-get -q -y --no-install-recommends "
                                           "--download-only satisfy 'python3, adduser'"));
    EXPECT_THAT(tools_.calls[1], HasSubstr(" apt-get -q -y update"));
    EXPECT_EQ(read_file(copy / "var/cache/apt/archives/old_1_all.deb").value_or(""), "old");
    EXPECT_EQ(read_file(made->archives / "new_1_all.deb").value_or(""), "new");

    tools_.failing_downloads = 2;
    const auto failed = download_depends(*made, copy, "nonsense", environment_, tools_, log_);
    ASSERT_FALSE(failed);
    EXPECT_EQ(failed.error().code, ExitCode::bad_input);
    EXPECT_EQ(failed.error().cause,
              "apt cannot have them in bookworm; its last lines:\nReading lists\nE: 404");
}

TEST_F(SuiteRootTest, AgesForPeople) {
    EXPECT_EQ(age_text(0), "0 minutes");
    EXPECT_EQ(age_text(60), "1 minute");
    EXPECT_EQ(age_text(7200), "2 hours");
    EXPECT_EQ(age_text(3 * 86400), "3 days");
}

TEST_F(SuiteRootTest, AProcessIsReadFromProc) {
    const fs::path proc = root() / "7";
    ASSERT_TRUE(make_directories(proc));
    const auto put = [&](const char* name, const std::string& bytes) {
        ASSERT_TRUE(write_file(proc / name, bytes));
    };
    put("cmdline", std::string("python3\0-m\0web\0", 15));
    put("status", "Name:\tpython3\nPPid:\t1\nUid:\t999\t999\t999\t999\n");
    put("cgroup", "0::/system.slice/ci.service/payload/system.slice/hello-web.service\n");
    SeenProcess process;
    process.pid = 7;
    ASSERT_TRUE(read_process(proc, process));
    EXPECT_EQ(process, (SeenProcess{7, 1, 999, {"python3", "-m", "web"}, "hello-web.service"}));
    // A host of the old kind has one hierarchy for systemd among others.
    put("cgroup",
        "12:pids:/system.slice/ci.service\n1:name=systemd:/x/system.slice/a.service\n"
        "0::/other.service\n");
    ASSERT_TRUE(read_process(proc, process));
    EXPECT_EQ(process.unit, "a.service");
    put("cgroup", "0::/init.scope\n");
    ASSERT_TRUE(read_process(proc, process));
    EXPECT_EQ(process.unit, "");
    put("cmdline", "");
    EXPECT_FALSE(read_process(proc, process)) << "a zombie";
    EXPECT_FALSE(read_process(root() / "8", process)) << "ended";
}

}  // namespace
}  // namespace dba
