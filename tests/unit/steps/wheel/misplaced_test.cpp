#include "steps/wheel/misplaced.hpp"

#include <gtest/gtest.h>

#include "support/venv_fixture.hpp"

namespace dba::steps {

using dba::testing::said;

namespace {

class MisplacedFiles : public dba::testing::EnvironmentTest {
 protected:
    MisplacedFiles() {
        manifest_.prefix = "/p";
        manifest_.python.version = "3.11";
        manifest_.directory = project_.parent_path();
        manifest_.source.directory = project_;
    }
    std::string judged(const std::vector<std::string>& wheel) {
        std::string record;
        for (const auto& path : wheel) record += path + ",,\n";
        shop_.directory.write("info/RECORD", record + "hello-1.dist-info/RECORD,,\n");
        const auto done = refuse_misplaced(manifest_, project_, shop_.directory.path() / "info");
        return done ? "accepted" : said(done.error());
    }
    static std::string refused(const std::string& path, const std::string& installed,
                               const std::string& remedy) {
        return path +
               ": the project's data_files are meant for this path, but a wheel installs below its "
               "environment alone, here to /p/" +
               installed + ", where nobody looks for it (" + remedy + ")";
    }
};

TEST_F(MisplacedFiles, EndInTheLinesToWrite) {
    write_project({{"setup.py", ""},
                   {"hello.conf", ""},
                   {"debian/hello/hello.conf", ""},
                   {"units/hello.service", ""}});
    const std::string name = project_.filename().string();
    const std::string site = "lib/python3.11/site-packages/";
    EXPECT_EQ(
        judged({"hello/__init__.py", "etc/hello/hello.conf"}),
        refused("/etc/hello/hello.conf", site + "etc/hello/hello.conf",
                "CONFIG \"" + name +
                    "/debian/hello/hello.conf\" DESTINATION /etc/hello/hello.conf EXCLUDE \"" +
                    site + "etc/hello/hello.conf\""));
    const std::string unit = "lib/systemd/system/hello.service";
    EXPECT_EQ(judged({"hello-1.data/data/" + unit}),
              refused("/" + unit, unit,
                      "FILES \"" + name +
                          "/units/hello.service\" DESTINATION /lib/systemd/system EXCLUDE \"" +
                          unit + "\""));
    manifest_.exclude = {unit};
    EXPECT_EQ(judged({"hello-1.data/data/" + unit}), "accepted");
    manifest_.source = {"", "https://example.org/x.git", std::string(40, 'a'), "", false};
    EXPECT_EQ(judged({"hello-1.data/data/var/lib/hello/seed"}),
              refused("/var/lib/hello/seed", "var/lib/hello/seed",
                      "FILES \"seed\" (a copy beside CMakeLists.txt) DESTINATION /var/lib/hello "
                      "EXCLUDE \"var/lib/hello/seed\""));
}

TEST_F(MisplacedFiles, AreNotThoseOfAnEnvironment) {
    write_project({{"setup.py", ""}});
    EXPECT_EQ(
        judged({"hello/__init__.py", "hello-1.data/data/share/man/man1/hello.1",
                "hello-1.data/data/etc/jupyter/nbconfig/hello.json", "hello-1.data/scripts/etc",
                "etc/__init__.py", "etc/settings.conf", "var/names.txt", "var/tool.py"}),
        "accepted");
}

}  // namespace
}  // namespace dba::steps
