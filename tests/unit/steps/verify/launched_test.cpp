// From command lines to what is started in the end.
#include "steps/verify/launched.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "steps/verify/arguments.hpp"

namespace dba::steps {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class LaunchedTest : public ::testing::Test {
 protected:
    LaunchedTest() {
        environment.prefix = "/opt/venvs/shop";
        Distribution gunicorn;
        gunicorn.modules = {"gunicorn"};
        gunicorn.entry_points = {{"console_scripts", "gunicorn", "gunicorn.app.wsgiapp:run"}};
        Distribution shop;
        shop.modules = {"shop"};
        shop.entry_points = {{"console_scripts", "shop-job", "shop.job : Job.main"}};
        environment.distributions = {gunicorn, shop};
        for (const char* name : {"gunicorn", "shop-job"})
            files["/opt/venvs/shop/bin/" + std::string(name)] =
                "#!/opt/venvs/shop/bin/python3 -I\n";
    }

    std::vector<std::string> started(const std::vector<std::string>& command) {
        const Surroundings around{"/opt/venvs/shop/app",
                                  {{"PATH", "/opt/venvs/shop/bin:/usr/bin:/bin"}},
                                  [this](const std::string& path) {
                                      const auto file = files.find(path);
                                      return file == files.end() ? std::nullopt
                                                                 : std::optional(file->second);
                                  }};
        const ScriptEntries entries = script_entries(environment);
        out = launched_by(command, environment, entries, around);
        std::vector<std::string> lines;
        for (const WantedAtStart& one : out.wanted)
            lines.push_back(fmt::format(
                "{} {}{}{}{}{}", one.way, one.module, one.object.empty() ? "" : ":" + one.object,
                one.file, fmt::join(one.attributes, "."),
                one.path.empty() ? "" : fmt::format(" [{}]", fmt::join(one.path, ","))));
        return lines;
    }

