#include "steps/render/licences.hpp"

#include <gtest/gtest.h>

#include "support/temporary.hpp"

namespace dba::steps {
namespace {

class Licences : public Temporary {
 protected:
    void add(const std::string& path, const std::string& bytes) {
        put("layer/tree" + path, bytes);
        layer.entries.push_back({.path = path, .kind = EntryKind::file, .mode = 0644});
    }
    std::string found() {
        layer.directory = root() / "layer";
        const auto text = licences_of_application(manifest, {layer});
        return text ? *text : text.error().cause;
    }
    Manifest manifest;
    Layer layer;
};

TEST_F(Licences, AreThoseOfTheApplicationsOwnDistribution) {
    manifest.project.name = "he.llo-app";
    const std::string site = "/opt/venvs/x/lib/python3.11/site-packages/";
    EXPECT_EQ(found(), "");
    add(site + "he_llo_app-1.0.dist-info/COPYING", "old place");
    add(site + "he_llo_app-1.0.dist-info/licenses/deep/LICENSE.txt", "new place\n");
    add(site + "he_llo_app-1.0.dist-info/METADATA", "no licence");
    add(site + "greet-2.0.dist-info/LICENSE", "another's");
    add(site + "hello/LICENSE", "a file of the package");
    EXPECT_EQ(found(), "old place\n\nnew place\n");
}

TEST(LicenceText, IsUtf8OrTakenForLatin1) {
    EXPECT_EQ(as_utf8("Copyright \xc2\xa9 2026 \xe2\x82\xac"),
              "Copyright \xc2\xa9 2026 \xe2\x82\xac");
    EXPECT_EQ(as_utf8("Copyright \xa9 2026"), "Copyright \xc2\xa9 2026");
    EXPECT_EQ(as_utf8("cut \xe2\x82"), "cut \xc3\xa2\xc2\x82");
    EXPECT_EQ(as_utf8(""), "");
}

}  // namespace
}  // namespace dba::steps
