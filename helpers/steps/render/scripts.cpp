#include "steps/render/scripts.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "formats/text/text.hpp"
#include "steps/render/overlays.hpp"
#include "steps/render/runner.hpp"
#include "steps/render/shell.hpp"
#include "steps/render/text.hpp"
#include "system/files/resources.hpp"

namespace dba::steps {

namespace {

// What there is to do for a package, in lines of shell; the four scripts below put it in order.
struct Writer {
    const Manifest& manifest;
    const std::vector<HostService>& services;
    const Conffiles& conffiles;
    const Fragments& fragments;
    const std::optional<HostConfigure>& configure;
    const std::optional<HostVariants>& variants;

    [[nodiscard]] bool has_user() const { return !manifest.user.empty(); }
    [[nodiscard]] bool has_services() const { return !services.empty(); }
    [[nodiscard]] bool in_opt() const { return manifest.prefix.starts_with("/opt/"); }

    [[nodiscard]] MaintainerScript script(const std::string& name, const std::string& purpose,
                                          const std::string& without_services) const;
    [[nodiscard]] int longest_stop() const {
        int seconds = 0;
        for (const HostService& service : services)
            seconds = std::max(seconds, service.stop_timeout);
        return seconds;
    }
    // `lines` when there are services.
    [[nodiscard]] std::string served(const std::string& lines) const {
        return has_services() ? lines : "";
    }
    [[nodiscard]] static std::string recall(const HostService& service) {
        return "recall " + service.name + (service.formerly.empty() ? "" : " ") + service.formerly +
               "\n";
    }
    [[nodiscard]] std::string own(const std::string& script) const {
        return fragments.contains(script) ? "maintainer_script \"$@\"\n" : "";
    }

    // `function` called with CONFIGURE_PLAYBOOK's unit, and more.
    [[nodiscard]] std::string configuring(const std::string& function,
                                          const std::string& more = "") const {
        return configure ? function + " " + configure->unit + more + "\n" : "";
    }

    // `function` called with MIGRATE's unit.
    [[nodiscard]] std::string migrating(const std::string& function) const {
        return manifest.migrations.empty() ? "" : function + " " + manifest.migration_unit() + "\n";
    }

    // `lines` when there are variants.
    [[nodiscard]] std::string varied(const std::string& lines) const {
        return variants ? lines : "";
    }

    [[nodiscard]] std::string is_declared() const;
    [[nodiscard]] std::string service_of() const;
    [[nodiscard]] std::string own_function(const std::string& name, const Fragment& own) const;
    [[nodiscard]] std::string former_conffiles() const;
    [[nodiscard]] std::string directories() const;
    [[nodiscard]] std::string hand_over() const;
    [[nodiscard]] std::string enable() const;
    [[nodiscard]] std::string need_credentials() const;
    [[nodiscard]] std::string start(const std::string& action) const;
    [[nodiscard]] std::string start_if_migrated(const std::string& action) const;
    [[nodiscard]] std::string start_new_version() const;
    [[nodiscard]] std::string remember() const;
    [[nodiscard]] std::string stop() const;
    [[nodiscard]] std::string withdraw() const;
    [[nodiscard]] std::string purge() const;

    [[nodiscard]] std::string begin_configure() const;
    [[nodiscard]] std::string forget_configured() const;
    [[nodiscard]] Commands python_changed() const;

