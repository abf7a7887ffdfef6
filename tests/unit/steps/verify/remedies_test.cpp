// What errors say, and the line that mends each.
#include "steps/verify/remedies.hpp"

#include <gmock/gmock.h>

#include "steps/verify/faults.hpp"
#include "steps/verify/start_judge.hpp"

namespace dba::steps {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

RaisedError raised(const std::string& type, const std::string& message,
                   const std::string& name = {}) {
    std::vector<std::string> bases = {type};
    if (type == "ModuleNotFoundError") bases.emplace_back("ImportError");
    if (type == "ConnectionRefusedError" || type == "FileNotFoundError")
        bases.emplace_back("OSError");
    if (type == "KeyError") bases.emplace_back("LookupError");
    return {type, bases, message, name, "/opt/venvs/shop/app/shop.py", 3};
}

TEST(FaultOf, TellsWhatIsMissingFromWhatTheHostHas) {
    const auto kind = [](const std::string& type, const std::string& message,
                         const std::string& name = {}) {
        return fault_of({raised(type, message, name)}).kind;
    };
    EXPECT_EQ(kind("ModuleNotFoundError", "No module named 'x'", "x"), Fault::module);
    EXPECT_EQ(kind("ImportError", "cannot import name 'x' from 'y'", "y"), Fault::code);
    EXPECT_EQ(kind("SyntaxError", "invalid syntax"), Fault::code);
    EXPECT_EQ(kind("NameError", "name 'unicode' is not defined"), Fault::code);
    EXPECT_EQ(kind("AttributeError", "module 'x' has no attribute 'y'"), Fault::code);
    for (const auto& [type, message] :
         {std::pair{"AttributeError", "'NoneType' object has no attribute 'split'"},
          {"KeyError", "'DATABASE_URL'"},
          {"ConnectionRefusedError", "[Errno 111] Connection refused"},
          {"FileNotFoundError", "[Errno 2] No such file or directory: '/etc/shop.toml'"},
          {"ImproperlyConfigured", "The SECRET_KEY setting must not be empty."},
          {"TypeError", "int() argument must be a string"},
          {"OperationalError", "connection to server failed"}})
        EXPECT_EQ(kind(type, message), Fault::surroundings) << type;
    const Fault library = fault_of({raised(
        "OSError", "libfoo.so.1: cannot open shared object file: No such file or directory")});
    EXPECT_EQ(library.kind, Fault::library);
    EXPECT_EQ(library.missing, "libfoo.so.1");
    EXPECT_EQ(fault_of({raised("OSError", "cannot load library 'libpango-1.0-0': x")}).missing,
              "libpango-1.0-0");
    EXPECT_EQ(fault_of({}).kind, Fault::surroundings);
}

TEST(FaultOf, FollowsWhatLedToAnError) {
    const RaisedError missing =
        raised("ModuleNotFoundError", "No module named 'MySQLdb'", "MySQLdb");
    RaisedError cause = missing;
    cause.is_cause = true;
    // Django's: raised while it was handled, and from it.
    EXPECT_EQ(fault_of({raised("ImproperlyConfigured", "Did you install?"), missing}).kind,
              Fault::module);
    EXPECT_EQ(fault_of({raised("KeyError", "'x'"), cause}).missing, "MySQLdb");
    // A program that goes on without the module, and then lacks a file.
    EXPECT_EQ(fault_of({raised("FileNotFoundError", "/etc/x"), missing}).kind, Fault::surroundings);
    // An ImportError with words of its own, about another.
    const Fault told = fault_of({raised("ImportError", "Couldn't import Django"), cause});
    EXPECT_EQ(told.missing, "MySQLdb");
    EXPECT_EQ(told.said, "ImportError: Couldn't import Django (/opt/venvs/shop/app/shop.py:3)");
    EXPECT_EQ(told.where, "/opt/venvs/shop/app/shop.py:3");
}

class RemediesTest : public ::testing::Test {
 protected:
    RemediesTest() {
        environment.prefix = "/opt/venvs/shop";
        environment.version = "3.11.2";
        environment.site_packages = "/opt/venvs/shop/lib/python3.11/site-packages";
        facts.modules = {"tkinter", "_tkinter", "lib2to3", "distutils", "ensurepip", "json"};
        Distribution shop;
        shop.metadata.name = "Shop";
        shop.metadata.version = "1.0";
        shop.metadata.provides_extra = {"cache"};
        shop.metadata.requires_dist = {"redis>=4; extra == 'cache'", "celery"};
        shop.modules = {"shop"};
        Distribution celery;
        celery.metadata.name = "celery";
        celery.metadata.version = "5.4";
        celery.metadata.provides_extra = {"sqs"};
        celery.metadata.requires_dist = {"boto3>=1; extra == 'sqs'"};
        celery.modules = {"celery"};
        environment.distributions = {shop, celery};
    }
    std::string line(const std::string& module, const std::string& file = "shop/a.py") {
        return Remedies(environment, facts, "shop")
            .line({module, environment.site_packages + "/" + file});
    }
    std::string message(const std::string& module) {
        return Remedies(environment, facts, "shop").message({module, ""});
    }
    PythonEnvironment environment;
    PythonFacts facts;
};

TEST_F(RemediesTest, RequirementsAndExtras) {
    EXPECT_EQ(line("pkg_resources"), "REQUIREMENTS \"setuptools<81\"");
    EXPECT_EQ(line("yaml"), "REQUIREMENTS PyYAML");
    EXPECT_EQ(line("google.protobuf.message"), "REQUIREMENTS protobuf");
    EXPECT_EQ(line("google.protobuf"), "REQUIREMENTS protobuf");
    EXPECT_EQ(line("some_thing.part"), "REQUIREMENTS some-thing");
    EXPECT_EQ(line("redis"), "EXTRAS cache");
    EXPECT_EQ(line("boto3", "celery/sqs.py"), "REQUIREMENTS \"celery[sqs]\"");
    EXPECT_EQ(line("boto3"), "REQUIREMENTS boto3");
    EXPECT_EQ(line("shop.wsgi"),
              "the wheel lacks it: see what the project says of its packages, or LAYOUT folder");
    EXPECT_EQ(line("celery.old"), "take a version of celery that has it");
    EXPECT_EQ(message("redis"), "needs redis, which no distribution of the package brings");
    EXPECT_EQ(message("celery.old"), "needs celery.old, which celery 5.4 does not have");
    // Named by a command line, not by a file.
    EXPECT_EQ(Remedies(environment, facts, "shop").line({"shpo", ""}),
              "did you mean shop? Else REQUIREMENTS shpo");
}

TEST_F(RemediesTest, PartsOfTheStandardLibrary) {
    EXPECT_EQ(line("tkinter"),
              "PYTHON_KEEP tkinter, and BUILD_DEPENDS python3-tk where the Python is Debian's");
    EXPECT_EQ(line("ensurepip"),
              "PYTHON_KEEP ensurepip, and BUILD_DEPENDS python3.11-venv where "
              "the Python is Debian's");
    EXPECT_EQ(line("distutils.core"),
              "BUILD_DEPENDS python3-distutils: the interpreter that is bundled lacks it");
    EXPECT_EQ(message("tkinter.ttk"), "needs tkinter.ttk, which this Python does not have");
    environment.interpreter = "/usr/bin/python3.11";
    EXPECT_EQ(line("tkinter.ttk"), "DEPENDS python3-tk");
    EXPECT_EQ(line("lib2to3"), "DEPENDS python3-lib2to3");
    EXPECT_EQ(line("distutils.core"), "DEPENDS python3-distutils");
    EXPECT_EQ(line("json.new"), "take another PYTHON_VERSION, or PYTHON BUNDLED");
    EXPECT_EQ(message("tkinter.ttk"), "needs tkinter.ttk, which Debian has in python3-tk");
}

TEST_F(RemediesTest, WhatPythonHadOnce) {
    environment.version = "3.13.1";
    facts.modules = {"json"};
    EXPECT_EQ(message("telnetlib"), "needs telnetlib, which this Python no longer has");
    EXPECT_EQ(line("telnetlib"), "REQUIREMENTS standard-telnetlib, or an older PYTHON_VERSION");
    EXPECT_EQ(line("distutils.version"), "REQUIREMENTS setuptools, or an older PYTHON_VERSION");
    EXPECT_EQ(line("imp"), "take a newer version of what needs it, or an older PYTHON_VERSION");
    EXPECT_EQ(line("winreg"), "take a version of the application for Linux");
}

class StartJudgeTest : public RemediesTest {
 protected:
    void judge(const ImportResult& result, bool elsewhere = false) {
        findings.clear();
        warnings.clear();
        const Remedies remedies(environment, facts, "shop");
        Findings found, warned;
        StartJudge{remedies, environment.prefix, not_installed, found, warned}.judge(
            "SERVICE web", wanted, result, nullptr, elsewhere, 60);
        for (const Finding& one : found)
            findings.push_back(one.message + (one.hint.empty() ? "" : " (" + one.hint + ")"));
        for (const Finding& one : warned) warnings.push_back(one.message);
    }
    WantedAtStart wanted{.way = "object", .name = "shop:app", .module = "shop", .object = "app"};
    std::vector<std::string> not_installed, findings, warnings;
};

TEST_F(StartJudgeTest, WhatIsMissingIsAFinding) {
    judge({.outcome = "ok"});
    EXPECT_THAT(findings, IsEmpty());
    judge({.outcome = "missing", .attribute = "application", .names = {"aplication", "os"}});
    EXPECT_THAT(findings,
                ElementsAre("SERVICE web: shop:app: shop has no application (did you mean "
                            "aplication?)"));
    judge({.outcome = "signal", .signal = "SIGSEGV"});
    EXPECT_THAT(findings, ElementsAre("SERVICE web: shop:app: loading it ends Python by SIGSEGV (a "
                                      "library that it loads does not fit this system)"));
    const ImportResult lacking{
        .outcome = "error",
        .chain = {raised("ModuleNotFoundError", "No module named 'redis'", "redis")}};
    judge(lacking);
    EXPECT_THAT(findings,
                ElementsAre("SERVICE web: shop:app: needs redis, which no distribution of "
                            "the package brings (/opt/venvs/shop/app/shop.py:3) (EXTRAS "
                            "cache)"));
    judge(lacking, true);  // PYTHONPATH=/etc/shop
    EXPECT_THAT(findings, IsEmpty());
    EXPECT_THAT(warnings,
                ElementsAre("SERVICE web: shop:app: needs redis, which no distribution of "
                            "the package brings (/opt/venvs/shop/app/shop.py:3)"));
}

TEST_F(StartJudgeTest, WhatTheHostHasIsAWarning) {
    judge({.outcome = "error", .chain = {raised("KeyError", "'DATABASE_URL'")}});
    EXPECT_THAT(findings, IsEmpty());
    EXPECT_THAT(warnings, ElementsAre("SERVICE web: shop:app: KeyError: 'DATABASE_URL' "
                                      "(/opt/venvs/shop/app/shop.py:3)"));
    judge({.outcome = "timeout"});
    EXPECT_THAT(warnings, ElementsAre("SERVICE web: shop:app: is not loaded after 60 seconds"));
    judge({.outcome = "exit", .said = "no licence"});
    EXPECT_THAT(warnings,
                ElementsAre("SERVICE web: shop:app: ends the process when it is loaded: no "
                            "licence"));
    const ImportResult library{
        .outcome = "error",
        .chain = {raised("OSError", "libx.so.1: cannot open shared object file: No such")}};
    judge(library);
    EXPECT_EQ(findings.size(), 1U);
    not_installed = {"libx1"};
    judge(library);
    EXPECT_THAT(findings, IsEmpty());
    environment.interpreter = "/usr/bin/python3.11";
    const ImportResult window{.outcome = "error",
                              .chain = {raised("ModuleNotFoundError", "tkinter", "tkinter")}};
    judge(window);
    EXPECT_EQ(findings.size(), 1U);
    not_installed = {"python3-tk"};
    judge(window);
    EXPECT_THAT(findings, IsEmpty());
    EXPECT_EQ(warnings.size(), 1U);
    wanted = {.way = "file", .name = "-c", .file = "/etc/shop/gunicorn.py"};
    judge({.outcome = "absent", .said = "is not there"});
    EXPECT_THAT(warnings, ElementsAre("SERVICE web: -c: is not there"));
    wanted.file = "/opt/venvs/shop/app/gunicorn.py";
    judge({.outcome = "absent", .said = "is not there"});
    EXPECT_THAT(findings,
                ElementsAre("SERVICE web: -c: is not there (name a file that the package has)"));
}

}  // namespace
}  // namespace dba::steps
