// "Did you mean": the nearest of some words.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace dba {

// Damerau-Levenshtein (optimal string alignment): insertions, deletions, substitutions and swaps of
// neighbours, in bytes; ASCII letters that differ in case alone cost nothing.
std::size_t edit_distance(std::string_view a, std::string_view b);

// The nearest candidate (the first of several), or "" when none is within a third of the word's
// length (one edit is always near, except to words of one or two letters).
std::string nearest(std::string_view word, const std::vector<std::string>& candidates);

}  // namespace dba
