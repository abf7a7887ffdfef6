#include "steps/depends/join.hpp"

#include <gmock/gmock.h>

#include "needs/explain.hpp"

namespace dba::steps {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

LibraryNeed need(const std::string& library, const std::string& user, std::size_t files = 1) {
    LibraryNeed out;
    out.library = library;
    out.needed_by = user;
    out.files = files;
    return out;
}

JoinedSuites bookworm_and_trixie() {
    JoinedSuites joined;
    joined.name = "bookworm+trixie";
    joined.answers = {
        {"bookworm",
         {{"libc.so.6", "libc6 (>= 2.34)"},
          {"libcrypto.so.3", "libssl3 (>= 3.0.0)"},
          {"libm.so.6", "libc6 (>= 2.29)"},
          {"libssl.so.3", "libssl3 (>= 3.0.9)"}},
         {{"crypto", "libssl3"}, {"magic", "libmagic1"}},
         {}},
        {"trixie",
         {{"libc.so.6", "libc6 (>= 2.38)"},
          {"libcrypto.so.3", "libssl3t64 (>= 3.0.0)"},
          {"libm.so.6", "libc6 (>= 2.29)"},
          {"libssl.so.3", "libssl3t64 (>= 3.0.9)"}},
         {{"crypto", "libssl3t64"}, {"magic", "libmagic1t64"}},
         {}},
    };
    return joined;
}

TEST(JoinDependencies, AlternativesTheNewestSuiteFirstAndTheLowestCLibrary) {
    LibraryNeeds needs;
    needs.libraries = {need("libc.so.6", "/opt/x/bin/python", 90),
                       need("libcrypto.so.3", "/opt/x/_hashlib.so"),
                       need("libm.so.6", "/opt/x/math.so"), need("libssl.so.3", "/opt/x/_ssl.so")};
    needs.opened = {{"", "crypto", "/opt/x/a.py"}, {"", "magic", "/opt/x/b.py"}};
    needs.static_built_using = "python3.11 (= 3.11.2-6)";
    const auto found = join_dependencies(needs, bookworm_and_trixie());
    ASSERT_TRUE(found) << found.error().cause;
    EXPECT_EQ(found->static_built_using, "python3.11 (= 3.11.2-6)");
    EXPECT_EQ(
        explain_text(*found),
        "libc6 (>= 2.34)\n"
        "    libc.so.6, for /opt/x/bin/python and 89 files more\n"
        "    libm.so.6, for /opt/x/math.so: libc6 (>= 2.29)\n"
        "libssl3t64 (>= 3.0.9) | libssl3 (>= 3.0.9)\n"
        "    libssl.so.3, for /opt/x/_ssl.so\n"
        "    libcrypto.so.3, for /opt/x/_hashlib.so: libssl3t64 (>= 3.0.0) | libssl3 (>= 3.0.0)\n"
        "Recommends: libmagic1t64 | libmagic1\n"
        "    magic, opened by name, for /opt/x/b.py\n");
}

TEST(JoinDependencies, AHostsPythonOfTheSameMinorVersionInBoth) {
    JoinedSuites joined;
    joined.answers = {{"trixie", {}, {}, {{"/usr/bin/python3.13", "python3.13 (>= 3.13.5)"}}},
                      {"forky", {}, {}, {{"/usr/bin/python3.13", "python3.13 (>= 3.13.7)"}}}};
    LibraryNeeds needs;
    needs.interpreter = "/usr/bin/python3.13";
    needs.modules = {{"python3-tk", "tkinter", "/opt/x/app.py"}};
    const auto found = join_dependencies(needs, joined);
    ASSERT_TRUE(found);
    EXPECT_THAT(found->depends, ElementsAre("python3-tk", "python3.13 (>= 3.13.5)"));
    EXPECT_THAT(found->recommends, IsEmpty());
}

}  // namespace
}  // namespace dba::steps
