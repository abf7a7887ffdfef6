#include "steps/verify/deb.hpp"

#include <fmt/format.h>

#include <set>
#include <utility>

#include "deb/compare.hpp"
#include "deb/stack.hpp"
#include "steps/verify/control.hpp"
#include "system/files/archive.hpp"
#include "system/files/digest.hpp"
#include "system/files/files.hpp"

namespace dba::steps {
namespace {

void check_control_files(const DebContents& deb, const std::vector<deb::ControlFile>& planned,
                         Findings& findings) {
    const auto add_finding = [&](const std::string& name, std::string message) {
        findings.push_back({"control", "", fmt::format("{}: {}", name, message), ""});
    };
    std::set<std::string> names;
    for (const deb::ControlFile& file : planned) {
        names.insert(file.name);
        const auto made = deb.control.find(file.name);
        if (made == deb.control.end()) {
            add_finding(file.name, "was planned and is not in the package");
            continue;
        }
        // fpm writes md5sums in an order, and conffiles with white space, of its own; their
        // contents are judged by what they mean.
        if (file.name != "md5sums" && file.name != "conffiles" && file.name != "control" &&
            made->second != file.bytes)
            add_finding(file.name, "its contents in the package are not the planned ones");
        if (file.name == "control" && made->second != file.bytes)
            add_finding(file.name, fmt::format("differs from the planned one:\n{}", made->second));
        const auto mode = deb.control_modes.find(file.name);
        if (mode != deb.control_modes.end() && mode->second != file.mode)
            add_finding(file.name, fmt::format("mode {:04o} was planned, the package has {:04o}",
                                               file.mode, mode->second));
    }
    for (const auto& [name, bytes] : deb.control)
        if (!names.contains(name)) add_finding(name, "is in the package and was not planned");
}

}  // namespace

Result<Findings> compare_with_plan(const PlannedDeb& planned) {
    TRY_ASSIGN(
        const DebContents deb,
        read_deb(
            planned.deb, [&](const std::string& path) { return planned.written.contains(path); },
            Origin::own));
    const auto plan = deb::flatten(planned.layers);
    Findings findings;
    for (deb::Difference& difference : deb::compare(plan, deb, planned.written))
        findings.push_back({"plan", difference.path, std::move(difference.message), ""});
    TRY_ASSIGN(deb::Md5Sums md5, deb::md5_sums(plan, planned.md5));
    TRY_ASSIGN(const auto control, deb::control_member(planned.debian, plan, md5));
    check_control_files(deb, control, findings);
    for (const auto& [path, bytes] : deb.kept) {
        Md5Stream stream;
        stream.update(bytes);
        md5[path] = stream.finish();
    }
    check_md5sums(deb, md5, findings);
    return findings;
}

Result<Findings> verify_deb(const std::filesystem::path& deb, const std::vector<Layer>& layers) {
    TRY_ASSIGN(DebContents contents, read_deb_control(deb, Origin::own));
    for (const deb::PlannedEntry& planned : deb::flatten(layers)) {
        ArchiveEntry entry;
        entry.entry = planned.entry;
        contents.data.push_back(std::move(entry));
    }
    Findings findings;
    check_control(contents, findings);
    return findings;
}

}  // namespace dba::steps
