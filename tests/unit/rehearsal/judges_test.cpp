#include "rehearsal/judges.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "rehearsal/piuparts.hpp"
#include "support/fakes.hpp"

namespace dba::rehearsal {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

// The judges and what they are called with; cp and apt-get do as the real ones where the code
// looks.
class FakeJudges final : public ProcessRunner {
 public:
    std::map<std::string, Completed> said;  // by program; of piuparts, by run: piuparts1, ...
    std::vector<std::vector<std::string>> asked;
    std::string contents = "-rw-r--r-- root/root 1 2026-01-01 00:00 ./opt/x\n";
    std::vector<std::string> indices;  // the repository's, at each run of piuparts
    int apt_status = 0;
    int runs = 0;

    Result<Completed> run(const Command& command) override {
        const auto& argv = command.argv;
        asked.push_back(argv);
        paths.push_back(command.environment.at("PATH"));
        if (argv[0] == "cp") return copy(argv[4]);
        if (argv[0] == "chroot") return download(argv[1]);
        if (argv[0] == "dpkg-deb") return look(argv);
        if (argv[0] == "setpriv") return piuparts(argv);
        if (argv.back() == "--version" && said.contains(argv[0])) return Completed{};
        if (const auto it = said.find(argv[0]); it != said.end()) return it->second;
        return system_error(argv[0], "not found");
    }
    std::vector<std::string> paths;

