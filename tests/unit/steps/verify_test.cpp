// One planted fault per test, each told by its exact text.
#include "steps/verify.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "formats/record.hpp"
#include "steps/fakes.hpp"
#include "steps/verify_leaks.hpp"
#include "steps/verify_secrets.hpp"
#include "system/digest.hpp"

namespace dba::steps {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr const char* prefix = "/opt/venvs/hello";
constexpr const char* site = "opt/venvs/hello/lib/python3.11/site-packages/";
constexpr const char* build = "/srv/ci/build-7f3a";

class VerifyTest : public ::testing::Test {
 protected:
    void SetUp() override {
        manifest.name = "hello";
        manifest.prefix = prefix;
        manifest.target.root = (top() / "root").string();
        manifest.target.architecture = "amd64";
        manifest.python.executable = "/usr/bin/python3.11";
        at("root/var/lib/dpkg/status",
           "Package: dash\nStatus: install ok installed\nArchitecture: amd64\nVersion: 1\n");
        at("root/var/lib/dpkg/info/dash.list", "/bin/sh\n");
        at("debian/control", "Package: hello\n");
        put("interpreter", "opt/venvs/hello/python/bin/python3.11", "binary", 0755);
        link("interpreter", "opt/venvs/hello/bin/python3", "../python/bin/python3.11");
    }

    fs::path top() { return workshop.directory.path(); }
    void at(const fs::path& file, const std::string& bytes, unsigned mode = 0644) {
        ASSERT_TRUE(make_directories((top() / file).parent_path()));
        ASSERT_TRUE(write_file(top() / file, bytes, mode));
    }
    // A file of a layer. The path starts without its slash.
    void put(const std::string& layer, const std::string& path, const std::string& bytes,
             unsigned mode = 0644) {
        at("layers/" + layer + "/tree/" + path, bytes, mode);
        names.insert(layer);
    }
    void link(const std::string& layer, const std::string& path, const std::string& target) {
        const fs::path file = top() / "layers" / layer / "tree" / path;
        ASSERT_TRUE(make_directories(file.parent_path()));
        fs::create_symlink(target, file);
        names.insert(layer);
    }
    Result<Findings> run() {
        VerifyInputs inputs;
        for (const std::string& name : names)
            inputs.layers.push_back(seal_layer(top() / "layers" / name, name).value());
        inputs.rendered.debian = top() / "debian";
        inputs.build_directories = directories;
        return verify(manifest, inputs, workshop.system);
    }
    // "check: path: message" of each finding.
    std::vector<std::string> told() {
        const auto findings = run();
        if (!findings) return {"error: " + findings.error().subject + findings.error().cause};
        std::vector<std::string> lines;
        for (const Finding& one : *findings)
            lines.push_back(fmt::format("{}: {}: {}", one.check, one.path, one.message));
        return lines;
    }

