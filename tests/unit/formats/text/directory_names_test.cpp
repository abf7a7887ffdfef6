#include "formats/text/directory_names.hpp"

#include <gtest/gtest.h>

namespace dba {
namespace {

TEST(DirectoryNames, TakesTheDirectoryOffEveryPath) {
    const DirectoryNames names({"/b/tmp/x"});
    EXPECT_EQ(names.without("prefix=/b/tmp/x/opt\nroot=/b/tmp/x\n"), "prefix=/opt\nroot=/\n");
    EXPECT_EQ(names.without("-I/b/tmp/x/include:/b/tmp/x/lib /b/tmp/x."), "-I/include:/lib /.");
    EXPECT_EQ(names.without("\"/b/tmp/x\", '/b/tmp/x/'"), "\"/\", '/'");
    EXPECT_EQ(names.without("file:///b/tmp/x/opt"), "file:///opt");
    EXPECT_EQ(names.moved("#!/b/tmp/x/opt/a, /b/tmp/x, \\/b\\/tmp\\/x\\/opt, /b/tmp/x-2", "/c/y"),
              "#!/c/y/opt/a, /c/y, \\/c\\/y\\/opt, /b/tmp/x-2");
}

TEST(DirectoryNames, LeavesOtherNamesAlone) {
    const DirectoryNames names({"/b/tmp/x"});
    for (const char* text : {"/b/tmp/xyz", "/b/tmp/x-2/a", "/b/tmp/x.old/a", "/b/tmp/x_1", "/b/tmp",
                             "/b/tmp/x\xc3\xa9", "/b/tmp/x~"}) {
        EXPECT_EQ(names.without(text), text);
        EXPECT_FALSE(names.find(text)) << text;
    }
}

TEST(DirectoryNames, KnowsHowFilesSpellThem) {
    const DirectoryNames names({"/a b/\xc3\xa9\"x"});
    EXPECT_EQ(names.without("/a b/\xc3\xa9\"x/opt"), "/opt");
    EXPECT_EQ(names.without("file:///a%20b/%C3%A9%22x/opt%20x"), "file:///opt%20x");
    EXPECT_EQ(names.without("u=%2Fa%20b%2F%C3%A9%22x%2Fopt&v=1"), "u=%2Fopt&v=1");
    EXPECT_EQ(names.without(R"(cd /a\ b/)"
                            "\xc3\xa9"
                            R"(\"x/opt)"),
              "cd /opt");
    EXPECT_EQ(names.without(R"({"d": "/a b/\u00e9\"x/opt", "e": "/a b/\u00e9\"x"})"),
              R"({"d": "/opt", "e": "/"})");
    EXPECT_EQ(names.without(R"({"d": "\/a b\/\u00e9\"x\/opt", "e": "\/a b\/\u00e9\"x"})"),
              R"({"d": "\/opt", "e": "\/"})");
    const DirectoryNames plain({"/b/tmp/x"});
    EXPECT_EQ(plain.without(R"("\/b\/tmp\/x\/opt" %2Fb%2Ftmp%2Fx%2Fopt)"), R"("\/opt" %2Fopt)");
}

TEST(DirectoryNames, TellsWhichAndWhere) {
    const DirectoryNames names({"/b/tmp/x", "/real/b/tmp/x"});
    const auto found = names.find("in /real/b/tmp/x/y");
    ASSERT_TRUE(found);
    EXPECT_EQ(found->directory, "/real/b/tmp/x");
    EXPECT_EQ(found->offset, 3U);
    EXPECT_EQ(names.without("in /real/b/tmp/x/y and /b/tmp/x"), "in /y and /");
}

}  // namespace
}  // namespace dba
