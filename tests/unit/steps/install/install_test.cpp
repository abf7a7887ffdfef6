#include "steps/install/install.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <algorithm>

#include "steps/install/split.hpp"
#include "support/venv_fixture.hpp"
#include "system/files/tree.hpp"

namespace dba::steps {

using dba::testing::contents;
using dba::testing::find_entry;
using dba::testing::said;

namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

using Install = dba::testing::EnvironmentTest;

std::vector<std::string> files_of(const Layer& layer) {
    std::vector<std::string> paths;
    for (const auto& entry : layer.entries)
        // uv leaves uv_cache.json for wheels of a directory, and may stop doing so.
        if (entry.kind != EntryKind::directory && !entry.path.ends_with("/uv_cache.json"))
            paths.push_back(entry.path);
    return paths;
}

TEST_F(Install, MakesOneLayerPerDistribution) {
    write_project(project_files(R"("greet", "data")"));
    add_wheel("data", "1", {{"data-1.data/data/share/data/x.txt", "x"}, {"data.py", ""}});
    auto both = installed();
    ASSERT_TRUE(both) << said(both.error());
    const std::string site =
        manifest_.prefix + "/lib/python" + manifest_.python.version + "/site-packages/";
    ASSERT_EQ(both->third_party.layers.size(), 2U);
    EXPECT_EQ(both->third_party.layers[0].name, "data 1");
    EXPECT_THAT(files_of(both->third_party.layers[0]),
                ElementsAre(site + "data-1.dist-info/INSTALLER", site + "data-1.dist-info/METADATA",
                            site + "data-1.dist-info/RECORD", site + "data-1.dist-info/REQUESTED",
                            site + "data-1.dist-info/WHEEL", site + "data.py",
                            manifest_.prefix + "/share/data/x.txt"));
    EXPECT_EQ(both->third_party.layers[1].name, "greet 2.0");
    EXPECT_THAT(files_of(both->third_party.layers[1]),
                ::testing::Contains(manifest_.prefix + "/bin/greet"));
    ASSERT_EQ(both->application.layers.size(), 1U);
    EXPECT_EQ(both->application.layers[0].name, "hello 1.0");

    // A changed source leaves the third-party layers alone, and the source itself as it is.
    const auto before = *list_tree(project_, "", true);
    shop_.directory.write("project/hello/__init__.py", "import greet\n\n\ndef main():\n    pass\n");
    const auto again = installed();
    ASSERT_TRUE(again) << said(again.error());
    EXPECT_EQ(again->third_party.layers[0].directory, both->third_party.layers[0].directory);
    EXPECT_EQ(again->third_party.keys, both->third_party.keys);
    EXPECT_NE(again->application.keys, both->application.keys);
    EXPECT_EQ(list_tree(project_, "", false)->size(), before.size());

    // A changed pin leaves the other distribution's key alone.
    manifest_.requirements = {shop_.directory.write("requirements.txt", "greet<2\n")};
    const auto repinned = installed();
    ASSERT_TRUE(repinned) << said(repinned.error());
    EXPECT_EQ(repinned->third_party.keys[0], both->third_party.keys[0]);
    EXPECT_NE(repinned->third_party.keys[1], both->third_party.keys[1]);
    EXPECT_EQ(repinned->application.keys, again->application.keys);
}

TEST_F(Install, RefusesAFileThatIsNotTheLockedOne) {
    manifest_.lock =
        shop_.directory
            .write("given.lock", "greet==1.0 --hash=sha256:" + std::string(64, 'a') + "\n")
            .string();
    for (const char* kind : {"uv", "pip"}) {
        if (kind == std::string("pip")) manifest_.installer = {InstallerKind::pip, "", "any", {}};
        const auto refused = installed();
        ASSERT_FALSE(refused) << kind;
        EXPECT_EQ(refused.error().code, ExitCode::bad_input);
        EXPECT_THAT(refused.error().subject, HasSubstr("greet==1.0"));
        EXPECT_THAT(refused.error().cause,
                    ::testing::MatchesRegex(
                        "the file that was offered is not the one in the lock: expected sha256 "
                        "a{64}, got [0-9a-f]{64}"));
    }
}

TEST_F(Install, ReadsTheApplicationBack) {
    manifest_.project = {"goodbye", "1.0", true};
    auto refused = installed();
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ExitCode::bad_input);
    EXPECT_EQ(said(refused.error()),
              "goodbye 1.0: is not what its build installed; site-packages holds hello 1.0 (the "
              "project's build gives itself another name or version than its pyproject.toml, "
              "setup.cfg or setup.py says)");

