// The commands by which a project says itself how it is run: Procfile, Dockerfile.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "init/facts.hpp"

namespace dba::init {

struct OwnCommand {
    std::string name;                      // "web", "worker"; "release" runs once a version
    std::vector<std::string> words;        // "" where it takes a shell
    std::vector<std::string> environment;  // "K=V" that stood before it
    std::string said;                      // as it is written
    std::string where;                     // "Procfile"
    std::string port;                      // which it listens on; "" = unknown
};

struct OwnCommands {
    std::vector<OwnCommand> commands;
    std::vector<std::string> before;  // commands that ran before one of them: "python manage.py …"
    std::vector<std::string> not_read;       // sentences
    std::vector<std::string> host_packages;  // what a Dockerfile installs by apt-get
};

OwnCommands own_commands(const Facts& facts);

// Without what brings an environment of its own (`uv run`, `poetry run`), and `exec`.
void strip_runner(std::vector<std::string>& words);

// Whether it is a server of HTTP.
bool is_server(const std::string& program);

// The program that a command starts and what of the environment it is: "gunicorn" of "python3 -m
// gunicorn" too.
std::string program_of(const std::vector<std::string>& words);

// The distribution whose program that is: "uvicorn[standard]" is "uvicorn", "" = none is known.
std::string distribution_of(const std::string& program);

}  // namespace dba::init
