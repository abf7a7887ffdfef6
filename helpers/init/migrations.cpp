#include "init/migrations.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "formats/text/pattern.hpp"
#include "formats/text/text.hpp"
#include "init/provide.hpp"
#include "steps/verify/arguments.hpp"

namespace dba::init {
namespace {

using Words = std::vector<std::string>;

bool mentions(const Words& words, std::string_view word) {
    return std::find(words.begin(), words.end(), word) != words.end();
}

bool has_like(const std::vector<Preparation>& list, std::string_view word) {
    return std::any_of(list.begin(), list.end(),
                       [&](const Preparation& one) { return mentions(one.words, word); });
}

// A build has a word of its own for these; of an address or a name it has none.
bool is_a_secret(const std::string& variable) {
    const std::string name = text::lower(variable);
    for (const char* part : {"secret", "key", "token", "password", "salt"})
        if (name.find(part) != std::string::npos) return true;
    return false;
}

// alembic.ini beside a package: where it leads to, what FILES has to ship.
void prepare_alembic(Guessed& guessed, Preparations& to) {
    const Facts& facts = guessed.facts;
    Draft& draft = guessed.draft;
    const std::string location =
        text::first_group(*facts.files.text("alembic.ini"), "\nscript_location *= *([^\n]*)");
    const Words upgrade{"alembic", "upgrade", "head"};
    if (!guessed.folder) {
        const bool in_package = location.find(':') != std::string::npos;
        const std::string here = "%(here)s/";
        const bool beside = location.starts_with(here);
        const bool shipped =
            !in_package && !beside && !facts.files.in_src() &&
            ship_as_folder(guessed, "alembic.ini and what it leads to are in no wheel");
        if (!shipped && !in_package && !beside) {
            to.migrations.push_back({upgrade, "", true});
            draft.unknown.push_back(fmt::format(
                "how alembic finds its scripts on a host: script_location = {} of alembic.ini is "
                "meant for this directory; MODULE:DIRECTORY finds them in the package, and FILES "
                "alembic.ini ships the file",
                location));
            return;
        }
        if (!shipped) {
            std::string files = "FILES alembic.ini";
            if (beside) files += " " + cmake_word(std::string(text::trim(location.substr(9))));
            draft.add(fmt::format("{} DESTINATION /usr/share/{}", files, draft.name),
                      "in no wheel, and alembic reads it");
            draft.add(
                fmt::format("ENVIRONMENT ALEMBIC_CONFIG=/usr/share/{}/alembic.ini", draft.name));
        }
    }
    provide(guessed, "alembic", "the migration");
    to.migrations.push_back({upgrade, "alembic.ini"});
}

void prepare_flask_migrate(Guessed& guessed, Preparations& to) {
    const Facts& facts = guessed.facts;
    std::vector<std::string> told;
    const auto application = find_application(facts, told);
    if (!application) {
        guessed.draft.unknown.emplace_back(
            "the application of `flask db upgrade`: MIGRATE COMMAND flask --app … db upgrade");
        return;
    }
    const std::string object =
        application->factory ? application->object + "()" : application->object;
    Preparation one{{"flask", "--app", application->module + ":" + object, "db", "upgrade"},
                    "migrations/ of Flask-Migrate"};
    one.off = !ship_as_folder(guessed, "migrations/ is in no wheel");
    if (one.off)
        guessed.draft.unknown.emplace_back(
            "how `flask db upgrade` finds migrations/ on a host: FILES ships the directory, and "
            "--directory names it");
    to.migrations.push_back(std::move(one));
}

}  // namespace

void prepare_by(Guessed& guessed, const std::string& line, Preparations& to) {
    for (const std::string& part : steps::shell_commands(line)) {
        OwnCommand command{"release", steps::plain_shell_words(part), {}, part, "its own commands",
                           ""};
        Words& words = command.words;
        if (words.empty()) {
            guessed.draft.unknown.push_back(
                fmt::format("what '{}' does before it runs: MIGRATE or FINISH", part));
            continue;
        }
        strip_runner(words);
        const bool migrates = mentions(words, "migrate") || mentions(words, "upgrade");
        const bool collects =
            mentions(words, "collectstatic") || mentions(words, "compilemessages");
        if ((!migrates && !collects) || !accept(guessed, command)) {
            guessed.draft.unknown.push_back(
                fmt::format("what '{}' does before it runs: MIGRATE or FINISH", part));
            continue;
        }
        if (mentions(words, "migrate") && !mentions(words, "--noinput") &&
            !mentions(words, "--no-input"))
            words.emplace_back("--noinput");
        (collects ? to.finishes : to.migrations)
            .push_back({words, fmt::format("'{}' comes before it runs", part)});
    }
}

void prepare_django(Guessed& guessed, const DjangoSite& site,
                    const std::vector<std::string>& demanded, Preparations& to) {
    Draft& draft = guessed.draft;
    // MIGRATE starts where services do, FINISH at the top of the project.
    Words finish{"python3", site.base + "manage.py"}, manage{"python3", "manage.py"};
    if (!guessed.folder) {
        manage = finish = {"django-admin"};
        draft.add("ENVIRONMENT " + cmake_word("DJANGO_SETTINGS_MODULE=" + site.settings),
                  "manage.py says so");
    } else {
        const std::string top = site.settings.substr(0, site.settings.rfind('.') + 1);
        for (const char* name : {"production", "prod"}) {
            std::string file = top + name;
            std::replace(file.begin(), file.end(), '.', '/');
            if (site.settings == top + name || !guessed.facts.files.has(file + ".py")) continue;
            draft.add("ENVIRONMENT " + cmake_word("DJANGO_SETTINGS_MODULE=" + top + name),
                      "the settings of a host; manage.py has " + site.settings);
            break;
        }
    }
    if (guessed.folder && !site.base.empty())
        draft.add(fmt::format("WORKING_DIRECTORY /opt/venvs/{}/app/{}", draft.name,
                              site.base.substr(0, site.base.size() - 1)),
                  "manage.py lies there");
    const auto with = [](Words words, std::initializer_list<const char*> more) {
        words.insert(words.end(), more.begin(), more.end());
        return words;
    };
    if (site.collects && !has_like(to.finishes, "collectstatic")) {
        Preparation one{with(finish, {"collectstatic", "--noinput"}),
                        "settings have a STATIC_ROOT"};
        one.off = !std::all_of(demanded.begin(), demanded.end(), is_a_secret);
        if (one.off)
            draft.unknown.emplace_back(
                "what the settings need while static files are collected: FINISH_ENVIRONMENT says "
                "it, then FINISH COMMAND python3 manage.py collectstatic --noinput");
        to.finishes.push_back(std::move(one));
    }
    if (!has_like(to.migrations, "migrate"))
        to.migrations.push_back({with(manage, {"migrate", "--noinput"}), "Django's migrations"});
    if (site.sqlite)
        draft.unknown.emplace_back(
            "where its database is: settings name one of SQLite beside the code, where nothing can "
            "be written on a host; $STATE_DIRECTORY is the service's own");
}

void prepare_databases(Guessed& guessed, const std::vector<ServiceGuess>& services,
                       Preparations& to) {
    const Facts& facts = guessed.facts;
    if (services.empty()) return;
    if (facts.needs("alembic") && facts.files.has("alembic.ini") &&
        !has_like(to.migrations, "alembic"))
        prepare_alembic(guessed, to);
    if (facts.needs("flask-migrate") && facts.files.has("migrations/env.py") &&
        !has_like(to.migrations, "db"))
        prepare_flask_migrate(guessed, to);
}

namespace {

// What `flask db upgrade` loads, where it is not told: .flaskenv is in no package.
void name_flask_application(Guessed& guessed, const Preparations& preparations) {
    for (const Preparation& one : preparations.migrations) {
        if (one.words.front() != "flask" || mentions(one.words, "--app")) continue;
        const Facts& facts = guessed.facts;
        std::string app = text::first_group(facts.files.text(".flaskenv").value_or(""),
                                            "FLASK_APP=[\"']?([^\"'\n]*)");
        std::string why = ".flaskenv says so";
        std::vector<std::string> told;
        if (app.empty())
            if (const auto found = find_application(facts, told)) {
                app = found->module + ":" + found->object + (found->factory ? "()" : "");
                why = found->why;
            }
        if (!app.empty()) guessed.draft.add("ENVIRONMENT " + cmake_word("FLASK_APP=" + app), why);
        return;
    }
}

}  // namespace

void write_preparations(Guessed& guessed, const Preparations& preparations,
                        const std::vector<ServiceGuess>& services,
                        const std::vector<std::string>& demanded) {
    Draft& draft = guessed.draft;
    name_flask_application(guessed, preparations);
    std::vector<std::string> stand_ins;
    stand_ins.reserve(demanded.size());
    for (const std::string& name : demanded) stand_ins.push_back(name + "=only-for-the-build");
    for (const Preparation& one : preparations.finishes) {
        draft.entries.push_back({"FINISH COMMAND " + command_words(one.words), one.why, one.off});
        if (!one.off && !stand_ins.empty())
            draft.add("FINISH_ENVIRONMENT " + cmake_words(stand_ins),
                      "what a host gives them is not known here");
        stand_ins.clear();
    }
    // What a service is told, its migration has to know, too.
    std::string as;
    if (!services.empty() && !demanded.empty()) as = " AS_SERVICE " + services.front().name;
    for (const Preparation& one : preparations.migrations)
        draft.entries.push_back(
            {"MIGRATE COMMAND " + command_words(one.words) + as, one.why, one.off});
}

}  // namespace dba::init
