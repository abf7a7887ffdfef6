#include "steps/resolve/program_version.hpp"

#include <fmt/format.h>
#include <sys/stat.h>

#include <sstream>

#include "system/files/files.hpp"
#include "system/process/environment.hpp"

namespace dba::steps {
namespace {

// What changes with the file; "" for one whose version may change without it.
std::string identity_of(const fs::path& program, const std::string& name) {
    std::error_code failed;
    const fs::path file = fs::canonical(program, failed);
    struct ::stat status {};
    if (failed || file.filename() != name || ::stat(file.c_str(), &status) != 0) return {};
    const auto head = read_head(file, 4);
    if (!head || *head !=
                     "\x7f"
                     "ELF")
        return {};
    return fmt::format("{}\n{} {} {} {}.{:09} {}.{:09}\n", file.string(), status.st_dev,
                       status.st_ino, status.st_size, status.st_mtim.tv_sec, status.st_mtim.tv_nsec,
                       status.st_ctim.tv_sec, status.st_ctim.tv_nsec);
}

std::string version_in_answer(const std::string& answer, const std::string& name) {
    std::istringstream words(answer);
    std::string word;
    if (!(words >> word) || word != name) return {};
    if (!(words >> word) || (word == "version" && !(words >> word))) return {};
    return word.front() >= '0' && word.front() <= '9' ? word : std::string();
}

}  // namespace

Result<std::string> program_version(const std::string& program, const std::string& name,
                                    const std::string& hint, System& system) {
    const std::string identity = identity_of(program, name);
    const fs::path note = system.store.work() / (name + ".version");
    if (!identity.empty())
        if (const auto kept = read_file(note); kept && kept->starts_with(identity))
            return kept->substr(identity.size());
    TRY_ASSIGN(const auto scratch, system.store.scratch("resolve"));
    TRY_ASSIGN(const auto ran,
               system.processes.check(
                   {{program, "--version"}, clean_environment(scratch, 0), scratch, {}}));
    std::string version = version_in_answer(ran.out, name);
    if (version.empty()) return system_error(program, "does not say its version: " + ran.out, hint);
    if (!identity.empty()) TRY(write_if_changed(note, identity + version));
    return version;
}

}  // namespace dba::steps
