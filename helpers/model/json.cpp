#include "model/json.hpp"

#include <fmt/format.h>

namespace dba {

using nlohmann::json;

namespace {

bool is_utf8(const std::string& bytes) {
    // nlohmann's own lexer is the judge, so that what passes here can be dumped and parsed again.
    return json::accept(json(bytes).dump(-1, ' ', false, json::error_handler_t::replace)) &&
           json::parse(json(bytes).dump(-1, ' ', false, json::error_handler_t::replace))
                   .get<std::string>() == bytes;
}

bool plain_ascii(const std::string& bytes) {
    for (const char c : bytes)
        if (static_cast<unsigned char>(c) >= 0x80) return false;
    return true;
}

int hex_digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    return -1;
}

}  // namespace

json json_from_bytes(const std::string& bytes) {
    if (plain_ascii(bytes) || is_utf8(bytes)) return bytes;
    std::string hex;
    for (const char c : bytes) hex += fmt::format("{:02x}", static_cast<unsigned char>(c));
    return json{{"hex", hex}};
}

std::optional<std::string> bytes_from_json(const json& value) {
    if (value.is_string()) return value.get<std::string>();
    if (!value.is_object() || !value.contains("hex") || !value["hex"].is_string()) return {};
    const auto hex = value["hex"].get<std::string>();
    if (hex.size() % 2 != 0) return {};
    std::string bytes;
    for (std::size_t i = 0; i < hex.size(); i += 2) {
        const int high = hex_digit(hex[i]), low = hex_digit(hex[i + 1]);
        if (high < 0 || low < 0) return {};
        bytes += static_cast<char>(high * 16 + low);
    }
    return bytes;
}

ObjectReader::ObjectReader(const json& object, std::string where, std::optional<Error>& error)
    : object_(object), where_(std::move(where)), error_(error) {
    if (!object_.is_object() && !error_)
        error_ = Error{ExitCode::usage, {}, where_, "must be an object", {}};
}

const json* ObjectReader::find(const char* name) {
    asked_.insert(name);
    if (error_ || !object_.is_object()) return nullptr;
    const auto it = object_.find(name);
    return it == object_.end() ? nullptr : &*it;
}

void ObjectReader::fail(const char* name, const std::string& cause) {
    if (!error_) error_ = Error{ExitCode::usage, {}, where_ + "." + name, cause, {}};
}

void ObjectReader::read(const char* name, std::string& out) {
    if (const json* value = find(name)) {
        if (!value->is_string()) return fail(name, "must be a string");
        out = value->get<std::string>();
    }
}

void ObjectReader::read(const char* name, bool& out) {
    if (const json* value = find(name)) {
        if (!value->is_boolean()) return fail(name, "must be true or false");
        out = value->get<bool>();
    }
}

void ObjectReader::read(const char* name, std::int64_t& out) {
    if (const json* value = find(name)) {
        if (!value->is_number_integer()) return fail(name, "must be a whole number");
        out = value->get<std::int64_t>();
    }
}

void ObjectReader::read_bytes(const char* name, std::string& out) {
    if (const json* value = find(name)) {
        auto bytes = bytes_from_json(*value);
        if (!bytes) return fail(name, "must be a string, or an object with the member hex");
        out = std::move(*bytes);
    }
}

bool ObjectReader::strings(const json& value, std::vector<std::string>& out) {
    if (!value.is_array()) return false;
    for (const auto& item : value) {
        if (!item.is_string()) return false;
        out.push_back(item.get<std::string>());
    }
    return true;
}

void ObjectReader::read(const char* name, std::vector<std::string>& out) {
    if (const json* value = find(name)) {
        out.clear();
        if (!strings(*value, out)) fail(name, "must be an array of strings");
    }
}

void ObjectReader::read(const char* name, std::vector<std::vector<std::string>>& out) {
    if (const json* value = find(name)) {
        out.clear();
        bool good = value->is_array();
        for (std::size_t i = 0; good && i < value->size(); ++i)
            good = strings((*value)[i], out.emplace_back());
        if (!good) fail(name, "must be an array of arrays of strings");
    }
}

void ObjectReader::finish() {
    if (error_ || !object_.is_object()) return;
    for (const auto& [name, value] : object_.items())
        if (!asked_.contains(name))
            return fail(name.c_str(), "is not known to this version of deb-build-app");
}

Result<json> parse_object(const std::string& text, const std::string& file_name, int format) {
    auto value = json::parse(text, nullptr, /*allow_exceptions=*/false);
    if (value.is_discarded() || !value.is_object())
        return usage_error(file_name, "is not a JSON object");
    const auto it = value.find("format");
    if (it == value.end() || !it->is_number_integer() || it->get<int>() != format)
        return usage_error(
            file_name, fmt::format("has another format than {}", format),
            "configure again: the CMake module and the program must be of one version");
    return value;
}

std::string json_text(const json& value) {
    return value.dump(2) + "\n";
}

}  // namespace dba
