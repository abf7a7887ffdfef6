#include "steps/pack/pack.hpp"

#include <fmt/format.h>

#include <utility>

#include "deb/stack.hpp"
#include "packers/packer.hpp"
#include "steps/verify/deb.hpp"
#include "system/files/digest.hpp"
#include "system/files/files.hpp"
#include "system/files/tree.hpp"

namespace dba::steps {
namespace {

constexpr int format = 4;
constexpr std::size_t told_at_most = 5;

// A packer is another program: what it wrote is read back before anyone sees it.
Result<void> require_as_planned(const packers::Plan& plan, const deb::WrittenTexts& written,
                                const fs::path& deb) {
    TRY_ASSIGN(const Findings differences,
               compare_with_plan({deb, plan.layers, plan.debian, written, plan.md5}));
    if (differences.empty()) return {};
    std::string cause =
        fmt::format("{} made another package than was planned:", word_of(plan.manifest.packer));
    for (std::size_t i = 0; i < differences.size() && i < told_at_most; ++i) {
        const Finding& one = differences[i];
        cause += fmt::format("\n  {}: {}", one.path.empty() ? one.check : one.path, one.message);
    }
    if (differences.size() > told_at_most)
        cause += fmt::format("\n  and {} more", differences.size() - told_at_most);
    return system_error(deb.filename().string(), cause);
}

// By a packer that is another program: its package is compared, all of it, and the files of the
// plan are read once for both.
Result<void> pack_and_compare(const packers::PackerWays& packer, packers::Plan& plan,
                              const fs::path& scratch, const fs::path& output, System& system) {
    TRY_ASSIGN(plan.md5, deb::md5_sums(deb::flatten(plan.layers)));
    TRY(packer.pack(plan, scratch, output, system));
    TRY_ASSIGN(const auto written, packer.writes(plan));
    return require_as_planned(plan, written, output);
}

// Policy 5.6.12: file names leave the epoch out.
std::string file_name(const Manifest& manifest) {
    const std::size_t colon = manifest.version.find(':');
    return fmt::format(
        "{}_{}_{}.deb", manifest.name,
        colon == std::string::npos ? manifest.version : manifest.version.substr(colon + 1),
        manifest.target.architecture);
}

}  // namespace

Result<fs::path> pack(const Manifest& manifest, const PackInputs& inputs, System& system) {
    TRY(deb::refuse_collisions(inputs.layers));
    packers::Plan plan{manifest, inputs.layers, inputs.rendered.debian, inputs.settled};

    TRY_ASSIGN(const auto debian, list_tree(plan.debian, "", true));
    const packers::PackerWays& packer = packers::packer_of(manifest);
    Receipt receipt{"pack", format};
    receipt.add("manifest.name", manifest.name)
        .add("manifest.version", manifest.version)
        .add("manifest.maintainer", manifest.maintainer)
        .add("manifest.synopsis", manifest.synopsis)
        .add("manifest.long_description", manifest.long_description)
        .add("manifest.source_date_epoch", manifest.source_date_epoch)
        .add("manifest.target.architecture", manifest.target.architecture)
        .add("manifest.compression", manifest.compression)
        .add("manifest.compression_level", manifest.compression_level)
        .add("manifest.packer", manifest.packer)
        // Another CPack or fpm may write other bytes; its path stands for it, since asking for its
        // version would start a program in a build that has nothing to do.
        .add("packer", packer.program(manifest.tools))
        .add("debian", digest_of(debian))
        .add("settled", inputs.settled)
        .add("layers", inputs.layers);
    bool is_made = false;

    TRY_ASSIGN(const fs::path kept,
               system.store.obtain(receipt, [&](const fs::path& fresh) -> Result<void> {
                   is_made = true;
                   const std::string name = file_name(manifest);
                   system.log.step("pack",
                                   fmt::format("{} with {}", name, word_of(manifest.packer)));
                   TRY_ASSIGN(const fs::path scratch, system.store.scratch("pack"));
                   auto made = packer.proves()
                                   ? packer.pack(plan, scratch, fresh / name, system)
                                   : pack_and_compare(packer, plan, scratch, fresh / name, system);
                   // The staging tree is as large as the package; it goes in either case.
                   TRY(remove_tree(scratch));
                   return made;
               }));
    if (packer.proves() && !is_made) packer.keep(plan, system.store);
    return kept / file_name(manifest);
}

}  // namespace dba::steps
