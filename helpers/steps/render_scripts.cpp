#include "steps/render_scripts.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "steps/render_text.hpp"
#include "system/resources.hpp"

namespace dba::steps {

namespace {

// One maintainer script being put together: functions first, then what is done for which call.
struct Writer {
    const Manifest& manifest;
    const std::vector<HostService>& services;
    const std::vector<std::string>& private_configs;
    const Fragments& fragments;

    [[nodiscard]] bool uses(std::string_view runner) const {
        return std::any_of(services.begin(), services.end(),
                           [&](const HostService& service) { return service.runner == runner; });
    }
    [[nodiscard]] bool in_opt() const { return manifest.prefix.starts_with("/opt/"); }

    // The scripts' variable is there when a function needs it.
    [[nodiscard]] std::string header(const std::string& script, const std::string& purpose,
                                     bool needs_name) const {
        return fill("scripts/header.sh",
                    {{"SCRIPT", script}, {"PACKAGE", manifest.name}, {"PURPOSE", purpose}}) +
               (needs_name ? "package=" + shell_quote(manifest.name) + "\n" : "");
    }

    [[nodiscard]] std::string fragment(const std::string& script) const {
        const auto found = fragments.find(script);
        if (found == fragments.end()) return "";
        std::string text = found->second;
        while (!text.empty() && text.back() == '\n') text.pop_back();
        std::string keyword = script;
        std::transform(keyword.begin(), keyword.end(), keyword.begin(),
                       [](char byte) { return static_cast<char>(byte - 'a' + 'A'); });
        return fill("scripts/fragment.sh", {{"KEYWORD", keyword}, {"FRAGMENT", text}});
    }

    static std::string snippets(const std::vector<std::string>& names) {
        std::string out;
        for (const std::string& name : names) {
            out += "\n";
            out += resource("scripts/" + name + ".sh");
        }
        return out;
    }

    [[nodiscard]] std::string preinst() const;
    [[nodiscard]] std::string postinst() const;
    [[nodiscard]] std::string prerm() const;
    [[nodiscard]] std::string postrm() const;

