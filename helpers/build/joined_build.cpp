#include "build/joined_build.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

#include "build/build.hpp"
#include "formats/debian/version.hpp"
#include "formats/text/text.hpp"
#include "model/joined_suites.hpp"
#include "needs/library_needs.hpp"
#include "needs/suite_answer.hpp"
#include "steps/resolve/suite.hpp"
#include "steps/resolve/target.hpp"
#include "steps/verify/installable.hpp"
#include "system/debian/dpkg.hpp"
#include "system/debian/solvers.hpp"
#include "system/files/digest.hpp"
#include "system/files/file_lock.hpp"
#include "system/files/files.hpp"
#include "system/host.hpp"

namespace dba {
namespace {

// The C library of the lowest suite is the floor of all.
struct OneSuite {
    std::string name;
    std::vector<std::string> mirrors;
    KeptRoot building;
    KeptRoot bare;  // nothing but what every host has
    std::string c_library, python, suffix;
};

std::string version_in(const DpkgDatabase& packages, const char* name) {
    const InstalledPackage* package = packages.find(name);
    return package == nullptr ? std::string() : package->version;
}

// "3.11" of "3.11.2-1+b1".
std::string minor_of(const std::string& version) {
    return version.substr(0, version.find('.', version.find('.') + 1));
}

Result<std::string> suffix_of(const fs::path& tree, const std::string& suite) {
    TRY_ASSIGN(const std::string text, os_release_text(tree));
    return steps::suite_suffix(text, suite);
}

std::string state_of(const std::string& suite, const KeptRoot& root) {
    return fmt::format("{} {}", suite, read_file(root.note).value_or(""));
}

RootRequest bare_root(const OneSuite& suite, const std::vector<std::string>& relations = {}) {
    return {suite.name, {}, relations, {}, suite.mirrors};
}

// The suites, and what is found out about them on the way to the package.
class JoinedBuild {
 public:
    JoinedBuild(const SuiteBuild& build, Declaration declaration, ProcessRunner& processes,
                Log& log)
        : build_(build),
          declaration_(std::move(declaration)),
          file_(build.options.work / "joined.json"),
          processes_(processes),
          log_(log) {}

    Result<std::string> run(const std::vector<std::string>& names) {
        TRY(steps::refuse_target_root(declaration_, build_.options.for_suite));
        TRY(make_directories(build_.options.work));
        // Two builds with one work directory: what the one notes there is not the other's.
        TRY_ASSIGN(const Descriptor lock,
                   lock_file(build_.options.work / "joined.lock", FileLock::exclusive, [&] {
                       log_.step("suite",
                                 "waiting for another build in " + build_.options.work.string());
                   }));
        TRY(remove_tree(said_file(file_)));
        for (const std::string& name : names) TRY(open(name));
        std::stable_sort(suites_.begin(), suites_.end(), [](const auto& a, const auto& b) {
            return compare_debian_versions(a.c_library, b.c_library) < 0;
        });
        TRY(refuse_system_python());
        name_them();
        TRY(note());
        static const std::set<std::string> later{"depends", "render", "verify", "build"};
        if (!later.contains(build_.command)) return inside(build_.command, build_.arguments);

        TRY_ASSIGN(const std::string needs, inside("depends", update_of(build_.arguments)));
        TRY(ask_suites(text::trim_right(needs)));
        if (build_.command == "depends") return inside("depends", build_.arguments);

        for (OneSuite& suite : suites_) {
            TRY_ASSIGN(suite.bare, open_kept(bare_root(suite), build_.root_age));
            joined_.bare.push_back({suite.name, suite.bare.tree.string(), ""});
        }
        TRY(note());
        TRY_ASSIGN(const std::string debian, inside("render", {}));
        if (build_.command == "render") return inside("render", build_.arguments);

        TRY(complete_roots(text::trim_right(debian)));
        TRY(note());
        return inside(build_.command, build_.arguments);
    }

 private:
    Result<KeptRoot> open_kept(const RootRequest& request, long long age) {
        return open_root(request, {build_.roots, age, "suite"}, roots_environment(), processes_,
                         log_);
    }

    Result<void> open(const std::string& name) {
        OneSuite suite;
        suite.name = name;
        TRY_ASSIGN(suite.mirrors, steps::mirrors_of(declaration_, name));
        TRY_ASSIGN(suite.building, open_kept(building_root(name, suite.mirrors), build_.root_age));
        TRY_ASSIGN(const DpkgDatabase packages, DpkgDatabase::open(suite.building.tree));
        suite.c_library = version_in(packages, "libc6");
        suite.python = minor_of(version_in(packages, "python3"));
        TRY_ASSIGN(suite.suffix, suffix_of(suite.building.tree, name));
        suites_.push_back(std::move(suite));
        return {};
    }

    // Compiled modules, and the directory that all of them are in, are for one minor version.
    [[nodiscard]] Result<void> refuse_system_python() const {
        if (declaration_.python.mode != "SYSTEM") return {};
        const OneSuite& lowest = suites_.front();
        for (const OneSuite& suite : suites_)
            if (suite.python != lowest.python)
                return bad_input("PYTHON SYSTEM",
                                 fmt::format("{} has Python {}, and {} has {}: one package for "
                                             "both cannot use the host's",
                                             lowest.name, lowest.python, suite.name, suite.python),
                                 fmt::format("PYTHON BUNDLED, or a package a suite: SUITES {}",
                                             names_with(" ")));
        return {};
    }

