#include "rehearsal/package.hpp"

#include <fmt/format.h>

#include "formats/debian/control.hpp"
#include "formats/debian/version.hpp"
#include "formats/text/text.hpp"
#include "system/files/archive.hpp"
#include "system/files/files.hpp"

namespace dba::rehearsal {
namespace {

// "hello-web" of a unit's path; "" for what is no service, or one of a template.
std::string service_of(const std::string& path) {
    for (const std::string_view directory : {"/usr/lib/systemd/system/", "/lib/systemd/system/"}) {
        if (!path.starts_with(directory)) continue;
        const std::string unit = path.substr(directory.size());
        if (unit.ends_with(".service") && unit.find('@') == std::string::npos &&
            unit.find('/') == std::string::npos)
            return unit.substr(0, unit.size() - std::string_view(".service").size());
    }
    return "";
}

void read_conffiles(const std::string& bytes, std::vector<std::string>& conffiles) {
    text::Lines lines(bytes);
    // A word before the path is a flag, remove-on-upgrade (deb-conffiles(5)).
    for (std::string_view line; lines.next(line);)
        if (line = text::trim_right(line); line.starts_with('/')) conffiles.emplace_back(line);
}

}  // namespace

Result<RehearsedPackage> read_rehearsed(const fs::path& deb) {
    TRY_ASSIGN(const DebContents contents, read_deb(deb, [](const std::string& path) {
                   return path.starts_with("/usr/lib/") && path.ends_with("/package.json");
               }));
    TRY_ASSIGN(const auto stanzas, parse_control(contents.control.at("control"), deb.string()));
    if (stanzas.size() != 1) return bad_input(deb.string(), "its control file is not one stanza");
    RehearsedPackage out;
    out.deb = deb;
    const auto field = [&](const char* name, std::string& value, bool needed) -> Result<void> {
        const std::string* found = stanzas[0].find(name);
        if (found == nullptr && needed)
            return bad_input(deb.string(), fmt::format("its control file has no {}", name));
        if (found != nullptr) value = *found;
        return {};
    };
    std::string early;
    TRY(field("Package", out.package, true));
    TRY(field("Version", out.version, true));
    TRY(field("Architecture", out.architecture, true));
    // Both become names of files.
    if (!check_package_name(out.package) || !check_debian_version(out.version))
        return bad_input(deb.string(),
                         fmt::format("its control file names no package and version: {} {}",
                                     text::quote(out.package), text::quote(out.version)));
    TRY(field("Pre-Depends", early, false));
    TRY(field("Depends", out.depends, false));
    if (!early.empty()) out.depends = early + (out.depends.empty() ? "" : ", " + out.depends);

    if (const auto list = contents.control.find("conffiles"); list != contents.control.end())
        read_conffiles(list->second, out.conffiles);
    for (const ArchiveEntry& item : contents.data)
        if (item.entry.kind != EntryKind::directory) out.files.push_back(item.entry.path);

    const std::string path = PackageDescription::path(out.package);
    if (const auto own = contents.kept.find(path); own != contents.kept.end()) {
        TRY_ASSIGN(out.description,
                   parse_package_description(own->second, deb.string() + " " + path));
        out.described = true;
        return out;
    }
    for (const std::string& file : out.files)
        if (const std::string name = service_of(file); !name.empty())
            out.description.services.push_back({name, "systemd", name + ".service", 1, ""});
    return out;
}

std::vector<std::string> units_of(const DescribedService& service) {
    if (!service.program.ends_with(".target")) return {service.program};
    const std::string stem = service.program.substr(0, service.program.rfind('.'));
    std::vector<std::string> units;
    for (int i = 1; i <= service.instances; ++i)
        units.push_back(fmt::format("{}@{}.service", stem, i));
    return units;
}

}  // namespace dba::rehearsal
