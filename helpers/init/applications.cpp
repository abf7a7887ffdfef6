#include "init/applications.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "formats/python/tokens.hpp"
#include "formats/text/pattern.hpp"
#include "formats/text/text.hpp"

namespace dba::init {
namespace {

struct Framework {
    const char* call;  // what makes an application, without its module
    const char* name;
    Protocol protocol;
};
constexpr std::array frameworks{
    Framework{"Flask", "Flask", Protocol::wsgi},
    Framework{"APIFlask", "APIFlask", Protocol::wsgi},
    Framework{"OpenAPI", "flask-openapi3", Protocol::wsgi},
    Framework{"Eve", "Eve", Protocol::wsgi},
    Framework{"Bottle", "Bottle", Protocol::wsgi},
    Framework{"default_app", "Bottle", Protocol::wsgi},
    Framework{"API", "Falcon", Protocol::wsgi},
    Framework{"App", "Falcon", Protocol::wsgi},
    Framework{"get_wsgi_application", "Django", Protocol::wsgi},
    Framework{"make_wsgi_app", "Pyramid", Protocol::wsgi},
    Framework{"FastAPI", "FastAPI", Protocol::asgi},
    Framework{"Starlette", "Starlette", Protocol::asgi},
    Framework{"Quart", "Quart", Protocol::asgi},
    Framework{"Litestar", "Litestar", Protocol::asgi},
    Framework{"Sanic", "Sanic", Protocol::asgi},
    Framework{"ASGIApp", "python-socketio", Protocol::asgi},
    Framework{"get_asgi_application", "Django", Protocol::asgi},
};
constexpr std::array factories{"create_app",         "make_app",           "get_app",
                               "app_factory",        "create_application", "build_app",
                               "application_factory"};

const Framework* framework_of(const std::string& call, const std::string& text) {
    for (const Framework& one : frameworks) {
        if (call != one.call) continue;
        // Common words: only where the module names the framework.
        if (call.size() <= 3 && text.find("falcon") == std::string::npos && call != "Eve") continue;
        return &one;
    }
    return nullptr;
}

// The framework of which a module imports something.
const Framework* framework_in(const std::string& text) {
    struct Imported {
        const char* word;
        const char* call;
    };
    static constexpr std::array imported{
        Imported{"fastapi", "FastAPI"}, Imported{"starlette", "Starlette"},
        Imported{"quart", "Quart"},     Imported{"litestar", "Litestar"},
        Imported{"flask", "Flask"},     Imported{"apiflask", "APIFlask"},
        Imported{"bottle", "Bottle"}};
    for (const auto& [word, call] : imported)
        if (text.find(fmt::format("from {} import", word)) != std::string::npos ||
            text.find(fmt::format("import {}", word)) != std::string::npos)
            return framework_of(call, text);
    return nullptr;
}

struct Found {
    Application application;
    int score = 0;
};

int score_of(const Module& module, const Facts& facts) {
    const std::string stem = fs::path(module.path).stem().string();
    int score = -5 * static_cast<int>(std::count(module.name.begin(), module.name.end(), '.'));
    if (stem == "wsgi" || stem == "asgi") score += 60;
    for (const char* usual : {"app", "main", "application", "server", "__init__", "api", "web"})
        if (stem == usual) score += 10;
    // A single module at the top is in few wheels.
    if (!facts.is_folder() && module.path.find('/') == std::string::npos) score -= 50;
    // _app.py is meant for the project alone.
    if (stem.starts_with("_") && stem != "__init__") score -= 100;
    std::string own = text::lower(facts.metadata.name);
    std::replace(own.begin(), own.end(), '-', '_');
    if (!own.empty() && text::lower(module.name).starts_with(own)) score += 8;
    return score;
}

// `def create_app(config=None):` can be called without arguments.
bool needs_arguments(const std::string& parameters) {
    for (const auto part : text::split(parameters, ',')) {
        const auto name = text::trim(part);
        if (!name.empty() && name[0] != '*' && name[0] != '/' &&
            name.find('=') == std::string_view::npos)
            return true;
    }
    return false;
}

class Search {
 public:
    explicit Search(const Facts& facts) : facts_(facts) {}

    void look_into(const Module& module) {
        const std::string stem = fs::path(module.path).stem().string();
        const bool named = stem == "wsgi" || stem == "asgi";
        text::Lines lines(module.text);
        for (std::string_view line; lines.next(line);) {
            if (line.empty() || text::is_space(line[0])) continue;
            const std::string text(line);
            assigned(module, text, named);
            defined(module, text);
            if (named) imported(module, text, stem == "asgi");
        }
    }

    std::optional<Application> best(std::vector<std::string>& told) {
        std::stable_sort(found_.begin(), found_.end(),
                         [](const Found& a, const Found& b) { return a.score > b.score; });
        if (!found_.empty() && found_.front().score > -20) return found_.front().application;
        told.insert(told.end(), unusable_.begin(), unusable_.end());
        return std::nullopt;
    }

