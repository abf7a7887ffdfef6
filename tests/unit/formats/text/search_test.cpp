#include "formats/text/search.hpp"

#include <gmock/gmock.h>

#include <random>

namespace dba {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(PatternSearch, FindsEachPatternWhereverItLies) {
    const PatternSearch search({"/build/one", "/build/second", "/srv"});
    EXPECT_THAT(search.find("/build/one x /build/second/build/one/srv"),
                ElementsAre(Match{0, 0}, Match{1, 13}, Match{0, 26}, Match{2, 36}));
    EXPECT_THAT(search.find(""), IsEmpty());
    EXPECT_THAT(search.find("/build/on"), IsEmpty());
    EXPECT_THAT(search.find("/sr"), IsEmpty());
}

TEST(PatternSearch, PatternsThatShareBeginningsEndingsAndBytesAreAllReported) {
    const PatternSearch search({"/a/b", "/a/b/c", "b/c", "/a/b", ""});
    EXPECT_THAT(search.find("x/a/b/c"),
                ElementsAre(Match{0, 1}, Match{1, 1}, Match{3, 1}, Match{2, 4}));
}

TEST(PatternSearch, ShortPatternsAndBinaryBytes) {
    const PatternSearch search({"/b", std::string("\0\xff/", 3)});
    EXPECT_THAT(search.find(std::string("/b\0\xff/b/", 7)),
                ElementsAre(Match{0, 0}, Match{1, 2}, Match{0, 4}));
}

TEST(PatternSearch, StopsAtTheLimitWithTheFirstOnes) {
    const PatternSearch search({"abcd"});
    EXPECT_THAT(search.find("abcdabcdabcd", 2), ElementsAre(Match{0, 0}, Match{0, 4}));
}

TEST(PatternSearch, NoPatternsFindNothing) {
    EXPECT_THAT(PatternSearch({}).find("anything"), IsEmpty());
    EXPECT_THAT(PatternSearch({""}).find("anything"), IsEmpty());
}

// The naive search is the specification.
TEST(PatternSearch, AgreesWithTheNaiveSearchOnRandomTexts) {
    std::mt19937 random(20240229);
    std::uniform_int_distribution<int> letter('a', 'c');
    const auto word = [&](int length) {
        std::string made;
        for (int i = 0; i < length; ++i) made += static_cast<char>(letter(random));
        return made;
    };
    for (int round = 0; round < 300; ++round) {
        std::vector<std::string> patterns;
        for (int i = 0; i < 1 + round % 5; ++i) patterns.push_back(word(1 + (round + i * 3) % 9));
        const std::string text = word(round);
        std::vector<Match> expected;
        for (std::size_t offset = 0; offset < text.size(); ++offset)
            for (std::size_t i = 0; i < patterns.size(); ++i)
                if (text.compare(offset, patterns[i].size(), patterns[i]) == 0)
                    expected.push_back({i, offset});
        ASSERT_EQ(PatternSearch(patterns).find(text), expected) << "round " << round;
    }
}

}  // namespace
}  // namespace dba
