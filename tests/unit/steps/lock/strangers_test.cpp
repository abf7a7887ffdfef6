// A name that a project sends somewhere, and a stranger's wheel of that name in the index: ours is
// installed, or nothing.
#include <fmt/format.h>
#include <gmock/gmock.h>

#include "support/venv_fixture.hpp"
#include "system/files/digest.hpp"

namespace dba::steps {
namespace {

using dba::testing::contents;
using dba::testing::Files;
using dba::testing::said;
using ::testing::HasSubstr;

class Strangers : public dba::testing::EnvironmentTest {
 protected:
    // Every index and wheelhouse but the one that is meant has greet 9.0.
    Strangers() { add_wheel("greet", "9.0", {{"greet/__init__.py", "WORD = 'stranger'\n"}}); }

    static Files library() {
        Files files = project_files("");
        for (auto& [name, text] : files)
            for (const auto& [from, to] :
                 {std::pair<std::string, std::string>{"\"hello\"\n", "\"greet\"\n"},
                  {"os.walk(\"hello\")", "os.walk(\"greet\")"},
                  {"version = \"1.0\"", "version = \"1.5\""}})
                if (const auto at = text.find(from); at != std::string::npos)
                    text.replace(at, from.size(), to);
        files.erase("hello/__init__.py");
        auto& pyproject = files["pyproject.toml"];
        pyproject.erase(pyproject.find("scripts ="),
                        pyproject.find("optional-") - pyproject.find("scripts ="));
        files["greet/__init__.py"] = "WORD = 'ours'\n";
        return files;
    }
    // The application, with tables; the library below it at `place`.
    void project(const std::string& tables, const std::string& place = {}) {
        Files files = project_files();
        files["pyproject.toml"] += "\n" + tables;
        if (!place.empty())
            for (const auto& [name, text] : library()) files[place + "/" + name] = text;
        write_project(files);
    }
    // A simple index (PEP 503) on this machine, of the wheelhouse's wheels with that version.
    std::string index(const std::string& name, const std::string& version) {
        const std::string file = fmt::format("greet-{}-py3-none-any.whl", version);
        const auto bytes = *read_file(wheelhouse_ / file);
        shop_.directory.write(name + "/greet/" + file, bytes);
        shop_.directory.write(name + "/greet/index.html",
                              fmt::format("<a href=\"{0}#sha256={1}\">{0}</a>", file,
                                          *sha256_file(wheelhouse_ / file)));
        return "file://" + (shop_.directory.path() / name).string();
    }
    void ask_indexes() {
        add_wheel("greet", "1.5", {{"greet/__init__.py", "WORD = 'ours'\n"}});
        corp_ = index("corp", "1.5");
        manifest_.index_url = index("public", "9.0");
        manifest_.wheelhouse.clear();
    }
    // What greet says that was installed, or what is said against it.
    std::string installed_word() {
        const auto layers = installed();
        if (!layers) return said(layers.error());
        for (const auto& layer : layers->third_party.layers)
            for (const auto& entry : layer.entries)
                if (entry.path.ends_with("/greet/__init__.py"))
                    return *read_file(layer.file(entry));
        return "nothing";
    }
    std::string corp_;
};

const std::string ours = "WORD = 'ours'\n";

TEST_F(Strangers, UvPath) {
    project("[tool.uv.sources]\ngreet = { path = 'vendor/greet', editable = true }\n",
            "vendor/greet");
    EXPECT_EQ(installed_word(), ours);
    const std::string kept = *read_file(shop_.store.work() / "lock/hello.lock");
    EXPECT_THAT(kept, HasSubstr("\ngreet @ file://${PROJECT_ROOT}/vendor/greet\n"));
    project("[tool.uv.sources]\ngreet = { path = '../greet' }\n");
    EXPECT_EQ(installed_word(),
              "[tool.uv.sources] greet: leads to ../greet, which is not in the source (it is never "
              "taken from an index instead: put it into the repository, or change the table)");
}

TEST_F(Strangers, UvPathByPip) {
    manifest_.installer = {InstallerKind::pip, "", "any", {}};
    project("[tool.uv.sources]\ngreet = { path = 'vendor/greet' }\n", "vendor/greet");
    EXPECT_EQ(installed_word(), ours);
}

TEST_F(Strangers, UvWorkspace) {
    project(
        "[tool.uv.workspace]\nmembers = ['packages/*']\n[tool.uv.sources]\ngreet = { workspace = "
        "true }\n",
        "packages/greet");
    EXPECT_EQ(installed_word(), ours);
    project("[tool.uv.sources]\ngreet = { workspace = true }\n", "packages/greet");
    EXPECT_EQ(
        installed_word(),
        "[tool.uv.sources] greet: is a member of a workspace, and no pyproject.toml above the "
        "project has [tool.uv.workspace] (with GIT_SUBDIR or SOURCE_DIR name the member, in a "
        "repository that holds the whole workspace)");
}

TEST_F(Strangers, UvGit) {
    shop_.git.commit.id = std::string(40, 'c');
    shop_.git.files = library();
    project("[tool.uv.sources]\ngreet = { git = 'https://example.org/greet', tag = 'v1.5' }\n");
    EXPECT_EQ(installed_word(), ours);
    EXPECT_EQ(shop_.git.asked.front(), "v1.5");
}

TEST_F(Strangers, UvIndex) {
    const std::string tables =
        "[tool.uv.sources]\ngreet = {{ index = 'corp' }}\n[[tool.uv.index]]\nname = 'corp'\nurl = "
        "'{}'\nexplicit = true\n";
    project(fmt::format(fmt::runtime(tables), "https://corp.example"));
    EXPECT_EQ(installed_word(),
              "[tool.uv.sources] greet: is sent to the index corp, and only WHEELHOUSE is asked: "
              "nobody knows where its files are from (give a LOCK (uv.lock, poetry.lock), whose "
              "hashes say which file is meant)");
    ask_indexes();
    project(fmt::format(fmt::runtime(tables), corp_));
    EXPECT_EQ(installed_word(), ours);
    EXPECT_THAT(*read_file(shop_.store.work() / "lock/hello.lock"),
                HasSubstr("  # index: " + corp_ + "\n"));
    manifest_.installer = {InstallerKind::pip, "", "any", {}};
    EXPECT_EQ(installed_word(),
              "[tool.uv.sources] greet: is sent to the index corp, and pip asks all indexes alike "
              "(say INSTALLER uv, or give a LOCK, whose hashes say which file is meant)");
}

TEST_F(Strangers, PoetryPath) {
    project("[tool.poetry.dependencies]\ngreet = { path = 'vendor/greet', develop = true }\n",
            "vendor/greet");
    EXPECT_EQ(installed_word(), ours);
}

TEST_F(Strangers, PoetrySource) {
    ask_indexes();
    project(fmt::format(
        "[tool.poetry.dependencies]\ngreet = {{ version = '*', source = 'corp' "
        "}}\n[[tool.poetry.source]]\nname = 'corp'\nurl = '{}'\npriority = 'explicit'\n",
        corp_));
    EXPECT_EQ(installed_word(), ours);
}

// Poetry, PDM, Hatch and setup.py write the place that they build in into the metadata.
TEST_F(Strangers, DirectoryInTheMetadata) {
    Files files = project_files(R"("greet @ file://PLACE/vendor/greet ; os_name == 'posix'")");
    auto& backend = files["backend.py"];
    const std::string item = "+ item for";
    backend.replace(backend.find(item), item.size(), "+ item.replace('PLACE', os.getcwd()) for");
    for (const auto& [name, text] : library()) files["vendor/greet/" + name] = text;
    write_project(files);
    const auto wheel = built();
    ASSERT_TRUE(wheel) << said(wheel.error());
    EXPECT_THAT(wheel->metadata.requires_dist,
                ::testing::ElementsAre("greet  ; os_name == 'posix'", "shout ; extra == 'loud'"));
    EXPECT_THAT(wheel->sent, ::testing::ElementsAre(::testing::Pair("greet", "vendor/greet")));
    EXPECT_EQ(installed_word(), ours);
}

// What only a dependency of a dependency asks for is sent where the project sends it.
TEST_F(Strangers, AskedForByOthersAlone) {
    add_wheel("middle", "1.0", {{"middle.py", ""}}, "Requires-Dist: greet\n");
    Files files = project_files(R"("middle")");
    files["pyproject.toml"] += "\n[tool.uv.sources]\ngreet = { path = 'vendor/greet' }\n";
    for (const auto& [name, text] : library()) files["vendor/greet/" + name] = text;
    write_project(files);
    EXPECT_EQ(installed_word(), ours);
}

TEST_F(Strangers, InALockThatIsOlderThanTheTable) {
    project("[tool.uv.sources]\ngreet = { path = 'vendor/greet' }\n", "vendor/greet");
    manifest_.lock = shop_.directory.write(
        "given.lock", "greet==9.0 --hash=sha256:" +
                          *sha256_file(wheelhouse_ / "greet-9.0-py3-none-any.whl") + "\n");
    EXPECT_THAT(
        installed_word(),
        HasSubstr("given.lock: greet: is taken from an index, and [tool.uv.sources] sends it "
                  "to "));
}

}  // namespace
}  // namespace dba::steps
