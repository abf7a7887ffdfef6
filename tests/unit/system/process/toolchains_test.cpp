#include "system/process/toolchains.hpp"

#include <gmock/gmock.h>

#include "support/own_environment.hpp"

namespace dba {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Not;

class Toolchains : public testing::OwnEnvironment {
 protected:
    void SetUp() override {
        OwnEnvironment::SetUp();
        for (const auto& [name, value] : own_environment()) unset(name);
        set("HOME", home().string());
    }
    [[nodiscard]] fs::path home() const { return root() / "user"; }
    static Environment passed(Environment environment = {{"PATH", "/usr/bin:/bin"}}) {
        pass_toolchains(environment);
        return environment;
    }
};

TEST_F(Toolchains, ThatAreNotThereLeaveNoTrace) {
    EXPECT_EQ(passed(), (Environment{{"PATH", "/usr/bin:/bin"}}));
    EXPECT_TRUE(toolchain_directories().empty());
}

TEST_F(Toolchains, OfTheCallersHomeAreFound) {
    put("user/.cargo/bin/cargo", "", 0755);
    put("user/.rustup/settings.toml", "");
    put("user/.npmrc", "");
    put("user/.nvm/versions/node/v9.1.0/bin/node", "", 0755);
    put("user/.nvm/versions/node/v18.2.0/bin/node", "", 0755);
    put("user/go/bin/tool", "", 0755);
    set("npm_config_registry", "https://npm.example.org/");
    set("CARGO_NET_OFFLINE", "true");
    set("UNRELATED", "1");
    const std::string in = home().string();
    Environment environment = passed({{"PATH", "/usr/bin"}, {"TMPDIR", "/scratch"}});
    EXPECT_EQ(environment["CARGO_HOME"], in + "/.cargo");
    EXPECT_EQ(environment["RUSTUP_HOME"], in + "/.rustup");
    EXPECT_EQ(environment["NPM_CONFIG_USERCONFIG"], in + "/.npmrc");
    EXPECT_EQ(environment["NVM_DIR"], in + "/.nvm");
    EXPECT_EQ(environment["npm_config_registry"], "https://npm.example.org/");
    EXPECT_EQ(environment["CARGO_NET_OFFLINE"], "true");
    EXPECT_FALSE(environment.contains("UNRELATED"));
    // The system's programs come first.
    EXPECT_EQ(environment["PATH"], "/usr/bin:" + in + "/.cargo/bin:" + in + "/go/bin:" + in +
                                       "/.nvm/versions/node/v18.2.0/bin");
    EXPECT_EQ(environment["CARGO_BUILD_RUSTFLAGS"],
              "--remap-path-prefix=" + in + "/.cargo=cargo --remap-path-prefix=" + in +
                  "/.rustup=rustup --remap-path-prefix=/scratch=.");
    EXPECT_THAT(toolchain_directories(), Contains(home() / ".cargo"));
    EXPECT_THAT(toolchain_directories(), Not(Contains(home() / ".npmrc")));
    // Once in PATH is enough.
    const std::string path = in + "/.cargo/bin:/usr/bin";
    EXPECT_THAT(passed({{"PATH", path}})["PATH"], HasSubstr(path + ":" + in + "/go/bin"));
}

TEST_F(Toolchains, AreTheCallersOwnByTheirVariables) {
    put("user/.cargo/bin/cargo", "", 0755);
    put("opt/cargo/bin/cargo", "", 0755);
    put("opt/cuda/bin/nvcc", "", 0755);
    const std::string opt = (root() / "opt").string();
    set("CARGO_HOME", opt + "/cargo");
    set("CUDA_HOME", opt + "/cuda");
    Environment environment = passed();
    EXPECT_EQ(environment["CARGO_HOME"], opt + "/cargo");
    EXPECT_EQ(environment["CUDA_HOME"], opt + "/cuda");
    EXPECT_EQ(environment["PATH"], "/usr/bin:/bin:" + opt + "/cargo/bin:" + opt + "/cuda/bin");
    EXPECT_THAT(toolchain_directories(), Contains(root() / "opt/cargo"));
    // A library of the system may be named.
    EXPECT_THAT(toolchain_directories(), Not(Contains(root() / "opt/cuda")));
    // What is said already stays.
    EXPECT_EQ(passed({{"CARGO_HOME", "/mine"}})["CARGO_HOME"], "/mine");
}

}  // namespace
}  // namespace dba
