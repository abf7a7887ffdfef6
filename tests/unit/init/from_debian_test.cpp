// debian/ directories of several shapes, and the CMakeLists.txt that each gets: tests/golden/init/.
#include "init/from_debian.hpp"

#include <gmock/gmock.h>

#include <cstdlib>
#include <map>

#include "support/fakes.hpp"

namespace dba::init {
namespace {

using Files = std::map<std::string, std::string>;

const Files project{{"setup.py", "from setuptools import setup\nsetup(name='hello')\n"},
                    {"hello/__init__.py", ""}};
const std::string control =
    "Source: hello\nSection: python\nMaintainer: A Person <a@example.org>\n"
    "Build-Depends: debhelper-compat (= 13), dh-virtualenv (>= 1.0), python3-dev, libpq-dev\n\n"
    "Package: hello\nArchitecture: any\nDepends: ${misc:Depends}, ${shlibs:Depends}, python3, "
    "nginx-light | nginx\nDescription: Says hello\n To all.\n   .\n And again.\n";
const std::string plain_rules = "#!/usr/bin/make -f\n%:\n\tdh $@ --with python-virtualenv\n";

class FromDebian : public ::testing::Test {
 protected:
    Result<InitAnswer> answer_to(const Files& files, const std::string& name = {}) {
        for (const Files& some : {project, files})
            for (const auto& [path, text] : some) directory_.write("top/" + path, text);
        const fs::path top = directory_.path() / "top";
        return init_from_debian({top, top / "CMakeLists.txt", name}, top / "debian", git_);
    }
    void expect_golden(const std::string& golden, const Files& files,
                       const std::string& name = {}) {
        const auto answer = answer_to(files, name);
        ASSERT_TRUE(answer.has_value()) << answer.error().subject + ": " + answer.error().cause;
        const std::string text = answer->text + "\n" + summary_text(answer->drafts);
        const fs::path file = fs::path(GOLDEN_DIR) / "init" / ("debian-" + golden + ".txt");
        if (std::getenv("UPDATE_GOLDEN") != nullptr) {
            ASSERT_TRUE(write_file(file, text).has_value());
            return;
        }
        EXPECT_EQ(read_file(file).value_or(""), text) << golden;
    }
    void expect_refused(const Files& files, const std::string& subject, const std::string& cause) {
        const auto answer = answer_to(files);
        ASSERT_FALSE(answer);
        EXPECT_EQ(answer.error().code, ExitCode::bad_input);
        EXPECT_EQ(answer.error().subject, subject);
        EXPECT_EQ(answer.error().cause, cause);
    }