 private:
    static Result<Completed> copy(const std::string& system) {
        TRY(make_directories(fs::path(system) / "etc/apt/sources.list.d"));
        TRY(make_directories(fs::path(system) / "var/tmp"));
        return Completed{};
    }
    Result<Completed> download(const fs::path& system) const {
        if (apt_status != 0)
            return Completed{apt_status, "Reading\n", "E: Unable to correct problems\n"};
        TRY(write_file(system / "var/cache/apt/archives/needed_1_all.deb", "needed"));
        return Completed{};
    }
    [[nodiscard]] Result<Completed> look(const std::vector<std::string>& argv) const {
        if (argv[1] == "--contents") return Completed{0, contents, ""};
        if (argv.size() == 4) return Completed{0, "1.0-1\n", ""};
        return Completed{0, fmt::format("Package: {}\n", fs::path(argv[2]).stem().string()), ""};
    }
    Result<Completed> piuparts(const std::vector<std::string>& argv) {
        const auto system = std::find(argv.begin(), argv.end(), "--existing-chroot") + 1;
        TRY_ASSIGN(std::string index,
                   read_file(*system + std::string(repository_inside) + "/Packages"));
        indices.push_back(index);
        return said.at(fmt::format("piuparts{}", ++runs));
    }
};

constexpr const char* started = "0m0.0s INFO: piuparts version 1.1.7 starting up.\n";
constexpr const char* installed = "0m20.0s INFO: PASS: Installation and purging test.\n";
constexpr const char* upgraded = "0m45.5s INFO: PASS: Installation, upgrade and purging tests.\n";

class Judges : public ::testing::Test {
 protected:
    Judges() {
        inputs_.deb = directory_.write("new/hello_2.0_amd64.deb", "new");
        inputs_.older = {directory_.write("hello_1.0_amd64.deb", "old")};
        inputs_.suite = "bookworm";
        inputs_.root = directory_.path() / "root";
        inputs_.scratch = directory_.path() / "scratch";
        inputs_.environment = {{"PATH", "/usr/local/bin"}};
        EXPECT_TRUE(make_directories(inputs_.scratch));
    }
    std::vector<RehearsalRow> rows() {
        auto judged = judge(inputs_, judges_, log_);
        EXPECT_TRUE(judged) << judged.error().subject << ": " << judged.error().cause;
        return judged.value_or(std::vector<RehearsalRow>{});
    }
    // "act|done|seen" and the outcome, of each.
    std::vector<std::string> told() {
        std::vector<std::string> out;
        for (const RehearsalRow& row : rows())
            out.push_back(fmt::format("{}|{}|{}|{}", row.act, row.done, row.seen,
                                      row.outcome == Outcome::ok       ? "ok"
                                      : row.outcome == Outcome::failed ? "failed"
                                                                       : "left out"));
        return out;
    }
    void piuparts_says(const std::vector<std::string>& logs, int status = 0) {
        judges_.said["piuparts"] = {};
        for (std::size_t i = 0; i < logs.size(); ++i)
            judges_.said[fmt::format("piuparts{}", i + 1)] = {status, logs[i], ""};
    }
    [[nodiscard]] std::string scratch(const std::string& below) const {
        return inputs_.scratch / below;
    }
    dba::testing::TemporaryDirectory directory_;
    dba::testing::QuietLog log_;
    FakeJudges judges_;
    JudgeInputs inputs_;
};

TEST_F(Judges, WhatIsNotInstalledIsLeftOut) {
    EXPECT_THAT(
        told(),
        ElementsAre(
            "lintian|hello_2.0_amd64.deb|not installed, left out|left out",
            "piuparts|install, upgrade, remove and purge|not installed, left out|left out"));
    EXPECT_THAT(judges_.asked, ElementsAre(ElementsAre("lintian", "--version"),
                                           ElementsAre("piuparts", "--version")));
    // piuparts is in /usr/sbin, which is in no user's PATH.
    EXPECT_EQ(judges_.paths.front(), "/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
}

TEST_F(Judges, LintianWithoutErrors) {
    judges_.said["lintian"] = {0, "W: hello: no-manual-page [x]\nO: hello: a\nO: hello: b\n", ""};
    EXPECT_EQ(told().front(),
              "lintian|hello_2.0_amd64.deb|no error; 1 warning (no-manual-page), 2 overridden|ok");
    EXPECT_THAT(judges_.asked[1],
                ElementsAre("lintian", "--allow-root", "--show-overrides", "--color", "never",
                            "--fail-on", "none", "--tag-display-limit", "0", inputs_.deb));
}

TEST_F(Judges, LintianWithErrors) {
    judges_.said["lintian"] = {
        0, "E: hello: bad-thing [x]\nW: hello: w\nE: hello: bad-thing [y]\nE: hello: worse\n", ""};
    const RehearsalRow row = rows().front();
    EXPECT_EQ(row.outcome, Outcome::failed);
    EXPECT_EQ(row.seen, "3 errors: bad-thing, worse; 1 warning (w), 0 overridden");
    EXPECT_EQ(row.evidence, "E: bad-thing [x]\nE: bad-thing [y]\nE: worse");
    EXPECT_EQ(row.look, "lintian " + inputs_.deb.string());
}

TEST_F(Judges, LintianThatBreaksDown) {
    judges_.said["lintian"] = {1, "", "cannot unpack\n"};
    const RehearsalRow row = rows().front();
    EXPECT_EQ(row.outcome, Outcome::failed);
    EXPECT_EQ(row.seen, "it ended with status 1");
    EXPECT_EQ(row.evidence, "cannot unpack");
}

TEST_F(Judges, PiupartsInASystemThatAsksNoMirror) {
    piuparts_says({std::string(started) + installed + upgraded});
    const auto rows = this->rows();
    ASSERT_THAT(rows, SizeIs(3));
    EXPECT_EQ(rows[1].done, "install, remove and purge");
    EXPECT_EQ(rows[1].seen, "no fault");
    EXPECT_DOUBLE_EQ(rows[1].seconds, 20.0);
    EXPECT_EQ(rows[2].done, "upgrade from 1.0-1, remove and purge");
    EXPECT_EQ(rows[2].outcome, Outcome::ok);
    EXPECT_DOUBLE_EQ(rows[2].seconds, 25.5);

    EXPECT_THAT(
        judges_.asked.back(),
        ElementsAre("setpriv", "--pdeathsig", "KILL", "unshare", "--mount", "--propagation",
                    "private", "--pid", "--fork", "--kill-child", "--mount-proc", "piuparts",
                    "--existing-chroot", scratch("system"), "--distribution", "bookworm",
                    "--keep-sources-list", "--no-eatmydata", "--ignore",
                    "/var/cache/debconf/tmp.ci/", "--tmpdir", scratch("piuparts"), inputs_.deb));
    EXPECT_EQ(*read_file(scratch("system/etc/apt/sources.list")),
              "deb [trusted=yes] file:/var/lib/deb-build-app-rehearsal ./\n");
    EXPECT_FALSE(fs::exists(scratch("system/etc/apt/sources.list.d")));
    EXPECT_EQ(judges_.indices.front(),
              "Package: needed_1_all\nFilename: ./needed_1_all.deb\nSize: 6\nSHA256: "
              "c0cea2dd285281f7893d49fb1f28644d36777194b1c4655dbeb3b49944daa04f\n\n"
              "Package: older\nFilename: ./older.deb\nSize: 3\nSHA256: "
              "cba06b5736faf67e54b07b561eae94395e774c517a7d910a54369e1263ccfbd4\n\n");
    EXPECT_FALSE(fs::exists(scratch("piuparts")));
}

TEST_F(Judges, NothingIsDownloadedTwice) {
    inputs_.archives = directory_.write("cache/other_1_all.deb", "other").parent_path();
    piuparts_says({std::string(started) + installed + upgraded});
    EXPECT_THAT(rows(), SizeIs(3));
    EXPECT_THAT(judges_.indices.front(), HasSubstr("Filename: ./other_1_all.deb\n"));
    EXPECT_TRUE(fs::exists(directory_.path() / "cache/other_1_all.deb"));
}

TEST_F(Judges, EachOlderVersionIsUpgradedFrom) {
    inputs_.older.push_back(directory_.write("hello_1.5_amd64.deb", "older"));
    piuparts_says({std::string(started) + installed + upgraded, std::string(started) + upgraded});
    EXPECT_THAT(rows(), SizeIs(4));
    EXPECT_THAT(judges_.asked.back(), ::testing::Contains("--no-install-purge-test"));
    EXPECT_THAT(judges_.indices[1], HasSubstr("Size: 5\n"));
    EXPECT_THAT(judges_.indices[1], Not(HasSubstr("Size: 3\n")));
}

TEST_F(Judges, WithoutAnOlderVersionThereIsNoUpgrade) {
    inputs_.older.clear();
    piuparts_says({std::string(started) + installed});
    EXPECT_THAT(rows(), SizeIs(2));
    EXPECT_THAT(judges_.asked.back(), ::testing::Contains("--no-upgrade-test"));
}

TEST_F(Judges, LogrotateIsThereForWhoRotates) {
    piuparts_says({std::string(started) + installed + upgraded});
    judges_.contents = "-rw-r--r-- root/root 1 2026-01-01 00:00 ./etc/logrotate.d/x\n";
    EXPECT_THAT(rows(), SizeIs(3));
    const auto apt = std::find_if(judges_.asked.begin(), judges_.asked.end(),
                                  [](const auto& argv) { return argv[0] == "chroot"; });
    EXPECT_EQ(apt->back(), "logrotate");
}

TEST_F(Judges, WhatPiupartsFinds) {
    piuparts_says(
        {std::string(started) + "0m20.0s ERROR: FAIL: Package purging left files on system:\n"
                                "  /etc/left\t owned by: hello\n"
                                "  /var/left\t not owned\n\n"
                                "0m20.1s ERROR: FAIL: Installation and purging test.\n"
                                "0m20.2s ERROR: piuparts run ends.\n"},
        1);
    const auto rows = this->rows();
    ASSERT_THAT(rows, SizeIs(3));
    EXPECT_EQ(rows[1].outcome, Outcome::failed);
    EXPECT_EQ(rows[1].seen,
              "Package purging left files on system: /etc/left\n"
              "Package purging left files on system: /var/left");
    EXPECT_THAT(rows[1].evidence, HasSubstr("  /etc/left\t owned by: hello\n"));
    EXPECT_EQ(rows[1].look, "piuparts --distribution bookworm " + inputs_.deb.string());
    EXPECT_EQ(rows[2].outcome, Outcome::left_out);
    EXPECT_EQ(rows[2].seen, "not played: it ended with the installation");
}

TEST_F(Judges, AnUpgradeThatFails) {
    piuparts_says({std::string(started) + installed +
                   "0m30.0s ERROR: Command failed (status=100): ['chroot', '/x', 'apt-get', "
                   "'install', './tmp/a.deb']\n  E: postinst\n"
                   "0m30.0s ERROR: piuparts run ends.\n"},
                  1);
    const auto rows = this->rows();
    ASSERT_THAT(rows, SizeIs(3));
    EXPECT_EQ(rows[1].outcome, Outcome::ok);
    EXPECT_EQ(rows[2].outcome, Outcome::failed);
    EXPECT_EQ(rows[2].seen, "apt-get install ./tmp/a.deb failed (status 100)");
    EXPECT_THAT(rows[2].evidence, HasSubstr("  E: postinst"));
}

TEST_F(Judges, AnUpgradeThatPiupartsSkipsHasNotPassed) {
    piuparts_says({std::string(started) + installed +
                   "0m21.0s INFO: Can't test upgrade: packages not known by apt-get.\n"});
    EXPECT_THAT(told().back(),
                "piuparts|upgrade from 1.0-1, remove and purge|it did not find the older version|"
                "failed");
}

TEST_F(Judges, DependenciesThatAreNotToBeHad) {
    piuparts_says({});
    judges_.apt_status = 100;
    const auto rows = this->rows();
    ASSERT_THAT(rows, SizeIs(2));
    EXPECT_EQ(rows[1].outcome, Outcome::failed);
    EXPECT_EQ(rows[1].done, "download what hello_1.0_amd64.deb depends on");
    EXPECT_EQ(rows[1].expected, "all is to be had in bookworm");
    EXPECT_EQ(rows[1].seen, "apt-get ended with status 100");
    EXPECT_EQ(rows[1].evidence, "Reading\nE: Unable to correct problems");
    EXPECT_EQ(rows[1].look,
              "apt-get --simulate install " + (directory_.path() / "hello_1.0_amd64.deb").string());
}

TEST_F(Judges, PiupartsThatDoesNotStartIsTheSystemsFault) {
    piuparts_says({"You need to be root to use piuparts.\n"}, 1);
    const auto judged = judge(inputs_, judges_, log_);
    ASSERT_FALSE(judged);
    EXPECT_EQ(judged.error().code, ExitCode::system);
    EXPECT_EQ(judged.error().subject, "piuparts");
    EXPECT_EQ(judged.error().cause, "did not start:\nYou need to be root to use piuparts.");
    EXPECT_EQ(judged.error().hint, "it needs root, and the right to mount");
}

}  // namespace
}  // namespace dba::rehearsal
