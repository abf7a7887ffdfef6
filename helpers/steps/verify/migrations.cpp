#include "steps/verify/migrations.hpp"

#include "formats/text/text.hpp"

namespace dba::steps {
namespace {

// What reads the scripts.
constexpr std::string_view alembic_commands =
    "upgrade downgrade stamp current heads check ensure_version history show branches";

constexpr const char* alembic_remedy =
    "FILES alembic.ini DESTINATION /usr/share/NAME, with the scripts' directory where no package "
    "has them (script_location = %(here)s/DIRECTORY), and before the first SERVICE ENVIRONMENT "
    "ALEMBIC_CONFIG=/usr/share/NAME/alembic.ini";

constexpr const char* flask_remedy =
    "have the scripts in a package of the application, and flask db find them by "
    "Migrate(directory=...) with an absolute path; or FILES migrations DESTINATION "
    "/usr/share/NAME and, before the first SERVICE, ENVIRONMENT "
    "FLASK_DB_DIRECTORY=/usr/share/NAME/migrations";

bool is_computed_at_start(const std::string& name) {
    return name.find('$') != std::string::npos;
}

}  // namespace

std::vector<WantedAtStart> wanted_by_alembic(const std::vector<std::string>& arguments,
                                             const Surroundings& around) {
    const ProgramArguments given(arguments, "--raiseerr -q --quiet --sql --version -h --help");
    const auto& words = given.positionals();
    if (words.empty() || !lists_word(alembic_commands, words.front())) return {};
    std::string file = given.value("-c --config");
    if (file.empty()) file = around.variable("ALEMBIC_CONFIG");
    if (is_computed_at_start(file)) return {};
    WantedAtStart wanted;
    wanted.way = "alembic";
    wanted.name = file.empty() ? "alembic.ini" : file;
    if (!file.empty()) wanted.file = around.absolute(file);
    wanted.object = given.value("-n --name");
    wanted.arguments = words;
    wanted.path = {around.directory};
    wanted.directory = around.directory;
    wanted.remedy = alembic_remedy;
    // One that is named, and that the package does not hold, may be the administrator's.
    if (!file.empty() && !around.read(wanted.file)) wanted.way = "file";
    return {wanted};
}

void add_flask_migrations(const ProgramArguments& given, const Surroundings& around,
                          std::vector<WantedAtStart>& wanted) {
    const auto& words = given.positionals();
    if (words.size() < 2 || words[0] != "db" ||
        !lists_word("upgrade downgrade stamp current heads check history show branches", words[1]))
        return;
    WantedAtStart scripts;
    scripts.way = "flask-migrate";
    scripts.name = "flask db " + words[1];
    scripts.module = given.value("--app -A");
    if (scripts.module.empty()) scripts.module = around.variable("FLASK_APP");
    std::string directory = given.value("-d --directory");
    if (directory.empty()) directory = around.variable("FLASK_DB_DIRECTORY");
    if (is_computed_at_start(directory)) return;
    if (!directory.empty()) scripts.file = around.absolute(directory);
    scripts.remedy = flask_remedy;
    wanted.push_back(std::move(scripts));
}

}  // namespace dba::steps
