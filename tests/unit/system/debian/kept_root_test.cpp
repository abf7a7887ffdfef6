#include "system/debian/kept_root.hpp"

#include <gmock/gmock.h>
#include <unistd.h>

#include "support/fakes.hpp"
#include "support/temporary.hpp"

namespace dba {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::StartsWith;

// mmdebstrap and tar as far as they are asked.
class RootTools final : public ProcessRunner {
 public:
    std::vector<std::string> calls;
    std::vector<Completed> answers;  // of mmdebstrap, in order; then all goes well
    std::string places;              // TMPDIR of each, and whether it was there
    Result<Completed> run(const Command& command) override {
        calls.push_back(quote_command(command.argv));
        if (command.argv[0] == "tar") {
            const fs::path tree = command.argv[5];
            EXPECT_TRUE(make_directories(tree / "var/lib/dpkg"));
            EXPECT_TRUE(make_directories(tree / "var/lib/apt/lists"));
            EXPECT_TRUE(write_file(tree / "var/lib/apt/lists/mirror_InRelease", "one"));
            EXPECT_TRUE(write_file(tree / "var/lib/apt/lists/mirror_Packages", "two"));
            EXPECT_TRUE(write_file(tree / "var/lib/dpkg/status",
                                   "Package: dpkg\nStatus: install ok installed\nVersion: 1\n"
                                   "Architecture: riscv64\n\n"));
            return Completed{};
        }
        EXPECT_TRUE(fs::is_directory(command.environment.at("TMPDIR")));
        EXPECT_EQ(fs::status(command.environment.at("TMPDIR")).permissions(), fs::perms(0755));
        if (!answers.empty()) {
            const Completed answer = answers.front();
            answers.erase(answers.begin());
            if (answer.status != 0) return answer;
        }
        for (const std::string& word : command.argv)
            if (word.ends_with("/archive.tar")) {
                EXPECT_TRUE(write_file(word, "archive"));
            }
        return Completed{};
    }
};

class KeptRootTest : public Temporary {
 protected:
    void SetUp() override {
        Temporary::SetUp();
        cache_ = root() / "roots";
        ASSERT_TRUE(make_directories(cache_));
    }
    Result<KeptRoot> open(const RootRequest& request, long long age = 0) {
        return open_root(request, {cache_, age, "suite"}, environment_, tools_, log_);
    }
    std::vector<std::string> names() const {
        std::vector<std::string> out;
        for (const fs::path& path : paths_in(cache_)) out.push_back(path.filename().string());
        return out;
    }
    // As if it had been made that many seconds ago.
    static void make_older(const KeptRoot& kept, long long seconds) {
        auto text = read_file(kept.note).value_or("");
        const auto at = text.find("\"made\": ") + 8;
        const auto end = text.find_first_of(",\n", at);
        const long long made = std::stoll(text.substr(at, end - at)) - seconds;
        ASSERT_TRUE(write_file(kept.note, text.replace(at, end - at, std::to_string(made))));
    }