    dba::testing::Workshop workshop;
    Manifest manifest;
    std::set<std::string> names;
    std::vector<std::string> directories = {build};
};

TEST_F(VerifyTest, ASoundStackHasNoFindings) {
    put("application", std::string(site) + "hello/__init__.py", "x = '/srv/ci/build-7f3a1/y'\n");
    put("application", "opt/venvs/hello/bin/hello", "#!/opt/venvs/hello/bin/python3\n", 0755);
    put("host", "usr/lib/hello/run", "#!/bin/sh\n", 0755);
    link("host", "usr/bin/hello", "/opt/venvs/hello/bin/hello");
    link("host", "etc/systemd/system/x.service", "/dev/null");
    EXPECT_THAT(told(), IsEmpty());
    EXPECT_THAT(workshop.log.lines, IsEmpty());
}

// ---- leaks

TEST_F(VerifyTest, LeakInText) {
    put("flask 3.0", std::string(site) + "flask/paths.py",
        std::string("A = '") + build + "/a'\nB = '" + build + "'\n");
    EXPECT_THAT(told(), ElementsAre("leak: /" + std::string(site) +
                                    "flask/paths.py: text file names the build's directory "
                                    "\"/srv/ci/build-7f3a\" at byte 5, and 1 more time"));
}

TEST_F(VerifyTest, LeakInAScript) {
    put("flask 3.0", "opt/venvs/hello/bin/flask", std::string("#!") + build + "/bin/python3\n",
        0755);
    EXPECT_THAT(told(),
                ElementsAre("leak: /opt/venvs/hello/bin/flask: script names the build's directory "
                            "\"/srv/ci/build-7f3a\" at byte 2",
                            "shebang: /opt/venvs/hello/bin/flask: "
                            "\"#!/srv/ci/build-7f3a/bin/python3\" is not this package's Python"));
}

TEST_F(VerifyTest, LeakInAnElfStringAndABinary) {
    put("flask 3.0", std::string(site) + "a.so",
        std::string("\x7f"
                    "ELF",
                    4) +
            std::string(60, '\0') + build + "/a.c");
    put("flask 3.0", std::string(site) + "b.bin", std::string(1, '\0') + build);
    EXPECT_THAT(told(), ElementsAre("leak: /" + std::string(site) +
                                        "a.so: ELF file names the build's directory "
                                        "\"/srv/ci/build-7f3a\" at byte 64",
                                    "leak: /" + std::string(site) +
                                        "b.bin: binary file names the build's directory "
                                        "\"/srv/ci/build-7f3a\" at byte 1"));
}

TEST_F(VerifyTest, LeakInALinkAndAName) {
    link("flask 3.0", "opt/venvs/hello/share/data", std::string(build) + "/data");
    put("flask 3.0", "opt/venvs/hello/srv/ci/build-7f3a/x", "");
    EXPECT_THAT(
        told(),
        ElementsAre("leak: /opt/venvs/hello/share/data: symbolic link names the build's directory "
                    "\"/srv/ci/build-7f3a\" at byte 0",
                    "leak: /opt/venvs/hello/srv/ci/build-7f3a: its name names the build's "
                    "directory \"/srv/ci/build-7f3a\" at byte 16",
                    "leak: /opt/venvs/hello/srv/ci/build-7f3a/x: its name names the build's "
                    "directory \"/srv/ci/build-7f3a\" at byte 16",
                    "link: /opt/venvs/hello/share/data: leads to \"/srv/ci/build-7f3a/data\", "
                    "which the package does not hold"));
}

TEST_F(VerifyTest, LeakInAZipMember) {
    at("zip/inner.txt", std::string("made in ") + build + "\n" + std::string(4000, 'x'));
    Command command;
    command.argv = {"/usr/bin/python3",
                    "-m",
                    "zipfile",
                    "-c",
                    (top() / "a.zip").string(),
                    (top() / "zip/inner.txt").string()};
    command.environment = clean_environment(top(), 1700000000);
    ASSERT_TRUE(workshop.processes.check(command));
    put("flask 3.0", std::string(site) + "a.zip", read_file(top() / "a.zip").value());
    EXPECT_THAT(told(), ElementsAre("leak: /" + std::string(site) +
                                    "a.zip: its member \"inner.txt\" names the build's directory "
                                    "\"/srv/ci/build-7f3a\" at byte 8"));
}

// compileall in a place of its own, so that only the co_filename is wrong.
TEST_F(VerifyTest, CompiledFilesNameTheirSourceAtItsFinalPlace) {
    const std::string module = std::string(site) + "m.py";
    put("flask 3.0", module, "def f():\n    return 1\n");
    const auto compile = [&](const std::string& as) {
        Command command;
        command.argv = {"/usr/bin/python3",
                        "-c",
                        "import py_compile,sys; py_compile.compile(sys.argv[1], cfile=sys.argv[2], "
                        "dfile=sys.argv[3])",
                        (top() / "layers/flask 3.0/tree" / module).string(),
                        (top() / "m.pyc").string(),
                        as};
        command.environment = clean_environment(top(), 1700000000);
        ASSERT_TRUE(workshop.processes.check(command));
        put("flask 3.0", std::string(site) + "__pycache__/m.cpython-311.pyc",
            read_file(top() / "m.pyc").value());
    };
    compile("/" + module);
    EXPECT_THAT(told(), IsEmpty());
    compile("/elsewhere/m.py");
    EXPECT_THAT(told(), ElementsAre("pyc: /" + std::string(site) +
                                    "__pycache__/m.cpython-311.pyc: was compiled as "
                                    "\"/elsewhere/m.py\", its source is /" +
                                    module));
    compile(std::string(build) + "/m.py");
    const auto both = told();
    ASSERT_EQ(both.size(), 2U);
    EXPECT_THAT(both[0], ::testing::HasSubstr(".pyc names the build's directory"));
    put("flask 3.0", std::string(site) + "__pycache__/m.cpython-311.pyc", "short");
    EXPECT_THAT(
        told(),
        ElementsAre(::testing::StartsWith("pyc: /" + std::string(site) +
                                          "__pycache__/m.cpython-311.pyc: cannot be read: ")));
}

TEST_F(VerifyTest, ShortDirectoriesCountOnlyWhereAPathIsUsed) {
    directories = {"/b", "/home/me"};
    put("flask 3.0", std::string(site) + "doc.py", "see /b/c and /home/me/x\n");
    put("flask 3.0", std::string(site) + "x.pth", "/home/me/src\n");
    put("flask 3.0", std::string(site) + "y.pth", "/usr/b/c\nx/b\n/bb\n");
    put("flask 3.0", "opt/venvs/hello/bin/tool", "#!/b/venv/bin/python3\n# /home/me\n", 0755);
    const auto lines = told();
    ASSERT_EQ(lines.size(), 3U);
    EXPECT_EQ(
        lines[0],
        "leak: /opt/venvs/hello/bin/tool: shebang names the build's directory \"/b\" at byte 2");
    EXPECT_EQ(lines[1], "leak: /" + std::string(site) +
                            "x.pth: text file names the build's directory \"/home/me\" at byte 0");
}

TEST_F(VerifyTest, ABuildDirectoryAboveOrBesideThePrefixIsNoLeakByItself) {
    directories = {"/opt/venvs/hel", "/opt/venvs/hello/work"};
    manifest.prefix = prefix;
    put("flask 3.0", std::string(site) + "a.py", "P = '/opt/venvs/hello/lib'\n");
    EXPECT_THAT(told(), IsEmpty());
    directories = {"/opt/venvs/hello"};
    EXPECT_THAT(told(), IsEmpty());
    directories = {"/opt/venvs/hello/work"};
    put("flask 3.0", std::string(site) + "b.py", "P = '/opt/venvs/hello/work/x'\n");
    EXPECT_EQ(told().size(), 1U);
}

TEST_F(VerifyTest, UrlsSpellDirectoriesTheirOwnWay) {
    directories = {"/srv/my build/app"};
    put("flask 3.0", std::string(site) + "notes.txt", "file:///srv/my%20build/app/x");
    EXPECT_THAT(told(), ElementsAre("leak: /" + std::string(site) +
                                    "notes.txt: text file names the build's directory "
                                    "\"/srv/my%20build/app\" at byte 7"));
}

TEST_F(VerifyTest, TheInnermostDirectoryIsTold) {
    directories = {"/srv/ci/a", "/srv/ci/a/work/tmp"};
    put("flask 3.0", std::string(site) + "n.txt", "/srv/ci/a/work/tmp/x");
    EXPECT_THAT(told(), ElementsAre(::testing::HasSubstr("\"/srv/ci/a/work/tmp\" at byte 0")));
}

TEST_F(VerifyTest, LeakInAMaintainerScript) {
    at("debian/postinst", std::string("#!/bin/sh\ncd ") + build + "\n");
    EXPECT_THAT(told(), ElementsAre("leak: /DEBIAN/postinst: script names the build's directory "
                                    "\"/srv/ci/build-7f3a\" at byte 13"));
}

// ---- RECORD

TEST_F(VerifyTest, RecordsMatchTheFiles) {
    const std::string info = std::string(site) + "flask-3.0.dist-info/";
    put("flask 3.0", std::string(site) + "flask/a.py", "a");
    put("flask 3.0", "opt/venvs/hello/bin/flask", "#!/opt/venvs/hello/bin/python3\n", 0755);
    const auto row = [](const std::string& path, const std::string& bytes) {
        return RecordRow{path, "sha256=" + sha256_base64url_nopad(bytes),
                         std::to_string(bytes.size())};
    };
    std::vector<RecordRow> rows = {row("flask/a.py", "a"),
                                   row("../../../bin/flask", "#!/opt/venvs/hello/bin/python3\n"),
                                   {"flask-3.0.dist-info/RECORD", "", ""}};
    put("flask 3.0", info + "RECORD", to_record(rows));
    EXPECT_THAT(told(), IsEmpty());

    rows[0] = row("flask/a.py", "b");
    rows[1].size = "7";
    rows.push_back(row("flask/gone.py", "a"));
    // A file that another layer holds counts too.
    put("quart 1.0", std::string(site) + "shared.txt", "shared");
    rows.push_back(row("shared.txt", "shared"));
    put("flask 3.0", info + "RECORD", to_record(rows));
    EXPECT_THAT(
        told(),
        ElementsAre("record: /opt/venvs/hello/bin/flask: has 31 bytes, /" + info + "RECORD says 7",
                    "record: /" + std::string(site) + "flask/a.py: its hash is not the one in /" +
                        info + "RECORD",
                    "record: /" + std::string(site) + "flask/gone.py: /" + info +
                        "RECORD lists it, and it is not there"));
}

TEST_F(VerifyTest, TheRecordOfADistributionInsideAnotherIsNotJudged) {
    const std::string vendored = std::string(site) + "flask/_vendor/six-1.0.dist-info/RECORD";
    put("flask 3.0", vendored,
        to_record({{"six.py", "sha256=" + sha256_base64url_nopad("a"), "1"}}));
    EXPECT_THAT(told(), IsEmpty());
}

// ---- names, modes, links, scripts, programs

TEST_F(VerifyTest, ModesAndNamesThatMayNotBe) {
    put("application", "opt/venvs/hello/bin/su", "x", 0755);
    put("application", "opt/venvs/hello/open", "x", 0666);
    put("application", "opt/venvs/hello/two\nlines", "x");
    fs::permissions(top() / "layers/application/tree/opt/venvs/hello/bin/su",
                    static_cast<fs::perms>(04755));
    EXPECT_THAT(
        told(),
        ElementsAre("mode: /opt/venvs/hello/bin/su: mode 4755: runs with the rights of its owner "
                    "or group (setuid, setgid)",
                    "mode: /opt/venvs/hello/open: mode 0666: everyone may write to it",
                    "name: /opt/venvs/hello/two\\nlines: has a newline in its name, which dpkg "
                    "cannot install"));
}

TEST_F(VerifyTest, LinksStayInsideOrLeadWhereDeclared) {
    link("application", "opt/venvs/hello/gone", "nowhere");
    link("application", "opt/venvs/hello/out", "/etc/passwd");
    link("application", "opt/venvs/hello/bin/python3.11", "/usr/bin/python3.11");
    EXPECT_THAT(told(),
                ElementsAre("link: /opt/venvs/hello/bin/python3.11: leads to "
                            "\"/usr/bin/python3.11\", which the package does not hold",
                            "link: /opt/venvs/hello/gone: leads to \"nowhere\", which the package "
                            "does not hold",
                            "link: /opt/venvs/hello/out: leads to \"/etc/passwd\", which the "
                            "package does not hold"));
    manifest.python.bundled = false;
    manifest.links = {{"/etc/passwd", "/opt/venvs/hello/out"}};
    put("flask 3.0", "opt/venvs/hello/bin/flask", "#!/opt/venvs/hello/bin/python3.11\n", 0755);
    EXPECT_THAT(told(), ElementsAre("link: /opt/venvs/hello/gone: leads to \"nowhere\", which the "
                                    "package does not hold"));
}

TEST_F(VerifyTest, ShebangsLeadSomewhere) {
    const std::string bin = "opt/venvs/hello/bin/";
    put("flask 3.0", bin + "env", "#!/usr/bin/env python3\n", 0755);
    put("flask 3.0", bin + "bare", "#!python\n", 0755);
    put("flask 3.0", bin + "gone", "#!/opt/venvs/hello/bin/perl\n", 0755);
    put("flask 3.0", bin + "csh", "#!/bin/csh -f\n", 0755);
    put("flask 3.0", bin + "sh", "#!/bin/sh\n", 0755);
    put("flask 3.0", bin + "data", "#!/bin/csh\n", 0644);
    put("flask 3.0", std::string(site) + "flask/deep.py", "#!/usr/local/bin/python\n", 0755);
    put("application", std::string(site) + "hello/deep.sh", "#!/bin/ksh\n", 0755);
    EXPECT_THAT(
        told(),
        ElementsAre("shebang: /" + std::string(site) +
                        "hello/deep.sh: no package of the target has the interpreter of "
                        "\"#!/bin/ksh\"",
                    "shebang: /opt/venvs/hello/bin/bare: \"#!python\" is no absolute path: the "
                    "kernel looks in the directory it is started from",
                    "shebang: /opt/venvs/hello/bin/csh: no package of the target has the "
                    "interpreter of \"#!/bin/csh -f\"",
                    "shebang: /opt/venvs/hello/bin/env: \"#!/usr/bin/env python3\" is not this "
                    "package's Python",
                    "shebang: /opt/venvs/hello/bin/gone: \"#!/opt/venvs/hello/bin/perl\" is not "
                    "in the package"));
}

TEST_F(VerifyTest, ServicesAndScriptsNamePrograms) {
    put("application", "opt/venvs/hello/bin/gunicorn", "#!/opt/venvs/hello/bin/python3\n", 0755);
    put("application", "opt/venvs/hello/bin/data", "x", 0644);
    Service web;
    web.name = "web";
    web.command = {"gunicon", "hello:app"};
    Service shell = web;
    shell.name = "shell";
    shell.command = {"/bin/sh"};
    Service data = web;
    data.name = "data";
    data.command = {"data"};
    Service good = web;
    good.command = {"python3", "-m", "x"};
    manifest.services = {web, shell, data, good};
    manifest.scripts = {"hello-admin"};
    EXPECT_THAT(told(),
                ElementsAre("service-command: /opt/venvs/hello/bin/gunicon: SERVICE web starts "
                            "\"gunicon\", which is not in the environment",
                            "service-command: /opt/venvs/hello/bin/data: SERVICE data starts it, "
                            "and it is not executable",
                            "service-command: /opt/venvs/hello/bin/hello-admin: SCRIPTS starts "
                            "\"hello-admin\", which is not in the environment"));
    EXPECT_EQ(run()->front().hint, "did you mean \"gunicorn\"?");
}

// ---- secrets

const std::string key_text = "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7VJTUt9Us8cKj";
const std::string header = std::string("-----BEGIN ") + "PRIVATE KEY-----";

TEST_F(VerifyTest, SecretsOfTheUsersOwnFiles) {
    put("application", std::string(site) + "hello/.git/config", "");
    put("application", std::string(site) + "hello/.env", "A=1\n");
    put("application", std::string(site) + "hello/.env.example", "A=\n");
    put("application", std::string(site) + "hello/a.key", header + "\n" + key_text + "\n");
    put("host", "etc/hello/url.conf", "u = https://ann:s3cr3t99@git.corp.example.dev/x\n");
    EXPECT_THAT(
        told(),
        ElementsAre("secret: /" + std::string(site) + "hello/.env: files of this name hold secrets",
                    "secret: /" + std::string(site) +
                        "hello/.git: a repository's own data, with its history",
                    "secret: /" + std::string(site) + "hello/a.key: holds a private key",
                    "secret: /etc/hello/url.conf: a URL at byte 4 has a password or token "
                    "in it"));
}

TEST_F(VerifyTest, TestKeysOfDistributionsAreToldOnceAndRefuseNothing) {
    put("tornado 6.4", std::string(site) + "tornado/test/test.key",
        header + "\n" + key_text + "\n");
    EXPECT_THAT(told(), IsEmpty());
    EXPECT_THAT(workshop.log.lines,
                ElementsAre("warning: verify: /" + std::string(site) +
                            "tornado/test/test.key (tornado 6.4): holds a private key"));
    EXPECT_THAT(told(), IsEmpty());
    EXPECT_EQ(workshop.log.lines.size(), 1U);  // the verdict was kept
}

TEST(Secrets, AKeyIsNotItsHeaderLine) {
    EXPECT_TRUE(holds_private_key(header + "\r\n" + key_text));
    EXPECT_TRUE(holds_private_key("KEY = \"" + header + "\\n" + key_text + "\\n\""));
    EXPECT_TRUE(
        holds_private_key(std::string("-----BEGIN RSA ") + "PRIVATE KEY-----\nProc-Type: 4"));
    EXPECT_FALSE(holds_private_key("if text.startswith('" + header + "'):"));
    EXPECT_FALSE(holds_private_key(header + "\n...\n"));
    EXPECT_FALSE(holds_private_key("-----BEGIN PUBLIC KEY-----\n" + key_text));
    EXPECT_FALSE(holds_private_key(""));
}

TEST(Secrets, UrlsWithRealCredentialsOnly) {
    const auto found = [](const std::string& text) { return urls_with_credentials(text).size(); };
    EXPECT_EQ(found("https://ann:hunter22@git.corp.dev/x"), 1U);
    EXPECT_EQ(found("git+https://glpat0123456789abcdefgh@git.corp.dev/x"), 1U);
    EXPECT_EQ(found("https://user:password@git.corp.dev/"), 0U);
    EXPECT_EQ(found("https://ann:${TOKEN}@git.corp.dev/"), 0U);
    EXPECT_EQ(found("https://ann:hunter22@example.com/"), 0U);
    EXPECT_EQ(found("https://ann:hunter22@localhost:8080/"), 0U);
    EXPECT_EQ(found("postgres://app:hunter22@db.corp.dev/x"), 0U);
    EXPECT_EQ(found("https://git.corp.dev/@scope/package"), 0U);
    EXPECT_EQ(found("mailto:a@b.dev https://b.dev"), 0U);
}

// ---- keeping

TEST_F(VerifyTest, UnchangedLayersAreNotJudgedAgain) {
    put("flask 3.0", std::string(site) + "flask/a.py", std::string(build));
    EXPECT_EQ(told().size(), 1U);
    const int made = workshop.store.made();
    EXPECT_EQ(told().size(), 1U);
    EXPECT_EQ(workshop.store.made(), made);
    put("application", std::string(site) + "hello/a.py", "");
    EXPECT_EQ(told().size(), 1U);
    EXPECT_EQ(workshop.store.made(), made + 1);
    directories.emplace_back("/srv/ci/other");
    EXPECT_EQ(told().size(), 1U);
    EXPECT_EQ(workshop.store.made(), made + 4);
}

TEST_F(VerifyTest, CollidingLayersAreRefused) {
    put("flask 3.0", std::string(site) + "x.py", "1");
    put("quart 1.0", std::string(site) + "x.py", "2");
    EXPECT_THAT(told(), ElementsAre("error: /" + std::string(site) +
                                    "x.pyboth \"flask 3.0\" and \"quart 1.0\" hold this path: "
                                    "different contents"));
}

}  // namespace
}  // namespace dba::steps
