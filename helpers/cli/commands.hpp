// The commands: each reads its options and makes one call into the library.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "model/result.hpp"

namespace dba::cli {

using Arguments = std::vector<std::string>;

struct CommandLine {
    std::string_view name;
    std::string_view summary;
    Result<void> (*run)(const Arguments& arguments, const CommandLine& self);
};

const std::vector<CommandLine>& command_table();

Result<void> run_init(const Arguments& arguments, const CommandLine& self);
Result<void> run_build(const Arguments& arguments, const CommandLine& self);
Result<void> run_step(const Arguments& arguments, const CommandLine& self);
Result<void> run_install(const Arguments& arguments, const CommandLine& self);
Result<void> run_build_deps(const Arguments& arguments, const CommandLine& self);
Result<void> run_depends(const Arguments& arguments, const CommandLine& self);
Result<void> run_verify(const Arguments& arguments, const CommandLine& self);
Result<void> run_report(const Arguments& arguments, const CommandLine& self);
Result<void> run_inspect(const Arguments& arguments, const CommandLine& self);
Result<void> run_try(const Arguments& arguments, const CommandLine& self);
Result<void> run_doctor(const Arguments& arguments, const CommandLine& self);
Result<void> run_play(const Arguments& arguments, const CommandLine& self);
Result<void> run_roots(const Arguments& arguments, const CommandLine& self);
Result<void> run_cache(const Arguments& arguments, const CommandLine& self);
Result<void> run_rehearse(const Arguments& arguments, const CommandLine& self);

}  // namespace dba::cli
