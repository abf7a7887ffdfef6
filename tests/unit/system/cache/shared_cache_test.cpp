#include "system/cache/shared_cache.hpp"

#include <gmock/gmock.h>
#include <sys/mount.h>

#include <chrono>
#include <fstream>

#include "support/fakes.hpp"
#include "support/http_server.hpp"
#include "support/own_environment.hpp"
#include "system/files/digest.hpp"

namespace dba {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class SharedCacheTest : public testing::OwnEnvironment {
 protected:
    void SetUp() override {
        OwnEnvironment::SetUp();
        for (const char* name : {"http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"}) unset(name);
        settings.directory = root() / "cache";
    }

    struct Build {
        RecordingLog log;
        SharedCache cache;
        Store store;
        Build(const fs::path& work, const CacheSettings& settings, Log& to)
            : log(to),
              cache(
                  settings, to,
                  settings.url.empty() ? nullptr : std::make_unique<RemoteCache>(settings.url, 1)),
              store(work, "program") {
            store.share_with(cache, log);
            EXPECT_TRUE(store.open());
        }
    };

    // A build in a work directory of its own; what it made, and how often.
    struct Outcome {
        std::string bytes;
        int made = 0;
        std::vector<std::string> said;
    };
    Outcome build(const std::string& work, Sharing sharing = Sharing::anywhere,
                  bool passes = true) {
        testing::QuietLog quiet;
        Outcome outcome;
        {
            Build one(root() / work, settings, quiet);
            Receipt receipt{"step", 1, {{"input", "a"}}};
            receipt.share(sharing);
            const auto made = one.store.obtain(receipt, [&](const fs::path& fresh) -> Result<void> {
                one.log.warning("step", "odd");
                return write_file(fresh / "file", "bytes");
            });
            EXPECT_TRUE(made) << made.error().cause;
            if (made) outcome.bytes = read_file(*made / "file").value();
            outcome.made = one.store.made();
            if (passes) one.store.give_shared();
        }
        outcome.said = quiet.lines;
        return outcome;
    }
    std::vector<fs::path> entries() { return paths_in(settings.directory / "entries/step"); }
    std::string taken() {
        return "cache: 1 of the build's parts were taken from " + settings.directory.string();
    }

