#include "source/release.hpp"

#include <gmock/gmock.h>

namespace dba {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::string chosen(const std::vector<std::string>& tags, const Product& product,
                   const std::string& asked = {}) {
    const auto release = release_among(tags, product, asked);
    return release ? release->tag + " " + release->version : "none";
}

TEST(Release, IsTheOneThatIsAskedFor) {
    const std::vector<std::string> tags{"web-1.2.3", "worker-9.0.0"};
    const Product other{{"site"}, true};
    EXPECT_EQ(chosen(tags, other, "web-1.2.3"), "web-1.2.3 1.2.3");
    EXPECT_EQ(chosen(tags, other, "worker-9.0.0"), "worker-9.0.0 9.0.0");
    EXPECT_EQ(chosen(tags, other, "main"), "none") << "two products, and neither is this one";
}

TEST(Release, IsTheOneThatIsCalledAfterTheProduct) {
    const std::vector<std::string> tags{"v4.0", "web_app-1.2.3", "web-app/v1.3", "worker-9.0.0"};
    EXPECT_EQ(chosen(tags, {{"Web.App"}, false}), "web-app/v1.3 1.3") << "the highest of two";
    EXPECT_EQ(chosen(tags, {{"hello", "worker"}, false}), "worker-9.0.0 9.0.0");
    EXPECT_EQ(chosen(tags, {{"hello"}, false}), "v4.0 4.0") << "one for all";
    EXPECT_EQ(chosen({"services/web@2.0"}, {{"web"}, false}), "services/web@2.0 2.0");
}

TEST(Release, OfAnotherNameCountsAtTheTopAlone) {
    EXPECT_EQ(chosen({"stable-2.0"}, {{"hello"}, true}), "stable-2.0 2.0");
    EXPECT_EQ(chosen({"stable-2.0"}, {{"hello"}, false}), "none");
    EXPECT_EQ(chosen({"latest"}, {{"hello"}, true}), "none");
    EXPECT_EQ(chosen({}, {{"hello"}, true}), "none");
}

TEST(Release, OnesOwnAreCalledAfterItOrHaveNoName) {
    EXPECT_TRUE(has_own_releases({"worker-9.0.0", "v1.0"}, {{"hello"}, true}));
    EXPECT_TRUE(has_own_releases({"Hello-9.0.0"}, {{"hello"}, true}));
    EXPECT_FALSE(has_own_releases({"worker-9.0.0", "latest"}, {{"hello"}, true}));
}

TEST(ForeignTags, AreThoseOfOtherProducts) {
    const std::vector<std::string> tags{"latest", "v3.0", "web-1.0", "web-1.1", "worker-9.0.0"};
    EXPECT_THAT(foreign_tags(tags, {{"web"}, false}, "web"), ElementsAre("v3.0", "worker-9.0.0"));
    EXPECT_THAT(foreign_tags(tags, {{"web"}, false}, {}), ElementsAre("v3.0", "worker-9.0.0"));
    EXPECT_THAT(foreign_tags(tags, {{"hello"}, true}, ""),
                ElementsAre("web-1.0", "web-1.1", "worker-9.0.0"));
    EXPECT_THAT(foreign_tags(tags, {{"hello"}, true}, {}), IsEmpty()) << "nothing tells";
}

}  // namespace
}  // namespace dba
