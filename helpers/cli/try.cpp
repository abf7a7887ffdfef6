#include "local/try.hpp"

#include "cli/options.hpp"
#include "formats/text/text.hpp"
#include "local/install.hpp"
#include "system/debian/dpkg.hpp"
#include "system/files/files.hpp"
#include "system/host.hpp"

namespace dba::cli {

namespace {

Result<void> add_port(const std::string& word, std::map<std::string, std::string>& ports) {
    const std::size_t equals = word.find('=');
    const auto is_port = [](std::string_view text) {
        return !text.empty() && text.size() <= 5 && text::all_of(text, text::is_digit);
    };
    if (equals == std::string::npos || !is_port(word.substr(0, equals)) ||
        !is_port(word.substr(equals + 1)))
        return usage_error("--port " + word, "is no PORT=OTHER, for example 8000=9000");
    ports[word.substr(0, equals)] = word.substr(equals + 1);
    return {};
}

Result<fs::path> package_of(const std::vector<std::string>& files) {
    if (files.size() == 1) return fs::path(files[0]);
    TRY_ASSIGN(const auto database, DpkgDatabase::open("/"));
    TRY_ASSIGN(auto package, package_for_this_machine({files.begin(), files.end()}, own_suite(),
                                                      database.architecture()));
    return std::move(package.deb);
}

}  // namespace

Result<void> run_try(const Arguments& arguments, const CommandLine& self) {
    using cxxopts::value;
    auto options = make_options(self, "FILE.deb...", "deb-build-app try hello.deb --env DEBUG=1");
    auto add = options.add_options();
    add("files", "the package; of several the one for this machine",
        value<std::vector<std::string>>());
    add("etc",
        "laid over the throwaway /etc/NAME: conf.d/*.env for settings, credentials/NAME for "
        "secrets, configuration files",
        value<std::string>(), "DIR");
    add("env", "a setting, as conf.d/*.env would have it (repeated)",
        value<std::vector<std::string>>(), "NAME=VALUE");
    add("port", "another port, in commands and configuration (repeated)",
        value<std::vector<std::string>>(), "PORT=OTHER");
    add("service", "this service alone (repeated)", value<std::vector<std::string>>(), "NAME");
    add("no-migrate", "do not run MIGRATE first");
    add("root", "a Debian system that has the package's Depends",
        value<std::string>()->default_value("/"), "DIR");
    add("seconds", "end after so long; exit status 0 when all services still ran (0: by Ctrl-C)",
        value<std::int64_t>()->default_value("0"), "N");
    options.parse_positional({"files"});
    TRY_ASSIGN(const auto parsed, parse(options, arguments));
    if (!parsed) return {};
    if (parsed->count("files") == 0)
        return usage_error("try", "has no package to try", "name a .deb");
    const auto words = [&](const char* name) {
        return parsed->count(name) == 0 ? std::vector<std::string>()
                                        : (*parsed)[name].as<std::vector<std::string>>();
    };
    TryOptions wanted;
    TRY_ASSIGN(wanted.deb, package_of(words("files")));
    wanted.root = fs::absolute((*parsed)["root"].as<std::string>()).lexically_normal();
    if (parsed->count("etc") != 0) {
        wanted.overlay = (*parsed)["etc"].as<std::string>();
        if (!directory_exists(wanted.overlay))
            return bad_input("--etc " + wanted.overlay.string(), "is no directory");
    }
    wanted.environment = words("env");
    for (const std::string& word : wanted.environment)
        if (const auto equals = word.find('='); equals == std::string::npos || equals == 0)
            return usage_error("--env " + word, "is no NAME=VALUE");
    wanted.services = words("service");
    for (const std::string& word : words("port")) TRY(add_port(word, wanted.ports));
    wanted.migrates = parsed->count("no-migrate") == 0;
    wanted.seconds = (*parsed)["seconds"].as<std::int64_t>();
    return try_package(wanted);
}

}  // namespace dba::cli
