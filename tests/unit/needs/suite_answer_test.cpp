#include "needs/suite_answer.hpp"

#include "support/depends_fixture.hpp"

namespace dba {
namespace {

using ::testing::ElementsAre;

class SuiteAnswerTest : public steps::DependsTest {
 protected:
    // What a program of this machine asks of libraries of the root.
    LibraryNeeds needs_of(const std::string& source, const std::vector<std::string>& libraries) {
        compile(in_prefix("app", "lib/a.so"), source, linked(libraries));
        ldconfig();
        const auto file = steps::keep_needs(manifest, {seal("app")}, workshop.system);
        EXPECT_TRUE(file) << file.error().cause;
        return parse_library_needs(read_file(*file).value(), file->string()).value();
    }
    static std::vector<std::string> shown(const Result<SuiteAnswer>& answer) {
        if (!answer)
            return {answer.error().subject + ": " + answer.error().cause, answer.error().hint};
        std::vector<std::string> out;
        for (const auto* kind : {&answer->libraries, &answer->interpreter, &answer->opened})
            for (const NeedAnswer& one : *kind) out.push_back(one.need + ": " + one.relations);
        return out;
    }
};

TEST_F(SuiteAnswerTest, ARootIsAskedForTheSymbolsInUse) {
    const LibraryNeeds needs =
        needs_of("void sys_old(void); void plain(void); void f(void){sys_old(); plain();}",
                 {"libsys.so.1", "libplain.so.2"});
    EXPECT_THAT(shown(answer_in_root(needs, root(), "bookworm")),
                ElementsAre("libplain.so.2: libplain2 (>= 1.9)", "libsys.so.1: libsys1 (>= 1.0)"));

    // Another suite has the same library in a package of another name.
    const std::string architecture = DependsTest::architecture();
    put("var/lib/dpkg/status",
        package("libsys1t64", "1:3.0-1", "Multi-Arch: same\n") + package("libplain2", "2.0-1"));
    for (const char* member : {".list", ".symbols"}) {
        std::string text =
            read_file(root() / ("var/lib/dpkg/info/libsys1:" + architecture + member)).value();
        for (auto at = text.find("libsys1 "); at != std::string::npos; at = text.find("libsys1 "))
            text.replace(at, 8, "libsys1t64 ");
        put("var/lib/dpkg/info/libsys1t64:" + architecture + member, text);
    }
    EXPECT_THAT(
        shown(answer_in_root(needs, root(), "trixie")),
        ElementsAre("libplain.so.2: libplain2 (>= 1.9)", "libsys.so.1: libsys1t64 (>= 1.0)"));
}

TEST_F(SuiteAnswerTest, ALibraryThatASuiteHasNotIsNamed) {
    const LibraryNeeds needs = needs_of("void bare(void); void f(void){bare();}", {"libbare.so.3"});
    fs::remove(root() / directory().substr(1) / "libbare.so.3");
    EXPECT_THAT(shown(answer_in_root(needs, root(), "forky")),
                ElementsAre("libbare.so.3: forky has no package with it, and "
                            "/opt/venvs/hello/lib/a.so needs libbare.so.3",
                            "PYTHON_LIBRARIES BUNDLED, where it is the interpreter's; else a "
                            "package a suite: write a space in place of the + before forky"));
}

TEST_F(SuiteAnswerTest, AHostsPythonThatASuiteHasNotIsRefused) {
    LibraryNeeds needs;
    needs.interpreter = "/usr/bin/python3.11";
    put("usr/bin/python3.11", "");
    EXPECT_THAT(shown(answer_in_root(needs, root(), "bookworm")),
                ElementsAre("/usr/bin/python3.11: python3.11 (>= 3.11.2)"));
    fs::remove(root() / "usr/bin/python3.11");
    EXPECT_THAT(shown(answer_in_root(needs, root(), "trixie")),
                ElementsAre("PYTHON SYSTEM: trixie has no /usr/bin/python3.11: one package for "
                            "several suites cannot use a Python that is another in each",
                            "PYTHON BUNDLED, or a package a suite"));
}

}  // namespace
}  // namespace dba
