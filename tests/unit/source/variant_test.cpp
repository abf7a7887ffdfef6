#include "source/variant.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/fakes.hpp"
#include "support/render_fixture.hpp"

namespace dba::steps::testing {
namespace {

class VariantFiles : public ::testing::Test {
 protected:
    dba::testing::TemporaryDirectory directory;
    std::string declared_default;

    void write(const std::string& name, const std::string& bytes = "x\n",
               unsigned mode = 0644) const {
        directory.write("conf/" + name, bytes, mode);
    }
    [[nodiscard]] Result<Variants> read() const {
        return read_variants({(directory.path() / "conf").string(), declared_default});
    }
    [[nodiscard]] std::string error() const {
        const auto got = read();
        return got ? "no error" : text_of(got.error());
    }
};

TEST_F(VariantFiles, FilesModesMapAndDefault) {
    write("production/a.toml");
    write("production/sub/run", "#!/bin/sh\n", 0750);
    write("development/a.toml", "y\n", 0600);
    write("development/.gitkeep");
    write(".gitignore");
    write("hosts", "# comment\n\n web-[0-9]* production # these\n* development\n");
    declared_default = "development";
    const auto got = read();
    ASSERT_TRUE(got) << error();
    std::string files;
    for (const auto& [name, own] : got->files)
        for (const VariantFile& file : own)
            files += fmt::format("{}/{} {:o}\n", name, file.path, file.mode);
    EXPECT_EQ(files, "development/a.toml 644\nproduction/a.toml 644\nproduction/sub/run 755\n");
    EXPECT_THAT(got->hosts, ::testing::ElementsAre(std::pair("web-[0-9]*", "production"),
                                                   std::pair("*", "development")));
    EXPECT_EQ(got->default_variant, "development");
}

TEST_F(VariantFiles, TheOnlyOneIsTheDefault) {
    write("production/a.toml");
    const auto got = read();
    ASSERT_TRUE(got) << error();
    EXPECT_EQ(got->default_variant, "production");
}

TEST_F(VariantFiles, TheDirectoryAndWhatIsInIt) {
    EXPECT_EQ(error(), "3\nCONFIG_VARIANTS conf\nthere is no such directory: " +
                           directory.path().string() + "/conf\nit holds one directory per variant");
    write(".gitignore");
    EXPECT_EQ(error(),
              "3\nCONFIG_VARIANTS conf\nthere is no variant in it\n"
              "each variant's files are in the directory of its name");
    write("README");
    EXPECT_EQ(
        error(),
        "3\nCONFIG_VARIANTS conf\nREADME is neither a variant's directory nor the file hosts\n"
        "each variant's files are in the directory of its name");
    (void)remove_tree(directory.path() / "conf/README");
    write("production/sub/.gitkeep");
    EXPECT_EQ(error(),
              "3\nCONFIG_VARIANTS conf\nthe variant production has no file\n"
              "put its files there, or take the directory away");
    write("Staging/a");
    EXPECT_EQ(error(),
              "3\nCONFIG_VARIANTS conf\n'Staging' cannot be a variant's name\n"
              "a name has a-z, 0-9, '+', '.' and '-', a letter or digit first");
}

TEST_F(VariantFiles, FilesThatCannotBeConfiguration) {
    write("production/a b.toml");
    EXPECT_EQ(
        error(),
        "3\nCONFIG_VARIANTS conf\n'production/a b.toml' is not a name that ucf can work with\n"
        "letters, digits, '.', '_', '+', '@' and '-'");
    (void)remove_tree(directory.path() / "conf/production");
    write("production/a");
    fs::create_symlink("a", directory.path() / "conf/production/b");
    EXPECT_EQ(error(),
              "3\nCONFIG_VARIANTS conf\nproduction/b is a symbolic link\n"
              "put the file there; ucf, which brings it to /etc, takes nothing else");
    (void)remove_tree(directory.path() / "conf/production");
    write("production/a");
    write("staging/a/b");
    EXPECT_EQ(error(),
              "3\nCONFIG_VARIANTS conf\nproduction/a is a file, and staging/a/b lies below that "
              "path\na host could not change from one variant to the other");
}

TEST_F(VariantFiles, DefaultsThatAreMissingOrUnknown) {
    write("production/a");
    write("staging/a");
    EXPECT_EQ(error(),
              "2\nCONFIG_VARIANTS conf\n"
              "it has several variants (production, staging) and no DEFAULT\n"
              "say which one a host has that nothing else decides for: "
              "CONFIG_VARIANTS conf DEFAULT production");
    declared_default = "stagin";
    EXPECT_EQ(error(),
              "2\nCONFIG_VARIANTS conf DEFAULT stagin\nthere is no such variant\n"
              "did you mean staging?");
    declared_default = "x";
    EXPECT_EQ(error(),
              "2\nCONFIG_VARIANTS conf DEFAULT x\nthere is no such variant\n"
              "it has production, staging");
}

TEST_F(VariantFiles, LinesOfTheMap) {
    write("production/a");
    const std::string where = "3\nCONFIG_VARIANTS conf/hosts:2\n";
    write("hosts", "web production\nweb prodution\n");
    EXPECT_EQ(error(), where + "there is no variant 'prodution'\ndid you mean production?");
    write("hosts", "\nweb production twice\n");
    EXPECT_EQ(error(), where +
                           "'web production twice' is not PATTERN VARIANT\n"
                           "for example: web-*.example.org production");
    write("hosts", "\nweb\n");
    EXPECT_EQ(error(), where +
                           "'web' is not PATTERN VARIANT\n"
                           "for example: web-*.example.org production");
    write("hosts", "\n$(reboot) production\n");
    EXPECT_EQ(error(), where +
                           "'$(reboot)' is not a pattern of host names\n"
                           "letters, digits, '.', '-' and '_', with '*', '?' and '[...]'");
}

}  // namespace
}  // namespace dba::steps::testing
