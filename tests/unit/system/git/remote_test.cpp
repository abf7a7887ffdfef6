#include "system/git/remote.hpp"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>

#include "system/git/repository.hpp"
#include "system/git/trust.hpp"

extern char** environ;

namespace dba {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

TEST(Netrc, FindsTheLoginOfAHost) {
    const std::string text =
        "# comment login x\n"
        "machine other login o password p\n"
        "macdef init\nmachine host login wrong\n\n"
        "machine host\n  login user\n  account a\n  password secret\n"
        "default login anyone password any\n";
    EXPECT_EQ(git::find_netrc(text, "host")->user, "user");
    EXPECT_EQ(git::find_netrc(text, "host")->password, "secret");
    EXPECT_EQ(git::find_netrc(text, "elsewhere")->user, "anyone");
    EXPECT_FALSE(git::find_netrc("machine other login o password p", "host"));
    EXPECT_FALSE(git::find_netrc("", "host"));
}

class KnownHosts : public ::testing::Test {
 protected:
    // "\0\0\0\xbssh-ed25519" and a key, and its base64 as ssh-keygen writes it.
    static std::string key(char c) {
        return std::string("\0\0\0\x0bssh-ed25519", 15) + std::string(3, c);
    }
    static constexpr const char* encoded = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5YWFh";
    static git::HostKey judge(const std::string& field, const std::string& host, int port, char c) {
        return git::check_host_key(field + " " + encoded + " comment\n", host, port, key(c));
    }
};

TEST_F(KnownHosts, ComparesNamePortTypeAndKey) {
    using git::HostKey;
    EXPECT_EQ(judge("host", "host", 22, 'a'), HostKey::known);
    EXPECT_EQ(judge("host", "host", 22, 'b'), HostKey::changed);
    EXPECT_EQ(judge("host", "other", 22, 'a'), HostKey::unknown);
    EXPECT_EQ(judge("host", "host", 2222, 'a'), HostKey::unknown);
    EXPECT_EQ(judge("[host]:2222", "host", 2222, 'a'), HostKey::known);
    EXPECT_EQ(judge("a,*.example.org,!bad.example.org", "git.example.org", 22, 'a'),
              HostKey::known);
    EXPECT_EQ(judge("a,*.example.org,!bad.example.org", "bad.example.org", 22, 'a'),
              HostKey::unknown);
    EXPECT_EQ(judge("@revoked host", "host", 22, 'a'), HostKey::revoked);
    EXPECT_EQ(judge("@cert-authority host", "host", 22, 'a'), HostKey::unknown);
    EXPECT_EQ(judge("#host", "host", 22, 'a'), HostKey::unknown);
    EXPECT_EQ(git::check_host_key("", "host", 22, key('a')), HostKey::unknown);
}

// The servers of server.py, and this process's environment pointed at a home of the test's.
class GitRemote : public GitRepository {
 protected:
    void SetUp() override {
        GitRepository::SetUp();
        fs::create_directories(root() / "home/.ssh");
        for (const auto& [name, value] :
             std::vector<std::pair<const char*, std::string>>{{"HOME", (root() / "home").string()},
                                                              {"NETRC", ""},
                                                              {"SSH_AUTH_SOCK", ""},
                                                              {"SSL_CERT_FILE", ""},
                                                              {"SSL_CERT_DIR", ""},
                                                              {"no_proxy", "localhost,127.0.0.1"}})
            set(name, value);
        reopen();
        origin_ = init("served/app.git");
        put("served/app.git/file", "1");
        first_ = commit(origin_, "one");
        git(origin_, {"tag", "v1.0"});
    }
    void TearDown() override {
        for (const auto& [pid, pipe] : servers_) {
            ::close(pipe);  // upon which it ends
            ::waitpid(pid, nullptr, 0);
        }
        git_.reset();
        for (auto item = saved_.rbegin(); item != saved_.rend(); ++item) {
            if (item->second)
                ::setenv(item->first.c_str(), item->second->c_str(), 1);
            else
                ::unsetenv(item->first.c_str());
        }
        GitRepository::TearDown();
    }
    // An empty value removes the variable.
    void set(const std::string& name, const std::string& value) {
        const char* before = std::getenv(name.c_str());
        saved_.emplace_back(name,
                            before != nullptr ? std::optional<std::string>(before) : std::nullopt);
        if (value.empty())
            ::unsetenv(name.c_str());
        else
            ::setenv(name.c_str(), value.c_str(), 1);
    }
    // Certificates are read when libgit2 starts.
    void reopen() {
        git_.reset();
        git_ = make_libgit2();
    }
    void run(const std::vector<std::string>& argv) {
        RealProcessRunner runner;
        const auto done = runner.check({argv, {{"PATH", "/usr/bin:/bin"}}, root(), ""});
        ASSERT_TRUE(done) << done.error().subject << ": " << done.error().cause;
    }
    // Starts server.py; its port.
    std::string serve(std::vector<std::string> arguments) {
        arguments.insert(arguments.begin(),
                         {"/usr/bin/python3", SOURCE_ROOT "/tests/unit/system/git/server.py"});
        std::vector<char*> argv;
        for (auto& argument : arguments) argv.push_back(argument.data());
        argv.push_back(nullptr);
        std::array<int, 2> to{};
        std::array<int, 2> from{};
        EXPECT_EQ(::pipe2(to.data(), O_CLOEXEC), 0);
        EXPECT_EQ(::pipe2(from.data(), O_CLOEXEC), 0);
        posix_spawn_file_actions_t actions;
        posix_spawn_file_actions_init(&actions);
        posix_spawn_file_actions_adddup2(&actions, to[0], 0);
        posix_spawn_file_actions_adddup2(&actions, from[1], 1);
        pid_t pid = 0;
        EXPECT_EQ(::posix_spawn(&pid, argv[0], &actions, nullptr, argv.data(), environ), 0);
        posix_spawn_file_actions_destroy(&actions);
        ::close(to[0]);
        ::close(from[1]);
        servers_.emplace_back(pid, to[1]);
        std::string port;
        for (char c = 0; ::read(from[0], &c, 1) == 1 && c != '\n';) port += c;
        ::close(from[0]);
        EXPECT_FALSE(port.empty()) << "the server did not start";
        return port;
    }
    // A server with a certificate of its own making; its URL of the repository.
    std::string serve_https(const std::string& login = "") {
        run({"openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj",
             "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-keyout", "tls.key",
             "-out", "tls.pem"});
        port_ = serve({"https", (root() / "served").string(), (root() / "tls.pem").string(),
                       (root() / "tls.key").string(), login});
        return "https://localhost:" + port_ + "/app.git";
    }
    std::string serve_ssh() {
        run({"ssh-keygen", "-q", "-t", "ecdsa", "-m", "PEM", "-N", "", "-f", "host_key"});
        run({"ssh-keygen", "-q", "-t", "rsa", "-m", "PEM", "-N", "", "-f", "home/.ssh/id_rsa"});
        port_ = serve({"ssh", (root() / "served").string(), (root() / "host_key").string(),
                       (root() / "home/.ssh/id_rsa.pub").string()});
        return "ssh://git@localhost:" + port_ + "/app.git";
    }
    void trust_https() {
        set("SSL_CERT_FILE", (root() / "tls.pem").string());
        reopen();
    }
    void trust_ssh(const std::string& field) {
        const auto key = read_file(root() / "host_key.pub");
        ASSERT_TRUE(key);
        put("home/.ssh/known_hosts", field + " " + *key);
    }

