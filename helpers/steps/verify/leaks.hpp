// The leak gate: a directory that the build made or read must be named nowhere in the package.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "formats/text/search.hpp"
#include "formats/text/spelling.hpp"
#include "model/findings.hpp"
#include "model/layer.hpp"
#include "model/verify_report.hpp"

namespace dba::steps {

// Paths of three components and more are searched in every byte, in every spelling of
// formats/text/spelling.hpp. Shorter ones (/b, /home/me, /tmp) and the home directory turn up by
// chance in text and data; they are searched only where a path would be used: symbolic links,
// shebangs, .pth, RECORD, direct_url.json, pyvenv.cfg, sysconfig data, .pyc file names, ELF RPATHs.
// The program's own temporary directories (system/files/files.hpp: scratch_marker) are found by
// their random names alone, whichever build made them.
class LeakGate {
 public:
    // `own` is where the package will live: text that names one of these paths, or something in it,
    // is no leak, even when a build directory is above it.
    LeakGate(std::vector<SearchedDirectory> directories, std::vector<std::string> own);
    LeakGate(std::vector<SearchedDirectory> directories, const std::string& prefix)
        : LeakGate(std::move(directories), std::vector<std::string>{prefix}) {}

    // The entry's name and link target, and a file's bytes, with the members of archives and
    // compressed files in it. What was too much to search is a warning.
    void judge(const LayerEntry& entry, std::string_view bytes, Findings& findings,
               Findings& warnings) const;

    // What is searched, and which paths are the package's: parts of a report's key.
    [[nodiscard]] const std::vector<SearchedDirectory>& directories() const { return directories_; }
    [[nodiscard]] const std::vector<std::string>& own() const { return own_; }

    // Archives within archives are opened so deep, and so many bytes unpacked for each file of the
    // package, by its size. Real ones stay far below; a zip bomb does not.
    static constexpr int deepest_archive = 6;
    static constexpr std::size_t unpacked_at_most = std::size_t{2} << 30U;
    static constexpr std::size_t unpacked_always = std::size_t{64} << 20U;
    static constexpr std::size_t unpacked_ratio = 100;

 private:
    // A directory's name as some file may spell it.
    struct Spelled {
        std::string bytes;
        Spelling spelling = Spelling::plain;
        std::size_t directory = 0;  // index into directories_
    };
    struct Hit {
        std::size_t directory = 0;
        Spelling spelling = Spelling::plain;
        std::size_t offset = 0;
        std::size_t length = 0;
        std::string scratch;  // the random name, when no directory but that is named
    };
    struct Hits {
        Hit first;
        std::size_t count = 0;
    };
    struct Judging;

    [[nodiscard]] bool is_own(std::string_view text, std::size_t offset,
                              const Spelled& spelled) const;
    [[nodiscard]] bool names_directory(std::string_view text, std::size_t offset,
                                       const Spelled& spelled) const;
    [[nodiscard]] bool innermost(std::string_view text, std::size_t offset,
                                 const std::vector<Spelled>& spelled, Hit& hit) const;
    [[nodiscard]] Hits search_everywhere(std::string_view text) const;
    [[nodiscard]] Hits search_paths(std::string_view text) const;
    void tell(Judging& judging, const std::string& kind, const Hits& hits) const;
    void check_bytes(Judging& judging, const std::string& name, std::string_view bytes) const;
    void check_paths(Judging& judging, const std::string& name, std::string_view bytes) const;
    void check_members(Judging& judging, const std::string& name, std::string_view bytes) const;

    std::vector<SearchedDirectory> directories_;
    std::vector<std::string> own_;
    std::vector<std::pair<Spelling, std::string>> own_spelled_;
    std::vector<Spelled> long_, short_;
    PatternSearch everywhere_;  // the outermost of the long ones, and the scratch marker
    PatternSearch paths_;       // the short ones
};

}  // namespace dba::steps
