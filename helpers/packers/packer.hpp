// One plan -> .deb, in several ways. Another one is a word of PACKER (model/choices.hpp), a file
// like fpm.cpp, and a row in packer.cpp.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "deb/compare.hpp"
#include "deb/control_member.hpp"
#include "model/layer.hpp"
#include "model/manifest.hpp"
#include "system/system.hpp"

namespace dba::packers {

struct Plan {
    const Manifest& manifest;
    const std::vector<Layer>& layers;  // whole stack; collisions already refused
    std::filesystem::path debian;      // control, conffiles, maintainer scripts
    std::size_t settled = 0;  // how many of the first layers a change of the source leaves alone
    deb::Md5Sums md5 = {};    // of the files, for a packer that does not read them itself
};

struct PackerWays {
    // Writes `output`; `scratch` is its own to use.
    Result<void> (*pack)(const Plan& plan, const std::filesystem::path& scratch,
                         const std::filesystem::path& output, System& system);
    // The program that it starts; "" when it starts none.
    std::string (*program)(const Tools& tools);
    // What it writes itself, planned or not: only its text can be compared.
    Result<deb::WrittenTexts> (*writes)(const Plan& plan);
    // Has what it keeps for the next build stay there with a package that is finished.
    void (*keep)(const Plan& plan, Store& store);

    // Whether what it made is proven already, so that nobody need read all of it back.
    [[nodiscard]] bool proves() const { return keep != nullptr; }
};
const PackerWays& packer_of(const Manifest& manifest);

}  // namespace dba::packers
