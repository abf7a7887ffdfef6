#include "steps/render/configure.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "model/json.hpp"
#include "source/playbook.hpp"
#include "steps/render/text.hpp"
#include "system/files/digest.hpp"
#include "system/files/resources.hpp"

namespace dba::steps {

namespace {

constexpr const char* configure_keyword = "CONFIGURE_PLAYBOOK";

bool has_ansible(const std::string& prefix, const std::vector<Layer>& layers) {
    return std::any_of(layers.begin(), layers.end(), [&](const Layer& layer) {
        return std::any_of(layer.entries.begin(), layer.entries.end(), [&](const LayerEntry& one) {
            return one.path.starts_with(prefix + "/") &&
                   one.path.ends_with("/site-packages/ansible/cli/playbook.py");
        });
    });
}

Result<void> add_playbook(const PlaybookFiles& playbook, const std::string& to, HostPlan& plan) {
    for (const LayerEntry& entry : playbook.entries) {
        if (entry.kind == EntryKind::directory) continue;
        if (entry.kind == EntryKind::symlink) {
            TRY(plan.add_link(to + entry.path, entry.link_target, configure_keyword));
            continue;
        }
        TRY(plan.add_copy(to + entry.path, playbook.directory / entry.path.substr(1),
                          (entry.mode & 0100) != 0 ? 0755 : 0644, configure_keyword));
    }
    return {};
}

}  // namespace

Result<std::optional<HostConfigure>> add_configure_files(const Manifest& manifest,
                                                         const std::vector<Layer>& layers,
                                                         HostPlan& plan) {
    if (manifest.configure_playbook.empty()) return std::optional<HostConfigure>();
    TRY_ASSIGN(const PlaybookFiles playbook,
               playbook_files(
                   configure_keyword, manifest.configure_playbook,
                   manifest.declared.start_of(manifest.configure_playbook, manifest.directory)));
    const std::string shipped = "/usr/share/" + manifest.name + "/configure";
    const std::string own = "/usr/lib/" + manifest.name + "/";
    TRY(add_playbook(playbook, shipped, plan));

    nlohmann::json order{{"playbook", shipped + "/" + playbook.name},
                         {"hosts", {"localhost"}},
                         {"vars",
                          {{"deb_venv_package", manifest.name},
                           {"deb_venv_version", manifest.version},
                           {"deb_venv_prefix", manifest.prefix},
                           {"deb_venv_user", manifest.user},
                           {"deb_venv_environment_file",
                            manifest.services.empty() ? "" : "/etc/default/" + manifest.name}}}};
    HostConfigure out;
    out.unit = unit_stem(manifest.name, "configure") + ".service";
    out.brings_ansible = has_ansible(manifest.prefix, layers);
    out.fingerprint =
        manifest.version + " " + sha256_hex(playbook.digest + order.dump()).substr(0, 32);
    order["fingerprint"] = out.fingerprint;
    TRY(plan.add_bytes(own + "configure.json", json_text(order), 0644, configure_keyword));
    TRY(plan.add_bytes(own + "play.py", std::string(resource("python/play.py")), 0644,
                       configure_keyword));
    TRY(plan.add_bytes(own + "apt.conf", std::string(resource("services/apt.conf")), 0644,
                       configure_keyword));
    const std::string python =
        out.brings_ansible ? manifest.interpreter_path() : "/usr/bin/python3";
    TRY(plan.add_bytes(
        "/usr/lib/systemd/system/" + out.unit,
        fill(
            "services/configure.service",
            {{"PACKAGE", manifest.name},
             {"UNIT", out.unit},
             {"DESCRIPTION", systemd_value(manifest.synopsis + " (configuration)")},
             {"COMMAND", systemd_words({python, "-I", "-B", own + "play.py", own + "configure.json",
                                        "/var/lib/deb-build-app/" + manifest.name})}}),
        0644, configure_keyword));
    return std::optional(out);
}

}  // namespace dba::steps
