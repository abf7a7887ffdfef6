#include "steps/render/render.hpp"

#include <fmt/format.h>

#include <map>

#include "deb/control_member.hpp"
#include "formats/text/text.hpp"
#include "steps/render/configure.hpp"
#include "steps/render/control.hpp"
#include "steps/render/description.hpp"
#include "steps/render/docs.hpp"
#include "steps/render/migrate.hpp"
#include "steps/render/overlays.hpp"
#include "steps/render/plan.hpp"
#include "steps/render/run_as.hpp"
#include "steps/render/scripts.hpp"
#include "steps/render/services.hpp"
#include "steps/render/user.hpp"
#include "steps/render/variants.hpp"
#include "system/files/digest.hpp"
#include "system/files/files.hpp"
#include "system/files/tree.hpp"

namespace dba::steps {

namespace {

Result<Conffiles> add_configs(const Manifest& manifest, HostPlan& plan) {
    Conffiles out;
    for (const ResolvedConfig& config : manifest.configs) {
        const std::string origin = "CONFIG " + fs::path(config.source).filename().string();
        const std::string& path = config.destination;
        TRY(plan.add_copy(path, config.source, config.mode, origin));
        if ((config.mode & 0044) == 0040 && !manifest.user.empty()) out.restricted.push_back(path);
        if (!config.formerly.empty()) out.moved.emplace_back(config.formerly, path);
    }
    out.dropped = manifest.config_dropped;
    return out;
}

// A path that an earlier version had cannot be one of this version's.
Result<void> refuse_shipped(const Conffiles& conffiles, const HostPlan& plan) {
    const auto refuse = [&](const std::string& keyword, const std::string& path) -> Result<void> {
        const auto shipped = plan.files().find(path);
        if (shipped == plan.files().end()) return {};
        return bad_input(path,
                         fmt::format("{} names it, and {} puts it into this version", keyword,
                                     shipped->second.origin),
                         "drop one of the two");
    };
    for (const auto& [from, to] : conffiles.moved) TRY(refuse("FORMERLY", from));
    for (const std::string& path : conffiles.dropped) TRY(refuse("CONFIG_DROPPED", path));
    return {};
}

Result<void> add_installed_files(const Manifest& manifest, HostPlan& plan) {
    for (const InstalledFile& file : manifest.files)
        TRY(plan.add_copy(file.destination, file.source, file.mode,
                          "FILES " + fs::path(file.source).filename().string()));
    for (const Link& link : manifest.links)
        TRY(plan.add_link(link.path, link.target, "LINK " + link.path));
    return {};
}

Result<void> add_scripts(const Manifest& manifest, const std::vector<Layer>& layers,
                         HostPlan& plan) {
    for (const std::string& script : manifest.scripts) {
        const std::string origin = "SCRIPTS " + script;
        TRY_ASSIGN(const std::string target,
                   find_venv_program(script, manifest.prefix, layers, origin, "it names"));
        TRY(plan.add_link("/usr/bin/" + script, target, origin));
    }
    return {};
}

// One that no shell can read would leave the package half-configured on every host.
Result<void> check_syntax(const std::string& keyword, const std::string& file, System& system) {
    TRY_ASSIGN(const Completed read,
               system.processes.run({{"/bin/sh", "-n", file},
                                     {{"PATH", "/usr/bin:/bin"}, {"LC_ALL", "C.UTF-8"}},
                                     "/",
                                     ""}));
    if (read.status == 0) return {};
    return bad_input(keyword + " " + file, std::string(text::trim(read.err)),
                     "mend the line: sh reads it on every host");
}

Result<Fragments> read_fragments(const Manifest& manifest, System& system) {
    struct Declared {
        const char *keyword, *script;
        const std::string& file;
    };
    const ScriptFragments& own = manifest.fragments;
    Fragments out;
    for (const Declared& one :
         {Declared{"PREINST", "preinst", own.preinst},
          Declared{"POSTINST", "postinst", own.postinst}, Declared{"PRERM", "prerm", own.prerm},
          Declared{"POSTRM", "postrm", own.postrm}}) {
        if (one.file.empty()) continue;
        TRY_ASSIGN(const std::string text, read_file(one.file));
        const fs::path inside = fs::path(one.file).lexically_relative(
            manifest.declared.start_of(one.file, manifest.directory));
        const bool is_inside = !inside.empty() && *inside.begin() != "..";
        out[one.script] = {text, is_inside ? inside : fs::path(one.file).filename()};
        TRY(check_syntax(one.keyword, one.file, system));
    }
    return out;
}

}  // namespace

Result<Rendered> render(const Manifest& manifest, const RenderInputs& inputs, System& system) {
    HostPlan plan;
    TRY_ASSIGN(const std::vector<HostService> services, plan_services(manifest, inputs.layers));
    TRY(check_working_directory(manifest, inputs.layers));
    TRY(add_service_files(manifest, services, plan));
    TRY(add_run_as(manifest, services, plan));
    TRY(add_user_file(manifest, plan));
    TRY_ASSIGN(const auto migration, plan_migration(manifest, inputs.layers));
    TRY(add_migration(manifest, services, migration, plan));
    TRY_ASSIGN(const Conffiles conffiles, add_configs(manifest, plan));
    TRY(add_installed_files(manifest, plan));
    TRY(add_scripts(manifest, inputs.layers, plan));
    TRY_ASSIGN(const auto configure, add_configure_files(manifest, inputs.layers, plan));
    TRY_ASSIGN(const auto variants, add_variant_files(manifest, plan));
    TRY(add_documents(manifest, inputs.layers, plan));
    TRY(add_description(manifest, services, inputs.overridden, plan));
    TRY(plan.refuse_overlap(inputs.layers));
    TRY(refuse_shipped(conffiles, plan));
    if (variants) TRY(refuse_variant_clash(*variants, manifest, conffiles, plan));

    TRY_ASSIGN(const Fragments fragments, read_fragments(manifest, system));
    // DEBIAN/: name -> bytes.
    auto members =
        maintainer_scripts(manifest, services, conffiles, fragments, configure, variants);
    Dependencies dependencies = inputs.dependencies;
    if (configure && !configure->brings_ansible) dependencies.depends.emplace_back("ansible-core");
    if (variants) {
        members["templates"] = debconf_templates(manifest, *variants);
        // debconf-devel(7): the alternative is cdebconf's.
        dependencies.depends.emplace_back("debconf (>= 0.5) | debconf-2.0");
        dependencies.depends.emplace_back("ucf");
    }
    TRY_ASSIGN(members["control"], control_text(manifest, dependencies, services, plan.commands()));
    if (const auto listed = plan.conffiles(); !listed.empty())
        members["conffiles"] = fmt::format("{}\n", fmt::join(listed, "\n"));

    // dpkg runs `postinst triggered` when a package with this path is unpacked or removed
    // (deb-triggers(5)); the other package need not wait for it.
    if (!manifest.python.bundled)
        members["triggers"] = "interest-noawait " + manifest.python.executable + "\n";

    // The plan is all that the output depends on, and making it costs less than naming the parts
    // of manifest, layers and dependencies that went into it.
    TRY_ASSIGN(const std::string host_files, plan.digest());
    Receipt receipt{"render"};
    receipt.add("host", host_files);
    for (const auto& [name, bytes] : members) receipt.add("DEBIAN/" + name, sha256_hex(bytes));
    TRY_ASSIGN(const fs::path made,
               system.store.obtain(receipt, [&](const fs::path& fresh) -> Result<void> {
                   system.log.step("render", fmt::format("writing {} host files and {} members of "
                                                         "the control archive",
                                                         plan.files().size(), members.size()));
                   TRY(make_directories(fresh / "layer" / "tree"));
                   TRY(plan.write(fresh / "layer" / "tree"));
                   TRY(seal_layer(fresh / "layer", "host"));
                   TRY(make_directories(fresh / "DEBIAN"));
                   for (const auto& [name, bytes] : members) {
                       const bool script = deb::is_maintainer_script(name);
                       TRY(write_file(fresh / "DEBIAN" / name, bytes, script ? 0755 : 0644));
                   }
                   return {};
               }));
    TRY_ASSIGN(Layer host, load_layer(made / "layer"));
    return Rendered{std::move(host), made / "DEBIAN"};
}

}  // namespace dba::steps
