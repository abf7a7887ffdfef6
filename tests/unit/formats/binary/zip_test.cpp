#include "formats/binary/zip.hpp"

#include <gtest/gtest.h>

namespace dba {
namespace {

std::string entry(const std::string& name) {
    std::string bytes("PK\x01\x02", 4);
    bytes.resize(46, '\0');
    bytes[28] = static_cast<char>(name.size());
    bytes[32] = 2;  // of comment
    return bytes + name + "--";
}

TEST(Zip, NamesAreReadToTheirEnd) {
    const std::string good = entry("a.py") + entry("b/c.py");
    EXPECT_EQ(name_with_nul(good), std::nullopt);
    const std::string odd = good + entry(std::string("x.py\0.txt", 9)) + entry("d");
    EXPECT_EQ(name_with_nul(odd), std::string("x.py\0.txt", 9));
    EXPECT_EQ(name_with_nul(""), std::nullopt);
    EXPECT_EQ(name_with_nul(good.substr(0, 47)), std::nullopt);
}

TEST(Zip, TheDirectoryIsFoundFromTheEnd) {
    std::string end("PK\x05\x06", 4);
    end.resize(22, '\0');
    end[12] = 100;
    const auto found = find_zip_directory("data" + end + "comment");
    ASSERT_TRUE(found);
    EXPECT_EQ(found->record, 4U);
    EXPECT_EQ(found->size, 100U);
    EXPECT_FALSE(find_zip_directory("data"));
    EXPECT_FALSE(find_zip_directory(end.substr(0, 21)));
    for (std::size_t i = 12; i < 16; ++i) end[i] = '\xff';
    EXPECT_FALSE(find_zip_directory(end)) << "zip64";
}

}  // namespace
}  // namespace dba
