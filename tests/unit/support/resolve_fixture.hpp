// A declaration of a small application, with a target root of its own: nothing is asked of the
// machine that the tests run on.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "steps/resolve/resolve.hpp"
#include "support/fakes.hpp"

namespace dba::steps::testing {

class ResolveTest : public ::testing::Test {
 protected:
    ResolveTest() {
        const std::string root = "root/";
        shop.directory.write(root + "etc/os-release",
                             "ID=debian\nVERSION_ID=\"12\"\nVERSION_CODENAME=bookworm\n");
        shop.directory.write(
            root + "var/lib/dpkg/status",
            "Package: dpkg\nStatus: install ok installed\nArchitecture: amd64\nVersion: 1.21\n\n"
            "Package: python3.11-minimal\nStatus: install ok installed\nArchitecture: amd64\n"
            "Version: 3.11.2-6+deb12u6\n\n");
        shop.directory.write(root + "usr/bin/python3.11", "\177ELF", 0755);
        fs::create_symlink("python3.11", shop.directory.path() / root / "usr/bin/python3");
        shop.directory.write("uv", "#!/bin/sh\necho 'uv 0.13.9 (test)'\n", 0755);
        declaration.name = "hello";
        declaration.directory = shop.directory.path();
        declaration.source_dir = "app";
        declaration.target_root = shop.directory.path() / "root";
        declaration.tools.cpack = "/usr/bin/cpack";
        declaration.tools.uv = shop.directory.path() / "uv";
        project(
            "[project]\nname='Hello.App'\nversion='1.2rc1'\n"
            "authors=[{name='Ann', email='ann@example.org'}]\n");
        at_commit({});
    }
    void project(const std::string& text) { shop.directory.write("app/pyproject.toml", text); }
    void at_commit(std::vector<std::string> tags) {
        GitWorktree worktree;
        worktree.head.id = "0123456789abcdef0123456789abcdef01234567";
        worktree.head.time = 1700000000;  // 2023-11-14 22:13:20 UTC
        worktree.head.author = "Bob <bob@example.org>";
        worktree.head.tags = std::move(tags);
        shop.git.found_worktree = worktree;
    }
    Result<Manifest> run() {
        return resolve(declaration, {shop.directory.path() / "git", pin, update}, shop.system);
    }
    std::string error() {
        const auto result = run();
        if (result) return "no error";
        const auto& e = result.error();
        return e.subject + ": " + e.cause + (e.hint.empty() ? "" : " | " + e.hint);
    }

    dba::testing::Workshop shop;
    Declaration declaration;
    fs::path pin = shop.directory.path() / "hello.pin.json";
    bool update = false;
};

}  // namespace dba::steps::testing