 private:
    // `app = Flask(…)`, `app: FastAPI = fastapi.FastAPI(…)`, in wsgi.py also `app = create_app(…)`
    void assigned(const Module& module, const std::string& line, bool named) {
        const auto match = text::match(line,
                                       "^([A-Za-z_][A-Za-z0-9_]*)[ ]*(:[^=]*)?=[ "
                                       "]*([A-Za-z_][A-Za-z0-9_.]*[.])?([A-Za-z_]+)[(]");
        if (match.empty()) {
            // Dash has a Flask application inside.
            if (text::match(line, "^server[ ]*=[ ]*[a-z_]+[.]server").empty()) return;
            add(module, frameworks[0], "server", false, "server in " + module.path, 62);
            return;
        }
        const Framework* framework = framework_of(match[4], module.text);
        const bool made =
            std::find(factories.begin(), factories.end(), match[4]) != factories.end();
        if (framework == nullptr && made) framework = framework_of_factories();
        if (framework == nullptr) return;
        add(module, *framework, match[1], false,
            fmt::format("{} = {}(…) in {}", match[1], match[4], module.path),
            (made && !named ? 65 : 60));
    }

    void defined(const Module& module, const std::string& line) {
        const auto match = text::match(line, "^def ([a-z_]+)[(]([^)]*)[)]?");
        if (match.empty() ||
            std::find(factories.begin(), factories.end(), match[1]) == factories.end())
            return;
        const Framework* framework = framework_in(module.text);
        if (framework == nullptr) framework = framework_of_factories();
        if (framework == nullptr) return;
        if (needs_arguments(match[2])) {
            unusable_.push_back(
                fmt::format("the arguments that {}() in {} takes", match[1], module.path));
            return;
        }
        add(module, *framework, match[1], true, fmt::format("{}() in {}", match[1], module.path),
            45);
    }

    // `from hello import app as application`
    void imported(const Module& module, const std::string& line, bool asgi) {
        const auto match = text::match(
            line, "^from [A-Za-z0-9_.]+ import (.*[ ,])?(app|application|server)[ ]*(,|#|$)");
        if (match.empty()) return;
        const Framework* framework = framework_of_factories();
        const Framework& known = framework != nullptr ? *framework : frameworks[asgi ? 10 : 0];
        add(module, known, match[2], false, fmt::format("{} in {}", match[2], module.path), 55);
    }

    void add(const Module& module, const Framework& framework, const std::string& object,
             bool factory, std::string why, int score) {
        if (framework.protocol == Protocol::asgi && module.name.ends_with("wsgi")) score -= 30;
        found_.push_back(
            {{framework.protocol, framework.name, module.name, object, factory, std::move(why)},
             score + score_of(module, facts_)});
    }

    // By what the project requires.
    [[nodiscard]] const Framework* framework_of_factories() const {
        for (const Framework& one : frameworks)
            if (facts_.needs(text::lower(one.name))) return &one;
        return nullptr;
    }

