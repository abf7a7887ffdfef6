#include "steps/relocate.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <sys/stat.h>

#include "formats/pyc.hpp"
#include "formats/record.hpp"
#include "steps/environment_fixture.hpp"
#include "steps/relocate_layer.hpp"
#include "steps/relocate_script.hpp"

namespace dba::steps {

using dba::testing::contents;
using dba::testing::find_entry;
using dba::testing::said;

namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

class Relocate : public dba::testing::EnvironmentTest {
 protected:
    // Every row of every RECORD against the file it is about.
    void check_records(const std::vector<Layer>& layers) {
        for (const auto& layer : layers) {
            for (const auto& entry : layer.entries) {
                if (!entry.path.ends_with(".dist-info/RECORD")) continue;
                const auto rows = parse_record(contents(layer, entry.path), entry.path);
                ASSERT_TRUE(rows);
                const fs::path base = fs::path(entry.path).parent_path().parent_path();
                for (const auto& row : *rows) {
                    const auto* file =
                        find_entry(layers, (base / row.path).lexically_normal().string());
                    ASSERT_NE(file, nullptr) << entry.path << ": " << row.path;
                    if (row.path.ends_with("/RECORD")) continue;
                    EXPECT_EQ(row.hash, record_hash(file->sha256)) << row.path;
                    EXPECT_EQ(row.size, std::to_string(file->size)) << row.path;
                }
            }
        }
    }
};

TEST_F(Relocate, LeavesNothingOfTheBuild) {
    manifest_.python.bundled = true;
    write_project(project_files(R"("greet", "odd")"));
    add_wheel("odd", "1",
              {{"odd.py", "import this is no python\n"}, {"odd-1.data/scripts/odd", "#!python\n"}});
    const auto layers = relocated();
    ASSERT_TRUE(layers) << said(layers.error());
    ASSERT_EQ(layers->size(), 4U);
    EXPECT_EQ((*layers)[0].name, "interpreter");
    EXPECT_EQ((*layers)[3].name, "hello 1.0");
    const Layer& greet = (*layers)[1];
    const Layer& odd = (*layers)[2];
    const std::string library = manifest_.prefix + "/lib/python" + manifest_.python.version;
    const std::string info = library + "/site-packages/greet-2.0.dist-info";
    EXPECT_EQ(contents(greet, manifest_.prefix + "/bin/greet"),
              "#!/opt/venvs/hello/bin/python3 -I\nimport sys\n\nfrom greet import main\n\n"
              "if __name__ == \"__main__\":\n    sys.exit(main())\n");
    EXPECT_EQ(contents(odd, manifest_.prefix + "/bin/odd"), "#!/opt/venvs/hello/bin/python3 -Es\n");
    EXPECT_EQ(contents(greet, info + "/INSTALLER"), "deb-build-app\n");
    EXPECT_EQ(find_entry(*layers, info + "/REQUESTED"), nullptr);
    EXPECT_EQ(find_entry(*layers, library + "/site-packages/hello-1.0.dist-info/direct_url.json"),
              nullptr);
    check_records(*layers);

    const auto root = stack(*layers);
    // The search itself must work: it finds what is there.
    const auto grep = [&](const std::string& what) {
        return shop_.processes
            .run({.argv = {"/usr/bin/grep", "-rlF", what, prefix_in(root).string()},
                  .environment = {}})
            ->out;
    };
    EXPECT_THAT(grep("deb-build-app"), HasSubstr("/INSTALLER\n"));
    EXPECT_EQ(grep(shop_.directory.path().string()), "");
    EXPECT_EQ(run(root, {prefix_in(root) / "bin/hello"}), "hello world\n");

    std::size_t compiled = 0;
    std::size_t modules = 0;
    for (const auto& layer : *layers) {
        for (const auto& entry : layer.entries) {
            if (entry.kind == EntryKind::file && entry.path.ends_with(".py")) ++modules;
            if (entry.kind != EntryKind::symlink) {
                EXPECT_TRUE(entry.mode == 0644 || entry.mode == 0755) << entry.path;
            }
            if (!entry.path.ends_with(".pyc")) continue;
            ++compiled;
            const auto pyc = parse_pyc(*read_file(layer.file(entry)), entry.path);
            ASSERT_TRUE(pyc) << said(pyc.error());
            EXPECT_TRUE(pyc->unchecked_hash());
            for (const auto& name : pyc->file_names)
                EXPECT_TRUE(find_entry(*layers, name) != nullptr || name.starts_with('<'))
                    << entry.path << " names " << name;
        }
    }
    EXPECT_EQ(compiled, modules - 1) << "odd.py is no Python and has no .pyc";
    EXPECT_GT(compiled, 400U);
}

// Another directory, another installer, another umask: the same bytes.
TEST_F(Relocate, GivesTheSameLayersForTheSameInputs) {
    const auto first = relocated();
    ASSERT_TRUE(first) << said(first.error());

    dba::testing::Workshop elsewhere;
    const auto before = ::umask(0077);
    manifest_.installer = {"pip", "", "any", {}};
    System& system = elsewhere.system;
    const auto base = interpreter(manifest_, {}, system);
    ASSERT_TRUE(base) << said(base.error());
    const FetchedSource source{project_, digest_of(*list_tree(project_, "", true))};
    const auto lock = dba::steps::lock(manifest_, {source, *base}, system);
    ASSERT_TRUE(lock) << said(lock.error());
    const auto parts = install(manifest_, {*base, *lock, source}, system);
    ASSERT_TRUE(parts) << said(parts.error());
    const auto second = relocate(manifest_, {*base, *parts}, system);
    ::umask(before);
    ASSERT_TRUE(second) << said(second.error());
    ASSERT_EQ(second->size(), first->size());
    for (std::size_t i = 0; i < first->size(); ++i) {
        const auto& a = (*first)[i].entries;
        const auto& b = (*second)[i].entries;
        ASSERT_EQ(a.size(), b.size()) << (*first)[i].name;
        for (std::size_t j = 0; j < a.size(); ++j) {
            EXPECT_EQ(a[j].path, b[j].path);
            EXPECT_EQ(a[j].mode, b[j].mode) << a[j].path;
            EXPECT_EQ(a[j].sha256, b[j].sha256) << a[j].path;
        }
        EXPECT_EQ((*first)[i].digest, (*second)[i].digest);
    }
}

// One layer written by hand.
class RewriteLayer : public ::testing::Test {
 protected:
    RewriteLayer() { manifest_.prefix = "/opt/x"; }
    Result<Layer> rewritten(const std::map<std::string, std::string>& files) {
        for (const auto& [name, bytes] : files)
            directory_.write("from/tree/opt/x/" + name, bytes,
                             name.starts_with("bin/") ? 0755 : 0664);
        TRY_ASSIGN(const Layer layer, seal_layer(directory_.path() / "from", "demo 1"));
        TRY(rewrite_layer(layer, staging_, manifest_, directory_.path() / "to/tree"));
        return seal_layer(directory_.path() / "to", "demo 1");
    }
    [[nodiscard]] std::string result(const std::string& name) const {
        return read_file(directory_.path() / "to/tree/opt/x" / name).value_or("(none)");
    }
    dba::testing::TemporaryDirectory directory_;
    Manifest manifest_;
    std::string staging_ = "/build/stage.0123";
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

TEST_F(RewriteLayer, RefusesABuildPathInABinary) {
    const auto layer =
        rewritten({{"lib/demo.so", std::string("\177ELF\0\0", 6) + staging_ + "/opt/x"}});
    ASSERT_FALSE(layer);
    EXPECT_EQ(layer.error().code, ExitCode::bad_input);
    EXPECT_EQ(layer.error().subject, "/opt/x/lib/demo.so");
    EXPECT_EQ(layer.error().cause,
              "is a binary file of demo 1 that names the directory it was built in "
              "(/build/stage.0123) at offset 6");
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

TEST(EntryPointScript, CallsAttributesAndBearsLongPaths) {
    EXPECT_THAT(entry_point_script("/opt/x/bin/python3", "pkg.mod:App.main"),
                HasSubstr("from pkg.mod import App\n\nif __name__ == \"__main__\":\n"
                          "    sys.exit(App.main())\n"));
    EXPECT_THAT(entry_point_script("/opt/sp ace/bin/python3", "a:b"),
                ::testing::StartsWith("#!/bin/sh\n'''exec' \"/opt/sp ace/bin/python3\" -I "));
}

}  // namespace
}  // namespace dba::steps
