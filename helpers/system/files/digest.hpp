// SHA-256 and MD5, by libcrypto.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "model/result.hpp"

namespace dba {

std::string sha256_hex(std::string_view bytes);
Result<std::string> sha256_file(const std::filesystem::path& file);
Result<std::string> md5_file(const std::filesystem::path& file);  // for DEBIAN/md5sums only

// The digest of bytes that pass by in pieces.
class DigestStream {
 public:
    DigestStream(const DigestStream&) = delete;
    DigestStream& operator=(const DigestStream&) = delete;
    void update(std::string_view bytes);
    std::string finish();  // hex; once

 protected:
    struct State;
    explicit DigestStream(std::unique_ptr<State> state);
    ~DigestStream();

 private:
    std::unique_ptr<State> state_;
};

class Md5Stream : public DigestStream {
 public:
    Md5Stream();
};

class Sha256Stream : public DigestStream {
 public:
    Sha256Stream();
};

}  // namespace dba
