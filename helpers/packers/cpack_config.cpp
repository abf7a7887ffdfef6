#include "packers/cpack_config.hpp"

#include <fmt/format.h>

#include <array>
#include <utility>

namespace dba::packers {
namespace {

// CPACK_DEBIAN_PACKAGE_<variable> for each field it has one for.
constexpr std::array<std::pair<const char*, const char*>, 13> fields = {{
    {"Architecture", "ARCHITECTURE"},
    {"Maintainer", "MAINTAINER"},
    {"Section", "SECTION"},
    {"Priority", "PRIORITY"},
    {"Homepage", "HOMEPAGE"},
    {"Pre-Depends", "PREDEPENDS"},
    {"Depends", "DEPENDS"},
    {"Recommends", "RECOMMENDS"},
    {"Suggests", "SUGGESTS"},
    {"Conflicts", "CONFLICTS"},
    {"Breaks", "BREAKS"},
    {"Replaces", "REPLACES"},
    {"Provides", "PROVIDES"},
}};

std::string set(const std::string& variable, const std::string& value) {
    return fmt::format("set({} {})\n", variable, bracket(value));
}

}  // namespace

std::string bracket(const std::string& value) {
    std::string level;
    while ((value + "]").find("]" + level + "]") != std::string::npos) level += '=';
    // A newline right after the opening bracket is dropped, so one is put there.
    const char* first = value.starts_with('\n') ? "\n" : "";
    return fmt::format("[{0}[{1}{2}]{0}]", level, first, value);
}

std::string cpack_config(const CpackConfig& config) {
    const Manifest& manifest = config.manifest;
    std::string version = manifest.version;
    std::string epoch;
    if (const std::size_t colon = version.find(':'); colon != std::string::npos) {
        epoch = version.substr(0, colon);
        version.erase(0, colon + 1);
    }
    // CPack puts the three together again (Policy 5.6.12: the revision follows the last hyphen).
    std::string revision;
    if (const std::size_t hyphen = version.rfind('-'); hyphen != std::string::npos) {
        revision = version.substr(hyphen + 1);
        version.resize(hyphen);
    }

    std::string text =
        "# Made by deb-build-app for `cpack --config` (beside tree/, extra/ and stage.cmake).\n"
        "string(REPLACE \";\" \"\\\\;\" here \"${CMAKE_CURRENT_LIST_DIR}\")\n";
    text += set("CPACK_GENERATOR", "DEB");
    text += set("CPACK_PACKAGE_NAME", manifest.name);
    text += set("CPACK_PACKAGE_VERSION", version);
    text += set("CPACK_PACKAGE_CONTACT", manifest.maintainer);
    text += set("CPACK_PACKAGE_DESCRIPTION_SUMMARY", manifest.synopsis);
    text += set("CPACK_PACKAGE_DESCRIPTION", manifest.long_description);
    text += set("CPACK_PACKAGE_FILE_NAME", "package");
    text += set("CPACK_TOPLEVEL_TAG", "package");
    text += "\n# tree/ is the whole package, laid out from /.\n";
    text += set("CPACK_INSTALL_CMAKE_PROJECTS", "");
    text += "set(CPACK_INSTALL_SCRIPTS \"${here}/stage.cmake\")\n";
    text += set("CPACK_PACKAGING_INSTALL_PREFIX", "/");
    text += set("CPACK_STRIP_FILES", "");
    text += "\n# More threads than one, so that xz's output does not depend on the machine.\n";
    text += set("CPACK_THREADS", std::to_string(config.threads));
    text += set("CPACK_DEBIAN_COMPRESSION_TYPE", word_of(manifest.compression));
    if (manifest.compression_level != 0)
        text += set("CPACK_DEBIAN_COMPRESSION_LEVEL", std::to_string(manifest.compression_level));
    text += "\n";
    text += set("CPACK_DEBIAN_PACKAGE_NAME", manifest.name);
    text += set("CPACK_DEBIAN_PACKAGE_VERSION", version);
    if (!epoch.empty()) text += set("CPACK_DEBIAN_PACKAGE_EPOCH", epoch);
    if (!revision.empty()) text += set("CPACK_DEBIAN_PACKAGE_RELEASE", revision);
    text += set("CPACK_DEBIAN_PACKAGE_SHLIBDEPS", "OFF");
    for (const auto& [field, variable] : fields)
        if (const std::string* value = config.control.find(field); value != nullptr)
            text += set(std::string("CPACK_DEBIAN_PACKAGE_") + variable, *value);
    if (!config.control_extra.empty()) {
        text += "set(CPACK_DEBIAN_PACKAGE_CONTROL_EXTRA";
        for (const std::string& name : config.control_extra)
            text += fmt::format("\n    \"${{here}}/extra/{}\"", name);
        text += ")\n";
    }
    return text;
}

std::string cpack_stage_script() {
    return R"(# Made by deb-build-app: CPack packs what lies in DESTDIR, and tree/ is that.
# Anywhere else than below cpack/ would be a place of this machine.
get_filename_component(here "${CMAKE_CURRENT_LIST_DIR}" REALPATH)
get_filename_component(above "$ENV{DESTDIR}" DIRECTORY)
get_filename_component(above "${above}" REALPATH)
string(FIND "${above}/" "${here}/cpack/" at)
if(NOT at EQUAL 0)
  message(FATAL_ERROR "CPack stages in \"$ENV{DESTDIR}\", which is not below ${here}/cpack.")
endif()
file(MAKE_DIRECTORY "${above}")
file(RENAME "${CMAKE_CURRENT_LIST_DIR}/tree" "$ENV{DESTDIR}")
)";
}

}  // namespace dba::packers
