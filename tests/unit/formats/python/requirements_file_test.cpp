#include "formats/python/requirements_file.hpp"

#include <gmock/gmock.h>

namespace dba {
namespace {

using namespace std::literals;
using ::testing::ElementsAre;

std::string decoded(std::string_view bytes) {
    const auto text = requirements_text(bytes, "r.txt");
    return text ? *text : text.error().subject + ": " + text.error().cause;
}

TEST(RequirementsText, IsReadByItsMark) {
    EXPECT_EQ(decoded("\xef\xbb\xbfsix\n"), "six\n");
    EXPECT_EQ(decoded("\xff\xfes\0i\0x\0\n\0"sv), "six\n");
    EXPECT_EQ(decoded("\xfe\xff\0s\0i\0x"sv), "six");
    EXPECT_EQ(decoded("\xff\xfe\0\0s\0\0\0"sv), "s");
    EXPECT_EQ(decoded("\0\0\xfe\xff\0\0\0\xe9"sv), "\xc3\xa9");
    EXPECT_EQ(decoded("\xff\xfe\x3d\xd8\x0d\xde"sv), "\xf0\x9f\x98\x8d");  // a surrogate pair
    EXPECT_EQ(decoded("# -*- coding: latin-1 -*-\n# \xe9\n"),
              "# -*- coding: latin-1 -*-\n# \xc3\xa9\n");
    EXPECT_EQ(decoded("# caf\xc3\xa9\nsix"), "# caf\xc3\xa9\nsix");
}

TEST(RequirementsText, SaysWhatIsNone) {
    EXPECT_EQ(decoded("six # \xe9\n"), "r.txt: is not valid UTF-8");
    EXPECT_EQ(decoded("\xff\xfes"), "r.txt: is not valid UTF-16");
    EXPECT_EQ(decoded("\xff\xfe\x0d\xde"sv), "r.txt: is not valid UTF-16");
    EXPECT_EQ(decoded("# coding: cp1251\n"), "r.txt: says that it is in cp1251, which is not read");
}

TEST(RequirementsRows, AreJoinedAsPipDoes) {
    std::vector<std::string> rows;
    for (const auto& row : requirements_rows("fl\\\nask==3 \\\r\n  --hash=a # why\n\n# x \\\nsix\n"
                                             "url#egg=x\nlast \\\n# ends it\nmore\\\n"))
        rows.push_back(std::to_string(row.number) + " " + row.text + "|" + row.remark);
    EXPECT_THAT(rows, ElementsAre("1 flask==3   --hash=a|why", "6 six|", "7 url#egg=x|",
                                  "8 last|ends it", "10 more|"));
}

std::string words(const std::string& row) {
    const auto parsed = requirements_words(row, "r.txt:1");
    if (!parsed) return parsed.error().subject + ": " + parsed.error().cause;
    std::string text = parsed->requirement;
    for (const auto& option : parsed->options)
        text += " <" + option.name + "|" + option.value + ">";
    return text;
}

TEST(RequirementsWords, AreARequirementAndItsOptions) {
    EXPECT_EQ(words("a-b >= 1 ; os_name == 'x' --hash=sha256:1 --hash sha256:2"),
              "a-b >= 1 ; os_name == 'x' <--hash|sha256:1> <--hash|sha256:2>");
    EXPECT_EQ(words("-i https://x/simple --pre -f 'a dir' --no-binary=:all:"),
              " <--index-url|https://x/simple> <--pre|> <--find-links|a dir> <--no-binary|:all:>");
    EXPECT_EQ(words("-e ./lib[x] ; os_name == 'posix'"),
              " <--editable|./lib[x] ; os_name == 'posix'>");
    EXPECT_EQ(words("-e './my lib' ; os_name == 'posix'"),
              " <--editable|./my lib ; os_name == 'posix'>");
    EXPECT_EQ(words("--editable=\"./my lib\""), " <--editable|./my lib>");
    EXPECT_EQ(words("-e .'lib#egg=x"), " <--editable|.lib#egg=x>");
    EXPECT_EQ(words("x==1 -C a=b --config-setting=c=d"),
              "x==1 <--config-settings|a=b> <--config-settings|c=d>");
    EXPECT_EQ(words("-rother.txt"), " <--requirement|other.txt>");
    EXPECT_EQ(words("--no-such x"), "r.txt:1: --no-such is no option of a requirements file");
    EXPECT_EQ(words("--find-links"), "r.txt:1: --find-links lacks its value");
}

}  // namespace
}  // namespace dba
