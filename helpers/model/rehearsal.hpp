// What a rehearsal tells: one row for each act of a package's life.
#pragma once

#include <string>
#include <vector>

#include "model/result.hpp"

namespace dba {

enum class Outcome { ok, failed, left_out };  // left_out: not played, `seen` says why; no failure

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

struct Rehearsal {
    static constexpr int format = 1;

    std::string suite;
    std::string package, version;
    std::vector<std::string> from;  // the versions that it was upgraded from, in order
    std::vector<RehearsalRow> rows;
    std::string kept;  // the root, with --keep; else ""

    [[nodiscard]] int failed() const;
};

// For people: the rows under headings, cells wrapped, evidence below the table.
std::string to_text(const Rehearsal& rehearsal);
// {"format": 1, "rehearsals": [...]}: docs/reference.md.
std::string to_json_text(const std::vector<Rehearsal>& rehearsals);

}  // namespace dba
