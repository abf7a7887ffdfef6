#include "local/started.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cstdlib>

#include "system/files/files.hpp"
#include "system/process/process.hpp"

namespace dba {
namespace {

PackageDescription described(const fs::path& tree, const std::string& package) {
    const std::string file = (tree / PackageDescription::path(package).substr(1)).string();
    const auto text = read_file(file);
    EXPECT_TRUE(text) << file;
    auto description = parse_package_description(text.value_or(""), file);
    EXPECT_TRUE(description) << description.error().cause;
    return description.value_or(PackageDescription());
}

std::string lines(const std::vector<Started>& services) {
    std::string out;
    for (const Started& one : services) {
        out += fmt::format("{}{}{} in {}", one.name, one.by_timer ? " (by a timer)" : "",
                           one.ends ? " (ends)" : "", one.directory);
        for (const auto& [name, value] : one.environment) out += fmt::format(" {}={}", name, value);
        if (!one.credentials.empty())
            out += fmt::format(" with {}", fmt::join(one.credentials, ","));
        out += "\n  " + quote_command(one.command) + "\n";
    }
    return out;
}

// Of what render writes: the goldens of its own tests.
void expect_golden(const std::string& golden, const std::string& package) {
    const fs::path tree = fs::path(GOLDEN_DIR) / "render" / golden / "tree";
    const PackageDescription description = described(tree, package);
    const auto services = services_in(tree, description);
    ASSERT_TRUE(services) << services.error().cause;
    std::string said = lines(*services);
    const auto migration = migration_in(tree, description);
    ASSERT_TRUE(migration) << migration.error().cause;
    if (!migration->empty()) said += "migration\n  " + quote_command(*migration) + "\n";
    const fs::path file = fs::path(GOLDEN_DIR) / "local" / (golden + ".txt");
    if (std::getenv("UPDATE_GOLDEN") != nullptr) (void)write_file(file, said);
    EXPECT_EQ(said, read_file(file).value_or(""));
}

TEST(StartedHere, GoldenByUnitsAndConfsAsThePackageShipsThem) {
    expect_golden("mixed", "hello");
}

TEST(StartedHere, GoldenInstancesCredentialsDaemonsTimersAndMigrations) {
    expect_golden("full", "many");
}

TEST(StartedHere, AUnitThatIsNotThereIsNamed) {
    PackageDescription description;
    description.package = "hello";
    description.services = {{"web", "systemd", "hello-web.service", 1, ""}};
    const auto got = services_in("/nowhere", description);
    ASSERT_FALSE(got);
    EXPECT_EQ(got.error().subject, "hello-web.service");
    EXPECT_EQ(got.error().cause, "is not in the package, whose description names it");
    description.services[0].runner = "supervisord";
    description.services[0].program = "hello-web";
    const auto conf = services_in("/nowhere", description);
    ASSERT_FALSE(conf);
    EXPECT_EQ(conf.error().cause, "is not in the package's confs for supervisord");
}

}  // namespace
}  // namespace dba
