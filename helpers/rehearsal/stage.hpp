// What the acts of a rehearsal share: the machine, what is installed on it, what is expected of it.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "rehearsal/acts.hpp"
#include "rehearsal/look.hpp"

namespace dba::rehearsal {

// One act while it is played.
struct Attempt {
    std::string seen;                   // in words, when nothing is wrong
    std::vector<std::string> problems;  // what is
    std::string output;                 // of dpkg, when it failed
    std::set<std::string> services;     // programs of the services that have to do with it
    bool may_pass = false;              // a problem that waiting may mend
};

// Where its .deb lies on the machine.
std::string path_inside(const RehearsedPackage& package);

class Stage {
 public:
    Stage(const RehearsalPlan& plan, Container& container, Log& log);

    // Plays one act and adds its row; false when it failed. `play` fills the attempt in; its Error
    // is a failure of the act too.
    bool act(const std::string& name, const std::string& done, const std::string& expected,
             const std::function<Result<void>(Attempt&)>& play);
    void leave_out(const std::string& name, const std::string& done, const std::string& why);

    // ---- what is done

    // dpkg with these words; what it says is kept for the attempt when its status is another than
    // whether it is to succeed.
    Result<void> dpkg(std::vector<std::string> words, bool succeeds, Attempt& attempt);
    Result<void> install(const RehearsedPackage& package, Attempt& attempt,
                         const std::vector<std::string>& options = {});
    // What an administrator says to the runner: "start" or "stop".
    Result<void> tell(const DescribedService& service, const std::string& verb);
    // A script of `above` fails from now on, or no longer.
    Result<void> let_fail(const std::string& script, bool fails);
    Result<void> edit_conffiles();

    // ---- what is expected

    // This version is installed, its services are as wanted, the conffiles as edited. Waits for it.
    // `mains`: the main processes that must be the very same, or must not, by program.
    enum class Mains { any, same, others };
    Result<void> expect(const RehearsedPackage& package, Attempt& attempt, Mains mains = Mains::any,
                        const std::map<std::string, std::vector<int>>& before = {});
    Result<void> expect_conffiles(Attempt& attempt);
    Result<void> expect_nothing_runs(Attempt& attempt);
    Result<std::map<std::string, std::vector<int>>> mains_of(const RehearsedPackage& package);

    // ---- what is known

    // The machine before the package: its files, users and failures.
    Result<void> remember_machine();
    [[nodiscard]] std::string conffiles_text() const;
    // "1.0-1 is installed; web, clock run; conffiles as edited"
    [[nodiscard]] std::string installed_text(const RehearsedPackage& package) const;
    // "web, clock run", or "web, clock stay stopped".
    [[nodiscard]] std::string services_text(const RehearsedPackage& package) const;

    std::map<std::string, std::string> files_before;
    std::map<std::string, unsigned> users_before;
    std::set<std::string> failed_before;
    bool stopped = false;                       // by the administrator, all of them
    const RehearsedPackage* current = nullptr;  // what is installed, when all goes well
    std::map<std::string, std::string> edited;  // conffile -> contents
    std::vector<RehearsalRow> rows;

    const RehearsalPlan& plan;
    Container& container;

 private:
    // What runs of a package: main processes and numbers of processes, by program.
    struct Running {
        std::map<std::string, std::vector<int>> mains;
        std::map<std::string, std::size_t> counts;
        bool operator==(const Running&) const = default;
    };
    Result<void> judge(const RehearsedPackage& package, Mains mains,
                       const std::map<std::string, std::vector<int>>& before, Attempt& attempt,
                       Running& now);
    Result<void> judge_service(const RehearsedPackage& package, const DescribedService& service,
                               const PackageSeen& seen, Attempt& attempt);
    Result<void> discover(const RehearsedPackage& package);
    void restore();
    [[nodiscard]] RehearsedPackage with_former(const RehearsedPackage& package) const;
    [[nodiscard]] bool is_known(const std::string& program) const;
    [[nodiscard]] bool has_own_user(const RehearsedPackage& package) const;

    Log& log_;
    // The processes of each service of a version, counted when it first ran as it should.
    std::map<std::string, std::map<std::string, std::size_t>> counts_;
    // For packages that do not describe themselves: services by program, and whether each starts at
    // boot, as the first installation had it; those that do not last are not in it.
    std::optional<std::map<std::string, bool>> discovered_;
};

}  // namespace dba::rehearsal
