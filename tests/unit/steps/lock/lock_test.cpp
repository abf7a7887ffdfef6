#include "steps/lock/lock.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <cstdlib>

#include "steps/lock/locked.hpp"
#include "support/venv_fixture.hpp"
#include "system/files/digest.hpp"

namespace dba::steps {

using dba::testing::contents;
using dba::testing::find_entry;
using dba::testing::said;

namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

using LockStep = dba::testing::EnvironmentTest;

const std::string sha = std::string(64, 'a');

std::string refusal(const std::string& text) {
    const auto parsed = parse_lock(text, "r.lock");
    return parsed ? "accepted" : said(parsed.error());
}

TEST(ParseLock, ReadsPinsOverSeveralLines) {
    const auto lock = parse_lock(
        "# made by hand\n"
        "--index-url https://example.org/simple\n"
        "flask==3.1.3 ; python_version >= \"3.9\" \\\n"
        "    --hash=sha256:" +
            sha +
            " \\\n"
            "    --hash=sha256:" +
            std::string(64, '0') +
            "\n"
            "    # via hello\n"
            "\r\n"
            "Zope.Interface[x]===6.0 --hash=sha256:" +
            sha +
            " # why\r\n"
            "pkg @ https://example.org/pkg.whl#sha1 --hash sha256:" +
            sha,
        "r.lock");
    ASSERT_TRUE(lock) << said(lock.error());
    ASSERT_EQ(lock->size(), 3U);
    EXPECT_EQ((*lock)[0].name, "flask");
    EXPECT_EQ((*lock)[0].version, "3.1.3");
    EXPECT_EQ((*lock)[0].text, "flask==3.1.3 ; python_version >= \"3.9\"");
    EXPECT_EQ((*lock)[0].line, 3);
    EXPECT_THAT((*lock)[0].hashes, ElementsAre("sha256:" + sha, "sha256:" + std::string(64, '0')));
    EXPECT_EQ((*lock)[1].name, "Zope.Interface");
    EXPECT_EQ((*lock)[1].version, "6.0");
    EXPECT_EQ((*lock)[2].version, "");
    EXPECT_EQ((*lock)[2].text, "pkg @ https://example.org/pkg.whl#sha1");
}

TEST(ParseLock, SaysWhichLineIsNone) {
    EXPECT_EQ(refusal("a==1 --hash=sha256:" + sha + "\nflask==3.1.3\n"),
              "r.lock:2: flask==3.1.3 has no --hash=sha256:... (every line of a LOCK needs one: "
              "`uv pip compile --generate-hashes` or `pip-compile --generate-hashes` writes them)");
    EXPECT_EQ(refusal("\n\nflask>=3 --hash=sha256:" + sha),
              "r.lock:3: flask>=3 is not pinned to one version (write NAME==VERSION, or let the "
              "build make the lock from REQUIREMENTS)");
    EXPECT_EQ(refusal("flask==3 --hash=md5:0123"),
              "r.lock:1: md5:0123 is no sha256 of 64 hex digits");
    EXPECT_EQ(refusal("-e ./mine"),
              "r.lock:1: ./mine is not pinned to one version (write NAME==VERSION, or let the "
              "build make the lock from REQUIREMENTS)");
    EXPECT_EQ(refusal("-r other.txt"), "r.lock:1: a lock includes no other file (-r other.txt)");
    EXPECT_EQ(refusal("./mine.whl --hash=sha256:" + sha),
              "r.lock:1: ./mine.whl is not pinned to one version (write NAME==VERSION, or let the "
              "build make the lock from REQUIREMENTS)");
    EXPECT_EQ(refusal(""), "accepted");
}

TEST(ParseLock, TakesAGitCommitForAHash) {
    const std::string commit(40, 'c');
    const auto lock = parse_lock("x @ git+https://host/x@" + commit + "#subdirectory=y\n", "r");
    ASSERT_TRUE(lock) << said(lock.error());
    EXPECT_EQ((*lock)[0].url, "git+https://host/x@" + commit + "#subdirectory=y");
    EXPECT_EQ(refusal("x @ git+https://host/x@main"),
              "r.lock:1: x @ git+https://host/x@main is not pinned to a commit (write the commit's "
              "40 hex digits behind the @)");
}

TEST_F(LockStep, PinsWithHashesAndIsKeptUntilAnInputChanges) {
    const auto lock = locked();
    ASSERT_TRUE(lock) << said(lock.error());
    EXPECT_FALSE(lock->empty);
    const auto hash = *sha256_file(wheelhouse_ / "greet-2.0-py3-none-any.whl");
    const std::string pins = "greet==2.0 \\\n    --hash=sha256:" + hash + "\n";
    const std::string bytes = *read_file(lock->file);
    EXPECT_EQ(bytes.substr(bytes.find('\n') + 1), pins);
    EXPECT_EQ(lock->digest, sha256_hex(pins));

    const auto resolved = [&] {
        return std::count(shop_.log.lines.begin(), shop_.log.lines.end(),
                          "lock: resolving the requirements of hello");
    };
    EXPECT_EQ(resolved(), 1);
    // A change of the source that leaves the requirements as they are.
    shop_.directory.write("project/hello/more.py", "x = 1\n");
    ASSERT_TRUE(locked());
    EXPECT_EQ(resolved(), 1);
    manifest_.requirements = {shop_.directory.write("requirements.txt", "greet<2\n")};
    const auto other = locked();
    ASSERT_TRUE(other) << said(other.error());
    EXPECT_EQ(resolved(), 2);
    EXPECT_THAT(*read_file(other->file), HasSubstr("greet==1.0 \\\n"));

    // pip answers the same.
    manifest_.installer = {InstallerKind::pip, "", "any", {}};
    const auto by_pip = locked();
    ASSERT_TRUE(by_pip) << said(by_pip.error());
    EXPECT_EQ(resolved(), 3);
    EXPECT_EQ(by_pip->digest, other->digest);

    manifest_.requirements.clear();
    write_project(project_files(""));
    const auto nothing = locked();
    ASSERT_TRUE(nothing) << said(nothing.error());
    EXPECT_TRUE(nothing->empty);
}

TEST_F(LockStep, SaysWhatCannotBeResolved) {
    manifest_.extras = {"lowd"};
    auto lock = locked();
    ASSERT_FALSE(lock);
    EXPECT_EQ(said(lock.error()), "EXTRAS lowd: hello has no such extra (it has: loud)");

    manifest_.extras.clear();
    write_project(project_files(R"("greet>=9")"));
    lock = locked();
    ASSERT_FALSE(lock);
    EXPECT_EQ(lock.error().code, ExitCode::bad_input);
    EXPECT_EQ(lock.error().subject, "requirements of hello");
    EXPECT_THAT(lock.error().cause, AllOf(HasSubstr("resolving them failed; uv says:\n"),
                                          HasSubstr("greet<=2.0"), HasSubstr("greet>=9")));
    EXPECT_EQ(lock.error().hint,
              "only WHEELHOUSE is asked: put what is missing into " + wheelhouse_.string());

    write_project({{"hello.py", ""}});
    lock = locked();
    ASSERT_FALSE(lock);
    EXPECT_EQ(said(lock.error()),
              project_.string() +
                  ": is not a Python project: it has no pyproject.toml, setup.py or setup.cfg (add "
                  "a pyproject.toml, or name the folder that holds one (SOURCE_DIR, GIT_SUBDIR))");
}

TEST_F(LockStep, KeepsCredentialsToItself) {
    manifest_.wheelhouse.clear();
    manifest_.index_url = "http://me:s3cret@127.0.0.1:9/simple";  // nobody listens there
    ::setenv("UV_HTTP_RETRIES", "0", 1);
    const auto lock = locked();
    ::unsetenv("UV_HTTP_RETRIES");
    ASSERT_FALSE(lock);
    EXPECT_EQ(lock.error().code, ExitCode::system);
    EXPECT_THAT(lock.error().cause, AllOf(HasSubstr("127.0.0.1:9"), Not(HasSubstr("s3cret"))));
    EXPECT_EQ(lock.error().hint, "check the network, or build from a WHEELHOUSE");
    for (const auto& line : shop_.log.lines) EXPECT_THAT(line, Not(HasSubstr("s3cret")));
    const auto found = shop_.processes.run(
        {.argv = {"/usr/bin/grep", "-rl", "s3cret", (shop_.store.work()).string()},
         .environment = {}});
    EXPECT_EQ(found->out, "");
}

TEST_F(LockStep, OfTheDeclarationIsTakenAsItIs) {
    manifest_.lock =
        shop_.directory.write("given.lock", "greet==1.0 --hash=sha256:" + sha + "\n").string();
    const auto lock = locked();
    ASSERT_TRUE(lock) << said(lock.error());
    EXPECT_EQ(lock->file, manifest_.lock);
    shop_.directory.write("given.lock", "greet==1.0\n");
    const auto without = locked();
    ASSERT_FALSE(without);
    EXPECT_THAT(without.error().subject, ::testing::EndsWith("given.lock:1"));
}

}  // namespace
}  // namespace dba::steps
