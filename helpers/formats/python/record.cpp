#include "formats/python/record.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

#include "formats/debian/version.hpp"
#include "formats/text/text.hpp"

namespace dba {
namespace {

// One CSV record, quotes undone (RFC 4180, as Python's csv module reads it).
struct CsvRecord {
    std::vector<std::string> cells;
    std::size_t line = 0;  // where it starts, from 1
    bool closed = true;    // false: the file ends inside quotes
};

class CsvReader {
 public:
    explicit CsvReader(std::string_view bytes) : rest_(bytes) {}

    bool next(CsvRecord& record) {
        if (rest_.empty()) return false;
        record = CsvRecord{{""}, line_, true};
        bool quoted = false;
        while (!rest_.empty()) {
            const char c = rest_[0];
            rest_.remove_prefix(1);
            if (c == '\n') ++line_;
            auto& cell = record.cells.back();
            if (quoted) {
                if (c != '"') {
                    cell += c;
                } else if (rest_.starts_with('"')) {
                    cell += c;
                    rest_.remove_prefix(1);
                } else {
                    quoted = false;
                }
            } else if (c == '"') {
                quoted = true;
            } else if (c == ',') {
                record.cells.emplace_back();
            } else if (c == '\n') {
                return true;
            } else if (c != '\r' || !(rest_.empty() || rest_[0] == '\n')) {
                cell += c;
            }
        }
        record.closed = !quoted;
        return true;
    }

 private:
    std::string_view rest_;
    std::size_t line_ = 1;
};

std::string csv_cell(const std::string& text) {
    if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
    std::string quoted = "\"";
    for (const char c : text) {
        if (c == '"') quoted += '"';
        quoted += c;
    }
    return quoted + "\"";
}

}  // namespace

Result<std::vector<RecordRow>> parse_record(std::string_view bytes, std::string_view file_name) {
    std::vector<RecordRow> rows;
    CsvReader reader(bytes);
    CsvRecord record;
    while (reader.next(record)) {
        const auto fail = [&](std::string_view cause) {
            return bad_input(std::string(file_name), fmt::format("line {}: {}", record.line, cause),
                             "RECORD holds lines of path,hash,size (PEP 376)");
        };
        auto& cells = record.cells;
        if (!record.closed) return fail("a quote is never closed");
        if (cells.size() == 1 && cells[0].empty()) continue;
        if (cells.size() > 3) return fail(fmt::format("{} columns", cells.size()));
        if (cells[0].empty()) return fail("a row without a path");
        cells.resize(3);
        if (!std::all_of(cells[2].begin(), cells[2].end(), text::is_digit))
            return fail(fmt::format("the size {} is no number", text::quote(cells[2])));
        rows.push_back({std::move(cells[0]), std::move(cells[1]), std::move(cells[2])});
    }
    return rows;
}

std::vector<std::string> mend_record(std::vector<RecordRow>& rows, std::string_view info) {
    const std::string meant = normalise_distribution(info);
    const std::string own = fmt::format("{}/RECORD", info);
    std::vector<std::string> mended;
    for (RecordRow& row : rows) {
        const std::size_t slash = row.path.find('/');
        const std::string_view top = std::string_view(row.path).substr(0, slash);
        if (slash != std::string::npos && top != info && top.ends_with(".dist-info") &&
            normalise_distribution(top) == meant) {
            mended.push_back(row.path);
            row.path.replace(0, slash, info);
        }
        if (row.path != own || (row.hash.empty() && row.size.empty())) continue;
        mended.push_back(fmt::format("{} of {} bytes", row.path, row.size));
        row.hash.clear();
        row.size.clear();
    }
    return mended;
}

std::string to_record(std::vector<RecordRow> rows) {
    // By all columns: some installers name a file twice, and its rows must not depend on their
    // order.
    std::sort(rows.begin(), rows.end(), [](const RecordRow& a, const RecordRow& b) {
        return std::tie(a.path, a.hash, a.size) < std::tie(b.path, b.hash, b.size);
    });
    std::string text;
    for (const auto& row : rows)
        text +=
            fmt::format("{},{},{}\n", csv_cell(row.path), csv_cell(row.hash), csv_cell(row.size));
    return text;
}

std::string record_hash(std::string_view hex) {
    static constexpr std::string_view alphabet =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    constexpr std::size_t digest_size = 32;
    if (hex.size() != 2 * digest_size) return {};
    std::string encoded;
    unsigned bits = 0;
    unsigned pending = 0;  // how many low bits of `bits` are still to be written
    for (const char c : hex) {
        const int value = text::hex_value(c);
        if (value < 0) return {};
        bits = bits << 4U | static_cast<unsigned>(value);
        pending += 4;
        if (pending < 6) continue;
        pending -= 6;
        encoded += alphabet[bits >> pending & 63U];
        bits &= (1U << pending) - 1;
    }
    if (pending > 0) encoded += alphabet[bits << (6 - pending) & 63U];
    return "sha256=" + encoded;
}

}  // namespace dba
