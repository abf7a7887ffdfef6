#include "source/folder.hpp"

#include <gmock/gmock.h>

#include "steps/fetch/fetch.hpp"
#include "support/venv_fixture.hpp"

namespace dba::steps {

using dba::testing::contents;
using dba::testing::find_entry;
using dba::testing::said;

namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

class Folder : public dba::testing::EnvironmentTest {
 protected:
    Folder() {
        manifest_.project = {"hello-app", "1.0", false, true};
        manifest_.source.directory = project_.string();
    }
    void describe() {
        const auto described = describe_folder(project_, manifest_);
        ASSERT_TRUE(described) << said(described.error());
    }
};

TEST_F(Folder, InstallsModulesPackagesAndDataButNothingForPeopleAndTools) {
    write_project({{"app.py", "import inner\n"},
                   {"inner/__init__.py", ""},
                   {"inner/table.csv", "a,b\n"},
                   {"inner/test_kept.py", ""},
                   {"inner/__pycache__/x.cpython-311.pyc", ""},
                   {"odd, \"name\".txt", "data\n"},
                   {"templates/page.html", "<p>\n"},
                   {"requirements.txt", "greet<2\n"},
                   {"README.md", ""},
                   {"LICENSE", "ours\n"},
                   {"pyproject.toml", "[tool.black]\n"},
                   {"test_app.py", ""},
                   {"tests/test_more.py", ""},
                   {".env", "KEY=secret\n"},
                   {".github/x.py", ""}});
    shop_.directory.write("project/start", "#!/usr/bin/env python3\nimport app\n", 0755);
    shop_.directory.write("project/work.py", "#!/usr/bin/python3\n", 0755);
    shop_.directory.write("project/deploy.sh", "#!/bin/sh\n", 0755);
    describe();
    auto both = installed();
    ASSERT_TRUE(both) << said(both.error());
    ASSERT_EQ(both->third_party.layers.size(), 1U);
    EXPECT_EQ(both->third_party.layers[0].name, "greet 1.0");  // requirements.txt was obeyed
    const auto& layer = both->application.layers.front();
    EXPECT_EQ(layer.name, "hello-app 1.0");
    const std::string info = "hello_app-1.0.dist-info/";
    std::vector<std::string> paths;
    const std::string site =
        manifest_.prefix + "/lib/python" + manifest_.python.version + "/site-packages/";
    for (const auto& entry : layer.entries)
        if (entry.kind != EntryKind::directory && !entry.path.ends_with("/uv_cache.json") &&
            !entry.path.ends_with("/direct_url.json"))
            paths.push_back(entry.path.starts_with(site) ? entry.path.substr(site.size())
                                                         : entry.path);
    EXPECT_THAT(paths, ElementsAre(manifest_.prefix + "/bin/start", manifest_.prefix + "/bin/work",
                                   "app.py", "deploy.sh", info + "INSTALLER", info + "LICENSE",
                                   info + "METADATA", info + "RECORD", info + "REQUESTED",
                                   info + "WHEEL", info + "top_level.txt", "inner/__init__.py",
                                   "inner/table.csv", "inner/test_kept.py", "odd, \"name\".txt",
                                   "start", "templates/page.html", "work.py"));
    EXPECT_EQ(contents(layer, site + info + "top_level.txt"), "app\ninner\nwork\n");
}

TEST_F(Folder, IsLeftAloneOncePrepareHasMadeItAProject) {
    write_project(project_files());
    describe();
    EXPECT_EQ(*read_file(project_ / "pyproject.toml"), project_files().at("pyproject.toml"));
}

TEST_F(Folder, FetchDescribesItInItsCopy) {
    write_project({{"app.py", ""}});
    const auto fetched = fetch(manifest_, {}, shop_.system);
    ASSERT_TRUE(fetched) << said(fetched.error());
    EXPECT_THAT(*read_file(fetched->directory / "pyproject.toml"),
                HasSubstr("name = \"hello-app\"\nversion = \"1.0\"\n"));
    EXPECT_FALSE(fs::exists(project_ / "pyproject.toml"));
    manifest_.project.version = "1.1";
    const auto again = fetch(manifest_, {}, shop_.system);
    ASSERT_TRUE(again) << said(again.error());
    EXPECT_NE(again->digest, fetched->digest);
}

TEST_F(Folder, WithoutModulesIsNoProject) {
    write_project({{"data.txt", ""}, {"deeper/app/work.py", ""}});
    EXPECT_FALSE(holds_modules(project_));
    const auto described = describe_folder(project_, manifest_);
    ASSERT_FALSE(described);
    EXPECT_EQ(said(described.error()),
              project_.string() +
                  ": is not a Python project: it holds no pyproject.toml, setup.cfg or setup.py "
                  "that describes one, and no Python module or package (name the folder that "
                  "holds them (SOURCE_DIR, or GIT_SUBDIR))");
    shop_.directory.write("project/deeper/__init__.py", "");
    EXPECT_TRUE(holds_modules(project_));
}

TEST_F(Folder, AProgramRunsTheFileWhereItLies) {
    write_project({{"word.txt", "greetings"}});
    shop_.directory.write("project/say.py",
                          "#!/usr/bin/env python3\nimport sys\nfrom pathlib import Path\n"
                          "if __name__ == '__main__':\n"
                          "    word = Path(__file__).with_name('word.txt').read_text()\n"
                          "    print(word, *sys.argv[1:])\n",
                          0755);
    describe();
    auto layers = relocated();
    ASSERT_TRUE(layers) << said(layers.error());
    const auto root = stack(*layers);
    EXPECT_EQ(run(root, {(prefix_in(root) / "bin/say").string(), "there"}), "greetings there\n");

    shop_.directory.write("project/say", "#!/usr/bin/env python3\n", 0755);
    const auto both = installed();
    ASSERT_FALSE(both);
    EXPECT_THAT(said(both.error()), HasSubstr("say and say.py would be one program: rename one"));
}

TEST_F(Folder, ALinkOutOfItIsNamed) {
    write_project({{"app.py", ""}});
    fs::create_symlink("/etc/hostname", project_ / "name.txt");
    describe();
    const auto both = installed();
    ASSERT_FALSE(both);
    EXPECT_THAT(said(both.error()), HasSubstr("name.txt is a link out of the folder: a copy of "
                                              "what it leads to can be installed"));
}

}  // namespace
}  // namespace dba::steps
