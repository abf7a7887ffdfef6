#include "system/debian/suite_root.hpp"

#include <fmt/format.h>

#include "system/files/files.hpp"
#include "system/process/container.hpp"

namespace dba {
namespace {

// What a machine needs to boot, besides the essential packages.
const std::vector<std::string>& machine_packages() {
    static const std::vector<std::string> packages{"dbus", "systemd", "systemd-sysv"};
    return packages;
}

constexpr const char* archives_inside = "var/cache/apt/archives";

}  // namespace

Result<void> bring_archives(const fs::path& from, const fs::path& to) {
    for (const fs::path& path : paths_in(from))
        if (const fs::path name = path.filename();
            name.extension() == ".deb" && !path_exists(to / name))
            TRY(dba::copy_file(path, to / name));
    return {};
}

Result<SuiteRoot> open_suite_root(const std::string& suite, const std::vector<std::string>& mirrors,
                                  const fs::path& cache, const Environment& environment,
                                  ProcessRunner& processes, Log& log) {
    TRY_ASSIGN(KeptRoot kept, open_root({suite, machine_packages(), {}, {}, mirrors},
                                        {cache, 0, "rehearse"}, environment, processes, log));
    return SuiteRoot{suite, kept.tree, kept.archives, kept.age, kept.made, std::move(kept.lock)};
}

Result<void> copy_suite_root(const SuiteRoot& suite, const fs::path& destination,
                             const Environment& environment, ProcessRunner& processes) {
    TRY(processes.check(
        {{"cp", "-a", "--reflink=auto", suite.root.string(), destination.string()}, environment}));
    const fs::path resolv = destination / "etc/resolv.conf";
    std::error_code ignored;
    fs::remove(resolv, ignored);  // a link, in some suites
    if (const auto own = read_file("/etc/resolv.conf")) TRY(write_file(resolv, *own));
    TRY(make_directories(destination / "etc/dpkg/dpkg.cfg.d"));
    TRY(write_file(destination / "etc/dpkg/dpkg.cfg.d/rehearsal", "force-unsafe-io\n"));
    return make_directories(destination / "var/log/journal");
}

Result<void> download_depends(const SuiteRoot& suite, const fs::path& root,
                              const std::string& relations, const Environment& environment,
                              ProcessRunner& processes, Log& log) {
    if (relations.empty()) return {};
    TRY(bring_archives(suite.archives, root / archives_inside));
    Environment inside = environment;
    for (const auto& [name, value] : container_environment()) inside[name] = value;
    const auto apt = [&](std::vector<std::string> words) -> Result<Completed> {
        std::vector<std::string> argv{"/usr/sbin/chroot", root.string(), "apt-get", "-q", "-y"};
        argv.insert(argv.end(), words.begin(), words.end());
        return processes.run({std::move(argv), inside});
    };
    const std::vector<std::string> download{"--no-install-recommends", "--download-only", "satisfy",
                                            relations};
    TRY_ASSIGN(Completed done, apt(download));
    if (done.status != 0) {
        // Its lists are as old as the root is: the mirror may have newer versions by now.
        log.step("rehearse", fmt::format("the root's package lists are {} old: asking the mirror",
                                         age_text(suite.age)));
        TRY_ASSIGN(const Completed updated, apt({"update"}));
        TRY_ASSIGN(done, apt(download));
    }
    if (done.status != 0)
        return bad_input(relations,
                         fmt::format("apt cannot have them in {}; its last lines:\n{}", suite.suite,
                                     last_lines(redact_urls(done.out + done.err), 12)),
                         "rehearse in the suite that the package was made for (--suite)");
    return bring_archives(root / archives_inside, suite.archives);
}

}  // namespace dba
