// Debian control data: stanzas (Policy 5.1) and package relations (Policy 7.1).
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "model/result.hpp"

namespace dba {

// Fields in order. A value of several lines holds them joined by '\n', each without its leading
// space and with a lone "." for an empty line turned back into an empty line.
struct Stanza {
    std::vector<std::pair<std::string, std::string>> fields;

    // The field's value, nullptr when there is none. Names are case-insensitive (Policy 5.1).
    [[nodiscard]] const std::string* find(std::string_view name) const;
    // Replaces the value, or adds the field at the end.
    void set(std::string_view name, std::string value);
};

// The stanzas of a control, status or Packages file. Comment lines are skipped; bad_input (with
// the line's number) for a line that is no field, a continuation without one, a repeated field.
Result<std::vector<Stanza>> parse_control(std::string_view bytes, std::string_view file_name);

// "Field: value\n" lines, continuations indented by a space and empty lines as " .".
std::string to_text(const Stanza& stanza);

// One package of a relation: "libc6:any (>= 2.36) [amd64] <!nocheck>".
struct Relation {
    std::string package;
    std::string architecture;  // the qualifier, "any" in "libc6:any"; usually ""
    std::string op;            // "<<", "<=", "=", ">=", ">>" or ""
    std::string version;
    std::vector<std::string> architectures;  // of [...], "!amd64" when negated
    std::vector<std::string> profiles;       // the text of each <...>
    bool operator==(const Relation&) const = default;
};

// A relation field: all of (the outer vector) one of (the inner) must hold. "" gives no relation.
// Substitution variables (${...}) are refused: nothing here would expand them.
Result<std::vector<std::vector<Relation>>> parse_relations(std::string_view text);

std::string to_text(const Relation& relation);
// "a | b (>= 1)" and "a, b | c".
std::string to_text(const std::vector<Relation>& alternatives);
std::string to_text(const std::vector<std::vector<Relation>>& relations);

}  // namespace dba
