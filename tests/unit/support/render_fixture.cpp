#include "support/render_fixture.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "system/files/digest.hpp"

namespace dba::steps::testing {

namespace {

// render asks git nothing.
class NoGit final : public Git {
 public:
    Result<GitCommit> resolve(const std::string&, const std::string&, const fs::path&) override {
        return system_error("git", "not in this test");
    }
    Result<std::optional<std::string>> read(const fs::path&, const std::string&,
                                            const std::string&) override {
        return system_error("git", "not in this test");
    }
    Result<std::vector<GitGap>> export_tree(const GitExport&) override {
        return system_error("git", "not in this test");
    }
    Result<GitHistory> history(const fs::path&, const std::string&) override {
        return system_error("git", "not in this test");
    }
    Result<std::optional<GitSnapshot>> snapshot(const fs::path&, const GitKeep&) override {
        return system_error("git", "not in this test");
    }
    Result<std::vector<GitGap>> copy_worktree(const fs::path&, const GitKeep&,
                                              const fs::path&) override {
        return system_error("git", "not in this test");
    }
    Result<std::optional<GitWorktree>> worktree(const fs::path&) override {
        return system_error("git", "not in this test");
    }
    Result<bool> holds(const fs::path&, const std::string&, const std::string&) override {
        return system_error("git", "not in this test");
    }
    Result<GitUncommitted> uncommitted(const fs::path&, const std::vector<std::string>&) override {
        return system_error("git", "not in this test");
    }
};

// As resolve makes them: the program that runs commands as services are run, with a setting of its
// own.
void run_commands(Manifest& manifest) {
    manifest.run_as = manifest.name + "-run";
    manifest.shared.environment = {"HOME=/var/lib/" + manifest.name, "SHARED=by \"all\""};
}

ResolvedService service(const Manifest& manifest, const std::string& name,
                        std::vector<std::string> command, Runner runner) {
    const std::string state = "/var/lib/" + manifest.name;
    ResolvedService out;
    out.name = name;
    out.command = std::move(command);
    out.runner = runner;
    out.program = runner == Runner::systemd ? unit_stem(manifest.name, name) + ".service"
                                            : manifest.name + "-" + name;
    out.priority += static_cast<int>(manifest.services.size());
    out.stop_signal = "TERM";
    out.environment = {
        "HOME=" + state,
        "USER=" + manifest.user,
        "LOGNAME=" + manifest.user,
        "PATH=" + manifest.prefix + "/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin",
        "STATE_DIRECTORY=" + state,
        "LOGS_DIRECTORY=/var/log/" + manifest.name + "/" + name,
        "RUNTIME_DIRECTORY=/run/" + manifest.name};
    out.environment.insert(out.environment.end(), manifest.environment.begin(),
                           manifest.environment.end());
    return out;
}

Manifest base_manifest(const std::string& name) {
    Manifest manifest;
    manifest.name = name;
    manifest.version = "1.2-1";
    manifest.upstream_version = "1.2";
    manifest.source_date_epoch = 1700000000;
    manifest.maintainer = "Example Team <team@example.org>";
    manifest.synopsis = "says hello";
    manifest.homepage = "https://example.org/hello";
    manifest.section = "web";
    manifest.compression = Compression::xz;
    manifest.prefix = "/opt/venvs/" + name;
    manifest.long_description = name +
                                " with all its Python libraries, in a complete environment of its "
                                "own in " +
                                manifest.prefix + ".";
    manifest.target = {"debian-12", "bookworm", "/", "amd64", ""};
    manifest.source.repository = "https://example.org/hello.git";
    manifest.source.commit = "0123456789abcdef0123456789abcdef01234567";
    manifest.python = {true, "3.11", "3.11.2", "/usr/bin/python3.11", false};
    return manifest;
}

}  // namespace

Outside::Outside() {
    std::string pattern = (fs::temp_directory_path() / "render-test-XXXXXX").string();
    directory_ = mkdtemp(pattern.data());
    store_ = std::make_unique<Store>(directory_ / "work", "test");
    fs::create_directories(directory_ / "work");
    EXPECT_TRUE(store_->open().has_value());
    git_ = std::make_unique<NoGit>();
    system = std::make_unique<System>(System{processes, *git_, log, *store_});
}

Outside::~Outside() {
    system.reset();
    store_.reset();
    std::error_code error;
    fs::remove_all(directory_, error);
}

fs::path Outside::write(const std::string& name, const std::string& bytes, unsigned mode) {
    const fs::path path = directory_ / name;
    fs::create_directories(path.parent_path());
    EXPECT_TRUE(write_file(path, bytes, mode).has_value());
    return path;
}

Layer environment_layer(Outside& outside, const std::string& prefix,
                        const std::vector<std::string>& programs) {
    Layer layer;
    layer.name = "application";
    layer.directory = outside.directory() / "environment";
    for (const std::string& program : programs) {
        const std::string path = prefix + "/bin/" + program;
        const std::string bytes = program == "daemon" || program == "python3"
                                      ? "\177ELF"
                                      : "#!" + prefix + "/bin/python3 -I\n";
        outside.write("environment/tree" + path, bytes, 0755);
        layer.entries.push_back({path, EntryKind::file, 0755, bytes.size(), sha256_hex(bytes), ""});
    }
    return layer;
}

Manifest mixed_manifest(Outside& outside) {
    Manifest manifest = base_manifest("hello");
    manifest.user = "hello";
    manifest.directory = outside.directory().string();
    manifest.environment = {"GREETING=good \"day\""};
    run_commands(manifest);
    manifest.configs = {
        {outside.write("settings.toml", "title = \"Hello\"\n"), "/etc/hello/settings.toml"}};
    manifest.services.push_back(service(manifest, "web",
                                        {"gunicorn", "--bind", "127.0.0.1:8000", "hello:app"},
                                        Runner::supervisord));
    manifest.services[0].healthcheck = "http://127.0.0.1:8000/";
    manifest.services.push_back(service(
        manifest, "clock", {manifest.interpreter_path(), "-m", "hello.clock"}, Runner::systemd));
    return manifest;
}

Manifest library_manifest(Outside& outside) {
    Manifest manifest = base_manifest("wheels");
    manifest.directory = outside.directory().string();
    manifest.dirty = true;
    manifest.long_description =
        "A tool with a text that is long enough to be folded by whoever renders it, which happens "
        "at eighty columns.\n\nSecond paragraph:\n  kept as it is\n";
    manifest.scripts = {"wheels"};
    outside.write("COPYING", "Copyright 2024 Example Team\n\nMay be used by anybody.\n");
    manifest.license_file = "COPYING";
    manifest.files = {
        {outside.write("tool.sh", "#!/bin/sh\nexit 0\n", 0755), "/usr/share/wheels/tool.sh", 0755},
        {outside.write("data.txt", "data\n"), "/usr/share/wheels/data.txt", 0644}};
    manifest.links = {{"/usr/share/wheels/tool.sh", "/usr/bin/wheels-tool"}};
    manifest.relations.recommends = {"wheels-doc"};
    return manifest;
}

Manifest full_manifest(Outside& outside) {
    Manifest manifest = base_manifest("many");
    manifest.user = "_many";
    run_commands(manifest);
    manifest.umask = 0077;
    manifest.directory_of_services = "/var/lib/many/it's";
    manifest.migrations = {{{{"worker", "migrate", "it's"}, {"/usr/bin/true"}}, false, ""},
                           {{{"worker", "expand"}}, true, "worker"}};
    manifest.directory = outside.directory().string();
    const std::string secret = outside.write("secret.ini", "[db]\npassword = x\n");
    manifest.configs = {{secret, "/etc/many/secret.ini", 0640},
                        {secret, "/etc/many.d/second.ini", 0644, "/etc/many/second.ini"}};
    manifest.config_dropped = {"/etc/many/old.ini"};
    const auto fragment = [&](const std::string& script) {
        const std::string calls = script == "postinst"
                                      ? "service_is_enabled worker || exit 0\n"
                                        "service_restart worker\nrun_as_service true\n"
                                      : "";
        return outside.write(
            script + ".sh",
            fmt::format("#!/bin/sh\necho \"own {} $1\"\n{}exit 0\n", script, calls));
    };
    manifest.fragments = {fragment("preinst"), fragment("postinst"), fragment("prerm"),
                          fragment("postrm")};
    manifest.services.push_back(
        service(manifest, "worker", {"worker", "it's", "100%", "$HOME", ""}, Runner::supervisord));
    ResolvedService& workers = manifest.services.back();
    workers.instances = 3;
    workers.formerly = "crew";
    workers.stop_signal = "INT";
    workers.stop_timeout = 90;
    workers.stop_group = true;
    workers.reload_signal = "HUP";
    workers.credentials = {{"db", "/etc/many/credentials/db"},
                           {"it$%;x", "/etc/ssl/private/50%-;x.key"}};
    manifest.services.push_back(service(
        manifest, "unit", {"worker", "it's", "100%", "$HOME", "", "a\nb", ";"}, Runner::systemd));
    ResolvedService& units = manifest.services.back();
    units.instances = 2;
    units.program = "many-unit.target";
    units.type = ServiceType::exec;
    units.hardening = Hardening::strict;
    units.stop_timeout = 300;
    units.stop_group = true;
    units.credentials = manifest.services.front().credentials;
    manifest.services.push_back(service(manifest, "daemon", {"daemon"}, Runner::systemd));
    ResolvedService& daemon = manifest.services.back();
    daemon.type = ServiceType::forking;
    daemon.pidfile = "/run/many/daemon.pid";
    daemon.reload_signal = "HUP";
    daemon.hardening = Hardening::off;
    daemon.watchdog = 30;
    daemon.environment.emplace_back("LEVEL=debug");
    daemon.environment_required = {"DATABASE_URL", "TOKEN"};
    daemon.after = {"postgresql.service", "many-unit.target"};
    daemon.wants = {"redis-server.service"};
    daemon.unit_options = outside.write("daemon.conf", "[Service]\nNice=5\n");
    manifest.services.front().environment_required = {"TOKEN"};
    manifest.services.push_back(service(manifest, "clock", {"worker", "tick"}, Runner::systemd));
    ResolvedService& clock = manifest.services.back();
    clock.type = ServiceType::oneshot;
    clock.timer = "Mon..Fri *-*-* 02:30";
    clock.timer_delay = 600;
    clock.program = "many-clock.timer";
    manifest.services.push_back(service(manifest, "once", {"worker", "once"}, Runner::systemd));
    manifest.services.back().type = ServiceType::oneshot;
    return manifest;
}

Manifest configured_manifest(Outside& outside) {
    Manifest manifest = base_manifest("asks+more");
    manifest.directory = (outside.directory() / "project").string();
    outside.write("project/plays/site.yml", "- hosts: localhost\n  roles: [web]\n");
    outside.write("project/plays/roles/web/tasks/main.yml", "- ping:\n");
    outside.write("project/plays/roles/web/files/run", "#!/bin/sh\n", 0755);
    manifest.configure_playbook = manifest.directory + "/plays/site.yml";
    return manifest;
}

Manifest varied_manifest(Outside& outside) {
    Manifest manifest = base_manifest("varies");
    manifest.user = "varies";
    run_commands(manifest);
    manifest.directory = outside.directory().string();
    outside.write("etc/development/app.toml", "debug = true\n");
    outside.write("etc/development/dev/tool", "#!/bin/sh\n", 0755);
    outside.write("etc/production/app.toml", "debug = false\n");
    outside.write("etc/hosts",
                  "# what runs where\nweb-* production\n*.dev.example.org development\n");
    manifest.config_variants = {(outside.directory() / "etc").string(), "production"};
    manifest.services = {service(manifest, "unit", {"worker"}, Runner::systemd)};
    return manifest;
}

Result<Rendered> render_in(Outside& outside, const Manifest& manifest) {
    const std::vector<Layer> layers = {environment_layer(
        outside, manifest.prefix, {"python3", "gunicorn", "flask", "wheels", "worker", "daemon"})};
    Dependencies dependencies;
    dependencies.depends = {"libc6 (>= 2.36)", "zlib1g (>= 1:1.1.4)"};
    dependencies.static_built_using = "python3.11 (= 3.11.2-6)";
    return render(manifest, {layers, dependencies}, *outside.system);
}

std::string text_of(const Error& error) {
    return fmt::format("{}\n{}\n{}\n{}", static_cast<int>(error.code), error.subject, error.cause,
                       error.hint);
}

}  // namespace dba::steps::testing
