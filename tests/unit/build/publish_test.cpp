#include "build/publish.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "support/fakes.hpp"

namespace dba {
namespace {

using dba::testing::TemporaryDirectory;

class Publish : public ::testing::Test {
 protected:
    Publish() {
        options.work = top.path() / "hello.work";
        options.output = top.path() / "hello.deb";
        options.output_dir = top.path() / "out";
        options.depfile = top.path() / "hello.deb.d";
        EXPECT_TRUE(make_directories(options.work));
    }
    fs::path packed(const std::string& name, const std::string& bytes) {
        return top.write("store/" + name, bytes);
    }
    std::vector<std::string> shipped() {
        std::vector<std::string> names;
        for (const auto& item : fs::directory_iterator(options.output_dir))
            names.push_back(item.path().filename());
        std::sort(names.begin(), names.end());
        return names;
    }
    static timespec time_of(const fs::path& file) {
        struct stat status {};
        EXPECT_EQ(::stat(file.c_str(), &status), 0);
        return status.st_mtim;
    }
    TemporaryDirectory top;
    BuildOptions options;
    const timespec start{1700000000, 5};
};

TEST_F(Publish, GivesBothNamesTheSameBytes) {
    const auto named = publish(packed("hello_1-1_amd64.deb", "one"), options, start);
    ASSERT_TRUE(named);
    EXPECT_EQ(*named, options.output_dir / "hello_1-1_amd64.deb");
    EXPECT_EQ(*read_file(*named), "one");
    EXPECT_EQ(*read_file(options.output), "one");
    EXPECT_EQ(time_of(options.output).tv_sec, start.tv_sec);
    EXPECT_LT(time_of(*named).tv_sec, start.tv_sec) << "must never look newer than the output";
}

TEST_F(Publish, ANewVersionReplacesTheOldAndNothingElse) {
    top.write("out/other_1_amd64.deb", "someone else's");
    ASSERT_TRUE(publish(packed("hello_1-1_amd64.deb", "one"), options, start));
    ASSERT_TRUE(publish(packed("hello_2-1_amd64.deb", "two"), options, start));
    EXPECT_EQ(shipped(), (std::vector<std::string>{"hello_2-1_amd64.deb", "other_1_amd64.deb"}));
    // A file that somebody put in the place of ours is not ours to remove.
    top.write("out/hello_2-1_amd64.deb", "signed by hand");
    ASSERT_TRUE(publish(packed("hello_3-1_amd64.deb", "three"), options, start));
    EXPECT_EQ(shipped(), (std::vector<std::string>{"hello_2-1_amd64.deb", "hello_3-1_amd64.deb",
                                                   "other_1_amd64.deb"}));
}

TEST_F(Publish, MakesALostCopyAgainAndLeavesAGoodOneAlone) {
    const auto deb = packed("hello_1-1_amd64.deb", "one");
    const auto named = *publish(deb, options, start);
    const auto before = fs::last_write_time(named);
    ASSERT_TRUE(publish(deb, options, timespec{1700000100, 0}));
    EXPECT_EQ(fs::last_write_time(named), before);
    EXPECT_EQ(time_of(options.output).tv_sec, 1700000100);
    fs::remove(named);
    fs::remove(options.output);
    ASSERT_TRUE(publish(deb, options, start));
    EXPECT_EQ(*read_file(named), "one");
    EXPECT_EQ(*read_file(options.output), "one");
}

TEST_F(Publish, APinOfThisBuildIsNotNewerThanItsOutput) {
    options.pin = top.write("hello.pin.json", "{}");
    ASSERT_TRUE(publish(packed("hello_1-1_amd64.deb", "one"), options, start));
    EXPECT_EQ(time_of(options.output).tv_sec, time_of(options.pin).tv_sec);
    EXPECT_EQ(time_of(options.output).tv_nsec, time_of(options.pin).tv_nsec);
}

}  // namespace
}  // namespace dba
