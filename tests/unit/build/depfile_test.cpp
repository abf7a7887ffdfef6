#include "build/depfile.hpp"

#include <gtest/gtest.h>

#include <set>

#include "support/fakes.hpp"
#include "system/files/files.hpp"

namespace dba {
namespace {

using dba::testing::TemporaryDirectory;

class Depfile : public ::testing::Test {
 protected:
    Depfile() {
        options.work = top.path() / "hello.work";
        options.output = top.path() / "hello.deb";
        options.depfile = top.path() / "hello.deb.d";
    }
    TemporaryDirectory top;
    BuildOptions options;
};

TEST_F(Depfile, NamesSourcesDirectoriesAndTheNamedCopy) {
    Declaration declaration;
    Manifest manifest;
    manifest.target.root = top.path() / "root";
    manifest.source.directory = top.path() / "app";
    top.write("app/a.py", "");
    top.write("app/sub/b.py", "");
    manifest.config_variants.directory = top.path() / "conf";
    top.write("conf/staging/sub/c.toml", "");
    top.write("conf/staging/.gitkeep", "");
    manifest.directory = top.path();
    top.write("share/icons/a.png", "");
    manifest.files_directories = {top.path() / "share"};
    manifest.services.emplace_back().unit_options = top.write("unit.conf", "");
    manifest.services.emplace_back();
    top.write("app/.venv/pyvenv.cfg", "");
    top.write("app/we#ird $na:me.txt", "");
    fs::create_symlink("nowhere", top.path() / "app/dangling");
    top.write("root/etc/os-release", "");
    const auto named = top.path() / "out/hello_1-1_amd64.deb";
    steps::FetchedSource source;
    source.read = {top.write("lib/shared.py", ""), top.path() / "lib", top.path() / "gone"};
    ASSERT_TRUE(write_depfile(declaration, manifest, named, {}, source, {}, options));
    const auto text = *read_file(options.depfile);
    const std::string at = top.path();
    EXPECT_TRUE(text.starts_with(at + "/hello.deb:")) << text;
    for (const char* name :
         {"/lib", "/lib/shared.py", "/app", "/app/a.py", "/app/sub", "/app/sub/b.py", "/conf",
          "/conf/staging/sub/c.toml", "/unit.conf", "/share/icons", "/share/icons/a.png",
          "/out/hello_1-1_amd64.deb", "/root/etc/os-release"})
        EXPECT_NE(text.find("\\\n  " + at + name), std::string::npos) << name << "\n" << text;
    for (const char* name : {".venv", ".gitkeep", "dangling", "gone", "#", "$", "ird"})
        EXPECT_EQ(text.find(name, at.size() + 12), std::string::npos) << name << "\n" << text;
    const auto alias = text.find(at + "/hello.work/alias/");
    ASSERT_NE(alias, std::string::npos) << text;
    EXPECT_EQ(fs::read_symlink(text.substr(alias, text.find_first_of(" \n", alias) - alias)),
              top.path() / "app/we#ird $na:me.txt");
}

TEST_F(Depfile, WhatACommitHasChangesWithTheCommit) {
    Manifest manifest;
    manifest.source.commit = std::string(40, 'a');
    manifest.source.repository = "https://example.org/x.git";
    manifest.declared.copy = options.work / "declared/key/x";
    manifest.declared.repositories = {top.path() / "other"};
    top.write("other/.git/HEAD", "ref: refs/heads/main\n");
    top.write("hello.work/declared/key/x/share/a.png", "");
    manifest.files_directories = {options.work / "declared/key/x/share"};
    manifest.fragments.postinst = options.work / "declared/key/x/postinst.sh";
    manifest.fragments.prerm = top.write("other/prerm.sh", "");
    ASSERT_TRUE(write_depfile({}, manifest, top.path() / "a.deb", {}, {}, {}, options));
    const auto text = *read_file(options.depfile);
    EXPECT_EQ(text.find("/declared/"), std::string::npos) << text;
    for (const char* name : {"/other/.git/HEAD", "/other/prerm.sh"})
        EXPECT_NE(text.find(top.path().string() + name), std::string::npos) << name << "\n" << text;
}

TEST_F(Depfile, NamesTheStateOfARepositoryOnThisMachine) {
    const fs::path git = top.write("my app/.git/HEAD", "ref: refs/heads/main\n").parent_path();
    top.write("my app/.git/refs/heads/main", std::string(40, 'a'));
    Manifest manifest;
    manifest.source.commit = std::string(40, 'a');
    for (const std::string& repository :
         {top.path().string() + "/my app", "file://" + top.path().string() + "/my%20app"}) {
        manifest.source.repository = repository;
        ASSERT_TRUE(write_depfile({}, manifest, top.path() / "out/x.deb", {}, {}, {}, options));
        const auto text = *read_file(options.depfile);
        std::set<fs::path> named;  // a name with a blank by an alias
        for (const fs::path& alias : paths_in(options.work / "alias"))
            if (text.find(alias.string()) != std::string::npos)
                named.insert(fs::read_symlink(alias));
        EXPECT_EQ(named, (std::set<fs::path>{git / "HEAD", git / "refs", git / "refs/heads",
                                             git / "refs/heads/main"}));
        ASSERT_TRUE(remove_tree(options.work / "alias"));
    }
}

}  // namespace
}  // namespace dba
