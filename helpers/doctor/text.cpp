#include "doctor/text.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "formats/text/text.hpp"

namespace dba {

namespace {

const char* word_of(Check::State state) {
    switch (state) {
        case Check::State::ok:
            return "ok";
        case Check::State::note:
            return "note";
        case Check::State::fault:
            return "fault";
    }
    return "";
}

std::size_t count_of(const Areas& areas, Check::State state) {
    std::size_t count = 0;
    for (const auto& [area, checks] : areas)
        count += static_cast<std::size_t>(
            std::count_if(checks.begin(), checks.end(),
                          [&](const Check& check) { return check.state == state; }));
    return count;
}

}  // namespace

std::size_t count_faults(const Areas& areas) {
    return count_of(areas, Check::State::fault);
}

std::string doctor_text(const Areas& areas) {
    std::string out;
    for (const auto& [area, checks] : areas) {
        out += area + "\n";
        for (const Check& check : checks) {
            out += fmt::format("  {:<6}{} {}\n", word_of(check.state), check.what, check.found);
            if (!check.remedy.empty()) out += fmt::format("        {}\n", check.remedy);
        }
    }
    return out + fmt::format("{}, {}\n", text::counted(count_faults(areas), "fault"),
                             text::counted(count_of(areas, Check::State::note), "note"));
}

nlohmann::json doctor_json(const Areas& areas) {
    auto all = nlohmann::json::array();
    for (const auto& [area, checks] : areas)
        for (const Check& check : checks)
            all.push_back({{"area", area},
                           {"what", check.what},
                           {"state", word_of(check.state)},
                           {"found", check.found},
                           {"remedy", check.remedy}});
    return {{"format", 1}, {"faults", count_faults(areas)}, {"checks", all}};
}

}  // namespace dba
