#include "steps/fetch/prepared.hpp"

#include <gmock/gmock.h>

#include "support/fakes.hpp"

namespace dba::steps {
namespace {

using ::testing::ElementsAre;

TEST(Prepared, TellsWhatWasMadeChangedAndRemoved) {
    const dba::testing::TemporaryDirectory source;
    for (const char* name : {"kept.py", "changed.py", "gone.py", "mode.sh", "__pycache__/a.pyc"})
        source.write(name, "1");
    const auto before = file_states(source.path());
    ASSERT_TRUE(before);
    source.write("changed.py", "2");
    source.write("static/app.css", "3");
    source.write("__pycache__/b.pyc", "4");
    fs::permissions(source.path() / "mode.sh", fs::perms::owner_all);
    fs::remove(source.path() / "gone.py");
    fs::create_symlink("kept.py", source.path() / "link.py");
    const auto after = file_states(source.path());
    ASSERT_TRUE(after);
    EXPECT_THAT(made_or_changed(*before, *after),
                ElementsAre("changed.py", "link.py", "mode.sh", "static/app.css"));
    EXPECT_THAT(changed_or_gone(*before, *after), ElementsAre("changed.py", "gone.py", "mode.sh"));
}

TEST(Prepared, IsKeptAsBytes) {
    const dba::testing::TemporaryDirectory directory;
    const fs::path file = directory.path() / "prepared.json";
    ASSERT_TRUE(write_prepared(file, {"a b", "\xff.css"}));
    EXPECT_EQ(*read_prepared(file), (std::vector<std::string>{"a b", "\xff.css"}));
    directory.write("prepared.json", "{");
    EXPECT_EQ(read_prepared(file).error().cause, "is damaged");
}

}  // namespace
}  // namespace dba::steps
