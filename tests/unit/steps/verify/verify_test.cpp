// One planted fault per test, each told by its exact text.
#include "steps/verify/verify.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "formats/python/record.hpp"
#include "steps/verify/fixture.hpp"
#include "steps/verify/secrets.hpp"
#include "system/files/digest.hpp"

namespace dba::steps {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST_F(VerifyTest, ASoundStackHasNoFindings) {
    put("application", std::string(site) + "hello/__init__.py", "x = '/srv/ci/build-7f3a1/y'\n");
    put("application", "opt/venvs/hello/bin/hello", "#!/opt/venvs/hello/bin/python3\n", 0755);
    put("host", "usr/lib/hello/run", "#!/bin/sh\n", 0755);
    link("host", "usr/bin/hello", "/opt/venvs/hello/bin/hello");
    link("host", "etc/systemd/system/x.service", "/dev/null");
    EXPECT_THAT(told(), IsEmpty());
    EXPECT_THAT(workshop.log.lines, IsEmpty());
}

// ---- RECORD

TEST_F(VerifyTest, RecordsMatchTheFiles) {
    const std::string info = std::string(site) + "flask-3.0.dist-info/";
    put("flask 3.0", std::string(site) + "flask/a.py", "a");
    put("flask 3.0", "opt/venvs/hello/bin/flask", "#!/opt/venvs/hello/bin/python3\n", 0755);
    const auto row = [](const std::string& path, const std::string& bytes) {
        return RecordRow{path, record_hash(sha256_hex(bytes)), std::to_string(bytes.size())};
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

// ---- the environment

TEST_F(VerifyTest, DistributionsGoTogetherAndScriptsNameModules) {
    const std::string info = std::string(site) + "flask-3.0.dist-info/";
    put("interpreter", "opt/venvs/hello/pyvenv.cfg", "version = 3.11.2\n");
    put("flask 3.0", std::string(site) + "flask/__init__.py", "");
    put("flask 3.0", info + "METADATA",
        "Metadata-Version: 2.1\nName: flask\nVersion: 3.0\nRequires-Dist: click>=8\n"
        "Requires-Dist: extra; extra == 'x'\n");
    put("flask 3.0", info + "RECORD", "flask/__init__.py,,\n");
    put("flask 3.0", info + "entry_points.txt",
        "[console_scripts]\nflask = flask.cli:main\nhello = flask:main\n"
        "json = json.tool:main\n");
    EXPECT_THAT(told(),
                ElementsAre("metadata: /" + info +
                                "METADATA: flask 3.0 requires click>=8, which is not in the "
                                "package",
                            "entry-point: /" + std::string(site) +
                                "flask-3.0.dist-info: flask (flask 3.0): there is no module "
                                "flask.cli"));
    put("click 8.1", std::string(site) + "click-8.1.dist-info/METADATA",
        "Metadata-Version: 2.1\nName: Click\nVersion: 8.1\n");
    put("click 8.1", std::string(site) + "click-8.1.dist-info/RECORD", "");
    put("flask 3.0", std::string(site) + "flask/cli.py", "");
    EXPECT_THAT(told(), IsEmpty());
}

TEST_F(VerifyTest, TheRecordOfADistributionInsideAnotherIsNotJudged) {
    const std::string vendored = std::string(site) + "flask/_vendor/six-1.0.dist-info/RECORD";
    put("flask 3.0", vendored, to_record({{"six.py", record_hash(sha256_hex("a")), "1"}}));
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
    ResolvedService web;
    web.name = "web";
    web.command = {"gunicon", "hello:app"};
    ResolvedService shell = web;
    shell.name = "shell";
    shell.command = {"/bin/sh"};
    ResolvedService data = web;
    data.name = "data";
    data.command = {"data"};
    ResolvedService good = web;
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

TEST_F(VerifyTest, TheApplicationsLayerIsKnownByItsDistribution) {
    manifest.project.name = "my-app";
    put("My.App 1.0", std::string(site) + "my_app/a.key", header + "\n" + key_text + "\n");
    put("my-app-plugin 1.0", std::string(site) + "plugin/a.key", header + "\n" + key_text + "\n");
    EXPECT_THAT(told(),
                ElementsAre("secret: /" + std::string(site) + "my_app/a.key: holds a private key"));
}

TEST_F(VerifyTest, TestKeysOfDistributionsAreToldOnceAndRefuseNothing) {
    put("tornado 6.4", std::string(site) + "tornado/test/test.key",
        header + "\n" + key_text + "\n");
    EXPECT_THAT(told(), IsEmpty());
    EXPECT_THAT(workshop.log.lines,
                ElementsAre("warning: verify: /" + std::string(site) +
                            "tornado/test/test.key (tornado 6.4): holds a private key"));
    EXPECT_THAT(told(), IsEmpty());
    EXPECT_EQ(workshop.log.lines.size(), 1U);  // the report was kept
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
    EXPECT_EQ(workshop.store.made(), made + 3);
    directories.emplace_back("/srv/ci/other");
    EXPECT_EQ(told().size(), 1U);
    EXPECT_EQ(workshop.store.made(), made + 6);
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
