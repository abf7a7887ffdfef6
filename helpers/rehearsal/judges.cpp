#include "rehearsal/judges.hpp"

#include <fmt/format.h>

#include "formats/debian/judges.hpp"
#include "formats/text/text.hpp"
#include "rehearsal/piuparts.hpp"
#include "rehearsal/stopwatch.hpp"

namespace dba::rehearsal {

namespace {

// Whether the tool can be started at all.
bool is_installed(const std::string& tool, const JudgeInputs& inputs, ProcessRunner& processes) {
    return processes.run({.argv = {tool, "--version"}, .environment = inputs.environment})
        .has_value();
}

RehearsalRow absent(const std::string& tool, const std::string& done) {
    return {.act = tool,
            .done = done,
            .expected = "no error",
            .seen = "not installed, left out",
            .outcome = Outcome::left_out};
}

// Its exit status is not 0 for an error that is not overridden, and when it did not come to its
// end; which number means which has changed between its versions.
Result<RehearsalRow> judge_by_lintian(const JudgeInputs& inputs, ProcessRunner& processes) {
    const Stopwatch watch;
    Command command{.argv = {"lintian", "--allow-root", "--show-overrides", "--color", "never",
                             "--fail-on", "none", "--tag-display-limit", "0", inputs.deb},
                    .environment = inputs.environment,
                    .directory = inputs.scratch};
    command.environment["TMPDIR"] = inputs.scratch;
    TRY_ASSIGN(const Completed done, processes.run(command));
    const LintianReport report = parse_lintian(done.out);

    RehearsalRow row{.act = "lintian", .done = inputs.deb.filename(), .expected = "no error"};
    row.seconds = watch.seconds();
    std::string rest = text::counted(report.warnings.size(), "warning");
    if (!report.warnings.empty())
        rest += fmt::format(" ({})", fmt::join(tag_names(report.warnings), ", "));
    rest += fmt::format(", {} overridden", report.overridden);
    if (done.status == 0 && report.errors.empty()) {
        row.seen = "no error; " + rest;
        return row;
    }
    row.outcome = Outcome::failed;
    row.look = quote_command({"lintian", inputs.deb});
    if (!report.errors.empty()) {
        row.seen = fmt::format("{}: {}; {}", text::counted(report.errors.size(), "error"),
                               fmt::join(tag_names(report.errors), ", "), rest);
        std::string all;
        for (const std::string& error : report.errors) all += "E: " + error + "\n";
        row.evidence = last_lines(all, 30);
        return row;
    }
    row.seen = fmt::format("it ended with status {}", done.status);
    row.evidence = last_lines(done.err.empty() ? done.out : done.err, 30);
    return row;
}

}  // namespace

Environment with_system_path(Environment environment) {
    std::string& path = environment["PATH"];
    path += (path.empty() ? "" : ":") + std::string("/usr/sbin:/usr/bin:/sbin:/bin");
    return environment;
}

Result<std::vector<RehearsalRow>> judge(const JudgeInputs& given, ProcessRunner& processes,
                                        Log& log) {
    JudgeInputs inputs = given;
    inputs.environment = with_system_path(inputs.environment);
    std::vector<RehearsalRow> rows;
    if (is_installed("lintian", inputs, processes)) {
        log.step("rehearse", "lintian looks into the package");
        TRY_ASSIGN(RehearsalRow row, judge_by_lintian(inputs, processes));
        rows.push_back(std::move(row));
    } else {
        rows.push_back(absent("lintian", inputs.deb.filename()));
    }
    if (is_installed("piuparts", inputs, processes)) {
        TRY(judge_by_piuparts(inputs, processes, log, rows));
    } else {
        rows.push_back(absent("piuparts", "install, upgrade, remove and purge"));
    }
    return rows;
}

}  // namespace dba::rehearsal
