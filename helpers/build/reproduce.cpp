#include "build/reproduce.hpp"

#include <fmt/format.h>
#include <sched.h>
#include <unistd.h>

#include <algorithm>
#include <optional>

#include "system/files/archive.hpp"
#include "system/files/digest.hpp"
#include "system/files/files.hpp"
#include "system/files/tree.hpp"
#include "system/host.hpp"
#include "system/process/environment.hpp"
#include "system/process/scratch.hpp"

namespace dba {
namespace {

constexpr std::size_t diffoscope_bytes = 20000;  // of its text, which can be as long as a package

// Enters the directory of another length than the first build's by some bytes: what holds a path
// then differs in size too.
fs::path place_for(const fs::path& root, const fs::path& first) {
    std::string name = "again";
    while ((root / name / "work").string().size() < first.string().size() + 7 && name.size() < 200)
        name += "-and-again";
    return root / name;
}

// A cache without what was built from source distributions, which would hide that they are built
// otherwise each time; what was downloaded is the first cache's.
Result<void> cache_without_builds(const fs::path& cache, const fs::path& fresh) {
    TRY(make_directories(fresh));
    for (const fs::path& path : paths_in(cache)) {
        const std::string name = path.filename();
        if (name.starts_with("sdists-") || name.starts_with("builds-") || name == "wheels" ||
            name.starts_with(".") || !directory_exists(path))
            continue;
        TRY(make_symlink(path, fresh / name));
    }
    return {};  // no cache is no error: everything is downloaded again
}

std::optional<int> one_processor() {
    cpu_set_t allowed;
    CPU_ZERO(&allowed);
    if (::sched_getaffinity(0, sizeof allowed, &allowed) != 0 || CPU_COUNT(&allowed) < 2) return {};
    for (int i = CPU_SETSIZE; i-- > 0;)
        if (CPU_ISSET(i, &allowed)) return i;
    return {};
}

struct Variation {
    std::vector<std::string> prefix;  // words before the program's
    Environment environment;
    std::vector<std::string> varied, left_out;
};

Result<Variation> vary(const fs::path& place, System& system) {
    Variation variation;
    variation.environment = own_environment();
    Environment& environment = variation.environment;

    // Names in which neither a program nor a locale need exist: what looks at them differs.
    environment["LANG"] = environment["LC_ALL"] = "tr_TR.UTF-8";
    environment["TZ"] = "XST-12:45";
    environment["PYTHONHASHSEED"] = "4242";
    environment["USER"] = environment["LOGNAME"] = "somebody-else";
    environment["PATH"] += ":/nonexistent/again";
    variation.varied = {"directory",      "locale tr_TR.UTF-8", "time zone XST-12:45",
                        "hash seed 4242", "umask 0077",         "time of the build"};
    Environment caches = environment;
    pass_connection_settings(caches);
    for (const char* name : {"UV_CACHE_DIR", "PIP_CACHE_DIR"}) {
        TRY(cache_without_builds(caches[name], place / name));
        environment[name] = place / name;
    }

    if (const fs::path library = faketime_library(); !library.empty()) {
        // A day, for which certificates of servers still hold. Not the monotonic clock, by which
        // programs wait, nor the times of files, which may be the package's own.
        environment["LD_PRELOAD"] = library;
        environment["FAKETIME"] = "+1d";
        environment["FAKETIME_DONT_FAKE_MONOTONIC"] = "1";
        environment["NO_FAKE_STAT"] = "1";
        variation.varied.emplace_back("clock a day ahead");
    } else {
        variation.left_out.emplace_back("clock: libfaketime is not installed");
    }

    // A user namespace gives the same user another number, with all access to the same files.
    const std::string user = std::to_string(::geteuid() + 1234);
    const std::vector<std::string> enter{"unshare", "--user", "--map-user=" + user,
                                         "--map-group=" + user};
    Command tried{enter, environment, "/", {}};
    tried.argv.emplace_back("true");
    const auto entered = system.processes.run(tried);
    if (entered && entered->status == 0) {
        variation.prefix = enter;
        variation.varied.push_back("user id " + user);
    } else {
        variation.left_out.push_back(
            "user id: no user namespace here (" +
            (entered ? last_lines(entered->err, 1) : entered.error().cause) + ")");
    }
    if (const auto processor = one_processor()) {
        for (const std::string& word :
             {std::string("taskset"), std::string("--cpu-list"), std::to_string(*processor)})
            variation.prefix.push_back(word);
        variation.varied.emplace_back("one processor");
    } else {
        variation.left_out.emplace_back("number of processors: there is one only");
    }
    for (const char* word : {"sh", "-c", "umask 0077; exec \"$@\"", "sh"})
        variation.prefix.emplace_back(word);
    return variation;
}

Result<void> build_again(const BuildOptions& options, const Built& built, const fs::path& place,
                         const Variation& variation, System& system) {
    const fs::path work = place / "work";
    TRY(make_directories(work));
    if (const fs::path lock = options.work / "lock"; directory_exists(lock))
        TRY(copy_tree(lock, work / "lock"));
    const fs::path pin = options.pin.empty() ? options.work / "pin.json" : options.pin;
    if (path_exists(pin)) TRY(dba::copy_file(pin, place / "pin.json"));
    Command command;
    command.argv = variation.prefix;
    for (const std::string& word : own_command()) command.argv.push_back(word);
    for (const std::string& word :
         {std::string("build"), std::string("--declaration"), options.declaration.string(),
          std::string("--work"), work.string(), std::string("--pin"), (place / "pin.json").string(),
          std::string("--cache-dir"), std::string("OFF"), std::string("--output"),
          (place / "out" / (built.manifest.name + ".deb")).string()})
        command.argv.push_back(word);
    if (!options.for_suite.empty()) {
        command.argv.emplace_back("--for-suite");
        command.argv.push_back(options.for_suite);
    }
    if (!options.joined.empty()) {
        command.argv.emplace_back("--joined");
        command.argv.push_back(options.joined.string());
    }
    if (!options.target_root.empty()) {
        command.argv.emplace_back("--target-root");
        command.argv.push_back(options.target_root.string());
    }
    command.environment = variation.environment;
    command.directory = place;
    TRY_ASSIGN(const Completed ran, system.processes.run(command));
    if (ran.status == 0) return {};
    // The first build went well, so that this one did not is its lack of reproducibility.
    return Failure(Error{ExitCode::failed_check,
                         "reproduce",
                         built.deb.filename(),
                         fmt::format("built again under other circumstances ({}), its build "
                                     "failed:\n{}",
                                     fmt::join(variation.varied, ", "), last_lines(ran.err, 12)),
                         {}});
}

// What the contents of the first differing file differ in.
Result<void> look_inside(const fs::path& first, Reproduced& result, const fs::path& scratch,
                         System& system) {
    const auto found = std::find_if(result.differences.begin(), result.differences.end(),
                                    [](const auto& one) { return one.contents; });
    if (found == result.differences.end()) return {};
    TRY(make_directories(scratch / "first"));
    TRY(make_directories(scratch / "second"));
    TRY(extract_deb(first, scratch / "first", Origin::own));
    TRY(extract_deb(result.other, scratch / "second", Origin::own));
    const fs::path mine = scratch / "first" / found->path.substr(1);
    const fs::path other = scratch / "second" / found->path.substr(1);
    TRY_ASSIGN(const std::string a, read_file(mine));
    TRY_ASSIGN(const std::string b, read_file(other));
    found->nature = "contents differ at " + deb::describe_bytes(a, b);
    const auto diffoscope = find_in_path("diffoscope");
    if (!diffoscope) return {};
    Command command;
    command.argv = {diffoscope->string(), "--text",      "-",
                    "--no-progress",      mine.string(), other.string()};
    command.environment = clean_environment(scratch, 0);
    TRY_ASSIGN(const Completed ran, system.processes.run(command));
    result.diffoscope = ran.out.substr(0, diffoscope_bytes);
    return {};
}

}  // namespace

Result<Reproduced> reproduce(const BuildOptions& options, const Built& built, System& system) {
    Reproduced result;
    TRY_ASSIGN(result.sha256, sha256_file(built.deb));
    TRY_ASSIGN(const auto scratch, ScratchDirectory::make());
    const fs::path& root = scratch->path();
    const auto compare = [&]() -> Result<void> {
        const fs::path place = place_for(root, options.work);
        TRY(make_directories(place));
        TRY_ASSIGN(const Variation variation, vary(place, system));
        result.varied = variation.varied;
        result.left_out = variation.left_out;
        system.log.step("reproduce", fmt::format("building again with another {}",
                                                 fmt::join(variation.varied, ", ")));
        for (const auto& reason : variation.left_out)
            system.log.warning("reproduce", "not varied: " + reason);
        TRY(build_again(options, built, place, variation, system));
        const fs::path again = place / "out" / (built.manifest.name + ".deb");
        TRY_ASSIGN(result.differences, deb::deb_differences(built.deb, again));
        if (result.differences.empty()) return {};
        result.other = options.work / "again.deb";
        TRY(dba::copy_file(again, result.other));
        return look_inside(built.deb, result, root / "look", system);
    };
    auto compared = compare();
    TRY(scratch->remove());
    TRY(std::move(compared));
    return result;
}

}  // namespace dba
