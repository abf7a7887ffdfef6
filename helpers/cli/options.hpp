// What the commands share: cxxopts behind Result, and the outside world for one run.
#pragma once

#include <cxxopts.hpp>
#include <memory>
#include <optional>

#include "build/build.hpp"
#include "cli/commands.hpp"
#include "system/system.hpp"

namespace dba::cli {

// A command's options with the summary and one example line in its --help.
cxxopts::Options make_options(const CommandLine& self, const std::string& positional,
                              const std::string& example);

// The parsed options, or nothing when --help was asked for and printed.
Result<std::optional<cxxopts::ParseResult>> parse(cxxopts::Options& options,
                                                  const Arguments& arguments);

void add_build_options(cxxopts::Options& options);
Result<BuildOptions> build_options(const cxxopts::ParseResult& parsed);

// With --suite, the command run inside a root of it, and what it printed; else nothing.
Result<std::optional<std::string>> run_in_suite(const std::string& command,
                                                const cxxopts::ParseResult& parsed,
                                                const BuildOptions& options);

// Real processes, libgit2, stderr and the store of `work`.
class Outside {
 public:
    static Result<std::unique_ptr<Outside>> open(const std::filesystem::path& work);
    System& system() { return system_; }

 private:
    Outside(const std::filesystem::path& work, const std::string& program);
    RealProcessRunner processes_;
    std::unique_ptr<Git> git_;
    StderrLog log_;
    Store store_;
    System system_;
};

void print(const std::string& text);  // a result, on stdout

}  // namespace dba::cli
