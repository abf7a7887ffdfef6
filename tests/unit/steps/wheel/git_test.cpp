// The application of a repository, from its tag to its version: with git itself, and a backend that
// asks it.
#include <fmt/format.h>
#include <gmock/gmock.h>

#include "steps/fetch/fetch.hpp"
#include "steps/resolve/resolve.hpp"
#include "steps/wheel/version.hpp"
#include "support/venv_fixture.hpp"

namespace dba::steps {

using dba::testing::said;

namespace {

using ::testing::HasSubstr;
using ::testing::MatchesRegex;
using ::testing::Not;

// "web-1.2.3" -> 1.2.3, "web-1.2.3-1-gabcdef0" -> 1.2.3.post1.dev0+gabcdef0; packs what git tracks.
constexpr const char* asking_git = R"(
import subprocess

def git(*words):
    return subprocess.run(("git",) + words, check=True, capture_output=True, text=True).stdout

def version_by_git():
    found = git("describe", "--tags", "--dirty", "--match", "*[0-9]*").strip().split("-")
    return found[1] if len(found) == 2 else "%s.post%s.dev0+%s" % tuple(found[1:4])

def tracked(top):
    for name in git("ls-files", top).splitlines():
        yield os.path.dirname(name), [], [os.path.basename(name)]

os.walk = tracked
)";

class WheelByGit : public dba::testing::EnvironmentTest {
 protected:
    WheelByGit() {
        auto files = project_files();
        std::string& backend = files["backend.py"];
        const std::string outright = "project[\"version\"]";
        backend.replace(backend.find(outright), outright.size(), "version_by_git()");
        backend += asking_git;
        std::string& pyproject = files["pyproject.toml"];
        const std::string version = "version = \"1.0\"";
        pyproject.replace(pyproject.find(version), version.size(), "dynamic = [\"version\"]");
        files["hello/table.json"] = "[]\n";
        for (const auto& [name, bytes] : files) shop_.directory.write("origin/web/" + name, bytes);
        shop_.directory.write("origin/worker/worker.py", "");
        shop_.directory.write("origin/.gitignore", "/web/hello/static/\n");
        git("origin", {"init", "-q"});
        git("origin", {"add", "-A"});
        git("origin", {"commit", "-q", "-m", "First"});
        git("origin", {"tag", "-a", "-m", "Web", "web-1.2.3"});
        git("origin", {"tag", "-a", "-m", "Worker", "worker-9.0.0"});

        declaration_.name = "hello";
        declaration_.directory = shop_.directory.path();
        declaration_.git = GitSource{.repository = (shop_.directory.path() / "origin").string(),
                                     .tag = "web-1.2.3"};
        declaration_.git->subdir = "web";
        declaration_.python.mode = "SYSTEM";
        declaration_.packer = "layered";
        declaration_.wheelhouse = wheelhouse_;
    }
    void git(const std::string& directory, std::vector<std::string> words) {
        words.insert(words.begin(), {"git", "-c", "init.defaultBranch=main", "-c", "user.name=Ann",
                                     "-c", "user.email=ann@example.org"});
        const auto done = shop_.processes.check({words,
                                                 {{"PATH", "/usr/bin:/bin"},
                                                  {"GIT_CONFIG_NOSYSTEM", "1"},
                                                  {"GIT_AUTHOR_DATE", "1700000000 +0000"},
                                                  {"GIT_COMMITTER_DATE", "1700000000 +0000"}},
                                                 shop_.directory.path() / directory,
                                                 ""});
        EXPECT_TRUE(done) << said(done.error());
    }
    // The manifest and the wheel, built with its work directory in `place`.
    Result<std::pair<Manifest, BuiltWheel>> made(const fs::path& place) {
        const auto library = make_libgit2();
        Store store(place / "work", "program");
        TRY(store.open());
        System system{shop_.processes, *library, shop_.log, store};
        const fs::path cache = place / "git";
        TRY_ASSIGN(auto manifest,
                   resolve(declaration_, {cache, place / "pin.json", false}, system));
        TRY_ASSIGN(const auto source, fetch(manifest, {cache}, system));
        TRY_ASSIGN(const Layer base, interpreter(manifest, {}, system));
        TRY_ASSIGN(const auto built, wheel(manifest, {source, base}, system));
        TRY(take_version(manifest, built));
        TRY_ASSIGN(bytes_, read_file(built.file));
        TRY_ASSIGN(record_, read_file(built.dist_info / "RECORD"));
        return std::pair(manifest, built);
    }

    Declaration declaration_;
    std::string bytes_, record_;
};

TEST_F(WheelByGit, HasTheVersionOfItsOwnTag) {
    const auto first = made(shop_.directory.path() / "first");
    ASSERT_TRUE(first) << said(first.error());
    EXPECT_EQ(first->first.version, "1.2.3-1");
    EXPECT_EQ(first->second.file.filename(), "hello-1.2.3-py3-none-any.whl");
    EXPECT_THAT(record_, HasSubstr("hello/table.json,"));
    EXPECT_THAT(record_, Not(HasSubstr(".git")));

    // Another clone, below a directory that says other things: the same bytes.
    const std::string bytes = bytes_;
    const dba::testing::TemporaryDirectory elsewhere;
    git("origin", {"clone", "-q", ".", (elsewhere.path() / "clone").string()});
    shop_.directory.write("hostile/.gitignore", "*\n");
    shop_.directory.write("hostile/pyproject.toml", "[project]\nname = 'other'\n");
    git("hostile", {"init", "-q"});
    git("hostile", {"commit", "-q", "--allow-empty", "-m", "Ours"});
    git("hostile", {"tag", "web-9.9.9"});
    declaration_.git->repository = (elsewhere.path() / "clone").string();
    const auto second = made(shop_.directory.path() / "hostile/below");
    ASSERT_TRUE(second) << said(second.error());
    EXPECT_EQ(second->first.version, "1.2.3-1");
    EXPECT_EQ(bytes_, bytes);
}

TEST_F(WheelByGit, CountsTheCommitsOffATag) {
    shop_.directory.write("origin/web/hello/more.py", "");
    git("origin", {"add", "-A"});
    git("origin", {"commit", "-q", "-m", "Second"});
    git("origin", {"tag", "worker-9.1.0"});
    declaration_.git->tag = "main";
    const auto off = made(shop_.directory.path() / "off");
    ASSERT_TRUE(off) << said(off.error());
    EXPECT_THAT(off->second.metadata.version, MatchesRegex("1.2.3.post1.dev0.g[0-9a-f]+"));
    EXPECT_THAT(off->first.version,
                MatchesRegex("1.2.3.~post1~dev0.git20231114221320.[0-9a-f]{7}-1"));
}

TEST_F(WheelByGit, WhatPrepareDoesIsNoChangeOfTheCommitAndInThePackage) {
    declaration_.prepare.commands = {
        {"mkdir", "hello/static"},
        {"sh", "-c", "echo body > hello/static/app.css; echo '# made' >> hello/__init__.py"}};
    const auto prepared = made(shop_.directory.path() / "prepared");
    ASSERT_TRUE(prepared) << said(prepared.error());
    EXPECT_EQ(prepared->first.version, "1.2.3-1");
    EXPECT_THAT(record_, HasSubstr("hello/static/app.css,sha256="));
    EXPECT_THAT(shop_.log.lines,
                ::testing::Contains("wheel: put into the wheel, since PREPARE made it and the "
                                    "backend goes by git: hello/static/app.css"));
}

}  // namespace
}  // namespace dba::steps
