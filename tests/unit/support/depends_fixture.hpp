// A target root with libraries and packages of its own, and layers with tiny ELF files, all made
// by gcc and ldconfig on the spot. Nothing of this machine's libraries takes part.
#pragma once

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <string>
#include <vector>

#include "steps/depends/depends.hpp"
#include "support/fakes.hpp"
#include "system/files/tree.hpp"
#include "system/process/environment.hpp"

namespace dba::steps {

class DependsTest : public ::testing::Test {
 protected:
    void SetUp() override {
        manifest.name = "hello";
        manifest.prefix = "/opt/venvs/hello";
        manifest.target.root = root().string();
        manifest.target.architecture = architecture();
        manifest.python.bundled = true;
        manifest.python.executable = "/usr/bin/python3.11";
        manifest.python.version = "3.11";
        manifest.python.full_version = "3.11.2";

        // libsys has a symbols file, libplain only shlibs, libbare nothing.
        library("libsys.so.1", "void sys_old(void){} void sys_new(void){}", {},
                "SYS_1 { sys_old; }; SYS_2 { sys_new; };");
        library("libplain.so.2", "void plain(void){}");
        library("libbare.so.3", "void bare(void){}");
        put("var/lib/dpkg/status",
            package("libsys1", "1:2.4-1", "Multi-Arch: same\n") + package("libplain2", "2.0-1") +
                package("libbare3", "3.0-1") +
                package("python3.11-minimal", "3.11.2-6+b1", "Source: python3.11 (3.11.2-6)\n"));
        put("var/lib/dpkg/info/libsys1:" + architecture() + ".list",
            "/.\n/usr/lib\n" + directory() + "/libsys.so.1\n");
        put("var/lib/dpkg/info/libsys1:" + architecture() + ".symbols",
            "libsys.so.1 libsys1 #MINVER#\n SYS_1@SYS_1 1.0\n SYS_2@SYS_2 1:2.3\n"
            " sys_new@SYS_2 1:2.3\n sys_old@SYS_1 1.0\n");
        // Merged /usr: this package still lists /lib.
        put("var/lib/dpkg/info/libplain2.list", directory().substr(4) + "/libplain.so.2\n");
        put("var/lib/dpkg/info/libplain2.shlibs",
            "libplain 2 libplain2 (>= 1.9)\nudeb: libplain 2 libplain2-udeb\n");
        put("var/lib/dpkg/info/libbare3.list", directory() + "/libbare.so.3\n");
        put("var/lib/dpkg/info/python3.11-minimal.list", "/usr/bin/python3.11\n");
        put("etc/ld.so.conf", directory() + "\n");
    }

    static std::string architecture() {
#if defined(__x86_64__)
        return "amd64";
#elif defined(__aarch64__)
        return "arm64";
#else
#error "name this machine's Debian architecture here"
#endif
    }
    // Where libraries lie in the root. Not a default directory of the dynamic linker, so that only
    // ld.so.cache can tell of it.
    static std::string directory() {
        return "/usr/lib/somewhere";
    }

    fs::path top() {
        return workshop.directory.path();
    }
    fs::path root() {
        return top() / "root";
    }

    static std::string package(const std::string& name, const std::string& version,
                               const std::string& more = {}) {
        return fmt::format(
            "Package: {}\nStatus: install ok installed\nArchitecture: {}\nVersion: {}\n{}\n", name,
            architecture(), version, more);
    }
    void put(const std::string& path, const std::string& bytes) {
        ASSERT_TRUE(make_directories((root() / path).parent_path()));
        ASSERT_TRUE(write_file(root() / path, bytes));
    }

    // gcc -shared without libc: what a file needs is what the test says.
    void compile(const fs::path& output, const std::string& source,
                 const std::vector<std::string>& options) {
        ASSERT_TRUE(make_directories(output.parent_path()));
        ASSERT_TRUE(write_file(top() / "source.c", source));
        Command command;
        command.argv = {"gcc",           "-shared", "-fPIC",         "-nostdlib",
                        "-nostartfiles", "-o",      output.string(), (top() / "source.c").string()};
        command.argv.insert(command.argv.end(), options.begin(), options.end());
        command.environment = clean_environment(top(), 0);
        const auto ran = workshop.processes.check(command);
        ASSERT_TRUE(ran) << ran.error().cause;
    }
    // A library of the target root, known by its file name.
    void library(const std::string& name, const std::string& source,
                 std::vector<std::string> options = {}, const std::string& versions = {}) {
        options.push_back("-Wl,-soname," + name);
        if (!versions.empty()) {
            ASSERT_TRUE(write_file(top() / "versions", versions));
            options.push_back("-Wl,--version-script=" + (top() / "versions").string());
        }
        compile(root() / directory().substr(1) / name, source, options);
    }
    // Something that needs libraries of the root: "-lNAME" by file name.
    std::vector<std::string> linked(const std::vector<std::string>& libraries,
                                    std::vector<std::string> options = {}) {
        options.push_back("-Wl,--no-as-needed,--allow-shlib-undefined");
        for (const std::string& name : libraries)
            options.push_back((root() / directory().substr(1) / name).string());
        return options;
    }

    fs::path tree(const std::string& layer) {
        return top() / "layers" / layer / "tree";
    }
    fs::path in_prefix(const std::string& layer, const std::string& path) {
        return tree(layer) / manifest.prefix.substr(1) / path;
    }
    Layer seal(const std::string& name) {
        auto sealed = seal_layer(top() / "layers" / name, name);
        EXPECT_TRUE(sealed) << sealed.error().cause;
        return sealed.value_or(Layer{});
    }
    void ldconfig() {
        Command command;
        command.argv = {"/sbin/ldconfig", "-X", "-r", root().string()};
        command.environment = clean_environment(top(), 0);
        const auto ran = workshop.processes.check(command);
        ASSERT_TRUE(ran) << ran.error().cause;
    }
    Result<Dependencies> run(const std::vector<Layer>& layers) {
        ldconfig();
        return depends(manifest, {layers}, workshop.system);
    }

    dba::testing::Workshop workshop;
    Manifest manifest;
};

}  // namespace dba::steps