    [[nodiscard]] std::string names_with(std::string_view joint) const {
        std::string names;
        for (const OneSuite& suite : suites_)
            names += (names.empty() ? "" : std::string(joint)) + suite.name;
        return names;
    }

    void name_them() {
        joined_.name = names_with("+");
        for (std::size_t i = 1; i < suites_.size(); ++i)
            joined_.suffix += steps::joined_suffix(suites_.front().suffix, suites_[i].suffix);
    }

    [[nodiscard]] Result<void> note() const {
        TRY(write_if_changed(file_, to_json_text(joined_)));
        return {};
    }

    static std::vector<std::string> update_of(const std::vector<std::string>& arguments) {
        const auto found = std::find(arguments.begin(), arguments.end(), "--update");
        return found == arguments.end() ? std::vector<std::string>() : std::vector{*found};
    }

    // What this command or a step before it does in the lowest suite's root.
    Result<std::string> inside(const std::string& command,
                               const std::vector<std::string>& arguments) {
        SuiteBuild one = build_;
        one.options.for_suite = suites_.front().name;
        one.options.joined = file_;
        one.command = command;
        one.arguments = arguments;
        one.root_age = 0;  // they are in use by now
        one.name = build_.options.for_suite;
        for (const auto* places : {&joined_.bare, &joined_.complete})
            for (const RootOfSuite& place : *places) one.seen.emplace_back(place.root);
        for (const OneSuite& suite : suites_)
            for (const KeptRoot* root : {&suite.building, &suite.bare})
                if (!root->note.empty()) one.notes.push_back(root->note.string());
        return build_in_suite(one, processes_, log_);
    }

    Result<void> ask_suites(const fs::path& file) {
        TRY_ASSIGN(const std::string text, read_file(file));
        TRY_ASSIGN(const LibraryNeeds needs, parse_library_needs(text, file.string()));
        const Environment environment = roots_environment();
        const DependsTools tools{build_.options.work, environment, processes_, log_};
        for (const OneSuite& suite : suites_) {
            const bool is_lowest = &suite == &suites_.front();
            const RootRequest base =
                building_root(suite.name, suite.mirrors,
                              is_lowest ? declaration_.build_depends : std::vector<std::string>());
            TRY_ASSIGN(joined_.answers.emplace_back(),
                       answer_in_suite(needs, base, {build_.roots, 0, "suite"}, tools));
        }
        return note();
    }

    // A root of each suite with what the package depends on: apt itself has installed it there.
    Result<void> complete_roots(const fs::path& debian) {
        TRY_ASSIGN(auto relations,
                   steps::relations_to_install(debian, build_.options.declaration.parent_path()));
        std::sort(relations.begin(), relations.end());
        TRY(ask_solvers(relations));
        for (const OneSuite& suite : suites_) {
            TRY_ASSIGN(KeptRoot root, open_kept(bare_root(suite, relations), 0));
            joined_.complete.push_back(
                {suite.name, root.tree.string(), sha256_hex(state_of(suite.name, root))});
            complete_.push_back(std::move(root));
        }
        return {};
    }

    // Each suite's own apt, with each solver that it has; once for these roots and relations.
    Result<void> ask_solvers(const std::vector<std::string>& relations) {
        std::string asked = fmt::format("{}\n", fmt::join(relations, "\n"));
        for (const OneSuite& suite : suites_) asked += state_of(suite.name, suite.bare);
        asked = sha256_hex(asked);
        const fs::path solved = build_.options.work / "solved";
        TRY_ASSIGN(const auto before, read_file_if_exists(solved));
        if (before && *before == asked) return {};
        for (const OneSuite& suite : suites_)
            TRY(require_solvable(relations, suite.bare.tree, suite.name, build_.options.work,
                                 processes_, log_));
        return write_file(solved, asked);
    }

    const SuiteBuild& build_;
    Declaration declaration_;
    fs::path file_;
    ProcessRunner& processes_;
    Log& log_;
    std::vector<OneSuite> suites_;  // the lowest first
    std::vector<KeptRoot> complete_;
    JoinedSuites joined_;
};

}  // namespace

fs::path said_file(const fs::path& joined) {
    return fs::path(joined).replace_extension(".said");
}

Result<std::vector<std::string>> suites_of(const std::string& joined) {
    std::vector<std::string> names;
    for (const std::string_view name : text::split(joined, '+')) {
        if (std::find(names.begin(), names.end(), name) != names.end())
            return bad_input("suite " + joined, fmt::format("{} is named twice", name),
                             "name each suite once");
        names.emplace_back(name);
    }
    if (names.size() < 2 || std::find(names.begin(), names.end(), "") != names.end())
        return bad_input("suite " + joined, "does not name several suites",
                         "codenames joined by +, like bookworm+trixie");
    return names;
}

Result<std::string> build_joined(const SuiteBuild& build, ProcessRunner& processes, Log& log) {
    TRY_ASSIGN(const auto names, suites_of(build.options.for_suite));
    TRY_ASSIGN(Declaration declaration, read_declaration(build.options.declaration));
    return JoinedBuild(build, std::move(declaration), processes, log).run(names);
}

}  // namespace dba
