#include "steps/wheel/other_uses.hpp"

#include <filesystem>
#include <system_error>
#include <utility>
#include <vector>

#include "formats/text/text.hpp"
#include "system/files/files.hpp"
#include "system/git/paths.hpp"

namespace dba::steps {
namespace {

// What the paths of the source begin with on this machine; "" where it is none of its directories.
std::string top_of_source(const Manifest& manifest, const FetchedSource& source) {
    fs::path top = manifest.source.directory;
    if (manifest.source.is_git()) {
        top = manifest.declared.copy.empty() ? repository_around(manifest.directory)
                                             : fs::path(manifest.declared.copy);
        if (top.empty()) return "";
        top /= source.subdir;
    }
    const std::string text = top.lexically_normal().string();
    return text.ends_with('/') ? text.substr(0, text.size() - 1) : text;
}

std::vector<std::pair<std::string, std::string>> named_files(const Manifest& manifest) {
    std::vector<std::pair<std::string, std::string>> named;  // path, keyword
    for (const ResolvedConfig& config : manifest.configs)
        named.emplace_back(config.source, "CONFIG");
    for (const ResolvedService& service : manifest.services)
        named.emplace_back(service.unit_options, "UNIT_OPTIONS");
    named.emplace_back(manifest.fragments.preinst, "PREINST");
    named.emplace_back(manifest.fragments.postinst, "POSTINST");
    named.emplace_back(manifest.fragments.prerm, "PRERM");
    named.emplace_back(manifest.fragments.postrm, "POSTRM");
    named.emplace_back(manifest.configure_playbook, "CONFIGURE_PLAYBOOK");
    named.emplace_back(manifest.prepare.playbook, "PREPARE_PLAYBOOK");
    std::error_code error;  // of a directory that is not there: another step says so
    for (fs::recursive_directory_iterator at(manifest.config_variants.directory, error), end;
         !error && at != end; at.increment(error))
        if (at->is_regular_file(error)) named.emplace_back(at->path().string(), "CONFIG_VARIANTS");
    return named;
}

}  // namespace

std::map<std::string, std::string> other_uses(const Manifest& manifest,
                                              const FetchedSource& source) {
    std::map<std::string, std::string> found;
    const std::string top = top_of_source(manifest, source);
    if (top.empty()) return found;
    for (const auto& [path, keyword] : named_files(manifest))
        if (text::is_below(path, top) && !path.ends_with(".py"))
            found.emplace(fs::path(path).lexically_relative(top).string(), keyword);
    return found;
}

}  // namespace dba::steps
