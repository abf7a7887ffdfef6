// A lock in the format of requirements files: NAME.lock, and what others write so.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "formats/python/requirement.hpp"
#include "model/result.hpp"
#include "python/installer_options.hpp"
#include "system/files/files.hpp"

namespace dba::steps {

// One requirement of a lock, "flask==3.1.3 ; python_version >= '3.9'" and its hashes.
struct LockedRequirement {
    std::string name;                 // as spelled; compare by normalise_distribution(); "" for a
                                      // directory alone ("./lib", "-e ."), which says it when built
    std::string version;              // of "=="; "" for a URL
    std::string url;                  // of "name @ url", or the directory
    std::string text;                 // without the hashes
    std::vector<std::string> hashes;  // "sha256:...", as given
    int line = 0;                     // where it starts
    std::string index;                // the only index that is asked for it; "" = any
};

// The requirements of a lock: each pinned by == or a URL, each with a sha256; a git URL is pinned
// by its commit, and a directory by what is in it. bad_input naming the first line that is not so.
// Options are lock_options()' to read; -r and -c are refused, since a lock says everything itself.
Result<std::vector<LockedRequirement>> parse_lock(std::string_view text,
                                                  const std::string& file_name);

// Its options, relative find-links made absolute.
Result<InstallerOptions> lock_options(std::string_view text, const std::string& file_name,
                                      const Manifest& manifest);

// "    # index: URL" behind a requirement of NAME.lock.
std::string index_remark(const std::string& url);

}  // namespace dba::steps
