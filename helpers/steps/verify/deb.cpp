#include "steps/verify/deb.hpp"

#include <fmt/format.h>

#include <map>
#include <set>
#include <utility>

#include "deb/compare.hpp"
#include "deb/control_member.hpp"
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

Result<std::map<std::string, std::string>> md5_of(const std::vector<deb::PlannedEntry>& plan) {
    std::map<std::string, std::string> digests;
    for (const deb::PlannedEntry& planned : plan) {
        if (planned.entry.kind != EntryKind::file) continue;
        TRY_ASSIGN(digests[planned.entry.path], md5_file(planned.source));
    }
    return digests;
}

// What control says, of a package that holds what was planned.
Result<Findings> verify_proven(const VerifyDebInputs& inputs) {
    TRY_ASSIGN(DebContents deb, read_deb_control(inputs.deb, Origin::own));
    for (const deb::PlannedEntry& planned : deb::flatten(inputs.layers)) {
        ArchiveEntry entry;
        entry.entry = planned.entry;
        deb.data.push_back(std::move(entry));
    }
    Findings findings;
    check_control(deb, findings);
    return findings;
}

Result<Findings> verify_whole(const VerifyDebInputs& inputs) {
    TRY_ASSIGN(
        const DebContents deb,
        read_deb(
            inputs.deb, [&](const std::string& path) { return inputs.written.contains(path); },
            Origin::own));
    Findings findings;
    check_control(deb, findings);
    const auto plan = deb::flatten(inputs.layers);
    for (deb::Difference& difference : deb::compare(plan, deb, inputs.written))
        findings.push_back({"plan", difference.path, std::move(difference.message), ""});
    TRY_ASSIGN(const auto planned, deb::control_member(inputs.debian, plan));
    check_control_files(deb, planned, findings);
    TRY_ASSIGN(auto md5, md5_of(plan));
    for (const auto& [path, bytes] : deb.kept) {
        Md5Stream stream;
        stream.update(bytes);
        md5[path] = stream.finish();
    }
    check_md5sums(deb, md5, findings);
    return findings;
}

}  // namespace

Result<Findings> verify_deb(const VerifyDebInputs& inputs, System& /*system*/) {
    return inputs.is_proven ? verify_proven(inputs) : verify_whole(inputs);
}

}  // namespace dba::steps
