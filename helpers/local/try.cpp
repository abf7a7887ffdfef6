#include "local/try.hpp"

#include <fmt/format.h>
#include <poll.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <memory>
#include <set>

#include "formats/text/suggest.hpp"
#include "formats/text/visible.hpp"
#include "local/listening.hpp"
#include "local/started.hpp"
#include "local/try_stage.hpp"
#include "system/files/files.hpp"
#include "system/process/background.hpp"

namespace dba {

namespace {

constexpr int milliseconds_between_looks = 200;

void say(const std::string& name, std::size_t width, const std::string& line) {
    const std::string text = fmt::format("{:<{}} | {}\n", name, width, text::visible(line));
    std::fwrite(text.data(), 1, text.size(), stdout);
    std::fflush(stdout);
}

// The first process of a namespace dies with this one, and all others with it: as long as it is
// none that asks for another signal at its parent's death (setpriv), which a first process may
// ignore.
std::vector<std::string> under_a_shell(const std::vector<std::string>& command) {
    std::vector<std::string> argv{"/bin/sh", "-c", "\"$@\" & wait $! || echo \"exit status $?\"",
                                  "init"};
    argv.insert(argv.end(), command.begin(), command.end());
    return argv;
}

// One that runs, with what it has said so far.
class Running {
 public:
    static Result<std::unique_ptr<Running>> start(const TryStage& stage, const Started& service) {
        std::unique_ptr<Running> running(new Running);
        running->name = service.name;
        running->ends = service.ends;
        TRY_ASSIGN(const Namespace place, stage.enter(service.name));
        Environment environment = service.environment;
        environment["CREDENTIALS_DIRECTORY"] =
            "/run/" + stage.description().package + "/credentials";
        environment["HOME"] = "/var/lib/" + stage.description().package;
        const fs::path log = stage.log_of(service.name);
        TRY_ASSIGN(
            running->process_,
            Background::start(
                {under_a_shell(service.command), environment, service.directory, {}, &place}, log));
        running->log_.open(log);
        return running;
    }

    // The whole lines that are new; with `rest` what no line end has followed yet, too.
    std::vector<std::string> lines(bool rest) {
        std::vector<std::string> out;
        log_.clear();
        for (char c = 0; log_.get(c);) {
            if (c != '\n') {
                line_ += c;
                continue;
            }
            out.push_back(std::move(line_));
            line_.clear();
        }
        if (rest && !line_.empty()) {
            out.push_back(std::move(line_));
            line_.clear();
        }
        return out;
    }

    // Addresses at which it has begun to listen.
    std::vector<std::string> new_addresses(const Listening& listening) {
        std::vector<std::string> out;
        for (const std::string& address : listening.below(process_->pid()))
            if (told_.insert(address).second) out.push_back(address);
        return out;
    }

    bool is_running() { return process_->is_running(); }

    std::string name;
    bool ends = false;  // as it should
    bool ended = false;

 private:
    Running() = default;
    std::unique_ptr<Background> process_;
    std::ifstream log_;
    std::string line_;
    std::set<std::string> told_;
};

using AllRunning = std::vector<std::unique_ptr<Running>>;

// What is new of each; the names of those that have ended since.
std::vector<std::string> look(AllRunning& all, std::size_t width) {
    std::vector<std::string> ended;
    const Listening listening;
    for (const auto& one : all) {
        if (one->ended) continue;
        const bool runs = one->is_running();
        for (const std::string& line : one->lines(!runs)) say(one->name, width, line);
        if (runs) {
            for (const std::string& address : one->new_addresses(listening))
                say(one->name, width, "listens on " + address);
            continue;
        }
        one->ended = true;
        say(one->name, width, "has ended");
        if (!one->ends) ended.push_back(one->name);
    }
    return ended;
}

Result<std::vector<Started>> chosen(const TryStage& stage, const TryOptions& options) {
    TRY_ASSIGN(const auto all, services_in(stage.tree(), stage.description()));
    std::vector<std::string> names;
    for (const Started& one : all) names.push_back(one.name);
    for (const std::string& wanted : options.services)
        if (std::find(names.begin(), names.end(), wanted) == names.end()) {
            const std::string near = nearest(wanted, names);
            return usage_error("--service " + wanted, "is no service of the package",
                               near.empty()
                                   ? fmt::format("its services: {}", fmt::join(names, ", "))
                                   : "did you mean " + near + "?");
        }
    std::vector<Started> out;
    for (const Started& one : all) {
        const bool is_named = std::find(options.services.begin(), options.services.end(),
                                        one.name) != options.services.end();
        if (is_named || (options.services.empty() && !one.by_timer)) out.push_back(one);
    }
    if (out.empty())
        return bad_input(stage.description().package, "has no services to try",
                         all.empty() ? "declare SERVICE in add_venv_deb()"
                                     : "name one that a timer starts: --service NAME");
    return out;
}

Result<void> migrate(const TryStage& stage, const std::string& directory, std::size_t width) {
    TRY_ASSIGN(const auto command, migration_in(stage.tree(), stage.description()));
    if (command.empty()) return {};
    Started step;
    step.name = "migrate";
    step.command = command;
    step.directory = directory;
    step.environment = {{"PATH", "/usr/local/bin:/usr/bin:/bin"}, {"LANG", "C.UTF-8"}};
    step.command.back() += "\ntouch /run/migrated\n";
    AllRunning one;
    TRY_ASSIGN(auto running, Running::start(stage, step));
    one.push_back(std::move(running));
    while (look(one, width).empty()) ::poll(nullptr, 0, milliseconds_between_looks);
    if (stage.migrated()) return {};
    return Failure(Error{ExitCode::failed_check, "try", "MIGRATE", "has failed, see above",
                         "mend it; settings that it needs: --env NAME=VALUE, or --etc DIR; or "
                         "--no-migrate"});
}

}  // namespace

Result<void> try_package(const TryOptions& options) {
    TRY_ASSIGN(TryStage stage, TryStage::prepare(options));
    TRY_ASSIGN(const auto services, chosen(stage, options));
    std::size_t width = std::string_view("migrate").size();
    for (const Started& one : services) width = std::max(width, one.name.size());
    for (const std::string& file : stage.changed()) say("try", width, "another port in " + file);
    if (options.migrates) TRY(migrate(stage, services.front().directory, width));

    AllRunning all;
    for (const Started& one : services) {
        for (const std::string& name : one.credentials)
            if (!stage.has_credential(name))
                say(one.name, width,
                    fmt::format("its credential {0} is missing: --etc DIR with credentials/{0}",
                                name));
        TRY_ASSIGN(auto running, Running::start(stage, one));
        all.push_back(std::move(running));
    }
    const auto begin = std::chrono::steady_clock::now();
    std::vector<std::string> ended;
    const auto runs = [](const std::unique_ptr<Running>& one) { return !one->ended; };
    while (std::any_of(all.begin(), all.end(), runs)) {
        for (std::string& name : look(all, width)) ended.push_back(std::move(name));
        const auto passed = std::chrono::duration_cast<std::chrono::seconds>(
            std::chrono::steady_clock::now() - begin);
        if (options.seconds != 0 && passed.count() >= options.seconds) break;
        ::poll(nullptr, 0, milliseconds_between_looks);
    }
    all.clear();
    TRY(stage.remove());
    if (ended.empty()) return {};
    return Failure(Error{ExitCode::failed_check, "try", stage.description().package,
                         fmt::format("ended by themselves: {}", fmt::join(ended, ", ")),
                         "see above; settings that they need: --env NAME=VALUE, or --etc DIR"});
}

}  // namespace dba
