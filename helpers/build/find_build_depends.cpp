#include "build/find_build_depends.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <memory>

#include "build/build.hpp"
#include "build/in_suite.hpp"
#include "build/missing_package.hpp"
#include "formats/debian/package_choice.hpp"
#include "formats/text/text.hpp"
#include "model/json.hpp"
#include "steps/resolve/suite.hpp"
#include "system/debian/dpkg.hpp"
#include "system/debian/index.hpp"
#include "system/files/digest.hpp"
#include "system/files/files.hpp"
#include "system/files/opened_watch.hpp"

namespace dba {
namespace {

constexpr const char* find_step = "build-deps";

// What no build opens, in directories of its own.
bool is_documentation(std::string_view path) {
    return path.starts_with("/usr/share/doc/") || path.starts_with("/usr/share/man/") ||
           path.starts_with("/usr/share/locale/") || path.starts_with("/usr/share/lintian/");
}

// The last error of a run of this program, without what it said before.
std::string last_error(const std::string& said) {
    const auto at = said.rfind("deb-build-app: ");
    return std::string(
        text::trim(at == std::string::npos ? last_lines(said, 12) : said.substr(at)));
}

class Finder {
 public:
    Finder(const FindRequest& request, std::string suite, ProcessRunner& processes, Log& log)
        : request_(request), suite_(std::move(suite)), processes_(processes), log_(log) {}

    Result<FoundList> run() {
        TRY(prepare());
        while (true) {
            TRY_ASSIGN(const Completed done, build_once());
            if (done.status != 0) {
                TRY(add_what_is_missing(done));
                continue;
            }
            TRY_ASSIGN(const bool is_settled, leave_out());
            if (is_settled) break;
        }
        return result();
    }

 private:
    Result<void> prepare() {
        const BuildOptions& given = request_.options;
        TRY_ASSIGN(declaration_, read_declaration(given.declaration));
        TRY(steps::refuse_target_root(declaration_, suite_));
        TRY(require_namespaces(suite_));
        TRY_ASSIGN(auto mirrors, steps::mirrors_of(declaration_, suite_));
        TRY_ASSIGN(root_, open_root(building_root(suite_, std::move(mirrors)),
                                    {request_.roots, request_.root_age, find_step},
                                    roots_environment(), processes_, log_));
        options_ = given;
        options_.cache = {};  // what was built before hides what building it takes
        options_.work = given.work / ("find-" + suite_);
        options_.for_suite = suite_;
        const std::string name =
            fmt::format("find-{}-{}", suite_, sha256_hex(options_.work.string()).substr(0, 12));
        TRY_ASSIGN(auto made, WritableRoot::make(root_, request_.roots, name, roots_environment(),
                                                 processes_, log_));
        writable_ = std::make_unique<WritableRoot>(std::move(made));
        missing_ = std::make_unique<MissingPackage>(root_, *writable_, processes_, log_);
        environment_ = environment_inside();
        // Wheels that were built at another time would hide what building them takes.
        environment_["UV_CACHE_DIR"] = (options_.work / "cache/uv").string();
        environment_["PIP_CACHE_DIR"] = (options_.work / "cache/pip").string();
        TRY(start_anew());
        TRY_ASSIGN(const DpkgDatabase database, DpkgDatabase::open(root_.tree));
        for (const auto& [package, installed] : database.packages()) base_.insert(package);
        for (const std::string& relation : declaration_.build_depends)
            chosen_.push_back({relation, ""});
        TRY(writable_->satisfy(declaration_.build_depends));
        return {};
    }

    // Without anything that was built; what was downloaded stays.
    Result<void> start_anew() {
        for (const fs::path& path : paths_in(options_.work))
            if (path.filename() != "cache" && path.filename() != "git") TRY(remove_tree(path));
        for (const fs::path& path : paths_in(options_.work / "cache/uv"))
            if (const std::string name = path.filename();
                name.starts_with("sdists-") || name.starts_with("builds-"))
                TRY(remove_tree(path));
        TRY(remove_tree(options_.work / "cache/pip/wheels"));
        TRY(make_directories(options_.work));
        // It is asked for what is declared no more: that changes here.
        Declaration copy = declaration_;
        copy.build_depends.clear();
        options_.declaration = options_.work / request_.options.declaration.filename();
        return write_file(options_.declaration, json_text(json_of(copy)));
    }

