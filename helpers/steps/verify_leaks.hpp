// The leak gate: a directory that the build made or read must be named nowhere in the package.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "formats/search.hpp"
#include "model/findings.hpp"
#include "model/layer.hpp"

namespace dba::steps {

// Paths of three components and more are searched in every byte. Shorter ones (/b, /home/me, /tmp)
// turn up by chance in text and data; they are searched only where a path would be used: symbolic
// links, shebangs, .pth, RECORD, direct_url.json, pyvenv.cfg, sysconfig data, .pyc file names, ELF
// RPATHs.
class LeakGate {
 public:
    // `prefix` is where the package will live: text that names it, or something in it, is no leak,
    // even when a build directory is above it.
    LeakGate(std::vector<std::string> build_directories, std::string prefix);

    // The entry's name and link target, and a file's bytes, with the members of zip and tar files.
    void judge(const LayerEntry& entry, std::string_view bytes, Findings& findings) const;

    // What is searched, sorted, and for which prefix: parts of a verdict's key.
    [[nodiscard]] const std::vector<std::string>& directories() const { return directories_; }
    [[nodiscard]] const std::string& prefix() const { return prefix_; }

 private:
    struct Hit {
        std::string directory;
        std::size_t offset = 0;
    };
    struct Hits {
        Hit first;
        std::size_t count = 0;
    };

    [[nodiscard]] Hits search(const PatternSearch& search, std::string_view text) const;
    [[nodiscard]] bool names_directory(std::string_view text, const std::string& directory,
                                       std::size_t offset) const;
    void tell(const LayerEntry& entry, const std::string& kind, const Hits& hits,
              Findings& findings) const;
    void judge_contexts(const LayerEntry& entry, std::string_view bytes, Findings& findings) const;
    void judge_members(const LayerEntry& entry, std::string_view bytes, Findings& findings) const;

    std::string prefix_;
    std::vector<std::string> directories_;
    PatternSearch everywhere_;  // long paths, and as URLs spell them
    PatternSearch all_;         // short ones too
};

}  // namespace dba::steps
