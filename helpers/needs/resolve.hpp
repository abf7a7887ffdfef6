// Which file answers each DT_NEEDED of the tree: one of the tree's own, or one of the target's.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "model/layer.hpp"
#include "needs/scan.hpp"

namespace dba {

// The libraries of the target root, as its dynamic linker sees them.
class TargetLibraries {
 public:
    virtual ~TargetLibraries() = default;
    // The file ld.so would take for `soname` on behalf of `user`, by ld.so.cache and the default
    // directories; a path inside the root ("/lib/x86_64-linux-gnu/libz.so.1").
    virtual std::optional<std::string> find(const std::string& soname, const ElfInfo& user) = 0;
    // The path itself, for names with a slash and for RPATHs that lead outside the package.
    virtual bool exists(const std::string& path) = 0;
};

struct ExternalNeed {
    std::string library;  // as DT_NEEDED says it
    std::string path;     // what answers it in the target root
    const ElfFile* user = nullptr;
};

struct MissingNeed {
    std::string library;
    const ElfFile* user = nullptr;
};

struct Resolution {
    std::vector<ExternalNeed> external;  // by user, then in DT_NEEDED's order
    std::vector<MissingNeed> missing;
    std::vector<std::string> foreign;  // files for another machine: nobody's need here
};

// The machine and class of binaries that a Debian architecture runs; nullopt when unknown.
struct Machine {
    unsigned machine = 0;
    bool is_64 = false;
    bool operator==(const Machine&) const = default;
};
std::optional<Machine> machine_of(const std::string& architecture);

// The tree's paths, for following symbolic links as the target's kernel would.
class PackageTree {
 public:
    // Points into `layers`, which must outlive it.
    explicit PackageTree(const std::vector<Layer>& layers);
    explicit PackageTree(std::vector<Layer>&& layers) = delete;
    // `path` with all links followed, when it ends at a file of the package. "..", "." and double
    // slashes are understood.
    [[nodiscard]] std::optional<std::string> file(const std::string& path) const;
    // As file(), for any kind of entry; a directory that is only implied counts too.
    [[nodiscard]] std::optional<std::string> resolve(const std::string& path) const;
    [[nodiscard]] const LayerEntry* entry(const std::string& path) const;

 private:
    std::map<std::string, const LayerEntry*, std::less<>> entries_;
};

// `scans` are those of `layers`; where these say nothing of whose files they are, a scan for each
// distribution ("layer" below) does. For each need, in this order:
//   1. the file's own RUNPATH, else its RPATH and that of the tree's executables (an RPATH is
//      inherited, ld.so(8)), with $ORIGIN expanded: in the tree, or where it leads in the target;
//   2. what the tree's executables have loaded by then, by SONAME;
//   3. a SONAME of the same layer: a distribution that brings its own copy loads it first; and what
//      the tree itself has in `linker_directories`;
//   4. the target;
//   5. a SONAME of any layer.
// The answer points into `scans`.
Resolution resolve_needs(const std::vector<Layer>& layers, const std::vector<LayerScan>& scans,
                         const Machine& machine, TargetLibraries& target,
                         const std::vector<std::string>& linker_directories = {});
Resolution resolve_needs(const std::vector<Layer>& layers, std::vector<LayerScan>&& scans,
                         const Machine& machine, TargetLibraries& target,
                         const std::vector<std::string>& linker_directories = {}) = delete;

}  // namespace dba
