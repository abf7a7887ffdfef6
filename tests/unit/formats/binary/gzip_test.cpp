#include "formats/binary/gzip.hpp"

#include <gtest/gtest.h>

#include "support/fakes.hpp"
#include "support/formats.hpp"

namespace dba {
namespace {

TEST(Gzip, IsWhatTheProgramReads) {
    testing::Workshop workshop;
    const std::string text(100000, 'x');
    const auto completed = workshop.processes.run(
        Command{{"gzip", "-dc"}, {{"PATH", "/usr/bin:/bin"}}, "/", gzip(text)});
    ASSERT_TRUE(completed.has_value());
    EXPECT_EQ(completed->out, text);
    EXPECT_EQ(gzip(text).substr(0, 10), std::string("\x1f\x8b\x08\0\0\0\0\0\x02\x03", 10));
}

TEST(Gzip, GunzipGivesBackWhatWasCompressed) {
    std::string text;
    for (int i = 0; i < 200000; ++i) text += static_cast<char>(i * i % 251);
    EXPECT_EQ(gunzip(gzip(text)).value(), text);
    EXPECT_EQ(gunzip(gzip("")).value(), "");
}

TEST(Gzip, GunzipRefusesWhatIsNoWholeMember) {
    const std::string whole = gzip("text");
    for (const std::string& bad : {std::string(), std::string("text"), whole + "x", whole + whole,
                                   whole.substr(0, whole.size() - 1)})
        EXPECT_EQ(test::error_of(gunzip(bad)), "gzip: not one whole gzip member; ") << bad.size();
}

}  // namespace
}  // namespace dba