    manifest_.project = {"hello", "1.0", true};
    auto files = project_files();
    files.erase("hello/__init__.py");
    write_project(files);
    refused = installed();
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().cause,
              "installs no module of its own: its wheel holds metadata and entry points alone");

    write_project({{"pyproject.toml",
                    "[build-system]\nrequires = []\nbuild-backend = \"b\"\n"
                    "backend-path = [\".\"]\n"},
                   {"b.py", "def build_wheel(*_):\n    raise SystemExit('no, not today')\n"}});
    refused = installed();
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ExitCode::bad_input);
    EXPECT_THAT(refused.error().cause,
                HasSubstr("its wheel cannot be built; b says:\nno, not today"));
}

TEST_F(Install, NamesAPathOfTwo) {
    write_project(project_files(R"("thief")"));
    add_wheel("thief", "1", {{"hello/__init__.py", "mine = True\n"}});
    const auto refused = installed();
    ASSERT_FALSE(refused);
    EXPECT_EQ(said(refused.error()),
              fmt::format("{0}/{1}: is installed by both thief and hello, with different contents "
                          "(say whose counts, FILES_OF thief \"{1}\" or FILES_OF hello \"{1}\", or "
                          "leave it out, EXCLUDE \"{1}\")",
                          manifest_.prefix,
                          fmt::format("lib/python{}/site-packages/hello/__init__.py",
                                      manifest_.python.version)));
}

TEST_F(Install, SharesWhatIsTheSame) {
    // A namespace of the pkgutil kind, and a program: each layer has all of its own.
    const std::string init = "__path__ = __import__('pkgutil').extend_path(__path__, __name__)\n";
    const std::string tool = "#!python\nprint('tool')\n";
    for (const char* name : {"one", "two"})
        add_wheel(name, "1",
                  {{"ns/__init__.py", init},
                   {fmt::format("ns/{}.py", name), ""},
                   {fmt::format("{}-1.data/scripts/tool", name), tool}});
    auto files = project_files(R"("one", "two")");
    files["hello/__init__.py"] = init;
    write_project(files);
    add_wheel("three", "1", {{"hello/__init__.py", init}, {"hello/three.py", ""}});
    for (const char* dependencies : {R"("one", "two", "three")", R"("two")"}) {
        files["pyproject.toml"] = project_files(dependencies)["pyproject.toml"];
        write_project(files);
        const auto both = installed();
        ASSERT_TRUE(both) << said(both.error());
        const std::string site =
            manifest_.prefix + "/lib/python" + manifest_.python.version + "/site-packages/";
        const Layer& two = both->third_party.layers.back();
        EXPECT_EQ(two.name, "two 1");
        EXPECT_THAT(files_of(two),
                    ::testing::IsSupersetOf({manifest_.prefix + "/bin/tool",
                                             site + "ns/__init__.py", site + "ns/two.py"}));
    }
}

// What read_installed() says of a site-packages written by hand.
class ReadInstalled : public ::testing::Test {
 protected:
    ReadInstalled() {
        manifest_.prefix = "/p";
        manifest_.python.version = "3.11";
        environment_ = venv_in(directory_.path(), manifest_);
        distribution("one", "one.py,sha256=aaa,1\none-1.dist-info/RECORD,,\n");
        file("one.py");
    }
    void file(const std::string& name) {
        directory_.write("p/lib/python3.11/site-packages/" + name, "x");
    }
    void distribution(const std::string& name, const std::string& record) {
        const std::string info = "p/lib/python3.11/site-packages/" + name + "-1.dist-info/";
        directory_.write(info + "METADATA",
                         "Metadata-Version: 2.1\nName: " + name + "\nVersion: 1\n");
        directory_.write(info + "RECORD", record + name + "-1.dist-info/METADATA,,\n");
    }
    std::string report() {
        const auto found = read_installed(environment_, manifest_, before_);
        return found ? "accepted" : said(found.error());
    }
    dba::testing::TemporaryDirectory directory_;
    Manifest manifest_;
    Venv environment_;
    std::vector<LayerEntry> before_;
};