    const Facts& facts_;
    std::vector<Found> found_;
    std::vector<std::string> unusable_;
};

bool contains(const std::string& text, std::string_view word) {
    return text.find(word) != std::string::npos;
}

}  // namespace

std::optional<Application> find_application(const Facts& facts, std::vector<std::string>& told) {
    Search search(facts);
    for (const Module& module : facts.files.modules()) search.look_into(module);
    return search.best(told);
}

std::optional<CeleryApplication> find_celery(const Facts& facts) {
    std::optional<CeleryApplication> found;
    bool schedules = facts.needs("django-celery-beat");
    for (const Module& module : facts.files.modules()) {
        schedules = schedules || contains(module.text, "beat_schedule") ||
                    contains(module.text, "CELERY_BEAT_SCHEDULE") ||
                    contains(module.text, "add_periodic_task(");
        const bool usual = module.path.ends_with("celery.py");
        if (found && !usual) continue;
        text::Lines lines(module.text);
        for (std::string_view line; lines.next(line);) {
            const std::string object = text::first_group(
                std::string(line), "^([A-Za-z_][A-Za-z0-9_]*)[ ]*=[ ]*(celery[.])?Celery[(]");
            if (object.empty()) continue;
            // proj/celery.py: celery looks for it by itself.
            const bool by_itself = module.name.ends_with(".celery");
            found = {by_itself ? module.name.substr(0, module.name.size() - 7)
                               : module.name + ":" + object,
                     fmt::format("{} = Celery(…) in {}", object, module.path)};
            break;
        }
    }
    if (found) found->schedules = schedules;
    return found;
}

std::optional<DjangoSite> find_django(const Facts& facts) {
    DjangoSite site;
    std::optional<std::string> manage;
    std::string below;  // of modules: "site."
    for (const std::string& path : facts.files.paths()) {
        const bool deep = std::count(path.begin(), path.end(), '/') > (manage ? 0 : 1);
        if (deep || text::file_name(path) != "manage.py" || path.starts_with("test") ||
            path.starts_with("example"))
            continue;
        auto text = facts.files.text(path);
        if (!text || !contains(*text, "DJANGO_SETTINGS_MODULE")) continue;
        manage = std::move(text);
        site.base = path.substr(0, path.size() - std::string_view("manage.py").size());
    }
    if (!manage) return std::nullopt;
    if (!site.base.empty() && !(facts.files.in_src() && site.base == "src/"))
        below = site.base.substr(0, site.base.size() - 1) + ".";
    const auto inner = [&](const Module& module) {
        return module.name.starts_with(below) ? module.name.substr(below.size()) : std::string();
    };
    PythonTokens tokens(*manage);
    bool named = false;
    for (auto token = tokens.next(); token.kind != PythonToken::end; token = tokens.next()) {
        if (token.kind != PythonToken::string) continue;
        if (named && text::all_of(token.text, [](char c) {
                return text::is_alnum(c) || c == '_' || c == '.';
            })) {
            site.settings = token.text;
            break;
        }
        named = token.text == "DJANGO_SETTINGS_MODULE";
    }
    for (const Module& module : facts.files.modules()) {
        const std::string name = inner(module);
        if (name.ends_with("wsgi") && contains(module.text, "get_wsgi_application") &&
            site.wsgi.empty())
            site.wsgi = name;
        if (name.ends_with("asgi") && contains(module.text, "get_asgi_application") &&
            site.asgi.empty())
            site.asgi = name;
    }
    // settings/production.py has `from .base import *`: all of them together.
    std::string all;
    const std::string top = site.settings.substr(0, site.settings.rfind('.'));
    for (const Module& module : facts.files.modules())
        if (inner(module) == site.settings ||
            (inner(module).starts_with(top + ".") && contains(module.path, "settings")))
            all += module.text + "\n";
    const std::string root = text::first_group(all, "\nSTATIC_ROOT[^=\n]*=([^\n]*)");
    site.collects = contains(root, "DIR") || contains(root, "ROOT") || contains(root, "PATH") ||
                    contains(root, "__file__");
    const std::string hosts = text::first_group(all, "\nALLOWED_HOSTS[ ]*=([^\n]*)");
    const std::string debug = text::first_group(all, "\nDEBUG[ ]*=[ ]*([A-Za-z]*)");
    site.local = contains(hosts, "'*'") || contains(hosts, "\"*\"") ||
                 contains(hosts, "127.0.0.1") || (debug == "True" && contains(hosts, "[]"));
    site.sqlite = contains(all, "django.db.backends.sqlite3");
    return site;
}

std::vector<std::string> demanded_variables(const Facts& facts) {
    std::vector<std::string> names;
    for (const Module& module : facts.files.modules()) {
        text::Lines lines(module.text);
        for (std::string_view line; lines.next(line);) {
            if (line.empty() || text::is_space(line[0]) || line[0] == '#' ||
                line.starts_with("if ") || line.starts_with("elif ") || line.starts_with("assert"))
                continue;
            const auto match = text::match(
                std::string(line), "environ[[][\"']([A-Za-z_][A-Za-z0-9_]*)[\"'][]][ ]*(.?)(.?)");
            if (match.empty() || (match[2] == "=" && match[3] != "=")) continue;
            if (std::find(names.begin(), names.end(), match[1]) == names.end())
                names.push_back(match[1]);
        }
    }
    return names;
}

std::string health_route(const Facts& facts) {
    const auto& modules = facts.files.modules();
    const bool prefixes = std::any_of(modules.begin(), modules.end(), [](const Module& module) {
        return contains(module.text, "prefix=");
    });
    for (const Module& module : modules) {
        const auto match = text::match(
            module.text,
            "(route|get|Route)[(][\"'](/(api/)?(healthz?|health_?check|livez|readyz|ping|status|"
            "_health|alive)/?)[\"']");
        if (match.empty()) continue;
        // Of a router or blueprint that hangs below some prefix nobody knows the whole path.
        if (prefixes && (contains(module.text, "Blueprint(") || contains(module.text, "Router(")))
            continue;
        return match[2];
    }
    return {};
}

bool has_root_route(const Facts& facts) {
    return std::any_of(
        facts.files.modules().begin(), facts.files.modules().end(), [](const Module& module) {
            return !text::match(module.text, "(route|get|Route)[(][\"']/[\"']").empty() ||
                   !text::match(module.text, "path[(][\"']{2},").empty() ||
                   !text::match(module.text, "url[(]r[\"']\\^[$][\"']").empty();
        });
}

}  // namespace dba::init
