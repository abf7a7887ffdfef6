#include "system/git/remote.hpp"

#include <array>
#include <cstdlib>
#include <cstring>
#include <functional>

#include "system/files/digest.hpp"
#include "system/files/files.hpp"
#include "system/git/trust.hpp"
#include "system/process/environment.hpp"
#include "system/process/process.hpp"

namespace dba::git {
namespace {

struct Address {
    std::string host;
    int port = 22;
};

// The address in "ssh://[user@]host[:port]/path" or scp's "[user@]host:path".
Address address_of(const std::string& url) {
    Address address;
    std::string rest = url;
    const auto scheme = url.find("://");
    if (scheme != std::string::npos) rest = url.substr(scheme + 3);
    rest = rest.substr(0, rest.find('/'));
    const auto at = rest.rfind('@');
    if (at != std::string::npos) rest = rest.substr(at + 1);
    const auto colon = rest.find(':', rest.starts_with('[') ? rest.find(']') : 0);
    address.host = rest.substr(0, colon);
    if (address.host.starts_with('[') && address.host.ends_with(']'))
        address.host = address.host.substr(1, address.host.size() - 2);
    if (scheme != std::string::npos && colon != std::string::npos)
        address.port = std::atoi(rest.c_str() + colon + 1);
    return address;
}

// What the callbacks of one connection know and find out.
struct Connection {
    std::string url;
    std::optional<Error> refusal;  // says more than libgit2's own error
    int attempts = 0;              // at credentials
};

std::string netrc_text() {
    const std::string named = own_variable("NETRC");
    const auto text = read_file(named.empty() ? real_home() / ".netrc" : fs::path(named));
    return text ? *text : std::string();
}

int offer_ssh_key(git_credential** out, const char* user, Connection& connection) {
    static constexpr std::array keys{"id_ed25519", "id_ecdsa", "id_rsa"};
    if (connection.attempts == 0 && !own_variable("SSH_AUTH_SOCK").empty()) {
        ++connection.attempts;
        return git_credential_ssh_key_from_agent(out, user);
    }
    if (connection.attempts == 0) ++connection.attempts;
    while (connection.attempts <= static_cast<int>(keys.size())) {
        const fs::path key =
            real_home() / ".ssh" / keys.at(static_cast<std::size_t>(connection.attempts++ - 1));
        if (!path_exists(key)) continue;
        const std::string public_key = key.string() + ".pub";
        return git_credential_ssh_key_new(out, user,
                                          path_exists(public_key) ? public_key.c_str() : nullptr,
                                          key.c_str(), nullptr);
    }
    return GIT_EAUTH;
}

int on_credentials(git_credential** out, const char* url, const char* user_from_url,
                   unsigned allowed, void* payload) {
    auto& connection = *static_cast<Connection*>(payload);
    const Address address = address_of(url);
    const std::string user = user_from_url == nullptr ? "git" : user_from_url;
    if ((allowed & GIT_CREDENTIAL_USERNAME) != 0)
        return git_credential_username_new(out, user.c_str());
    if ((allowed & GIT_CREDENTIAL_SSH_KEY) != 0 &&
        offer_ssh_key(out, user.c_str(), connection) == 0)
        return 0;
    if ((allowed & GIT_CREDENTIAL_USERPASS_PLAINTEXT) != 0 && connection.attempts == 0) {
        ++connection.attempts;
        if (const auto login = find_netrc(netrc_text(), address.host))
            return git_credential_userpass_plaintext_new(out, login->user.c_str(),
                                                         login->password.c_str());
    }
    const bool ssh = (allowed & GIT_CREDENTIAL_SSH_KEY) != 0;
    connection.refusal = bad_input(redact_urls(connection.url),
                                   address.host + " wants credentials, and none that fit are known",
                                   ssh ? "add a key that the host accepts to the ssh agent"
                                       : "put them into ~/.netrc, or into the file $NETRC names")
                             .value();
    return GIT_EAUTH;
}

std::string known_hosts_text() {
    std::string all;
    for (const fs::path& file :
         {real_home() / ".ssh/known_hosts", real_home() / ".ssh/known_hosts2",
          fs::path("/etc/ssh/ssh_known_hosts")}) {
        if (const auto text = read_file(file)) all += *text + "\n";
    }
    return all;
}

Error host_key_error(const Connection& connection, const Address& address, HostKey report,
                     const std::string& key) {
    const std::string port = address.port == 22 ? "" : "-p " + std::to_string(address.port) + " ";
    const std::string file = "~/.ssh/known_hosts";
    std::string cause = "the ssh host key of " + address.host;
    std::string hint;
    if (report == HostKey::unknown) {
        cause += " is not known";
        hint = "compare it with what the host's administrator says, then: ssh-keyscan " + port +
               address.host + " >> " + file;
    } else if (report == HostKey::changed) {
        cause += " is not the one in " + file;
        hint =
            "someone may be in between; if the host really has a new key: ssh-keygen -R " +
            (address.port == 22 ? address.host
                                : "'[" + address.host + "]:" + std::to_string(address.port) + "'");
    } else {
        cause += " is revoked in " + file;
        hint = "ask the host's administrator";
    }
    return bad_input(redact_urls(connection.url),
                     cause + " (sha256 of the key: " + sha256_hex(key) + ")", hint)
        .value();
}

// libgit2 says itself whether an https certificate is good; an ssh host key is compared here,
// since not every version of it does.
int on_certificate(git_cert* certificate, int valid, const char* host, void* payload) {
    auto& connection = *static_cast<Connection*>(payload);
    if (certificate->cert_type == GIT_CERT_HOSTKEY_LIBSSH2) {
        const auto* key = reinterpret_cast<const git_cert_hostkey*>(certificate);
        const Address address = address_of(connection.url);
        if ((key->type & GIT_CERT_SSH_RAW) == 0) return GIT_ECERTIFICATE;
        const std::string raw(key->hostkey, key->hostkey_len);
        const HostKey report = check_host_key(known_hosts_text(), address.host, address.port, raw);
        if (report == HostKey::known) return 0;
        connection.refusal = host_key_error(connection, address, report, raw);
        return GIT_ECERTIFICATE;
    }
    if (valid != 0) return 0;
    connection.refusal =
        bad_input(redact_urls(connection.url),
                  std::string("the https certificate of ") + host + " is not trusted",
                  "if its authority is your own, name its certificate in SSL_CERT_FILE "
                  "(or a directory of them in SSL_CERT_DIR)")
            .value();
    return GIT_ECERTIFICATE;
}

// A redacted URL lost its user; git's own name is what every ssh host of repositories uses.
std::string without_redaction(const std::string& url) {
    const auto redacted = url.find("://***@");
    if (redacted == std::string::npos) return url;
    const bool ssh = url.substr(0, redacted).find("ssh") != std::string::npos;
    return url.substr(0, redacted) + (ssh ? "://git@" : "://") + url.substr(redacted + 7);
}

// HEAD as the remote has it, so that "HEAD" resolves in the cache.
void copy_head(git_remote* remote, git_repository* cache) {
    const git_remote_head** heads = nullptr;
    std::size_t count = 0;
    if (git_remote_ls(&heads, &count, remote) != 0) return;
    for (std::size_t i = 0; i < count; ++i) {
        if (std::strcmp(heads[i]->name, "HEAD") != 0) continue;
        if (heads[i]->symref_target != nullptr)
            git_repository_set_head(cache, heads[i]->symref_target);
        else
            git_repository_set_head_detached(cache, &heads[i]->oid);
    }
}

enum class Outcome { fetched, failed, damaged };

Outcome fetch_once(git_repository* cache, Connection& connection, const std::string& commit) {
    git_remote* raw = nullptr;
    if (git_remote_create_anonymous(&raw, cache, connection.url.c_str()) != 0)
        return Outcome::failed;
    const Remote remote(raw);
    git_fetch_options options = GIT_FETCH_OPTIONS_INIT;
    options.prune = GIT_FETCH_PRUNE;
    options.download_tags = GIT_REMOTE_DOWNLOAD_TAGS_NONE;  // the refspec below names them all
    options.proxy_opts.type = GIT_PROXY_AUTO;
    options.proxy_opts.credentials = on_credentials;
    options.proxy_opts.payload = &connection;
    options.callbacks.credentials = on_credentials;
    options.callbacks.certificate_check = on_certificate;
    options.callbacks.payload = &connection;
    std::array<char*, 2> specs{const_cast<char*>("+refs/heads/*:refs/heads/*"),
                               const_cast<char*>("+refs/tags/*:refs/tags/*")};
    const git_strarray all{specs.data(), specs.size()};
    if (git_remote_connect(remote.get(), GIT_DIRECTION_FETCH, &options.callbacks,
                           &options.proxy_opts, nullptr) != 0)
        return Outcome::failed;
    if (git_remote_fetch(remote.get(), &all, &options, nullptr) != 0) {
        const git_error* error = git_error_last();
        const int kind = error == nullptr ? GIT_ERROR_NONE : error->klass;
        const bool theirs = kind == GIT_ERROR_NET || kind == GIT_ERROR_SSL ||
                            kind == GIT_ERROR_SSH || kind == GIT_ERROR_HTTP;
        return theirs ? Outcome::failed : Outcome::damaged;
    }
    copy_head(remote.get(), cache);

    git_oid id;
    git_object* found = nullptr;
    if (commit.size() == 40 && git_oid_fromstr(&id, commit.c_str()) == 0 &&
        git_object_lookup(&found, cache, &id, GIT_OBJECT_COMMIT) != 0) {
        // Its failure is no news: whoever looks the commit up says that it is not there.
        std::array<char*, 1> wanted{const_cast<char*>(commit.c_str())};
        const git_strarray one{wanted.data(), wanted.size()};
        options.prune = GIT_FETCH_NO_PRUNE;
        (void)git_remote_fetch(remote.get(), &one, &options, nullptr);
    }
    git_object_free(found);
    return Outcome::fetched;
}

}  // namespace

Result<Repository> open_local(const fs::path& path) {
    if (!path_exists(path))
        return bad_input(
            path.string(), "there is no such repository",
            "a relative GIT_REPOSITORY starts at the directory that declares the package");
    git_repository* raw = nullptr;
    if (git_repository_open_ext(&raw, path.c_str(), GIT_REPOSITORY_OPEN_NO_SEARCH, nullptr) != 0)
        return bad_input(path.string(), "is not a git repository: " + message(),
                         "give the directory that holds .git, or a bare repository");
    return Repository(raw);
}

Result<Repository> open_cache(const fs::path& bare_cache) {
    git_repository* raw = nullptr;
    if (git_repository_open_bare(&raw, bare_cache.c_str()) == 0) return Repository(raw);
    // Absent, or cut short while it was made: it holds nothing that cannot be fetched again.
    TRY(remove_tree(bare_cache));
    TRY(make_directories(bare_cache));
    git_repository_init_options options = GIT_REPOSITORY_INIT_OPTIONS_INIT;
    options.flags = GIT_REPOSITORY_INIT_BARE | GIT_REPOSITORY_INIT_MKPATH;
    if (git_repository_init_ext(&raw, bare_cache.c_str(), &options) != 0)
        return system_error(bare_cache.string(), "cannot be made a git cache: " + message());
    return Repository(raw);
}

Result<Repository> fetch(const std::string& url, const std::string& commit,
                         const fs::path& bare_cache) {
    Connection connection{without_redaction(url), std::nullopt, 0};
    for (int attempt = 0;; ++attempt) {
        TRY_ASSIGN(Repository cache, open_cache(bare_cache));
        const Outcome outcome = fetch_once(cache.get(), connection, commit);
        if (outcome == Outcome::fetched) return cache;
        if (connection.refusal) return Failure(*connection.refusal);
        if (outcome == Outcome::failed || attempt > 0)
            return system_error(redact_urls(url), "cannot be fetched: " + redact_urls(message()),
                                "look whether the address is right and the host can be reached");
        // A lock left by a killed build, a reference where a directory must be, a damaged pack.
        cache.reset();
        TRY(remove_tree(bare_cache));
    }
}

}  // namespace dba::git
