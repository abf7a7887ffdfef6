#include "steps/depends/depends.hpp"

#include "needs/resolve.hpp"
#include "needs/scan.hpp"
#include "needs/target.hpp"
#include "support/depends_fixture.hpp"

namespace dba::steps {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::vector<std::string> relations(const Result<Dependencies>& found) {
    if (!found) return {"error: " + found.error().subject + ": " + found.error().cause};
    return found->depends;
}

TEST_F(DependsTest, VersionsComeFromTheSymbolsInUse) {
    compile(in_prefix("flask", "lib/old.so"), "void sys_old(void); void f(void){sys_old();}",
            linked({"libsys.so.1"}));
    EXPECT_THAT(relations(run({seal("flask")})), ElementsAre("libsys1 (>= 1.0)"));

    compile(in_prefix("numpy", "lib/new.so"), "void sys_new(void); void f(void){sys_new();}",
            linked({"libsys.so.1"}));
    const auto found = run({seal("flask"), seal("numpy")});
    EXPECT_THAT(relations(found), ElementsAre("libsys1 (>= 1:2.3)"));
    ASSERT_EQ(found->reasons.size(), 2U);
    EXPECT_EQ(found->reasons[1].relation, "libsys1 (>= 1:2.3)");
    EXPECT_EQ(found->reasons[1].library, "libsys.so.1");
    EXPECT_EQ(found->reasons[1].needed_by, "/opt/venvs/hello/lib/new.so");
}

TEST_F(DependsTest, ShlibsWhereThereAreNoSymbolsAndTheNameWhereThereIsNeither) {
    compile(in_prefix("flask", "lib/a.so"), "void plain(void); void f(void){plain();}",
            linked({"libplain.so.2", "libbare.so.3"}));
    EXPECT_THAT(relations(run({seal("flask")})), ElementsAre("libbare3", "libplain2 (>= 1.9)"));
}

TEST_F(DependsTest, WhatOriginLeadsToIsInside) {
    compile(in_prefix("numpy", "lib/numpy.libs/libsys.so.1"), "void sys_new(void){}",
            {"-Wl,-soname,libsys.so.1"});
    compile(in_prefix("numpy", "lib/numpy/core/a.so"),
            "void sys_new(void); void f(void){sys_new();}",
            linked({"libsys.so.1"}, {"-Wl,-rpath,$ORIGIN/../../numpy.libs"}));
    EXPECT_THAT(relations(run({seal("numpy")})), IsEmpty());
}

TEST_F(DependsTest, AnAbsoluteRunpathLeadsOutside) {
    compile(in_prefix("numpy", "lib/a.so"), "void bare(void); void f(void){bare();}",
            linked({"libbare.so.3"}, {"-Wl,-rpath," + directory()}));
    EXPECT_THAT(relations(run({seal("numpy")})), ElementsAre("libbare3"));
}

TEST_F(DependsTest, ASonameOfTheSameLayerIsInsideOneOfAnotherOnlyWhenTheTargetHasNone) {
    compile(in_prefix("one", "lib/copy/libbare.so.3"), "void bare(void){}",
            {"-Wl,-soname,libbare.so.3"});
    compile(in_prefix("one", "lib/a.so"), "void f(void){}", linked({"libbare.so.3"}));
    EXPECT_THAT(relations(run({seal("one")})), IsEmpty());

    compile(in_prefix("two", "lib/b.so"), "void f(void){}", linked({"libbare.so.3"}));
    EXPECT_THAT(relations(run({seal("one"), seal("two")})), ElementsAre("libbare3"));

    compile(in_prefix("one", "lib/libown.so.9"), "void own(void){}", {"-Wl,-soname,libown.so.9"});
    compile(in_prefix("three", "lib/c.so"), "void f(void){}",
            {"-Wl,--no-as-needed", in_prefix("one", "lib/libown.so.9").string()});
    EXPECT_THAT(relations(run({seal("one"), seal("three")})), IsEmpty());
}

TEST_F(DependsTest, TheExecutablesRpathIsInherited) {
    compile(in_prefix("interpreter", "python/lib/libbare.so.3"), "void bare(void){}",
            {"-Wl,-soname,libbare.so.3"});
    compile(in_prefix("interpreter", "python/bin/python3.11"), "void _start(void){}",
            linked({"libbare.so.3"}, {"-Wl,--disable-new-dtags,-rpath,$ORIGIN/../lib",
                                      "-Wl,--dynamic-linker,/lib64/ld.so", "-no-pie", "-fno-pic"}));
    compile(in_prefix("numpy", "lib/a.so"), "void f(void){}", linked({"libbare.so.3"}));
    EXPECT_THAT(relations(run({seal("interpreter"), seal("numpy")})), IsEmpty());
}

TEST_F(DependsTest, AMissingLibraryIsAnErrorThatNamesFilesAndRemedy) {
    library("libgone.so.7", "void gone(void){}");
    compile(in_prefix("opencv", "lib/cv2.so"), "void f(void){}",
            linked({"libgone.so.7", "libsys.so.1"}));
    compile(in_prefix("opencv", "lib/dv2.so"), "void f(void){}", linked({"libgone.so.7"}));
    fs::remove(root() / directory().substr(1) / "libgone.so.7");
    const auto found = run({seal("opencv")});
    ASSERT_FALSE(found);
    EXPECT_EQ(found.error().code, ExitCode::bad_input);
    EXPECT_EQ(found.error().subject, "/opt/venvs/hello/lib/cv2.so");
    EXPECT_EQ(
        found.error().cause,
        "needs libgone.so.7; /opt/venvs/hello/lib/dv2.so needs libgone.so.7, found neither in "
        "the package nor in the target root " +
            root().string());
    EXPECT_EQ(found.error().hint,
              "install the package that has libgone.so.7 in the target root (`apt-file search "
              "libgone.so.7` names it), or leave the file out with EXCLUDE");

    put("var/lib/dpkg/info/libbare3.list",
        directory() + "/libbare.so.3\n" + directory() + "/private/libgone.so.7\n");
    EXPECT_EQ(run({seal("opencv")}).error().hint,
              "libbare3 of the target root holds a file of that name outside the dynamic linker's "
              "directories");
}

TEST_F(DependsTest, ALibraryThatNobodyOwnsIsAnError) {
    library("libstray.so.1", "void stray(void){}");
    compile(in_prefix("flask", "lib/a.so"), "void f(void){}", linked({"libstray.so.1"}));
    const auto found = run({seal("flask")});
    ASSERT_FALSE(found);
    EXPECT_EQ(found.error().subject, directory() + "/libstray.so.1");
    EXPECT_EQ(found.error().cause, "no package of the target root owns this libstray.so.1");
}

TEST_F(DependsTest, FilesForAnotherMachineNeedNothingHere) {
    compile(in_prefix("wheel", "lib/other.so"), "void f(void){}", linked({"libbare.so.3"}));
    const fs::path file = in_prefix("wheel", "lib/other.so");
    std::string bytes = read_file(file).value();
    bytes[18] = 2;  // e_machine: EM_SPARC
    bytes[19] = 0;
    ASSERT_TRUE(write_file(file, bytes));
    const Layer layer = seal("wheel");
    EXPECT_THAT(relations(run({layer})), IsEmpty());

    auto target = TargetRoot::open(root(), "");
    ASSERT_TRUE(target);
    const std::vector<LayerScan> scans = {scan_layer(layer).value()};
    const Resolution resolution =
        resolve_needs({layer}, scans, *machine_of(architecture()), **target);
    EXPECT_THAT(resolution.foreign, ElementsAre("/opt/venvs/hello/lib/other.so"));
}

TEST_F(DependsTest, BundledPythonIsRecordedWithItsSource) {
    const auto found = run({});
    ASSERT_TRUE(found);
    EXPECT_EQ(found->static_built_using, "python3.11 (= 3.11.2-6)");
    EXPECT_THAT(found->depends, IsEmpty());
}

TEST_F(DependsTest, AnInterpreterOfNoPackageHasNoSourceToRecord) {
    manifest.python.executable = "/opt/python/bin/python3.11";
    EXPECT_EQ(run({}).value().static_built_using, "");
}

TEST_F(DependsTest, SystemPythonIsAVersionedDependencyOfTheWholePackage) {
    manifest.python.bundled = false;
    const auto found = run({});
    EXPECT_THAT(relations(found), ElementsAre("python3.11 (>= 3.11.2)"));
    EXPECT_EQ(found->static_built_using, "");

    manifest.python.executable = "/usr/local/bin/python3.11";
    const auto refused = run({});
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ExitCode::bad_input);
    EXPECT_EQ(refused.error().cause, "PYTHON SYSTEM, but no package of the target root " +
                                         root().string() + " owns this interpreter");
}

