#include "system/debian/dpkg.hpp"

#include <gtest/gtest.h>

#include <optional>

#include "support/temporary.hpp"
#include "system/files/files.hpp"

namespace dba {
namespace {

class Dpkg : public Temporary {
 protected:
    void SetUp() override {
        Temporary::SetUp();
        add("status",
            "Package: dpkg\nStatus: install ok installed\nArchitecture: amd64\nVersion: 1.21.22\n\n"
            "Package: zlib1g\nStatus: install ok installed\nArchitecture: amd64\n"
            "Multi-Arch: same\nSource: zlib\nVersion: 1:1.2.13.dfsg-1\nProvides: libz1 (= 1.2)\n\n"
            "Package: mawk\nStatus: install ok installed\nArchitecture: amd64\nVersion: 1.3\n"
            "Provides: awk\n\n"
            "Package: gone\nStatus: deinstall ok config-files\nArchitecture: amd64\nVersion: 1\n");
        add("info/zlib1g:amd64.list", "/.\n/lib\n/lib/x86_64-linux-gnu/libz.so.1\n");
        add("info/zlib1g:amd64.shlibs", "libz 1 zlib1g (>= 1:1.1.4)\n");
        add("info/mawk.list", "/usr/bin/mawk\n");
        auto opened = DpkgDatabase::open(root());
        ASSERT_TRUE(opened) << opened.error().cause;
        database = std::move(*opened);
    }
    void add(const std::string& name, const std::string& bytes) {
        put("var/lib/dpkg/" + name, bytes);
    }
    bool holds(const std::string& relation) {
        return database->satisfies((*parse_relations(relation))[0][0]);
    }
    std::optional<DpkgDatabase> database;
};

TEST_F(Dpkg, KnowsWhatIsInstalled) {
    EXPECT_EQ(database->architecture(), "amd64");
    ASSERT_NE(database->find("zlib1g"), nullptr);
    EXPECT_EQ(database->find("zlib1g")->source, "zlib");
    EXPECT_EQ(database->find("gone"), nullptr);
}

TEST_F(Dpkg, FollowsDependencies) {
    add("status",
        "Package: dpkg\nStatus: install ok installed\nArchitecture: amd64\nVersion: 1\n\n"
        "Package: app\nStatus: install ok installed\nArchitecture: amd64\nVersion: 2\n"
        "Pre-Depends: libc6\nDepends: gone | libz1 (>= 1), round (>= 9)\n\n"
        "Package: libc6\nStatus: install ok installed\nArchitecture: amd64\nVersion: 3\n\n"
        "Package: zlib1g\nStatus: install ok installed\nArchitecture: amd64\nVersion: 4\n"
        "Provides: libz1 (= 1.2)\nDepends: round\n\n"
        "Package: round\nStatus: install ok installed\nArchitecture: amd64\nVersion: 5\n"
        "Depends: app\n");
    const auto installed = DpkgDatabase::open(root());
    ASSERT_TRUE(installed) << installed.error().cause;
    const auto names = [&](const char* relations) {
        std::set<std::string> found;
        for (const InstalledPackage* one : installed->closure(*parse_relations(relations)))
            found.insert(one->name);
        return found;
    };
    EXPECT_EQ(names("app"), (std::set<std::string>{"app", "libc6", "round", "zlib1g"}));
    EXPECT_EQ(names("app (>= 3), libc6"), (std::set<std::string>{"libc6"}));
    EXPECT_EQ(names(""), std::set<std::string>{});
}

TEST_F(Dpkg, JudgesRelations) {
    EXPECT_TRUE(holds("zlib1g"));
    EXPECT_TRUE(holds("zlib1g:any (>= 1:1.2)"));
    EXPECT_FALSE(holds("zlib1g (>= 1:1.3)"));
    EXPECT_TRUE(holds("awk"));
    EXPECT_FALSE(holds("awk (>= 1)")) << "an unversioned Provides has no version";
    EXPECT_TRUE(holds("libz1 (>= 1.1)"));
    EXPECT_FALSE(holds("gone"));
    EXPECT_TRUE(holds("nowhere [i386]"));
    EXPECT_FALSE(holds("nowhere [!i386]"));
}

TEST_F(Dpkg, FindsOwnersInBothFormsOfMergedUsr) {
    for (const char* path :
         {"/lib/x86_64-linux-gnu/libz.so.1", "/usr/lib/x86_64-linux-gnu/libz.so.1"}) {
        ASSERT_NE(database->owner(path), nullptr) << path;
        EXPECT_EQ(database->owner(path)->name, "zlib1g");
    }
    EXPECT_EQ(database->owner("/bin/mawk")->name, "mawk");
    EXPECT_EQ(database->owner("/usr/bin/nothing"), nullptr);
    EXPECT_EQ(*database->info(*database->find("zlib1g"), "shlibs"), "libz 1 zlib1g (>= 1:1.1.4)\n");
    EXPECT_FALSE(database->info(*database->find("zlib1g"), "symbols"));
}

TEST_F(Dpkg, ARootWithoutDpkgIsNamed) {
    const fs::path empty = root() / "empty";
    const auto opened = DpkgDatabase::open(empty);
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().cause,
              "is no Debian root: " + empty.string() + "/var/lib/dpkg/status cannot be read");
}

}  // namespace
}  // namespace dba
