// Locks of other tools, against a wheelhouse: which pins they come to, and what is refused.
#include "steps/lock/formats.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "steps/lock/foreign_lock.hpp"

namespace dba::steps {
namespace {

using dba::steps::testing::ForeignLock;
using dba::steps::testing::other_sha;
using dba::testing::said;
using ::testing::HasSubstr;

TEST(LockFormat, IsToldByNameAndByContent) {
    EXPECT_EQ(lock_format("/a/uv.lock", ""), LockFormat::uv);
    EXPECT_EQ(lock_format("/a/poetry.lock", ""), LockFormat::poetry);
    EXPECT_EQ(lock_format("/a/pylock.toml", ""), LockFormat::pylock);
    EXPECT_EQ(lock_format("/a/pylock.web.toml", ""), LockFormat::pylock);
    EXPECT_EQ(lock_format("/a/requirements.txt", "flask==1 --hash=sha256:0\n"),
              LockFormat::requirements);
    EXPECT_EQ(lock_format("/a/pdm.lock", ""), LockFormat::pdm);
    EXPECT_EQ(lock_format("/a/Pipfile.lock", ""), LockFormat::pipfile);
    EXPECT_EQ(lock_format("/a/my.lock", "{\"_meta\": {\"pipfile-spec\": 6}}"), LockFormat::pipfile);
    EXPECT_EQ(lock_format("/a/my.lock", "[metadata]\nlock_version = \"4.5\"\n\n[[package]]\n"),
              LockFormat::pdm);
    EXPECT_EQ(lock_format("/a/my.lock", "lock-version = \"1.0\"\n[[packages]]\n"),
              LockFormat::pylock);
    EXPECT_EQ(lock_format("/a/my.lock", "version = 1\n\n[[package]]\n"), LockFormat::uv);
    EXPECT_EQ(lock_format("/a/my.lock", "# x\n[[package]]\n\n[metadata]\n"), LockFormat::poetry);
}

TEST_F(ForeignLock, PylockIsTakenForTheTarget) {
    EXPECT_EQ(pins("pylock.toml", pylock()), greet_pin());
    manifest_.extras = {"loud"};
    EXPECT_EQ(pins("pylock.web.toml", pylock()), greet_pin() + shout_pin());
    // As the one file of REQUIREMENTS it is a lock too.
    manifest_.requirements = {manifest_.lock};
    manifest_.lock.clear();
    const auto lock = locked();
    ASSERT_TRUE(lock) << said(lock.error());
    EXPECT_THAT(*read_file(lock->file), HasSubstr(greet_pin() + shout_pin()));
    manifest_.requirements.push_back(shop_.directory.write("more.txt", "greet\n"));
    const auto both = locked();
    ASSERT_FALSE(both);
    EXPECT_EQ(said(both.error()),
              "REQUIREMENTS " + file("pylock.web.toml") +
                  ": is a pylock.toml: a lock says everything, and there are other REQUIREMENTS "
                  "(give it alone, as LOCK)");
}

TEST_F(ForeignLock, OfTheProjectItselfIsTaken) {
    auto files = project_files();
    files["pylock.toml"] = pylock();
    write_project(files);
    const auto lock = locked();
    ASSERT_TRUE(lock) << said(lock.error());
    EXPECT_THAT(*read_file(lock->file), HasSubstr(greet_pin()));
    EXPECT_THAT(shop_.log.lines, ::testing::Contains("lock: taking the project's own pylock.toml"));
}

TEST_F(ForeignLock, PylockIsRefused) {
    const std::string name = file("pylock.toml");
    EXPECT_EQ(pins("pylock.toml", "lock-version = \"2.0\"\n"),
              name +
                  ": is of lock-version 2.0; 1.x is read (PEP 751) (make the lock again with a "
                  "tool that writes lock-version 1.0)");
    EXPECT_EQ(pins("pylock.toml", pylock("2.0", "requires-python = '<3'")),
              fmt::format("{}: is for Python <3, and the target's is {} (make the lock for this "
                          "Python, or choose another PYTHON_VERSION)",
                          name, manifest_.python.full_version));
    EXPECT_EQ(pins("pylock.toml", pylock("2.0", "environments = [\"sys_platform == 'win32'\"]")),
              name +
                  ": is for other environments than the target's (make the lock for this "
                  "platform and Python too)");
    EXPECT_EQ(pins("pylock.toml",
                   "lock-version = '1.0'\n[[packages]]\nname = 'greet'\nversion = "
                   "'2.0'\nwheels = [{ name = 'greet-2.0-py3-none-any.whl' }]\n"),
              name +
                  ": greet 2.0: has no sha256 of greet-2.0-py3-none-any.whl (make the lock again "
                  "with hashes)");
    const std::string one_wheel =
        "lock-version = '1.0'\n[[packages]]\nname = 'greet'\nversion = "
        "'2.0'\nwheels = [{{ name = '{}', hashes = {{ sha256 = '{}' }} }}]\n";
    const std::string refused =
        pins("pylock.toml",
             fmt::format(fmt::runtime(one_wheel), "greet-2.0-cp311-cp311-win_amd64.whl", sha_));
    EXPECT_THAT(refused,
                HasSubstr(fmt::format(
                    "{}: greet 2.0: has no file that fits the target, Python {} on {}: the "
                    "lock lists greet-2.0-cp311-cp311-win_amd64.whl (make the lock for this "
                    "platform too; what fits is a cp",
                    name, manifest_.python.version, manifest_.target.architecture)));
    EXPECT_EQ(pins("pylock.toml", "lock-version = \n"),
              name + ":1: Error while parsing key-value pair: expected value, saw '\\n'");
}

TEST_F(ForeignLock, MustSatisfyTheProject) {
    EXPECT_EQ(pins("pylock.toml", "lock-version = '1.0'\n"),
              file("pylock.toml") +
                  ": does not satisfy greet of hello: it holds no greet (make the "
                  "lock again from what the project asks for now)");
    write_project(project_files(R"("greet>=3")"));
    EXPECT_EQ(pins("pylock.toml", pylock()),
              file("pylock.toml") +
                  ": does not satisfy greet>=3 of hello: it holds greet 2.0 (make "
                  "the lock again from what the project asks for now)");
    EXPECT_EQ(pins("r.lock", greet_pin()),
              file("r.lock") +
                  ": does not satisfy greet>=3 of hello: it holds greet 2.0 (make the "
                  "lock again from what the project asks for now)");
    EXPECT_EQ(pins("poetry.lock", poetry()),
              file("poetry.lock") +
                  ": does not satisfy greet>=3 of hello: it holds greet 1.0 greet "
                  "2.0 (lock again: `poetry lock`)");
}

TEST_F(ForeignLock, PoetryIsWalkedFromTheProject) {
    const auto pin = [](const std::string& what) {
        return what + " \\\n    --hash=sha256:" + other_sha + "\n";
    };
    EXPECT_EQ(pins("poetry.lock", poetry()),
              pin("deep==0.2.9") + pin("deeper==2.1") + greet_pin() + pin("optional-one==1.7"));
    EXPECT_EQ(pins("poetry.lock", poetry("1.1")),
              file("poetry.lock") +
                  ": is of lock-version 1.1 of Poetry's format; 2.x is read (lock "
                  "again with Poetry 1.3 or newer)");
}

TEST_F(ForeignLock, UvLockIsExportedByUv) {
    shop_.directory.write("pyproject.toml", project_files().at("pyproject.toml"));
    const std::string text = fmt::format(R"(version = 1
revision = 2
requires-python = ">=3.9"

[[package]]
name = "hello"
version = "1.0"
source = {{ virtual = "." }}
dependencies = [{{ name = "greet" }}]

[package.optional-dependencies]
loud = [{{ name = "shout", marker = "sys_platform == 'linux'" }}]

[package.metadata]
requires-dist = [{{ name = "greet" }}, {{ name = "shout", marker = "extra == 'loud'" }}]
provides-extras = ["loud"]

[[package]]
name = "greet"
version = "2.0"
source = {{ registry = "https://example.org/simple" }}
wheels = [{{ url = "https://example.org/greet-2.0-py3-none-any.whl", hash = "sha256:{}" }}]

[[package]]
name = "shout"
version = "1"
source = {{ registry = "https://example.org/simple" }}
sdist = {{ url = "https://example.org/shout-1.tar.gz", hash = "sha256:{}" }}
)",
                                         sha_, other_sha);
    EXPECT_EQ(pins("uv.lock", text), greet_pin());
    manifest_.extras = {"loud"};
    EXPECT_EQ(pins("uv.lock", text), greet_pin() + shout_pin());
    EXPECT_EQ(pins("uv.lock", "version = 2\n"),
              file("uv.lock") +
                  ": is of version 2 of uv's lock format; version 1 is read (lock again "
                  "with a uv that writes version 1)");
    manifest_.installer = {InstallerKind::pip, "", "any", {}};
    EXPECT_EQ(pins("uv.lock", text),
              "LOCK " + file("uv.lock") +
                  ": uv.lock is read by uv, and INSTALLER is pip (say INSTALLER uv, or give LOCK "
                  "what `uv export --format pylock.toml` writes)");
}

}  // namespace
}  // namespace dba::steps
