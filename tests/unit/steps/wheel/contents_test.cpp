#include "steps/wheel/contents.hpp"

#include <gmock/gmock.h>

#include "support/venv_fixture.hpp"

namespace dba::steps {

using dba::testing::said;

namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class Contents : public dba::testing::EnvironmentTest {
 protected:
    // A wheel that holds these files, as far as its RECORD is concerned.
    WheelContents compared(const std::vector<std::string>& wheel,
                           const std::vector<std::string>& requirements = {}) {
        std::string record;
        for (const auto& path : wheel) record += path + ",,\n";
        shop_.directory.write("info/RECORD", record + "hello-1.dist-info/RECORD,,\n");
        source_.directory = project_;
        const fs::path python = manifest_.python.executable;
        const auto found = compare_contents({manifest_, source_, backend_, requirements, python},
                                            shop_.directory.path() / "info", shop_.system);
        EXPECT_TRUE(found) << said(found.error());
        return found.value_or(WheelContents());
    }
    std::vector<std::string> lacking(const std::vector<std::string>& wheel) {
        std::vector<std::string> paths;
        for (const auto& file : compared(wheel).lacking) paths.push_back(file.path);
        return paths;
    }

    FetchedSource source_;
    std::string backend_ = "setuptools.build_meta";
};

TEST_F(Contents, NamesWhatIsBelowThePackages) {
    write_project({{"pyproject.toml", ""},
                   {"README.md", ""},
                   {"docs/index.html", ""},
                   {"src/hello/__init__.py", ""},
                   {"src/hello/schema/order.json", ""},
                   {"src/hello/sub/__init__.py", ""},
                   {"src/hello/tests/test_hello.py", ""},
                   {"src/hello/fast.c", ""},
                   {"src/hello/fast.py", ""},
                   {"src/hello/.hidden", ""},
                   {"src/hello/plugin/pyproject.toml", ""},
                   {"src/hello/plugin/plugin.py", ""},
                   {"tools/hello/__init__.py", ""}});
    const std::vector<std::string> wheel{"hello/__init__.py", "hello/fast.cpython-311.so"};
    EXPECT_THAT(compared(wheel).lacking,
                ElementsAre(LackingFile{"src/hello/schema/order.json",
                                        "setuptools packs data that package-data or MANIFEST.in "
                                        "names"},
                            LackingFile{"src/hello/sub/__init__.py",
                                        "setuptools was told of packages, and not of this one"}));
    backend_ = "hatchling.build";
    EXPECT_THAT(lacking({"hello-1.data/purelib/hello/__init__.py", "hello/fast.so"}),
                ElementsAre("src/hello/schema/order.json", "src/hello/sub/__init__.py"));
    manifest_.exclude = {"*.json", "sub"};
    EXPECT_THAT(lacking(wheel), IsEmpty());
    manifest_.exclude.clear();
    EXPECT_THAT(lacking({"other.py"}), IsEmpty());
}

TEST_F(Contents, ANamespaceMayHaveOthers) {
    write_project({{"pyproject.toml", ""},
                   {"src/company/web/__init__.py", ""},
                   {"src/company/web/page.html", ""},
                   {"src/company/worker/__init__.py", ""}});
    EXPECT_THAT(lacking({"company/web/__init__.py"}), ElementsAre("src/company/web/page.html"));
}

TEST_F(Contents, ALinkIsThereWhenWhatItLeadsToIs) {
    write_project(
        {{"pyproject.toml", ""}, {"hello/__init__.py", ""}, {"lib/shared/words.txt", ""}});
    fs::create_directory_symlink("../lib/shared", project_ / "hello/shared");
    EXPECT_THAT(lacking({"hello/__init__.py", "hello/shared/words.txt"}), IsEmpty());
    EXPECT_THAT(lacking({"hello/__init__.py"}), ElementsAre("hello/shared"));
}

TEST_F(Contents, PreparedFilesThatGitHidesAreAdded) {
    write_project({{".gitignore", "__pycache__/\nhello/static/\n*.map\n"},
                   {"hello/__init__.py", ""},
                   {"hello/static/app.css", ""},
                   {"hello/kept.map", ""},
                   {"hello/words.txt", ""}});
    source_.prepared = {"hello/static/app.css", "hello/words.txt"};
    backend_ = "hatchling.build";
    auto contents = compared({"hello/__init__.py"});
    EXPECT_THAT(contents.added, ElementsAre("hello/static/app.css"));
    EXPECT_THAT(contents.lacking,
                ElementsAre(LackingFile{"hello/kept.map",
                                        ".gitignore names it, which hatchling.build obeys"},
                            LackingFile{"hello/words.txt", ""}));
    // A backend that packs what git tracks leaves out all that is new.
    contents = compared({"hello/__init__.py"}, {"setuptools", "setuptools-scm>=8"});
    EXPECT_THAT(contents.added, ElementsAre("hello/static/app.css", "hello/words.txt"));
}

TEST_F(Contents, WhatIsAddedStandsInRecord) {
    auto files = project_files();
    files[".gitignore"] = "static/\n";
    files["hello/static/app.css"] = "body {}\n";
    // The backend packs everything below hello/ but what git ignores.
    files["backend.py"] +=
        "\nwalk = os.walk\nos.walk = lambda top: [\n"
        "    found for found in walk(top) if 'static' not in found[0]]\n";
    write_project(files);
    auto source = fetched();
    ASSERT_TRUE(source);
    source->prepared = {"hello/static/app.css"};
    const auto base = interpreter(manifest_, {}, shop_.system);
    ASSERT_TRUE(base) << said(base.error());
    const auto wheel = dba::steps::wheel(manifest_, {*source, *base}, shop_.system);
    ASSERT_TRUE(wheel) << said(wheel.error());
    EXPECT_THAT(shop_.log.lines,
                ::testing::Contains("wheel: put into the wheel, since PREPARE made it and the "
                                    "backend goes by git: hello/static/app.css"));
    EXPECT_THAT(*read_file(wheel->dist_info / "RECORD"),
                ::testing::HasSubstr("hello/static/app.css,sha256="));
    const auto locked = lock(manifest_, {*source, *base, *wheel}, shop_.system);
    ASSERT_TRUE(locked) << said(locked.error());
    const auto layers = install(manifest_, {*base, *locked, *wheel}, shop_.system);
    ASSERT_TRUE(layers) << said(layers.error());
    const std::string installed = manifest_.prefix + "/lib/python" + manifest_.python.version +
                                  "/site-packages/hello/static/app.css";
    EXPECT_NE(dba::testing::find_entry(layers->application.layers, installed), nullptr);
}

TEST_F(Contents, WheelCompleteMakesItAnError) {
    WheelContents contents;
    EXPECT_TRUE(judge_contents(contents, manifest_, shop_.system));
    contents.lacking = {
        {"hello/a.json", "it is so"}, {"hello/b.json", "it is so"}, {"hello/c", ""}};
    ASSERT_TRUE(judge_contents(contents, manifest_, shop_.system));
    EXPECT_THAT(
        shop_.log.lines,
        ElementsAre("warning: wheel: hello: its wheel lacks 3 files of the application's "
                    "packages\n  hello/c\n  hello/a.json, hello/b.json: it is so\n  remedy: "
                    "tell the build backend of them, or name those that nobody needs in "
                    "EXCLUDE"));
    manifest_.wheel_complete = true;
    const auto refused = judge_contents(contents, manifest_, shop_.system);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ExitCode::failed_check);
    EXPECT_EQ(said(refused.error()),
              "hello WHEEL_COMPLETE: its wheel lacks 3 files of the application's packages\n  "
              "hello/c\n  hello/a.json, hello/b.json: it is so (tell the build backend of them, or "
              "name those that nobody needs in EXCLUDE)");
}

}  // namespace
}  // namespace dba::steps
