#include "needs/tree_depends.hpp"

#include "needs/explain.hpp"
#include "support/depends_fixture.hpp"

namespace dba {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

// dpkg-deb is the real one; apt knows what it is told.
class FakeApt final : public ProcessRunner {
 public:
    std::set<std::string> unknown;        // to the lists
    std::set<std::string> not_even_here;  // nor installed
    std::vector<std::string> asked;
    Result<Completed> run(const Command& command) override {
        const std::string relations = command.argv.back();
        asked.push_back(relations);
        const auto configuration = read_file(command.environment.at("APT_CONFIG"));
        const bool bare = configuration->find("status \"/dev/null\"") != std::string::npos;
        for (const std::string& word : bare ? unknown : not_even_here)
            if (relations.find(word) != std::string::npos)
                return Completed{100, "", "Depends: " + word + " but it is not installable\n"};
        return Completed{};
    }
};

class TreeDependsTest : public steps::DependsTest {
 protected:
    void SetUp() override {
        DependsTest::SetUp();
        status(package("dpkg", "1.21"));
    }
    void status(const std::string& more) {
        const fs::path file = root() / "var/lib/dpkg/status";
        ASSERT_TRUE(write_file(file, read_file(file).value() + more));
    }
    fs::path staging() { return top() / "staging"; }
    fs::path staged(const std::string& path) { return staging() / path; }
    void file(const std::string& path, const std::string& bytes, unsigned mode = 0644) {
        workshop.directory.write("staging/" + path, bytes, mode);
    }
    void link(const std::string& path, const std::string& to) {
        ASSERT_TRUE(make_directories(staged(path).parent_path()));
        ASSERT_TRUE(make_symlink(to, staged(path)));
    }
    // A library or program that needs these of the root.
    void user(const std::string& path, const std::vector<std::string>& libraries,
              const std::vector<std::string>& options = {}) {
        compile(staged(path), "void f(void){}", linked(libraries, options));
    }
    void lists() { put("var/lib/apt/lists/host_Packages", packages_); }
    std::string packages_ = "Package: libsys1\n\nPackage: libgone7\n\n";

    Result<TreeDepends> ask(const fs::path& path) {
        ldconfig();
        const fs::path scratch = top() / fmt::format("scratch{}", ++asked_);
        EXPECT_TRUE(make_directories(scratch / "data"));
        auto tree = read_tree(path, scratch / "data");
        if (!tree) return Failure(tree.error());
        trees_.push_back(std::make_unique<AnyTree>(std::move(*tree)));
        return depends_in_root(*trees_.back(), root(), {scratch, environment_, apt, workshop.log});
    }
    std::vector<std::string> relations(const Result<TreeDepends>& answer) {
        if (!answer)
            return {"error: " + answer.error().subject + ": " + shown(answer.error().cause),
                    shown(answer.error().hint)};
        return answer->dependencies.depends;
    }
    // With fixed names for the directories of this test.
    std::string shown(std::string text) {
        for (const auto& [path, name] :
             {std::pair(staging().string(), "TREE"), std::pair(root().string(), "ROOT")})
            for (auto at = text.find(path); at != std::string::npos; at = text.find(path))
                text.replace(at, path.size(), name);
        return text;
    }

    FakeApt apt;

