#include "doctor/project.hpp"

#include <gtest/gtest.h>

#include "support/temporary.hpp"
#include "system/files/files.hpp"

namespace dba {
namespace {

class DoctorOfAProject : public Temporary {
 protected:
    Declaration declared() {
        Declaration declaration;
        declaration.name = "hello";
        declaration.directory = (root() / "source").string();
        declaration.source_dir = "app";
        return declaration;
    }
};

std::string lines(const Checks& checks) {
    std::string out;
    for (const Check& one : checks) out += one.what + " " + one.found + " / " + one.remedy + "\n";
    return out;
}

TEST_F(DoctorOfAProject, WhatIsNamedIsThere) {
    ASSERT_TRUE(make_directories(root() / "source/app"));
    EXPECT_EQ(lines(check_project(declared())), "declaration what it names is there / \n");
}

TEST_F(DoctorOfAProject, WhatIsNamedAndIsNotThere) {
    Declaration declaration = declared();
    declaration.wheelhouse = "wheels";
    declaration.requirements = {"requirements.txt"};
    declaration.build_depends = {"no-such-package-of-anybody"};
    declaration.packer = "fpm";
    declaration.tools.fpm = (root() / "fpm").string();
    const std::string source = (root() / "source").string();
    EXPECT_EQ(
        lines(check_project(declaration)),
        "SOURCE_DIR app " + source +
            "/app is not there / correct SOURCE_DIR in add_venv_deb(hello)\n"
            "WHEELHOUSE wheels " +
            source +
            "/wheels is not there / correct WHEELHOUSE in add_venv_deb(hello)\n"
            "REQUIREMENTS requirements.txt " +
            source +
            "/requirements.txt is not there / correct REQUIREMENTS in add_venv_deb(hello)\n"
            "BUILD_DEPENDS are not all installed: no-such-package-of-anybody / "
            "cmake --build . --target hello-build-deps\n"
            "PACKER fpm fpm is not on this machine / gem install fpm (or leave PACKER out)\n");
}

// A commit has them; what the work tree has is no matter.
TEST_F(DoctorOfAProject, FilesOfACommitAreNotLookedFor) {
    Declaration declaration = declared();
    declaration.source_dir.clear();
    declaration.git = GitSource{};
    declaration.git->repository = "https://git.example.org/hello.git";
    declaration.requirements = {"requirements.txt"};
    EXPECT_EQ(lines(check_project(declaration)), "declaration what it names is there / \n");
}

TEST_F(DoctorOfAProject, DeclarationsOfSubdirectoriesButNotOfWorkDirectories) {
    const auto first = put("b.declaration.json", "{}");
    const auto second = put("sub/a.declaration.json", "{}");
    put("b.work/c.declaration.json", "{}");
    put("_deps/d.declaration.json", "{}");
    EXPECT_EQ(declarations_in(root()), (std::vector<fs::path>{first, second}));
}

}  // namespace
}  // namespace dba
