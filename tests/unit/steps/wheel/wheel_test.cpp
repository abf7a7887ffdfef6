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

}  // namespace
}  // namespace dba::steps
