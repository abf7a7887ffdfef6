#include "steps/install/editable.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "formats/python/record.hpp"
#include "formats/text/text.hpp"

namespace dba::steps {
namespace {

// Lines of a .pth are directories, relative to where it lies, or code that begins with "import"
// (the site module's documentation).
Result<void> check_pth(const fs::path& file, const std::string& distribution, const Venv& venv,
                       const Manifest& manifest) {
    TRY_ASSIGN(const std::string bytes, read_file(file));
    const std::string name = file.filename().string();
    text::Lines lines(bytes);
    std::string_view line;
    while (lines.next(line)) {
        const std::string content(text::trim_right(line));
        if (content.empty() || content[0] == '#') continue;
        if (content.starts_with("import ") || content.starts_with("import\t")) {
            // setuptools, scikit-build-core and meson-python call their finders so.
            if (content.find("editable") != std::string::npos)
                return editable_install(distribution,
                                        fmt::format("{} imports a finder: {}", name, content));
            continue;
        }
        const std::string path = (file.parent_path() / content).lexically_normal();
        // What is in /usr may be a dependency of the package; a source tree is nowhere there.
        if (text::is_within(path, venv.prefix.string()) || text::is_within(path, manifest.prefix) ||
            (text::is_within(path, "/usr") && !text::is_within(path, "/usr/local") &&
             !text::is_within(path, "/usr/src")))
            continue;
        return editable_install(distribution, fmt::format("{} leads to {}", name, path));
    }
    return {};
}

// Lines of a .start are entry points, "module:function", that are called when Python starts (PEP
// 829).
Result<void> check_start(const fs::path& file, const std::string& distribution) {
    TRY_ASSIGN(const std::string bytes, read_file(file));
    text::Lines lines(bytes);
    for (std::string_view line; lines.next(line);)
        if (line.find("editable") != std::string_view::npos)
            return editable_install(distribution,
                                    fmt::format("{} calls a finder: {}", file.filename().string(),
                                                text::trim_right(line)));
    return {};
}

}  // namespace

Failure editable_install(const std::string& distribution, const std::string& why) {
    return bad_input(distribution,
                     fmt::format("is an editable install: it names a directory of the build "
                                 "instead of holding the files ({})",
                                 why),
                     "install it properly (without -e)");
}

Result<void> refuse_editable(const fs::path& info, const std::string& distribution,
                             const Venv& venv, const Manifest& manifest) {
    TRY_ASSIGN(const auto origin, read_file_if_exists(info / "direct_url.json"));
    if (origin) {
        const auto url = nlohmann::json::parse(*origin, nullptr, false);
        if (url.is_object() && url.contains("dir_info") && url["dir_info"].is_object() &&
            url["dir_info"].value("editable", nlohmann::json(false)) == true)
            return editable_install(distribution, "direct_url.json says so");
    }
    TRY_ASSIGN(const std::string record, read_file(info / "RECORD"));
    TRY_ASSIGN(const auto rows, parse_record(record, info.filename().string() + "/RECORD"));
    for (const auto& row : rows) {
        const fs::path file = (info.parent_path() / row.path).lexically_normal();
        const std::string name = file.filename().string();
        if (file.parent_path() != info.parent_path() || !path_exists(file)) continue;
        if (name.starts_with("__editable__"))
            return editable_install(distribution, "by way of " + name);
        if (name.ends_with(".start")) TRY(check_start(file, distribution));
        if (name.ends_with(".pth")) TRY(check_pth(file, distribution, venv, manifest));
    }
    return {};
}

}  // namespace dba::steps