    [[nodiscard]] std::string config() const;
    [[nodiscard]] std::string preinst() const;
    [[nodiscard]] std::string postinst() const;
    [[nodiscard]] std::string prerm() const;
    [[nodiscard]] std::string postrm() const;
};

// With what all scripts may use: the variables, the maintainer's fragment, the list of services.
MaintainerScript Writer::script(const std::string& name, const std::string& purpose,
                                const std::string& without_services) const {
    MaintainerScript out(name, manifest.name, has_services() ? purpose : without_services);
    out.variable("package", manifest.name);
    out.variable("user", manifest.user);
    out.variable("python", manifest.interpreter_path());
    out.variable("prefix", manifest.prefix);
    if (variants) {
        out.variable("variants", fmt::format("{}", fmt::join(variants->names, " ")));
        out.variable("default_variant", variants->default_name);
        out.variable("host_map", variants->host_map);
        std::vector<std::string> files;
        for (const auto& [path, owners] : variants->files) files.push_back(path);
        out.variable("variant_files", fmt::format("{}", fmt::join(files, " ")));
    }
    if (has_services()) {
        out.variable("stop_timeout", std::to_string(longest_stop()));
        out.function(is_declared());
    }
    if (const auto found = fragments.find(name); found != fragments.end()) {
        out.variable("run_as", "/usr/bin/" + manifest.run_as);
        out.function(service_of());
        out.function(own_function(name, found->second));
    }
    return out;
}

// The maintainer's own part as a function; no line of it may end the text.
std::string Writer::own_function(const std::string& name, const Fragment& own) const {
    const std::string text(text::trim_right(own.text));
    std::string keyword;
    for (const char byte : name) keyword += text::to_upper(byte);
    std::string end = "END_OF_" + keyword;
    while (("\n" + text + "\n").find("\n" + end + "\n") != std::string::npos) end += "_";
    return fill(
        "scripts/fragment.sh",
        {{"KEYWORD", keyword}, {"FILE", shell_quote(own.file)}, {"END", end}, {"FRAGMENT", text}});
}

std::string Writer::service_of() const {
    std::string cases;
    std::vector<std::string> names;
    for (const HostService& service : services) {
        names.push_back(service.name);
        cases += fmt::format("        {}) echo '{} {}' ;;\n", service.name, word_of(service.runner),
                             service.program);
    }
    return fmt::format(
        "# service_of NAME: the runner and the program, or unit, of a service.\n"
        "service_of() {{\n    case $1 in\n{}        *)\n"
        "            echo \"$package has no service '$1'; it has: {}\" >&2\n"
        "            return 1\n            ;;\n    esac\n}}\n",
        cases, fmt::join(names, " "));
}

std::string Writer::is_declared() const {
    std::string cases;
    for (const HostService& service : services)
        cases += fmt::format("        {}) ;;\n", ways_of(service.runner).same(service));
    return "# is_declared \"NAME RUNNER PROGRAM INSTANCES\": this version has the service, as it "
           "was.\n"
           "is_declared() {\n    case $1 in\n" +
           cases + "        *) return 1 ;;\n    esac\n}\n";
}

std::string Writer::directories() const {
    std::string out;
    if (has_overlays(manifest)) out += "make_directory \"/etc/$package/conf.d\" 0:0 0755\n";
    if (has_default_credentials(manifest, services))
        out += "make_directory \"/etc/$package/credentials\" 0:0 0700\n";
    if (!has_user()) return out;
    out +=
        "create_user\n"
        "owner=$(ids \"$user\")\n"
        "make_directory \"/var/lib/deb-build-app/$package\" 0:0 0755\n"
        "make_directory \"/var/lib/$package\" \"$owner\" 0750\n"
        "make_directory \"/var/log/$package\" 0:0 0755\n"
        "make_directory \"/run/$package\" \"$owner\" 0755\n";
    if (const std::string at = manifest.working_directory();
        text::is_below(at, "/var/lib/" + manifest.name))
        out += "make_own_directory " + shell_quote(at) + " \"$owner\"\n";
    for (const HostService& service : services)
        out +=
            fmt::format("make_directory \"/var/log/$package/{}\" \"$owner\" 0750\n", service.name);
    for (const std::string& path : conffiles.restricted)
        out += "share_with_user " + shell_quote(path) + "\n";
    return out;
}

// Without a version to compare with, dpkg-maintscript-helper acts whenever the package still has
// the old conffile, and does nothing otherwise. It wants to be called alike in preinst, postinst
// and postrm, each time with all arguments (dpkg-maintscript-helper(1)).
std::string Writer::former_conffiles() const {
    std::string out;
    for (const auto& [from, to] : conffiles.moved)
        out += fmt::format("dpkg-maintscript-helper mv_conffile {} {} -- \"$@\"\n",
                           shell_quote(from), shell_quote(to));
    for (const std::string& path : conffiles.dropped)
        out += fmt::format("dpkg-maintscript-helper rm_conffile {} -- \"$@\"\n", shell_quote(path));
    return out;
}

std::string Writer::hand_over() const {
    std::string out = "hand_over \"/var/lib/$package\" \"/var/log/$package\" \"/run/$package\"";
    for (const std::string& path : conffiles.restricted) out += " " + shell_quote(path);
    return served(out + "\n");
}

std::string Writer::enable() const {
    std::string out;
    for (const HostService& service : services)
        out += recall(service) + ways_of(service.runner).enable(service);
    return out;
}

std::string Writer::need_credentials() const {
    std::string out;
    // As long as a migration is due it is that which starts them all.
    const auto by_hand = [this](const HostService& service) {
        std::string words = shell_quote(ways_of(service.runner).by_hand(service));
        if (manifest.migrations.empty()) return words;
        return fmt::format("\"$(start_by_hand {} {})\"", manifest.migration_unit(), words);
    };
    for (const HostService& service : services)
        for (const Credential& credential : service.credentials)
            out += fmt::format("need_credential {} {} {} {}\n", service.name,
                               shell_quote(credential.name), shell_quote(credential.path),
                               by_hand(service));
    for (const HostService& service : services)
        if (!service.environment_required.empty())
            out += fmt::format("need_settings {} {} {}\n", service.name, by_hand(service),
                               fmt::join(service.environment_required, " "));
    return out;
}

std::string Writer::start(const std::string& action) const {
    const auto runners = runners_of(services);
    std::string out;
    for (const RunnerWays* runner : runners) out += runner->before_start();
    for (const HostService& service : services)
        out += recall(service) + ways_of(service.runner).start(service, action);
    for (const RunnerWays* runner : runners) out += runner->after_start(action);
    return out;
}

// For what is no new version, and so brings no migration.
std::string Writer::start_if_migrated(const std::string& action) const {
    const std::string lines = start(action) + served("wait\nend_record\n");
    return manifest.migrations.empty() || lines.empty() ? lines : if_block("can_start", lines);
}

// A record that was not ended is what the migration goes by once it has succeeded.
std::string Writer::start_new_version() const {
    const std::string lines = start("restart") + served("watch_services\nend_record\n");
    if (manifest.migrations.empty()) return need_credentials() + lines;
    return fmt::format("reload_systemd\nmigrate_host {} {} || true\n", manifest.migration_unit(),
                       shell_quote(manifest.version)) +
           need_credentials() + (lines.empty() ? "" : if_block("can_start", lines));
}

std::string Writer::remember() const {
    std::string out = served("begin_record\n");
    for (const HostService& service : services)
        out += fmt::format("remember {0} {1} {2} {3} \"$({1}_state {2})\"\n", service.name,
                           word_of(service.runner), service.program, service.instances);
    return out;
}

std::string Writer::stop() const {
    std::string out;
    for (const HostService& service : services)
        out += fmt::format("stop_{} {}\n", word_of(service.runner), service.program);
    return out;
}

// Also what still runs because prerm was not called: dpkg does not for a package that was only
// unpacked, or deconfigured.
std::string Writer::withdraw() const {
    std::string out;
    for (const HostService& service : services) out += ways_of(service.runner).withdraw(service);
    for (const RunnerWays* runner : runners_of(services)) out += runner->after_withdraw();
    return out + served("rest_services\nrm -rf \"$DPKG_ROOT/run/$package\"\n");
}

std::string Writer::purge() const {
    std::string out;
    for (const HostService& service : services) out += ways_of(service.runner).purge(service);
    return out + "purge_services\npurge_configuration\n";
}

// Last of all: what is begun here may run beside the rest of dpkg's work.
std::string Writer::begin_configure() const {
    if (!configure) return "";
    return configuring("configure_host",
                       " " + shell_quote(configure->fingerprint) + " \"${2:-}\"") +
           "reload_systemd\n" + configuring("start_configure");
}

// A host without the package's files is configured anew when they come again.
std::string Writer::forget_configured() const {
    if (!configure) return "";
    return "rm -f \"$configured.done\" \"$configured.pending\"\nreload_systemd\n";
}

// Only what is essential is there when it runs: before anything is unpacked, too.
std::string Writer::config() const {
    if (!variants) return "";
    const std::string purpose = "asks for the variant of its configuration.";
    return script("config", purpose, purpose)
        .always({"# shellcheck disable=SC1091  # the target's\n. "
                 "/usr/share/debconf/confmodule\nask_variant \"$1\"\n"})
        .text();
}

std::string Writer::preinst() const {
    return script("preinst", "tells the old version's postrm that its services go on.",
                  "what the package's maintainer does before the files are unpacked.")
        .always({former_conffiles(), varied("free_conffiles \"$@\"\n"), own("preinst")})
        .calls({{"install | upgrade", {served("claim_record\n"), varied("claim_variants\n")}}})
        .text();
}

// PYTHON SYSTEM: dpkg tells of every change of the interpreter (see DEBIAN/triggers). Each service
// is put in the state that it is in now.
Commands Writer::python_changed() const {
    if (manifest.python.bundled) return {};
    return {fmt::format("has_python {} || exit 0\n", shell_quote(manifest.python.executable)),
            remember(), start_if_migrated("restart")};
}

std::string Writer::postinst() const {
    return script("postinst",
                  "makes the user and directories of its services, and puts each service\n"
                  "# under its supervisor in the state that the administrator left it in.",
                  "finishes the installation.")
        .always({varied("[ \"$1\" != configure ] || use_debconf \"$@\"\n"), former_conffiles()})
        .calls({{"configure",
                 {directories(), varied("reclaim_conffiles\nchoose_variant\napply_variant\n"),
                  hand_over(), in_opt() ? "" : "keep_opt\n", own("postinst"),
                  varied("leave_debconf\n"), served("end_former_services\n"), enable(),
                  start_new_version(), begin_configure()}},
                // `start`, not `restart`: a service that still runs keeps its process.
                {"abort-upgrade | abort-remove | abort-deconfigure",
                 {start_if_migrated("start"), own("postinst"), configuring("start_configure")}},
                {"triggered", python_changed()}})
        .text();
}

std::string Writer::prerm() const {
    return script("prerm",
                  "notes what its services are doing, so that an administrator's choice\n"
                  "# outlives an upgrade; stops them when the package is removed.",
                  "what the package's maintainer does before the files go.")
        .calls({{"upgrade", {varied("rm -f \"$chosen.claimed\"\n")}}})
        .calls({{"upgrade | remove | deconfigure",
                 {remember(), configuring("stop_configure"), migrating("stop_migration")}}})
        .calls({{"remove", {stop()}}})
        .always({own("prerm")})
        .text();
}

std::string Writer::postrm() const {
    return script("postrm",
                  "withdraws its services; at purge, their state, logs and enablement go too.",
                  "puts right what dpkg cannot know of.")
        .always({varied("! postrm_needs_debconf \"$1\" || use_debconf \"$@\"\n"),
                 former_conffiles(), varied("free_conffiles \"$@\"\n"), own("postrm")})
        .calls({{"upgrade", {served("abandon_services\n"), varied("abandon_variants\n")}},
                {"remove",
                 {withdraw(), forget_configured(),
                  manifest.migrations.empty() ? "" : "forget_migration\n",
                  in_opt() ? "keep_opt\n" : ""}},
                {"purge", {varied("purge_variants\n"), purge(), in_opt() ? "keep_opt\n" : ""}}})
        .text();
}

}  // namespace

std::map<std::string, std::string> maintainer_scripts(const Manifest& manifest,
                                                      const std::vector<HostService>& services,
                                                      const Conffiles& conffiles,
                                                      const Fragments& fragments,
                                                      const std::optional<HostConfigure>& configure,
                                                      const std::optional<HostVariants>& variants) {
    const Writer writer{manifest, services, conffiles, fragments, configure, variants};
    std::map<std::string, std::string> out;
    for (auto& [name, text] : std::map<std::string, std::string>{{"config", writer.config()},
                                                                 {"preinst", writer.preinst()},
                                                                 {"postinst", writer.postinst()},
                                                                 {"prerm", writer.prerm()},
                                                                 {"postrm", writer.postrm()}})
        if (!text.empty()) out.emplace(name, text);
    return out;
}

std::string migrate_script(const Manifest& manifest, const std::vector<HostService>& services,
                           const HostMigration& migration) {
    const Conffiles conffiles;
    const Fragments fragments;
    const std::optional<HostConfigure> configure;
    const std::optional<HostVariants> variants;
    const Writer writer{manifest, services, conffiles, fragments, configure, variants};
    const std::string purpose = "runs what is due of its migration (MIGRATE), then the services.";
    const auto steps = [&](bool online) {
        std::string out;
        for (const MigrationStep& step : migration.steps) {
            if (step.online != online) continue;
            out += "migrate_step ";
            if (!step.as_service.empty()) out += "--service " + step.as_service + " ";
            out += "-- " + shell_words(step.command) + "\n";
        }
        return out;
    };
    const std::string offline = steps(false);
    std::string pause;
    if (!offline.empty())
        for (const HostService& service : services)
            pause += fmt::format("pause_{} {}\n", word_of(service.runner), service.program);
    const std::string end = "end_migration " + shell_quote(manifest.version);
    MaintainerScript script = writer.script("migrate", purpose, purpose);
    // A job that waits for the unit in which this runs is not waited for.
    script.variable("no_block", "yes").variable("run_as", "/usr/bin/" + manifest.run_as);
    return script
        .always({"begin_migration \"$@\"\n", steps(true), pause, offline,
                 services.empty() ? end + " || true\n"
                                  : if_block(end, writer.start("restart") + "wait\nend_record\n")})
        .text();
}

}  // namespace dba::steps
