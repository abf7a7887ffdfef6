// A machine that only remembers: dpkg, supervisord and systemd as far as a rehearsal asks them.
#pragma once

#include <unistd.h>

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "rehearsal/acts.hpp"
#include "rehearsal/versions.hpp"
#include "support/fakes.hpp"
#include "system/process/container.hpp"

namespace dba::rehearsal::testing {

using dba::testing::QuietLog;
using dba::testing::TemporaryDirectory;

// What is wrong with the package, each by itself.
struct Faults {
    bool starts_stopped = false;       // services run after an upgrade although they were stopped
    bool leaves_file = false;          // after purge
    bool leaves_process = false;       // after removal
    bool overwrites_conffile = false;  // on upgrade
    bool stays_down = false;           // after a crash
    bool fails_to_install = false;
    bool is_unhealthy = false;
    bool restarts_on_abort = false;  // when preinst has failed
    bool flaps = false;              // each look finds other processes
    bool has_no_process = false;     // although its runner says that it runs
    bool takes_user_away = false;    // one of the machine's
    bool another_writes = false;     // a service that was there before; needs root
};

class FakeMachine final : public Container {
 public:
    struct Service {
        DescribedService described;
        bool enabled = false, running = false;
        int pid = 0;
    };

    FakeMachine(const RehearsedPackage& package, Faults its_faults)
        : faults(its_faults), package_(package), root_(directory_.path() / "root") {
        write("etc/passwd", "root:x:0:0::/root:/bin/bash\ndaemon:x:1:1::/:/bin/false\n");
        write("usr/bin/supervisorctl", "");
        write("etc/hostname", "rehearsal\n");
        EXPECT_TRUE(make_directories(root_ / "etc/supervisor/conf.d"));
        EXPECT_TRUE(make_directories(root_ / "var/tmp/rehearsal"));
        for (const char* directory : {"opt", "usr/lib", "var/lib"})
            EXPECT_TRUE(make_directories(root_ / directory));
        for (const DescribedService& service : package.description.services)
            services.push_back({service});
    }

    Result<Completed> run(const std::vector<std::string>& argv,
                          const Environment& /*more*/) override {
        const std::string& program = argv[0];
        if (program == "dpkg") return dpkg({argv.begin() + 1, argv.end()});
        if (program == "dpkg-query")
            return Completed{status == "not-installed" ? 1 : 0, status + " " + version, ""};
        if (program == "supervisorctl") return supervisorctl(argv);
        if (program == "systemctl") return systemctl(argv);
        if (program == "timeout")
            return Completed{faults.is_unhealthy ? 1 : 0, "",
                             faults.is_unhealthy ? "Traceback\nrefused\n" : ""};
        if (argv.size() > 3 && argv[3] == "kill") return kill({argv.begin() + 4, argv.end()});
        return Completed{0, "the service's last words\n", ""};
    }

    Result<std::vector<SeenProcess>> processes() override {
        std::vector<SeenProcess> all{{1, 0, 0, {"/sbin/init"}, ""},
                                     {2, 1, 0, {"supervisord"}, "supervisor.service"}};
        for (const Service& service : services) {
            if (!service.running || faults.has_no_process) continue;
            const bool supervised = service.described.runner == "supervisord";
            all.push_back({service.pid,
                           supervised ? 2 : 1,
                           999,
                           {package_.description.python, service.described.name},
                           supervised ? "supervisor.service" : service.described.program});
        }
        if (left_) all.push_back({77, 1, 999, {package_.description.python, "worker"}, ""});
        return all;
    }

    Result<void> reboot() override {
        for (Service& service : services) set(service, service.enabled);
        return {};
    }
    void shut_down() override {}
    [[nodiscard]] std::string console() const override { return ""; }
    [[nodiscard]] const fs::path& root() const override { return root_; }
    [[nodiscard]] fs::path inside(const std::string& path) const override {
        return root_ / path.substr(1);
    }