    fs::path origin_;
    std::string first_, port_;
    std::vector<std::pair<pid_t, int>> servers_;
    std::vector<std::pair<std::string, std::optional<std::string>>> saved_;
};

TEST_F(GitRemote, FetchesOverHttpsAndAsksNoMoreForWhatItHas) {
    const std::string url = serve_https();
    trust_https();
    const auto tag = git_->resolve(url, "v1.0", cache());
    ASSERT_TRUE(tag) << tag.error().cause;
    EXPECT_EQ(tag->id, first_);
    put("served/app.git/file", "2");
    const std::string second = commit(origin_, "two");
    EXPECT_EQ(git_->resolve(url, "main", cache())->id, second);
    EXPECT_EQ(git_->resolve(url, "main", cache())->branch, "main");
    EXPECT_EQ(git_->resolve(url, "origin/main", cache())->id, second);
    EXPECT_EQ(git_->resolve(url, "HEAD", cache())->id, second);
    EXPECT_EQ(**git_->read(cache(), second, "file"), "2");
    ASSERT_TRUE(git_->export_tree({cache(), url, first_, false, false, true, root() / "out"}));
    EXPECT_EQ(*read_file(root() / "out/file"), "1");

    // The server is gone: what the cache has needs none.
    ::close(servers_.back().second);
    ::waitpid(servers_.back().first, nullptr, 0);
    servers_.pop_back();
    EXPECT_EQ(git_->resolve(url, first_, cache()).value().id, first_);
    EXPECT_EQ(git_->resolve(url, second.substr(0, 10), cache()).value().id, second);
    EXPECT_TRUE(git_->export_tree({cache(), url, second, false, false, true, root() / "out2"}));
    const auto gone = git_->resolve(url, "main", cache());
    ASSERT_FALSE(gone);
    EXPECT_EQ(gone.error().code, ExitCode::system);
    EXPECT_EQ(gone.error().subject, url);
    EXPECT_THAT(gone.error().cause, StartsWith("cannot be fetched: "));
}

TEST_F(GitRemote, BranchesComeGoAndBecomeDirectories) {
    const std::string url = serve_https();
    trust_https();
    git(origin_, {"branch", "topic"});
    ASSERT_TRUE(git_->resolve(url, "topic", cache()));
    git(origin_, {"branch", "-D", "topic"});
    git(origin_, {"branch", "topic/one"});
    const auto one = git_->resolve(url, "topic/one", cache());
    ASSERT_TRUE(one) << one.error().cause;
    EXPECT_EQ(one->id, first_);
    const auto topic = git_->resolve(url, "topic", cache());
    ASSERT_FALSE(topic);
    EXPECT_EQ(topic.error().cause, "no commit, tag or branch is named topic");
    git(origin_, {"checkout", "-q", "--detach"});
    EXPECT_EQ(git_->resolve(url, "HEAD", cache()).value().id, first_);
}

TEST_F(GitRemote, CommitOnNoBranchIsAskedForByItsId) {
    const std::string url = serve_https();
    trust_https();
    git(origin_, {"config", "uploadpack.allowAnySHA1InWant", "true"});
    git(origin_, {"checkout", "-q", "--detach"});
    put("served/app.git/file", "lonely");
    const std::string lonely = commit(origin_, "lonely");
    git(origin_, {"checkout", "-q", "main"});
    const auto found = git_->resolve(url, lonely, cache());
    ASSERT_TRUE(found) << found.error().cause;
    EXPECT_EQ(found->id, lonely);
}

TEST_F(GitRemote, DamagedCacheIsMadeAnew) {
    const std::string url = serve_https();
    trust_https();
    ASSERT_TRUE(git_->resolve(url, "main", cache()));
    put("served/app.git/file", "2");
    const std::string second = commit(origin_, "two");
    put("cache/refs/heads/main.lock", "");  // as a killed build leaves it
    const auto locked = git_->resolve(url, "main", cache());
    ASSERT_TRUE(locked) << locked.error().cause;
    EXPECT_EQ(locked->id, second);
    fs::remove(cache() / "HEAD");
    EXPECT_EQ(git_->resolve(url, "main", cache()).value().id, second);
}

TEST_F(GitRemote, CertificateThatNobodySignedIsRefused) {
    const std::string url = serve_https();
    const auto refused = git_->resolve(url, "main", cache());
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ExitCode::bad_input);
    EXPECT_EQ(refused.error().subject, url);
    EXPECT_EQ(refused.error().cause, "the https certificate of localhost is not trusted");
    EXPECT_EQ(refused.error().hint,
              "if its authority is your own, name its certificate in SSL_CERT_FILE "
              "(or a directory of them in SSL_CERT_DIR)");
}

