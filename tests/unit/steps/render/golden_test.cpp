// Whole rendered packages against tests/golden/render/<case>/. With UPDATE_GOLDEN=1 in the
// environment the files are written anew instead; read the difference before committing it. What is
// shipped as it lies in templates/ is no golden's: tree.txt names the template.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <map>

#include "support/render_fixture.hpp"
#include "system/files/resources.hpp"

namespace dba::steps::testing {
namespace {

using Texts = std::map<std::string, std::string>;

// The template that `bytes` is a copy of, or "".
std::string template_of(const std::string& bytes) {
    for (const Resource& one : resource_table())
        if (one.bytes == bytes) return std::string(one.name);
    return {};
}

// Every text of the output by name, but for copies of templates, and "tree.txt", which lists the
// layer.
Texts texts_of(const Rendered& rendered) {
    Texts out;
    std::string tree;
    for (const LayerEntry& entry : rendered.host.entries) {
        if (entry.kind == EntryKind::directory) {
            tree += fmt::format("{:04o} {}/\n", entry.mode, entry.path);
        } else if (entry.kind == EntryKind::symlink) {
            tree += fmt::format("link {} -> {}\n", entry.path, entry.link_target);
        } else {
            const std::string bytes = read_file(rendered.host.file(entry)).value();
            const std::string copied = template_of(bytes);
            tree += fmt::format("{:04o} {}{}\n", entry.mode, entry.path,
                                copied.empty() ? "" : " = templates/" + copied);
            if (copied.empty() && !entry.path.ends_with(".gz")) out["tree" + entry.path] = bytes;
        }
    }
    out["tree.txt"] = tree;
    for (const auto& member : fs::directory_iterator(rendered.debian))
        out["DEBIAN/" + member.path().filename().string()] = read_file(member.path()).value();
    return out;
}

void compare(const std::string& name, const Texts& texts) {
    const fs::path directory = fs::path(GOLDEN_DIR) / "render" / name;
    if (std::getenv("UPDATE_GOLDEN") != nullptr) {
        fs::remove_all(directory);
        for (const auto& [file, text] : texts) {
            fs::create_directories((directory / file).parent_path());
            ASSERT_TRUE(write_file(directory / file, text).has_value());
        }
        return;
    }
    std::vector<std::string> names;
    for (const auto& file : fs::recursive_directory_iterator(directory))
        if (file.is_regular_file()) names.push_back(fs::relative(file.path(), directory).string());
    std::sort(names.begin(), names.end());
    std::vector<std::string> made;
    for (const auto& [file, text] : texts) {
        made.push_back(file);
        const auto expected = read_file(directory / file);
        if (expected) {
            EXPECT_EQ(*expected, text) << name << "/" << file;
        }
    }
    EXPECT_EQ(names, made);
}

// shellcheck is part of the tests: a script that it objects to is not shipped.
void check_shell(Outside& outside, const Texts& texts) {
    for (const auto& [file, text] : texts) {
        if (!text.starts_with("#!/bin/sh\n")) continue;
        const Command command{
            {"shellcheck", "-s", "sh", "-"}, {{"PATH", "/usr/bin:/bin"}}, "/", text};
        const auto completed = outside.processes.run(command);
        ASSERT_TRUE(completed.has_value()) << "shellcheck must be installed (see setup.sh)";
        EXPECT_EQ(completed->status, 0) << file << "\n" << completed->out;
    }
}

void expect_golden(const std::string& name, Manifest (*make)(Outside&)) {
    Outside outside;
    const auto rendered = render_in(outside, make(outside));
    ASSERT_TRUE(rendered.has_value()) << text_of(rendered.error());
    const Texts texts = texts_of(*rendered);
    compare(name, texts);
    check_shell(outside, texts);
}

TEST(RenderGolden, ServicesUnderBothRunners) {
    expect_golden("mixed", mixed_manifest);
}
TEST(RenderGolden, NoService) {
    expect_golden("library", library_manifest);
}
TEST(RenderGolden, EveryKeywordOfAService) {
    expect_golden("full", full_manifest);
}

TEST(RenderGolden, PlaybookOfTheTarget) {
    expect_golden("configured", configured_manifest);
}

TEST(RenderGolden, VariantsOfTheConfiguration) {
    expect_golden("variants", varied_manifest);
}

TEST(RenderGolden, EachScriptSaysFirstWhatItIsFor) {
    Outside outside;
    const auto rendered = render_in(outside, full_manifest(outside));
    ASSERT_TRUE(rendered.has_value());
    for (const char* script : {"preinst", "postinst", "prerm", "postrm"}) {
        const std::string text = read_file(rendered->debian / script).value();
        EXPECT_TRUE(text.starts_with(fmt::format("#!/bin/sh\n# {} of many: ", script))) << text;
        EXPECT_NE(text.find("\nset -e\n"), std::string::npos);
    }
}

TEST(RenderGolden, TheSameInputsGiveTheSameBytes) {
    Outside one, other;
    const auto first = render_in(one, full_manifest(one));
    const auto second = render_in(other, full_manifest(other));
    ASSERT_TRUE(first.has_value() && second.has_value());
    EXPECT_EQ(first->host.digest, second->host.digest);
    EXPECT_EQ(texts_of(*first), texts_of(*second));
}

}  // namespace
}  // namespace dba::steps::testing
