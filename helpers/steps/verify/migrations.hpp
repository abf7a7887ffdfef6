// What the programs that migrate a database read where they start: in a package that lacks it every
// migration fails.
#pragma once

#include <string>
#include <vector>

#include "steps/verify/arguments.hpp"
#include "steps/verify/wanted.hpp"

namespace dba::steps {

// alembic's settings (-c, ALEMBIC_CONFIG, else alembic.ini or pyproject.toml), and the scripts that
// they lead to.
std::vector<WantedAtStart> wanted_by_alembic(const std::vector<std::string>& arguments,
                                             const Surroundings& around);

// The directory of Flask-Migrate's `flask db`.
void add_flask_migrations(const ProgramArguments& given, const Surroundings& around,
                          std::vector<WantedAtStart>& wanted);

}  // namespace dba::steps
