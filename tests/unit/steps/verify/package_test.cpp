// What an environment holds, whether its distributions go together, and whose fault it is when a
// module cannot be imported: by values. Real interpreters are tests/system/verify_test.py's.
#include <fmt/format.h>
#include <gmock/gmock.h>

#include "steps/verify/distributions.hpp"
#include "steps/verify/imports.hpp"
#include "steps/verify/metadata.hpp"
#include "support/fakes.hpp"
#include "system/files/tree.hpp"
#include "system/process/namespace.hpp"

namespace dba::steps {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr const char* prefix = "/opt/venvs/hello";

std::vector<std::string> lines(const Findings& findings) {
    std::vector<std::string> told;
    for (const Finding& one : findings)
        told.push_back(fmt::format("{}: {}: {}", one.check, one.path, one.message));
    return told;
}

class EnvironmentTest : public ::testing::Test {
 protected:
    void SetUp() override { put("pyvenv.cfg", "home = x\nversion = 3.11.2\n"); }
    void put(const std::string& path, const std::string& bytes = "") {
        workshop.directory.write("layer/tree/opt/venvs/hello/" + path, bytes);
    }
    // A distribution with these files in its RECORD, which are there.
    void distribution(const std::string& name, const std::vector<std::string>& files,
                      const std::string& more = "") {
        const std::string info = site + name + "-1.0.dist-info/";
        std::string record;
        for (const std::string& file : files) {
            put(site + file);
            record += file + ",,\n";
        }
        put(info + "METADATA",
            fmt::format("Metadata-Version: 2.1\nName: {}\nVersion: 1.0\n{}", name, more));
        put(info + "RECORD", record);
    }
    PythonEnvironment read() {
        findings.clear();
        const Layer layer = seal_layer(workshop.directory.path() / "layer", "package").value();
        EXPECT_EQ(prefix_of({layer}), prefix);
        return read_environment({layer}, prefix, findings).value();
    }

