#include "steps/verify/control.hpp"

#include <fmt/format.h>

#include <array>
#include <set>
#include <sstream>

#include "formats/debian/control.hpp"
#include "formats/debian/version.hpp"

namespace dba::steps {
namespace {

std::vector<std::string> lines_of(const std::string& text) {
    std::vector<std::string> lines;
    std::istringstream in(text);
    for (std::string line; std::getline(in, line);)
        if (!line.empty()) lines.push_back(line);
    return lines;
}

std::vector<std::string> conffiles_of(const DebContents& deb) {
    const auto file = deb.control.find("conffiles");
    return file == deb.control.end() ? std::vector<std::string>{} : lines_of(file->second);
}

void check_fields(const Stanza& stanza, Findings& findings) {
    const auto add_finding = [&](std::string message) {
        findings.push_back({"control", "", std::move(message), ""});
    };
    for (const char* field : {"Package", "Version", "Architecture", "Maintainer", "Description"})
        if (const std::string* value = stanza.find(field); value == nullptr || value->empty())
            add_finding(fmt::format("the field {} is missing (Policy 5.3)", field));
    if (const std::string* name = stanza.find("Package"))
        if (const auto checked = check_package_name(*name); !checked)
            add_finding(fmt::format("Package: {}", checked.error().cause));
    if (const std::string* version = stanza.find("Version"))
        if (const auto checked = check_debian_version(*version); !checked)
            add_finding(fmt::format("Version: {}", checked.error().cause));
    for (const char* field : {"Pre-Depends", "Depends", "Recommends", "Suggests", "Enhances",
                              "Conflicts", "Breaks", "Replaces", "Provides"})
        if (const std::string* value = stanza.find(field))
            if (const auto checked = parse_relations(*value); !checked)
                add_finding(fmt::format("{}: {}", field, checked.error().cause));
}

void check_scripts(const DebContents& deb, Findings& findings) {
    for (const char* name : {"config", "preinst", "postinst", "prerm", "postrm"}) {
        const auto script = deb.control.find(name);
        if (script == deb.control.end()) continue;
        if (!script->second.starts_with("#!"))
            findings.push_back(
                {"control", "", fmt::format("{} has no shebang (Policy 6.1)", name), ""});
        const auto mode = deb.control_modes.find(name);
        if (mode != deb.control_modes.end() && (mode->second & 0111U) == 0)
            findings.push_back(
                {"control", "",
                 fmt::format("{} has mode {:04o} and cannot run", name, mode->second), ""});
    }
}

}  // namespace

void check_control(const DebContents& deb, Findings& findings) {
    const auto control = deb.control.find("control");
    if (control == deb.control.end()) {
        findings.push_back({"control", "", "there is no control file (deb(5))", ""});
        return;
    }
    const auto stanzas = parse_control(control->second, "control");
    if (!stanzas)
        findings.push_back({"control", "", stanzas.error().cause, ""});
    else if (stanzas->size() != 1)
        findings.push_back(
            {"control", "", fmt::format("{} stanzas, not one", stanzas->size()), ""});
    else
        check_fields(stanzas->front(), findings);
    check_scripts(deb, findings);

    std::set<std::string> files;
    for (const ArchiveEntry& entry : deb.data)
        if (entry.entry.kind == EntryKind::file) files.insert(entry.entry.path);
    for (const std::string& path : conffiles_of(deb)) {
        if (!files.contains(path))
            findings.push_back({"control", path, "conffiles lists it, and it is not shipped", ""});
        else if (!path.starts_with("/etc/"))
            findings.push_back({"control", path, "a conffile outside /etc (Policy 10.7.2)", ""});
    }
}

void check_md5sums(const DebContents& deb, const std::map<std::string, std::string>& md5,
                   Findings& findings) {
    const auto add_finding = [&](const std::string& path, std::string message) {
        findings.push_back({"md5sums", path, std::move(message), ""});
    };
    const auto sums = deb.control.find("md5sums");
    if (sums == deb.control.end()) return add_finding("", "there is no md5sums file");
    std::set<std::string> listed;
    for (const std::string& line : lines_of(sums->second)) {
        if (line.size() < 35 || line.substr(32, 2) != "  ") {
            add_finding("", fmt::format("\"{}\" is no line of md5sums", line));
            continue;
        }
        const std::string path = '/' + line.substr(34);
        listed.insert(path);
        const auto file = md5.find(path);
        if (file == md5.end())
            add_finding(path, "md5sums lists it, and it is not shipped");
        else if (file->second != line.substr(0, 32))
            add_finding(path, "its digest is not the one in md5sums");
    }
    for (const std::string& path : conffiles_of(deb)) listed.insert(path);
    for (const auto& [path, digest] : md5)
        if (!listed.contains(path) && path.find('\n') == std::string::npos)
            add_finding(path, "md5sums does not list it");
}

}  // namespace dba::steps