TEST_F(DependsTest, SystemPythonsPartsOfOtherPackages) {
    manifest.python.bundled = false;
    manifest.project.name = "shop";
    const auto write_module = [this](const std::string& layer, const std::string& path,
                                     const std::string& text) {
        const auto file = in_prefix(layer, "lib/python3.11/site-packages/" + path);
        ASSERT_TRUE(make_directories(file.parent_path()));
        ASSERT_TRUE(write_file(file, text));
    };
    write_module("Shop 1.0", "shop.py", "from distutils import version\nimport tkinter.ttk\n");
    write_module("Shop 1.0", "shop/tests/test_x.py", "import lib2to3\n");
    write_module("Shop 1.0", "setup.py", "import idlelib\n");
    // Only where the application asks for it.
    write_module("numpy 1.26", "numpy/distutils/core.py", "import dbm.gnu\n");
    const auto found = run({seal("Shop 1.0"), seal("numpy 1.26")});
    EXPECT_THAT(relations(found),
                ElementsAre("python3-distutils", "python3-tk", "python3.11 (>= 3.11.2)"));
    EXPECT_EQ(found->reasons.back().relation, "python3-tk");
    EXPECT_EQ(found->reasons.back().library, "tkinter.ttk");
    EXPECT_EQ(found->reasons.back().needed_by,
              "/opt/venvs/hello/lib/python3.11/site-packages/shop.py");
    // Since 3.12 there is none; and BUNDLED brings its own.
    manifest.python.version = "3.12";
    EXPECT_THAT(relations(run({seal("Shop 1.0")})),
                ElementsAre("python3-tk", "python3.11 (>= 3.11.2)"));
    manifest.python.bundled = true;
    EXPECT_THAT(relations(run({seal("Shop 1.0")})), IsEmpty());
}

