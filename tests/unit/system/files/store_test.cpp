#include "system/files/store.hpp"

#include <gmock/gmock.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <random>
#include <thread>

#include "support/temporary.hpp"
#include "system/files/files.hpp"
#include "system/files/tree.hpp"

namespace dba {
namespace {

class StoreTest : public Temporary {
 protected:
    static Receipt receipt(const std::string& step, const std::string& value) {
        return {step, 1, {{"input", value}}};
    }
    // Makes twenty files, slowly enough to be killed in between.
    static Result<void> fill(const fs::path& fresh, std::chrono::microseconds pause) {
        for (int i = 0; i < 20; ++i) {
            TRY(write_file(fresh / std::to_string(i), "file " + std::to_string(i)));
            std::this_thread::sleep_for(pause);
        }
        return {};
    }
    static Result<void> nothing(const fs::path& /*fresh*/) { return {}; }
    // Files below a directory of the store, by name.
    static std::vector<std::string> names(const fs::path& directory) {
        std::vector<std::string> found;
        for (const auto& item : fs::directory_iterator(directory))
            found.push_back(item.path().filename().string());
        std::sort(found.begin(), found.end());
        return found;
    }
};

TEST_F(StoreTest, MakesOnceAndRemembers) {
    int calls = 0;
    const auto make = [&](const fs::path& fresh) {
        ++calls;
        return write_file(fresh / "out", "bytes");
    };
    fs::path first;
    {
        Store store(root() / "work", "program");
        ASSERT_TRUE(store.open());
        first = store.obtain(receipt("lock", "a"), make).value();
        EXPECT_EQ(store.obtain(receipt("lock", "a"), make).value(), first);
        EXPECT_EQ(store.made(), 1);
    }
    Store store(root() / "work", "program");
    ASSERT_TRUE(store.open());
    EXPECT_EQ(store.obtain(receipt("lock", "a"), make).value(), first);
    EXPECT_EQ(store.made(), 0);
    EXPECT_EQ(calls, 1);
    EXPECT_EQ(*read_file(first / "out"), "bytes");
    EXPECT_EQ(first.parent_path(), root() / "work/lock");
    EXPECT_THAT(first.filename().string(), ::testing::MatchesRegex("[0-9a-f]{32}"));
}

TEST_F(StoreTest, ReceiptLiesBesideTheOutput) {
    Store store(root() / "work", "program");
    ASSERT_TRUE(store.open());
    const auto made = store.obtain(receipt("lock", "a\xff"), [](const fs::path& fresh) {
        return write_file(fresh / "out", "abc");
    });
    ASSERT_TRUE(made);
    EXPECT_EQ(*read_file(made->string() + ".receipt.json"), R"({
  "format": 1,
  "inputs": {
    "input": "a)"
                                                            "\xef\xbf\xbd"
                                                            R"("
  },
  "outputs": {
    "out": "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
  },
  "program": "program",
  "step": "lock"
}
)");
}

TEST_F(StoreTest, EveryInputCounts) {
    std::set<fs::path> places;
    const auto obtain = [&](const std::string& program, const Receipt& what) {
        Store store(root() / "work", program);
        EXPECT_TRUE(store.open());
        return places.insert(store.obtain(what, nothing).value()).second;
    };
    EXPECT_TRUE(obtain("p", {"s", 1, {{"a", "b"}}}));
    EXPECT_FALSE(obtain("p", {"s", 1, {{"a", "b"}}}));
    EXPECT_TRUE(obtain("q", {"s", 1, {{"a", "b"}}})) << "the program";
    EXPECT_TRUE(obtain("p", {"t", 1, {{"a", "b"}}})) << "the step";
    EXPECT_TRUE(obtain("p", {"s", 2, {{"a", "b"}}})) << "the format";
    EXPECT_TRUE(obtain("p", {"s", 1, {{"a", "c"}}})) << "a value";
    EXPECT_TRUE(obtain("p", {"s", 1, {{"ab", ""}}})) << "where a name ends";
    EXPECT_TRUE(obtain("p", {"s", 1, {{"a", "\xff"}}}));
    EXPECT_TRUE(obtain("p", {"s", 1, {{"a", "\xfe"}}})) << "bytes that are not text";
}

TEST(Receipt, HasOneEncodingForEveryKindOfInput) {
    Layer layer;
    layer.digest = "1a";
    Receipt receipt{"step"};
    receipt.add("text", "a")
        .add("yes", true)
        .add("no", false)
        .add("number", std::int64_t{1700000000})
        .add("list", std::vector<std::string>{"one", "", "t\nw\\o"})
        .add("lists", std::vector<std::vector<std::string>>{{"a", "b"}, {}, {"c"}})
        .add("layer", layer)
        .add("layers", std::vector<Layer>{layer, layer});
    const std::map<std::string, std::string> expected = {{"text", "a"},
                                                         {"yes", "yes"},
                                                         {"no", "no"},
                                                         {"number", "1700000000"},
                                                         {"list", "one\n\\e\nt\\nw\\\\o"},
                                                         {"lists", "a\\nb\n\\e\nc"},
                                                         {"layer", "1a"},
                                                         {"layers", "1a\n1a"}};
    EXPECT_EQ(receipt.inputs, expected);
}

TEST(Receipt, NoTwoListsLookAlike) {
    const auto digest = [](const std::vector<std::vector<std::string>>& lists) {
        return Receipt{"step"}.add("lists", lists).digest();
    };
    std::set<std::string> seen;
    for (const auto& lists : std::vector<std::vector<std::vector<std::string>>>{{},
                                                                                {{}},
                                                                                {{""}},
                                                                                {{}, {}},
                                                                                {{"", ""}},
                                                                                {{"a", "b"}},
                                                                                {{"a"}, {"b"}},
                                                                                {{"a\nb"}},
                                                                                {{"a\\nb"}},
                                                                                {{"\\e"}}})
        EXPECT_TRUE(seen.insert(digest(lists)).second);
}

TEST_F(StoreTest, FailedMakeLeavesNothingAndNamesItsStep) {
    Store store(root() / "work", "program");
    ASSERT_TRUE(store.open());
    const auto failed =
        store.obtain(receipt("lock", "a"), [](const fs::path& fresh) -> Result<void> {
            TRY(write_file(fresh / "half", "x"));
            return bad_input("subject", "cause");
        });
    ASSERT_FALSE(failed);
    EXPECT_EQ(failed.error().step, "lock");
    EXPECT_FALSE(fs::exists(root() / "work/lock/"));
    EXPECT_TRUE(store.obtain(receipt("lock", "a"), nothing));
}

TEST_F(StoreTest, GarbageIsWhatThisRunDidNotAskFor) {
    {
        Store store(root() / "work", "program");
        ASSERT_TRUE(store.open());
        for (const char* value : {"a", "b"}) {
            ASSERT_TRUE(store.obtain(receipt("one", value), nothing));
            ASSERT_TRUE(store.obtain(receipt("two", value), nothing));
        }
        put("work/git/config", "a cache that is no step's output");
        put("work/app.pin.json", "{}");
    }
    Store store(root() / "work", "program");
    ASSERT_TRUE(store.open());
    const std::string kept = store.obtain(receipt("one", "a"), nothing).value().filename().string();
    ASSERT_TRUE(store.collect_garbage());
    EXPECT_THAT(names(root() / "work/one"), ::testing::ElementsAre(kept, kept + ".receipt.json"));
    EXPECT_THAT(names(root() / "work/two"), ::testing::ElementsAre());
    EXPECT_TRUE(fs::exists(root() / "work/git/config"));
    EXPECT_TRUE(fs::exists(root() / "work/app.pin.json"));
}

TEST_F(StoreTest, NothingIsDroppedAfterAFailure) {
    {
        Store store(root() / "work", "program");
        ASSERT_TRUE(store.open());
        ASSERT_TRUE(store.obtain(receipt("late", "a"), nothing));
    }
    Store store(root() / "work", "program");
    ASSERT_TRUE(store.open());
    ASSERT_FALSE(store.obtain(receipt("early", "a"), [](const fs::path&) {
        return Result<void>(bad_input("subject", "cause"));
    }));
    ASSERT_TRUE(store.collect_garbage());
    EXPECT_EQ(names(root() / "work/late").size(), 2U);
}

TEST_F(StoreTest, OpenClearsTheScratchOfAKilledRun) {
    Store store(root() / "work", "program");
    ASSERT_TRUE(store.open());
    ASSERT_TRUE(store.scratch("half"));
    EXPECT_EQ(names(root() / "work/tmp").size(), 1U);
    ASSERT_TRUE(store.open());
    EXPECT_EQ(names(root() / "work/tmp").size(), 0U);
}

TEST_F(StoreTest, OneBuildAtATimeAndTheOtherSaysItWaits) {
    auto first = std::make_unique<Store>(root() / "work", "program");
    ASSERT_TRUE(first->open());
    std::thread release([&] {
        std::this_thread::sleep_for(std::chrono::milliseconds(1500));
        first.reset();
    });
    Store second(root() / "work", "program");
    ::testing::internal::CaptureStderr();
    const auto start = std::chrono::steady_clock::now();
    EXPECT_TRUE(second.open());
    const auto waited = std::chrono::steady_clock::now() - start;
    const std::string said = ::testing::internal::GetCapturedStderr();
    release.join();
    EXPECT_GE(waited, std::chrono::milliseconds(1400));
    EXPECT_EQ(said, "waiting for another build that uses " + (root() / "work").string() + "\n");
}

TEST_F(StoreTest, KilledAtAnyMomentTheNextRunEndsInTheSameBytes) {
    const auto pause = std::chrono::microseconds(300);
    const auto run = [&](const fs::path& work) -> Result<std::string> {
        Store store(work, "program");
        TRY(store.open());
        TRY_ASSIGN(const fs::path a, store.obtain(receipt("one", "a"), [&](const fs::path& fresh) {
            return fill(fresh, pause);
        }));
        TRY_ASSIGN(const fs::path b, store.obtain(receipt("two", "b"), [&](const fs::path& fresh) {
            return copy_tree(a, fresh / "copy");
        }));
        TRY(store.collect_garbage());
        TRY_ASSIGN(const auto entries, list_tree(work, "", true));
        return digest_of(entries);
    };
    const auto expected = run(root() / "undisturbed");
    ASSERT_TRUE(expected);
    std::mt19937 random(20240101);  // fixed, so that a failure can be seen again
    int killed = 0;
    for (int i = 0; i < 60; ++i) {
        const fs::path work = root() / ("work" + std::to_string(i));
        const pid_t child = ::fork();
        if (child == 0) ::_exit(run(work) ? 0 : 1);
        std::this_thread::sleep_for(std::chrono::microseconds(random() % 25'000));
        ::kill(child, SIGKILL);
        int status = 0;
        ASSERT_EQ(::waitpid(child, &status, 0), child);
        if (WIFSIGNALED(status)) ++killed;
        const auto again = run(work);
        ASSERT_TRUE(again) << again.error().cause;
        EXPECT_EQ(*again, *expected) << "round " << i;
    }
    EXPECT_GT(killed, 10) << "the test must kill runs that are under way";
}

}  // namespace
}  // namespace dba
