#include "formats/debian/source_line.hpp"

#include <gmock/gmock.h>

namespace dba {
namespace {

using ::testing::ElementsAre;

std::string refusal(const std::string& line) {
    const auto checked = check_source_line(line, "SUITE_MIRROR kali");
    if (checked) return "";
    return checked.error().subject + ": " + checked.error().cause + "; " + checked.error().hint;
}

TEST(SourceLine, IsOneOfSourcesList) {
    for (const char* line :
         {"deb http://deb.example.org/debian trixie main",
          "deb https://h/debian trixie main contrib",
          "deb [arch=amd64,arm64 signed-by=/usr/share/keyrings/k.gpg] http://h/k kali-rolling main",
          "deb [trusted=yes]  http://127.0.0.1:8000/flat ./", "deb mirror+http://h/list sid main"})
        EXPECT_EQ(refusal(line), "") << line;
    for (const std::string line :
         {"", "http://h/debian", "deb http://h/debian", "deb-src http://h/debian trixie main",
          "-deb http://h/debian trixie main", "deb h/debian trixie main",
          "deb [trusted=yes http://h/debian trixie main"})
        EXPECT_EQ(refusal(line), "SUITE_MIRROR kali \"" + line +
                                     "\": is not a line of sources.list(5); like \"deb "
                                     "http://deb.example.org/debian trixie main\"");
}

TEST(SourceLine, NoPasswordsAndNoDirectories) {
    EXPECT_EQ(refusal("deb https://me:secret@h/debian trixie main"),
              "SUITE_MIRROR kali: has a URL with credentials, which would be written into files; "
              "leave them out: name a mirror that asks for none, or one that http_proxy leads to");
    for (const std::string scheme : {"file:", "copy:", "cdrom:"})
        EXPECT_EQ(refusal("deb [trusted=yes] " + scheme + "///srv/debian trixie main"),
                  "SUITE_MIRROR kali \"deb [trusted=yes] " + scheme +
                      "///srv/debian trixie main\": is a directory of this machine, which nobody "
                      "sees inside a root; serve it, for example on http://127.0.0.1:8000/");
}

TEST(SourceLine, NamesItsKeyrings) {
    EXPECT_THAT(keyrings_of("deb http://h/debian trixie main"), ElementsAre());
    EXPECT_THAT(keyrings_of("deb [signed-by=/k/a.gpg] http://h/debian trixie main"),
                ElementsAre("/k/a.gpg"));
    EXPECT_THAT(
        keyrings_of("deb [arch=amd64 signed-by=/k/a.gpg,/k/b.asc trusted=yes] http://h x y"),
        ElementsAre("/k/a.gpg", "/k/b.asc"));
    EXPECT_THAT(keyrings_of("deb [signed-by=DEADBEEF] http://h x y"), ElementsAre());
}

}  // namespace
}  // namespace dba