 private:
    Environment environment_;
    std::vector<std::unique_ptr<AnyTree>> trees_;
    int asked_ = 0;
};

TEST_F(TreeDependsTest, ADirectoryHasTheNeedsOfItsBinariesAndWhoAsks) {
    compile(staged("usr/bin/new"), "void sys_new(void); void f(void){sys_new();}",
            linked({"libsys.so.1", "libplain.so.2"}));
    compile(staged("opt/x/old.so"), "void sys_old(void); void f(void){sys_old();}",
            linked({"libsys.so.1"}));
    compile(staged("opt/x/older.so"), "void sys_old(void); void f(void){sys_old();}",
            linked({"libsys.so.1"}));
    file("opt/x/text", "libbare.so.3\n");
    lists();
    const auto answer = ask(staging());
    EXPECT_THAT(relations(answer), ElementsAre("libplain2 (>= 1.9)", "libsys1 (>= 1:2.3)"));
    EXPECT_THAT(answer->warnings, IsEmpty());
    EXPECT_EQ(explain_text(answer->dependencies),
              "libplain2 (>= 1.9)\n"
              "    libplain.so.2, for /usr/bin/new\n"
              "libsys1 (>= 1:2.3)\n"
              "    libsys.so.1, for /usr/bin/new\n"
              "    libsys.so.1, for /opt/x/old.so and 1 file more: libsys1 (>= 1.0)\n");
    EXPECT_THAT(apt.asked, ElementsAre("libplain2 (>= 1.9), libsys1 (>= 1:2.3)"));
}

TEST_F(TreeDependsTest, ADebIsReadAsItIs) {
    user("opt/x/a.so", {"libbare.so.3"});
    const auto pack = [&](const std::string& architecture) {
        file("DEBIAN/control",
             "Package: x\nVersion: 1\nMaintainer: x <x@example.org>\n"
             "Description: x\nArchitecture: " +
                 architecture + "\n");
        const auto packed =
            workshop.processes.check({{"/usr/bin/dpkg-deb", "--root-owner-group", "-b",
                                       staging().string(), (top() / "x.deb").string()},
                                      {{"PATH", "/usr/bin:/bin"}}});
        EXPECT_TRUE(packed) << packed.error().cause;
        return top() / "x.deb";
    };
    EXPECT_THAT(relations(ask(pack(architecture()))), ElementsAre("libbare3"));
    EXPECT_THAT(relations(ask(pack("all"))), ElementsAre("libbare3"));
    EXPECT_THAT(relations(ask(pack("s390x"))),
                ElementsAre("error: " + (top() / "x.deb").string() +
                                ": is for s390x, and ROOT is " + architecture(),
                            "resolve in a system of its architecture (--root)"));
    EXPECT_THAT(
        relations(ask(top() / "none")),
        ElementsAre("error: " + (top() / "none").string() + ": is neither a directory nor a file",
                    "name a .deb, or a directory that holds files at their final paths"));
}

TEST_F(TreeDependsTest, ALibraryOfTheTreeCountsWhereTheDynamicLinkerFindsIt) {
    // Loaded by nobody's path: the root's is what the program gets.
    compile(staged("opt/x/lib/libbare.so.3"), "void bare(void){}", {"-Wl,-soname,libbare.so.3"});
    user("opt/x/a.so", {"libbare.so.3"});
    EXPECT_THAT(relations(ask(staging())), ElementsAre("libbare3"));
    file("etc/ld.so.conf.d/x.conf", "# ours\n/opt/x/lib\n");
    EXPECT_THAT(relations(ask(staging())), IsEmpty());

    fs::remove(staged("etc/ld.so.conf.d/x.conf"));
    fs::remove(root() / directory().substr(1) / "libbare.so.3");
    EXPECT_THAT(relations(ask(staging())), IsEmpty());
}

TEST_F(TreeDependsTest, ADistributionHasItsOwnCopyLoaded) {
    compile(staged("opt/x/site-packages/one/libbare.so.3"), "void bare(void){}",
            {"-Wl,-soname,libbare.so.3"});
    user("opt/x/site-packages/one/a.so", {"libbare.so.3"});
    file("opt/x/site-packages/one-1.dist-info/RECORD", "one/a.so,,\none/libbare.so.3,,\n");
    EXPECT_THAT(relations(ask(staging())), IsEmpty());
    user("opt/x/site-packages/two.so", {"libbare.so.3"});
    EXPECT_THAT(relations(ask(staging())), ElementsAre("libbare3"));
}

TEST_F(TreeDependsTest, WhatNobodyHasIsNamedWithThePackageThatHasIt) {
    library("libgone.so.7", "void gone(void){}");
    library("libnever.so.1", "void never(void){}");
    user("opt/x/a.so", {"libgone.so.7", "libnever.so.1"});
    for (const char* name : {"libgone.so.7", "libnever.so.1"})
        fs::remove(root() / directory().substr(1) / name);
    const std::string cause =
        "error: /opt/x/a.so: needs libgone.so.7; /opt/x/a.so needs libnever.so.1, found neither in "
        "TREE nor in ROOT";
    EXPECT_THAT(relations(ask(staging())),
                ElementsAre(cause,
                            "ship the library, or resolve in a system that has it "
                            "(`apt-file search libgone.so.7` names its package)"));
    lists();
    EXPECT_THAT(relations(ask(staging())),
                ElementsAre(cause,
                            "libgone.so.7 is in libgone7: install it in ROOT, or resolve in "
                            "a suite (--suite)"));
    put("var/lib/apt/lists/host_Contents-amd64",
        "usr/lib/never/libnever.so.1 libs/libnever-a,libs/libnever-bb\n");
    EXPECT_THAT(relations(ask(staging())),
                ElementsAre(cause,
                            "libgone.so.7 is in libgone7; libnever.so.1 is in libnever-a or "
                            "libnever-bb: install it in ROOT, or resolve in a suite "
                            "(--suite)"));
}

TEST_F(TreeDependsTest, AnEnvironmentNeedsThePythonThatItWasMadeWith) {
    put("usr/bin/python3.11", "");
    ASSERT_TRUE(make_symlink("python3.11", root() / "usr/bin/python3"));
    link("opt/x/bin/python3", "/usr/bin/python3");
    link("opt/x/bin/python", "python3");
    file("opt/x/lib/python3.11/site-packages/a.py", "");
    const auto answer = ask(staging());
    EXPECT_THAT(relations(answer), ElementsAre("python3.11 (>= 3.11.2)"));
    EXPECT_EQ(explain_text(answer->dependencies),
              "python3.11 (>= 3.11.2)\n    /usr/bin/python3, for /opt/x/bin/python\n");
    ASSERT_TRUE(move_path(staged("opt/x/lib/python3.11"), staged("opt/x/lib/python3.9")));
    const std::string other =
        "resolve in a system that has the Python the environment was made with (--root, --suite), "
        "or ship that interpreter";
    EXPECT_THAT(relations(ask(staging())),
                ElementsAre("error: /opt/x/bin/python: leads to python3.11 of ROOT, and the "
                            "modules beside it are in python3.9",
                            other));
    fs::remove(root() / "usr/bin/python3");
    EXPECT_THAT(relations(ask(staging())),
                ElementsAre("error: /opt/x/bin/python: leads to /usr/bin/python3, which is neither "
                            "in TREE nor in ROOT",
                            other));
    put("usr/bin/python3", "");
    EXPECT_THAT(relations(ask(staging())),
                ElementsAre("error: /opt/x/bin/python: leads to /usr/bin/python3, which no package "
                            "of ROOT owns",
                            other));
}

TEST_F(TreeDependsTest, ScriptsNeedTheirInterpreters) {
    const std::string status = read_file(root() / "var/lib/dpkg/status").value();
    put("var/lib/dpkg/status",
        status + package("perl-base", "5", "Essential: yes\n") + package("nodejs", "18", ""));
    put("var/lib/dpkg/info/perl-base.list", "/usr/bin/perl\n");
    put("var/lib/dpkg/info/nodejs.list", "/usr/bin/node\n");
    for (const char* name : {"perl", "node", "python3.11"}) put(std::string("usr/bin/") + name, "");
    file("usr/bin/a", "#!/usr/bin/perl\n", 0755);
    file("usr/bin/b", "#!/usr/bin/env -S node --x\n", 0755);
    file("usr/bin/c", "#!/usr/bin/python3.11 -I\n", 0755);
    file("usr/bin/d", "#!/opt/x/own\n", 0755);
    file("opt/x/own", "", 0755);
    file("usr/share/doc/e", "#!/usr/bin/ruby\n");
    file("opt/x/site-packages/f.py", "#!/usr/bin/ruby\n", 0755);
    file("usr/bin/g", "#!/usr/bin/ruby\n", 0755);
    file("usr/bin/h", "#!/usr/bin/ruby\n", 0755);
    const auto answer = ask(staging());
    EXPECT_THAT(relations(answer), ElementsAre("nodejs", "python3.11"));
    ASSERT_THAT(answer->warnings, ::testing::SizeIs(2));
    EXPECT_EQ(shown(answer->warnings[0]),
              "/usr/bin/g starts /usr/bin/ruby, which is neither in TREE nor a package's of ROOT "
              "(1 file more)");
    EXPECT_EQ(shown(answer->warnings[1]),
              "ROOT has no package lists: whether apt can install what is needed was not asked");
}

TEST_F(TreeDependsTest, WhatAptCannotInstallIsNamed) {
    user("opt/x/a.so", {"libbare.so.3", "libplain.so.2"});
    lists();
    apt.unknown = {"libbare3"};
    const auto answer = ask(staging());
    EXPECT_THAT(relations(answer), ElementsAre("libbare3", "libplain2 (>= 1.9)"));
    ASSERT_THAT(answer->warnings, ::testing::SizeIs(1));
    EXPECT_EQ(shown(answer->warnings[0]),
              "libbare3: installed in ROOT, and in none of its package lists; hosts must have it "
              "from elsewhere");
    apt.not_even_here = {"libbare3"};
    EXPECT_THAT(relations(ask(staging())),
                ElementsAre("error: libbare3: apt cannot install this in ROOT; its last lines:\n"
                            "Depends: libbare3 but it is not installable",
                            "have apt update its lists there, or ship the library"));
}

TEST_F(TreeDependsTest, LibrariesThatModulesOpenAreRecommended) {
    const std::string site = "opt/x/lib/python3.11/site-packages/";
    packages_ +=
        "Package: libmagic1\n\nPackage: libmagic2t64\n\nPackage: libcairo2\n\n"
        "Package: libown3\n\n";
    lists();
    user("opt/x/a.so", {"libbare.so.3"});
    compile(staged(site + "own.libs/libown-1a2b.so.3"), "void own(void){}", {});
    file(site + "a.py", "find_library('magic')\nCDLL('libsys.so.1')\nCDLL('libnobody.so.1')\n");
    file(site + "b.py", "find_library('magic'); CDLL('libbare.so.3'); find_library('own')\n");
    file(site + "tests/c.py", "find_library('gone')\n");
    file("opt/x/lib/python3.11/d.py", "find_library('gone')\n");
    file(site + "CairoCFFI-1.0.dist-info/METADATA", "Name: CairoCFFI\n");
    const auto answer = ask(staging());
    EXPECT_THAT(relations(answer), ElementsAre("libbare3"));
    EXPECT_THAT(answer->dependencies.recommends,
                ElementsAre("libcairo2", "libmagic2t64", "libsys1"));
    EXPECT_EQ(explain_text(answer->dependencies),
              "libbare3\n    libbare.so.3, for /opt/x/a.so\n"
              "Recommends: libcairo2\n    cairo, opened by name, for /" +
                  site +
                  "CairoCFFI-1.0.dist-info/METADATA\n"
                  "Recommends: libmagic2t64\n    magic, opened by name, for /" +
                  site +
                  "a.py and 1 file more\n"
                  "Recommends: libsys1\n    libsys.so.1, opened by name, for /" +
                  site + "a.py\n");
}

TEST_F(TreeDependsTest, BinariesForAnotherMachine) {
    user("opt/x/a.so", {"libbare.so.3"});
    user("opt/x/b.so", {"libbare.so.3"});
    std::string bytes = read_file(staged("opt/x/b.so")).value();
    bytes[18] = 2;  // e_machine: EM_SPARC
    bytes[19] = 0;
    ASSERT_TRUE(write_file(staged("opt/x/b.so"), bytes));
    lists();
    const auto answer = ask(staging());
    EXPECT_THAT(relations(answer), ElementsAre("libbare3"));
    EXPECT_THAT(answer->warnings, ElementsAre("/opt/x/b.so is a binary for another machine than " +
                                              architecture() + ": what it needs is left out"));
    fs::remove(staged("opt/x/a.so"));
    EXPECT_THAT(relations(ask(staging())),
                ElementsAre("error: /opt/x/b.so: is for another machine than " + architecture() +
                                ", which ROOT is, and so are all binaries of TREE",
                            "resolve in a system of its architecture (--root)"));
}

}  // namespace
}  // namespace dba
