#include "packers/fpm_arguments.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <sstream>
#include <utility>

namespace dba::packers {
namespace {

// fpm installs --after-remove as postrm as it is, since none of its upgrade options is given.
constexpr std::array<std::pair<const char*, const char*>, 5> script_options = {{
    {"config", "--deb-config"},
    {"preinst", "--before-install"},
    {"postinst", "--after-install"},
    {"prerm", "--before-remove"},
    {"postrm", "--after-remove"},
}};

std::string fpm_word(Compression compression) {
    if (compression == Compression::gzip) return "gz";
    if (compression == Compression::zstd) return "zst";
    return word_of(compression);
}

// deb-triggers(5) directives -> fpm's options. "interest-await" is dpkg's word for "interest".
Result<void> add_triggers(const std::string& triggers, std::vector<std::string>& argv) {
    static const std::map<std::string, std::string> options = {
        {"interest", "--deb-interest"},
        {"interest-await", "--deb-interest"},
        {"interest-noawait", "--deb-interest-noawait"},
        {"activate", "--deb-activate"},
        {"activate-await", "--deb-activate"},
        {"activate-noawait", "--deb-activate-noawait"},
    };
    std::istringstream lines(triggers);
    for (std::string line; std::getline(lines, line);) {
        line = line.substr(0, line.find('#'));
        std::istringstream words(line);
        std::string directive;
        std::string name;
        if (!(words >> directive)) continue;
        const auto option = options.find(directive);
        if (option == options.end() || !(words >> name))
            return bad_input("triggers", fmt::format("fpm cannot express \"{}\"", line),
                             "use PACKER layered");
        argv.insert(argv.end(), {option->second, name});
    }
    return {};
}

}  // namespace

Result<std::vector<std::string>> fpm_arguments(const FpmPackage& package) {
    const Manifest& manifest = package.manifest;
    std::vector<std::string> argv = {manifest.tools.fpm, "-s", "dir", "-t", "deb"};
    const auto add = [&argv](const std::string& option, const std::string& value) {
        argv.insert(argv.end(), {option, value});
    };
    const auto add_field = [&](const std::string& option, const char* field) {
        if (const std::string* value = package.control.find(field); value != nullptr)
            add(option, *value);
    };
    add("--name", manifest.name);
    // fpm splits no epoch or revision off: --version is the whole, --iteration stays unset.
    add("--version", manifest.version);
    add_field("--architecture", "Architecture");
    add_field("--maintainer", "Maintainer");
    add("--description", manifest.synopsis);
    add_field("--url", "Homepage");
    add_field("--category", "Section");
    add_field("--deb-priority", "Priority");
    add("--deb-compression", fpm_word(manifest.compression));
    if (manifest.compression_level != 0)
        add("--deb-compression-level", std::to_string(manifest.compression_level));
    add("--deb-user", "root");
    add("--deb-group", "root");
    add("--source-date-epoch-default", std::to_string(manifest.source_date_epoch));
    add("--deb-custom-control", package.debian + "/control");
    // Only what DEBIAN/conffiles lists: fpm would otherwise take all of /etc.
    argv.emplace_back("--deb-no-default-config-files");
    for (const std::string& conffile : package.conffiles) add("--config-files", conffile);
    for (const auto& [script, option] : script_options)
        if (std::find(package.scripts.begin(), package.scripts.end(), script) !=
            package.scripts.end())
            add(option, package.debian + '/' + script);
    if (package.has_templates) add("--deb-templates", package.debian + "/templates");
    TRY(add_triggers(package.triggers, argv));
    add("--deb-changelog", package.changelog);
    if (!package.upstream_changelog.empty())
        add("--deb-upstream-changelog", package.upstream_changelog);
    add("--workdir", package.workdir);
    add("--chdir", package.tree);
    add("--package", package.output);
    argv.emplace_back("--force");
    argv.emplace_back(".");
    return argv;
}

}  // namespace dba::packers
