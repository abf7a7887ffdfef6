// Locks and tables of the project: PDM's and Pipenv's, groups, overrides, and what is asked for
// beside a lock.
#include <fmt/format.h>
#include <gmock/gmock.h>

#include "steps/lock/foreign_lock.hpp"

namespace dba::steps {
namespace {

using dba::steps::testing::ForeignLock;
using dba::steps::testing::other_sha;
using dba::testing::said;
using ::testing::HasSubstr;

TEST_F(ForeignLock, PdmLockSaysItsGroups) {
    const auto pdm = [&](const std::string& strategy) {
        return fmt::format(R"L([metadata]
groups = ["default", "loud", "dev"]
strategy = [{2}]
lock_version = "4.5.0"

[[package]]
name = "greet"
version = "2.0"
groups = ["default"]
files = [{{file = "greet-2.0-py3-none-any.whl", hash = "sha256:{0}"}}]

[[package]]
name = "greet"
version = "2.0"
extras = ["x"]
groups = ["default"]
files = [{{file = "greet-2.0-py3-none-any.whl", hash = "sha256:{0}"}}]

[[package]]
name = "colorama"
version = "1"
groups = ["default"]
marker = "sys_platform == \"win32\""
files = [{{file = "colorama-1-py3-none-any.whl", hash = "sha256:{1}"}}]

[[package]]
name = "shout"
version = "1"
groups = ["loud", "dev"]
files = [{{url = "https://example.org/shout-1.tar.gz", hash = "sha256:{1}"}}]
)L",
                           sha_, other_sha, strategy);
    };
    const std::string inherited = "\"inherit_metadata\"";
    EXPECT_EQ(pins("pdm.lock", pdm(inherited)), greet_pin());
    manifest_.extras = {"loud"};
    EXPECT_EQ(pins("pdm.lock", pdm(inherited)), greet_pin() + shout_pin());
    EXPECT_EQ(
        pins("pdm.lock", pdm("")),
        file("pdm.lock") +
            ": does not say which group needs a package (strategy inherit_metadata) (`pdm lock "
            "--update-reuse --strategy inherit_metadata`)");
    EXPECT_EQ(
        pins("pdm.lock", "[metadata]\nlock_version = \"3\"\n"),
        file("pdm.lock") +
            ": is of lock_version 3 of PDM's format; 4.x is read (lock again with PDM 2.11 or "
            "newer)");
    // An archive beside the lock: without its files, and with a hash that is none.
    const std::string head =
        "[metadata]\nlock_version = \"4.5.0\"\nstrategy = [\"inherit_metadata\"]\n"
        "groups = [\"loud\"]\n[[package]]\nname = \"greet\"\nversion = \"2.0\"\n"
        "groups = [\"default\"]\npath = \"./greet-2.0.tar.gz\"\n";
    EXPECT_THAT(pins("pdm.lock", head), HasSubstr("greet 2.0: has no file in the lock"));
    EXPECT_THAT(pins("pdm.lock", head + "files = [{file = \"greet-2.0.tar.gz\", hash = \"x\"}]\n"),
                HasSubstr("greet 2.0: has no sha256 of greet-2.0.tar.gz"));
    manifest_.extras.clear();
    manifest_.groups = {"dev"};
    auto files = project_files();
    files["pyproject.toml"] += "\n[tool.pdm.dev-dependencies]\ndev = [\"shout\"]\n";
    write_project(files);
    EXPECT_EQ(pins("pdm.lock", pdm(inherited)), greet_pin() + shout_pin());
}

TEST_F(ForeignLock, PipfileLockSaysItsCategories) {
    const auto lock = [&](const std::string& category) {
        return fmt::format(R"L({{"_meta": {{"pipfile-spec": 6, "sources": [
    {{"name": "pypi", "url": "https://index.example.org/simple"}}]}},
"default": {{
    "greet": {{"hashes": ["sha256:{0}"], "index": "pypi", "version": "==2.0"}},
    "windows-only": {{"hashes": ["sha256:{1}"], "markers": "sys_platform == 'win32'", "version": "==1"}}}},
"{2}": {{"shout": {{"hashes": ["sha256:{1}"], "version": "==1"}}}}}})L",
                           sha_, other_sha, category);
    };
    EXPECT_EQ(pins("Pipfile.lock", lock("develop")), greet_pin());
    EXPECT_EQ(pins("Pipfile.lock", "{}"),
              file("Pipfile.lock") + ": is no Pipfile.lock (`pipenv lock` makes it)");

    // Of the project, with its Pipfile: one that asks for more is not satisfied in silence.
    manifest_.lock.clear();
    auto files = project_files("");
    files["Pipfile.lock"] = lock("develop");
    files["Pipfile"] = "[packages]\ngreet = '*'\n[dev-packages]\nshout = '*'\n";
    write_project(files);
    const auto own = locked();
    ASSERT_TRUE(own) << said(own.error());
    EXPECT_THAT(*read_file(own->file), HasSubstr("\n" + greet_pin()));
    files["Pipfile"] = "[packages]\ngreet = '>=3'\n";
    write_project(files);
    const auto older = locked();
    ASSERT_FALSE(older);
    EXPECT_THAT(said(older.error()), HasSubstr("greet>=3"));
}

