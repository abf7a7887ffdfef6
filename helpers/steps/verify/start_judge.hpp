// What the answers of a package's Python say of the programs that asked.
#pragma once

#include <string>
#include <vector>

#include "model/findings.hpp"
#include "steps/verify/probe.hpp"
#include "steps/verify/remedies.hpp"
#include "steps/verify/wanted.hpp"

namespace dba::steps {

struct StartJudge {
    const Remedies& remedies;
    const std::string& prefix;
    // What Depends names and the target does not have: a library may be missing for that reason.
    const std::vector<std::string>& not_installed;
    Findings& findings;
    Findings& warnings;

    // `what`: "SERVICE web"; `of`: whose entry point it starts, or nullptr; `elsewhere`: sys.path
    // has directories that the host fills.
    void judge(const std::string& what, const WantedAtStart& wanted, const ImportResult& result,
               const Distribution* of, bool elsewhere, int seconds) const;

 private:
    void judge_error(const std::string& subject, const WantedAtStart& wanted,
                     const ImportResult& result, const Distribution* of, bool elsewhere) const;
    void find(const std::string& message, const std::string& hint) const;
    void warn(const std::string& message, const std::string& hint = {}) const;
};

}  // namespace dba::steps
