#include "init/guess_services.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "formats/text/pattern.hpp"
#include "formats/text/text.hpp"
#include "init/applications.hpp"
#include "init/commands.hpp"
#include "init/host_packages.hpp"
#include "init/migrations.hpp"
#include "init/provide.hpp"
#include "init/services.hpp"
#include "steps/verify/arguments.hpp"

namespace dba::init {
namespace {

using Words = std::vector<std::string>;

bool has_word(const Words& words, std::string_view word) {
    return std::find(words.begin(), words.end(), word) != words.end();
}

// Servers of frameworks that serve whoever develops.
bool is_for_development(const OwnCommand& command) {
    const std::string program = program_of(command.words);
    return has_word(command.words, "runserver") ||
           (program == "flask" && has_word(command.words, "run")) ||
           (program == "fastapi" && has_word(command.words, "dev"));
}

void write_service(Guessed& guessed, const ServiceGuess& service,
                   const std::vector<std::string>& demanded) {
    std::vector<Entry>& to = guessed.services;
    const auto nested = [&](std::string words, std::string why = {}, bool off = false) {
        to.push_back({std::move(words), std::move(why), off, true});
    };
    const bool first = to.empty();
    to.push_back({"SERVICE " + service.name, "", false, false});
    nested("COMMAND " + command_words(service.words), service.why);
    nested("RUNNER systemd", first ? "supervisord is the other one" : "");
    if (!service.environment.empty()) nested("ENVIRONMENT " + cmake_words(service.environment));
    if (!demanded.empty())
        nested("ENVIRONMENT_REQUIRED " + cmake_words(demanded),
               first ? "modules read them while they are imported; a host gives them a value" : "");
    if (!service.stop_timeout.empty())
        nested("STOP_TIMEOUT " + service.stop_timeout, "a task may take so long");
    if (service.port.empty()) return;
    if (!service.health.empty()) {
        nested(fmt::format("HEALTHCHECK http://127.0.0.1:{}{}", service.port, service.health),
               "answers when all is well");
        return;
    }
    nested(fmt::format("HEALTHCHECK http://127.0.0.1:{}/", service.port),
           "which path answers is not known", true);
    guessed.draft.unknown.push_back(fmt::format(
        "which path of {} answers when all is well: HEALTHCHECK names it", service.name));
}

std::optional<Application> application_of(const DjangoSite& site, const Facts& facts) {
    const bool asgi = !site.asgi.empty() &&
                      (site.wsgi.empty() || (!facts.needs("gunicorn") &&
                                             (facts.needs("uvicorn") || facts.needs("daphne"))));
    const std::string& module = asgi ? site.asgi : site.wsgi;
    if (module.empty()) return std::nullopt;
    std::string file = module;
    std::replace(file.begin(), file.end(), '.', '/');
    return Application{asgi ? Protocol::asgi : Protocol::wsgi,
                       "Django",
                       module,
                       "application",
                       false,
                       file + ".py"};
}

void add_celery(Guessed& guessed, std::vector<ServiceGuess>& services) {
    const Facts& facts = guessed.facts;
    if (!facts.needs("celery")) return;
    for (const ServiceGuess& service : services)
        if (program_of(service.words) == "celery") return;
    const auto found = find_celery(facts);
    if (!found) {
        guessed.draft.unknown.emplace_back(
            "the application of Celery: no `… = Celery(…)` was found");
        return;
    }
    services.push_back(
        {"worker", {"celery", "-A", found->app, "worker"}, found->why, {}, "", "", "90"});
    if (found->schedules)
        services.push_back({"beat",
                            {"celery", "-A", found->app, "beat", "--schedule",
                             fmt::format("/var/lib/{}/beat", guessed.draft.name)},
                            "it has a schedule",
                            {},
                            "",
                            "",
                            ""});
    guessed.draft.unknown.emplace_back(
        "where Celery's broker is: with redis on the same host, DEPENDS redis-server, and in each "
        "service AFTER redis-server WANTS redis-server");
}

// The commands that the project has of its own; those that prepare a run become MIGRATE and FINISH.
std::vector<ServiceGuess> own_services(Guessed& guessed, Preparations& preparations) {
    OwnCommands own = own_commands(guessed.facts);
    std::vector<ServiceGuess> services;
    for (OwnCommand& command : own.commands) {
        if (command.name == "release") {
            own.before.push_back(command.said);
            continue;
        }
        if (is_for_development(command)) continue;
        command.words.erase(std::remove(command.words.begin(), command.words.end(), "--reload"),
                            command.words.end());
        if (!accept(guessed, command)) continue;
        const auto taken = [&](const ServiceGuess& one) { return one.name == command.name; };
        if (std::any_of(services.begin(), services.end(), taken)) command.name += "-2";
        const std::string program = program_of(command.words);
        std::string health;
        if (!command.port.empty()) {
            std::vector<std::string> ignored;
            const auto application = find_application(guessed.facts, ignored);
            if (!health_route(guessed.facts).empty())
                health = health_route(guessed.facts);
            else if (application && application->framework == "FastAPI")
                health = has_root_route(guessed.facts) ? "/" : "/openapi.json";
            else if (!find_django(guessed.facts) && has_root_route(guessed.facts))
                health = "/";
        }
        services.push_back({command.name, command.words,
                            fmt::format("'{}' in {}", command.said, command.where),
                            command.environment, command.port, health,
                            program == "celery" && has_word(command.words, "worker") ? "90" : ""});
    }
    for (const std::string& line : own.before) prepare_by(guessed, line, preparations);
    for (const std::string& sentence : own.not_read)
        guessed.draft.unknown.push_back("how it runs on a host: " + sentence);
    const auto packages = run_packages_among(own.host_packages);
    if (!packages.empty()) {
        guessed.draft.suggest("DEPENDS " + cmake_words(packages), "the Dockerfile installs them");
        guessed.draft.unknown.push_back(fmt::format(
            "whether it runs programs of {}: DEPENDS brings them", fmt::join(packages, ", ")));
    }
    return services;
}

void add_scripts(Guessed& guessed, const std::vector<ServiceGuess>& services) {
    std::vector<std::string> names;
    for (const auto& [name, object] : guessed.facts.scripts) {
        const bool served = std::any_of(
            services.begin(), services.end(),
            [&name = name](const ServiceGuess& service) { return service.words.front() == name; });
        if (!served) names.push_back(name);
    }
    if (!names.empty())
        guessed.draft.add("SCRIPTS " + cmake_words(names), "its programs, in /usr/bin");
    const std::string& own = guessed.draft.name;
    if (!services.empty() && std::find(names.begin(), names.end(), own + "-run") != names.end())
        guessed.draft.add(fmt::format("RUN_AS {}-command", own),
                          fmt::format("{}-run is a program of the project", own));
    if (names.empty() && services.empty())
        guessed.draft.unknown.emplace_back("what of it is to run: SERVICE and SCRIPTS say it");
}

void add_web(Guessed& guessed, const std::optional<DjangoSite>& site,
             std::vector<ServiceGuess>& services) {
    const auto serves = [](const ServiceGuess& service) {
        return !service.port.empty() || service.name == "web" ||
               is_server(program_of(service.words));
    };
    if (std::any_of(services.begin(), services.end(), serves)) return;
    if (auto found = pages(guessed); !found.empty()) {
        services.insert(services.begin(), found.begin(), found.end());
        return;
    }
    std::vector<std::string> told;
    const auto application =
        site ? application_of(*site, guessed.facts) : find_application(guessed.facts, told);
    if (!application) {
        for (const std::string& sentence : told) guessed.draft.unknown.push_back(sentence);
        return;
    }
    // A wheel has no single modules at the top, unless it is told of them.
    if (!guessed.folder && application->module.find('.') == std::string::npos &&
        guessed.facts.files.has(application->module + ".py") && !guessed.facts.setup.names_packages)
        ship_as_folder(guessed, application->module + ".py is in no wheel");
    services.insert(services.begin(), serve(guessed, *application));
    if (!site && guessed.facts.scripts.size() == 1 && !application->factory)
        guessed.draft.unknown.push_back(
            fmt::format("whether {} is how the project starts it", application->why));
}

}  // namespace

void guess_services(Guessed& guessed) {
    const Facts& facts = guessed.facts;
    const auto site = find_django(facts);
    Preparations preparations;
    std::vector<ServiceGuess> services = own_services(guessed, preparations);
    add_web(guessed, site, services);
    add_celery(guessed, services);
    if (services.empty()) services = daemons(guessed);
    for (const char* runner : {"rq", "dramatiq", "arq", "huey", "taskiq"})
        if (facts.needs(runner) &&
            std::none_of(services.begin(), services.end(), [&](const ServiceGuess& service) {
                return distribution_of(program_of(service.words)) == runner;
            }))
            guessed.draft.unknown.push_back(
                fmt::format("the worker of {}: a SERVICE with its command", runner));
    if (guessed.folder && facts.files.in_src())
        guessed.draft.add(
            fmt::format("ENVIRONMENT PYTHONPATH=/opt/venvs/{}/app/src", guessed.draft.name),
            "its modules lie in src/");
    const auto demanded = demanded_variables(facts);
    if (site) prepare_django(guessed, *site, demanded, preparations);
    prepare_databases(guessed, services, preparations);
    write_preparations(guessed, preparations, services, demanded);
    add_scripts(guessed, services);
    for (const ServiceGuess& service : services) write_service(guessed, service, demanded);
}

}  // namespace dba::init
