#include "system/cache/local_cache.hpp"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <random>
#include <thread>

#include "support/temporary.hpp"

namespace dba {
namespace {

class LocalCacheTest : public Temporary {
 protected:
    fs::path directory() { return root() / "cache"; }
    LocalCache cache() { return LocalCache::open(directory()).value(); }
    // A directory with one file, to be given.
    fs::path made(const std::string& bytes) {
        const fs::path place = root() / ("made" + std::to_string(++number_));
        EXPECT_TRUE(make_directories(place));
        EXPECT_TRUE(write_file(place / "file", bytes));
        return place;
    }
    fs::path fresh() {
        const fs::path place = root() / ("fresh" + std::to_string(++number_));
        EXPECT_TRUE(make_directories(place));
        return place;
    }
    void used_at(const std::string& key, long long seconds) {
        const timespec times[]{{0, UTIME_OMIT}, {seconds, 0}};
        EXPECT_EQ(::utimensat(AT_FDCWD, cache().file_of("step", key).c_str(), times, 0), 0);
    }
    static unsigned mode_of(const fs::path& path) {
        struct stat info {};
        EXPECT_EQ(::stat(path.c_str(), &info), 0);
        return info.st_mode & 07777U;
    }

 private:
    std::atomic<int> number_{0};
};

TEST_F(LocalCacheTest, GivesBackWhatItGot) {
    EXPECT_EQ(cache().take("step", "key", fresh()).value(), std::nullopt);
    EXPECT_FALSE(cache().touch("step", "key"));
    ASSERT_TRUE(cache().give("step", "key", "receipt", made("bytes")));
    const fs::path place = fresh();
    EXPECT_EQ(cache().take("step", "key", place).value(), "receipt");
    EXPECT_EQ(read_file(place / "file").value(), "bytes");
    EXPECT_TRUE(cache().touch("step", "key"));
    EXPECT_THAT(paths_in(directory() / "tmp"), ::testing::IsEmpty());
}

TEST_F(LocalCacheTest, IsForThisUserAloneUnlessItsDirectorySaysOtherwise) {
    ASSERT_TRUE(cache().give("step", "key", "", made("bytes")));
    for (const char* path : {"", "entries", "entries/step", "tmp"})
        EXPECT_EQ(mode_of(directory() / path), 0700U) << path;
    EXPECT_EQ(mode_of(cache().file_of("step", "key")), 0600U);

    ASSERT_TRUE(remove_tree(directory()));
    ASSERT_TRUE(make_directories(directory()));
    ASSERT_TRUE(set_mode(directory(), 02775));
    ASSERT_TRUE(cache().give("step", "key", "", made("bytes")));
    for (const char* path : {"", "entries", "entries/step", "tmp"})
        EXPECT_EQ(mode_of(directory() / path), 02775U) << path;
    EXPECT_EQ(mode_of(cache().file_of("step", "key")), 0664U);
}

TEST_F(LocalCacheTest, ADirectoryOfEverybodyIsRefused) {
    ASSERT_TRUE(make_directories(directory()));
    ASSERT_TRUE(set_mode(directory(), 01777));
    const auto opened = LocalCache::open(directory());
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().subject, directory().string());
    EXPECT_EQ(opened.error().cause, "may be written to by everybody");
    EXPECT_EQ(opened.error().hint, "give it to the users who share it, by a group: chmod o-w,g+ws");
}

TEST_F(LocalCacheTest, TheLeastRecentlyUsedGoFirst) {
    for (int i = 0; i < 4; ++i) {
        const std::string key = "key" + std::to_string(i);
        ASSERT_TRUE(cache().give("step", key, "", made(std::string(10'000, 'x'))));
        used_at(key, 1'000'000 + i);
    }
    ASSERT_TRUE(cache().take("step", "key0", fresh()).value());
    const std::uint64_t one = size_of_file(cache().file_of("step", "key0")).value();
    EXPECT_EQ(prune_cache(directory(), 4 * one, 0).entries, 0U) << "they are no more than that";
    const Pruned pruned = prune_cache(directory(), 4 * one - 1, 2 * one);
    EXPECT_EQ(pruned.entries, 2U);
    EXPECT_EQ(pruned.bytes, 2 * one);
    EXPECT_TRUE(cache().touch("step", "key0"));
    EXPECT_FALSE(cache().touch("step", "key1"));
    EXPECT_FALSE(cache().touch("step", "key2"));
    EXPECT_TRUE(cache().touch("step", "key3"));
    EXPECT_EQ(prune_cache(directory(), 0, 0).entries, 2U);
    EXPECT_THAT(cached_steps(directory()), ::testing::IsEmpty());
}

TEST_F(LocalCacheTest, WhatKilledBuildsLeftGoesAfterADay) {
    (void)cache();
    const fs::path old = directory() / "tmp/entry.dba-tmp-0";
    const fs::path young = directory() / "tmp/entry.dba-tmp-1";
    ASSERT_TRUE(make_directories(old));
    ASSERT_TRUE(make_directories(young));
    const timespec times[]{{0, UTIME_OMIT}, {1'000'000, 0}};
    ASSERT_EQ(::utimensat(AT_FDCWD, old.c_str(), times, 0), 0);
    (void)prune_cache(directory(), 1, 1);
    EXPECT_THAT(paths_in(directory() / "tmp"), ::testing::ElementsAre(young));
}

TEST_F(LocalCacheTest, IsCountedByStep) {
    ASSERT_TRUE(cache().give("relocate", "a", "", made("one")));
    ASSERT_TRUE(cache().give("relocate", "b", "", made("two")));
    ASSERT_TRUE(cache().give("section", "a", "", made("three")));
    const auto steps = cached_steps(directory());
    ASSERT_EQ(steps.size(), 2U);
    EXPECT_EQ(steps[0].step, "relocate");
    EXPECT_EQ(steps[0].entries, 2U);
    EXPECT_EQ(steps[1].step, "section");
    EXPECT_EQ(steps[1].bytes, size_of_file(cache().file_of("section", "a")).value());
}

TEST_F(LocalCacheTest, ManyMayGiveTakeAndPruneAtOnce) {
    const std::string bytes(50'000, 'x');
    const LocalCache shared = cache();
    std::atomic<int> taken{0};
    std::atomic<int> wrong{0};
    std::vector<std::thread> threads;
    for (int worker = 0; worker < 8; ++worker)
        threads.emplace_back([&, worker] {
            const fs::path directory_to_give = made(bytes);
            for (int i = 0; i < 60; ++i) {
                const std::string key = "key" + std::to_string((i + worker) % 5);
                if (worker == 7 && i % 4 == 0) {
                    (void)prune_cache(directory(), 60'000, 60'000);
                    continue;
                }
                if (!shared.give("step", key, key, directory_to_give)) ++wrong;
                const fs::path place = fresh();
                const auto receipt = shared.take("step", key, place);
                // One that was just pruned is not there; one that is there is whole.
                if (!receipt) {
                    if (receipt.error().code == ExitCode::bad_input) ++wrong;
                    continue;
                }
                if (!*receipt) continue;
                ++taken;
                if (**receipt != key || read_file(place / "file").value_or("") != bytes) ++wrong;
            }
        });
    for (std::thread& thread : threads) thread.join();
    EXPECT_EQ(wrong, 0);
    EXPECT_GT(taken, 100);
}

TEST_F(LocalCacheTest, AKilledWriterLeavesNoEntryThatIsNotWhole) {
    const std::string bytes(3'000'000, 'x');
    const fs::path given = made(bytes);
    const LocalCache shared = cache();
    std::mt19937 random(20260101);  // fixed, so that a failure can be seen again
    int killed = 0;
    for (int i = 0; i < 50; ++i) {
        const pid_t child = ::fork();
        if (child == 0)
            for (int j = 0;; ++j) (void)shared.give("step", std::to_string(j % 3), "", given);
        std::this_thread::sleep_for(std::chrono::microseconds(random() % 12'000));
        ::kill(child, SIGKILL);
        ASSERT_EQ(::waitpid(child, nullptr, 0), child);
        ++killed;
        for (int j = 0; j < 3; ++j) {
            const fs::path place = fresh();
            const auto receipt = shared.take("step", std::to_string(j), place);
            ASSERT_TRUE(receipt) << receipt.error().cause;
            if (*receipt) {
                EXPECT_EQ(read_file(place / "file").value(), bytes);
            }
            ASSERT_TRUE(remove_tree(place));
        }
    }
    EXPECT_EQ(killed, 50);
}

}  // namespace
}  // namespace dba
