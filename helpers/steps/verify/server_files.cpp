#include "steps/verify/server_files.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <string_view>

#include "formats/text/text.hpp"

namespace dba::steps {
namespace {

WantedAtStart file_wanted(const std::string& name, const Surroundings& around) {
    WantedAtStart wanted;
    wanted.way = "file";
    wanted.name = name;
    wanted.file = around.absolute(name);
    wanted.directory = around.directory;
    return wanted;
}

WantedAtStart module_wanted(const std::string& name, const std::string& module) {
    WantedAtStart wanted;
    wanted.way = "module";
    wanted.name = name;
    wanted.module = module;
    return wanted;
}

// `wsgi_app = "hello:app"` of a settings file in Python, where it stands by itself in its line.
std::string assigned(std::string_view python, std::string_view name) {
    std::string found;
    text::Lines lines(python);
    for (std::string_view line; lines.next(line);) {
        if (!line.starts_with(name)) continue;
        std::string_view rest = text::trim(line.substr(name.size()));
        if (!rest.starts_with('=')) continue;
        rest = text::trim(rest.substr(1));
        if (rest.size() < 2 || (rest[0] != '"' && rest[0] != '\'')) continue;
        const std::size_t end = rest.find(rest[0], 1);
        if (end != std::string_view::npos) found = std::string(rest.substr(1, end - 1));
    }
    return found;
}

// What uWSGI is told, by the options' long names; the last of a name counts, but for those that
// are lists there.
using UwsgiSettings = std::multimap<std::string, std::string>;

std::string uwsgi_name(std::string_view option) {
    struct Other {
        std::string_view name, meant;
    };
    static constexpr std::array others = {
        Other{"w", "module"},        Other{"wsgi", "module"},
        Other{"file", "wsgi-file"},  Other{"python-path", "pythonpath"},
        Other{"pp", "pythonpath"},   Other{"i", "ini"},
        Other{"chdir2", "chdir"},    Other{"pyimport", "import"},
        Other{"py-import", "import"}};
    for (const Other& other : others)
        if (other.name == option) return std::string(other.meant);
    return std::string(option);
}

// Those that take no value: all that matter here have one.
bool is_uwsgi_flag(std::string_view option) {
    static constexpr std::string_view flags =
        "master M enable-threads die-on-term vacuum lazy lazy-apps need-app strict "
        "single-interpreter "
        "thunder-lock auto-procname no-orphans no-default-app catch-exceptions memory-report "
        "disable-logging log-master die-on-idle py-call-osafterfork http-keepalive "
        "http-auto-chunked ignore-sigpipe ignore-write-errors disable-write-exception "
        "so-keepalive wsgi-env-behaviour offload emperor-tyrant L";
    return lists_word(flags, option);
}

void read_ini(const std::string& text, UwsgiSettings& settings) {
    bool ours = true;
    text::Lines lines(text);
    for (std::string_view line; lines.next(line);) {
        line = text::trim(line);
        if (line.empty() || line[0] == '#' || line[0] == ';') continue;
        if (line[0] == '[') {
            ours = line == "[uwsgi]";
            continue;
        }
        const std::size_t equals = line.find('=');
        if (!ours || equals == std::string_view::npos) continue;
        settings.emplace(uwsgi_name(text::trim(line.substr(0, equals))),
                         text::trim(line.substr(equals + 1)));
    }
}

UwsgiSettings uwsgi_settings(const std::vector<std::string>& words, const Surroundings& around,
                             std::vector<WantedAtStart>& wanted) {
    UwsgiSettings settings;
    std::vector<std::string> files;
    for (std::size_t i = 0; i < words.size(); ++i) {
        const std::string& word = words[i];
        if (!word.starts_with('-')) {
            if (word.ends_with(".ini"))
                files.push_back(word);
            else if (word.ends_with(".py") || word.ends_with(".wsgi"))
                settings.emplace("wsgi-file", word);
            continue;
        }
        std::string option = word.substr(word.starts_with("--") ? 2 : 1);
        std::string value;
        if (const std::size_t equals = option.find('='); equals != std::string::npos) {
            value = option.substr(equals + 1);
            option.resize(equals);
        } else if (!is_uwsgi_flag(option) && i + 1 < words.size() &&
                   !words[i + 1].starts_with('-')) {
            value = words[++i];
        }
        option = uwsgi_name(option);
        if (option == "ini")
            files.push_back(value);
        else
            settings.emplace(option, value);
    }
    for (std::string file : files) {
        file =
            file.substr(0, file.rfind(':') == std::string::npos || file.find('/') > file.rfind(':')
                               ? std::string::npos
                               : file.rfind(':'));
        wanted.push_back(file_wanted(file, around));
        if (const auto text = around.read(around.absolute(file))) read_ini(*text, settings);
    }
    return settings;
}

// A value that uWSGI puts together when it starts.
bool is_computed(const std::string& value) {
    return value.find('%') != std::string::npos || value.find("$(") != std::string::npos ||
           value.find("@(") != std::string::npos;
}

std::string last_of(const UwsgiSettings& settings, const std::string& name) {
    std::string value;
    const auto [from, to] = settings.equal_range(name);
    for (auto each = from; each != to; ++each) value = each->second;
    return value;
}

WantedAtStart uwsgi_application(const std::string& name, std::string callable, bool is_file,
                                const Surroundings& around) {
    WantedAtStart wanted;
    wanted.way = "object";
    wanted.name = name;
    wanted.module = name;
    if (const std::size_t colon = name.find(':'); colon != std::string::npos) {
        wanted.module = name.substr(0, colon);
        callable = name.substr(colon + 1);
    }
    if (is_file || wanted.module.find('/') != std::string::npos || wanted.module.ends_with(".py")) {
        wanted.file = around.absolute(wanted.module);
        wanted.module.clear();
    }
    wanted.object = callable.empty() ? "application" : callable;
    return wanted;
}

}  // namespace

GunicornSettings gunicorn_settings(const ProgramArguments& given, const Surroundings& around,
                                   std::vector<WantedAtStart>& wanted) {
    GunicornSettings settings;
    std::string file = given.value("-c --config");
    if (file.find('$') != std::string::npos) return settings;
    if (file.starts_with("python:")) {
        wanted.push_back(module_wanted(file, file.substr(7)));
        return settings;
    }
    if (file.starts_with("file:")) file = file.substr(5);
    const bool named = !file.empty();
    const auto text = around.read(around.absolute(named ? file : "gunicorn.conf.py"));
    if (named && !text) wanted.push_back(file_wanted(file, around));
    if (!text) return settings;
    WantedAtStart script = file_wanted(named ? file : "gunicorn.conf.py", around);
    script.way = "script";
    wanted.push_back(std::move(script));
    settings.application = assigned(*text, "wsgi_app");
    settings.directory = assigned(*text, "chdir");
    const std::string worker = assigned(*text, "worker_class");
    if (given.has("-k --worker-class") || worker.empty() || worker.starts_with("egg:"))
        return settings;
    WantedAtStart one = module_wanted("worker_class " + worker, worker);
    if (worker.find('.') != std::string::npos)
        one.way = "dotted";
    else if (worker != "gevent" && worker != "eventlet" && worker != "tornado")
        return settings;
    wanted.push_back(std::move(one));
    return settings;
}

void add_uvicorn_files(const ProgramArguments& given, const Surroundings& around,
                       std::vector<WantedAtStart>& wanted) {
    if (const std::string file = given.value("--env-file"); !file.empty()) {
        wanted.push_back(module_wanted("--env-file", "dotenv"));
        wanted.push_back(file_wanted(file, around));
    }
    const std::string log = given.value("--log-config");
    if (log.empty()) return;
    if (log.ends_with(".yaml") || log.ends_with(".yml"))
        wanted.push_back(module_wanted("--log-config " + log, "yaml"));
    wanted.push_back(file_wanted(log, around));
}

std::vector<WantedAtStart> wanted_by_uwsgi(const std::vector<std::string>& arguments,
                                           const Surroundings& given) {
    std::vector<WantedAtStart> all;
    Surroundings around = given;
    UwsgiSettings settings = uwsgi_settings(arguments, around, all);
    for (auto each = settings.begin(); each != settings.end();)
        each = is_computed(each->second) ? settings.erase(each) : std::next(each);
    if (const std::string chdir = last_of(settings, "chdir"); !chdir.empty())
        around.directory = around.absolute(chdir);
    std::vector<std::string> path = {around.directory};
    const auto [from, to] = settings.equal_range("pythonpath");
    for (auto each = from; each != to; ++each)
        path.insert(path.begin(), around.absolute(each->second));

    const std::string callable = last_of(settings, "callable");
    for (const char* option : {"module", "wsgi-file"})
        if (const std::string name = last_of(settings, option); !name.empty())
            all.push_back(
                uwsgi_application(name, callable, option == std::string_view("wsgi-file"), around));
    const auto [first, last] = settings.equal_range("mount");
    for (auto each = first; each != last; ++each)
        if (const std::size_t equals = each->second.find('='); equals != std::string::npos)
            all.push_back(
                uwsgi_application(each->second.substr(equals + 1), callable, false, around));
    const auto [one, end] = settings.equal_range("import");
    for (auto each = one; each != end; ++each)
        all.push_back(module_wanted(each->second, each->second));
    for (WantedAtStart& wanted : all) {
        if (wanted.way == "file") continue;
        wanted.path = path;
        wanted.directory = around.directory;
    }
    return all;
}

}  // namespace dba::steps