    fs::path cache_;
    Environment environment_{{"PATH", "/usr/bin:/bin"}};
    RootTools tools_;
    testing::QuietLog log_;
    RootRequest trixie_{"trixie", {"git", "python3"}, {}};
};

TEST_F(KeptRootTest, IsAddressedByAllThatItWasAskedToBe) {
    std::string first;
    {
        const auto made = open(trixie_);
        ASSERT_TRUE(made) << made.error().cause;
        EXPECT_TRUE(made->made);
        first = made->directory.filename().string();
        EXPECT_THAT(first, StartsWith("trixie-"));
        EXPECT_EQ(made->tree, made->directory / "tree");
    }
    EXPECT_THAT(names(), ElementsAre(first, first + ".lock"));
    EXPECT_FALSE(open(trixie_)->made);
    EXPECT_NE(open({"trixie", {"python3"}, {}})->directory.filename(), first);
    EXPECT_NE(open({"bookworm", trixie_.packages, {}})->directory.filename(), first);

    const auto notes = kept_roots(cache_);
    ASSERT_EQ(notes.size(), 3U);
    const auto note = std::find_if(notes.begin(), notes.end(),
                                   [&](const RootNote& one) { return one.name == first; });
    ASSERT_NE(note, notes.end());
    EXPECT_EQ(note->suite, "trixie");
    EXPECT_EQ(note->architecture, "riscv64");
    EXPECT_EQ(note->bytes, 7);
    EXPECT_THAT(note->packages, ElementsAre("git", "python3"));
    EXPECT_THAT(note->releases,
                ElementsAre("7692c3ad3540bb803c020b3aee66cd8887123234ea0c6e7143c0add73ff431ed"));
}

TEST_F(KeptRootTest, AnotherMachinesRootIsUnpacked) {
    const RootRequest request{"trixie", {"python3"}, {"libpq-dev | libpq5"}, "arm64"};
    {
        const auto made = open(request);
        ASSERT_TRUE(made) << made.error().cause;
    }
    ASSERT_EQ(tools_.calls.size(), 2U);  // not of another root
    for (const char* words :
         {"--variant=extract", "--architectures=arm64", "'--include=?essential'",
          "'--include=?priority(required)'", "--include=apt", "--include=python3", "merged.sh",
          "unpacked.sh", "libpq-dev | libpq5", " trixie "})
        EXPECT_THAT(tools_.calls[0], HasSubstr(words));
    const auto notes = kept_roots(cache_);
    ASSERT_EQ(notes.size(), 1U);
    EXPECT_EQ(notes[0].asked_architecture, "arm64");
}

TEST_F(KeptRootTest, OneOfOtherMirrorsIsAnother) {
    const std::string line = "deb [signed-by=/k/x.gpg] http://127.0.0.1:8000/debian trixie main";
    RootRequest own = trixie_;
    own.mirrors = {line, "deb http://127.0.0.1:8000/debian trixie-updates main"};
    {
        const auto plain = open(trixie_);
        ASSERT_TRUE(plain);
        tools_.calls.clear();
        log_.lines.clear();
        const auto made = open(own);
        ASSERT_TRUE(made) << made.error().cause;
        EXPECT_NE(made->directory, plain->directory);
    }
    EXPECT_FALSE(open(own)->made);
    EXPECT_THAT(log_.lines, ElementsAre("suite: making a root of trixie with mmdebstrap, from " +
                                        own.mirrors[0] + ", " + own.mirrors[1]));
    EXPECT_THAT(tools_.calls[0],
                ::testing::AllOf(
                    HasSubstr("'--setup-hook=mkdir -p \"$1\"/k' "
                              "'--setup-hook=upload /k/x.gpg /k/x.gpg'"),
                    ::testing::EndsWith("/archive.tar '" + line + "' '" + own.mirrors[1] + "'")));
    for (const RootNote& note : kept_roots(cache_))
        EXPECT_EQ(request_of(note).mirrors,
                  note.mirrors ? own.mirrors : std::vector<std::string>());

    // BUILD_DEPENDS go into a copy of that one, and nothing is asked of a mirror again.
    own.relations = {"gcc"};
    tools_.calls.clear();
    ASSERT_TRUE(open(own));
    EXPECT_THAT(tools_.calls[0], ::testing::AllOf(HasSubstr("--variant=custom"),
                                                  ::testing::EndsWith("/archive.tar ''")));

    tools_.answers = {{25, "", "E: The repository 'x' does not have a Release file.\n"}};
    own.mirrors.pop_back();
    const auto failed = open(own);
    ASSERT_FALSE(failed);
    if (::geteuid() == 0) {
        EXPECT_EQ(failed.error().hint,
                  "the mirror that SUITE_MIRROR names has not what the line for trixie says: URL, "
                  "suite and components are those of sources.list(5)");
    }
}

TEST_F(KeptRootTest, BuildDependenciesGoIntoACopy) {
    const auto made = open({"trixie", {"python3"}, {"gcc | clang", "libldap-dev (>= 2)"}});
    ASSERT_TRUE(made) << made.error().cause;
    ASSERT_EQ(tools_.calls.size(), 4U);  // mmdebstrap and tar, twice
    EXPECT_THAT(tools_.calls[0], HasSubstr("--variant=minbase"));
    EXPECT_THAT(tools_.calls[2], HasSubstr("--variant=custom"));
    EXPECT_THAT(tools_.calls[2], HasSubstr("/archive.tar /"));
    EXPECT_THAT(tools_.calls[2], HasSubstr("satisfy"));
    EXPECT_THAT(tools_.calls[2], HasSubstr("gcc | clang, libldap-dev (>= 2)"));
    EXPECT_FALSE(open({"trixie", {"python3"}, {"gcc | clang", "libldap-dev (>= 2)"}})->made);
    EXPECT_EQ(tools_.calls.size(), 4U);
}

TEST_F(KeptRootTest, WhatAKilledMakerLeftIsNoRoot) {
    fs::path directory;
    {
        const auto made = open(trixie_);
        ASSERT_TRUE(made);
        directory = made->directory;
    }
    ASSERT_TRUE(remove_tree(directory));
    ASSERT_TRUE(make_directories(directory / "tree/etc"));  // without made.json
    const fs::path fresh = directory.string() + "-new.dba-tmp-0123456789abcdef";
    ASSERT_TRUE(make_directories(fresh / "tree"));
    const fs::path big = root() / "elsewhere";
    ASSERT_TRUE(make_directories(big / "mmdebstrap.x"));
    ASSERT_TRUE(write_file(directory.string() + ".making", big.string()));
    const auto made = open(trixie_);
    ASSERT_TRUE(made) << made.error().cause;
    EXPECT_TRUE(made->made);
    EXPECT_FALSE(fs::exists(fresh));
    EXPECT_FALSE(fs::exists(big));
    EXPECT_FALSE(fs::exists(directory.string() + ".making"));
}

TEST_F(KeptRootTest, AFailureLeavesNothingAndSaysWhatToDo) {
    tools_.answers = {{25, "",
                       "E: The repository 'x nosuch Release' does not have a Release file.\n"
                       "E: mmdebstrap failed to run\n"}};
    const auto failed = open({"nosuch", {}, {}});
    ASSERT_FALSE(failed);
    EXPECT_EQ(failed.error().code, ExitCode::system);
    EXPECT_EQ(failed.error().subject, "a root of nosuch");
    EXPECT_EQ(
        failed.error().cause,
        "mmdebstrap cannot make it; its last lines:\nE: The repository 'x nosuch Release' does "
        "not have a Release file.\nE: mmdebstrap failed to run");
    if (::geteuid() == 0) {  // a user may lack newuidmap here
        EXPECT_EQ(failed.error().hint,
                  "is there a suite nosuch? It is named by its codename, such as trixie, and this "
                  "machine's mirrors must have it; another mirror is named by SUITE_MIRROR nosuch "
                  "\"deb http://… nosuch main\"");
    }
    ASSERT_EQ(names().size(), 1U);
    EXPECT_THAT(names()[0], ::testing::EndsWith(".lock"));
}

TEST_F(KeptRootTest, AnExpiredReleaseIsTakenWithAWarning) {
    tools_.answers = {{25, "", "E: Release file for http://x is expired (invalid since 3d).\n"}};
    const auto made = open(trixie_);
    ASSERT_TRUE(made) << made.error().cause;
    EXPECT_THAT(tools_.calls[1], HasSubstr("'--aptopt=Acquire::Check-Valid-Until \"false\"'"));
    EXPECT_THAT(log_.lines,
                ElementsAre("suite: making a root of trixie with mmdebstrap",
                            "warning: suite: the mirror's Release file of trixie is out "
                            "of date: taking it nevertheless"));
}

TEST_F(KeptRootTest, AnOldRootIsMadeAnewOrStaysWithAWarning) {
    constexpr long long day = 24LL * 3600;
    {
        const auto made = open(trixie_);
        ASSERT_TRUE(made);
        make_older(*made, 40 * day);
    }
    EXPECT_FALSE(open(trixie_)->made);
    tools_.answers = {{25, "", "E: Could not resolve 'deb.debian.org'\n"}};
    log_.lines.clear();
    {
        const auto kept = open(trixie_, 30 * day);
        ASSERT_TRUE(kept) << kept.error().cause;
        EXPECT_FALSE(kept->made);
        EXPECT_GE(kept->age, 40 * day);
    }
    EXPECT_THAT(log_.lines.back(),
                StartsWith("warning: suite: the root of trixie is 40 days old, and no other can be "
                           "made: mmdebstrap cannot make it"));
    const auto fresh = open(trixie_, 30 * day);
    ASSERT_TRUE(fresh);
    EXPECT_TRUE(fresh->made);
    EXPECT_LT(fresh->age, 60);
}

TEST_F(KeptRootTest, RefreshAndPrune) {
    (void)open(trixie_);
    EXPECT_TRUE(refresh_root(trixie_, {cache_, 0, "roots"}, environment_, tools_, log_)->made);
    {
        const auto used = open(trixie_);
        ASSERT_TRUE(used);
        EXPECT_THAT(*prune_roots(cache_, 0, environment_, tools_), ElementsAre());  // in use
    }
    EXPECT_THAT(*prune_roots(cache_, 3600, environment_, tools_), ElementsAre());
    EXPECT_EQ(prune_roots(cache_, 0, environment_, tools_)->size(), 1U);
    EXPECT_THAT(kept_roots(cache_), ::testing::IsEmpty());
}

}  // namespace
}  // namespace dba
