#include "python/bundle_parts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "formats/python/module_names.hpp"
#include "formats/text/glob.hpp"
#include "formats/text/suggest.hpp"
#include "system/files/tree.hpp"

namespace dba {
namespace {

// What is installed on top, and (Debian's) what speaks of the system's Python: sitecustomize.py is
// a link into /etc, EXTERNALLY-MANAGED is PEP 668's.
constexpr std::array not_the_interpreters{"dist-packages", "site-packages", "EXTERNALLY-MANAGED",
                                          "sitecustomize.py"};

bool never_copied(const fs::path& relative) {
    for (const fs::path& component : relative)
        if (component == "__pycache__") return true;
    const std::string top = relative.begin()->string();
    return std::find(not_the_interpreters.begin(), not_the_interpreters.end(), top) !=
           not_the_interpreters.end();
}

bool contains(const std::vector<std::string>& names, std::string_view name) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

// Most globs are plain paths, and there are thousands of files: the pattern's literal start decides
// for nearly all of them.
bool matches(std::string_view glob, std::string_view path) {
    const std::string_view literal = glob.substr(0, glob.find('*'));
    if (literal.size() == glob.size()) return glob == path;
    return path.starts_with(literal) && glob_match(glob, path);
}

}  // namespace

const std::vector<InterpreterPart>& interpreter_parts() {
    static const std::vector<InterpreterPart> parts = {
        {"tests",
         "the test suite, and modules that only it uses",
         // Upstream keeps suites inside packages too; Debian has moved them to test/.
         {"test", "ctypes/test", "sqlite3/test", "unittest/test", "tkinter/test", "distutils/tests",
          "lib2to3/tests", "idlelib/idle_test", "lib-dynload/_test*", "lib-dynload/_ctypes_test*",
          "lib-dynload/_xx*", "lib-dynload/xx*"},
         ""},
        {"idle", "the editor IDLE", {"idlelib"}, ""},
        {"tkinter", "the Tk interface; needs Tcl and Tk", {"tkinter", "lib-dynload/_tkinter*"}, ""},
        {"turtle", "turtle graphics; needs tkinter", {"turtle.py", "turtledemo"}, ""},
        {"lib2to3", "the translator from Python 2 (up to 3.12)", {"lib2to3"}, ""},
        {"pydoc", "the texts of help() on keywords and topics", {"pydoc_data"}, ""},
        {"ensurepip", "pip for `python -m venv`", {"ensurepip"}, ""},
        {"nis", "the module nis (up to 3.12); needs libnsl", {"lib-dynload/nis.*"}, ""},
        {"ossaudiodev", "the module ossaudiodev (up to 3.12)", {"lib-dynload/ossaudiodev.*"}, ""},
        {"static-library",
         "libpython3.X.a, for programs that embed Python",
         {"config-3*/*.a", "config-3*/python.o"},
         ""},
        {"config", "Makefile and Setup of the interpreter's build", {"config-3*/*"}, ""},
        {"headers",
         "C headers, for extension modules built on the target",
         {},
         "include/python3.X"},
        {"terminfo", "terminals, of an interpreter that brings its own", {}, "share/terminfo"},
    };
    return parts;
}

Result<std::vector<std::string>> check_parts(const std::vector<std::string>& names) {
    std::vector<std::string> known;
    for (const InterpreterPart& part : interpreter_parts()) known.emplace_back(part.name);
    for (const std::string& name : names) {
        if (contains(known, name)) continue;
        const std::string near = nearest(name, known);
        return bad_input("PYTHON_KEEP " + name, "is no part of an interpreter",
                         near.empty() ? fmt::format("one of {}", fmt::join(known, ", "))
                                      : fmt::format("did you mean {}?", near));
    }
    std::vector<std::string> sorted = names;
    std::sort(sorted.begin(), sorted.end());
    sorted.erase(std::unique(sorted.begin(), sorted.end()), sorted.end());
    return sorted;
}

std::optional<fs::path> directory_beside(const InterpreterPart& part, const fs::path& prefix,
                                         const std::string& name) {
    if (part.beside.empty()) return std::nullopt;
    // Debian's /usr/share/terminfo is no part of its Python.
    if (prefix.filename() == "usr" && part.beside.starts_with("share/")) return std::nullopt;
    fs::path directory;
    for (const fs::path& component : fs::path(part.beside))
        directory /= component == "python3.X" ? fs::path(name) : component;
    return prefix / directory;
}

const InterpreterPart* part_of(const fs::path& relative) {
    for (const InterpreterPart& part : interpreter_parts()) {
        for (fs::path path = relative; !path.empty(); path = path.parent_path())
            for (const std::string_view glob : part.globs)
                if (matches(glob, path.string())) return &part;
    }
    return nullptr;
}

std::string part_with_module(const std::string& module) {
    const std::string top = top_level_module(module);
    for (const std::string& path : {top, top + ".py", "lib-dynload/" + top + ".x"})
        if (const InterpreterPart* part = part_of(path)) return std::string(part->name);
    return "";
}

bool keep_in_library(const fs::path& relative, const std::vector<std::string>& kept) {
    if (never_copied(relative)) return false;
    const InterpreterPart* part = part_of(relative);
    return part == nullptr || contains(kept, part->name);
}

Result<std::map<std::string, TrimmedPart>> measure_parts(const fs::path& library,
                                                         const fs::path& prefix,
                                                         const std::vector<std::string>& kept) {
    std::map<std::string, TrimmedPart> trimmed;
    const auto add = [&](std::string_view part, const LayerEntry& entry) {
        if (entry.kind == EntryKind::directory || contains(kept, part)) return;
        TrimmedPart& sum = trimmed[std::string(part)];
        sum.bytes += entry.size;
        ++sum.files;
    };
    TRY_ASSIGN(const auto entries, list_tree(library, "", false, [](const fs::path& relative) {
                   return !never_copied(relative);
               }));
    for (const LayerEntry& entry : entries)
        if (const InterpreterPart* part = part_of(entry.path.substr(1))) add(part->name, entry);
    for (const InterpreterPart& part : interpreter_parts()) {
        const auto directory = directory_beside(part, prefix, library.filename().string());
        if (!directory || !directory_exists(*directory)) continue;
        TRY_ASSIGN(const auto files, list_tree(*directory, "", false));
        for (const LayerEntry& entry : files) add(part.name, entry);
    }
    return trimmed;
}

std::string to_json_text(const std::map<std::string, TrimmedPart>& trimmed) {
    nlohmann::json parts = nlohmann::json::object();
    for (const auto& [name, sum] : trimmed)
        parts[name] = {{"bytes", sum.bytes}, {"files", sum.files}};
    return nlohmann::json{{"format", 1}, {"parts", std::move(parts)}}.dump(1) + "\n";
}

}  // namespace dba