    [[nodiscard]] std::string directories() const;
    [[nodiscard]] std::string ends_of_old_services() const;
    [[nodiscard]] std::string start(const std::string& action) const;
};

std::string Writer::preinst() const {
    const std::string own = fragment("preinst");
    if (own.empty()) return "";
    return header("preinst", "what the package's maintainer does before the files are unpacked.",
                  false) +
           "\n" + own;
}

std::string Writer::directories() const {
    std::string out = "        create_user\n";
    out += "        make_directory \"/var/lib/$package\" \"$user\" 0750\n";
    out += "        make_directory \"/var/log/$package\" root 0755\n";
    out += "        make_directory \"/run/$package\" \"$user\" 0755\n";
    for (const HostService& service : services)
        out += fmt::format("        make_directory \"/var/log/$package/{}\" \"$user\" 0750\n",
                           service.name);
    for (const std::string& path : private_configs)
        out += "        share_with_user " + shell_quote(path) + "\n";
    return out;
}

// A loop over the record, with a case per service of this version.
std::string Writer::ends_of_old_services() const {
    std::string cases;
    for (const HostService& service : services) {
        const std::string same =
            fmt::format("{} {} {}", service.name, service.runner, service.program);
        if (service.runner == "supervisord" || service.instances == 1) {
            cases += fmt::format("                '{} '*) ;;\n", same);
        } else {
            cases += fmt::format("                '{} {}') ;;\n", same, service.instances);
            cases += fmt::format("                '{} '*) stop_systemd \"$program\" ;;\n", same);
        }
    }
    return std::string(uses("systemd") ? "        reload_systemd\n" : "") +
           "        # Services that an earlier version had, or had elsewhere, and this one has "
           "not.\n"
           "        if [ -e \"$record\" ]; then\n"
           "            while read -r name runner program instances _; do\n"
           "                case \"$name $runner $program $instances\" in\n" +
           cases +
           "                *) drop_service \"$runner\" \"$program\" </dev/null ;;\n"
           "                esac\n"
           "            done <\"$record\"\n"
           "        fi\n";
}

std::string Writer::start(const std::string& action) const {
    std::string out;
    if (uses("systemd") && action == "start") out += "        reload_systemd\n";
    for (const HostService& service : services) {
        const std::string url =
            service.healthcheck.empty() ? "''" : shell_quote(service.healthcheck);
        out += fmt::format("        recall {}\n", service.name);
        if (service.runner == "supervisord") {
            if (action == "restart")
                out += fmt::format("        enable_supervisord {} {}\n", service.name,
                                   service.program);
            out += fmt::format("        start_supervisord {} {} {} {} {}\n", service.name,
                               service.program, service.instances, url, action);
        } else {
            if (action == "restart")
                out += fmt::format("        enable_systemd {}\n", service.program);
            out += fmt::format("        start_systemd {} {} {} {}\n", service.name, service.program,
                               service.instances, url);
        }
    }
    if (uses("systemd")) out += fmt::format("        start_units {}\n", action);
    return out;
}

std::string Writer::postinst() const {
    const std::string own = fragment("postinst");
    const bool has_user = !service_user(manifest).empty();
    if (services.empty() && !has_user && own.empty()) return "";
    std::string out = header(
        "postinst",
        services.empty() ? "finishes the installation."
                         : "makes the user and directories of its services, and puts each service\n"
                           "# under its supervisor in the state that the administrator left it in.",
        has_user);
    if (has_user) out += "user=" + shell_quote(service_user(manifest)) + "\n";
    if (!services.empty()) out += "python=" + shell_quote(manifest.interpreter_path()) + "\n";
    if (has_user) out += snippets({"user", "directories"});
    if (!private_configs.empty() && has_user) out += snippets({"private-config"});
    if (!services.empty()) {
        out += snippets({"policy", "supervisord", "withdraw-supervisord", "stop-systemd",
                         "purge-systemd", "reload-systemd", "recall", "drop", "deadline"});
        if (uses("supervisord")) out += snippets({"start-supervisord"});
        if (uses("systemd")) out += snippets({"start-systemd"});
        out += snippets({"watch"});
    }
    if (!own.empty()) out += "\nmaintainer_postinst() {\n" + own + "}\n";
    out += "\ncase \"$1\" in\n    configure)\n";
    if (has_user) out += directories();
    if (!own.empty()) out += "        maintainer_postinst \"$@\"\n";
    if (!services.empty()) {
        out += ends_of_old_services();
        out += start("restart");
        out += "        watch_services\n        rm -f \"$record\"\n";
    }
    if (services.empty() && !has_user && own.empty()) out += "        :\n";
    out += "        ;;\n    abort-upgrade | abort-remove | abort-deconfigure)\n";
    if (!services.empty()) {
        out += "        # `start`, not `restart`: a service that still runs keeps its process.\n";
        out += start("start");
        out += "        rm -f \"$record\"\n";
    }
    if (!own.empty()) out += "        maintainer_postinst \"$@\"\n";
    if (services.empty() && own.empty()) out += "        :\n";
    out +=
        "        ;;\n    triggered) ;;\n    *)\n"
        "        echo \"postinst called with unknown argument '$1'\" >&2\n"
        "        exit 1\n        ;;\nesac\n";
    return out;
}

std::string Writer::prerm() const {
    const std::string own = fragment("prerm");
    if (services.empty() && own.empty()) return "";
    std::string out = header(
        "prerm",
        services.empty() ? "what the package's maintainer does before the files go."
                         : "notes what its services are doing, so that an administrator's choice\n"
                           "# outlives an upgrade; stops them when the package is removed.",
        !services.empty());
    if (!services.empty()) {
        out += snippets({"remember"});
        if (uses("supervisord")) out += snippets({"policy", "supervisord", "stop-supervisord"});
        if (uses("systemd")) out += snippets({"stop-systemd"});
        out += "\ncase \"$1\" in\n    upgrade | remove | deconfigure)\n";
        for (const HostService& service : services)
            out += fmt::format("        remember {} {} {} {}\n", service.name, service.runner,
                               service.program, service.instances);
        out += "        ;;\nesac\n\nif [ \"$1\" = remove ]; then\n";
        for (const HostService& service : services)
            out += fmt::format("    stop_{} {}\n", service.runner, service.program);
        out += "fi\n";
    }
    if (!own.empty()) out += "\n" + own;
    return out;
}

std::string Writer::postrm() const {
    const std::string own = fragment("postrm");
    const bool has_user = !service_user(manifest).empty();
    if (services.empty() && !has_user && own.empty() && !in_opt()) return "";
    std::string out =
        header("postrm",
               services.empty()
                   ? "puts right what dpkg cannot know of."
                   : "withdraws its services; at purge, their state, logs and enablement go too.",
               has_user);
    if (uses("supervisord")) out += snippets({"policy", "supervisord", "withdraw-supervisord"});
    if (uses("systemd")) out += snippets({"reload-systemd", "purge-systemd"});
    if (!own.empty()) out += "\n" + own;
    if (!services.empty()) {
        out += "\nif [ \"$1\" = remove ]; then\n";
        for (const HostService& service : services)
            if (service.runner == "supervisord")
                out += fmt::format("    withdraw_supervisord {}\n", service.program);
        if (uses("systemd")) out += "    reload_systemd\n";
        out += "    rm -rf \"/run/$package\" \"/run/$package.dpkg\"\nfi\n";
    }
    if (has_user) {
        out += "\nif [ \"$1\" = purge ]; then\n";
        for (const HostService& service : services)
            if (service.runner == "systemd")
                out += fmt::format("    purge_systemd {}\n", service.program);
        out += "    rm -rf \"/var/lib/$package\" \"/var/log/$package\"\nfi\n";
    }
    if (in_opt())
        out +=
            "\n# dpkg removes /opt with the last package in it; it is not dpkg's (FHS 3.13).\n"
            "case \"$1\" in\n    remove | purge) [ -d /opt ] || mkdir -m 0755 /opt ;;\nesac\n";
    return out;
}

}  // namespace

Result<std::map<std::string, std::string>> maintainer_scripts(
    const Manifest& manifest, const std::vector<HostService>& services,
    const std::vector<std::string>& private_configs, const Fragments& fragments) {
    for (const auto& [script, text] : fragments) {
        const std::string first = text.substr(0, text.find('\n'));
        if (first.starts_with("#!") && !first.ends_with("/sh") && !first.ends_with("/sh -e"))
            return bad_input(script, fmt::format("the fragment's first line is '{}'", first),
                             "it becomes a part of the package's script, which is POSIX sh "
                             "(Policy 10.4); have it call a script of another language instead");
    }
    const Writer writer{manifest, services, private_configs, fragments};
    std::map<std::string, std::string> out;
    for (auto& [name, text] : std::map<std::string, std::string>{{"preinst", writer.preinst()},
                                                                 {"postinst", writer.postinst()},
                                                                 {"prerm", writer.prerm()},
                                                                 {"postrm", writer.postrm()}})
        if (!text.empty()) out.emplace(name, text);
    return out;
}

}  // namespace dba::steps
