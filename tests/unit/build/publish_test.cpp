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

TEST_F(Publish, DepfileNamesSourcesDirectoriesAndTheNamedCopy) {
    Declaration declaration;
    Manifest manifest;
    manifest.target.root = top.path() / "root";
    manifest.source.directory = top.path() / "app";
    top.write("app/a.py", "");
    top.write("app/sub/b.py", "");
    manifest.config_variants.directory = top.path() / "conf";
    top.write("conf/staging/sub/c.toml", "");
    top.write("conf/staging/.gitkeep", "");
    top.write("app/.venv/pyvenv.cfg", "");
    top.write("app/we#ird $na:me.txt", "");
    fs::create_symlink("nowhere", top.path() / "app/dangling");
    top.write("root/etc/os-release", "");
    const auto named = top.path() / "out/hello_1-1_amd64.deb";
    steps::FetchedSource source;
    source.read = {top.write("lib/shared.py", ""), top.path() / "lib", top.path() / "gone"};
    ASSERT_TRUE(write_depfile(declaration, manifest, named, {}, source, {}, options));
    const auto text = *read_file(options.depfile);
    const std::string at = top.path();
    EXPECT_TRUE(text.starts_with(at + "/hello.deb:")) << text;
    for (const char* name :
         {"/lib", "/lib/shared.py", "/app", "/app/a.py", "/app/sub", "/app/sub/b.py", "/conf",
          "/conf/staging/sub/c.toml", "/out/hello_1-1_amd64.deb", "/root/etc/os-release"})
        EXPECT_NE(text.find("\\\n  " + at + name), std::string::npos) << name << "\n" << text;
    for (const char* name : {".venv", ".gitkeep", "dangling", "gone", "#", "$", "ird"})
        EXPECT_EQ(text.find(name, at.size() + 12), std::string::npos) << name << "\n" << text;
    const auto alias = text.find(at + "/hello.work/alias/");
    ASSERT_NE(alias, std::string::npos) << text;
    EXPECT_EQ(fs::read_symlink(text.substr(alias, text.find_first_of(" \n", alias) - alias)),
              top.path() / "app/we#ird $na:me.txt");
}

}  // namespace
}  // namespace dba
