// Any tree of files at their final paths, a directory or the data of anybody's .deb: whose files
// they are, and what is to be known of it besides.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "model/layer.hpp"
#include "needs/scan.hpp"

namespace dba {

struct AnyTree {
    std::string name;          // as it was called, for people
    std::string architecture;  // of a .deb's control member; "" for a directory, and for "all"
    Layer layer;
    // A scan for each distribution that has a RECORD, and for each other file: of what lies
    // elsewhere nobody knows that it is loaded together.
    std::vector<LayerScan> scans;
    // Where the dynamic linker looks for it once it is installed, by its own ld.so.conf.d.
    std::vector<std::string> configured_directories;
};

// Reads the tree at `path`; `scratch`, an empty directory that must outlive it, gets what is
// unpacked. bad_input for what is neither a directory nor a .deb.
Result<AnyTree> read_tree(const std::filesystem::path& path, const std::filesystem::path& scratch);

}  // namespace dba
