#include "formats/python/module_names.hpp"

#include <array>

namespace dba {
namespace {

struct Named {
    std::string_view module, distribution;
};

constexpr std::array names{
    Named{"_distutils_hack", "setuptools"},
    Named{"allauth", "django-allauth"},
    Named{"attr", "attrs"},
    Named{"babel", "Babel"},
    Named{"bs4", "beautifulsoup4"},
    Named{"corsheaders", "django-cors-headers"},
    Named{"crispy_forms", "django-crispy-forms"},
    Named{"Crypto", "pycryptodome"},
    Named{"Cryptodome", "pycryptodomex"},
    Named{"cv2", "opencv-python-headless"},
    Named{"dateutil", "python-dateutil"},
    Named{"debug_toolbar", "django-debug-toolbar"},
    Named{"decouple", "python-decouple"},
    Named{"distutils", "setuptools"},
    Named{"django", "Django"},
    Named{"django_filters", "django-filter"},
    Named{"dns", "dnspython"},
    Named{"docx", "python-docx"},
    Named{"dotenv", "python-dotenv"},
    Named{"engineio", "python-engineio"},
    Named{"environ", "django-environ"},
    Named{"fastapi_cli", "fastapi[standard]"},
    Named{"fitz", "PyMuPDF"},
    Named{"flask", "Flask"},
    Named{"flask_cors", "Flask-Cors"},
    Named{"flask_login", "Flask-Login"},
    Named{"flask_migrate", "Flask-Migrate"},
    Named{"flask_sqlalchemy", "Flask-SQLAlchemy"},
    Named{"flask_wtf", "Flask-WTF"},
    Named{"flit_scm", "flit-scm"},
    Named{"gi", "PyGObject"},
    Named{"git", "GitPython"},
    Named{"github", "PyGithub"},
    Named{"google.cloud.storage", "google-cloud-storage"},
    Named{"google.protobuf", "protobuf"},
    Named{"grpc", "grpcio"},
    Named{"grpc_tools", "grpcio-tools"},
    Named{"hatch_vcs", "hatch-vcs"},
    Named{"jinja2", "Jinja2"},
    Named{"jose", "python-jose"},
    Named{"jwt", "PyJWT"},
    Named{"ldap", "python-ldap"},
    Named{"Levenshtein", "levenshtein"},
    Named{"magic", "python-magic"},
    Named{"markdown", "Markdown"},
    Named{"memcache", "python-memcached"},
    Named{"mesonbuild", "meson"},
    Named{"mesonpy", "meson-python"},
    Named{"multipart", "python-multipart"},
    Named{"mysql", "mysql-connector-python"},
    Named{"MySQLdb", "mysqlclient"},
    Named{"nacl", "PyNaCl"},
    Named{"OpenSSL", "pyOpenSSL"},
    Named{"pdm.backend", "pdm-backend"},
    Named{"pdm.pep517", "pdm-pep517"},
    Named{"PIL", "Pillow"},
    Named{"pkg_resources", "setuptools<81"},
    Named{"poetry.core", "poetry-core"},
    Named{"poetry_dynamic_versioning", "poetry-dynamic-versioning"},
    Named{"pptx", "python-pptx"},
    Named{"psycopg2", "psycopg2-binary"},
    Named{"pyqtbuild", "PyQt-builder"},
    Named{"python_multipart", "python-multipart"},
    Named{"pythonjsonlogger", "python-json-logger"},
    Named{"rest_framework", "djangorestframework"},
    Named{"scikit_build_core", "scikit-build-core"},
    Named{"serial", "pyserial"},
    Named{"sipbuild", "sip"},
    Named{"skbuild", "scikit-build"},
    Named{"skimage", "scikit-image"},
    Named{"sklearn", "scikit-learn"},
    Named{"slugify", "python-slugify"},
    Named{"socketio", "python-socketio"},
    Named{"sphinx", "Sphinx"},
    Named{"sqlalchemy", "SQLAlchemy"},
    Named{"storages", "django-storages"},
    Named{"telegram", "python-telegram-bot"},
    Named{"usb", "pyusb"},
    Named{"werkzeug", "Werkzeug"},
    Named{"win32api", "pywin32"},
    Named{"yaml", "PyYAML"},
    Named{"zmq", "pyzmq"},
};

}  // namespace

std::string_view renamed_distribution(std::string_view module) {
    for (const Named& one : names)
        if (module == one.module ||
            (module.starts_with(one.module) && module[one.module.size()] == '.'))
            return one.distribution;
    return "";
}

std::string top_level_module(std::string_view module) {
    return std::string(module.substr(0, module.find('.')));
}

}  // namespace dba
