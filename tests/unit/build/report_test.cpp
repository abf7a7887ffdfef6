#include "build/report.hpp"

#include <gmock/gmock.h>

#include "build/report_text.hpp"
#include "support/fakes.hpp"

namespace dba {
namespace {

using dba::testing::TemporaryDirectory;
using ::testing::HasSubstr;

class Report : public ::testing::Test {
 protected:
    Report() {
        manifest.name = "hello";
        manifest.project.name = "he-llo";
        manifest.project.layout_reason = "it has a [build-system]";
        manifest.version = "1.0-1";
        manifest.prefix = "/opt/venvs/hello";
        manifest.target = {"debian-12", "bookworm", "/", "amd64", std::string(64, 'a')};
        manifest.source.repository = "https://git.example.org/hello";
        manifest.source.commit = std::string(40, 'c');
        manifest.source_date_epoch = 1700000000;
        manifest.installer = {
            InstallerKind::uv, "/x/uv", "0.13.9", {"--index", "https://me:pw@index.example.dev"}};
        manifest.python.full_version = "3.11.2";
        manifest.python.executable = "/usr/bin/python3.11";
        manifest.packer = Packer::layered;
        manifest.compression = Compression::zstd;
        manifest.relations.depends = {"nginx"};
        manifest.leak_waivers = {{"**/a.py", "a comment"}, {"**/b.py", "left over"}};
        verified.waived = {{{"leak", "/opt/a.py", "text names it", ""}, {"**/a.py", "a comment"}}};
        verified.warnings = {{"secret", "/opt/test.key", "holds a private key", ""}};
        verified.searched = {{"/srv/app", "source directory"},
                             {"/tmp", "temporary directory", true}};
        dependencies.depends = {"libexpat1 (>= 2.0.1)", "python3.11"};
        dependencies.static_built_using = "python3.11 (= 3.11.2-6)";
        dependencies.reasons = {{"libexpat1 (>= 2.0.1)", "libexpat.so.1", "/opt/python3.11"},
                                {"libmagic1", "magic", "/opt/magic.py"}};
        dependencies.recommends = {"libmagic1"};
        for (const char* name : {"interpreter", "flask 3.1.0", "He.llo 1.0", "host"}) {
            Layer layer;
            layer.name = name;
            layer.entries = {{.path = "/opt", .kind = EntryKind::directory, .mode = 0755},
                             {.path = std::string("/opt/") + name, .mode = 0644, .size = 2048}};
            layers.push_back(layer);
        }
    }
    Result<nlohmann::json> report() {
        return make_report(
            manifest,
            {layers, dependencies, verified,
             top.write("requirements.lock",
                       "flask==3.1.0 --hash=sha256:" + std::string(64, '1') + "\n"),
             top.write("trimmed.json",
                       R"({"format": 1, "parts": {"tests": {"bytes": 3145728, "files": 70}}})"),
             top.write("debian/control",
                       "Package: hello\nDepends: libexpat1 (>= 2.0.1), python3.11, nginx, "
                       "adduser, supervisor\n")
                 .parent_path(),
             top.write("hello_1.0-1_amd64.deb", std::string(1536, 'x'))});
    }

    TemporaryDirectory top;
    Manifest manifest;
    VerifyReport verified;
    Dependencies dependencies;
    std::vector<Layer> layers;
};

TEST_F(Report, TellsWhatIsInThePackageAndWhy) {
    const auto made = report();
    ASSERT_TRUE(made) << made.error().cause;
    const std::string text = report_text(*made);
    EXPECT_EQ(text, "hello 1.0-1 amd64 in /opt/venvs/hello\n  " + top.path().string() +
                        R"(/hello_1.0-1_amd64.deb: 1.5 KiB packed, 9.0 KiB installed, 4 files

Layers
     2.0 KiB       1 files  interpreter
     2.0 KiB       1 files  flask 3.1.0
     2.0 KiB       1 files  He.llo 1.0 (the application)
     2.0 KiB       1 files  host

Left out of the interpreter
     3.0 MiB      70 files  tests

Lock
  flask==3.1.0  (1 sha256)

Depends
  libexpat1 (>= 2.0.1)
      libexpat.so.1, for /opt/python3.11
  python3.11
      the interpreter
  nginx
      DEPENDS nginx
  adduser
      the services' user
  supervisor
      services with RUNNER supervisord
  Static-Built-Using: python3.11 (= 3.11.2-6)

Recommends, for libraries that are opened by name
  libmagic1
      magic, for /opt/magic.py

Leak waivers
  **/a.py: a comment
      /opt/a.py: text names it
  **/b.py: left over
      matches no leak

Warnings
  secret: /opt/test.key: holds a private key

Made from
  Python 3.11.2 (BUNDLED, /usr/bin/python3.11)
  installer uv 0.13.9 --index https://***@index.example.dev
  commit cccccccccccccccccccccccccccccccccccccccc of https://git.example.org/hello
  as a package: it has a [build-system]
  SOURCE_DATE_EPOCH 1700000000 (2023-11-14 22:13:20 UTC)
  packer layered, zstd
  target debian-12 at /, state aaaaaaaaaaaaaaaa

Directories of the build, named nowhere in the package but where waived
  source directory: /srv/app
  temporary directory: /tmp (searched only where a path is used)
)");
}

TEST_F(Report, IsKeptInTheWorkDirectory) {
    const auto none = read_report(top.path(), "hello");
    ASSERT_FALSE(none);
    EXPECT_EQ(none.error().code, ExitCode::bad_input);
    EXPECT_EQ(none.error().cause, "there is no finished build of it in " + top.path().string());
    EXPECT_EQ(none.error().hint, "build it first: cmake --build . --target hello-deb");

    const auto made = report();
    ASSERT_TRUE(made);
    top.write("report.json", made->dump());
    const auto kept = read_report(top.path(), "hello");
    ASSERT_TRUE(kept);
    EXPECT_EQ(*kept, *made);
    EXPECT_EQ(kept->at("leak_waivers").at(0).at("hits").size(), 1U);

    top.write("report.json", "{\"format\": 0}");
    const auto old = read_report(top.path(), "hello");
    ASSERT_FALSE(old);
    EXPECT_EQ(old.error().cause, "was kept by another version of this program");
    EXPECT_THAT(old.error().hint, HasSubstr("build the package again"));
}

}  // namespace
}  // namespace dba
