// What only systemd understands of a service: calendars, and names of units.
#pragma once

#include <string>
#include <vector>

#include "model/manifest.hpp"
#include "model/result.hpp"

namespace dba::steps {

// Whether systemd.time(7) knows it as a calendar event: "daily", "Mon..Fri *-*-* 02:00:00 UTC".
bool is_calendar(const std::string& text);

// `names` of AFTER or WANTS as units: those of services of the package become theirs, and one
// without a suffix is a service's. bad_input for what is no unit's name, and for a service under
// another runner, which no unit can wait for.
Result<std::vector<std::string>> resolve_units(const std::vector<std::string>& names,
                                               const std::vector<ResolvedService>& services,
                                               const std::string& subject,
                                               const std::string& keyword);

}  // namespace dba::steps