    [[nodiscard]] std::vector<std::string> relations() const {
        std::vector<std::string> out;
        for (const FoundPackage& one : chosen_) out.push_back(one.relation);
        return out;
    }

    Result<Completed> build_once() {
        ++builds_;
        log_.step(find_step,
                  fmt::format("{}: building with {}", suite_,
                              chosen_.empty() ? "what every root has"
                                              : fmt::format("{}", fmt::join(relations(), ", "))));
        const fs::path failure = options_.work / "failure";
        TRY(remove_tree(failure));
        TRY_ASSIGN(auto watch, watch_packages());
        std::vector<std::string> arguments{"finish",
                                           "--declaration",
                                           options_.declaration.string(),
                                           "--work",
                                           options_.work.string(),
                                           "--for-suite",
                                           suite_,
                                           "--failure",
                                           failure.string(),
                                           "--cache-dir",
                                           "OFF"};
        if (!options_.pin.empty())
            arguments.insert(arguments.end(), {"--pin", options_.pin.string()});
        TRY_ASSIGN(Completed done,
                   run_in_root({options_, declaration_, arguments, environment_, root()},
                               processes_, log_));
        TRY(take_opened(std::move(watch)));
        // What the command that failed said, and not only what this program made of it.
        TRY_ASSIGN(const auto said, read_file_if_exists(failure));
        done.out = said.value_or("");
        return done;
    }

    [[nodiscard]] const fs::path& root() const { return writable_->tree(); }

    // Nothing, with a warning, when this machine cannot watch them.
    Result<std::unique_ptr<OpenedWatch>> watch_packages() {
        TRY_ASSIGN(const DpkgDatabase database, DpkgDatabase::open(root()));
        std::map<std::string, std::vector<fs::path>> groups;
        for (const auto& [name, package] : database.packages()) {
            if (base_.contains(name)) continue;
            const std::string list = database.info(package, "list").value_or("");
            for (const std::string_view line : text::split(list, '\n'))
                if (line.size() > 1 && !is_documentation(line))
                    groups[name].push_back(root() / line.substr(1));
        }
        if (doubt_) return std::unique_ptr<OpenedWatch>();
        auto watch = OpenedWatch::start(groups);
        if (!watch) doubt_ = watch.error();
        return watch ? std::move(*watch) : std::unique_ptr<OpenedWatch>();
    }

    Result<void> take_opened(std::unique_ptr<OpenedWatch> watch) {
        if (!watch) return {};
        auto opened = watch->stop();
        if (opened)
            opened_.merge(*opened);
        else
            doubt_ = opened.error();
        return {};
    }

    Result<void> add_what_is_missing(const Completed& done) {
        TRY_ASSIGN(const auto found, missing_->look_up(done.out.empty() ? done.err : done.out));
        if (found.empty()) return stuck(done);
        std::vector<std::string> packages;
        for (const MissingPackage::Answer& one : found) {
            log_.step(find_step, fmt::format("{}: {}", suite_, one.told));
            for (const std::string& package : one.packages) {
                packages.push_back(package);
                if (is_chosen(package)) continue;
                chosen_.push_back({package, one.asked_for});
                if (is_reduced_) proven_.insert(package);
            }
        }
        return writable_->install(packages);
    }

    [[nodiscard]] bool is_chosen(const std::string& package) const {
        return std::any_of(chosen_.begin(), chosen_.end(),
                           [&](const FoundPackage& chosen) { return chosen.relation == package; });
    }

    [[nodiscard]] Failure stuck(const Completed& done) const {
        std::string cause =
            fmt::format("its build for {} stops{}:\n{}", suite_,
                        missing_->searched().empty() ? ", and not for want of a Debian package"
                                                     : ", and nothing in the suite helps",
                        last_error(done.err));
        for (const std::string& one : missing_->searched()) cause += "\nsearched for: " + one;
        if (!chosen_.empty())
            cause += fmt::format("\nfound so far: BUILD_DEPENDS {}", fmt::join(relations(), ", "));
        return Failure(Error{ExitCode::failed_check, find_step, declaration_.name, cause,
                             "mend what stops it, or name its package in BUILD_DEPENDS, and search "
                             "again: what is declared is where the search begins"});
    }

