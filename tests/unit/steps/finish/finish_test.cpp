// Needs a kernel that lets this user make namespaces.
#include "steps/finish/finish.hpp"

#include <gmock/gmock.h>

#include "support/venv_fixture.hpp"

namespace dba::steps {

using dba::testing::contents;
using dba::testing::find_entry;
using dba::testing::said;

namespace {

using ::testing::HasSubstr;

constexpr const char* site = "/opt/venvs/hello/lib/python3.11/site-packages";

class FinishTest : public dba::testing::EnvironmentTest {
 protected:
    Result<std::optional<Layer>> finished(const std::string& script) {
        return finished(std::vector<std::vector<std::string>>{{"python3", "-c", script}});
    }
    Result<std::optional<Layer>> finished(std::vector<std::vector<std::string>> commands) {
        manifest_.finish.commands = std::move(commands);
        TRY_ASSIGN(const FetchedSource source, fetched());
        TRY_ASSIGN(layers_, relocated());
        return finish(manifest_, {source, layers_}, shop_.system);
    }
    std::vector<Layer> layers_;
};

TEST_F(FinishTest, ACommandRunsWithTheInstalledEnvironmentAndWhatItWritesIsALayer) {
    const auto layer = finished(
        "import os, sys, greet\n"
        "os.makedirs('hello/static')\n"
        "open('hello/static/page.html', 'w').write(greet.WORD)\n"
        "os.mkdir(sys.prefix + '/share')\n"
        "open(sys.prefix + '/share/made.txt', 'w').write(sys.prefix)\n"
        "open('hello/made.py', 'w').write('MADE = 1\\n')\n"
        "open('left.txt', 'w').write('x')\n");
    ASSERT_TRUE(layer) << said(layer.error());
    ASSERT_TRUE(*layer);
    const Layer& made = **layer;
    EXPECT_EQ(made.name, "FINISH");
    EXPECT_EQ(contents(made, std::string(site) + "/hello/static/page.html"), "hello");
    EXPECT_EQ(contents(made, "/opt/venvs/hello/share/made.txt"), "/opt/venvs/hello");
    EXPECT_NE(find_entry({made}, std::string(site) + "/hello/__pycache__/made.cpython-311.pyc"),
              nullptr);
    EXPECT_EQ(find_entry({made}, std::string(site) + "/left.txt"), nullptr);
    EXPECT_THAT(shop_.log.lines,
                ::testing::Contains(HasSubstr(
                    "left out, as they lie in none of the application's packages: left.txt")));
}

TEST_F(FinishTest, NothingToRunMakesNothing) {
    const auto layer = finished(std::vector<std::vector<std::string>>{});
    ASSERT_TRUE(layer) << said(layer.error());
    EXPECT_FALSE(*layer);
}

TEST_F(FinishTest, WhatTheLayersHaveIsNotChanged) {
    const auto changed = finished("import greet; open(greet.__file__, 'a').write('WORD = 1\\n')");
    ASSERT_FALSE(changed);
    EXPECT_EQ(changed.error().code, ExitCode::bad_input);
    EXPECT_EQ(
        said(changed.error()),
        std::string(site) +
            "/greet/__init__.py: was changed by FINISH, and belongs to greet 2.0 (have FINISH "
            "write another file; or have the wheel built without this one (PREPARE COMMAND "
            "rm))");
    // The store's own copy is as it was.
    for (const Layer& layer : layers_)
        if (layer.name == "greet 2.0") {
            EXPECT_EQ(contents(layer, std::string(site) + "/greet/__init__.py"),
                      "WORD = 'hello'\n\n\ndef main():\n    print(WORD)\n");
        }
    const auto removed = finished("import os, greet; os.remove(greet.__file__)");
    ASSERT_FALSE(removed);
    EXPECT_EQ(said(removed.error()),
              std::string(site) +
                  "/greet/__init__.py: was removed by FINISH, and belongs to "
                  "greet 2.0 (EXCLUDE leaves a file out)");
}

TEST_F(FinishTest, ItIsOfflineAndCannotWriteElsewhere) {
    const auto layer = finished(
        "import os, socket, sys\n"
        "text = ' '.join(name for _, name in socket.if_nameindex())\n"
        "try:\n    open('/etc/written', 'w')\n"
        "except OSError as error:\n    text += ' ' + type(error).__name__\n"
        "open(sys.prefix + '/seen', 'w').write(text)\n");
    ASSERT_TRUE(layer) << said(layer.error());
    EXPECT_EQ(contents(**layer, "/opt/venvs/hello/seen"), "lo OSError");
}

TEST_F(FinishTest, AFailureSaysWhereItRan) {
    const auto failed = finished("import missing");
    ASSERT_FALSE(failed);
    EXPECT_EQ(failed.error().code, ExitCode::bad_input);
    EXPECT_EQ(failed.error().subject, "FINISH COMMAND python3 -c 'import missing'");
    EXPECT_THAT(failed.error().cause, HasSubstr("No module named 'missing'"));
    EXPECT_EQ(failed.error().hint,
              "it ran with the package's Python at /opt/venvs/hello, without network "
              "(FINISH_NETWORK lets it connect), in a copy of the source, with ENVIRONMENT and "
              "FINISH_ENVIRONMENT");
}

TEST_F(FinishTest, TheSameInputsRunNothingAgain) {
    ASSERT_TRUE(finished("import sys; open(sys.prefix + '/made', 'w').write('1')"));
    const int made = shop_.system.store.made();
    ASSERT_TRUE(finished("import sys; open(sys.prefix + '/made', 'w').write('1')"));
    EXPECT_EQ(shop_.system.store.made(), made);
    manifest_.finish.environment = {"A=b"};
    ASSERT_TRUE(finished("import sys; open(sys.prefix + '/made', 'w').write('1')"));
    EXPECT_EQ(shop_.system.store.made(), made + 1);
}

}  // namespace
}  // namespace dba::steps
