// Which pip is run for an environment.
#include <gmock/gmock.h>

#include "python/installer_pip.hpp"
#include "support/venv_fixture.hpp"

namespace dba {
namespace {

using dba::testing::said;
using ::testing::ElementsAre;
using ::testing::EndsWith;

class InstallerPip : public dba::testing::EnvironmentTest {
 protected:
    // The words that start pip, or what is wrong.
    std::vector<std::string> words() {
        const auto found = installer_pip.install({}, {}, manifest_, {}, shop_.system);
        return found ? *found : std::vector<std::string>{said(found.error())};
    }
};

// Python 3.12 took away what older ones import.
TEST_F(InstallerPip, OneThatDoesNotRunOnThisPythonIsNotTaken) {
    const auto& top = shop_.directory;
    top.write("root/usr/share/python-wheels/pip-23.0.1-py3-none-any.whl", "");
    top.write("root/usr/lib/python3/dist-packages/pip-23.0.1.dist-info/METADATA", "");
    manifest_.target.root = top.path() / "root";
    manifest_.python.version = "3.13t";
    manifest_.python.executable = "/elsewhere/bin/python3.13t";
    EXPECT_THAT(words(),
                ElementsAre("INSTALLER pip: the pip that is there, 23.0.1, does not run on Python "
                            "3.13t (say INSTALLER uv, or take a Python that has its own "
                            "ensurepip)"));
    manifest_.python.version = "3.11";
    fs::remove(top.path() / "root/usr/share/python-wheels/pip-23.0.1-py3-none-any.whl");
    EXPECT_THAT(words().front(), EndsWith("root/usr/bin/python3"));
    fs::remove_all(top.path() / "root/usr/lib/python3");
    EXPECT_THAT(words(), ElementsAre("INSTALLER pip: there is no pip for "
                                     "/elsewhere/bin/python3.13t (run: apt-get install "
                                     "python3-pip-whl)"));
}

}  // namespace
}  // namespace dba
