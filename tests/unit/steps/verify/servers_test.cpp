// What each server loads, told by its command line: a row of the table, a test.
#include "steps/verify/servers.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <map>

#include "formats/text/text.hpp"

namespace dba::steps {
namespace {

using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

// "WAY MODULE:OBJECT FILE any=... call", what is empty left out; the path where it is not the place
// of the start alone.
std::string shown(const WantedAtStart& wanted) {
    std::string text = wanted.way;
    if (!wanted.module.empty()) text += " " + wanted.module;
    if (!wanted.object.empty()) text += ":" + wanted.object;
    if (!wanted.file.empty()) text += " " + wanted.file;
    if (!wanted.any.empty()) text += fmt::format(" any={}", fmt::join(wanted.any, ","));
    if (wanted.call) text += " call";
    if (wanted.directory != "/srv/app") text += " in=" + wanted.directory;
    if (wanted.path.size() > 1) text += fmt::format(" path={}", fmt::join(wanted.path, ","));
    return text;
}

class ServersTest : public ::testing::Test {
 protected:
    // `line`: a program and its words, without quotes.
    std::vector<std::string> wanted(const std::string& line) {
        std::vector<std::string> words;
        for (const auto word : text::words(line)) words.emplace_back(word);
        const std::string program = words.front();
        words.erase(words.begin());
        const auto all = wanted_by_server(
            program, words, {"/srv/app", variables, [this](const std::string& path) {
                                 const auto file = files.find(path);
                                 return file == files.end() ? std::nullopt
                                                            : std::optional(file->second);
                             }});
        if (!all) return {"not known"};
        std::vector<std::string> lines;
        for (const WantedAtStart& one : *all) lines.push_back(shown(one));
        return lines;
    }
    Environment variables;
    std::map<std::string, std::string> files;
};

TEST_F(ServersTest, Gunicorn) {
    EXPECT_THAT(wanted("gunicorn shop"), ElementsAre("object shop any=application"));
    EXPECT_THAT(wanted("gunicorn -w 4 --preload -b :80 shop.wsgi:create_app('x')"),
                ElementsAre("object shop.wsgi:create_app('x')"));
    EXPECT_THAT(
        wanted("gunicorn --chdir=inner --pythonpath /a,b shop:app -k gevent"),
        ElementsAre("object shop:app in=/srv/app/inner path=/srv/app/inner/b,/a,/srv/app/inner",
                    "module gevent in=/srv/app/inner path=/srv/app/inner/b,/a,/srv/app/inner"));
    EXPECT_THAT(wanted("gunicorn shop:app --worker-class=uvicorn.workers.UvicornWorker"),
                ElementsAre("object shop:app", "dotted uvicorn.workers.UvicornWorker"));
    EXPECT_THAT(wanted("gunicorn -kgthread shop:app"), ElementsAre("object shop:app"));
    EXPECT_THAT(wanted("gunicorn $APP"), IsEmpty());
    // An option that the table does not know takes the word behind it: what looks like an
    // application is one.
    EXPECT_THAT(wanted("gunicorn --some-new-flag shop:app"), ElementsAre("object shop:app"));
    variables["GUNICORN_CMD_ARGS"] = "-k eventlet --daemon";
    EXPECT_THAT(wanted("gunicorn shop:app"), ElementsAre("object shop:app", "module eventlet"));
}

TEST_F(ServersTest, GunicornsSettings) {
    EXPECT_THAT(wanted("gunicorn -c conf.py shop:app"),
                ElementsAre("file /srv/app/conf.py", "object shop:app"));
    files["/srv/app/conf.py"] =
        "import os\nwsgi_app = 'shop.wsgi:app'  # mine\nworkers = 3\n"
        "worker_class = \"gevent\"\nchdir = '/srv/other'\n";
    EXPECT_THAT(wanted("gunicorn --config file:conf.py"),
                ElementsAre("script /srv/app/conf.py in=/srv/other", "module gevent in=/srv/other",
                            "object shop.wsgi:app in=/srv/other"));
    EXPECT_THAT(wanted("gunicorn -c python:shop.settings shop:app"),
                ElementsAre("module shop.settings", "object shop:app"));
    files = {{"/srv/app/gunicorn.conf.py", "wsgi_app = 'found:app'\n"}};
    EXPECT_THAT(wanted("gunicorn"),
                ElementsAre("script /srv/app/gunicorn.conf.py", "object found:app"));
}

TEST_F(ServersTest, Uvicorn) {
    EXPECT_THAT(wanted("uvicorn --host 0.0.0.0 --reload shop.main:app"),
                ElementsAre("object shop.main:app"));
    EXPECT_THAT(wanted("uvicorn shop:make --factory --app-dir src"),
                ElementsAre("object shop:make call path=/srv/app/src,/srv/app"));
    EXPECT_THAT(wanted("uvicorn shop"), ElementsAre("unnamed shop"));
    EXPECT_THAT(wanted("uvicorn shop:app --loop uvloop --http httptools --ws none"),
                ElementsAre("object shop:app", "module uvloop", "module httptools"));
    EXPECT_THAT(wanted("uvicorn shop:app --env-file .env --log-config log.yaml"),
                ElementsAre("object shop:app", "module dotenv", "file /srv/app/.env", "module yaml",
                            "file /srv/app/log.yaml"));
    variables["UVICORN_APP"] = "shop:app";
    EXPECT_THAT(wanted("uvicorn --port 80"), ElementsAre("object shop:app"));
}

TEST_F(ServersTest, OtherServers) {
    EXPECT_THAT(wanted("hypercorn -w 2 asgi:shop.main:app"), ElementsAre("object shop.main:app"));
    EXPECT_THAT(wanted("hypercorn -k trio shop/main.py"),
                ElementsAre("object shop/main.py any=app", "module trio"));
    EXPECT_THAT(wanted("daphne -p 80 shop.asgi:application"),
                ElementsAre("object shop.asgi:application"));
    EXPECT_THAT(wanted("granian --interface asgi --factory shop:make"),
                ElementsAre("object shop:make call"));
    EXPECT_THAT(wanted("waitress-serve --listen=*:80 --call shop:create_app"),
                ElementsAre("object shop:create_app call"));
    EXPECT_THAT(wanted("aiohttp.web -H 127.0.0.1 shop:init"), ElementsAre("object shop:init"));
    EXPECT_THAT(wanted("sanic shop.server"), ElementsAre("dotted shop.server"));
    EXPECT_THAT(wanted("sanic shop.server:app --fast"), ElementsAre("object shop.server:app"));
    EXPECT_THAT(wanted("pserve production.ini"), ElementsAre("file /srv/app/production.ini"));
    EXPECT_THAT(wanted("postgres -D x"), ElementsAre("not known"));
}

TEST_F(ServersTest, Uwsgi) {
    EXPECT_THAT(wanted("uwsgi --http :80 --module shop.wsgi --callable app --master"),
                ElementsAre("object shop.wsgi:app"));
    EXPECT_THAT(wanted("uwsgi -M -w shop:create() --pp lib"),
                ElementsAre("object shop:create() path=/srv/app/lib,/srv/app"));
    EXPECT_THAT(wanted("uwsgi --wsgi-file=shop.py"),
                ElementsAre("object:application /srv/app/shop.py"));
    EXPECT_THAT(wanted("uwsgi --ini /etc/shop/uwsgi.ini"), ElementsAre("file /etc/shop/uwsgi.ini"));
    files["/etc/shop/uwsgi.ini"] =
        "[uwsgi]\n; which\nmodule = shop.wsgi:application\nchdir = /srv/x\n"
        "mount = /y=other:app\nimport = %n\n[other]\nmodule = no\n";
    EXPECT_THAT(wanted("uwsgi /etc/shop/uwsgi.ini"),
                ElementsAre("file /etc/shop/uwsgi.ini", "object shop.wsgi:application in=/srv/x",
                            "object other:app in=/srv/x"));
}

TEST_F(ServersTest, Workers) {
    EXPECT_THAT(wanted("celery -A shop worker -l info -P gevent"),
                ElementsAre("celery shop any=app,celery", "module gevent"));
    EXPECT_THAT(wanted("celery --app=shop.tasks:app beat -S "
                       "django_celery_beat.schedulers:DatabaseScheduler"),
                ElementsAre("celery shop.tasks:app any=app,celery",
                            "object django_celery_beat.schedulers:DatabaseScheduler"));
    EXPECT_THAT(wanted("celery -A shop flower"),
                ElementsAre("celery shop any=app,celery", "module flower"));
    EXPECT_THAT(wanted("celery worker"), IsEmpty());
    EXPECT_THAT(wanted("dramatiq -p 2 shop.broker:setup shop.tasks -Q a b"),
                ElementsAre("object shop.broker:setup", "object shop.tasks"));
    EXPECT_THAT(wanted("rq worker high low -c shop.settings -w shop.rq.Worker"),
                ElementsAre("dotted shop.rq.Worker", "module shop.settings"));
    EXPECT_THAT(wanted("arq shop.WorkerSettings"), ElementsAre("dotted shop.WorkerSettings"));
    EXPECT_THAT(wanted("huey_consumer shop.queue.huey -w 4 -k greenlet"),
                ElementsAre("dotted shop.queue.huey", "module gevent"));
    EXPECT_THAT(wanted("taskiq worker shop:broker shop.tasks"),
                ElementsAre("object shop:broker", "object shop.tasks"));
    EXPECT_THAT(wanted("taskiq --help"), IsEmpty());
    EXPECT_THAT(wanted("faust -A shop worker"), ElementsAre("celery shop any=app,faust"));
    EXPECT_THAT(wanted("nameko run shop.one shop.two"),
                ElementsAre("module shop.one", "module shop.two"));
    EXPECT_THAT(wanted("procrastinate --app=shop.app worker"), ElementsAre("dotted shop.app"));
}

TEST_F(ServersTest, Frameworks) {
    const std::string any = " any=app,application,create_app(),make_app()";
    EXPECT_THAT(wanted("flask --app shop run"), ElementsAre("object shop" + any));
    EXPECT_THAT(wanted("flask -A shop:create_app('x') run -h 0.0.0.0"),
                ElementsAre("object shop:create_app('x')"));
    EXPECT_THAT(wanted("flask run"), IsEmpty());
    files["/srv/app/app.py"] = "";
    EXPECT_THAT(wanted("flask run"), ElementsAre("object app.py" + any));
    variables["FLASK_APP"] = "other.py";
    EXPECT_THAT(wanted("flask run"), ElementsAre("object other.py" + any));
    EXPECT_THAT(wanted("django-admin migrate"), ElementsAre("django"));
    EXPECT_THAT(wanted("streamlit run pages/main.py --server.port 80"),
                ElementsAre("script /srv/app/pages/main.py"));
    EXPECT_THAT(wanted("fastapi run main.py"), ElementsAre("script /srv/app/main.py"));
    EXPECT_THAT(wanted("locust -f load.py --headless"), ElementsAre("script /srv/app/load.py"));
}

TEST_F(ServersTest, Migrations) {
    EXPECT_THAT(wanted("alembic upgrade head"), ElementsAre("alembic"));
    EXPECT_THAT(wanted("alembic init migrations"), IsEmpty());
    EXPECT_THAT(wanted("alembic --help"), IsEmpty());
    // What is named and not of the package may be the administrator's.
    EXPECT_THAT(wanted("alembic -c /etc/shop/alembic.ini upgrade head"),
                ElementsAre("file /etc/shop/alembic.ini"));
    files["/srv/app/deep/alembic.ini"] = "[alembic]\n";
    EXPECT_THAT(wanted("alembic -x a=b -c deep/alembic.ini --raiseerr -n other upgrade head"),
                ElementsAre("alembic:other /srv/app/deep/alembic.ini"));
    variables["ALEMBIC_CONFIG"] = "/srv/app/deep/alembic.ini";
    EXPECT_THAT(wanted("alembic current"), ElementsAre("alembic /srv/app/deep/alembic.ini"));
    EXPECT_THAT(wanted("alembic -c $STATE_DIRECTORY/a.ini current"), IsEmpty());

    const std::string any = " any=app,application,create_app(),make_app()";
    EXPECT_THAT(wanted("flask --app shop db upgrade"),
                ElementsAre("object shop" + any, "flask-migrate shop"));
    EXPECT_THAT(wanted("flask db upgrade -d scripts"),
                ElementsAre("flask-migrate /srv/app/scripts"));
    EXPECT_THAT(wanted("flask db init"), IsEmpty());
    variables["FLASK_DB_DIRECTORY"] = "/usr/share/shop/migrations";
    EXPECT_THAT(wanted("flask db upgrade"),
                ElementsAre("flask-migrate /usr/share/shop/migrations"));
}

}  // namespace
}  // namespace dba::steps
