// Requirements files as pip reads them: what they name, and whether they are a lock.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "formats/python/requirement.hpp"
#include "model/result.hpp"
#include "system/files/files.hpp"

namespace dba::steps {

// One requirement of a lock, "flask==3.1.3 ; python_version >= '3.9'" and its hashes.
struct LockedRequirement {
    std::string name;                 // as spelled; compare by normalise_distribution()
    std::string version;              // of "=="; "" for a URL
    std::string url;                  // of "name @ url"
    std::string text;                 // without the hashes
    std::vector<std::string> hashes;  // "sha256:...", as given
    int line = 0;                     // where it starts
};

// The requirements of a lock: each pinned by == or a URL, each with a sha256; a git URL is pinned
// by its commit, and a directory by what is in it. bad_input naming the first line that is not so.
// Comments and index options (which the declaration decides) are skipped; -r, -c and -e are
// refused, since a lock says everything itself.
Result<std::vector<LockedRequirement>> parse_lock(std::string_view text,
                                                  const std::string& file_name);

// One line of a requirements file, -r followed and local paths made absolute.
struct RequirementLine {
    std::string text;         // for a requirements file elsewhere
    Requirement requirement;  // name "" for an option, or what is named by a path or URL alone
    std::string url;          // of "name @ url", or of a path or URL alone
    std::vector<std::string> hashes;
    bool option = false;
};
Result<std::vector<RequirementLine>> flattened_requirements(const fs::path& file);

// `file` and every file it includes by -r or -c, once each, in the order pip reads them. bad_input
// naming the including line for one that is not there, and for an editable requirement.
Result<std::vector<fs::path>> requirement_files(const fs::path& file);

}  // namespace dba::steps
