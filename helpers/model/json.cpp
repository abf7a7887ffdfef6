#include "model/json.hpp"

#include <fmt/format.h>

#include <algorithm>

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

void JsonWriter::bytes(const char* name, const std::string& member) {
    value_[name] = json_from_bytes(member);
}

void JsonWriter::octal(const char* name, unsigned member) {
    value_[name] = fmt::format("{:04o}", member);
}

JsonReader::JsonReader(const json& object, std::string where, std::optional<Error>& error,
                       Absent absent)
    : object_(object), where_(std::move(where)), error_(error), absent_(absent) {
    if (!object_.is_object() && !error_)
        error_ = Error{ExitCode::usage, {}, where_, "must be an object", {}};
}

const json* JsonReader::find(const char* name) {
    asked_.emplace_back(name);
    if (error_ || !object_.is_object()) return nullptr;
    const auto it = object_.find(name);
    if (it != object_.end()) return &*it;
    if (absent_ == Absent::refused) fail(name, "is missing");
    return nullptr;
}

void JsonReader::fail(const char* name, const std::string& cause) {
    if (!error_) error_ = Error{ExitCode::usage, {}, where_ + "." + name, cause, {}};
}

void JsonReader::bytes(const char* name, std::string& out) {
    if (const json* value = find(name)) {
        auto bytes = bytes_from_json(*value);
        if (!bytes) return fail(name, "must be a string, or an object with the member hex");
        out = std::move(*bytes);
    }
}

void JsonReader::read(const char* name, const json& value, std::string& out) {
    if (!value.is_string()) return fail(name, "must be a string");
    out = value.get<std::string>();
}

void JsonReader::read(const char* name, const json& value, bool& out) {
    if (!value.is_boolean()) return fail(name, "must be true or false");
    out = value.get<bool>();
}

void JsonReader::read(const char* name, const json& value, std::int64_t& out) {
    if (!value.is_number_integer()) return fail(name, "must be a whole number");
    out = value.get<std::int64_t>();
}

void JsonReader::finish() {
    if (error_ || !object_.is_object()) return;
    for (const auto& [name, value] : object_.items())
        if (std::find(asked_.begin(), asked_.end(), name) == asked_.end())
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
    // What is no UTF-8 and was not taken as bytes is no reason to end.
    return value.dump(2, ' ', false, json::error_handler_t::replace) + "\n";
}

}  // namespace dba
