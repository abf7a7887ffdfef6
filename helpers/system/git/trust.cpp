#include "system/git/trust.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>
#include <sstream>

#include "formats/text/glob.hpp"

namespace dba::git {
namespace {

std::string decode_base64(const std::string& text) {
    if (text.empty() || text.size() % 4 != 0) return {};
    std::string bytes(text.size() / 4 * 3, '\0');
    const int length = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()),
                                       reinterpret_cast<const unsigned char*>(text.data()),
                                       static_cast<int>(text.size()));
    if (length < 0) return {};
    std::size_t size = static_cast<std::size_t>(length);
    if (text.ends_with("==")) --size;
    if (text.ends_with("=")) --size;
    bytes.resize(size);
    return bytes;
}

// sshd(8): "|1|SALT|HASH", an HMAC-SHA1 of the name.
bool hashed_name_matches(const std::string& field, const std::string& name) {
    const auto bar = field.find('|', 3);
    if (bar == std::string::npos) return false;
    const std::string salt = decode_base64(field.substr(3, bar - 3));
    const std::string expected = decode_base64(field.substr(bar + 1));
    std::array<unsigned char, EVP_MAX_MD_SIZE> hash{};
    unsigned length = 0;
    if (salt.empty() || HMAC(EVP_sha1(), salt.data(), static_cast<int>(salt.size()),
                             reinterpret_cast<const unsigned char*>(name.data()), name.size(),
                             hash.data(), &length) == nullptr)
        return false;
    return expected == std::string(reinterpret_cast<const char*>(hash.data()), length);
}

bool names_host(const std::string& field, const std::string& name) {
    if (field.starts_with("|1|")) return hashed_name_matches(field, name);
    bool named = false;
    std::istringstream patterns(field);
    for (std::string pattern; std::getline(patterns, pattern, ',');) {
        const bool negated = pattern.starts_with('!');
        if (negated) pattern.erase(0, 1);
        // Only * and ? are special here; "[host]:port" has real brackets.
        std::string escaped;
        for (const char c : pattern) {
            if (c == '[' || c == '\\') escaped += '\\';
            escaped += c;
        }
        if (!glob_match(escaped, name)) continue;
        if (negated) return false;
        named = true;
    }
    return named;
}

// An ssh key starts with its type, preceded by its length in four bytes (RFC 4253, 6.6).
std::string key_type(const std::string& key) {
    if (key.size() < 4) return {};
    std::size_t length = 0;
    for (std::size_t i = 0; i < 4; ++i) length = length << 8U | static_cast<unsigned char>(key[i]);
    return key.substr(4, length);
}

}  // namespace

std::optional<Login> find_netrc(const std::string& text, const std::string& host) {
    std::istringstream lines(text);
    std::string token;
    std::optional<Login> found;
    bool here = false;
    while (lines >> token) {
        if (token == "machine" || token == "default") {
            if (found) return found;
            here = token == "default" || (lines >> token && token == host);
            if (here) found = Login{};
        } else if (token == "macdef") {
            // A macro lasts until an empty line.
            for (std::string line; std::getline(lines, line) && !line.empty();) {
            }
        } else if (token == "login" || token == "password" || token == "account") {
            const std::string key = token;
            if (!(lines >> token)) break;
            if (here && key == "login") found->user = token;
            if (here && key == "password") found->password = token;
        } else if (token.starts_with('#')) {
            std::getline(lines, token);
        }
    }
    return found;
}

HostKey check_host_key(const std::string& known_hosts, const std::string& host, int port,
                       const std::string& key) {
    const std::string name = port == 22 ? host : "[" + host + "]:" + std::to_string(port);
    HostKey report = HostKey::unknown;
    std::istringstream lines(known_hosts);
    for (std::string line; std::getline(lines, line);) {
        std::istringstream words(line);
        std::string marker, field, type, encoded;
        words >> field;
        if (field.empty() || field.starts_with('#')) continue;
        if (field.starts_with('@')) {
            marker = field;
            words >> field;
        }
        if (marker == "@cert-authority" || !(words >> type >> encoded)) continue;
        if (!names_host(field, name)) continue;
        const bool same = decode_base64(encoded) == key;
        if (marker == "@revoked") {
            if (same) return HostKey::revoked;
        } else if (same) {
            report = HostKey::known;
        } else if (report == HostKey::unknown && type == key_type(key)) {
            report = HostKey::changed;
        }
    }
    return report;
}

}  // namespace dba::git