    PythonEnvironment environment;
    std::map<std::string, std::string> files;
    Launched out;
};

// The scripts that have to be there, and so are the package's.
std::vector<std::string> must_be_there(const Launched& launched) {
    std::vector<std::string> names;
    for (const WantedAtStart& one : launched.wanted)
        if (!one.remedy.empty()) names.push_back(one.name);
    return names;
}

constexpr const char* bin = "/opt/venvs/shop/bin/";

TEST_F(LaunchedTest, EntryPointsByWayOfTheInterpreter) {
    EXPECT_THAT(started({"/opt/venvs/shop/bin/python3", "-sP", bin + std::string("shop-job"), "x"}),
                ElementsAre("program /opt/venvs/shop/bin/shop-job", "entry shop.jobJob.main"));
    EXPECT_THAT(out.python_flags, ElementsAre("-sP"));
    EXPECT_EQ(out.entry, "shop-job");
    EXPECT_THAT(
        started({"/opt/venvs/shop/bin/python3", "-sP", bin + std::string("gunicorn"), "a:b"}),
        ElementsAre("program /opt/venvs/shop/bin/gunicorn", "entry gunicorn.app.wsgiapprun",
                    "object a:b [/opt/venvs/shop/app]"));
}

TEST_F(LaunchedTest, AScriptByARelativePathIsThePackages) {
    for (const auto& [command, script] : std::vector<std::pair<std::string, std::string>>{
             {"sh tick.sh x", "tick.sh"},
             {"/bin/sh -e -u ./tick.sh", "./tick.sh"},
             {"bash -euo pipefail bin/tick", "bin/tick"},
             {"bash --rcfile x --login -O extglob -- tick", "tick"},
             {"dash +x tick.sh", "tick.sh"},
             {"nice -n 5 env A=b sh tick.sh", "tick.sh"},
             {"sh -c 'exec sh tick.sh'", "tick.sh"},
             {"perl tick", "tick"},
             {"perl5.36 -I lib -w tick.pl x.pl", "tick.pl"},
             {"ruby3.1 -r json tick.rb", "tick.rb"},
             {"node --max-old-space-size=9 dist/server.js --port 1", "dist/server.js"},
             {"java -Xmx1g -jar lib/tick.jar", "lib/tick.jar"},
             {"python3 tick.py", "tick.py"},
             {"/usr/bin/zsh tick", "tick"}}) {
        started(plain_shell_words(command));
        EXPECT_THAT(must_be_there(out), ElementsAre(script)) << command;
    }
    for (const char* command :
         {"sh /usr/local/bin/tick.sh", "sh -s tick", "sh -ec 'echo'", "bash -o pipefail -c 'a'",
          "sh -c 'cd /srv; sh tick.sh'", "sh", "sh -", "perl -e 1 tick.pl", "node server",
          "node -e 1 x.js", "java Main", "ruby /srv/tick.rb", "psql tick.sql",
          "php -S 127.0.0.1:80 -t web"}) {
        started(plain_shell_words(command));
        EXPECT_THAT(must_be_there(out), IsEmpty()) << command;
    }
    started({"/usr/bin/python3", "tick.py"});
    EXPECT_EQ(out.other_python, "/usr/bin/python3") << "in PREFIX/app";
}

TEST_F(LaunchedTest, PythonsOwnOptions) {
    const std::string python = "/opt/venvs/shop/bin/python3";
    EXPECT_THAT(started({python, "-m", "shop.job", "x"}),
                ElementsAre("main shop.job [/opt/venvs/shop/app]"));
    EXPECT_THAT(started({python, "-Wignore", "-X", "dev", "-IuEm", "shop"}),
                ElementsAre("main shop"));
    EXPECT_THAT(out.python_flags, ElementsAre("-Wignore", "-Xdev", "-IuE"));
    EXPECT_THAT(
        started({python, "-m", "uvicorn", "shop:app"}),
        ElementsAre("main uvicorn [/opt/venvs/shop/app]", "object shop:app [/opt/venvs/shop/app]"));
    EXPECT_THAT(started({python, "tools/run.py", "-m", "x"}),
                ElementsAre("script /opt/venvs/shop/app/tools/run.py [/opt/venvs/shop/app/tools]"));
    EXPECT_THAT(started({python, "-c", "import shop"}), ElementsAre("code  [/opt/venvs/shop/app]"));
    EXPECT_THAT(started({python, "--check-hash-based-pycs", "never", "-"}), IsEmpty());
}

TEST_F(LaunchedTest, ProgramsThatStartAnotherOne) {
    const std::vector<std::string> gunicorn = {"program /opt/venvs/shop/bin/gunicorn",
                                               "entry gunicorn.app.wsgiapprun",
                                               "object a:b [/opt/venvs/shop/app]"};
    EXPECT_EQ(started({"/usr/bin/env", "-u", "X", "A=1", "gunicorn", "a:b"}), gunicorn);
    EXPECT_EQ(out.environment.at("A"), "1");
    EXPECT_THAT(out.outside, ElementsAre("/usr/bin/env"));
    EXPECT_EQ(started({"/usr/bin/nice", "-n", "5", "/usr/bin/timeout", "-k", "1", "10",
                       bin + std::string("gunicorn"), "a:b"}),
              gunicorn);
    EXPECT_EQ(started({"/bin/sh", "-ec", "export B=2; A=1 exec gunicorn a:b # now"}), gunicorn);
    EXPECT_EQ(out.environment.at("B"), "2");
    EXPECT_EQ(started({"/bin/sh", "-c", "cd .. && cd app && gunicorn 'a:b'"}), gunicorn);
    EXPECT_THAT(started({"/bin/sh", "-c", "gunicorn $APP"}), IsEmpty());
    EXPECT_THAT(started({"/usr/bin/redis-server", "--port", "1"}), IsEmpty());
    EXPECT_THAT(out.outside, ElementsAre("/usr/bin/redis-server"));
}

TEST_F(LaunchedTest, ShellScripts) {
    files["/opt/venvs/shop/app/run.sh"] =
        "#!/bin/sh\nset -e\nif true; then\n  gunicorn no:app\nfi\ncd \"$(dirname \"$0\")\"\n"
        "export A=1\nexec gunicorn \\\n  --workers 2 a:b \"$@\"\n";
    EXPECT_THAT(
        started({"/opt/venvs/shop/app/run.sh"}),
        ElementsAre("program /opt/venvs/shop/app/run.sh", "program /opt/venvs/shop/bin/gunicorn",
                    "entry gunicorn.app.wsgiapprun", "object a:b [/opt/venvs/shop/app]"));
    EXPECT_THAT(out.outside, ElementsAre("/bin/sh"));
    files["/opt/venvs/shop/app/run.sh"] = "#!/bin/sh\ncd \"$HOME\"\nexec gunicorn a:b\n";
    EXPECT_THAT(started({"/opt/venvs/shop/app/run.sh"}),
                ElementsAre("program /opt/venvs/shop/app/run.sh"));
}

TEST_F(LaunchedTest, ScriptsOfPython) {
    files["/opt/venvs/shop/bin/tool"] = "#!/opt/venvs/shop/bin/python3 -Es\n";
    EXPECT_THAT(started({"/opt/venvs/shop/bin/tool"}),
                ElementsAre("program /opt/venvs/shop/bin/tool",
                            "script /opt/venvs/shop/bin/tool [/opt/venvs/shop/bin]"));
    EXPECT_THAT(out.python_flags, ElementsAre("-Es"));
    files["/usr/lib/shop/check"] = "#!/usr/bin/python3\n";
    EXPECT_THAT(started({"/usr/lib/shop/check"}), ElementsAre("program /usr/lib/shop/check"));
    EXPECT_THAT(out.outside, ElementsAre("/usr/bin/python3"));
    EXPECT_EQ(out.other_python, "");
    started({"/usr/bin/python3", "-m", "shop.job"});
    EXPECT_EQ(out.other_python, "/usr/bin/python3");
    started({"/usr/bin/python3", "-m", "http.server"});
    EXPECT_EQ(out.other_python, "");
}

TEST(ProgramArguments, OptionsOfEverySpelling) {
    const ProgramArguments given({"-vkx", "-p", "80", "--name=a=b", "--flag", "word", "-Q", "1",
                                  "2", "--no-color", "other", "--", "-z"},
                                 "-v --flag", "-Q");
    EXPECT_EQ(given.value("-k --kind"), "x");
    EXPECT_EQ(given.value("-p"), "80");
    EXPECT_EQ(given.value("--name"), "a=b");
    EXPECT_THAT(given.values("-Q"), ElementsAre("1", "2"));
    EXPECT_TRUE(given.has("-v"));
    EXPECT_FALSE(given.has("-z"));
    EXPECT_THAT(given.positionals(), ElementsAre("word", "other", "-z"));
}

TEST(PlainShellWords, AreWordsAndQuotesAlone) {
    EXPECT_THAT(plain_shell_words("a 'b c' \"d e\"f  # g"), ElementsAre("a", "b c", "d ef"));
    EXPECT_THAT(plain_shell_words("a \"$@\" b"), ElementsAre("a", "b"));
    for (const char* more : {"a $b", "a | b", "a \"$b\"", "a 'b", "a `b`", "a > b", "a\\ b"})
        EXPECT_THAT(plain_shell_words(more), IsEmpty()) << more;
    EXPECT_THAT(shell_commands("cd 'a && b' && c; d"), ElementsAre("cd 'a && b' ", " c", " d"));
}

}  // namespace
}  // namespace dba::steps
