#include "build/report_text.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <ctime>

#include "formats/text/text.hpp"
#include "formats/text/visible.hpp"
#include "model/json.hpp"

namespace dba {
namespace {

using nlohmann::json;

// Bytes as they are, but for what would steer a terminal. A text of several lines stays below the
// line it begins in.
std::string shown(const json& value) {
    constexpr std::size_t indent = 8;
    return text::visible_lines(
        value.is_string() ? value.get<std::string>() : bytes_from_json(value).value_or("?"),
        indent);
}

std::string size_of(std::uint64_t bytes) {
    constexpr double kib = 1024;
    const auto size = static_cast<double>(bytes);
    if (size < kib) return fmt::format("{} B", bytes);
    if (size < kib * kib) return fmt::format("{:.1f} KiB", size / kib);
    return fmt::format("{:.1f} MiB", size / kib / kib);
}

std::string package_text(const json& report) {
    const json& package = report.at("package");
    std::uint64_t files = 0;
    for (const json& layer : report.at("layers")) files += layer.at("files").get<std::uint64_t>();
    return fmt::format("{} {} {} in {}\n  {}: {} packed, {} installed, {} files\n",
                       shown(package.at("name")), shown(package.at("version")),
                       shown(package.at("architecture")), shown(package.at("prefix")),
                       shown(package.at("deb")),
                       size_of(package.at("deb_bytes").get<std::uint64_t>()),
                       size_of(package.at("installed_kib").get<std::uint64_t>() * 1024), files);
}

std::string layers_text(const json& report) {
    std::string text = "\nLayers\n";
    for (const json& layer : report.at("layers"))
        text += fmt::format("  {:>10}  {:>6} files  {}{}\n",
                            size_of(layer.at("bytes").get<std::uint64_t>()),
                            layer.at("files").get<std::uint64_t>(), shown(layer.at("name")),
                            layer.at("kind") == "application" ? " (the application)" : "");
    return text;
}

// {"part": {"bytes": N, "files": N}, ...}
std::string trimmed_text(const json& report) {
    const json& trimmed = report.at("trimmed");
    if (trimmed.empty()) return {};
    std::string text = "\nLeft out of the interpreter\n";
    for (const auto& [part, what] : trimmed.items())
        text += fmt::format("  {:>10}  {:>6} files  {}\n",
                            size_of(what.value("bytes", std::uint64_t{0})),
                            what.value("files", std::uint64_t{0}), text::visible(part));
    return text;
}

std::string lock_text(const json& report) {
    if (report.at("lock").empty()) return "\nLock: no third-party distribution\n";
    std::string text = "\nLock\n";
    for (const json& pin : report.at("lock")) {
        const std::size_t hashes = pin.at("hashes").size();
        text += fmt::format("  {}  ({} sha256)\n", shown(pin.at("requirement")), hashes);
    }
    return text;
}

std::string reason_text(const json& reason) {
    if (reason.contains("library"))
        return fmt::format("{}, for {}", shown(reason.at("library")),
                           shown(reason.at("needed_by")));
    return shown(reason.contains("declared") ? reason.at("declared") : reason.at("for"));
}

std::string relations_text(const json& relations) {
    std::string text;
    for (const json& one : relations) {
        text += fmt::format("  {}\n", shown(one.at("relation")));
        for (const json& reason : one.at("reasons"))
            text += fmt::format("      {}\n", reason_text(reason));
    }
    return text;
}

std::string depends_text(const json& report) {
    std::string text = relations_text(report.at("depends"));
    if (const std::string built = shown(report.at("static_built_using")); !built.empty())
        text += fmt::format("  Static-Built-Using: {}\n", built);
    text = text.empty() ? "\nDepends: nothing\n" : "\nDepends\n" + text;
    if (const json recommends = report.value("recommends", json::array()); !recommends.empty())
        text +=
            "\nRecommends, for libraries that are opened by name\n" + relations_text(recommends);
    return text;
}

std::string waivers_text(const json& waivers, const std::string& what) {
    if (waivers.empty()) return {};
    std::string text = fmt::format("\n{} waivers\n", what);
    for (const json& waiver : waivers) {
        text += fmt::format("  {}: {}\n", shown(waiver.at("glob")), shown(waiver.at("reason")));
        for (const json& hit : waiver.at("hits"))
            text += fmt::format("      {}: {}\n", shown(hit.at("path")), shown(hit.at("message")));
        if (waiver.at("hits").empty())
            text += fmt::format("      matches no {}\n", text::lower(what));
    }
    return text;
}

std::string warnings_text(const json& report) {
    if (report.at("warnings").empty()) return {};
    std::string text = "\nWarnings\n";
    for (const json& warning : report.at("warnings"))
        text += fmt::format("  {}: {}: {}\n", shown(warning.at("check")), shown(warning.at("path")),
                            shown(warning.at("message")));
    return text;
}

std::string inputs_text(const json& report) {
    const json& python = report.at("python");
    const json& installer = report.at("installer");
    const json& inputs = report.at("inputs");
    const json& source = inputs.at("source");
    std::string text = fmt::format("\nMade from\n  Python {} ({}, {})\n  installer {} {}",
                                   shown(python.at("version")), shown(python.at("mode")),
                                   shown(python.at("executable")), shown(installer.at("kind")),
                                   shown(installer.at("version")));
    for (const json& word : installer.at("args")) text += " " + shown(word);
    text += source.contains("commit")
                ? fmt::format("\n  commit {} of {}", shown(source.at("commit")),
                              shown(source.at("repository")))
                : fmt::format("\n  directory {}", shown(source.at("directory")));
    if (source.at("dirty").get<bool>()) text += ", with changes that are not committed";
    const json& layout = inputs.at("layout");
    text += fmt::format("\n  as a {}: {}", shown(layout.at("is")), shown(layout.at("reason")));
    const auto epoch = inputs.at("source_date_epoch").get<std::int64_t>();
    text += fmt::format("\n  SOURCE_DATE_EPOCH {} ({:%Y-%m-%d %H:%M:%S} UTC)", epoch,
                        fmt::gmtime(static_cast<std::time_t>(epoch)));
    text +=
        fmt::format("\n  packer {}, {}\n  target {} at {}, state {}\n", shown(inputs.at("packer")),
                    shown(inputs.at("compression")), shown(inputs.at("target").at("name")),
                    shown(inputs.at("target").at("root")),
                    shown(inputs.at("target").at("state")).substr(0, 16));
    return text;
}

std::string searched_text(const json& report) {
    std::string text = "\nDirectories of the build, named nowhere in the package";
    text += report.at("leak_waivers").empty() ? "\n" : " but where waived\n";
    for (const json& one : report.at("searched"))
        text += fmt::format(
            "  {}: {}{}\n", shown(one.at("role")), shown(one.at("path")),
            one.at("only_as_path").get<bool>()    ? " (searched only where a path is used)"
            : one.at("only_if_there").get<bool>() ? " (only what is there on the build host)"
                                                  : "");
    return text;
}

}  // namespace

std::string report_text(const json& report) {
    return package_text(report) + layers_text(report) + trimmed_text(report) + lock_text(report) +
           depends_text(report) + waivers_text(report.at("leak_waivers"), "Leak") +
           waivers_text(report.at("secret_waivers"), "Secret") + warnings_text(report) +
           inputs_text(report) + searched_text(report);
}

}  // namespace dba
