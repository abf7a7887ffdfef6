// What a program must find when it starts.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "system/process/environment.hpp"

namespace dba::steps {

struct WantedAtStart {
    std::string way;     // how it is looked for: a word of templates/python/starts.py
    std::string name;    // as the command line, or whatever names it, has it: "hello:create_app()"
    std::string module;  // or the file of one
    std::string object;  // an expression: "app", "create_app('x')"
    std::string file;    // absolute
    std::string code;    // of python -c
    std::vector<std::string> any = {};    // objects of which one will do; "()" behind factories
    std::vector<std::string> types = {};  // classes of which an object would do, too
    std::vector<std::string> attributes = {};  // of an entry point
    std::vector<std::string> arguments = {};   // behind the program's name
    std::vector<std::string> path = {};        // absolute; comes first on sys.path
    std::string directory = {};  // where it is looked for; "" = where the program starts
    bool call = false;           // the object is a factory
    std::string remedy = {};     // "" = whatever the error says
};

// What decides beside the words of a command line.
struct Surroundings {
    std::string directory;
    Environment environment;
    // A file's text, by its path on the target; nullopt for what the package does not hold.
    std::function<std::optional<std::string>(const std::string& path)> read;

    [[nodiscard]] std::string absolute(const std::string& path) const;
    [[nodiscard]] std::string variable(std::string_view name) const;
};

}  // namespace dba::steps
