#include "steps/wheel/version.hpp"

#include <gtest/gtest.h>

#include "support/fakes.hpp"

namespace dba::steps {
namespace {

constexpr const char* snapshot = "+git20231114221320.0123456";

class TakeVersion : public ::testing::Test {
 protected:
    TakeVersion() {
        manifest_.name = "hello";
        manifest_.version = "by-resolve-1";
        manifest_.release.revision = "1";
        manifest_.release.snapshot = snapshot;
    }
    void on_tag(const std::string& tag, const std::string& version, bool asked = false) {
        manifest_.release.tag = tag;
        manifest_.release.tagged = manifest_.release.before = version;
        manifest_.release.asked = asked;
    }
    // The Debian version that a wheel of this version leads to, or the error.
    std::string of(const std::string& version) {
        BuiltWheel wheel;
        wheel.metadata.name = "Hello.App";
        wheel.metadata.version = version;
        Manifest manifest = manifest_;
        const auto taken = take_version(manifest, wheel);
        if (!taken) return taken.error().subject + ": " + taken.error().cause;
        EXPECT_EQ(manifest.project.name, "hello-app");
        EXPECT_EQ(manifest.project.version, version);
        return manifest.version;
    }

    Manifest manifest_;
};

TEST_F(TakeVersion, OnATagItIsTheWheels) {
    on_tag("v1.4.2", "1.4.2");
    EXPECT_EQ(of("1.4.2"), "1.4.2-1");
    EXPECT_EQ(of("1.4.2.0"), "1.4.2.0-1");
    EXPECT_EQ(of("1.5.dev0"), "1.5~~dev0+git20231114221320.0123456-1") << "no release of it";
    on_tag("release-of-all-2.0", "2.0", true);
    EXPECT_EQ(of("1.9"), "1.9-1") << "GIT_TAG names it";
}

TEST_F(TakeVersion, OffATagTheSnapshotTakesThePlaceOfTheLocalVersion) {
    manifest_.release.before = "1.4.2";
    EXPECT_EQ(of("1.4.3.dev2+gabcdef0"), "1.4.3~~dev2+git20231114221320.0123456-1");
    EXPECT_EQ(of("1.4.2+2.gabcdef0"), "1.4.2+git20231114221320.0123456-1");
    EXPECT_EQ(of("1.4.3.dev2"), "1.4.3~~dev2+git20231114221320.0123456-1");
}

TEST_F(TakeVersion, ADirtyTreeIsToldElsewhere) {
    on_tag("v1.4.2", "1.4.2");
    manifest_.dirty = true;
    EXPECT_EQ(of("1.4.2+0.gabcdef0.dirty"), "1.4.2-1");
    EXPECT_EQ(of("1.4.2"), "1.4.2-1");
    EXPECT_EQ(of("1.4.3.dev0+d20231114"), "1.4.3~~dev0+git20231114221320.0123456-1");
}

TEST_F(TakeVersion, WithoutGitItIsTheWheels) {
    manifest_.release.snapshot.clear();
    EXPECT_EQ(of("1!2.0rc1+local.1"), "1:2.0~rc1+local.1-1");
    EXPECT_EQ(of("0.0.0"), "0.0.0-1") << "nothing says that it is a placeholder";
}

TEST_F(TakeVersion, WhatTheProjectSaysOutrightStays) {
    manifest_.project.version = "1.0";
    EXPECT_EQ(of("1.0.0"), "by-resolve-1");
    EXPECT_EQ(of("1.1"), "1.1+git20231114221320.0123456-1") << "its build says something else";
}

TEST_F(TakeVersion, VersionIsInCharge) {
    manifest_.release.declared = true;
    EXPECT_EQ(of("0.0.0"), "by-resolve-1");
}

TEST_F(TakeVersion, RefusesAPlaceholder) {
    on_tag("v3.1.0", "3.1.0");
    manifest_.project.version = "0.0.0";
    EXPECT_EQ(
        of("0.0.0"),
        "hello: its wheel's version is 0.0.0, a placeholder that nothing has replaced, and the "
        "commit is the release 3.1.0 (tag v3.1.0)");
    manifest_.release.tag = manifest_.release.tagged = "";
    EXPECT_EQ(of("0.0.0.post2"),
              "hello: its wheel's version is 0.0.0.post2, a placeholder that nothing has replaced, "
              "and git knows of a release 3.1.0");
    manifest_.release.before.clear();
    EXPECT_EQ(of("0+unknown"),
              "hello: its wheel's version is 0+unknown, a placeholder that nothing has replaced");
    EXPECT_EQ(of("0.0.0.post2"), "0.0.0.~post2+git20231114221320.0123456-1") << "no release yet";
}

TEST_F(TakeVersion, TheRestIsTakenWhereNobodySaidIt) {
    dba::testing::Workshop shop;
    BuiltWheel wheel;
    wheel.metadata.summary = "says hello\nto all";
    wheel.metadata.homepage = "https://example.org";
    wheel.metadata.people = {"Ann <ann@example.org>"};
    manifest_.synopsis = "ours";
    manifest_.maintainer = "Bob <bob@example.org>";
    manifest_.homepage = "https://ours.example.org";
    Manifest said = manifest_;
    take_description(said, wheel, shop.system);
    EXPECT_EQ(said.synopsis, "ours");
    EXPECT_EQ(said.maintainer, "Bob <bob@example.org>");
    EXPECT_EQ(said.homepage, "https://ours.example.org");
    manifest_.guessed_synopsis = manifest_.guessed_maintainer = true;
    manifest_.homepage.clear();
    said = manifest_;
    take_description(said, wheel, shop.system);
    EXPECT_EQ(said.synopsis, "says hello");
    EXPECT_EQ(said.maintainer, "Ann <ann@example.org>");
    EXPECT_EQ(said.homepage, "https://example.org");
    EXPECT_TRUE(shop.log.lines.empty());
    said.maintainer = nobody_of("hello");
    wheel.metadata.people.clear();
    take_description(said, wheel, shop.system);
    EXPECT_EQ(shop.log.lines,
              std::vector<std::string>{
                  "warning: wheel: neither the project nor git names a person: the package's "
                  "Maintainer is hello maintainers <root@localhost>; say MAINTAINER \"Name "
                  "<address>\""});
}

}  // namespace
}  // namespace dba::steps
