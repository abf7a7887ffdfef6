// Which wheels fit a Python, by the tags in their names.
#include "python/fitting.hpp"

#include <gmock/gmock.h>

namespace dba {
namespace {

using ::testing::ElementsAre;

std::vector<std::string> fitting(const std::string& abi) {
    MarkerAnswers answers;
    answers.markers.environment["python_version"] = "3.14";
    answers.machine = "x86_64";
    answers.glibc_minor = 36;
    answers.abi = abi;
    std::vector<std::string> tags;
    for (const char* tag :
         {"py3-none-any", "cp314-cp314-manylinux_2_17_x86_64", "cp314-cp314t-manylinux_2_17_x86_64",
          "cp311-abi3-manylinux_2_28_x86_64", "cp314-abi3t-manylinux_2_28_x86_64",
          "cp313-cp313t-manylinux_2_17_x86_64", "cp314-cp314t-manylinux_2_39_x86_64"})
        if (fits(std::string("core-1.0-") + tag + ".whl", answers)) tags.emplace_back(tag);
    return tags;
}

TEST(Fitting, OfAPythonWithItsGlobalLock) {
    EXPECT_THAT(fitting("cp314"), ElementsAre("py3-none-any", "cp314-cp314-manylinux_2_17_x86_64",
                                              "cp311-abi3-manylinux_2_28_x86_64"));
}

// Its objects are laid out otherwise: neither the wheels of the other nor the stable ABI's.
TEST(Fitting, OfAFreeThreadedPython) {
    EXPECT_THAT(fitting("cp314t"), ElementsAre("py3-none-any", "cp314-cp314t-manylinux_2_17_x86_64",
                                               "cp314-abi3t-manylinux_2_28_x86_64"));
    MarkerAnswers answers;
    answers.machine = "aarch64";
    answers.glibc_minor = 41;
    answers.abi = "cp314t";
    EXPECT_EQ(what_would_fit(answers),
              "a cp314t, abi3t or py3 wheel for any platform or for aarch64 with glibc 2.41 or "
              "older, or an sdist");
}

}  // namespace
}  // namespace dba
