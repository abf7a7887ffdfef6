#include "steps/lock/python.hpp"

#include <gtest/gtest.h>

#include "support/fakes.hpp"
#include "support/venv_fixture.hpp"

namespace dba::steps {
namespace {

using dba::testing::said;

// A project in a target root with Debian's Python 3.11, and other Pythons beside it.
class CheckPython : public ::testing::Test {
 protected:
    CheckPython() {
        manifest_.name = "hello";
        manifest_.target = {.name = "debian-12",
                            .codename = "bookworm",
                            .root = (shop_.directory.path() / "root").string(),
                            .architecture = "amd64"};
        manifest_.python.version = "3.11";
        manifest_.python.full_version = "3.11.2";
        manifest_.python.executable = "/usr/bin/python3.11";
        shop_.directory.write(
            "root/var/lib/dpkg/status",
            "Package: python3.11-minimal\nStatus: install ok installed\nArchitecture: amd64\n"
            "Version: 3.11.2-6\n\n");
        add_python("usr/bin/python3.11");
        source_.directory = shop_.directory.path() / "app";
        source("pyproject.toml", "[project]\nname = 'hello'\nrequires-python = '>=3.12'\n");
    }
    void add_python(const std::string& path) {
        shop_.directory.write("root/" + path, "\177ELF", 0755);
    }
    void source(const std::string& name, const std::string& text) {
        shop_.directory.write("app/" + name, text);
    }
    std::string check() {
        const auto checked = check_python(manifest_, source_, places_, shop_.system);
        return checked ? "fits" : said(checked.error());
    }

