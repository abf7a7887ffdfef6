#include "python/remedy.hpp"

#include <gtest/gtest.h>

#include "support/fakes.hpp"

namespace dba {
namespace {

class Remedy : public ::testing::Test {
 protected:
    Remedy() { manifest_.python.version = "3.12"; }
    std::string of(const std::string& output, const std::string& distribution = "") {
        return remedy_for({output, distribution, directory_.path() / "app"}, manifest_,
                          directory_.path() / "lists")
            .value_or("none");
    }
    static std::string module(const std::string& name) {
        return "ModuleNotFoundError: No module named '" + name + "'\n";
    }

    testing::TemporaryDirectory directory_;
    Manifest manifest_;
};

TEST_F(Remedy, EndsInTheLineToAdd) {
    EXPECT_EQ(of(module("pkg_resources")),
              "its build lacks the module pkg_resources: BUILD_REQUIREMENTS \"setuptools<81\"");
    EXPECT_EQ(of(module("yaml"), "Old_One"),
              "the build of Old_One lacks the module yaml: BUILD_REQUIREMENTS_OF old-one PyYAML");
    EXPECT_EQ(
        of(module("numpy.core")),
        "its build lacks the module numpy.core, most likely of the distribution of that name: "
        "BUILD_REQUIREMENTS numpy");
    EXPECT_EQ(of("error: invalid command 'bdist_wheel'\n", "old"),
              "the build of old needs wheel, which it does not declare: BUILD_REQUIREMENTS_OF old "
              "wheel");
    EXPECT_EQ(of("Could not find suitable distribution for Requirement.parse('setuptools_scm>=8')"),
              "its build needs setuptools_scm>=8, which it does not declare: BUILD_REQUIREMENTS "
              "\"setuptools_scm>=8\"");
    EXPECT_EQ(of("error in old setup command: use_2to3 is invalid.\n"),
              "its build needs setuptools<58, which it does not declare: BUILD_REQUIREMENTS "
              "\"setuptools<58\"");
    EXPECT_EQ(
        of("error in old setup command: use_2to3 is invalid.\n", "old"),
        "the build of old needs setuptools<58, and uv takes a newer one all the same: require "
        "a newer release of it, or put a wheel of it into a WHEELHOUSE");
    EXPECT_EQ(of("x.c:1:10: fatal error: libpq-fe.h: No such file or directory\n", "psycopg2"),
              "the build of psycopg2 looks for the header libpq-fe.h: BUILD_DEPENDS libpq-dev");
    EXPECT_EQ(of("x.c:1:10: fatal error: Python.h: No such file or directory\n"),
              "its build looks for the header Python.h: BUILD_DEPENDS python3.12-dev");
    EXPECT_EQ(of("/usr/bin/ld: cannot find -lxml2: No such file or directory\n"),
              "its build looks for the library xml2: BUILD_DEPENDS libxml2-dev");
    EXPECT_EQ(of("No package 'cairo' found\n"),
              "its build looks for the pkg-config file of cairo: BUILD_DEPENDS libcairo2-dev");
    EXPECT_EQ(of("all is lost\n"), "none");
    manifest_.installer.kind = InstallerKind::pip;
    EXPECT_EQ(of(module("numpy"), "old"),
              "the build of old lacks the module numpy, most likely of the distribution of that "
              "name: INSTALLER uv BUILD_REQUIREMENTS_OF old numpy");
}

// A stranger's distribution may be called as one's own module.
TEST_F(Remedy, OfTheProjectsOwnModuleIsNoRequirement) {
    const std::string own =
        "its build does not see the project's own module versioneer: have [build-system] of "
        "pyproject.toml say build-backend = \"setuptools.build_meta:__legacy__\", which looks for "
        "modules beside setup.py";
    directory_.write("app/versioneer.py", "");
    EXPECT_EQ(of(module("versioneer")), own);
    directory_.write("app/src/hello/__init__.py", "");
    EXPECT_TRUE(
        of(module("hello.version")).starts_with("its build does not see the project's own"));
}

TEST_F(Remedy, OfPythonsOwnModules) {
    EXPECT_EQ(of(module("imp")),
              "its build lacks the module imp, which Python had up to 3.11: PYTHON_VERSION 3.11");
    EXPECT_EQ(of(module("lib2to3.pgen2")),
              "its build lacks the module lib2to3.pgen2, which is left out of the interpreter: "
              "PYTHON_KEEP lib2to3");
    EXPECT_EQ(of(module("distutils")),
              "its build lacks the module distutils: BUILD_REQUIREMENTS setuptools");
}

TEST_F(Remedy, TheIndexOfContentsKnowsTheRest) {
    const std::string odd = "x.c:1:10: fatal error: odd/odd.h: No such file or directory\n";
    EXPECT_EQ(of(odd),
              "its build looks for the header odd/odd.h: name the Debian package that has "
              "it (`apt-file search /odd/odd.h`) in BUILD_DEPENDS");
    directory_.write("lists/x_Contents-amd64", "usr/include/odd/odd.h  libdevel/libodd-dev\n");
    EXPECT_EQ(of(odd), "its build looks for the header odd/odd.h: BUILD_DEPENDS libodd-dev");
    EXPECT_EQ(package_remedy("sh: 1: npm: not found\n", manifest_, directory_.path()).value_or(""),
              "it looks for the program npm: BUILD_DEPENDS npm");
    EXPECT_FALSE(package_remedy(module("x"), manifest_, directory_.path()));
}

}  // namespace
}  // namespace dba
