// What servers are told by files beside their command lines: gunicorn's and uWSGI's settings.
#pragma once

#include <string>
#include <vector>

#include "steps/verify/arguments.hpp"
#include "steps/verify/wanted.hpp"

namespace dba::steps {

struct GunicornSettings {
    std::string application;  // wsgi_app
    std::string directory;    // chdir
};
// Reads -c, or gunicorn.conf.py where it starts; the file itself is wanted, too, and the worker
// class that it names.
GunicornSettings gunicorn_settings(const ProgramArguments& given, const Surroundings& around,
                                   std::vector<WantedAtStart>& wanted);

// --env-file, which needs python-dotenv, and --log-config.
void add_uvicorn_files(const ProgramArguments& given, const Surroundings& around,
                       std::vector<WantedAtStart>& wanted);

// By its options, and by those of the ini file that they name.
std::vector<WantedAtStart> wanted_by_uwsgi(const std::vector<std::string>& arguments,
                                           const Surroundings& around);

}  // namespace dba::steps
