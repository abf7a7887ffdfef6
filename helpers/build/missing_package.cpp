#include "build/missing_package.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "build/in_suite.hpp"
#include "system/debian/contents.hpp"
#include "system/debian/dpkg.hpp"
#include "system/debian/fetch_contents.hpp"

namespace dba {
namespace {

bool is_of_python(const std::string& header) {
    return header == "Python.h" || header == "pyconfig.h";
}

// Recommended by each of them, and no program is compiled without.
std::vector<std::string> with_companions(const std::string& package) {
    if (package == "gcc" || package == "clang") return {package, "libc6-dev"};
    return {package};
}

}  // namespace

Result<std::vector<MissingPackage::Answer>> MissingPackage::look_up(const std::string& output) {
    std::vector<Answer> answers;
    searched_.clear();
    for (const auto& group : missing_pieces(output)) {
        for (const MissingPiece& piece : group) TRY(answer(piece, answers));
        if (!answers.empty()) break;
    }
    return answers;
}

Result<bool> MissingPackage::is_there(const std::string& package) const {
    TRY_ASSIGN(const DpkgDatabase database, DpkgDatabase::open(writable_.tree()));
    return database.find(package) != nullptr;
}

Result<bool> MissingPackage::answer(const MissingPiece& piece, std::vector<Answer>& answers) {
    const auto sought = sought_file(piece);
    if (!sought) return false;
    const auto is_answered = [&](const std::string& package) {
        return std::any_of(answers.begin(), answers.end(), [&](const Answer& one) {
            return std::find(one.packages.begin(), one.packages.end(), package) !=
                   one.packages.end();
        });
    };
    const std::string what = fmt::format("{} {}", sought->what, piece.name);
    std::string told;
    TRY_ASSIGN(std::string package, known_package(piece, sought->file));
    if (package.empty()) {
        TRY_ASSIGN(const auto choices, owners(piece, sought->file));
        if (choices.empty()) {
            searched_.push_back(fmt::format("the {} (a path that ends in {}, in {})", what,
                                            path_end_of(sought->file, piece.name),
                                            contents_.empty()
                                                ? "the table of the commonest alone, as the "
                                                  "suite's indexes of contents cannot be had"
                                                : "the suite's indexes of contents"));
            return false;
        }
        package = choices.front().package;
        if (choices.size() > 1)
            told = fmt::format(" ({} has it too: {})", choices[1].package,
                               why_better(sought->file, choices[0], choices[1]));
    }
    tried_[piece].insert(package);
    if (is_answered(package)) return true;
    answers.push_back({with_companions(package), what,
                       fmt::format("the build looks for the {}: {}{}", what, package, told)});
    return true;
}

// The usual one, where the suite has it and it goes with what is installed.
Result<std::string> MissingPackage::known_package(const MissingPiece& piece, BuildFile file) {
    std::string package = file == BuildFile::header && is_of_python(piece.name)
                              ? "python3-dev"
                              : build_package(file, piece.name);
    if (package.empty() || tried_[piece].contains(package)) return std::string();
    TRY_ASSIGN(const bool there, is_there(package));
    if (there) return std::string();
    TRY_ASSIGN(const AptPlan plan, writable_.plan(package));
    return plan.possible && plan.removed.empty() ? package : std::string();
}

// By the suite's indexes of contents, the best first.
Result<std::vector<PackageChoice>> MissingPackage::owners(const MissingPiece& piece,
                                                          BuildFile file) {
    TRY_ASSIGN(const auto lists, contents());
    TRY_ASSIGN(const DpkgDatabase database, DpkgDatabase::open(writable_.tree()));
    std::map<std::string, PackageChoice> best;
    for (const FileOwner& owner : owners_by_contents(lists, file, piece.name)) {
        if (tried_[piece].contains(owner.package) || database.find(owner.package) != nullptr)
            continue;
        const std::size_t detour = detour_of(file, owner.path, piece.name);
        const auto [known, is_new] =
            best.try_emplace(owner.package, PackageChoice{owner.package, owner.section, detour});
        known->second.detour = std::min(known->second.detour, detour);
    }
    std::vector<PackageChoice> choices;
    choices.reserve(best.size());
    for (auto& [name, choice] : best) choices.push_back(std::move(choice));
    choices = ranked(file, std::move(choices));
    TRY(ask_apt(file, choices));
    return choices;
}

// What the likeliest of them would bring along, and whether they go with what is there.
Result<void> MissingPackage::ask_apt(BuildFile file, std::vector<PackageChoice>& choices) {
    constexpr std::size_t asked = 5;
    if (choices.size() > asked) choices.resize(asked);
    if (choices.empty()) return {};
    TRY_ASSIGN(const DpkgDatabase database, DpkgDatabase::open(writable_.tree()));
    std::set<std::string> sources;
    for (const auto& [name, package] : database.packages())
        if (name.ends_with("-dev")) sources.insert(package.source);
    std::vector<std::string> names;
    names.reserve(choices.size());
    for (const PackageChoice& one : choices) names.push_back(one.package);
    TRY_ASSIGN(const auto made_of, writable_.sources(names));
    for (std::size_t i = 0; i < choices.size(); ++i) {
        TRY_ASSIGN(const AptPlan plan, writable_.plan(choices[i].package));
        choices[i].removes = !plan.possible || !plan.removed.empty();
        choices[i].brings = plan.installed.size();
        choices[i].is_kin = sources.contains(made_of[i]);
    }
    choices = ranked(file, std::move(choices));
    return {};
}

Result<std::vector<std::filesystem::path>> MissingPackage::contents() {
    if (has_asked_for_contents_) return contents_;
    has_asked_for_contents_ = true;
    TRY_ASSIGN(const DpkgDatabase database, DpkgDatabase::open(root_.tree));
    for (const std::string& architecture : {database.architecture(), std::string("all")}) {
        const auto fetched = fetch_contents(root_, architecture, "build-deps", roots_environment(),
                                            processes_, log_);
        if (fetched)
            contents_.push_back(*fetched);
        else
            log_.warning("build-deps",
                         fmt::format("an index of contents cannot be had, so files are looked for "
                                     "without it: {}",
                                     fetched.error().cause));
    }
    return contents_;
}

}  // namespace dba
