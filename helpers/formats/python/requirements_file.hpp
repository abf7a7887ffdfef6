// The text of a requirements file: its encoding, its lines as pip joins them, and the options that
// stand in them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "model/result.hpp"

namespace dba {

// As UTF-8, by its byte order mark or its coding line (PEP 263), as pip reads it. bad_input for
// another encoding, and for bytes that are not what they claim to be.
Result<std::string> requirements_text(std::string_view bytes, const std::string& file_name);

struct RequirementsRow {
    std::string text;         // continued lines joined, comment and outer spaces removed; never ""
    int number = 0;           // of its first line, from 1
    std::string remark = {};  // of the comment behind it, without '#' and outer spaces
};
std::vector<RequirementsRow> requirements_rows(std::string_view text);

struct RequirementsOption {
    std::string name;   // the long one: "--find-links" for "-f"
    std::string value;  // "" for one that takes none
};

// A row taken apart: "flask==3.1 --hash=sha256:..." or "--index-url X --pre".
struct RequirementsWords {
    std::string requirement;  // "" when the row holds options alone
    std::vector<RequirementsOption> options;
};
// bad_input naming `where` for an option that pip's format has not, and for one without its value.
Result<RequirementsWords> requirements_words(const std::string& row, const std::string& where);

}  // namespace dba
