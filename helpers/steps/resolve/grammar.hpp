// The grammars of a declaration's values: those of cmake/DebVenvApp/Grammar.cmake and
// Keywords.cmake, for who writes NAME.declaration.json by hand, or has it written by another. A
// test holds the two to each other.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "model/declaration.hpp"
#include "model/result.hpp"

namespace dba::steps {

// What a value of one kind has to be.
struct Grammar {
    std::string_view name;
    std::string_view expected;  // for people: "not <expected>"
    std::string_view pattern;   // POSIX extended; "" where a function says more
};
std::span<const Grammar> grammars();

// A member of the declaration, "services.command", and the grammar of its values. `a|b` are those
// words and no others.
struct GrammarRow {
    std::string_view member;
    std::string_view keyword;  // "SERVICE TYPE"; "" for what add_venv_deb() writes by itself
    std::string_view grammar;
};
std::span<const GrammarRow> grammar_rows();

// What is wrong with a value, as the module says it; "" when nothing is.
std::string fault_of(std::string_view grammar, const std::string& value);

// Every value of a declaration. A usage error names keyword and value.
Result<void> check_grammar(const Declaration& declaration);

}  // namespace dba::steps
