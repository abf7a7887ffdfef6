// Small projects of every shape, and the CMakeLists.txt that each gets: tests/golden/init/.
#include "init/init.hpp"

#include <gmock/gmock.h>

#include <cstdlib>
#include <map>

#include "support/fakes.hpp"

namespace dba::init {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

using Files = std::map<std::string, std::string>;

class Init : public ::testing::Test {
 protected:
    // The project "shop", which lies in a directory of that name.
    Result<InitAnswer> answer_to(const Files& files, const std::string& directory = "shop") {
        for (const auto& [name, text] : files) directory_.write("shop/" + name, text);
        const fs::path project = directory_.path() / directory;
        return init_project({project, project / "CMakeLists.txt", ""}, machine_, git_);
    }
    std::string text_of(const Files& files) {
        const auto answer = answer_to(files);
        if (!answer) return answer.error().cause + " | " + answer.error().hint;
        return answer->text + "\n" + summary_text(answer->drafts);
    }
    void expect_golden(const std::string& name, const Files& files) {
        const std::string text = text_of(files);
        const fs::path file = fs::path(GOLDEN_DIR) / "init" / (name + ".txt");
        if (std::getenv("UPDATE_GOLDEN") != nullptr) {
            ASSERT_TRUE(write_file(file, text).has_value());
            return;
        }
        EXPECT_EQ(read_file(file).value_or(""), text) << name;
    }
    void in_git() {
        GitWorktree worktree;
        worktree.top = directory_.path() / "shop";
        git_.found_worktree = worktree;
    }