    Faults faults;
    std::string status = "not-installed", version;
    std::vector<Service> services;
    std::vector<std::string> calls;  // of dpkg

 private:
    void write(const std::string& path, const std::string& bytes) const {
        EXPECT_TRUE(make_directories((root_ / path).parent_path()));
        EXPECT_TRUE(write_file(root_ / path, bytes));
    }
    void set(Service& service, bool running) {
        service.running = running;
        if (running) service.pid = ++last_pid_;
    }
    [[nodiscard]] bool is_set(const char* flag) const {
        return fs::exists(root_ / std::string(rehearsal_flags).substr(1) / flag);
    }

    Result<Completed> dpkg(const std::vector<std::string>& words) {
        std::string call;
        for (const std::string& word : words)
            if (!word.starts_with("--force-")) call += (call.empty() ? "" : " ") + word;
        calls.push_back(call);
        const auto has = [&](const char* word) {
            return std::find(words.begin(), words.end(), word) != words.end();
        };
        if (has("--install")) return install(fs::path(words.back()).stem().string());
        if (has("--configure")) {
            if (status == "half-configured") configure();
            return Completed{};
        }
        left_ = faults.leaves_process;
        for (Service& service : services) {
            service.running = false;
            enable(service, false);
        }
        for (const std::string& file : package_.files) {
            if (is_conffile(file)) continue;
            EXPECT_TRUE(remove_tree(root_ / file.substr(1)));
        }
        status = has("--purge") ? "not-installed" : "config-files";
        if (status == "not-installed") purge();
        return Completed{};
    }

    Result<Completed> install(const std::string& new_version) {
        const bool upgrade = status == "installed";
        if (faults.fails_to_install) {
            status = "half-configured";
            version = new_version;
            return Completed{1, "Setting up hello ...\n", "hello.postinst: no such thing\n"};
        }
        if (upgrade && is_set("fail-preinst")) {
            if (faults.restarts_on_abort)
                for (Service& service : services) set(service, true);
            return Completed{1, "", "preinst failed\n"};
        }
        version = new_version;
        for (const std::string& file : package_.files)
            if (!is_conffile(file) || !fs::exists(root_ / file.substr(1)))
                write(file.substr(1), "shipped\n");
        if (is_set("fail-postinst")) {
            status = "half-configured";
            return Completed{1, "", "postinst failed\n"};
        }
        if (upgrade && faults.overwrites_conffile)
            write(package_.conffiles.front().substr(1), "ours\n");
        configure(upgrade);
        return Completed{};
    }

    void configure(bool upgrade = true) {
        for (Service& service : services) {
            const bool stopped = upgrade && !service.running && !faults.starts_stopped;
            enable(service, true);
            set(service, !stopped);
        }
        status = "installed";
        write("etc/passwd",
              "root:x:0:0::/root:/bin/bash\ndaemon:x:1:1::/:/bin/false\nhello:x:999:999::/:/x\n");
    }

    void enable(Service& service, bool enabled) const {
        service.enabled = enabled;
        if (service.described.runner != "supervisord") return;
        const fs::path link =
            root_ / "etc/supervisor/conf.d" / (service.described.program + ".conf");
        fs::remove(link);
        if (enabled) fs::create_symlink("/etc/hello/supervisor/x.conf", link);
    }

    void purge() {
        version.clear();
        for (const std::string& file : package_.files)
            EXPECT_TRUE(remove_tree(root_ / file.substr(1)));
        for (const char* directory : {"opt/venvs", "etc/hello", "usr/lib/hello", "lib"})
            EXPECT_TRUE(remove_tree(root_ / directory));
        if (faults.leaves_file) {
            write("var/lib/forgotten/state", "");
            write("var/lib/forgotten/more", "");
        }
        if (faults.another_writes) {
            write("var/lib/database/dump", "");
            for (const char* path : {"var/lib/database/dump", "var/lib/database"})
                EXPECT_EQ(::chown((root_ / path).c_str(), 1, 1), 0);  // daemon's
        }
        if (faults.takes_user_away)
            write("etc/passwd", "root:x:0:0::/root:/bin/bash\nhello:x:999:999::/:/x\n");
    }

