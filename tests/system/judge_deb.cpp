// judge_deb ROOT SUITE SCRATCH NEW.deb [OLD.deb]...: the rehearsal's judges alone. Their rows are
// printed as one JSON object a line.
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "rehearsal/judges.hpp"
#include "system/host.hpp"
#include "system/process/environment.hpp"

int main(int count, char** words) {
    using namespace dba;
    if (count < 5) return 2;
    rehearsal::JudgeInputs inputs{.deb = words[4],
                                  .suite = words[2],
                                  .root = words[1],
                                  .scratch = words[3],
                                  .environment = own_environment()};
    for (int i = 5; i < count; ++i) inputs.older.emplace_back(words[i]);
    RealProcessRunner processes;
    StderrLog log;
    const auto rows = rehearsal::judge(inputs, processes, log);
    if (!rows) {
        fmt::print(stderr, "{}: {}\n{}\n", rows.error().subject, rows.error().cause,
                   rows.error().hint);
        return static_cast<int>(rows.error().code);
    }
    constexpr const char* outcomes[] = {"ok", "failed", "left out"};
    for (const RehearsalRow& row : *rows)
        fmt::print("{}\n", nlohmann::json{{"act", row.act},
                                          {"done", row.done},
                                          {"expected", row.expected},
                                          {"seen", row.seen},
                                          {"verdict", outcomes[static_cast<int>(row.outcome)]},
                                          {"evidence", row.evidence},
                                          {"look", row.look},
                                          {"seconds", row.seconds}}
                               .dump());
    return 0;
}