    CacheSettings settings;
};

TEST_F(SharedCacheTest, AnotherWorkDirectoryTakesWhatTheFirstHasMade) {
    const Outcome first = build("one");
    EXPECT_EQ(first.made, 1);
    EXPECT_THAT(first.said, ElementsAre("warning: step: odd"));
    EXPECT_EQ(entries().size(), 1U);
    const Outcome second = build("two");
    EXPECT_EQ(second.bytes, "bytes");
    EXPECT_EQ(second.made, 0);
    EXPECT_THAT(second.said, ElementsAre("warning: step: odd", taken()))
        << "what was warned of is said again";
    EXPECT_EQ(read_file(paths_in(root() / "one/step")[1]).value(),
              read_file(paths_in(root() / "two/step")[1]).value())
        << "its receipt comes with it";
}

TEST_F(SharedCacheTest, WhatIsNotToBeSharedIsNot) {
    EXPECT_EQ(build("one", Sharing::none).made, 1);
    EXPECT_EQ(build("two", Sharing::none).made, 1);
    EXPECT_THAT(entries(), IsEmpty());
}

TEST_F(SharedCacheTest, HowFarItGoesIsPartOfTheName) {
    EXPECT_EQ(build("one", Sharing::anywhere).made, 1);
    EXPECT_EQ(build("two", Sharing::machine).made, 1);
    EXPECT_EQ(build("three", Sharing::machine).made, 0);
}

TEST_F(SharedCacheTest, OnlyABuildThatPassedGives) {
    EXPECT_EQ(build("one", Sharing::anywhere, false).made, 1);
    EXPECT_THAT(entries(), IsEmpty());
    EXPECT_EQ(build("one").made, 0);
    EXPECT_EQ(entries().size(), 1U) << "what an earlier run has made counts";
}

TEST_F(SharedCacheTest, WhatWasPrunedIsNotGivenAgainByTheSameWorkDirectory) {
    build("one");
    EXPECT_EQ(prune_cache(settings.directory, 0, 0).entries, 1U);
    EXPECT_EQ(build("one").made, 0);
    EXPECT_THAT(entries(), IsEmpty());
    EXPECT_EQ(build("two").made, 1);
    EXPECT_EQ(entries().size(), 1U);
}

TEST_F(SharedCacheTest, IsKeptBelowItsLimit) {
    settings.max_size = 100;
    build("one");
    EXPECT_THAT(entries(), IsEmpty());
}

TEST_F(SharedCacheTest, ALargeOneForThisMachineIsSoonerMadeAgain) {
    testing::QuietLog quiet;
    Build one(root() / "one", settings, quiet);
    for (const auto& [input, sharing] :
         {std::pair("a", Sharing::machine), std::pair("b", Sharing::anywhere)}) {
        Receipt receipt{"step", 1, {{"input", input}}};
        receipt.share(sharing);
        ASSERT_TRUE(one.store.obtain(receipt, [&](const fs::path& fresh) -> Result<void> {
            std::ofstream(fresh / "file") << "x";
            std::error_code failed;
            fs::resize_file(fresh / "file", (64U << 20U) + 1, failed);
            return {};
        }));
    }
    one.store.give_shared();
    EXPECT_EQ(entries().size(), 1U);
}

TEST_F(SharedCacheTest, ADamagedEntryIsDroppedAndMadeAgain) {
    build("one");
    const fs::path entry = entries().front();
    std::string bytes = read_file(entry).value();
    bytes[bytes.size() / 2] ^= 1;
    ASSERT_TRUE(write_file(entry, bytes));
    const Outcome second = build("two");
    EXPECT_EQ(second.bytes, "bytes");
    EXPECT_EQ(second.made, 1);
    EXPECT_THAT(second.said,
                ElementsAre("warning: cache: " + entry.string() +
                                " is damaged: its digest is another; dropped, and made again",
                            "warning: step: odd"));
    EXPECT_EQ(build("three").made, 0) << "and given again";
}

TEST_F(SharedCacheTest, ADirectoryThatCannotBeUsedCostsOneWarning) {
    ASSERT_TRUE(make_directories(settings.directory));
    ASSERT_TRUE(set_mode(settings.directory, 0777));
    const Outcome one = build("one");
    EXPECT_EQ(one.made, 1);
    EXPECT_THAT(one.said,
                ElementsAre("warning: cache: " + settings.directory.string() +
                                " may be written to by everybody, and is not used (give it to the "
                                "users who share it, by a group: chmod o-w,g+ws)",
                            "warning: step: odd"));
}

TEST_F(SharedCacheTest, AFullDiskCostsOneWarning) {
    ASSERT_TRUE(make_directories(settings.directory));
    if (::mount("tmpfs", settings.directory.c_str(), "tmpfs", 0, "size=16k,mode=700") != 0)
        GTEST_SKIP() << "only root can mount";
    {
        std::ofstream fill(settings.directory / "fill");
        fill << std::string(16'384, 'x');
    }
    const Outcome one = build("one");
    ::umount(settings.directory.c_str());
    EXPECT_EQ(one.bytes, "bytes");
    EXPECT_EQ(one.made, 1);
    ASSERT_EQ(one.said.size(), 2U);
    EXPECT_THAT(one.said[0], ::testing::AnyOf(HasSubstr("No space left"), "warning: step: odd"));
}

TEST_F(SharedCacheTest, AServerIsReadAndWritten) {
    testing::HttpServer server;
    settings.url = server.url();
    build("one");
    EXPECT_THAT(server.kept(), IsEmpty()) << "unless it is asked to, a build writes nothing";
    settings.push = true;
    build("one");
    const auto kept = server.kept();
    ASSERT_EQ(kept.size(), 2U);
    EXPECT_THAT(kept.begin()->first, ::testing::MatchesRegex("/ac/[0-9a-f]{64}"));
    EXPECT_THAT(kept.rbegin()->first, ::testing::MatchesRegex("/cas/[0-9a-f]{64}"));
    EXPECT_EQ(kept.rbegin()->second, read_file(entries().front()).value());
    // A machine that keeps nothing.
    ASSERT_TRUE(remove_tree(settings.directory));
    const Outcome elsewhere = build("two");
    EXPECT_EQ(elsewhere.made, 0);
    EXPECT_EQ(elsewhere.bytes, "bytes");
    EXPECT_EQ(entries().size(), 1U) << "it is in the directory, too";
}

TEST_F(SharedCacheTest, WhatWasMadeForThisMachineDoesNotGoOut) {
    testing::HttpServer server;
    settings.url = server.url();
    settings.push = true;
    build("one", Sharing::machine);
    EXPECT_EQ(server.requests, 0);
    ASSERT_TRUE(remove_tree(settings.directory));
    build("two", Sharing::machine);
    EXPECT_EQ(server.requests, 0);
}

TEST_F(SharedCacheTest, CredentialsComeFromNetrc) {
    testing::HttpServer server;
    settings.url = server.url();
    put("netrc", "machine 127.0.0.1 login ci password secret\n", 0600);
    set("NETRC", (root() / "netrc").string());
    EXPECT_EQ(build("one").made, 1);
    EXPECT_EQ(server.authorization(), "Basic Y2k6c2VjcmV0");
}

class ServerThatLies : public SharedCacheTest {
 protected:
    void SetUp() override {
        SharedCacheTest::SetUp();
        settings.url = server.url();
        settings.push = true;
        build("one");
        ASSERT_EQ(server.kept().size(), 2U);
        ASSERT_TRUE(remove_tree(settings.directory));
        settings.push = false;
    }
    // Builds elsewhere, which gets nothing, and the one warning.
    std::string warning_of(const std::string& work) {
        const Outcome outcome = build(work);
        EXPECT_EQ(outcome.bytes, "bytes");
        EXPECT_EQ(outcome.made, 1);
        EXPECT_EQ(outcome.said.size(), 2U);
        EXPECT_TRUE(remove_tree(settings.directory));
        return outcome.said.empty() ? "" : outcome.said.front();
    }
    std::string expected(const std::string& cause) {
        return "warning: cache: " + server.url() + " " + cause + "; this build goes on without it";
    }
    testing::HttpServer server;
};

TEST_F(ServerThatLies, CostsOneWarningAndNoBuild) {
    const auto is_entry = [](const std::string& path) { return path.starts_with("/cas/"); };
    server.answer_with([&](const std::string& path, const std::string& kept) {
        return is_entry(path) ? std::string(kept.size(), 'x') : kept;
    });
    EXPECT_EQ(warning_of("two"), expected("sent an entry that is another than it said"));
    server.answer_with([&](const std::string& path, const std::string& kept) {
        return is_entry(path) ? kept + "x" : kept;
    });
    EXPECT_EQ(warning_of("three"), expected("sends more than it said"));
    server.answer_with(
        [](const std::string& /*path*/, const std::string& /*kept*/) { return "a page"; });
    EXPECT_EQ(warning_of("four"), expected("says nothing of an entry that can be understood"));
    server.answer_with([&](const std::string& path, const std::string& kept) {
        return is_entry(path) ? kept : kept.substr(0, 64) + " 99999999999999\n";
    });
    EXPECT_EQ(warning_of("five"), expected("has an entry larger than the whole cache"));
}

TEST_F(ServerThatLies, AnotherEntryUnderThisNameIsDropped) {
    // What it says of the entry is true; it is only none of this name.
    const std::string other = "deb-build-app cache entry 1 2\n{}" + std::string(100, ' ');
    const std::string whole = other + sha256_hex(other) + "\n";
    const std::string note = sha256_hex(whole) + " " + std::to_string(whole.size()) + "\n";
    server.keep("/cas/" + sha256_hex(whole), whole);
    server.answer_with([&](const std::string& path, const std::string& kept) {
        return path.starts_with("/ac/") ? note : kept;
    });
    const Outcome two = build("two");
    EXPECT_EQ(two.made, 1);
    ASSERT_EQ(two.said.size(), 3U);
    EXPECT_THAT(two.said[0],
                ::testing::AllOf(HasSubstr("is damaged"), HasSubstr("dropped, and made again")));
    EXPECT_EQ(two.said[1], expected("has a damaged entry"));
    EXPECT_EQ(two.said[2], "warning: step: odd");
}

TEST_F(ServerThatLies, ADownOrSlowOneCostsOneWarning) {
    server.status = 500;
    EXPECT_EQ(warning_of("two"), expected("answers with status 500"));
    server.status = 401;
    EXPECT_EQ(warning_of("three"), expected("answers with status 401"));
    server.status = 0;
    server.silence = 5000;
    const auto start = std::chrono::steady_clock::now();
    EXPECT_THAT(warning_of("four"), HasSubstr("this build goes on without it"));
    EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(4));
    settings.url = "http://127.0.0.1:1";  // where nobody listens
    EXPECT_THAT(build("five").said.front(), HasSubstr("warning: cache: http://127.0.0.1:1 "));
}

}  // namespace
}  // namespace dba