TEST_F(ForeignLock, OfThePipfileAloneIsResolved) {
    auto files = project_files("");
    files["Pipfile"] =
        "[packages]\ngreet = {version = '<2'}\nhello = {path = '.', editable = true}\n";
    write_project(files);
    const auto lock = locked();
    ASSERT_TRUE(lock) << said(lock.error());
    EXPECT_THAT(*read_file(lock->file), HasSubstr("greet==1.0"));
}

TEST_F(ForeignLock, GroupsCount) {
    add_wheel("shout", "1", {{"shout.py", ""}});
    auto files = project_files();
    files["pyproject.toml"] +=
        "\n[dependency-groups]\nloud = ['shout', {include-group = 'more'}]\nmore = ['greet<2']\n";
    write_project(files);
    manifest_.groups = {"Loud"};
    const auto lock = locked();
    ASSERT_TRUE(lock) << said(lock.error());
    EXPECT_THAT(*read_file(lock->file),
                ::testing::AllOf(HasSubstr("shout==1"), HasSubstr("greet==1.0")));
    manifest_.groups = {"lowd"};
    const auto none = locked();
    ASSERT_FALSE(none);
    EXPECT_EQ(said(none.error()),
              "GROUPS lowd: the project has no such group (it has: loud, more)");
    // Poetry's, against its lock.
    files = project_files();
    files["pyproject.toml"] +=
        "\n[tool.poetry.group.extra.dependencies]\nonly-for-tests = '^1.0'\n";
    write_project(files);
    manifest_.groups = {"extra"};
    EXPECT_THAT(pins("poetry.lock", poetry()), HasSubstr("only-for-tests==1.0"));
}

// What REQUIREMENTS ask for beside the project's own lock is resolved with its versions fixed.
TEST_F(ForeignLock, OfTheProjectIsAddedTo) {
    add_wheel("more", "1", {{"more.py", ""}}, "Requires-Dist: greet\n");
    auto files = project_files();
    const std::string old = *sha256_file(wheelhouse_ / "greet-1.0-py3-none-any.whl");
    files["pylock.toml"] = fmt::format(
        "lock-version = '1.0'\n[[packages]]\nname = 'greet'\nversion = '1.0'\nwheels = [{{ name = "
        "'greet-1.0-py3-none-any.whl', hashes = {{ sha256 = '{}' }} }}]\n",
        old);
    write_project(files);
    manifest_.requirements = {shop_.directory.write("more.txt", "more\n")};
    const auto lock = locked();
    ASSERT_TRUE(lock) << said(lock.error());
    EXPECT_THAT(*read_file(lock->file),
                ::testing::AllOf(HasSubstr("more==1"),
                                 HasSubstr("greet==1.0 \\\n    --hash=sha256:" + old)));
}

// An override is somebody's decision: the lock need not satisfy what it overrides.
TEST_F(ForeignLock, OverridesAreKept) {
    auto files = project_files(R"("greet<2")");
    files["pyproject.toml"] += "\n[tool.uv]\noverride-dependencies = ['greet==2.0']\n";
    write_project(files);
    EXPECT_EQ(pins("pylock.toml", pylock()), greet_pin());
    manifest_.lock.clear();
    const auto lock = locked();
    ASSERT_TRUE(lock) << said(lock.error());
    EXPECT_THAT(*read_file(lock->file), HasSubstr("greet==2.0"));
    EXPECT_THAT(lock->overridden, ::testing::ElementsAre("greet"));
}

TEST_F(ForeignLock, TablesThatAreNotReadAreNamed) {
    auto files = project_files();
    files["pyproject.toml"] += "\n[tool.uv]\nexclude-dependencies = ['greet']\n";
    write_project(files);
    const auto lock = locked();
    ASSERT_FALSE(lock);
    EXPECT_EQ(said(lock.error()),
              "[tool.uv] exclude-dependencies: is found and not read: what is resolved without it "
              "may be something else (lock with the project's own tool (`uv lock`, `poetry lock`, "
              "`pdm lock`): its lock is taken)");
    files["pyproject.toml"] = project_files().at("pyproject.toml") +
                              "\n[tool.uv]\nconstraint-dependencies = ['greet<2']\n";
    write_project(files);
    const auto limited = locked();
    ASSERT_TRUE(limited) << said(limited.error());
    EXPECT_THAT(*read_file(limited->file), HasSubstr("greet==1.0"));
}

}  // namespace
}  // namespace dba::steps
