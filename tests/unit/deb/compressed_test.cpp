// Sections that were compressed apart, one behind the other, read by the formats' own programs.
#include "deb/compressed.hpp"

#include <gmock/gmock.h>

#include <random>

#include "deb/write.hpp"
#include "support/fakes.hpp"
#include "system/process/environment.hpp"

namespace dba::deb {
namespace {

using dba::testing::Workshop;

class Sections : public ::testing::TestWithParam<Compression> {
 protected:
    std::string piece() {
        const auto kind = random_() % 6;
        const std::size_t size = random_() % 3 == 0 ? random_() % 700000 : random_() % 3000;
        std::string bytes;
        switch (kind) {
            case 0:
                return "";
            case 1:
                return "x";
            case 2:
                return std::string(size, '\0');
            case 3:
                for (std::size_t i = 0; i < size; ++i) bytes += static_cast<char>(random_());
                return bytes;
            case 4:  // what was in the section before, which this one must not refer to
                return last_;
            default:
                while (bytes.size() < size)
                    bytes += "import words" + std::to_string(random_() % 50);
                return bytes;
        }
    }
    void expect_read(const std::string& stream, const std::string& bytes) {
        const fs::path file = workshop_.directory.write("stream", stream);
        const std::string program = GetParam() == Compression::zstd ? "zstd"
                                    : GetParam() == Compression::xz ? "xz"
                                                                    : "gzip";
        const auto run = [&](const char* option) {
            Command command{{program, option, "-q", "-c", file.string()},
                            clean_environment(workshop_.directory.path(), 0),
                            workshop_.directory.path(),
                            {}};
            return workshop_.processes.check(command);
        };
        const auto tested = run("-t");
        EXPECT_TRUE(tested) << tested.error().cause;
        const auto read = run("-d");
        ASSERT_TRUE(read) << read.error().cause;
        EXPECT_TRUE(read->out == bytes);
    }

    Workshop workshop_;
    std::mt19937 random_{20240301};
    std::string last_;
};

TEST_P(Sections, AreOneStreamInAnyMixture) {
    for (int round = 0; round < 8; ++round) {
        std::string stream = stream_start(GetParam()).value();
        std::string bytes;
        std::vector<CompressedSize> sizes;
        for (auto count = 1 + random_() % 7; count > 0; --count) {
            last_ = piece();
            const auto section = compress_section(last_, GetParam(), default_level(GetParam()));
            ASSERT_TRUE(section) << section.error().cause;
            const auto again = compress_section(last_, GetParam(), default_level(GetParam()));
            EXPECT_TRUE(again && again->bytes == section->bytes) << "the same bytes each time";
            EXPECT_EQ(section->size.bytes, last_.size());
            stream += section->bytes;
            bytes += last_;
            sizes.push_back(section->size);
        }
        stream += stream_end(GetParam(), sizes).value();
        expect_read(stream, bytes);
    }
}

TEST_P(Sections, AreSmallerAtAHigherLevel) {
    std::string text;
    while (text.size() < 400000)
        text += "def f" + std::to_string(random_() % 900) + "(self):\n    return " +
                std::to_string(random_()) + "\n";
    EXPECT_LT(compress_section(text, GetParam(), GetParam() == Compression::zstd ? 19 : 9)
                  .value()
                  .bytes.size(),
              compress_section(text, GetParam(), 1).value().bytes.size());
}

// All that COMPRESSION_LEVEL lets through; sizes beyond the dictionaries of the low ones.
TEST_P(Sections, OfEachLevelAreOneStream) {
    const int highest = GetParam() == Compression::zstd ? 19 : 9;
    std::string stream = stream_start(GetParam()).value();
    std::string bytes;
    std::vector<CompressedSize> sizes;
    for (int level = 1; level <= highest; ++level) {
        last_ = piece() + piece();
        const auto section = compress_section(last_, GetParam(), level);
        ASSERT_TRUE(section) << section.error().cause;
        stream += section->bytes;
        bytes += last_;
        sizes.push_back(section->size);
        EXPECT_GT(memory_of_section(GetParam(), level), 1U << 20U);
    }
    stream += stream_end(GetParam(), sizes).value();
    expect_read(stream, bytes);
}

// The memory of a build: one thread takes no more than what a whole section needs.
TEST(SectionMemory, OfXzIsBoundedByTheSection) {
    EXPECT_LT(memory_of_section(Compression::xz, 6), 115U << 20U);
    EXPECT_LT(memory_of_section(Compression::xz, 9), 330U << 20U);
}

INSTANTIATE_TEST_SUITE_P(Each, Sections,
                         ::testing::ValuesIn({Compression::zstd, Compression::xz,
                                              Compression::gzip}),
                         [](const auto& tested) { return word_of(tested.param); });

}  // namespace
}  // namespace dba::deb
