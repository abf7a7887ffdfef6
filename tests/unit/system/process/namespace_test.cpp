// Needs a kernel that lets this user make namespaces, as building packages with tests does.
#include "system/process/namespace.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/temporary.hpp"
#include "system/files/files.hpp"

namespace dba {
namespace {

class NamespaceTest : public Temporary {
 protected:
    void SetUp() override {
        Temporary::SetUp();
        std::string reason;
        isolation = find_isolation(reason);
        ASSERT_NE(isolation, Isolation::none) << reason;
        put("tree/opt/app/greet", "#!/bin/sh\necho hello\n", 0755);
        put("tree/usr/lib/app/file", "its own\n");
        put("tree/etc/app.conf", "x\n");
        ASSERT_TRUE(make_directories(root() / "mount"));
    }
    Result<Completed> run(const View& view, std::vector<std::string> argv, unsigned seconds = 60) {
        TRY_ASSIGN(const Namespace setup,
                   Namespace::prepare(view, root() / "mount", isolation, seconds));
        return RealProcessRunner().run(
            {.argv = std::move(argv), .environment = {{"PATH", "/usr/bin:/bin"}}, .setup = &setup});
    }
    std::string shell(const std::string& script) {
        const auto done = run(host_view(root() / "tree", ""), {"/bin/sh", "-c", script});
        return done ? done->out + done->err : "error: " + done.error().cause;
    }

    Isolation isolation = Isolation::none;
};

TEST_F(NamespaceTest, ThePackageLiesOverTheSystem) {
    EXPECT_EQ(shell("/opt/app/greet; cat /usr/lib/app/file /etc/app.conf; test -e /etc/passwd && "
                    "echo there"),
              "hello\nits own\nx\nthere\n");
}

TEST_F(NamespaceTest, NothingOfAPythonOrOfHomesIsSeen) {
    EXPECT_EQ(shell("ls -d /usr/bin/python* /usr/lib/python* /usr/local /root /home /srv "
                    "/var 2>/dev/null"),
              "");
}

TEST_F(NamespaceTest, TheDeclaredInterpreterIsSeen) {
    const auto real = fs::canonical("/usr/bin/python3").string();
    const auto done =
        run(host_view(root() / "tree", real), {real, "-I", "-c", "import sys; print(sys.prefix)"});
    ASSERT_TRUE(done) << done.error().cause;
    EXPECT_EQ(done->out, "/usr\n") << done->err;
}

TEST_F(NamespaceTest, ItIsNobodyWithoutNetworkWhoWritesOnlyInTmp) {
    EXPECT_EQ(shell("id -u; echo x >/tmp/x && cat /tmp/x; grep -c : /proc/net/dev; "
                    "echo $$; grep -E 'CapEff|NoNewPrivs' /proc/self/status | tr -d '\\t '"),
              "65534\nx\n1\n1\nCapEff:0000000000000000\nNoNewPrivs:1\n");
    EXPECT_THAT(shell("touch /opt/app/y /usr/y /etc/y /y"),
                ::testing::AllOf(::testing::HasSubstr("/opt/app/y"),
                                 ::testing::HasSubstr("'/usr/y'"), ::testing::HasSubstr("'/y'")));
}

TEST_F(NamespaceTest, ItsMemoryIsBounded) {
    const auto kib = std::to_string(memory_in_a_namespace() / 1024);
    EXPECT_EQ(shell("ulimit -d; ulimit -H -d"), kib + "\n" + kib + "\n");
    EXPECT_GT(memory_in_a_namespace(), std::uint64_t{2000} << 20U);
}

TEST_F(NamespaceTest, StatusAndSignalsComeBack) {
    const View view = host_view(root() / "tree", "");
    EXPECT_EQ(run(view, {"/bin/sh", "-c", "exit 7"})->status, 7);
    EXPECT_EQ(run(view, {"/bin/sh", "-c", "sleep 60"}, 1)->status, 128 + 14);
    const auto missing = run(view, {"/opt/app/gone"});
    ASSERT_FALSE(missing);
    EXPECT_EQ(missing.error().cause, "cannot be started: No such file or directory");
}

TEST_F(NamespaceTest, AMountPointThatIsNotThereIsTold) {
    const auto setup =
        Namespace::prepare(host_view(root() / "tree", ""), root() / "nowhere", isolation, 5);
    ASSERT_TRUE(setup);
    const auto done =
        RealProcessRunner().run({.argv = {"/bin/true"}, .environment = {}, .setup = &*setup});
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().cause,
              "cannot be started: mounting the root: No such file or directory");
}

}  // namespace
}  // namespace dba
