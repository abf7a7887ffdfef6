#include "system/debian/installable.hpp"

#include <fmt/format.h>

#include "formats/text/text.hpp"
#include "system/debian/apt_config.hpp"
#include "system/debian/index.hpp"
#include "system/files/files.hpp"

namespace dba {
namespace {

struct AptSimulation {
    fs::path root;
    const std::string& architecture;
    const fs::path& scratch;
    Environment environment;
    ProcessRunner& processes;

    Result<Completed> solve(const std::vector<std::string>& relations, const fs::path& status) {
        const fs::path file = scratch / "apt.conf";
        TRY(write_file(file, apt_configuration(root, architecture, status)));
        environment["APT_CONFIG"] = file.string();
        return processes.run({{"apt-get", "-q", "--simulate", "--no-install-recommends", "satisfy",
                               fmt::format("{}", fmt::join(relations, ", "))},
                              environment});
    }
};

}  // namespace

Result<Installability> find_installable(const std::vector<std::string>& relations,
                                        const fs::path& root, const std::string& architecture,
                                        const fs::path& scratch, const Environment& environment,
                                        ProcessRunner& processes) {
    Installability out;
    out.known = !package_indexes(root / fs::path(apt_lists).relative_path()).empty();
    if (!out.known || relations.empty()) return out;
    AptSimulation apt{fs::absolute(root).lexically_normal(), architecture, scratch, environment,
                      processes};
    const fs::path own_status = apt.root / "var/lib/dpkg/status";
    const fs::path nothing = "/dev/null";
    TRY_ASSIGN(const Completed all, apt.solve(relations, nothing));
    if (all.status == 0) return out;
    // Which of them: each by itself.
    for (const std::string& relation : relations) {
        TRY_ASSIGN(const Completed alone, apt.solve({relation}, nothing));
        if (alone.status == 0) continue;
        TRY_ASSIGN(const Completed here, apt.solve({relation}, own_status));
        if (here.status == 0) {
            out.only_installed.push_back(relation);
            continue;
        }
        out.refused.push_back(relation);
        out.said += last_lines(redact_urls(here.out + here.err), 4) + "\n";
    }
    if (out.refused.empty() && out.only_installed.empty()) {
        // Each can be had, but not together.
        out.refused = relations;
        out.said = last_lines(redact_urls(all.out + all.err), 12);
    }
    out.said = text::trim_right(out.said);
    return out;
}

}  // namespace dba
