#include "steps/wheel/place.hpp"

#include "support/fakes.hpp"

namespace dba::steps {
namespace {

using dba::testing::TemporaryDirectory;
using dba::testing::Workshop;

TEST(BuildPlace, IsInTheWorkDirectoryWhereNothingLiesAboveIt) {
    Workshop shop;
    fs::path directory;
    {
        const auto place = BuildPlace::open(shop.store, {});
        ASSERT_TRUE(place) << place.error().cause;
        directory = place->directory();
        EXPECT_EQ(directory.parent_path(), shop.store.work() / "tmp");
        EXPECT_TRUE(fs::is_directory(directory));
    }
    EXPECT_FALSE(fs::exists(directory));
}

TEST(BuildPlace, IsElsewhereWhereSomethingDoes) {
    Workshop shop;
    const TemporaryDirectory other, third;
    const fs::path above = shop.directory.write(".gitignore", "*\n");
    EXPECT_EQ(misleading_file_above(shop.store.work() / "tmp"), above);
    other.write("pyproject.toml", "");
    {
        const auto place = BuildPlace::open(shop.store, {other.path(), third.path()});
        ASSERT_TRUE(place) << place.error().cause;
        EXPECT_EQ(place->directory().parent_path(), third.path());
    }
    EXPECT_TRUE(fs::is_empty(third.path()));
    const auto none = BuildPlace::open(shop.store, {other.path(), other.path() / "absent"});
    ASSERT_FALSE(none);
    EXPECT_EQ(none.error().cause,
              "there is no place to build in: build backends read " + above.string() + ", " +
                  (other.path() / "pyproject.toml").string() + ", which lie above each");
}

}  // namespace
}  // namespace dba::steps
