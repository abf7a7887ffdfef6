// What has to happen before services run: migrations (MIGRATE) and what is made at the end of the
// build (FINISH).
#pragma once

#include <string>
#include <vector>

#include "init/applications.hpp"
#include "init/guesses.hpp"
#include "init/services.hpp"

namespace dba::init {

struct Preparation {
    std::vector<std::string> words;
    std::string why;
    bool off = false;  // to be looked at first
};

struct Preparations {
    std::vector<Preparation> migrations, finishes;
};

// One of the project's own commands that comes before the services: "python manage.py migrate".
void prepare_by(Guessed& guessed, const std::string& line, Preparations& to);

void prepare_django(Guessed& guessed, const DjangoSite& site,
                    const std::vector<std::string>& demanded, Preparations& to);

// Alembic and Flask-Migrate.
void prepare_databases(Guessed& guessed, const std::vector<ServiceGuess>& services,
                       Preparations& to);

void write_preparations(Guessed& guessed, const Preparations& preparations,
                        const std::vector<ServiceGuess>& services,
                        const std::vector<std::string>& demanded);

}  // namespace dba::init
