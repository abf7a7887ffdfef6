#include "rehearsal/versions.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "deb/control_member.hpp"
#include "deb/write.hpp"
#include "formats/debian/control.hpp"
#include "formats/text/shebang.hpp"
#include "system/files/archive.hpp"
#include "system/files/files.hpp"

namespace dba::rehearsal {
namespace {

// The script with a hurdle behind its first line, before anything of its own.
Result<std::string> with_hurdle(const std::string& script, const std::string& name,
                                const std::string& call, const std::string& subject) {
    const std::string hurdle = fmt::format(
        "if [ \"$1\" = {} ] && [ -e {}/fail-{} ]; then\n"
        "    echo 'the rehearsal asks this {} to fail' >&2\n"
        "    exit 1\n"
        "fi\n",
        call, rehearsal_flags, name, name);
    if (script.empty()) return "#!/bin/sh\nset -e\n" + hurdle;
    const auto shebang = parse_shebang(script);
    const std::size_t end = script.find('\n');
    const std::string program =
        shebang ? fs::path(shebang->interpreter).filename().string() : std::string();
    if (end == std::string::npos || (program != "sh" && program != "bash" && program != "dash"))
        return bad_input(subject, fmt::format("its {} is no shell script", name));
    return script.substr(0, end + 1) + hurdle + script.substr(end + 1);
}

}  // namespace

std::string version_below(const std::string& version) {
    return version + "~rehearsal";
}

std::string version_above(const std::string& version) {
    return version + "+rehearsal";
}

Result<void> make_version(const fs::path& deb, const std::string& version, bool hurdles,
                          const fs::path& scratch, const fs::path& output) {
    TRY_ASSIGN(const DebContents contents, read_deb(deb));
    TRY_ASSIGN(auto stanzas, parse_control(contents.control.at("control"), deb.string()));
    if (stanzas.size() != 1) return bad_input(deb.string(), "its control file is not one stanza");
    stanzas[0].set("Version", version);

    std::map<std::string, std::string> files = contents.control;
    files["control"] = to_text(stanzas[0]);
    if (hurdles) {
        TRY_ASSIGN(files["preinst"],
                   with_hurdle(files["preinst"], "preinst", "upgrade", deb.string()));
        TRY_ASSIGN(files["postinst"],
                   with_hurdle(files["postinst"], "postinst", "configure", deb.string()));
    }
    std::vector<deb::ControlFile> member;
    member.reserve(files.size());
    for (const auto& [name, bytes] : files)
        member.push_back({name, deb::is_maintainer_script(name) ? 0755U : 0644U, bytes});

    TRY_ASSIGN(const auto members, ar_members(deb));
    const auto data = std::find_if(members.begin(), members.end(), [](const auto& each) {
        return each.name.starts_with("data.tar");
    });
    if (data == members.end()) return bad_input(deb.string(), "has no data member");
    const fs::path control_tar = scratch / "control.tar.gz";
    TRY(deb::write_control_tar(member, 0, Compression::gzip, control_tar));
    return deb::write_deb(control_tar, "control.tar.gz", deb::part_of(deb, *data), 0, output);
}

}  // namespace dba::rehearsal
