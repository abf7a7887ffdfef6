#include "formats/text/text.hpp"

#include <gmock/gmock.h>

namespace dba::text {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(Text, ClassesAreOfAsciiAlone) {
    EXPECT_TRUE(all_of("azAZ09", is_alnum));
    EXPECT_FALSE(is_alnum('\xe4'));
    EXPECT_FALSE(is_alnum('_'));
    EXPECT_TRUE(all_of("09afAF", is_hex));
    EXPECT_FALSE(is_hex('g'));
    EXPECT_EQ(hex_value('9'), 9);
    EXPECT_EQ(hex_value('a'), 10);
    EXPECT_EQ(hex_value('F'), 15);
    EXPECT_EQ(hex_value('x'), -1);
    EXPECT_EQ(to_upper('z'), 'Z');
    EXPECT_EQ(to_upper('1'), '1');
    EXPECT_TRUE(all_of("", is_digit));
}

TEST(Text, HexIsTwoSmallDigitsAByte) {
    EXPECT_EQ(hex(std::string_view("\0\x0f\xff", 3)), "000fff");
    EXPECT_EQ(hex(""), "");
}

TEST(Text, OneThingIsNotSeveral) {
    EXPECT_EQ(counted(0, "file"), "0 files");
    EXPECT_EQ(counted(1, "file"), "1 file");
    EXPECT_EQ(counted(2, "more time"), "2 more times");
}

TEST(Paths, AreTakenApartAtTheLastSlash) {
    EXPECT_EQ(file_name("/usr/bin/python3"), "python3");
    EXPECT_EQ(file_name("python3"), "python3");
    EXPECT_EQ(file_name("/usr/bin/"), "");
    EXPECT_EQ(directory_name("/usr/bin/python3"), "/usr/bin");
    EXPECT_EQ(directory_name("/python3"), "/");
    EXPECT_EQ(directory_name("python3"), "");
}

TEST(Paths, LieBelowADirectoryByWholeNames) {
    EXPECT_TRUE(is_below("/opt/app/bin", "/opt/app"));
    EXPECT_FALSE(is_below("/opt/app-2/bin", "/opt/app"));
    EXPECT_FALSE(is_below("/opt/app", "/opt/app"));
    EXPECT_FALSE(is_below("/opt", "/opt/app"));
    EXPECT_TRUE(is_below("/opt", "/"));
    EXPECT_FALSE(is_below("/", "/"));
    EXPECT_TRUE(is_within("/opt/app", "/opt/app"));
    EXPECT_TRUE(is_within("/opt/app/bin", "/opt/app"));
    EXPECT_FALSE(is_within("/opt/app-2", "/opt/app"));
}

TEST(Paths, APathHasNoEmptyDirectories) {
    EXPECT_THAT(search_path("/usr/bin::/bin:"), ElementsAre("/usr/bin", "/bin"));
    EXPECT_THAT(search_path(""), IsEmpty());
}

TEST(Urls, EscapeWhatIsNotUnreserved) {
    EXPECT_EQ(percent_encoded("/a b\xc3\xa4~", "/"), "/a%20b%C3%A4~");
    EXPECT_EQ(percent_encoded("/\xc3", "", false), "%2f%c3");
    EXPECT_EQ(percent_decoded("a%20b%C3%a4"), "a b\xc3\xa4");
    EXPECT_EQ(percent_decoded("100%"), "100%");
    EXPECT_EQ(percent_decoded("%2"), "%2");
    EXPECT_EQ(percent_decoded("%zz"), "%zz");
}

TEST(Urls, OfFilesAndTheirPaths) {
    EXPECT_EQ(file_url("/srv/my app+1"), "file:///srv/my%20app+1");
    EXPECT_EQ(path_of_file_url("file:///srv/my%20app+1"), "/srv/my app+1");
    EXPECT_EQ(path_of_file_url("file://localhost/srv/app"), "/srv/app");
    EXPECT_EQ(path_of_file_url("file:///srv/app#subdirectory=lib"), "/srv/app");
    EXPECT_EQ(path_of_file_url("/srv/a%20b#c"), "/srv/a%20b#c");
}

}  // namespace
}  // namespace dba::text
