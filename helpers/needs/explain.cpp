#include "needs/explain.hpp"

#include <fmt/format.h>

#include "formats/debian/control.hpp"
#include "formats/text/text.hpp"
#include "formats/text/visible.hpp"

namespace dba {
namespace {

// What it is about, whatever the version: "libssl3" of "libssl3 (>= 3.0.0)", and the names of all
// alternatives.
std::string about(const std::string& relation) {
    const auto parsed = parse_relations(relation);
    if (!parsed || parsed->size() != 1) return relation;
    std::string names;
    for (const Relation& one : parsed->front()) {
        if (!one.op.empty() && one.op != ">=") return relation;
        names += one.package + " | ";
    }
    return names;
}

std::string line_of_reason(const DependencyReason& reason, bool is_same) {
    std::string line = "    ";
    if (!reason.library.empty()) line += text::visible(reason.library) + ", ";
    line += "for " + text::visible(reason.needed_by);
    if (reason.files > 1)
        line += fmt::format(" and {} more", text::counted(reason.files - 1, "file"));
    if (!is_same) line += fmt::format(": {}", text::visible(reason.relation));
    return line + "\n";
}

}  // namespace

std::string explain_text(const Dependencies& dependencies) {
    std::string text;
    for (const std::string& relation : dependencies.depends) {
        text += text::visible(relation) + "\n";
        // Who asks for this very version comes first.
        for (const bool same : {true, false})
            for (const DependencyReason& reason : dependencies.reasons)
                if ((reason.relation == relation) == same &&
                    about(reason.relation) == about(relation))
                    text += line_of_reason(reason, same);
    }
    for (const std::string& relation : dependencies.recommends) {
        text += fmt::format("Recommends: {}\n", text::visible(relation));
        for (const DependencyReason& reason : dependencies.reasons)
            if (reason.relation == relation)
                text += line_of_reason(
                    {"", reason.library + ", opened by name", reason.needed_by, reason.files},
                    true);
    }
    return text;
}

}  // namespace dba
