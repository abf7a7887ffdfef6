// A declaration as init writes it: keywords with their reasons, and what nobody could know.
#pragma once

#include <string>
#include <vector>

namespace dba::init {

struct Entry {
    std::string words;    // "SERVICE web", as CMake has it
    std::string why;      // the comment above it; "" = it needs none
    bool off = false;     // written as a comment itself: to be looked at first
    bool nested = false;  // belongs to the group above it
};

struct Draft {
    std::string name;                 // the package's
    std::vector<std::string> before;  // lines of CMake that come before the call
    std::vector<Entry> entries;
    std::vector<std::string> unknown;  // sentences

    void add(std::string words, std::string why = {}) {
        entries.push_back({std::move(words), std::move(why)});
    }
    void add_nested(std::string words, std::string why = {}) {
        entries.push_back({std::move(words), std::move(why), false, true});
    }
    void suggest(std::string words, std::string why, bool nested = false) {
        entries.push_back({std::move(words), std::move(why), true, nested});
    }
};

// A word as CMake reads it back: in quotes where it has to be.
std::string cmake_word(const std::string& word);
std::string cmake_words(const std::vector<std::string>& words);
// Behind COMMAND, where a word that looks like a keyword would end it.
std::string command_words(const std::vector<std::string>& words);

// The whole CMakeLists.txt. `project` is what CMake is to call it.
std::string cmakelists_text(const std::string& project, const std::vector<Draft>& drafts);

// What is said on stdout of it: guesses with their reasons, and what is not known.
std::string summary_text(const std::vector<Draft>& drafts);

}  // namespace dba::init
