#include "steps/resolve/resolve.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "source/application_files.hpp"
#include "steps/resolve/source.hpp"
#include "steps/resolve/version.hpp"
#include "support/resolve_fixture.hpp"

namespace dba::steps {
namespace {

using Resolve = testing::ResolveTest;

TEST_F(Resolve, FillsEveryDefault) {
    at_commit({"v1.2rc1"});
    const auto got = run();
    ASSERT_TRUE(got) << error();
    EXPECT_EQ(got->version, "1.2~rc1-1");
    EXPECT_EQ(got->prefix, "/opt/venvs/hello");
    EXPECT_EQ(got->maintainer, "Ann <ann@example.org>");
    EXPECT_EQ(got->project.name, "hello-app");
    EXPECT_EQ(got->python.version, "3.11");
    EXPECT_EQ(got->python.full_version, "3.11.2");
    EXPECT_EQ(got->python.executable, "/usr/bin/python3.11");
    EXPECT_TRUE(got->python.bundled);
    EXPECT_EQ(got->target.name, "debian-12");
    EXPECT_EQ(got->target.codename, "bookworm");
    EXPECT_EQ(got->target.architecture, "amd64");
    EXPECT_EQ(got->installer.kind, InstallerKind::uv);
    EXPECT_EQ(got->installer.version, "0.13.9");
    EXPECT_EQ(got->user, "");
    EXPECT_EQ(got->source_date_epoch, 1700000000);
    EXPECT_EQ(got->packer, Packer::layered);
    EXPECT_EQ(got->compression, Compression::zstd);
}

TEST_F(Resolve, OffATagTheVersionNamesTheCommit) {
    EXPECT_EQ(run()->version, "1.2~rc1+git20231114221320.0123456-1");
    declaration.version = "1.2";
    EXPECT_EQ(run()->version, "1.2-1");
}

TEST_F(Resolve, ADynamicVersionComesFromTheNearestTag) {
    project("[project]\nname='x'\ndynamic=['version']\nauthors=[{email='a@b.c'}]\n");
    shop.git.found_worktree->head.nearest_tag = "v3.1";
    shop.git.found_worktree->head.distance = 2;
    EXPECT_EQ(run()->version, "3.1+git20231114221320.0123456-1");
    at_commit({"v3.2"});
    EXPECT_EQ(run()->version, "3.2-1");
}

TEST_F(Resolve, ATagOfAnotherProductChangesNothing) {
    // Called after neither package, distribution nor subdirectory, and beside one that is.
    at_commit({"worker-9.0.0"});
    auto& head = shop.git.found_worktree->head;
    head.nearest_tag = "worker-9.0.0";
    head.earlier_tags = {{"worker-9.0.0"}, {"hello-app-1.1"}};
    project("[project]\nname='Hello.App'\ndynamic=['version']\nauthors=[{email='a@b.c'}]\n");
    auto got = run();
    ASSERT_TRUE(got) << error();
    EXPECT_EQ(got->version, "1.1+git20231114221320.0123456-1");
    EXPECT_EQ(got->release.tag, "");
    EXPECT_EQ(got->release.before, "1.1");
    // Nor does one of another version than the project says.
    project("[project]\nname='Hello.App'\nversion='1.2'\nauthors=[{email='a@b.c'}]\n");
    at_commit({"v9"});
    EXPECT_EQ(run()->version, "1.2+git20231114221320.0123456-1");
    at_commit({"v1.2.0", "v9"});
    EXPECT_EQ(run()->version, "1.2-1");
}

TEST_F(Resolve, TheTagThatIsAskedForIsTheRelease) {
    declaration.source_dir.clear();
    declaration.git = GitSource{.repository = "https://example.org/r.git", .tag = "web-1.2.3"};
    declaration.git->subdir = "web";
    shop.git.files["web/web.py"] = "";
    shop.git.commit.id = std::string(40, 'a');
    shop.git.commit.author = "Bob <bob@example.org>";
    shop.git.commit.tags = {"web-1.2.3", "worker-9.0.0"};
    const auto got = run();
    ASSERT_TRUE(got) << error();
    EXPECT_EQ(got->version, "1.2.3-1");
    EXPECT_EQ(got->project.version, "1.2.3");
    EXPECT_TRUE(got->release.asked);
    EXPECT_EQ(got->release.names, (std::vector<std::string>{"hello", "", "web", "web"}));
    EXPECT_FALSE(got->release.alone);
}

TEST_F(Resolve, WithoutGitTheWheelTellsTheVersion) {
    shop.git.found_worktree.reset();
    project(
        "[build-system]\nrequires=[]\n[project]\nname='x'\ndynamic=['version']\n"
        "authors=[{email='a@b.c'}]\n");
    const auto got = run();
    ASSERT_TRUE(got) << error();
    EXPECT_EQ(got->version, "");
    EXPECT_EQ(got->release.snapshot, "");
    EXPECT_EQ(got->release.revision, "1");
}

TEST_F(Resolve, WithoutGitTheTimeIsTheChangelogs) {
    shop.git.found_worktree.reset();
    shop.directory.write("CHANGES",
                         "hello (1) unstable; urgency=low\n\n  * x\n\n"
                         " -- Ann <a@b.c>  Tue, 14 Nov 2023 23:13:20 +0100\n");
    declaration.changelog = "CHANGES";
    EXPECT_EQ(run()->source_date_epoch, 1700000000);
    declaration.changelog.clear();
    ASSERT_TRUE(run());
    ASSERT_FALSE(shop.log.lines.empty());
    EXPECT_NE(shop.log.lines.back().find("no git and no dated CHANGELOG"), std::string::npos);
}

TEST_F(Resolve, ABranchStaysWhereTheFirstBuildFoundIt) {
    declaration.source_dir.clear();
    declaration.git =
        GitSource{.repository = "https://user:secret@example.org/r.git", .tag = "main"};
    shop.git.files["pyproject.toml"] = "[project]\nname='x'\nversion='1'\n";
    shop.git.commit.id = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
    shop.git.commit.branch = "main";
    shop.git.commit.author = "Bob <bob@example.org>";
    const auto first = run();
    ASSERT_TRUE(first) << error();
    EXPECT_EQ(first->source.repository, "https://***@example.org/r.git");
    EXPECT_EQ(to_json_text(*first).find(":secret"), std::string::npos);
    EXPECT_EQ(read_file(pin)->find("secret"), std::string::npos);
    shop.git.asked.clear();
    ASSERT_TRUE(run());
    EXPECT_EQ(shop.git.asked, std::vector<std::string>{shop.git.commit.id});
    shop.git.asked.clear();
    update = true;
    ASSERT_TRUE(run());
    EXPECT_EQ(shop.git.asked, std::vector<std::string>{"main"});
    shop.git.asked.clear();
    update = false;
    declaration.git->tag = "other";
    ASSERT_TRUE(run());
    EXPECT_EQ(shop.git.asked, std::vector<std::string>{"other"});
}

TEST_F(Resolve, AFolderOfModulesIsNamedAfterThePackage) {
    ASSERT_TRUE(remove_tree(shop.directory.path() / "app"));
    shop.directory.write("app/work.py", "");
    project("[tool.black]\nline-length = 99\n");  // describes no project
    declaration.name = "hello+more";
    declaration.version = "1.2RC1";
    auto got = run();
    ASSERT_TRUE(got) << error();
    EXPECT_EQ(got->project.layout, Layout::folder);
    EXPECT_EQ(got->project.layout_reason, "no packaging metadata");
    EXPECT_EQ(got->project.name, "hello-more");
    EXPECT_EQ(got->project.version, "1.2rc1");
    EXPECT_EQ(got->version, "1.2~rc1-1");
    EXPECT_EQ(got->synopsis, "Python application hello-more");

    // By git: a tag is the version, off it the commit is in it.
    declaration.version.clear();
    at_commit({"v1.0"});
    EXPECT_EQ(run()->project.version, "1.0");
    at_commit({});
    shop.git.found_worktree->head.nearest_tag = "v1.0+ours";
    EXPECT_EQ(run()->project.version, "1.0+ours.git20231114221320.123456");
    shop.git.found_worktree->head.nearest_tag.clear();
    got = run();
    EXPECT_EQ(got->project.version, "0+git20231114221320.123456");
    EXPECT_EQ(got->version, "0+git20231114221320.0123456-1");

    declaration.version = "2.0~beta";
    EXPECT_EQ(error(),
              "VERSION 2.0~beta: is no Python version (PEP 440), and the folder has no packaging "
              "metadata that names one | for example 1.4.2, 2.0rc1 or 2026.11; or write a "
              "pyproject.toml");
    declaration.version.clear();
    shop.git.found_worktree.reset();
    EXPECT_EQ(error(),
              "hello+more: has no version: the folder has no packaging metadata, and there is no "
              "git to tell it | add VERSION <version> to add_venv_deb()");
}

TEST_F(Resolve, AFoldersOwnProgramsAreServices) {
    Service service;
    service.name = "web";
    service.command = {"./run.sh", "./fast"};
    declaration.services = {service};
    const auto got = run();
    ASSERT_TRUE(got) << error();
    EXPECT_EQ(got->services[0].command,
              (std::vector<std::string>{"/opt/venvs/hello/app/run.sh", "./fast"}));
}

TEST_F(Resolve, AFolderMaySayWhatItIs) {
    project("[project]\nname='Hello.App'\nversion='1.2RC1'\n");
    auto got = run();
    ASSERT_TRUE(got) << error();
    EXPECT_EQ(got->project.layout, Layout::folder);
    EXPECT_EQ(got->project.layout_reason, "no [build-system] in pyproject.toml");
    EXPECT_FALSE(got->project.layout_declared);
    EXPECT_EQ(got->project.name, "hello-app");
    EXPECT_EQ(got->project.version, "1.2rc1");
    EXPECT_EQ(got->working_directory(), "/opt/venvs/hello/app");
    EXPECT_EQ(shop.log.lines.front(),
              "resolve: no [build-system] in pyproject.toml: a folder, shipped as it stands at "
              "/opt/venvs/hello/app");

    project("[project]\nname='x'\nversion='1'\n[build-system]\n");
    got = run();
    EXPECT_EQ(got->project.layout, Layout::package);
    EXPECT_EQ(got->working_directory(), "/var/lib/hello");
    declaration.layout = "folder";
    got = run();
    EXPECT_EQ(got->project.layout, Layout::folder);
    EXPECT_EQ(got->project.layout_reason, "LAYOUT folder");
    EXPECT_TRUE(got->project.layout_declared);

    project("[tool.poetry]\npackage-mode=false\n[build-system]\n");
    declaration.layout.clear();
    declaration.version = "2.0";
    got = run();
    ASSERT_TRUE(got) << error();
    EXPECT_EQ(got->project.layout_reason, "[tool.poetry] package-mode = false");
    EXPECT_EQ(got->project.name, "hello");
    EXPECT_EQ(got->project.version, "2.0");

    project("[tool.black]\n");
    declaration.layout = "package";
    EXPECT_EQ(error(), "LAYOUT package: " + (shop.directory.path() / "app").string() +
                           " holds no pyproject.toml, setup.cfg or setup.py that describes a "
                           "package | write one, or say LAYOUT folder");
    declaration.layout = "foldr";
    EXPECT_EQ(error(), "LAYOUT: \"foldr\" is none of package, folder | did you mean folder?");
}

TEST_F(Resolve, SaysWhatIsWrong) {
    const std::string top = shop.directory.path();
    declaration.name = "Hello";
    EXPECT_NE(error().find("hello"), std::string::npos) << error();
    declaration.name = "hello";
    declaration.source_dir = "nowhere";
    EXPECT_EQ(error(), "SOURCE_DIR " + top +
                           "/nowhere: there is no such directory | correct "
                           "SOURCE_DIR; a relative one starts at " +
                           top);
    declaration.source_dir = "root";
    EXPECT_EQ(error(), top +
                           "/root: is not a Python project: it holds no pyproject.toml, "
                           "setup.cfg or setup.py that describes one, and no Python module or "
                           "package | name the folder that holds them (SOURCE_DIR, or "
                           "GIT_SUBDIR), or say LAYOUT folder");
    shop.directory.write("workspace/pyproject.toml",
                         "[tool.uv.workspace]\nmembers = ['packages/*', 'tools/x']\n");
    declaration.source_dir = "workspace";
    EXPECT_EQ(error(),
              top +
                  "/workspace: is the root of a uv workspace, and no project itself | name "
                  "the member that is the application, by GIT_SUBDIR or SOURCE_DIR; "
                  "members are: packages/*, tools/x");
    declaration.source_dir.clear();
    EXPECT_EQ(error(),
              "hello: has no source | give either SOURCE_DIR <dir> or GIT_REPOSITORY "
              "<url>");
    declaration.source_dir = "app";
    declaration.git = GitSource{};
    EXPECT_EQ(error(),
              "hello: has two sources: SOURCE_DIR and GIT_REPOSITORY | give either "
              "SOURCE_DIR <dir> or GIT_REPOSITORY <url>");
    declaration.git.reset();
    declaration.prefix = "/opt";
    EXPECT_EQ(error(),
              "PREFIX /opt: must be an absolute directory at least two levels deep, "
              "without . or .. | for example PREFIX /opt/venvs/hello");
    declaration.prefix.clear();
    declaration.configs.push_back({.source = "gone.conf"});
    EXPECT_EQ(error(), "CONFIG gone.conf: there is no such file: " + top +
                           "/gone.conf | correct "
                           "the path; a relative one starts at " +
                           top);
    declaration.configs.clear();
    declaration.python.version = "3.9";
    EXPECT_EQ(error(), "PYTHON_VERSION 3.9: there is no such Python in the target root " + top +
                           "/root; found: /usr/bin/python3.11 | apt-get install python3.9 in it, "
                           "or name another with PYTHON_EXECUTABLE");
    declaration.python.version.clear();
}

TEST_F(Resolve, ALongDescriptionOfBlanksIsNone) {
    declaration.description = "says hello\n \n";
    const auto got = run();
    ASSERT_TRUE(got) << error();
    EXPECT_EQ(got->synopsis, "says hello");
    EXPECT_TRUE(got->long_description.starts_with("This package holds the Python application "));
}

TEST_F(Resolve, BuildRequirementsAreRead) {
    declaration.build_requirements = {"numpy>=2", "cython"};
    declaration.build_requirements_of = {{"Old_One", {"numpy"}}};
    const auto got = run();
    ASSERT_TRUE(got) << error();
    EXPECT_EQ(got->build_requirements, declaration.build_requirements);
    EXPECT_EQ(got->build_requirements_of[0].distribution, "old-one");
    declaration.build_requirements_of[0].requirements = {"numpy=2"};
    EXPECT_EQ(error(), "BUILD_REQUIREMENTS_OF Old_One: 'numpy=2' is no requirement (PEP 508)");
    declaration.build_requirements_of[0].requirements = {"numpy"};
    declaration.build_requirements = {"a b"};
    EXPECT_EQ(error(), "BUILD_REQUIREMENTS: 'a b' is no requirement (PEP 508)");
    declaration.build_requirements.clear();
    declaration.installer = "pip";
    EXPECT_EQ(error(),
              "BUILD_REQUIREMENTS_OF Old_One: pip has no word for what the build of one "
              "distribution needs besides | say INSTALLER uv, or put a wheel of it into a "
              "WHEELHOUSE");
}

TEST_F(Resolve, CredentialsOfAnIndexAreRefused) {
    const std::string why =
        ": holds credentials, which would be written into files | leave them out: they come from "
        "~/.netrc, or from UV_INDEX_URL or PIP_INDEX_URL in the environment";
    declaration.index_url = "https://me:secret@example.org/simple";
    EXPECT_EQ(error(), "INDEX_URL https://***@example.org/simple" + why);
    declaration.index_url = "https://example.org/simple";
    declaration.extra_index_urls = {"https://example.org/a@b", "https://token@example.org/"};
    EXPECT_EQ(error(), "EXTRA_INDEX_URL https://***@example.org/" + why);
    declaration.extra_index_urls.clear();
    declaration.installer_args = {"--index-url=https://me:secret@example.org/"};
    EXPECT_EQ(error(), "INSTALLER_ARGS --index-url=https://***@example.org/" + why);
}

TEST_F(Resolve, AWordThatIsNoneOfAFewIsRefused) {
    const auto with = [&](std::string& member, const std::string& word) {
        member = word;
        std::string told = error();
        member.clear();
        return told;
    };
    EXPECT_EQ(with(declaration.packer, "alien"),
              "PACKER: \"alien\" is none of layered, cpack, fpm | write PACKER layered");
    EXPECT_EQ(with(declaration.compression, "xy"),
              "COMPRESSION: \"xy\" is none of zstd, xz, gzip | write COMPRESSION zstd");
    EXPECT_EQ(with(declaration.compression, "gzipp"),
              "COMPRESSION: \"gzipp\" is none of zstd, xz, gzip | did you mean gzip?");
    EXPECT_EQ(with(declaration.installer, "poetry"),
              "INSTALLER: \"poetry\" is none of uv, pip | write INSTALLER uv");
    EXPECT_EQ(with(declaration.python.mode, "BUNDLE"),
              "PYTHON: \"BUNDLE\" is none of BUNDLED, SYSTEM | did you mean BUNDLED?");
    EXPECT_EQ(
        with(declaration.python.libraries, "NONE"),
        "PYTHON_LIBRARIES: \"NONE\" is none of BUNDLED, SYSTEM | write PYTHON_LIBRARIES BUNDLED");
}

TEST_F(Resolve, APackerThatIsNotInstalledIsMissedBeforeAnyWork) {
    declaration.packer = "fpm";
    EXPECT_EQ(
        error(),
        "fpm: not found | install fpm (a Ruby gem) and put it in PATH, or use PACKER layered");
    declaration.packer = "cpack";
    declaration.tools.cpack.clear();
    EXPECT_EQ(error(), "cpack: not found | install the package cmake, or use PACKER layered");
    declaration.packer.clear();
    EXPECT_EQ(error(), "no error");
}

TEST_F(Resolve, FieldsOfThePackageAreDebians) {
    declaration.relations.recommends = {"nginx", "A | b"};
    EXPECT_EQ(error(),
              "RECOMMENDS: 'A | b': 'A' is no package name | lower case letters, digits and + - . "
              "make one (Debian Policy 5.6.7); relations are written like libc6 (>= 2.36)");
    declaration.relations.recommends.clear();
    declaration.section = "web\nPriority: required";
    EXPECT_EQ(error(),
              "SECTION: the value has more than one line | write SECTION with a value of one line");
}

TEST_F(Resolve, ANonsenseVersionIsRefused) {
    declaration.version = "one two";
    EXPECT_TRUE(
        error().starts_with("VERSION one two: is neither a Python version (PEP 440) nor a "
                            "Debian one: "))
        << error();
}

TEST_F(Resolve, TheManifestIsJson) {
    declaration.services.push_back({.name = "web", .command = {"a", "[;]\\ $<x> \"\n"}});
    const auto made = run();
    ASSERT_TRUE(made);
    const auto service = nlohmann::json::parse(to_json_text(*made))["services"][0];
    EXPECT_EQ(service["command"][1], "[;]\\ $<x> \"\n");
    EXPECT_EQ(service["program"], "hello-web");
    EXPECT_EQ(service["runner"], "supervisord");
    EXPECT_EQ(service["hardening"], "default");
    EXPECT_EQ(service["instances"], 1);
}

TEST(ResolveSource, TellsWhatIsTheApplications) {
    dba::testing::TemporaryDirectory top;
    top.write("env/pyvenv.cfg", "");
    top.write("build/CMakeCache.txt", "");
    top.write("pkg/__init__.py", "");
    EXPECT_TRUE(is_application_file(top.path(), "pkg"));
    EXPECT_TRUE(is_application_file(top.path(), "pkg/__init__.py"));
    EXPECT_TRUE(is_application_file(top.path(), ".gitignore"));
    for (const char* name : {"env", "build", ".git", "pkg/__pycache__", "x.pyc", "a.egg-info"})
        EXPECT_FALSE(is_application_file(top.path(), name)) << name;
}

}  // namespace
}  // namespace dba::steps
