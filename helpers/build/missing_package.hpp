// From what a failed build says to the packages that it lacks.
#pragma once

#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "formats/debian/package_choice.hpp"
#include "formats/python/build_failure.hpp"
#include "python/remedy.hpp"
#include "system/debian/writable_root.hpp"

namespace dba {

class MissingPackage {
 public:
    struct Answer {
        std::vector<std::string> packages;  // a compiler comes with the C library's headers
        std::string asked_for;              // "header ldap.h"
        std::string told;                   // a line for people
    };

    MissingPackage(const KeptRoot& root, WritableRoot& writable, ProcessRunner& processes, Log& log)
        : root_(root), writable_(writable), processes_(processes), log_(log) {}

    // What to install next, and nothing when no package is left to try. One that has been tried for
    // a thing, and did not help, is not named for it again.
    Result<std::vector<Answer>> look_up(const std::string& output);

    // What was looked for and is in no package: "the header odd.h (a path that ends in /odd.h)".
    [[nodiscard]] const std::vector<std::string>& searched() const { return searched_; }
    // What was tried counts no more: another build begins.
    void forget() { tried_.clear(); }

 private:
    Result<bool> answer(const MissingPiece& piece, std::vector<Answer>& answers);
    Result<std::string> known_package(const MissingPiece& piece, BuildFile file);
    Result<std::vector<PackageChoice>> owners(const MissingPiece& piece, BuildFile file);
    Result<void> ask_apt(BuildFile file, std::vector<PackageChoice>& choices);
    Result<bool> is_there(const std::string& package) const;
    Result<std::vector<std::filesystem::path>> contents();

    const KeptRoot& root_;
    WritableRoot& writable_;
    ProcessRunner& processes_;
    Log& log_;
    std::map<MissingPiece, std::set<std::string>> tried_;
    std::vector<std::string> searched_;
    std::vector<std::filesystem::path> contents_;
    bool has_asked_for_contents_ = false;
};

}  // namespace dba
