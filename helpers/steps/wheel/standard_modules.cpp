#include "steps/wheel/standard_modules.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "formats/python/record.hpp"
#include "formats/text/text.hpp"
#include "python/venv.hpp"
#include "system/files/resources.hpp"

namespace dba::steps {

Result<std::set<std::string>> standard_modules(const Manifest& manifest, const Layer& interpreter,
                                               System& system) {
    Receipt receipt{.step = "standard-modules", .format = 1, .inputs = {}};
    receipt.add("interpreter", interpreter)
        .add("manifest.prefix", manifest.prefix)
        .share(Sharing::anywhere);
    TRY_ASSIGN(const fs::path directory,
               system.store.obtain(receipt, [&](const fs::path& fresh) -> Result<void> {
                   const fs::path python = python_for(interpreter.tree(), manifest);
                   TRY_ASSIGN(const Completed ran,
                              run_python(python,
                                         {"-I", "-S", "-c",
                                          std::string(resource("python/standard_modules.py"))},
                                         "", manifest, system));
                   if (ran.status != 0)
                       return system_error(python.string(),
                                           "cannot name its modules:\n" + last_lines(ran.err, 6));
                   return write_file(fresh / "names", ran.out);
               }));
    TRY_ASSIGN(const std::string text, read_file(directory / "names"));
    std::set<std::string> names;
    text::Lines lines(text);
    for (std::string_view line; lines.next(line);)
        if (!line.empty()) names.emplace(line);
    return names;
}

std::vector<std::string> hiding_names(const std::vector<std::string>& paths,
                                      const std::set<std::string>& standard) {
    std::set<std::string> found;
    for (const std::string& path : paths) {
        const bool module = path.ends_with(".py") || path.ends_with(".so");
        const std::string name = path.substr(0, path.find_first_of("./"));
        if (!module || !standard.contains(name)) continue;
        const std::string rest = path.substr(name.size());
        if (rest == "/__init__.py") found.insert(name + "/");
        if (rest.find('/') == std::string::npos) found.insert(path);
    }
    return {found.begin(), found.end()};
}

Result<void> refuse_standard_names(const fs::path& record, const Manifest& manifest,
                                   const Layer& interpreter, System& system) {
    TRY_ASSIGN(const std::string text, read_file(record));
    TRY_ASSIGN(const auto rows, parse_record(text, record.string()));
    std::vector<std::string> paths;
    for (const RecordRow& row : rows) paths.push_back(row.path);
    TRY_ASSIGN(const auto standard, standard_modules(manifest, interpreter, system));
    const auto names = hiding_names(paths, standard);
    if (names.empty()) return {};
    return bad_input(
        manifest.name,
        fmt::format("its wheel has {} at its top, which nothing can import: Python's own module of "
                    "that name comes before site-packages",
                    fmt::join(names, ", ")),
        "rename it; or, where the folder itself is the application, say LAYOUT folder");
}

}  // namespace dba::steps
