#include "source/folder.hpp"

#include <gmock/gmock.h>

#include "support/fakes.hpp"

namespace dba {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class Folder : public ::testing::Test {
 protected:
    Folder() { rules_.surroundings = directory_.path(); }

    void write(const std::string& path, unsigned mode = 0644) const {
        directory_.write("app/" + path, "", mode);
    }
    std::vector<std::string> paths() {
        const auto contents = folder_contents(app_, rules_);
        if (!contents)
            return {contents.error().subject + ": " + contents.error().cause + " | " +
                    contents.error().hint};
        std::vector<std::string> found;
        for (const auto& file : contents->files)
            found.push_back(file.path + (file.executable ? "*" : ""));
        left_out_ = contents->left_out;
        return found;
    }

    dba::testing::TemporaryDirectory directory_;
    fs::path app_ = directory_.path() / "app";
    FolderRules rules_;
    std::vector<std::string> left_out_;
};

TEST_F(Folder, EverythingIsShippedButForTheWorkOnIt) {
    for (const char* path :
         {"manage.py", "app/__init__.py", "app/tests/test_views.py", "templates/base.html",
          "pyproject.toml", "README.md", "docs/index.md", ".streamlit/config.toml", "tests/a.py",
          "test_more.py", "conftest.py", ".github/x.yml", ".gitignore", "debian/control",
          "node_modules/x/index.js", "__pycache__/x.pyc", ".env", "app/.env.local",
          "CMakeLists.txt"})
        write(path);
    write("env/pyvenv.cfg");
    write("run.sh", 0755);
    EXPECT_THAT(paths(), ElementsAre(".streamlit/config.toml", "README.md", "app/__init__.py",
                                     "app/tests/test_views.py", "docs/index.md", "manage.py",
                                     "pyproject.toml", "run.sh*", "templates/base.html"));
    EXPECT_THAT(left_out_, ElementsAre(".env", ".github/", ".gitignore", "CMakeLists.txt",
                                       "app/.env.local", "conftest.py", "debian/", "env/",
                                       "node_modules/", "test_more.py", "tests/"));
}

TEST_F(Folder, ABuiltFrontEndIsNoRubbish) {
    for (const char* path : {"dist/index.html", "build/static/app.js"}) write(path);
    EXPECT_THAT(paths(), ElementsAre("build/static/app.js", "dist/index.html"));
    EXPECT_THAT(left_out_, IsEmpty());
}

TEST_F(Folder, WhatPackagingLeftBehindStaysOut) {
    for (const char* path : {"dist/x-1.0-py3-none-any.whl", "dist/x-1.0.tar.gz", "build/lib/x.py",
                             "build/bdist.linux-x86_64/y", "app.py"})
        write(path);
    EXPECT_THAT(paths(), ElementsAre("app.py"));
    EXPECT_THAT(left_out_, ElementsAre("build/", "dist/"));
    rules_.prepared = {"build/lib/x.py"};
    EXPECT_THAT(paths(), ElementsAre("app.py", "build/bdist.linux-x86_64/y", "build/lib/x.py"));
    rules_.keeps_builds = true;
    EXPECT_EQ(paths().size(), 5U);
}

TEST_F(Folder, LinksAreFollowedWithinTheSource) {
    directory_.write("shared/util.py", "X = 1\n");
    write("app.py");
    fs::create_symlink("../shared", app_ / "lib");
    fs::create_symlink("app.py", app_ / "wsgi.py");
    EXPECT_THAT(paths(), ElementsAre("app.py", "lib/util.py", "wsgi.py"));
}

TEST_F(Folder, ALinkThatCannotBeFollowedIsNamed) {
    const std::string remedy =
        " | put a copy in its place (PREPARE COMMAND), or leave it out: EXCLUDE app/";
    write("app.py");
    fs::create_symlink("/etc/hostname", app_ / "name.txt");
    EXPECT_THAT(paths(), ElementsAre("name.txt: is a symbolic link to /etc/hostname, outside of "
                                     "the source" +
                                     remedy + "name.txt"));
    fs::remove(app_ / "name.txt");
    fs::create_symlink("gone", app_ / "data");
    EXPECT_THAT(paths(), ElementsAre("data: is a symbolic link to gone, which is not there" +
                                     remedy + "data"));
    fs::remove(app_ / "data");
    fs::create_symlink(".", app_ / "self");
    EXPECT_THAT(paths(), ElementsAre("self: is a symbolic link to ., which holds the link itself" +
                                     remedy + "self"));
    rules_.excluded = [](const std::string& path) { return path == "self"; };
    EXPECT_THAT(paths(), ElementsAre("app.py"));
}

TEST_F(Folder, AnEmptyFolderIsTold) {
    write("app.py");
    fs::create_directories(app_ / "media");
    EXPECT_THAT(paths(), ElementsAre("app.py"));
    EXPECT_THAT(left_out_, ElementsAre("media/ (empty)"));
}

TEST_F(Folder, HoldsModulesAtItsTop) {
    write("deeper/app/work.py");
    write("data.txt");
    EXPECT_FALSE(holds_modules(app_));
    write("deeper/__init__.py");
    EXPECT_TRUE(holds_modules(app_));
    EXPECT_EQ(no_python_project("x").cause,
              "is not a Python project: it holds no pyproject.toml, setup.cfg or setup.py that "
              "describes one, and no Python module or package");
}

}  // namespace
}  // namespace dba