    dba::testing::Workshop workshop;
    const std::string site = "lib/python3.11/site-packages/";
    Findings findings;
};

TEST_F(EnvironmentTest, WhatCanBeImported) {
    distribution("many", {"single.py", "package/__init__.py", "package/inner.py",
                          "native.cpython-311-x86_64-linux-gnu.so", "stable.abi3.so", "plain.so",
                          "old.cpython-310-x86_64-linux-gnu.so", "many.libs/libx.so.1",
                          "space/sub/__init__.py", "space/loose.py", "space/deep/er/__init__.py",
                          "docs/conf.py", "data/file.txt", "no-name.py", "../../../bin/tool"});
    const auto environment = read();
    EXPECT_THAT(findings, IsEmpty());
    EXPECT_EQ(environment.version, "3.11.2");
    EXPECT_EQ(environment.interpreter, "");
    ASSERT_EQ(environment.distributions.size(), 1U);
    EXPECT_THAT(environment.distributions[0].modules,
                ElementsAre("native", "package", "plain", "single", "space.deep.er", "space.loose",
                            "space.sub", "stable"));
}

TEST_F(EnvironmentTest, WhatIsMissingOrEditable) {
    put(site + "bare-1.0.dist-info/RECORD");
    put(site + "half-1.0.dist-info/METADATA", "Name: half\nVersion: 1.0\n");
    put(site + "bad-1.0.dist-info/METADATA", "Version: 1.0\n");
    put(site + "links.pth", "/src/links\nimport sys\nrelative\n/opt/venvs/hello/lib/x\n");
    put(site + "old.egg-link", "/src/old\n");
    read();
    const std::string at = std::string(prefix) + "/" + site;
    ASSERT_EQ(findings.size(), 5U);
    EXPECT_EQ(lines(findings)[0],
              "editable: " + at +
                  "links.pth: adds \"/src/links\" to sys.path, which is not in the "
                  "package");
    EXPECT_EQ(lines(findings)[1],
              "editable: " + at + "old.egg-link: is left by an editable install");
    EXPECT_THAT(lines(findings)[2], ::testing::StartsWith("metadata: " + at +
                                                          "bad-1.0.dist-info/METADATA: cannot be "
                                                          "read: "));
    EXPECT_EQ(lines(findings)[3], "metadata: " + at + "bare-1.0.dist-info: has no METADATA");
    EXPECT_EQ(lines(findings)[4], "record: " + at + "half-1.0.dist-info: has no RECORD");
}

TEST_F(EnvironmentTest, ModulesAndScriptsAreToBeTried) {
    distribution("own", {"own.py"}, "Provides-Extra: x\n");
    put(site + "own-1.0.dist-info/entry_points.txt",
        "[console_scripts]\nown-kernels = own.kernels : KernelSpecApplication.launch_instance_now\n"
        "own = own\n[gui_scripts]\nown-window = own:main [x]\n[pytest11]\nown = own.plugin\n");
    put("python/lib/python3.11/lib-dynload/_ssl.cpython-311-x86_64-linux-gnu.so");
    std::vector<std::string> told;
    for (const ImportJob& job : import_jobs(read()))
        told.push_back(fmt::format("{}|{}|{}|{}|{}", job.distribution, job.script, job.module,
                                   fmt::join(job.attributes, "."), job.has_extras));
    EXPECT_THAT(
        told, ElementsAre(
                  "the interpreter||_ssl||false", "own 1.0||own||true",
                  "own 1.0|own-kernels|own.kernels|KernelSpecApplication.launch_instance_now|true",
                  "own 1.0|own|own||true", "own 1.0|own-window|own|main|true"));
}

TEST_F(EnvironmentTest, DistributionsGoTogether) {
    distribution("base", {"base.py"});
    distribution("user", {"user.py"},
                 "Requires-Python: >=3.12\n"
                 "Requires-Dist: Base>=1\n"
                 "Requires-Dist: base<1\n"
                 "Requires-Dist: gone[x]>2; python_version > '3'\n"
                 "Requires-Dist: extra-only; extra == 'x'\n"
                 "Requires-Dist: windows; sys_platform == 'win32'\n"
                 "Requires-Dist: arm; platform_machine == 'aarch64'\n"
                 "Requires-Dist: old>=1.*\n");
    const auto environment = read();
    Findings notes;
    check_metadata(environment, "arm64", {}, findings, notes);
    const std::string file =
        "metadata: " + std::string(prefix) + "/" + site + "user-1.0.dist-info/METADATA: ";
    EXPECT_THAT(lines(findings),
                ElementsAre(file + "user 1.0 requires Python >=3.12, and the package has 3.11.2",
                            file + "user 1.0 requires base<1, and the package has 1.0",
                            file + "user 1.0 requires gone>2, which is not in the package",
                            file + "user 1.0 requires arm, which is not in the package"));
    EXPECT_THAT(lines(notes), ElementsAre(file + "user 1.0: \"old>=1.*\" cannot be read: "
                                                 "'old>=1.*' is no requirement (PEP 508)"));
}

TEST_F(EnvironmentTest, ModulesThatNobodyMayHaveMeantAreTold) {
    put("lib/python3.11/logging/__init__.py");
    put("lib/python3.11/typing.py");
    distribution("odd", {"sitecustomize.py", "logging/__init__.py", "logging/handlers.py",
                         "typing.py", "fine.py"});
    const PythonEnvironment environment = read();
    Findings notes;
    check_module_names(environment, {load_layer(workshop.directory.path() / "layer").value()},
                       notes);
    const std::string at = "module: " + std::string(prefix) + "/" + site;
    const std::string hidden =
        " of odd 1.0: has the name of a module of Python's own, which is imported in its place";
    EXPECT_THAT(lines(notes),
                ElementsAre(at.substr(0, at.size() - 1) + "/logging:" + hidden,
                            at + "sitecustomize: of odd 1.0: every start of this Python runs it "
                                 "before any program (site)",
                            at + "typing:" + hidden));
}

class ImportsTest : public ::testing::Test {
 protected:
    void SetUp() override {
        Distribution own;
        own.modules = {"own"};
        environment.distributions = {own};
        report.facts.modules = {"json", "tkinter", "winreg"};
    }
    static RaisedError raised(const std::string& type, const std::string& message,
                              const std::string& name = "",
                              const std::vector<std::string>& bases = {}) {
        std::vector<std::string> all = {type};
        all.insert(all.end(), bases.begin(), bases.end());
        return {type, all, message, name, "", 0};
    }
    static RaisedError not_found(const std::string& name) {
        return raised("ModuleNotFoundError", "No module named '" + name + "'", name,
                      {"ImportError"});
    }
    // "finding ..." or "note ...", or "" for neither.
    std::string told(const ImportResult& result, const std::string& module = "own",
                     const std::string& script = "", bool has_extras = false) {
        report.results = {result};
        Findings findings;
        Findings notes;
        check_imports(environment, {{module, {}, "/info", "own 1.0", script, has_extras}}, report,
                      findings, notes);
        EXPECT_LE(findings.size() + notes.size(), 1U);
        if (!findings.empty())
            return fmt::format("finding {}: {}", findings[0].check, findings[0].message);
        return notes.empty() ? "" : fmt::format("note {}: {}", notes[0].check, notes[0].message);
    }
    std::string told_error(const std::vector<RaisedError>& chain, const std::string& script = "",
                           bool has_extras = false) {
        return told({"error", "", "", chain}, "own", script, has_extras);
    }

