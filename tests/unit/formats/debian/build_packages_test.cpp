#include "formats/debian/build_packages.hpp"

#include <gtest/gtest.h>

namespace dba {
namespace {

TEST(BuildPackages, AreFoundByWhatABuildLooksFor) {
    EXPECT_EQ(build_package(BuildFile::header, "libpq-fe.h"), "libpq-dev");
    EXPECT_EQ(build_package(BuildFile::header, "openssl/ssl.h"), "libssl-dev");
    EXPECT_EQ(build_package(BuildFile::header, "mysql/mysql.h"), "default-libmysqlclient-dev");
    EXPECT_EQ(build_package(BuildFile::header, "freetype2/ft2build.h"), "libfreetype-dev");
    // By its own name before a directory.
    EXPECT_EQ(build_package(BuildFile::header, "sys/capability.h"), "libcap-dev");
    EXPECT_EQ(build_package(BuildFile::header, "boost/python.hpp"), "libboost-python-dev");
    EXPECT_EQ(build_package(BuildFile::header, "boost/optional.hpp"), "libboost-dev");
    EXPECT_EQ(build_package(BuildFile::header, "my/own.h"), "");
    EXPECT_EQ(build_package(BuildFile::library, "xml2"), "libxml2-dev");
    EXPECT_EQ(build_package(BuildFile::library, "zlib"), "zlib1g-dev");
    EXPECT_EQ(build_package(BuildFile::program, "pg_config"), "libpq-dev");
    EXPECT_EQ(build_package(BuildFile::program, "x86_64-linux-gnu-gcc"), "gcc");
    EXPECT_EQ(build_package(BuildFile::program, "Ninja"), "ninja-build");
    EXPECT_EQ(build_package(BuildFile::pkg_config, "libxml-2.0"), "libxml2-dev");
    EXPECT_EQ(build_package(BuildFile::cmake_package, "Eigen3"), "libeigen3-dev");
    EXPECT_EQ(build_package(BuildFile::cmake_package, ""), "");
}

}  // namespace
}  // namespace dba