TEST_F(GitRemote, LoginComesFromTheUrlOrFromNetrc) {
    const std::string url = serve_https("user:secret");
    trust_https();
    const auto refused = git_->resolve(url, "main", cache());
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ExitCode::bad_input);
    EXPECT_EQ(refused.error().cause, "localhost wants credentials, and none that fit are known");
    EXPECT_EQ(refused.error().hint, "put them into ~/.netrc, or into the file $NETRC names");
    const std::string with_login = "https://user:secret@localhost:" + port_ + "/app.git";
    EXPECT_EQ(git_->resolve(with_login, "main", cache()).value().id, first_);
    const auto wrong =
        git_->resolve("https://user:wrong@localhost:" + port_ + "/app.git", "main", cache());
    ASSERT_FALSE(wrong);
    EXPECT_EQ(wrong.error().subject, "https://***@localhost:" + port_ + "/app.git");
    EXPECT_THAT(wrong.error().cause, ::testing::Not(HasSubstr("wrong")));
    put("home/.netrc", "machine localhost login user password secret\n", 0600);
    EXPECT_EQ(git_->resolve(url, "main", cache()).value().id, first_);
    set("NETRC", put("other-netrc", "machine elsewhere login a password b\n").string());
    EXPECT_FALSE(git_->resolve(url, "main", cache()));
    // As the manifest has it: the login was redacted, netrc has it.
    set("NETRC", (root() / "home/.netrc").string());
    EXPECT_TRUE(git_->export_tree({root() / "fresh", "https://***@localhost:" + port_ + "/app.git",
                                   first_, false, false, true, root() / "out"}));
}