TEST_F(ReadInstalled, AcceptsWhatIsInOrder) {
    // Leftovers of uv, and the same file in two distributions (a namespace's __init__.py).
    directory_.write("p/.lock", "");
    distribution("two", "one.py,sha256=aaa,1\ntwo-1.dist-info/RECORD,,\ngone.pyc,,\n");
    const auto found = read_installed(environment_, manifest_, {});
    ASSERT_TRUE(found) << said(found.error());
    ASSERT_EQ(found->size(), 2U);
    const std::string site = "/p/lib/python3.11/site-packages/";
    EXPECT_THAT((*found)[0].files, ElementsAre(site + "one-1.dist-info/METADATA",
                                               site + "one-1.dist-info/RECORD", site + "one.py"));
    EXPECT_THAT((*found)[1].files, ElementsAre(site + "one.py", site + "two-1.dist-info/METADATA",
                                               site + "two-1.dist-info/RECORD"));
    // Each of them gets it.
    for (const auto& item : *found) {
        EXPECT_THAT(item.shared, ElementsAre(site + "one.py"));
        const auto layer = take_layer(environment_, item, directory_.path() / item.name);
        ASSERT_TRUE(layer) << said(layer.error());
        EXPECT_EQ(contents(*layer, site + "one.py"), "x");
    }
}

TEST_F(ReadInstalled, NamesAFileInNoRecord) {
    file("stray.py");
    EXPECT_EQ(report(),
              "/p/lib/python3.11/site-packages/stray.py: is in no distribution's RECORD (the "
              "distribution that writes it has a broken wheel, or its build writes outside of it)");
}

TEST_F(ReadInstalled, NamesAMissingFile) {
    distribution("two", "two.py,sha256=bbb,1\ntwo-1.dist-info/RECORD,,\n");
    EXPECT_EQ(report(), "two-1.dist-info/RECORD: names two.py, which is not there");
}

// Found in wheels that somebody zipped by hand.
TEST_F(ReadInstalled, PutsARecordRightThatIsWrongAboutItself) {
    const std::string site = "p/lib/python3.11/site-packages/";
    directory_.write(site + "Two.Tools-1.dist-info/METADATA",
                     "Metadata-Version: 2.1\nName: two-tools\nVersion: 1\n");
    directory_.write(site + "Two.Tools-1.dist-info/RECORD",
                     "two.py,sha256=bbb,1\ntwo_tools-1.dist-info/METADATA,sha256=ccc,50\n"
                     "two_tools-1.dist-info/RECORD,sha256=ddd,7\n");
    file("two.py");
    const auto found = read_installed(environment_, manifest_, {});
    ASSERT_TRUE(found) << said(found.error());
    EXPECT_THAT(found->front().mended,
                ElementsAre("two_tools-1.dist-info/METADATA", "two_tools-1.dist-info/RECORD",
                            "Two.Tools-1.dist-info/RECORD of 7 bytes"));
    EXPECT_THAT(found->back().mended, ::testing::IsEmpty());
    EXPECT_EQ(*read_file(directory_.path() / site / "Two.Tools-1.dist-info/RECORD"),
              "Two.Tools-1.dist-info/METADATA,sha256=ccc,50\nTwo.Tools-1.dist-info/RECORD,,\n"
              "two.py,sha256=bbb,1\n");
}

TEST_F(ReadInstalled, NamesAPathOutside) {
    distribution("two", "../../../../etc/passwd,sha256=bbb,1\ntwo-1.dist-info/RECORD,,\n");
    EXPECT_EQ(report(),
              "two-1.dist-info/RECORD: names ../../../../etc/passwd, which is outside /p (the "
              "distribution cannot live in a directory of its own)");
}

TEST_F(ReadInstalled, NamesBothOwnersOfAPath) {
    distribution("two", "one.py,sha256=bbb,1\ntwo-1.dist-info/RECORD,,\n");
    EXPECT_EQ(report(),
              "/p/lib/python3.11/site-packages/one.py: is installed by both one and two, with "
              "different contents (say whose counts, FILES_OF one "
              "\"lib/python3.11/site-packages/one.py\" or FILES_OF two "
              "\"lib/python3.11/site-packages/one.py\", or leave it out, EXCLUDE "
              "\"lib/python3.11/site-packages/one.py\")");
}

TEST_F(ReadInstalled, TakesAContestedPathFromWhoLosesIt) {
    distribution("two", "one.py,sha256=bbb,1\ntwo-1.dist-info/RECORD,,\n");
    const std::string path = "/p/lib/python3.11/site-packages/one.py";
    const auto owners = [&] {
        const auto found = read_installed(environment_, manifest_, before_);
        EXPECT_TRUE(found) << said(found.error());
        std::vector<std::string> names;
        for (const auto& one : *found) {
            EXPECT_EQ(one.contested.size(), 1U);
            if (std::binary_search(one.files.begin(), one.files.end(), path))
                names.push_back(one.name);
        }
        return names;
    };
    manifest_.files_of = {{"other", "one.py"}, {"Two", "one.py"}, {"one", "one.py"}};
    EXPECT_THAT(owners(), ElementsAre("two"));
    manifest_.files_of = {{"one", "lib/python3.*/site-packages"}};
    EXPECT_THAT(owners(), ElementsAre("one"));
    manifest_.exclude = {"one.py"};
    EXPECT_THAT(owners(), ::testing::IsEmpty());
}

