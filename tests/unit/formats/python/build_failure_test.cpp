#include "formats/python/build_failure.hpp"

#include <gtest/gtest.h>

namespace dba {
namespace {

std::string missing(std::string_view output) {
    static constexpr const char* names[] = {"module",  "requirement", "header",       "library",
                                            "program", "pkg-config",  "CMake package"};
    const auto piece = missing_piece(output);
    return piece ? std::string(names[static_cast<int>(piece->kind)]) + " " + piece->name
                 : std::string("nothing");
}

TEST(BuildFailure, OfPython) {
    EXPECT_EQ(
        missing("Traceback (most recent call last):\n  File \"setup.py\", line 1, in <module>\n"
                "    import pkg_resources\n"
                "ModuleNotFoundError: No module named 'pkg_resources'\n"),
        "module pkg_resources");
    EXPECT_EQ(missing("ImportError: No module named numpy\n"), "module numpy");
    EXPECT_EQ(missing("ModuleNotFoundError: No module named 'numpy.distutils'; 'numpy' is not a "
                      "package\n"),
              "module numpy.distutils");
    EXPECT_EQ(missing("pip._vendor.pyproject_hooks._impl.BackendUnavailable: Cannot import "
                      "'setuptools.build_meta'\n"),
              "module setuptools.build_meta");
    EXPECT_EQ(missing("error: invalid command 'bdist_wheel'\n"), "requirement wheel");
    EXPECT_EQ(missing("distutils.errors.DistutilsError: Could not find suitable distribution for "
                      "Requirement.parse('setuptools_scm>=8')\n"),
              "requirement setuptools_scm>=8");
    EXPECT_EQ(missing("pkg_resources.DistributionNotFound: The 'cffi>=1.4' distribution was not "
                      "found and is required by the application\n"),
              "requirement cffi>=1.4");
    EXPECT_EQ(missing("error in demjson setup command: use_2to3 is invalid.\n"),
              "requirement setuptools<58");
    EXPECT_EQ(missing("AttributeError: 'build_ext' object has no attribute 'cython_sources'\n"),
              "requirement Cython<3");
    EXPECT_EQ(missing("hint: `old-one` depends on `numpy`, but doesn't declare it as a build "
                      "dependency. If `old-one` is a first-party package, consider adding\n"),
              "module numpy");
    EXPECT_EQ(missing("all is well\n"), "nothing");
    EXPECT_EQ(missing(""), "nothing");
}

TEST(BuildFailure, OfCompilersAndLinkers) {
    EXPECT_EQ(missing("In file included from psycopg/psycopgmodule.c:28:\n"
                      "./psycopg/psycopg.h:36:10: fatal error: libpq-fe.h: No such file or "
                      "directory\n   36 | #include <libpq-fe.h>\n      |          ^~~~~~~~~~~~\n"
                      "compilation terminated.\n"
                      "error: command '/usr/bin/gcc' failed with exit code 1\n"),
              "header libpq-fe.h");
    EXPECT_EQ(missing("src/x.c:3:10: fatal error: 'openssl/ssl.h' file not found\n"),
              "header openssl/ssl.h");
    EXPECT_EQ(missing("x.c:1:10: fatal error: numpy/arrayobject.h: No such file or directory\n"),
              "module numpy");
    EXPECT_EQ(missing("/usr/bin/ld: cannot find -lxml2: No such file or directory\n"
                      "collect2: error: ld returned 1 exit status\n"),
              "library xml2");
    EXPECT_EQ(
        missing("/usr/bin/ld: cannot find -lpq\ncollect2: error: ld returned 1 exit status\n"),
        "library pq");
    EXPECT_EQ(missing("ld.lld: error: unable to find library -lgdal\n"), "library gdal");
    EXPECT_EQ(missing("mold: fatal: library not found: ffi\n"), "library ffi");
    EXPECT_EQ(missing("error: command 'x86_64-linux-gnu-gcc' failed: No such file or directory\n"),
              "program x86_64-linux-gnu-gcc");
    EXPECT_EQ(missing("unable to execute 'swig': No such file or directory\n"), "program swig");
    EXPECT_EQ(missing("The headers or library files could not be found for zlib,\na required "
                      "dependency when compiling Pillow from source.\n"),
              "library zlib");
    EXPECT_EQ(missing("Error: Please make sure the libxml2 and libxslt development packages are "
                      "installed.\n"),
              "header libxslt/xslt.h");
}

TEST(BuildFailure, OfPkgConfig) {
    EXPECT_EQ(missing("Package libffi was not found in the pkg-config search path.\nPerhaps you "
                      "should add the directory containing `libffi.pc'\nto the PKG_CONFIG_PATH "
                      "environment variable\nNo package 'libffi' found\n"),
              "pkg-config libffi");
    EXPECT_EQ(missing("Package 'cairo', required by 'virtual:world', not found\n"),
              "pkg-config cairo");
    EXPECT_EQ(missing("pkgconfig.pkgconfig.PackageNotFoundError: xmlsec1 not found\n"),
              "pkg-config xmlsec1");
    // mysqlclient: the first of what it tries.
    EXPECT_EQ(
        missing("Trying pkg-config --exists mysqlclient\nCommand 'pkg-config --exists "
                "mysqlclient' returned non-zero exit status 1.\nTrying pkg-config --exists "
                "mariadb\nCommand 'pkg-config --exists mariadb' returned non-zero exit status "
                "1.\nException: Can not find valid pkg-config name.\n"),
        "pkg-config mysqlclient");
    EXPECT_EQ(missing("/bin/sh: 1: pkg-config: not found\n"), "program pkg-config");
    EXPECT_EQ(missing("Error: pg_config executable not found.\n\npg_config is required to build "
                      "psycopg2 from source.\n"),
              "program pg_config");
    EXPECT_EQ(missing("/bin/sh: line 1: xml2-config: command not found\n"), "program xml2-config");
}

TEST(BuildFailure, OfCMakeAndMeson) {
    EXPECT_EQ(missing("-- Could NOT find Git (missing: GIT_EXECUTABLE)\nCMake Error at "
                      "/usr/share/cmake-3.25/Modules/FindPackageHandleStandardArgs.cmake:230 "
                      "(message):\n  Could NOT find OpenSSL, try to set the path to OpenSSL root "
                      "folder in the\n  system variable OPENSSL_ROOT_DIR\n"),
              "CMake package OpenSSL");
    EXPECT_EQ(
        missing("CMake Error at CMakeLists.txt:7 (find_package):\n  By not providing "
                "\"FindEigen3.cmake\" in CMAKE_MODULE_PATH this project has\n  asked CMake to "
                "find a package configuration file provided by \"Eigen3\", but\n"),
        "CMake package Eigen3");
    EXPECT_EQ(
        missing("CMake Error at CMakeLists.txt:2 (project):\n  No CMAKE_CXX_COMPILER could be "
                "found.\n"),
        "program g++");
    EXPECT_EQ(missing("CMake Error: CMake was unable to find a build program corresponding to "
                      "\"Ninja\".\n"),
              "program Ninja");
    EXPECT_EQ(missing("Run-time dependency glib-2.0 found: NO (tried pkgconfig and cmake)\n\n"
                      "../meson.build:31:12: ERROR: Dependency \"cairo\" not found, tried "
                      "pkgconfig\n"),
              "pkg-config cairo");
    EXPECT_EQ(missing("../meson.build:4:0: ERROR: Unknown compiler(s): [['cc'], ['gcc'], "
                      "['clang']]\n"),
              "program cc");
    EXPECT_EQ(missing("../meson.build:9:7: ERROR: Program 'swig' not found or not executable\n"),
              "program swig");
    EXPECT_EQ(missing("../meson.build:9:7: ERROR: C header 'uv.h' not found\n"), "header uv.h");
    EXPECT_EQ(missing("../meson.build:9:7: ERROR: C shared or static library 'uv' not found\n"),
              "library uv");
}

TEST(BuildFailure, OfCargo) {
    EXPECT_EQ(missing("error: linker `cc` not found\n"), "program cc");
    EXPECT_EQ(missing("  The system library `libpq` required by crate `pq-sys` was not found.\n  "
                      "The file `libpq.pc` needs to be installed and the PKG_CONFIG_PATH\n"),
              "pkg-config libpq");
    EXPECT_EQ(missing("  Could not find directory of OpenSSL installation, and this `-sys` crate "
                      "cannot\n  proceed without this knowledge.\n"),
              "pkg-config openssl");
    EXPECT_EQ(missing("  The pkg-config command could not be found.\n"), "program pkg-config");
    EXPECT_EQ(missing("failed to execute command: No such file or directory (os error 2)\n"
                      "is `cmake` not installed?\n"),
              "program cmake");
    EXPECT_EQ(
        missing("Error: \"Could not find `protoc`. If `protoc` is installed, try setting\"\n"),
        "program protoc");
    EXPECT_EQ(missing("Unable to find libclang: \"couldn't find any valid shared libraries\"\n"),
              "header clang-c/Index.h");
    EXPECT_EQ(missing("error: can't find Rust compiler\n\nIf you are using an outdated pip\n"),
              "program cargo");
    EXPECT_EQ(missing("Cargo, the Rust package manager, is not installed or is not on PATH.\n"),
              "program cargo");
}

TEST(BuildFailure, OfWhoStartsAProgram) {
    EXPECT_EQ(missing("  File \"/usr/lib/python3.11/subprocess.py\", line 1955, in _execute_child\n"
                      "    raise child_exception_type(errno_num, err_msg, err_filename)\n"
                      "FileNotFoundError: [Errno 2] No such file or directory: 'cmake'\n"),
              "program cmake");
    // A file is no program.
    EXPECT_EQ(missing("FileNotFoundError: [Errno 2] No such file or directory: 'README.md'\n"),
              "nothing");
    EXPECT_EQ(missing("env: \u2018node\u2019: No such file or directory\n"), "program node");
    EXPECT_EQ(missing("sh: 1: tsc: not found\n"), "program tsc");
    // The last thing counts: what comes before was a probe.
    EXPECT_EQ(missing("conftest.c:1:10: fatal error: sys/foo.h: No such file or directory\n"
                      "/usr/bin/ld: cannot find -lpq\n"),
              "library pq");
}

TEST(BuildFailure, NamesTheDistribution) {
    EXPECT_EQ(
        failed_distribution("  \u00d7 Failed to build `psycopg2==2.9.9`\n  \u251c\u2500\u25b6 "
                            "The build backend returned an error\n"),
        "psycopg2");
    EXPECT_EQ(failed_distribution("  \u00d7 Failed to download and build `old-one==1.0`\n"),
              "old-one");
    EXPECT_EQ(failed_distribution("  ERROR: Failed building wheel for mysqlclient\nFailed to build "
                                  "mysqlclient\n"),
              "mysqlclient");
    EXPECT_EQ(failed_distribution("Collecting flask\nCollecting lxml==4.9\nerror: "
                                  "subprocess-exited-with-error\n"),
              "lxml");
    EXPECT_EQ(failed_distribution("no solution found\n"), "");
}

TEST(BuildFailure, ModulesAreOfDistributions) {
    EXPECT_EQ(distribution_of_module("pkg_resources.extern"), "setuptools<81");
    EXPECT_EQ(distribution_of_module("poetry.core.masonry.api"), "poetry-core");
    EXPECT_EQ(distribution_of_module("yaml"), "PyYAML");
    EXPECT_EQ(distribution_of_module("yamlish"), "yamlish");
    EXPECT_EQ(distribution_of_module("setuptools_rust"), "setuptools-rust");
    EXPECT_EQ(distribution_of_module("imp"), "");
    EXPECT_EQ(last_python_with("imp"), 11);
    EXPECT_EQ(last_python_with("telnetlib"), 12);
    EXPECT_EQ(last_python_with("numpy"), 0);
}

// Each group on a line, the likeliest first.
std::string all_missing(std::string_view output) {
    std::string out;
    for (const auto& group : missing_pieces(output)) {
        for (const MissingPiece& piece : group) out += piece.name + " ";
        out += "\n";
    }
    return out;
}

TEST(BuildFailure, TellsAllThatIsMissingTheLikeliestFirst) {
    EXPECT_EQ(all_missing("all is well\n"), "");
    // What a linker misses, it says at one time.
    EXPECT_EQ(all_missing("/usr/bin/ld: cannot find -lldap: No such file or directory\n"
                          "/usr/bin/ld: cannot find -llber: No such file or directory\n"
                          "/usr/bin/ld: cannot find -lldap: No such file or directory\n"
                          "collect2: error: ld returned 1 exit status\n"),
              "lber ldap \n");
    // A probe, then what counts.
    EXPECT_EQ(all_missing("probe.c:1:10: fatal error: odd.h: No such file or directory\n"
                          "Checking for more ...\n"
                          "CMake Error at CMakeLists.txt:3 (find_package):\n"
                          "  Could NOT find OpenSSL, try to set\n"),
              "OpenSSL \nodd.h \n");
    EXPECT_EQ(all_missing("x.c:1:10: fatal error: a.h: No such file or directory\n" +
                          std::string(500, '.') +
                          "\ny.c:1:10: fatal error: b.h: No such file or directory\n"),
              "b.h \na.h \n");
}

TEST(BuildFailure, OfProgramsThatAreNotThere) {
    EXPECT_EQ(missing("building 'psycopg2._psycopg' extension\n"
                      "error: [Errno 2] No such file or directory: 'x86_64-linux-gnu-gcc'\n"),
              "program x86_64-linux-gnu-gcc");
    EXPECT_EQ(missing("error: [Errno 2] No such file or directory: 'README.md'\n"), "nothing");
    EXPECT_EQ(missing("Exception: you need a C compiler to build uWSGI\n"), "program gcc");
    EXPECT_EQ(missing("configure: error: no acceptable C compiler found in $PATH\n"),
              "program gcc");
    EXPECT_EQ(missing("/usr/bin/ld: cannot find Scrt1.o: No such file or directory\n"
                      "collect2: error: ld returned 1 exit status\n"),
              "header crt1.o");
    EXPECT_EQ(missing("npm: command not found\n"), "program npm");
    EXPECT_EQ(missing("deb-build-app: resolve: cpack: not found\n"), "program cpack");
    EXPECT_EQ(missing("  exec: \"go\": executable file not found in $PATH\n"), "program go");
    EXPECT_EQ(missing("FileNotFoundError: [Errno 2] No such file or directory: 'curl-config'\n"),
              "program curl-config");
}

}  // namespace
}  // namespace dba