    dba::testing::TemporaryDirectory directory_;
    dba::testing::FakeGit git_;
};

TEST_F(FromDebian, TheSmallest) {
    expect_golden("smallest",
                  {{"debian/control", control},
                   {"debian/rules", plain_rules},
                   {"debian/compat", "11\n"},
                   {"debian/copyright", "MIT\n"},
                   {"debian/changelog", "hello (1:2.0-3) unstable; urgency=low\n"},
                   {"debian/source/format", "3.0 (quilt)\n"},
                   {"debian/hello.triggers",
                    "# Python\ninterest-noawait /usr/bin/python3\ninterest-noawait "
                    "dh-virtualenv-interpreter-update\ninterest /usr/share/other\n"},
                   {"debian/hello.links",
                    "opt/venvs/hello/bin/hello usr/bin/hello\n"
                    "/opt/venvs/hello/bin/hello-admin /usr/sbin/hello-administrator\n"}});
}

TEST_F(FromDebian, OptionsOfRules) {
    expect_golden(
        "options",
        {{"debian/control", control},
         {"requirements/host.txt", "flask\n"},
         {"debian/rules",
          "#!/usr/bin/make -f\nexport DH_VIRTUALENV_INSTALL_ROOT = /srv/apps/ # here\n"
          "ifeq (a,b)\nSNAKE = /usr/bin/python3.9\nelse\nSNAKE = /usr/bin/python3.11\nendif\n"
          "PACKAGE = $(shell dh_listpackages)\nARGS = --builtin-venv --python=$(SNAKE) \\\n"
          "   --upgrade-pip --preinstall \"setuptools>=60\" --preinstall=lxml==4\n"
          "include other.mk\n.PHONY: override_dh_strip\n%:\n\tdh $@ --with python-virtualenv\n"
          "override_dh_strip:\n\t@echo no\noverride_dh_virtualenv:\n"
          "\tdh_virtualenv $(ARGS) --install-suffix hello-two -r requirements/host.txt \\\n"
          "\t\t--extras=web,db --extra-pip-arg '--no-deps' --extra-pip-arg=--no-cache-dir \\\n"
          "\t\t--extra-index-url https://index.example.org/simple --use-system-packages\n"
          "\tcp -r assets debian/$(PACKAGE)/srv/apps/hello-two/\n"}});
}

TEST_F(FromDebian, UnitsAndTimers) {
    expect_golden(
        "units",
        {{"debian/control", control},
         {"debian/rules", plain_rules},
         {"debian/hello.links", "opt/venvs/hello/bin/hello-web usr/bin/hello-web\n"},
         {"debian/hello.service",
          "[Unit]\nDescription=Web\nAfter=network.target redis.service\nRequires=redis.service\n"
          "ConditionPathExists=/etc/hello\n[Service]\nType=notify\nUser=www-data\n"
          "EnvironmentFile=-/etc/default/hello\nEnvironmentFile=/etc/hello/env\n"
          "Environment=A=1 \"B=two words\"\nExecStart=/usr/bin/hello-web \\\n  --port 80%% --name "
          "%n\n"
          "ExecReload=/bin/kill -HUP $MAINPID\nKillSignal=SIGINT\nTimeoutStopSec=90\n"
          "LimitNOFILE=4096\nRestart=always\n[Install]\nWantedBy=multi-user.target\n"
          "Alias=web.service\n"},
         {"debian/hello.clean.service",
          "[Service]\nUser=www-data\nWorkingDirectory=/var/lib/hello\n"
          "ExecStart=/opt/venvs/hello/bin/python -m hello.clean --since ${SINCE}\n"},
         {"debian/hello.clean.timer",
          "[Timer]\nOnCalendar=daily\nRandomizedDelaySec=600\nOnBootSec=5min\n"},
         {"debian/hello@.service", "[Service]\nExecStart=/opt/venvs/hello/bin/hello %i\n"},
         {"debian/hello.socket", "[Socket]\nListenStream=80\n"}});
}

TEST_F(FromDebian, FilesOfEveryKind) {
    expect_golden(
        "files", {{"debian/control", control},
                  {"debian/rules", plain_rules},
                  {"debian/hello.install",
                   "conf/hello.toml etc/hello\nconf/sudo etc/sudoers.d/\nshare usr/share/hello\n"
                   "deploy/*.service lib/systemd/system\nassets/x.json opt/venvs/hello/share\n"
                   "made/later usr/share/hello\na => usr/share/b\n"},
                  {"conf/hello.toml", ""},
                  {"conf/sudo", ""},
                  {"share/a/b.txt", ""},
                  {"share/c.txt", ""},
                  {"assets/x.json", ""},
                  {"deploy/hello-jobs.service", "[Service]\nExecStart=/opt/venvs/hello/bin/jobs\n"},
                  {"debian/hello.default", "# words\nPORT=80\nexport WORD=\"a b\"\nX=$HOME\n"},
                  {"debian/hello.cron.d", ""},
                  {"debian/hello.cron.daily", ""},
                  {"debian/hello.logrotate", ""},
                  {"debian/hello.dirs", "var/lib/hello\nvar/spool/hello\n"},
                  {"debian/hello.manpages", "debian/hello.1 debian/other.8\n"},
                  {"debian/hello.1", ""},
                  {"debian/hello.conffiles", "/opt/venvs/hello/x.conf\n"},
                  {"debian/hello.maintscript",
                   "rm_conffile /etc/hello/old 1.0~\nmv_conffile /etc/a /etc/b\n"},
                  {"debian/hello.postinst", "#!/bin/sh\n#DEBHELPER#\ndb_get hello/x\n"},
                  {"debian/prerm", "#!/bin/bash\n"},
                  {"debian/hello.templates", ""},
                  {"debian/hello.udev", ""},
                  {"debian/tests/control", ""}});
}

TEST_F(FromDebian, AScriptInThePlaceOfRules) {
    expect_golden("script",
                  {{"debian/control", control},
                   {"requirements.txt", "flask\n"},
                   {"debian/rules", plain_rules + "override_dh_virtualenv:\n\t./debian/build\n"},
                   {"debian/build",
                    "#!/bin/sh\nexport DH_VIRTUALENV_INSTALL_ROOT=/opt/apps\nPY=$(readlink -f x)\n"
                    "dh_virtualenv \\\n    --python \"$PY\" \\\n    --requirements=exported.txt\n"
                    "rm -f y\n"}});
}

TEST_F(FromDebian, SeveralPackages) {
    expect_golden(
        "several",
        {{"debian/control", control + "\nPackage: hello-extra\nArchitecture: all\n"
                                      "Depends: hello (= ${binary:Version}), ${perl:Depends}\n"
                                      "Built-Using: x\nDescription: More\n"},
         {"debian/rules", plain_rules},
         {"debian/hello.install", "README usr/share/doc/hello\n"},
         {"debian/hello-extra.links", "usr/share/a usr/share/b\n"}},
        "hello-extra");
}

TEST_F(FromDebian, WhatIsRefused) {
    expect_refused({{"debian/rules", plain_rules}}, "debian/control",
                   "is not there, or too large to be one");
    expect_refused({{"debian/control", control}, {"debian/rules", "%:\n\tdh $@\n"}}, "debian/rules",
                   "does not call dh_virtualenv");
    expect_refused({{"debian/control", "Source: x\n"}}, "debian/control",
                   "has no stanza with the field Package");
}

}  // namespace
}  // namespace dba::init
