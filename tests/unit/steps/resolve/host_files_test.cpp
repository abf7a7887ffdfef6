#include "steps/resolve/host_files.hpp"

#include <gtest/gtest.h>

#include "support/resolve_fixture.hpp"

namespace dba::steps {
namespace {

using ResolveFiles = testing::ResolveTest;

TEST_F(ResolveFiles, ConfigurationIsFilesBelowEtc) {
    shop.directory.write("a.conf", "");
    declaration.configs.push_back({.source = "a.conf"});
    const auto destination = [&](const std::string& declared) {
        declaration.configs[0].destination = declared;
        const auto got = run();
        return got ? got->configs[0].destination : error();
    };
    EXPECT_EQ(destination(""), "/etc/hello/a.conf");
    EXPECT_EQ(destination("sub/"), "/etc/hello/sub/a.conf");
    EXPECT_EQ(destination("b.conf"), "/etc/hello/b.conf");
    EXPECT_EQ(destination("/etc/cron.d/hello"), "/etc/cron.d/hello");
    const auto why = [](const std::string& path) {
        return "CONFIG a.conf: DESTINATION " + path +
               " is not a file below /etc | configuration belongs under /etc (Policy 10.7.2); use "
               "FILES for anything else";
    };
    EXPECT_EQ(destination("/var/a.conf"), why("/var/a.conf"));
    EXPECT_EQ(destination("../../var/x"), why("/var/x"));
    EXPECT_EQ(destination("x/.."), why("/etc/hello/"));
}

TEST_F(ResolveFiles, FormerConffilesAreBelowEtc) {
    shop.directory.write("a.conf", "");
    declaration.configs.push_back({.source = "a.conf", .formerly = "old/a.conf"});
    declaration.config_dropped = {"b.conf", "/etc/c.conf"};
    const auto got = run();
    ASSERT_TRUE(got) << error();
    EXPECT_EQ(got->configs[0].formerly, "/etc/hello/old/a.conf");
    EXPECT_EQ(got->config_dropped, (std::vector<std::string>{"/etc/hello/b.conf", "/etc/c.conf"}));
    declaration.config_dropped = {"/var/b.conf"};
    EXPECT_EQ(
        error(),
        "CONFIG_DROPPED: /var/b.conf is not a file below /etc | a conffile's path is absolute, "
        "or relative to /etc/hello");
    declaration.config_dropped.clear();
    declaration.configs[0].formerly = "old/";
    EXPECT_EQ(error(),
              "CONFIG a.conf FORMERLY: old/ is not a file below /etc | a conffile's path is "
              "absolute, or relative to /etc/hello");
}

TEST_F(ResolveFiles, VariantsAreReadAndTheirDefaultFilledIn) {
    shop.directory.write("conf/production/a.toml", "");
    declaration.config_variants.directory = "conf";
    const auto got = run();
    ASSERT_TRUE(got) << error();
    EXPECT_EQ(got->config_variants.directory, declaration.directory + "/conf");
    EXPECT_EQ(got->config_variants.default_variant, "production");
    declaration.config_variants.default_variant = "staging";
    EXPECT_EQ(error(),
              "CONFIG_VARIANTS conf DEFAULT staging: there is no such variant | it has production");
}

TEST_F(ResolveFiles, ModesAreNumbers) {
    shop.directory.write("a.conf", "");
    shop.directory.write("tool", "", 0755);
    declaration.configs.push_back({.source = "a.conf", .mode = "640"});
    declaration.files.push_back({{"a.conf", "tool"}, "/usr/share/hello", ""});
    declaration.files.push_back({{"tool"}, "/usr/lib/hello/", "0500"});
    const auto got = run();
    ASSERT_TRUE(got) << error();
    EXPECT_EQ(got->configs[0].mode, 0640U);
    std::vector<std::pair<std::string, unsigned>> files;
    for (const InstalledFile& file : got->files) files.emplace_back(file.destination, file.mode);
    EXPECT_EQ(files,
              (std::vector<std::pair<std::string, unsigned>>{{"/usr/share/hello/a.conf", 0644},
                                                             {"/usr/share/hello/tool", 0755},
                                                             {"/usr/lib/hello/tool", 0500}}));
    declaration.configs[0].mode = "rw";
    EXPECT_EQ(error(),
              "CONFIG a.conf: MODE 'rw' is not octal permission bits | for example MODE 0640");
    declaration.configs.clear();
    declaration.files[1].mode = "10000";
    EXPECT_EQ(error(),
              "FILES tool: MODE '10000' is not octal permission bits | for example MODE 0640");
}

TEST_F(ResolveFiles, DirectoriesComeWithAllBelowThem) {
    shop.directory.write("share/a.txt", "");
    shop.directory.write("share/bin/tool", "", 0755);
    shop.directory.write("share/docs/deep/b.txt", "");
    shop.directory.write("share/__pycache__/a.pyc", "");
    shop.directory.write("share/secret.key", "");
    fs::create_symlink("../a.txt", shop.directory.path() / "share/bin/link");
    fs::create_directory(shop.directory.path() / "share/nothing");
    declaration.exclude = {"*.key", "docs/deep"};
    declaration.files.push_back({{"share"}, "/usr/share/hello", ""});
    declaration.files.push_back({{"share/"}, "/srv/hello/", "0600"});
    const auto got = run();
    ASSERT_TRUE(got) << error();
    std::vector<std::pair<std::string, unsigned>> files;
    for (const InstalledFile& file : got->files) files.emplace_back(file.destination, file.mode);
    EXPECT_EQ(files, (std::vector<std::pair<std::string, unsigned>>{
                         {"/usr/share/hello/share/a.txt", 0644},
                         {"/usr/share/hello/share/bin/tool", 0755},
                         {"/srv/hello/a.txt", 0600},
                         {"/srv/hello/bin/tool", 0600}}));
    std::vector<std::pair<std::string, std::string>> links;
    for (const Link& link : got->links) links.emplace_back(link.path, link.target);
    EXPECT_EQ(links, (std::vector<std::pair<std::string, std::string>>{
                         {"/usr/share/hello/share/bin/link", "../a.txt"},
                         {"/srv/hello/bin/link", "../a.txt"}}));
    EXPECT_EQ(got->files[0].source, declaration.directory + "/share/a.txt");

    declaration.files = {{{"share"}, "/etc/hello/conf.d", ""}};
    EXPECT_EQ(error(),
              "FILES share: its destination /etc/hello/conf.d/share is in /etc/hello/conf.d, which "
              "is the administrator's | no package writes there: name another place, like "
              "/etc/hello/<file name>");
    declaration.files = {{{"share"}, "/usr/share", ""}};
    fs::create_symlink("../../other", shop.directory.path() / "share/bin/out");
    EXPECT_EQ(error(),
              "FILES share/bin/out: is a symbolic link out of its directory, to ../../other | have "
              "the file itself there, or EXCLUDE bin/out; a link on the target is LINK "
              "../../other /usr/share/share/bin/out");
    declaration.files = {{{"share/nothing"}, "/usr/share", ""}};
    EXPECT_EQ(error(),
              "FILES share/nothing: there is no file in it to install: " + declaration.directory +
                  "/share/nothing | put files there, or look at what EXCLUDE names");
    declaration.files = {{{"nowhere"}, "/usr/share", ""}};
    EXPECT_EQ(error(), "FILES nowhere: there is no such file: " + declaration.directory +
                           "/nowhere | correct the path; a relative one starts at " +
                           declaration.directory);
}

TEST_F(ResolveFiles, DestinationsAreAbsolute) {
    shop.directory.write("a.conf", "");
    const std::string why =
        " is not a usable destination | a destination is absolute, without '.', '..', '//' or a "
        "newline";
    declaration.files.push_back({{"a.conf"}, "share", ""});
    EXPECT_EQ(error(), "FILES a.conf: 'share/a.conf'" + why);
    declaration.files.clear();
    declaration.links.push_back({"/x", "/usr/bin/../y"});
    EXPECT_EQ(error(), "LINK /usr/bin/../y: '/usr/bin/../y'" + why);
    declaration.links[0] = {"", "/usr/bin/y"};
    EXPECT_EQ(error(),
              "LINK /usr/bin/y: the link's target is empty | write LINK <target> /usr/bin/y");
    declaration.links.clear();
    declaration.scripts = {"bin/hello"};
    EXPECT_EQ(error(),
              "SCRIPTS bin/hello: it is not the name of a console script | SCRIPTS takes names of "
              "programs in /opt/venvs/hello/bin");
}

TEST_F(ResolveFiles, TheAdministratorsDirectoriesHoldNothingOfThePackages) {
    shop.directory.write("a.conf", "");
    const std::string hint =
        ", which is the administrator's | no package writes there: name another place, like "
        "/etc/hello/<file name>";
    declaration.configs.push_back({.source = "a.conf", .destination = "conf.d/a.conf"});
    EXPECT_EQ(error(),
              "CONFIG a.conf: its destination /etc/hello/conf.d/a.conf is in "
              "/etc/hello/conf.d" +
                  hint);
    declaration.configs[0].destination = "conf.directory/a.conf";
    EXPECT_EQ(error(), "no error");
    declaration.files.push_back({{"a.conf"}, "/etc/hello/credentials", ""});
    EXPECT_EQ(error(),
              "FILES a.conf: its destination /etc/hello/credentials/a.conf is in "
              "/etc/hello/credentials" +
                  hint);
    declaration.files.clear();
    declaration.links.push_back({"../hello/a.conf", "/etc/hello/conf.d"});
    EXPECT_EQ(
        error(),
        "LINK /etc/hello/conf.d: its destination /etc/hello/conf.d is in /etc/hello/conf.d" + hint);
    declaration.links.clear();
    shop.directory.write("conf/production/conf.d/10-x.env", "");
    declaration.config_variants.directory = "conf";
    EXPECT_EQ(error(),
              "CONFIG_VARIANTS (production): /etc/hello/conf.d/10-x.env is in /etc/hello/conf.d, "
              "which is the administrator's | no package writes there: give the file another name");
}

TEST_F(ResolveFiles, WhatALinkOutOfTheSourceLeadsToIsNotTaken) {
    shop.directory.write("elsewhere/secret", "of the host");
    const fs::path outer = shop.directory.path();
    declaration.directory = outer / "project";
    declaration.source_dir = outer / "app";
    shop.directory.write("project/real.conf", "");
    fs::create_symlink("real.conf", outer / "project/good.conf");
    fs::create_symlink(outer / "elsewhere/secret", outer / "project/bad.conf");
    fs::create_symlink("../elsewhere", outer / "project/bad");
    fs::create_symlink("bad.conf", outer / "project/chain.conf");
    fs::create_symlink("../elsewhere/secret", outer / "app/LICENSE");
    declaration.configs.push_back({.source = "good.conf"});
    ASSERT_TRUE(run()) << error();
    const std::string secret = (outer / "elsewhere/secret").string();
    const auto why = [](const std::string& keyword, const std::string& path,
                        const std::string& real) {
        return keyword + " " + path + ": is a symbolic link out of the source, to " + real +
               " | have the file itself there, or write " + keyword + " " + real;
    };
    for (const char* path : {"bad.conf", "chain.conf", "bad/secret"}) {
        declaration.configs[0].source = path;
        EXPECT_EQ(error(), why("CONFIG", path, secret));
    }
    declaration.configs[0].source = "../elsewhere/secret";
    EXPECT_TRUE(run()) << error() << ", which the declaration itself names";
    declaration.configs.clear();
    declaration.license_file = "../app/LICENSE";
    EXPECT_EQ(error(), why("LICENSE_FILE", "../app/LICENSE", secret));
    declaration.license_file = "";
    declaration.changelog = "bad.conf";
    EXPECT_EQ(error(), why("CHANGELOG", "bad.conf", secret));
    declaration.changelog = "";
    for (const char* path : {"bad.conf", "bad", "bad/"}) {
        declaration.files = {{.sources = {path}, .destination = "/srv/x"}};
        const std::string real =
            std::string(path) == "bad.conf" ? secret : (outer / "elsewhere").string();
        EXPECT_EQ(error(), why("FILES", path, real));
    }
    declaration.files.clear();
    declaration.config_variants.directory = "bad";
    EXPECT_EQ(error(), why("CONFIG_VARIANTS", "bad", outer / "elsewhere"));
    declaration.config_variants.directory = "";
    // One repository, one source.
    fs::create_directory(outer / ".git");
    declaration.license_file = "../app/LICENSE";
    EXPECT_TRUE(run()) << error();
}

TEST_F(ResolveFiles, AFragmentOfAnotherShellIsRefused) {
    shop.directory.write("post.sh", "#!/bin/bash\necho hi\n");
    declaration.fragments.postinst = "post.sh";
    EXPECT_EQ(error(),
              "POSTINST post.sh: the fragment's first line is '#!/bin/bash' | it becomes a part of "
              "the package's script, which is POSIX sh (Policy 10.4); have it call a script of "
              "another language instead");
    shop.directory.write("post.sh", "#!/bin/sh -e\necho hi\n");
    EXPECT_EQ(error(), "no error");
}

}  // namespace
}  // namespace dba::steps
