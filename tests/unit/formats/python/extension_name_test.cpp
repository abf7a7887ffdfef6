#include "formats/python/extension_name.hpp"

#include <gtest/gtest.h>

namespace dba {
namespace {

TEST(ExtensionName, IsTheModuleThatAPythonImports) {
    for (const char* suffix :
         {"", ".abi3", ".abi3-x86_64-linux-gnu", ".abi3t", ".abi3t-aarch64-linux-gnu",
          ".cpython-315-x86_64-linux-gnu", ".cpython-315t-x86_64-linux-gnu"})
        EXPECT_EQ(extension_module(std::string("core") + suffix + ".so", "3.15"), "core") << suffix;
    for (const char* file :
         {"core.cpython-314-x86_64-linux-gnu.so", "core.cpython-31-x86_64-linux-gnu.so",
          "core.abi4.so", "core.abi3x.so", "core.cp315-win_amd64.so", "core.py", "core.so.1", "so"})
        EXPECT_EQ(extension_module(file, "3.15"), "") << file;
}

TEST(ExtensionName, HasEachSuffixThatItsPythonTakes) {
    const auto suffixes = extension_suffixes("3.15", "x86_64-linux-gnu");
    EXPECT_EQ(suffixes.size(), 7U);
    for (const std::string& suffix : suffixes)
        EXPECT_EQ(extension_module("core" + suffix, "3.15.2"), "core") << suffix;
}

TEST(ExtensionName, IsKnownWhateverThePython) {
    for (const char* file : {"a.cpython-39-x86_64-linux-gnu.so", "a.abi3.so", "a.abi3t.so",
                             "a.abi3-x86_64-linux-gnu.so"})
        EXPECT_TRUE(looks_like_extension(file)) << file;
    for (const char* file : {"libc.so", "libabi3.so.6", "a.abi3", "a.abi30.so", ".so"})
        EXPECT_FALSE(looks_like_extension(file)) << file;
}

}  // namespace
}  // namespace dba
