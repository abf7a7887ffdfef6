#include "formats/debian/library_packages.hpp"

#include <gmock/gmock.h>

namespace dba {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(LibraryPackages, AreNamedAfterTheSoname) {
    EXPECT_THAT(library_packages("libmagic.so.1"), ElementsAre("libmagic1t64", "libmagic1"));
    EXPECT_THAT(library_packages("libX11.so.6"), ElementsAre("libx11-6t64", "libx11-6"));
    EXPECT_THAT(library_packages("libgssapi_krb5.so.2"),
                ElementsAre("libgssapi-krb5-2t64", "libgssapi-krb5-2"));
    EXPECT_THAT(library_packages("libldap-2.5.so.0"),
                ElementsAre("libldap-2.5-0t64", "libldap-2.5-0"));
    EXPECT_THAT(library_packages("libdb-5.3.so"), ElementsAre("libdb-5.3t64", "libdb-5.3"));
    for (const char* other : {"libfoo.so", "libfoo", "", ".so.1", "libfoo.so.", "libfoo.sox"})
        EXPECT_THAT(library_packages(other), IsEmpty()) << other;
}

TEST(LibraryPackages, HaveALibraryInOneVersion) {
    EXPECT_TRUE(is_library_package("libmagic1", "magic"));
    EXPECT_TRUE(is_library_package("libmagic1t64", "magic"));
    EXPECT_TRUE(is_library_package("libgdal36", "gdal"));
    EXPECT_TRUE(is_library_package("libusb-1.0-0", "usb-1.0"));
    EXPECT_TRUE(is_library_package("libenchant-2-2", "enchant-2"));
    EXPECT_TRUE(is_library_package("libssl1.1", "ssl"));
    EXPECT_TRUE(is_library_package("libharfbuzz0b", "harfbuzz"));
    EXPECT_TRUE(is_library_package("libmediainfo0v5", "mediainfo"));
    EXPECT_FALSE(is_library_package("libmagic-dev", "magic"));
    EXPECT_FALSE(is_library_package("libmagic-mgc", "magic"));
    EXPECT_FALSE(is_library_package("libmagic", "magic"));
    EXPECT_FALSE(is_library_package("libusb-1.00", "usb-1.0"));
    EXPECT_FALSE(is_library_package("libmagics++3", "magic"));
}

}  // namespace
}  // namespace dba
