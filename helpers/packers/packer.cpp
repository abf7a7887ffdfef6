#include "packers/packer.hpp"

#include <array>

#include "packers/cpack.hpp"
#include "packers/fpm.hpp"
#include "packers/layered.hpp"

namespace dba::packers {
namespace {

Result<deb::WrittenTexts> nothing(const Plan& /*plan*/) {
    return deb::WrittenTexts{};
}

// As in choices_of<Packer>.
constexpr std::array<PackerWays, choices_of<Packer>.size()> packers = {
    PackerWays{[](const Plan& plan, const std::filesystem::path& scratch,
                  const std::filesystem::path& output,
                  System& system) { return pack_layered(plan, scratch, output, system.store); },
               [](const Tools& /*tools*/) { return std::string(); }, nothing, keep_layered},
    PackerWays{pack_with_cpack, [](const Tools& tools) { return tools.cpack; }, nothing, nullptr},
    PackerWays{pack_with_fpm, [](const Tools& tools) { return tools.fpm; }, fpm_changelogs,
               nullptr},
};

}  // namespace

const PackerWays& packer_of(const Manifest& manifest) {
    return packers.at(static_cast<std::size_t>(manifest.packer));
}

}  // namespace dba::packers
