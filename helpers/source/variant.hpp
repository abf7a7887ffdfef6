// CONFIG_VARIANTS: a directory that holds one directory per variant of the configuration, and maybe
// the file `hosts`, which says which hosts are for which variant.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "model/declaration.hpp"
#include "model/result.hpp"

namespace dba {

struct VariantFile {
    std::string path;  // relative to the variant's directory, and to /etc/NAME
    unsigned mode = 0644;
};

struct Variants {
    std::map<std::string, std::vector<VariantFile>> files;   // by variant; each sorted by path
    std::vector<std::pair<std::string, std::string>> hosts;  // pattern and variant, in order
    std::string default_variant;
};

// Reads declared.directory, which is absolute. bad_input names what cannot be: no variant, an empty
// one, a name or a kind of file that no host could be given, a map or DEFAULT of unknown variants.
Result<Variants> read_variants(const ConfigVariants& declared);

// Whether a file of the directory is read: those of version control are not.
bool is_variant_file(const std::filesystem::path& directory, const std::filesystem::path& relative);

}  // namespace dba
