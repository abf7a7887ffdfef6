#include "model/package_description.hpp"

#include <optional>

#include "model/json.hpp"

namespace dba {

std::string to_json_text(const PackageDescription& description) {
    auto services = nlohmann::json::array();
    for (const DescribedService& service : description.services)
        services.push_back({{"name", service.name},
                            {"runner", service.runner},
                            {"program", service.program},
                            {"instances", service.instances},
                            {"healthcheck", json_from_bytes(service.healthcheck)}});
    return json_text({{"format", PackageDescription::format},
                      {"package", description.package},
                      {"suite", description.suite},
                      {"prefix", json_from_bytes(description.prefix)},
                      {"python", json_from_bytes(description.python)},
                      {"user", description.user},
                      {"services", services}});
}

Result<PackageDescription> parse_package_description(const std::string& text,
                                                     const std::string& file_name) {
    const auto refused = [](Error error) {
        error.code = ExitCode::bad_input;
        error.hint = "use the deb-build-app that made the package, or a newer one";
        return Failure(std::move(error));
    };
    const auto object = parse_object(text, file_name, PackageDescription::format);
    if (!object) return refused(object.error());
    PackageDescription out;
    std::optional<Error> error;
    ObjectReader reader(*object, file_name, error);
    std::int64_t format = 0;
    reader.read("format", format);
    reader.read("package", out.package);
    reader.read("suite", out.suite);
    reader.read_bytes("prefix", out.prefix);
    reader.read_bytes("python", out.python);
    reader.read("user", out.user);
    reader.array("services", out.services, [](ObjectReader& inner, DescribedService& service) {
        inner.read("name", service.name);
        inner.read("runner", service.runner);
        inner.read("program", service.program);
        std::int64_t instances = 1;
        inner.read("instances", instances);
        service.instances = static_cast<int>(instances);
        inner.read_bytes("healthcheck", service.healthcheck);
    });
    reader.finish();
    if (error) return refused(*error);
    return out;
}

}  // namespace dba
