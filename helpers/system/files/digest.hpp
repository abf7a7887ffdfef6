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

// MD5 of bytes that pass by in pieces.
class Md5Stream {
 public:
    Md5Stream();
    ~Md5Stream();
    Md5Stream(const Md5Stream&) = delete;
    Md5Stream& operator=(const Md5Stream&) = delete;
    void update(std::string_view bytes);
    std::string finish();  // hex; once

 private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace dba
