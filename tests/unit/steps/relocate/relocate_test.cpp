#include "steps/relocate/relocate.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <sys/stat.h>

#include "formats/python/pyc.hpp"
#include "formats/python/record.hpp"
#include "python/scripts.hpp"
#include "support/venv_fixture.hpp"
#include "system/files/tree.hpp"

namespace dba::steps {

using dba::testing::contents;
using dba::testing::find_entry;
using dba::testing::said;

namespace {

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

// The shells' own word on it: VIRTUAL_ENV, and the interpreter in front of all others.
TEST_F(Relocate, ActivatesShells) {
    const auto layers = relocated();
    ASSERT_TRUE(layers) << said(layers.error());
    const auto bin = prefix_in(stack(*layers)) / "bin";
    for (const char* shell : {"/bin/sh", "/bin/bash"}) {
        const auto ran = shop_.processes.run(
            {.argv = {shell, "-uc",
                      ". '" + (bin / "activate").string() +
                          "'; echo \"$VIRTUAL_ENV $PATH $VIRTUAL_ENV_PROMPT\"; deactivate; "
                          "echo \"${VIRTUAL_ENV:-none} $PATH\""},
             .environment = {{"PATH", "/usr/bin"}}});
        ASSERT_TRUE(ran);
        EXPECT_THAT(ran->out, ::testing::MatchesRegex(
                                  "/opt/venvs/hello /opt/venvs/hello/bin:/usr/bin .?hello.? ?\n"
                                  "none /usr/bin\n"))
            << shell << ran->err;
    }
    const std::map<std::string, std::string> words{
        {"activate.csh", "setenv VIRTUAL_ENV ['\"]?/opt/venvs/hello['\"]?\n"},
        {"activate.fish", "set -gx VIRTUAL_ENV ['\"]?/opt/venvs/hello['\"]?\n"},
        {"Activate.ps1", "function global:deactivate"}};
    for (const auto& [name, expression] : words) {
        const std::string path = "/opt/venvs/hello/bin/" + name;
        EXPECT_THAT(contents(layers->front(), path), ::testing::ContainsRegex(expression)) << name;
        const auto* entry = find_entry(*layers, path);
        ASSERT_NE(entry, nullptr) << name;
        EXPECT_EQ(entry->mode, 0644U);
    }
}

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
            EXPECT_EQ(pyc->flags, 1U);  // by hash, not compared at import
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
    manifest_.installer = {InstallerKind::pip, "", "any", {}};
    System& system = elsewhere.system;
    const auto base = interpreter(manifest_, {}, system);
    ASSERT_TRUE(base) << said(base.error());
    const auto source = fetched();
    ASSERT_TRUE(source) << said(source.error());
    const auto wheel = dba::steps::wheel(manifest_, {*source, *base}, system);
    ASSERT_TRUE(wheel) << said(wheel.error());
    const auto lock = dba::steps::lock(manifest_, {*source, *base, *wheel}, system);
    ASSERT_TRUE(lock) << said(lock.error());
    const auto parts = install(manifest_, {*base, *lock, *wheel}, system);
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

TEST(EntryPointScript, CallsAttributesAndBearsLongPaths) {
    EXPECT_THAT(entry_point_script("/opt/x/bin/python3", "pkg.mod:App.main"),
                HasSubstr("from pkg.mod import App\n\nif __name__ == \"__main__\":\n"
                          "    sys.exit(App.main())\n"));
    EXPECT_THAT(entry_point_script("/opt/sp ace/bin/python3", "a:b"),
                ::testing::StartsWith("#!/bin/sh\n'''exec' \"/opt/sp ace/bin/python3\" -I "));
}

}  // namespace
}  // namespace dba::steps