    dba::testing::Workshop shop_;
    Manifest manifest_;
    FetchedSource source_;
    PythonPlaces places_;
    const std::string old_ =
        "pyproject.toml: requires-python >=3.12: the package's Python is 3.11.2, which is too old "
        "(/usr/bin/python3.11) ";
};

TEST_F(CheckPython, OneThatWouldDoIsNamed) {
    add_python("usr/local/bin/python3.13");
    add_python("usr/local/bin/python3.12");
    add_python("usr/local/bin/python3.10");
    EXPECT_EQ(check(), old_ +
                           "(say PYTHON_VERSION 3.13 (/usr/local/bin/python3.13), or "
                           "PYTHON_VERSION 3.12 (/usr/local/bin/python3.12))");
    manifest_.python.bundled = false;
    EXPECT_EQ(check(), old_ +
                           "(say PYTHON_VERSION 3.13 with PYTHON BUNDLED "
                           "(/usr/local/bin/python3.13), or PYTHON_VERSION 3.12 with PYTHON "
                           "BUNDLED (/usr/local/bin/python3.12))");
    source("pyproject.toml", "[project]\nrequires-python = '>=3.11'\n");
    EXPECT_EQ(check(), "fits");
}

TEST_F(CheckPython, WhereNoneWouldDoItIsSaidWhereOneComesFrom) {
    EXPECT_EQ(check(), old_ +
                           "(3.12, 3.13, 3.14, 3.15 would do, and there is none here: `uv "
                           "python install 3.12` and PYTHON_EXECUTABLE bring one; or a target "
                           "of trixie (3.13) or forky (3.14): build there, or in its root "
                           "(DEB_VENV_TARGET_ROOT))");
    manifest_.python.bundled = false;
    source("pyproject.toml", "[project]\nrequires-python = '==3.13.*'\n");
    EXPECT_EQ(check(),
              "pyproject.toml: requires-python ==3.13.*: the package's Python is 3.11.2, which is "
              "too old (/usr/bin/python3.11) (3.13 would do, and there is none here: take a target "
              "of trixie (3.13): build there, or in its root (DEB_VENV_TARGET_ROOT))");
    manifest_.python.bundled = true;
    source("pyproject.toml", "[project]\nrequires-python = '<3.11'\n");
    EXPECT_EQ(check(),
              "pyproject.toml: requires-python <3.11: the package's Python is 3.11.2, which is too "
              "new (/usr/bin/python3.11) (3.9, 3.10 would do, and there is none here: `uv python "
              "install 3.10` and PYTHON_EXECUTABLE bring one)");
    source("pyproject.toml", "[project]\nrequires-python = '<3'\n");
    EXPECT_EQ(check(),
              "pyproject.toml: requires-python <3: the package's Python is 3.11.2, which is none "
              "of these (/usr/bin/python3.11) (no Python that is supported is one of them: 3.9 to "
              "3.15 are)");
}

// A release that only its interpreter knows: what does not start is none that would do.
TEST_F(CheckPython, AReleaseIsAskedFor) {
    source("pyproject.toml", "[project]\nrequires-python = '>=3.11.5,!=3.12.1'\n");
    add_python("usr/local/bin/python3.12");
    EXPECT_EQ(check(),
              "pyproject.toml: requires-python >=3.11.5,!=3.12.1: the package's Python is 3.11.2, "
              "which is none of these (/usr/bin/python3.11) (3.11, 3.12, 3.13, 3.14, 3.15 would "
              "do, and there is none here: `uv python install 3.11` and PYTHON_EXECUTABLE bring "
              "one; or a target of trixie (3.13) or forky (3.14): build there, or in its root "
              "(DEB_VENV_TARGET_ROOT))");
}

TEST_F(CheckPython, TheLockThatCountsIsLookedAt) {
    add_python("usr/local/bin/python3.13");
    const std::string say =
        ": the package's Python is 3.11.2, which is too old (/usr/bin/python3.11) (say "
        "PYTHON_VERSION 3.13 (/usr/local/bin/python3.13))";
    source("pyproject.toml", "[project]\nname = 'hello'\n");
    EXPECT_EQ(check(), "fits");
    source("Pipfile", "[requires]\npython_version = '3.13'\n");
    EXPECT_EQ(check(), "Pipfile: [requires] python_version ==3.13.*" + say);
    source("Pipfile.lock", "{\"_meta\": {\"requires\": {\"python_version\": \"3.13\"}}}");
    EXPECT_EQ(check(), "Pipfile.lock: python_version ==3.13.*" + say);
    source("pdm.lock", "[metadata]\nrequires_python = '>=3.12'\n");
    EXPECT_EQ(check(), "pdm.lock: requires_python >=3.12" + say);
    source("poetry.lock", "[metadata]\npython-versions = '^3.12'\n");
    EXPECT_EQ(check(), "poetry.lock: python-versions ^3.12" + say);
    source("uv.lock", "version = 1\nrequires-python = '>=3.12'\n");
    EXPECT_EQ(check(), "uv.lock: requires-python >=3.12" + say);
    source("pylock.toml", "lock-version = '1.0'\nrequires-python = '>=3.11'\n");
    EXPECT_EQ(check(), "fits");
    manifest_.lock = shop_.directory.write("pylock.prod.toml",
                                           "lock-version = '1.0'\nrequires-python = '>=3.12'\n");
    EXPECT_EQ(check(), manifest_.lock + ": requires-python >=3.12" + say);
    manifest_.requirements = {manifest_.lock};
    manifest_.lock.clear();
    EXPECT_EQ(check(), manifest_.requirements[0] + ": requires-python >=3.12" + say);
}

// A workspace has one lock for all, at its top.
TEST_F(CheckPython, AWorkspacesLockCounts) {
    add_python("usr/local/bin/python3.13");
    source("pyproject.toml", "[tool.uv.workspace]\nmembers = ['web']\n");
    source("uv.lock", "version = 1\nrequires-python = '>=3.12'\n");
    source("web/pyproject.toml", "[project]\nname = 'web'\n");
    source_.repository = source_.directory;
    source_.directory /= "web";
    EXPECT_EQ(check(),
              "uv.lock: requires-python >=3.12: the package's Python is 3.11.2, which is too old "
              "(/usr/bin/python3.11) (say PYTHON_VERSION 3.13 (/usr/local/bin/python3.13))");
}

TEST_F(CheckPython, WhatABuildHasComputedCounts) {
    add_python("usr/local/bin/python3.13");
    BuiltWheel wheel;
    wheel.metadata.name = "hello";
    EXPECT_TRUE(check_python_of(wheel, manifest_, places_, shop_.system));
    wheel.metadata.requires_python = ">=3.12";
    const auto checked = check_python_of(wheel, manifest_, places_, shop_.system);
    ASSERT_FALSE(checked);
    EXPECT_EQ(said(checked.error()),
              "hello: Requires-Python >=3.12: the package's Python is 3.11.2, which is too old "
              "(/usr/bin/python3.11) (say PYTHON_VERSION 3.13 (/usr/local/bin/python3.13))");
}

}  // namespace
}  // namespace dba::steps
