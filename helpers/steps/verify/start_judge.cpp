#include "steps/verify/start_judge.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "formats/text/suggest.hpp"
#include "formats/text/text.hpp"
#include "steps/verify/faults.hpp"

namespace dba::steps {
namespace {

constexpr const char* of_the_host =
    "the package is made: it may be what only the host has, a database or a configuration";

}  // namespace

void StartJudge::find(const std::string& message, const std::string& hint) const {
    findings.push_back({"start", "", message, hint});
}

void StartJudge::warn(const std::string& message, const std::string& hint) const {
    warnings.push_back({"start", "", message, hint});
}

void StartJudge::judge(const std::string& what, const WantedAtStart& wanted,
                       const ImportResult& result, const Distribution* of, bool elsewhere,
                       int seconds) const {
    const std::string subject = fmt::format("{}: {}", what, wanted.name);
    if (result.outcome == "ok") return;
    if (result.outcome == "missing") {
        std::string hint = "name an object that is there, or mend the module";
        std::string lacking = result.attribute;
        if (!wanted.any.empty()) {
            lacking = fmt::format("{}", fmt::join(wanted.any, " or "));
            if (!wanted.types.empty())
                lacking += fmt::format(", and nothing of the kind {}", wanted.types.front());
        }
        if (const std::string near = nearest(result.attribute, result.names); !near.empty())
            hint = fmt::format("did you mean {}?", near);
        const std::string owner = !wanted.module.empty() ? wanted.module : wanted.file;
        return find(fmt::format("{}: {} has no {}", subject, owner, lacking), hint);
    }
    if (result.outcome == "absent") {
        const std::string message = fmt::format("{}: {}", subject, result.said);
        const bool is_file = result.said == "is not there" || result.said == "may not be read";
        if (is_file && !wanted.remedy.empty()) return find(message, wanted.remedy);
        // A file that is not of the package is the administrator's, or made when the service runs.
        const bool ours = wanted.way != "file" || text::is_below(wanted.file, prefix);
        if (!ours) return warn(message, "CONFIG and FILES put files of the project there");
        if (!wanted.remedy.empty()) return find(message, wanted.remedy);
        return find(message, is_file ? "name a file that the package has" : "");
    }
    if (result.outcome == "timeout")
        return warn(fmt::format("{}: is not loaded after {} seconds", subject, seconds),
                    of_the_host);
    if (result.outcome == "signal")
        return find(fmt::format("{}: loading it ends Python by {}", subject, result.signal),
                    "a library that it loads does not fit this system");
    judge_error(subject, wanted, result, of, elsewhere);
}

void StartJudge::judge_error(const std::string& subject, const WantedAtStart& wanted,
                             const ImportResult& result, const Distribution* of,
                             bool elsewhere) const {
    const Fault fault = fault_of(result.chain);
    const std::string place = fault.where.empty() ? "" : fmt::format(" ({})", fault.where);
    switch (fault.kind) {
        case Fault::module: {
            // What a command line names is told by itself: no file imports it.
            const bool is_named =
                wanted.module == fault.missing || wanted.module.starts_with(fault.missing + '.');
            const Lack lack{fault.missing, is_named ? "" : fault.file, of};
            const std::string message =
                fmt::format("{}: {}{}", subject, remedies.message(lack), is_named ? "" : place);
            if (result.unsure || elsewhere)
                return warn(message, "it may be in a directory that is added to sys.path");
            const std::string package = remedies.debian_package_of(fault.missing);
            if (!package.empty() && std::find(not_installed.begin(), not_installed.end(),
                                              package) != not_installed.end())
                return warn(message, "Depends has it, and this machine does not: it is not proven");
            return find(message, remedies.line(lack));
        }
        case Fault::library:
            if (!not_installed.empty())
                return warn(
                    fmt::format("{}: {}", subject, fault.said),
                    fmt::format("DEPENDS names {}, which this machine does not have: it is not "
                                "proven that the library comes with it",
                                fmt::join(not_installed, ", ")));
            return find(fmt::format("{}: needs the library {}, which is neither in the package nor "
                                    "on the target{}",
                                    subject, fault.missing, place),
                        "name the package of Debian that has it in DEPENDS, and install it here");
        case Fault::code:
            if (result.unsure || elsewhere || !not_installed.empty())
                return warn(fmt::format("{}: {}", subject, fault.said), of_the_host);
            return find(fmt::format("{}: {}", subject, fault.said),
                        "what it loads is incomplete, or made for another version");
        case Fault::surroundings:
            break;
    }
    if (result.outcome == "exit")
        return warn(fmt::format("{}: ends the process when it is loaded{}", subject,
                                result.said.empty() ? "" : ": " + result.said),
                    of_the_host);
    warn(fmt::format("{}: {}", subject, fault.said), of_the_host);
}

}  // namespace dba::steps
