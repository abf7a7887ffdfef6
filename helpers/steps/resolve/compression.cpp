#include "steps/resolve/compression.hpp"

#include <fmt/format.h>

#include "formats/debian/version.hpp"
#include "steps/resolve/choice.hpp"
#include "steps/resolve/program_version.hpp"

namespace dba::steps {
namespace {

// Beyond 19 zstd takes gigabytes of memory, where it packs and where it unpacks.
int highest_level(Compression compression) {
    return compression == Compression::zstd ? 19 : 9;
}

}  // namespace

Result<int> resolve_level(const Declaration& declaration, Compression compression, Packer packer) {
    if (declaration.compression_level.empty()) return 0;
    TRY_ASSIGN(const int level,
               positive_number(declaration.compression_level, "COMPRESSION " + word_of(compression),
                               "COMPRESSION_LEVEL", highest_level(compression), 9));
    // fpm (seen with 1.17) writes it into ZSTD_CLEVEL with a minus before it.
    if (packer == Packer::fpm && compression == Compression::zstd)
        return bad_input(
            fmt::format("COMPRESSION_LEVEL {}", level),
            fmt::format("fpm tells zstd -{}, which compresses less than level 1", level),
            "use PACKER layered or COMPRESSION xz, or leave COMPRESSION_LEVEL out");
    return level;
}

Result<void> check_cpack_level(const Manifest& manifest, System& system) {
    if (manifest.packer != Packer::cpack || manifest.compression_level == 0) return {};
    TRY_ASSIGN(const std::string version,
               program_version(manifest.tools.cpack, "cpack",
                               "configure with another CMake, or use PACKER layered", system));
    if (compare_debian_versions(version, "4.3") >= 0) return {};
    return bad_input(
        fmt::format("COMPRESSION_LEVEL {}", manifest.compression_level),
        fmt::format("CPack {} has no level for its DEB generator: that came with 4.3", version),
        "use PACKER layered, or configure with CMake 4.3 or newer");
}

}  // namespace dba::steps