TEST_F(ReadInstalled, NamesWhoOverwritesTheInterpreter) {
    LayerEntry entry;
    entry.path = "/p/lib/python3.11/site-packages/one.py";
    before_ = {entry};
    EXPECT_EQ(report(),
              "/p/lib/python3.11/site-packages/one.py: of the interpreter is overwritten by one");
}

TEST_F(ReadInstalled, RefusesEditableInstalls) {
    const std::string site = "p/lib/python3.11/site-packages/";
    const auto refused = [&](const std::string& name, const std::string& bytes) {
        distribution("two", name + ",sha256=bbb,1\ntwo-1.dist-info/RECORD,,\n");
        directory_.write(site + name, bytes);
        const std::string said = report();
        fs::remove(directory_.path() / site / name);
        return said;
    };
    const auto because = [](const std::string& why) {
        return "two: is an editable install: it names a directory of the build instead of holding "
               "the files (" +
               why + ") (install it properly (without -e))";
    };
    EXPECT_EQ(refused("__editable___two_finder.py", ""),
              because("by way of __editable___two_finder.py"));
    EXPECT_EQ(refused("two.pth", "# the source\n/home/me/src/two\n"),
              because("two.pth leads to /home/me/src/two"));
    EXPECT_EQ(refused("two.pth", "../../../../src\n"),
              because("two.pth leads to " + (directory_.path() / "src").string()));
    EXPECT_EQ(refused("_two_editable.pth", "import _two_editable\n"),
              because("_two_editable.pth imports a finder: import _two_editable"));
    EXPECT_EQ(refused("two.start", "_two_editable:install\n"),
              because("two.start calls a finder: _two_editable:install"));
    EXPECT_EQ(refused("two-1.dist-info/direct_url.json",
                      R"({"url": "file:///src/two", "dir_info": {"editable": true}})"),
              because("direct_url.json says so"));
    directory_.write(site + "two.egg-link", "/src/two\n.");
    EXPECT_EQ(report(), because("two.egg-link leads to its source"));
}

TEST_F(ReadInstalled, AcceptsPthFilesThatStayInside) {
    const std::string site = "p/lib/python3.11/site-packages/";
    distribution("two", "two.pth,sha256=bbb,1\ntwo-1.dist-info/RECORD,,\n");
    directory_.write(site + "two.pth",
                     "# where it is\n\nextra\n../../../share/two\n" + environment_.prefix.string() +
                         "/share/two\n/p/share/two\n/usr/lib/python3/dist-packages\n"
                         "import sys; sys.two = 1\n");
    distribution("three", "three-1.dist-info/direct_url.json,,\nthree-1.dist-info/RECORD,,\n");
    directory_.write(site + "three-1.dist-info/direct_url.json",
                     R"({"url": "file:///src/three", "dir_info": {}})");
    EXPECT_EQ(report(), "accepted");
}

TEST_F(ReadInstalled, CannotTellFilesWithoutHashesApart) {
    distribution("two", "two.py,,\ntwo.py,,\ntwo-1.dist-info/RECORD,,\n");
    distribution("three", "two.py,,\nthree-1.dist-info/RECORD,,\n");
    file("two.py");
    EXPECT_EQ(report(),
              "/p/lib/python3.11/site-packages/two.py: is installed by both three and two, with "
              "different contents (say whose counts, FILES_OF three "
              "\"lib/python3.11/site-packages/two.py\" or FILES_OF two "
              "\"lib/python3.11/site-packages/two.py\", or leave it out, EXCLUDE "
              "\"lib/python3.11/site-packages/two.py\")");
}

TEST_F(ReadInstalled, RefusesInstallsWithoutRecord) {
    fs::remove(directory_.path() / "p/lib/python3.11/site-packages/one-1.dist-info/RECORD");
    EXPECT_EQ(
        report(),
        "one-1.dist-info: has no RECORD: which files it installed is not known (install it from a "
        "wheel)");
    distribution("one", "one.py,,\none-1.dist-info/RECORD,,\n");
    file("old.egg-info");
    EXPECT_EQ(report(),
              "old.egg-info: was installed without a wheel: which files it installed is not known");
}

}  // namespace
}  // namespace dba::steps
