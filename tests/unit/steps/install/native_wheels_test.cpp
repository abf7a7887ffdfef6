#include "python/native_wheels.hpp"

#include <gmock/gmock.h>

#include "support/temporary.hpp"
#include "system/files/files.hpp"

namespace dba {
namespace {

constexpr const char* ways =
    "put a wheel of it for arm64 into a WHEELHOUSE, or make the package on such a machine, real "
    "or emulated";

class NativeWheelsTest : public Temporary {
 protected:
    void SetUp() override {
        Temporary::SetUp();
        manifest_.target.architecture = "arm64";
        manifest_.target.native = "amd64";
        manifest_.target.machine = "aarch64";
        venv_.site_packages = root();
    }
    void install(const std::string& info, const std::string& tags) {
        ASSERT_TRUE(make_directories(root() / info));
        ASSERT_TRUE(write_file(root() / info / "WHEEL", "Wheel-Version: 1.0\n" + tags));
    }
    Manifest manifest_;
    Venv venv_;
};

TEST_F(NativeWheelsTest, WhatIsForAnyMachineOrForTheTargetPasses) {
    EXPECT_TRUE(refuse_native_wheel("hello", "hello-1.0-py3-none-any.whl", manifest_));
    EXPECT_TRUE(refuse_native_wheel(
        "hello", "hello-1.0-cp311-cp311-manylinux_2_17_aarch64.manylinux2014_aarch64.whl",
        manifest_));
    install("pure-1.0.dist-info", "Tag: py3-none-any\n");
    install("quick-1.0.dist-info", "Tag: cp311-cp311-manylinux_2_17_aarch64\n");
    EXPECT_TRUE(refuse_native_wheels(venv_, manifest_));
}

TEST_F(NativeWheelsTest, WhatWasCompiledHereIsRefusedByName) {
    const auto own =
        refuse_native_wheel("hello", "hello-1.0-cp311-cp311-linux_x86_64.whl", manifest_);
    ASSERT_FALSE(own);
    EXPECT_EQ(own.error().subject, "hello");
    EXPECT_EQ(own.error().cause,
              "is compiled, and has no wheel for arm64: what is compiled here is for amd64");
    EXPECT_EQ(own.error().hint, ways);
    install("cext-1.0.dist-info", "Tag: cp311-cp311-linux_x86_64\n");
    const auto other = refuse_native_wheels(venv_, manifest_);
    ASSERT_FALSE(other);
    EXPECT_EQ(other.error().subject, "cext");
    // On its own machine it is as it should be.
    manifest_.target.native.clear();
    EXPECT_TRUE(refuse_native_wheels(venv_, manifest_));
}

TEST_F(NativeWheelsTest, AnInstallerThatCannotBuildHasTheRemedy) {
    const auto uv = native_build(
        "error: Failed to build `cext @ file:///x.tar.gz`\n  cause: The "
        "built wheel is not compatible with the current Python 3.11\n",
        manifest_);
    ASSERT_TRUE(uv);
    EXPECT_EQ(uv->name, "cext");
    EXPECT_EQ(uv->remedy,
              std::string("there is no wheel of it for arm64, and what is compiled here is for "
                          "amd64: ") +
                  ways);
    const auto indexed =
        native_build("error: Failed to download and build `cext==1.0`\n", manifest_);
    ASSERT_TRUE(indexed);
    EXPECT_EQ(indexed->name, "cext");
    const auto pip = native_build("ERROR: Failed building wheel for cext\n", manifest_);
    ASSERT_TRUE(pip);
    EXPECT_EQ(pip->name, "cext");
    EXPECT_FALSE(native_build("error: no such distribution", manifest_));
}

}  // namespace
}  // namespace dba
