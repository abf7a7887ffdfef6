#include "python/native_wheels.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "formats/python/wheel.hpp"
#include "formats/text/pattern.hpp"

namespace dba {
namespace {

bool is_for_target(const std::string& platform, const Manifest& manifest) {
    return platform == "any" || platform.ends_with("_" + manifest.target.machine);
}

std::string ways_out(const Manifest& manifest) {
    return fmt::format(
        "put a wheel of it for {0} into a WHEELHOUSE, or make the package on such a machine, real "
        "or emulated",
        manifest.target.architecture);
}

Failure built_here(const std::string& label, const Manifest& manifest) {
    return bad_input(label,
                     fmt::format("is compiled, and has no wheel for {}: what is compiled here is "
                                 "for {}",
                                 manifest.target.architecture, manifest.target.native),
                     ways_out(manifest));
}

}  // namespace

Result<void> refuse_native_wheel(const std::string& label, const std::string& file_name,
                                 const Manifest& manifest) {
    if (!manifest.target.is_foreign()) return {};
    TRY_ASSIGN(const WheelName name, parse_wheel_name(file_name));
    if (std::any_of(name.platform_tags.begin(), name.platform_tags.end(),
                    [&](const std::string& tag) { return is_for_target(tag, manifest); }))
        return {};
    return built_here(label, manifest);
}

Result<void> refuse_native_wheels(const Venv& venv, const Manifest& manifest) {
    if (!manifest.target.is_foreign()) return {};
    for (const fs::path& path : paths_in(venv.site_packages)) {
        const std::string info = path.filename().string();
        if (path.extension() != ".dist-info" || !file_exists(path / "WHEEL")) continue;
        TRY_ASSIGN(const std::string text, read_file(path / "WHEEL"));
        TRY_ASSIGN(const WheelInfo wheel, parse_wheel_info(text, info + "/WHEEL"));
        const auto fits = [&](const std::string& tag) {
            return is_for_target(tag.substr(tag.rfind('-') + 1), manifest);
        };
        if (!wheel.tags.empty() && std::none_of(wheel.tags.begin(), wheel.tags.end(), fits))
            return built_here(info.substr(0, info.find('-')), manifest);
    }
    return {};
}

std::optional<NativeBuild> native_build(const std::string& output, const Manifest& manifest) {
    if (!manifest.target.is_foreign()) return std::nullopt;
    static const std::vector<std::string> words{"is not compatible with the current Python",
                                                "Failed to build",
                                                "Failed to download and build",
                                                "Failed building wheel",
                                                "Could not build wheels",
                                                "Getting requirements to build wheel"};
    if (std::none_of(words.begin(), words.end(), [&](const std::string& word) {
            return output.find(word) != std::string::npos;
        }))
        return std::nullopt;
    std::string name;
    for (const char* pattern :
         {"Failed to [a-z ]*build `([^`@= ]+)", "Failed building wheel for ([^ \n]+)"})
        if (name.empty()) name = text::first_group(output, pattern);
    return NativeBuild{
        name,
        fmt::format("there is no wheel of it for {0}, and what is compiled here is for {1}: {2}",
                    manifest.target.architecture, manifest.target.native, ways_out(manifest))};
}

}  // namespace dba
