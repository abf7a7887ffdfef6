#include "model/parts.hpp"

namespace dba {

using nlohmann::json;

void read_part(ObjectReader& reader, const char* name, Prepare& out) {
    reader.object(name, [&](ObjectReader& o) {
        o.read("commands", out.commands);
        o.read("environment", out.environment);
        o.read("playbook", out.playbook);
    });
}
json part(const Prepare& value) {
    return {{"commands", value.commands},
            {"environment", value.environment},
            {"playbook", value.playbook}};
}

void read_part(ObjectReader& reader, const char* name, Relations& out) {
    reader.object(name, [&](ObjectReader& o) {
        o.read("depends", out.depends);
        o.read("recommends", out.recommends);
        o.read("suggests", out.suggests);
        o.read("conflicts", out.conflicts);
        o.read("breaks", out.breaks);
        o.read("replaces", out.replaces);
        o.read("provides", out.provides);
    });
}
json part(const Relations& value) {
    return {{"depends", value.depends},   {"recommends", value.recommends},
            {"suggests", value.suggests}, {"conflicts", value.conflicts},
            {"breaks", value.breaks},     {"replaces", value.replaces},
            {"provides", value.provides}};
}

void read_part(ObjectReader& reader, const char* name, ScriptFragments& out) {
    reader.object(name, [&](ObjectReader& o) {
        o.read("preinst", out.preinst);
        o.read("postinst", out.postinst);
        o.read("prerm", out.prerm);
        o.read("postrm", out.postrm);
    });
}
json part(const ScriptFragments& value) {
    return {{"preinst", value.preinst},
            {"postinst", value.postinst},
            {"prerm", value.prerm},
            {"postrm", value.postrm}};
}

void read_part(ObjectReader& reader, const char* name, Tools& out) {
    reader.object(name, [&](ObjectReader& o) {
        o.read("cpack", out.cpack);
        o.read("uv", out.uv);
        o.read("fpm", out.fpm);
    });
}
json part(const Tools& value) {
    return {{"cpack", value.cpack}, {"uv", value.uv}, {"fpm", value.fpm}};
}

void read_part(ObjectReader& reader, const char* name, std::vector<LeakWaiver>& out) {
    reader.array(name, out, [](ObjectReader& o, LeakWaiver& item) {
        o.read("glob", item.glob);
        o.read("reason", item.reason);
    });
}
json part(const std::vector<LeakWaiver>& value) {
    json list = json::array();
    for (const auto& item : value) list.push_back({{"glob", item.glob}, {"reason", item.reason}});
    return list;
}

void read_part(ObjectReader& reader, const char* name, std::vector<ConfigFile>& out) {
    reader.array(name, out, [](ObjectReader& o, ConfigFile& item) {
        o.read("source", item.source);
        o.read("destination", item.destination);
        o.read("mode", item.mode);
        o.read("formerly", item.formerly);
    });
}

void read_part(ObjectReader& reader, const char* name, ConfigVariants& out) {
    reader.object(name, [&](ObjectReader& o) {
        o.read("directory", out.directory);
        o.read("default", out.default_variant);
    });
}
json part(const ConfigVariants& value) {
    return {{"directory", value.directory}, {"default", value.default_variant}};
}

void read_part(ObjectReader& reader, const char* name, std::vector<InstalledFiles>& out) {
    reader.array(name, out, [](ObjectReader& o, InstalledFiles& item) {
        o.read("sources", item.sources);
        o.read("destination", item.destination);
        o.read("mode", item.mode);
    });
}

void read_part(ObjectReader& reader, const char* name, std::vector<Link>& out) {
    reader.array(name, out, [](ObjectReader& o, Link& item) {
        o.read("target", item.target);
        o.read("path", item.path);
    });
}
json part(const std::vector<Link>& value) {
    json list = json::array();
    for (const auto& item : value) list.push_back({{"target", item.target}, {"path", item.path}});
    return list;
}

void read_part(ObjectReader& reader, const char* name, std::vector<Service>& out) {
    reader.array(name, out, [](ObjectReader& o, Service& item) {
        o.read("name", item.name);
        o.read("command", item.command);
        o.read("runner", item.runner);
        o.read("type", item.type);
        o.read("pidfile", item.pidfile);
        o.read("healthcheck", item.healthcheck);
        o.read("stop_signal", item.stop_signal);
        o.read("reload_signal", item.reload_signal);
        o.read("instances", item.instances);
        o.read("watchdog", item.watchdog);
        o.read("environment", item.environment);
        o.read("hardening", item.hardening);
        o.read("formerly", item.formerly);
        o.read("credentials", item.credentials);
    });
}

}  // namespace dba
