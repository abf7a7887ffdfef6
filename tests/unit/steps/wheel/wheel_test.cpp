#include "steps/wheel/wheel.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "support/venv_fixture.hpp"

namespace dba::steps {

using dba::testing::said;

namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

using Wheel = dba::testing::EnvironmentTest;

TEST_F(Wheel, SaysWhatTheApplicationIs) {
    const auto wheel = built();
    ASSERT_TRUE(wheel) << said(wheel.error());
    EXPECT_EQ(wheel->file.filename(), "hello-1.0-py3-none-any.whl");
    EXPECT_EQ(wheel->file.parent_path().parent_path(), shop_.store.work() / "wheel");
    EXPECT_EQ(wheel->digest.size(), 64U);
    EXPECT_EQ(wheel->metadata.name, "hello");
    EXPECT_EQ(wheel->metadata.version, "1.0");
    EXPECT_THAT(wheel->metadata.requires_dist, ElementsAre("greet", "shout ; extra == 'loud'"));
    EXPECT_THAT(wheel->metadata.provides_extra, ElementsAre("loud"));
    EXPECT_THAT(wheel->entry_points,
                ElementsAre(EntryPoint{"console_scripts", "hello", "hello:main"}));
    EXPECT_TRUE(fs::exists(wheel->dist_info / "RECORD"));
}

TEST_F(Wheel, IsBuiltWhenItsSourceChanges) {
    const auto wheel = built();
    ASSERT_TRUE(wheel) << said(wheel.error());
    const int made = shop_.store.made();
    ASSERT_TRUE(built());
    EXPECT_EQ(shop_.store.made(), made);
    shop_.directory.write("project/hello/__init__.py", "def main():\n    pass\n");
    const auto again = built();
    ASSERT_TRUE(again) << said(again.error());
    EXPECT_EQ(shop_.store.made(), made + 1);
    EXPECT_NE(again->digest, wheel->digest);
}

TEST_F(Wheel, TheBackendsWordsAreTheError) {
    write_project({{"pyproject.toml",
                    "[build-system]\nrequires = []\nbuild-backend = \"b\"\n"
                    "backend-path = [\".\"]\n"},
                   {"b.py", "def build_wheel(*_):\n    raise SystemExit('no, not today')\n"}});
    const auto refused = built();
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ExitCode::bad_input);
    EXPECT_EQ(refused.error().step, "wheel");
    EXPECT_EQ(
        said(refused.error()),
        "hello: its wheel cannot be built; b says:\nno, not today (`python3 -m build --wheel` "
        "in the project's folder shows the same)");
}

// A setup.py that needs more than it declares.
TEST_F(Wheel, BuildRequirementsAreAdded) {
    add_wheel("helper", "1.0", {{"helper.py", "SAID = 'helped'\n"}});
    auto files = project_files();
    files["backend.py"] = "import helper\n" + files["backend.py"];
    write_project(files);
    const auto refused = built();
    ASSERT_FALSE(refused);
    EXPECT_THAT(said(refused.error()),
                HasSubstr("(its build lacks the module helper, most likely of the distribution of "
                          "that name: BUILD_REQUIREMENTS helper)"));
    manifest_.build_requirements = {"helper>=1"};
    const auto wheel = built();
    ASSERT_TRUE(wheel) << said(wheel.error());
    // By its name, too.
    manifest_.build_requirements.clear();
    manifest_.build_requirements_of = {{"hello", {"helper"}}};
    ASSERT_TRUE(built());
    manifest_.build_requirements_of = {{"other", {"helper"}}};
    EXPECT_FALSE(built());
    // As uv does with what the project says of itself.
    manifest_.build_requirements_of.clear();
    files["pyproject.toml"] += "\n[tool.uv.extra-build-dependencies]\nHello = ['helper']\n";
    write_project(files);
    const auto own = built();
    EXPECT_TRUE(own) << said(own.error());

    manifest_.project.layout = Layout::folder;
    manifest_.project.layout_reason = "LAYOUT folder";
    manifest_.build_requirements = {"helper"};
    const auto folder = built();
    ASSERT_FALSE(folder);
    EXPECT_EQ(said(folder.error()),
              "BUILD_REQUIREMENTS helper: no build backend makes this application: it is shipped "
              "as it stands (LAYOUT folder) (leave them out, or say LAYOUT package)");
}

}  // namespace
}  // namespace dba::steps
