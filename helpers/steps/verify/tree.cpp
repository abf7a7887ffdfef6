#include "steps/verify/tree.hpp"

#include <fmt/format.h>

#include <filesystem>

#include "formats/text/shebang.hpp"
#include "formats/text/suggest.hpp"
#include "formats/text/text.hpp"

namespace dba::steps {
namespace {

std::vector<std::string> programs_in(const std::string& directory,
                                     const std::vector<Layer>& layers) {
    std::vector<std::string> names;
    for (const Layer& layer : layers)
        for (const LayerEntry& entry : layer.entries)
            if (entry.kind != EntryKind::directory && text::directory_name(entry.path) == directory)
                names.push_back(entry.path.substr(directory.size() + 1));
    return names;
}

}  // namespace

void check_name(const LayerEntry& entry, Findings& findings) {
    if (entry.path.find('\n') == std::string::npos) return;
    std::string shown = entry.path;
    for (std::size_t at = 0; (at = shown.find('\n', at)) != std::string::npos;)
        shown.replace(at, 1, "\\n");
    findings.push_back({"name", shown, "has a newline in its name, which dpkg cannot install",
                        "leave it out with EXCLUDE"});
}

void check_mode(const LayerEntry& entry, Findings& findings) {
    if (entry.kind == EntryKind::symlink) return;
    const auto add_finding = [&](const char* what) {
        findings.push_back({"mode", entry.path, fmt::format("mode {:04o}: {}", entry.mode, what),
                            "change its mode where it comes from"});
    };
    if ((entry.mode & 06000U) != 0)
        add_finding("runs with the rights of its owner or group (setuid, setgid)");
    else if ((entry.mode & 0002U) != 0)
        add_finding("everyone may write to it");
}

void check_link(const LayerEntry& entry, const PackageTree& tree,
                const std::set<std::string>& declared, Findings& findings) {
    if (entry.kind != EntryKind::symlink || tree.resolve(entry.path)) return;
    // Links may lead over further links of the package before they leave it.
    std::string target = entry.link_target;
    std::string from = entry.path;
    for (int links = 0; links < 40; ++links) {
        const std::filesystem::path parent = text::directory_name(from);
        const auto real_parent = tree.resolve(parent.string());
        from = (std::filesystem::path(real_parent.value_or(parent.string())) / target)
                   .lexically_normal()
                   .string();
        if (declared.contains(from)) return;
        const LayerEntry* next = tree.entry(from);
        if (next == nullptr || next->kind != EntryKind::symlink) break;
        target = next->link_target;
    }
    findings.push_back(
        {"link", entry.path,
         fmt::format("leads to \"{}\", which the package does not hold", entry.link_target),
         "leave it out with EXCLUDE, or ship what it leads to"});
}

void check_script(const ScriptFact& script, const std::string& prefix, bool own,
                  const PackageTree& tree, const DpkgDatabase* packages, Findings& findings) {
    if (!own && text::directory_name(script.path) != prefix + "/bin") return;
    const auto add_finding = [&](std::string message, std::string hint) {
        findings.push_back({"shebang", script.path, std::move(message), std::move(hint)});
    };
    const std::string& interpreter = script.interpreter;
    const std::string shown = script.arguments.empty()
                                  ? interpreter
                                  : fmt::format("{} {}", interpreter, script.arguments);
    if (!interpreter.starts_with('/'))
        return add_finding(
            fmt::format("\"#!{}\" is no absolute path: the kernel looks in the directory "
                        "it is started from",
                        shown),
            "");
    // PYTHON SYSTEM: bin/python3 leads out of the package; where to is check_link()'s to say.
    if (tree.resolve(interpreter) || tree.entry(interpreter) != nullptr) return;
    const Shebang shebang{interpreter, script.arguments, 0};
    if (is_python(shebang) && text::directory_name(script.path) == prefix + "/bin")
        return add_finding(
            fmt::format("\"#!{}\" is not this package's Python", shown),
            fmt::format("its distribution must install it with {}/bin/python3", prefix));
    if (text::is_below(interpreter, prefix))
        return add_finding(fmt::format("\"#!{}\" is not in the package", shown), "");
    if (packages != nullptr && packages->owner(interpreter) == nullptr)
        add_finding(fmt::format("no package of the target has the interpreter of \"#!{}\"", shown),
                    "name an interpreter of a package, and that package in DEPENDS");
}

void check_programs(const Manifest& manifest, const PackageTree& tree,
                    const std::vector<Layer>& layers, const DpkgDatabase& packages,
                    Findings& findings) {
    const std::string bin = manifest.prefix + "/bin";
    const auto judge = [&](const std::string& what, const std::string& program) {
        const std::string path =
            program.find('/') == std::string::npos ? bin + '/' + program : program;
        // A program of the environment may be a link to one outside (PYTHON SYSTEM's python3).
        if (const LayerEntry* entry = tree.entry(path);
            entry != nullptr && entry->kind != EntryKind::directory) {
            const auto real = tree.file(path);
            if (entry->kind == EntryKind::file && real && (tree.entry(*real)->mode & 0111U) == 0)
                findings.push_back({"service-command", path,
                                    fmt::format("{} starts it, and it is not executable", what),
                                    ""});
            return;
        }
        if (tree.file(path)) return;
        if (!text::is_below(path, manifest.prefix) && packages.owner(path) != nullptr) return;
        std::string hint =
            "name a program of the environment, or a path that a package in DEPENDS "
            "has";
        if (const std::string near = nearest(text::file_name(path), programs_in(bin, layers));
            !near.empty())
            hint = fmt::format("did you mean \"{}\"?", near);
        findings.push_back(
            {"service-command", path,
             fmt::format("{} starts \"{}\", which is not in the environment", what, program),
             std::move(hint)});
    };
    for (const ResolvedService& service : manifest.services)
        judge(fmt::format("SERVICE {}", service.name), service.command.front());
    for (const std::string& script : manifest.scripts) judge("SCRIPTS", script);
}

}  // namespace dba::steps
