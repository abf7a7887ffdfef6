#include "system/process/environment.hpp"

#include <gmock/gmock.h>

#include "support/own_environment.hpp"
#include "system/host.hpp"

namespace dba {
namespace {

using testing::OwnEnvironment;

TEST_F(OwnEnvironment, CleanEnvironmentTakesOnlyPath) {
    set("PATH", "/one:/two");
    set("PYTHONPATH", "/evil");
    const Environment clean = clean_environment(root(), 1700000000);
    const Environment expected{{"PATH", "/one:/two"},
                               {"HOME", (root() / "home").string()},
                               {"TMPDIR", root().string()},
                               {"LANG", "C.UTF-8"},
                               {"LC_ALL", "C.UTF-8"},
                               {"TZ", "UTC"},
                               {"SOURCE_DATE_EPOCH", "1700000000"},
                               {"PYTHONDONTWRITEBYTECODE", "1"},
                               {"PYTHONNOUSERSITE", "1"},
                               {"PYTHONHASHSEED", "0"}};
    EXPECT_EQ(clean, expected);
    EXPECT_TRUE(fs::is_directory(root() / "home"));
}

TEST_F(OwnEnvironment, ConnectionSettingsPassAndTheUsersCachesAreNamed) {
    put("user/.netrc", "machine h login l password p\n", 0600);
    set("HOME", (root() / "user").string());
    unset("NETRC");
    unset("XDG_CACHE_HOME");
    unset("UV_CACHE_DIR");
    unset("PIP_CACHE_DIR");
    set("https_proxy", "http://proxy:3128");
    set("PIP_INDEX_URL", "https://u:p@index/simple");
    set("UV_NATIVE_TLS", "1");
    set("SSL_CERT_FILE", "/ca.pem");
    set("UNRELATED", "1");
    Environment environment{{"PATH", "/bin"}};
    pass_connection_settings(environment);
    EXPECT_EQ(environment["https_proxy"], "http://proxy:3128");
    EXPECT_EQ(environment["PIP_INDEX_URL"], "https://u:p@index/simple");
    EXPECT_EQ(environment["UV_NATIVE_TLS"], "1");
    EXPECT_EQ(environment["SSL_CERT_FILE"], "/ca.pem");
    EXPECT_EQ(environment["NETRC"], (root() / "user/.netrc").string());
    EXPECT_EQ(environment["UV_CACHE_DIR"], (root() / "user/.cache/uv").string());
    EXPECT_EQ(environment["PIP_CACHE_DIR"], (root() / "user/.cache/pip").string());
    EXPECT_FALSE(environment.contains("UNRELATED"));

    set("NETRC", "/other");
    set("XDG_CACHE_HOME", "/cache");
    set("UV_CACHE_DIR", "/uv");
    Environment second;
    pass_connection_settings(second);
    EXPECT_EQ(second["NETRC"], "/other");
    EXPECT_EQ(second["UV_CACHE_DIR"], "/uv");
    EXPECT_EQ(second["PIP_CACHE_DIR"], "/cache/pip");
}

TEST_F(OwnEnvironment, BaseDirectoriesAreAbsoluteOrBelowHome) {
    set("HOME", "/home/me");
    for (const char* invalid : {"", "relative/data"}) {
        set("XDG_DATA_HOME", invalid);
        set("XDG_CACHE_HOME", invalid);
        EXPECT_EQ(data_home(), "/home/me/.local/share") << invalid;
        EXPECT_EQ(cache_home(), "/home/me/.cache") << invalid;
    }
    EXPECT_EQ(tools_directory(), "/home/me/.local/share/deb-build-app/tools");
    EXPECT_EQ(cache_directory(), "/home/me/.cache/deb-build-app");
    set("XDG_DATA_HOME", "/data");
    set("XDG_CACHE_HOME", "/cache");
    EXPECT_EQ(tools_directory(), "/data/deb-build-app/tools");
    EXPECT_EQ(cache_directory(), "/cache/deb-build-app");
}

TEST_F(OwnEnvironment, WithoutAHomeTheUserDatabaseTellsIt) {
    for (const char* name :
         {"XDG_DATA_HOME", "XDG_CACHE_HOME", "PYENV_ROOT", "UV_PYTHON_INSTALL_DIR"})
        unset(name);
    for (const bool empty : {false, true}) {
        if (empty)
            set("HOME", "");
        else
            unset("HOME");
        const fs::path home = real_home();
        EXPECT_TRUE(home.is_absolute()) << home;
        EXPECT_EQ(data_home(), home / ".local/share");
        EXPECT_EQ(cache_home(), home / ".cache");
        EXPECT_EQ(python_places().pyenv, home / ".pyenv/versions");
        EXPECT_EQ(python_places().uv, home / ".local/share/uv/python");
    }
}

TEST_F(OwnEnvironment, VariablesAreAskedByName) {
    set("DBA_TEST_VARIABLE", "a=b");
    EXPECT_EQ(own_variable("DBA_TEST_VARIABLE"), "a=b");
    EXPECT_EQ(own_environment()["DBA_TEST_VARIABLE"], "a=b");
    unset("DBA_TEST_VARIABLE");
    EXPECT_EQ(own_variable("DBA_TEST_VARIABLE"), "");
    set("PATH", "/usr/bin::/bin");
    EXPECT_EQ(own_search_path(), (std::vector<fs::path>{"/usr/bin", "/bin"}));
}

}  // namespace
}  // namespace dba
