#include "formats/python/wheel.hpp"

#include <fmt/format.h>

#include "formats/python/pep440.hpp"
#include "formats/text/text.hpp"

namespace dba {
namespace {

std::vector<std::string> split_tags(std::string_view joined) {
    std::vector<std::string> tags;
    for (const auto tag : text::split(joined, '.')) tags.emplace_back(tag);
    return tags;
}

struct Header {
    std::string name;   // lower case
    std::string value;  // folded lines joined by '\n', without their indent
};

// RFC 822 headers; what follows a blank line is the body, which is not read.
Result<std::vector<Header>> parse_headers(std::string_view bytes, std::string_view file_name) {
    std::vector<Header> headers;
    if (bytes.starts_with("\xef\xbb\xbf")) bytes.remove_prefix(3);
    text::Lines lines(bytes);
    std::string_view line;
    while (lines.next(line)) {
        if (line.empty()) break;
        if (text::is_blank(line[0]) && !headers.empty()) {
            headers.back().value += '\n';
            headers.back().value += text::trim(line);
            continue;
        }
        const auto colon = line.find(':');
        const auto name = text::trim(line.substr(0, colon));
        if (colon == std::string_view::npos || name.empty())
            return bad_input(
                std::string(file_name),
                fmt::format("line {}: {} is no header", lines.number(), text::quote(line)),
                "headers are written \"Name: value\"");
        headers.push_back({text::lower(name), std::string(text::trim(line.substr(colon + 1)))});
    }
    return headers;
}

// Where the header `name` goes: single values and lists.
struct MetadataFields {
    Metadata& data;

    std::string* single(std::string_view name) const {
        const std::pair<std::string_view, std::string*> fields[] = {
            {"name", &data.name},
            {"version", &data.version},
            {"requires-python", &data.requires_python},
            {"summary", &data.summary},
            {"home-page", &data.homepage},
        };
        for (const auto& [field, value] : fields)
            if (field == name) return value;
        return nullptr;
    }

    std::vector<std::string>* list(std::string_view name) const {
        if (name == "requires-dist") return &data.requires_dist;
        if (name == "provides-extra") return &data.provides_extra;
        if (name == "license-file") return &data.license_files;
        return nullptr;
    }
};

// setuptools and others write UNKNOWN for what they were not told.
bool is_unknown(std::string_view value) {
    return value.empty() || value == "UNKNOWN";
}

// "Ann <ann@example.org>, Bob <bob@example.org>": one a person, names with commas quoted
// (Author-email, core metadata).
void add_people(std::vector<std::string>& people, const std::string& name,
                std::string_view addresses) {
    std::size_t start = 0;
    bool quoted = false;
    for (std::size_t at = 0; at <= addresses.size(); ++at) {
        if (at < addresses.size() && addresses[at] == '"') quoted = !quoted;
        if (at < addresses.size() && (addresses[at] != ',' || quoted)) continue;
        std::string person(text::trim(addresses.substr(start, at - start)));
        start = at + 1;
        if (person.find('@') == std::string::npos) continue;
        if (person.find('<') == std::string::npos && !name.empty())
            person = fmt::format("{} <{}>", name, person);
        people.push_back(std::move(person));
    }
}

// What is said by several fields, of which one is enough.
struct Alternatives {
    std::string author, author_email, maintainer, maintainer_email, license, license_expression;
    std::string project_homepage;

    std::string* of(std::string_view name) {
        const std::pair<std::string_view, std::string*> fields[] = {
            {"author", &author},         {"author-email", &author_email},
            {"maintainer", &maintainer}, {"maintainer-email", &maintainer_email},
            {"license", &license},       {"license-expression", &license_expression},
        };
        for (const auto& [field, value] : fields)
            if (field == name) return value;
        return nullptr;
    }

    // "Homepage, https://…"; labels are compared without case and punctuation (PEP 753).
    void add_url(std::string_view value) {
        const auto comma = value.find(',');
        std::string label;
        for (const char c : text::lower(value.substr(0, comma)))
            if (c >= 'a' && c <= 'z') label += c;
        if (label == "homepage" && comma != std::string_view::npos)
            project_homepage = text::trim(value.substr(comma + 1));
    }

