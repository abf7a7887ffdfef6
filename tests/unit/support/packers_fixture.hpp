// Small layers and a DEBIAN/ directory for the packers' tests.
#pragma once

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <map>
#include <string>
#include <vector>

#include "formats/binary/gzip.hpp"
#include "packers/cpack.hpp"
#include "packers/fpm.hpp"
#include "packers/layered.hpp"
#include "support/fakes.hpp"
#include "system/files/archive.hpp"
#include "system/files/tree.hpp"

namespace dba::packers {

using dba::testing::Workshop;

inline LayerEntry file_entry(const std::string& path, const std::string& sha256 = "00",
                             unsigned mode = 0644, std::uint64_t size = 1) {
    return {path, EntryKind::file, mode, size, sha256, {}, {}};
}
inline LayerEntry directory_entry(const std::string& path, unsigned mode = 0755) {
    return {path, EntryKind::directory, mode, 0, {}, {}};
}
inline LayerEntry link_entry(const std::string& path, const std::string& target) {
    return {path, EntryKind::symlink, 0, 0, {}, target};
}
inline Layer layer_of(const std::string& name, std::vector<LayerEntry> entries) {
    return {name, name, "/layers/" + name, std::move(entries)};
}

inline Manifest manifest() {
    Manifest manifest;
    manifest.name = "hello";
    manifest.version = "1:1.0~rc1-2";
    manifest.source_date_epoch = 1700000000;
    manifest.maintainer = "Ann Example <ann@example.org>";
    manifest.synopsis = "greets; \"politely\" [and] $often";
    manifest.long_description = "A long ]] text\nof ${two} lines";
    manifest.prefix = "/opt/venvs/hello";
    manifest.target.architecture = "amd64";
    manifest.compression = Compression::zstd;
    manifest.packer = Packer::cpack;
    return manifest;
}

inline const char* const control_text =
    "Package: hello\n"
    "Version: 1:1.0~rc1-2\n"
    "Architecture: amd64\n"
    "Maintainer: Ann Example <ann@example.org>\n"
    "Section: python\n"
    "Priority: optional\n"
    "Homepage: https://example.org/\n"
    "Depends: libc6 (>= 2.34), adduser\n"
    "Recommends: nginx | apache2\n"
    "Breaks: hello-old (<< 1.0)\n"
    "Static-Built-Using: python3.11 (= 3.11.2-6)\n"
    "X-Deb-Build-Dirty: yes\n"
    "Description: greets\n"
    " A long text\n"
    " .\n"
    " of two lines\n";

inline const char* const changelog_text = "hello (1:1.0~rc1-2) unstable; urgency=medium\n";

// Layers with every kind of name that has ever been trouble, on disk.
class PackerTest : public ::testing::Test {
 protected:
    void SetUp() override {
        const fs::path tree = top() / "layer/tree";
        write(tree / "opt/venvs/hello/bin/hello", "#!/opt/venvs/hello/bin/python3\n", 0755);
        write(tree / "opt/venvs/hello/secret.conf", "x", 0640);
        const std::string lib = "opt/venvs/hello/lib/";
        for (const std::string& name : names()) write(tree / (lib + name), name);
        for (const char* directory : {"sp ace", "semi;colon", "br[ack]et", "back\\slash"})
            write(tree / (lib + directory + ".d") / "inner", "inner");
        ASSERT_TRUE(make_directories(tree / "opt/venvs/hello/empty"));
        link(tree, "opt/venvs/hello/bin/python3", "/usr/bin/python3.11");
        link(tree, "opt/venvs/hello/lib64", "lib");
        link(tree, "opt/venvs/hello/odd", "lib/back\\slash");
        link(tree, "opt/venvs/hello/odder", "lib/\xff;");
        ASSERT_EQ(::chmod((tree / "opt/venvs/hello/empty").c_str(), 0750), 0);
        auto sealed = seal_layer(top() / "layer", "application");
        ASSERT_TRUE(sealed) << sealed.error().cause;
        layers.push_back(*sealed);

        const fs::path host = top() / "host/tree";
        write(host / "etc/hello/hello.conf", "greeting = hello\n");
        write(host / "usr/share/doc/hello/copyright", "copyright\n");
        write(host / "usr/share/doc/hello/changelog.Debian.gz", gzip(changelog_text));
        sealed = seal_layer(top() / "host", "host");
        ASSERT_TRUE(sealed) << sealed.error().cause;
        layers.push_back(*sealed);

        write(debian() / "control", control_text);
        write(debian() / "conffiles", "/etc/hello/hello.conf\n");
        write(debian() / "config", "#!/bin/sh\nset -e\n");
        write(debian() / "templates", "Template: hello/x\nType: note\nDescription: x\n");
        write(debian() / "postinst", "#!/bin/sh\nset -e\n");
        write(debian() / "postrm", "#!/bin/sh\nset -e\nexit 0\n", 0755);
        write(debian() / "triggers", "interest-noawait /usr/bin/python3.11\n");
    }

    static std::vector<std::string> names() {
        return {"sp ace",   " lead",  "trail ", "hash#",      "do$llar", "${X}",      "$<G>",
                "@V@",      "co:lon", "a;b",    "[open",      "clo]se",  "star*",     "q?",
                "back\\ s", "end\\",  "\\x2d",  "\xc3\xbc",   "\xff",    "quote\"'`", "%p",
                ".dot",     "-dash",  "~tilde", "stand-in-1", "tab\tx"};
    }
    static void write(const fs::path& file, const std::string& bytes, unsigned mode = 0644) {
        ASSERT_TRUE(make_directories(file.parent_path()));
        ASSERT_TRUE(write_file(file, bytes, mode));
    }
    static void link(const fs::path& tree, const std::string& path, const std::string& target) {
        ASSERT_TRUE(make_directories((tree / path).parent_path()));
        fs::create_symlink(target, tree / path);
    }
    fs::path top() { return workshop.directory.path(); }
    fs::path debian() { return top() / "debian"; }
    fs::path scratch() {
        auto made = workshop.store.scratch("pack");
        EXPECT_TRUE(made);
        return made.value_or(fs::path{});
    }

    Workshop workshop;
    std::vector<Layer> layers;
};

}  // namespace dba::packers
