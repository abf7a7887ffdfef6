#include "system/cache/settings.hpp"

#include "support/own_environment.hpp"

namespace dba {
namespace {

class CacheSettingsTest : public testing::OwnEnvironment {
 protected:
    void SetUp() override {
        OwnEnvironment::SetUp();
        for (const char* name : {"DIR", "SIZE", "URL", "PUSH"})
            unset(std::string("DEB_VENV_CACHE_") + name);
        set("XDG_CACHE_HOME", "/home/me/.cache");
    }
    static std::string refusal(const CacheWords& words) {
        const auto settings = cache_settings(words);
        if (settings) return "";
        return settings.error().subject + ": " + settings.error().cause + " | " +
               settings.error().hint;
    }
};

TEST_F(CacheSettingsTest, HaveDefaults) {
    const auto settings = cache_settings({}).value();
    EXPECT_EQ(settings.directory, "/home/me/.cache/deb-build-app/cache");
    EXPECT_EQ(settings.max_size, std::uint64_t{10} << 30U);
    EXPECT_EQ(settings.url, "");
    EXPECT_FALSE(settings.push);
}

TEST_F(CacheSettingsTest, OptionsComeBeforeTheEnvironment) {
    set("DEB_VENV_CACHE_DIR", "/srv/cache");
    set("DEB_VENV_CACHE_SIZE", "1G");
    set("DEB_VENV_CACHE_URL", "https://cache.example.org/x/");
    set("DEB_VENV_CACHE_PUSH", "ON");
    auto settings = cache_settings({}).value();
    EXPECT_EQ(settings.directory, "/srv/cache");
    EXPECT_EQ(settings.max_size, std::uint64_t{1} << 30U);
    EXPECT_EQ(settings.url, "https://cache.example.org/x");
    EXPECT_TRUE(settings.push);
    settings = cache_settings({"/other", "0", "http://here", "off"}).value();
    EXPECT_EQ(settings.directory, "/other");
    EXPECT_EQ(settings.max_size, 0U);
    EXPECT_EQ(settings.url, "http://here");
    EXPECT_FALSE(settings.push);
}

TEST_F(CacheSettingsTest, OffIsOffForTheServerToo) {
    set("DEB_VENV_CACHE_URL", "https://cache.example.org");
    set("DEB_VENV_CACHE_DIR", "OFF");
    const auto settings = cache_settings({}).value();
    EXPECT_TRUE(settings.directory.empty());
    EXPECT_EQ(settings.url, "");
}

TEST_F(CacheSettingsTest, WhatIsWrongIsNamed) {
    EXPECT_EQ(refusal({"here", "", "", ""}),
              "--cache-dir here: is no absolute path | name a directory, or OFF");
    EXPECT_EQ(refusal({"", "much", "", ""}),
              "--cache-size much: is no size | bytes, or with K, M, G or T: 20G");
    EXPECT_EQ(refusal({"", "", "ftp://host", ""}),
              "--cache-url ftp://host: is no http: or https: URL | ");
    EXPECT_EQ(refusal({"", "", "https://me:secret@host/x", ""}),
              "--cache-url https://***@host/x: holds credentials | leave them out: those in "
              "~/.netrc, or the file that NETRC names, are used");
    EXPECT_EQ(refusal({"", "", "", "maybe"}), "--cache-push maybe: is neither ON nor OFF | ");
    set("DEB_VENV_CACHE_SIZE", "-1");
    EXPECT_EQ(refusal({}), "DEB_VENV_CACHE_SIZE -1: is no size | bytes, or with K, M, G or T: 20G");
}

}  // namespace
}  // namespace dba
