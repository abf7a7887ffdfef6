#include "formats/debian/unit_file.hpp"

#include "formats/text/text.hpp"

namespace dba {

std::string UnitFile::value(std::string_view section, std::string_view key) const {
    std::string last;
    for (const UnitSetting& one : settings)
        if (one.section == section && one.key == key) last = one.value;
    return last;
}

std::vector<std::string> UnitFile::values(std::string_view section, std::string_view key) const {
    std::vector<std::string> all;
    for (const UnitSetting& one : settings) {
        if (one.section != section || one.key != key) continue;
        if (one.value.empty())
            all.clear();  // an empty one takes back what stood before
        else
            all.push_back(one.value);
    }
    return all;
}

UnitFile parse_unit(std::string_view text) {
    UnitFile unit;
    std::string section;
    bool goes_on = false;
    text::Lines lines(text);
    for (std::string_view line; lines.next(line);) {
        std::string word(text::trim(line));
        if (!word.empty() && (word[0] == '#' || word[0] == ';')) continue;
        const bool more = word.ends_with('\\');
        if (more) word.pop_back();
        if (goes_on) {
            unit.settings.back().value += " " + std::string(text::trim(word));
        } else if (word.starts_with("[")) {
            section = word.substr(1, word.find(']') - 1);
        } else if (const auto at = word.find('='); at != std::string::npos) {
            unit.settings.push_back({section, std::string(text::trim(word.substr(0, at))),
                                     std::string(text::trim(word.substr(at + 1)))});
        }
        goes_on = more && !unit.settings.empty();
    }
    return unit;
}

}  // namespace dba