    void fill(Metadata& data) {
        if (data.homepage.empty()) data.homepage = std::move(project_homepage);
        data.license = std::move(license_expression.empty() ? license : license_expression);
        add_people(data.people, maintainer, maintainer_email);
        add_people(data.people, author, author_email);
    }
};

// "flask.cli : main [extra]" -> "flask.cli:main" (the entry points specification allows both).
std::string without_extras(std::string_view object) {
    std::string name;
    for (const char c : object.substr(0, object.find('[')))
        if (!text::is_space(c)) name += c;
    return name;
}

}  // namespace

Result<WheelName> parse_wheel_name(std::string_view file_name) {
    const auto fail = [&](std::string cause) {
        return bad_input(std::string(file_name), std::move(cause),
                         "wheels are named NAME-VERSION[-BUILD]-PYTHON-ABI-PLATFORM.whl (PEP 427)");
    };
    auto stem = file_name.substr(file_name.rfind('/') + 1);
    if (!stem.ends_with(".whl")) return fail("this is no wheel's name");
    stem.remove_suffix(4);
    const auto parts = text::split(stem, '-');
    if (parts.size() != 5 && parts.size() != 6)
        return fail(fmt::format("this wheel's name has {} parts", parts.size()));
    for (const auto part : parts)
        if (part.empty()) return fail("a part of this wheel's name is empty");
    WheelName name;
    name.name = parts[0];
    name.version = parts[1];
    if (parts.size() == 6) name.build = parts[2];
    if (!name.build.empty() && !text::is_digit(name.build[0]))
        return fail(
            fmt::format("the build tag {} does not start with a digit", text::quote(name.build)));
    if (!parse_pep440(name.version))
        return fail(fmt::format("{} is no version by PEP 440", text::quote(name.version)));
    name.python_tags = split_tags(parts[parts.size() - 3]);
    name.abi_tags = split_tags(parts[parts.size() - 2]);
    name.platform_tags = split_tags(parts[parts.size() - 1]);
    return name;
}

Result<Metadata> parse_metadata(std::string_view bytes, std::string_view file_name) {
    TRY_ASSIGN(auto headers, parse_headers(bytes, file_name));
    Metadata data;
    const MetadataFields fields{data};
    Alternatives alternatives;
    for (auto& [name, value] : headers) {
        if (is_unknown(value)) continue;
        if (auto* single = fields.single(name)) {
            if (single->empty()) *single = std::move(value);
        } else if (auto* list = fields.list(name)) {
            list->push_back(std::move(value));
        } else if (auto* alternative = alternatives.of(name)) {
            if (alternative->empty()) *alternative = std::move(value);
        } else if (name == "project-url") {
            alternatives.add_url(value);
        }
    }
    alternatives.fill(data);
    for (const auto& [field, value] : {std::pair{"Name", &data.name}, {"Version", &data.version}})
        if (value->empty())
            return bad_input(std::string(file_name), fmt::format("it has no {} field", field),
                             "every distribution's metadata has one (core metadata)");
    return data;
}

Result<WheelInfo> parse_wheel_info(std::string_view bytes, std::string_view file_name) {
    TRY_ASSIGN(auto headers, parse_headers(bytes, file_name));
    WheelInfo info;
    for (auto& [name, value] : headers) {
        if (name == "wheel-version")
            info.wheel_version = std::move(value);
        else if (name == "tag")
            info.tags.push_back(std::move(value));
    }
    if (info.wheel_version.empty())
        return bad_input(std::string(file_name), "it has no Wheel-Version field",
                         "every wheel's WHEEL file has one (PEP 427)");
    return info;
}

Result<std::vector<EntryPoint>> parse_entry_points(std::string_view bytes,
                                                   std::string_view file_name) {
    std::vector<EntryPoint> points;
    std::string_view group;
    text::Lines lines(bytes);
    std::string_view line;
    while (lines.next(line)) {
        const auto content = text::trim(line);
        const auto fail = [&](std::string_view cause) {
            return bad_input(std::string(file_name),
                             fmt::format("line {}: {}", lines.number(), cause),
                             "entry points stand in [group] sections as NAME = MODULE:OBJECT");
        };
        if (content.empty() || content[0] == '#' || content[0] == ';') continue;
        if (content[0] == '[') {
            if (content.back() != ']') return fail("the '[' has no ']'");
            group = text::trim(content.substr(1, content.size() - 2));
            continue;
        }
        const auto equals = content.find('=');
        const auto name = text::trim(content.substr(0, equals));
        if (equals == std::string_view::npos || name.empty())
            return fail(fmt::format("{} is no entry point", text::quote(content)));
        if (group.empty()) return fail("an entry point of no group");
        points.push_back(
            {std::string(group), std::string(name), without_extras(content.substr(equals + 1))});
    }
    return points;
}

}  // namespace dba
