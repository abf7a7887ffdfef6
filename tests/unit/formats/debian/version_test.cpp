#include "formats/debian/version.hpp"

#include <gtest/gtest.h>
#include <spawn.h>
#include <sys/wait.h>

#include <random>
#include <vector>

#include "formats/text/text.hpp"
#include "support/formats.hpp"

namespace dba {
namespace {

using test::error_of;

std::string mapped(std::string_view version) {
    const auto result = pep440_to_debian(version);
    return result ? *result : "error: " + result.error().cause;
}

// dpkg's own report on `a OP b`.
bool dpkg_says(const std::string& a, const char* op, const std::string& b) {
    std::string program = "dpkg", option = "--compare-versions", op_text = op;
    std::string left = a, right = b;
    char* argv[] = {program.data(), option.data(), left.data(),
                    op_text.data(), right.data(),  nullptr};
    char* envp[] = {nullptr};
    pid_t child = 0;
    // Bad versions are warned about on stderr: the tests ask for valid ones only.
    if (posix_spawn(&child, "/usr/bin/dpkg", nullptr, nullptr, argv, envp) != 0) {
        ADD_FAILURE() << "dpkg cannot be run";
        return false;
    }
    int status = 0;
    waitpid(child, &status, 0);
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

int sign(int value) {
    return (value > 0) - (value < 0);
}

TEST(NormalisePep440, UnderstandsEverySpellingOfThePep) {
    const std::pair<const char*, const char*> cases[] = {
        {"1.0", "1.0"},
        {"v1.0", "1.0"},
        {" V1.0\n", "1.0"},
        {"1.0-ALPHA", "1.0a0"},
        {"1.0.beta.2", "1.0b2"},
        {"1.0_rc_1", "1.0rc1"},
        {"1.0c2", "1.0rc2"},
        {"1.0pre", "1.0rc0"},
        {"1.0-preview3", "1.0rc3"},
        {"1.0-1", "1.0.post1"},
        {"1.0-r4", "1.0.post4"},
        {"1.0rev", "1.0.post0"},
        {"1.0.post", "1.0.post0"},
        {"1.0dev", "1.0.dev0"},
        {"1.0a-", "1.0a0"},
        {"1.0a..dev1", "1.0a0.dev1"},
        {"1.0a--1", "1.0a0.post1"},
        {"1.0a1.post2.dev3", "1.0a1.post2.dev3"},
        {"01.002.0003", "1.2.3"},
        {"1.0+a_B-c.001", "1.0+a.b.c.1"},
        {"1!1.0", "1!1.0"},
        {"0!1", "1"},
        {"20240115123456789012345678901234567890", "20240115123456789012345678901234567890"},
    };
    for (const auto& [given, expected] : cases) {
        const auto result = normalise_pep440(given);
        ASSERT_TRUE(result) << given;
        EXPECT_EQ(*result, expected) << given;
        EXPECT_EQ(*normalise_pep440(*result), *result) << "twice is as once: " << given;
    }
}

TEST(NormalisePep440, RefusesWhatIsNoVersion) {
    for (const char* given :
         {"", "v", "abc", "1.", "1.0-", "1.0-1-2", "1.0post1a1", "1.0+", "1.0+a+b", "1.0+.a",
          "1.0 1", "1!", "!1", "1.0~rc1", "1.0.x", "1..0", "1.0final"})
        EXPECT_FALSE(normalise_pep440(given)) << given;
    EXPECT_EQ(error_of(normalise_pep440("next")),
              "next: this is no version by PEP 440; write it like 1.2, 1.2.3, 1.2a1, 1.2rc1, "
              "1.2.post1 or 1.2.dev3");
}

TEST(Pep440ToDebian, SpellsEachPart) {
    EXPECT_EQ(mapped("1.2.3"), "1.2.3");
    EXPECT_EQ(mapped("1.0.0"), "1.0.0");
    EXPECT_EQ(mapped("v1.0-ALPHA"), "1.0~a0");
    EXPECT_EQ(mapped("1.0b2"), "1.0~b2");
    EXPECT_EQ(mapped("1.0rc1"), "1.0~rc1");
    EXPECT_EQ(mapped("1.0rc1.dev2"), "1.0~rc1~dev2");
    EXPECT_EQ(mapped("1.0.dev3"), "1.0~~dev3");
    EXPECT_EQ(mapped("1.0.post1"), "1.0.~post1");
    EXPECT_EQ(mapped("1.0.post1.dev2"), "1.0.~post1~dev2");
    EXPECT_EQ(mapped("1.0+ubuntu.1"), "1.0+ubuntu.1");
    EXPECT_EQ(mapped("3!1.0"), "3:1.0");
    EXPECT_EQ(error_of(pep440_to_debian("2147483648!1.0")),
              "2147483648!1.0: the epoch is larger than Debian's largest; use an epoch of "
              "2147483647 at most");
    EXPECT_EQ(mapped("2147483647!1.0"), "2147483647:1.0");
}

// The golden was sorted by the reference implementation (the "packaging" distribution).
TEST(Pep440ToDebian, KeepsTheOrderPairwise) {
    std::vector<std::string> debian;
    const std::string list = test::golden("pep440-order.txt");
    for (const auto version : text::words(list)) {
        debian.push_back(mapped(version));
        ASSERT_TRUE(check_debian_version(debian.back())) << version;
        // What stands behind it in a package: a revision, with or without a snapshot in between.
        ASSERT_TRUE(check_debian_version(debian.back() + "-1")) << version;
    }
    ASSERT_GT(debian.size(), 250U);
    for (std::size_t i = 0; i < debian.size(); ++i)
        for (std::size_t j = 0; j < debian.size(); ++j) {
            const int expected = (i > j) - (i < j);
            ASSERT_EQ(sign(compare_debian_versions(debian[i], debian[j])), expected)
                << debian[i] << " and " << debian[j];
            ASSERT_EQ(sign(compare_debian_versions(debian[i] + "-1", debian[j] + "-1")), expected)
                << debian[i] << " and " << debian[j];
        }
    for (std::size_t i = 1; i < debian.size(); ++i)
        EXPECT_TRUE(dpkg_says(debian[i - 1] + "-1", "lt", debian[i] + "-1"))
            << debian[i - 1] << " and " << debian[i];
}

TEST(CompareDebianVersions, KnowsThePolicysExamples) {
    const std::vector<std::string> sorted = {"~~",   "~~a",   "~",     "",       "0.1~",
                                             "0.1",  "0.1-1", "0.1-2", "0.1-10", "0.1a",
                                             "0.1+", "0.1.1", "a",     "1:0"};
    for (std::size_t i = 0; i < sorted.size(); ++i)
        for (std::size_t j = 0; j < sorted.size(); ++j)
            EXPECT_EQ(sign(compare_debian_versions(sorted[i], sorted[j])), (i > j) - (i < j))
                << "'" << sorted[i] << "' and '" << sorted[j] << "'";
    EXPECT_EQ(compare_debian_versions("1.0", "0:1.0-0"), 0);
    EXPECT_EQ(compare_debian_versions("1.00", "1.0"), 0);
    EXPECT_EQ(compare_debian_versions("1.0-", "1.0"), 0);
    EXPECT_LT(compare_debian_versions("99999999999999999999998", "99999999999999999999999"), 0);
}

TEST(CompareDebianVersions, AgreesWithDpkg) {
    std::mt19937 random(7);
    const auto some = [&](std::string_view characters, unsigned most) {
        std::string text;
        for (auto n = random() % (most + 1); n > 0; --n)
            text += characters[random() % characters.size()];
        return text;
    };
    for (int round = 0; round < 400; ++round) {
        const auto make = [&] {
            std::string version = random() % 4 == 0 ? std::to_string(random() % 3) + ":" : "";
            version += std::to_string(random() % 3) + some("019a~+.zB", 5);
            if (random() % 2 == 0) version += "-" + some("01a~+.", 3) + "0";
            return version;
        };
        const auto a = make();
        const auto b = make();
        const int ours = sign(compare_debian_versions(a, b));
        EXPECT_TRUE(dpkg_says(a,
                              ours < 0   ? "lt"
                              : ours > 0 ? "gt"
                                         : "eq",
                              b))
            << a << " and " << b << ": " << ours;
        EXPECT_EQ(sign(compare_debian_versions(b, a)), -ours);
    }
}

TEST(CheckDebianVersion, TakesWhatPolicyTakes) {
    for (const char* version : {"1", "1.0", "1.0-1", "1:1.0-1", "1.0-2-3", "1:2:3-1",
                                "1.0~rc1+git1-1~b1", "0~abc", "1.0.~post1-1"})
        EXPECT_TRUE(check_debian_version(version)) << version;
}

TEST(CheckDebianVersion, SaysWhatIsWrong) {
    const std::pair<const char*, const char*> cases[] = {
        {"", ": a Debian version is empty; write it like 1.2 or 1.2-1"},
        {"a:1",
         "a:1: the epoch 'a' is no number; what stands before the first ':' must be digits "
         "(Debian Policy 5.6.12)"},
        {":1",
         ":1: the epoch '' is no number; what stands before the first ':' must be digits (Debian "
         "Policy 5.6.12)"},
        {"99999999999:1",
         "99999999999:1: the epoch is larger than Debian's largest; use an epoch of 2147483647 at "
         "most"},
        {"1.0-",
         "1.0-: the revision after the last '-' is empty; drop the '-', or write a revision "
         "behind it"},
        {"-1", "-1: the upstream version is empty; write it like 1.2 or 1.2-1"},
        {"v1.0",
         "v1.0: the upstream version 'v1.0' does not start with a digit; Debian Policy 5.6.12; 0~ "
         "in front keeps it valid and lowest"},
        {"1.0_2",
         "1.0_2: '_' may not stand in an upstream version; letters, digits and . + - ~ may (Debian "
         "Policy 5.6.12)"},
        {"1.0 ",
         "1.0 : ' ' may not stand in an upstream version; letters, digits and . + - ~ may (Debian "
         "Policy 5.6.12)"},
        {"1:1-1:2",
         "1:1-1:2: ':' may not stand in a revision; letters, digits and . + ~ may (Debian Policy "
         "5.6.12)"},
    };
    for (const auto& [version, expected] : cases) {
        const auto result = check_debian_version(version);
        EXPECT_EQ(error_of(result), expected);
        ASSERT_FALSE(result);
        EXPECT_EQ(result.error().code, ExitCode::bad_input);
    }
}

TEST(CheckPackageName, TakesWhatPolicyTakes) {
    for (const char* name : {"ab", "0ad", "g++", "python3.11", "lib-a+b.c"})
        EXPECT_TRUE(check_package_name(name)) << name;
}

TEST(CheckPackageName, GivesTheNearestValidSpelling) {
    const std::string letters =
        "a package name holds lower case letters, digits and + - . only (Debian Policy 5.6.7)";
    const std::string start =
        "a package name starts with a lower case letter or a digit (Debian Policy 5.6.7)";
    const std::pair<const char*, std::string> cases[] = {
        {"", ": a package name is empty; write it like my-app"},
        {"x",
         "x: a package name has two characters at least (Debian Policy 5.6.7); write it x-app"},
        {"Hello", "Hello: " + start + "; write it hello"},
        {"helloWorld", "helloWorld: " + letters + "; write it helloworld"},
        {"my_app", "my_app: " + letters + "; write it my-app"},
        {"my  app_", "my  app_: " + letters + "; write it my-app"},
        {"-app", "-app: " + start + "; write it app"},
        {"+-ab", "+-ab: " + start + "; write it ab"},
        {"__", "__: " + start + "; write it like my-app"},
        {"größe", "größe: " + letters + "; write it gr-e"},
    };
    for (const auto& [name, expected] : cases) {
        const auto result = check_package_name(name);
        EXPECT_EQ(error_of(result), expected);
        ASSERT_FALSE(result);
        const auto& hint = result.error().hint;
        if (hint == "write it like my-app") continue;
        EXPECT_TRUE(check_package_name(hint.substr(9))) << expected;
    }
}

TEST(SnapshotSuffix, IsTheCommitsTimeInUtc) {
    EXPECT_EQ(snapshot_suffix(0, "0123456789abcdef"), "+git19700101000000.0123456");
    EXPECT_EQ(snapshot_suffix(1709210096, "abcdef0123"), "+git20240229123456.abcdef0");
    EXPECT_EQ(snapshot_suffix(253402300799, "abc"), "+git99991231235959.abc");
    EXPECT_EQ(snapshot_suffix(-5, "abcdef0"), "+git19700101000000.abcdef0");
    EXPECT_EQ(snapshot_suffix(INT64_MAX, "abcdef0"), "+git99991231235959.abcdef0");
}

TEST(SnapshotSuffix, UpgradesTheVersionItStandsBehindAndNoLaterOne) {
    const auto early = snapshot_suffix(1709210096, "fffffff");
    const auto late = snapshot_suffix(1709210097, "0000000");
    for (const char* version : {"1.0", "1.0~rc1", "1.0~~dev1", "1.0.~post1", "1.0+local"}) {
        EXPECT_TRUE(dpkg_says(version, "lt", version + early)) << version;
        EXPECT_TRUE(dpkg_says(version + early, "lt", version + late)) << version;
        EXPECT_TRUE(check_debian_version(version + early + "-1")) << version;
    }
    EXPECT_TRUE(dpkg_says("1.0" + late + "-1", "lt", "1.0.~post1-1"));
    EXPECT_TRUE(dpkg_says("1.0" + late + "-1", "lt", "1.0.1~~dev1-1"));
    EXPECT_TRUE(dpkg_says("1.0~rc1" + late + "-1", "lt", "1.0~rc2-1"));
}

TEST(NormaliseDistribution, FollowsPep503) {
    EXPECT_EQ(normalise_distribution("Flask_Login.Ext"), "flask-login-ext");
    EXPECT_EQ(normalise_distribution("a-_.b"), "a-b");
    EXPECT_EQ(normalise_distribution("ruamel.yaml"), "ruamel-yaml");
    EXPECT_EQ(normalise_distribution(""), "");
}

TEST(VersionOfTag, FindsTheVersion) {
    const std::pair<const char*, const char*> cases[] = {
        {"1.2", "1.2"},
        {"v1.2.3", "1.2.3"},
        {"V1.2", "1.2"},
        {"v.1.2", "1.2"},
        {"hello-1.2", "1.2"},
        {"hello-flask-1.2rc1", "1.2rc1"},
        {"release-1.2", "1.2"},
        {"release_1.2", "1.2"},
        {"release1.2", "1.2"},
        {"hello/v1.2", "1.2"},
        {"packages/hello/release-2.0", "2.0"},
        {"v1.2-rc1", "1.2rc1"},
        {"v1.0-beta", "1.0b0"},
        {"py3-1.0", "1.0"},
        {"1.0-1", "1.0.post1"},
        {"2024.01.15", "2024.1.15"},
    };
    for (const auto& [tag, version] : cases) EXPECT_EQ(version_of_tag(tag), version) << tag;
}

TEST(ParseReleaseTag, FindsTheProduct) {
    const std::pair<const char*, const char*> cases[] = {
        {"1.2", ""},
        {"v1.2", ""},
        {"release-1.2", ""},
        {"rel_1.2", ""},
        {"hello-1.2", "hello"},
        {"hello@1.2", "hello"},
        {"hello-flask-v1.2rc1", "hello-flask"},
        {"packages/hello/release-2.0", "packages/hello"},
        {"hello/v1.2-rc1", "hello"},
    };
    for (const auto& [tag, product] : cases) {
        const auto release = parse_release_tag(tag);
        ASSERT_TRUE(release) << tag;
        EXPECT_EQ(release->product, product) << tag;
    }
}

TEST(SameVersion, IgnoresZerosAtTheEnd) {
    EXPECT_TRUE(same_version("1.0", "v1.0.0"));
    EXPECT_TRUE(same_version("1.0rc1", "1.0.0-RC1"));
    EXPECT_FALSE(same_version("1.0", "1.0.1"));
    EXPECT_FALSE(same_version("1.0", "1.0.post1"));
    EXPECT_TRUE(same_version("any", "any"));
    EXPECT_EQ(public_version("1.4.3.dev2+gabcdef0"), "1.4.3.dev2");
    EXPECT_EQ(public_version("1.4"), "1.4");
}

TEST(VersionOfTag, LeavesOtherTagsAlone) {
    for (const char* tag :
         {"", "v", "nightly", "release-2024-01-15", "1.2-final-x", "stable/", "a-b-c"})
        EXPECT_EQ(version_of_tag(tag), std::nullopt) << tag;
}

TEST(Version, SurvivesAnyInput) {
    for (const char* seed : {"1!1.0rc1.post2.dev3+local.1", "1:1.0~rc1+git20240229.abc-1~b1",
                             "packages/hello/release-2.0-beta_3"})
        test::survive_damage(
            seed,
            [](std::string_view text) {
                const auto debian = pep440_to_debian(text);
                EXPECT_TRUE(!debian || check_debian_version(*debian)) << text;
                const auto checked = check_debian_version(text);
                EXPECT_EQ(compare_debian_versions(text, text), 0);
                EXPECT_EQ(sign(compare_debian_versions(text, "1.0")),
                          -sign(compare_debian_versions("1.0", text)));
                const auto version = version_of_tag(text);
                EXPECT_TRUE(!version || normalise_pep440(*version) == *version) << text;
                const auto name = check_package_name(text);
                (void)checked, (void)name;
            },
            2000);
}

}  // namespace
}  // namespace dba
