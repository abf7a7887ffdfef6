#include "formats/python/record.hpp"

#include <gtest/gtest.h>

#include "support/formats.hpp"

namespace dba {
namespace {

using test::error_of;

TEST(ParseRecord, ReadsRowsAsInstallersWriteThem) {
    const auto rows = parse_record(
        "flask/__init__.py,sha256=abc_-1,2625\r\n"
        "\"a,b \"\"c\"\".py\",sha256=x,1\n"
        "\"two\nlines.py\",,\n"
        "\n"
        "flask-3.0.dist-info/RECORD,,\n"
        "only-a-path\n"
        "../../bin/flask,sha256=y,10",
        "RECORD");
    ASSERT_TRUE(rows) << error_of(rows);
    const std::vector<RecordRow> expected = {
        {"flask/__init__.py", "sha256=abc_-1", "2625"},
        {"a,b \"c\".py", "sha256=x", "1"},
        {"two\nlines.py", "", ""},
        {"flask-3.0.dist-info/RECORD", "", ""},
        {"only-a-path", "", ""},
        {"../../bin/flask", "sha256=y", "10"},
    };
    EXPECT_EQ(*rows, expected);
    EXPECT_TRUE(parse_record("", "RECORD")->empty());
}

TEST(ParseRecord, NamesTheLineThatIsWrong) {
    const std::string hint = "; RECORD holds lines of path,hash,size (PEP 376)";
    EXPECT_EQ(error_of(parse_record("a,,\nb,c,1,d\n", "x/RECORD")),
              "x/RECORD: line 2: 4 columns" + hint);
    EXPECT_EQ(error_of(parse_record("\"a\nb\",,\n,h,1\n", "x/RECORD")),
              "x/RECORD: line 3: a row without a path" + hint);
    EXPECT_EQ(error_of(parse_record("a,,\n\"b,,\n", "x/RECORD")),
              "x/RECORD: line 2: a quote is never closed" + hint);
    EXPECT_EQ(error_of(parse_record("a,h,1k\n", "x/RECORD")),
              "x/RECORD: line 1: the size '1k' is no number" + hint);
}

TEST(ToRecord, IsSortedQuotedAndReadsBack) {
    const std::vector<RecordRow> rows = {{"b.py", "sha256=x", "1"},
                                         {"a,\"b\".py", "", ""},
                                         {"line\nend.py", "", ""},
                                         {"B.py", "sha256=y", "2"},
                                         {"ünïcödé.py", "", ""}};
    const auto text = to_record(rows);
    EXPECT_EQ(text,
              "B.py,sha256=y,2\n\"a,\"\"b\"\".py\",,\nb.py,sha256=x,1\n\"line\nend.py\",,\n"
              "ünïcödé.py,,\n");
    EXPECT_EQ(to_record(*parse_record(text, "RECORD")), text);
    EXPECT_EQ(to_record({}), "");
    EXPECT_EQ(to_record({{"a", "h2", "1"}, {"a", "h1", "2"}}), "a,h1,2\na,h2,1\n");
}

TEST(RecordHash, IsUrlsafeBase64WithoutPadding) {
    // The empty file's SHA-256, as every RECORD with an empty __init__.py has it.
    EXPECT_EQ(record_hash("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
              "sha256=47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU");
    EXPECT_EQ(record_hash("E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B855"),
              "sha256=47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU");
    EXPECT_EQ(record_hash(""), "");
    EXPECT_EQ(record_hash(std::string(63, '0')), "");
    EXPECT_EQ(record_hash(std::string(63, '0') + "g"), "");
}

TEST(Record, SurvivesDamage) {
    test::survive_damage("a.py,sha256=x,1\n\"b,\"\"c\"\n d\",,\r\ne/RECORD,,\n",
                         [](std::string_view bytes) {
                             const auto rows = parse_record(bytes, "RECORD");
                             if (!rows) return;
                             const auto text = to_record(*rows);
                             const auto again = parse_record(text, "again");
                             ASSERT_TRUE(again) << text;
                             EXPECT_EQ(to_record(*again), text);
                         });
}

}  // namespace
}  // namespace dba