TEST_F(GitRemote, SshHostMustBeKnown) {
    const std::string url = serve_ssh();
    const auto unknown = git_->resolve(url, "main", cache());
    ASSERT_FALSE(unknown);
    EXPECT_EQ(unknown.error().code, ExitCode::bad_input);
    EXPECT_EQ(unknown.error().subject, "ssh://***@localhost:" + port_ + "/app.git");
    EXPECT_THAT(unknown.error().cause, StartsWith("the ssh host key of localhost is not known ("));
    EXPECT_EQ(unknown.error().hint,
              "compare it with what the host's administrator says, then: ssh-keyscan -p " + port_ +
                  " localhost >> ~/.ssh/known_hosts");
    trust_ssh("[localhost]:" + port_);
    const auto known = git_->resolve(url, "main", cache());
    ASSERT_TRUE(known) << known.error().cause;
    EXPECT_EQ(known->id, first_);
    run({"ssh-keygen", "-q", "-H", "-f", "home/.ssh/known_hosts"});
    EXPECT_TRUE(git_->resolve(url, "main", cache())) << "hashed names";

    run({"ssh-keygen", "-q", "-t", "ecdsa", "-N", "", "-f", "other_key"});
    put("home/.ssh/known_hosts",
        "[localhost]:" + port_ + " " + *read_file(root() / "other_key.pub"));
    const auto changed = git_->resolve(url, "main", cache());
    ASSERT_FALSE(changed);
    EXPECT_THAT(changed.error().cause,
                StartsWith("the ssh host key of localhost is not the one in ~/.ssh/known_hosts"));
    EXPECT_THAT(changed.error().hint,
                ::testing::EndsWith("ssh-keygen -R '[localhost]:" + port_ + "'"));
}

TEST_F(GitRemote, SshWithoutAKeyThatFitsIsAnError) {
    const std::string url = serve_ssh();
    trust_ssh("[localhost]:" + port_);
    fs::remove(root() / "home/.ssh/id_rsa");
    const auto refused = git_->resolve(url, "main", cache());
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ExitCode::bad_input);
    EXPECT_EQ(refused.error().cause, "localhost wants credentials, and none that fit are known");
    EXPECT_EQ(refused.error().hint, "add a key that the host accepts to the ssh agent");
}

TEST_F(GitRemote, HostThatDoesNotAnswerIsAnErrorByAddress) {
    // Port 1 of loopback: nobody listens there.
    const auto gone = git_->resolve("https://localhost:1/app.git", "main", cache());
    ASSERT_FALSE(gone);
    EXPECT_EQ(gone.error().code, ExitCode::system);
    EXPECT_EQ(gone.error().subject, "https://localhost:1/app.git");
    EXPECT_THAT(gone.error().cause, StartsWith("cannot be fetched: "));
}

}  // namespace
}  // namespace dba
