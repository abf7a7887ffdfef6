#include "steps/verify/secrets.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <optional>

#include "formats/text/text.hpp"

namespace dba::steps {
namespace {

constexpr std::size_t least_key_text = 40;      // base64 characters; the shortest real key has 64
constexpr std::size_t least_token_length = 20;  // of a user name alone that can only be a token

bool is_base64(char byte) {
    return text::is_alnum(byte) || byte == '+' || byte == '/' || byte == '=';
}

// Behind one line end, real or written as \n (\r\n); nullopt when there is none.
std::optional<std::size_t> after_line_end(std::string_view text, std::size_t at) {
    std::size_t from = at;
    for (const std::string_view carriage : {"\r", "\\r"})
        if (text.substr(from).starts_with(carriage)) from += carriage.size();
    for (const std::string_view newline : {"\n", "\\n"})
        if (text.substr(from).starts_with(newline)) return from + newline.size();
    return std::nullopt;
}

// As std::string_view::find(), which looks at each byte that a needle may begin with; this is the C
// library's search, several times as fast.
std::size_t find(std::string_view text, std::string_view needle, std::size_t from = 0) {
    if (from >= text.size()) return std::string_view::npos;
    const void* found =
        ::memmem(text.data() + from, text.size() - from, needle.data(), needle.size());
    if (found == nullptr) return std::string_view::npos;
    return static_cast<std::size_t>(static_cast<const char*>(found) - text.data());
}

// Files that hold secrets by their nature, and never belong to a program.
bool is_secret_by_name(std::string_view name) {
    static constexpr std::array names = {".env",   ".netrc",     ".pypirc",  ".git-credentials",
                                         "id_rsa", "id_ed25519", "id_ecdsa", "id_dsa"};
    if (std::find(names.begin(), names.end(), name) != names.end()) return true;
    if (!name.starts_with(".env.")) return false;
    for (const std::string_view sample : {"example", "sample", "template", "dist", "default"})
        if (name.substr(5).find(sample) != std::string_view::npos) return false;
    return true;
}

bool is_placeholder(std::string_view text) {
    static constexpr std::array words = {"user",     "username", "pass",  "passwd", "password",
                                         "passwort", "secret",   "token", "name",   "pwd"};
    if (text.empty() || std::find(words.begin(), words.end(), text) != words.end()) return true;
    if (text.find_first_of("${}<>%*[]()\\\"'`") != std::string_view::npos) return true;
    return std::all_of(text.begin(), text.end(),
                       [](char byte) { return byte == 'x' || byte == 'X' || byte == '.'; });
}

bool is_example_host(std::string_view host) {
    host = host.substr(0, host.find(':'));
    for (const std::string_view reserved :
         {"example.com", "example.org", "example.net", "localhost", "127.0.0.1", "host"})
        if (host == reserved || host.ends_with(fmt::format(".{}", reserved))) return true;
    return host.ends_with(".example") || host.ends_with(".invalid") || host.ends_with(".test") ||
           host.ends_with(".localhost") || host.find('.') == std::string_view::npos ||
           is_placeholder(host);
}

}  // namespace

bool holds_private_key(std::string_view bytes) {
    static constexpr std::string_view begin = "-----BEGIN ";
    static constexpr std::string_view end = "PRIVATE KEY-----";
    for (std::size_t at = find(bytes, begin); at != std::string_view::npos;
         at = find(bytes, begin, at + 1)) {
        // "RSA ", "EC ", "OPENSSH ", "ENCRYPTED " or nothing between the two.
        const std::size_t within = bytes.substr(at, 64).find(end);
        if (within == std::string_view::npos) continue;
        const std::size_t close = at + within;
        const std::string_view label = bytes.substr(at + begin.size(), within - begin.size());
        if (!text::all_of(label, [](char byte) { return byte == ' ' || text::is_upper(byte); }))
            continue;
        auto line = after_line_end(bytes, close + end.size());
        if (!line) continue;
        if (bytes.substr(*line).starts_with("Proc-Type:")) return true;  // RFC 1421 headers
        std::size_t length = 0;
        while (*line + length < bytes.size() && is_base64(bytes[*line + length])) ++length;
        if (length >= least_key_text) return true;
    }
    return false;
}

std::vector<std::size_t> urls_with_credentials(std::string_view bytes) {
    std::vector<std::size_t> found;
    for (std::size_t at = find(bytes, "://"); at != std::string_view::npos;
         at = find(bytes, "://", at + 3)) {
        // http, https, ssh, ftp and what ends in them (git+https); others' passwords (databases)
        // are settings of the machine, and samples of them are in every project.
        std::size_t start = at;
        while (start > 0 && (text::is_alnum(bytes[start - 1]) || bytes[start - 1] == '+')) --start;
        const std::string_view scheme = bytes.substr(start, at - start);
        if (!scheme.ends_with("http") && !scheme.ends_with("https") && !scheme.ends_with("ftp"))
            continue;
        const std::size_t authority = at + 3;
        const std::size_t end =
            std::min(bytes.find_first_of(std::string_view("/?# \t\r\n\"'<>,;|\0", 15), authority),
                     bytes.size());
        const std::string_view text = bytes.substr(authority, end - authority);
        const std::size_t host = text.rfind('@');
        if (host == std::string_view::npos || is_example_host(text.substr(host + 1))) continue;
        const std::string_view login = text.substr(0, host);
        const std::size_t colon = login.find(':');
        if (colon == std::string_view::npos) {
            if (login.size() < least_token_length || is_placeholder(login)) continue;
        } else if (is_placeholder(login.substr(colon + 1))) {
            continue;
        }
        found.push_back(start);
    }
    return found;
}

void check_secrets(const LayerEntry& entry, std::string_view bytes, Findings& findings) {
    const std::string name = text::file_name(entry.path);
    for (const std::string_view repository : {".git", ".hg", ".svn"}) {
        if (name == repository)
            findings.push_back({"secret", entry.path, "a repository's own data, with its history",
                                "leave it out with EXCLUDE"});
    }
    if (entry.kind != EntryKind::file) return;
    if (is_secret_by_name(name))
        findings.push_back({"secret", entry.path, "files of this name hold secrets",
                            "leave it out with EXCLUDE, and give settings through CONFIG; if it "
                            "holds none, allow it "
                            "with SECRET_WAIVER and a reason"});
    if (holds_private_key(bytes))
        findings.push_back(
            {"secret", entry.path, "holds a private key",
             "leave it out with EXCLUDE: a key is put on each machine by itself; if it is one of a "
             "test, allow it with SECRET_WAIVER and a reason"});
    const std::vector<std::size_t> urls = urls_with_credentials(bytes);
    // Where, not what: a secret enters no message.
    if (!urls.empty())
        findings.push_back(
            {"secret", entry.path,
             fmt::format("a URL at byte {} has a password or token in it", urls.front()),
             "take it out of the file: it is known to everyone who has the package; if it is meant "
             "to be public, allow it with SECRET_WAIVER and a reason"});
}

}  // namespace dba::steps
