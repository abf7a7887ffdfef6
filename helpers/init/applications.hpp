// The applications in a project's modules: what a server would load.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "init/facts.hpp"

namespace dba::init {

enum class Protocol { wsgi, asgi };

struct Application {
    Protocol protocol = Protocol::wsgi;
    std::string framework;  // "FastAPI"
    std::string module;     // "hello.app"
    std::string object;     // "app", "create_app"
    bool factory = false;
    std::string why;  // "app = FastAPI(…) in hello/app.py"
};

// The likeliest one. `told`: sentences about those that need arguments which nobody knows.
std::optional<Application> find_application(const Facts& facts, std::vector<std::string>& told);

struct CeleryApplication {
    std::string app;  // what -A takes: "proj", "hello.tasks:queue"
    std::string why;
    bool schedules = false;  // something is to be run by the clock
};
std::optional<CeleryApplication> find_celery(const Facts& facts);

struct DjangoSite {
    std::string base;        // where manage.py lies: "", "site/"
    std::string settings;    // "shop.settings"
    std::string wsgi, asgi;  // "shop.wsgi"; "" without one
    bool collects = false;   // STATIC_ROOT lies below the site's own directory
    bool local = false;      // answers who asks for 127.0.0.1
    bool sqlite = false;     // the database is a file beside the code
};
std::optional<DjangoSite> find_django(const Facts& facts);

// Variables that modules read while they are imported, and cannot do without: `os.environ["X"]` at
// the beginning of a line's statement.
std::vector<std::string> demanded_variables(const Facts& facts);

// A path that says whether the service is well, as one of its routes is called; "" without one.
std::string health_route(const Facts& facts);
// Whether something answers at "/".
bool has_root_route(const Facts& facts);

}  // namespace dba::init
