// Two packages by our own writer that differ in one thing each, and the words for it.
#include "deb/difference.hpp"

#include <gmock/gmock.h>

#include "support/packers_fixture.hpp"
#include "system/files/tree.hpp"

namespace dba::packers {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class DebDifferences : public PackerTest {
 protected:
    fs::path pack(const std::string& name, const Manifest& declared = manifest()) {
        layers[0] = seal_layer(top() / "layer", "application").value();
        layers[1] = seal_layer(top() / "host", "host").value();
        const fs::path output = top() / (name + ".deb");
        EXPECT_TRUE(pack_layered({declared, layers, debian()}, scratch(), output, workshop.store));
        return output;
    }
    std::vector<std::string> told(const fs::path& a, const fs::path& b) {
        std::vector<std::string> lines;
        const auto found = deb::deb_differences(a, b);
        EXPECT_TRUE(found) << found.error().cause;
        if (found)
            for (const auto& one : *found) lines.push_back(one.path + ": " + one.nature);
        return lines;
    }
};

TEST_F(DebDifferences, NoneBetweenEqualBytes) {
    EXPECT_THAT(told(pack("a"), pack("b")), IsEmpty());
}

TEST_F(DebDifferences, CausesComeBeforeEffects) {
    const fs::path site = top() / "layer/tree/opt/venvs/hello/lib/site";
    write(site / "a-1.dist-info/RECORD", "one");
    write(site / "__pycache__/stamp.cpython-311.pyc", "one");
    write(site / "stamp.py", "one");
    const fs::path a = pack("a");
    write(site / "a-1.dist-info/RECORD", "two");
    write(site / "__pycache__/stamp.cpython-311.pyc", "two");
    write(site / "stamp.py", "two");
    const auto lines = told(a, pack("b"));
    ASSERT_EQ(lines.size(), 4U);
    EXPECT_EQ(lines[0], "/opt/venvs/hello/lib/site/stamp.py: contents");
    EXPECT_EQ(lines[1], "/opt/venvs/hello/lib/site/__pycache__/stamp.cpython-311.pyc: contents");
    EXPECT_EQ(lines[2], "/opt/venvs/hello/lib/site/a-1.dist-info/RECORD: contents");
    EXPECT_THAT(lines[3], ::testing::StartsWith("DEBIAN/md5sums: offset "));
}

TEST_F(DebDifferences, ModesKindsAndPaths) {
    const fs::path hello = top() / "layer/tree/opt/venvs/hello";
    const fs::path a = pack("a");
    ASSERT_EQ(::chmod((hello / "secret.conf").c_str(), 0600), 0);
    fs::remove(hello / "empty");
    fs::remove(hello / "lib64");
    fs::create_symlink("lib/", hello / "lib64");
    ASSERT_TRUE(make_directories(hello / "new"));
    EXPECT_THAT(told(a, pack("b")),
                ElementsAre("/opt/venvs/hello/empty: a directory, and nothing",
                            "/opt/venvs/hello/lib64: a link to lib, and a link to lib/",
                            "/opt/venvs/hello/new: nothing, and a directory",
                            "/opt/venvs/hello/secret.conf: mode 0640, and 0600"));
}

TEST_F(DebDifferences, ControlFieldsAndScripts) {
    const fs::path a = pack("a");
    std::string control = control_text;
    control.replace(control.find("libc6"), 5, "libc7");
    write(debian() / "control", control);
    write(debian() / "postinst", "#!/bin/sh\nset -x\n");
    fs::remove(debian() / "triggers");
    EXPECT_THAT(told(a, pack("b")),
                ElementsAre("DEBIAN/control: field Depends: \"libc6 (>= 2.34), adduser\", and "
                            "\"libc7 (>= 2.34), adduser\"",
                            "DEBIAN/postinst: offset 15 of 17 and 17 bytes: "
                            "\"#!/bin/sh\\x0aset -e\\x0a\", and \"#!/bin/sh\\x0aset -x\\x0a\"",
                            "DEBIAN/triggers: a file, and nothing"));
}

TEST_F(DebDifferences, TimesAndCompression) {
    Manifest later = manifest();
    later.source_date_epoch += 1;
    const fs::path a = pack("a");
    const auto lines = told(a, pack("b", later));
    ASSERT_FALSE(lines.empty());
    EXPECT_EQ(lines.front(), "/: time 1700000000, and 1700000001");
    Manifest other = manifest();
    other.compression = Compression::gzip;
    EXPECT_THAT(told(a, pack("c", other)),
                ElementsAre("the .deb itself: members debian-binary control.tar.zst data.tar.zst, "
                            "and debian-binary control.tar.gz data.tar.gz"));
}

TEST(DescribeBytes, ShowsBothSidesOfTheFirstThatDiffers) {
    EXPECT_EQ(deb::describe_bytes("made at 12\n", "made at 13\n"),
              "offset 9 of 11 and 11 bytes: \"made at 12\\x0a\", and \"made at 13\\x0a\"");
    EXPECT_EQ(deb::describe_bytes("", "a"), "offset 0 of 0 and 1 bytes: \"\", and \"a\"");
}

}  // namespace
}  // namespace dba::packers
