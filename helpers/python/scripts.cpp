#include "python/scripts.hpp"

#include <fmt/format.h>

#include "formats/python/wheel.hpp"
#include "formats/text/shebang.hpp"
#include "formats/text/text.hpp"
#include "system/files/files.hpp"
#include "system/files/resources.hpp"

namespace dba {

bool in_metadata(std::string_view path) {
    const auto directory = path.substr(0, path.rfind('/'));
    const auto above = directory.substr(0, directory.rfind('/'));
    return directory.ends_with(".dist-info") && above.ends_with("/site-packages");
}

Result<std::map<std::string, std::string>> script_entry_points(const Layer& layer) {
    std::map<std::string, std::string> scripts;
    for (const auto& entry : layer.entries) {
        if (entry.kind != EntryKind::file || !in_metadata(entry.path) ||
            !entry.path.ends_with("/entry_points.txt"))
            continue;
        TRY_ASSIGN(const std::string text, read_file(layer.file(entry)));
        TRY_ASSIGN(const auto points, parse_entry_points(text, entry.path));
        for (const auto& point : points)
            if (point.group == "console_scripts" || point.group == "gui_scripts")
                scripts[point.name] = point.object;
    }
    // pip's own console scripts: installers write them for the Python's version too, each in its
    // own words ("pip" is an entry point, "pip3.11" and "easy_install-3.11" are not).
    for (const auto& entry : layer.entries) {
        const std::string name = text::file_name(entry.path);
        const std::size_t end = name.find_last_not_of("0123456789.");
        if (end == std::string::npos || end + 1 == name.size() || scripts.contains(name)) continue;
        const auto base = scripts.find(name.substr(0, name[end] == '-' ? end : end + 1));
        if (base != scripts.end() && entry.path.ends_with("/bin/" + name))
            scripts.emplace(name, base->second);
    }
    return scripts;
}

std::string entry_point_script(std::string_view interpreter, std::string_view object) {
    const std::string_view module = object.substr(0, object.find(':'));
    const std::string_view function = object.substr(object.find(':') + 1);
    return with_interpreter(fill("python/entry_point.py",
                                 {{"MODULE", std::string(module)},
                                  {"NAME", std::string(function.substr(0, function.find('.')))},
                                  {"FUNCTION", std::string(function)}}),
                            interpreter);
}

std::string with_final_interpreter(std::string_view bytes, std::string_view staging,
                                   const Manifest& manifest, bool executable) {
    const auto shebang = parse_shebang(bytes);
    if (!shebang || !is_python(*shebang)) return std::string(bytes);
    const bool staged = !staging.empty() && shebang->interpreter.find(staging) != std::string::npos;
    const bool bare = shebang->interpreter.find('/') == std::string::npos;
    if (!staged && !bare && !executable) return std::string(bytes);
    return with_interpreter(bytes, manifest.interpreter_path(), "Es");
}

}  // namespace dba
