// Manifests for the tests of render, a System whose outside is not there, and golden trees.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "model/manifest.hpp"
#include "steps/render/render.hpp"
#include "system/files/files.hpp"
#include "system/system.hpp"

namespace dba::steps::testing {

class RecordingLog final : public Log {
 public:
    void step(const std::string&, const std::string&) override {}
    void warning(const std::string& step, const std::string& message) override {
        warnings.push_back(step + ": " + message);
    }
    std::vector<std::string> warnings;
};

// A System with a store in a directory of its own. Nothing render does starts a program or asks
// git: the one process runner is real, git is absent.
class Outside {
 public:
    Outside();
    ~Outside();
    Outside(const Outside&) = delete;
    Outside& operator=(const Outside&) = delete;

    [[nodiscard]] const fs::path& directory() const { return directory_; }
    fs::path write(const std::string& name, const std::string& bytes, unsigned mode = 0644);

    RecordingLog log;
    RealProcessRunner processes;

 private:
    fs::path directory_;
    std::unique_ptr<Git> git_;
    std::unique_ptr<Store> store_;

 public:
    std::unique_ptr<System> system;
};

// A layer of these programs: scripts of PREFIX/bin/python3, but for "daemon" and "python3".
Layer environment_layer(Outside& outside, const std::string& prefix,
                        const std::vector<std::string>& programs);

// hello: a web service under supervisord, a clock under systemd, a configuration file.
Manifest mixed_manifest(Outside& outside);
// wheels: no service; scripts, files, a link.
Manifest library_manifest(Outside& outside);
// many: every keyword of a service, instances, fragments of all four scripts, a private file.
Manifest full_manifest(Outside& outside);

// varies: two variants of its configuration, a map of hosts, a service.
Manifest varied_manifest(Outside& outside);

Result<Rendered> render_in(Outside& outside, const Manifest& manifest);

// asks: a library with CONFIGURE_PLAYBOOK.
Manifest configured_manifest(Outside& outside);

// The text a user sees: code, subject, cause and hint, one a line.
std::string text_of(const Error& error);

}  // namespace dba::steps::testing
