// Which Debian package has what a build looks for: the commonest, for where no index of contents is
// at hand.
#pragma once

#include <string>
#include <string_view>

namespace dba {

enum class BuildFile { header, library, program, pkg_config, cmake_package };

// "libpq-dev" for the header libpq-fe.h, the library pq, the program pg_config, libpq(.pc) and
// CMake's PostgreSQL; "" for what is not among them.
std::string build_package(BuildFile kind, std::string_view name);

// The end of a path in a package that has it: "/libpq-fe.h", "/libpq.so", "/bin/pg_config",
// "/libpq.pc", "/PostgreSQLConfig.cmake".
std::string path_end_of(BuildFile kind, std::string_view name);

}  // namespace dba
