// An application that is no package, from its folder to its layer.
#include "steps/wheel/folder.hpp"

#include <gmock/gmock.h>

#include "steps/fetch/layout.hpp"
#include "steps/verify/distributions.hpp"
#include "support/venv_fixture.hpp"

namespace dba::steps {

using dba::testing::contents;
using dba::testing::find_entry;
using dba::testing::said;

namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

class FolderWheelTest : public dba::testing::EnvironmentTest {
 protected:
    FolderWheelTest() {
        manifest_.project = {.name = "hello-app", .version = "1.0", .layout = Layout::folder};
        manifest_.source.directory = project_.string();
        site_ = manifest_.prefix + "/lib/python" + manifest_.python.version + "/site-packages/";
    }
    void script(const std::string& name, const std::string& bytes) const {
        shop_.directory.write("project/" + name, bytes, 0755);
    }
    template <class T>
    static std::string refusal(const Result<T>& result) {
        return result ? "was not refused" : said(result.error());
    }
    std::string site_;
};

TEST_F(FolderWheelTest, LeavesOutWhatTheDeclarationNamesForOtherUses) {
    write_project({{"app.py", ""},
                   {"settings.py", "A = 1\n"},
                   {"packaging/app.ini", "a = 1\n"},
                   {"packaging/hook.sh", "true\n"},
                   {"packaging/conf/one/app.toml", "a = 1\n"},
                   {"notes/app.ini", "a = 1\n"}});
    const std::string top = project_.string();
    manifest_.configs = {{top + "/packaging/app.ini", "/etc/hello/app.ini"},
                         {top + "/settings.py", "/etc/hello/settings.py"}};
    manifest_.fragments.postinst = top + "/packaging/hook.sh";
    manifest_.config_variants = {top + "/packaging/conf", "one"};
    const auto both = installed();
    ASSERT_TRUE(both) << said(both.error());
    std::vector<std::string> paths;
    const std::string app = manifest_.prefix + "/app/";
    for (const auto& entry : both->application.layers.front().entries)
        if (entry.path.starts_with(app) && entry.path.find("__pycache__") == std::string::npos)
            paths.push_back(entry.path.substr(app.size()));
    EXPECT_THAT(paths, ElementsAre("app.py", "notes", "notes/app.ini", "settings.py"));
}

TEST_F(FolderWheelTest, LiesAsItStandsInFrontOfSitePackages) {
    write_project({{"app.py", "import inner\n"},
                   {"inner/__init__.py", ""},
                   {"odd, \"name\".txt", "data\n"},
                   {"static/app.css", "body {}\n"},
                   {"requirements.txt", "greet<2\n"},
                   {"LICENSE", "ours\n"},
                   {"pyproject.toml", "[tool.black]\n"},
                   {"tests/test_more.py", ""}});
    script("start", "#!/usr/bin/env python3\nimport app\n");
    script("deploy.sh", "#!/bin/sh\n");
    auto both = installed();
    ASSERT_TRUE(both) << said(both.error());
    ASSERT_EQ(both->third_party.layers.size(), 1U);
    EXPECT_EQ(both->third_party.layers[0].name, "greet 1.0");  // requirements.txt was obeyed
    const auto& layer = both->application.layers.front();
    EXPECT_EQ(layer.name, "hello-app 1.0");
    std::vector<std::string> paths;
    for (const auto& entry : layer.entries)
        if (entry.kind != EntryKind::directory &&
            entry.path.find(".dist-info/") == std::string::npos)
            paths.push_back(entry.path.substr(manifest_.prefix.size() + 1) +
                            (entry.link_target.empty() ? "" : " -> " + entry.link_target));
    const std::string site = site_.substr(manifest_.prefix.size() + 1);
    const auto link = [&](const std::string& name) {
        return site + name + " -> ../../../app/" + name;
    };
    EXPECT_THAT(paths,
                ElementsAre("app/LICENSE", "app/app.py", "app/deploy.sh", "app/inner/__init__.py",
                            "app/odd, \"name\".txt", "app/pyproject.toml", "app/requirements.txt",
                            "app/start", "app/static/app.css", "bin/start", link("LICENSE"),
                            link("app.py"), link("deploy.sh"), site + "hello_app-app.pth",
                            link("inner"), link("odd, \"name\".txt"), link("pyproject.toml"),
                            link("requirements.txt"), link("start"), link("static")));
    EXPECT_EQ(contents(layer, manifest_.prefix + "/app/pyproject.toml"), "[tool.black]\n");
    const std::string info = site_ + "hello_app-1.0.dist-info/";
    EXPECT_EQ(contents(layer, info + "top_level.txt"), "app\ninner\n");
    EXPECT_EQ(contents(layer, info + "LICENSE"), "ours\n");
    const std::string record = contents(layer, info + "RECORD");
    EXPECT_THAT(record, HasSubstr("\n../../../app/app.py,sha256="));
    EXPECT_THAT(record, HasSubstr("\nstatic,,\n"));
    EXPECT_EQ(find_entry({layer}, manifest_.prefix + "/app/deploy.sh")->mode & 0111U, 0111U);
    EXPECT_THAT(shop_.log.lines, Contains(HasSubstr("not packaged: tests/")));
}

TEST_F(FolderWheelTest, ItsModulesComeFirst) {
    write_project({{"web.py", "import greet\nWORD = greet.WORD\n"},
                   {"manage.py", "import web\nprint(web.WORD, web.__file__)\n"},
                   {"pyproject.toml",
                    "[project]\nname = 'hello-app'\nversion = '1.0'\ndependencies = ['greet>=2']\n"
                    "[project.scripts]\nword = 'web:main'\n"}});
    script("say.py",
           "#!/usr/bin/env python3\nimport sys\nfrom pathlib import Path\n"
           "print(Path(__file__).parent.name, *sys.argv[1:])\n");
    auto layers = relocated();
    ASSERT_TRUE(layers) << said(layers.error());
    const auto root = stack(*layers);
    const std::string app = (prefix_in(root) / "app").string();
    EXPECT_EQ(run(root, {app + "/manage.py"}), "hello " + app + "/web.py\n");
    EXPECT_EQ(run(root, {"-I", "-c", "import web; print(web.__file__)"}), app + "/web.py\n");
    EXPECT_EQ(run(root, {(prefix_in(root) / "bin/say").string(), "there"}), "app there\n");
    EXPECT_NE(find_entry(*layers, manifest_.prefix + "/bin/word"), nullptr);
    EXPECT_NE(
        find_entry(*layers, manifest_.prefix + "/app/__pycache__/web.cpython-" + std::string("3") +
                                manifest_.python.version.substr(2) + ".pyc"),
        nullptr);
    Findings findings;
    const auto environment = read_environment(*layers, manifest_.prefix, findings);
    ASSERT_TRUE(environment);
    EXPECT_THAT(findings, ::testing::IsEmpty());
    for (const auto& one : environment->distributions)
        if (one.metadata.name == "hello-app") {
            EXPECT_TRUE(one.is_folder);
            EXPECT_THAT(one.modules, ElementsAre("manage", "say", "web"));
        }
}

TEST_F(FolderWheelTest, TwoFilesOfOneProgramAreNamed) {
    write_project({});
    script("say.py", "#!/usr/bin/env python3\n");
    script("say", "#!/usr/bin/env python3\n");
    EXPECT_EQ(refusal(built()), "say.py: and say would be one program, say (rename one)");
}

TEST_F(FolderWheelTest, AModuleOfPythonsOwnNameIsRefusedUnlessItIsMeant) {
    write_project({{"secrets.py", ""}, {"logging/__init__.py", ""}, {"email/hello.txt", ""}});
    EXPECT_EQ(refusal(built()),
              "hello: logging/ hides Python's own module logging, secrets.py hides Python's own "
              "module secrets: the application's modules come first, also for libraries that want "
              "Python's (rename it, leave it out (EXCLUDE app/logging/), or say LAYOUT folder to "
              "have it so)");
    manifest_.project.layout_declared = true;
    for (int round = 0; round < 2; ++round) {
        shop_.log.lines.clear();
        ASSERT_TRUE(built());
        EXPECT_THAT(shop_.log.lines,
                    Contains(HasSubstr("secrets.py hides Python's own module secrets")));
    }
    manifest_.project.layout_declared = false;
    manifest_.exclude = {"app/secrets.py", "app/logging"};
    EXPECT_TRUE(built());
}

TEST_F(FolderWheelTest, ALibrarysNameIsRefused) {
    write_project({{"greet.py", ""}, {"requirements.txt", "greet\n"}});
    EXPECT_EQ(refusal(installed()),
              "greet.py: has the name of a module of greet 2.0: the application's comes first, "
              "and would hide it (rename it, or leave it out: EXCLUDE app/greet.py)");
    write_project({{"greet/work.py", ""}, {"requirements.txt", "greet\n"}});
    EXPECT_EQ(refusal(installed()),
              "greet: has no __init__.py, and greet 2.0 has a module of that name, which Python "
              "takes instead (give it an __init__.py under another name, or leave it out: EXCLUDE "
              "app/greet)");
    // Data alone is in nobody's way.
    write_project({{"greet/words.txt", ""}, {"requirements.txt", "greet\n"}});
    const auto both = installed();
    ASSERT_TRUE(both) << said(both.error());
    EXPECT_EQ(find_entry(both->application.layers, site_ + "greet"), nullptr);
    EXPECT_NE(find_entry(both->application.layers, manifest_.prefix + "/app/greet/words.txt"),
              nullptr);
}

TEST_F(FolderWheelTest, WhatSiteWouldReadGetsNoLink) {
    write_project({{"app.py", ""}, {"model.pth", "import nothing\n"}, {".streamlit/a.toml", ""}});
    const auto both = installed();
    ASSERT_TRUE(both) << said(both.error());
    EXPECT_EQ(find_entry(both->application.layers, site_ + "model.pth"), nullptr);
    EXPECT_EQ(find_entry(both->application.layers, site_ + ".streamlit"), nullptr);
    EXPECT_NE(find_entry(both->application.layers, manifest_.prefix + "/app/.streamlit/a.toml"),
              nullptr);
}

TEST_F(FolderWheelTest, ItsMetadataOrItsRequirementsCount) {
    write_project({{"app.py", ""},
                   {"pyproject.toml", "[project]\ndependencies = ['greet==1.0']\n"},
                   {"requirements.txt", "greet==2.0\n"}});
    const auto both = installed();
    ASSERT_TRUE(both) << said(both.error());
    EXPECT_EQ(both->third_party.layers[0].name, "greet 1.0");
    EXPECT_THAT(shop_.log.lines, Contains(HasSubstr("requirements.txt is not read: pyproject.toml "
                                                    "says what it needs")));
}

TEST_F(FolderWheelTest, PrepareMayMakeAPackageOfIt) {
    write_project(project_files());
    const auto source = fetched();
    ASSERT_TRUE(settle_layout(manifest_, *source));
    EXPECT_EQ(manifest_.project.layout, Layout::package);
    EXPECT_EQ(manifest_.project.layout_reason, "[build-system] in pyproject.toml, after PREPARE");
    EXPECT_TRUE(installed());
    manifest_.project.layout = Layout::folder;
    write_project({{"data.txt", ""}});
    EXPECT_EQ(refusal(settle_layout(manifest_, *fetched())),
              project_.string() +
                  ": is not a Python project: it holds no pyproject.toml, setup.cfg or setup.py "
                  "that describes one, and no Python module or package (name the folder that "
                  "holds them (SOURCE_DIR, or GIT_SUBDIR), or say LAYOUT folder)");
    manifest_.project.layout_declared = true;
    EXPECT_TRUE(settle_layout(manifest_, *fetched()));
    EXPECT_EQ(manifest_.project.layout, Layout::folder);
}

}  // namespace
}  // namespace dba::steps
