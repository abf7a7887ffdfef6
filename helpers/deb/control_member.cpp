#include "deb/control_member.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "system/files/digest.hpp"
#include "system/files/files.hpp"
#include "system/files/tree.hpp"

namespace dba::deb {
namespace {

// dh_md5sums' form: the path without its leading slash, raw. A name with a newline cannot be
// written so that dpkg reads it back; its digest is left out, as dh_md5sums leaves it.
Result<std::string> md5sums(const std::vector<PlannedEntry>& plan,
                            const std::vector<std::string>& conffiles, const Md5Sums& known) {
    std::string text;
    for (const PlannedEntry& planned : plan) {
        const std::string& path = planned.entry.path;
        if (planned.entry.kind != EntryKind::file || path.find('\n') != std::string::npos) continue;
        // dpkg keeps conffiles' digests in its status file; md5sums of them would tell every
        // edited one as damage (debsums -c).
        if (std::find(conffiles.begin(), conffiles.end(), path) != conffiles.end()) continue;
        std::string digest;
        if (const auto there = known.find(path); there != known.end()) {
            digest = there->second;
        } else {
            TRY_ASSIGN(digest, md5_file(planned.source));
        }
        text += fmt::format("{}  {}\n", digest, path.substr(1));
    }
    return text;
}

std::vector<std::string> lines_of(const std::string& text) {
    std::vector<std::string> lines;
    std::size_t from = 0;
    while (from < text.size()) {
        const std::size_t end = std::min(text.find('\n', from), text.size());
        if (end > from) lines.push_back(text.substr(from, end - from));
        from = end + 1;
    }
    return lines;
}

std::string with_installed_size(const Stanza& stanza, std::uint64_t kib) {
    Stanza finished;
    for (const auto& field : stanza.fields) {
        if (field.first == "Installed-Size") continue;
        finished.fields.push_back(field);
        if (field.first == "Architecture")
            finished.fields.emplace_back("Installed-Size", std::to_string(kib));
    }
    if (finished.find("Installed-Size") == nullptr)
        finished.set("Installed-Size", std::to_string(kib));
    return to_text(finished);
}

}  // namespace

Result<Md5Sums> md5_sums(const std::vector<PlannedEntry>& plan, Md5Sums known) {
    for (const PlannedEntry& planned : plan) {
        if (planned.entry.kind != EntryKind::file || known.contains(planned.entry.path)) continue;
        TRY_ASSIGN(known[planned.entry.path], md5_file(planned.source));
    }
    return known;
}

bool is_maintainer_script(const std::string& name) {
    static constexpr std::array scripts = {"config", "postinst", "postrm", "preinst", "prerm"};
    return std::find(scripts.begin(), scripts.end(), name) != scripts.end();
}

Result<Stanza> read_control(const std::filesystem::path& debian) {
    const std::filesystem::path file = debian / "control";
    TRY_ASSIGN(const std::string text, read_file(file));
    TRY_ASSIGN(std::vector<Stanza> stanzas, parse_control(text, file.string()));
    if (stanzas.size() != 1)
        return bad_input(file.string(), fmt::format("{} stanzas, not the one of a binary package",
                                                    stanzas.size()));
    return std::move(stanzas.front());
}

Result<std::vector<ControlFile>> control_member(const std::filesystem::path& debian,
                                                const std::vector<PlannedEntry>& plan,
                                                const Md5Sums& known) {
    TRY_ASSIGN(const Stanza stanza, read_control(debian));
    TRY_ASSIGN(const std::vector<LayerEntry> entries, list_tree(debian, "", false));

    std::vector<ControlFile> member;
    std::vector<std::string> conffiles;
    for (const LayerEntry& entry : entries) {
        const std::string name = entry.path.substr(1);
        if (entry.kind != EntryKind::file)
            return bad_input((debian / name).string(), "not a plain file in DEBIAN/");
        if (name == "control" || name == "md5sums") continue;
        TRY_ASSIGN(std::string bytes, read_file(debian / name));
        if (name == "conffiles") conffiles = lines_of(bytes);
        member.push_back({name, is_maintainer_script(name) ? 0755U : 0644U, std::move(bytes)});
    }
    TRY_ASSIGN(std::string sums, md5sums(plan, conffiles, known));
    member.push_back({"md5sums", 0644, std::move(sums)});
    member.push_back({"control", 0644, with_installed_size(stanza, installed_size_kib(plan))});
    std::sort(member.begin(), member.end(),
              [](const ControlFile& a, const ControlFile& b) { return a.name < b.name; });
    return member;
}

}  // namespace dba::deb
