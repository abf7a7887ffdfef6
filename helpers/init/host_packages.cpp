#include "init/host_packages.hpp"

#include <algorithm>
#include <array>
#include <set>

#include "formats/text/text.hpp"

namespace dba::init {
namespace {

struct Wanted {
    const char* distribution;
    const char* packages;  // besides gcc and python3-dev
};
// Distributions whose newest release has no wheel for Linux.
constexpr std::array wanted{
    Wanted{"psycopg2", "libpq-dev"},
    Wanted{"psycopg-c", "libpq-dev"},
    Wanted{"mysqlclient", "default-libmysqlclient-dev pkg-config"},
    Wanted{"uwsgi", "libpcre2-dev"},
    Wanted{"python-ldap", "libldap-dev libsasl2-dev"},
    Wanted{"pycairo", "libcairo2-dev pkg-config"},
    Wanted{"pygobject", "libcairo2-dev libgirepository1.0-dev pkg-config"},
    Wanted{"dbus-python", "libdbus-1-dev libglib2.0-dev pkg-config"},
    Wanted{"systemd-python", "libsystemd-dev pkg-config"},
    Wanted{"gssapi", "libkrb5-dev"},
    Wanted{"pykerberos", "libkrb5-dev"},
    Wanted{"pygraphviz", "libgraphviz-dev pkg-config"},
    Wanted{"pylibmc", "libmemcached-dev zlib1g-dev"},
    Wanted{"netifaces", ""},
    Wanted{"m2crypto", "libssl-dev swig"},
    Wanted{"rrdtool", "librrd-dev"},
    Wanted{"pyaudio", "portaudio19-dev"},
    Wanted{"evdev", "linux-libc-dev"},
    Wanted{"mod-wsgi", "apache2-dev"},
    Wanted{"pybluez", "libbluetooth-dev"},
    Wanted{"pysqlcipher3", "libsqlcipher-dev"},
    Wanted{"python-apt", "libapt-pkg-dev g++"},
    Wanted{"gdal", "libgdal-dev g++"},
    Wanted{"python-prctl", "libcap-dev"},
    Wanted{"pyscard", "libpcsclite-dev swig pkg-config"},
    Wanted{"pycups", "libcups2-dev"},
};

}  // namespace

std::vector<std::string> build_packages_for(const Names& names) {
    std::set<std::string> packages;
    for (const auto& [distribution, list] : wanted) {
        if (!names.contains(distribution)) continue;
        packages.insert({"gcc", "python3-dev"});
        for (const auto word : text::words(list)) packages.emplace(word);
    }
    return {packages.begin(), packages.end()};
}

std::vector<std::string> run_packages_among(const std::vector<std::string>& packages) {
    static constexpr std::array tools{"gcc",
                                      "g++",
                                      "make",
                                      "cmake",
                                      "ninja-build",
                                      "build-essential",
                                      "pkg-config",
                                      "git",
                                      "curl",
                                      "wget",
                                      "gnupg",
                                      "gnupg2",
                                      "ca-certificates",
                                      "locales",
                                      "sudo",
                                      "gosu",
                                      "tini",
                                      "tzdata",
                                      "dumb-init",
                                      "supervisor",
                                      "nginx",
                                      "vim",
                                      "nano",
                                      "procps",
                                      "netcat",
                                      "less",
                                      "apt-utils",
                                      "dirmngr",
                                      "unzip",
                                      "nodejs",
                                      "npm",
                                      "yarn",
                                      "gettext",
                                      "netcat-openbsd",
                                      "netcat-traditional",
                                      "bash",
                                      "ssh",
                                      "swig",
                                      "cargo",
                                      "rustc",
                                      "apt-transport-https",
                                      "software-properties-common",
                                      "lsb-release",
                                      "xz-utils",
                                      "patch",
                                      "cron",
                                      "telnet",
                                      "htop",
                                      "iputils-ping",
                                      "dnsutils",
                                      "pipx",
                                      "pkgconf",
                                      "gfortran",
                                      "clang",
                                      "autoconf",
                                      "automake"};
    std::vector<std::string> kept;
    for (const std::string& package : packages) {
        const bool tool = std::find(tools.begin(), tools.end(), package) != tools.end();
        const bool library = package.starts_with("lib") && text::is_digit(package.back());
        if (!tool && !library && !package.ends_with("-dev") && !package.starts_with("python") &&
            !package.starts_with("lib"))
            kept.push_back(package);
    }
    return kept;
}

}  // namespace dba::init
