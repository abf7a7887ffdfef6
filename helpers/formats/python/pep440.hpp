// A PEP 440 version taken apart; version.cpp gives it Debian's spelling.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace dba {

// Numbers are kept as digits without leading zeros: PEP 440 sets them no limit.
struct Pep440 {
    std::string epoch = "0";
    std::vector<std::string> release;
    std::string pre_kind;  // "a", "b", "rc" or ""
    std::string pre_number;
    std::optional<std::string> post;
    std::optional<std::string> dev;
    std::string local;  // segments joined by '.', lower case

    [[nodiscard]] std::string release_text() const;  // "1.0.2"
    [[nodiscard]] std::string text() const;          // the canonical spelling
};

// Follows the expression in PEP 440's appendix B: case, "v", separators and the alternative
// spellings (alpha, beta, c, pre, preview, rev, r, "-1") are understood.
std::optional<Pep440> parse_pep440(std::string_view version);

}  // namespace dba
