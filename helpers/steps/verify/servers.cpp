#include "steps/verify/servers.hpp"

#include <array>
#include <string_view>
#include <utility>

#include "formats/text/text.hpp"
#include "steps/verify/arguments.hpp"
#include "steps/verify/migrations.hpp"
#include "steps/verify/server_files.hpp"

namespace dba::steps {
namespace {

// How a server spells what it loads.
enum class Spelled {
    colon,      // "module:object", with a default where no object is named
    dotted,     // "module.object"
    either,     // "module:object" or "module.object"
    celery,     // as Celery looks for it
    modules,    // modules alone
    scripts,    // a file that is run
    files,      // a file that is read
    flask,      // as Flask looks for it
    hypercorn,  // "asgi:module:object"
};

struct Server {
    std::string_view names;        // of the program, and of the module for python -m
    std::string_view flags;        // options without a value
    std::string_view application;  // options that name it; "" = the first word that is no option
    std::string_view variable;     // of the environment, where the command line has none
    Spelled spelled = Spelled::colon;
    std::string_view objects;     // looked for where none is named
    std::string_view types;       // of objects that would do, too
    std::string_view subcommand;  // that it takes something to load with; "" = always
    std::string_view chdir;       // options that say where it works
    std::string_view path;        // options with what comes first on sys.path
    std::string_view factory;     // options that say the object is called
    bool all_words = false;       // every word names something, not the first alone
    std::string_view lists = {};  // options that take several words
};

constexpr std::string_view click_flags =
    "--help --version --debug --reload --verbose --quiet -v -q";

constexpr std::array servers{
    Server{"gunicorn",
           "-D --daemon --reload --preload --check-config --print-config --spew -R "
           "--capture-output --enable-stdio-inheritance --log-syslog --strip-header-spaces "
           "--disable-redirect-access-to-syslog --initgroups --reuse-port --help -h --version -v "
           "--permit-obsolete-folding --permit-unconventional-http-method "
           "--permit-unconventional-http-version --casefold-http-method --dogstatsd "
           "--do-handshake-on-connect --suppress-ragged-eofs",
           "", "", Spelled::colon, "application", "", "", "--chdir", "--pythonpath", ""},
    Server{"uvicorn",
           "--reload --factory --use-colors --access-log --proxy-headers --server-header "
           "--date-header --reset-contextvars --help --version",
           "", "UVICORN_APP", Spelled::colon, "", "", "", "", "--app-dir", "--factory"},
    Server{"hypercorn", "--reload --debug --help -h", "", "", Spelled::hypercorn, "app", "", "", "",
           "", ""},
    Server{"daphne", "--proxy-headers --help -h", "", "", Spelled::colon, "", "", "", "", "", ""},
    Server{"granian",
           "--reload --factory --access-log --log --ws --http1-keep-alive --http1-pipeline-flush "
           "--http2-adaptive-window --http2-enable-connect-protocol --ssl-client-verify "
           "--respawn-failed-workers --metrics --help --version",
           "", "", Spelled::colon, "app", "", "", "--working-dir", "", "--factory"},
    Server{"waitress-serve waitress",
           "--call --expose-tracebacks --ipv4 --ipv6 --asyncore-use-poll --log-socket-errors "
           "--log-untrusted-proxy-headers --clear-untrusted-proxy-headers --help",
           "", "", Spelled::colon, "", "", "", "", "", "--call"},
    Server{"cheroot", "--help -h", "", "", Spelled::colon, "application", "", "", "", "", ""},
    Server{"aiohttp.web", "--help -h", "", "", Spelled::colon, "", "", "", "", "", ""},
    Server{"sanic", "--factory --simple --help --debug -d -r --reload --dev --fast --access-logs",
           "", "", Spelled::either, "app", "Sanic", "", "", "", "--factory"},
    Server{"litestar", click_flags, "--app", "LITESTAR_APP", Spelled::colon, "app application",
           "Litestar", "", "", "--app-dir", ""},
    Server{"flask", "--debug --help --version --reload --debugger --with-threads", "--app -A",
           "FLASK_APP", Spelled::flask, "app application create_app() make_app()", "Flask", "", "",
           "", ""},
    Server{"quart", "--debug --help --version --reload", "--app -A", "QUART_APP", Spelled::flask,
           "app application create_app() make_app()", "Quart", "", "", "", ""},
    Server{"celery",
           "-q --quiet -C --help -h --version -E --task-events -D --detach --without-gossip "
           "--without-mingle --without-heartbeat -B --beat --purge --discard --skip-checks",
           "-A --app", "APP", Spelled::celery, "app celery", "Celery", "", "--workdir", "", ""},
    Server{"faust", "--debug --quiet -q --help --version --without-web", "-A --app", "FAUST_APP",
           Spelled::celery, "app faust", "App", "", "--workdir -W", "", ""},
    Server{"dramatiq",
           "--help -h --version --verbose -v --watch-use-polling --use-spawn --skip-logging", "",
           "", Spelled::colon, "", "", "", "", "--path -P", "", true, "-Q --queues"},
    Server{"arq", "--burst --check --verbose -v --help --version", "", "", Spelled::dotted, "", "",
           "", "", "", ""},
    Server{"huey_consumer huey_consumer.py huey.bin.huey_consumer",
           "-v --verbose -q --quiet -S --simple -n --no-periodic -f --flush-locks -C "
           "--disable-health-check -h --help",
           "", "", Spelled::dotted, "", "", "", "", "", ""},
    Server{"saq", "--web --verbose -v --check --quiet -h --help", "", "", Spelled::dotted, "", "",
           "", "", "", ""},
    Server{"taskiq",
           "-r --reload -fsd --fs-discover --use-process-pool --do-not-use-gitignore "
           "--skip-first-run --help -h",
           "", "", Spelled::colon, "", "", "worker scheduler", "", "--app-dir -d", "", true},
    Server{"procrastinate", click_flags, "--app -a", "PROCRASTINATE_APP", Spelled::dotted, "", "",
           "", "", "", ""},
    Server{"faststream", "--factory --reload --help --version -r", "", "", Spelled::colon, "", "",
           "run", "", "--app-dir", "--factory"},
    Server{"nameko", "--help -h --version", "", "", Spelled::modules, "", "", "run", "", "", "",
           true},
    Server{"kopf", "--help --standalone --dev -A --all-namespaces --verbose -v --debug -d", "", "",
           Spelled::scripts, "", "", "run", "", "", "", true},
    Server{"streamlit", "--help --version", "", "", Spelled::scripts, "", "", "run", "", "", ""},
    Server{"chainlit", "--help --headless -h -d --debug -w --watch --ci", "", "", Spelled::scripts,
           "", "", "run", "", "", ""},
    Server{"panel bokeh", "--help --show --dev --autoreload --disable-index", "", "",
           Spelled::scripts, "", "", "serve", "", "", "", true, "--allow-websocket-origin"},
    Server{"fastapi", "--help --reload --proxy-headers", "", "", Spelled::scripts, "", "",
           "run dev", "", "", ""},
    Server{"pserve", "--help -h --reload -v -q", "", "", Spelled::files, "", "", "", "", "", ""},
    Server{"locust", "--help --headless --master --worker --autostart -V", "-f --locustfile", "",
           Spelled::scripts, "", "", "", "", "", ""},
    Server{"rq", "--burst -b --verbose -v --quiet -q --help --with-scheduler -s", "--none", "",
           Spelled::modules, "", "", "", "", "--path -P", ""},
};

// What an option's value asks for besides.
struct Choice {
    std::string_view server, options, value, module, remedy;
};
constexpr std::array choices{
    Choice{"gunicorn", "-k --worker-class", "gevent", "gevent", "gevent"},
    Choice{"gunicorn", "-k --worker-class", "eventlet", "eventlet", "eventlet"},
    Choice{"gunicorn", "-k --worker-class", "tornado", "tornado", "tornado"},
    Choice{"uvicorn", "--loop", "uvloop", "uvloop", "uvloop"},
    Choice{"uvicorn", "--http", "httptools", "httptools", "httptools"},
    Choice{"uvicorn", "--ws", "websockets", "websockets", "websockets"},
    Choice{"uvicorn", "--ws", "websockets-sansio", "websockets", "websockets"},
    Choice{"uvicorn", "--ws", "wsproto", "wsproto", "wsproto"},
    Choice{"hypercorn", "-k --worker-class", "uvloop", "uvloop", "uvloop"},
    Choice{"hypercorn", "-k --worker-class", "trio", "trio", "trio"},
    Choice{"granian", "--loop", "uvloop", "uvloop", "uvloop"},
    Choice{"celery", "-P --pool", "gevent", "gevent", "gevent"},
    Choice{"celery", "-P --pool", "eventlet", "eventlet", "eventlet"},
    Choice{"huey_consumer", "-k --worker-type", "greenlet", "gevent", "gevent"},
    Choice{"huey_consumer", "-k --worker-type", "gevent", "gevent", "gevent"},
};

// Options whose value is a class, when it has a dot: otherwise it is a word of the server's own.
struct NamedClass {
    std::string_view server, options;
};
constexpr std::array classes{
    NamedClass{"gunicorn", "-k --worker-class --logger-class"},
    NamedClass{"uvicorn", "--loop --http --ws"},
    NamedClass{"celery", "-S --scheduler -P --pool"},
    NamedClass{"rq", "-w --worker-class -j --job-class --queue-class --connection-class"},
};

std::vector<std::string> list_of(std::string_view words) {
    std::vector<std::string> list;
    for (const auto word : text::words(words)) list.emplace_back(word);
    return list;
}

// "module:object", anywhere on a command line whose options are not all known.
bool looks_like_object(const std::string& word) {
    const std::size_t colon = word.find(':');
    return colon != std::string::npos && colon > 0 && colon + 1 < word.size() &&
           !word.starts_with("file:") && !word.starts_with("python:") &&
           text::all_of(std::string_view(word).substr(0, colon),
                        [](char c) { return text::is_alnum(c) || c == '_' || c == '.'; }) &&
           (text::is_alpha(word[colon + 1]) || word[colon + 1] == '_');
}

std::vector<std::string> applications(const Server& server, const ProgramArguments& given,
                                      const std::vector<std::string>& words,
                                      const Surroundings& around) {
    std::vector<std::string> names;
    if (!server.application.empty()) {
        names = given.values(server.application);
        if (names.size() > 1) names = {names.back()};
    } else {
        auto positionals = given.positionals();
        if (!server.subcommand.empty()) {
            if (positionals.empty() || !lists_word(server.subcommand, positionals.front()))
                return {};
            positionals.erase(positionals.begin());
        }
        for (const std::string& word : positionals)
            if (names.empty() || server.all_words) names.push_back(word);
        if (names.empty() && server.spelled == Spelled::colon)
            for (const std::string& word : words)
                if (looks_like_object(word)) names = {word};
    }
    if (names.empty() && !server.variable.empty())
        if (const std::string value = around.variable(server.variable); !value.empty())
            names = {value};
    // What the shell or the server itself would fill in is not known here.
    std::erase_if(names, [](const std::string& name) {
        return name.find('$') != std::string::npos || name.find("%(") != std::string::npos;
    });
    return names;
}

void split_object(WantedAtStart& wanted, const std::string& name) {
    const std::size_t colon = name.find(':');
    wanted.module = name.substr(0, colon);
    if (colon != std::string::npos) wanted.object = name.substr(colon + 1);
}

// `create_app('x')` of "module:create_app('x')"; a Windows drive is no concern here.
WantedAtStart application_of(const Server& server, const std::string& name,
                             const Surroundings& around) {
    WantedAtStart wanted;
    wanted.way = "object";
    wanted.name = name;
    switch (server.spelled) {
        case Spelled::hypercorn:
            split_object(wanted, name.starts_with("asgi:") || name.starts_with("wsgi:")
                                     ? name.substr(5)
                                     : name);
            break;
        case Spelled::colon:
        case Spelled::flask:
            split_object(wanted, name);
            break;
        case Spelled::either:
            split_object(wanted, name);
            if (wanted.object.empty() && name.find('.') != std::string::npos) {
                wanted.way = "dotted";
                return wanted;
            }
            break;
        case Spelled::dotted:
            if (name.find(':') != std::string::npos) {
                split_object(wanted, name);
            } else {
                wanted.way = "dotted";
                wanted.module = name;
            }
            return wanted;
        case Spelled::celery:
            wanted.way = "celery";
            wanted.module = name;
            break;
        case Spelled::modules:
            wanted.way = "module";
            wanted.module = name;
            return wanted;
        case Spelled::scripts:
            wanted.way = "script";
            wanted.file = around.absolute(name);
            wanted.path = {text::directory_name(wanted.file)};
            return wanted;
        case Spelled::files:
            wanted.way = "file";
            wanted.file = around.absolute(name);
            return wanted;
    }
    if (wanted.object.empty()) {
        wanted.any = list_of(server.objects);
        wanted.types = list_of(server.types);
    }
    return wanted;
}

bool needs_an_object(const Server& server) {
    return server.spelled == Spelled::colon && server.objects.empty() && !server.all_words;
}

void add_choices(const Server& server, const ProgramArguments& given,
                 std::vector<WantedAtStart>& all) {
    const auto is_ours = [&](std::string_view name) { return lists_word(server.names, name); };
    for (const Choice& choice : choices)
        if (is_ours(choice.server) && given.value(choice.options) == choice.value) {
            WantedAtStart wanted;
            wanted.way = "module";
            wanted.module = choice.module;
            wanted.name =
                std::string(text::words(choice.options).back()) + " " + std::string(choice.value);
            all.push_back(std::move(wanted));
        }
    for (const NamedClass& one : classes) {
        if (!is_ours(one.server)) continue;
        for (const auto option : text::words(one.options)) {
            const std::string value = given.value(option);
            if (value.find('.') == std::string::npos || value.find('$') != std::string::npos ||
                value.starts_with("egg:"))
                continue;
            WantedAtStart wanted;
            wanted.name = value;
            if (value.find(':') != std::string::npos) {
                wanted.way = "object";
                split_object(wanted, value);
            } else {
                wanted.way = "dotted";
                wanted.module = value;
            }
            all.push_back(std::move(wanted));
        }
    }
}

std::vector<WantedAtStart> wanted_by(const Server& server, std::vector<std::string> words,
                                     Surroundings around) {
    const bool is_gunicorn = server.names == "gunicorn";
    if (is_gunicorn) {
        const auto first = list_of(around.variable("GUNICORN_CMD_ARGS"));
        words.insert(words.begin(), first.begin(), first.end());
    }
    const ProgramArguments given(words, server.flags, server.lists);
    std::vector<WantedAtStart> all;
    std::vector<std::string> names = applications(server, given, words, around);
    GunicornSettings settings;
    if (is_gunicorn) {
        settings = gunicorn_settings(given, around, all);
        if (names.empty() && !settings.application.empty()) names = {settings.application};
    }
    std::string chdir = given.value(server.chdir);
    if (chdir.empty()) chdir = settings.directory;
    if (!chdir.empty()) around.directory = around.absolute(chdir);
    if (names.empty() && server.spelled == Spelled::flask)
        for (const char* file : {"wsgi.py", "app.py"})
            if (names.empty() && around.read(around.absolute(file))) names = {file};

    // All of them look where they are started.
    std::vector<std::string> path = {around.directory};
    for (const std::string& value : given.values(server.path))
        for (const auto part : text::split(value, ','))
            path.insert(path.begin(), around.absolute(std::string(part)));
    for (const std::string& name : names) {
        WantedAtStart wanted = application_of(server, name, around);
        if (needs_an_object(server) && wanted.object.empty()) wanted.way = "unnamed";
        wanted.call = !server.factory.empty() && given.has(server.factory);
        all.push_back(std::move(wanted));
    }
    add_choices(server, given, all);
    if (server.names == "celery" && !given.positionals().empty() &&
        given.positionals().front() == "flower") {
        WantedAtStart flower;
        flower.way = "module";
        flower.name = flower.module = "flower";
        all.push_back(std::move(flower));
    }
    if (server.names == "rq")
        if (const std::string module = given.value("-c --config"); !module.empty()) {
            WantedAtStart wanted;
            wanted.way = "module";
            wanted.name = wanted.module = module;
            all.push_back(std::move(wanted));
        }
    if (server.names == "uvicorn") add_uvicorn_files(given, around, all);
    if (server.names == "flask") add_flask_migrations(given, around, all);
    for (WantedAtStart& wanted : all) {
        if (wanted.way != "script") wanted.path = path;
        wanted.directory = around.directory;
    }
    return all;
}

}  // namespace

std::optional<std::vector<WantedAtStart>> wanted_by_server(
    const std::string& name, const std::vector<std::string>& arguments,
    const Surroundings& surroundings) {
    if (name == "uwsgi") return wanted_by_uwsgi(arguments, surroundings);
    if (name == "alembic") return wanted_by_alembic(arguments, surroundings);
    if (name == "django-admin" || name == "django") {
        // Without words there is nothing to do, and without settings nothing to look at.
        if (arguments.empty()) return std::vector<WantedAtStart>();
        WantedAtStart django;
        django.way = "django";
        django.name = "Django's settings";
        django.arguments = arguments;
        django.directory = surroundings.directory;
        if (const std::string settings = ProgramArguments(arguments, "").value("--settings");
            !settings.empty())
            django.name = settings;
        return std::vector<WantedAtStart>{django};
    }
    for (const Server& server : servers)
        if (lists_word(server.names, name)) return wanted_by(server, arguments, surroundings);
    return std::nullopt;
}

}  // namespace dba::steps
