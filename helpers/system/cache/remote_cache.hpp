// A cache over HTTP, as bazel-remote, nginx with WebDAV and many others serve one: GET, HEAD and
// PUT of URL/ac/<key>, which says what the digest of an entry is, and of URL/cas/<sha256>, which is
// the entry. By libcurl, with proxies of the environment, netrc and SSL_CERT_FILE.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "model/result.hpp"
#include "system/files/files.hpp"

namespace dba {

class RemoteCache {
 public:
    // `patience` is in seconds: how long a server may take to connect and to answer, and how long
    // it may send next to nothing.
    explicit RemoteCache(std::string url, long patience = 5);
    ~RemoteCache();
    RemoteCache(const RemoteCache&) = delete;
    RemoteCache& operator=(const RemoteCache&) = delete;

    // Fetches an entry into a new file: true; or false when the server has none. An entry with
    // another digest than the server said, or larger than `most` bytes, is an error.
    Result<bool> get(const std::string& key, const fs::path& file, std::uint64_t most);
    Result<bool> has(const std::string& key);
    Result<void> put(const std::string& key, const fs::path& file);

    [[nodiscard]] const std::string& url() const { return url_; }

 private:
    struct Connection;
    std::string url_;
    std::unique_ptr<Connection> connection_;
};

}  // namespace dba
