// The result of a rehearsal: one row for each act of a package's life.
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "model/choices.hpp"
#include "model/result.hpp"

namespace dba {

enum class Outcome { ok, failed, left_out };  // left_out: not played, `seen` says why; no failure

template <>
inline constexpr std::array<std::string_view, 3> choices_of<Outcome> = {"ok", "failed", "left out"};

struct RehearsalRow {
    std::string act;       // "install", "crash", "piuparts"
    std::string done;      // what was done
    std::string expected;  // what ought to be seen
    std::string seen;      // what was; of a failed row each thing that is wrong, one a line
    Outcome outcome = Outcome::ok;
    std::string evidence;  // of a failed row: the last lines of logs, else ""
    std::string look;      // of a failed row: the command that shows all of it, else ""
    double seconds = 0;
};

template <class V>
void fields(V& v, RehearsalRow& row) {
    v("act", row.act);
    v.bytes("done", row.done);
    v.bytes("expected", row.expected);
    v.bytes("seen", row.seen);
    v("verdict", row.outcome);
    v.bytes("evidence", row.evidence);
    v.bytes("look", row.look);
    v("seconds", row.seconds);
}

struct Rehearsal {
    static constexpr int format = 1;

    std::string suite;
    std::string package, version;
    std::vector<std::string> from;  // the versions that it was upgraded from, in order
    std::vector<RehearsalRow> rows;
    std::string kept;  // the root, with --keep; else ""

    [[nodiscard]] int failed() const;
};

template <class V>
void fields(V& v, Rehearsal& rehearsal) {
    v("suite", rehearsal.suite);
    v("package", rehearsal.package);
    v("version", rehearsal.version);
    v("from", rehearsal.from);
    v.derived("failed", rehearsal.failed());
    v("kept", rehearsal.kept);
    v("rows", rehearsal.rows);
}

// For people: the rows under headings, cells wrapped, evidence below the table.
std::string to_text(const Rehearsal& rehearsal);
// {"format": 1, "rehearsals": [...]}: docs/reference.md.
std::string to_json_text(const std::vector<Rehearsal>& rehearsals);

}  // namespace dba
