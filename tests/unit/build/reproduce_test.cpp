// The second build, by a stand-in for this program that leaves a package of the test's making.
#include "build/reproduce.hpp"

#include <gmock/gmock.h>

#include <algorithm>

#include "support/packers_fixture.hpp"
#include "system/files/tree.hpp"
#include "system/host.hpp"
#include "system/process/environment.hpp"

namespace dba {
namespace {

using packers::manifest;
using packers::PackerTest;

// Runs `true` (whether a user namespace can be had) and the second build.
class SecondBuild final : public ProcessRunner {
 public:
    bool namespaces = true;
    int status = 0;
    std::string words;
    fs::path package;  // what the build leaves
    Command ran;       // the build
    Result<Completed> run(const Command& command) override {
        if (command.argv.back() == "true")
            return Completed{namespaces ? 0 : 1, "", namespaces ? "" : "unshare: not permitted\n"};
        ran = command;
        if (status != 0) return Completed{status, "", words};
        const fs::path output = command.argv.back();
        EXPECT_EQ(command.argv.at(command.argv.size() - 2), "--output");
        TRY(make_directories(output.parent_path()));
        TRY(dba::copy_file(package, output));
        lock = read_file(output.parent_path().parent_path() / "work/lock/hello.lock").value_or("");
        pin = read_file(output.parent_path().parent_path() / "pin.json").value_or("");
        return Completed{};
    }
    std::string lock, pin;
};

class Reproduce : public PackerTest {
 protected:
    void SetUp() override {
        PackerTest::SetUp();
        options.declaration = top() / "hello.declaration.json";
        options.work = top() / "hello.work";
        write(options.work / "lock/hello.lock", "the lock");
        write(options.work / "pin.json", "the pin");
        built.manifest = manifest();
        built.deb = pack("hello_1_amd64.deb");
    }
    fs::path pack(const std::string& name) {
        layers[0] = seal_layer(top() / "layer", "application").value();
        const fs::path output = top() / name;
        EXPECT_TRUE(packers::pack_layered({built.manifest, layers, debian()}, scratch(), output,
                                          workshop.store));
        return output;
    }
    Result<Reproduced> again() {
        System system{runner, workshop.git, workshop.log, workshop.store};
        return reproduce(options, built, system);
    }
    SecondBuild runner;
    BuildOptions options;
    Built built;
};

TEST_F(Reproduce, TheSameBytesUnderOtherCircumstances) {
    runner.package = built.deb;
    const auto result = again();
    ASSERT_TRUE(result) << result.error().cause;
    EXPECT_TRUE(result->differences.empty());
    EXPECT_TRUE(result->other.empty());
    EXPECT_EQ(runner.lock, "the lock");
    EXPECT_EQ(runner.pin, "the pin");
    for (const char* one : {"directory", "umask 0077", "hash seed 4242"})
        EXPECT_THAT(result->varied, ::testing::Contains(one));
    EXPECT_EQ(runner.ran.argv.front(), "unshare");
    EXPECT_THAT(runner.ran.argv, ::testing::Contains(own_program().string()));
    EXPECT_EQ(runner.ran.environment.at("LC_ALL"), "tr_TR.UTF-8");
    EXPECT_NE(runner.ran.environment.at("UV_CACHE_DIR"), own_environment()["UV_CACHE_DIR"]);
    EXPECT_FALSE(fs::exists(runner.ran.directory)) << "what it made is gone";
}

TEST_F(Reproduce, NamesTheFirstFileThatDiffers) {
    write(top() / "layer/tree/opt/venvs/hello/bin/hello", "#!/opt/venvs/hello/bin/python3\n# 2\n",
          0755);
    runner.package = pack("other.deb");
    const auto result = again();
    ASSERT_TRUE(result) << result.error().cause;
    ASSERT_FALSE(result->differences.empty());
    EXPECT_EQ(result->differences[0].path, "/opt/venvs/hello/bin/hello");
    EXPECT_EQ(result->differences[0].nature,
              "contents differ at offset 31 of 31 and 35 bytes: \"s/hello/bin/python3\\x0a\", and "
              "\"s/hello/bin/python3\\x0a# 2\\x0a\"");
    EXPECT_EQ(result->other, options.work / "again.deb");
    EXPECT_TRUE(read_file(result->other).value() == read_file(runner.package).value());
}

TEST_F(Reproduce, SaysWhatItCouldNotVary) {
    runner.namespaces = false;
    runner.package = built.deb;
    const auto result = again();
    ASSERT_TRUE(result) << result.error().cause;
    EXPECT_THAT(result->left_out,
                ::testing::Contains("user id: no user namespace here (unshare: not permitted)"));
    EXPECT_THAT(workshop.log.lines,
                ::testing::Contains("warning: reproduce: not varied: user id: no user namespace "
                                    "here (unshare: not permitted)"));
    EXPECT_EQ(std::count(runner.ran.argv.begin(), runner.ran.argv.end(), "unshare"), 0);
}

TEST_F(Reproduce, ASecondBuildThatFailsIsAFinding) {
    runner.status = 3;
    runner.words = "deb-build-app: fetch: no such thing\n";
    const auto result = again();
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code, ExitCode::failed_check);
    EXPECT_EQ(result.error().subject, "hello_1_amd64.deb");
    EXPECT_TRUE(result.error().cause.starts_with("built again under other circumstances ("));
    EXPECT_TRUE(
        result.error().cause.ends_with("its build failed:\ndeb-build-app: fetch: no such thing"));
}

}  // namespace
}  // namespace dba