TEST_F(DependsTest, LibrariesThatAreOpenedByNameAreRecommendedWhereTheTargetKnowsThem) {
    const fs::path module = in_prefix("magic", "lib/python3.11/site-packages/magic.py");
    ASSERT_TRUE(make_directories(module.parent_path()));
    ASSERT_TRUE(write_file(module, "import ctypes.util\nctypes.util.find_library('magic')\n"));
    const Layer layer = seal("magic");
    EXPECT_THAT(run({layer})->recommends, IsEmpty());
    put("var/lib/apt/lists/host_Packages", "Package: libmagic1t64\n\n");
    const auto found = run({layer});
    EXPECT_THAT(found->recommends, ElementsAre("libmagic1t64"));
    EXPECT_THAT(found->depends, IsEmpty());
    ASSERT_EQ(found->reasons.size(), 1U);
    EXPECT_EQ(found->reasons[0].library, "magic");
    EXPECT_EQ(found->reasons[0].needed_by,
              "/opt/venvs/hello/lib/python3.11/site-packages/magic.py");
}

TEST_F(DependsTest, UnchangedLayersAreNotReadAgain) {
    compile(in_prefix("flask", "lib/a.so"), "void f(void){}", linked({"libbare.so.3"}));
    const Layer layer = seal("flask");
    ASSERT_TRUE(run({layer}));
    const int made = workshop.store.made();
    ASSERT_TRUE(run({layer}));
    EXPECT_EQ(workshop.store.made(), made);

    // Another layer on top: its own scan and the answer, not the old layer's scan.
    compile(in_prefix("app", "lib/b.so"), "void f(void){}", linked({"libplain.so.2"}));
    ASSERT_TRUE(run({layer, seal("app")}));
    EXPECT_EQ(workshop.store.made(), made + 2);
}

TEST_F(DependsTest, ScansSurviveTheStore) {
    compile(in_prefix("flask", "lib/a.so"), "void sys_new(void); void f(void){sys_new();}",
            linked({"libsys.so.1"}, {"-Wl,-rpath,$ORIGIN/x:/y"}));
    const LayerScan scan = scan_layer(seal("flask")).value();
    ASSERT_EQ(scan.files.size(), 1U);
    const LayerScan again = parse_layer_scan(to_json_text(scan), "elf.json").value();
    ASSERT_EQ(again.files.size(), 1U);
    EXPECT_EQ(again.files[0].path, "/opt/venvs/hello/lib/a.so");
    EXPECT_EQ(again.files[0].info.needed, scan.files[0].info.needed);
    EXPECT_EQ(again.files[0].info.runpath, (std::vector<std::string>{"$ORIGIN/x", "/y"}));
    EXPECT_EQ(again.files[0].info.undefined_symbols, scan.files[0].info.undefined_symbols);
    EXPECT_EQ(again.files[0].info.version_needs, scan.files[0].info.version_needs);
    EXPECT_FALSE(parse_layer_scan("{\"format\": 0, \"files\": []}", "elf.json"));
    EXPECT_FALSE(parse_layer_scan("[]", "elf.json"));
}

TEST(PackageTree, FollowsLinksAsTheKernelDoes) {
    Layer layer;
    const auto add = [&](const std::string& path, EntryKind kind, const std::string& target = {}) {
        layer.entries.push_back({path, kind, 0644, 0, {}, target});
    };
    add("/opt/x/lib/a.so", EntryKind::file);
    add("/opt/x/lib64", EntryKind::symlink, "lib");
    add("/opt/x/abs", EntryKind::symlink, "/opt/x/lib64/../lib/a.so");
    add("/opt/x/loop", EntryKind::symlink, "loop");
    add("/opt/x/out", EntryKind::symlink, "../../../etc/passwd");
    const std::vector<Layer> layers = {layer};
    const PackageTree tree(layers);
    EXPECT_EQ(tree.file("/opt/x/lib64/a.so"), "/opt/x/lib/a.so");
    EXPECT_EQ(tree.file("/opt/x/abs"), "/opt/x/lib/a.so");
    EXPECT_EQ(tree.file("/opt//x/./lib/../lib64/a.so"), "/opt/x/lib/a.so");
    EXPECT_EQ(tree.file("/opt/x/loop"), std::nullopt);
    EXPECT_EQ(tree.file("/opt/x/out"), std::nullopt);
    EXPECT_EQ(tree.file("/opt/x/lib"), std::nullopt);
    EXPECT_EQ(tree.resolve("/opt/x/lib64"), "/opt/x/lib");
    EXPECT_EQ(tree.file("/opt/x/lib/a.so/b"), std::nullopt);
}

}  // namespace
}  // namespace dba::steps