    dba::testing::TemporaryDirectory directory_;
    dba::testing::FakeGit git_;
    Machine machine_{11, {13}};
};

const std::string flask_app =
    "from flask import Flask\n\napp = Flask(__name__)\n\n\n@app.route('/')\ndef index():\n    "
    "return 'x'\n";
const std::string manage =
    "import os, sys\nos.environ.setdefault('DJANGO_SETTINGS_MODULE', 'site_of.settings')\n";
const std::string wsgi =
    "from django.core.wsgi import get_wsgi_application\napplication = get_wsgi_application()\n";

TEST_F(Init, AFolderWithAFlaskApplication) {
    expect_golden("flask-folder", {{"requirements.txt", "flask\n"}, {"app.py", flask_app}});
}

TEST_F(Init, APackageOfTheCommitWhoseServerIsInAnExtra) {
    in_git();
    expect_golden("fastapi-src",
                  {{"pyproject.toml",
                    "[build-system]\nrequires = ['hatchling', 'hatch-vcs']\n"
                    "build-backend = 'hatchling.build'\n[project]\nname = 'Shop_API'\n"
                    "dynamic = ['version']\ndescription = 'Sells'\nrequires-python = '>=3.12'\n"
                    "authors = [{name = 'A', email = 'a@example.org'}]\n"
                    "dependencies = ['fastapi', \"uvloop; sys_platform == 'win32'\"]\n"
                    "[project.optional-dependencies]\nserver = ['uvicorn[standard]']\n"
                    "[project.scripts]\nshop-admin = 'shop_api.cli:main'\n"},
                   {"src/shop_api/__init__.py", ""},
                   {"src/shop_api/cli.py", "def main():\n    pass\n"},
                   {"src/shop_api/main.py",
                    "from fastapi import FastAPI\n\n\ndef create_app(debug: bool = False):\n"
                    "    app = FastAPI()\n    return app\n"}});
}

TEST_F(Init, ADjangoSiteWithCelery) {
    in_git();
    expect_golden(
        "django-celery",
        {{"manage.py", manage},
         {"requirements.txt", "-r requirements/base.txt\n"},
         {"requirements/base.txt", "Django>=4\ngunicorn\ncelery[redis]\npsycopg2 ; x\n"},
         {"site_of/__init__.py", ""},
         {"site_of/settings.py",
          "import os\nSECRET_KEY = os.environ['SECRET_KEY']\nDEBUG = False\n"
          "ALLOWED_HOSTS = ['*']\nSTATIC_ROOT = BASE_DIR / 'static'\nCELERY_BEAT_SCHEDULE = {}\n"
          "DATABASES = {'default': {'ENGINE': 'django.db.backends.sqlite3'}}\n"},
         {"site_of/urls.py", "urlpatterns = [path('', index)]\n"},
         {"site_of/celery.py", "from celery import Celery\napp = Celery('site_of')\n"},
         {"site_of/wsgi.py", wsgi}});
}

TEST_F(Init, ADjangoSiteBelowTheTop) {
    expect_golden("django-below", {{"pyproject.toml",
                                    "[project]\nname = 'shop'\nversion = '1'\n"
                                    "dependencies = ['django', 'gunicorn']\n"},
                                   {"web/manage.py", manage},
                                   {"web/site_of/__init__.py", ""},
                                   {"web/site_of/settings.py", "ALLOWED_HOSTS = []\n"},
                                   {"web/site_of/wsgi.py", wsgi}});
}

TEST_F(Init, AProcfileCounts) {
    expect_golden(
        "procfile",
        {{"Procfile",
          "web: THREADS=2 gunicorn -b 0.0.0.0:$PORT --reload app:app\n"
          "worker: uv run celery -A app:queue worker\nrelease: flask --app app db upgrade\n"
          "clock: ./clock.sh --daily\nother: bundle exec thing\npipe: cat x | sh\n"},
         {"Pipfile", "[packages]\nflask = '*'\ngunicorn = '*'\ncelery = '*'\n"},
         {"Pipfile.lock", "{}"},
         {"clock.sh", "#!/bin/sh\n"},
         {"app.py", flask_app}});
}

TEST_F(Init, ADockerfileCounts) {
    expect_golden(
        "dockerfile",
        {{"Dockerfile",
          "FROM python:3.11 AS build\nRUN apt-get install -y gcc\nFROM python:3.11\n"
          "RUN apt-get update && apt-get install -y --no-install-recommends \\\n"
          "    libpq5 curl ffmpeg && rm -rf /x\nWORKDIR /srv\n"
          "CMD [\"sh\", \"-c\", \"alembic upgrade head && exec uvicorn shop.main:app "
          "--host 0.0.0.0 --port 80\"]\n"},
         {"pyproject.toml",
          "[tool.poetry]\nname = 'shop'\nversion = '1'\ndescription = 'Sells'\n"
          "authors = ['A <a@example.org>']\n[tool.poetry.dependencies]\npython = '^3.11'\n"
          "fastapi = '*'\nuvicorn = '*'\nalembic = '*'\n[build-system]\n"
          "requires = ['poetry-core']\nbuild-backend = 'poetry.core.masonry.api'\n"},
         {"alembic.ini", "[alembic]\nscript_location = shop:migrations\n"},
         {"shop/__init__.py", ""},
         {"shop/main.py",
          "from fastapi import FastAPI\napp = FastAPI()\n\n"
          "@app.get('/health')\ndef health():\n    return {}\n"}});
}

TEST_F(Init, AProgramOfSetupPy) {
    expect_golden(
        "setup-py-program",
        {{"setup.py",
          "from setuptools import setup, find_packages\nimport numpy\n"
          "REQUIRED = ['click', 'mysqlclient']\n"
          "setup(name='shop', version='1.2', author='A', author_email='a@example.org',\n"
          "      description='Sells', packages=find_packages(),\n"
          "      install_requires=REQUIRED,\n"
          "      entry_points={'console_scripts': ['shop = shop.cli:main',\n"
          "                                        'shop-daemon=shop.daemon:run']})\n"},
         {"shop/__init__.py", ""},
         {"shop/cli.py", "def main(): pass\n"},
         {"shop/daemon.py", "import time\ndef run():\n  while True:\n    time.sleep(1)\n"}});
}

TEST_F(Init, SetupCfgAndRequirementsOfItsOwn) {
    expect_golden("setup-cfg",
                  {{"setup.cfg",
                    "[metadata]\nname = shop\nversion = 1\n[options]\npackages = find:\n"
                    "[options.entry_points]\nconsole_scripts =\n  shop = shop:main\n"},
                   {"setup.py", "from setuptools import setup\nsetup()\n"},
                   {"requirements.txt", "click\n"},
                   {"shop/__init__.py", "def main(): pass\n"}});
}

TEST_F(Init, ABackendThatFindsSeveralPackages) {
    expect_golden("several-packages", {{"pyproject.toml",
                                        "[build-system]\nrequires = ['setuptools']\n"
                                        "build-backend = 'setuptools.build_meta'\n[project]\n"
                                        "name = 'shop'\nversion = '1'\ndependencies = ['flask', "
                                        "'waitress']\nrequires-python = '>=3.14'\n"},
                                       {"api/__init__.py", ""},
                                       {"core/__init__.py", ""},
                                       {"wsgi.py", "from api import app as application\n"}});
}

TEST_F(Init, MembersOfAWorkspace) {
    in_git();
    const std::string member =
        "[build-system]\nrequires = ['hatchling']\nbuild-backend = 'hatchling.build'\n[project]\n"
        "version = '1'\ndescription = 'x'\nauthors = [{name = 'A', email = 'a@example.org'}]\n";
    expect_golden("workspace",
                  {{"pyproject.toml",
                    "[tool.uv.workspace]\nmembers = ['packages/*']\nexclude = ['packages/old']\n"},
                   {"uv.lock", "version = 1\n"},
                   {"packages/web/pyproject.toml",
                    member + "name = 'web'\ndependencies = ['starlette', 'uvicorn', 'common']\n"},
                   {"packages/web/web/__init__.py", ""},
                   {"packages/web/web/asgi.py",
                    "from starlette.applications import Starlette\napp = "
                    "Starlette(routes=[Route('/', x)])\n"},
                   {"packages/tool/pyproject.toml",
                    member + "name = 'tool'\n[project.scripts]\ntool = 'tool:main'\n"},
                   {"packages/tool/tool.py", ""},
                   {"packages/common/pyproject.toml", member + "name = 'common'\n"},
                   {"packages/common/common.py", ""},
                   {"packages/old/pyproject.toml", member + "name = 'old'\n"}});
}

TEST_F(Init, ABotInAFolderOfItsOwn) {
    expect_golden("bot-below", {{"requirements.txt", "discord.py\n"},
                                {"README.md", "x"},
                                {"bot/bot.py",
                                 "import discord\n\nif __name__ == '__main__':\n"
                                 "    discord.Client().run('x')\n"}});
}

TEST_F(Init, PagesOfStreamlit) {
    expect_golden("streamlit", {{"requirements.txt", "streamlit\n"},
                                {"Start.py", "import streamlit as st\nst.title('x')\n"},
                                {"pages/More.py", "import streamlit\n"}});
}

TEST_F(Init, WorkersAndServersThatNobodyRequires) {
    const std::string text = text_of({{"Procfile", "web: gunicorn -k gevent app:app\n"},
                                      {"requirements.txt", "flask\ngunicorn\n"},
                                      {"{{x}}/manage.py", manage},
                                      {"app.py", flask_app}});
    EXPECT_THAT(text, HasSubstr("gevent for the workers of web: the project does not ask for it"));
    EXPECT_THAT(text, Not(HasSubstr("manage.py")));
    EXPECT_THAT(
        text_of({{"Procfile", ""},
                 {"pyproject.toml",
                  "[project]\nname = 'shop'\nversion = '1'\n"
                  "dependencies = ['fastapi']\n[project.optional-dependencies]\n"
                  "web = ['granian']\ndev = ['uvicorn']\n"},
                 {"app.py", "from fastapi import FastAPI\napp = FastAPI()\n"}}),
        HasSubstr("COMMAND granian --interface asgi --host 127.0.0.1 --port 8000 app:app\n"));
}

TEST_F(Init, NothingToRunIsSaid) {
    const std::string text =
        text_of({{"setup.py", "import setuptools\nsetuptools.setup(name='shop')\n"},
                 {"shop/__init__.py", ""}});
    EXPECT_THAT(text, HasSubstr("not known: what of it is to run: SERVICE and SCRIPTS say it\n"));
    EXPECT_THAT(text, Not(HasSubstr("  SERVICE ")));
}

TEST_F(Init, AFactoryWithArgumentsIsSaid) {
    EXPECT_THAT(
        text_of({{"requirements.txt", "flask\n"},
                 {"shop/__init__.py", "from flask import Flask\ndef create_app(config):\n"}}),
        HasSubstr("not known: the arguments that create_app() in shop/__init__.py takes\n"));
}

TEST_F(Init, SeveralProjectsAreNamed) {
    const Files files{{"api/requirements.txt", "flask\n"}, {"api/app.py", ""}, {"jobs/run.py", ""}};
    const auto answer = answer_to(files);
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().cause, "holds several projects: api, jobs");
    EXPECT_EQ(answer.error().hint, "name the one to package: deb-build-app init " +
                                       (directory_.path() / "shop/api").string());
}

TEST_F(Init, NoProjectAtAll) {
    const auto answer = answer_to({{"README.md", "x"}});
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().code, ExitCode::bad_input);
}

TEST_F(Init, ANameThatNoPackageCanHave) {
    const auto answer = answer_to({{"x/app.py", "x = 1\n"}}, "shop/x");
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().cause, "has no name that a package could have (two letters or more)");
    EXPECT_EQ(answer.error().hint, "say it: --name NAME");
}

TEST(CMakeWords, KeepTheirBytes) {
    EXPECT_EQ(cmake_words({"a-b", "a b", "", "$x;\"\\", "[x]", "~/x"}),
              "a-b \"a b\" \"\" \"\\$x;\\\"\\\\\" \"[x]\" ~/x");
    EXPECT_EQ(command_words({"run", "VERSION", "--args", "a1"}),
              "run --args 1 VERSION --args 1 --args a1");
}

TEST(PackageName, IsWhatPolicyAllows) {
    EXPECT_EQ(package_name("My_App 2"), "my-app-2");
    EXPECT_EQ(package_name("-_x.y-"), "x.y");
    EXPECT_EQ(package_name("x"), "");
}

}  // namespace
}  // namespace dba::init
