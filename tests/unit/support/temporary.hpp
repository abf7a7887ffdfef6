// A real directory for one test, gone afterwards.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "system/files/files.hpp"

namespace dba {

class Temporary : public ::testing::Test {
 protected:
    void SetUp() override {
        auto made = make_scratch(fs::temp_directory_path(), "unit-system");
        ASSERT_TRUE(made) << made.error().cause;
        root_ = *made;
    }
    void TearDown() override { EXPECT_TRUE(remove_tree(root_)); }

    // Writes a file below root(), with the directories above it.
    fs::path put(const std::string& relative, const std::string& bytes, unsigned mode = 0644) {
        const fs::path file = root_ / relative;
        EXPECT_TRUE(make_directories(file.parent_path()));
        EXPECT_TRUE(write_file(file, bytes, mode));
        return file;
    }
    [[nodiscard]] const fs::path& root() const { return root_; }

 private:
    fs::path root_;
};

}  // namespace dba