    PythonEnvironment environment;
    ImportReport report;
};

TEST_F(ImportsTest, FaultsOfThePackage) {
    EXPECT_EQ(told_error({raised("MemoryError", "", "", {"Exception"})}),
              fmt::format("finding import: own (own 1.0): asks for more than {} MiB of memory when "
                          "it is imported",
                          memory_in_a_namespace() >> 20U));
    EXPECT_EQ(told({"ok", "", "", {}}), "");
    EXPECT_EQ(told({.outcome = "ok", .gil = true}),
              "note import: own (own 1.0): turns the global lock of the free-threaded Python on "
              "again");
    EXPECT_EQ(told({"missing", "main", "", {}}, "own.cli", "tool"),
              "finding entry-point: tool (own 1.0): own.cli has no main");
    EXPECT_EQ(told({"signal", "", "SIGSEGV", {}}),
              "finding import: own (own 1.0): importing it ends Python by SIGSEGV");
    EXPECT_EQ(told({"timeout", "", "", {}}),
              "finding import: own (own 1.0): is not imported after 120 seconds");
    EXPECT_EQ(told_error({not_found("own.gone")}),
              "finding import: own (own 1.0): ModuleNotFoundError: No module named 'own.gone'");
    EXPECT_EQ(told_error({not_found("json.gone")}),
              "finding import: own (own 1.0): ModuleNotFoundError: No module named 'json.gone'");
    EXPECT_EQ(told_error({raised("ImportError", "libx.so.1: cannot open shared object file")}),
              "finding import: own (own 1.0): ImportError: libx.so.1: cannot open shared object "
              "file");
    EXPECT_EQ(told_error({raised("IndentationError", "bad", "", {"SyntaxError"})}),
              "finding import: own (own 1.0): IndentationError: bad");
    EXPECT_EQ(told_error({raised("LookupError", "unknown encoding: x")}),
              "finding import: own (own 1.0): LookupError: unknown encoding: x");
    EXPECT_EQ(told_error({not_found("distutils.core")}),
              "finding import: own (own 1.0): needs distutils.core, which this Python no longer "
              "has");
    EXPECT_EQ(told_error({not_found("elsewhere")}, "tool"),
              "finding entry-point: tool (own 1.0): needs elsewhere, which no distribution of the "
              "package brings");
}

TEST_F(ImportsTest, WhatIsOnlyToBeKnown) {
    EXPECT_EQ(told_error({not_found("elsewhere")}),
              "note import: own (own 1.0): needs elsewhere, which no distribution of the package "
              "brings");
    EXPECT_EQ(told_error({not_found("elsewhere")}, "tool", true),
              "note entry-point: tool (own 1.0): needs elsewhere, which no distribution of the "
              "package brings");
    // The library's own words hide what was missing.
    EXPECT_EQ(told_error({raised("RuntimeError", "install own[x]"), not_found("elsewhere")}),
              "note import: own (own 1.0): needs elsewhere, which no distribution of the package "
              "brings");
    EXPECT_EQ(told_error({not_found("winreg")}),
              "note import: own (own 1.0): is for another system: it needs winreg");
    EXPECT_EQ(told_error({not_found("tkinter")}),
              "note import: own (own 1.0): needs tkinter, which a bundled interpreter leaves out");
    EXPECT_EQ(told_error({raised("ConnectionRefusedError", "no server", "", {"OSError"})}),
              "note import: own (own 1.0): ConnectionRefusedError: no server");
    EXPECT_EQ(told({"exit", "", "", {}}),
              "note import: own (own 1.0): ends the process when it is imported");
    EXPECT_EQ(told({"error", "", "", {raised("NameError", "x")}}, "tests"),
              "note import: tests (own 1.0): NameError: x");
}

TEST_F(ImportsTest, ThePythonKeepsToItself) {
    environment.prefix = prefix;
    environment.version = "3.11.2";
    PythonFacts facts{"3.11.2",
                      prefix,
                      "/opt/venvs/hello/python",
                      "/opt/venvs/hello/python/lib/python3.11",
                      "/opt/venvs/hello/python/lib/python3.11",
                      "/opt/venvs/hello/lib/python3.11/site-packages",
                      {"/opt/venvs/hello/python/lib/python3.11"},
                      {}};
    Findings findings;
    check_python(environment, facts, findings);
    EXPECT_THAT(findings, IsEmpty());
    facts.path.emplace_back("/usr/lib/python3/dist-packages");
    facts.encodings = "/usr/lib/python3.11";
    facts.base_prefix = "/opt/venvs/hello-other";
    facts.version = "3.11.1";
    check_python(environment, facts, findings);
    const std::string python = "python: /opt/venvs/hello/bin/python3: ";
    EXPECT_THAT(
        lines(findings),
        ElementsAre(python + "is Python 3.11.1, pyvenv.cfg says 3.11.2",
                    python + "sys.base_prefix is /opt/venvs/hello-other, not in /opt/venvs/hello",
                    python + "sys.path has /usr/lib/python3/dist-packages",
                    python + "its standard library is in /usr/lib/python3.11"));
    // PYTHON SYSTEM
    environment.interpreter = "/usr/bin/python3.11";
    facts = {"3.11.2",
             prefix,
             "/usr",
             "/usr/lib/python3.11",
             "/usr/lib/python3.11",
             "",
             {"/usr/lib/python3.11", "/opt/venvs/hello/lib/python3.11/site-packages"},
             {}};
    findings.clear();
    check_python(environment, facts, findings);
    EXPECT_THAT(findings, IsEmpty());
    facts.path.emplace_back("/root/.local/lib/python3.11/site-packages");
    check_python(environment, facts, findings);
    EXPECT_THAT(lines(findings),
                ElementsAre(python + "sys.path has /root/.local/lib/python3.11/site-packages"));
}

}  // namespace
}  // namespace dba::steps
