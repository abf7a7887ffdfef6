#include "model/named_paths.hpp"

namespace dba {

std::vector<NamedPath> named_paths(Declaration& declaration) {
    std::vector<NamedPath> named{{"LICENSE_FILE", &declaration.license_file},
                                 {"CHANGELOG", &declaration.changelog},
                                 {"PREPARE_PLAYBOOK", &declaration.prepare.playbook},
                                 {"CONFIGURE_PLAYBOOK", &declaration.configure_playbook},
                                 {"LOCK", &declaration.lock},
                                 {"CONFIG_VARIANTS", &declaration.config_variants.directory},
                                 {"PREINST", &declaration.fragments.preinst},
                                 {"POSTINST", &declaration.fragments.postinst},
                                 {"PRERM", &declaration.fragments.prerm},
                                 {"POSTRM", &declaration.fragments.postrm}};
    for (std::string& file : declaration.requirements) named.push_back({"REQUIREMENTS", &file});
    for (ConfigFile& config : declaration.configs) named.push_back({"CONFIG", &config.source});
    for (Service& service : declaration.services)
        named.push_back({"UNIT_OPTIONS", &service.unit_options});
    for (InstalledFiles& group : declaration.files)
        for (std::string& source : group.sources) named.push_back({"FILES", &source, &group});
    std::erase_if(named, [](const NamedPath& one) { return one.path->empty(); });
    return named;
}

}  // namespace dba
