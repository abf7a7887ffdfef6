// SHA-256 and MD5, by libcrypto.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "model/result.hpp"

namespace dba {

std::string sha256_hex(std::string_view bytes);
std::string sha256_base64url_nopad(std::string_view bytes);  // RECORD's form (PEP 376/427)
Result<std::string> sha256_file(const std::filesystem::path& file);
Result<std::string> md5_file(const std::filesystem::path& file);  // for DEBIAN/md5sums only

}  // namespace dba
