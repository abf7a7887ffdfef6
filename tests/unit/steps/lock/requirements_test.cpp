// Requirements files as pip reads them, from the line to what is installed.
#include "steps/lock/requirements.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <cstdlib>

#include "steps/lock/locked.hpp"
#include "support/venv_fixture.hpp"
#include "system/files/digest.hpp"

namespace dba::steps {
namespace {

using dba::testing::find_entry;
using dba::testing::said;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

class RequirementsFile : public dba::testing::EnvironmentTest {
 protected:
    Result<Requirements> read(const std::string& text, const std::string& name = "top.txt") {
        const auto file = shop_.directory.write(name, text);
        return read_requirements({file}, project_, manifest_);
    }
    std::string refusal(const std::string& text) {
        const auto requirements = read(text);
        return requirements ? "accepted" : said(requirements.error());
    }
    // The lock of REQUIREMENTS with this text, without its first line, or what is said against it.
    std::string lock_of(const std::string& text) {
        manifest_.requirements = {shop_.directory.write("top.txt", text)};
        const auto lock = locked();
        if (!lock) return said(lock.error());
        const std::string bytes = *read_file(shop_.store.work() / "lock/hello.lock");
        return bytes.substr(bytes.find('\n') + 1);
    }
    // The wheel of the wheelhouse with that name and version goes to another directory.
    std::string aside(const std::string& directory, const std::string& file) {
        const fs::path to = shop_.directory.path() / directory / file;
        EXPECT_TRUE(make_directories(to.parent_path()));
        fs::rename(wheelhouse_ / file, to);
        return *sha256_file(to);
    }
    [[nodiscard]] std::string top() const { return shop_.directory.path().string(); }
    void for_both(const std::function<void()>& what) {
        what();
        manifest_.installer = {InstallerKind::pip, "", "any", {}};
        what();
    }
};

TEST_F(RequirementsFile, OfTheCommitNamesDirectoriesOfTheSource) {
    const std::string copy = top() + "/work/declared/key/repo";
    manifest_.declared = {"/repo", copy, {}, {}};
    manifest_.source.subdir = "srv/app";
    project_ = top() + "/work/fetch/key/source/srv/app";
    shop_.directory.write("work/declared/key/repo/lib/setup.py", "");
    const auto read_it =
        read("../../../../../lib\n../lib\n-e .\n", "work/declared/key/repo/deb/r.txt");
    ASSERT_TRUE(read_it) << said(read_it.error());
    EXPECT_EQ(read_it->lines[0].url,
              (fs::path(copy) / "deb/../../../../../lib").lexically_normal());
    EXPECT_EQ(read_it->lines[1].url, top() + "/work/fetch/key/source/lib");
    EXPECT_EQ(read_it->lines[1].text, top() + "/work/fetch/key/source/lib");
    EXPECT_EQ(read_it->lines[2].url, project_);
}

TEST_F(RequirementsFile, IsFollowedAndMadeAbsolute) {
    shop_.directory.write("sub/more.txt",
                          "../lib[x,y] ; os_name == 'posix'\n-r ../top.txt\n-c limits.txt # again\n"
                          "./a.whl\n-e .\n");
    shop_.directory.write("sub/limits.txt", "flask<4\n");
    shop_.directory.write("lib/setup.py", "");
    const auto found = read(
        "\xef\xbb\xbf--no-binary a,b\nflask[async]>=3 --hash=sha256:0\n-r sub/more.txt\n"
        "--constraint=sub/limits.txt\nlib @ git+ssh://git@host/lib@v1\n"
        "https://example.org/x-1.tar.gz#sha256=1\n-r https://example.org/r.txt\n-e ./lib\n");
    ASSERT_TRUE(found) << said(found.error());
    EXPECT_THAT(found->files, ElementsAre(top() + "/top.txt", top() + "/sub/more.txt",
                                          top() + "/sub/limits.txt"));
    std::vector<std::string> texts, urls;
    for (const auto& line : found->lines) {
        texts.push_back(line.text);
        if (!line.url.empty()) urls.push_back(line.url);
    }
    EXPECT_THAT(texts, ElementsAre("flask[async]>=3 --hash=sha256:0",
                                   top() + "/lib[x,y] ; os_name == 'posix'", top() + "/sub/a.whl",
                                   project_.string(), "lib @ git+ssh://git@host/lib@v1",
                                   "https://example.org/x-1.tar.gz#sha256=1", top() + "/lib"));
    EXPECT_THAT(urls, ElementsAre(top() + "/lib", top() + "/sub/a.whl", project_.string(),
                                  "git+ssh://git@host/lib@v1",
                                  "https://example.org/x-1.tar.gz#sha256=1", top() + "/lib"));
    ASSERT_EQ(found->constraints.size(), 1U);
    EXPECT_EQ(found->constraints[0].where, top() + "/sub/limits.txt:1");
    EXPECT_THAT(found->elsewhere, ElementsAre("-r https://example.org/r.txt"));
    EXPECT_THAT(found->options.no_binary, ElementsAre("a", "b"));
}

TEST_F(RequirementsFile, IsRefusedByLine) {
    EXPECT_EQ(refusal("flask\n-r gone.txt\n"),
              fmt::format("{0}/top.txt:2: includes {0}/gone.txt, which is not there", top()));
    EXPECT_EQ(refusal("\nx @ https://me:secret@example.org/x.whl\n"),
              top() +
                  "/top.txt:2: holds credentials (x @ https://***@example.org/x.whl) (leave them "
                  "out: they come from ~/.netrc; or write ${VARIABLE} in their place)");
    EXPECT_EQ(refusal("--prefer-binary\n"),
              top() +
                  "/top.txt:1: --prefer-binary is an option that uv does not have (name what must "
                  "come as a wheel (--only-binary NAME), or say INSTALLER pip)");
    EXPECT_EQ(refusal("--use-feature=x\n"),
              top() +
                  "/top.txt:1: --use-feature changes pip itself (leave it out; INSTALLER_ARGS has "
                  "room for it with INSTALLER pip)");
    EXPECT_EQ(refusal("x --global-option=y\n"),
              top() +
                  "/top.txt:1: --global-option cannot be obeyed (leave it out, or say by "
                  "--config-settings what the build of the distribution needs)");
    EXPECT_EQ(refusal("--find-links gone\n"),
              fmt::format("{0}/top.txt:1: --find-links names {0}/gone, which is not there", top()));
    EXPECT_EQ(refusal("--hash=sha256:0\n"), top() + "/top.txt:1: has hashes of no requirement");
    manifest_.installer.kind = InstallerKind::pip;
    EXPECT_EQ(refusal("x --config-settings=a=b\n"),
              top() +
                  "/top.txt:1: --config-settings for one distribution is not passed to pip (say "
                  "INSTALLER uv, or INSTALLER_ARGS --config-settings=KEY=VALUE for all of them)");
    EXPECT_EQ(refusal("--prefer-binary\n"), "accepted");
}

TEST_F(RequirementsFile, NamesTheApplicationItself) {
    for_both([&] {
        write_project(project_files());
        add_wheel("shout", "1", {{"shout.py", ""}});
        const std::string greet = "greet==2.0 \\\n    --hash=sha256:" +
                                  *sha256_file(wheelhouse_ / "greet-2.0-py3-none-any.whl") + "\n";
        EXPECT_EQ(lock_of("-e ./project\n"), greet);
        EXPECT_EQ(lock_of("-e .\n"), greet);  // pip's directory is the project's
        EXPECT_THAT(lock_of("./project[loud]\n"), ::testing::StartsWith(greet + "shout==1 \\\n"));
    });
}

TEST_F(RequirementsFile, BuildsDirectoriesNeverEditable) {
    auto files = project_files("");
    for (const auto& [name, bytes] : files) {
        std::string text = bytes;
        if (const auto at = text.find("name = \"hello\""); at != std::string::npos)
            text.replace(at, 14, "name = \"lib-x\"");
        shop_.directory.write("lib/" + name, text);
    }
    write_project(project_files());
    for_both([&] {
        EXPECT_THAT(lock_of("-e ./lib\n"), HasSubstr("lib-x @ file://" + top() + "/lib\n"));
        EXPECT_EQ(lock_of("./gone\n"),
                  fmt::format("{0}/top.txt:1: names {0}/gone, which is not there", top()));
    });
    // As uv exports it: a lock that says all.
    EXPECT_THAT(lock_of("-e ./lib\n-e ./project\ngreet==2.0 --hash=sha256:" +
                        *sha256_file(wheelhouse_ / "greet-2.0-py3-none-any.whl") + "\n"),
                HasSubstr("lib-x"));
    const auto lock = locked();
    ASSERT_TRUE(lock) << said(lock.error());
    EXPECT_THAT(*read_file(lock->file), HasSubstr("lib-x @ file://"));
}

TEST_F(RequirementsFile, FindLinksCountToTheEnd) {
    const std::string hash = aside("vendor", "greet-2.0-py3-none-any.whl");
    for_both([&] {
        EXPECT_EQ(lock_of("--find-links ./vendor\ngreet\n"),
                  fmt::format("--find-links {}/vendor\ngreet==2.0 \\\n    --hash=sha256:{}\n",
                              top(), hash));
        const auto layers = installed();
        ASSERT_TRUE(layers) << said(layers.error());
        EXPECT_NE(find_entry(layers->third_party.layers,
                             fmt::format("/opt/venvs/hello/lib/python{}/site-packages/"
                                         "greet-2.0.dist-info/METADATA",
                                         manifest_.python.version)),
                  nullptr);
        // A lock with the same line is taken as it is.
        EXPECT_THAT(lock_of("-f vendor\ngreet==2.0 --hash=sha256:" + hash + "\n"),
                    HasSubstr("greet"));
        EXPECT_TRUE(installed());
    });
}

TEST_F(RequirementsFile, PreAndConstraintsCount) {
    add_wheel("greet", "3.0rc1", {{"greet/__init__.py", ""}});
    shop_.directory.write("limits.txt", "greet<2\n");
    for_both([&] {
        EXPECT_THAT(lock_of("greet\n"), HasSubstr("greet==2.0"));
        EXPECT_THAT(lock_of("--pre\ngreet\n"), HasSubstr("greet==3.0rc1"));
        EXPECT_THAT(lock_of("-c limits.txt\n"), HasSubstr("greet==1.0"));
    });
}

TEST_F(RequirementsFile, OnlyAndNoBinaryCount) {
    for_both([&] {
        EXPECT_THAT(lock_of("--no-binary greet\ngreet\n"),
                    ::testing::AnyOf(HasSubstr("greet"), HasSubstr("no sdist")));
        EXPECT_THAT(lock_of("--no-binary greet\ngreet\n"), Not(HasSubstr("greet==")));
        EXPECT_THAT(lock_of("--only-binary :all:\ngreet\n"),
                    ::testing::StartsWith("--only-binary :all:\ngreet==2.0"));
    });
}

TEST_F(RequirementsFile, HashesMayBeRequired) {
    const std::string hash = *sha256_file(wheelhouse_ / "greet-2.0-py3-none-any.whl");
    add_wheel("other", "1.0", {{"other.py", ""}}, "Requires-Dist: greet\n");
    for_both([&] {
        EXPECT_EQ(lock_of("--require-hashes\ngreet>=2 --hash=sha256:" + hash + "\n"),
                  "greet==2.0 \\\n    --hash=sha256:" + hash + "\n");
        EXPECT_EQ(lock_of("--require-hashes\nother\ngreet==2.0 --hash=sha256:" + hash + "\n"),
                  top() +
                      "/top.txt:1: --require-hashes, and other==1.0 has no hash in REQUIREMENTS "
                      "(name it there with its --hash, or take the option out: the build's own "
                      "lock has a hash of every file)");
    });
}

TEST_F(RequirementsFile, VariablesComeFromTheEnvironmentAndStayOut) {
    const std::string hash = aside("s3cret-place", "greet-2.0-py3-none-any.whl");
    ::setenv("DBA_PLACE", "s3cret-place", 1);
    for_both([&] {
        EXPECT_EQ(lock_of(fmt::format(
                      "greet @ file://{}/${{DBA_PLACE}}/greet-2.0-py3-none-any.whl\n", top())),
                  fmt::format("greet @ file://{}/${{DBA_PLACE}}/greet-2.0-py3-none-any.whl \\\n"
                              "    --hash=sha256:{}\n",
                              top(), hash));
        const auto layers = installed();
        EXPECT_TRUE(layers) << said(layers.error());
        const auto found = shop_.processes.run({.argv = {"/usr/bin/grep", "-rlI", "s3cret-place",
                                                         (shop_.store.work() / "lock").string()},
                                                .environment = {}});
        EXPECT_EQ(found->out, "");
    });
    ::unsetenv("DBA_PLACE");
    EXPECT_THAT(lock_of(fmt::format("greet @ file://{}/${{DBA_PLACE}}/g.whl\n", top())),
                HasSubstr("top.txt:1: names ${DBA_PLACE}, which is not set in the environment (set "
                          "DBA_PLACE where the build is started)"));
}

}  // namespace
}  // namespace dba::steps
