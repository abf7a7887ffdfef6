#include "steps/relocate/layer.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "formats/binary/elf.hpp"
#include "formats/python/record.hpp"
#include "support/venv_fixture.hpp"
#include "system/files/tree.hpp"
#include "system/process/environment.hpp"

namespace dba::steps {

using dba::testing::find_entry;
using dba::testing::said;

namespace {

using ::testing::ElementsAre;

// One layer written by hand.
class RewriteLayer : public ::testing::Test {
 protected:
    RewriteLayer() { manifest_.prefix = "/opt/x"; }
    Result<Layer> rewritten(const std::map<std::string, std::string>& files) {
        TRY(remove_tree(directory_.path() / "to"));
        for (const auto& [name, bytes] : files)
            directory_.write("from/tree/opt/x/" + name, bytes,
                             name.starts_with("bin/") ? 0755 : 0664);
        TRY_ASSIGN(const Layer layer, seal_layer(directory_.path() / "from", "demo 1"));
        TRY(rewrite_layer(layer, staging_, manifest_, directory_.path() / "to/tree", shop_.system));
        return seal_layer(directory_.path() / "to", "demo 1");
    }
    [[nodiscard]] std::string result(const std::string& name) const {
        return read_file(directory_.path() / "to/tree/opt/x" / name).value_or("(none)");
    }
    dba::testing::TemporaryDirectory directory_;
    dba::testing::Workshop shop_;
    Manifest manifest_;
    std::string staging_ = "/build/work/stage.0123";
};

TEST_F(RewriteLayer, NamesTheFinalInterpreter) {
    const std::string long_python = staging_ + "/" + std::string(120, 'd') + "/bin/python3";
    const auto layer =
        rewritten({{"bin/plain", "#!" + staging_ + "/opt/x/bin/python3\nimport a\n"},
                   {"bin/option", "#!" + staging_ + "/opt/x/bin/python3 -E\nimport a\n"},
                   {"bin/env", "#!/usr/bin/env python3\nimport a\n"},
                   {"bin/system", "#! /usr/bin/python3.11\nimport a\n"},
                   {"bin/trampoline",
                    "#!/bin/sh\n'''exec' " + long_python + " \"$0\" \"$@\"\n' '''\nimport a\n"},
                   {"bin/shell", "#!/bin/sh\nexec true\n"},
                   {"share/wheel", "#!python\nimport a\n"},
                   {"share/module.py", "#!/usr/bin/env python3\nimport a\n"}});
    ASSERT_TRUE(layer) << layer.error().cause;
    for (const char* name : {"bin/plain", "bin/env", "bin/system", "bin/trampoline", "share/wheel"})
        EXPECT_EQ(result(name), "#!/opt/x/bin/python3 -Es\nimport a\n") << name;
    EXPECT_EQ(result("bin/option"), "#!/opt/x/bin/python3 -sE\nimport a\n");
    EXPECT_EQ(result("bin/shell"), "#!/bin/sh\nexec true\n");
    EXPECT_EQ(result("share/module.py"), "#!/usr/bin/env python3\nimport a\n");
}

TEST_F(RewriteLayer, RewritesTextAndLinksAndTheirRecord) {
    const std::string site = "lib/python3.11/site-packages/";
    ASSERT_TRUE(make_directories(directory_.path() / "from/tree/opt/x/lib"));
    fs::create_symlink(staging_ + "/opt/x/share", directory_.path() / "from/tree/opt/x/lib/link");
    const auto layer = rewritten(
        {{"lib/pkgconfig/demo.pc", "prefix=" + staging_ + "/opt/x\nroot=" + staging_ + "\n"},
         {site + "demo.pth", staging_ + "/opt/x/extra\n"},
         {site + "demo.py", "x = 1\n"},
         {site + "__pycache__/demo.cpython-311.pyc", "old"},
         {site + "only.pyc", "all there is"},
         {site + "demo-1.dist-info/direct_url.json", "{\"url\": \"file://" + staging_ + "\"}"},
         {site + "demo-1.dist-info/INSTALLER", "uv"},
         {site + "demo-1.dist-info/RECORD",
          "only.pyc,sha256=c,12\n"
          "demo.py,sha256=b,6\n"
          "__pycache__/demo.cpython-311.pyc,,\n" +
              staging_ + "/opt/x/" + site +
              "demo.pth,sha256=a,1\n"
              "../../pkgconfig/demo.pc,sha256=a,1\n"
              "demo-1.dist-info/direct_url.json,sha256=a,1\n"
              "demo-1.dist-info/INSTALLER,sha256=a,2\n"
              "demo-1.dist-info/RECORD,,\n"}});
    ASSERT_TRUE(layer) << layer.error().cause;
    EXPECT_EQ(result("lib/pkgconfig/demo.pc"), "prefix=/opt/x\nroot=/\n");
    EXPECT_EQ(result(site + "demo.pth"), "/opt/x/extra\n");
    EXPECT_EQ(result(site + "__pycache__/demo.cpython-311.pyc"), "(none)");
    EXPECT_EQ(result(site + "only.pyc"), "all there is");
    EXPECT_EQ(result(site + "demo-1.dist-info/direct_url.json"), "(none)");
    const std::vector<Layer> layers{*layer};
    const auto* pth = find_entry(layers, "/opt/x/" + site + "demo.pth");
    const auto* pc = find_entry(layers, "/opt/x/lib/pkgconfig/demo.pc");
    const auto* installer = find_entry(layers, "/opt/x/" + site + "demo-1.dist-info/INSTALLER");
    EXPECT_EQ(result(site + "demo-1.dist-info/RECORD"),
              fmt::format("../../pkgconfig/demo.pc,{},{}\n"
                          "demo-1.dist-info/INSTALLER,{},14\n"
                          "demo-1.dist-info/RECORD,,\n"
                          "demo.pth,{},13\n"
                          "demo.py,sha256=b,6\n"
                          "only.pyc,sha256=c,12\n",
                          record_hash(pc->sha256), pc->size, record_hash(installer->sha256),
                          record_hash(pth->sha256)));
    EXPECT_EQ(pc->mode, 0644U);
    const auto* link = find_entry(layers, "/opt/x/lib/link");
    ASSERT_NE(link, nullptr);
    EXPECT_EQ(link->link_target, "/opt/x/share");
    // The step before keeps its files as they were: nothing is edited through a hard link.
    EXPECT_EQ(fs::status(directory_.path() / "from/tree/opt/x" / site / "demo.py").permissions(),
              fs::perms(0664));
}

TEST_F(RewriteLayer, LeavesVendoredMetadataAlone) {
    const std::string info = "lib/python3.11/site-packages/setup/_vendor/pack-1.dist-info/";
    const std::map<std::string, std::string> files{
        {info + "RECORD", "../../bin/pack,sha256=a,1\npack.py,,\n"},
        {info + "INSTALLER", "uv"},
        {info + "REQUESTED", ""},
        {info + "entry_points.txt", "not an entry point"}};
    ASSERT_TRUE(rewritten(files));
    for (const auto& [name, bytes] : files) EXPECT_EQ(result(name), bytes);
}

TEST_F(RewriteLayer, RefusesABuildPathInABinary) {
    const auto layer =
        rewritten({{"lib/demo.so", std::string("\177ELF\0\0", 6) + staging_ + "/opt/x"}});
    ASSERT_FALSE(layer);
    EXPECT_EQ(layer.error().code, ExitCode::bad_input);
    EXPECT_EQ(layer.error().subject, "/opt/x/lib/demo.so");
    EXPECT_EQ(layer.error().cause,
              "is a binary file of demo 1 that names the directory it was installed in "
              "(/build/work/stage.0123) at offset 6");
    EXPECT_EQ(layer.error().hint,
              "a path in a binary cannot be rewritten safely; have its build take the path from "
              "its environment, use a wheel instead of a source distribution, or, when nothing "
              "follows that path, name the file in LEAK_WAIVER with the reason");

    const std::string work = shop_.store.work();
    const auto built = rewritten({{"lib/demo.so", std::string("\0\0", 2) + work + "/tmp/x"}});
    ASSERT_FALSE(built);
    EXPECT_EQ(built.error().cause,
              fmt::format("is a binary file of demo 1 that names the build's work directory ({}) "
                          "at offset 2",
                          work));
}

TEST_F(RewriteLayer, LeavesWaivedFilesAsTheyAre) {
    manifest_.leak_waivers = {{"lib/*.so", "only in a message"}, {"note.txt", "history"}};
    const std::string binary = std::string("\0\0", 2) + staging_ + "/opt/x";
    const auto layer = rewritten({{"lib/demo.so", binary}, {"share/note.txt", staging_}});
    ASSERT_TRUE(layer) << layer.error().cause;
    EXPECT_EQ(result("lib/demo.so"), binary);
    EXPECT_EQ(result("share/note.txt"), staging_);
}

TEST_F(RewriteLayer, RewritesEverySpellingInText) {
    // What sdists leave for other compilers: sysconfig data, pkg-config, libtool, CMake.
    const auto layer = rewritten(
        {{"lib/demo.la", "libdir='" + staging_ + "/opt/x/lib'\n"},
         {"lib/cmake/demo.cmake", "set(ROOT \"" + staging_ + "/opt/x\")\n"},
         {"lib/_sysconfigdata_demo.py", "v = {'prefix': '" + staging_ + "/opt/x'}\n"},
         {"lib/Makefile", "prefix=\t" + staging_ + "/opt/x\nother=" + staging_ + "-2\n"},
         {"share/a.json", R"({"a": "\/build\/work\/stage.0123\/opt\/x"})"},
         {"share/url", "file://" + staging_ + "/opt/x?d=%2Fbuild%2Fwork%2Fstage.0123%2Fopt"}});
    ASSERT_TRUE(layer) << layer.error().cause;
    EXPECT_EQ(result("lib/demo.la"), "libdir='/opt/x/lib'\n");
    EXPECT_EQ(result("lib/cmake/demo.cmake"), "set(ROOT \"/opt/x\")\n");
    EXPECT_EQ(result("lib/_sysconfigdata_demo.py"), "v = {'prefix': '/opt/x'}\n");
    EXPECT_EQ(result("lib/Makefile"), "prefix=\t/opt/x\nother=/build/work/stage.0123-2\n");
    EXPECT_EQ(result("share/a.json"), R"({"a": "\/opt\/x"})");
    EXPECT_EQ(result("share/url"), "file:///opt/x?d=%2Fopt");
}

TEST_F(RewriteLayer, RefusesALineBreakInAName) {
    const auto layer = rewritten({{"share/a\nb", ""}});
    ASSERT_FALSE(layer);
    EXPECT_EQ(said(layer.error()),
              "'/opt/x/share/a\\x0ab': a file of demo 1 has a line break in its name, which dpkg's "
              "lists of files cannot hold (leave it out with EXCLUDE, or have its author rename "
              "it)");
    manifest_.exclude = {"a*"};
    EXPECT_TRUE(rewritten({{"share/c", ""}}));
}

TEST_F(RewriteLayer, KeepsAnyOtherName) {
    const std::vector<std::string> names{
        "-dash", "a b", "b\\c", "\xff\xfe", "\xc3\xa9", std::string(255, 'n'), "'\"$x`", "a,b"};
    std::map<std::string, std::string> files;
    std::string record;
    const std::string info = "lib/python3.11/site-packages/demo-1.dist-info/RECORD";
    for (const auto& name : names) files["share/" + name] = name;
    files[info] = "demo-1.dist-info/RECORD,,\n";
    const auto layer = rewritten(files);
    ASSERT_TRUE(layer) << layer.error().cause;
    for (const auto& name : names) EXPECT_EQ(result("share/" + name), name);
    const auto loaded = load_layer(directory_.path() / "to");
    ASSERT_TRUE(loaded);
    EXPECT_EQ(loaded->entries.size(), layer->entries.size());
}

// A library whose search path patchelf was told: what a linker's -rpath leaves.
class SearchPath : public RewriteLayer {
 protected:
    std::string library(const std::string& search_path, const std::string& kind = {}) {
        const fs::path file = directory_.path() / "library.so";
        EXPECT_TRUE(dba::copy_file(fs::path(GOLDEN_DIR) / "formats/libgreet.so.1", file));
        Command command{.argv = {"patchelf", "--set-rpath", search_path, file.string()},
                        .environment = clean_environment(directory_.path(), 0)};
        if (!kind.empty()) command.argv.insert(command.argv.begin() + 1, kind);
        const auto ran = shop_.processes.check(command);
        EXPECT_TRUE(ran) << ran.error().cause;
        return read_file(file).value_or("");
    }
    [[nodiscard]] ElfInfo info_of(const std::string& name) const {
        const auto info = parse_elf(result(name), name);
        EXPECT_TRUE(info) << name;
        return info.value_or(ElfInfo{});
    }
};

TEST_F(SearchPath, LeadsToWhereTheLibrariesWillBe) {
    const std::string site = "lib/python3.11/site-packages/";
    const auto layer =
        rewritten({{site + "demo/a.so", library(staging_ + "/opt/x/lib:$ORIGIN/b:/usr/lib/demo")},
                   {site + "demo/old.so", library("/opt/x/" + site + "demo.libs", "--force-rpath")},
                   {site + "demo/gone.so", library(shop_.store.work().string() + "/tmp/wheel/lib")},
                   {site + "demo/vendored.so", library("/home/someone/lib")},
                   {site + "demo-1.dist-info/WHEEL",
                    "Wheel-Version: 1.0\nGenerator: x\nTag: cp311-cp311-manylinux_2_17_x86_64\n"}});
    ASSERT_TRUE(layer) << said(layer.error());
    EXPECT_THAT(info_of(site + "demo/a.so").runpath,
                ElementsAre("$ORIGIN/../../..", "$ORIGIN/b", "/usr/lib/demo"));
    EXPECT_THAT(info_of(site + "demo/old.so").rpath, ElementsAre("$ORIGIN/../demo.libs"));
    EXPECT_THAT(info_of(site + "demo/old.so").runpath, ElementsAre());
    EXPECT_THAT(info_of(site + "demo/gone.so").runpath, ElementsAre());
    // What a wheel shipped stays as it was shipped.
    EXPECT_EQ(result(site + "demo/vendored.so"), library("/home/someone/lib"));
}

TEST_F(SearchPath, ForgetsTheBuildHost) {
    const std::string site = "lib/python3.11/site-packages/";
    const auto layer =
        rewritten({{site + "demo/a.so", library("/usr/local/lib:/usr/lib/demo:/home/someone/lib")},
                   {site + "demo-1.dist-info/WHEEL",
                    "Wheel-Version: 1.0\nGenerator: x\nTag: cp311-cp311-linux_x86_64\n"}});
    ASSERT_TRUE(layer) << said(layer.error());
    EXPECT_THAT(info_of(site + "demo/a.so").runpath, ElementsAre("/usr/lib/demo"));
}

TEST_F(RewriteLayer, LeavesOutWhatIsExcluded) {
    manifest_.exclude = {"*.pyx", "lib/**/tests", "/opt/x/share/doc"};
    const auto layer = rewritten({{"lib/a/b/tests/t.py", ""},
                                  {"lib/a/tests_too.py", ""},
                                  {"lib/a/fast.pyx", ""},
                                  {"share/doc/README", ""},
                                  {"lib/share/doc/README", ""}});
    ASSERT_TRUE(layer) << layer.error().cause;
    std::vector<std::string> paths;
    for (const auto& entry : layer->entries)
        if (entry.kind == EntryKind::file) paths.push_back(entry.path);
    EXPECT_THAT(paths, ElementsAre("/opt/x/lib/a/tests_too.py", "/opt/x/lib/share/doc/README"));
}

}  // namespace
}  // namespace dba::steps