    [[nodiscard]] bool is_conffile(const std::string& file) const {
        const auto& all = package_.conffiles;
        return std::find(all.begin(), all.end(), file) != all.end();
    }

    Result<Completed> supervisorctl(const std::vector<std::string>& argv) {
        std::string out;
        if (faults.flaps)
            for (Service& service : services) set(service, service.running);
        for (Service& service : services) {
            const std::string& program = service.described.program;
            if (service.described.runner != "supervisord" || status == "config-files" ||
                status == "not-installed")
                continue;
            if (argv[1] == "status")
                out += service.running ? program + "  RUNNING   pid " +
                                             std::to_string(service.pid) + ", uptime 0:00:09\n"
                                       : program + "  STOPPED   Nov 24 07:00 PM\n";
            else if (argv[2] == program + ":*" && service.running != (argv[1] == "start"))
                set(service, argv[1] == "start");
        }
        return Completed{3, out, ""};
    }

    Result<Completed> systemctl(const std::vector<std::string>& argv) {
        std::string out;
        for (Service& service : services) {
            const std::string& unit = service.described.program;
            if (std::find(argv.begin(), argv.end(), unit) == argv.end()) continue;
            const bool known = status == "installed" || status == "half-configured";
            if (argv[1] == "show")
                out += "Type=simple\nMainPID=" + std::to_string(service.running ? service.pid : 0) +
                       "\nNRestarts=0\nId=" + unit +
                       "\nLoadState=" + (known ? "loaded" : "not-found") +
                       "\nActiveState=" + (service.running ? "active" : "inactive") +
                       "\nSubState=" + (service.running ? "running" : "dead") + "\nUnitFileState=" +
                       (service.enabled ? "enabled"
                        : known         ? "disabled"
                                        : "") +
                       "\n\n";
            else if (service.running != (argv[1] == "start"))
                set(service, argv[1] == "start");
        }
        return Completed{0, out, ""};
    }

    Result<Completed> kill(const std::vector<std::string>& pids) {
        for (Service& service : services)
            if (std::find(pids.begin(), pids.end(), std::to_string(service.pid)) != pids.end())
                set(service, !faults.stays_down);
        return Completed{};
    }

    const RehearsedPackage package_;
    TemporaryDirectory directory_;
    fs::path root_;
    int last_pid_ = 100;
    bool left_ = false;
};

inline RehearsedPackage hello() {
    RehearsedPackage package;
    package.package = "hello";
    package.architecture = "amd64";
    package.described = true;
    package.description = {"hello",
                           "bookworm",
                           "/opt/venvs/hello",
                           "/opt/venvs/hello/bin/python3",
                           "hello",
                           {{"web", "supervisord", "hello-web", 1, "http://127.0.0.1:8000/"},
                            {"clock", "systemd", "hello-clock.service", 1, ""}}};
    package.conffiles = {"/etc/hello/hello.toml"};
    package.files = {"/etc/hello/hello.toml", "/opt/venvs/hello/bin/python3",
                     "/usr/lib/hello/package.json"};
    return package;
}

inline RehearsedPackage of_version(RehearsedPackage package, const std::string& version) {
    package.version = version;
    package.deb = "/nowhere/" + version + ".deb";
    return package;
}

inline RehearsalPlan plan_of(const RehearsedPackage& package) {
    RehearsalPlan plan;
    plan.older = {of_version(package, "1.0-1")};
    plan.fresh = of_version(package, "2.0-1");
    plan.above = of_version(package, "2.0-1+rehearsal");
    plan.root = "/srv/kept-hello-bookworm";
    plan.patience = {std::chrono::milliseconds(0), std::chrono::milliseconds(0),
                     std::chrono::milliseconds(0)};
    return plan;
}

}  // namespace dba::rehearsal::testing