    // What each of the chosen ones brings: nothing that the clean root has.
    [[nodiscard]] Result<std::vector<Installed>> installed() const {
        TRY_ASSIGN(const DpkgDatabase database, DpkgDatabase::open(root()));
        std::vector<Installed> out;
        for (const FoundPackage& one : chosen_) {
            TRY_ASSIGN(const auto relations, parse_relations(one.relation));
            Installed item{one.relation, {}, proven_.contains(one.relation)};
            for (const InstalledPackage* package : database.closure(relations))
                if (!base_.contains(package->name)) item.brings.insert(package->name);
            out.push_back(std::move(item));
        }
        return out;
    }

    // True when nothing of what is installed went: the list is then the one that was built with.
    Result<bool> leave_out() {
        if (doubt_) {
            log_.warning(find_step,
                         fmt::format("which packages the build has opened cannot be told, so all "
                                     "are listed: {} ({})",
                                     doubt_->cause, doubt_->hint));
            return true;
        }
        TRY_ASSIGN(const auto all, installed());
        const auto needed = needed_of(all, opened_);
        std::set<std::string> stays;
        for (const Installed& one : needed) stays.insert(one.brings.begin(), one.brings.end());
        std::vector<std::string> going;
        std::vector<FoundPackage> kept;
        for (std::size_t i = 0; i < all.size(); ++i) {
            const bool is_needed =
                std::any_of(needed.begin(), needed.end(),
                            [&](const Installed& one) { return one.relation == all[i].relation; });
            if (is_needed) {
                kept.push_back(chosen_[i]);
                continue;
            }
            note_unneeded(chosen_[i], all[i]);
            TRY_ASSIGN(const auto names, names_of(chosen_[i].relation));
            for (const std::string& name : names)
                if (!stays.contains(name)) going.push_back(name);
        }
        chosen_ = std::move(kept);
        if (going.empty()) return true;
        log_.step(find_step, fmt::format("{}: nothing of {} was opened: building from nothing "
                                         "without",
                                         suite_, fmt::join(going, ", ")));
        TRY(writable_->drop(going));
        is_reduced_ = true;
        opened_.clear();
        missing_->forget();
        TRY(start_anew());
        return false;
    }

    void note_unneeded(const FoundPackage& one, const Installed& item) {
        if (!one.asked_for.empty()) return;
        const bool is_used = std::any_of(item.brings.begin(), item.brings.end(),
                                         [&](const auto& name) { return opened_.contains(name); });
        unneeded_.push_back(fmt::format("{} ({})", one.relation,
                                        item.brings.empty() ? "every root has it"
                                        : is_used           ? "another one brings it"
                                                            : "no file of it was opened"));
    }

    // Of the packages that are there because of a relation.
    [[nodiscard]] Result<std::vector<std::string>> names_of(const std::string& text) const {
        TRY_ASSIGN(const DpkgDatabase database, DpkgDatabase::open(root()));
        TRY_ASSIGN(const auto relations, parse_relations(text));
        std::vector<std::string> out;
        for (const auto& alternatives : relations)
            for (const Relation& relation : alternatives)
                if (database.find(relation.package) != nullptr && !base_.contains(relation.package))
                    out.push_back(relation.package);
        return out;
    }

    Result<FoundList> result() {
        writable_.reset();
        const auto found = std::find_if(chosen_.begin(), chosen_.end(),
                                        [](const auto& one) { return !one.asked_for.empty(); });
        std::sort(found, chosen_.end(),
                  [](const auto& a, const auto& b) { return a.relation < b.relation; });
        for (const fs::path& path : paths_in(options_.work))
            if (path.filename() != "cache") TRY(remove_tree(path));
        const fs::path lists = root_.tree / fs::path(apt_lists).relative_path();
        return FoundList{suite_, chosen_, unneeded_, lists, builds_};
    }

    const FindRequest& request_;
    std::string suite_;
    ProcessRunner& processes_;
    Log& log_;

    Declaration declaration_;
    BuildOptions options_;  // of each build
    Environment environment_;
    KeptRoot root_;
    std::unique_ptr<WritableRoot> writable_;
    std::unique_ptr<MissingPackage> missing_;
    std::set<std::string> base_;  // packages of the clean root
    std::vector<FoundPackage> chosen_;
    std::vector<std::string> unneeded_;
    std::set<std::string> opened_, proven_;
    std::optional<Error> doubt_;  // of `opened_`
    bool is_reduced_ = false;
    int builds_ = 0;
};

}  // namespace

Result<FoundList> find_build_depends(const FindRequest& request, const std::string& suite,
                                     ProcessRunner& processes, Log& log) {
    return Finder(request, suite, processes, log).run();
}

}  // namespace dba
