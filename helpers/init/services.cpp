#include "init/services.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "formats/text/pattern.hpp"
#include "formats/text/text.hpp"
#include "init/provide.hpp"

namespace dba::init {
namespace {

using Words = std::vector<std::string>;

const Module* module_called(const Facts& facts, const std::string& name) {
    for (const Module& module : facts.files.modules())
        if (module.name == name) return &module;
    return nullptr;
}

bool says_any(const std::string& text, std::initializer_list<const char*> words) {
    return std::any_of(words.begin(), words.end(),
                       [&](const char* word) { return text.find(word) != std::string::npos; });
}

// Whether a module's text goes on until it is stopped.
bool never_ends(const std::string& text) {
    return says_any(text, {"serve_forever(",     "run_forever(",
                           "uvicorn.run(",       "run_app(",
                           "run_polling(",       "start_polling(",
                           "infinity_polling(",  "HTTPServer(",
                           "start_server(",      "loop_forever(",
                           "BlockingScheduler(", "client.run(",
                           "bot.run(",           "app.run(",
                           "socketio.run(",      "IOLoop",
                           "signal.pause(",      "start_consuming(",
                           "waitress.serve(",    "hypercorn.asyncio",
                           "sd_notify",          "wait_for_termination("}) ||
           (says_any(text, {"while True", "while 1:"}) && says_any(text, {"sleep(", ".wait("}));
}

// Distributions of which a program goes on until it is stopped.
constexpr std::array bots{"discord-py", "py-cord",  "disnake",  "nextcord",   "python-telegram-bot",
                          "aiogram",    "telethon", "pyrogram", "slack-bolt", "matrix-nio"};

bool named_like_a_service(const std::string& name) {
    for (const char* end : {"-server", "-daemon", "-worker", "-bot", "-service", "_server",
                            "_daemon", "-scheduler", "-consumer", "-exporter", "-agent"})
        if (name.ends_with(end)) return true;
    return false;
}

std::string bind_of(const Facts& facts) {
    const auto conf = facts.files.text("gunicorn.conf.py");
    if (!conf) return {};
    return text::first_group(*conf, "(^|\n)bind *= *\\[?[\"'][^\"'\n]*:([0-9]+)[\"']").empty() &&
                   text::match(*conf, "(^|\n)bind *= *\\[?[\"'][^\"'\n]*:([0-9]+)[\"']").empty()
               ? std::string()
               : text::match(*conf, "(^|\n)bind *= *\\[?[\"'][^\"'\n]*:([0-9]+)[\"']")[2];
}

void serve_by_granian(Guessed& guessed, const std::string& protocol, const std::string& target,
                      bool factory, ServiceGuess& service) {
    provide(guessed, "granian", "the service web");
    service.words = {"granian", "--interface", protocol, "--host", "127.0.0.1", "--port", "8000"};
    if (factory) service.words.emplace_back("--factory");
    service.words.push_back(target);
}

void serve_by_gunicorn(Guessed& guessed, const std::string& called, ServiceGuess& service) {
    const Facts& facts = guessed.facts;
    provide(guessed, "gunicorn", "the service web");
    service.words = {"gunicorn"};
    if (facts.files.has("gunicorn.conf.py") && !guessed.folder) {
        const std::string file =
            (fs::path(guessed.place.source_dir) / "gunicorn.conf.py").lexically_normal().string();
        guessed.draft.add("CONFIG " + cmake_word(file),
                          "settings of gunicorn, for a host to change");
        service.words.insert(
            service.words.end(),
            {"--config", fmt::format("/etc/{}/gunicorn.conf.py", guessed.draft.name)});
    }
    if (const std::string port = bind_of(facts); !port.empty())
        service.port = port;
    else
        service.words.insert(service.words.end(), {"--bind", "127.0.0.1:8000"});
    service.words.push_back(called);
}

void serve_wsgi(Guessed& guessed, const std::string& target, bool factory, ServiceGuess& service) {
    const std::string server =
        known_among(guessed.facts, {"gunicorn", "waitress", "granian", "uwsgi"});
    service.port = "8000";
    if (server == "waitress") {
        provide(guessed, server, "the service web");
        service.words = {"waitress-serve", "--listen=127.0.0.1:8000"};
        if (factory) service.words.emplace_back("--call");
        service.words.push_back(target);
    } else if (server == "granian") {
        serve_by_granian(guessed, "wsgi", target, factory, service);
    } else if (server == "uwsgi" && !factory) {
        provide(guessed, server, "the service web");
        service.words = {"uwsgi",         "--http-socket", "127.0.0.1:8000",
                         "--die-on-term", "--module",      target};
    } else {
        serve_by_gunicorn(guessed, factory ? target + "()" : target, service);
    }
}

void serve_asgi(Guessed& guessed, const std::string& target, bool factory, ServiceGuess& service) {
    const std::string server =
        known_among(guessed.facts, {"uvicorn", "granian", "hypercorn", "daphne"});
    service.port = "8000";
    if (server == "granian") {
        serve_by_granian(guessed, "asgi", target, factory, service);
    } else if (server == "hypercorn") {
        provide(guessed, server, "the service web");
        service.words = {"hypercorn", "--bind", "127.0.0.1:8000", factory ? target + "()" : target};
    } else if (server == "daphne" && !factory) {
        provide(guessed, server, "the service web");
        service.words = {"daphne", "-b", "127.0.0.1", "-p", "8000", target};
    } else {
        provide(guessed, "uvicorn", "the service web");
        service.words = {"uvicorn", "--host", "127.0.0.1", "--port", "8000"};
        if (factory) service.words.emplace_back("--factory");
        service.words.push_back(target);
    }
}

// Where the application answers without being asked for more.
std::string health_of(const Facts& facts, const Application& application) {
    if (application.framework == "Django") {
        const auto site = find_django(facts);
        return site && site->local && has_root_route(facts) ? "/" : "";
    }
    if (std::string route = health_route(facts); !route.empty()) return route;
    if (has_root_route(facts)) return "/";
    if (application.framework != "FastAPI") return {};
    const auto& modules = facts.files.modules();
    const bool hidden = std::any_of(modules.begin(), modules.end(), [](const Module& module) {
        return module.text.find("openapi_url") != std::string::npos;
    });
    return hidden ? "" : "/openapi.json";
}

// The distribution that `gunicorn -k gevent` takes its workers from; "" for its own.
std::string worker_of(const Words& words) {
    std::string kind;
    for (std::size_t i = 0; i < words.size(); ++i) {
        if (i + 1 < words.size() && (words[i] == "-k" || words[i] == "--worker-class"))
            kind = words[i + 1];
        if (words[i].starts_with("--worker-class=")) kind = words[i].substr(15);
    }
    for (const char* name : {"gevent", "eventlet", "tornado", "uvicorn", "aiohttp"})
        if (kind.starts_with(name)) return name;
    return {};
}

// "python3 app/main.py", "python3 -m app": whether it is there, where the service starts.
bool has_python_target(Guessed& guessed, const OwnCommand& command) {
    const Facts& facts = guessed.facts;
    const Words& words = command.words;
    if (words.size() > 2 && words[1] == "-m") {
        if (!distribution_of(words[2]).empty()) return true;
        return module_called(facts, words[2]) != nullptr ||
               module_called(facts, words[2] + ".__main__") != nullptr;
    }
    std::size_t at = 1;
    while (at < words.size() && words[at].starts_with("-")) ++at;
    if (at >= words.size() || !facts.files.has(words[at])) return false;
    return ship_as_folder(
        guessed, fmt::format("{} runs {}, which is in no wheel", command.where, words[at]));
}

}  // namespace

bool accept(Guessed& guessed, OwnCommand& command) {
    const Facts& facts = guessed.facts;
    // An image has its environment elsewhere: "/app/bin/python /app/bin/hello".
    std::vector<std::string>& words = command.words;
    for (std::size_t i = 0; i < words.size() && i < 2; ++i)
        if (const std::string name = text::file_name(words[i]);
            words[i].find('/') != std::string::npos &&
            (facts.scripts.contains(name) || name == "python" || name == "python3"))
            words[i] = name == "python" ? "python3" : name;
    if (words.size() > 1 && words[0] == "python3" && facts.scripts.contains(words[1]))
        words.erase(words.begin());
    const std::string first = command.words.front();
    const std::string program = program_of(command.words);
    const auto refuse = [&](const std::string& why) {
        guessed.draft.unknown.push_back(
            fmt::format("how '{}' of {} runs on a host: {}", command.said, command.where, why));
        return false;
    };
    std::vector<std::string> ignored;
    if (program == "uwsgi" && words.size() > 1 && words[1].ends_with(".ini") &&
        (find_django(facts) || find_application(facts, ignored)))
        return refuse("its sockets and directories are those of " + words[1]);
    if (const std::string distribution = distribution_of(program); !distribution.empty()) {
        provide(guessed, distribution, "the service " + command.name);
        provide(guessed, worker_of(words), "the workers of " + command.name);
        return true;
    }
    if (first == "python3")
        return has_python_target(guessed, command) || refuse("what it runs is not there");
    if (facts.scripts.contains(first)) return true;
    const std::string file = first.starts_with("./") ? first.substr(2) : first;
    if (facts.files.has(file) && first.find("..") == std::string::npos)
        return ship_as_folder(guessed, fmt::format("{} runs {}", command.where, file)) ||
               refuse("a wheel does not hold it");
    return refuse(fmt::format("{} is no program of the environment that is known", first));
}

ServiceGuess serve(Guessed& guessed, const Application& application) {
    const Facts& facts = guessed.facts;
    ServiceGuess service;
    service.name = "web";
    service.why = application.why;
    const std::string target = application.module + ":" + application.object;
    if (application.protocol == Protocol::wsgi)
        serve_wsgi(guessed, target, application.factory, service);
    else
        serve_asgi(guessed, target, application.factory, service);
    service.health = health_of(facts, application);
    return service;
}

std::vector<ServiceGuess> daemons(Guessed& guessed) {
    const Facts& facts = guessed.facts;
    std::vector<ServiceGuess> found;
    for (const auto& [name, object] : facts.scripts) {
        const Module* module = module_called(facts, object.substr(0, object.find(':')));
        const bool runs_on = module != nullptr && never_ends(module->text);
        if (!runs_on && !named_like_a_service(name)) continue;
        found.push_back({name, {name}, "", {}, "", "", ""});
        found.back().why = runs_on ? fmt::format("{} goes on until it is stopped", module->path)
                                   : "called like a service";
    }
    if (!found.empty() || !facts.scripts.empty()) return found;
    static constexpr std::array usual{"main.py",   "app.py",    "bot.py",      "run.py",
                                      "server.py", "daemon.py", "worker.py",   "launcher.py",
                                      "start.py",  "index.py",  "__main__.py", "service.py"};
    const bool bot =
        std::any_of(bots.begin(), bots.end(), [&](const char* name) { return facts.needs(name); });
    for (const char* file : usual) {
        const auto text = facts.files.text(file);
        const bool starts = text && text->find("__main__") != std::string::npos;
        if (!text || (!never_ends(*text) && !(bot && starts))) continue;
        if (!ship_as_folder(guessed, fmt::format("{} is in no wheel", file))) continue;
        found.push_back({"main", {"python3", file}, "", {}, "", "", ""});
        found.back().why = never_ends(*text) ? fmt::format("{} goes on until it is stopped", file)
                                             : fmt::format("{} starts a bot, as it seems", file);
        break;
    }
    if (!found.empty()) return found;
    for (const Module& module : facts.files.modules()) {
        if (!module.name.ends_with(".__main__")) continue;
        if (!never_ends(module.text)) continue;
        found.push_back({"main",
                         {"python3", "-m", module.name.substr(0, module.name.size() - 9)},
                         fmt::format("{} goes on until it is stopped", module.path),
                         {},
                         "",
                         "",
                         ""});
        break;
    }
    return found;
}

std::vector<ServiceGuess> pages(Guessed& guessed) {
    const Facts& facts = guessed.facts;
    if (!facts.needs("streamlit")) return {};
    std::vector<std::string> files{"streamlit_app.py", "app.py",     "main.py",     "Home.py",
                                   "Main.py",          "src/app.py", "app/main.py", "app/app.py"};
    for (const std::string& path : facts.files.paths())
        if (path.ends_with(".py") && path.find('/') == std::string::npos &&
            path.find("test") == std::string::npos)
            files.push_back(path);
    for (const std::string& file : files) {
        const auto text = facts.files.text(file);
        if (!text || text->find("import streamlit") == std::string::npos) continue;
        if (!ship_as_folder(guessed, fmt::format("{} is in no wheel", file))) continue;
        return {{"web",
                 {"streamlit", "run", file, "--server.address", "127.0.0.1", "--server.port",
                  "8501", "--server.headless", "true"},
                 fmt::format("{} is a page of Streamlit", file),
                 {},
                 "8501",
                 "/_stcore/health",
                 ""}};
    }
    return {};
}

}  // namespace dba::init
