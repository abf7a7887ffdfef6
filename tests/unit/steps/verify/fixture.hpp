// A small package on disk, judged by verify().
#pragma once

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <set>
#include <string>
#include <vector>

#include "steps/verify/verify.hpp"
#include "support/fakes.hpp"
#include "system/files/tree.hpp"

namespace dba::steps {

inline constexpr const char* prefix = "/opt/venvs/hello";
inline constexpr const char* site = "opt/venvs/hello/lib/python3.11/site-packages/";
inline constexpr const char* build = "/srv/ci/build-7f3a";

class VerifyTest : public ::testing::Test {
 protected:
    void SetUp() override {
        manifest.name = "hello";
        manifest.project.name = "application";
        manifest.prefix = prefix;
        manifest.target.root = (top() / "root").string();
        manifest.target.architecture = "amd64";
        manifest.python.executable = "/usr/bin/python3.11";
        at("root/var/lib/dpkg/status",
           "Package: dash\nStatus: install ok installed\nArchitecture: amd64\nVersion: 1\n");
        at("root/var/lib/dpkg/info/dash.list", "/bin/sh\n");
        at("debian/control", "Package: hello\n");
        put("interpreter", "opt/venvs/hello/python/bin/python3.11", "binary", 0755);
        link("interpreter", "opt/venvs/hello/bin/python3", "../python/bin/python3.11");
    }

    fs::path top() { return workshop.directory.path(); }
    void at(const fs::path& file, const std::string& bytes, unsigned mode = 0644) {
        ASSERT_TRUE(make_directories((top() / file).parent_path()));
        ASSERT_TRUE(write_file(top() / file, bytes, mode));
    }
    // A file of a layer. The path starts without its slash.
    void put(const std::string& layer, const std::string& path, const std::string& bytes,
             unsigned mode = 0644) {
        at("layers/" + layer + "/tree/" + path, bytes, mode);
        names.insert(layer);
    }
    void link(const std::string& layer, const std::string& path, const std::string& target) {
        const fs::path file = top() / "layers" / layer / "tree" / path;
        ASSERT_TRUE(make_directories(file.parent_path()));
        fs::create_symlink(target, file);
        names.insert(layer);
    }
    Result<VerifyReport> judge() {
        std::vector<Layer> layers;
        for (const std::string& name : names)
            layers.push_back(seal_layer(top() / "layers" / name, name).value());
        Rendered rendered;
        rendered.debian = top() / "debian";
        std::vector<SearchedDirectory> searched;
        for (const std::string& directory : directories)
            searched.push_back({directory, "build directory"});
        return verify(manifest, {layers, rendered, searched}, workshop.system);
    }
    Result<Findings> run() {
        TRY_ASSIGN(const VerifyReport verified, judge());
        return verified.findings;
    }
    // "check: path: message" of each finding.
    std::vector<std::string> told() {
        const auto findings = run();
        if (!findings) return {"error: " + findings.error().subject + findings.error().cause};
        std::vector<std::string> lines;
        for (const Finding& one : *findings)
            lines.push_back(fmt::format("{}: {}: {}", one.check, one.path, one.message));
        return lines;
    }

    dba::testing::Workshop workshop;
    Manifest manifest;
    std::set<std::string> names;
    std::vector<std::string> directories = {build};
};

}  // namespace dba::steps
